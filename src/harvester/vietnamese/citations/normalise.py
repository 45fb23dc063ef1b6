"""Reads each mention on its own: number, year, issuer, symbol, and what its surroundings say of it."""

import re
from datetime import date
from typing import NamedTuple

from harvester.vietnamese.citations.candidates import Candidate, Dated, Named, Numbered, Symbol
from harvester.vietnamese.citations.dates import read_attached_date
from harvester.vietnamese.citations.fold import Folded
from harvester.vietnamese.citations.issuers import IssuerWords, is_party, read_issuer
from harvester.vietnamese.citations.lexicon import ascii_code
from harvester.vietnamese.text import collapse

_OF = re.compile(r" ?[,(]? ?của ")
# Each pattern below is tried only where its word stands within reach of the offset: most citations end a phrase.
_TERM = re.compile(r",? \(?kh(?:óa|oá) [ivxl]{1,8}(?![^\W_])\)?")
_CLOSING = re.compile(r" ?\)")
_ABOUT = re.compile(r",? về (?:việc )?(?=[^\W_])")
_QUOTE = re.compile(r" ?[,:]? ?(?:về (?:việc )?)?[“\"«]")
_SUBJECT_END = re.compile(r"[;:()“\"«\n\x0b]|[.!?](?: |$)| và$")
_QUOTE_END = re.compile(r"[”\"»\n]")
_LISTED = re.compile(r"(?:[,;]|,? và|cùng)(?: các)? $")
_LONGEST_CONJUNCTION = 12
_CONJUNCTION = re.compile(r"(?:[ ,]+(?:và|cùng|theo|tại|gắn với|các|thực hiện))+ ?,?$")
_POINTER = (
    r"(?:điểm [a-zđ](?![^\W_])|khoản [0-9]{1,3}|điều [0-9]{1,4}[a-zđ]?(?![^\W_])|chương [ivxl]{1,8}|mục [0-9]{1,3})"
)
_PINPOINT = re.compile(rf"{_POINTER}(?:(?:, ?| và | )(?:{_POINTER}|[0-9]{{1,4}}(?![0-9])))" + r"{0,8}(?= (?:của )?$)")
_PINPOINT_WINDOW = 90
_REACH = 8
_GOES_ON = (" ", ",", "(", ":", "“", '"', "«")
_LONGEST_SUBJECT = 300
# Codes written with small letters, and the Party's QĐi (Quy định), whose present form is QĐ.
_OFFICIAL_CODES = {"TTG": "TTg", "CTR": "CTr", "TTR": "TTr", "THU": "ThU", "QĐI": "QĐ", "QYĐ": "QyĐ", "TƯ": "TW"}


class Reading(NamedTuple):
    """A candidate with what can be told without looking at other mentions.

    `number` is that of canonical ids (no leading zeros); `issuer` the symbol's issuer in ASCII; `said` the issuer
    the words behind the mention name, in ASCII where its code is known.
    """

    candidate: Candidate
    number: str | None
    year: int | None
    issuer: str | None
    issuer_written: str | None
    symbol: str | None
    said: str | None
    said_words: str | None
    day: date | None
    subject: str | None
    pinpoint: str | None


def normalise(folded: Folded, candidates: tuple[Candidate, ...]) -> tuple[Reading, ...]:
    """Read every candidate; a subject ends where a candidate listed with it begins."""
    limits = (*(candidate.start for candidate in candidates[1:]), len(folded.low))
    return tuple(_read(folded, candidate, limit) for candidate, limit in zip(candidates, limits, strict=False))


def _read(folded: Folded, candidate: Candidate, limit: int) -> Reading:
    symbol = candidate.symbol if isinstance(candidate, (Numbered, Named)) else None
    day, said, subject = _surroundings(folded, candidate.end, limit)
    issuer = _issuer(candidate)
    return Reading(
        candidate=candidate,
        number=_number(symbol.number) if symbol and symbol.number else None,
        year=symbol.year if symbol else None,
        issuer=issuer,
        issuer_written="-".join(symbol.issuers) or None if symbol else None,
        symbol=_official_shape(symbol) if symbol and issuer else None,
        said=ascii_code(said.code) if said and said.code else None,
        said_words=said.words if said else None,
        day=candidate.day if isinstance(candidate, Dated) else day,
        subject=subject,
        pinpoint=_pinpoint(folded, candidate.start),
    )


