from dataclasses import replace
from datetime import datetime
from statistics import median

import pytest
from selectolax.lexbor import LexborHTMLParser

from harvester.demo.pages import posted_line
from harvester.demo.server import answer
from harvester.demo.site import (
    ArticleFound,
    HomeFound,
    ListingFound,
    ListingInstead,
    NothingFound,
    compose_site,
    expected_articles,
    listing_address,
    view_content,
)
from harvester.demo.texts import FOUNDING_ENTRY_ID, SECTIONS
from harvester.demo.truth import ReplicaAttachment

SITE = compose_site()
NEWS, WARDS, OTHERS = SECTIONS
ROWS = [row for rows in SITE.rows.values() for row in rows]


def page(address: str) -> LexborHTMLParser:
    return LexborHTMLParser(answer(SITE, address).body.decode())


def text(tree: LexborHTMLParser, selector: str) -> str:
    node = tree.css_first(selector)
    assert node is not None, selector
    return " ".join(node.text().split())


def found(address: str) -> object:
    path, _, query = address.partition("?")
    return SITE.find(path, query)


def test_two_builds_give_equal_bytes() -> None:
    other = compose_site()
    addresses = ["/", "/tin-tuc", listing_address(OTHERS, 2), *(row.address for row in ROWS[::40])]
    assert [answer(other, one) for one in addresses] == [answer(SITE, one) for one in addresses]


def test_pages_have_the_size_of_real_ones() -> None:
    sizes = [len(answer(SITE, row.address).body) for row in ROWS if isinstance(found(row.address), ArticleFound)]
    assert 45_000 <= median(sizes) <= 55_000
    assert max(sizes) - min(sizes) > 2_000
    assert 45_000 <= len(answer(SITE, "/tin-tuc").body) <= 70_000


@pytest.mark.parametrize("row", [row for row in ROWS if isinstance(found(row.address), ArticleFound)][::6])
def test_an_article_page_has_the_landmarks_of_the_family(row: object) -> None:
    address = row.address  # type: ignore[attr-defined]
    hit = found(address)
    assert isinstance(hit, ArticleFound)
    article, portlet = hit.article, hit.portlet
    tree = page(address)
    box = f"div#p_p_id_{portlet}_"
    assert text(tree, f"{box} div.asset-full-content-title") == article.title
    assert len(tree.css(f"{box} div.assetPublishDate.block_timer")) == 1
    assert tree.css_first(
        f"{box} div.asset-full-content.show-asset-title > div.asset-content#_{portlet}_{article.entry_id}"
    )
    assert text(tree, f"{box} div.sapo-wrapper p.sapo strong") == (article.summary or "")
    body = text(tree, f"{box} div.asset-content div.journal-content-article")
    assert all(paragraph in body for paragraph in article.paragraphs)
    assert text(tree, f"{box} p.view-content-author[align=right] strong em") == article.layout.account
    assert len(tree.css(f"{box} div.related_asset ul.related_asset_list li a")) == 6
    titles = [node.text() for node in tree.css(f"section#portlet_{portlet} span.portlet-title-text")]
    assert titles == ([] if article.layout.borderless else [hit.section.title])
    assert text(tree, "div.dd_chuyenmuc span.tintuc") == hit.section.title
    assert {tag: len(tree.css(tag)) for tag in ("nav#navigation", "div.egov_date", "div#footer")} == {
        "nav#navigation": 1,
        "div.egov_date": 1,
        "div#footer": 1,
    }


@pytest.mark.parametrize(
    ("selector", "condition"),
    [
        ("table img", "table"),
        ("figure figcaption", "figure"),
        ('p[style="text-align: center;"] em', "centred"),
    ],
)
def test_captions_stand_under_their_image(selector: str, condition: str) -> None:
    article = next(one for one in SITE.articles if one.images and one.layout.captions == condition)
    tree = page(view_content(NEWS, article))
    assert tree.css_first(f"div.asset-content div.journal-content-article {selector}")
    body = text(tree, "div.asset-content div.journal-content-article")
    assert all(image.caption in body for image in article.images)


def test_the_founding_page_shows_its_line_and_its_bare_caption() -> None:
    article = next(one for one in SITE.articles if one.entry_id == FOUNDING_ENTRY_ID)
    markup = answer(SITE, view_content(NEWS, article)).body.decode()
    assert "Ngày đăng 28/10/2019 | 17:09 &nbsp;|&nbsp;Lượt xem: 780" in markup
    assert "\n<p>Toàn cảnh Hội nghị</p>\n<p>" in markup


