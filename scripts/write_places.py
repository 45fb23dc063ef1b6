"""Write the place gazetteers from the package vietnam-provinces 0.6.0, which the project itself does not need.

    python3 -m venv scratch
    scratch/bin/pip install vietnam-provinces==0.6.0
    scratch/bin/python scripts/write_places.py

Rows are in the order of the Office's codes, the parent's first: units keep them when their names change. The package's
own field for the kind holds only the level, so the kind is read off the full name.
"""

import argparse
import importlib
import json
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

GAZETTEERS = Path(__file__).resolve().parents[1] / "src" / "harvester" / "vietnamese" / "gazetteers"
PACKAGE = "vietnam_provinces"
VERSION = "0.6.0"

HEAD = """\
# {title}
# Source: the lists of the General Statistics Office of Viet Nam as carried by the PyPI package
# vietnam-provinces {version} (read on {read_on}); written by scripts/write_places.py.
# Valid to 2025-06-30: on 1 July 2025 the districts ended, and the provinces and communes were merged anew.
"""


class Table(NamedTuple):
    """A gazetteer: its file's stem, what it holds, the kinds of its units, the digits of a code, its last columns."""

    stem: str
    title: str
    kinds: tuple[str, ...]
    digits: int
    columns: tuple[str, ...]


PROVINCES = Table(
    "place_provinces", "Provinces and centrally run cities.", ("tỉnh", "thành phố"), 2, ("name", "kind", "code")
)
DISTRICTS = Table(
    "place_districts",
    "Districts, towns and provincial cities, each with the code of its province.",
    ("quận", "huyện", "thị xã", "thành phố"),
    3,
    ("name", "kind", "code", "province"),
)
WARDS = Table(
    "place_wards",
    "Wards, communes and townships, each with the code of its district.",
    ("phường", "xã", "thị trấn"),
    5,
    ("name", "kind", "code", "district"),
)


def rows(table: Table, units: Iterable[tuple[dict[str, Any], str]]) -> Iterator[tuple[str, ...]]:
    """Yield a table's rows for the package's units, each given with the code of the unit it lies in (or nothing).

    Raises:
        ValueError: a name begins with no kind of the table.
    """
    for unit, parent in units:
        full = " ".join(unicodedata.normalize("NFC", unit["name"]).split())
        kind = next((kind for kind in table.kinds if full.lower().startswith(f"{kind} ")), None)
        if kind is None:
            raise ValueError(f"{full!r} begins with none of {', '.join(table.kinds)}")
        row = (full[len(kind) + 1 :], kind, code(table, unit))
        yield (*row, parent) if parent else row


def code(table: Table, unit: dict[str, Any]) -> str:
    """Return a unit's code as the Office writes it, with leading zeros."""
    return f"{unit['code']:0{table.digits}}"


def write(table: Table, units: Iterable[tuple[dict[str, Any], str]], read_on: str) -> None:
    """Write one gazetteer, sorted by the parent's code and the unit's own."""
    found = sorted(rows(table, units), key=lambda row: (row[3:], row[2]))
    head = HEAD.format(title=table.title, version=VERSION, read_on=read_on)
    text = "".join("\t".join(row) + "\n" for row in (table.columns, *found))
    file = GAZETTEERS / f"{table.stem}.tsv"
    file.write_text(head + text, encoding="utf-8")
    print(f"{file.name}: {len(found)} rows")


def main() -> None:
    """Write the three gazetteers."""
    argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0]).parse_args()
    package = importlib.import_module(PACKAGE)
    if package.__version__ != VERSION:
        raise SystemExit(f"vietnam-provinces {package.__version__} is here, {VERSION} is wanted")
    provinces = json.loads(package.NESTED_DIVISIONS_JSON_PATH.read_text(encoding="utf-8"))
    districts = [(unit, code(PROVINCES, province)) for province in provinces for unit in province["districts"]]
    wards = [(unit, code(DISTRICTS, district)) for district, _ in districts for unit in district["wards"]]
    write(PROVINCES, [(unit, "") for unit in provinces], package.__data_version__)
    write(DISTRICTS, districts, package.__data_version__)
    write(WARDS, wards, package.__data_version__)


if __name__ == "__main__":
    main()
