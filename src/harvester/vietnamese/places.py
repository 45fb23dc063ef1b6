"""Which unit a name means, given where we are: provinces, districts and communes as they stood until 2025-06-30."""

import re
import tomllib
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from functools import cache, cached_property, lru_cache
from importlib import resources
from typing import Literal, NamedTuple

from harvester.vietnamese.text import comparison_key, slug

Level = Literal["province", "district", "commune"]

_GAZETTEERS = resources.files("harvester.vietnamese.gazetteers")
_LEVELS: tuple[Level, ...] = ("province", "district", "commune")
_TABLES: dict[Level, str] = {
    "province": "place_provinces.tsv",
    "district": "place_districts.tsv",
    "commune": "place_wards.tsv",
}
_LEVEL_BY_DIGITS: dict[int, Level] = {2: "province", 3: "district", 5: "commune"}

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

_SHORT_NAMES = {"tphcm": "tp hồ chí minh", "hcm": "hồ chí minh"}
_COLLECTIVE = "các"

_TOKEN = re.compile(r"\d+|[^\W\d_]+")
_APOSTROPHE = re.compile(r"'\s*")
_ROMAN_NUMBERS = frozenset("I II III IV V VI VII VIII IX X".split())
_LONGEST_LEVEL_WORD = 5
_LONGEST_NAME = 5
_LONGEST_TEXT = 500  # code points from the end; a unit with all that lies around it takes far less, decomposed too


class Unit(NamedTuple):
    """A unit by the slugs of what it lies in and its own: Phường Bồ Đề is ("ha-noi", "long-bien", "bo-de").

    Kinds are left out, unless units of one parent share a slug: then the kind stands before it (“thi-xa-cai-lay” and
    “huyen-cai-lay”), and the Office's code behind it where the kind is the same, too (“xa-nga-thanh-16123”).
    """

    province: str
    district: str | None = None
    commune: str | None = None

    @property
    def level(self) -> Level:
        """Return the level of the unit itself."""
        return "commune" if self.commune else "district" if self.district else "province"

    @property
    def path(self) -> str:
        """Return the slugs from the province down, joined by slashes: “ha-noi/long-bien/bo-de”."""
        return "/".join(part for part in self if part)


def unit_of(words: str, home: Unit | None) -> Unit | None:
    """Return the unit that an issuer's last words name (“UBND phường Bồ Đề quận Long Biên”), or None.

    A named unit must be the only one of its name in the home's district, else in its province, else in the country. A
    commune named alone is not looked for outside a known home's province: of the hundreds dissolved before 2025 many
    have a namesake somewhere. The kind decides between namesakes; another kind than the unit's (“huyện Thuận Thành”,
    now a town) is accepted where no unit near has both. A level without a name (“UBND quận”, “Thành ủy”) means the
    home's own unit.
    """
    tokens = _tokens(words)
    mentions = _mentions(tokens)
    if not mentions:
        return _ending_in_province(tokens)
    first = _chain_start(mentions)
    return None if _is_collective(tokens, mentions, first) else _resolve(tokens, mentions[first], home)


def unit_named(name: str, province: str | None) -> Unit | None:
    """Return the unit of a full name (“Quận Long Biên”) in a province (“Thành phố Hà Nội”, “Hà Nội”), or None."""
    own = _tokens(name)
    tokens = own + _tokens(province or "")
    mentions = _mentions(tokens)
    begins_the_chain = mentions and not mentions[0].start and not _chain_start(mentions)
    return _resolve(tokens, mentions[0], None) if own and begins_the_chain else None


@cache
def bare_names(level: Level) -> tuple[str, ...]:
    """Return the names of a level without their kinds, each once; mere numbers (“1”, “VII”) are left out."""
    names = dict.fromkeys(_names(_rows(level)))
    return tuple(name for name in names if not name.isdecimal() and name not in _ROMAN_NUMBERS)


# -------------------------------------------------------------------------------------- the tables


class _Area(NamedTuple):
    """A row of a table; `parent` is the code of the unit it lies in, empty for a province."""

    name: str
    kind: str
    code: str
    parent: str = ""

    @property
    def level(self) -> Level:
        return _LEVEL_BY_DIGITS[len(self.code)]


