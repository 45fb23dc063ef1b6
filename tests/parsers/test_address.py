import unicodedata
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harvester.parsers.address import (
    MAX_LENGTH,
    canonical_url,
    query_value,
    resolve,
    with_query_of,
    without_language,
    without_session,
)
from harvester.parsers.families import hanoi_liferay, plain_text

HOST = "https://longbien.hanoi.gov.vn"
LAYOUT = "p_p_id=101&p_p_lifecycle=0&p_p_state=normal&p_p_mode=view&p_p_col_id=column-3&p_p_col_pos=5&p_p_col_count=6"
ACTION = "_101_struts_action=%2Fasset_publisher%2Fview_content&_101_type=content"
INSTANCED = "_101_INSTANCE_aB3dE5fG7hJ9"

# The four forms of portals of the family: address, entry id
ARTICLES = {
    "/tin-tuc/-/view_content/5310244-to-tu-van.html": "5310244",
    "/tin-tuc/su-kien/-/view_content/5310244-to-tu-van.html": "5310244",
    "/web/guest/-/view_content/5310244": "5310244",
    "/-/view_content/5310244.html": "5310244",
    "/tin-tuc/-/view_content/5310244-to-tu-van.html/en/vi": "5310244",
    f"/tin-tuc?{LAYOUT}&{ACTION}&_101_assetEntryId=5310244&_101_urlTitle=to-tu-van": "5310244",
    f"/tin-tuc?_101_urlTitle=to-tu-van&_101_assetEntryId=5310244&{ACTION}&{LAYOUT}": "5310244",
    f"/tin-tuc?{INSTANCED}_assetEntryId=5310244&{INSTANCED}_urlTitle=to-tu-van": "5310244",
    f"/tin-tuc?{LAYOUT}&{ACTION}&_101_viewMode=view&_101_urlTitle=to-tu-van": None,
    "/tin-tuc/-/asset_publisher/aB3dE5fG7hJ9/content/to-tu-van": None,
    "/tin-tuc/-/asset_publisher/aB3dE5fG7hJ9/content/to-tu-van?inheritRedirect=false": None,
    "/trang-chu/-/hn/RtLibs75Xaz0/7320/2917452/7/lich-tiep-dan.html;jsessionid=A1+b2.app2": "2917452",
}
OTHER_PAGES = [
    "/",
    "/tin-tuc",
    f"/tin-tuc?{LAYOUT}&_101_delta=10&_101_cur=17",
    "/tin-tuc/-/view_content/",
    "/tin-tuc/-/asset_publisher/aB3dE5fG7hJ9/rss",
    "/documents/20182/3305518/Lich.pdf?t=1569890000001",
]


@pytest.mark.parametrize(("path", "number"), ARTICLES.items())
def test_article_forms(path: str, number: str | None) -> None:
    assert hanoi_liferay.entry_id(HOST + path) == number
    assert hanoi_liferay.is_article_url(HOST + path) is True
    if number:
        assert canonical_url(HOST + path, number) == f"{HOST}/-/view_content/{number}"


@pytest.mark.parametrize("path", OTHER_PAGES)
def test_other_pages_have_no_entry_id(path: str) -> None:
    assert hanoi_liferay.entry_id(HOST + path) is None
    assert hanoi_liferay.is_article_url(HOST + path) is False


@pytest.mark.parametrize(
    "query", ["_101_assetEntryId=abc", "_101_assetEntryId=", "assetEntryId=5", "_101_assetEntryId=%D9%A1%D9%A2"]
)
def test_entry_ids_are_digits_of_a_portlet(query: str) -> None:
    assert hanoi_liferay.entry_id(f"{HOST}/tin-tuc?{query}") is None


@pytest.mark.parametrize("path", [*ARTICLES, *OTHER_PAGES])
def test_text_pages_tell_nothing_by_their_address(path: str) -> None:
    assert plain_text.entry_id(HOST + path) is None
    assert plain_text.is_article_url(HOST + path) is False


