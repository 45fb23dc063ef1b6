"""What `find` yields and `normalise` reads: one value per mention; offsets are those of the folded text.

The values of this room are named tuples: a text makes hundreds of them, and frozen dataclasses cost six times as much.
"""

from datetime import date
from typing import NamedTuple


class Symbol(NamedTuple):
    """A number with what hangs on it: “05/2024/NQ-HĐND” is 05, 2024, NQ, (HĐND); letters as written."""

    start: int
    end: int
    number: str | None
    year: int | None = None
    type_code: str | None = None
    issuers: tuple[str, ...] = ()

    @property
    def bare(self) -> bool:
        """Whether it is a number and nothing more."""
        return self.year is None and self.type_code is None and not self.issuers


class Numbered(NamedTuple):
    """A document by its number; `group` is shared by the members of a list.

    A `tentative` one counts only if its issuer or an earlier mention confirms it.
    """

    start: int
    end: int
    type: str
    symbol: Symbol
    group: int
    tentative: bool = False


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
    """A resolution of a congress; `body` in words (empty if not named), `ordinal` as written or the term's years."""

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


Candidate = Numbered | Dated | Named | Congress | Plenum
"""A mention: the span, the type code, and what its kind adds."""