class _Table:
    """The rows of a level; of ten thousand only those that are asked for are taken apart."""

    def __init__(self, level: Level) -> None:
        self._rows = _rows(level)
        alike: dict[str, list[str]] = defaultdict(list)
        for name, row in zip(_names(self._rows), self._rows, strict=True):
            alike[name].append(row)
        self._by_name: dict[str, list[str]] = defaultdict(list)
        for key, rows in zip(_name_keys(alike), alike.values(), strict=True):
            self._by_name[key] += rows

    def named(self, name: str) -> list[_Area]:
        """Return the areas of a name, given as words in comparison form."""
        return [_area(row) for row in self._by_name.get(name, ())]

    def within(self, parent: str) -> list[_Area]:
        """Return the areas whose parent has this code; all provinces, if empty. Rows are in the parents' order."""
        rows, key = self._rows, lambda row: row.rpartition("\t")[2]
        if parent:
            rows = rows[bisect_left(rows, parent, key=key) : bisect_right(rows, parent, key=key)]
        return [_area(row) for row in rows]

    @cached_property
    def by_code(self) -> dict[str, _Area]:
        return {area.code: area for area in map(_area, self._rows)}


_table = cache(_Table)


def _rows(level: Level) -> list[str]:
    """Return a table's lines, the remarks and the names of the columns left out."""
    lines = (_GAZETTEERS / _TABLES[level]).read_text(encoding="utf-8").splitlines()
    head = next(at for at, line in enumerate(lines) if not line.startswith("#"))
    return lines[head + 1 :]


def _names(rows: Iterable[str]) -> list[str]:
    return [row.partition("\t")[0] for row in rows]


def _area(row: str) -> _Area:
    return _Area(*row.split("\t"))


def _name_keys(names: Iterable[str]) -> list[str]:
    """Return what names are looked up by; one fold over all of them keeps ten thousand cheap."""
    folded = comparison_key("|".join(names)).split("|")
    return [name if name.replace(" ", "").isalpha() else " ".join(_tokens(name)) for name in folded]


def _tokens(text: str) -> list[str]:
    """Return the last words and numbers in comparison form: “P.02” gives p, 2; “Ea H'leo” gives ea, hleo."""
    tokens: list[str] = []
    for token in _TOKEN.findall(_APOSTROPHE.sub("", comparison_key(text[-_LONGEST_TEXT:]))):
        if token in _SHORT_NAMES:
            tokens += _SHORT_NAMES[token].split()
        else:
            tokens.append((token.lstrip("0") or "0") if token.isdecimal() else token)
    return tokens


@cache
def _slugs(level: Level, parent: str) -> dict[str, str]:
    """Return the slugs, by code, of the units that lie in one parent."""
    alike: dict[str, list[_Area]] = defaultdict(list)
    for area in _table(level).within(parent):
        alike[slug(area.name)].append(area)
    slugs = {}
    for name, areas in alike.items():
        kinds = Counter(area.kind for area in areas)
        for area in areas:
            kind = f"{slug(area.kind)}-" if len(areas) > 1 else ""
            slugs[area.code] = f"{kind}{name}" + (f"-{area.code}" if kinds[area.kind] > 1 else "")
    return slugs


@cache
def _lineage(area: _Area) -> tuple[_Area, ...]:
    """Return the province, the district and the commune, as far down as the area itself."""
    if not area.parent:
        return (area,)
    above = _LEVELS[_LEVELS.index(area.level) - 1]
    return (*_lineage(_table(above).by_code[area.parent]), area)


def _unit(area: _Area) -> Unit:
    return Unit(*(_slugs(part.level, part.parent)[part.code] for part in _lineage(area)))


@lru_cache(maxsize=256)
def _home_areas(home: Unit | None) -> tuple[_Area, ...]:
    """Return the home's province and district, as far as they are known."""
    areas: list[_Area] = []
    for level, wanted in zip(_LEVELS[:2], (home or ())[:2], strict=False):
        siblings = _slugs(level, areas[-1].code if areas else "")
        code = next((code for code, known in siblings.items() if known == wanted), None)
        if code is None:
            break
        areas.append(_table(level).by_code[code])
    return tuple(areas)


