"""The gazetteers of documents, read once: document types, issuers, names of laws, word lists."""

import csv
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, Generic, NamedTuple, TypeVar

import ahocorasick

from harvester.vietnamese.citations.fold import fold_words
from harvester.vietnamese.text import slug, without_diacritics

Value = TypeVar("Value")

_GAZETTEERS = files("harvester.vietnamese.gazetteers")
_LONGEST_BEFORE = 32
_RANKS = {"hamlet": 1, "ward": 1, "district": 2, "city": 3, "province": 3}
_AFTER_ABBREVIATION = " 0123456789"
_ACT_NUMBER = re.compile(r"([0-9]+)/([0-9]{4})/(?:[A-ZĐ]+-)?([A-Z0-9]+)")
_OPEN_RHYMES = dict(
    zip(
        ("oà", "oá", "oả", "oã", "oạ", "oè", "oé", "oẻ", "oẽ", "oẹ", "uỳ", "uý", "uỷ", "uỹ", "uỵ"),
        ("òa", "óa", "ỏa", "õa", "ọa", "òe", "óe", "ỏe", "õe", "ọe", "ùy", "úy", "ủy", "ũy", "ụy"),
        strict=True,
    )
)
# Between the words of a phrase: names hold commas and hyphens, and writers leave them out.
_NEXT_WORD = re.compile(r"(?:,? | - |[.,/-])?([^\W_]+(?:&[^\W_]+)?)")


class DocumentType(NamedTuple):
    """One word or abbreviation that opens a citation; `symbols` in ASCII capitals, `bare` as in the gazetteer.

    `dated`: it may be cited by its date alone.
    """

    code: str
    symbols: frozenset[str]
    bare: str
    dated: bool
    abbreviation: bool


class Issuer(NamedTuple):
    """One row of the issuers; `part` and `level` as in the gazetteer."""

    code: str
    part: str
    expansion: str
    level: str
    valid_from: date | None
    valid_to: date | None

    def existed(self, year: int) -> bool:
        """Whether the issuer existed on some day of the year, as far as the gazetteer knows."""
        begun = self.valid_from is None or self.valid_from.year <= year
        return begun and (self.valid_to is None or year <= self.valid_to.year)


class LawAct(NamedTuple):
    """One act of a law, code, ordinance or constitution; `expired` is the day a successor took its place."""

    code: str
    number: str
    passed: date
    in_force: date
    expired: date | None

    @property
    def numbered_id(self) -> str | None:
        """The id the act has when it is cited by its number: 45/2013/QH13 gives LUAT:45/2013:QH13."""
        match = _ACT_NUMBER.fullmatch(self.number)
        return f"{self.code}:{int(match[1])}/{match[2]}:{match[3]}" if match else None


class Trigger(NamedTuple):
    """A type word in the text."""

    start: int
    end: int
    type: DocumentType


class Phrases(Generic[Value]):
    """Phrases of several words with their values; commas and hyphens between words do not matter.

    Kept as a tree: each word leads to those that may follow it, the empty word to the value of a phrase that ends.
    """

    def __init__(self, rows: Iterable[tuple[str, Value]]) -> None:
        """Grow the tree; of two equal phrases the first counts."""
        self._tree: dict[str, Any] = {}
        for phrase, value in rows:
            branch = self._tree
            for word in _NEXT_WORD.findall(fold_words(phrase)):
                branch = branch.setdefault(_fold_tone(word), {})
            branch.setdefault("", value)

    def longest(self, low: str, at: int) -> tuple[int, Value] | None:
        """Return the end and the value of the longest phrase that begins at the offset of a folded text."""
        found = None
        branch, end = self._tree, at
        while match := _NEXT_WORD.match(low, end):
            word = match[1]
            # Few words are spelt otherwise: only those that are not known so are folded and looked up again.
            if word not in branch and (word[-2:] not in _OPEN_RHYMES or (word := _fold_tone(word)) not in branch):
                break
            branch, end = branch[word], match.end()
            if "" in branch:
                found = (end, branch[""])
        return found


class AreaWord(NamedTuple):
    """A word for an area; `rank` is 1 for communes and what lies in them, 2 for districts, 3 above, 0 if unknown.

    An `abbreviation` may carry a full stop; a `cautious` one is an area only with a name or a number behind it.
    """

    rank: int
    abbreviation: bool = False
    cautious: bool = False


