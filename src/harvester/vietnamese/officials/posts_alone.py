"""References by post: “đồng chí Bí thư Quận ủy”, “Chủ tịch UBND quận nhấn mạnh” (docs/annotation.md, O15)."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from itertools import chain, islice
from typing import NamedTuple

from harvester.records import Position
from harvester.vietnamese.officials.constructions import Holder
from harvester.vietnamese.officials.given_names import GROUPS
from harvester.vietnamese.officials.items import Item, Name, opening_of
from harvester.vietnamese.officials.lexicon import Lexicon, listed, table
from harvester.vietnamese.officials.positions import Post, read_post
from harvester.vietnamese.officials.titles import Kind
from harvester.vietnamese.officials.wording import position_of
from harvester.vietnamese.officials.words import Words, split_words, word_keys

_PERSONAL = ("đồng chí", "đ/c", "đc", "ông", "bà")
"""Honorifics before a post."""

_ADDRESSES: Lexicon[int] = Lexicon(lambda: {phrase: len(word_keys(phrase)) for phrase in _PERSONAL})
_PREDICATES = frozenset("là làm bầu nhiệm chức vụ danh vị của và cho giao cầu nghị quyền với (".split())
"""Right before a post alone these make it an office, an issuer or an addressee: “Quyết định của Chủ tịch …”."""

_PERSONALLY = (
    "phát biểu của", "sự chủ trì của", "sự điều hành của", "sự tham dự của", "sự có mặt của",
    "thừa ủy quyền", "thừa ủy quyền của",
)  # fmt: skip
"""Before a post alone these speak of the person; “thừa ủy quyền” rests on one example."""

_NAMING = Lexicon.of(lambda: _PERSONALLY, True)
_VERBS = Lexicon.of(lambda: chain.from_iterable(table("event_words.toml")["verbs"].values()), True)
_OTHER_VERBS = Lexicon.of(listed("event_words.toml", "other", "words"), True)
_FILLERS = Lexicon.of(listed("event_words.toml", "between", "fillers"), True)
_MOST_FILLERS = 3
_LEVELS = Lexicon.of(listed("place_levels.toml", "levels"), True)
_COMPLETE = frozenset({
    "thủ tướng", "phó thủ tướng", "bộ trưởng", "thứ trưởng", "tổng bí thư", "chủ tịch nước", "phó chủ tịch nước",
    "hiệu trưởng",
})  # fmt: skip
"""Titles that stand for a person without organisation and honorific: “Bộ trưởng nhấn mạnh”."""

_BEFORE_GLUES = frozenset({",", "-", ":", "(", "là"})
_MOST_TITLES, _MOST_HITS = 20, 200
"""Of one text: what is searched for, each in linear time, and what is read closely."""

_MOST_HELD = 200
"""Posts of one text; where more are held, nobody is told by the post alone."""

_BEFORE, _AFTER = 40, 120
"""Code points read around a title outside of the sentences that hold names."""

_AUTHORITY_REACH = 3
_LONGEST_PREFIX = 2
"""Words before a title: “ủy quyền của”, and those that belong to it, “nguyên Phó”."""


def by_post(
    words: Words,
    windows: list[tuple[int, int]] | None,
    items: list[Item],
    holders: Mapping[str, list[Holder]],
    positions: Mapping[str, tuple[Position, ...]],
) -> Iterator[tuple[int, int, str]]:
    """Yield the offsets of posts that stand for one official, with the official's key; `positions` are theirs."""
    held = [(key, _form_of(position)) for key, several in positions.items() for position in several]
    if len(held) > _MOST_HELD:
        return
    given = {post for named in holders.values() for holder in named for post in holder.posts}
    within = ((words, 0, post) for post in _nameless(words, items) if post not in given or _authorises(words, post))
    titles = dict.fromkeys(position.role for several in positions.values() for position in several)
    for around, offset, read in chain(within, _outside(words.text, windows, titles)):
        post = _absent(around, read)
        start = _designates(around, post)
        if start is None:
            continue
        wanted = _form_of(position_of(around, post))
        left = {key for key, form in held if _agree(wanted, form)}
        alone = start == around.start(post.start) and wanted.is_title and " ".join(wanted.words) not in _COMPLETE
        if len(left) == 1 and not alone:
            yield offset + start, offset + around.ends[post.end - 1], left.pop()


def _nameless(words: Words, items: list[Item]) -> Iterator[Post]:
    """Yield the posts that no name follows."""
    for index, item in enumerate(items):
        if not isinstance(item, Post):
            continue
        after = items[index + 1] if index + 1 < len(items) else None
        glue = words.keys[item.reach : opening_of(after)] if isinstance(after, Name) else None
        if glue is None or len(glue) > 1 or not _BEFORE_GLUES.issuperset(glue) or _authorises(words, item):
            yield item


def _authorises(words: Words, post: Post) -> bool:
    """Whether the post's holder is spoken for by whoever is named next: “thừa ủy quyền Chủ tịch nước, đồng chí …”."""
    before = words.keys[max(0, post.start - _AUTHORITY_REACH) : post.start + 1]
    return ["ủy", "quyền"] in (before[-2:], before[-3:-1], before[-4:-2])


