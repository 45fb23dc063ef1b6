"""The text as a row of words: every rule of this room looks at words, so spelling variants end here."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, chain
from operator import itemgetter
from typing import NamedTuple

from harvester.vietnamese.text import collapse, comparison_key, nfc

APOSTROPHES = "'’‘ʼ`´"
_APOSTROPHE = f"[{APOSTROPHES}]"
# "H’ Lan", "K’ Nhiễu": the apostrophe belongs to the first syllable although a space follows.
_FIRST_SYLLABLE = rf"[HKY]{_APOSTROPHE}(?=\s{{1,3}}[^\W\d_])"
_INVISIBLE = r"\u00ad\u200b-\u200f\u2060\ufeff"
_OTHERS = rf"\d+|[^\w\s{_INVISIBLE}]|_"


def _words_of(letters: str) -> re.Pattern[str]:
    return re.compile(rf"{_FIRST_SYLLABLE}|{letters}(?:{_APOSTROPHE}{letters})*|{_OTHERS}")


_COMPOSED = _words_of(r"[^\W\d_]+")
_DECOMPOSED = _words_of(r"(?:[^\W\d_][\u0300-\u036f]*)+")
# “Đồng chíTạ”: a space is missing before the second capital.
_LETTERS = [chr(code) for code in range(0xC0, 0x1F00)]
CAPITALS = f"[A-Z{''.join(filter(str.isupper, _LETTERS))}]"
SMALL = f"[a-z{''.join(filter(str.islower, _LETTERS))}]"
_MARKS = "[\u0300-\u036f]{0,3}"
_GLUED = re.compile(f"{SMALL}{_MARKS}{SMALL}{_MARKS}(?={CAPITALS}{_MARKS}{SMALL})")
_COMBINING_MARK = re.compile("[\u0300-\u036f]")
_LINE_END = re.compile(r"\n\s*")
_DASHES = frozenset("-–—−‐‑‒")
_SENTENCE_ENDS = frozenset(".!?…")
_LINE_ENDS = _SENTENCE_ENDS | {"", ";", ":"}
_RUNS_ON = frozenset({",", "-", "(", "và", "/", "&", "kiêm"})
STOPPED = frozenset("tp tx tt q h p x kt tm tuq tl gs pgs ts tskh ths th bs bscki bsckii ds ks kts cn tr".split())
"""Abbreviations that carry a full stop of their own; so does a single capital."""

_LEVELS = frozenset({"tp", "tx", "tt", "q", "h", "p", "x"})
_SENTENCE_WORDS = frozenset(
    "ông bà anh chị các tại ngày sáng chiều tối theo trong sau trước cùng dự phát về đây để".split()
)
_OPENINGS = frozenset({("đồng", "chí"), ("đ", "/"), ("thay", "mặt"), ("đại", "biểu"), ("đại", "tá"), ("đại", "diện")})
"""What follows a sentence's full stop, even one behind an area's abbreviation."""

LONGEST_WORD = 40
"""Code points; a longer run of letters is no Vietnamese word and matches nothing."""

WRAPPED_LINE = 50
"""Code points; a line at least this long may have been broken by its width, not by its sense."""


class Token(NamedTuple):
    """One word, number or sign: its comparison form, as written, and the text between it and the one before."""

    key: str
    capital: bool
    shouts: bool
    gap: str
    written: str
    width: int
    """Code points of `gap` and `written`."""


@dataclass(frozen=True, slots=True)
class Words:
    """Words of a text, parallel by index; offsets are code points of the text as given.

    `keys` hold each word's comparison form, `capital` whether it begins with a capital, `ends` where it ends.
    `line_starts` are the words that open a line of their own, `sentence_starts` (ascending) those that open a
    sentence.
    """

    text: str
    tokens: list[Token]
    keys: list[str]
    capital: list[bool]
    ends: list[int]
    line_starts: frozenset[int]
    sentence_starts: list[int]

    def __len__(self) -> int:
        return len(self.keys)

    def start(self, index: int) -> int:
        """Return the offset at which a word begins."""
        return self.ends[index] - len(self.tokens[index].written)

    def written(self, start: int, end: int) -> str:
        """Return the words from `start` up to `end` as the text has them."""
        return self.text[self.start(start) : self.ends[end - 1]]

    def surface(self, start: int, end: int) -> str:
        """Return the words from `start` up to `end` as written, composed, white space collapsed."""
        return collapse(nfc(self.written(start, end)))

    def name_key(self, start: int, end: int) -> str:
        """Return the comparison form of a name: its words, with no space beside a hyphen or after H', K', Y'."""
        return " ".join(self.keys[start:end]).replace(" - ", "-").replace("' ", "'")

    def word(self, index: int) -> str:
        """Return one word as written."""
        return self.tokens[index].written

    def key(self, index: int) -> str:
        """Return the comparison form of a word, empty outside the text."""
        return self.keys[index] if 0 <= index < len(self.keys) else ""

    def sentence(self, index: int) -> int:
        """Return the number of the sentence a word stands in."""
        return bisect_right(self.sentence_starts, index)

    def sentence_start(self, index: int) -> int:
        """Return the first word of the sentence a word stands in."""
        sentence = self.sentence(index)
        return self.sentence_starts[sentence - 1] if sentence else 0

    def sentence_end(self, index: int) -> int:
        """Return the word after the sentence a word stands in."""
        sentence = self.sentence(index)
        return self.sentence_starts[sentence] if sentence < len(self.sentence_starts) else len(self.keys)

    def shouts(self, index: int) -> bool:
        """Whether a word of two letters or more stands in capitals."""
        return self.tokens[index].shouts

    def gap(self, index: int) -> str:
        """Return the text between a word and the one before."""
        return self.tokens[index].gap

    def spaced(self, index: int) -> bool:
        """Whether white space, and nothing else, parts a word from the one before."""
        return self.tokens[index].gap.isspace()