def test_unbalanced_bodies_close_paragraphs_never_opened() -> None:
    article = next(one for one in SITE.articles if one.layout.paragraphs == "unbalanced")
    markup = answer(SITE, view_content(NEWS, article)).body.decode()
    body = markup[markup.index('div class="journal-content-article"') : markup.index('<p align="right"')]
    assert body.count("</p>") > body.count("<p>") + body.count("<p ")


BAR = " &nbsp;|&nbsp;"


@pytest.mark.parametrize(
    ("moment", "label", "twelve_hour", "views", "on_page", "in_listing"),
    [
        (
            "2018-06-20T16:12",
            "Ngày đăng",
            True,
            "View count",
            "Ngày đăng 20/06/2018 | 4:12 PM",
            "Ngày đăng 20/06/2018 | 04:12 PM",
        ),
        (
            "2019-10-28T17:09",
            "Ngày đăng",
            False,
            "Lượt xem",
            "Ngày đăng 28/10/2019 | 17:09",
            "Ngày đăng 28/10/2019 | 17:09",
        ),
        ("2024-03-05T07:09", "", False, "Lượt truy cập", "05/03/2024 | 07:09", "05/03/2024 | 07:09"),
        ("2016-12-21T00:00", "", True, None, "21/12/2016 | 12:00 AM", "21/12/2016 | 12:00 AM"),
        ("2016-12-21T00:00", "Ngày đăng", False, None, "Ngày đăng 21/12/2016 | 00:00", "Ngày đăng 21/12/2016 | 00:00"),
        ("2020-02-03T11:30", "", True, None, "03/02/2020 | 11:30 AM", "03/02/2020 | 11:30 AM"),
    ],
)
def test_the_posted_line_is_written_as_the_portal_writes_it(
    *, moment: str, label: str, twelve_hour: bool, views: str | None, on_page: str, in_listing: str
) -> None:
    layout = replace(SITE.articles[0].layout, date_label=label, twelve_hour=twelve_hour, views_label=views)
    article = replace(
        SITE.articles[0], posted_at=datetime.fromisoformat(f"{moment}+07:00"), view_count=349, layout=layout
    )
    tail = f"{BAR}{views}: 349" if views else ""
    assert posted_line(article, two_digits=False) == on_page + tail
    assert posted_line(article, two_digits=True) == in_listing + tail


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.path)
def test_listings_page_through_every_row(section: object) -> None:
    assert section in SECTIONS
    here = next(one for one in SECTIONS if one is section)
    rows = SITE.rows[here.path]
    links: list[str] = []
    for number in range(1, SITE.pages(here) + 1):
        tree = page(listing_address(here, number))
        shown = tree.css(
            f"div#p_p_id_{here.portlet}_ div.asset-bounddary > div.asset-abstract > div.asset-content.normal-news"
        )
        first = (number - 1) * 10 + 1
        assert len(shown) == min(10, len(rows) - first + 1)
        links += [str(node.attributes["href"]) for node in tree.css(f"div#p_p_id_{here.portlet}_ h3.asset-title a")]
        assert len(tree.css(f"div#p_p_id_{here.portlet}_ div.assetPublishDate.block_timer")) == len(shown)
        pager = f"div.taglib-page-iterator#_{here.portlet}_ocerSearchContainerPageIterator"
        last = min(first + 9, len(rows))
        assert text(tree, f"{pager} small.search-results") == f"Hiển thị {first} - {last} of {len(rows)} kết quả."
        assert (tree.css_first(f"{pager} ul.pager li.last.disabled") is None) == (number < SITE.pages(here))
        assert (tree.css_first(f"{pager} ul.pager li.first.disabled") is None) == (number > 1)
    assert links == [f"http://longbien.replica.test{row.address}" for row in rows]