DECOMPOSED = quote(unicodedata.normalize("NFD", "/tin-tức"))
CANONICAL = {
    f"{HOST}/tin-tuc": f"{HOST}/tin-tuc",
    f"{HOST}/tin-tuc#top": f"{HOST}/tin-tuc",
    "HTTPS://LongBien.Hanoi.GOV.vn/Tin-Tuc": f"{HOST}/Tin-Tuc",
    # ports and users
    f"{HOST}:443/tin-tuc": f"{HOST}/tin-tuc",
    "http://longbien.hanoi.gov.vn:80/tin-tuc": "http://longbien.hanoi.gov.vn/tin-tuc",
    "http://longbien.hanoi.gov.vn:443/tin-tuc": "http://longbien.hanoi.gov.vn:443/tin-tuc",
    f"{HOST}:8443/tin-tuc": f"{HOST}:8443/tin-tuc",
    "https://user:secret@longbien.hanoi.gov.vn/tin-tuc": f"{HOST}/tin-tuc",
    "https://[::1]:443/tin-tuc": "https://[::1]/tin-tuc",
    # languages at either end
    f"{HOST}/en/tin-tuc": f"{HOST}/tin-tuc",
    f"{HOST}/tin-tuc/vi": f"{HOST}/tin-tuc",
    f"{HOST}/vi/en/tin-tuc/en/en/vi": f"{HOST}/tin-tuc",
    f"{HOST}/tin-tuc/en/su-kien": f"{HOST}/tin-tuc/en/su-kien",
    f"{HOST}/english/tin-tuc": f"{HOST}/english/tin-tuc",
    f"{HOST}/en": f"{HOST}/en",
    # sessions
    f"{HOST}/tin-tuc;jsessionid=0A1b2C.node3": f"{HOST}/tin-tuc",
    f"{HOST}/tin-tuc;JSESSIONID=0A1b2C?x=1": f"{HOST}/tin-tuc?x=1",
    f"{HOST}/tin-tuc;jsessionid=0A1b2C/su-kien": f"{HOST}/tin-tuc/su-kien",
    f"{HOST}/tin-tuc?jsessionid=0A&p_auth=Zk2m": f"{HOST}/tin-tuc",
    f"{HOST}/tin-tuc/en;jsessionid=0A1b2C/vi": f"{HOST}/tin-tuc",
    # layout parameters fall, what names the content stays, in order of the names
    f"{HOST}/tin-tuc?{LAYOUT}&{ACTION}&_101_urlTitle=to-tu-van": f"{HOST}/tin-tuc?_101_urlTitle=to-tu-van",
    f"{HOST}/tin-tuc?_101_urlTitle=to-tu-van&{ACTION}&{LAYOUT}": f"{HOST}/tin-tuc?_101_urlTitle=to-tu-van",
    f"{HOST}/tin-tuc?_101_viewMode=print&_101_urlTitle=a": f"{HOST}/tin-tuc?_101_urlTitle=a",
    f"{HOST}/tin-tuc?{INSTANCED}_delta=10&{INSTANCED}_cur=2": f"{HOST}/tin-tuc?{INSTANCED}_cur=2",
    f"{HOST}/tin-tuc?p_r_p_564233524_resetCur=false&p_l_id=7&doAsUserId=1": f"{HOST}/tin-tuc",
    f"{HOST}/-/asset_publisher/q/content?inheritRedirect=false&redirect=%2Fc": f"{HOST}/-/asset_publisher/q/content",
    f"{HOST}/tin-tuc?b=2&a=1&c=": f"{HOST}/tin-tuc?a=1&b=2&c=",
    f"{HOST}/tin-tuc?type=2&cur=3": f"{HOST}/tin-tuc?cur=3&type=2",
    # letters
    f"{HOST}/tin-tức": f"{HOST}/tin-t%E1%BB%A9c",
    f"{HOST}/tin-t%E1%BB%A9c": f"{HOST}/tin-t%E1%BB%A9c",
    f"{HOST}/tin-t%e1%bb%a9c": f"{HOST}/tin-t%E1%BB%A9c",
    HOST + DECOMPOSED: f"{HOST}/tin-t%E1%BB%A9c",
    f"{HOST}/tin?ten=t%C6%B0%CC%81c": f"{HOST}/tin?ten=t%E1%BB%A9c",
    f"{HOST}/tin tuc": f"{HOST}/tin%20tuc",
    f"{HOST}/tin%20tuc": f"{HOST}/tin%20tuc",
    f"{HOST}/tin+tuc": f"{HOST}/tin+tuc",
    # encodings that cannot be undone stay
    f"{HOST}/%FF%FE": f"{HOST}/%FF%FE",
    f"{HOST}/a%2Fb": f"{HOST}/a%2Fb",
    f"{HOST}/100%25": f"{HOST}/100%25",
    f"{HOST}/a%3Fb": f"{HOST}/a%3Fb",
    f"{HOST}/a%23b": f"{HOST}/a%23b",
}


