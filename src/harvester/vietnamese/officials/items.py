"""The text as a row of names, posts and forms of address: what the constructions link."""

from dataclasses import dataclass, replace

from harvester.vietnamese.officials.contexts import bearer_length, is_barred, names_a_thing
from harvester.vietnamese.officials.lexicon import Lexicon, phrase_key, table
from harvester.vietnamese.officials.names import MIDDLE_NAMES, SURNAMES, called_name_end, name_end
from harvester.vietnamese.officials.places import LEVELS, known_area_end
from harvester.vietnamese.officials.positions import OPENINGS, Post, organisation_head_length, read_post
from harvester.vietnamese.officials.words import Words

_HONORIFICS = table("honorific_words.toml")


@dataclass(frozen=True, slots=True)
class Address:
    """An honorific as records have it; `official` where it says by itself that the person is an official."""

    word: str
    official: bool = False
    profession: bool = False


@dataclass(frozen=True, slots=True)
class Name:
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


@dataclass(frozen=True, slots=True)
class Group:
    """An honorific that opens a list: “các đồng chí:”."""

    opening: int
    end: int
    addresses: tuple[Address, ...]

    @property
    def reach(self) -> int:
        """Where the text after it begins."""
        return self.end


Item = Name | Post | Group

_ADDRESSES: Lexicon[Address] = Lexicon(
    {phrase: Address(word, official=True) for phrase, word in _HONORIFICS["official"].items()}
    | {phrase: Address(word) for phrase, word in _HONORIFICS["civil"].items()}
    | {phrase: Address(word, profession=True) for phrase, word in _HONORIFICS["professions"].items()}
    | {rank: Address(rank) for rank in _HONORIFICS["ranks"]["words"]}
    | {degree: Address(degree.replace(" ", "")) for degree in _HONORIFICS["degrees"]["words"]}
)
_OPENINGS = OPENINGS | _ADDRESSES.openings
_PLURALS = frozenset({"các", "những"})
_DEGREES = frozenset(map(phrase_key, _HONORIFICS["degrees"]["words"]))


def opening_of(item: Item) -> int:
    """Return the word an item begins with, honorifics included."""
    return item.start if isinstance(item, Post) else item.opening


def read_items(words: Words) -> list[Item]:
    """Return names, posts and group openings in the order of the text."""
    items: list[Item] = []
    at = 0
    keys, pairs, capital = words.keys, words.pairs, words.capital
    while at < len(keys):
        opens = pairs[at] in _OPENINGS or keys[at] in _OPENINGS
        if not opens and not (capital[at] and keys[at] in SURNAMES):
            at += 1
            continue
        item, after = _read_item(words, at, items[-1] if items else None)
        if isinstance(item, Name) and not item.addresses and _is_tail_of_capitals(words, items, at):
            item = None
        if item is not None:
            items.append(item)
        at = after
    return items


def _read_item(words: Words, at: int, before: Item | None) -> tuple[Item | None, int]:
    """Return the item at word `at`, if one begins there, and the word to go on from."""
    start, addresses = _read_addresses(words, at)
    if start > at:
        end = called_name_end(words, start)
        if end > start and not (addresses[-1].profession and known_area_end(words, start, "province") == end):
            return _name(words, Name(at, start, end, addresses, barred=False), before)
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
    head = organisation_head_length(words, at)
    if head > 1:
        return None, at + head
    end = name_end(words, at)
    return _name(words, Name(at, at, end, (), barred=False), before) if end > at else (None, at + 1)


def _is_tail_of_capitals(words: Words, items: list[Item], at: int) -> bool:
    """Whether the capital at `at` goes on a run of capitals or names an area; after a post it does neither."""
    before = at - 1
    if before < 0 or not words.spaced(at) or at in words.line_starts or (items and items[-1].end == at):
        return False
    if not words.capital[before]:
        return LEVELS.ending_at(words, at) is not None
    return words.sentence(before - 1) == words.sentence(before) if before else False


def _name(words: Words, name: Name, before: Item | None) -> tuple[Item | None, int]:
    """Weigh what stands before the name; a post right before it is looked past (“Phó Thủ tướng”, “thành phố”)."""
    after_post = isinstance(before, Post) and before.end == name.opening
    if not after_post and names_a_thing(words, name.opening, name.start):
        return None, name.end
    opening = before.start if isinstance(before, Post) and after_post else name.opening
    return replace(name, barred=is_barred(words, opening, name.start)), name.end


def _read_addresses(words: Words, start: int) -> tuple[int, tuple[Address, ...]]:
    """Read a stack of honorifics (“đồng chí Thượng tá, ThS”); return the word after it and what it holds."""
    at = start
    addresses: list[Address] = []
    while at < len(words) and (found := _ADDRESSES.longest(words, at)):
        length, address = found
        if words.capital[at] and words.keys[at] in SURNAMES and words.key(at + 1) in MIDDLE_NAMES:
            break
        degree = " ".join(words.keys[at : at + length]) in _DEGREES
        if degree and not words.capital[at]:
            break
        addresses.append(address)
        at += length
        own_stop = degree and words.key(at) == "." and words.starts[at] == words.ends[at - 1]
        if own_stop or (words.key(at) == "," and _ADDRESSES.length(words, at + 1)):
            at += 1
    return at, tuple(addresses)
