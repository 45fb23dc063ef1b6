"""Reads each mention on its own: number, year, issuer, symbol, and what its surroundings say of it."""

import re
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

from harvester.vietnamese.citations.dates import NO_DATE, IssueDate, read_issue_date
from harvester.vietnamese.citations.fold import Folded, fold
from harvester.vietnamese.citations.ids import Identity, own_identity
from harvester.vietnamese.citations.issuers import is_party, read_issuer
from harvester.vietnamese.citations.lexicon import ascii_code
from harvester.vietnamese.citations.mentions import Dated, Mention, Named, Numbered, Symbol
from harvester.vietnamese.citations.symbols import DIGITS_MEANT
from harvester.vietnamese.text import collapse

_OF = re.compile(r" ?[,(]? ?của ")
# Most mentions end a phrase: the patterns below are tried only where one of their words follows.
_GOES_ON = re.compile(r"[ ,:(]{0,3}(?:[“\"«]|(?:của|về|ngày|năm|tháng|được|ban|ký|ra|kh(?:óa|oá)|nhiệm)(?![^\W_]))")
_TERM = re.compile(
    r",? \(?(?:kh(?:óa|oá) ([ivxl]{1,8})(?![^\W_])"
    r"|nhiệm k(?:ỳ|ì) ((?:19|20)[0-9]{2}) ?- ?((?:19|20)[0-9]{2})(?![0-9]))\)?"
)
_TERM_BEGINS = re.compile(r",? \(?(?:kh|nh)")
_ABOUT = re.compile(r",? về (?:việc |(?!việc(?![^\W_])))(?=[^\W_])")
_QUOTE = re.compile(r" ?[,:]? ?(?:về (?:việc )?)?[“\"«]")
_SUBJECT_END = re.compile(r"[;:()“\"«\n\x0b]|[.!?](?: |$)| và$")
_QUOTE_END = re.compile(r"[”\"»\n]")
_LISTED = re.compile(r"(?:[,;]|,? và|cùng)(?: các)? $")
_LONGEST_CONJUNCTION = 12
_CONJUNCTION = re.compile(r"(?:[ ,]+(?:và|cùng|theo|tại|gắn với|các|thực hiện))+ ?,?$")
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


class SaidIssuer(NamedTuple):
    """The issuer that words behind a mention name; `code` in ASCII where it is known, `area` the area they end in."""

    words: str
    code: str | None
    area: str


class Behind(NamedTuple):
    """What stands behind a mention."""

    issued: IssueDate
    said: SaidIssuer | None
    term: str | None
    subject: str | None


_NOTHING = Behind(NO_DATE, None, None, None)


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
    spans = [folded.locate(mention.start, mention.end) for mention in mentions]
    # A subject ends where a mention listed with it begins.
    limits = (*(start for start, _ in spans[1:]), len(folded.low))
    return tuple(
        _read(folded, mention, span, limit) for mention, span, limit in zip(mentions, spans, limits, strict=False)
    )


def _read(folded: Folded, mention: Mention, span: tuple[int, int], limit: int) -> Reading:
    symbol = mention.symbol if isinstance(mention, (Numbered, Named)) else None
    behind = _behind(folded, span[1], limit)
    issuer = _issuer(mention)
    number = _number(symbol.number) if symbol and symbol.number else None
    year = symbol.year if symbol else None
    return Reading(
        mention=mention,
        text=unicodedata.normalize("NFC", folded.given[mention.start : mention.end]),
        number=number,
        year=year,
        issuer=issuer,
        issuer_written="-".join(symbol.issuers) or None if symbol else None,
        symbol=_official_shape(symbol) if symbol and issuer else None,
        said=behind.said,
        term=behind.term,
        issued=IssueDate(mention.day.year, mention.day.month, mention.day.day)
        if isinstance(mention, Dated)
        else behind.issued,
        subject=behind.subject,
        pinpoint=_pinpoint(folded, span[0]),
        own=own_identity(
            mention, number=number, year=year, issuer=issuer, said=behind.said.code if behind.said else None
        ),
    )


def _number(written: str) -> str:
    return ascii_code(written).translate(DIGITS_MEANT).lstrip("0") or "0"


def _issuer(mention: Mention) -> str | None:
    """Return the issuers of the symbol as one code; an official letter's second is the unit that drafted it."""
    match mention:
        case Numbered(symbol=Symbol(issuers=codes)) | Named(symbol=Symbol(issuers=codes)) | Dated(issuers=codes):
            kept = codes[:1] if mention.type == "CV" else codes
            return "-".join(map(ascii_code, kept)) or None
        case _:
            return None


def _official_shape(symbol: Symbol) -> str:
    """Return “15-NQ/TU” for the Party, “05/2024/NQ-HĐND” for the state, however it was written."""
    issuers = "-".join(map(_official_code, symbol.issuers))
    written = (symbol.number or "").translate(DIGITS_MEANT)
    number = f"{written}/{symbol.year}" if symbol.year else written
    if symbol.type_code is None:
        return f"{number}/{issuers}"
    code = _official_code(symbol.type_code)
    if symbol.year is None and is_party(ascii_code(symbol.issuers[0])):
        return f"{number}-{code}/{issuers}"
    return f"{number}/{code}-{issuers}"


def _official_code(code: str) -> str:
    return _OFFICIAL_CODES.get(code.upper(), code.upper() if code.islower() else code)


def _behind(folded: Folded, at: int, limit: int) -> Behind:
    """Read the issue date, the term, the issuer and the subject that stand behind a mention, in this order."""
    if _GOES_ON.match(folded.low, at) is None:
        return _NOTHING
    said = None
    at, issued = read_issue_date(folded.low, at) or (at, NO_DATE)
    at, term = _term(folded.low, at)
    of = _OF.match(folded.low, at) if folded.low.find("của ", at, at + _REACH) >= 0 else None
    if of and (named := read_issuer(folded, of.end())):
        code = "-".join(map(ascii_code, named.code.split("-"))) if named.code else None
        said = SaidIssuer(named.words, code, named.area)
        at, later = _term(folded.low, named.end)
        term = term or later
    return Behind(issued, said, term, _subject(folded, at, limit))


def _term(low: str, at: int) -> tuple[int, str | None]:
    """Return the end and the name of a term: “khóa XII” is XII, “nhiệm kỳ 2015 - 2020” is 2015-2020."""
    match = _TERM.match(low, at) if _TERM_BEGINS.match(low, at) else None
    if match is None:
        return at, None
    return match.end(), match[1].upper() if match[1] else f"{match[2]}-{match[3]}"


def _subject(folded: Folded, at: int, limit: int) -> str | None:
    reach = folded.low[at : at + _REACH]
    if not ("về " in reach or "“" in reach or '"' in reach or "«" in reach):
        return None
    if limit < at + _LONGEST_SUBJECT and not _LISTED.search(folded.low, max(at, limit - _LONGEST_CONJUNCTION), limit):
        limit = len(folded.low)
    limit = min(limit, at + _LONGEST_SUBJECT)
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
