"""Finds mentions of documents: spans and types, nothing resolved yet.

Type words are found by one automaton; small patterns then read what stands behind each. Symbols without a type word
are found by one scan for their shape.
"""

import re
from itertools import zip_longest
from operator import attrgetter

from harvester.vietnamese.citations.dates import ISSUED, read_issue_date, read_own_date
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
from harvester.vietnamese.citations.mentions import Congress, Dated, Mention, Named, Numbered, Plenum, Symbol, moved
from harvester.vietnamese.citations.occasions import find_occasion
from harvester.vietnamese.citations.symbols import read_blank_symbol, read_symbol

_NUMBER_WORD = re.compile(r" ?s[ốôó](?: ?[:.])? ?(?=[0-9oil.…_ /-])")
_WORDS_BETWEEN = re.compile(r"((?: [^\W\d_]+(?:, giám sát)?){1,8}?) (s[ốôó](?: ?[:.])? ?)?(?=[0-9])")
_LONGEST_BEFORE_SLASH = 40
_BEGINS_NUMBER = re.compile(r" ?(?:[0-9oil]|s[ốôó])")
_LONGEST_BETWEEN = 80
_LONGEST_BEFORE_DATE = 24
_JOINED = r"(?:,? (?:và|hoặc) |[,;] ?(?:và )?| ?& ?)(?P<word>s[ốôó](?: ?[:.])? ?)?(?=[0-9])"
_SEPARATOR = re.compile(_JOINED)
_DATED_SEPARATOR = re.compile(rf"(?>{ISSUED}){_JOINED}")
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
    for trigger, following in zip_longest(found_triggers, found_triggers[1:]):
        if trigger.start < cursor:
            continue
        mentions = _read_mention(folded, trigger, following)
        if not mentions:
            continue
        if not isinstance(mentions[0], Numbered) and _is_draft(folded.low, mentions[0], drafted):
            drafted = mentions[-1].end
            continue
        is_near = headed and trigger.start - headed[-1].end < _LONGEST_GAP
        headed += _joined(folded.low, headed[-1], mentions) if is_near else mentions
        cursor = mentions[-1].end
        heads.append((cursor, trigger.type))
    headless = list(find_headless(folded, headed, heads))
    return tuple(sorted((*headed, *headless), key=attrgetter("start")) if headless else headed)


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


def _is_draft(low: str, first: Dated | Named | Congress | Plenum, drafted: int) -> bool:
    """Whether “dự thảo” stands before it, or a law of a list that began so; a number makes a document of any."""
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
    issued = read_issue_date(low, before.end)
    if _JOINT.fullmatch(low, issued[0] if issued else before.end, first.start) is None:
        return mentions
    return first._replace(goes_on=True), *mentions[1:]


def _may_be_cited(low: str, trigger: Trigger) -> bool:
    """Whether a number or a date may follow, or a name may do: a cheap look, most type words are no citations."""
    if trigger.type.code in _NAMED_CODES or _BEGINS_NUMBER.match(low, trigger.end):
        return True
    if not low.startswith(" ", trigger.end):
        return False
    reach = low[trigger.end : trigger.end + _LONGEST_BETWEEN]
    return _leads_to_number(reach) or "ngày" in reach[:_LONGEST_BEFORE_DATE]


def _leads_to_number(reach: str) -> bool:
    """Whether a number or a symbol may stand behind other words: “phê duyệt … số”, “hành động 05/CTr-MTTQ”."""
    if "số" in reach or "sô" in reach or "só" in reach:
        return True
    return "/" in reach[:_LONGEST_BEFORE_SLASH] and reach.startswith(words().between_spaced)


# ------------------------------------------------------------------------------------- by number


def _numbered(folded: Folded, trigger: Trigger, following: Trigger | None) -> Numbered | None:
    start, end, document_type = trigger
    word = _NUMBER_WORD.match(folded.low, end)
    begin = word.end() if word else end + folded.low.startswith(" ", end)
    read = read_symbol(folded, begin, document_type.symbols)
    if read is None:
        return None if word else _numbered_behind_words(folded, trigger, following)
    after, symbol = read
    tentative = False
    if symbol.bare:
        if not word and (document_type.bare == "symbol" or folded.breaks(end, begin)):
            return None
        tentative = document_type.bare == "symbol" if word else _is_doubtful(folded, trigger, symbol, after)
    elif not (word or symbol.issuers or (symbol.type_code and document_type.symbols)):
        tentative = not _is_capital(folded, trigger)
    return Numbered(start, after, document_type.code, symbol, start, tentative)


