"""People in the order of the text: where each is named with the posts beside the name, and who stands in one list."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from harvester.vietnamese.officials.constructions import Holder
from harvester.vietnamese.officials.items import Item, Name
from harvester.vietnamese.officials.lexicon import Lexicon, listed, table
from harvester.vietnamese.officials.positions import Post
from harvester.vietnamese.officials.words import Words, word_keys

_IN_APPOSITION = frozenset(
    ", - ( ) : / & hiện là đang nay và kiêm nhiệm đồng thời vốn từng sinh năm cùng đều tuổi".split()
)
_BEFORE_NAME = frozenset(", : - là và kiêm các".split())
COMMAS = frozenset(", và cùng với ) các đồng chí đ / c ông bà".split())
_SEPARATORS = COMMAS | frozenset("; : - + • *".split())

PLURALS = frozenset("các hai ba bốn".split())
"""Before a post or an honorific these open a list."""


def _address_lengths() -> dict[str, int]:
    words = table("honorific_words.toml")
    return {
        phrase: len(word_keys(phrase)) for phrase in (*words["official"], *words["civil"], *words["ranks"]["words"])
    }


ADDRESS_LENGTHS: Lexicon[int] = Lexicon(_address_lengths)
"""Forms of address with their numbers of words; they may stand before a post as before a name."""

_RANKS = Lexicon.of(listed("honorific_words.toml", "ranks", "words"), True)

_VERB = ["chủ", "tọa"]
"""A function of the event that is a verb, too."""

_POST_GLUE, _APPOSITION_REACH = 2, 4
"""Words between a post and the name after it, a name and a post beside it."""

_POST_REACH = 8
"""Words between a name and a post that the person is said to get."""

_SEPARATOR_REACH = 7
"""Words between two people of a list."""

_MOST_ADDRESSES = 3
"""Forms of address before a post."""


class Person(NamedTuple):
    """A place where somebody is named: words `left` to `right`, posts beside the name and forms of address included.

    `far`: the end of a post that the person is said to get (“A giữ chức X”), else `right`; `until`: where the next
    person begins. `signs`: the name stands in a signature block. A name that is no mention has an empty key.
    """

    key: str
    left: int
    right: int
    far: int
    until: int
    signs: bool = False


def people_in_rows(words: Words, items: Sequence[Item], holders: Mapping[str, list[Holder]]) -> Iterator[list[Person]]:
    """Yield the people of a text, those that only commas, “và” or bullets part in one row."""
    row: list[Person] = []
    for person in _people(words, items, holders):
        if row and not _in_one_row(words, row[-1], person):
            yield row
            row = []
        row.append(person)
    if row:
        yield row


def _people(words: Words, items: Sequence[Item], holders: Mapping[str, list[Holder]]) -> list[Person]:
    by_start = {holder.name.start: (key, holder) for key, named in holders.items() for holder in named}
    people: list[Person] = []
    until = len(words.keys)
    for index in range(len(items) - 1, -1, -1):
        item = items[index]
        if not isinstance(item, Name):
            continue
        key, holder = by_start.get(item.start, ("", None))
        left, right, far = item.opening, item.end, item.end
        if holder and holder.posts:
            left, (right, far) = _left(words, items, index, holder), _right(words, items, index, holder)
        if words.key(right) == ")":
            far += far == right
            right += 1
        signs = holder is not None and any(address.official and not address.word for address in holder.called)
        people.append(Person(key, left, right, far, until, signs))
        until = left
    return people[::-1]


def _left(words: Words, items: Sequence[Item], index: int, holder: Holder) -> int:
    """Return where the posts before the name begin, or the forms of address before these: “đồng chí Bí thư A”."""
    left = holder.name.opening
    for before in reversed(items[max(0, index - len(holder.posts)) : index]):
        if not isinstance(before, Post) or before not in holder.posts:
            break
        between = words.keys[before.reach : left]
        if len(between) > _POST_GLUE or not _BEFORE_NAME.issuperset(between):
            break
        left = before.start
    return left if left == holder.name.opening else _address_start(words, left)


def _address_start(words: Words, post: int) -> int:
    """Return where the forms of address before a post begin: “các đồng chí”, “đồng chí Đại tá,”."""
    left = post
    for _ in range(_MOST_ADDRESSES):
        end = left - 1 if words.key(left - 1) == "," and _RANKS.ending_at(words, left - 1) else left
        length = ADDRESS_LENGTHS.ending_at(words, end)
        if not length:
            break
        left = end - length
    return left - (words.key(left - 1) in PLURALS)


def _right(words: Words, items: Sequence[Item], index: int, holder: Holder) -> tuple[int, int]:
    """Return the end of the posts beside the name, and of those that the person is said to get."""
    right = far = holder.name.end
    for after in items[index + 1 : index + 1 + len(holder.posts)]:
        if not isinstance(after, Post) or after not in holder.posts or words.keys[after.start : after.end] == _VERB:
            break
        between = words.keys[far : after.start]
        if far == right and len(between) <= _APPOSITION_REACH and _is_apposition(between):
            right = far = max(after.reach, far)
        elif len(between) <= _POST_REACH and words.sentence(after.start) == words.sentence(right):
            far = max(after.reach, far)
        else:
            break
    return right, far


def _is_apposition(between: list[str]) -> bool:
    return all(key in _IN_APPOSITION or key.isdecimal() for key in between)


def _in_one_row(words: Words, first: Person, second: Person) -> bool:
    between = words.keys[first.far : second.left]
    if not between or len(between) > _SEPARATOR_REACH:
        return False
    return all(key in _SEPARATORS or key.isdecimal() for key in between)
