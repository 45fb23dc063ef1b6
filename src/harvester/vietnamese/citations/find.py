"""Finds mentions of documents: spans and types, nothing resolved yet.

Type words are found by one automaton; small patterns then read what stands behind each. Symbols without a type word
are found by one scan for their shape.
"""

import re

from harvester.vietnamese.citations.dates import read_issue_date, read_own_date
from harvester.vietnamese.citations.fold import Folded, fold
from harvester.vietnamese.citations.headless import find_headless, item_type
from harvester.vietnamese.citations.laws import find_laws
from harvester.vietnamese.citations.lexicon import (
    DocumentType,
    Trigger,
    ascii_code,
    preceded_by,
    triggers,
    words,
)
from harvester.vietnamese.citations.mentions import Dated, Mention, Named, Numbered, Symbol, moved
from harvester.vietnamese.citations.occasions import find_occasion
from harvester.vietnamese.citations.symbols import read_blank_symbol, read_symbol

_NUMBER_WORD = re.compile(r" ?s[ốôó](?: ?[:.])? ?(?=[0-9oil.…_ /-])")
_WORDS_BETWEEN = re.compile(r"((?: [^\W\d_]+(?:, giám sát)?){1,8}?) (s[ốôó](?: ?[:.])? ?)?(?=[0-9])")
_LONGEST_BEFORE_SLASH = 40
_DIGITS_AND_LIKE = frozenset("0123456789oil")
_LONGEST_BETWEEN = 80
_LONGEST_BEFORE_DATE = 24
_SEPARATOR = re.compile(r"(?:,? (?:và|hoặc) |[,;] ?(?:và )?| ?& ?)(s[ốôó](?: ?[:.])? ?)?(?=[0-9])")
_AFTER_ITEM = re.compile(
    r"(?: ?[,;.:)…\"”]| (?:và|hoặc|của|về|ngày [0-9]|kh(?:óa|oá)|năm (?:19|20)[0-9]{2})(?![^\W_])|\n|$)"
)
_DATE_FOLLOWS = re.compile(r" (?:ngày:? ?[0-9]|năm (?:19|20)[0-9]{2}(?! ?-))")
_JOINT = re.compile(r"(?:[,;]|,? và|,? hoặc) (?:các )?")
_LONGEST_GAP = 60
_BEFORE_DATE = (" ", ",", "(")
_LAW_CODES = frozenset({"LUAT", "BLUAT", "PL", "HP"})
_NAMED_CODES = _LAW_CODES | {"NQ", "KL"}
_YEARS = range(1990, 2051)
_MOST_ITEMS = 40
_SUFFIXES = "abcdefgđABCDEFGĐ"


def find(text: str) -> tuple[Mention, ...]:
    """Return the mentions of documents in a text, in order; they do not overlap.

    Each holds the span (code points of the text as given, end exclusive), the type's code and what its kind adds.
    The text may be in any Unicode form; it takes time in proportion to its length, and no string raises anything.
    """
    folded = fold(text)
    mentions = _find(folded)
    return mentions if folded.even else tuple(moved(mention, folded.span) for mention in mentions)


def _find(folded: Folded) -> tuple[Mention, ...]:
    headed: list[Mention] = []
    heads: list[tuple[int, DocumentType]] = []
    found_triggers = triggers(folded.low)
    cursor = 0
    drafted = -1
    for index, trigger in enumerate(found_triggers):
        if trigger.start < cursor:
            continue
        following = found_triggers[index + 1] if index + 1 < len(found_triggers) else None
        mentions = _read_mention(folded, trigger, following)
        if mentions and _is_draft(folded.low, mentions[0], drafted):
            drafted = mentions[-1].end
        elif mentions:
            headed += _joined(folded.low, headed[-1], mentions) if headed else mentions
            cursor = mentions[-1].end
            heads.append((cursor, trigger.type))
    headless = list(find_headless(folded, headed, heads))
    return tuple(sorted((*headed, *headless), key=lambda mention: mention.start))