@pytest.mark.parametrize(("url", "expected"), CANONICAL.items())
def test_canonical_address(url: str, expected: str) -> None:
    assert canonical_url(url) == expected
    assert canonical_url(expected) == expected


def test_entry_id_leaves_only_the_host() -> None:
    for url in ("https://U@LongBien.hanoi.gov.vn:443/en/x?y=1#z", "https://longbien.hanoi.gov.vn"):
        assert canonical_url(url, "12") == f"{HOST}/-/view_content/12"
    assert canonical_url("http://127.0.0.1:8080/x", "12") == "https://127.0.0.1:8080/-/view_content/12"


BASE = f"{HOST}/tin-tuc/-/view_content/1-a.html"
RESOLVED = {
    "2-b.html": f"{HOST}/tin-tuc/-/view_content/2-b.html",
    "/van-ban": f"{HOST}/van-ban",
    " /van-ban\n": f"{HOST}/van-ban",
    "../../van-ban": f"{HOST}/tin-tuc/van-ban",
    "?_101_cur=2": f"{BASE}?_101_cur=2",
    "//socson.hanoi.gov.vn/a": "https://socson.hanoi.gov.vn/a",
    "http://ict.example.org/Phu luc 2 (don).doc": "http://ict.example.org/Phu%20luc%202%20(don).doc",
    "/tài liệu.pdf?tên=bản in": f"{HOST}/t%C3%A0i%20li%E1%BB%87u.pdf?t%C3%AAn=b%E1%BA%A3n%20in",
    "/a%20b?c=%2Fd": f"{HOST}/a%20b?c=%2Fd",
    "#top": BASE,
    "": None,
    "  ": None,
    "javascript:;": None,
    "javascript:_101_printPage_0();": None,
    "mailto:tonghop@example.org": None,
    "tel:02438720000": None,
    "data:image/png;base64,AAAA": None,
    "file:///C:/Users/anh.jpg": None,
    "ftp://example.org/a.pdf": None,
    "https:///a.pdf": None,
    "http://[::1/a": None,
    "/" + "a" * MAX_LENGTH: None,
}


# Whole addresses, with what is left of them
WHOLE = {
    HOST: HOST,
    f"{HOST}/": f"{HOST}/",
    f"{HOST}:8443/a;b=1/(c)%20d": f"{HOST}:8443/a;b=1/(c)%20d",
    "http://may_chu.example.org./a?b[]=%2Fd&c=?": "http://may_chu.example.org./a?b[]=%2Fd&c=?",
    f"{HOST}/a/../b/./c": f"{HOST}/a/../b/./c",
    f"{HOST}/a?": f"{HOST}/a",
    f"{HOST}/a#b": f"{HOST}/a",
    f"{HOST}/a\\b": f"{HOST}/a%5Cb",
    f"{HOST}/a\tb": f"{HOST}/ab",
    f"{HOST}/a?b c": f"{HOST}/a?b%20c",
    f"{HOST}/١": f"{HOST}/%D9%A1",
    "HTTPS://h.vn/a": "https://h.vn/a",
    "http://a@h.vn/b": "http://a@h.vn/b",
    "http://:80/a": None,
}


