from datetime import UTC, datetime
from pathlib import Path

import pytest

from harvester.fetchers.file import read_file
from harvester.parsers.parse import parse
from harvester.parsers.prose import CAPTION_WITHOUT_PICTURE
from harvester.portals.catalogue import Catalogue
from harvester.records import Article, Listing, ListingRow, NotAnArticle

# The pages belong to their portals: they are read where they lie, and lie beside the repository or nowhere.
SHARED = Path(__file__).resolve().parents[3] / "shared"
PAGES = SHARED / "html" / "hanoi-liferay"
SEED = SHARED / "seed" / "long-bien-2019-10-28.txt"
pytestmark = pytest.mark.skipif(not SHARED.is_dir(), reason="the real pages (../shared) are not beside the checkout")

SITE = "https://sotttt.hanoi.gov.vn"
PORTAL = "sotttt.hanoi.gov.vn"
LAYOUT = "p_p_lifecycle=0&p_p_state=normal&p_p_mode=view"
LISTING_QUERY = f"p_p_id=101&{LAYOUT}&p_p_col_id=column-1&p_p_col_pos=1&p_p_col_count=2&_101_delta=10&_101_keywords="
LISTING_QUERY += "&_101_advancedSearch=false&_101_andOperator=true&p_r_p_564233524_resetCur=false"
URLS = {
    "article-en.html": f"{SITE}/web/sotttt-eng/hot-news/-/view_content/2625972-creates-a-video-clip.html",
    "article-vi.html": f"{SITE}/chien-luoc-quy-hoach?p_p_id=59_INSTANCE_6aZaRrRqV2Cq&{LAYOUT}"
    "&p_p_col_id=column-2&p_p_col_pos=5&p_p_col_count=6",
    "listing-page-17.html": f"{SITE}/cong-nghe-thong-tin?{LISTING_QUERY}&_101_cur=17",
    "listing-inside-article-url.html": f"{SITE}/web/sotttt-eng/hot-news/-/view_content/2626427-press-release.html/en",
    "home.html": f"{SITE}/",
}
CATALOGUE = Catalogue.load()


def read(name: str, *, with_url: bool = True) -> Article | Listing | NotAnArticle:
    saved = datetime(2022, 8, 27, 9, 54, tzinfo=UTC)
    return parse(read_file(PAGES / name, url=URLS[name] if with_url else None, captured_at=saved), CATALOGUE)


def article(name: str) -> Article:
    found = read(name)
    assert isinstance(found, Article)
    return found


def listing() -> Listing:
    found = read("listing-page-17.html")
    assert isinstance(found, Listing)
    return found


def seed() -> Article:
    found = parse(read_file(SEED), CATALOGUE)
    assert isinstance(found, Article)
    return found


def body(found: Article) -> str:
    assert found.body is not None
    return found.body


FIELDS: list[tuple[str, str, object]] = [
    ("article-en.html", "id", f"{PORTAL}/2625972"),
    ("article-en.html", "canonical_url", f"{SITE}/-/view_content/2625972"),
    ("article-en.html", "section", "Hot News"),
    ("article-en.html", "posted_at", datetime.fromisoformat("2018-06-20T16:12:00+07:00")),
    ("article-en.html", "posted_precision", "minute"),
    ("article-en.html", "view_count", 349),
    ("article-en.html", "author", "Bich Thao"),
    ("article-en.html", "source", None),
    ("article-en.html", "images", ()),
    ("article-en.html", "attachments", ()),
    ("article-en.html", "warnings", ()),
    ("article-vi.html", "id", f"{PORTAL}/708168"),
    ("article-vi.html", "canonical_url", f"{SITE}/-/view_content/708168"),
    ("article-vi.html", "section", None),
    ("article-vi.html", "posted_at", datetime.fromisoformat("2012-12-21T00:00:00+07:00")),
    ("article-vi.html", "posted_precision", "day"),
    ("article-vi.html", "view_count", None),
    ("article-vi.html", "author", None),
    ("article-vi.html", "summary", None),
    ("article-vi.html", "images", ()),
    ("article-vi.html", "warnings", ()),
]


@pytest.mark.parametrize(("name", "field", "value"), FIELDS)
def test_article_field(name: str, field: str, value: object) -> None:
    assert getattr(article(name), field) == value


