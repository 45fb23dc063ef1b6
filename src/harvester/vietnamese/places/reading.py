"""Reading an issuer's last words: level words, names, and the chain of what a unit lies in."""

import tomllib
from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import NamedTuple

from harvester.vietnamese.places.tables import (
    BEFORE_JULY_2025,
    GAZETTEERS,
    LEVELS,
    SINCE_JULY_2025,
    Area,
    Edition,
    Level,
    table,
    words_of,
)
from harvester.vietnamese.places.units import (
    REFORM,
    Unit,
    areas_of,
    earlier_name,
    lineage,
    stood,
    successor,
    unit_at,
    validity,
)

# A centrally run city stands among the provinces, any other among the districts.
_RANKS: dict[str, tuple[Level, ...]] = {
    "province": ("province",),
    "city": ("province", "district"),
    "district": ("district",),
    "ward": ("commune",),
}
_COMMITTEES = {"tỉnh": "tỉnh", "thành": "thành phố", "quận": "quận", "huyện": "huyện", "thị": "thị xã"}
"""What stands before “ủy” and “đoàn”, and the kind it means."""

_PARTY_COMMITTEE, _ANY_KIND = "đảng ủy", ""
"""A commune's where nothing or its name follows; else any body's (“Đảng ủy Công an quận”)."""

_NO_LEVEL = (
    *("hợp tác xã", "bảo hiểm xã hội", "bảo trợ xã hội", "chính sách xã hội", "công tác xã hội", "kinh tế xã hội"),
    *("thương binh và xã hội", "thương binh xã hội", "trật tự xã hội", "văn hóa xã hội", "vấn đề xã hội"),
)
"""“Xã hội” alone may begin a name: xã Hội Sơn."""

_SPECIAL_ZONE = "đặc khu"
_COLLECTIVE = "các"

_LONGEST_LEVEL_WORD = 5
_LONGEST_NAME = 5


def unit_of(words: str, home: Unit | None, on: date | None = None) -> Unit | None:
    """Return the unit that an issuer's last words name (“UBND phường Bồ Đề quận Long Biên”), or None.

    A named unit must be the only one of its name in the home's district, else in its province, else in the country. A
    commune named alone is not looked for outside a known home's province: of the hundreds dissolved before 2025 many
    have a namesake somewhere. The kind decides between namesakes; another kind than the unit's (“huyện Thuận Thành”,
    now a town) is accepted where no unit near has both. A level without a name (“UBND quận”, “Thành ủy”) means the
    home's own unit.

    Where `on` is given, only what stood on that day is meant: Phường Bồ Đề lies in Quận Long Biên until 2025-06-30, in
    Hà Nội alone from the next day on. Else the last list before July 2025 is asked first, then what it had lost before,
    then the list since; a list that knows the name decides, be it that it cannot choose.
    """
    tokens = words_of(words)
    mentions = _mentions(tokens)
    if not mentions:
        return _ending_in_province(tokens, on)
    first = _chain_start(mentions)
    return None if _is_collective(tokens, mentions, first) else _resolve(tokens, mentions[first], home, on)


def unit_named(name: str, province: str | None, on: date | None = None) -> Unit | None:
    """Return the unit of a full name (“Quận Long Biên”) in a province (“Thành phố Hà Nội”, “Hà Nội”), or None.

    `on` is the day on which it stood, as for `unit_of`.
    """
    own = words_of(name)
    tokens = own + words_of(province or "")
    mentions = _mentions(tokens)
    begins_the_chain = mentions and not mentions[0].start and not _chain_start(mentions)
    return _resolve(tokens, mentions[0], None, on) if own and begins_the_chain else None


# ---------------------------------------------------------------------------------- reading the words


class _LevelWord(NamedTuple):
    """A word for a level: the kind it means, the levels of such units; `cautious` words need a known name."""

    kind: str
    ranks: tuple[Level, ...]
    cautious: bool = False

    def fits(self, area: Area) -> bool:
        """Whether an area may be called so: districts and communes may have changed their kind.

        Provinces have not, and special zones are new.
        """
        is_strict = area.level == "province" or _SPECIAL_ZONE in (self.kind, area.kind)
        return area.level in self.ranks and (not is_strict or self.kind in (area.kind, _ANY_KIND))


