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
NEW_PROVINCES, NEW_COMMUNES = "place_new_provinces.tsv", "place_new_communes.tsv"
EARLIER, SUCCESSORS = "place_earlier_units.tsv", "place_successors.tsv"
COLUMNS = {
    PROVINCES: ["name", "kind", "code"],
    DISTRICTS: ["name", "kind", "code", "province"],
    WARDS: ["name", "kind", "code", "district"],
    NEW_PROVINCES: ["name", "kind", "code"],
    NEW_COMMUNES: ["name", "kind", "code", "province"],
    EARLIER: ["name", "kind", "code", "parent", "valid_to"],
    SUCCESSORS: ["province", "name", "successor", "successor_name"],
}
LAST_LIST = ["vietnam-provinces 0.6.0 (read on 2025-01-04)", "Valid to 2025-06-30"]
NEW_LIST = ["vietnam-provinces 2025.10.1 (read on 2025-10-18)", "Valid from 2025-07-01"]
HEADS = {
    PROVINCES: LAST_LIST,
    DISTRICTS: LAST_LIST,
    WARDS: LAST_LIST,
    NEW_PROVINCES: NEW_LIST,
    NEW_COMMUNES: NEW_LIST,
    EARLIER: ["vietnam-provinces 0.2.2 (read on 2020-02-25)"],
    SUCCESSORS: ["vietnamadminunits 1.0.4", "2025-06-30", "2025-07-01"],
}
KINDS = {
    PROVINCES: {"tỉnh": 57, "thành phố": 6},
    DISTRICTS: {"quận": 49, "huyện": 509, "thị xã": 52, "thành phố": 86},
    WARDS: {"phường": 1716, "xã": 7717, "thị trấn": 618},
    NEW_PROVINCES: {"tỉnh": 28, "thành phố": 6},
    NEW_COMMUNES: {"phường": 687, "xã": 2621, "đặc khu": 13},
    EARLIER: {"tỉnh": 1, "quận": 3, "huyện": 17, "thị xã": 1, "thành phố": 3, "phường": 260, "xã": 905, "thị trấn": 37},
}
ROWS = {
    PROVINCES: 63,
    DISTRICTS: 696,
    WARDS: 10051,
    NEW_PROVINCES: 34,
    NEW_COMMUNES: 3321,
    EARLIER: 1227,
    SUCCESSORS: 63,
}
DIGITS = {PROVINCES: (2,), DISTRICTS: (3,), WARDS: (5,), NEW_PROVINCES: (2,), NEW_COMMUNES: (5,), EARLIER: (2, 3, 5)}
PARENTS = [
    (DISTRICTS, "province", PROVINCES),
    (WARDS, "district", DISTRICTS),
    (NEW_COMMUNES, "province", NEW_PROVINCES),
]
MAY_BE_EMPTY = {"parent", "valid_to"}
WITHOUT_COMMUNES = {"Bạch Long Vĩ", "Cồn Cỏ", "Hoàng Sa", "Lý Sơn", "Côn Đảo"}
BARE_ALTHOUGH_IT_BEGINS_WITH_A_KIND = "Phường Đúc"
MERE_NUMBER = re.compile(r"[0-9]+|[IVX]+")

every_table = pytest.mark.parametrize("file", COLUMNS)
every_table_of_units = pytest.mark.parametrize("file", KINDS)


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
    assert [words for words in HEADS[file] if words not in " ".join(head)] == []
    assert lines(file)[len(head)].split("\t") == COLUMNS[file]


@every_table
def test_no_remark_stands_below_the_head(file: str) -> None:
    assert_none(
        f"{file}:{number} is a remark below a row"
        for number, (above, line) in enumerate(pairwise(lines(file)), 2)
        if line.startswith("#") and not above.startswith("#")
    )


@every_table
def test_as_many_rows_as_the_lists_have(file: str) -> None:
    assert len(rows(file)) == ROWS[file]


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
        for at, row in rows(file)
        for column, field in row.items()
        if not (field or column in MAY_BE_EMPTY) or field != " ".join(unicodedata.normalize("NFC", field).split())
    )


@every_table_of_units
def test_codes_are_whole(file: str) -> None:
    code = re.compile("|".join(rf"[0-9]{{{digits}}}" for digits in DIGITS[file]))
    assert_none(f"{at} code cannot be “{row['code']}”" for at, row in rows(file) if not code.fullmatch(row["code"]))


@every_table_of_units
def test_no_code_stands_twice(file: str) -> None:
    counts = Counter(row["code"] for _, row in rows(file))
    assert_none(f"{at} {row['code']} stands twice" for at, row in rows(file) if counts[row["code"]] > 1)


