"""What `find` yields and `normalise` reads: one value per mention.

The values of this room are named tuples: a text makes hundreds of them, and frozen dataclasses cost six times as much.
"""

from collections.abc import Callable
from datetime import date
from typing import NamedTuple


class Symbol(NamedTuple):
    """A number with what hangs on it: “05/2024/NQ-HĐND” is 05, 2024, NQ, (HĐND); letters as written."""

    number: str | None
    year: int | None = None
    type_code: str | None = None
    issuers: tuple[str, ...] = ()

    @property
    def bare(self) -> bool:
        """Whether it is a number and nothing more."""
        return self.year is None and self.type_code is None and not self.issuers


class Numbered(NamedTuple):
    """A document by its number; `group` is shared by the members of a list with one type word.

    A `tentative` one counts only if its issuer or an earlier mention confirms it; one that `goes_on` stands behind
    another with its own type word: “Chỉ thị 15, Chỉ thị 19 của Thủ tướng”.
    """

    start: int
    end: int
    type: str
    symbol: Symbol
    group: int
    tentative: bool = False
    goes_on: bool = False


class Dated(NamedTuple):
    """A document without a number but with its issue date inside the span; `issuers` from a blank symbol."""

    start: int
    end: int
    type: str
    day: date
    issuers: tuple[str, ...]


class Named(NamedTuple):
    """A law, code, ordinance or constitution by its name; `amending`: “(sửa đổi)” stands behind it."""

    start: int
    end: int
    type: str
    slug: str
    year: int | None
    symbol: Symbol | None
    amending: bool


class Congress(NamedTuple):
    """A resolution of a congress; `body` in words (empty if not named).

    `ordinal` is that of the congress as written, words as digits, or the years of its term.
    """

    start: int
    end: int
    type: str
    body: str
    ordinal: str


class Plenum(NamedTuple):
    """A resolution of a plenum of the Central Committee; `term` is a Roman numeral."""

    start: int
    end: int
    type: str
    session: int
    term: str | None


Mention = Numbered | Dated | Named | Congress | Plenum
"""A mention: the span, the type code, and what its kind adds."""


def moved(mention: Mention, span: Callable[[int, int], tuple[int, int]]) -> Mention:
    """Return the mention with its offsets those of another form of the text."""
    start, end = span(mention.start, mention.end)
    if isinstance(mention, Numbered):
        return mention._replace(start=start, end=end, group=span(mention.group, mention.group)[0])
    return mention._replace(start=start, end=end)
