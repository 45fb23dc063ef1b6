"""Canonical ids: what a mention designates, in ASCII, as far as its article tells (docs/citations.md, “The id”)."""

from typing import Literal, NamedTuple

from harvester.vietnamese.citations.mentions import Congress, Dated, Mention, Named, Numbered, Plenum, Symbol
from harvester.vietnamese.text import slug

UNKNOWN = "?"
"""Stands in an id for the part that nothing decides."""

Means = Literal["symbol", "name", "occasion", "date", "issuer", "antecedent", "list"]


class Identity(NamedTuple):
    """What a mention designates; `antecedent` is the span of the mention that decided it, `issuer` an ASCII code.

    `resolved_by` is None where the id holds “?”.
    """

    canonical_id: str
    resolved_by: Means | None
    year: int | None = None
    issuer: str | None = None
    antecedent: tuple[int, int] | None = None


def numbered_id(code: str, number: str | None, year: int | None, issuer: str) -> str:
    """Return `TYPE:NUMBER[/YEAR]:ISSUER`."""
    return f"{code}:{number}/{year}:{issuer}" if year else f"{code}:{number}:{issuer}"


def law_id(code: str, name: str, year: int | None) -> str:
    """Return `TYPE[:slug][:year]`; a constitution has no name."""
    return ":".join(part for part in (code, name, str(year or "")) if part)


def own_identity(
    mention: Mention, *, number: str | None, year: int | None, issuer: str | None, said: str | None
) -> Identity:
    """Return what a mention says by itself, “?” for what it leaves open.

    Args:
        mention: what was found.
        number: without leading zeros.
        year: of the symbol.
        issuer: of the symbol, in ASCII.
        said: the issuer that the words behind the mention name, in ASCII; it completes an issue date only, since
            an earlier mention may know more of a number than the words behind a later one.
    """
    match mention:
        case Numbered() | Named(symbol=Symbol()):
            canonical_id = numbered_id(mention.type, number, year, issuer or UNKNOWN)
            return Identity(canonical_id, "symbol" if issuer else None, year, issuer)
        case Named(type=code, slug=name, year=law_year):
            return Identity(law_id(code, name, law_year), "name", law_year)
        case Congress(type=code, body=body, ordinal=ordinal):
            return Identity(f"{code}:DH-{slug(body) or UNKNOWN}:{ordinal}", "occasion" if body else None)
        case Plenum(type=code, session=session, term=term):
            canonical_id = f"{code}:TW{session}:{term or UNKNOWN}"
            return Identity(canonical_id, "occasion" if term else None, issuer="TW")
        case Dated(type=code, day=day):
            canonical_id = f"{code}:@{day.isoformat()}:{issuer or said or UNKNOWN}"
            return Identity(canonical_id, "date" if issuer or said else None, day.year, issuer or said)
