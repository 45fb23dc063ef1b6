"""Reads each mention on its own: number, year, issuer, symbol, and what its surroundings say of it."""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from harvester.vietnamese.citations.dates import NO_DATE, IssueDate, read_issue_date
from harvester.vietnamese.citations.fold import Folded, fold
from harvester.vietnamese.citations.ids import Identity, own_identity
from harvester.vietnamese.citations.issuers import SaidIssuer, is_party, read_issuer
from harvester.vietnamese.citations.lexicon import ascii_code
from harvester.vietnamese.citations.mentions import Dated, Mention, Named, Numbered, Symbol
from harvester.vietnamese.citations.symbols import DIGITS_MEANT
from harvester.vietnamese.text import collapse

_OF = re.compile(r" ?[,(]? ?của ")
# Most mentions end a phrase: the patterns below are tried only where one of their words follows.
_GOES_ON = re.compile(
    r"[ ,:(]{0,3}(?:[“\"«]|(?:(?P<date>ngày|năm|tháng|được|ban|ký|ra)|của|về|kh(?:óa|oá)|nhiệm)(?![^\W_]))"
)
_TERM = re.compile(
    r",? \(?(?:kh(?:óa|oá) ([ivxl]{1,8})(?![^\W_])"
    r"|nhiệm k(?:ỳ|ì) ((?:19|20)[0-9]{2}) ?- ?((?:19|20)[0-9]{2})(?![0-9]))\)?"
)
_TERM_BEGINS = (" kh", " nh", " (kh", " (nh", ", kh", ", nh", ", (kh", ", (nh")
_ABOUT = re.compile(r",? về (?:việc |(?!việc(?![^\W_])))(?=[^\W_])")
_QUOTE = re.compile(r" ?[,:]? ?(?:về (?:việc )?)?[“\"«]")
# One class of characters to begin with lets the search skip all others.
_SUBJECT_END = re.compile(r"[;:()“\"«\n\x0b.!?](?:(?<![.!?])| |$)")
_QUOTE_END = re.compile(r"[”\"»\n]")
_LISTED = re.compile(r"(?:[,;]|,? và|cùng)(?: các)? $")
_LONGEST_CONJUNCTION = 12
_CONJUNCTIONS = ("và", "cùng", "theo", "tại", "gắn với", "các", "thực hiện")
_CONJUNCTION = re.compile(rf"(?:[ ,]+(?:{'|'.join(_CONJUNCTIONS)}))+$")
_POINTER = (
    r"(?:điểm [a-zđ](?![^\W_])|khoản [0-9]{1,3}|điều [0-9]{1,4}[a-zđ]?(?![^\W_])|chương [ivxl]{1,8}"
    r"|mục (?:[0-9]{1,3}|[ivx]{1,5}(?![^\W_])))"
)
_MORE = rf"(?:, ?| và | )(?:{_POINTER}|[0-9]{{1,4}}(?![0-9])|[a-zđ](?![^\W_]))"
_PINPOINT = re.compile(rf"{_POINTER}(?:{_MORE}){{0,8}}(?= (?:của )?$)")
_PINPOINT_WINDOW = 90
_REACH = 8
_LONGEST_SUBJECT = 300
# Codes written with small letters, and the Party's QĐi (Quy định), whose present form is QĐ.
_OFFICIAL_CODES = {
    "TTG": "TTg",
    "CTR": "CTr",
    "TTR": "TTr",
    "THU": "ThU",
    "T.Ư": "TW",
    "QĐI": "QĐ",
    "QYĐ": "QyĐ",
    "TƯ": "TW",
}


class Reading(NamedTuple):
    """A mention with what can be told without looking at other mentions.

    `number` is that of canonical ids (no leading zeros); `issuer` the symbol's issuer in ASCII; `said` and `term` (XII,
    2015-2020) are those behind the mention; `own` is what it designates by itself.
    """

    mention: Mention
    text: str
    number: str | None
    year: int | None
    issuer: str | None
    issuer_written: str | None
    symbol: str | None
    said: SaidIssuer | None
    term: str | None
    issued: IssueDate
    subject: str | None
    pinpoint: str | None
    own: Identity

    @property
    def open(self) -> bool:
        """Whether other mentions may say more: an unresolved id, or a law without a year."""
        return self.own.resolved_by is None or (self.own.resolved_by == "name" and self.own.year is None)


def normalise(text: str, mentions: Sequence[Mention]) -> tuple[Reading, ...]:
    """Read what each mention of a text (see `find`) says: its fields and, as far as it goes, its canonical id."""
    folded = fold(text)
    spans = [(mention.start, mention.end) for mention in mentions]
    if not folded.even:
        spans = [folded.locate(start, end) for start, end in spans]
    # A subject ends where a mention listed with it begins.
    limits = (*(start for start, _ in spans[1:]), len(folded.low))
    return tuple(
        _read(folded, mention, span, limit) for mention, span, limit in zip(mentions, spans, limits, strict=False)
    )


