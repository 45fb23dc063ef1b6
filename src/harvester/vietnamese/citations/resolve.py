"""Gives every reading its canonical id: by itself, by an earlier mention, by its issuer, by its list.

An antecedent is accepted only if all mentions left have one canonical id; else “?” stays visible (docs/annotation.md,
“Canonical ids”).
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from itertools import groupby
from typing import Literal, NamedTuple

from harvester.vietnamese.citations.candidates import Congress, Dated, Named, Numbered, Plenum, Symbol
from harvester.vietnamese.citations.normalise import Reading
from harvester.vietnamese.text import slug

UNKNOWN = "?"
_DIGITS = "0123456789"
# More documents of one number and type in a text say nothing of a short form (and would cost quadratic time).
_MOST_DOCUMENTS = 32


class Identity(NamedTuple):
    """What a reading designates; `antecedent` is the span (folded offsets) of the mention that decided it."""

    canonical_id: str
    resolved_by: Literal["symbol", "name", "occasion", "date", "issuer", "antecedent", "list"] | None
    year: int | None = None
    issuer: str | None = None
    antecedent: tuple[int, int] | None = None


class ListContext(NamedTuple):
    """What the list a reading belongs to says: the issuer behind it, the symbol of another item."""

    said: str | None = None
    year: int | None = None
    issuer: str | None = None


_ALONE = ListContext()

Earlier = dict[Hashable, dict[str, tuple[Identity, tuple[int, int]]]]
"""By what mentions share: the canonical ids they have, each with its first mention."""


def resolve(readings: tuple[Reading, ...]) -> tuple[tuple[Reading, Identity], ...]:
    """Return the readings with their identities; tentative ones that nothing confirms are left out."""
    contexts = _list_contexts(readings)
    earlier: Earlier = defaultdict(dict)
    resolved = []
    for reading, context in zip(readings, contexts, strict=True):
        identity = (
            _by_itself(reading)
            or _by_antecedent(reading, context, earlier)
            or _by_issuer(reading, context)
            or _by_list(reading, context)
            or _unresolved(reading)
        )
        if identity.resolved_by is None and isinstance(reading.candidate, Numbered) and reading.candidate.tentative:
            continue
        resolved.append((reading, identity))
        if identity.resolved_by and (key := _key(reading)) and len(earlier[key]) <= _MOST_DOCUMENTS:
            span = (reading.candidate.start, reading.candidate.end)
            earlier[key].setdefault(identity.canonical_id, (identity, span))
    return tuple(resolved)


# ------------------------------------------------------------------------------------- the steps


def _by_itself(reading: Reading) -> Identity | None:
    """Accept what the mention says in full."""
    match reading.candidate:
        case Numbered() | Named(symbol=Symbol()) if reading.issuer:
            return Identity(_numbered_id(reading, reading.year, reading.issuer), "symbol", reading.year, reading.issuer)
        case Named(symbol=None, year=int() as year):
            return Identity(_law_id(reading, year), "name", year)
        case Congress(body=body) as congress if body:
            return Identity(_congress_id(congress), "occasion")
        case Plenum(type=code, session=session, term=str() as term):
            return Identity(f"{code}:TW{session}:{term}", "occasion", issuer="TW")
        case Dated(type=code, day=day) if issuer := reading.issuer or reading.said:
            return Identity(f"{code}:@{day.isoformat()}:{issuer}", "date", day.year, issuer)
        case _:
            return None


def _by_antecedent(reading: Reading, context: ListContext, earlier: Earlier) -> Identity | None:
    """Accept the one document that earlier mentions of the same number or name designate."""
    key = _key(reading)
    if key is None or key not in earlier or (isinstance(reading.candidate, Named) and reading.candidate.amending):
        return None
    if len(earlier[key]) > _MOST_DOCUMENTS:
        return None
    said = reading.said or context.said
    left = [mention for mention in earlier[key].values() if _agrees(mention[0], reading.year, said)]
    if len(left) == 1:
        identity, span = left[0]
        return Identity(identity.canonical_id, "antecedent", identity.year, identity.issuer, span)
    return _unresolved(reading) if left and not said else None


def _by_issuer(reading: Reading, context: ListContext) -> Identity | None:
    """Accept the issuer named behind the mention or behind the list it belongs to."""
    issuer = reading.said or context.said
    if not isinstance(reading.candidate, Numbered) or issuer is None:
        return None
    canonical_id = _numbered_id(reading, reading.year, issuer)
    return Identity(canonical_id, "issuer" if reading.said else "list", reading.year, issuer)


def _by_list(reading: Reading, context: ListContext) -> Identity | None:
    """Accept year and issuer of another item's symbol: “Nghị quyết số 09 và 11-NQ/TU”."""
    if not isinstance(reading.candidate, Numbered) or context.issuer is None:
        return None
    year = reading.year or context.year
    return Identity(_numbered_id(reading, year, context.issuer), "list", year, context.issuer)


