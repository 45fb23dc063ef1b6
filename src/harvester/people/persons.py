"""Persons as records, from the mentions of each name."""

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import pairwise

from harvester.people.doubts import doubts
from harvester.people.groups import Group, Sighting
from harvester.people.linking import link
from harvester.people.rows import commonest, labels, posts_held
from harvester.people.seats import Seat
from harvester.records import Person, PersonArticle
from harvester.vietnamese.text import slug

_LONGEST_SLUG = 48


def persons(sightings: Mapping[str, Sequence[Sighting]]) -> Iterator[Person]:
    """Yield the persons behind the mentions of each name (by key), in the order of keys, then ids."""
    names = {key: link(sightings[key]) for key in sorted(sightings)}
    ids = {group: name for key, groups in names.items() for group, name in _ids(key, groups)}
    rivals = _rivals(names)
    for key, groups in names.items():
        for group in sorted(groups, key=lambda each: ids[each]):
            yield _person(key, group, ids, rivals[group])


def _person(key: str, group: Group, ids: Mapping[Group, str], rivals: Mapping[Group, tuple[str, Seat]]) -> Person:
    ordered = sorted(group.sightings, key=lambda sighting: sighting.order)
    sure = {(sighting.article, sighting.number) for sighting in group.sure}
    label = labels(group)
    shared = sorted(f"{name} is stated as “{label(seat)}” at the same time" for name, seat in rivals.values())
    misspelt = [rival for rival, (name, _) in rivals.items() if slug(name) == slug(key)]
    return Person(
        id=ids[group],
        name=commonest(sighting.said.name for sighting in ordered)[0],
        key=key,
        honorifics=commonest(word for sighting in ordered for word in sighting.said.honorifics),
        portals=tuple(sorted(group.portals)),
        posts=posts_held(group),
        articles=tuple(
            PersonArticle(id=each.article, posted_at=each.posted_at, sure=(each.article, each.number) in sure)
            for each in ordered
        ),
        unsure=tuple(doubts(group, label, shared)),
        could_be=tuple(sorted({ids[other] for other in [*group.could_be, *misspelt]})),
    )


def _ids(key: str, groups: Sequence[Group]) -> Iterator[tuple[Group, str]]:
    """Yield each group of a name with its id; the order is `link`'s, so that the first keeps the plain one."""
    used: set[str] = set()
    for group in groups:
        plain = f"{group.first.portal}/{slug(key)[:_LONGEST_SLUG]}-{_digest(key)}"
        name = plain if plain not in used else f"{plain}-{_digest(_first_post(group))}"
        number = 2
        while name in used:
            name = f"{plain}-{_digest(_first_post(group))}-{number}"
            number += 1
        used.add(name)
        yield group, name


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:6]


def _first_post(group: Group) -> str:
    first = min(
        group.held.items(),
        key=lambda held: (not held[0].is_strong, held[1].first or date.max, str(held[0])),
        default=None,
    )
    return str((first[0].role, first[0].body, first[0].place)) if first else ""


def _rivals(names: Mapping[str, Sequence[Group]]) -> dict[Group, dict[Group, tuple[str, Seat]]]:
    """Return, for each group, who of another name is seen at the same time in a post that one person holds.

    Holders are compared with the next by their first days, so that time grows with the holders only.
    """
    holders: dict[Seat, list[tuple[date, str, Group]]] = defaultdict(list)
    for key, groups in names.items():
        for group in groups:
            for seat, held in group.held.items():
                if seat.is_exclusive and held.first:
                    holders[seat].append((held.first, key, group))
    rivals: dict[Group, dict[Group, tuple[str, Seat]]] = defaultdict(dict)
    for seat in sorted(holders, key=str):
        ordered = sorted(holders[seat], key=lambda holder: holder[:2])
        for (_, key, group), (_, other_key, other) in pairwise(ordered):
            if key != other_key and group.held[seat].is_at_once_with(other.held[seat]):
                rivals[group][other] = (commonest(each.said.name for each in other.sightings)[0], seat)
                rivals[other][group] = (commonest(each.said.name for each in group.sightings)[0], seat)
    return rivals
