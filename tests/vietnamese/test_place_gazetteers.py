"""The tables of provinces, districts and communes: every row whole, every code once, every parent there."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from functools import cache
from importlib import resources
from itertools import pairwise, takewhile

import pytest

from harvester.vietnamese.places import Level, bare_names

Row = dict[str, str]

GAZETTEERS = resources.files("harvester.vietnamese.gazetteers")
PROVINCES, DISTRICTS, WARDS = "place_provinces.tsv", "place_districts.tsv", "place_wards.tsv"
COLUMNS = {
    PROVINCES: ["name", "kind", "code"],
    DISTRICTS: ["name", "kind", "code", "province"],
    WARDS: ["name", "kind", "code", "district"],
}
KINDS = {
    PROVINCES: {"tỉnh": 57, "thành phố": 6},
    DISTRICTS: {"quận": 49, "huyện": 509, "thị xã": 52, "thành phố": 86},
    WARDS: {"phường": 1716, "xã": 7717, "thị trấn": 618},
}
DIGITS = {PROVINCES: 2, DISTRICTS: 3, WARDS: 5}
PARENTS = [(DISTRICTS, "province", PROVINCES), (WARDS, "district", DISTRICTS)]
WITHOUT_COMMUNES = {"Bạch Long Vĩ", "Cồn Cỏ", "Hoàng Sa", "Lý Sơn", "Côn Đảo"}
BARE_ALTHOUGH_IT_BEGINS_WITH_A_KIND = "Phường Đúc"
MERE_NUMBER = re.compile(r"[0-9]+|[IVX]+")

every_table = pytest.mark.parametrize("file", COLUMNS)


@cache
def lines(file: str) -> list[str]:
    return (GAZETTEERS / file).read_text(encoding="utf-8").splitlines()


@cache
def table(file: str) -> list[tuple[str, list[str]]]:
    """The names of the columns and the rows, in fields, each behind where it stands, FILE:LINE."""
    numbered = enumerate(lines(file), 1)
    return [(f"{file}:{number}", line.split("\t")) for number, line in numbered if not line.startswith("#")]


@cache
def rows(file: str) -> list[tuple[str, Row]]:
    """The fields of every row by column; those that a short row lacks are empty."""
    empty = dict.fromkeys(COLUMNS[file], "")
    return [(at, empty | dict(zip(COLUMNS[file], fields, strict=False))) for at, fields in table(file)[1:]]


def assert_none(faults: Iterable[str]) -> None:
    found = list(faults)
    # As a message of its own the list is shown whole, however long.
    assert not found, "\n".join(found)


@every_table
def test_the_head_names_source_date_and_columns(file: str) -> None:
    head = list(takewhile(lambda line: line.startswith("#"), lines(file)))
    assert "vietnam-provinces 0.6.0 (read on 2025-01-04)" in " ".join(head)
    assert "Valid to 2025-06-30" in " ".join(head)
    assert lines(file)[len(head)].split("\t") == COLUMNS[file]


@every_table
def test_no_remark_stands_below_the_head(file: str) -> None:
    assert_none(
        f"{file}:{number} is a remark below a row"
        for number, (above, line) in enumerate(pairwise(lines(file)), 2)
        if line.startswith("#") and not above.startswith("#")
    )


@every_table
def test_every_row_has_every_column(file: str) -> None:
    assert_none(
        f"{at} has {len(fields)} fields, not {len(COLUMNS[file])}"
        for at, fields in table(file)
        if len(fields) != len(COLUMNS[file])
    )


@every_table
def test_every_field_is_clean_text(file: str) -> None:
    assert_none(
        f"{at} is empty, not NFC or has stray white space: “{field}”"
        for at, fields in table(file)
        for field in fields
        if not field or field != " ".join(unicodedata.normalize("NFC", field).split())
    )


@every_table
def test_codes_are_whole(file: str) -> None:
    code = re.compile(rf"[0-9]{{{DIGITS[file]}}}")
    assert_none(f"{at} code cannot be “{row['code']}”" for at, row in rows(file) if not code.fullmatch(row["code"]))


@every_table
def test_no_code_stands_twice(file: str) -> None:
    counts = Counter(row["code"] for _, row in rows(file))
    assert_none(f"{at} {row['code']} stands twice" for at, row in rows(file) if counts[row["code"]] > 1)


@every_table
def test_rows_are_in_the_order_of_parents_and_codes(file: str) -> None:
    keys = [(at, (*list(row.values())[3:], row["code"])) for at, row in rows(file)]
    assert_none(f"{at} belongs before the row above" for (_, above), (at, key) in pairwise(keys) if key < above)


@every_table
def test_kinds_are_those_of_the_level(file: str) -> None:
    assert_none(f"{at} kind cannot be “{row['kind']}”" for at, row in rows(file) if row["kind"] not in KINDS[file])
    assert Counter(row["kind"] for _, row in rows(file)) == KINDS[file]


@every_table
def test_names_are_bare(file: str) -> None:
    kinds = tuple(f"{kind} " for kind in KINDS[file])
    assert_none(
        f"{at} {row['name']} begins with a kind"
        for at, row in rows(file)
        if row["name"].lower().startswith(kinds) and row["name"] != BARE_ALTHOUGH_IT_BEGINS_WITH_A_KIND
    )


@pytest.mark.parametrize(("file", "column", "above"), PARENTS)
def test_parents_exist(file: str, column: str, above: str) -> None:
    codes = {row["code"] for _, row in rows(above)}
    assert_none(f"{at} {column} {row[column]} is not in {above}" for at, row in rows(file) if row[column] not in codes)


@pytest.mark.parametrize(("file", "column", "above"), PARENTS)
def test_parents_have_children(file: str, column: str, above: str) -> None:
    named = {row[column] for _, row in rows(file)}
    childless = [(at, row) for at, row in rows(above) if row["code"] not in named]
    allowed = WITHOUT_COMMUNES if file == WARDS else set()
    assert_none(f"{at} {row['name']} has no row in {file}" for at, row in childless if row["name"] not in allowed)
    assert {row["name"] for _, row in childless} == allowed


@pytest.mark.parametrize(("level", "file"), [("province", PROVINCES), ("district", DISTRICTS), ("commune", WARDS)])
def test_bare_names_are_all_names_but_numbers(level: Level, file: str) -> None:
    names = set(bare_names(level))
    assert len(names) == len(bare_names(level))
    assert_none(
        f"{at} {row['name']} is {'among' if row['name'] in names else 'not among'} the bare names"
        for at, row in rows(file)
        if (row["name"] in names) == bool(MERE_NUMBER.fullmatch(row["name"]))
    )


@pytest.mark.parametrize(("level", "count"), [("province", 63), ("district", 657), ("commune", 6967)])
def test_bare_names_are_as_many_as_the_lists_were(level: Level, count: int) -> None:
    assert len(bare_names(level)) == count
