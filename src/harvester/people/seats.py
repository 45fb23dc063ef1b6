"""Posts in one normal form: wordings of one post give one seat, placed by where the portal stands."""

from collections.abc import Iterable
from datetime import date
from enum import IntEnum
from functools import lru_cache
from typing import Literal, NamedTuple

from harvester.people.places import (
    LEVEL_NAMES,
    Home,
    Path,
    is_one_place,
    is_own_name,
    last_day,
    level_of,
    level_word,
    may_be_one,
    parents,
    place_of,
    place_of_body,
    place_of_name,
)
from harvester.people.post_words import (
    BODIES,
    ROLES,
    Words,
    begins,
    branch_of,
    is_listed_body,
    named_body,
    one_name,
    phrases,
    post_words,
    spelt,
    without_beginning,
    without_endings,
)
from harvester.records import Position

Rank = Literal["head", "deputy", "member"]

_MEMBER: Words = ("ủy", "viên")
_COMMITTEE: Words = ("ủy", "ban", "nhân", "dân")
_CACHED = 1 << 15
_LONGEST_PART = 200
"""Code points of a role, organisation or place that are looked at."""


class Seat(NamedTuple):
    """A post without what passes (former, acting, standing); `place` is None where the text leaves it open.

    `level` is that of the place, as far as the words tell. `side` is kept beside a full-time post. `branch` names
    careers that exclude one another, and is empty where no word tells. `until` is the last day of its unit.
    """

    role: str
    rank: Rank
    body: str
    place: Path | None
    level: str
    side: bool
    branch: str
    until: date | None

    @property
    def is_strong(self) -> bool:
        """Whether the seat tells a person from a namesake: placed, and not one of many members'."""
        return self.place is not None and self.rank != "member"

    @property
    def is_full_time(self) -> bool:
        """Whether it fills a working day."""
        return self.rank != "member" and not self.side

    @property
    def is_exclusive(self) -> bool:
        """Whether one person at a time holds it."""
        return self.is_strong and self.is_full_time and self.rank == "head" and bool(self.body)


class Post(NamedTuple):
    """A seat with what was said about this holding of it."""

    seat: Seat
    standing: bool
    acting: bool
    former: bool


class Near(IntEnum):
    """How near two seats are; the nearer, the likelier that one name in both is one person."""

    FAR = 0
    PORTAL = 1
    NEIGHBOUR = 2
    NESTED = 3
    PLACE = 4
    BODY = 5


@lru_cache(maxsize=_CACHED)
def post_of(position: Position, home: Home) -> Post:
    """Return the normal form of a position stated in an article of that portal."""
    role, organisation, place_words = (
        (part or "")[:_LONGEST_PART] for part in (position.role, position.organisation, position.place)
    )
    words = spelt(role, ROLES)
    words, former = without_beginning(words, "former")
    words, acting = without_beginning(words, "acting_before")
    words, standing, acting_too = without_endings(words)
    body = spelt(organisation, BODIES)
    holder = " ".join(body or words)
    if words[:2] == _MEMBER and len(words) > len(_MEMBER):
        words, body = _MEMBER, words[2:] + body
    words, body, place_words = _level_apart(words, body, place_words)
    body = one_name(body)
    if place_words and not body and words[-2:] == ("chủ", "tịch"):
        body = _COMMITTEE
    branch = branch_of(words, body)
    place = place_of(f"{holder} {place_words}", place_words, home)
    if place is None and not place_words:
        place = place_of_body(words, body, home)
    named = named_body(body) if branch == "civil" else None
    if named and (place is None or begins(named[0], "kinds")):
        body, place = named[0], place_of_name(named[1], place, home)
    level = "" if place and is_own_name(place) else level_of(place) or level_word(place_words)
    seat = Seat(
        role=" ".join(words),
        rank=_rank(words),
        body=" ".join(body),
        place=place,
        level=level,
        side=begins(body, "side", "beginnings") or level_word(place_words) == "hamlet",
        branch=branch,
        until=last_day(place, level),
    )
    return Post(seat, standing, acting or acting_too, former)