def _number(written: str) -> str:
    return ascii_code(written).lstrip("0") or "0"


def _issuer(candidate: Candidate) -> str | None:
    """Return the issuers of the symbol as one code; an official letter's second is the unit that drafted it."""
    match candidate:
        case Numbered(symbol=Symbol(issuers=codes)) | Named(symbol=Symbol(issuers=codes)) | Dated(issuers=codes):
            kept = codes[:1] if candidate.type == "CV" else codes
            return "-".join(map(ascii_code, kept)) or None
        case _:
            return None


def _official_shape(symbol: Symbol) -> str:
    """Return “15-NQ/TU” for the Party, “05/2024/NQ-HĐND” for the state, however it was written."""
    issuers = "-".join(map(_official_code, symbol.issuers))
    number = f"{symbol.number}/{symbol.year}" if symbol.year else f"{symbol.number}"
    if symbol.type_code is None:
        return f"{number}/{issuers}"
    code = _official_code(symbol.type_code)
    if symbol.year is None and is_party(ascii_code(symbol.issuers[-1])):
        return f"{number}-{code}/{issuers}"
    return f"{number}/{code}-{issuers}"


def _official_code(code: str) -> str:
    return _OFFICIAL_CODES.get(code.upper(), code.upper())


def _surroundings(folded: Folded, at: int, limit: int) -> tuple[date | None, IssuerWords | None, str | None]:
    """Return the issue date, the issuer and the subject that stand behind a mention, in this order."""
    day, said = None, None
    if not folded.low.startswith(_GOES_ON, at):
        return None, None, None
    if attached := read_attached_date(folded.low, at):
        at, day = attached
        if closing := _CLOSING.match(folded.low, at):
            at = closing.end()
    at = _behind_term(folded.low, at)
    if folded.low.find("của ", at, at + _REACH) >= 0 and (of := _OF.match(folded.low, at)):
        said = read_issuer(folded, of.end())
        at = _behind_term(folded.low, said.end) if said else at
    return day, said, _subject(folded, at, limit)


def _behind_term(low: str, at: int) -> int:
    term = _TERM.match(low, at) if low.find("kh", at, at + _REACH) >= 0 else None
    return term.end() if term else at


def _subject(folded: Folded, at: int, limit: int) -> str | None:
    reach = folded.low[at : at + _REACH]
    if not ("về " in reach or "“" in reach or '"' in reach or "«" in reach):
        return None
    listed = _LISTED.search(folded.low, max(at, limit - _LONGEST_CONJUNCTION), limit)
    limit = min(limit if listed else len(folded.low), at + _LONGEST_SUBJECT)
    if quote := _QUOTE.match(folded.low, at):
        closing = _QUOTE_END.search(folded.text, quote.end(), limit)
        return collapse(folded.text[quote.end() : closing.start()]) or None if closing else None
    about = _ABOUT.match(folded.low, at)
    if about is None or about.end() >= limit:
        return None
    closing = _SUBJECT_END.search(folded.text, about.end(), limit)
    words = folded.text[about.end() : closing.start() if closing else limit]
    return collapse(_CONJUNCTION.sub("", words.rstrip(" ,"))) or None


def _pinpoint(folded: Folded, start: int) -> str | None:
    begin = max(0, start - _PINPOINT_WINDOW)
    window = folded.low[begin:start]
    if not ("điều " in window or "khoản " in window or "điểm " in window or "chương " in window or "mục " in window):
        return None
    match = _PINPOINT.search(window)
    return collapse(folded.text[begin + match.start() : begin + match.end()]) if match else None
