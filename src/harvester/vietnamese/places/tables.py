"""The lists of units, read from the gazetteers at first use, and what is looked up in them: names, codes, parents.

Until 2025-06-30 communes lay in districts, since 2025-07-01 they lie in provinces (Law 72/2025/QH15; Resolution
202/2025/QH15). The new list gives old codes to other units.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from datetime import date
from enum import Enum
from functools import cache, cached_property
from importlib import resources
from typing import Literal, NamedTuple

from harvester.vietnamese.text import comparison_key

Level = Literal["province", "district", "commune"]

GAZETTEERS = resources.files("harvester.vietnamese.gazetteers")
LEVELS: tuple[Level, ...] = ("province", "district", "commune")

_LEVEL_BY_DIGITS: dict[int, Level] = {2: "province", 3: "district", 5: "commune"}
_EARLIER_UNITS = "place_earlier_units.tsv"

_SHORT_NAMES = {"tphcm": "tp hồ chí minh", "hcm": "hồ chí minh"}
_TOKEN = re.compile(r"\d+|[^\W\d_]+")
_APOSTROPHE = re.compile(r"'\s*")
_LONGEST_TEXT = 500  # code points from the end; a unit with all that lies around it takes far less, decomposed too


class Edition(Enum):
    """A list: LAST the one before July 2025, EARLIER what had left it before, NEW the one since."""

    LAST = "last"
    EARLIER = "earlier"
    NEW = "new"


BEFORE_JULY_2025 = (Edition.LAST, Edition.EARLIER)
SINCE_JULY_2025 = (Edition.NEW,)

_FILES: dict[tuple[Edition, Level], str] = {
    (Edition.LAST, "province"): "place_provinces.tsv",
    (Edition.LAST, "district"): "place_districts.tsv",
    (Edition.LAST, "commune"): "place_wards.tsv",
    (Edition.EARLIER, "province"): _EARLIER_UNITS,
    (Edition.EARLIER, "district"): _EARLIER_UNITS,
    (Edition.EARLIER, "commune"): _EARLIER_UNITS,
    (Edition.NEW, "province"): "place_new_provinces.tsv",
    (Edition.NEW, "commune"): "place_new_communes.tsv",
}


class Area(NamedTuple):
    """A row of a table; `parent` is the code of the unit it lies in, empty for a province."""

    edition: Edition
    name: str
    kind: str
    code: str
    parent: str = ""
    valid_to: date | None = None

    @property
    def level(self) -> Level:
        """Return the level, which the length of the code tells."""
        return _LEVEL_BY_DIGITS[len(self.code)]


class Columns(NamedTuple):
    """A list's level, field by field, in the order of the parents' codes and the units' own."""

    names: Sequence[str]
    kinds: Sequence[str]
    codes: Sequence[str]
    parents: Sequence[str] = ()
    last_days: Sequence[str] = ()


class Table:
    """The units of a list's level; of ten thousand only those that are asked for are taken apart."""

    def __init__(self, edition: Edition, level: Level) -> None:
        self._edition = edition
        self._columns = columns(edition, level)
        # A chain of positions instead of thousands of lists, most of which would hold one.
        self._last: dict[str, int] = {}
        self._previous: list[int | None] = []
        keys = _name_keys(self._columns.names)
        for at, name in enumerate(self._columns.names):
            key = keys[name]
            self._previous.append(self._last.get(key))
            self._last[key] = at

    def named(self, name: str) -> list[Area]:
        """Return the areas of a name, given as words in comparison form."""
        found = []
        at = self._last.get(name)
        while at is not None:
            found.append(self._area(at))
            at = self._previous[at]
        return found[::-1]

    def within(self, parent: str) -> list[Area]:
        """Return the areas whose parent has this code; all provinces, if empty."""
        parents = self._columns.parents
        found = range(bisect_left(parents, parent), bisect_right(parents, parent))
        return list(map(self._area, found if parent else range(len(self._columns.names))))

    def coded(self, code: str) -> Area | None:
        """Return the area of a code, if there is one."""
        at = self._by_code.get(code)
        return None if at is None else self._area(at)

    @cached_property
    def _by_code(self) -> dict[str, int]:
        return {code: at for at, code in enumerate(self._columns.codes)}

    def _area(self, at: int) -> Area:
        name, kind, code, parent, last_day = (column[at] if column else "" for column in self._columns)
        return Area(self._edition, name, kind, code, parent, date.fromisoformat(last_day) if last_day else None)


table = cache(Table)


@cache
def columns(edition: Edition, level: Level) -> Columns:
    """Return a list's level; there are no districts on the new list."""
    file = _FILES.get((edition, level))
    if file is None:
        return Columns((), (), ())
    found = Columns(*read(file))
    if file != _EARLIER_UNITS:
        return found
    here = [at for at, code in enumerate(found.codes) if _LEVEL_BY_DIGITS[len(code)] == level]
    return Columns(*([column[at] for at in here] for column in found))


@cache
def read(file: str) -> list[list[str]]:
    """Return a gazetteer's columns, their names left out; one cut through the whole file keeps long ones cheap."""
    text = (GAZETTEERS / file).read_text(encoding="utf-8").removesuffix("\n")
    start = 0
    while text.startswith("#", start):
        start = text.index("\n", start) + 1
    end = text.index("\n", start)
    width = text.count("\t", start, end) + 1
    fields = text[end + 1 :].replace("\n", "\t").split("\t")
    return [fields[column::width] for column in range(width)]


def words_of(text: str) -> list[str]:
    """Return the last words and numbers in comparison form: “P.02” gives p, 2; “Ea H'leo” gives ea, hleo."""
    tokens: list[str] = []
    for token in _TOKEN.findall(_APOSTROPHE.sub("", comparison_key(text[-_LONGEST_TEXT:]))):
        if token in _SHORT_NAMES:
            tokens += _SHORT_NAMES[token].split()
        else:
            tokens.append((token.lstrip("0") or "0") if token.isdecimal() else token)
    return tokens


def _name_keys(names: Iterable[str]) -> dict[str, str]:
    """Return what names are looked up by; one fold over all of them keeps ten thousand cheap."""
    distinct = list(dict.fromkeys(names))
    folded = comparison_key("|".join(distinct)).split("|") if distinct else []
    keys = (key if key.replace(" ", "").isalpha() else " ".join(words_of(key)) for key in folded)
    return dict(zip(distinct, keys, strict=True))
