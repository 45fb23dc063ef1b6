"""Where posts are: paths from the country down, how long they stood, and which lie beside or within one another."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache, lru_cache
from typing import NamedTuple

from harvester.people.post_words import Words, begins, holds, post_words, spelt
from harvester.vietnamese.officials.places import ABBREVIATIONS, LEVELS
from harvester.vietnamese.officials.words import split_words
from harvester.vietnamese.places import Unit, successor, unit_of, validity
from harvester.vietnamese.places.tables import Edition
from harvester.vietnamese.places.units import REFORM, slugs
from harvester.vietnamese.text import comparison_key

Path = tuple[str, ...]
"""A place from the country down: a commune since July 2025 has "" for its district, a body of its own begins with “@”.

The first part says by what a place is told: two places of different roots may be one.
"""

COUNTRY: Path = ("vn",)
_LEVEL_BY_DEPTH = {1: "country", 2: "province", 3: "district", 4: "ward"}
LEVEL_NAMES = frozenset(_LEVEL_BY_DEPTH.values())
_DISTRICT_DEPTH = 3
_OWN_NAME = "@"
_CACHED = 1 << 12


Era = date | None
"""The day whose units an article means: REFORM since July 2025, None before."""


class Home(NamedTuple):
    """Where and when an article was published: the portal, and its unit where that is known."""

    portal: str
    unit: Unit | None
    on: Era = None


def era(day: date | None, unit: Unit | None) -> Era:
    """Return the time of an article; an undated one is of that in which the portal's unit began."""
    if day is None:
        stood = validity(unit) if unit else None
        day = stood.valid_from if stood else None
    return REFORM if day and day >= REFORM else None


def path_of(unit: Unit) -> Path:
    """Return the path of a unit."""
    parts = [part or "" for part in unit]
    while not parts[-1]:
        parts.pop()
    return (*COUNTRY, *parts)


def is_own_name(place: Path) -> bool:
    """Whether a place is a body's proper name (a school's), told by its words only."""
    return place[-1].startswith(_OWN_NAME)


def level_of(place: Path | None) -> str:
    """Return the level of a known unit, else nothing."""
    if place is None or is_own_name(place) or place[0] != COUNTRY[0]:
        return ""
    return _LEVEL_BY_DEPTH[len(place)]


def level_word(place: str) -> str:
    """Return the level of the word that opens a place; “city” stands for two of them."""
    found = LEVELS.longest(split_words(place), 0) if place else None
    return found[1] if found else ""


# ---------------------------------------------------------------------------------------------- reading


def unit_meant(words: str, home: Home) -> Unit | None:
    """Return the unit that words of an article mean; what no longer stood is looked for where nothing else fits."""
    now = unit_of(words, home.unit, home.on) if home.on else None
    return now or unit_of(words, home.unit)


def place_of(words: str, place: str, home: Home) -> Path | None:
    """Return the place that a text names, or None where it names none."""
    if level_word(place) == "hamlet":
        return _in_words(place, home)
    unit = unit_meant(words, home)
    if unit:
        return path_of(unit)
    return _in_words(place, home) if place else None


def place_of_body(role: Words, body: Words, home: Home) -> Path | None:
    """Return where a body without a place is; None where the portal's own place does not follow from its words."""
    if " ".join(role) in post_words()["whole_country"]["roles"] or _is_national(body):
        return COUNTRY
    if home.unit is None:
        return None
    if begins(body, "province", "beginnings"):
        return path_of(_now(Unit(home.unit.province), home))
    is_own = begins(body, "own", "beginnings") and not begins(body, "own", "others")
    return path_of(home.unit) if is_own and _stands(home.unit, home.on) else None


def place_of_name(name: Words, place: Path | None, home: Home) -> Path:
    """Return the place that a body with a proper name is: in the district it is said to be in, else in the portal's."""
    around = place if place and place[0] == COUNTRY[0] else home.unit and path_of(home.unit)
    around = around and (district_of(around) or around)
    return (*(around or (f"{_OWN_NAME}{home.portal}",)), f"{_OWN_NAME}{' '.join(name)}")


def _is_national(body: Words) -> bool:
    is_said = holds(body, "whole_country", "holding") or begins(body, "whole_country", "beginnings")
    return is_said and not begins(body, "whole_country", "others")


def _now(province: Unit, home: Home) -> Unit:
    return (successor(province) if home.on else None) or province


def _stands(unit: Unit, on: Era) -> bool:
    stood = validity(unit) if on else None
    return not (on and stood) or stood.covers(on)


