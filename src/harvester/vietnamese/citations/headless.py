"""Finds symbols that stand without a type word, “(28-KL/TW)”, “số 345/QĐ-UBND”, by one scan for their slashes."""

import re
from collections.abc import Iterator, Sequence

from harvester.vietnamese.citations.fold import Folded
from harvester.vietnamese.citations.issuers import is_party
from harvester.vietnamese.citations.lexicon import (
    DocumentType,
    ascii_code,
    issuers_by_code,
    misspelt_words,
    preceded_by,
    type_of_symbol,
    words,
)
from harvester.vietnamese.citations.mentions import Mention, Numbered, Symbol
from harvester.vietnamese.citations.symbols import read_symbol
from harvester.vietnamese.text import without_diacritics

# What stands before the slash of a symbol: “15-NQ”, “345”, “05/2024”, with “số” before it.
_BEFORE_SLASH = re.compile(
    r"(?<![\w/.,:-])(?:s[ốôó](?: ?[:.])? ?)?([0-9]{1,5}[a-hđ]?) ?\.?"
    r"(?:(?:[/-] ?(?:(?:19|20)[0-9]{2}|\.? ?[^\W\d_]{1,6})|\.(?:19|20)[0-9]{2}) ?)?$"
)
_DIGIT = re.compile("[0-9]")
_SLASH = re.compile(r"/(?!\d)/*")
_SLASH_WINDOW = 32
_NEAR = 160


def find_headless(
    folded: Folded, headed: Sequence[Mention], heads: Sequence[tuple[int, DocumentType]]
) -> Iterator[Numbered]:
    """Yield symbols that stand alone; “QĐ” a little behind a “Quy định” is one, too."""
    spans = iter(headed)
    current = next(spans, None)
    passed = iter(heads)
    head: tuple[int, DocumentType] | None = None
    upcoming = next(passed, None)
    end = 0
    for slash in _slashes(folded.low):
        while current and current.end <= slash:
            end, current = current.end, next(spans, None)
        while upcoming and upcoming[0] <= slash:
            head, upcoming = upcoming, next(passed, None)
        if slash < end or (current and current.start <= slash):
            continue
        found = _symbol_around(folded, max(end, slash - _SLASH_WINDOW), slash)
        if found is None or (current and current.start < found[1]):
            continue
        after = end
        start, end, symbol = found
        near = head[1] if head and start - head[0] < _NEAR else None
        code = ascii_code(symbol.type_code or "CV")
        if misspelt := _misspelt_head(folded.low, start, code, after):
            start, near = misspelt
        yield Numbered(
            start, end, item_type(near, symbol) if near and symbol.type_code else type_of_symbol()[code], symbol, start
        )


def item_type(head: DocumentType, symbol: Symbol) -> str:
    """Return the head's type unless the item's own symbol speaks against it."""
    code = ascii_code(symbol.type_code) if symbol.type_code else None
    if code is None or code in head.symbols:
        return head.code
    return type_of_symbol().get(code, head.code)


def _misspelt_head(low: str, at: int, code: str, after: int) -> tuple[int, DocumentType] | None:
    """Return the type word before a symbol of its own code that differs in diacritics only: “Nghi quyet số”."""
    for word, document_type in misspelt_words().get(code, ()):
        start = at - len(word)
        if start < after or (start and low[start - 1].isalnum()):
            continue
        if without_diacritics(low[start:at]) == word:
            return start, document_type
    return None


def _slashes(low: str) -> Iterator[int]:
    """Yield the slashes of symbols: letters follow them, not a digit as in dates and fractions."""
    for match in _SLASH.finditer(low):
        at = match.start()
        before = low[at - 1 : at]
        if before.isalnum() or before in " .":
            yield at


def _symbol_around(folded: Folded, begin: int, slash: int) -> tuple[int, int, Symbol] | None:
    """Return the start, “số” included, the end and the symbol with type and issuer that holds the slash."""
    # A window may cut a word in two; one more character shows what stands before.
    before = max(0, begin - 1)
    window = folded.low[before:slash]
    match = _BEFORE_SLASH.search(window) if _DIGIT.search(window) else None
    start = before + match.start() if match else 0
    if match is None or start < begin or preceded_by(folded.low, start, words().other_papers):
        return None
    read = read_symbol(folded, before + match.start(1))
    return (start, *read) if read and _is_whole(read[1]) else None


def _is_whole(symbol: Symbol) -> bool:
    """Whether a symbol tells its type and its issuer; that of an official letter, its issuer and who drafted it."""
    if symbol.type_code:
        issuer = "".join(map(ascii_code, symbol.issuers))
        is_body = issuer.isalpha() and len(issuer) > 1  # “15/CT-A2” is a flat
        return (is_body or issuer in issuers_by_code()) and symbol.type_code.upper() not in words().no_documents
    issuer = ascii_code(symbol.issuers[0]) if len(symbol.issuers) > 1 else ""
    return bool(issuer) and symbol.year is None and issuer in issuers_by_code() and not is_party(issuer)
