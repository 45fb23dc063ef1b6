"""The text as a row of names, posts and forms of address: what the constructions link."""

from functools import cache
from itertools import compress, count
from typing import NamedTuple

from harvester.vietnamese.officials.contexts import bearer_length, is_barred, names_a_thing
from harvester.vietnamese.officials.lexicon import Lexicon, listed, table
from harvester.vietnamese.officials.names import (
    MIDDLE_NAMES,
    SURNAMES,
    called_name_end,
    name_end,
    openings_without_surname,
    opens_a_name,
)
from harvester.vietnamese.officials.organisations import head_length
from harvester.vietnamese.officials.places import LEVELS, known_area_end
from harvester.vietnamese.officials.positions import Post, read_post
from harvester.vietnamese.officials.titles import openings
from harvester.vietnamese.officials.words import Words


class Address(NamedTuple):
    """An honorific as records have it; `official` where it says by itself that the person is an official."""

    word: str
    official: bool = False
    profession: bool = False


class Name(NamedTuple):
    """A full name: words `start` to `end`, its honorifics from `opening` on; `barred` never becomes an official."""

    opening: int
    start: int
    end: int
    addresses: tuple[Address, ...]
    barred: bool

    @property
    def reach(self) -> int:
        """Where the text after it begins."""
        return self.end


class Group(NamedTuple):
    """An honorific that opens a list: “các đồng chí:”."""

    opening: int
    end: int
    addresses: tuple[Address, ...]

    @property
    def reach(self) -> int:
        """Where the text after it begins."""
        return self.end


Item = Name | Post | Group

_HONORIFICS = "honorific_words.toml"


def _addresses() -> dict[str, Address]:
    words = table(_HONORIFICS)
    return (
        {phrase: Address(word, official=True) for phrase, word in words["official"].items()}
        | {phrase: Address(word) for phrase, word in words["civil"].items()}
        | {phrase: Address(word, profession=True) for phrase, word in words["professions"].items()}
        | {rank: Address(rank) for rank in words["ranks"]["words"]}
        | {degree: Address(degree.replace(" ", "")) for degree in words["degrees"]["words"]}
    )


_ADDRESSES = Lexicon(_addresses)
_DEGREES = Lexicon.of(listed(_HONORIFICS, "degrees", "words"), True)
_ABBREVIATED = frozenset({"c", "đc"})
_PLURALS = frozenset({"các", "những"})


@cache
def _openings() -> dict[str, frozenset[str]]:
    """Return the words that an item other than a bare name begins with, and after each its second words.

    An empty second word stands for any.
    """
    found: dict[str, set[str]] = {}
    for phrase in openings() | _ADDRESSES.openings:
        first, _, second = phrase.partition(" ")
        found.setdefault(first, set()).add(second)
    return {first: frozenset(seconds) for first, seconds in found.items()}


@cache
def _first_words() -> frozenset[str]:
    return frozenset(_openings().keys() | SURNAMES.phrases.keys())


def opening_of(item: Item) -> int:
    """Return the word an item begins with, honorifics included."""
    return item.start if isinstance(item, Post) else item.opening


def read_items(words: Words) -> list[Item]:
    """Return names, posts and group openings in the order of the text."""
    items: list[Item] = []
    after = 0
    places = compress(count(), map(_first_words().__contains__, words.keys))
    for at in sorted({*places, *openings_without_surname(words)}):
        if at < after or not _may_open(words, at):
            continue
        item, after = _read_item(words, at, items[-1] if items else None)
        if isinstance(item, Name) and not item.addresses and _is_tail_of_capitals(words, items, at):
            item = None
        if item is not None:
            items.append(item)
    return items


def _may_open(words: Words, at: int) -> bool:
    seconds = _openings().get(words.keys[at], ())
    return "" in seconds or words.key(at + 1) in seconds or (words.capital[at] and opens_a_name(words, at))


def _read_item(words: Words, at: int, before: Item | None) -> tuple[Item | None, int]:
    """Return the item at word `at`, if one begins there, and the word to go on from."""
    start, addresses = _read_addresses(words, at)
    if start > at:
        end = called_name_end(words, start)
        if end > start and not (addresses[-1].profession and known_area_end(words, start, "province") == end):
            return _name(words, (at, start, end), addresses, before)
    if start > at and words.keys[at] in _PLURALS and read_post(words, at + 1) is not None:
        return None, at + 1
    post = read_post(words, at)
    if post is not None:
        return post, post.end
    if start > at:
        group = words.keys[at] in _PLURALS or any(address.official for address in addresses)
        return (Group(at, start, addresses) if group else None), start
    return _read_uncalled(words, at, before)


def _read_uncalled(words: Words, at: int, before: Item | None) -> tuple[Item | None, int]:
    if not words.capital[at]:
        return None, at + 1
    for end in (known_area_end(words, at), at + bearer_length(words, at)):
        if end > at:
            return None, end
    head = head_length(words, at)
    if head > 1:
        return None, at + head
    end = name_end(words, at)
    return _name(words, (at, at, end), (), before) if end > at else (None, at + 1)


def _is_tail_of_capitals(words: Words, items: list[Item], at: int) -> bool:
    """Whether the capital at `at` goes on a run of capitals or names an area; after a post it does neither."""
    before = at - 1
    if before < 0 or not words.spaced(at) or at in words.line_starts or (items and items[-1].end == at):
        return False
    if not words.capital[before]:
        return LEVELS.ending_at(words, at) is not None
    return words.sentence(before - 1) == words.sentence(before) if before else False


def _name(
    words: Words, place: tuple[int, int, int], addresses: tuple[Address, ...], before: Item | None
) -> tuple[Item | None, int]:
    """Weigh what stands before the name; a post right before it is looked past (“Phó Thủ tướng”, “thành phố”)."""
    opening, start, end = place
    after_post = isinstance(before, Post) and before.end == opening
    if not after_post and names_a_thing(words, opening, start):
        return None, end
    context = before.start if isinstance(before, Post) and after_post else opening
    return Name(opening, start, end, addresses, is_barred(words, context, start)), end


def _read_addresses(words: Words, start: int) -> tuple[int, tuple[Address, ...]]:
    """Read a stack of honorifics (“đồng chí Thượng tá, ThS”); return the word after it and what it holds."""
    at = start
    addresses: list[Address] = []
    while at < len(words.keys) and (found := _ADDRESSES.longest(words, at)):
        length, address = found
        if words.keys[at] == "đại" and read_post(words, at) is not None:
            break
        if words.capital[at] and words.keys[at] in SURNAMES and words.key(at + 1) in MIDDLE_NAMES:
            break
        degree = " ".join(words.keys[at : at + length]) in _DEGREES
        if degree and not words.capital[at]:
            break
        addresses.append(address)
        at += length
        abbreviated = degree or words.keys[at - 1] in _ABBREVIATED
        own_stop = abbreviated and words.key(at) == "." and not words.gap(at)
        if own_stop or (words.key(at) == "," and _ADDRESSES.length(words, at + 1)):
            at += 1
    return at, tuple(addresses)
