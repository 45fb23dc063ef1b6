"""Finds resolutions cited by the congress or plenum that passed them (docs/citations.md, C1 and C4)."""

import re

from harvester.vietnamese.citations.areas import extend_over_place
from harvester.vietnamese.citations.fold import Folded
from harvester.vietnamese.citations.lexicon import Trigger, words
from harvester.vietnamese.citations.mentions import Congress, Mention, Plenum
from harvester.vietnamese.text import collapse

_ORDINAL_WORDS = {
    word: number
    for number, spellings in enumerate(
        (
            ("nhất", "một"),
            ("hai", "nhì"),
            ("ba",),
            ("tư", "bốn"),
            ("năm",),
            ("sáu",),
            ("bảy", "bẩy"),
            ("tám",),
            ("chín",),
            ("mười",),
            ("mười một",),
            ("mười hai",),
            ("mười ba",),
            ("mười bốn",),
            ("mười lăm",),
        ),
        start=1,
    )
    for word in spellings
}
_ROMAN_VALUES = {"i": 1, "v": 5, "x": 10, "l": 50}
_WORDS = "|".join(sorted(_ORDINAL_WORDS, key=len, reverse=True))
_ROMAN = r"[ivxl]{1,8}(?![^\W_])"
_CENTRAL = r"(?:trung ương|tw|t\.?ư)"
_COMMITTEE = rf"(?:bch|ban chấp hành) {_CENTRAL}(?: đảng)?"
_SESSION = (
    rf"(?:(?:lần thứ|lần|thứ) ((?:{_WORDS})(?![^\W_])|[0-9]{{1,2}}(?![0-9])|{_ROMAN})|([0-9]{{1,2}}(?![0-9])|{_ROMAN}))"
)

_CONGRESS = re.compile(r" (?:của )?đại hội(?= )")
_ORDINAL = re.compile(rf" (?:lần thứ|lần|kh(?:óa|oá)|thứ) ({_ROMAN}|[0-9]{{1,3}}(?![0-9])|(?:{_WORDS})(?![^\W_]))")
_MORE_ORDINALS = re.compile(r"(?:,| và) ((?:(?:lần )?thứ )?([IVXL]{1,8}))(?![^\W_])")
_BARE_ROMAN = re.compile(r" ([IVXL]{1,8})(?![^\W_])")
_TERM_YEARS = re.compile(r",? ?\(?nhiệm kỳ ([0-9]{4}) ?- ?([0-9]{4})\)?")
_WORD = re.compile(r"(?: | - |(?:(?<= tp)|(?<= tx)|(?<= [qhp]))\. ?)([^\W_]+)")
_OF = re.compile(r" (?:của )?")
_NOT_BODY = re.compile(r"(?i)\b(?:đại biểu|toàn quốc|của)\b")
_MOST_WORDS = 12

_PLENUM_BY_COMMITTEE = re.compile(rf" ?(?:của )?(?:hội nghị )?(?:{_COMMITTEE}|{_CENTRAL}(?: đảng)?) ?{_SESSION}")
_PLENUM_BY_SESSION = re.compile(rf" (?:của )?hội nghị {_SESSION} (?:của )?{_COMMITTEE}")
_MORE_SESSIONS = re.compile(r"(?:,| và) ([0-9]{1,2})(?=(?:(?:,| và) [0-9]{1,2})*,? \(?kh(?:óa|oá) )")
_TERM = re.compile(rf",? ?(\(?)kh(?:óa|oá) ({_ROMAN})(\)?)")
_MORE_TERMS = re.compile(rf"(?:,| và) ((?:kh(?:óa|oá) )?({_ROMAN}))")
_MOST_ITEMS = 12


def find_occasion(folded: Folded, trigger: Trigger) -> tuple[Mention, ...]:
    """Return the congress or the plenums behind the type word, none where none is identified."""
    if trigger.type.code not in {"NQ", "KL"}:
        return ()
    return _congresses(folded, trigger) or _plenums(folded, trigger)


