import unicodedata
from datetime import UTC, datetime
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harvester.errors import ParseError
from harvester.fetchers.file import read_stream
from harvester.parsers.families import families
from harvester.parsers.page import read_page
from harvester.parsers.parse import choose_family, parse
from harvester.portals.catalogue import Catalogue
from harvester.records import Article, Capture, Listing, NotAnArticle

CATALOGUE = Catalogue.load()
URL = "https://longbien.hanoi.gov.vn/tin-tuc/-/view_content/5310244-a.html"
TITLE = "<div class=asset-full-content-title>"
LINE = "<div class=assetPublishDate>Ngày đăng 12/03/2019 | 08:45"
BODY = "<div class=asset-content id=_101_5310244><p>Một</div>"
ARTICLE = f"<div id=p_p_id_101_>{TITLE}Hội thi</div>{LINE}</div>{BODY}</div>"

PIECES = """</div>
<div id=p_p_id_101_>
<div class=asset-content id=_101_12>
<div class=journal-content-article>
<div class=asset-abstract>
<h3 class=asset-title><a href=/-/view_content/7-b.html>Bài</a></h3>
<div class=taglib-page-iterator><a href=?_101_cur=2>2</a></div>
<small class=search-results>1 - 2 of 9
<div class=related_asset><ul class=related_asset_list><a href=x>
<a href=/documents/1/2/a.pdf>
<a href=http://[>
<img src=http://[>
<img src=a>
<p class=sapo>
<p align=right>
</p>
<br>
<em>
<table>
<template>
<!--
-->
<svg>
<script>
</script>
</html>""".splitlines()
MARKUP = st.sampled_from([TITLE, LINE, *PIECES])
PAGES = st.lists(MARKUP | st.text(max_size=12), max_size=25).map("".join)
TEXTS = st.lists(
    st.sampled_from(["Tin tức\n", "Hội thi nấu cỗ\n", "12/03/2019\n", "Lượt xem: 5\n"]) | st.text(max_size=20)
)


def capture(body: bytes, media_type: str = "text/html", url: str | None = URL) -> Capture:
    found = read_stream(BytesIO(body), name="page", url=url, captured_at=datetime(2020, 1, 1, tzinfo=UTC))
    return found.model_copy(update={"headers": (("content-type", media_type),)})


def read(body: bytes, media_type: str = "text/html") -> Article | Listing | NotAnArticle | None:
    try:
        found = parse(capture(body, media_type), CATALOGUE)
    except ParseError:
        return None
    if isinstance(found, Article):
        assert found.title
        assert found.body is None or unicodedata.is_normalized("NFC", found.body)
    return found


@given(PAGES)
@settings(max_examples=300, deadline=None)
def test_any_markup_is_read_or_refused(markup: str) -> None:
    read(f"{markup}</html>".encode("utf-8", "replace"))
    read(f"{ARTICLE}{markup}</html>".encode("utf-8", "replace"))


@given(TEXTS)
@settings(max_examples=200, deadline=None)
def test_any_text_is_read_or_refused(lines: list[str]) -> None:
    read("".join(lines).encode("utf-8", "replace"), "text/plain")


@given(st.binary(max_size=600), st.sampled_from(["text/html", "text/plain", "text/html; charset=windows-1258", ""]))
@settings(max_examples=200, deadline=None)
def test_any_bytes_are_read_or_refused(body: bytes, media_type: str) -> None:
    read(body, media_type)


@pytest.mark.parametrize(
    ("body", "family"),
    [
        (f"{ARTICLE}</html>", "hanoi-liferay"),
        ("<p>Một trang của hệ quản trị khác</p>", None),
    ],
)
def test_family_is_told_by_the_page(body: str, family: str | None) -> None:
    chosen = choose_family(read_page(capture(body.encode())), CATALOGUE, "longbien")
    assert (chosen.NAME if chosen else None) == family


@pytest.mark.parametrize("portal", ["longbien", "thanhxuan", "unknown"])
def test_text_is_read_as_text_whatever_the_portal(portal: str) -> None:
    chosen = choose_family(read_page(capture("Một dòng".encode(), "text/plain")), CATALOGUE, portal)
    assert chosen is families()["plain-text"]


def test_page_of_no_family_is_no_article() -> None:
    found = read(b"<html><body><h1>It works</h1></body></html>")
    assert found == NotAnArticle(url=URL, reason="no family of portals is known that has this page's marks")
