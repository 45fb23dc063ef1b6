"""Gazetteer files as lexicons: phrases that are looked up word by word, the longest first."""

import tomllib
from collections.abc import Callable, Iterable, Mapping
from functools import cache, cached_property, reduce
from importlib import resources
from operator import getitem
from typing import Any, Generic, TypeVar

from harvester.vietnamese.officials.words import Words, word_keys
from harvester.vietnamese.text import comparison_key

_GAZETTEERS = resources.files("harvester.vietnamese.gazetteers")

Value = TypeVar("Value")

_Node = dict[str | None, Any]
"""A word's followers; under None the value of the phrase that ends here."""


def phrase_key(phrase: str) -> str:
    """Return a phrase as the lexicons hold it: the comparison forms of its words, one space between."""
    return " ".join(word_keys(phrase))


def phrase_keys(phrases: Iterable[str]) -> list[str]:
    """Return many phrases as the lexicons hold them; one fold over all of them keeps long lists cheap."""
    joined = "|".join(phrases)
    folded = comparison_key(joined).split("|") if joined else []
    return [phrase if phrase.replace(" ", "").isalpha() else phrase_key(phrase) for phrase in folded]


class Lexicon(Generic[Value]):
    """Phrases with a value each, as a tree of words; most look-ups end at its root.

    The phrases are asked for at the first look-up, so that importing a module reads no gazetteer.
    """

    def __init__(self, entries: Callable[[], Mapping[str, Value]]) -> None:
        self._entries = entries

    @classmethod
    def of(cls, phrases: Callable[[], Iterable[str]], value: Value) -> "Lexicon[Value]":
        """Return a lexicon in which every phrase has the same value."""
        return cls(lambda: dict.fromkeys(phrases(), value))

    @cached_property
    def phrases(self) -> dict[str, Value]:
        """The phrases as they are looked up; asked by itself where a call for every word of a text would tell."""
        entries = self._entries()
        return dict(zip(phrase_keys(entries), entries.values(), strict=True))

    @cached_property
    def _forwards(self) -> _Node:
        return _tree((phrase.split(" "), value) for phrase, value in self.phrases.items())

    @cached_property
    def _backwards(self) -> _Node:
        return _tree((phrase.split(" ")[::-1], value) for phrase, value in self.phrases.items())

    @cached_property
    def first_words(self) -> frozenset[str]:
        """The first words of the phrases."""
        return frozenset(phrase.split(" ")[0] for phrase in self.phrases)

    @cached_property
    def openings(self) -> frozenset[str]:
        """The first two words of the phrases, or the only one."""
        return frozenset(" ".join(phrase.split(" ")[:2]) for phrase in self.phrases)

    def __contains__(self, phrase: str) -> bool:
        return phrase in self.phrases

    def longest(self, words: Words, start: int) -> tuple[int, Value] | None:
        """Return the number of words and the value of the longest phrase beginning at `start`."""
        keys = words.keys
        end = len(keys)
        node: Any = self._forwards
        found: tuple[int, Value] | None = None
        at = start
        while at < end and (node := node.get(keys[at])):
            at += 1
            if None in node:
                found = (at - start, node[None])
        return found

    def length(self, words: Words, start: int) -> int:
        """Return the number of words of the longest phrase beginning at `start`, or 0."""
        keys = words.keys
        end = len(keys)
        node: Any = self._forwards
        length = 0
        at = start
        while at < end and (node := node.get(keys[at])):
            at += 1
            if None in node:
                length = at - start
        return length

    def first_in(self, words: Words, start: int, end: int) -> int | None:
        """Return the first word from `start` up to `end` at which a phrase begins."""
        first_words, keys = self.first_words, words.keys[start:end]
        if first_words.isdisjoint(keys):
            return None
        return next((at for at, key in enumerate(keys, start) if key in first_words and self.length(words, at)), None)

    def ending_at(self, words: Words, end: int) -> Value | None:
        """Return the value of the longest phrase that ends just before word `end`."""
        keys = words.keys
        node: Any = self._backwards
        found: Value | None = None
        at = end - 1
        while at >= 0 and (node := node.get(keys[at])):
            at -= 1
            found = node.get(None, found)
        return found


def _tree(entries: Iterable[tuple[list[str], Any]]) -> _Node:
    root: _Node = {}
    for words, value in entries:
        node = root
        for word in words:
            following = node.get(word)
            if following is None:
                following = node[word] = {}
            node = following
        node[None] = value
    return root


@cache
def table(name: str) -> dict[str, Any]:
    """Return a TOML gazetteer."""
    return tomllib.loads((_GAZETTEERS / name).read_text(encoding="utf-8"))


def listed(name: str, *path: str) -> Callable[[], Iterable[str]]:
    """Return what fetches the phrases at a path of a TOML gazetteer, for a lexicon to call when it is first used."""
    return lambda: reduce(getitem, path, table(name))


@cache
def lines(name: str) -> tuple[str, ...]:
    """Return the entries of a plain list; lines that begin with # are remarks."""
    text = (_GAZETTEERS / name).read_text(encoding="utf-8")
    return tuple(line for line in text.splitlines() if line and not line.startswith("#"))
