"""The gazetteers of documents: one test for each rule and file; a failure names every row that breaks the rule."""

import re
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from functools import cache
from importlib.resources import files
from itertools import groupby, pairwise, takewhile

import pytest

from harvester.vietnamese.citations.fold import fold_words
from harvester.vietnamese.citations.lexicon import WordLists
from harvester.vietnamese.text import slug

Row = dict[str, str]

GAZETTEERS = files("harvester.vietnamese.gazetteers")
TYPES, ISSUERS, NAMES, ACTS = "document_types.tsv", "issuers.tsv", "law_names.tsv", "law_acts.tsv"
WORD_LISTS = "document_words.toml"
ISO = r"\d{4}-\d{2}-\d{2}"
OPTIONAL_ISO = rf"(?:{ISO})?"
PHRASE = r"\S+(?: \S+)*"
OPTIONAL_PHRASE = rf"(?:{PHRASE})?"
SYMBOL = r"[^\W\d_]+(?:-[^\W\d_]+)*"
NUMBER = r"\d{2,3}/\d{4}/(?:QH\d{1,2}|(?:PL-)?UBTVQH\d{1,2})"
LAW_TYPE = r"LUAT|BLUAT|PL"
SOURCES = r"[A-Za-z0-9]+(?:; [A-Za-z0-9]+)*"

COLUMNS: dict[str, dict[str, str]] = {
    TYPES: {
        "word": PHRASE,
        "type": r"[A-Z]+",
        "symbols": rf"(?:{SYMBOL}(?: {SYMBOL})*)?",
        "bare": r"noun|free|numbered|symbol",
        "dated": r"yes|no",
        "names": OPTIONAL_PHRASE,
        "source": SOURCES,
    },
    ISSUERS: {
        "words": PHRASE,
        "code": rf"(?:{SYMBOL})?",
        "part": r"level|prefix|title|body|symbol",
        "expansion": OPTIONAL_PHRASE,
        "level": r"(?:central|province|district|commune|any)?",
        "valid_from": OPTIONAL_ISO,
        "valid_to": OPTIONAL_ISO,
        "source": SOURCES,
    },
    NAMES: {"type": LAW_TYPE, "name": PHRASE, "full_name": OPTIONAL_PHRASE},
    ACTS: {
        "type": rf"{LAW_TYPE}|HP",
        "name": OPTIONAL_PHRASE,
        "number": rf"(?:{NUMBER})?",
        "passed": ISO,
        "in_force": ISO,
        "expired": OPTIONAL_ISO,
        "source": r"published|known",
    },
}
DATE_COLUMNS = ("passed", "in_force", "expired", "valid_from", "valid_to")
NEVER = "9999-12-31"
KEYS: dict[str, Callable[[Row], tuple[str, ...]]] = {
    TYPES: lambda row: (fold_words(row["word"]),),
    ISSUERS: lambda row: (row["words"],),
    NAMES: lambda row: (row["type"], slug(row["name"])),
    ACTS: lambda row: (row["type"], row["name"], row["passed"]),
}
# First sessions of the National Assemblies that number their acts.
ASSEMBLIES = {
    10: "1997-09-20",
    11: "2002-07-19",
    12: "2007-07-19",
    13: "2011-07-21",
    14: "2016-07-20",
    15: "2021-07-20",
    16: "2026-04-06",
    17: "2031-04-01",
}

every_table = pytest.mark.parametrize("name", COLUMNS)
every_file = pytest.mark.parametrize("name", [*COLUMNS, WORD_LISTS])


@cache
def read(name: str) -> str:
    return (GAZETTEERS / name).read_bytes().decode("utf-8")


def head(name: str) -> str:
    remarks = takewhile(lambda line: line.startswith("#"), read(name).split("\n"))
    return " ".join(line.removeprefix("#").strip() for line in remarks)


def lines(name: str) -> Iterator[tuple[str, str]]:
    """Every line behind where it stands, FILE:LINE."""
    for number, line in enumerate(read(name).removesuffix("\n").split("\n"), 1):
        yield f"{name}:{number}", line


def table(name: str) -> list[tuple[str, str]]:
    """The names of the columns and the rows, without the remarks."""
    return [(at, line) for at, line in lines(name) if not line.startswith("#")]


