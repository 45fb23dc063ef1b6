"""What `find` yields and `normalise` reads: one frozen value per mention; offsets are those of the folded text."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Symbol:
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


@dataclass(frozen=True, slots=True)
class Candidate:
    """A mention: the span and the type code."""

    start: int
    end: int
    type: str


@dataclass(frozen=True, slots=True)
class Numbered(Candidate):
    """A document by its number; `group` is shared by the members of a list.

    A `tentative` one counts only if its issuer or an earlier mention confirms it.
    """

    symbol: Symbol
    group: int
    tentative: bool = False


@dataclass(frozen=True, slots=True)
class Dated(Candidate):
    """A document without a number but with its issue date inside the span; `issuers` from a blank symbol."""

    day: date
    issuers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Named(Candidate):
    """A law, code, ordinance or constitution by its name; `amending`: “(sửa đổi)” stands behind it."""

    slug: str
    year: int | None
    symbol: Symbol | None
    amending: bool


@dataclass(frozen=True, slots=True)
class Congress(Candidate):
    """A resolution of a congress; `body` in words (empty if not named), `ordinal` as written or the term's years."""

    body: str
    ordinal: str


@dataclass(frozen=True, slots=True)
class Plenum(Candidate):
    """A resolution of a plenum of the Central Committee; `term` is a Roman numeral."""

    session: int
    term: str | None