def _outside(
    text: str, windows: list[tuple[int, int]] | None, titles: Iterable[str]
) -> Iterator[tuple[Words, int, Post]]:
    """Read the posts in the sentences that hold no name, where one of the titles stands there.

    Yields the words around each, the offset of their text, and the post.
    """
    if not windows:
        return
    done = 0
    for at, floor, ceiling in sorted(_hits(text, windows, titles))[:_MOST_HITS]:
        if at < done:
            continue
        start = text.find(" ", max(floor, at - _BEFORE), at) + 1 if at - floor > _BEFORE else floor
        start = start or floor
        words = split_words(text[start : min(ceiling, at + _AFTER)])
        index = bisect_left(words.ends, at - start + 1)
        begins = range(max(0, index - _LONGEST_PREFIX), index + 1)
        post = next((post for begin in begins if (post := read_post(words, begin)) and post.end > index), None)
        if post is not None:
            done = start + words.ends[post.end - 1]
            yield words, start, post


def _hits(text: str, windows: list[tuple[int, int]], titles: Iterable[str]) -> set[tuple[int, int, int]]:
    """Return where titles stand between the windows, each with the bounds of its gap."""
    starts, ends = [start for start, _ in windows], [end for _, end in windows]
    hits = set()
    for title in _searched(titles):
        at = text.find(title, ends[0])
        while at >= 0:
            gap = bisect_right(ends, at)
            if gap == bisect_right(starts, at):
                hits.add((at, ends[gap - 1], starts[gap] if gap < len(starts) else len(text)))
            at = text.find(title, at + 1)
    return hits


def _searched(titles: Iterable[str]) -> list[str]:
    """Return what to search for: titles without their first letter, whose case varies; none holds another."""
    forms = dict.fromkeys(map(_without_first_letter, islice(titles, _MOST_TITLES)))
    return [form for form in forms if form and not any(form != other and other in form for other in forms if other)]


@lru_cache(maxsize=1024)
def _without_first_letter(title: str) -> str:
    names = _title_names()
    return " ".join(names.get(word.casefold(), word) for word in title.split())[1:]


def _absent(words: Words, post: Post) -> Post:
    """Return the post of whoever gave the authority: in “thừa ủy quyền Chủ tịch nước” “quyền” is no title."""
    if post.start and words.keys[post.start - 1 : post.start + 1] == ["ủy", "quyền"]:
        return read_post(words, post.start + 1) or post
    return post


def _designates(words: Words, post: Post) -> int | None:
    """Return the offset from which on the words of a post stand for a person, None where they name an office."""
    if post.kind is not Kind.OFFICE or not GROUPS.isdisjoint(words.keys[max(0, post.start - 1) : post.end + 1]):
        return None
    if words.key(post.end) == "," and _LEVELS.length(words, post.end + 1):
        return None
    honorific = _ADDRESSES.ending_at(words, post.start)
    if honorific:
        start = post.start - honorific
        return None if words.key(start - 1) in GROUPS or words.key(start - 1) == "là" else words.start(start)
    start = words.start(post.start)
    if _NAMING.ending_at(words, post.start):
        return start
    if not words.capital[post.start] or words.key(post.start - 1) in _PREDICATES:
        return None
    return start if _acts(words, post.end) else None


def _acts(words: Words, at: int) -> bool:
    """Whether a verb that a person does follows: “cũng đề nghị”."""
    for _ in range(_MOST_FILLERS):
        if at in words.line_starts:
            return False
        if _VERBS.length(words, at) or _OTHER_VERBS.length(words, at):
            return True
        filler = _FILLERS.length(words, at)
        if not filler:
            return False
        at += filler
    return False


class _Form(NamedTuple):
    """The words of a post spelt out; how many of the first are its title."""

    words: tuple[str, ...]
    title: int

    @property
    def is_title(self) -> bool:
        return len(self.words) == self.title


@cache
def _title_names() -> dict[str, str]:
    names = table("role_words.toml")["abbreviations"].items()
    return {"tt": "Thường trực"} | {short: full for short, full in names if full}


@cache
def _place_names() -> dict[str, str]:
    names: dict[str, str] = table("place_levels.toml")["abbreviations"]
    return names


def _form_of(position: Position) -> _Form:
    return _form(position.role, position.organisation, position.place, position.expanded)


@lru_cache(maxsize=4096)
def _form(role: str, organisation: str | None, place: str | None, expanded: str | None) -> _Form:
    """Return the form of a position; kept by its parts, as the hash of a record takes longer than theirs."""
    title, area = _spelt_out(role, _title_names()), _spelt_out(place or "", _place_names())
    if expanded:
        whole = _spelt_out(expanded, {})
    else:
        body = _spelt_out(organisation or "", {})
        shared = next((length for length in (2, 1) if body[:length] == title[-length:]), 0)
        whole = [*title, *body[shared:], *area]
    for at in range(len(whole) - 2, 0, -1):
        if whole[at - 1 : at + 2] == ["quốc", "việt", "nam"]:  # the Front's name with and without the country
            del whole[at : at + 2]
    return _Form(tuple(whole), len(title))


def _spelt_out(part: str, names: Mapping[str, str]) -> list[str]:
    keys = [key for key in word_keys(part) if key.isalnum()]
    return [word for key in keys for word in (word_keys(names[key]) if key in names else [key])]


def _agree(wanted: _Form, held: _Form) -> bool:
    """Whether a wording may be the post held: “Chủ tịch UBND quận” for “… quận Long Biên”.

    Not the other way: an article names its own unit in full first, so a fuller wording later is another unit's.
    """
    words = held.words[: held.title] if wanted.is_title else held.words[: len(wanted.words)]
    return words == wanted.words
