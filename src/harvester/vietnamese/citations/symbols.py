"""Reads one number or symbol at an offset: “15-NQ/TU”, “05/2024/NQ-HĐND”, “15- NQ/TU”, “…/QĐ-UBND”.

The shapes follow Decree 30/2020/NĐ-CP (state, slash first) and Guideline 36-HD/VPTW (Party, hyphen first); which
separator stands where does not matter, since writers mix them.
"""

import re
from functools import lru_cache

from harvester.vietnamese.citations.fold import Folded, fold_words
from harvester.vietnamese.citations.lexicon import ascii_code, issuers_by_code, type_of_symbol
from harvester.vietnamese.citations.mentions import Symbol

# What scanners take for digits, and a full stop between thousands.
DIGITS_MEANT = str.maketrans("oilOIL", "011011")
_DIGITS_AND_LIKE = frozenset("0123456789oil")
_YEAR = r"(?: ?(?P<before_year>[/-]) ?|\.(?=[0-9]{4} ?/))(?P<year>(?:19|20)[0-9]{2})(?![0-9])"
_JOINT = re.compile(r" ?\.? ?[/-]{1,2} ?\.? ?")
_CODE = re.compile(r"[tT]\.[ưƯuU](?!\w)|[^\W\d_][\w&]{0,23}(?:\.[IVX]{1,4}(?!\w))?")
# All that may belong to a symbol behind its number; what follows the last code tells a kind of type from an issuer.
_WORD = r"[^\W\d_][\w&]{0,23}+(?:\.[ưuivx]{1,4}(?!\w))?"
_TAIL = rf"(?P<tail>(?:[ .]?{_WORD})?+(?: ?\.? ?[/-]{{1,2}} ?\.? ?{_WORD}){{0,6}}+[/-]?)"
# One pattern for the whole, since every match has its price; as a tail may be empty, no part is tried a second time.
_NUMBERED = re.compile(rf"(?P<number>[0-9]{{1,5}}(?![0-9])(?:[a-gđ](?![^\W_]))?)(?:{_YEAR})?{_TAIL}")
_SCANNED = re.compile(
    r"(?=[oil]{0,4}[0-9])(?P<number>[0-9oil]{1,5}|[0-9]{1,2}\.[0-9]{3})"
    rf"(?: ?/ ?(?P<year>(?:[1il]9|2[0o])[0-9oil]{{2}}))?(?= ?\.? ?[/-]){_TAIL}"
)
_BLANK = re.compile(rf"[ .…_]{{0,24}}(?=[/-])(?:{_YEAR})?{_TAIL}")
_NO_NUMBER = re.compile(r" ?%|[.,][0-9]| ?[/-] ?[0-9]")
_LOOSE = re.compile(r"[ .][^\W\d_]{2,23}(?![^\W_])")
_MOST_CODES = 6
_OFFICIAL_LETTERS = frozenset({"CV"})  # their symbols go without a type, the unit that drafted them stands last
_LETTER_CODES = frozenset({"L"})  # Lệnh; one capital elsewhere is rather an initial


def read_symbol(folded: Folded, at: int, expected: frozenset[str] | None = None) -> tuple[int, Symbol] | None:
    """Return the end of the number at the offset with all that hangs on it; None for a date, a fraction, an amount.

    `expected` are the symbols of the type word before, in ASCII capitals, or None without such a word.
    """
    if folded.low[at : at + 1] not in _DIGITS_AND_LIKE:  # as behind most type words
        return None
    match = _NUMBERED.match(folded.low, at)
    if match is None:
        return _read_scanned(folded, at, expected)
    number, before_year, year, tail = match.groups()
    codes = _codes_of(folded, match, expected, glued=year is None) if tail else None
    if codes is None:
        end = match.start("tail")
        if year and before_year != "/":
            return None
        if folded.low[end : end + 1].isalnum() or _NO_NUMBER.match(folded.low, end):
            return _read_scanned(folded, at, expected)
        return end, Symbol(folded.text[at : at + len(number)], int(year) if year else None)
    type_code, issuers, end = codes
    return end, Symbol(folded.text[at : at + len(number)], int(year) if year else None, type_code, issuers)


def _read_scanned(folded: Folded, at: int, expected: frozenset[str] | None) -> tuple[int, Symbol] | None:
    """Read “1O4/QĐ-UBND”, “3O/2O19/NĐ-CP”, “1.345/QĐ-UBND”: only before codes, where it can be nothing else."""
    match = _SCANNED.match(folded.low, at)
    codes = _codes_of(folded, match, expected, glued=False) if match else None
    if match is None or codes is None:
        return None
    type_code, issuers, end = codes
    year = int(match["year"].translate(DIGITS_MEANT)) if match["year"] else None
    if type_code is None and year is None:
        return None
    return end, Symbol(folded.text[at : match.end("number")], year, type_code, issuers)


def read_blank_symbol(folded: Folded, at: int, expected: frozenset[str] | None) -> tuple[int, Symbol] | None:
    """Return the end of a symbol whose number was left blank: “.../QĐ-UBND”."""
    match = _BLANK.match(folded.low, at)
    codes = _codes_of(folded, match, expected, glued=False) if match else None
    if codes is None:
        return None
    type_code, issuers, end = codes
    return (end, Symbol(None, None, type_code, issuers)) if type_code or expected == _OFFICIAL_LETTERS else None