@cache
def rows(name: str) -> list[tuple[str, Row]]:
    """The fields of every row; those that a short row lacks are empty."""
    columns = COLUMNS[name]
    empty = dict.fromkeys(columns, "")
    return [(at, empty | dict(zip(columns, line.split("\t"), strict=False))) for at, line in table(name)[1:]]


@cache
def word_lists() -> dict[str, list[str]]:
    return tomllib.loads(read(WORD_LISTS))


@cache
def full_names() -> set[tuple[str, str]]:
    return {(row["type"], row["name"]) for _, row in rows(NAMES) if not row["full_name"]}


def is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def assembly_on(day: str) -> int | None:
    """The National Assembly of a day, if it numbers its acts."""
    return max((assembly for assembly, begun in ASSEMBLIES.items() if begun <= day), default=None)


def assert_none(faults: Iterable[str]) -> None:
    found = list(faults)
    # As a message of its own the list is shown whole, however long.
    assert not found, "\n".join(found)


@every_file
def test_the_head_states_a_source(name: str) -> None:
    assert read(name).startswith("# ")
    assert re.search(r"\b[Ss]ources?\b[^:]*: \S", head(name))


@every_file
def test_lines_end_in_a_line_feed_alone(name: str) -> None:
    assert_none(f"{at} has a carriage return" for at, line in lines(name) if "\r" in line)
    assert read(name).endswith("\n")
    assert not read(name).endswith("\n\n")


@every_file
def test_letters_are_composed(name: str) -> None:
    assert_none(f"{at} is not NFC" for at, line in lines(name) if not unicodedata.is_normalized("NFC", line))


@every_table
def test_columns(name: str) -> None:
    assert table(name)[0][1].split("\t") == list(COLUMNS[name])


@every_table
def test_a_row_fills_every_column(name: str) -> None:
    counts = [(at, line.count("\t") + 1) for at, line in table(name)]
    assert_none(
        f"{at} has {count} fields, not {len(COLUMNS[name])}" for at, count in counts if count != len(COLUMNS[name])
    )


@every_table
def test_values_are_of_their_column(name: str) -> None:
    assert_none(
        f"{at} {column} cannot be “{row[column]}”"
        for at, row in rows(name)
        for column, pattern in COLUMNS[name].items()
        if not re.fullmatch(pattern, row[column])
    )


@every_table
def test_no_stray_white_space(name: str) -> None:
    assert_none(
        f"{at} {column} has stray white space: “{value}”"
        for at, row in rows(name)
        for column, value in row.items()
        if value != " ".join(value.split())
    )


@every_table
def test_dates_are_of_the_calendar(name: str) -> None:
    assert_none(
        f"{at} {column} is no day: {row[column]}"
        for at, row in rows(name)
        for column in DATE_COLUMNS
        if row.get(column) and not is_date(row[column])
    )


@every_table
def test_no_key_stands_twice(name: str) -> None:
    keys = [(at, KEYS[name](row)) for at, row in rows(name)]
    counts = Counter(key for _, key in keys)
    assert_none(f"{at} stands twice: {' '.join(key)}" for at, key in keys if counts[key] > 1)


@pytest.mark.parametrize("name", [name for name, columns in COLUMNS.items() if "source" in columns])
def test_the_head_explains_every_source(name: str) -> None:
    remarks = head(name)
    assert_none(
        f"{at} source {source} is not explained in the head"
        for at, row in rows(name)
        for source in row["source"].split("; ")
        if f"{source} = " not in remarks
    )


def test_an_issuer_begins_before_it_ends() -> None:
    assert_none(
        f"{at} begins on {row['valid_from']} and ends on {row['valid_to']}"
        for at, row in rows(ISSUERS)
        if row["valid_from"] > (row["valid_to"] or NEVER)
    )


def test_levels_and_symbols_have_a_code() -> None:
    # A body may lack one: its words are read, but its symbols differ from place to place.
    assert_none(
        f"{at} is a {row['part']} without a code"
        for at, row in rows(ISSUERS)
        if row["part"] in ("level", "symbol") and not row["code"]
    )


def test_codes_and_bodies_have_an_expansion() -> None:
    assert_none(
        f"{at} has no expansion"
        for at, row in rows(ISSUERS)
        if (row["code"] or row["part"] == "body") and not row["expansion"]
    )


