"""Which mentions of one name are one person: those that share a post first, then careers."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from harvester.people.careers import Careers
from harvester.people.groups import Group, Sighting
from harvester.people.seats import Seat

MAX_COMPARED_GROUPS = 48
"""Groups of one name that are compared with one another: the largest."""

_Alike = tuple[frozenset[Seat], str, str]
"""Mentions alike in posts and gender, and in the portal too where no post tells persons apart."""


def link(sightings: Iterable[Sighting]) -> list[Group]:
    """Return the persons of one name, those told apart by a post first; each mention is in exactly one.

    The order of the mentions makes no difference. Time grows with the mentions, and with the square of the distinct
    sets of posts up to MAX_COMPARED_GROUPS.
    """
    groups = sorted(_sharing_a_seat(sightings), key=_order)
    largest = sorted(groups, key=lambda group: (not group.is_strong, -len(group.sightings)))
    for group in largest[MAX_COMPARED_GROUPS:]:
        group.crowded = True
    persons = Careers([group for group in groups if not group.crowded]).persons()
    return sorted(persons + [group for group in groups if group.crowded], key=_order)


def _order(group: Group) -> tuple[bool, tuple[bool, datetime, str, int]]:
    return not group.is_strong, group.first.order


def _sharing_a_seat(sightings: Iterable[Sighting]) -> list[Group]:
    """Return the mentions in groups that share a post which tells persons apart."""
    alike: dict[_Alike, list[Sighting]] = defaultdict(list)
    for sighting in sightings:
        said = sighting.said
        alike[said.seats, said.gender, "" if said.is_strong else sighting.portal].append(sighting)
    leaders: dict[_Alike | Seat, _Alike | Seat] = {}
    for each in alike:
        for seat in each[0]:
            if seat.is_strong:
                leaders[_leader(leaders, seat)] = _leader(leaders, each)
    groups: dict[_Alike | Seat, Group] = defaultdict(Group)
    for each, found in alike.items():
        group = groups[_leader(leaders, each)]
        for sighting in found:
            group.add(sighting)
    return list(groups.values())


def _leader(leaders: dict[_Alike | Seat, _Alike | Seat], member: _Alike | Seat) -> _Alike | Seat:
    """Return what stands for all that a member was joined with, and shorten the way to it."""
    passed = []
    while member in leaders and leaders[member] != member:
        passed.append(member)
        member = leaders[member]
    leaders |= dict.fromkeys(passed, member)
    return member
