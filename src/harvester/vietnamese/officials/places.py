"""Administrative and residential areas: a level word and a name, or a known name (docs/annotation.md, O5, O11)."""

from functools import cache, partial

from harvester.vietnamese.officials.lexicon import Lexicon, listed, table
from harvester.vietnamese.officials.names import (
    FREQUENT_SURNAMES,
    HEADING_VERBS,
    MIDDLE_NAMES,
    capital_run_end,
    name_end,
)
from harvester.vietnamese.officials.words import Words
from harvester.vietnamese.places import Level, bare_names

_LEVELS = "place_levels.toml"
LEVELS: Lexicon[str] = Lexicon(lambda: table(_LEVELS)["levels"])
ABBREVIATIONS: Lexicon[str] = Lexicon(lambda: table(_LEVELS)["abbreviations"])
AREAS = Lexicon.of(listed(_LEVELS, "whole", "words"), True)
_CAUTIOUS = Lexicon.of(listed(_LEVELS, "cautious", "words"), True)


def _names(*levels: Level) -> list[str]:
    return [name for level in levels for name in bare_names(level)]


# Since July 2025 communes and wards bear the names of the districts they came from.
_LISTS: dict[str, tuple[Level, ...]] = {
    "province": ("province",),
    "city": ("province", "district"),
    "district": ("district",),
    "ward": ("commune", "district"),
    "hamlet": (),
}
_KNOWN = {word_level: Lexicon.of(partial(_names, *levels), True) for word_level, levels in _LISTS.items()}
_LONGEST_NUMBER = 3
_MEASURES = frozenset("năm khóa tuổi lần người ngày tháng kỳ đồng chí hộ cấp giờ phường xã".split())
"""Behind a number these say that it counts something."""

_RANKS = {"hamlet": 0, "ward": 1, "district": 2, "city": 3, "province": 3}
_LONGEST_NAME = 4
_LONGEST_RUN = 8
_LONGEST_SHOUTED = 3
"""Syllables: in text all in capitals a longer run that no list knows is rather the sentence."""
_SHORTEST_NAME, _FULL_NAME = 2, 3
"""Syllables; after a level word, an unknown run this long that begins with a surname is a person, a shorter an area."""


@cache
def _first_words() -> frozenset[str]:
    return AREAS.first_words | LEVELS.first_words


def level_length(words: Words, start: int) -> int:
    """Return the number of words of the level word, or of the area named without one, at `start`, or 0."""
    if start >= len(words.keys) or words.keys[start] not in _first_words():
        return 0
    return AREAS.length(words, start) or LEVELS.length(words, start)


def place_end(words: Words, start: int) -> int:
    """Return the end of the area with a level word at `start` (“quận Long Biên”, “phường”, “TP. Huế”), or `start`."""
    if start >= len(words.keys) or words.keys[start] not in _first_words():
        return start
    whole = AREAS.length(words, start)
    if whole:
        return start + whole
    found = LEVELS.longest(words, start)
    if found is None:
        return start
    length, level = found
    end = start + length
    phrase = " ".join(words.keys[start:end])
    if len(phrase) == 1 and not words.capital[start]:
        return start
    name = end
    if phrase in ABBREVIATIONS and words.key(name) == "." and not words.gap(name):
        name += 1
    name_finish = area_name_end(words, name, level)
    if name_finish > name:
        return name_finish
    if name > end and words.sentence(name) != words.sentence(start):
        return start if phrase in _CAUTIOUS else end
    if name > end:
        return name if words.key(name) and words.capital[name] else start
    return start if phrase in _CAUTIOUS else end


def is_count(words: Words, number: int) -> bool:
    """Whether the number counts something (“Đảng ủy 3 khóa liền”, “Công an 2 phường”) rather than names it."""
    measured = words.key(number + 1) in _MEASURES
    return measured and not (number + 2 < len(words.keys) and words.capital[number + 2])


