import pytest
from selectolax.lexbor import LexborHTMLParser

from harvester.parsers.attachments import read_attachments
from harvester.records import Attachment

HOST = "https://longbien.hanoi.gov.vn"
BASE = f"{HOST}/tin-tuc/-/view_content/1-a.html"
WORD, SHEET = (
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
)

# markup: address, name, media type
LINKS: dict[str, tuple[str, str | None, str | None]] = {
    "<a href='/a/Ke hoach 5.pdf'>Kế hoạch</a>": (f"{HOST}/a/Ke%20hoach%205.pdf", "Kế hoạch", "application/pdf"),
    "<a href='http://cu.example.org/UploadFile/Phu luc (2).doc'>Phụ lục</a>": (
        "http://cu.example.org/UploadFile/Phu%20luc%20(2).doc",
        "Phụ lục",
        "application/msword",
    ),
    "<a href='bang.DOCX'> Bảng\n <b>biểu</b>&nbsp;</a>": (
        f"{HOST}/tin-tuc/-/view_content/bang.DOCX",
        "Bảng biểu",
        WORD,
    ),
    "<a href='/a/bang.xlsx?v=2#x'></a>": (f"{HOST}/a/bang.xlsx?v=2", "bang.xlsx", SHEET),
    "<a href='/documents/20182/33/Lich.pdf?t=1569890000001'>Lịch</a>": (
        f"{HOST}/documents/20182/33/Lich.pdf?t=1569890000001",
        "Lịch",
        "application/pdf",
    ),
    "<a href='/documents/20182/33/Lich.pdf/3f6c1f0e-0b77?t=1'><img src=pdf.png></a>": (
        f"{HOST}/documents/20182/33/Lich.pdf/3f6c1f0e-0b77?t=1",
        "Lich.pdf",
        "application/pdf",
    ),
    "<a href='/documents/20182/0/Lich/3f6c1f0e-0b77'></a>": (
        f"{HOST}/documents/20182/0/Lich/3f6c1f0e-0b77",
        "Lich",
        None,
    ),
    "<a href='/a/K%E1%BA%BF%20ho%E1%BA%A1ch.rar'></a>": (
        f"{HOST}/a/K%E1%BA%BF%20ho%E1%BA%A1ch.rar",
        "Kế hoạch.rar",
        "application/vnd.rar",
    ),
    "<a href='/a/Ke%CC%82.zip'></a>": (f"{HOST}/a/Ke%CC%82.zip", "Kê.zip", "application/zip"),
    "<a href='/a/ghi-am.mp3'>Nghe</a>": (f"{HOST}/a/ghi-am.mp3", "Nghe", "audio/mpeg"),
    "<a href='//tai.example.org/a.ppt'>Tải</a>": (
        "https://tai.example.org/a.ppt",
        "Tải",
        "application/vnd.ms-powerpoint",
    ),
}
NO_ATTACHMENTS = [
    "<a href='/tin-tuc'>Tin tức</a>",
    "<a href='/tin-tuc/-/view_content/2-b.html'>Bài</a>",
    "<a href='http://cu.example.org/'>Trang cũ</a>",
    "<a href='/xem?file=a.pdf'>Xem</a>",
    "<a href='/a.pdf/xem'>Xem</a>",
    "<a href='mailto:a.pdf'>Thư</a>",
    "<a href='javascript:open(\"a.pdf\")'>Mở</a>",
    "<a href='/images/a.jpg'>Ảnh</a>",
    "<a name='a.pdf'>Mốc</a>",
    "<a href>Trống</a>",
    "<a href='/documents/20182/'>Thư mục</a>",
    "/a/ke-hoach.pdf",
]


def read(markup: str, base: str | None = BASE) -> tuple[Attachment, ...]:
    body = LexborHTMLParser(f"<!DOCTYPE html><body>{markup}").body
    assert body is not None
    return read_attachments(body, base)


@pytest.mark.parametrize("markup", LINKS)
def test_link_is_an_attachment(markup: str) -> None:
    url, name, media_type = LINKS[markup]
    assert read(markup) == (Attachment(url=url, name=name, media_type=media_type),)


@pytest.mark.parametrize("markup", NO_ATTACHMENTS)
def test_link_is_none(markup: str) -> None:
    assert read(markup) == ()


def test_each_address_once_in_order() -> None:
    found = read("<a href=/b.pdf>Hai</a><a href=/a.pdf>Một</a><a href='/b.pdf#trang'>Hai, lần nữa</a>")
    assert [(each.url, each.name) for each in found] == [(f"{HOST}/b.pdf", "Hai"), (f"{HOST}/a.pdf", "Một")]


def test_without_an_address_only_whole_links_count() -> None:
    found = read("<a href=/a.pdf>Một</a><a href=http://cu.example.org/b.pdf>Hai</a>", None)
    assert [each.url for each in found] == ["http://cu.example.org/b.pdf"]
