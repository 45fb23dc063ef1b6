"""Mentions taken for one person, and the times at which they state its posts."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from harvester.people.places import Home
from harvester.people.reading import Mention
from harvester.people.seats import Post, Seat, gender_of, post_of
from harvester.records import VIETNAM_TIME, Position

HANDOVER_DAYS = 31
"""Articles go on calling somebody by the old post for about a month."""

MAX_COMPARED_SEATS = 24
"""Seats of a group that are compared with those of another: those stated in most articles."""

_NO_TIME = datetime.max.replace(tzinfo=VIETNAM_TIME)


class Statement(NamedTuple):
    """One post as an article words it."""

    post: Post
    position: Position
    wording: str


class Said(NamedTuple):
    """What a mention says about a person: made once for all equal mentions of a portal."""

    name: str
    honorifics: tuple[str, ...]
    gender: str
    statements: tuple[Statement, ...]
    seats: frozenset[Seat]
    is_strong: bool


def said_by(mention: Mention, home: Home) -> Said:
    """Return what a mention in an article of that portal says."""
    statements = tuple(Statement(post_of(each, home), each, wording(each)) for each in mention.positions)
    seats = frozenset(statement.post.seat for statement in statements)
    is_strong = any(seat.is_strong for seat in seats)
    return Said(mention.name, mention.honorifics, gender_of(mention.honorifics), statements, seats, is_strong)


def wording(position: Position) -> str:
    """Return a post in one line; words that stand on both sides of role and organisation (O6) stand once."""
    role, organisation = position.role.split(), (position.organisation or "").split()
    if " ".join(role).casefold().startswith(f"{' '.join(organisation)} ".casefold()):
        organisation = []
    shared = (2, 1) if organisation else ()
    cut = next((length for length in shared if _folded(role[-length:]) == _folded(organisation[:length])), 0)
    return " ".join([*role, *organisation[cut:], *(position.place or "").split()])


def _folded(words: list[str]) -> list[str]:
    return [word.casefold() for word in words]


class Sighting(NamedTuple):
    """One mention in one article, and where and when that was published; `number` counts the officials of it."""

    article: str
    number: int
    posted_at: datetime | None
    portal: str
    said: Said

    @property
    def day(self) -> date | None:
        """The day of the article in Vietnam."""
        return self.posted_at.date() if self.posted_at else None

    @property
    def order(self) -> tuple[bool, datetime, str, int]:
        """What sorts sightings: the time, undated ones last, then the article."""
        return self.posted_at is None, self.posted_at or _NO_TIME, self.article, self.number


class Span(NamedTuple):
    """The first and the last day of something; both None where nobody knows."""

    first: date | None
    last: date | None

    def reaching(self, *days: date | None) -> "Span":
        """Return the span that reaches to these days, too."""
        first, last = self
        for day in days:
            if day:
                first = day if first is None or day < first else first
                last = day if last is None or day > last else last
        return Span(first, last)

    def is_at_once_with(self, other: "Span") -> bool:
        """Whether neither plainly comes before the other; what has no day is never at once."""
        return not (None in self or None in other or _precedes(self, other) or _precedes(other, self))

    def leads_to(self, other: "Span") -> bool:
        """Whether it may come before the other, as far as days tell: it begins and ends first.

        Two that are at once share no more than a handover then.
        """
        if self.first is None or self.last is None or other.first is None or other.last is None:
            return False
        is_first = self.first < other.first and self.last < other.last
        return is_first and (self.last - other.first).days <= HANDOVER_DAYS

    def days_to(self, other: "Span") -> int:
        """Return the days between two spans, 0 where they meet; many where nobody knows."""
        if self.first is None or self.last is None or other.first is None or other.last is None:
            return date.max.toordinal()
        return max(0, (self.first - other.last).days, (other.first - self.last).days)


NEVER = Span(None, None)


def _precedes(one: Span, other: Span) -> bool:
    """Whether one span comes before another: well before, or with a handover where both reach well beyond it."""
    if one.first is None or one.last is None or other.first is None or other.last is None:
        return False
    lies_before = (other.first - one.first).days > HANDOVER_DAYS, (other.last - one.last).days > HANDOVER_DAYS
    if one.last < other.first:
        return any(lies_before)
    return all(lies_before) and (one.last - other.first).days <= HANDOVER_DAYS


def _until(seat: Seat, day: date | None) -> date | None:
    """Return the day of an article, or the last of the seat's unit: what is stated later is late."""
    return min(day, seat.until) if day and seat.until else day


def _is_over(seat: Seat, span: Span) -> bool:
    return bool(seat.until and span.first and seat.until < span.first)


@dataclass(slots=True, eq=False)
class Group:
    """Mentions taken for one person; it grows while groups are joined.

    `sure` state a post that tells the person from a namesake; `unsure` rest on the name, or on a career that may be
    another's. `held` has the days on which a seat was stated as held, `weights` the mentions that state it. `careers`
    are the pairs of seats that parts were joined by. A `crowded` group was not compared with the others of its name.
    """

    sure: list[Sighting] = field(default_factory=list)
    unsure: list[Sighting] = field(default_factory=list)
    held: dict[Seat, Span] = field(default_factory=dict)
    weights: dict[Seat, int] = field(default_factory=lambda: defaultdict(int))
    genders: set[str] = field(default_factory=set)
    portals: set[str] = field(default_factory=set)
    span: Span = NEVER
    is_strong: bool = False
    careers: list[tuple[Seat, Seat]] = field(default_factory=list)
    could_be: list["Group"] = field(default_factory=list)
    crowded: bool = False

    @property
    def sightings(self) -> list[Sighting]:
        """All mentions, in no order."""
        return self.sure + self.unsure

    @property
    def first(self) -> Sighting:
        """The first mention."""
        return min(self.sightings, key=lambda sighting: sighting.order)

    def add(self, sighting: Sighting) -> None:
        """Take in a mention."""
        said = sighting.said
        (self.sure if said.is_strong else self.unsure).append(sighting)
        self.is_strong |= said.is_strong
        self.genders |= {said.gender} - {""}
        self.portals.add(sighting.portal)
        day = sighting.day
        self.span = self.span.reaching(day)
        for seat, _, _, former in (statement.post for statement in said.statements):
            held = self.held.get(seat, NEVER)
            self.held[seat] = held if former else held.reaching(_until(seat, day))
            self.weights[seat] += 1

    def absorb(self, other: "Group") -> None:
        """Take in all mentions of another group."""
        self.sure += other.sure
        self.unsure += other.unsure
        self.genders |= other.genders
        self.portals |= other.portals
        self.span = self.span.reaching(*other.span)
        self.is_strong |= other.is_strong
        self.careers += other.careers
        for seat, held in other.held.items():
            self.held[seat] = self.held.get(seat, NEVER).reaching(*held)
            self.weights[seat] += other.weights[seat]

    def holds_at_once(self, seat: Seat, other: "Group", other_seat: Seat) -> bool:
        """Whether a seat was held while the other group held the other: not after the end of its unit."""
        held, other_held = self.held[seat], other.held[other_seat]
        ended = _is_over(seat, other_held) or _is_over(other_seat, held)
        return not ended and held.is_at_once_with(other_held)

    def compared_seats(self) -> list[Seat]:
        """Return the seats that speak for the group: the placed ones, where some tell persons apart."""
        seats = [seat for seat in self.held if seat.place is not None or not self.is_strong]
        return sorted(seats, key=lambda seat: (-self.weights[seat], str(seat)))[:MAX_COMPARED_SEATS]
