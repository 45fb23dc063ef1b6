"""Finds laws, codes, ordinances and constitutions by their names (docs/citations.md, C1, C3 and C9)."""

import re

from harvester.vietnamese.citations.fold import Folded
from harvester.vietnamese.citations.lexicon import Phrases, Trigger, abbreviated_codes, law_names, preceded_by, words
from harvester.vietnamese.citations.mentions import Named, Symbol
from harvester.vietnamese.citations.symbols import read_symbol
from harvester.vietnamese.text import slug

_YEAR = re.compile(r" (?:năm )?((?:19|20)[0-9]{2})(?![0-9]|[/-][0-9])")
_LISTED_YEAR = re.compile(r"(?:,| và|, và) ((?:năm )?((?:19|20)[0-9]{2}))(?![^\W_]|[/-][0-9])")
_SEVERAL = (" các ", " những ")
_LAW_BEFORE = (" luật ",)
_NUMBER_WORD = re.compile(r",? số:? ?(?=[0-9])")
_AMENDING = re.compile(r" ?\(sửa đổi\)")
_AMENDING_LAW = re.compile(r" sửa đổi,? bổ sung một số điều (?:của )?(?:các )?(luật|bộ luật|pháp lệnh) ")
_AND_LAW = re.compile(r" và (luật|bộ luật|pháp lệnh) ")
_STATE = re.compile(r" (?:của )?nước (?:cộng h(?:òa|oà) (?:xã hội chủ nghĩa|xhcn) |chxhcn )?việt nam")
_LIST = re.compile(r"(?:,| và|, và|;) ")
_WORD = re.compile(r" ([^\W\d_]+)")
_NAME_WORD = re.compile(r"(?:,(?= (?:chống|chữa) ))? ([^\W\d_]+)")
_CODES = {"luật": "LUAT", "bộ luật": "BLUAT", "pháp lệnh": "PL"}
_MOST_WORDS = 12
_MOST_TAILS = 3


def find_laws(folded: Folded, trigger: Trigger) -> tuple[Named, ...]:
    """Return the law named behind the type word, and the others of a list that shares the word."""
    if trigger.type.code == "LUAT" and preceded_by(folded.low, trigger.start, words().before_law):
        return ()
    if trigger.type.code == "HP":
        return _constitution(folded, trigger)
    named = _first_law(folded, trigger)
    if named is None:
        return ()
    laws = [named]
    names = law_names(trigger.type.code)
    while follower := _listed_year(folded, laws[-1]) or _listed_law(folded, trigger.type.code, laws[-1].end, names):
        laws.append(follower)
    return tuple(laws)


def _first_law(folded: Folded, trigger: Trigger) -> Named | None:
    name = _name(folded, trigger)
    if name is None:
        return None
    end, name_slug = name
    named = _with_tail(folded, trigger.start, end, trigger.type.code, name_slug)
    if folded.text[trigger.start].isupper() or folded.text[trigger.end + 1 : end].lstrip()[:1].isupper():
        return named
    return named if named.year or named.symbol else None


def _name(folded: Folded, trigger: Trigger) -> tuple[int, str] | None:
    """Return the end and the slug of the name behind the word."""
    low, at = folded.low, trigger.end
    if abbreviated := abbreviated_codes().get(folded.text[trigger.start : at]):
        is_gloss = low.startswith("(", trigger.start - 1) and low.startswith(")", at)
        return None if is_gloss else (at, slug(abbreviated))
    if amending := _AMENDING_LAW.match(low, at):
        amended = law_names(_CODES[amending[1]]).longest(low, amending.end())
        while amended and (more := _AND_LAW.match(low, amended[0])):
            following = law_names(_CODES[more[1]]).longest(low, more.end())
            if following is None:
                break
            amended = following
        return (amended[0], slug(low[at : amended[0]])) if amended else None
    if low.startswith(": ", at) and preceded_by(low, trigger.start, _SEVERAL):
        return law_names(trigger.type.code).longest(low, at + 2)
    if not low.startswith(" ", at):
        return None
    return law_names(trigger.type.code).longest(low, at + 1) or _unlisted_name(folded, trigger)


def _unlisted_name(folded: Folded, trigger: Trigger) -> tuple[int, str] | None:
    """Read a name that begins with a capital and ends before a word that no name holds."""
    low, end = folded.low, trigger.end
    if not (folded.text[trigger.start].isupper() and folded.text[end + 1 : end + 2].isupper()):
        return None
    for count in range(_MOST_WORDS):
        match = _NAME_WORD.match(low, end)
        if match is None or match[1] in words().stop or (count == 0 and match[1] in words().after_law):
            break
        if count and folded.breaks(end, match.end()):
            break
        end = match.end()
    return (end, slug(low[trigger.end : end])) if end > trigger.end else None


def _listed_law(folded: Folded, code: str, at: int, names: Phrases[str]) -> Named | None:
    separator = _LIST.match(folded.low, at)
    if separator is None or not folded.text[separator.end() : separator.end() + 1].isupper():
        return None
    name = names.longest(folded.low, separator.end())
    if name is None:
        return None
    end, name_slug = name
    following = _WORD.match(folded.low, end)
    if following and following[1] not in words().stop:
        return None
    return _with_tail(folded, separator.end(), end, code, name_slug)


def _listed_year(folded: Folded, law: Named) -> Named | None:
    """Read the other years of one law: “Luật Đất đai 2013 và 2003”."""
    match = _LISTED_YEAR.match(folded.low, law.end) if law.year else None
    if match is None or (
        folded.low.startswith(" ", match.end()) and words().counted.longest(folded.low, match.end() + 1)
    ):
        return None
    return law._replace(start=match.start(1), end=match.end(), year=int(match[2]))


def _constitution(folded: Folded, trigger: Trigger) -> tuple[Named, ...]:
    if not folded.text[trigger.start].isupper() or preceded_by(folded.low, trigger.start, _LAW_BEFORE):
        return ()
    state = _STATE.match(folded.low, trigger.end)
    constitutions = [_with_tail(folded, trigger.start, state.end() if state else trigger.end, "HP", "")]
    while another := _listed_year(folded, constitutions[-1]):
        constitutions.append(another)
    return tuple(constitutions)


def _with_tail(folded: Folded, start: int, end: int, code: str, name_slug: str) -> Named:
    """Take in what is directly attached: the year, the number, a bare “(sửa đổi)”."""
    year: int | None = None
    symbol: Symbol | None = None
    amending = False
    for _ in range(_MOST_TAILS):
        if match := _YEAR.match(folded.low, end):
            year, end = int(match[1]), match.end()
        elif match := _AMENDING.match(folded.low, end):
            amending, end = True, match.end()
        elif match := _NUMBER_WORD.match(folded.low, end):
            read = read_symbol(folded, match.end())
            if read is None or read[1].year is None:
                break
            end, symbol = read
        else:
            break
    return Named(start, end, code, name_slug, year, symbol, amending)