@pytest.mark.parametrize(("reference", "expected"), WHOLE.items())
def test_whole_address_needs_no_base(reference: str, expected: str | None) -> None:
    assert resolve(BASE, reference) == expected
    assert resolve(None, reference) == expected


@pytest.mark.parametrize(("reference", "expected"), RESOLVED.items())
def test_reference_is_resolved(reference: str, expected: str | None) -> None:
    assert resolve(BASE, reference) == expected


@pytest.mark.parametrize(
    ("reference", "expected"), [("/a", None), ("a.html", None), (f"{HOST}/a b", f"{HOST}/a%20b"), ("//h/a", None)]
)
def test_without_a_base_only_whole_addresses_resolve(reference: str, expected: str | None) -> None:
    assert resolve(None, reference) == expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (f"{HOST}/a/-/view_content/1-b.html/en/en/vi", f"{HOST}/a/-/view_content/1-b.html"),
        (f"{HOST}/vi/en/a?b=/en", f"{HOST}/a?b=/en"),
        (f"{HOST}/a/EN", f"{HOST}/a/EN"),
        (f"{HOST}/vi", f"{HOST}/vi"),
        (f"{HOST}/" + "en/" * 5_000 + "a", f"{HOST}/a"),
        (HOST, HOST),
    ],
)
def test_language_segments_fall(url: str, expected: str) -> None:
    assert without_language(url) == expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (f"{HOST}/a.html/en;jsessionid=0F.n1?b=1", f"{HOST}/a.html/en?b=1"),
        (f"{HOST}/a;JSESSIONID=0F/b", f"{HOST}/a/b"),
        (f"{HOST}/a?jsessionid=0F&b=1", f"{HOST}/a?b=1"),
        (f"{HOST}/a?b=1&jsessionid=0F", f"{HOST}/a?b=1"),
        (f"{HOST}/a?b=1&amp;c", f"{HOST}/a?b=1&amp;c"),
    ],
)
def test_sessions_fall(url: str, expected: str) -> None:
    assert without_session(url) == expected


@pytest.mark.parametrize(
    ("url", "suffix", "expected"),
    [
        ("/a?_101_cur=17", "_cur", "17"),
        (f"/a?x=1&{INSTANCED}_cur=3&_101_cur=4", "_cur", "3"),
        ("/a?_101_cur=&_101_INSTANCE_b_cur=2", "_cur", "2"),
        ("/a?cur=17", "_cur", None),
        ("/a?p_cur=17", "_cur", None),
        ("/a", "_cur", None),
        ("/a?_101_urlTitle=h%E1%BB%99i-thi", "_urlTitle", "hội-thi"),
    ],
)
def test_value_of_a_portlet(url: str, suffix: str, expected: str | None) -> None:
    assert query_value(HOST + url, suffix) == expected


def test_query_of_another_address() -> None:
    assert with_query_of(f"{HOST}/tin-tuc?a=1#top", "https://mirror.example.org/x?b=2#c") == f"{HOST}/tin-tuc?b=2"
    assert with_query_of(f"{HOST}/tin-tuc?a=1", "/x") == f"{HOST}/tin-tuc"


@given(st.text(max_size=200) | st.text(max_size=60).map(lambda tail: f"{HOST}/{tail}"))
@settings(max_examples=300, deadline=None)
def test_any_reference_resolves_or_does_not(reference: str) -> None:
    found = resolve(BASE, reference)
    if found is not None:
        assert found.startswith(("https://", "http://"))
        assert found.isascii() or not reference.isascii()
        once = canonical_url(found)
        assert canonical_url(once) == once
