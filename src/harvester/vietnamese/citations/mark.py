"""Marks citations in a copy of the text, escaped for HTML, for people to look at."""

from collections.abc import Iterable
from html import escape

from harvester.records import Citation
from harvester.vietnamese.citations.ids import UNKNOWN


def mark(text: str, citations: Iterable[Citation]) -> str:
    """Return the text escaped for HTML with each citation inside `<mark>`.

    The tag's `data-id` is the canonical id, its `title` says what decided it; the class is `citation`, and
    `citation unresolved` where the id holds “?”. Without its tags and unescaped, the result is the text as given.

    Args:
        text: the text the citations' offsets count in.
        citations: what `cite` or `resolve` found in it, in any order.

    Raises:
        ValueError: a citation does not lie inside the text, or two overlap.
    """
    pieces: list[str] = []
    end = 0
    for citation in sorted(citations, key=lambda citation: citation.start):
        if not end <= citation.start < citation.end <= len(text):
            reason = f"the citation at {citation.start} to {citation.end} overlaps another or lies outside the text"
            raise ValueError(f"{reason} of {len(text)} characters; were both taken from one text?")
        pieces += (escape(text[end : citation.start]), _tag(citation, text[citation.start : citation.end]))
        end = citation.end
    return "".join((*pieces, escape(text[end:])))


def _tag(citation: Citation, words: str) -> str:
    css_class = "citation unresolved" if UNKNOWN in citation.canonical_id else "citation"
    title = f"{citation.canonical_id} (by {citation.resolved_by})" if citation.resolved_by else citation.canonical_id
    attributes = f'class="{css_class}" data-id="{escape(citation.canonical_id)}" title="{escape(title)}"'
    return f"<mark {attributes}>{escape(words)}</mark>"
