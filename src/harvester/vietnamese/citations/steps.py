"""The steps by which a short form finds its document: an earlier mention, the issuer behind it, its list.

A step is a function of one reading and what the article says around it. It returns an identity, which settles the
matter, or None, which leaves it to the next step.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from harvester.vietnamese.citations.ids import Identity, numbered_id
from harvester.vietnamese.citations.issuers import SaidIssuer
from harvester.vietnamese.citations.mentions import Named, Numbered
from harvester.vietnamese.citations.normalise import Reading

_DIGITS = "0123456789"


class Antecedent(NamedTuple):
    """A document that an earlier mention of the same type and number, or name, designates; `span` of the first."""

    identity: Identity
    span: tuple[int, int]


class ListContext(NamedTuple):
    """What the list a reading belongs to says: the issuer behind it, the symbol of another item."""

    said: SaidIssuer | None = None
    year: int | None = None
    issuer: str | None = None


class Context(NamedTuple):
    """What an article says around a reading: the documents it may stand for, one per canonical id, and its list."""

    earlier: Sequence[Antecedent]
    listed: ListContext


Step = Callable[[Reading, Context], Identity | None]


def by_antecedent(reading: Reading, context: Context) -> Identity | None:
    """Accept the one document that is left of those mentioned earlier; leave it open where they disagree."""
    if isinstance(reading.mention, Named) and reading.mention.amending:
        return None
    said = _said_code(reading, context)
    left = [antecedent for antecedent in context.earlier if _agrees(antecedent.identity, reading.year, said)]
    if len(left) == 1:
        identity, span = left[0]
        return Identity(identity.canonical_id, "antecedent", identity.year, identity.issuer, span)
    return reading.own if left and not said else None


def by_issuer(reading: Reading, context: Context) -> Identity | None:
    """Accept the issuer named behind the mention or behind the list it belongs to."""
    issuer = _said_code(reading, context)
    if not isinstance(reading.mention, Numbered) or issuer is None:
        return None
    canonical_id = numbered_id(reading.mention.type, reading.number, reading.year, issuer)
    by_itself = reading.said is not None and reading.said.code is not None
    return Identity(canonical_id, "issuer" if by_itself else "list", reading.year, issuer)


def by_list(reading: Reading, context: Context) -> Identity | None:
    """Accept year and issuer of another item's symbol: “Nghị quyết số 09 và 11-NQ/TU”."""
    issuer = context.listed.issuer
    if not isinstance(reading.mention, Numbered) or issuer is None:
        return None
    year = reading.year or context.listed.year
    return Identity(numbered_id(reading.mention.type, reading.number, year, issuer), "list", year, issuer)


STEPS: tuple[Step, ...] = (by_antecedent, by_issuer, by_list)
"""The steps in the order in which they are tried."""


def _said_code(reading: Reading, context: Context) -> str | None:
    """Return the code of the issuer named behind the mention, else behind its list."""
    own = reading.said.code if reading.said else None
    listed = context.listed.said.code if context.listed.said else None
    return own or listed


def _agrees(identity: Identity, year: int | None, said: str | None) -> bool:
    """Whether an earlier identity fits the year and issuer of a short form; “QH” fits “QH15”, “BYT” fits “BYT-BQP”."""
    if year and identity.year != year:
        return False
    if said is None or identity.issuer is None:
        return True
    return said in {identity.issuer, identity.issuer.rstrip(_DIGITS), identity.issuer.partition("-")[0]}