def _congresses(folded: Folded, trigger: Trigger) -> tuple[Congress, ...]:
    opening = _CONGRESS.match(folded.low, trigger.end)
    if opening is None:
        return ()
    end = opening.end()
    for _ in range(_MOST_WORDS):
        if ordinal := _ORDINAL.match(folded.low, end) or _BARE_ROMAN.match(folded.text, end):
            return _with_body(folded, trigger, opening.end(), ordinal)
        if term := _TERM_YEARS.match(folded.low, end):
            body = _body(folded.text[opening.end() : end])
            years = f"{term[1]}-{term[2]}"
            return (Congress(trigger.start, term.end(), trigger.type.code, body, years),) if body else ()
        word = _WORD.match(folded.low, end)
        if word is None or word[1] in words().congress_stop or folded.breaks(end, word.end()):
            return ()
        end = word.end()
    return ()


def _with_body(folded: Folded, trigger: Trigger, opening: int, ordinal: re.Match[str]) -> tuple[Congress, ...]:
    """Take the body before the ordinals, else the one behind the last into its span."""
    spans = [(trigger.start, ordinal.end(), _as_written(folded.text[ordinal.start(1) : ordinal.end(1)]))]
    while len(spans) < _MOST_ITEMS and (more := _MORE_ORDINALS.match(folded.text, spans[-1][1])):
        spans.append((more.start(1), more.end(), more[2]))
    start, end, last = spans[-1]
    body = _body(folded.text[opening : ordinal.start()])
    if not body and (behind := _body_end(folded, end)) is not None:
        body = _body(folded.text[end:behind])
        spans[-1] = (start, behind, last)
    return tuple(Congress(start, end, trigger.type.code, body, written) for start, end, written in spans)


def _as_written(ordinal: str) -> str:
    """Return the ordinal; words become digits, since ids are ASCII."""
    low = ordinal.lower()
    return str(_ORDINAL_WORDS[low]) if low in _ORDINAL_WORDS else ordinal


def _body(phrase: str) -> str:
    return collapse(_NOT_BODY.sub(" ", phrase))


def _body_end(folded: Folded, at: int) -> int | None:
    """Return where a body such as “của Đảng”, “Đảng bộ thành phố Hà Nội” ends."""
    opening = _OF.match(folded.low, at)
    if opening is None or not folded.text[opening.end() : opening.end() + 1].isupper():
        return None
    head = words().congress_bodies.longest(folded.low, opening.end())
    if head is None:
        return None
    return extend_over_place(folded, head[0])


def _plenums(folded: Folded, trigger: Trigger) -> tuple[Plenum, ...]:
    # “NQTW 4”, written as one word, holds the committee itself.
    at = trigger.end - len("tw") if folded.low.startswith("nqtw", trigger.start) else trigger.end
    match = _PLENUM_BY_COMMITTEE.match(folded.low, at) or _PLENUM_BY_SESSION.match(folded.low, at)
    if match is None:
        return ()
    spans = [(trigger.start, match.end(), _number(match[1] or match[2]))]
    while len(spans) < _MOST_ITEMS and (more := _MORE_SESSIONS.match(folded.low, spans[-1][1])):
        spans.append((more.start(1), more.end(), int(more[1])))
    start, end, last = spans[-1]
    term, end = _term(folded, end)
    spans[-1] = (start, end, last)
    plenums = [Plenum(start, end, trigger.type.code, session, term) for start, end, session in spans]
    while term and len(plenums) < _MOST_ITEMS and (more := _MORE_TERMS.match(folded.low, plenums[-1].end)):
        plenums.append(Plenum(more.start(1), more.end(), trigger.type.code, last, more[2].upper()))
    return tuple(plenums)


def _term(folded: Folded, at: int) -> tuple[str | None, int]:
    match = _TERM.match(folded.low, at)
    if match is None:
        return None, at
    return match[2].upper(), match.end() if match[1] else match.end(2)


def _number(written: str) -> int:
    """Return the number of a session written in digits, words or Roman numerals."""
    if written.isdigit():
        return int(written)
    if written in _ORDINAL_WORDS:
        return _ORDINAL_WORDS[written]
    values = [_ROMAN_VALUES[letter] for letter in written]
    return sum(-value if value < after else value for value, after in zip(values, (*values[1:], 0), strict=True))
