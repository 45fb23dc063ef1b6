"""References by honorific and given name: “đồng chí Hương”, “bà Thu Hương” (docs/annotation.md, O15)."""

import re
import unicodedata
from collections.abc import Collection, Container, Iterator, Mapping
from functools import cache, lru_cache
from itertools import islice
from typing import NamedTuple

from harvester.vietnamese.officials.constructions import Holder
from harvester.vietnamese.officials.items import Item, Name
from harvester.vietnamese.officials.lexicon import table
from harvester.vietnamese.officials.words import Words
from harvester.vietnamese.text import comparison_key, nfc

_MEN = frozenset({"ông", "anh", "thầy", "chú", "thầy giáo"})
_WOMEN = frozenset({"bà", "chị", "cô", "cô giáo"})
_HONORIFICS = ("đồng chí", "đ/c", "đc", "đại biểu", *sorted(_MEN), *sorted(_WOMEN), "bác", "ngài")
"""“em”, “cụ” and “bạn” are left out: whoever is called so by the given name alone is hardly ever the official."""

_ELDERS, _PEERS = frozenset({"ông", "bà"}), frozenset({"anh", "chị"})
"""An article that calls somebody one of these does not call the same person one of the others."""

_SYLLABLES = frozenset({"anh", "cô", "bà", "ông"})
"""Honorifics that are syllables of names, too."""

GROUPS = frozenset("các những mỗi từng một hai ba bốn mấy nhiều".split())
_FAMILIES = frozenset({"gia đình", "hộ", "nhà", "vợ", "chồng", "con", "cháu", "mẹ", "bố"})
"""Before “ông Hùng” these speak of citizens."""

_HOMELY = ("người", "chủ quán", "chủ nhà", "trú ", "ở ", "tổ ", "thôn ", "xóm ", "ngõ ", "số nhà")
"""After a comma or in brackets these tell who a citizen is or where at home."""

_SHORT = 2
"""Syllables of a name that may be the end of a fuller one."""

_MOST_NAMES = 60
"""Of one text that are searched for, each in linear time."""

_LONGEST_HONORIFIC = 24
_LONGEST_WORD_BEFORE = 12
_LONGEST_DESCRIPTION = 40
"""Code points, white space included."""

_TONES = "\u0300\u0301\u0303\u0309\u0323"
_TONE_ON_FIRST = re.compile(f"([ou])([{_TONES}])([aey])$")
_TONE_ON_LAST = re.compile(f"([ou])([aey])([{_TONES}])$")
_NEXT_WORD = re.compile(r"\s{1,3}(\w+)")
_DESCRIPTION = re.compile(r"\s?[,(–-]\s?(\w+)")

Found = tuple[int, int, str]
"""Offsets of a reference, and the key of the full name."""


def short_names(words: Words, holders: Mapping[str, list[Holder]], officials: Container[str]) -> dict[str, str]:
    """Return the names that are but the end of an official's fuller name before them, by the fuller name's key.

    “Đồng chí Thu Hương” after “Nguyễn Thu Hương” is no second person, unless a post of her own stands beside her.
    """
    endings: dict[str, list[str]] = {}
    for key in holders:
        syllables = key.split(" ")
        if len(syllables) > _SHORT:
            endings.setdefault(" ".join(syllables[-_SHORT:]), []).append(key)
    found = {}
    for key in holders.keys() & endings.keys():
        (full, *others), named = endings[key], holders[key]
        if full not in officials or others or not named:
            continue
        called = all(holder.name.opening < holder.name.start and not holder.posts for holder in named)
        plural = any(words.keys[holder.name.opening] in GROUPS for holder in named)
        before = holders[full][0].name.end <= named[0].name.opening
        if called and not plural and before:
            found[key] = full
    return found


def by_last_syllables(words: Words, holders: Mapping[str, list[Holder]], short: Mapping[str, str]) -> Iterator[Found]:
    """Yield the places of short names."""
    for key, full in short.items():
        for holder in holders[key]:
            yield words.start(holder.name.opening), words.ends[holder.name.end - 1], full


def by_given_name(
    words: Words, items: list[Item], holders: Mapping[str, list[Holder]], officials: Collection[str]
) -> Iterator[Found]:
    """Yield the places of a given name after an honorific, outside of the sentences that hold full names too."""
    by_given: dict[str, list[str]] = {key.rsplit(" ", 1)[-1]: [] for key in officials}
    for key in holders:
        by_given.get(key.rsplit(" ", 1)[-1], []).append(key)
    within_names = {words.ends[item.end - 1] for item in items if isinstance(item, Name)}
    composed = unicodedata.is_normalized("NFC", words.text)
    for given, bearers in islice(by_given.items(), _MOST_NAMES):
        first = min(words.ends[holders[key][0].name.end - 1] for key in bearers if holders[key])
        people = [_bearer(key, holders[key]) for key in bearers]
        meant: dict[str, str | None] = {}
        for start, end in _occurrences(words.text, _forms(given, composed), first):
            called = None if end in within_names else _honorific_before(words.text, start)
            if called is None or _is_another(words.text, end):
                continue
            begin, honorific = called
            if honorific not in meant:
                meant[honorific] = _the_only_one(people, honorific)
            one = meant[honorific]
            if one is not None and one in officials:
                yield begin, end, one