def _read_mention(folded: Folded, trigger: Trigger, following: Trigger | None) -> tuple[Mention, ...]:
    """Return the mention that begins with the type word, with the list it heads."""
    if not _may_be_cited(folded.low, trigger):
        return ()
    if first := _numbered(folded, trigger, following):
        return _with_list(folded, trigger, first)
    if trigger.type.abbreviation and not folded.text[trigger.start : trigger.start + 2].isupper():
        return ()
    if trigger.type.code in _LAW_CODES:
        return find_laws(folded, trigger)
    return find_occasion(folded, trigger) or _dated(folded, trigger)


def _is_draft(low: str, first: Mention, drafted: int) -> bool:
    """Whether “dự thảo” stands before it, or a law of a list that began so; a number makes a document of it."""
    if isinstance(first, Numbered):
        return False
    if preceded_by(low, first.start, words().drafts):
        return True
    if preceded_by(low, first.start, words().draft_amendments):
        return not isinstance(first, Named) or first.year is None
    listed = 0 < drafted < first.start and _JOINT.fullmatch(low, drafted, first.start) is not None
    return listed and isinstance(first, Named) and first.year is None and first.symbol is None


def _joined(low: str, before: Mention, mentions: tuple[Mention, ...]) -> tuple[Mention, ...]:
    """Return the mentions, the first marked if a comma or “và” joins it to one of its type, dates aside."""
    first = mentions[0]
    if not (isinstance(before, Numbered) and isinstance(first, Numbered) and before.type == first.type):
        return mentions
    issued = read_issue_date(low, before.end) if first.start - before.end < _LONGEST_GAP else None
    if _JOINT.fullmatch(low, issued[0] if issued else before.end, first.start) is None:
        return mentions
    return first._replace(goes_on=True), *mentions[1:]


def _may_be_cited(low: str, trigger: Trigger) -> bool:
    """Whether a number or a date may follow, or a name may do: a cheap look, most type words are no citations."""
    if trigger.type.code in _NAMED_CODES:
        return True
    reach = low[trigger.end : trigger.end + _LONGEST_BETWEEN]
    if reach[:2].lstrip()[:1] in _DIGITS_AND_LIKE or _holds_number_word(reach):
        return True
    return "ngày" in reach[:_LONGEST_BEFORE_DATE] or _goes_on_to_symbol(reach)


def _goes_on_to_symbol(reach: str) -> bool:
    """Whether a word that may stand between type and number is followed by a symbol: “hành động 05/CTr-MTTQ”."""
    return reach.startswith(words().between_spaced) and "/" in reach[:_LONGEST_BEFORE_SLASH]


def _holds_number_word(reach: str) -> bool:
    return "số" in reach or "sô" in reach or "só" in reach


# ------------------------------------------------------------------------------------- by number


def _numbered(folded: Folded, trigger: Trigger, following: Trigger | None) -> Numbered | None:
    at = trigger.end + folded.low.startswith(" ", trigger.end)
    word = _NUMBER_WORD.match(folded.low, trigger.end) if folded.low.startswith("s", at) else None
    begin = word.end() if word else at
    if read := read_symbol(folded, begin, trigger.type.symbols):
        end, symbol = read
        tentative = _doubtful(folded, trigger, symbol, (begin, end), headed=word is not None)
        if tentative is None:
            return None
        return Numbered(trigger.start, end, trigger.type.code, symbol, trigger.start, tentative)
    return None if word else _numbered_behind_words(folded, trigger, following)


def _doubtful(folded: Folded, trigger: Trigger, symbol: Symbol, span: tuple[int, int], *, headed: bool) -> bool | None:
    """Whether a number needs confirmation; None where it is no document's number at all."""
    if symbol.issuers or (symbol.type_code and trigger.type.symbols):
        return False
    if headed:
        return symbol.bare and trigger.type.bare == "symbol"
    letters = 2 if trigger.type.abbreviation else 1
    capital = folded.text[trigger.start : trigger.start + letters].isupper()
    if not symbol.bare:
        return not capital
    number = symbol.number or ""
    if trigger.type.bare == "symbol" or folded.breaks(trigger.end, span[0]):
        return None
    if _counts(folded, span[1]) and not preceded_by(folded.low, trigger.start, words().before_designator):
        return True
    if trigger.type.bare == "noun":
        capital = True
    if trigger.type.bare == "numbered" or int(number.rstrip(_SUFFIXES)) in _YEARS:
        return True
    return not (capital or (number.startswith("0") and not trigger.type.abbreviation))


