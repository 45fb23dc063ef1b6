from contextlib import suppress
from datetime import UTC, datetime
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harvester.errors import ParseError
from harvester.fetchers.file import read_stream
from harvester.parsers.other_pages import MAX_NOTICE_LENGTH, recognise
from harvester.parsers.page import read_page

URL = "https://longbien.hanoi.gov.vn/tin-tuc"
ARTICLE_LINK = '<a href="/tin-tuc/-/view_content/5310244-a.html">Tin</a>'
TITLE_LINK = '<a href="/p/1">Phường tổ chức ngày hội đọc sách cho học sinh</a>'
MENU_LINK = '<a href="/thu-tuc">Thủ tục hành chính cấp quận</a>'
PASSWORD = '<form><input name=u><input type="password" name=p></form>'
COOKIE = "document.cookie='a=1';"
FILLER = "chữ " * (MAX_NOTICE_LENGTH // 4)


def shows(body: str, media_type: str = "text/html") -> str | None:
    capture = read_stream(BytesIO(body.encode()), name="page", url=URL, captured_at=datetime(2024, 1, 1, tzinfo=UTC))
    found = recognise(read_page(capture.model_copy(update={"headers": (("content-type", media_type),)})))
    return found.shows if found else None


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (f"<script>{COOKIE} location.reload();</script>", "challenge"),
        (f"<script>{COOKIE} window.location = '/';</script>", "challenge"),
        (f"<script>{COOKIE} location.replace('/')</script>", "challenge"),
        (f"<script>{COOKIE}</script>", None),
        (f"<script>if (location.href == 'x') {COOKIE}</script>", None),
        ("<script>location.reload()</script>", None),
        (f"<script>{COOKIE} location.reload(); {' ' * 4_000}</script>", None),
        ("<script src='/cdn-cgi/challenge-platform/scripts/jsd/main.js'></script><p>Trang chủ</p>", None),
        ("<script src='/cdn-cgi/challenge-platform/h/g/orchestrate/chl_page/v1'></script>", "challenge"),
        (f"<script src='/_Incapsula_Resource?a=1'></script><p>{'chữ ' * 60}</p>", None),
        ("<script src='/_Incapsula_Resource?a=1'></script>", "challenge"),
        ("<div class='g-recaptcha'></div>", "challenge"),
        ("<div class='g-recaptcha'></div><textarea></textarea><input type=text>", None),
    ],
)
def test_challenges(body: str, expected: str | None) -> None:
    assert shows(f"<html><body>{body}</body></html>") == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (PASSWORD, "login"),
        (PASSWORD + MENU_LINK * 9, "login"),
        (PASSWORD + TITLE_LINK * 2, "login"),
        (PASSWORD + TITLE_LINK * 3, None),
        (PASSWORD + ARTICLE_LINK * 3, None),
        (PASSWORD + "<a href='http://['>x</a>" * 3, "login"),
        (PASSWORD + FILLER + "và thêm", None),
        ("<form><input type=text></form>", None),
    ],
)
def test_login_forms(body: str, expected: str | None) -> None:
    assert shows(f"<html><body>{body}</body></html>") == expected


NOTICES = [
    ("Website đang bảo trì", True),
    ("Website đang được bảo trì, bạn đọc quay lại sau", True),
    ("Hệ thống đang trong quá trình nâng cấp", True),
    ("Hệ thống hiện đang nâng cấp", True),
    ("Cổng TTĐT huyện tạm ngừng hoạt động từ 17 giờ", True),
    ("Trang thông tin điện tử của phường tạm thời gián đoạn", True),
    ("Chúng tôi đang nâng cấp website", True),
    ("We are down for maintenance.", True),
    ("Our site is temporarily unavailable", True),
    ("We'll be right back!", True),
    ("Hệ thống đèn đường đang được bảo trì", False),
    ("Dự án nâng cấp hệ thống chiếu sáng", False),
    ("Cổng thông tin điện tử. Nhà văn hóa tạm ngừng hoạt động", False),
    ("Cổng thông tin điện tử được nâng cấp năm 2019", False),
    ("Road maintenance", False),
    ("404 Not Found", False),
]


@pytest.mark.parametrize(("words", "is_notice"), NOTICES)
def test_maintenance_wordings(words: str, is_notice: bool) -> None:
    expected = "maintenance" if is_notice else None
    assert shows(f"<html><body><p>{words}</p></body></html>") == expected
    assert shows(f"<html><body><p>{words.upper()}</p></body></html>") == expected
    assert shows(words, "text/plain") == expected
    assert shows(f"<html><body><a href=/x>{words}</a></body></html>") is None


@pytest.mark.parametrize(
    ("heading", "is_notice"),
    [
        ("Đang bảo trì", True),
        ("Thông báo bảo trì hệ thống", True),
        ("Nâng cấp website", True),
        ("Maintenance", True),
        ("Tạm ngừng hoạt động!", True),
        ("Bảo trì đường ống", False),
        ("Nâng cấp hệ thống thoát nước", False),
    ],
)
def test_maintenance_headings(heading: str, is_notice: bool) -> None:
    assert shows(f"<title>{heading}</title><p>Xin cảm ơn</p>") == ("maintenance" if is_notice else None)


PIECES = """hệ thống
đang bảo trì
tạm ngừng
website
<a href=x>
</a>
<title>
<input type=password>
<script>
document.cookie=
location=
<img src=captcha>
</body>
<noscript>
<svg>""".splitlines()


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=8), max_size=30).map(" ".join))
@settings(max_examples=200, deadline=None)
def test_any_page_has_an_answer(body: str) -> None:
    with suppress(ParseError):
        assert shows(f"<html>{body}") in ("challenge", "login", "maintenance", None)
