"""Write the place gazetteers from packages that carry the Office's lists, and that the project itself does not need.

    for package in vietnam-provinces=={0.2.2,0.6.0,2025.10.1} vietnamadminunits==1.0.4
    do pip install --no-deps --target scratch/$package $package; done
    python scripts/write_places.py scratch

Rows are in the order of the Office's codes, the parent's first. A merged unit's code goes on to what it was merged
into: a code names a unit within one list only. The kind is read off the full name, for the packages' own field may hold
no more than the level.
"""

import argparse
import json
import sqlite3
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

from harvester.vietnamese.text import comparison_key

GAZETTEERS = Path(__file__).resolve().parents[1] / "src" / "harvester" / "vietnamese" / "gazetteers"

OFFICE = "the lists of the General Statistics Office of Viet Nam as carried by the PyPI package"
UNTIL_THE_REFORM = """\
# Valid to 2025-06-30: on 1 July 2025 the districts ended, and the provinces and communes were merged anew.
"""
SINCE_THE_REFORM = """\
# Valid from 2025-07-01: there are no districts, and a code names another unit than it did before.
"""
GONE_EARLIER = """\
# Left out: a district that has the same name and code on the list of 2025-01-04, a commune that has the same name and
# district, be they of another kind.
# The lists do not tell when a unit ended, nor what became of it; valid_to is empty but for these:
# 2020-12-31: Resolution 1111/NQ-UBTVQH14 (Thủ Đức), in force on 2021-01-01.
# 2024-12-31: Resolutions 175/2024/QH15 and 1314/NQ-UBTVQH15 (Huế), in force on 2025-01-01.
"""
LAST_DAYS = {
    **dict.fromkeys(("762", "763", "769"), "2020-12-31"),
    **dict.fromkeys(("46", "474", "483"), "2024-12-31"),
}
"""By code, of provinces and districts on the list of 0.2.2."""


class Package(NamedTuple):
    """A package at the version that is read, and the day of the list it carries, as far as it says so."""

    name: str
    version: str
    read_on: str = ""

    @property
    def source(self) -> str:
        """What a table's head calls it."""
        return f"{self.name} {self.version}" + (f" (read on {self.read_on})" if self.read_on else "")

    def file(self, scratch: Path, name: str) -> Path:
        """Return a file of the package's `data` folder, which pip has put below `scratch`."""
        module = self.name.replace("-", "_")
        folder = scratch / f"{self.name}=={self.version}"
        if not (folder / f"{module}-{self.version}.dist-info").is_dir():
            raise SystemExit(f"{self.name} {self.version} is wanted in {folder}")
        return folder / module / "data" / name


OF_2020 = Package("vietnam-provinces", "0.2.2", "2020-02-25")
LAST = Package("vietnam-provinces", "0.6.0", "2025-01-04")
NEW = Package("vietnam-provinces", "2025.10.1", "2025-10-18")
MAPPING = Package("vietnamadminunits", "1.0.4")

PROVINCE, DISTRICT, COMMUNE = 2, 3, 5
"""The digits of a code, which tell the level."""

KINDS = {
    PROVINCE: ("tỉnh", "thành phố"),
    DISTRICT: ("quận", "huyện", "thị xã", "thành phố"),
    COMMUNE: ("phường", "xã", "thị trấn", "đặc khu"),
}


class Row(NamedTuple):
    """A unit; `parent` is the code of the unit it lies in, empty for a province."""

    name: str
    kind: str
    code: str
    parent: str = ""

    @property
    def place(self) -> tuple[int, str, str]:
        """Where it stands: the levels from above, in each the parents' order."""
        return len(self.code), self.parent, self.code

    @property
    def identity(self) -> tuple[str, ...]:
        """What a unit keeps from one list to the next, its kind left out; “05” is 5."""
        code = self.code if len(self.code) < COMMUNE else ""
        return code, self.parent, comparison_key(self.name.lstrip("0"))


def units(package: Package, scratch: Path) -> list[Row]:
    """Return the units of a list, in their order."""
    text = package.file(scratch, "nested-divisions.json").read_text(encoding="utf-8")
    return sorted(_rows(json.loads(text), PROVINCE, ""), key=lambda row: row.place)


def _rows(found: Iterable[dict[str, Any]], digits: int, parent: str) -> Iterator[Row]:
    for unit in found:
        name, kind = bare(unit, digits)
        code = f"{unit['code']:0{digits}}"
        yield Row(name, kind, code, parent)
        yield from _rows(unit.get("districts", ()), DISTRICT, code)
        yield from _rows(unit.get("wards", ()), COMMUNE, code)


