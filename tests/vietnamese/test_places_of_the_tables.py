"""Every unit of the tables is found by its full name, on the days it stood, and shares no path."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from functools import cache
from importlib import resources

from harvester.vietnamese.places import Unit, unit_of, validity

GAZETTEERS = resources.files("harvester.vietnamese.gazetteers")


LAST_FILES = ("place_provinces.tsv", "place_districts.tsv", "place_wards.tsv")
REFORM = date(2025, 7, 1)
# Two communes of one district bear this name.
TWINS = "xã Đông Khê thành phố Thanh Hóa tỉnh Thanh Hóa"


@cache
def rows(file: str) -> list[tuple[str, list[str]]]:
    """The rows of a table, in fields, each behind where it stands, FILE:LINE."""
    lines = (GAZETTEERS / file).read_text(encoding="utf-8").splitlines()
    return [(f"{file}:{at}", line.split("\t")) for at, line in enumerate(lines, 1) if not line.startswith("#")][1:]


def found_in(files: tuple[str, ...], day: date | None) -> list[tuple[str, str, Unit | None]]:
    """Every row of the tables, FILE:LINE, its name with all it lies in, and the unit that this finds."""
    found = []
    above = {"": ""}
    for file in files:
        for at, (name, kind, code, *parent) in rows(file):
            above[code] = f"{kind} {name} {above[''.join(parent)]}".strip()
            found.append((at, above[code], unit_of(f"UBND {above[code]}", None, day)))
    return found


@cache
def found_by_full_name() -> list[tuple[str, str, Unit | None]]:
    return found_in(LAST_FILES, None)


@cache
def found_since_july() -> list[tuple[str, str, Unit | None]]:
    return found_in(("place_new_provinces.tsv", "place_new_communes.tsv"), REFORM)


@cache
def found_earlier() -> list[tuple[str, str, Unit | None]]:
    """What was not on the last list any more, by the names of that time, on the day of the earlier list."""
    before = ("place_provinces.tsv", "place_districts.tsv")
    above = {code: (f"{kind} {name}", *parent) for file in before for _, (name, kind, code, *parent) in rows(file)}
    found = []
    for at, (name, kind, code, parent, _) in rows("place_earlier_units.tsv"):
        above[code] = (f"{kind} {name}", parent)
        chain = [above[code]]
        while len(chain[-1]) > 1 and chain[-1][1]:
            chain.append(above[chain[-1][1]])
        words = " ".join(part for part, *_ in chain)
        found.append((at, words, unit_of(f"UBND {words}", None, date(2020, 2, 25))))
    return found


def assert_none(faults: Iterable[str]) -> None:
    found = list(faults)
    # As a message of its own the list is shown whole, however long.
    assert not found, "\n".join(found)


def test_every_unit_is_found_by_its_full_name() -> None:
    found = found_by_full_name()
    assert_none(f"{at} is not found: {name}" for at, name, unit in found if unit is None and name != TWINS)
    assert [name for _, name, unit in found if unit is None] == [TWINS, TWINS]


def test_every_unit_since_july_is_found_by_its_full_name() -> None:
    assert_none(f"{at} is not found: {name}" for at, name, unit in found_since_july() if unit is None)


def test_every_earlier_unit_is_found_by_its_full_name() -> None:
    assert_none(f"{at} is not found: {name}" for at, name, unit in found_earlier() if unit is None)


def test_no_unit_shares_a_path() -> None:
    # A province that kept its name kept its path.
    communes = [found for found in found_since_july() if found[2] and found[2].commune]
    units = [(at, unit) for at, _, unit in (*found_by_full_name(), *communes) if unit]
    counts = Counter(unit.path for _, unit in units)
    assert_none(f"{at} shares {unit.path}" for at, unit in units if counts[unit.path] > 1)
    assert len(units) == 63 + 696 + 10051 - 2 + 3321


def test_earlier_units_share_a_path_only_with_what_they_are() -> None:
    last = {unit.path: at for at, _, unit in found_by_full_name() if unit}
    paths = Counter(unit.path for _, _, unit in found_earlier() if unit)
    assert_none(f"{path} stands for {count} units" for path, count in paths.items() if count > 1)
    codes = {at: fields[2] for file in LAST_FILES for at, fields in rows(file)}
    earlier = {at: fields[2] for at, fields in rows("place_earlier_units.tsv")}
    strangers = [
        name
        for at, name, unit in found_earlier()
        if unit and unit.path in last and codes[last[unit.path]] != earlier[at]
    ]
    # When it ended is not known: the district that took its name is meant at any time.
    assert strangers == ["huyện Đạ Huoai tỉnh Lâm Đồng"]


def test_every_unit_stood_on_the_day_it_was_found() -> None:
    for found, day in ((found_since_july(), REFORM), (found_earlier(), date(2020, 2, 25))):
        spans = [(at, unit, validity(unit)) for at, _, unit in found if unit]
        assert_none(f"{at} {unit.path} has {span}" for at, unit, span in spans if span is None or not span.covers(day))