def _in_words(place: str, home: Home) -> Path | None:
    """Return a place no list knows by its words; None for a level without a name (“phường”)."""
    words = split_words(place)
    found = LEVELS.longest(words, 0)
    in_full = spelt(place, ABBREVIATIONS)
    if found and found[0] >= len(in_full):
        return None
    return (f"?{home.portal}/{found[1] if found else ''}", " ".join(in_full))


# ---------------------------------------------------------------------------------------------- comparing


@lru_cache(maxsize=_CACHED)
def last_day(place: Path | None, level: str) -> date | None:
    """Return the last day of a place, None for what goes on or is not known; districts ended with June 2025."""
    if place and level_of(place) and place != COUNTRY:
        stood = validity(Unit(place[1], *(part or None for part in place[2:])))
        missing = stood.missing_on - timedelta(1) if stood and stood.missing_on else None
        return stood.valid_to or missing if stood else None
    return REFORM - timedelta(1) if level == "district" else None


@lru_cache(maxsize=_CACHED)
def district_of(place: Path) -> Path | None:
    """Return the district that a place lies in, is, or was formed in as far as names tell; None above districts.

    A commune since July 2025 of which names do not tell is its own.
    """
    if place[0] != COUNTRY[0] or len(place) < _DISTRICT_DEPTH:
        return None
    if place[_DISTRICT_DEPTH - 1]:
        return place[:_DISTRICT_DEPTH]
    before = former_place(place)
    return before[:_DISTRICT_DEPTH] if before else place[: _DISTRICT_DEPTH + 1]


@lru_cache(maxsize=_CACHED)
def parents(place: Path) -> frozenset[Path]:
    """Return what a place lies in, beside it the district or the province that the reform of 2025 made of one other."""
    found = {tuple(part for part in place[:-1] if part)}
    before = former_place(place)
    if before:
        found.add(before[:_DISTRICT_DEPTH])
    if level_of(place) == "province":
        after = successor(Unit(place[-1]))
        found |= {path_of(after)} - {place} if after else set()
    return frozenset(found)


@lru_cache(maxsize=_CACHED)
def is_one_place(one: Path, other: Path) -> bool:
    """Whether two places are one: the same, or a commune of July 2025 and the one before whose name it kept.

    A body's proper name is the same in a district and in what the district lies in.
    """
    if one == other or former_place(one) == other or former_place(other) == one:
        return True
    upper, lower = sorted((one, other), key=len)
    return is_own_name(one) and one[-1] == other[-1] and lower[: len(upper) - 1] == upper[:-1]


def former_place(place: Path) -> Path | None:
    """Return the commune, else the district, before July 2025 whose name a commune since July 2025 kept, or None.

    It lay in what became part of the province. The lists do not tell of which communes one was formed; namesakes in
    different districts leave it open.
    """
    is_new = len(place) == _DISTRICT_DEPTH + 1 and place[0] == COUNTRY[0] and not place[_DISTRICT_DEPTH - 1]
    return _former_places(place[1]).get(place[-1]) if is_new else None


@cache
def _former_places(province: str) -> Mapping[str, Path]:
    by_name: dict[str, set[Path]] = defaultdict(set)
    for former, in_former in slugs(Edition.LAST, "province", "").items():
        if successor(Unit(in_former)) != Unit(province):
            continue
        for district, in_district in slugs(Edition.LAST, "district", former.code).items():
            path = (*COUNTRY, in_former, in_district)
            by_name[comparison_key(district.name)].add(path)
            for commune, in_commune in slugs(Edition.LAST, "commune", district.code).items():
                by_name[comparison_key(commune.name)].add((*path, in_commune))
    code = next(area.code for area, known in slugs(Edition.NEW, "province", "").items() if known == province)
    found = {}
    for area, known in slugs(Edition.NEW, "commune", code).items():
        alike = by_name[comparison_key(area.name)]
        if len({path[:_DISTRICT_DEPTH] for path in alike}) == 1:
            found[known] = max(alike, key=lambda path: (len(path), path))
    return found


def may_be_one(one: Path, other: Path) -> bool:
    """Whether two places differ in words that no list knows: schools' names, “xã Vắng” and “xã Vắng huyện Lặng”."""
    if is_own_name(one) and is_own_name(other):
        return True
    if one[:-1] != other[:-1] or not one[0].startswith("?"):
        return False
    shorter, longer = sorted((one[-1], other[-1]), key=len)
    return f"{longer} ".startswith(f"{shorter} ")
