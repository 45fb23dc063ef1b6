"""The text as a row of words: every rule of this room looks at words, so spelling variants end here."""

import re
from bisect import bisect_right
from dataclasses import dataclass
from itertools import pairwise

from harvester.vietnamese.text import collapse, comparison_key, nfc

_APOSTROPHE = "['’‘ʼ`´]"
# "H’ Lan", "K’ Nhiễu": the apostrophe belongs to the first syllable although a space follows.
_FIRST_SYLLABLE = rf"[HKY]{_APOSTROPHE}(?=\s{{1,3}}[^\W\d_])"
_OTHERS = r"\d+|[^\w\s\u00ad\u200b-\u200f\u2060\ufeff]|_"


def _words_of(letters: str) -> re.Pattern[str]:
    return re.compile(rf"{_FIRST_SYLLABLE}|{letters}(?:{_APOSTROPHE}{letters})*|{_OTHERS}")


_COMPOSED = _words_of(r"[^\W\d_]+")
_DECOMPOSED = _words_of(r"(?:[^\W\d_][\u0300-\u036f]*)+")
_COMBINING_MARK = re.compile("[\u0300-\u036f]")
_LINE_END = re.compile(r"\n\s*")
_DASHES = frozenset("-–—−‐‑‒")
_SENTENCE_ENDS = frozenset(".!?…")
_RUNS_ON = frozenset({",", "-", "(", "và", "/", "&", "kiêm"})
_STOPPED = frozenset("tp tx tt q h p x kt tm tuq tl gs pgs ts tskh ths th bs bscki bsckii ds ks kts cn tr".split())
"""Abbreviations that carry a full stop of their own; so does a single capital."""

LONGEST_WORD = 40
"""Code points; a longer run of letters is no Vietnamese word and matches nothing."""

WRAPPED_LINE = 50
"""Code points; a line at least this long may have been broken by its width, not by its sense."""


@dataclass(frozen=True, slots=True)
class Words:
    """Words of a text, parallel by index; offsets are code points of the text as given.

    `keys` hold each word's comparison form, `pairs` that of a word and the next, `capital` whether it begins with a
    capital. `line_starts` are the words that open a line of their own, `sentence_starts` (ascending) those that open
    a sentence.
    """

    text: str
    keys: list[str]
    pairs: list[str]
    starts: list[int]
    ends: list[int]
    capital: list[bool]
    line_starts: frozenset[int]
    sentence_starts: list[int]

    def __len__(self) -> int:
        return len(self.keys)

    def surface(self, start: int, end: int) -> str:
        """Return the words from `start` up to `end` as written, composed, white space collapsed."""
        return collapse(nfc(self.text[self.starts[start] : self.ends[end - 1]]))

    def word(self, index: int) -> str:
        """Return one word as written."""
        return self.text[self.starts[index] : self.ends[index]]

    def key(self, index: int) -> str:
        """Return the comparison form of a word, empty outside the text."""
        return self.keys[index] if 0 <= index < len(self.keys) else ""

    def sentence(self, index: int) -> int:
        """Return the number of the sentence a word stands in."""
        return bisect_right(self.sentence_starts, index)

    def shouts(self, index: int) -> bool:
        """Whether a word of two letters or more stands in capitals."""
        word = self.word(index)
        return word.isupper() and sum(map(str.isalpha, word)) > 1

    def spaced(self, index: int) -> bool:
        """Whether white space, and nothing else, parts a word from the one before."""
        return self.text[self.ends[index - 1] : self.starts[index]].isspace()


class _Known(dict[str, tuple[str, bool]]):
    """Comparison form and capital of the words met so far; bounded, since every input is hostile."""

    _LARGEST = 1 << 15

    def __missing__(self, word: str) -> tuple[str, bool]:
        if len(word) > LONGEST_WORD:
            return "", False
        known = ("-" if word in _DASHES else comparison_key(word), word[0].isupper())
        if len(self) < self._LARGEST:
            self[word] = known
        return known


_KNOWN = _Known()


def word_keys(text: str) -> list[str]:
    """Return the comparison forms of a composed phrase's words."""
    return [_KNOWN[match[0]][0] for match in _COMPOSED.finditer(text)]


def split_words(text: str, windows: list[tuple[int, int]] | None = None) -> Words:
    """Split a text of any Unicode form into words, numbers and signs, in linear time.

    `windows`, ascending and apart, limit the work to stretches of the text that hold whole sentences.
    """
    pattern = _DECOMPOSED if _COMBINING_MARK.search(text) else _COMPOSED
    matches = [
        match for start, end in ([(0, len(text))] if windows is None else windows)
        for match in pattern.finditer(text, start, end)
    ]  # fmt: skip
    known = [_KNOWN[match[0]] for match in matches]
    keys = [key for key, _ in known]
    capital = [flag for _, flag in known]
    spans = [match.span() for match in matches]
    starts = [start for start, _ in spans]
    ends = [end for _, end in spans]
    line_starts = _line_starts(text, keys, starts)
    sentence_starts = _sentence_starts(keys, capital, starts, ends, line_starts)
    pairs = list(map(" ".join, pairwise(keys))) + keys[-1:]
    return Words(text, keys, pairs, starts, ends, capital, line_starts, sentence_starts)


def _line_starts(text: str, keys: list[str], starts: list[int]) -> frozenset[int]:
    """Find the words that open a line: after a blank line, a short line or a finished one."""
    found = set()
    line_start = 0
    for match in _LINE_END.finditer(text):
        index = bisect_right(starts, match.end() - 1)
        before = keys[index - 1] if index else ""
        blank = match[0].count("\n") > 1
        wrapped = match.start() - line_start >= WRAPPED_LINE and before not in _SENTENCE_ENDS and before not in ";:"
        if blank or (before not in _RUNS_ON and not wrapped):
            found.add(index)
        line_start = match.end()
    return frozenset(found)


def _sentence_starts(
    keys: list[str], capital: list[bool], starts: list[int], ends: list[int], line_starts: frozenset[int]
) -> list[int]:
    """Find the words that open a sentence: a line's first, and those after a full stop that is no abbreviation's."""
    stops = [index for index, key in enumerate(keys) if key in _SENTENCE_ENDS]
    last = len(keys) - 1
    opened = {
        stop + 1 for stop in stops
        if stop < last and starts[stop + 1] > ends[stop] and not _abbreviates(stop, keys, capital, starts, ends)
    }  # fmt: skip
    return sorted(opened | line_starts)


def _abbreviates(stop: int, keys: list[str], capital: list[bool], starts: list[int], ends: list[int]) -> bool:
    """Whether the full stop belongs to the word before it."""
    word = stop - 1
    if word < 0 or ends[word] != starts[stop] or not capital[word]:
        return False
    return ends[word] - starts[word] == 1 or keys[word] in _STOPPED
