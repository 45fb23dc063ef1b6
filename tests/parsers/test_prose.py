import pytest
from selectolax.lexbor import LexborHTMLParser

from harvester.parsers.blocks import read_blocks
from harvester.parsers.prose import CAPTION_WITHOUT_PICTURE, Prose, is_account, read_prose
from harvester.records import Image

BASE = "https://longbien.hanoi.gov.vn/tin-tuc/-/view_content/1-a.html"
IMAGES = "https://longbien.hanoi.gov.vn/images"
PROSE = "<p>Hội thi có bảy đội dự thi.</p>"
MORE = "<p>Giải nhất thuộc về tổ 9.</p>"
TEXTS = ("Hội thi có bảy đội dự thi.", "Giải nhất thuộc về tổ 9.")
PICTURE = "<img src='/images/a.jpg' alt='Sân đình'>"
LONG = "Một hai ba bốn năm sáu bảy tám chín mười " * 5


def read(markup: str, base: str | None = BASE) -> Prose:
    body = LexborHTMLParser(f"<!DOCTYPE html><body>{markup}").body
    assert body is not None
    return read_prose(read_blocks(body), base)


def image(caption: str | None, name: str = "a.jpg", alt: str | None = "Sân đình") -> Image:
    return Image(url=f"{IMAGES}/{name}", caption=caption, alt=alt)


# what follows the first paragraph: the images
CAPTIONED: dict[str, list[Image]] = {
    f"<figure>{PICTURE}<figcaption>Đội tổ 9 vào sân.</figcaption></figure>": [image("Đội tổ 9 vào sân.")],
    f"<table><tr><td>{PICTURE}<tr><td>Đội tổ 9 vào sân.</table>": [image("Đội tổ 9 vào sân.")],
    f"<p align=center>{PICTURE}</p><p align=center>Đội tổ 9 vào sân</p>": [image("Đội tổ 9 vào sân")],
    f"<p>{PICTURE}</p><p><em>Đội tổ 9 vào sân</em></p>": [image("Đội tổ 9 vào sân")],
    f"<p>{PICTURE}</p><p>Toàn cảnh sân đình</p>": [image("Toàn cảnh sân đình")],
    f"<p>{PICTURE}<br>Đội tổ 9 vào sân</p>": [image("Đội tổ 9 vào sân")],
    f"<p>{PICTURE}Đội tổ 9 vào sân</p>": [image("Đội tổ 9 vào sân")],
    f"<p align=center>{PICTURE}<br>Đội tổ 9 vào sân.</p>": [image("Đội tổ 9 vào sân.")],
    f"<p>{PICTURE}</p><p class='Image-Caption'>Đội tổ 9 vào sân</p>": [image("Đội tổ 9 vào sân")],
    f"<div>{PICTURE}<div class=caption>Đội tổ 9</div><div class=caption>Đội tổ 9</div></div>": [image("Đội tổ 9")],
    f"<figure>{PICTURE}<figcaption>Một</figcaption></figure><figure><img src=/images/b.jpg></figure>": [
        image("Một"),
        image(None, "b.jpg", None),
    ],
    "<figure><figcaption>Đội tổ 9 vào sân</figcaption></figure>": [
        Image(url=None, caption="Đội tổ 9 vào sân", alt=None)
    ],
    f"<p>{PICTURE}</p>": [image(None)],
    f"<p>{PICTURE}<img src='/images/b.jpg'></p>": [image(None), image(None, "b.jpg", None)],
    "<p><img src='file:///C:/anh.jpg' alt='Sân đình'></p>": [Image(url=None, caption=None, alt="Sân đình")],
    "<p><img src='data:image/gif;base64,R0lG'></p>": [],
    "<p><img src='' alt=''><img></p>": [],
}


@pytest.mark.parametrize(("markup", "images"), CAPTIONED.items())
def test_captions_go_with_their_pictures(markup: str, images: list[Image]) -> None:
    found = read(PROSE + markup + MORE)
    assert (found.paragraphs, found.images, found.warnings) == (TEXTS, tuple(images), ())


# prose that stands near a picture
PROSE_BY_PICTURES = {
    f"<p>{PICTURE}</p><p>Đội tổ 9 vào sân.</p>": "Đội tổ 9 vào sân.",
    f"<p>{PICTURE}Đội tổ 9 vào sân.</p>": "Đội tổ 9 vào sân.",
    f"<p align=center>{PICTURE}</p><p align=center>{LONG}</p>": LONG.strip(),
    f"<table><tr><td>{PICTURE}{LONG}</table>": LONG.strip(),
    f"<figure>{PICTURE}<figcaption>{LONG}</figcaption></figure>": LONG.strip(),
}


