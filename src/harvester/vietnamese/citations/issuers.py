"""Reads who issued a document from the words behind it: “của Ban Thường vụ Thành ủy Hà Nội” is TU."""

import re
from functools import lru_cache
from typing import NamedTuple

from harvester.vietnamese.citations.fold import Folded
from harvester.vietnamese.citations.lexicon import document_types, issuers, issuers_by_code, party_units, words
from harvester.vietnamese.text import collapse

_WORD = re.compile(r" ([^\W\d_]+)")
_FIRST_WORD = re.compile(r"[^\W_]+")
_FREE_WORD = re.compile(r"(?: |(?<=\w)[&-])([^\W\d_]+)")
_MOST_PLACE_WORDS = 5
_MOST_FREE_WORDS = 10
_PARTY_LEVELS = ("TW", "TU", "QU", "HU", "THU", "DU")


class IssuerWords(NamedTuple):
    """The words that name an issuer, where they end, and the code they stand for where it is known."""

    end: int
    words: str
    code: str | None


def read_issuer(folded: Folded, at: int) -> IssuerWords | None:
    """Read the issuer that begins at the offset; None where no name of a body stands there."""
    code = ""
    end = at
    unit = False
    for _ in range(3):
        found = issuers().longest(folded.low, end + (end > at))
        if found is None or (unit and found[1].part == "body"):
            break
        end, issuer = found
        code += issuer.code
        if issuer.part in {"level", "body"}:
            end = extend_over_place(folded, end)
            return IssuerWords(end, collapse(folded.text[at:end]), code)
        unit = unit or issuer.part == "prefix"
        if not folded.low.startswith(" ", end):
            break
    end = _free_name(folded, max(at, end))
    return IssuerWords(end, collapse(folded.text[at:end]), None) if end > at else None


def extend_over_place(folded: Folded, end: int) -> int:
    """Return the end of the area words and capitalised words that go on behind a body."""
    areas = words().areas
    for _ in range(_MOST_PLACE_WORDS):
        word = _WORD.match(folded.low, end)
        if word is None:
            break
        if word[1] in areas.beginnings and (area := areas.longest(folded.low, end + 1)):
            after = area[0]
        elif folded.text[word.start(1)].isupper():
            after = word.end()
        else:
            break
        if folded.breaks(end, word.end()):
            break
        end = after
    return end


def is_party(code: str) -> bool:
    """Whether an issuer's ASCII code is the Party's or the Youth Union's, which number hyphen first."""
    return code.endswith(_PARTY_LEVELS) or "DTN" in code


@lru_cache(maxsize=2048)
def expansion(code: str) -> str | None:
    """Return what an issuer's ASCII code stands for; units of the Party are composed (BTC + TU)."""
    known = issuers_by_code()
    bare = code.rstrip("0123456789")
    if bare in known:
        return known[bare].expansion or None
    for level in _PARTY_LEVELS:
        unit = party_units().get(bare.removesuffix(level)) if bare.endswith(level) else None
        if unit:
            return f"{unit} {known[level].expansion}"
    return None


def _free_name(folded: Folded, at: int) -> int:
    """Return the end of a name that no gazetteer holds: it begins with a capital and ends at a stop word."""
    if not folded.text[at : at + 1].isupper():
        return at
    first = _FIRST_WORD.match(folded.low, at)
    end = first.end() if first else at
    for _ in range(_MOST_FREE_WORDS):
        word = _FREE_WORD.match(folded.low, end)
        if word is None or folded.breaks(end, word.end()):
            break
        joined = (
            word[1] == "và"
            and folded.text[word.end() + 1 : word.end() + 2].isupper()
            and not folded.low.startswith(tuple(document_types()), word.end() + 1)
        )
        if word[1] in words().stop and not joined:
            break
        end = word.end()
    return end