# ---------------------------------------------------------------------------------- reading the words


class _LevelWord(NamedTuple):
    """A word for a level: the kind it means, the levels of such units; `cautious` words need a known name."""

    kind: str
    ranks: tuple[Level, ...]
    cautious: bool = False

    def fits(self, area: _Area) -> bool:
        """Whether an area may be called so: districts and communes may have changed their kind, provinces not."""
        return area.level in self.ranks and (area.level != "province" or area.kind == self.kind)


class _Mention(NamedTuple):
    """A level word from token `start` on; what may be its name begins at token `name`."""

    word: _LevelWord
    start: int
    name: int
    known: bool


@cache
def _level_words() -> dict[str, _LevelWord | None]:
    """Return the words for a level, and phrases that hold one but mean none."""
    levels = tomllib.loads((_GAZETTEERS / "place_levels.toml").read_text(encoding="utf-8"))
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
    for end in range(min(start + _LONGEST_NAME, len(tokens)), start, -1):
        if _named(tokens[start:end], word):
            return end
    return start


def _named(name: Sequence[str], word: _LevelWord) -> list[_Area]:
    key = " ".join(name)
    return [area for rank in word.ranks for area in _table(rank).named(key) if word.fits(area)]


def _chain_start(mentions: Sequence[_Mention]) -> int:
    """Return the first mention of the chain that ends the words: each part lies in the next (“xã …, huyện …”)."""
    first = len(mentions) - 1
    above = _LEVELS.index(mentions[first].word.ranks[0])
    while first:
        before, after = mentions[first - 1 : first + 1]
        below = [rank for rank in map(_LEVELS.index, before.word.ranks) if rank > above]
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


def _ending_in_province(tokens: Sequence[str]) -> Unit | None:
    """Return the province named without its kind by the last words (“Sở Y tế Hà Nội”)."""
    for length in range(min(_LONGEST_NAME, len(tokens)), 0, -1):
        found = _table("province").named(" ".join(tokens[-length:]))
        if found:
            return _unit(found[0])
    return None


# ---------------------------------------------------------------------------------- finding the unit


def _resolve(tokens: Sequence[str], mention: _Mention, home: Unit | None) -> Unit | None:
    """Return the unit of the chain that begins with the mention and reaches the last token."""
    rest = tokens[mention.name :]
    if not rest:
        return _own(mention.word, home)
    for length in range(min(_LONGEST_NAME, len(rest)), 0, -1):
        above = rest[length:]
        candidates = [area for area in _named(rest[:length], mention.word) if _lies_in(area, above)]
        if candidates:
            return _nearest(candidates, mention.word.kind, home, is_placed=bool(above))
    return None


def _own(word: _LevelWord, home: Unit | None) -> Unit | None:
    """Return the home's own unit of a level; a “thành phố” is the centrally run city before that of the district."""
    if word.ranks == _RANKS["ward"]:
        return home if home and home.commune and len(_home_areas(home)) == len(_LEVELS) - 1 else None
    is_any_kind = word.ranks == _RANKS["district"]
    own = (area for area in _home_areas(home) if area.level in word.ranks and (is_any_kind or area.kind == word.kind))
    return next(map(_unit, own), None)


def _lies_in(area: _Area, above: Sequence[str]) -> bool:
    """Whether words name the area's district, its province or both, in this order, and nothing else."""
    at = 0
    for around in _lineage(area)[-2::-1] if above else ():
        word, after = _level_word_at(above, at)
        if word and not word.fits(around):
            continue
        start = after if word else at
        name = _tokens(around.name)
        if above[start : start + len(name)] == name:
            at = start + len(name)
    return at == len(above)


def _nearest(candidates: Sequence[_Area], kind: str, home: Unit | None, *, is_placed: bool) -> Unit | None:
    """Return the only candidate in the home's district, else in its province, else in the country."""
    codes = tuple(area.code for area in _home_areas(home))
    lineages = {area: tuple(part.code for part in _lineage(area)) for area in candidates}
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
    return _unit(chosen[0]) if len(chosen) == 1 and not is_another_meant else None
