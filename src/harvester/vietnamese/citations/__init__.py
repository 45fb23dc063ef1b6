"""Documents cited in a text (docs/citations.md): four verbs, and one that does the first three.

mentions = find(text)                  # spans and types
readings = normalise(text, mentions)   # number, year, symbol, issuer, date, subject, pinpoint, canonical id
citations = resolve(readings)          # short forms to their documents; records
mark(text, citations)                  # an HTML copy of the text for people to look at

citations = cite(text)                 # find, normalise, resolve
"""

from harvester.records import Citation
from harvester.vietnamese.citations.find import find
from harvester.vietnamese.citations.keys import NO_DATELINE, Dateline
from harvester.vietnamese.citations.mark import mark
from harvester.vietnamese.citations.mentions import Mention
from harvester.vietnamese.citations.normalise import Reading, normalise
from harvester.vietnamese.citations.resolve import resolve
from harvester.vietnamese.citations.steps import STEPS, Step

__all__ = [
    "NO_DATELINE",
    "STEPS",
    "Dateline",
    "Mention",
    "Reading",
    "Step",
    "cite",
    "find",
    "mark",
    "normalise",
    "resolve",
]


def cite(text: str, dateline: Dateline = NO_DATELINE) -> tuple[Citation, ...]:
    """Return the documents a text cites, in order; offsets are those of the text as given.

    The text may be in any Unicode form and hold no-break spaces, line breaks and look-alike dashes. It takes time
    in proportion to its length and raises nothing on any string. `dateline` decides some document keys.
    """
    return resolve(normalise(text, find(text)), dateline=dateline)
