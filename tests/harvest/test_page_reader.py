import asyncio
import hashlib
import threading
from datetime import datetime

import pytest

from harvester.demo.server import answer
from harvester.demo.site import ArticleFound, compose_site
from harvester.demo.texts import SECTIONS
from harvester.errors import EmptyPage, RedirectRefused, WrongPage
from harvester.extraction import Language
from harvester.harvest.reading import READ_AT_ONCE_BYTES, PageReader
from harvester.portals.catalogue import Catalogue, Host, Portal
from harvester.records import VIETNAM_TIME, Article, Capture, Citation, Listing, Official, Validators
from harvester.vietnamese.citations import Dateline

SITE = compose_site(20)
LISTING_PATH = SECTIONS[0].path
ARTICLE_PATHS = [
    row.address for row in SITE.rows[LISTING_PATH] if isinstance(SITE.find(row.address, ""), ArticleFound)
][-4:]
ARTICLE_PATH = ARTICLE_PATHS[0]
ORIGIN = "http://portal.test"
PORTAL = Portal(
    id="test",
    name="Quận Long Biên",
    family="hanoi-liferay",
    family_evidence="[S] as rendered",
    hosts=(Host(name="portal.test", scheme="http", evidence="a test", listings=(LISTING_PATH,)),),
)
FILLER = b"<!--" + bytes(READ_AT_ONCE_BYTES).replace(b"\0", b"x") + b"-->"


def capture_of(path: str, *, long: bool, **changes: object) -> Capture:
    page = answer(SITE, path)
    body = page.body.replace(b"</body>", FILLER + b"</body>") if long else page.body
    assert (len(body) > READ_AT_ONCE_BYTES) == long
    plain = {
        "url": ORIGIN + path,
        "final_url": ORIGIN + path,
        "status": 200,
        "headers": (("content-type", "text/html; charset=utf-8"),),
        "body": body,
        "captured_at": datetime(2024, 3, 1, 6, tzinfo=VIETNAM_TIME),
        "via": "live",
        "sha256": hashlib.sha256(body).hexdigest(),
        "tls_verified": None,
    }
    return Capture.model_validate(plain | changes)


def read_by(captures: dict[str, Capture], kept: list[str | None], language: Language | None = None) -> PageReader:
    """Return a reader of a portal that answers with these captures, and notes here what is kept."""

    async def fetch(url: str, validators: Validators | None = None) -> Capture:
        del validators
        return captures[url]

    def keep(capture: Capture) -> Capture:
        assert threading.current_thread() is threading.main_thread()
        kept.append(capture.url)
        return capture.model_copy(update={"archive": f"a.warc.gz#{len(kept)}"})

    return PageReader(PORTAL, catalogue=Catalogue((PORTAL,)), fetch=fetch, keep=keep, language=language)


def reader_of(capture: Capture, kept: list[str | None]) -> PageReader:
    assert capture.url
    return read_by({capture.url: capture}, kept)


@pytest.mark.parametrize("long", [False, True])
def test_an_article_says_where_its_page_is_kept(*, long: bool) -> None:
    capture, kept = capture_of(ARTICLE_PATH, long=long), list[str | None]()
    returned, found = asyncio.run(reader_of(capture, kept).article(ORIGIN + ARTICLE_PATH, None))
    assert isinstance(found, Article)
    assert kept == [capture.url]
    assert returned == capture.model_copy(update={"archive": "a.warc.gz#1"})
    assert (found.capture.archive, found.capture.sha256) == ("a.warc.gz#1", capture.sha256)


@pytest.mark.parametrize("long", [False, True])
def test_a_listing_is_kept_once(*, long: bool) -> None:
    capture, kept = capture_of(LISTING_PATH, long=long), list[str | None]()
    returned, found = asyncio.run(reader_of(capture, kept).listing(ORIGIN + LISTING_PATH))
    assert isinstance(found, Listing)
    assert kept == [capture.url]
    assert returned.archive == "a.warc.gz#1"


@pytest.mark.parametrize(
    ("capture", "error"),
    [
        (capture_of(ARTICLE_PATH, long=False), WrongPage),
        (capture_of(ARTICLE_PATH, long=True), WrongPage),
        (capture_of(ARTICLE_PATH, long=False, body=b""), EmptyPage),
        (capture_of(ARTICLE_PATH, long=True, body=bytes(READ_AT_ONCE_BYTES + 1).replace(b"\0", b" ")), EmptyPage),
        (capture_of(ARTICLE_PATH, long=False, final_url="http://elsewhere.test/"), RedirectRefused),
    ],
)
def test_what_cannot_be_used_is_kept_too(capture: Capture, error: type[Exception]) -> None:
    kept: list[str | None] = []
    with pytest.raises(error):
        asyncio.run(reader_of(capture, kept).listing(ORIGIN + ARTICLE_PATH))
    assert kept == [capture.url]


def test_a_page_that_is_as_it_was_is_kept_and_not_read() -> None:
    capture, kept = capture_of(ARTICLE_PATH, long=False, status=304, body=b""), list[str | None]()
    returned, found = asyncio.run(reader_of(capture, kept).article(ORIGIN + ARTICLE_PATH, Validators(etag='"1"')))
    assert (returned.archive, found, kept) == ("a.warc.gz#1", None, [capture.url])


class SlowReader:
    """Reads officials and citations of nobody until it is let go on; counts how many pages are read at one time."""

    def __init__(self) -> None:
        self.began, self.go_on = threading.Event(), threading.Event()
        self.now = self.most = self.ended = 0

    def __call__(self, _body: str, _dateline: Dateline) -> tuple[tuple[Official, ...], tuple[Citation, ...]]:
        self.now += 1
        self.most = max(self.most, self.now)
        self.began.set()
        assert self.go_on.wait(30)
        self.now -= 1
        self.ended += 1
        return (), ()


def test_long_pages_are_read_one_at_a_time_while_the_loop_goes_on() -> None:
    slow, kept = SlowReader(), list[str | None]()
    urls = [ORIGIN + path for path in ARTICLE_PATHS]
    captures = {url: capture_of(url.removeprefix(ORIGIN), long=True) for url in urls}
    reader = read_by(captures, kept, slow)

    async def read_all() -> list[type]:
        tasks = [asyncio.create_task(reader.article(url, None)) for url in urls]
        assert await asyncio.to_thread(slow.began.wait, 30)
        assert (slow.now, kept) == (1, [])
        slow.go_on.set()
        return [type(found) for _, found in await asyncio.gather(*tasks)]

    assert asyncio.run(read_all()) == [Article] * 4
    assert slow.most == 1
    assert sorted(map(str, kept)) == sorted(urls)


def test_a_page_given_up_while_it_is_read_leaves_nothing() -> None:
    slow, kept = SlowReader(), list[str | None]()
    reader = read_by({ORIGIN + ARTICLE_PATH: capture_of(ARTICLE_PATH, long=True)}, kept, slow)

    async def give_up() -> None:
        loop = asyncio.get_running_loop()
        tasks = [asyncio.create_task(reader.article(ORIGIN + ARTICLE_PATH, None)) for _ in range(2)]
        assert await asyncio.to_thread(slow.began.wait, 30)
        for task in tasks:
            task.cancel()
        cancelled_at = loop.time()
        outcomes = await asyncio.gather(*tasks, return_exceptions=True)
        assert [type(outcome) for outcome in outcomes] == [asyncio.CancelledError] * 2
        assert loop.time() - cancelled_at < 10
        loop.call_later(0.05, slow.go_on.set)

    asyncio.run(give_up())
    assert kept == []
    assert slow.ended == 1