def _level_apart(role: Words, body: Words, place: str) -> tuple[Words, Words, str]:
    """Return a level that an abbreviation of the body holds (“Trưởng CAQ | CAQ | Ba Đình”) with the place."""
    for level in phrases("levels", "words"):
        rest = body[: -len(level)]
        if body[len(rest) :] == level and is_listed_body(rest):
            is_in_role = role[-len(body) :] == body
            return role[: -len(level)] if is_in_role else role, rest, f"{' '.join(level)} {place}".rstrip()
    return role, body, place


@lru_cache(maxsize=_CACHED)
def nearness(one: Seat, other: Seat) -> Near:
    """Return how near two seats are; places known by different means are far."""
    if one.place is None or other.place is None:
        is_alike = bool(one.body) and one.body == other.body and one.role == other.role
        return Near.PLACE if is_alike else Near.PORTAL
    if is_one_place(one.place, other.place):
        return Near.BODY if _may_be_one_body(one, other) else Near.PLACE
    around, around_other = parents(one.place), parents(other.place)
    if one.place in around_other or other.place in around:
        return Near.NESTED
    return Near.NEIGHBOUR if any(map(_is_local, around & around_other)) else Near.FAR


def _is_local(place: Path) -> bool:
    """Whether people move between the places that lie in one: wards of a district, schools."""
    return level_of(place) in ("district", "ward") or place[0].endswith("/ward") or place[0].startswith("@")


def _may_be_one_body(one: Seat, other: Seat) -> bool:
    """Whether two bodies of one place are one, or one is worded more generally (“trường” of that name)."""
    shorter, longer = sorted((one.body, other.body), key=len)
    is_general = bool(shorter) and one.place is not None and is_own_name(one.place)
    return one.body == other.body or (is_general and longer.startswith(f"{shorter} "))


@lru_cache(maxsize=_CACHED)
def excludes(one: Seat, other: Seat) -> bool:
    """Whether nobody holds both seats at once: they are in two places, on two levels or in two uniforms.

    What no list knows may be one in other words, and excludes nothing.
    """
    both_full_time = one.is_full_time and other.is_full_time
    branches = {one.branch, other.branch}
    other_branch = len(branches) > 1 and branches.isdisjoint(("elected", ""))
    if one.place is None or other.place is None or one.place[0] != other.place[0]:
        levels = {one.level, other.level}
        return both_full_time and (other_branch or (len(levels) > 1 and levels <= LEVEL_NAMES))
    if one.place == other.place or may_be_one(one.place, other.place):
        return both_full_time and other_branch
    upper, lower = sorted((one.place, other.place), key=len)
    if lower[: len(upper)] == upper:
        return both_full_time
    return not (one.side or other.side)


def are_rarely_one(one: Seat, other: Seat) -> bool:
    """Whether two seats at once speak for two persons: full-time work in two offices of one place, in two schools."""
    both_civil = {one.branch, other.branch} <= {"civil", ""} and one.is_full_time and other.is_full_time
    if not both_civil or one.place is None or other.place is None:
        return False
    if is_one_place(one.place, other.place):
        return not _may_be_one_body(one, other)
    return is_own_name(one.place) and is_own_name(other.place)


def gender_of(honorifics: Iterable[str]) -> str:
    """Return “male” or “female” where the forms of address agree on one, else nothing."""
    found = {gender for gender, words in post_words()["gender"].items() if not set(words).isdisjoint(honorifics)}
    return found.pop() if len(found) == 1 else ""


def _rank(role: Words) -> Rank:
    for rank in ("member", "deputy"):
        ends = any(role[-len(phrase) :] == phrase for phrase in phrases("ranks", f"{rank}_endings"))
        if ends or begins(role, "ranks", f"{rank}_beginnings"):
            return "member" if rank == "member" else "deputy"
    return "head"