class _Mention(NamedTuple):
    """A level word from token `start` on; what may be its name begins at token `name`."""

    word: _LevelWord
    start: int
    name: int
    known: bool


@cache
def _level_words() -> dict[str, _LevelWord | None]:
    """Return the words for a level, and phrases that hold one but mean none."""
    levels = tomllib.loads((GAZETTEERS / "place_levels.toml").read_text(encoding="utf-8"))
    full, cautious = levels["abbreviations"], levels["cautious"]["words"]
    words: dict[str, _LevelWord | None] = {
        word: _LevelWord(full.get(word, word), _RANKS[level], word in cautious)
        for word, level in levels["levels"].items()
        if level in _RANKS
    }
    for short, kind in _COMMITTEES.items():
        words |= dict.fromkeys((f"{short} ủy", f"{short} đoàn"), words[kind])
    words[_PARTY_COMMITTEE] = _LevelWord(_ANY_KIND, _RANKS["ward"], cautious=True)
    return words | dict.fromkeys(_NO_LEVEL)


def _level_word_at(tokens: Sequence[str], at: int) -> tuple[_LevelWord | None, int]:
    """Return the longest level word at a token, and the token after it (where there is none, the next token)."""
    words = _level_words()
    for end in range(min(at + _LONGEST_LEVEL_WORD, len(tokens)), at, -1):
        phrase = " ".join(tokens[at:end])
        if phrase in words:
            return words[phrase], end
    return None, at + 1


def _mentions(tokens: Sequence[str]) -> list[_Mention]:
    """Return the level words in their order; those inside a known name (“xã Tứ Quận”) are none."""
    found: list[_Mention] = []
    at = 0
    while at < len(tokens):
        start = at
        word, at = _level_word_at(tokens, start)
        if word is None:
            continue
        name = at
        at = _known_name_end(tokens, name, word)
        if at > name or not word.cautious or (word.kind == _ANY_KIND and name == len(tokens)):
            found.append(_Mention(word, start, name, at > name))
    return found


def _known_name_end(tokens: Sequence[str], start: int, word: _LevelWord) -> int:
    for edition in Edition:
        for end in range(min(start + _LONGEST_NAME, len(tokens)), start, -1):
            if _named(tokens[start:end], word, edition):
                return end
    return start


def _named(name: Sequence[str], word: _LevelWord, edition: Edition) -> list[Area]:
    key = " ".join(name)
    return [area for rank in word.ranks for area in table(edition, rank).named(key) if word.fits(area)]


def _chain_start(mentions: Sequence[_Mention]) -> int:
    """Return the first mention of the chain that ends the words: each part lies in the next (“xã …, huyện …”)."""
    first = len(mentions) - 1
    above = LEVELS.index(mentions[first].word.ranks[0])
    while first:
        before, after = mentions[first - 1 : first + 1]
        below = [rank for rank in map(LEVELS.index, before.word.ranks) if rank > above]
        # “Thành ủy, HĐND, UBND thành phố” is no chain, “Thành ủy Thủ Đức, TP. Hồ Chí Minh” is one.
        is_another_issuer = before.word.kind == after.word.kind and not before.known
        if not below or before.name == after.start or is_another_issuer:
            break
        above = below[0]
        first -= 1
    return first


def _is_collective(tokens: Sequence[str], mentions: Sequence[_Mention], first: int) -> bool:
    """Whether several units are meant: “các quận”, “quận, huyện”."""
    start, word = mentions[first].start, mentions[first].word
    is_in_row = first > 0 and mentions[first - 1].name == start and mentions[first - 1].word.kind != word.kind
    return is_in_row or tokens[max(start - 1, 0)] == _COLLECTIVE