def _is_doubtful(folded: Folded, trigger: Trigger, symbol: Symbol, end: int) -> bool:
    """Whether a mere number behind a type word needs confirmation, as it may count things or be a year."""
    if _counts(folded, end) and not preceded_by(folded.low, trigger.start, words().before_designator):
        return True
    number = symbol.number or ""
    if trigger.type.bare == "numbered" or int(number.rstrip(_SUFFIXES)) in _YEARS:
        return True
    if trigger.type.bare == "noun" or _is_capital(folded, trigger):
        return False
    return trigger.type.abbreviation or not number.startswith("0")


def _is_capital(folded: Folded, trigger: Trigger) -> bool:
    """Whether the type word begins with a capital; an abbreviation, with two."""
    letters = 2 if trigger.type.abbreviation else 1
    return folded.text[trigger.start : trigger.start + letters].isupper()


def _counts(folded: Folded, end: int) -> bool:
    """Whether a noun behind the number makes it a count; “năm 2017” and “ngày 4/7” do not."""
    if not folded.low.startswith(" ", end) or _DATE_FOLLOWS.match(folded.low, end):
        return False
    # “Nghị quyết 15 Tỉnh ủy” names an issuer, “Nghị quyết 2 tỉnh” counts.
    return folded.text[end + 1 : end + 2].islower() and words().counted.longest(folded.low, end + 1) is not None


def _numbered_behind_words(folded: Folded, trigger: Trigger, following: Trigger | None) -> Numbered | None:
    """Read “Chương trình hành động số 12”, “Quyết định phê duyệt quy hoạch số 15/QĐ-UBND”."""
    reach = folded.low[trigger.end : trigger.end + _LONGEST_BETWEEN]
    if not _leads_to_number(reach):
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
    while len(items) < _MOST_ITEMS and (separator := _separator(folded.low, items[-1].end)):
        read = read_symbol(folded, separator.end(), trigger.type.symbols)
        if read is None:
            break
        end, symbol = read
        if symbol.bare and not separator["word"]:
            behind_date = separator.start() > items[-1].end
            plural = len(items) > 1 or folded.low.endswith("các ", max(0, trigger.start - 4), trigger.start)
            if behind_date or not _closes_item(folded, end, plural=plural):
                break
        start = separator.start("word") if separator["word"] else separator.end()
        code = item_type(trigger.type, symbol)
        items.append(Numbered(start, end, code, symbol, first.group, first.tentative and symbol.bare))
    return tuple(items)


def _separator(low: str, end: int) -> re.Match[str] | None:
    """Return what joins another number to an item of a list or to its date."""
    if separator := _SEPARATOR.match(low, end):
        return separator
    # Behind the dates of most items no list goes on: one match tells, and the date need not be read.
    if low.startswith(_BEFORE_DATE, end) and _DATED_SEPARATOR.match(low, end) and (issued := read_issue_date(low, end)):
        return _SEPARATOR.match(low, issued[0])
    return None


def _closes_item(folded: Folded, end: int, *, plural: bool) -> bool:
    if _AFTER_ITEM.match(folded.low, end):
        return True
    return plural and not _counts(folded, end)


# ------------------------------------------------------------------------------------- by date


def _dated(folded: Folded, trigger: Trigger) -> tuple[Dated, ...]:
    """Read “Quyết định ngày 5/3/2020” and “Quyết định số.../QĐ-UBND ngày 12/5/2021”."""
    if not trigger.type.dated:
        return ()
    end = trigger.end
    issuers: tuple[str, ...] = ()
    if word := _NUMBER_WORD.match(folded.low, trigger.end):
        blank = read_blank_symbol(folded, word.end(), trigger.type.symbols)
        if blank is None:
            return ()
        end, issuers = blank[0], blank[1].issuers
    elif not folded.text[trigger.start].isupper():
        return ()
    own = read_own_date(folded.low, end)
    return (Dated(trigger.start, own[0], trigger.type.code, own[1], issuers),) if own else ()
