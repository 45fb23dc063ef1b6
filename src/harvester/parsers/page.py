"""A capture's bytes as text and, where it is markup, as a tree."""

import codecs
import re
from dataclasses import dataclass

from charset_normalizer import from_bytes
from selectolax.lexbor import LexborDocumentOptions, LexborHTMLParser

from harvester.errors import EmptyPage, NotText, Undecodable
from harvester.parsers.nesting import refuse_hostile_markup
from harvester.records import Capture
from harvester.vietnamese.text import nfc

_MAGIC = (
    (b"%PDF-", "a PDF document"),
    (b"PK\x03\x04", "a ZIP or Office document"),
    (b"\xd0\xcf\x11\xe0", "an old Office document"),
    (b"{\\rtf", "an RTF document"),
    (b"\x89PNG", "a PNG image"),
    (b"GIF8", "a GIF image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"\x1f\x8b", "gzip data"),
    (b"Rar!", "a RAR archive"),
)
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_HEADER_CHARSET = re.compile(r"charset\s{0,5}=\s{0,5}[\"']?([\w.:-]{1,40})", re.IGNORECASE)
_META_CHARSET = re.compile(rb"<meta[^>]{0,300}?charset\s{0,5}=\s{0,5}[\"']?([\w.:-]{1,40})", re.IGNORECASE)
_MARKUP = re.compile(r"<(?:!doctype\s+html|html|head|body|div|p|table|span|title|meta)\b", re.IGNORECASE)

# The encodings of the web that a Vietnamese page can have; the detector chooses among these alone.
_DETECTABLE = ["utf_8", "cp1258", "cp1252", "latin_1"]
# The WHATWG encoding standard reads these labels as Windows-1252.
_ALIASES = {"iso-8859-1": "cp1252", "latin-1": "cp1252", "latin1": "cp1252", "us-ascii": "cp1252", "ascii": "cp1252"}
# Python's codecs for other things than pages; decoding Punycode takes time in the square of its length.
_NO_CHARSETS = frozenset({"idna", "punycode", "unicode-escape", "raw-unicode-escape", "utf-7"})
_META_WINDOW = 4_096
_DETECTION_WINDOW = 65_536
_MARKUP_WINDOW = 4_096


@dataclass(frozen=True, slots=True)
class Page:
    """A capture made readable: NFC text, and its tree where the text is HTML."""

    capture: Capture
    charset: str
    text: str
    tree: LexborHTMLParser | None
    warnings: tuple[str, ...]


def read_page(capture: Capture) -> Page:
    """Decode a capture and parse it.

    Raises:
        EmptyPage: no bytes, or white space only.
        NotText: the bytes are a file of another kind.
        Undecodable: no encoding yields text.
        TooDeep: the markup would keep the parser busy without bound.
    """
    body = capture.body
    if not body.strip():
        raise EmptyPage("the page is empty", url=capture.url)
    _refuse_other_files(capture)
    charset, decoded, warnings = decode(body, declared_charset=_declared_charset(capture), url=capture.url)
    # Every encoding writes a NUL with a NUL byte, and bytes are searched for one many times faster than text.
    text = nfc(decoded.replace("\x00", "") if b"\x00" in body else decoded)
    if not _is_markup(capture, text):
        return Page(capture, charset, text, None, warnings)
    refuse_hostile_markup(text, url=capture.url)
    # lexbor reads UTF-8: it is spared a copy of the page where the page's own bytes are this text.
    is_body = charset == "utf-8" and not warnings and text == decoded
    # The events of scripts: nobody listens here.
    tree = LexborHTMLParser(body if is_body else text, options=LexborDocumentOptions.WO_EVENTS)
    return Page(capture, charset, text, tree, warnings)


def _refuse_other_files(capture: Capture) -> None:
    body = capture.body
    for magic, kind in _MAGIC:
        if body.startswith(magic):
            raise NotText(f"the answer is {kind}, not a page", url=capture.url)
    if b"\x00" in body[:_META_WINDOW] and not body.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise NotText("the answer is binary data, not a page", url=capture.url)


def _declared_charset(capture: Capture) -> str | None:
    """Return the charset of the Content-Type header, else of the first <meta>, else None."""
    if in_header := _HEADER_CHARSET.search(capture.header("content-type") or ""):
        return in_header[1].lower()
    if in_meta := _META_CHARSET.search(capture.body[:_META_WINDOW]):
        return in_meta[1].decode("ascii", "ignore").lower()
    return None


def decode(body: bytes, *, declared_charset: str | None, url: str | None = None) -> tuple[str, str, tuple[str, ...]]:
    """Return (charset used, text, warnings): byte-order mark, declared charset, UTF-8, detection, in this order.

    A page that is UTF-8 but for a few broken sequences (CMSes cut texts at a byte) stays UTF-8, the broken
    places as U+FFFD.

    Raises:
        Undecodable: none of them yields text.
    """
    for mark, encoding in _BOMS:
        if body.startswith(mark):
            return encoding, body.decode(encoding, "replace"), ()
    claimed = _ALIASES.get(declared_charset, declared_charset) if declared_charset else "utf-8"
    for charset in dict.fromkeys((claimed, "utf-8")):
        try:
            if codecs.lookup(charset).name in _NO_CHARSETS:
                continue
            text = body.decode(charset)
        except (UnicodeError, LookupError):
            continue
        warnings = () if charset == claimed else (f"the page claims {declared_charset} but is {charset}",)
        return charset, text, warnings
    return _decode_damaged(body, declared_charset, url)


def _decode_damaged(body: bytes, declared_charset: str | None, url: str | None) -> tuple[str, str, tuple[str, ...]]:
    repaired = body.decode("utf-8", "replace")
    broken = repaired.count("\ufffd")
    intact = sum(1 for char in repaired if "\x7f" < char != "\ufffd")
    if intact >= 4 * broken:
        return "utf-8", repaired, (f"{broken} broken UTF-8 sequences were replaced by U+FFFD",)
    best = from_bytes(body[:_DETECTION_WINDOW], cp_isolation=_DETECTABLE).best()
    if best is None:
        raise Undecodable("no encoding yields readable text", url=url)
    claim = f"the page claims {declared_charset}" if declared_charset else "the page names no encoding"
    return (
        best.encoding,
        body.decode(best.encoding, "replace"),
        (f"{claim} and was read as {best.encoding} by detection",),
    )


def _is_markup(capture: Capture, text: str) -> bool:
    media_type = (capture.header("content-type") or "").split(";")[0].strip().lower()
    if media_type == "text/plain":
        return False
    return "html" in media_type or bool(_MARKUP.search(text, 0, _MARKUP_WINDOW))