def _ending_in_province(tokens: Sequence[str], on: date | None) -> Unit | None:
    """Return the province named without its kind by the last words (“Sở Y tế Hà Nội”)."""
    for length in range(min(_LONGEST_NAME, len(tokens)), 0, -1):
        name = " ".join(tokens[-length:])
        found = (area for edition in Edition for area in table(edition, "province").named(name) if _is_meant(area, on))
        if area := next(found, None):
            return unit_at(area)
    return None


# ---------------------------------------------------------------------------------- finding the unit


def _resolve(tokens: Sequence[str], mention: _Mention, home: Unit | None, on: date | None) -> Unit | None:
    """Return the unit of the chain that begins with the mention and reaches the last token."""
    rest = tokens[mention.name :]
    if not rest:
        return _own(mention.word, home, on) if home else None
    for edition in _lists(on) if on else Edition:
        for length in range(min(_LONGEST_NAME, len(rest)), 0, -1):
            above = rest[length:]
            found = _named(rest[:length], mention.word, edition)
            candidates = [area for area in found if _is_meant(area, on) and _lies_in(area, above)]
            if candidates:
                return _nearest(candidates, mention.word.kind, home, is_placed=bool(above))
    return None


def _is_meant(area: Area, on: date | None) -> bool:
    return on is None or stood(area).covers(on)


def _own(word: _LevelWord, home: Unit, on: date | None) -> Unit | None:
    """Return the home's own unit of a level; a “thành phố” is the centrally run city before that of the district."""
    if word.ranks == _RANKS["ward"]:
        span = validity(home) if home.commune else None
        return home if span and (on is None or span.covers(on)) else None
    is_any_kind = word.ranks == _RANKS["district"]
    found = (name for area in _around(home, _lists(on)) for name in _names(area) if area.level in word.ranks)
    own = (area for area in found if (is_any_kind or area.kind == word.kind) and _is_meant(area, on))
    return next(map(unit_at, own), None)


def _lists(on: date | None) -> tuple[Edition, ...]:
    """Return the lists of a day's time, of that before July 2025 where there is none."""
    return BEFORE_JULY_2025 if on is None or on < REFORM else SINCE_JULY_2025


def _around(home: Unit | None, editions: tuple[Edition, ...]) -> tuple[Area, ...]:
    """Return the home's province and district, as far as the lists of one time know them."""
    if home is None:
        return ()
    if editions == SINCE_JULY_2025:
        home = successor(home) or Unit(home.province)
    return areas_of(Unit(home.province, home.district), editions)


def _names(area: Area) -> tuple[Area, ...]:
    """Return an area and, before it was renamed, what it was; its parts kept their codes."""
    before = earlier_name(area)
    return (area, before) if before else (area,)


def _lies_in(area: Area, above: Sequence[str]) -> bool:
    """Whether words name the area's district, its province or both, in this order, and nothing else."""
    at = 0
    for around in lineage(area)[-2::-1] if above else ():
        word, after = _level_word_at(above, at)
        start = after if word else at
        for called in _names(around):
            name = words_of(called.name)
            if (word is None or word.fits(called)) and above[start : start + len(name)] == name:
                at = start + len(name)
                break
    return at == len(above)


def _nearest(candidates: Sequence[Area], kind: str, home: Unit | None, *, is_placed: bool) -> Unit | None:
    """Return the only candidate in the home's district, else in its province, else in the country."""
    editions = SINCE_JULY_2025 if candidates[0].edition is Edition.NEW else BEFORE_JULY_2025
    codes = tuple(area.code for area in _around(home, editions))
    lineages = {area: tuple(part.code for part in lineage(area)) for area in candidates}
    deepest = min(len(codes), max(map(len, lineages.values())) - 1)
    widest = 0 if is_placed or not codes or candidates[0].level != "commune" else 1
    scopes = (
        [area for area in candidates if lineages[area][:depth] == codes[:depth]]
        for depth in range(deepest, widest - 1, -1)
    )
    near, wider = [*filter(None, scopes), [], []][:2]
    exact = [area for area in near if area.kind == kind]
    is_another_meant = not exact and any(area.kind == kind for area in wider)
    chosen = exact or near
    return unit_at(chosen[0]) if len(chosen) == 1 and not is_another_meant else None