def bare(unit: dict[str, Any], digits: int) -> tuple[str, str]:
    """Return a unit's name and kind.

    Raises:
        ValueError: neither the name nor the package's field holds a kind of the level.
    """
    full = " ".join(unicodedata.normalize("NFC", unit["name"]).split())
    kind = next((kind for kind in KINDS[digits] if full.lower().startswith(f"{kind} ")), None)
    if kind:
        return full[len(kind) + 1 :], kind
    if unit["division_type"] not in KINDS[digits]:
        raise ValueError(f"{full!r} begins with none of {', '.join(KINDS[digits])}")
    return full, unit["division_type"]


def successors(scratch: Path) -> list[tuple[str, ...]]:
    """Return code and name of every province until 2025-06-30, and of that which it is part of since."""
    mapping = json.loads(MAPPING.file(scratch, "converter_2025.json").read_text(encoding="utf-8"))["DICT_PROVINCE"]
    with closing(sqlite3.connect(MAPPING.file(scratch, "dataset.db"))) as database:
        old = dict(database.execute("SELECT DISTINCT provinceKey, provinceCode FROM admin_units_legacy"))
        new = dict(database.execute("SELECT DISTINCT provinceKey, provinceCode FROM admin_units"))
    names = [{row.code: row.name for row in units(package, scratch) if not row.parent} for package in (LAST, NEW)]
    pairs = ((old[part], new[whole]) for whole, parts in mapping.items() for part in parts)
    return sorted((code, names[0][code], successor, names[1][successor]) for code, successor in pairs)


def write(stem: str, head: str, columns: str, rows: Iterable[tuple[str, ...]]) -> None:
    """Write one gazetteer; `columns` holds their names."""
    lines = ["\t".join(row) + "\n" for row in (tuple(columns.split()), *rows)]
    file = GAZETTEERS / f"place_{stem}.tsv"
    file.write_text(head + "".join(lines), encoding="utf-8")
    print(f"{file.name}: {len(lines) - 1} rows")


class Table(NamedTuple):
    """A gazetteer of one level: its file, what it holds, the digits of its codes, and its last column, the parent's."""

    stem: str
    title: str
    digits: int
    parent: str = ""

    def write(self, rows: Iterable[Row], package: Package, validity: str) -> None:
        """Write the rows of the level."""
        columns = f"name kind code {self.parent}"
        found = (row if self.parent else row[:-1] for row in rows if len(row.code) == self.digits)
        write(self.stem, head(self.title, OFFICE, package.source, validity), columns, found)


def head(title: str, carrier: str, source: str, validity: str) -> str:
    """Return the remarks that begin a table."""
    return f"# {title}\n# Source: {carrier}\n# {source}; written by scripts/write_places.py.\n{validity}"


UNTIL = (
    Table("provinces", "Provinces and centrally run cities.", PROVINCE),
    Table(
        "districts", "Districts, towns and provincial cities, each with the code of its province.", DISTRICT, "province"
    ),
    Table("wards", "Wards, communes and townships, each with the code of its district.", COMMUNE, "district"),
)
SINCE = (
    Table("new_provinces", "Provinces and centrally run cities since July 2025.", PROVINCE),
    Table(
        "new_communes",
        "Wards, communes and special zones since July 2025, with their province's code.",
        COMMUNE,
        "province",
    ),
)


def main() -> None:
    """Write the gazetteers."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("scratch", type=Path, help="the folder that holds a folder package==version for each")
    scratch = parser.parse_args().scratch
    last = units(LAST, scratch)
    for table in UNTIL:
        table.write(last, LAST, UNTIL_THE_REFORM)
    new = units(NEW, scratch)
    for table in SINCE:
        table.write(new, NEW, SINCE_THE_REFORM)
    known = {row.identity for row in last}
    earlier = [(*row, LAST_DAYS.get(row.code, "")) for row in units(OF_2020, scratch) if row.identity not in known]
    title = "Provinces, districts and communes that ended, or bore another name, before 2025-06-30."
    columns = "name kind code parent valid_to"
    write("earlier_units", head(title, OFFICE, OF_2020.source, GONE_EARLIER), columns, earlier)
    title = "Every province until 2025-06-30, and which it is part of since 2025-07-01."
    columns = "province name successor successor_name"
    write(
        "successors", head(title, "the mapping of the PyPI package", MAPPING.source, ""), columns, successors(scratch)
    )


if __name__ == "__main__":
    main()
