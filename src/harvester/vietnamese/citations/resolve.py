"""Resolves readings into citations: what is said in full stands, short forms go through the steps.

An antecedent is accepted only if all mentions left have one canonical id; else “?” stays visible (docs/citations.md,
“What is not resolved”).
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from itertools import groupby
from typing import Any

from pydantic import TypeAdapter

from harvester.records import Citation
from harvester.vietnamese.citations.ids import Identity
from harvester.vietnamese.citations.issuers import SaidIssuer, expansion
from harvester.vietnamese.citations.keys import NO_DATELINE, Dateline, document_keys
from harvester.vietnamese.citations.mentions import Congress, Named, Numbered, Plenum
from harvester.vietnamese.citations.normalise import Reading
from harvester.vietnamese.citations.steps import STEPS, Antecedent, Context, ListContext, Step

# More documents of one number and type in a text say nothing of a short form (and would cost quadratic time).
_MOST_DOCUMENTS = 32
_ALONE = ListContext()
_CITATIONS = TypeAdapter(tuple[Citation, ...])


def resolve(
    readings: Sequence[Reading], *, steps: Sequence[Step] = STEPS, dateline: Dateline = NO_DATELINE
) -> tuple[Citation, ...]:
    """Return the readings as citations, in order.

    A tentative mention that no step confirms is left out, as it is rather a count than a document; any other that
    stays open keeps its “?”, and `resolved_by` is null.

    Args:
        readings: those of one article, in the order of the text.
        steps: tried in turn on a reading that does not stand by itself; the first identity counts.
        dateline: where and when the article was published, which decides some document keys.
    """
    resolved = _identified(readings, steps)
    keys = document_keys(resolved, dateline)
    # One call for all records of a text: it costs half as much as building each by itself.
    return _CITATIONS.validate_python(
        [_fields(reading, identity, key) for (reading, identity), key in zip(resolved, keys, strict=True)]
    )


def _identified(readings: Sequence[Reading], steps: Sequence[Step]) -> list[tuple[Reading, Identity]]:
    """Return the readings with what they designate; what an article says counts from there on."""
    earlier: dict[Hashable, dict[str, Antecedent]] = defaultdict(dict)
    resolved = []
    for reading, listed in zip(readings, _list_contexts(readings), strict=True):
        mention, identity, is_open = reading.mention, reading.own, reading.open
        shared = _shared(reading)
        if is_open:
            known = earlier.get(shared, {})
            context = Context(tuple(known.values()) if len(known) <= _MOST_DOCUMENTS else (), listed)
            identity = next((found for step in steps if (found := step(reading, context))), identity)
            if identity.resolved_by is None and isinstance(mention, Numbered) and mention.tentative:
                continue
        full = _with_list_issuer(reading, listed.said, identity) if listed.said else reading
        resolved.append((full, identity))
        # A law's bare name says less than any later one with a year.
        is_bare = is_open and identity is reading.own
        if shared and identity.resolved_by and not is_bare:
            known = earlier[shared]
            if identity.canonical_id not in known and len(known) <= _MOST_DOCUMENTS:
                known[identity.canonical_id] = Antecedent(identity, (mention.start, mention.end))
    return resolved


def _with_list_issuer(reading: Reading, said: SaidIssuer, identity: Identity) -> Reading:
    """Return a list item with the issuer named behind its list, if that is its own: “số 15-NQ/TU, 16-NQ/TU của …”."""
    if reading.said or said.code != identity.issuer:
        return reading
    return reading._replace(said=said)


def _shared(reading: Reading) -> Hashable | None:
    """Return what a mention shares with the earlier mentions it may stand for."""
    match reading.mention:
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


# ------------------------------------------------------------------------------------- lists


def _list_contexts(readings: Sequence[Reading]) -> list[ListContext]:
    """Return for every reading what its list says, the items behind it first."""
    numbered = [reading.mention for reading in readings if isinstance(reading.mention, Numbered)]
    if not any(mention.goes_on or mention.group != mention.start for mention in numbered):
        return [_ALONE] * len(readings)  # most texts hold no list
    contexts: list[ListContext] = []
    behind = _ALONE
    for items in reversed([list(members) for _, members in groupby(readings, _group)]):
        first = items[0].mention
        goes_on = isinstance(first, Numbered) and first.goes_on
        if len(items) == 1 and behind is _ALONE and not goes_on:
            contexts.append(_ALONE)
            continue
        following, outside = _nearest(reversed(items), behind)
        preceding, _ = _nearest(items, _ALONE)
        contexts += map(_both, reversed(preceding), following)
        # A type word of its own makes the symbol its own, too.
        behind = ListContext(said=outside.said) if goes_on else _ALONE
    return contexts[::-1]


def _group(reading: Reading) -> int:
    """Return what the members of a list share: its first offset."""
    return reading.mention.group if isinstance(reading.mention, Numbered) else reading.mention.start


def _both(before: ListContext, after: ListContext) -> ListContext:
    """Join what stands on both sides: an issuer in words behind, a symbol rather behind than before."""
    year = after.year if after.issuer else before.year
    return ListContext(said=after.said, year=year, issuer=after.issuer or before.issuer)


def _nearest(items: Iterable[Reading], context: ListContext) -> tuple[list[ListContext], ListContext]:
    """Return, in the order given, what the list items passed so far say, the nearest first; and what all say."""
    contexts: list[ListContext] = []
    for reading in items:
        contexts.append(context)
        if reading.issuer:
            context = ListContext(context.said, reading.year, reading.issuer)
        if reading.said and reading.said.code:
            context = ListContext(reading.said, context.year, context.issuer)
    return contexts, context


# ------------------------------------------------------------------------------------- records


def _fields(reading: Reading, identity: Identity, document_key: str | None) -> dict[str, Any]:
    """Return the fields of a Citation."""
    mention = reading.mention
    symbol = mention.symbol if isinstance(mention, (Numbered, Named)) else None
    antecedent = identity.antecedent
    return {
        "text": reading.text,
        "start": mention.start,
        "end": mention.end,
        "type": mention.type,
        "number": symbol.number if symbol else None,
        "year": reading.year or identity.year or reading.issued.year,
        "symbol": reading.symbol,
        "issuer": reading.said.words if reading.said else _issuer(reading, identity),
        "date": reading.issued.iso if reading.issued.day else None,
        "subject": reading.subject,
        "pinpoint": reading.pinpoint,
        "canonical_id": identity.canonical_id,
        "document_key": document_key,
        "resolved_by": identity.resolved_by,
        "antecedent": {"start": antecedent[0], "end": antecedent[1]} if antecedent else None,
    }


def _issuer(reading: Reading, identity: Identity) -> str | None:
    """Return the issuer in words, from the occasion or from the code of the canonical id."""
    match reading.mention:
        case Congress(body=body):
            return f"Đại hội {body}".strip()
        case Plenum():
            return "Ban Chấp hành Trung ương Đảng"
        case _:
            code = identity.issuer or reading.issuer
            return (expansion(code) or reading.issuer_written or code) if code else None
