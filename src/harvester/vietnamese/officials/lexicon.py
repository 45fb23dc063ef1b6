"""Gazetteer files as lexicons: phrases that are looked up word by word, the longest first."""

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources
from typing import Any, Generic, TypeVar

from harvester.vietnamese.officials.words import Words, word_keys

_GAZETTEERS = resources.files("harvester.vietnamese.gazetteers")

Value = TypeVar("Value")


def phrase_key(phrase: str) -> str:
    """Return a phrase as the lexicons hold it: the comparison forms of its words, one space between."""
    return " ".join(word_keys(phrase))


class Lexicon(Generic[Value]):
    """Phrases with a value each, indexed by their first two words so that most look-ups end at once."""

    def __init__(self, entries: Mapping[str, Value]) -> None:
        self._values = {phrase_key(phrase): value for phrase, value in entries.items()}
        lengths: dict[str, set[int]] = {}
        for phrase in self._values:
            words = phrase.split(" ")
            lengths.setdefault(" ".join(words[:2]), set()).add(len(words))
        self._lengths = {opening: tuple(sorted(found, reverse=True)) for opening, found in lengths.items()}
        self._longest = max((found[0] for found in self._lengths.values()), default=0)

    @classmethod
    def of(cls, phrases: Iterable[str], value: Value) -> "Lexicon[Value]":
        """Return a lexicon in which every phrase has the same value."""
        return cls(dict.fromkeys(phrases, value))

    @property
    def openings(self) -> frozenset[str]:
        """The first two words of the phrases, or the only one."""
        return frozenset(self._lengths)

    def __contains__(self, phrase: str) -> bool:
        return phrase in self._values

    def longest(self, words: Words, start: int) -> tuple[int, Value] | None:
        """Return the number of words and the value of the longest phrase beginning at `start`."""
        if start >= len(words.keys):
            return None
        for length in self._lengths.get(words.pairs[start], ()):
            phrase = " ".join(words.keys[start : start + length])
            if start + length <= len(words.keys) and phrase in self._values:
                return length, self._values[phrase]
        first = words.keys[start]
        return (1, self._values[first]) if first in self._values else None

    def length(self, words: Words, start: int) -> int:
        """Return the number of words of the longest phrase beginning at `start`, or 0."""
        found = self.longest(words, start)
        return found[0] if found else 0

    def ending_at(self, words: Words, end: int) -> Value | None:
        """Return the value of the longest phrase that ends just before word `end`."""
        for length in range(min(self._longest, end), 0, -1):
            value = self._values.get(" ".join(words.keys[end - length : end]))
            if value is not None:
                return value
        return None


@cache
def table(name: str) -> dict[str, Any]:
    """Return a TOML gazetteer."""
    return tomllib.loads((_GAZETTEERS / name).read_text(encoding="utf-8"))


def lines(name: str) -> list[str]:
    """Return the entries of a plain list; lines that begin with # are remarks."""
    text = (_GAZETTEERS / name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]