def _read(folded: Folded, mention: Mention, span: tuple[int, int], limit: int) -> Reading:
    text = unicodedata.normalize("NFC", folded.given[mention.start : mention.end])
    number = year = issuer = issuer_written = official = None
    issued, term, said, subject = _behind(folded, span[1], limit)
    symbol = mention.symbol if isinstance(mention, (Numbered, Named)) else None
    if symbol:
        number = _number(symbol.number) if symbol.number else None
        year = symbol.year
        issuer = _issuer(symbol.issuers, mention.type)
        issuer_written = "-".join(symbol.issuers) or None
        official = _official_shape(symbol) if issuer else None
    elif isinstance(mention, Dated):
        issuer = _issuer(mention.issuers, mention.type)
        issued = IssueDate(mention.day.year, mention.day.month, mention.day.day)
    pinpoint = _pinpoint(folded, span[0])
    own = own_identity(mention, number=number, year=year, issuer=issuer, said=said.code if said else None)
    # By position, since naming thirteen fields takes twice the time.
    return Reading(
        mention, text, number, year, issuer, issuer_written, official, said, term, issued, subject, pinpoint, own
    )


def _number(written: str) -> str:
    plain = written if written.isdecimal() else ascii_code(written).translate(DIGITS_MEANT)
    return plain.lstrip("0") or "0"


@lru_cache(maxsize=1024)
def _issuer(codes: tuple[str, ...], document_type: str) -> str | None:
    """Return the issuers of a symbol as one code; an official letter's second is the unit that drafted it."""
    return "-".join(map(ascii_code, codes[:1] if document_type == "CV" else codes)) or None


def _official_shape(symbol: Symbol) -> str:
    """Return “15-NQ/TU” for the Party, “05/2024/NQ-HĐND” for the state, however it was written."""
    written = (symbol.number or "").translate(DIGITS_MEANT)
    number = f"{written}/{symbol.year}" if symbol.year else written
    return number + _official_tail(symbol.type_code, symbol.issuers, symbol.year is not None)


@lru_cache(maxsize=1024)
def _official_tail(type_code: str | None, issuers: tuple[str, ...], dated: bool) -> str:
    """Return what hangs on the number; articles repeat the same few codes."""
    joined = "-".join(map(_official_code, issuers))
    if type_code is None:
        return f"/{joined}"
    if not dated and is_party(ascii_code(issuers[0])):
        return f"-{_official_code(type_code)}/{joined}"
    return f"/{_official_code(type_code)}-{joined}"


def _official_code(code: str) -> str:
    return _OFFICIAL_CODES.get(code.upper(), code.upper() if code.islower() else code)


def _behind(folded: Folded, at: int, limit: int) -> tuple[IssueDate, str | None, SaidIssuer | None, str | None]:
    """Read the issue date, the term, the issuer and the subject that stand behind a mention, in this order."""
    follows = _GOES_ON.match(folded.low, at)
    if follows is None:
        return NO_DATE, None, None, None
    issued, said = NO_DATE, None
    if follows["date"] and (dated := read_issue_date(folded.low, at)):
        at, issued = dated
    at, term = _term(folded.low, at)
    of = _OF.match(folded.low, at)
    if of and (named := read_issuer(folded, of.end())):
        at, said = named
        at, later = _term(folded.low, at)
        term = term or later
    return issued, term, said, _subject(folded, at, limit)


def _term(low: str, at: int) -> tuple[int, str | None]:
    """Return the end and the name of a term: “khóa XII” is XII, “nhiệm kỳ 2015 - 2020” is 2015-2020."""
    match = _TERM.match(low, at) if low.startswith(_TERM_BEGINS, at) else None
    if match is None:
        return at, None
    return match.end(), match[1].upper() if match[1] else f"{match[2]}-{match[3]}"


def _subject(folded: Folded, at: int, limit: int) -> str | None:
    reach = folded.low[at : at + _REACH]
    if not ("về " in reach or "“" in reach or '"' in reach or "«" in reach):
        return None
    quote = _QUOTE.match(folded.low, at)
    opening = quote or _ABOUT.match(folded.low, at)
    if opening is None:
        return None
    begin = opening.end()
    if limit < at + _LONGEST_SUBJECT and not _LISTED.search(folded.low, max(at, limit - _LONGEST_CONJUNCTION), limit):
        limit = len(folded.low)
    limit = min(limit, at + _LONGEST_SUBJECT)
    closing = (_QUOTE_END if quote else _SUBJECT_END).search(folded.text, begin, limit)
    if quote:
        return collapse(folded.text[begin : closing.start()]) or None if closing else None
    if begin >= limit:
        return None
    words = folded.text[begin : closing.start() if closing else limit].rstrip(" ,")
    return collapse(_CONJUNCTION.sub("", words) if words.endswith(_CONJUNCTIONS) else words) or None


def _pinpoint(folded: Folded, start: int) -> str | None:
    begin = max(0, start - _PINPOINT_WINDOW)
    window = folded.low[begin:start]
    if not ("điều " in window or "khoản " in window or "điểm " in window or "chương " in window or "mục " in window):
        return None
    match = _PINPOINT.search(window)
    return collapse(folded.text[begin + match.start() : begin + match.end()]) if match else None