@every_table_of_units
def test_rows_are_in_the_order_of_parents_and_codes(file: str) -> None:
    keys = [(at, (len(row["code"]), *list(row.values())[3:4], row["code"])) for at, row in rows(file)]
    assert_none(f"{at} belongs before the row above" for (_, above), (at, key) in pairwise(keys) if key < above)


@every_table_of_units
def test_kinds_are_those_of_the_level(file: str) -> None:
    assert_none(f"{at} kind cannot be “{row['kind']}”" for at, row in rows(file) if row["kind"] not in KINDS[file])
    assert Counter(row["kind"] for _, row in rows(file)) == KINDS[file]


@every_table_of_units
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


def test_earlier_units_lie_in_units_of_the_level_above() -> None:
    earlier = {row["code"] for _, row in rows(EARLIER)}
    above = {3: {row["code"] for _, row in rows(PROVINCES)}, 5: {row["code"] for _, row in rows(DISTRICTS)} | earlier}
    assert_none(
        f"{at} {row['name']} lies in “{row['parent']}”"
        for at, row in rows(EARLIER)
        if (row["parent"] not in above[len(row["code"])] if len(row["code"]) > 2 else row["parent"])
    )


@pytest.mark.parametrize(("file", "column"), [(DISTRICTS, "province"), (WARDS, "district")])
def test_earlier_units_are_not_on_the_last_list(file: str, column: str) -> None:
    # Two districts kept their name although their code ended, and communes lie in them.
    kept = {(row["name"], row[column]) for _, row in rows(file)}
    digits = set(DIGITS[file])
    names = [
        row["name"] for _, row in rows(EARLIER) if len(row["code"]) in digits and (row["name"], row["parent"]) in kept
    ]
    assert names == (["Đạ Huoai", "Thủ Đức"] if file == DISTRICTS else [])


def test_last_days_lie_between_the_lists_and_the_head_tells_their_source() -> None:
    days = Counter(row["valid_to"] for _, row in rows(EARLIER) if row["valid_to"])
    assert days == {"2020-12-31": 3, "2024-12-31": 3}
    head = [line for line in lines(EARLIER) if line.startswith("#")]
    assert_none(f"no source for {day}" for day in days if not any(f"{day}: Resolution" in line for line in head))
    assert_none(f"{day} is not between the lists" for day in days if not "2020-02-25" < day < "2025-01-04")


def test_every_province_has_a_successor_of_its_name_and_code() -> None:
    before = {row["code"]: row["name"] for _, row in rows(PROVINCES)}
    since = {row["code"]: row["name"] for _, row in rows(NEW_PROVINCES)}
    mapping = [row for _, row in rows(SUCCESSORS)]
    assert {row["province"]: row["name"] for row in mapping} == before
    assert {row["successor"]: row["successor_name"] for row in mapping} == since


def test_every_new_province_has_the_code_and_the_name_of_one_it_was_merged_from() -> None:
    parts: dict[str, list[Row]] = {}
    for _, row in rows(SUCCESSORS):
        parts.setdefault(row["successor"], []).append(row)
    assert_none(
        f"{code} {found[0]['successor_name']} is merged from strangers"
        for code, found in parts.items()
        if code not in {row["province"] for row in found}
        or found[0]["successor_name"] not in {row["name"] for row in found}
    )
    assert Counter(map(len, parts.values())) == {1: 11, 2: 17, 3: 6}


LISTS: list[tuple[Level, list[str], int]] = [
    ("province", [PROVINCES, NEW_PROVINCES], 2),
    ("district", [DISTRICTS], 3),
    ("commune", [WARDS, NEW_COMMUNES], 5),
]


@pytest.mark.parametrize(("level", "files", "digits"), LISTS)
def test_bare_names_are_all_names_but_numbers(level: Level, files: list[str], digits: int) -> None:
    names = set(bare_names(level))
    assert len(names) == len(bare_names(level))
    assert_none(
        f"{at} {row['name']} is {'among' if row['name'] in names else 'not among'} the bare names"
        for file in (*files, EARLIER)
        for at, row in rows(file)
        if len(row["code"]) == digits and (row["name"] in names) == bool(MERE_NUMBER.fullmatch(row["name"]))
    )


@pytest.mark.parametrize(("level", "count"), [("province", 64), ("district", 677), ("commune", 8193)])
def test_bare_names_are_as_many_as_the_lists_have(level: Level, count: int) -> None:
    assert len(bare_names(level)) == count


@pytest.mark.parametrize("name", ["Tây Hồ", "Ia Ko", "Phú Quý", "Kim Lan"])
def test_communes_of_all_times_are_among_the_bare_names(name: str) -> None:
    assert name in bare_names("commune")
