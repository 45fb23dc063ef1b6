"""Reads the area that goes on behind a body: “quận Long Biên”, “TP. Hồ Chí Minh”, “Quận 7, TP.HCM”."""

import re
from functools import cache

from harvester.vietnamese.citations.fold import Folded, fold_words
from harvester.vietnamese.citations.lexicon import AreaWord, area_words
from harvester.vietnamese.places import bare_names

_MOST_PARTS = 8
_WORD = re.compile(r" [^\W\d_]+")
_DOT = re.compile(r"\. ?")
_ATTACHED = re.compile(r"[^\W\d_]+")
_NUMBER = re.compile(r" ?[0-9]{1,2}(?![^\W_]|[.,/-][0-9])")
_HYPHEN = re.compile(r" ?- ?")


def extend_over_place(folded: Folded, end: int) -> int:
    """Return the end of the area words, names and numbers that go on behind a body."""
    bracketed = folded.low.startswith(" (", end)
    at = end + 1 if bracketed else end
    rank = 0
    for _ in range(_MOST_PARTS):
        part = _area(folded, at, rank) or _name(folded, at) or _second_name(folded, at)
        if part is None or folded.breaks(at, part[0]):
            break
        at, rank = part[0], part[1] or rank
        if bracketed and rank == 0:  # “(TP. Hồ Chí Minh)” is an area, “(Khóa XII)” is none
            return end
    if bracketed:
        return at + 1 if rank and folded.low.startswith(")", at) else end
    return at


# Each of the three reads one part of an area and returns where it ends, and its rank: it grows from communes to
# provinces and is 0 for a mere name.


def _area(folded: Folded, at: int, rank: int) -> tuple[int, int] | None:
    """Read an area word with the number or the attached name behind it; behind a comma only a larger area."""
    behind_comma = folded.low.startswith(", ", at)
    if not behind_comma and not folded.low.startswith((" ", "("), at):
        return None
    found = area_words().longest(folded.low, at + 2 if behind_comma else at + 1)
    if found is None:
        return None
    end, word = found
    if behind_comma and not 0 < rank < word.rank:
        return None
    named = _attached(folded, end, word)
    if (word.cautious or behind_comma) and named is None and not _name(folded, end):
        return None
    return named or end, word.rank


def _attached(folded: Folded, end: int, word: AreaWord) -> int | None:
    """Return the end of a number (“quận 7”) or of a name behind a full stop (“TP.HCM”, “Q. Tây Hồ”)."""
    if word.abbreviation and (dot := _DOT.match(folded.low, end)):
        name = _ATTACHED.match(folded.low, dot.end())
        if name and folded.text[name.start()].isupper():
            return name.end()
        end = dot.end()
    number = _NUMBER.match(folded.low, end)
    return number.end() if number else None


def _name(folded: Folded, at: int) -> tuple[int, int] | None:
    word = _WORD.match(folded.low, at) if folded.text[at + 1 : at + 2].isupper() else None
    return (word.end(), 0) if word else None


def _second_name(folded: Folded, at: int) -> tuple[int, int] | None:
    """Read the part behind the hyphen of “Bà Rịa - Vũng Tàu”; other hyphens join something else."""
    hyphen = _HYPHEN.match(folded.low, at) if folded.low.startswith((" -", "-"), at) else None
    if hyphen is None:
        return None
    for first, second in _double_names():
        if folded.low.endswith(first, 0, at) and folded.low.startswith(second, hyphen.end()):
            return hyphen.end() + len(second), 0
    return None


@cache
def _double_names() -> tuple[tuple[str, str], ...]:
    names = [name for level in ("province", "district") for name in bare_names(level) if "-" in name]
    pairs = (_HYPHEN.split(fold_words(name), maxsplit=1) for name in names)
    return tuple((first, second) for first, second in pairs)