def _codes_of(
    folded: Folded, match: re.Match[str], expected: frozenset[str] | None, *, glued: bool
) -> tuple[str | None, tuple[str, ...], int] | None:
    """Return the type code, the issuer codes and the end of a symbol by its tail; None where it holds no codes."""
    begin, end = match.span("tail")
    tail = folded.text[begin:end]
    if not tail or tail.lstrip()[:1].islower():
        return None
    # Most symbols end here: a capital one further tells more cheaply than the pattern.
    may_go_on = folded.text[end + 1 : end + 2].isupper()
    if may_go_on and (loose := _LOOSE.match(folded.text, end)) and loose[0].isupper():
        tail += loose[0]
    type_code, issuers, length = _codes(tail, expected, glued)
    return (type_code, issuers, begin + length) if type_code or issuers else None


@lru_cache(maxsize=1024)
def _codes(tail: str, expected: frozenset[str] | None, glued: bool) -> tuple[str | None, tuple[str, ...], int]:
    """Tell the codes of “-NQ/TU”, “/2024/NQ-HĐND”; portals write few different ones, again and again."""
    low = fold_words(tail)
    type_code: str | None = None
    issuers: list[str] = []
    end = 0
    letters_only = expected == _OFFICIAL_LETTERS
    for position in range(_MOST_CODES):
        step = _next_code(tail, low, end, loose=letters_only or not issuers, glued=glued and position == 0)
        if step is None and type_code and not issuers:
            step = _loose_issuer(tail, end)
        if step is None:
            break
        code, after, spaced = step
        ascii_form = ascii_code(code)
        is_type = not issuers and (
            _is_type(ascii_form, expected) or (position == 0 and _is_kind_of(ascii_form, expected, low, after))
        )
        if spaced and position == 0 and not is_type:
            break
        end = after
        if is_type and type_code is None:
            type_code = code
        elif not is_type or code != type_code:  # “NQ-NQ” is written twice by mistake; in “QĐ-TTr” TTr is Thanh tra
            issuers.append(code)
    if type_code is None and len(issuers) == 1 and expected:
        type_code, issuers = _split_fused(issuers[0], expected)
    return type_code, tuple(issuers), end


def _next_code(tail: str, low: str, at: int, *, loose: bool, glued: bool) -> tuple[str, int, bool] | None:
    """Return a code, its end, and whether blanks stand on both sides of the separator before it."""
    joint = _JOINT.match(low, at)
    if joint is None:
        return _glued_code(tail, low) if glued else None
    spaces = joint[0].count(" ")
    if spaces and not loose:
        return None
    match = _CODE.match(tail, joint.end())
    if match is None or not _is_code(match[0], spaced=spaces > 0):
        return None
    return match[0], match.end(), spaces > 1


def _glued_code(tail: str, low: str) -> tuple[str, int, bool] | None:
    """Read “15NQ/TU”, “15 NQ/TU”: a known type code, and a separator behind it."""
    match = _CODE.match(tail, low.startswith((" ", ".")))
    if match is None or not match[0][0].isupper() or ascii_code(match[0]) not in type_of_symbol():
        return None
    if len(match[0]) < 2 or not low.startswith(("/", "-"), match.end()):
        return None
    return match[0], match.end(), False


def _loose_issuer(tail: str, at: int) -> tuple[str, int, bool] | None:
    """Read a known issuer behind a full stop or a blank alone: “22/QĐ.UBND”, “12/QĐ UBND”."""
    match = _CODE.match(tail, at + 1) if tail[at : at + 1] in {".", " "} else None
    if match is None or not match[0].isupper() or ascii_code(match[0]) not in issuers_by_code():
        return None
    return match[0], match.end(), False


def _is_type(code: str, expected: frozenset[str] | None) -> bool:
    if expected and code in expected:
        return True
    # Tax departments (Cục Thuế) sign official letters “15/CT-TTHT”: there CT is the issuer.
    return (
        code in type_of_symbol() and code not in _LETTER_CODES and not (code == "CT" and expected == _OFFICIAL_LETTERS)
    )


def _is_kind_of(code: str, expected: frozenset[str] | None, low: str, end: int) -> bool:
    """Whether a code is an expected one with two letters more and an issuer to follow: “QĐNS/TU” (nhân sự)."""
    if not expected or not low.startswith(("/", "-"), end):
        return False
    return any(code.startswith(symbol) and len(code) - len(symbol) <= 2 for symbol in expected if len(symbol) > 1)


def _is_code(code: str, *, spaced: bool) -> bool:
    """Tell “NQ”, “TTg”, “SGDĐT”, “qu” (known) from words such as “Thành”."""
    upper = sum(map(str.isupper, code))
    lower = sum(map(str.islower, code))
    if upper > lower and lower <= 1 and (upper > 1 or not spaced):
        return True
    ascii_form = ascii_code(code)
    return ascii_form in type_of_symbol() or ascii_form in issuers_by_code()


def _split_fused(code: str, expected: frozenset[str]) -> tuple[str | None, list[str]]:
    """Split “KHHĐNVQS” behind “Kế hoạch” into KH and HĐNVQS."""
    for symbol in sorted(expected, key=len, reverse=True):
        if ascii_code(code) == symbol:
            return code, []
        if ascii_code(code[: len(symbol)]) == symbol and len(code) - len(symbol) > 1:
            return code[: len(symbol)], [code[len(symbol) :]]
    return None, [code]