def _counts(folded: Folded, end: int) -> bool:
    """Whether a noun behind the number makes it a count; “năm 2017” and “ngày 4/7” do not."""
    if not folded.low.startswith(" ", end) or _DATE_FOLLOWS.match(folded.low, end):
        return False
    # “Nghị quyết 15 Tỉnh ủy” names an issuer, “Nghị quyết 2 tỉnh” counts.
    return folded.text[end + 1 : end + 2].islower() and words().counted.longest(folded.low, end + 1) is not None


def _numbered_behind_words(folded: Folded, trigger: Trigger, following: Trigger | None) -> Numbered | None:
    """Read “Chương trình hành động số 12”, “Quyết định phê duyệt quy hoạch số 15/QĐ-UBND”."""
    reach = folded.low[trigger.end : trigger.end + _LONGEST_BETWEEN]
    if not (_holds_number_word(reach) or _goes_on_to_symbol(reach)):
        return None
    match = _WORDS_BETWEEN.match(folded.low, trigger.end)
    if match is None or folded.breaks(trigger.end, match.end(1)):
        return None
    read = read_symbol(folded, match.end(), trigger.type.symbols)
    if read is None:
        return None
    end, symbol = read
    between = match[1].strip()
    own_type = symbol.type_code is not None and ascii_code(symbol.type_code) in trigger.type.symbols
    crossed = following is not None and following.start < match.end()
    if crossed and not (own_type and following and folded.text[following.start].islower()):
        return None
    if not (own_type and match[2]) and between not in words().between:
        return None
    if not own_type and (trigger.type.bare == "symbol" or not match[2]):
        return None
    return Numbered(trigger.start, end, trigger.type.code, symbol, trigger.start)


def _with_list(folded: Folded, trigger: Trigger, first: Numbered) -> tuple[Numbered, ...]:
    """Return the first item with those that share its head: “Nghị quyết 15, 16 và 17”."""
    items = [first]
    plural = folded.low.endswith("các ", max(0, trigger.start - 4), trigger.start)
    while len(items) < _MOST_ITEMS:
        end = items[-1].end
        separator = _SEPARATOR.match(folded.low, end)
        whole_only = False
        if (
            separator is None
            and folded.low.startswith(_BEFORE_DATE, end)
            and (issued := read_issue_date(folded.low, end))
        ):
            separator = _SEPARATOR.match(folded.low, issued[0])
            whole_only = True
        if separator is None:
            break
        read = read_symbol(folded, separator.end(), trigger.type.symbols)
        if read is None:
            break
        end, symbol = read
        is_sure = separator[1] or (not whole_only and _closes_item(folded, end, plural=plural or len(items) > 1))
        if symbol.bare and not is_sure:
            break
        start = separator.start(1) if separator[1] else separator.end()
        code = item_type(trigger.type, symbol)
        items.append(Numbered(start, end, code, symbol, first.group, first.tentative and symbol.bare))
    return tuple(items)


def _closes_item(folded: Folded, end: int, *, plural: bool) -> bool:
    if _AFTER_ITEM.match(folded.low, end):
        return True
    return plural and not _counts(folded, end)


# ------------------------------------------------------------------------------------- by date


def _dated(folded: Folded, trigger: Trigger) -> tuple[Dated, ...]:
    """Read “Quyết định ngày 5/3/2020” and “Quyết định số.../QĐ-UBND ngày 12/5/2021”."""
    if not trigger.type.dated:
        return ()
    end, issuers = trigger.end, tuple[str, ...]()
    if word := _NUMBER_WORD.match(folded.low, trigger.end):
        blank = read_blank_symbol(folded, word.end(), trigger.type.symbols)
        if blank is None:
            return ()
        end, issuers = blank[0], blank[1].issuers
    elif not folded.text[trigger.start].isupper():
        return ()
    own = read_own_date(folded.low, end)
    return (Dated(trigger.start, own[0], trigger.type.code, own[1], issuers),) if own else ()
