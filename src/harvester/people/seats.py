"""Posts in one normal form: wordings of one post give one seat, placed by where the portal stands."""

import tomllib
from collections.abc import Iterable
from enum import IntEnum
from functools import cache, lru_cache
from importlib import resources
from typing import Any, Literal, NamedTuple

from harvester.records import Position
from harvester.vietnamese.officials.lexicon import Lexicon, table
from harvester.vietnamese.officials.places import ABBREVIATIONS as PLACE_ABBREVIATIONS
from harvester.vietnamese.officials.places import LEVELS
from harvester.vietnamese.officials.words import split_words
from harvester.vietnamese.places import Unit, unit_of

Rank = Literal["head", "deputy", "member"]
Words = tuple[str, ...]
Path = tuple[str, ...]
"""A place from the country down. Its first part says by what it is told: two places of different roots may be one."""

_COUNTRY: Path = ("vn",)
_LEVEL_BY_DEPTH = {1: "country", 2: "province", 3: "district", 4: "ward"}
_LEVELS = frozenset(_LEVEL_BY_DEPTH.values())
_COMMUNE_DEPTH = 4
_CACHED = 1 << 15
_MEMBER: Words = ("ủy", "viên")
_LONGEST_PART = 200
"""Code points of a role, organisation or place that are looked at."""


class Home(NamedTuple):
    """Where an article was published: the portal, and its unit where that is known."""

    portal: str
    unit: Unit | None


class Seat(NamedTuple):
    """A post without what passes (former, acting, standing); `place` is None where the text leaves it open.

    `level` is that of the place, as far as the words tell. `side` is kept beside a full-time post. `branch` names
    careers that exclude one another.
    """

    role: str
    rank: Rank
    body: str
    place: Path | None
    level: str
    side: bool
    branch: str

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
    words = _spelt(position.role[:_LONGEST_PART], _ROLE_WORDS)
    words, former = _without_beginning(words, "former")
    words, acting = _without_beginning(words, "acting_before")
    words, standing, acting_too = _without_endings(words)
    body = _spelt((position.organisation or "")[:_LONGEST_PART], _BODY_WORDS)
    if words[:2] == _MEMBER and len(words) > len(_MEMBER):
        words, body = _MEMBER, words[2:] + body
    body = _one_name(body)
    place_words = (position.place or "")[:_LONGEST_PART]
    if place_words and not body and words[-2:] == ("chủ", "tịch"):
        body = ("ủy", "ban", "nhân", "dân")
    place = _place(words, body, (position.organisation or position.role)[:_LONGEST_PART], place_words, home)
    seat = Seat(
        role=" ".join(words),
        rank=_rank(words),
        body=" ".join(body),
        place=place,
        level=_level_of(place) or _level(place_words),
        side=_begins(body, "side") or _level(place_words) == "hamlet",
        branch=_branch(body),
    )
    return Post(seat, standing, acting or acting_too, former)


@lru_cache(maxsize=_CACHED)
def nearness(one: Seat, other: Seat) -> Near:
    """Return how near two seats are; places known by different means are far."""
    if one.place is None or other.place is None:
        is_alike = bool(one.body) and one.body == other.body and one.role == other.role
        return Near.PLACE if is_alike else Near.PORTAL
    if one.place == other.place:
        return Near.BODY if one.body == other.body else Near.PLACE
    upper, lower = sorted((one.place, other.place), key=len)
    if lower[:-1] == upper:
        return Near.NESTED
    is_beside = len(upper) == len(lower) and upper[:-1] == lower[:-1]
    is_local = len(lower) == _COMMUNE_DEPTH or lower[0].endswith("/ward") or lower[-1].startswith("@")
    return Near.NEIGHBOUR if is_beside and is_local else Near.FAR


@lru_cache(maxsize=_CACHED)
def excludes(one: Seat, other: Seat) -> bool:
    """Whether nobody holds both seats at once: they are in two places, on two levels or in two uniforms."""
    both_full_time = one.is_full_time and other.is_full_time
    other_branch = one.branch != other.branch and "elected" not in (one.branch, other.branch)
    if one.place is None or other.place is None or one.place[0] != other.place[0]:
        levels = {one.level, other.level}
        return both_full_time and (other_branch or (len(levels) > 1 and levels <= _LEVELS))
    if one.place == other.place:
        return both_full_time and other_branch
    upper, lower = sorted((one.place, other.place), key=len)
    if lower[: len(upper)] == upper:
        return both_full_time
    return not (one.side or other.side)


def are_rarely_one(one: Seat, other: Seat) -> bool:
    """Whether two seats at once speak for two persons: full-time work in two offices of one place."""
    both_civil = one.branch == other.branch == "civil" and one.is_full_time and other.is_full_time
    return both_civil and one.place is not None and one.place == other.place and one.body != other.body


def gender_of(honorifics: Iterable[str]) -> str:
    """Return “male” or “female” where the forms of address agree on one, else nothing."""
    found = {gender for gender, words in _words()["gender"].items() if not set(words).isdisjoint(honorifics)}
    return found.pop() if len(found) == 1 else ""


# ---------------------------------------------------------------------------------------------- words


@cache
def _words() -> dict[str, Any]:
    return tomllib.loads(resources.files(__package__).joinpath("post_words.toml").read_text(encoding="utf-8"))


@cache
def _phrases(*path: str) -> tuple[Words, ...]:
    found: Any = _words()
    for name in path:
        found = found[name]
    return tuple(tuple(phrase.split()) for phrase in found)


