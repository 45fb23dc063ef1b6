import unicodedata
from datetime import UTC, datetime
from io import BytesIO

import pytest

from harvester.errors import EmptyPage, NotText, Undecodable
from harvester.fetchers.file import read_stream
from harvester.parsers.page import Page, decode, read_page
from harvester.records import Capture

URL = "https://longbien.hanoi.gov.vn/tin-tuc"
SENTENCE = "Quận mở phòng đọc ở nhà văn hóa, đón bà con cả tuần."
HTML = f"<html><body><p>{SENTENCE}</p></body></html>"
# Windows-1258 writes tones as letters of their own, after the vowel.
IN_1258 = "Quâ\N{COMBINING DOT BELOW}n Đô\N{COMBINING ACUTE ACCENT}ng Đa ho\N{COMBINING DOT BELOW}p"


def capture(body: bytes, content_type: str | None = "text/html", name: str = "page") -> Capture:
    found = read_stream(BytesIO(body), name=name, url=URL, captured_at=datetime(2020, 1, 1, tzinfo=UTC))
    headers = (("content-type", content_type),) if content_type else ()
    return found.model_copy(update={"headers": headers})


def read(body: bytes, content_type: str | None = "text/html") -> Page:
    return read_page(capture(body, content_type))


def meta(charset: str, text: str = SENTENCE) -> str:
    return f'<html><head><meta http-equiv="content-type" content="text/html; charset={charset}"></head><p>{text}</p>'


# name: bytes, Content-Type, charset used, a text that must be there, warnings
DECODED: dict[str, tuple[bytes, str | None, str, str, tuple[str, ...]]] = {
    "UTF-8, nothing said": (HTML.encode(), "text/html", "utf-8", SENTENCE, ()),
    "UTF-8, said in the header": (HTML.encode(), "text/html; charset=UTF-8", "utf-8", SENTENCE, ()),
    "UTF-8, said in quotes": (HTML.encode(), 'text/html; charset="utf-8"', "utf-8", SENTENCE, ()),
    "UTF-8, said in the page": (meta("UTF-8").encode(), "text/html", "utf-8", SENTENCE, ()),
    "UTF-8 with its mark": (b"\xef\xbb\xbf" + HTML.encode(), "text/html", "utf-8-sig", SENTENCE, ()),
    "the mark beats the header": (
        b"\xef\xbb\xbf" + HTML.encode(),
        "text/html; charset=big5",
        "utf-8-sig",
        SENTENCE,
        (),
    ),
    "UTF-16, little end first": (b"\xff\xfe" + HTML.encode("utf-16-le"), "text/html", "utf-16", SENTENCE, ()),
    "UTF-16, big end first": (b"\xfe\xff" + HTML.encode("utf-16-be"), "text/html", "utf-16", SENTENCE, ()),
    "the header beats the page": (meta("big5").encode(), "text/html; charset=utf-8", "utf-8", SENTENCE, ()),
    "Windows-1258, said in the header": (
        f"<p>{IN_1258}</p>".encode("cp1258"),
        "text/html; charset=windows-1258",
        "windows-1258",
        "Quận Đống Đa họp",
        (),
    ),
    "Windows-1258, said in the page": (
        meta("windows-1258", IN_1258).encode("cp1258"),
        "text/html",
        "windows-1258",
        "Quận Đống Đa họp",
        (),
    ),
    "Latin-1 means Windows-1252": (
        "<p>“été”</p>".encode("cp1252"),
        "text/html; charset=iso-8859-1",
        "cp1252",
        "“été”",
        (),
    ),
    "a charset nobody knows": (
        HTML.encode(),
        "text/html; charset=x-vni",
        "utf-8",
        SENTENCE,
        ("the page claims x-vni but is utf-8",),
    ),
    "a claim that does not hold": (
        HTML.encode(),
        "text/html; charset=us-ascii\x00",
        "utf-8",
        SENTENCE,
        ("the page claims us-ascii but is utf-8",),
    ),
    "a few broken sequences": (
        HTML.encode().replace("ă".encode(), b"\xc4"),
        "text/html; charset=utf-8",
        "utf-8",
        "nhà v\ufffdn hóa",
        ("1 broken UTF-8 sequences were replaced by U+FFFD",),
    ),
    "a text cut at a byte": (
        f"<p>{SENTENCE} Mời bà con ghé đọc ".encode() + "ạ".encode()[:2],
        "text/html",
        "utf-8",
        "ghé đọc \ufffd",
        ("1 broken UTF-8 sequences were replaced by U+FFFD",),
    ),
}


@pytest.mark.parametrize("name", DECODED)
def test_page_is_decoded(name: str) -> None:
    body, content_type, charset, text, warnings = DECODED[name]
    page = read(body, content_type)
    assert (page.charset, page.warnings) == (charset, warnings)
    assert text in page.text
    assert page.tree is not None


# Bytes that are no UTF-8: the encoding they are in, how the detector names it
DETECTED = [
    ("Conférence à Hanoi : déjà vue, très bien reçue", "latin-1", "cp1252"),
    ("Ðã phát hành ngày ay", "cp1252", "cp1252"),
    (f"{IN_1258}, bàn vê\u0300 công ta\u0301c tô\u0309 chư\u0301c đa\u0323i hô\u0323i", "cp1258", "cp1258"),
]


@pytest.mark.parametrize("claim", ["utf-8", None])
@pytest.mark.parametrize(("text", "encoding", "name"), DETECTED)
def test_single_byte_text_is_detected(text: str, encoding: str, name: str, claim: str | None) -> None:
    page = read(f"<p>{text}</p>".encode(encoding), f"text/html; charset={claim}" if claim else "text/html")
    said = f"the page claims {claim}" if claim else "the page names no encoding"
    assert (page.charset, page.warnings) == (name, (f"{said} and was read as {name} by detection",))
    assert unicodedata.normalize("NFC", text) in page.text