def word_keys(text: str) -> list[str]:
    """Return the comparison forms of a phrase's words."""
    return [token.key for token in _read(text)]


def split_words(text: str, windows: list[tuple[int, int]] | None = None) -> Words:
    """Split a text of any Unicode form into words, numbers and signs, in linear time.

    `windows`, ascending and apart, limit the work to stretches of the text that hold whole sentences.
    """
    tokens: list[Token] = []
    openings = []
    done = 0
    for start, end in [(0, len(text))] if windows is None else windows:
        found, reached = _tokens(text[start:end])
        if found:
            key, capital, shouts, gap, written, _ = found[0]
            gap = text[done:start] + gap[1:]
            found[0] = Token(key, capital, shouts, gap, written, len(gap) + len(written))
            openings.append(len(tokens))
            tokens += found
            done = start + reached
    # One pass over all windows for each column: the windows are many and short.
    keys, ends = list(map(_KEY, tokens)), list(accumulate(map(_WIDTH, tokens)))
    line_starts = _line_starts(text, keys, ends)
    sentence_starts = sorted({*openings, *line_starts, *_after_stops(text, keys, tokens)})
    return Words(text, tokens, keys, list(map(_CAPITAL, tokens)), ends, line_starts, sentence_starts)


_KEY, _CAPITAL, _WIDTH = map(itemgetter, map(Token._fields.index, ("key", "capital", "width")))


@lru_cache(maxsize=1 << 15)
def _word(written: str) -> tuple[str, bool, bool]:
    """Return the comparison form, whether it begins with a capital, whether it stands in capitals."""
    shouts = written.isupper() and sum(map(str.isalpha, written)) > 1
    return "-" if written in _DASHES else comparison_key(written), written[0].isupper(), shouts


def _read(text: str) -> list[Token]:
    tokens = []
    done = 0
    pattern = _DECOMPOSED if _COMBINING_MARK.search(text) else _COMPOSED
    for match in pattern.finditer(text):
        gap = text[done : match.start()]
        for written in _parts(match[0]):
            key, capital, shouts = _word(written) if len(written) <= LONGEST_WORD else ("", False, False)
            tokens.append(Token(key, capital, shouts, gap, written, len(gap) + len(written)))
            gap = ""
        done = match.end()
    return tokens