def _unresolved(reading: Reading) -> Identity:
    """Keep the mention; a law's name alone is an id, all else shows “?”."""
    match reading.candidate:
        case Named(type="HP"):
            return Identity(f"HP:{UNKNOWN}", None)
        case Named(symbol=None):
            return Identity(_law_id(reading, None), "name")
        case Congress() as congress:
            return Identity(_congress_id(congress), None)
        case Plenum(type=code, session=session):
            return Identity(f"{code}:TW{session}:{UNKNOWN}", None, issuer="TW")
        case Dated(type=code, day=day):
            return Identity(f"{code}:@{day.isoformat()}:{UNKNOWN}", None, day.year)
        case _:
            return Identity(_numbered_id(reading, reading.year, UNKNOWN), None, reading.year)


# ------------------------------------------------------------------------------------- ids


def _numbered_id(reading: Reading, year: int | None, issuer: str) -> str:
    number = f"{reading.number}/{year}" if year else reading.number
    return f"{reading.candidate.type}:{number}:{issuer}"


def _law_id(reading: Reading, year: int | None) -> str:
    code, name = reading.candidate.type, reading.candidate.slug if isinstance(reading.candidate, Named) else ""
    return ":".join(part for part in (code, name, str(year or "")) if part)


def _congress_id(congress: Congress) -> str:
    ordinal = congress.ordinal if congress.ordinal.isascii() else slug(congress.ordinal)
    return f"{congress.type}:DH-{slug(congress.body) or UNKNOWN}:{ordinal}"


# ------------------------------------------------------------------------------------- what mentions share


def _key(reading: Reading) -> Hashable | None:
    """Return what a mention shares with the earlier mentions it may stand for."""
    match reading.candidate:
        case Numbered(type=code):
            return code, "number", reading.number
        case Named(type=code, slug=name):
            return code, "name", name
        case Congress(type=code, ordinal=ordinal):
            return code, "congress", ordinal
        case Plenum(type=code, session=session):
            return code, "plenum", session
        case _:
            return None


def _agrees(identity: Identity, year: int | None, said: str | None) -> bool:
    """Whether an earlier identity fits the year and issuer of a short form; “QH” fits “QH15”."""
    if year and identity.year != year:
        return False
    return said is None or identity.issuer is None or said in {identity.issuer, identity.issuer.rstrip(_DIGITS)}


def _list_contexts(readings: tuple[Reading, ...]) -> list[ListContext]:
    """Return for every reading what its list says, the items behind it first."""
    contexts: list[ListContext] = []
    for _, members in groupby(readings, _group):
        items = list(members)
        contexts += _within_list(items) if len(items) > 1 else (_ALONE,)
    return contexts


def _group(reading: Reading) -> int:
    """Return what the members of a list share: its first offset."""
    return reading.candidate.group if isinstance(reading.candidate, Numbered) else reading.candidate.start


def _within_list(items: Sequence[Reading]) -> list[ListContext]:
    following = _nearest(reversed(items))[::-1]
    preceding = _nearest(items)
    return [
        ListContext(
            said=after.said,
            year=after.year if after.issuer else before.year,
            issuer=after.issuer or before.issuer,
        )
        for before, after in zip(preceding, following, strict=True)
    ]


def _nearest(items: Iterable[Reading]) -> list[ListContext]:
    """Return, in the order given, what the list items passed so far say; the nearest counts."""
    contexts: list[ListContext] = []
    context = _ALONE
    for reading in items:
        contexts.append(context)
        if reading.issuer:
            context = ListContext(context.said, reading.year, reading.issuer)
        if reading.said:
            context = ListContext(reading.said, context.year, context.issuer)
    return contexts