class WordLists(NamedTuple):
    """The lists of document_words.toml; what each is for stands there."""

    between: frozenset[str]
    between_spaced: tuple[str, ...]
    counted: Phrases[bool]
    before_law: tuple[str, ...]
    after_law: frozenset[str]
    stop: frozenset[str]
    drafts: tuple[str, ...]
    draft_amendments: tuple[str, ...]
    other_papers: tuple[str, ...]
    before_designator: tuple[str, ...]
    no_documents: frozenset[str]
    congress_stop: frozenset[str]
    congress_bodies: Phrases[bool]


@lru_cache(maxsize=2048)
def ascii_code(code: str) -> str:
    """Return a code as canonical ids hold it: “NĐ” gives “ND”, “TƯ” (an older spelling of TW) gives “TW”."""
    letters = without_diacritics(code.upper().replace(".", "").replace("TƯ", "TW"))
    return "".join(char for char in letters if char.isascii() and char.isalnum())


def triggers(low: str) -> list[Trigger]:
    """Return the type words of a folded text in order; of those that begin together the longest."""
    longest: dict[int, Trigger] = {}
    for last, (length, beyond, document_type) in _automaton().iter(low):
        end = last + 1 - beyond
        start = end - length
        if not (low[end : end + 1].isalpha() or (start and low[start - 1].isalnum())):
            longest[start] = Trigger(start, end, document_type)
    return [longest[start] for start in sorted(longest)]


@cache
def document_types() -> Mapping[str, DocumentType]:
    """Return the document types by folded word, in the order of the file."""
    return {
        fold_words(row["word"]): DocumentType(
            code=row["type"],
            symbols=frozenset(map(ascii_code, row["symbols"].split())),
            bare=row["bare"],
            dated=row["dated"] == "yes",
            abbreviation=" " not in row["word"] and any(map(str.isupper, row["word"][1:])),
        )
        for row in _rows("document_types.tsv")
    }


@cache
def type_of_symbol() -> Mapping[str, str]:
    """Return the type code a symbol's code stands for where no word decides."""
    types: dict[str, str] = {}
    for document_type in document_types().values():
        for symbol in document_type.symbols:
            types.setdefault(symbol, document_type.code)
    return types


@cache
def misspelt_words() -> Mapping[str, tuple[tuple[str, DocumentType], ...]]:
    """Return by ASCII symbol the words in base letters that open a document of it, with the blank behind them."""
    by_symbol: dict[str, list[tuple[str, DocumentType]]] = {}
    for word, document_type in document_types().items():
        base = without_diacritics(word)
        endings = () if document_type.abbreviation else (f"{base} so ", f"{base} ")
        for symbol in document_type.symbols:
            by_symbol.setdefault(symbol, []).extend((ending, document_type) for ending in endings)
    return {
        symbol: tuple(sorted(entries, key=lambda entry: len(entry[0]), reverse=True))
        for symbol, entries in by_symbol.items()
    }


@cache
def issuers() -> Phrases[Issuer]:
    """Return the issuers by their words."""
    return Phrases((row["words"], _issuer(row)) for row in _rows("issuers.tsv") if row["part"] != "symbol")


@cache
def issuers_by_code() -> Mapping[str, Issuer]:
    """Return the issuers by their ASCII code; of equal codes the first that is no unit of another."""
    by_code: dict[str, Issuer] = {}
    rows = [_issuer(row) for row in _rows("issuers.tsv") if row["code"]]
    for issuer in sorted(rows, key=lambda issuer: issuer.part == "prefix"):
        by_code.setdefault(ascii_code(issuer.code), issuer)
    return by_code


@cache
def party_units() -> Mapping[str, str]:
    """Return the units a Party committee may have, by their ASCII code: BTC is “Ban Tổ chức” there."""
    units = [_issuer(row) for row in _rows("issuers.tsv") if row["part"] == "prefix" and row["code"]]
    return {ascii_code(unit.code): unit.expansion for unit in reversed(units)}


@cache
def law_names(code: str) -> Phrases[str]:
    """Return the names of laws (LUAT), codes (BLUAT) or ordinances (PL) with their slugs."""
    return Phrases((row["name"], slug(row["name"])) for row in _rows("law_names.tsv") if row["type"] == code)