def _parts(written: str) -> list[str]:
    """Return a run of letters as the words it holds: two where the space between them is missing."""
    if written.islower() or (written.istitle() and written.isalpha()) or len(written) > LONGEST_WORD:
        return [written]
    cut = _GLUED.search(written)
    return [written[: cut.end()], written[cut.end() :]] if cut else [written]


class _Chunks(dict[str, list[Token]]):
    """Tokens of the stretches between two spaces met so far; bounded, since every input is hostile."""

    _LARGEST = 1 << 15

    def __missing__(self, chunk: str) -> list[Token]:
        """Raise KeyError where the tokens leave something out: the chunk cannot be read by itself."""
        tokens = _read(" " + chunk) if chunk[-1:] not in APOSTROPHES else []
        if sum(map(_WIDTH, tokens)) <= len(chunk):
            raise KeyError(chunk)
        if len(self) < self._LARGEST and len(chunk) <= LONGEST_WORD:
            self[chunk] = tokens
        return tokens


_tokens_of = _Chunks().__getitem__


def _tokens(stretch: str) -> tuple[list[Token], int]:
    """Read a stretch of text as if a space stood before it; return its tokens and where the last one ends.

    It is cut at its spaces, since most chunks have been met before, and read in one go where a chunk cannot be read by
    itself: a space of several, an apostrophe that may belong to the word after it.
    """
    stretch = stretch.rstrip()
    try:
        return list(chain.from_iterable(map(_tokens_of, stretch.split(" ")))), len(stretch)
    except KeyError:
        tokens = _read(" " + stretch)
        return tokens, sum(map(_WIDTH, tokens)) - 1


def _line_starts(text: str, keys: list[str], ends: list[int]) -> frozenset[int]:
    """Find the words that open a line: after a blank line, a short line or a finished one."""
    found = set()
    line_start = 0
    for match in _LINE_END.finditer(text):
        index = bisect_right(ends, match.end())
        before = keys[index - 1] if index else ""
        if (
            match[0].count("\n") > 1
            or (
                before not in _RUNS_ON
                and (before in _LINE_ENDS or len(nfc(text[line_start : match.start()])) < WRAPPED_LINE)
            )
            or _is_numbered(keys, index)
        ):
            found.add(index)
        line_start = match.end()
    return frozenset(found)


def _is_numbered(keys: list[str], index: int) -> bool:
    """Whether the line that word `index` opens is an item of a numbered list."""
    return index + 1 < len(keys) and keys[index].isdecimal() and keys[index + 1] in {".", ")"}


def _after_stops(text: str, keys: list[str], tokens: list[Token]) -> list[int]:
    """Find the words that follow a full stop which is no abbreviation's."""
    last = len(keys) - 1
    stops = (stop for sign in _SENTENCE_ENDS if sign in text for stop in places_of(sign, keys))
    return [stop + 1 for stop in stops if stop < last and tokens[stop + 1].gap and not _abbreviates(stop, tokens)]


def places_of(sought: str, row: Sequence[str]) -> Iterator[int]:
    """Yield where a comparison form stands in a row of them, or a sign in a text; cheaper than looking at each."""
    at = -1
    with suppress(ValueError):
        while True:
            at = row.index(sought, at + 1)
            yield at


def _abbreviates(stop: int, tokens: list[Token]) -> bool:
    """Whether the full stop belongs to the word before it."""
    before = tokens[stop - 1]
    if not stop or tokens[stop].gap or not before.capital:
        return False
    if before.key in _LEVELS and _opens_anew(tokens, stop + 1):
        return False
    return len(before.key) == 1 or before.key in STOPPED


def _opens_anew(tokens: list[Token], start: int) -> bool:
    """Whether word `start` begins a sentence, however an area is abbreviated before it: “UBND TP. Ông …”."""
    first, second = tokens[start], tokens[start + 1] if start + 1 < len(tokens) else None
    if second is None or not first.capital:
        return False
    return (first.key, second.key) in _OPENINGS or (first.key in _SENTENCE_WORDS and not _names_an_area(first, second))


def _names_an_area(first: Token, second: Token) -> bool:
    return (first.key, second.key) in {("bà", "rịa"), ("ông", "ích")}
