"""Groups of one name that one career explains, and what nobody holds at once."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import IntEnum
from itertools import combinations, product

from harvester.people.groups import Group
from harvester.people.seats import Near, Seat, are_rarely_one, excludes, nearness

Seats = tuple[Seat, Seat]


class Bar(IntEnum):
    """Why two groups are not joined: two offices at once, seats nobody holds at once but close in time, or surely."""

    OFFICES = 1
    CLOSE = 2
    SURE = 3


class Careers:
    """Joins the groups of a name, the nearest first; a group that fits several persons stays apart."""

    def __init__(self, groups: Sequence[Group]) -> None:
        """Compare all groups with one another; their order breaks ties."""
        self._groups = dict(enumerate(groups))
        self._seats = {index: group.compared_seats() for index, group in self._groups.items()}
        self._near: dict[int, dict[int, Near]] = {index: {} for index in self._groups}
        self._bars: dict[int, dict[int, Bar]] = {index: {} for index in self._groups}
        for pair in combinations(self._groups, 2):
            self._compare(*pair)

    def persons(self) -> list[Group]:
        """Join what belongs together; return what is left, each with the persons it could also be."""
        while pair := self._next():
            self._join(*pair)
        for index, group in self._groups.items():
            bars = self._bars[index]
            others = (other for other in self._groups if other != index and bars.get(other) is not Bar.SURE)
            group.could_be = [self._groups[other] for other in others]
        return list(self._groups.values())

    def _compare(self, one: int, other: int) -> None:
        first, second = self._groups[one], self._groups[other]
        pairs = list(product(self._seats[one], self._seats[other]))
        if bar := _bar(first, second, pairs):
            self._bars[one][other] = self._bars[other][one] = bar
            return
        near, _ = _nearest(first, second, pairs)
        if near is not Near.FAR:
            self._near[one][other] = self._near[other][one] = near

    def _next(self) -> tuple[int, int] | None:
        """Return the nearest pair of which neither fits several persons."""
        decided = [index for index in self._groups if not self._fits_several(index)]
        near = [
            (-self._near[one][other], self._groups[one].span.days_to(self._groups[other].span), one, other)
            for one, other in combinations(decided, 2)
            if other in self._near[one]
        ]
        return min(near)[2:] if near else None

    def _fits_several(self, index: int) -> bool:
        """Whether the nearest of the other groups cannot be one person; for a name alone they must be linked."""
        near = self._near[index]
        rivals = combinations([other for other in near if near[other] is max(near.values())], 2)
        if self._groups[index].is_strong:
            return any(other in self._bars[one] for one, other in rivals)
        return any(other not in self._near[one] for one, other in rivals)

    def _join(self, one: int, other: int) -> None:
        first, second = self._groups[one], self._groups[other]
        near, seats = _nearest(first, second, list(product(self._seats[one], self._seats[other])))
        if seats and near is not Near.BODY and first.is_strong and second.is_strong:
            lesser = second if len(second.sure) <= len(first.sure) else first
            lesser.unsure, lesser.sure = lesser.unsure + lesser.sure, []
            first.careers.append(seats)
        first.absorb(second)
        for index in (one, other):
            for rest in self._groups:
                self._near[rest].pop(index, None)
                self._bars[rest].pop(index, None)
        del self._groups[other]
        self._near[one], self._bars[one], self._seats[one] = {}, {}, first.compared_seats()
        for rest in self._groups:
            if rest != one:
                self._compare(one, rest)


def clashes_within(group: Group) -> list[Seats]:
    """Return the seats of one group that nobody holds at once, although its mentions share a post."""
    return list(_at_once(excludes, combinations(group.compared_seats(), 2), group, group))


def _bar(one: Group, other: Group, pairs: Sequence[Seats]) -> Bar | None:
    """Return what keeps two groups apart; what may be a handover in one direction does not do so surely."""
    clashes = list(_at_once(excludes, pairs, one, other))
    spans = [(one.held[seat], other.held[other_seat]) for seat, other_seat in clashes]
    is_handover = all(held.leads_to(after) for held, after in spans) or all(
        after.leads_to(held) for held, after in spans
    )
    if _differ_in_gender(one, other) or (clashes and not is_handover):
        return Bar.SURE
    if clashes:
        return Bar.CLOSE
    return Bar.OFFICES if any(_at_once(are_rarely_one, pairs, one, other)) else None


def _at_once(rule: Callable[[Seat, Seat], bool], pairs: Iterable[Seats], one: Group, other: Group) -> Iterator[Seats]:
    """Yield the pairs of seats that a rule holds for and that are held at once."""
    for pair in pairs:
        if rule(*pair) and one.holds_at_once(pair[0], other, pair[1]):
            yield pair


def _differ_in_gender(one: Group, other: Group) -> bool:
    return len(one.genders) == len(other.genders) == 1 and one.genders != other.genders


def _nearest(one: Group, other: Group, pairs: Iterable[Seats]) -> tuple[Near, Seats | None]:
    """Return how near two groups are, and by which seats where any are placed; a portal alone links only names."""
    shares_portal = not one.portals.isdisjoint(other.portals)
    best, seats = (Near.FAR, None) if not shares_portal or (one.is_strong and other.is_strong) else (Near.PORTAL, None)
    best_seats: Seats | None = seats
    for pair in pairs:
        is_placed = pair[0].place is not None and pair[1].place is not None
        near = nearness(*pair)
        if near > best and (is_placed or shares_portal):
            best, best_seats = near, pair
    return best, best_seats