@cache
def law_acts() -> Mapping[tuple[str, str], tuple[LawAct, ...]]:
    """Return the acts of laws by type and slug of each name they go by, in the order they were passed."""
    acts: dict[tuple[str, str], list[LawAct]] = {}
    for row in _rows("law_acts.tsv"):
        passed, in_force = date.fromisoformat(row["passed"]), date.fromisoformat(row["in_force"])
        act = LawAct(row["type"], row["number"], passed, in_force, _day(row["expired"]))
        acts.setdefault((row["type"], slug(row["name"])), []).append(act)
    variants = {
        (row["type"], slug(row["name"])): acts.get((row["type"], slug(row["full_name"])), [])
        for row in _rows("law_names.tsv")
        if row["full_name"]
    }
    return {name: tuple(sorted(named, key=lambda act: act.passed)) for name, named in (acts | variants).items()}


@cache
def abbreviated_codes() -> Mapping[str, str]:
    """Return the names of codes by their abbreviations: BLHS is Hình sự."""
    return {row["word"]: row["names"] for row in _rows("document_types.tsv") if row["names"]}


@cache
def words() -> WordLists:
    """Return the word lists of the grammar."""
    folded = {name: tuple(map(fold_words, entries)) for name, entries in _lists().items()}
    return WordLists(
        between=frozenset(folded["between"]),
        between_spaced=_before(folded["between"]),
        counted=_set(folded["counted"]),
        before_law=_before(folded["before_law"]),
        after_law=frozenset(folded["after_law"]),
        stop=frozenset(folded["stop"]),
        drafts=_before(folded["drafts"]),
        draft_amendments=_before(folded["draft_amendments"]),
        other_papers=_before(folded["other_papers"]),
        before_designator=_before(folded["before_designator"]),
        no_documents=frozenset(_lists()["no_documents"]),
        congress_stop=frozenset(folded["congress_stop"]),
        congress_bodies=_set(folded["congress_bodies"]),
    )


@cache
def area_words() -> Phrases[AreaWord]:
    """Return the words for areas: those of place_levels.toml, and others that go on behind bodies."""
    levels = tomllib.loads((_GAZETTEERS / "place_levels.toml").read_text(encoding="utf-8"))
    known = (
        (word, AreaWord(_RANKS[level], word in levels["abbreviations"], word in levels["cautious"]["words"]))
        for word, level in levels["levels"].items()
    )
    return Phrases((*known, *((word, AreaWord(0)) for word in _lists()["areas"])))


@cache
def _lists() -> dict[str, list[str]]:
    lists: dict[str, list[str]] = tomllib.loads((_GAZETTEERS / "document_words.toml").read_text(encoding="utf-8"))
    return lists


def preceded_by(low: str, at: int, endings: tuple[str, ...]) -> bool:
    """Whether one of the words (each with a blank on both sides) stands before the offset."""
    return low.endswith(endings, 0, at) or (at < _LONGEST_BEFORE and f" {low[:at]}".endswith(endings))


def _before(entries: Iterable[str]) -> tuple[str, ...]:
    return tuple(f" {entry} " for entry in entries)


def _fold_tone(word: str) -> str:
    """Put the tone of a final open rhyme on its first vowel: “hoà” gives “hòa” (see text.comparison_key)."""
    return word[:-2] + _OPEN_RHYMES.get(word[-2:], word[-2:]) if not word.startswith("qu") else word


def _set(entries: Iterable[str]) -> Phrases[bool]:
    return Phrases((entry, True) for entry in entries)


def _issuer(row: dict[str, str]) -> Issuer:
    return Issuer(
        code=row["code"],
        part=row["part"],
        expansion=row["expansion"],
        level=row["level"],
        valid_from=_day(row["valid_from"]),
        valid_to=_day(row["valid_to"]),
    )


def _day(written: str) -> date | None:
    return date.fromisoformat(written) if written else None


def _rows(name: str) -> Iterator[dict[str, str]]:
    lines = (_GAZETTEERS / name).read_text(encoding="utf-8").splitlines()
    return csv.DictReader((line for line in lines if not line.startswith("#")), delimiter="\t")


@cache
def _automaton() -> ahocorasick.Automaton:
    automaton = ahocorasick.Automaton()
    for word, document_type in document_types().items():
        # Abbreviations open many words (kh, tt); looked for with what must follow them, they are rarely hit.
        numbered = document_type.abbreviation and document_type.symbols
        for ending in _AFTER_ABBREVIATION if numbered else ("",):
            automaton.add_word(word + ending, (len(word), len(ending), document_type))
    automaton.make_automaton()
    return automaton
