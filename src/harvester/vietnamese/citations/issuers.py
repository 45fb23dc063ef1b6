"""Reads who issued a document from the words behind it: “của Ban Thường vụ Thành ủy Hà Nội” is TU."""

import re
from functools import lru_cache
from typing import NamedTuple

from harvester.vietnamese.citations.areas import extend_over_place
from harvester.vietnamese.citations.fold import Folded
from harvester.vietnamese.citations.lexicon import (
    Issuer,
    ascii_code,
    document_types,
    issuers,
    issuers_by_code,
    party_units,
    words,
)
from harvester.vietnamese.text import collapse

_FIRST_WORD = re.compile(r"[^\W_]+")
_FREE_WORD = re.compile(r"(?: |(?<=\w)[&-])([^\W\d_]+)")
_DIGITS = "0123456789"
_NUMBER = re.compile(r" [0-9]{1,2}(?![^\W_]|[.,/-][0-9])")
_MOST_FREE_WORDS = 10
# The Youth Union, Party committees of a sector, cells, Party groups (36-HD/VPTW); MTTW is the Front's.
_PARTY_BODIES = ("DTN", "TDTN", "TWDTN", "QDTN", "HDTN", "DUK", "DUCA", "CB", "BCSD", "DDQH")
_PARTY_LEVELS = ("TW", "TU", "QU", "HU", "THU", "DU")


class SaidIssuer(NamedTuple):
    """The words that name an issuer; `code` in ASCII where it is known, `area` the area they end in."""

    words: str
    code: str | None
    area: str


def read_issuer(folded: Folded, at: int) -> tuple[int, SaidIssuer] | None:
    """Return the end and the name of the issuer at the offset; None where no name of a body stands there."""
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
            number = _NUMBER.match(folded.low, end) if issuer.part == "level" else None  # “Quận ủy 7”
            after = number.end() if number else extend_over_place(folded, end)
            said = SaidIssuer(collapse(folded.text[at:after]), _in_ascii(code), collapse(folded.text[end:after]))
            return after, said
        unit = unit or issuer.part == "prefix"
        if not folded.low.startswith(" ", end):
            break
    end = _free_name(folded, max(at, end))
    return (end, SaidIssuer(collapse(folded.text[at:end]), None, "")) if end > at else None


@lru_cache(maxsize=1024)
def _in_ascii(code: str) -> str | None:
    return "-".join(map(ascii_code, code.split("-"))) or None


def is_party(code: str) -> bool:
    """Whether an issuer's ASCII code is the Party's or the Youth Union's, which number hyphen first."""
    return code.startswith(_PARTY_BODIES) or (code.endswith(_PARTY_LEVELS) and not code.startswith("MT"))


@lru_cache(maxsize=2048)
def expansion(code: str) -> str | None:
    """Return what an issuer's ASCII code stands for; units of the Party are composed (BTC + TU)."""
    known = issuer_of(code)
    if known is None:
        return None
    unit = code.rstrip(_DIGITS).removesuffix(ascii_code(known.code)) if known.part == "level" else ""
    return f"{party_units()[unit]} {known.expansion}" if unit else known.expansion or None


@lru_cache(maxsize=2048)
def issuer_of(code: str) -> Issuer | None:
    """Return the issuer an ASCII code stands for; of a Party unit (BTCTU) the committee it belongs to (TU)."""
    known = issuers_by_code()
    bare = code.rstrip(_DIGITS)
    if bare in known:
        return known[bare]
    levels = (level for level in _PARTY_LEVELS if bare.endswith(level) and bare.removesuffix(level) in party_units())
    return next((known[level] for level in levels), None)


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
