"""Units by their slugs: what they lie in, when they stood, and what became of the provinces."""

from collections import Counter, defaultdict
from datetime import date, timedelta
from functools import cache, lru_cache
from typing import NamedTuple

from harvester.vietnamese.places.tables import (
    BEFORE_JULY_2025,
    LEVELS,
    SINCE_JULY_2025,
    Area,
    Edition,
    Level,
    columns,
    read,
    table,
)
from harvester.vietnamese.text import slug

_LAST_LIST = date(2025, 1, 4)
REFORM = date(2025, 7, 1)
_SUCCESSORS = "place_successors.tsv"
_ROMAN_NUMBERS = frozenset("I II III IV V VI VII VIII IX X".split())


class Unit(NamedTuple):
    """A unit by the slugs of what it lies in and its own: Phường Bồ Đề was ("ha-noi", "long-bien", "bo-de").

    Kinds are left out, unless units of one parent share a slug: then the kind stands before it (“thi-xa-cai-lay” and
    “huyen-cai-lay”), and the Office's code behind it where the kind is the same, too (“xa-nga-thanh-16123”). What ended
    before 2025 bears both where it shares its slug. A commune since July 2025 lies in no district and always bears its
    kind, which tells it from the district of its name: ("ha-noi", None, "phuong-bo-de").
    """

    province: str
    district: str | None = None
    commune: str | None = None

    @property
    def level(self) -> Level:
        """Return the level of the unit itself."""
        return "commune" if self.commune else "district" if self.district else "province"

    @property
    def path(self) -> str:
        """Return the slugs from the province down, joined by slashes: “ha-noi/long-bien/bo-de”."""
        return "/".join(part for part in self if part)


class Validity(NamedTuple):
    """The days on which a unit stood, as far as the tables tell.

    `valid_from` and `valid_to` are the first and the last; None is unknown, or, as `valid_to` of what is on the new
    list, not yet. `missing_on` is the day of a list without the unit, where the last day is unknown.
    """

    valid_from: date | None
    valid_to: date | None
    missing_on: date | None = None

    def covers(self, day: date) -> bool:
        """Whether the unit stood on a day, as far as is known."""
        has_begun = self.valid_from is None or self.valid_from <= day
        has_ended = bool((self.valid_to and self.valid_to < day) or (self.missing_on and self.missing_on <= day))
        return has_begun and not has_ended


@cache
def bare_names(level: Level) -> tuple[str, ...]:
    """Return a level's names of all times without their kinds, each once; mere numbers (“1”, “VII”) are left out."""
    found = dict.fromkeys(name for edition in Edition for name in columns(edition, level).names)
    return tuple(name for name in found if not name.isdecimal() and name not in _ROMAN_NUMBERS)


def validity(unit: Unit) -> Validity | None:
    """Return when a unit stood, or None if no list has it; a province that kept its name in 2025 went on."""
    depth = sum(part is not None for part in unit)
    found = (areas_of(unit, editions) for editions in (BEFORE_JULY_2025, SINCE_JULY_2025))
    known = [areas[-1] for areas in found if len(areas) == depth]
    if not known:
        return None
    before = earlier_name(known[0])
    first, last = stood(before if before and _as_last_called(before) == known[0] else known[0]), stood(known[-1])
    return Validity(first.valid_from, last.valid_to, last.missing_on)


def successor(unit: Unit) -> Unit | None:
    """Return the province since July 2025 that a unit's province became, or became part of; None for an unknown one."""
    found = areas_of(Unit(unit.province), BEFORE_JULY_2025)
    area = table(Edition.NEW, "province").coded(_successors()[found[0].code]) if found else None
    return unit_at(area) if area else None


@cache
def _successors() -> dict[str, str]:
    """Return the codes of the provinces since July 2025 by those of the provinces before."""
    codes, _, successors, _ = read(_SUCCESSORS)
    return dict(zip(codes, successors, strict=True))


@lru_cache(maxsize=256)
def areas_of(unit: Unit, editions: tuple[Edition, ...]) -> tuple[Area, ...]:
    """Return the areas of a unit from the province down, as far as lists of one time know them."""
    areas: list[Area] = []
    is_district_missing = editions == SINCE_JULY_2025 and unit.district is None
    for level, wanted in zip(LEVELS, unit, strict=True):
        if level == "district" and is_district_missing:
            continue
        parent = areas[-1].code if areas else ""
        siblings = (sibling for edition in editions for sibling in slugs(edition, level, parent).items())
        found = next((area for area, known in siblings if known == wanted), None)
        if found is None:
            break
        areas.append(found)
    return tuple(areas)


@cache
def lineage(area: Area) -> tuple[Area, ...]:
    """Return the province, the district and the commune, as far down as the area itself.

    What a unit lies in is called as on the last list that has its code.
    """
    if not area.parent:
        return (area,)
    is_new = area.edition is Edition.NEW
    above: Level = "province" if is_new else LEVELS[LEVELS.index(area.level) - 1]
    editions = SINCE_JULY_2025 if is_new else BEFORE_JULY_2025
    found = (table(edition, above).coded(area.parent) for edition in editions)
    return (*lineage(next(filter(None, found))), area)


def earlier_name(area: Area) -> Area | None:
    """Return the unit of another name that had an area's code on the earlier list, if there is one."""
    return table(Edition.EARLIER, area.level).coded(area.code) if area.edition is Edition.LAST else None


def stood(area: Area) -> Validity:
    """Return when an area stood; one of the last list began when the unit of its code ended, where that is known."""
    match area.edition:
        case Edition.NEW:
            return Validity(REFORM, None)
        case Edition.EARLIER:
            return Validity(None, area.valid_to, None if area.valid_to else _LAST_LIST)
    before = earlier_name(area)
    began = before.valid_to + timedelta(1) if before and before.valid_to else None
    return Validity(began, REFORM - timedelta(1))


def unit_at(area: Area) -> Unit:
    """Return the unit of an area."""
    parts = lineage(_as_last_called(area))
    return Unit(**{part.level: slugs(part.edition, part.level, part.parent)[part] for part in parts})


def _as_last_called(area: Area) -> Area:
    """Return the area of the last list that is the same unit under a later name.

    That is: a province with the same code, or what has the same code and a name that differs in its marks or in y and
    i only.
    """
    if area.edition is not Edition.EARLIER:
        return area
    same = (other for other in table(Edition.LAST, area.level).within(area.parent) if other.code == area.code)
    is_same = (other for other in same if not area.parent or _spelling(other) == _spelling(area))
    return next(is_same, area)


def _spelling(area: Area) -> str:
    return slug(area.name).replace("y", "i")


@cache
def slugs(edition: Edition, level: Level, parent: str) -> dict[Area, str]:
    """Return the slugs of the units that lie in one parent; the rule stands at Unit."""
    alike: dict[str, list[Area]] = defaultdict(list)
    for area in table(edition, level).within(parent):
        alike[slug(area.name)].append(area)
    taken = set(slugs(Edition.LAST, level, parent).values()) if edition is Edition.EARLIER else set()
    bears_kind = edition is Edition.NEW and level == "commune"
    found = {}
    for name, areas in alike.items():
        kinds = Counter(area.kind for area in areas)
        for area in areas:
            kind = f"{slug(area.kind)}-" if bears_kind or len(areas) > 1 or name in taken else ""
            found[area] = f"{kind}{name}" + (f"-{area.code}" if kinds[area.kind] > 1 or name in taken else "")
    return found