class _Bearer(NamedTuple):
    """Somebody of a given name: “m” or “f”, as far as the text tells, and the honorifics of the full name."""

    key: str
    gender: str | None
    called: set[str]


def _bearer(key: str, holders: list[Holder]) -> _Bearer:
    called = {address.word for holder in holders for address in holder.called}
    return _Bearer(key, _gender(key, called), called)


def _gender(key: str, called: set[str]) -> str | None:
    if called & _MEN or called & _WOMEN:
        return "m" if called & _MEN else "f"
    syllables = key.split(" ")
    return {"văn": "m", "thị": "f"}.get(syllables[1]) if len(syllables) > _SHORT else None


def _the_only_one(bearers: list[_Bearer], honorific: str) -> str | None:
    """Return the one person of a given name who may be called so, None where there are several or nobody."""
    left = [bearer.key for bearer in bearers if _may_be_called(bearer, honorific)]
    return left[0] if len(left) == 1 else None


def _may_be_called(bearer: _Bearer, honorific: str) -> bool:
    for age, other in ((_ELDERS, _PEERS), (_PEERS, _ELDERS)):
        if honorific in age and bearer.called & other and not bearer.called & age:
            return False
    if honorific in _MEN:
        return bearer.gender != "f"
    return bearer.gender != "m" if honorific in _WOMEN else True


def _occurrences(text: str, forms: tuple[str, ...], start: int) -> Iterator[tuple[int, int]]:
    for form in forms:
        at = text.find(form, start)
        while at >= 0:
            yield at, at + len(form)
            at = text.find(form, at + len(form))


@lru_cache(maxsize=4096)
def _forms(given: str, composed: bool) -> tuple[str, ...]:
    """Return how a text may write a given name: capitalised, with the tone mark on either vowel of oa, oe, uy."""
    plain = unicodedata.normalize("NFD", given.capitalize())
    written = {plain, _TONE_ON_FIRST.sub(r"\1\3\2", plain), _TONE_ON_LAST.sub(r"\1\3\2", plain)}
    return tuple(unicodedata.normalize("NFC" if composed else "NFD", form) for form in sorted(written))


@cache
def _honorific() -> re.Pattern[str]:
    phrases = [*_HONORIFICS, *table("honorific_words.toml")["ranks"]["words"]]
    forms = {unicodedata.normalize(form, phrase) for phrase in phrases for form in ("NFC", "NFD")}
    longest_first = sorted(forms, key=len, reverse=True)
    alternatives = "|".join(r"\s{1,3}".join(map(re.escape, form.split(" "))) for form in longest_first)
    return re.compile(rf"(?:^|[^\w/])({alternatives})\s{{1,3}}$", re.IGNORECASE)


def _honorific_before(text: str, start: int) -> tuple[int, str] | None:
    """Return where the honorific before a given name begins, and its comparison form."""
    if start == 0 or not text[start - 1].isspace():
        return None
    floor = max(0, start - _LONGEST_HONORIFIC)
    match = _honorific().search(text[floor:start])
    if match is None:
        return None
    begin, honorific = floor + match.start(1), comparison_key(match[1])
    before = text[max(0, begin - _LONGEST_WORD_BEFORE) : begin].split()
    if not before:
        return begin, honorific
    if text[begin].isupper() and honorific in _SYLLABLES and _may_precede_a_name(before[-1]):
        return None
    phrases = {comparison_key(" ".join(before[-length:])) for length in (1, 2)}
    return None if phrases & _FAMILIES or phrases & GROUPS else (begin, honorific)


def _may_precede_a_name(word: str) -> bool:
    """Whether a capitalised syllable after the word is a name's: “Hoàng Anh Tú”, “Tin: Anh Tú”."""
    return word.endswith(":") or (word[0].isupper() and nfc(word).isalpha())


def _is_another(text: str, end: int) -> bool:
    """Whether what ends at `end` is no whole given name, or a citizen's: “Hương Giang”, “Hùng (42 tuổi)”."""
    if text[end : end + 1].isalnum() or (end < len(text) and unicodedata.combining(text[end])):
        return True
    after = text[end : end + _LONGEST_DESCRIPTION]
    goes_on = _NEXT_WORD.match(after)
    if goes_on and goes_on[1][0].isupper():
        return True
    described = _DESCRIPTION.match(after)
    return described is not None and (described[1].isdecimal() or _is_ordinary(after[described.start(1) :]))


def _is_ordinary(text: str) -> bool:
    return comparison_key(nfc(text)).startswith(_ordinary())


@cache
def _ordinary() -> tuple[str, ...]:
    return (*table("role_words.toml")["ordinary"]["words"], *_HOMELY)
