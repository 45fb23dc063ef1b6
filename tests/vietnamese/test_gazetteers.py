import re
import tomllib
import unicodedata
from collections import Counter
from datetime import date
from functools import cache
from importlib.resources import files
from itertools import pairwise, takewhile
from typing import NamedTuple

import pytest

from harvester.vietnamese.citations.fold import fold_words
from harvester.vietnamese.citations.lexicon import WordLists
from harvester.vietnamese.text import slug

GAZETTEERS = files("harvester.vietnamese.gazetteers")
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
    "document_types.tsv": {
        "word": PHRASE,
        "type": r"[A-Z]+",
        "symbols": rf"(?:{SYMBOL}(?: {SYMBOL})*)?",
        "bare": r"noun|free|numbered|symbol",
        "dated": r"yes|no",
        "names": OPTIONAL_PHRASE,
        "source": SOURCES,
    },
    "issuers.tsv": {
        "words": PHRASE,
        "code": rf"(?:{SYMBOL})?",
        "part": r"level|prefix|title|body|symbol",
        "expansion": OPTIONAL_PHRASE,
        "level": r"(?:central|province|district|commune|any)?",
        "valid_from": OPTIONAL_ISO,
        "valid_to": OPTIONAL_ISO,
        "source": SOURCES,
    },
    "law_names.tsv": {"type": LAW_TYPE, "name": PHRASE, "full_name": OPTIONAL_PHRASE},
    "law_acts.tsv": {
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
FIRST_NUMBERED = ASSEMBLIES[10]


class Row(NamedTuple):
    file: str
    line: int
    text: str
    fields: dict[str, str]

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


def read(name: str) -> str:
    return (GAZETTEERS / name).read_bytes().decode("utf-8")


def head(name: str) -> str:
    lines = takewhile(lambda line: line.startswith("#"), read(name).split("\n"))
    return " ".join(line.removeprefix("#").strip() for line in lines)


def header(name: str) -> list[str]:
    return next(line for line in read(name).split("\n") if not line.startswith("#")).split("\t")


@cache
def rows(name: str) -> list[Row]:
    columns = header(name)
    lines = [(at, line) for at, line in enumerate(read(name).split("\n")[:-1], 1) if not line.startswith("#")]
    return [Row(name, at, line, dict(zip(columns, line.split("\t"), strict=False))) for at, line in lines[1:]]


@cache
def word_lists() -> dict[str, list[str]]:
    return tomllib.loads(read(WORD_LISTS))


def is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def key_of(row: Row) -> tuple[str, ...]:
    fields = row.fields
    match row.file:
        case "document_types.tsv":
            return (fold_words(fields["word"]),)
        case "issuers.tsv":
            return (fields["words"],)
        case "law_names.tsv":
            return (fields["type"], slug(fields["name"]))
        case _:
            return (fields["type"], fields["name"], fields["passed"])


EVERY_ROW = [row for name in COLUMNS for row in rows(name)]
ISSUERS = rows("issuers.tsv")
LIMITED_ISSUERS = [row for row in ISSUERS if row.fields.get("valid_from") and row.fields.get("valid_to")]
TYPES = rows("document_types.tsv")
ABBREVIATED = [row for row in TYPES if row.fields.get("names")]
ACTS = rows("law_acts.tsv")
NUMBERED = [act for act in ACTS if act.fields["number"]]
UNNUMBERED = [act for act in ACTS if not act.fields["number"]]
NAMES = rows("law_names.tsv")
FULL_NAMES = {(row.fields["type"], row.fields["name"]) for row in NAMES if not row.fields["full_name"]}
VARIANTS = [row for row in NAMES if row.fields["full_name"]]
ACTS_BY_NAME: dict[tuple[str, str], list[Row]] = {}
for listed in ACTS:
    ACTS_BY_NAME.setdefault((listed.fields["type"], listed.fields["name"]), []).append(listed)
SUCCESSIONS = [pair for acts in ACTS_BY_NAME.values() for pair in pairwise(acts)]
SUCCESSION_IDS = [f"{later}" for _, later in SUCCESSIONS]


@pytest.mark.parametrize("name", [*COLUMNS, WORD_LISTS])
def test_the_head_states_a_source(name: str) -> None:
    assert read(name).startswith("# ")
    assert re.search(r"\b[Ss]ources?\b[^:]*: \S", head(name))


@pytest.mark.parametrize("name", [*COLUMNS, WORD_LISTS])
def test_lines_end_in_a_line_feed_alone(name: str) -> None:
    text = read(name)
    assert "\r" not in text
    assert text.endswith("\n")
    assert not text.endswith("\n\n")


@pytest.mark.parametrize("name", COLUMNS)
def test_columns(name: str) -> None:
    assert header(name) == list(COLUMNS[name])


@pytest.mark.parametrize("name", COLUMNS)
def test_a_row_fills_every_column(name: str) -> None:
    assert not [str(row) for row in rows(name) if row.text.count("\t") + 1 != len(header(name))]


@pytest.mark.parametrize("row", EVERY_ROW, ids=str)
def test_values_are_of_their_column(row: Row) -> None:
    patterns = COLUMNS[row.file]
    assert not {
        column: value
        for column, value in row.fields.items()
        if column in patterns and not re.fullmatch(patterns[column], value)
    }


@pytest.mark.parametrize("name", [*COLUMNS, WORD_LISTS])
def test_letters_are_composed(name: str) -> None:
    lines = read(name).split("\n")
    assert not [f"{name}:{at}" for at, line in enumerate(lines, 1) if not unicodedata.is_normalized("NFC", line)]


@pytest.mark.parametrize("name", COLUMNS)
def test_no_stray_white_space(name: str) -> None:
    assert not [
        f"{row} {column}"
        for row in rows(name)
        for column, value in row.fields.items()
        if value != " ".join(value.split())
    ]


@pytest.mark.parametrize("name", COLUMNS)
def test_dates_are_of_the_calendar(name: str) -> None:
    assert not [
        f"{row} {column}"
        for row in rows(name)
        for column in DATE_COLUMNS
        if row.fields.get(column) and not is_date(row.fields[column])
    ]


@pytest.mark.parametrize("name", COLUMNS)
def test_no_key_stands_twice(name: str) -> None:
    counts = Counter(map(key_of, rows(name)))
    assert not [f"{row} {key_of(row)}" for row in rows(name) if counts[key_of(row)] > 1]


@pytest.mark.parametrize("name", [name for name, columns in COLUMNS.items() if "source" in columns])
def test_the_head_explains_every_source(name: str) -> None:
    sources = {source for row in rows(name) for source in row.fields["source"].split("; ")}
    assert not [source for source in sorted(sources) if f"{source} = " not in head(name)]


@pytest.mark.parametrize("row", LIMITED_ISSUERS, ids=str)
def test_an_issuer_begins_before_it_ends(row: Row) -> None:
    assert row.fields["valid_from"] <= row.fields["valid_to"]


@pytest.mark.parametrize("row", ISSUERS, ids=str)
def test_an_issuer_stands_for_something(row: Row) -> None:
    part, code, expansion = (row.fields[column] for column in ("part", "code", "expansion"))
    assert code or part not in ("level", "symbol")
    assert expansion or not (code or part == "body")


@pytest.mark.parametrize("row", TYPES, ids=str)
def test_a_type_without_symbols_is_a_law(row: Row) -> None:
    assert bool(row.fields["symbols"]) == (row.fields["type"] not in ("LUAT", "BLUAT", "HP"))


@pytest.mark.parametrize("row", ABBREVIATED, ids=str)
def test_an_abbreviated_law_has_a_full_name(row: Row) -> None:
    assert (row.fields["type"], row.fields["names"]) in FULL_NAMES


@pytest.mark.parametrize("row", VARIANTS, ids=str)
def test_a_full_name_is_a_name_of_the_same_type(row: Row) -> None:
    assert (row.fields["type"], row.fields["full_name"]) in FULL_NAMES


@pytest.mark.parametrize("act", ACTS, ids=str)
def test_an_act_has_a_full_name(act: Row) -> None:
    kind, name = act.fields["type"], act.fields["name"]
    assert not name if kind == "HP" else (kind, name) in FULL_NAMES


@pytest.mark.parametrize("act", ACTS, ids=str)
def test_an_act_is_passed_then_in_force_then_expired(act: Row) -> None:
    passed, in_force, expired = (act.fields[column] for column in ("passed", "in_force", "expired"))
    assert passed <= in_force
    assert not expired or in_force <= expired


@pytest.mark.parametrize("act", NUMBERED, ids=str)
def test_a_number_agrees_with_the_day_and_the_type(act: Row) -> None:
    _, year, symbol = act.fields["number"].split("/")
    assembly = int(symbol.rpartition("QH")[2])
    assert year == act.fields["passed"][:4]
    assert ASSEMBLIES[assembly] <= act.fields["passed"] < ASSEMBLIES[assembly + 1]
    assert ("UBTVQH" in symbol) == (act.fields["type"] == "PL")


@pytest.mark.parametrize("act", UNNUMBERED, ids=str)
def test_only_constitutions_and_early_acts_bear_no_number(act: Row) -> None:
    assert act.fields["type"] == "HP" or act.fields["passed"] < FIRST_NUMBERED


def test_no_number_stands_twice() -> None:
    counts = Counter(act.fields["number"] for act in NUMBERED)
    assert not [f"{act} {act.fields['number']}" for act in NUMBERED if counts[act.fields["number"]] > 1]


def test_the_acts_of_a_name_stand_together() -> None:
    together = [act for acts in ACTS_BY_NAME.values() for act in acts]
    assert [str(act) for act in together] == [str(act) for act in ACTS]


@pytest.mark.parametrize(("earlier", "later"), SUCCESSIONS, ids=SUCCESSION_IDS)
def test_the_acts_of_a_name_are_in_order_and_do_not_overlap(earlier: Row, later: Row) -> None:
    assert earlier.fields["passed"] < later.fields["passed"]
    assert earlier.fields["expired"]
    assert earlier.fields["expired"] <= later.fields["in_force"]


def test_word_lists_are_those_of_the_grammar() -> None:
    assert set(word_lists()) == set(WordLists._fields)


@pytest.mark.parametrize("name", word_lists())
def test_listed_words_have_no_stray_white_space(name: str) -> None:
    assert not [entry for entry in word_lists()[name] if not re.fullmatch(PHRASE, entry)]


@pytest.mark.parametrize("name", word_lists())
def test_no_word_is_listed_twice(name: str) -> None:
    counts = Counter(map(fold_words, word_lists()[name]))
    assert not [entry for entry in word_lists()[name] if counts[fold_words(entry)] > 1]