def _role_words() -> dict[str, str]:
    roles = table("role_words.toml")
    spelt: dict[str, str] = {"tt": "thường trực", "q .": "quyền", "p .": "phó"} | roles["abbreviations"]
    return {short: full for short, full in (spelt | roles["nouns"]).items() if full}


_ROLE_WORDS = Lexicon(_role_words)
_BODY_WORDS: Lexicon[str] = Lexicon(lambda: {"tt": "trung tâm"} | table("organisation_words.toml")["abbreviations"])


def _spelt(text: str, abbreviations: Lexicon[str]) -> Words:
    """Return the words in comparison form, abbreviations spelt out, signs and “và” left out."""
    words = split_words(text)
    found: list[str] = []
    at = 0
    while at < len(words):
        short = abbreviations.longest(words, at) if words.capital[at] else None
        if short:
            found += [token.key for token in split_words(short[1]).tokens]
            at += short[0]
        else:
            found.append(words.key(at))
            at += 1
    return tuple(word for word in found if word.isalnum() and word != "và")


def _without_beginning(words: Words, kind: str) -> tuple[Words, bool]:
    for phrase in _phrases("around", kind):
        if words[: len(phrase)] == phrase and len(words) > len(phrase):
            return words[len(phrase) :], True
    return words, False


def _without_endings(words: Words) -> tuple[Words, bool, bool]:
    """Return the words without the remarks at their end, and whether these said standing or acting."""
    said = {"standing_after": False, "acting_after": False, "after": False}
    rest = words
    while True:
        found = next(
            ((kind, phrase) for kind in said for phrase in _phrases("around", kind) if rest[-len(phrase) :] == phrase),
            None,
        )
        if found is None or len(rest) == len(found[1]):
            return rest, said["standing_after"], said["acting_after"]
        said[found[0]] = True
        rest = rest[: -len(found[1])]


def _rank(role: Words) -> Rank:
    for rank in ("member", "deputy"):
        begins = any(role[: len(phrase)] == phrase for phrase in _phrases("ranks", f"{rank}_beginnings"))
        if begins or any(role[-len(phrase) :] == phrase for phrase in _phrases("ranks", f"{rank}_endings")):
            return "member" if rank == "member" else "deputy"
    return "head"


def _one_name(body: Words) -> Words:
    """Return a body's name with its parts under one name each."""
    found: list[str] = []
    at = 0
    while at < len(body):
        phrase = next((each for each in _phrases("bodies") if body[at : at + len(each)] == each), None)
        found += _words()["bodies"][" ".join(phrase)].split() if phrase else [body[at]]
        at += len(phrase) if phrase else 1
    return tuple(found)


def _begins(body: Words, *path: str, kind: str = "beginnings") -> bool:
    return any(body[: len(phrase)] == phrase for phrase in _phrases(*path, kind))


def _branch(body: Words) -> str:
    joined = f" {' '.join(body)} "
    branches: dict[str, str] = _words()["branches"]
    return next((branch for words, branch in branches.items() if f" {words} " in joined), "civil")


# ---------------------------------------------------------------------------------------------- places


def _place(role: Words, body: Words, holder: str, place: str, home: Home) -> Path | None:
    """Return where a post is; None where the words do not say and the portal's own place does not follow."""
    if _level(place) == "hamlet":
        return _named(place, home)
    unit = unit_of(f"{holder} {place}", home.unit)
    if unit:
        return _COUNTRY + tuple(part for part in unit if part)
    if place:
        return _named(place, home)
    return _place_of_body(role, body, home)


def _place_of_body(role: Words, body: Words, home: Home) -> Path | None:
    if " ".join(role) in _words()["whole_country"]["roles"] or _is_national(body):
        return _COUNTRY
    if len(body) > 1 and _branch(body) == "civil" and any(body[: len(phrase)] == phrase for phrase in _schools()):
        around = (*_COUNTRY, *home.unit[:2]) if home.unit and home.unit.district else (f"@{home.portal}",)
        return (*map(str, around), f"@{' '.join(body)}")
    if home.unit and _begins(body, "province"):
        return (*_COUNTRY, home.unit.province)
    if home.unit and _begins(body, "own") and not _begins(body, "own", kind="others"):
        return _COUNTRY + tuple(part for part in home.unit if part)
    return None


def _is_national(body: Words) -> bool:
    joined = f" {' '.join(body)} "
    holds = any(f" {' '.join(phrase)} " in joined for phrase in _phrases("whole_country", "holding"))
    return (holds or _begins(body, "whole_country")) and not _begins(body, "whole_country", kind="others")


@cache
def _schools() -> tuple[Words, ...]:
    """Return how the proper names begin that a place belongs to: each such body is a place of its own."""
    return tuple(tuple(phrase.split()) for phrase in table("organisation_words.toml")["keeps_place"]["words"])


def _named(place: str, home: Home) -> Path | None:
    """Return a place no list knows by its words; None for a level without a name (“phường”)."""
    words = split_words(place)
    found = LEVELS.longest(words, 0)
    spelt = _spelt(place, PLACE_ABBREVIATIONS)
    if found and found[0] >= len(spelt):
        return None
    return (f"?{home.portal}/{found[1] if found else ''}", " ".join(spelt))


def _level(place: str) -> str:
    """Return the level of the word that opens a place; “city” stands for two of them."""
    found = LEVELS.longest(split_words(place), 0) if place else None
    return found[1] if found else ""


def _level_of(place: Path | None) -> str:
    if place is None or place[-1].startswith("@") or place[0] != _COUNTRY[0]:
        return ""
    return _LEVEL_BY_DEPTH[len(place)]