def chain_end(words: Words, start: int) -> int:
    """Return the end of the larger areas behind commas at `start` (“, huyện Sóc Sơn, Hà Nội”), or `start`."""
    end, rank = start, 0
    while words.key(end) == "," and end + 1 < len(words.keys) and end + 1 not in words.line_starts:
        found = LEVELS.longest(words, end + 1)
        if found is not None:
            following = place_end(words, end + 1)
            larger = _RANKS[found[1]] > rank or (rank == 0 and found[1] == "hamlet")
            if not larger or following <= end + 1 + found[0]:
                break
            rank = _RANKS[found[1]]
        else:
            following = known_area_end(words, end + 1)
            if following == end + 1 or name_end(words, end + 1) > following:
                break
        end = following
    return end


def area_name_end(words: Words, start: int, level: str, shortest_person: int = _FULL_NAME) -> int:
    """Return the end of the area's name at `start`, or `start`; a person's name after it, or instead, is left.

    `shortest_person`: syllables from which an unknown run that begins with a surname is a person.
    “Tây Hồ Đường Thu Hà” after “Quận ủy” ends after “Hồ”; “Đỗ Thu Hà” is no area at all.
    """
    if start >= len(words.keys) or start in words.line_starts:
        return start
    if not words.capital[start]:
        return _number_end(words, start)
    known = known_area_end(words, start, level)
    end = known if known > start else _unknown_area_end(words, start, level, shortest_person)
    # “thôn Hạ 1”, “tổ dân phố Bắc Hà 2”: hamlets are numbered behind their names.
    return _number_end(words, end) if end > start and level == "hamlet" and words.key(end).isdecimal() else end


def _number_end(words: Words, start: int) -> int:
    """Return the end of an area's number (“12”, “số 7”), dates and fractions left out."""
    number = start + (words.key(start) == "số")
    if not words.key(number).isdecimal() or "\n" in words.gap(number):
        return start
    if len(words.keys[number]) > _LONGEST_NUMBER or is_count(words, number):
        return start
    if words.key(number + 1) in {"/", "%", "."} and words.key(number + 2).isdecimal():
        return start
    return number + 3 if words.keys[number + 1 : number + 3] == ["dân", "phố"] else number + 1


def _unknown_area_end(words: Words, start: int, level: str, shortest_person: int) -> int:
    """Part the capitals from `start` on into an area no list knows and the person's name that may follow."""
    if words.shouts(start) and words.keys[start] in HEADING_VERBS:
        return start
    finish = capital_run_end(words, start, _LONGEST_RUN)
    if words.shouts(start) and finish - start > _LONGEST_SHOUTED:
        return start
    splits = [split for split in range(start + 1, finish) if name_end(words, split) >= finish]
    split = min(splits, key=lambda at: (not _is_usual(words, at, finish), abs(at - start - 2)), default=start)
    length = finish - start
    if level != "hamlet" and words.keys[start] in FREQUENT_SURNAMES:
        shortest_person = _SHORTEST_NAME  # the lists know the areas above the hamlet that are called like persons
    if name_end(words, start) == finish and shortest_person <= length:
        return split if length > _LONGEST_NAME and _is_usual(words, split, finish) else start
    if split > start:
        return split
    if finish - start == 1 and level != "hamlet" and len(words.keys[start]) > 1 and _opens_a_verb(words, finish):
        return start
    return min(finish, start + _LONGEST_NAME)


def _opens_a_verb(words: Words, following: int) -> bool:
    """Whether a lone capital goes on in small letters (“phường Báo cáo”): areas above the hamlet have two syllables."""
    return following < len(words.keys) and words.spaced(following) and words.keys[following].isalpha()


def _is_usual(words: Words, start: int, end: int) -> bool:
    """Whether a name has three or four syllables, the first no middle name."""
    return _FULL_NAME <= end - start <= _LONGEST_NAME and words.keys[start] not in MIDDLE_NAMES


def known_area_end(words: Words, start: int, level: str = "city") -> int:
    """Return the end of the gazetteer's longest area name at `start`, or `start`.

    Where the capitals go on after it, they must be a person's name; else the whole may be one (“Cao Phong Hải”). An
    area of one syllable that is a surname too (Hồ, in Bắc Ninh) ends only before one of the frequent surnames.
    """
    length = _KNOWN[level].length(words, start)
    if not length or not words.capital[start]:
        return start
    end = start + length
    person = name_end(words, start)
    if person <= end:
        return end
    if length == 1 and person - start >= _FULL_NAME and words.keys[end] not in FREQUENT_SURNAMES:
        return start
    return end if name_end(words, end) > end else start
