"""What around a name says it is no acting official: streets, schools, martyrs, suspects (docs/annotation.md, O2)."""

import re

from harvester.vietnamese.officials.lexicon import Lexicon, listed
from harvester.vietnamese.officials.names import name_end
from harvester.vietnamese.officials.words import Words

NEVER_A_MENTION = "hồ chí minh"
"""Stands in the names of a city, a youth union and a way of thinking; as a person he is historical."""

_BEARERS, _NEVER_OFFICIALS, _RELIGIOUS, _COMMEMORATIONS = (
    Lexicon.of(listed("name_contexts.toml", kind), True)
    for kind in ("bearers", "never_officials", "religious_first_syllables", "commemorations")
)
_THE_PAST, _PAST_OPENINGS, _LOOKING_BACK, _OF_TODAY = (
    Lexicon.of(listed("name_contexts.toml", kind), True)
    for kind in ("the_past", "past_openings", "looking_back", "of_today")
)
_ORDINARY = Lexicon.of(listed("role_words.toml", "ordinary", "words"), True)

_COMMEMORATION_REACH = 12
"""Words; “kỷ niệm 115 năm ngày sinh đồng chí …” reaches its name within these."""

_BREAKS_OFF = frozenset({",", "do", "gồm"})
"""Between the commemoration and a name these say that the person takes part in it."""

_FULL_NAME = 3
_YEAR = re.compile(r"1[0-9]{3}")
_LAST_YEAR_OF_THE_PAST = 1975
_LAST_YEAR_OF_THE_WARS, _FIRST_YEAR_OF_TODAY = 1965, 1986
_OPENING, _NEAR = 8, 40
"""Words: in which a sentence names its time; round a name that are looked at, however long the sentence is."""


def names_a_thing(words: Words, opening: int, start: int) -> bool:
    """Whether the name at `start` is a street's, a school's, a prize's; an honorific before it rules that out."""
    return opening == start and _BEARERS.ending_at(words, start) is not None


def bearer_length(words: Words, start: int) -> int:
    """Return 1 if word `start` is “Đường”, “Cầu” ... before a person's name rather than a surname, else 0."""
    named = start + 1
    if words.keys[start] not in _BEARERS or name_end(words, named) - named < _FULL_NAME:
        return 0
    return 1


def is_barred(words: Words, opening: int, start: int) -> bool:
    """Whether the person named at `start` is never an official here, whatever post follows.

    `opening` is where the address begins, or the post before it (“cố Tổng Bí thư ...”).
    """
    if words.keys[start] in _RELIGIOUS:
        return True
    if _NEVER_OFFICIALS.ending_at(words, opening) or " ".join(words.keys[opening:start]) in _NEVER_OFFICIALS:
        return True
    return is_commemorated(words, opening)


def is_commemorated(words: Words, opening: int) -> bool:
    """Whether the sentence remembers the person whose address begins at `opening`."""
    start = max(0, opening - _COMMEMORATION_REACH)
    if _COMMEMORATIONS.first_in(words, start, opening) is None:  # as before most names, whatever sentence it is
        return False
    index = _COMMEMORATIONS.first_in(words, max(words.sentence_start(opening), start), opening)
    return index is not None and _BREAKS_OFF.isdisjoint(words.keys[index:opening])


def is_of_the_past(words: Words, start: int) -> bool:
    """Whether the sentence tells, near word `start`, of the time before 1976 and does not only look back to it."""
    first = words.sentence_start(start)
    if _looks_from_today(words, first, start):
        return False
    near, end = max(first, start - _NEAR), min(words.sentence_end(start), start + _NEAR)
    if _THE_PAST.first_in(words, near, end) is not None:
        return True
    return any(_YEAR.fullmatch(key) and int(key) <= _LAST_YEAR_OF_THE_PAST for key in words.keys[near:end])


def opens_in_the_past(words: Words, start: int) -> bool:
    """Whether the sentence of word `start` opens with a time up to 1965: “Năm 1946, đồng chí …”, “Tháng 4/1930, …”.

    A sentence that looks back from today (“Kỷ niệm …”, “… nay …”, “… cho biết”), or names a year of today, does not.
    """
    first = words.sentence_start(start)
    opening = min(first + _OPENING, start)
    named = [key for key in words.keys[first:opening] if len(key) == 4 and _YEAR.fullmatch(key)]
    past = any(int(year) <= _LAST_YEAR_OF_THE_WARS for year in named)
    if not past and _PAST_OPENINGS.first_in(words, first, opening) is None:
        return False
    if _looks_from_today(words, first, start):
        return False
    near = words.keys[max(first, start - _NEAR) : min(words.sentence_end(start), start + _NEAR)]
    return all(int(key) < _FIRST_YEAR_OF_TODAY for key in near if len(key) == 4 and key.isdecimal())


def _looks_from_today(words: Words, first: int, start: int) -> bool:
    """Whether the sentence that begins at `first` only looks back, or says near word `start` that it tells of today."""
    if _LOOKING_BACK.first_in(words, first, min(first + _OPENING, start)) is not None:
        return True
    return (
        _OF_TODAY.first_in(words, max(first, start - _NEAR), min(words.sentence_end(start), start + _NEAR)) is not None
    )


def is_described_as_ordinary(words: Words, end: int) -> bool:
    """Whether an apposition after the name calls the person a worker, a teacher, a citizen."""
    return words.key(end) in {",", "-", "("} and bool(_ORDINARY.length(words, end + 1))