@pytest.mark.parametrize(("markup", "text"), PROSE_BY_PICTURES.items())
def test_prose_stays_in_the_body(markup: str, text: str) -> None:
    found = read(PROSE + markup + MORE)
    assert found.paragraphs == (TEXTS[0], text, TEXTS[1])
    assert found.images == (image(None),)


def test_a_caption_without_a_picture_is_told() -> None:
    found = read(f"{PROSE}<p>Toàn cảnh hội thi</p>{MORE}")
    assert found.paragraphs == TEXTS
    assert found.images == (Image(url=None, caption="Toàn cảnh hội thi", alt=None),)
    assert found.warnings == (CAPTION_WITHOUT_PICTURE,)


def test_without_an_address_pictures_have_none() -> None:
    assert read(f"<p>{PICTURE}</p>", None).images == (Image(url=None, caption=None, alt="Sân đình"),)


# the end of a body: author, source, paragraphs left of it
ENDS: dict[str, tuple[str | None, str | None, tuple[str, ...]]] = {
    "": (None, None, ()),
    "<p align=right>Hải Yến</p>": ("Hải Yến", None, ()),
    "<p style='text-align: right'><b>Hải Yến</b>./.</p>": ("Hải Yến", None, ()),
    "<ul><li style='text-align: right'>Hải Yến</ul>": ("Hải Yến", None, ()),
    "<p>Tác giả: Hải Yến</p>": ("Hải Yến", None, ()),
    "<p>Người viết : Hải Yến</p>": ("Hải Yến", None, ()),
    "<p>Thực hiện: Hải Yến</p>": ("Hải Yến", None, ()),
    "<p>Tin, ảnh: Hải Yến - Minh Châu</p>": ("Hải Yến - Minh Châu", None, ()),
    "<p>Tin bài: Hải Yến</p>": ("Hải Yến", None, ()),
    "<p>Bài và ảnh: HẢI YẾN</p>": ("HẢI YẾN", None, ()),
    "<p>Nguồn: Báo Kinh tế</p>": (None, "Báo Kinh tế", ()),
    "<p>(Nguồn tin: Báo Kinh tế)</p>": (None, "Báo Kinh tế", ()),
    "<p>Hải Yến viết tin</p>": (None, None, ("Hải Yến viết tin",)),
    "<p>Tác giả: Hải Yến</p><p>Nguồn: Báo Kinh tế</p>": ("Hải Yến", "Báo Kinh tế", ()),
    "<p>Nguồn: Báo Kinh tế</p><p align=right>Hải Yến</p>": ("Hải Yến", "Báo Kinh tế", ()),
    # accounts of the CMS are no writers
    "<p align=right>admin quanly</p>": (None, None, ()),
    "<p>Tác giả: Quản trị</p>": (None, None, ()),
    # signatures and figures are prose
    "<p align=right>CHỦ TỊCH</p><p align=right>Lê Văn Tám</p>": (None, None, ("CHỦ TỊCH", "Lê Văn Tám")),
    "<p align=center>CHỦ TỊCH</p><p align=right>Lê Văn Tám</p>": (None, None, ("CHỦ TỊCH", "Lê Văn Tám")),
    "<p align=right>Hà Nội, 12/3/2019</p>": (None, None, ("Hà Nội, 12/3/2019",)),
    "<p align=right>một hai ba bốn năm sáu bảy tám chín</p>": (
        None,
        None,
        ("một hai ba bốn năm sáu bảy tám chín",),
    ),
    "<p>Nguồn kinh phí: ngân sách quận</p>": (None, None, ("Nguồn kinh phí: ngân sách quận",)),
}


@pytest.mark.parametrize(("end", "expected"), ENDS.items())
def test_writer_and_source_at_the_end(end: str, expected: tuple[str | None, str | None, tuple[str, ...]]) -> None:
    found = read(PROSE + MORE + end)
    author, source, rest = expected
    assert (found.author, found.source, found.paragraphs) == (author, source, TEXTS + rest)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("admin admin", True),
        ("Admin English", True),
        ("ADMINISTRATOR", True),
        ("Quản trị mạng", True),
        ("root", True),
        ("user12", True),
        ("test", True),
        ("Hải Yến", False),
        ("Badminh Tâm", False),
        ("Trọng Tester Nam", False),
        ("", False),
    ],
)
def test_accounts(name: str, expected: bool) -> None:
    assert is_account(name) is expected


def test_nothing_to_read() -> None:
    assert read("") == Prose((), (), None, None, ())


def test_many_tables_with_pictures() -> None:
    found = read("<table><tr><td><img src=/images/a.jpg>một</table>" * 4_000)
    assert found.paragraphs == ()
    assert found.images == (image("một", alt=None),) * 4_000
