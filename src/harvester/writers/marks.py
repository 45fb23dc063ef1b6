"""Spans of a text as marks in HTML: layers that may cross, without broken markup."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from harvester.writers.markup import Content, element

BETWEEN_PARAGRAPHS = "\n\n"

Layer = Sequence["Mark"]


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch of text to be marked: its own anchor, the anchor it leads to, its CSS class and its tooltip."""

    start: int
    end: int
    anchor: str
    target: str
    style: str
    tooltip: str


def layer(marks: Iterable[Mark], length: int) -> Layer:
    """Return the marks in order and without overlaps, inside a text of `length` code points.

    Of two that overlap, the one that starts later (the shorter of two that start together) keeps what the other
    leaves it; a mark that is left nothing is left out.
    """
    placed: list[Mark] = []
    end = 0
    for mark in sorted(marks, key=lambda mark: (mark.start, -mark.end)):
        start, stop = max(mark.start, end), min(mark.end, length)
        if start < stop:
            placed.append(replace(mark, start=start, end=stop))
            end = stop
    return placed


def marked(text: str, start: int, end: int, layers: Sequence[Layer], within: Mark | None = None) -> Iterator[Content]:
    """Yield text[start:end] with the marks of each layer inside those of the layers before it.

    A mark that crosses another of an outer layer is cut there; its first piece has the anchor. Links are innermost,
    as HTML allows none inside another: words lead where their innermost mark leads.
    """
    if start == end:
        return
    if not layers:
        words = text[start:end]
        yield element("a", words, href=f"#{within.target}") if within else words
        return
    outer, *inner = layers
    at = start
    first_met = bisect_right(outer, start, key=lambda mark: mark.end)
    for mark in takewhile(lambda mark: mark.start < end, map(outer.__getitem__, range(first_met, len(outer)))):
        first, last = max(start, mark.start), min(end, mark.end)
        yield from marked(text, at, first, inner, within)
        pieces = marked(text, first, last, inner, mark)
        anchor = mark.anchor if first == mark.start else None
        yield element("mark", *pieces, class_=mark.style, id=anchor, title=mark.tooltip)
        at = last
    yield from marked(text, at, end, inner, within)


def paragraphs(text: str, layers: Sequence[Layer]) -> Iterator[Content]:
    """Yield the text's paragraphs as elements, and between them the blank lines that part them."""
    start = 0
    for paragraph in text.split(BETWEEN_PARAGRAPHS):
        if start:
            yield BETWEEN_PARAGRAPHS
        end = start + len(paragraph)
        yield element("p", *marked(text, start, end, layers))
        start = end + len(BETWEEN_PARAGRAPHS)
