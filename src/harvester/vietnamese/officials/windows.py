"""A cheap first look: only sentences in which a name can stand are read word by word."""

import re

from harvester.vietnamese.officials.lexicon import lines, table

_CAPITALS = "A-Z" + "".join(chr(code) for code in range(0xC0, 0x1EFF) if chr(code).isupper())
_PAIR = re.compile(rf"([{_CAPITALS}](?:['’‘ʼ`´]?+\w{{0,8}}+))\s++(?=([{_CAPITALS}]\w*+)|[vt])")
_SURNAMES = frozenset(form for name in lines("surnames.txt") for form in (name.rstrip("'"), name.rstrip("'").upper()))
_PROVINCES = frozenset(lines("place_provinces.txt"))
_HONORIFIC_ENDS = frozenset(
    phrase.split()[-1] for part in ("official", "civil") for phrase in table("honorific_words.toml")[part]
) | {"c"}
_COMBINING_MARK = re.compile("[\u0300-\u036f]")
_SENTENCE_END = re.compile(r"\n[^\S\n]*\n|[.!?…]\s")
_SENTENCES_BEFORE = 2
"""Sentences or lines kept before one with a name: a list's head, a signature's title."""

_FARTHEST = 1000
"""Code points before a name that are kept at most."""

_SHORT = 4
"""Letters; a full stop after a shorter word may be an abbreviation's ("TP. Huế") and ends no sentence for sure."""


def name_windows(text: str) -> list[tuple[int, int]] | None:
    """Return the stretches of whole sentences that may hold a name; None stands for the whole text.

    Decomposed text is read whole: there a letter is several code points.
    """
    if _COMBINING_MARK.search(text):
        return None
    windows: list[tuple[int, int]] = []
    last = 0
    for match in _PAIR.finditer(text):
        trigger = match.start()
        if trigger < last or not _may_open_a_name(text, match):
            continue
        start = _window_start(text, trigger, last)
        end = _window_end(text, trigger)
        if windows and start <= last:
            windows[-1] = (windows[-1][0], end)
        else:
            windows.append((start, end))
        last = end
    return windows


def _may_open_a_name(text: str, match: re.Match[str]) -> bool:
    if not match[1].isalnum():
        return True
    if match[1] in _SURNAMES:
        return f"{match[1]} {match[2]}" not in _PROVINCES
    before = text[max(0, match.start() - 12) : match.start()].replace(":", " ").split()
    return bool(before) and before[-1].lower() in _HONORIFIC_ENDS


def _window_start(text: str, trigger: int, last: int) -> int:
    floor = max(last, trigger - _FARTHEST)
    ends = [match.end() for match in _SENTENCE_END.finditer(text, floor, trigger) if _is_sure(text, match)]
    return ends[-1 - _SENTENCES_BEFORE] if len(ends) > _SENTENCES_BEFORE else floor


def _window_end(text: str, trigger: int) -> int:
    for match in _SENTENCE_END.finditer(text, trigger):
        if _is_sure(text, match):
            return match.end()
    return len(text)


def _is_sure(text: str, match: re.Match[str]) -> bool:
    return match[0][0] == "\n" or text[max(0, match.start() - _SHORT) : match.start()].isalpha()
