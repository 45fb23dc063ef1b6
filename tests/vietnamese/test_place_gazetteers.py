"""The tables of provinces, districts and communes: every row whole, every code once, every parent there."""

import re
import unicodedata
from importlib import resources

import pytest

from harvester.vietnamese.places import Level, bare_names

GAZETTEERS = resources.files("harvester.vietnamese.gazetteers")
COLUMNS = {
    "place_provinces.tsv": ["name", "kind", "code"],
    "place_districts.tsv": ["name", "kind", "code", "province"],
    "place_wards.tsv": ["name", "kind", "code", "district"],
}
KINDS = {
    "place_provinces.tsv": {"tỉnh": 57, "thành phố": 6},
    "place_districts.tsv": {"quận": 49, "huyện": 509, "thị xã": 52, "thành phố": 86},
    "place_wards.tsv": {"phường": 1716, "xã": 7717, "thị trấn": 618},
}
DIGITS = {"place_provinces.tsv": 2, "place_districts.tsv": 3, "place_wards.tsv": 5}
PARENTS = {"place_districts.tsv": "place_provinces.tsv", "place_wards.tsv": "place_districts.tsv"}
WITHOUT_COMMUNES = {"Bạch Long Vĩ", "Cồn Cỏ", "Hoàng Sa", "Lý Sơn", "Côn Đảo"}
LEVELS: list[tuple[Level, str]] = [
    ("province", "place_provinces.tsv"),
    ("district", "place_districts.tsv"),
    ("commune", "place_wards.tsv"),
]


def lines(file: str) -> list[str]:
    return (GAZETTEERS / file).read_text(encoding="utf-8").splitlines()


def rows(file: str) -> list[list[str]]:
    return [line.split("\t") for line in lines(file) if not line.startswith("#")][1:]


@pytest.mark.parametrize("file", COLUMNS)
def test_the_head_names_source_date_and_columns(file: str) -> None:
    head = [line for line in lines(file) if line.startswith("#")]
    assert lines(file)[: len(head)] == head
    assert "vietnam-provinces 0.6.0 (read on 2025-01-04)" in " ".join(head)
    assert "Valid to 2025-06-30" in " ".join(head)
    assert lines(file)[len(head)].split("\t") == COLUMNS[file]


@pytest.mark.parametrize("file", COLUMNS)
def test_every_row_has_every_column_in_clean_text(file: str) -> None:
    for row in rows(file):
        assert len(row) == len(COLUMNS[file]), row
        for field in row:
            assert field, row
            assert field == " ".join(unicodedata.normalize("NFC", field).split()), row


@pytest.mark.parametrize("file", COLUMNS)
def test_codes_are_whole_unique_and_in_order(file: str) -> None:
    codes = [row[2] for row in rows(file)]
    assert len(codes) == len(set(codes))
    assert rows(file) == sorted(rows(file), key=lambda row: (row[3:], row[2]))
    assert [code for code in codes if not re.fullmatch(rf"[0-9]{{{DIGITS[file]}}}", code)] == []


@pytest.mark.parametrize("file", COLUMNS)
def test_kinds_are_those_of_the_level(file: str) -> None:
    found = [row[1] for row in rows(file)]
    assert {kind: found.count(kind) for kind in set(found)} == KINDS[file]


@pytest.mark.parametrize("file", COLUMNS)
def test_names_are_bare(file: str) -> None:
    kinds = tuple(f"{kind} " for kind in KINDS[file])
    allowed = {"Phường Đúc"}
    assert [row[0] for row in rows(file) if row[0].lower().startswith(kinds) and row[0] not in allowed] == []


@pytest.mark.parametrize(("file", "above"), PARENTS.items())
def test_parents_exist_and_have_children(file: str, above: str) -> None:
    parents = {row[2]: row[0] for row in rows(above)}
    named = {row[3] for row in rows(file)}
    assert named <= parents.keys()
    assert {parents[code] for code in parents.keys() - named} == (
        WITHOUT_COMMUNES if file == "place_wards.tsv" else set()
    )


@pytest.mark.parametrize(("level", "file"), LEVELS)
def test_bare_names_are_all_names_but_numbers(level: Level, file: str) -> None:
    names = bare_names(level)
    assert len(names) == len(set(names))
    left_out = {row[0] for row in rows(file)} - set(names)
    assert [name for name in left_out if not re.fullmatch(r"[0-9]+|[IVX]+", name)] == []
    assert [name for name in names if re.fullmatch(r"[0-9]+|[IVX]+", name)] == []


@pytest.mark.parametrize(("level", "count"), [("province", 63), ("district", 657), ("commune", 6967)])
def test_bare_names_are_as_many_as_the_lists_were(level: Level, count: int) -> None:
    assert len(bare_names(level)) == count
