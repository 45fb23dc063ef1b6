"""Documents cited in a text: found, normalised and resolved (docs/annotation.md, C1 to C9).

cite(text) -> tuple[Citation, ...]    fold -> find -> normalise -> resolve, in records
"""

from harvester.records import Citation, Span
from harvester.vietnamese.citations.candidates import Congress, Named, Numbered, Plenum
from harvester.vietnamese.citations.find import find
from harvester.vietnamese.citations.fold import Folded, fold
from harvester.vietnamese.citations.issuers import expansion
from harvester.vietnamese.citations.normalise import Reading, normalise
from harvester.vietnamese.citations.resolve import Identity, resolve

__all__ = ["cite"]


def cite(text: str) -> tuple[Citation, ...]:
    """Return the documents a text cites, in order; offsets are those of the text as given.

    The text may be in any Unicode form and hold no-break spaces, line breaks and look-alike dashes. It takes time
    in proportion to its length and raises nothing on any string.
    """
    folded = fold(text)
    return tuple(_record(folded, reading, identity) for reading, identity in resolve(normalise(folded, find(folded))))


def _record(folded: Folded, reading: Reading, identity: Identity) -> Citation:
    candidate = reading.candidate
    start, end = folded.span(candidate.start, candidate.end)
    symbol = candidate.symbol if isinstance(candidate, (Numbered, Named)) else None
    named_year = candidate.year if isinstance(candidate, Named) else None
    return Citation(
        text=folded.given[start:end],
        start=start,
        end=end,
        type=candidate.type,
        number=symbol.number if symbol else None,
        year=reading.year or named_year or identity.year or (reading.day.year if reading.day else None),
        symbol=reading.symbol,
        issuer=reading.said_words or _issuer(reading, identity),
        date=reading.day.isoformat() if reading.day else None,
        subject=reading.subject,
        pinpoint=reading.pinpoint,
        canonical_id=identity.canonical_id,
        resolved_by=identity.resolved_by,
        antecedent=_span(folded, identity.antecedent),
    )


def _issuer(reading: Reading, identity: Identity) -> str | None:
    """Return the issuer in words, from the occasion or from the code of the canonical id."""
    match reading.candidate:
        case Congress(body=body):
            return f"Đại hội {body}".strip()
        case Plenum():
            return "Ban Chấp hành Trung ương Đảng"
        case _:
            code = identity.issuer or reading.issuer
            return (expansion(code) or reading.issuer_written or code) if code else None


def _span(folded: Folded, span: tuple[int, int] | None) -> Span | None:
    if span is None:
        return None
    start, end = folded.span(*span)
    return Span(start=start, end=end)
