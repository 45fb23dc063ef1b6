"""What a reader should check about a person, in words."""

from collections.abc import Callable, Iterable, Iterator
from itertools import combinations, pairwise

from harvester.people.careers import clashes_within
from harvester.people.groups import Group
from harvester.people.linking import MAX_COMPARED_GROUPS
from harvester.people.seats import Near, Seat, nearness
from harvester.records import Doubt, DoubtReason

LONG_GAP_DAYS = 5 * 365
"""A term of office lasts five years: who is not seen for longer may have been followed by a namesake."""

Label = Callable[[Seat], str]
"""A seat as articles word it."""


def doubts(group: Group, label: Label, rivals: Iterable[str]) -> Iterator[Doubt]:
    """Yield what speaks against a person; `rivals` are the names of others seen in the same post at the time."""
    yield from _of_the_name(group)
    for one, other in sorted((label(one), label(other)) for one, other in group.careers):
        yield _doubt("career", f"“{one}” and “{other}” are taken for one career: no article states both")
    for before, after in _gaps(group):
        yield _doubt("gap", f"no article names the person between {before} and {after}")
    for one, other in sorted((label(one), label(other)) for one, other in clashes_within(group)):
        yield _doubt("clash", f"“{one}” and “{other}” are seldom held at once: a move, or two persons")
    for one, other in sorted(_heads_and_deputies(group, label)):
        yield _doubt("head_and_deputy", f"“{one}” and “{other}” are stated at the same time")
    if len(group.genders) > 1:
        yield _doubt("gender", "addressed as a man and as a woman")
    for rival in rivals:
        yield _doubt("shared_seat", rival)


def _of_the_name(group: Group) -> Iterator[Doubt]:
    if group.crowded:
        yield _doubt("crowded", f"not compared: the name has more than {MAX_COMPARED_GROUPS} sets of posts")
    if not group.held:
        yield _doubt("name_only", "no article states a post")
    elif not group.is_strong:
        yield _doubt("unplaced", "no article states a post that tells the person from namesakes")
    rivals = [other for other in group.could_be if other.is_strong or not group.is_strong]
    if rivals:
        yield _doubt("namesake", "others of this name may be the same person; could_be lists them")


def _gaps(group: Group) -> Iterator[tuple[str, str]]:
    days = sorted({sighting.day for sighting in group.sightings if sighting.day})
    for before, after in pairwise(days):
        if (after - before).days > LONG_GAP_DAYS:
            yield before.isoformat(), after.isoformat()


def _heads_and_deputies(group: Group, label: Label) -> Iterator[tuple[str, str]]:
    for one, other in combinations(group.compared_seats(), 2):
        is_pair = {one.rank, other.rank} == {"head", "deputy"} and nearness(one, other) is Near.BODY
        if is_pair and group.holds_at_once(one, group, other):
            yield label(one), label(other)


def _doubt(reason: DoubtReason, text: str) -> Doubt:
    return Doubt(reason=reason, text=text)