def test_summaries_end_in_dots() -> None:
    summaries = [" ".join(node.text().split()) for node in page("/tin-tuc").css("div.asset-summary")]
    assert len(summaries) == 10
    assert any(summary.endswith("...") for summary in summaries)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("/", HomeFound()),
        ("/tin-tuc", ListingFound(NEWS, 1)),
        ("/tin-tuc?p_p_id=101&_101_cur=3", ListingFound(NEWS, 3)),
        ("/tin-tuc?p_p_id=101&_101_cur=900", ListingFound(NEWS, SITE.pages(NEWS))),
        ("/tin-tuc?_101_cur=-4", ListingFound(NEWS, 1)),
        ("/tin-tuc?_101_cur=²", ListingFound(NEWS, 1)),
        ("/tinhoatdongkhac?_101_cur=2", ListingFound(OTHERS, 1)),
        (f"/tinhoatdongkhac?_{OTHERS.portlet}_cur=2", ListingFound(OTHERS, 2)),
        ("/tin-tuc/-/view_content/1-khong-co.html", NothingFound()),
        ("/tin-tuc/-/view_content/1-khong-co.html/en/vi/en", ListingInstead(NEWS)),
        ("/khac/-/view_content/1-khong-co.html", NothingFound()),
        ("/tinhoatdongkhac/-/asset_publisher/hR4tWq9ZbNcE/content/khong-co", NothingFound()),
        ("/c/portal/login", NothingFound()),
        ("/gioi-thieu", NothingFound()),
    ],
)
def test_addresses_lead_where_liferay_leads(address: str, expected: object) -> None:
    assert found(address) == expected


def test_rows_use_every_form_of_address() -> None:
    kinds = {
        "view_content": sum("/-/view_content/" in row.address for row in ROWS),
        "query": sum("assetEntryId=" in row.address for row in ROWS),
        "instance": sum("/-/asset_publisher/" in row.address for row in ROWS),
        "en": sum(row.address.endswith(".html/en") for row in ROWS),
    }
    assert {kind for kind, count in kinds.items() if count > 1} == set(kinds)
    entries = [row.article.entry_id for row in ROWS]
    assert len({entry for entry in entries if entries.count(entry) == 2}) >= 5
    assert (len(SITE.expired), len(SITE.missing)) == (2, 1)
    assert set(entries) >= SITE.expired | SITE.missing | {SITE.slow, FOUNDING_ENTRY_ID}


@pytest.mark.parametrize("count", [20, 60, 320])
def test_a_harvest_can_reach_every_article(count: int) -> None:
    site = compose_site(count)
    assert expected_articles(site) == site.articles
    assert len(site.articles) == count


def test_articles_listed_twice_have_two_section_titles() -> None:
    titles = {entry: SITE.titles_of(entry) for entry in {article.entry_id for article in SITE.articles}}
    assert frozenset({NEWS.title, WARDS.title}) in titles.values()
    assert titles[FOUNDING_ENTRY_ID] == {NEWS.title}
    assert frozenset({None}) in titles.values()


def test_a_listing_under_an_articles_address_leads_ever_deeper() -> None:
    row = next(row for row in ROWS if row.article.entry_id in SITE.expired)
    tree = page(f"{row.address}/en")
    assert tree.css_first("div.asset-full-content-title") is None
    assert len(tree.css("div#p_p_id_101_ div.asset-bounddary")) == 20
    assert tree.css_first("div.taglib-page-iterator") is None
    for language, link in (("en-US", "en"), ("vi-VN", "vi")):
        node = tree.css_first(f"link[hreflang={language}]")
        assert node is not None
        assert node.attributes["href"] == f"http://longbien.replica.test{row.address}/en/{link}"


def test_some_pages_carry_other_publishers_and_dated_lists_beside_the_article() -> None:
    trees = [page(row.address) for row in ROWS[:12] if isinstance(found(row.address), ArticleFound)]
    assert all(tree.css("div#column-2 span.date_content_asset") for tree in trees)
    assert {bool(tree.css("div#column-2 div.assetPublishDate")) for tree in trees} == {True, False}
    assert all("Tổng truy cập: 10.678." in text(tree, "div#footer") for tree in trees)


def test_attachments_are_linked_and_served() -> None:
    article = next(one for one in SITE.articles if one.attachments)
    attachment = article.attachments[0]
    links = page(view_content(NEWS, article)).css("div.journal-content-article a")
    assert [node.text() for node in links if node.attributes["href"] == attachment.path] == [attachment.name]
    assert attachment.name in article.body
    hit = found(attachment.path)
    assert isinstance(hit, ReplicaAttachment)
    assert answer(SITE, attachment.path).body == attachment.content


def test_the_home_page_lists_every_section() -> None:
    tree = page("/")
    assert [node.text() for node in tree.css("div#column-1 span.portlet-title-text")] == [one.title for one in SECTIONS]
    assert len(tree.css("div#column-1 span.date_content_asset")) == 24
