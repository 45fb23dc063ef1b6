"""A cheap first look: only sentences in which a name can stand are read word by word."""

import re
from bisect import bisect_left
from functools import cache

from harvester.vietnamese.officials.lexicon import lines, table
from harvester.vietnamese.officials.names import MIDDLE_NAMES
from harvester.vietnamese.officials.words import APOSTROPHES, CAPITALS, SMALL, STOPPED
from harvester.vietnamese.places import bare_names


@cache
def _pair() -> re.Pattern[str]:
    """Return what matches a capitalised word before another, or before “văn” and “thị”."""
    small = "|".join(sorted(MIDDLE_NAMES))
    return re.compile(
        rf"({CAPITALS}(?:{SMALL}{{1,8}}+|{CAPITALS}{{0,8}}+)(?:[{APOSTROPHES}-]\w{{0,8}}+){{0,3}}+)\s++(?=({CAPITALS}\w*+)|(?:{small})\s)"
    )


@cache
def _surnames() -> frozenset[str]:
    return frozenset(form for name in lines("surnames.txt") for form in (name.rstrip("'"), name.rstrip("'").upper()))


@cache
def _provinces() -> frozenset[str]:
    return frozenset(bare_names("province"))


@cache
def _honorific_ends() -> frozenset[str]:
    words = table("honorific_words.toml")
    phrases = (
        *words["official"],
        *words["civil"],
        *words["professions"],
        *words["ranks"]["words"],
        *words["degrees"]["words"],
    )
    return frozenset(phrase.split()[-1] for phrase in phrases) | {"c"}


_FEMALE = frozenset({"Thị", "THỊ"})
"""Before it, any capitalised syllable is a surname."""

_ALONE = re.compile(rf"\b[HKY][{APOSTROPHES}]\w")
"""A highland name, which may be a single word: K'Brểu."""

_COMBINING_MARKS = "\u0300\u0301\u0302\u0303\u0306\u0309\u030c\u031b\u0323"
"""The marks of Vietnamese and of the highlands' languages."""

# One class first: the search skips to it, as it would not to one of two alternatives.
_SENTENCE_END = re.compile(r"[.!?…\n](?:(?<=\n)[^\S\n]*\n|(?<!\n)\s)")
_FULL_STOPS = (".", "!", "?", "…")
_ELLIPTIC = ("giám đốc", "chủ nhiệm")
"""Titles that may stand for a unit named in a sentence before."""

_FARTHEST = 1000
_UNIT_REACH = 300
"""Code points before a name that are kept at most, and that are kept before a title without its unit."""

_TITLE_REACH = 80
"""Code points behind the beginning of a name in which its title is looked for."""

_LONGEST_HONORIFIC = 12
"""Code points, the space after it included."""

_SHORT = 4
"""Letters; a full stop after a shorter word may be an abbreviation's ("TP. Huế") and ends no sentence for sure."""


def name_windows(text: str) -> list[tuple[int, int]] | None:
    """Return the stretches of whole sentences that may hold a name; None stands for the whole text.

    Decomposed text is read whole: there a letter is several code points.
    """
    if any(map(text.__contains__, _COMBINING_MARKS)):
        return None
    windows: list[tuple[int, int]] = []
    last = 0
    alone = [match.start() for match in _ALONE.finditer(text)] if any(map(text.__contains__, APOSTROPHES)) else []
    while (trigger := _next_trigger(text, last, alone)) is not None:
        start = _window_start(text, trigger, last)
        end = _window_end(text, trigger)
        if windows and start <= last:
            windows[-1] = (windows[-1][0], end)
        else:
            windows.append((start, end))
        last = end
    return windows


def _next_trigger(text: str, start: int, alone: list[int]) -> int | None:
    """Return where the next word begins that may open a name: one of a pair of capitals, or of those `alone`."""
    next_alone = bisect_left(alone, start)
    found = (_next_pair(text, start), alone[next_alone] if next_alone < len(alone) else None)
    return min((at for at in found if at is not None), default=None)


def _next_pair(text: str, start: int) -> int | None:
    surnames, provinces = _surnames(), _provinces()
    for match in _pair().finditer(text, start):
        first, second = match.groups()
        first = first.replace("\u00d0", "Đ")
        if first in surnames or second in _FEMALE or first.capitalize() in surnames:
            if f"{first} {second}" not in provinces:
                return match.start()
        elif not first.isalnum() or _is_called(text, match.start()):
            return match.start()
    return None


def _is_called(text: str, start: int) -> bool:
    before = text[max(0, start - _LONGEST_HONORIFIC) : start].rsplit(None, 1)
    return bool(before) and before[-1].lower().rstrip(":.") in _honorific_ends()


def _window_start(text: str, trigger: int, last: int) -> int:
    """Return where the sentence begins, lines before it included that no full stop ends: a list's head, a title."""
    floor = max(last, trigger - _FARTHEST)
    line = text.rfind("\n", floor, trigger) + 1
    stop = text.rfind(". ", max(line, floor), trigger)
    while stop > 0 and not _is_sure(text, stop):
        stop = text.rfind(". ", max(line, floor), stop)
    if stop > 0:
        start = stop + 2
    else:
        start = line
        while start > floor and not (before := text[floor:start].rstrip()).endswith(_FULL_STOPS):
            start = floor + before.rfind("\n") + 1
    start = max(start, floor)
    sentence = text[start : trigger + _TITLE_REACH].lower()
    if any(map(sentence.__contains__, _ELLIPTIC)):
        reach = max(trigger - _UNIT_REACH, floor)
        start = min(start, max(text.rfind(". ", floor, reach), text.rfind("\n", floor, reach)) + 1)
    return max(start, floor)


def _window_end(text: str, trigger: int) -> int:
    for match in _SENTENCE_END.finditer(text, trigger):
        if match[0][0] == "\n" or _is_sure(text, match.start()):
            return match.end()
    return len(text)


def _is_sure(text: str, stop: int) -> bool:
    """Whether the full stop ends a sentence rather than an abbreviation or a number."""
    if stop >= _SHORT and text[stop - _SHORT : stop].isalpha():
        return True
    word = "".join(text[max(0, stop - _SHORT) : stop].split()[-1:])
    return len(word) > 1 and word.isalpha() and word.islower() and word not in STOPPED