def test_only_a_law_has_a_type_without_symbols() -> None:
    assert_none(
        f"{at} {row['type']} has the symbols “{row['symbols']}”"
        for at, row in rows(TYPES)
        if bool(row["symbols"]) == (row["type"] in ("LUAT", "BLUAT", "HP"))
    )


def test_an_abbreviated_law_has_a_full_name() -> None:
    assert_none(
        f"{at} {row['type']} {row['names']} is no full name of {NAMES}"
        for at, row in rows(TYPES)
        if row["names"] and (row["type"], row["names"]) not in full_names()
    )


def test_a_variant_has_a_full_name() -> None:
    assert_none(
        f"{at} {row['type']} {row['full_name']} is no full name"
        for at, row in rows(NAMES)
        if row["full_name"] and (row["type"], row["full_name"]) not in full_names()
    )


def test_an_act_has_a_full_name_and_a_constitution_none() -> None:
    assert_none(
        f"{at} {act['type']} cannot be named “{act['name']}”"
        for at, act in rows(ACTS)
        if (act["name"] if act["type"] == "HP" else (act["type"], act["name"]) not in full_names())
    )


def test_an_act_is_passed_then_in_force_then_expired() -> None:
    assert_none(
        f"{at} is passed on {act['passed']}, in force on {act['in_force']}, expired on {act['expired'] or 'no day'}"
        for at, act in rows(ACTS)
        if not act["passed"] <= act["in_force"] <= (act["expired"] or NEVER)
    )


def test_a_number_agrees_with_the_day_and_the_type() -> None:
    assert_none(
        f"{at} {act['type']} {act['number']} disagrees with {act['passed']} or the type"
        for at, act in rows(ACTS)
        if act["number"]
        and (
            f"/{act['passed'][:4]}/" not in act["number"]
            or not act["number"].endswith(f"QH{assembly_on(act['passed'])}")
            or ("UBTVQH" in act["number"]) != (act["type"] == "PL")
        )
    )


def test_only_constitutions_and_early_acts_bear_no_number() -> None:
    assert_none(
        f"{at} {act['type']} {act['name']} of {act['passed']} has no number"
        for at, act in rows(ACTS)
        if not act["number"] and act["type"] != "HP" and assembly_on(act["passed"])
    )


def test_no_number_stands_twice() -> None:
    counts = Counter(act["number"] for _, act in rows(ACTS) if act["number"])
    assert_none(f"{at} {act['number']} stands twice" for at, act in rows(ACTS) if counts[act["number"]] > 1)


def test_the_acts_of_a_name_stand_together() -> None:
    names = [(at, (act["type"], act["name"])) for at, act in rows(ACTS)]
    firsts = [next(run) for _, run in groupby(names, key=lambda named: named[1])]
    counts = Counter(name for _, name in firsts)
    assert_none(f"{at} stands apart: {' '.join(name)}" for at, name in firsts if counts[name] > 1)


def test_the_acts_of_a_name_are_in_order_and_do_not_overlap() -> None:
    by_name: dict[tuple[str, str], list[tuple[str, Row]]] = {}
    for at, act in rows(ACTS):
        by_name.setdefault((act["type"], act["name"]), []).append((at, act))
    assert_none(
        f"{at} is passed on {later['passed']} and in force on {later['in_force']}, "
        f"the act before it on {earlier['passed']} until {earlier['expired'] or 'no day'}"
        for acts in by_name.values()
        for (_, earlier), (at, later) in pairwise(acts)
        if not (earlier["passed"] < later["passed"] and (earlier["expired"] or NEVER) <= later["in_force"])
    )


def test_word_lists_are_those_of_the_grammar() -> None:
    assert {*word_lists(), "between_spaced"} == {*WordLists._fields, "areas"}


def test_listed_words_have_no_stray_white_space() -> None:
    assert_none(
        f"{WORD_LISTS} {name}: “{entry}”"
        for name, entries in word_lists().items()
        for entry in entries
        if not re.fullmatch(PHRASE, entry)
    )


def test_no_word_is_listed_twice() -> None:
    counts = Counter((name, fold_words(entry)) for name, entries in word_lists().items() for entry in entries)
    assert_none(f"{WORD_LISTS} {name}: “{entry}” stands twice" for (name, entry), count in counts.items() if count > 1)