def test_titles_and_summary() -> None:
    english, vietnamese = article("article-en.html"), article("article-vi.html")
    assert english.title.startswith("Hanoi Department of Information and Communications (HDIC)")
    assert english.title.endswith("level 3, level 4.")
    assert vietnamese.title.startswith("Hướng dẫn xây dựng")
    assert vietnamese.title.endswith("năm 2012")
    assert english.summary is not None
    assert english.summary.startswith("With the aim")


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("article-en.html", "Accordingly, the content", "color photocopy"),
        ("article-vi.html", "Hướng dẫn xây dựng", "tonghop@ict-hanoi.gov.vn."),
    ],
)
def test_body_has_its_own_first_and_last_words(name: str, first: str, last: str) -> None:
    text = body(article(name))
    assert text.startswith(first)
    assert text.endswith(last)


@pytest.mark.parametrize("name", ["article-en.html", "article-vi.html"])
def test_related_articles_accounts_and_controls_are_no_body(name: str) -> None:
    found = article(name)
    assert len(found.related) == 6
    assert all(url.startswith(SITE) and "/-/view_content/" in url for url in found.related)
    assert not any(
        word in body(found) for word in ("Các tin khác", "Other News", "Print", "admin", "Admin", "Bich Thao")
    )


def test_old_attachments_with_spaces_in_their_addresses() -> None:
    found = article("article-vi.html").attachments
    assert [(each.name, each.media_type) for each in found] == [
        ("Phần 1", "application/msword"),
        ("Phần 2", "application/vnd.ms-excel"),
    ]
    assert all(each.url.startswith("http://ict-hanoi.gov.vn/UploadFile/Tinbai/") for each in found)
    assert all(" " not in each.url for each in found)


def test_listing_has_ten_rows_and_knows_its_place() -> None:
    found = listing()
    assert len(found.rows) == 10
    assert (found.first, found.last, found.total) == (161, 170, 243)
    assert found.next_url == f"{SITE}/cong-nghe-thong-tin?{LISTING_QUERY}&_101_cur=18"
    assert found.section is None


def test_listing_rows_are_dated_articles() -> None:
    rows: tuple[ListingRow, ...] = listing().rows
    assert all(row.entry_id and f"/-/view_content/{row.entry_id}-" in row.url for row in rows)
    assert all(row.posted_at and row.posted_precision == "day" and row.posted_at.year == 2012 for row in rows)
    assert len({row.entry_id for row in rows}) == 10
    assert [row.view_count for row in rows] == [None] * 10


def test_listing_under_an_article_address_is_no_article() -> None:
    found = read("listing-inside-article-url.html")
    assert isinstance(found, NotAnArticle)
    assert found.reason == "the portal answered an article's address with a listing of 20 rows"
    assert found.listing is not None
    assert found.listing.section == "Hot News"
    assert {row.posted_precision for row in found.listing.rows} == {"minute"}


def test_home_page_is_no_article() -> None:
    found = read("home.html")
    assert isinstance(found, NotAnArticle)
    assert found.reason == "no article title and no listing rows: a home or section page"
    assert found.listing is None


@pytest.mark.parametrize("name", ["article-en.html", "article-vi.html"])
def test_without_an_address_the_file_names_the_article(name: str) -> None:
    found = read(name, with_url=False)
    assert isinstance(found, Article)
    assert found.id == f"unknown/f-{found.capture.sha256[:16]}"
    assert (found.url, found.canonical_url) == (None, None)


SEED_FIELDS: list[tuple[str, object]] = [
    ("section", "Tin tức - Sự kiện nổi bật"),
    ("posted_at", datetime.fromisoformat("2019-10-28T17:09:00+07:00")),
    ("posted_precision", "minute"),
    ("view_count", 780),
    ("author", None),
    ("warnings", (CAPTION_WITHOUT_PICTURE,)),
]


@pytest.mark.parametrize(("field", "value"), SEED_FIELDS)
def test_seed_field(field: str, value: object) -> None:
    assert getattr(seed(), field) == value


def test_seed_title_and_caption() -> None:
    found = seed()
    assert found.title.startswith("Thường vụ Thành ủy làm việc với Ban Thường vụ Quận ủy")
    assert found.title.endswith("nhiệm kỳ 2020-2025")
    assert [(image.url, image.caption) for image in found.images] == [(None, "Toàn cảnh Hội nghị")]


def test_seed_body_is_prose_alone() -> None:
    text = body(seed())
    assert text.startswith("Sáng ngày 28/10/2019")
    assert text.endswith("./.")
    assert len(text.split("\n\n")) == 6
    assert "Toàn cảnh Hội nghị" not in text
    assert "Ngày đăng" not in text
