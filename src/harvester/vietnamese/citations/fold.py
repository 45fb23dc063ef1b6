"""The form in which citations are looked for, and the way back from it to the text as given.

Composed letters, one blank for a run of white space, lower case, plain hyphens and slashes.
"""

import re
import unicodedata
from bisect import bisect_right
from functools import lru_cache
from typing import NamedTuple

PARAGRAPH = "\n\n"
"""Stands in both forms where the text has a blank line; no pattern crosses a line feed."""

_LINE = "\x0b"
_BLANKS = "\t\r\x0c\xa0\u2002\u2003\u2007\u2009\u202f\u3000"
_INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
# The first bytes, in UTF-8, of U+0300 to U+037F, where the combining marks are: the quickest sign of them.
_MARKS_IN_UTF8 = (b"\xcc", b"\xcd")
_RUN = re.compile(rf"[ {_LINE}][ {_LINE}]+")
# At most 30 marks at once: canonical ordering takes quadratic time in the length of a run of marks.
_UNEVEN = re.compile(rf"[^\u0300-\u036f {_LINE}\n{_INVISIBLE}][\u0300-\u036f]{{1,30}}|[ {_LINE}]{{2,}}|[{_INVISIBLE}]+")
# Tone placement matters in one word of the patterns, “ủy”; phrases of gazetteers fold theirs word by word.
_LOOK_ALIKES = (*((dash, "-") for dash in "–—‐‑‒−"), *((slash, "/") for slash in "⁄∕／"), ("uỷ", "ủy"), ("ð", "đ"))


def fold_words(words: str) -> str:
    """Return the words as they stand in `Folded.low`; the length stays."""
    # İ is the only letter whose lower case is longer than itself.
    low = words.replace(_LINE, " ").replace("İ", "i").lower()
    for look_alike, plain in _LOOK_ALIKES:
        low = low.replace(look_alike, plain)
    return low


class Folded(NamedTuple):
    """A text as given and in two forms of equal length: `text` keeps its letters, `low` is for matching.

    A line break is a blank in `low`; `text` keeps it (see `breaks`). From each of `starts` on, the text as given is
    so much further as the entry of `shifts` at the same place says.
    """

    given: str
    text: str
    low: str
    starts: tuple[int, ...]
    shifts: tuple[int, ...]

    @property
    def even(self) -> bool:
        """Whether folding has moved nothing."""
        return len(self.starts) == 1

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return a span in the text as given; invisible characters at its edges are left out."""
        if self.even:
            return start, end
        start, end = self._origin(start), self._origin(end)
        while end > start and self.given[end - 1] in _INVISIBLE:
            end -= 1
        return start, end

    def locate(self, start: int, end: int) -> tuple[int, int]:
        """Return where a span of the text as given stands in the folded forms; undoes `span`."""
        if self.even:
            return start, end
        return self._folded(start), self._folded(end)

    def _folded(self, offset: int) -> int:
        pieces = range(len(self.starts))
        piece = bisect_right(pieces, offset, key=lambda index: self.starts[index] + self.shifts[index]) - 1
        folded = offset - self.shifts[piece]
        return min(folded, self.starts[piece + 1]) if piece + 1 < len(self.starts) else folded

    def _origin(self, offset: int) -> int:
        return offset + self.shifts[bisect_right(self.starts, offset) - 1]

    def breaks(self, start: int, end: int) -> bool:
        """Whether a line ends between the two offsets."""
        return self.text.find(_LINE, start, end) >= 0 or self.text.find("\n", start, end) >= 0


@lru_cache(maxsize=1)
def fold(given: str) -> Folded:
    """Fold a text in any Unicode form; the last one is kept, since finding and normalising fold the same text."""
    even = given
    for blank in _BLANKS:
        even = even.replace(blank, " ")
    even = even.replace("Ð", "Đ")  # Icelandic letters of old keyboards
    even = even.replace("\n", _LINE).replace(_LINE * 2, PARAGRAPH)
    starts: tuple[int, ...] = (0,)
    shifts: tuple[int, ...] = (0,)
    if uneven := _uneven(even):
        even, starts, shifts = _levelled(even, uneven)
    return Folded(given, even, fold_words(even), starts, shifts)


def _uneven(even: str) -> re.Pattern[str] | None:
    """Return the pattern of what changes its length when folded; None for most texts, which hold nothing of it."""
    encoded = even.encode("utf-8", "surrogatepass")
    if any(byte in encoded for byte in _MARKS_IN_UTF8) or any(char in even for char in _INVISIBLE):
        return _UNEVEN
    runs = "  " in even or (_LINE in even and (f" {_LINE}" in even or f"{_LINE} " in even))
    return _RUN if runs else None


def _levelled(even: str, uneven: re.Pattern[str]) -> tuple[str, tuple[int, ...], tuple[int, ...]]:
    """Return the text with its uneven pieces folded, and the way back from its offsets."""
    pieces: list[str] = []
    starts, shifts = [0], [0]
    taken = length = 0
    for match in uneven.finditer(even):
        piece = _even_piece(match[0])
        pieces += (even[taken : match.start()], piece)
        length += match.start() - taken + len(piece)
        taken = match.end()
        starts.append(length)
        shifts.append(taken - length)
    pieces.append(even[taken:])
    return "".join(pieces), tuple(starts), tuple(shifts)


def _even_piece(piece: str) -> str:
    if piece[0] in _INVISIBLE:
        return ""
    if piece[0] not in " " + _LINE:
        return unicodedata.normalize("NFC", piece)[0]  # marks that compose with nothing are dropped
    match piece.count(_LINE):
        case 0:
            return " "
        case 1:
            return _LINE
        case _:
            return PARAGRAPH
