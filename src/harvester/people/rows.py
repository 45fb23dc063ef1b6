"""The posts of one person in rows: one row for all wordings of a post, with its first and last day."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from datetime import date
from functools import cache
from typing import NamedTuple

from harvester.people.groups import NEVER, Group, Statement
from harvester.people.places import Path
from harvester.people.seats import Post, Seat
from harvester.records import PostHeld


class _Stated(NamedTuple):
    article: str
    day: date | None
    statement: Statement
    sure: bool


def commonest(values: Iterable[str]) -> tuple[str, ...]:
    """Return each value once, the commonest first, of equals the longest."""
    counts = Counter(values)
    return tuple(sorted(counts, key=lambda value: (-counts[value], -len(value), value)))


def posts_held(group: Group) -> tuple[PostHeld, ...]:
    """Return the posts of a person by their first day, undated ones last.

    A post without a place is one with the placed post of the same role and body, where the person has only one.
    """
    placed: dict[tuple[str, str], set[Seat]] = defaultdict(set)
    for seat in group.held:
        if seat.place is not None:
            placed[seat.role, seat.body].add(seat)
    sure = {(sighting.article, sighting.number) for sighting in group.sure}
    stated: dict[Post, list[_Stated]] = defaultdict(list)
    for sighting in group.sightings:
        is_sure = (sighting.article, sighting.number) in sure
        for statement in sighting.said.statements:
            post = statement.post
            same = placed.get((post.seat.role, post.seat.body), ()) if post.seat.place is None else ()
            if len(same) == 1:
                post = post._replace(seat=next(iter(same)))
            stated[post].append(_Stated(sighting.article, sighting.day, statement, is_sure))
    rows = [_row(post, found) for post, found in stated.items()]
    return tuple(sorted(rows, key=lambda row: (row.first_seen or date.max, row.last_seen or date.max, row.wordings)))


def labels(group: Group) -> Callable[[Seat], str]:
    """Return what words a seat as most articles of the person do."""

    @cache
    def label(seat: Seat) -> str:
        stated = (statement for sighting in group.sightings for statement in sighting.said.statements)
        return commonest(statement.wording for statement in stated if statement.post.seat == seat)[0]

    return label


def _row(post: Post, stated: list[_Stated]) -> PostHeld:
    wordings = commonest(each.statement.wording for each in stated)
    alike = {id(position): position for _, _, (_, position, worded), _ in stated if worded == wordings[0]}
    shown = min(alike.values(), key=lambda position: position.model_dump_json())
    span = NEVER.reaching(*(each.day for each in stated))
    return PostHeld(
        role=shown.role,
        organisation=shown.organisation,
        place=shown.place,
        expanded=shown.expanded,
        unit=_unit(post.seat.place),
        former=post.former,
        wordings=wordings,
        first_seen=span.first,
        last_seen=span.last,
        articles=len({each.article for each in stated}),
        sure=any(each.sure for each in stated),
    )


def _unit(place: Path | None) -> str | None:
    if place is None or place[0] != "vn":
        return None
    return "/".join(part for part in place[1:] if part and not part.startswith("@")) or place[0]
