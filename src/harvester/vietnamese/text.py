"""Vietnamese spelling: one normal form for comparing, one for addresses, one for reading."""

import re
import sys
import unicodedata
from functools import cache

# The two schools of tone placement differ on the open rhymes oa, oe, uy: hoà/hòa, khoẻ/khỏe, thuý/thúy.
# "quy" is no such rhyme: there the u belongs to the consonant.
_NEW_TO_OLD = {
    new: old
    for news, olds in (
        (("oà", "oá", "oả", "oã", "oạ"), ("òa", "óa", "ỏa", "õa", "ọa")),
        (("oè", "oé", "oẻ", "oẽ", "oẹ"), ("òe", "óe", "ỏe", "õe", "ọe")),
        (("uỳ", "uý", "uỷ", "uỹ", "uỵ"), ("ùy", "úy", "ủy", "ũy", "ụy")),
    )
    for new, old in zip(news, olds, strict=True)
}
_NEW_TONE = re.compile(rf"(?<!q)(?:{'|'.join(_NEW_TO_OLD)})(?!\w)")
_APOSTROPHE = re.compile("[’‘`´ʼ]")
# Zero-width spaces and joiners, byte-order marks, soft hyphens: editors leave them inside words.
_INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad"
_MAX_MARKS = 30
_WINDOW = 500
_NOT_SLUG = re.compile(r"[^a-z0-9]+")


def nfc(text: str) -> str:
    """Return the composed form (Unicode NFC).

    Runs of more than 30 combining marks are cut to 30, the bound of Unicode's stream-safe format (UAX #15): sorting
    them takes quadratic time, and no language has them.
    """
    if len(text) > _WINDOW and _may_hold_mark_run(text):
        text = _mark_runs().sub(lambda run: run[0][:_MAX_MARKS], text)
    return unicodedata.normalize("NFC", text)


def _may_hold_mark_run(text: str) -> bool:
    """Whether some window of the text is all combining marks; a run of twice its length covers one wholly."""
    combining = unicodedata.combining
    if not any(map(combining, text[::_WINDOW])):  # as in any text that people write
        return False
    starts = range(0, len(text) - _WINDOW, _WINDOW)
    return any(all(map(combining, text[start : start + _WINDOW])) for start in starts)


@cache
def _mark_runs() -> re.Pattern[str]:
    marks = "".join(char for char in map(chr, range(sys.maxunicode + 1)) if unicodedata.combining(char))
    return re.compile(f"[{re.escape(marks)}]{{{_MAX_MARKS + 1},}}")


def clean_line(text: str) -> str:
    """Return text as a reader sees it, on one line: NFC, invisible characters dropped, white space collapsed."""
    text = text.strip()
    # Of white space and invisible characters only the plain space is printable, and most lines have no other.
    if text.isprintable():
        text = nfc(text)
        return " ".join(text.split()) if "  " in text else text
    if any(char in text for char in _INVISIBLE):
        text = text.translate(dict.fromkeys(map(ord, _INVISIBLE)))
    return collapse(nfc(text))


def collapse(text: str) -> str:
    """Return the text with every run of white space (no-break spaces too) as one space, edges stripped."""
    if text.isprintable() and "  " not in text:  # of white space only the plain space is printable
        return text.strip()
    return " ".join(text.split())


def comparison_key(text: str) -> str:
    """Return the form under which two spellings of the same words are equal.

    NFC, case-folded, tone marks of oa/oe/uy in the traditional place (hòa, khỏe, ủy), apostrophes
    straight, the Icelandic Ð of old fonts as Đ, white space collapsed. Diacritics stay: Hoà and Hòa are equal, Hoa
    and Hòa are not.
    """
    folded = _APOSTROPHE.sub("'", collapse(nfc(text)).casefold().replace("ð", "đ"))
    return _NEW_TONE.sub(lambda match: _NEW_TO_OLD[match[0]], folded)


def without_diacritics(text: str) -> str:
    """Return the text in base letters: Đ/đ as D/d, every combining mark dropped."""
    decomposed = unicodedata.normalize("NFD", text.replace("Đ", "D").replace("đ", "d"))
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def slug(text: str) -> str:
    """Return the text as lower-case ASCII words joined by hyphens: “Đất đai” gives “dat-dai”."""
    return _NOT_SLUG.sub("-", without_diacritics(text).lower()).strip("-")