@pytest.mark.parametrize("claim", [None, "utf-8", "x-vni", "idna"])
@pytest.mark.parametrize("body", [b"\xff" * 300, b"\x81\x8d\x8f\x90\x9d" * 50, bytes(range(1, 256))])
def test_bytes_of_no_encoding_are_refused(body: bytes, claim: str | None) -> None:
    with pytest.raises(Undecodable, match="no encoding yields readable text"):
        decode(body, declared_charset=claim)


# Python knows codecs that are no charsets of pages.
@pytest.mark.parametrize(
    "claim",
    [
        "utf-7",
        "UTF7",
        "idna",
        "punycode",
        "unicode_escape",
        "raw-unicode-escape",
        "base64",
        "rot13",
        "undefined",
        "ký-tự",
    ],
)
def test_claims_that_are_no_charsets_are_passed_over(claim: str) -> None:
    body = (HTML + "+AGE-\\u0061z9" * 100_000).encode()
    assert decode(body, declared_charset=claim) == ("utf-8", body.decode(), (f"the page claims {claim} but is utf-8",))


@pytest.mark.parametrize("body", [b"", b" ", b"\r\n\t \n" * 1000, b"\x0c"])
def test_nothing_is_no_page(body: bytes) -> None:
    with pytest.raises(EmptyPage, match="the page is empty"):
        read(body)


def test_an_error_names_the_address() -> None:
    with pytest.raises(EmptyPage) as raised:
        read(b"")
    assert raised.value.url == URL


OTHER_FILES = {
    "a PDF document": b"%PDF-1.5\n1 0 obj <</Type /Catalog>>",
    "a ZIP or Office document": b"PK\x03\x04\x14\x00\x00\x00",
    "an old Office document": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    "an RTF document": b"{\\rtf1\\ansi Quan Long Bien}",
    "a PNG image": b"\x89PNG\r\n\x1a\n",
    "a GIF image": b"GIF89a\x01\x00",
    "a JPEG image": b"\xff\xd8\xff\xe0\x00\x10JFIF",
    "gzip data": b"\x1f\x8b\x08\x00",
    "a RAR archive": b"Rar!\x1a\x07\x00",
    "binary data": b"<html>\x00\x01\x02\x03</html>",
}


@pytest.mark.parametrize("kind", OTHER_FILES)
@pytest.mark.parametrize("content_type", ["text/html", "text/plain", None])
def test_other_files_under_a_page_name_are_refused(kind: str, content_type: str | None) -> None:
    with pytest.raises(NotText, match=f"the answer is {kind}, not a page"):
        read_page(capture(OTHER_FILES[kind], content_type, name="page.html"))


def test_decomposed_letters_are_composed() -> None:
    page = read(unicodedata.normalize("NFD", HTML).encode())
    assert SENTENCE in page.text
    assert unicodedata.is_normalized("NFC", page.text)
    assert page.tree is not None
    paragraph = page.tree.css_first("p")
    assert paragraph is not None
    assert paragraph.text() == SENTENCE


def test_nul_after_the_first_kilobytes_is_dropped() -> None:
    page = read(b"<p>" + b"a" * 5000 + b"\x00b</p>")
    assert "\x00" not in page.text
    assert "ab</p>" in page.text


# bytes, Content-Type, the paragraph in the tree: the page's own bytes are parsed only where they are its text
PARAGRAPHS = {
    "UTF-8": (f"<p>{SENTENCE}".encode(), "text/html", SENTENCE),
    "a NUL": (b"<p>" + b"a" * 5000 + b"\x00b", "text/html", "a" * 5000 + "b"),
    "UTF-8 with its mark": (f"\ufeff<p>{SENTENCE}".encode(), "text/html", SENTENCE),
    "UTF-16": (f"<p>{SENTENCE}".encode("utf-16"), "text/html", SENTENCE),
    "a false claim": (f"<p>{SENTENCE}".encode(), "text/html; charset=x-vni", SENTENCE),
    "a broken sequence": (f"<p>{SENTENCE}".encode() + b"\xc4", "text/html", SENTENCE + "\ufffd"),
}


@pytest.mark.parametrize(("body", "content_type", "text"), PARAGRAPHS.values(), ids=PARAGRAPHS)
def test_tree_is_of_the_decoded_text(body: bytes, content_type: str, text: str) -> None:
    tree = read(body, content_type).tree
    assert tree is not None
    assert [paragraph.text() for paragraph in tree.css("p")] == [text]
    assert [paragraph.text() for paragraph in tree.css("body")] == [text]


# text, Content-Type, whether it is markup
KINDS = [
    ("Tin tức\n12/03/2019\n", None, False),
    ("Tin tức\n12/03/2019\n", "text/html", True),
    ("Tin tức\n12/03/2019\n", "application/xhtml+xml", True),
    ("<p>Tin tức</p>", None, True),
    ("<P>Tin tức</P>", "application/octet-stream", True),
    ("<!DOCTYPE html>\nTin tức", None, True),
    ("<p>Tin tức</p>", "text/plain", False),
    ("<p>Tin tức</p>", "text/plain; charset=utf-8", False),
    ("Diện tích < 200 m2, cao > 3 m", None, False),
    ("a <pre-school> in the text", None, False),
    ("x" * 5000 + "<p>", None, False),
]


@pytest.mark.parametrize(("text", "content_type", "is_markup"), KINDS)
def test_markup_is_told_from_text(text: str, content_type: str | None, is_markup: bool) -> None:
    assert (read(text.encode(), content_type).tree is not None) is is_markup
