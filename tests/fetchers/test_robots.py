import asyncio
import time
from typing import TYPE_CHECKING

import pytest

from harvester.errors import FetchError, HttpStatusError, RobotsDisallowed, RobotsUnreachable, TimedOut
from harvester.fetchers.robots import (
    KEPT_SECONDS,
    MAX_PARSED_BYTES,
    UNREACHABLE_KEPT_SECONDS,
    RobotsKeeper,
    RobotsRules,
)

if TYPE_CHECKING:
    from conftest import Site

ALL_FORBIDDEN = b"User-agent: *\nDisallow: /\n"


@pytest.mark.parametrize(
    ("robots", "path", "allowed"),
    [
        (b"", "/a", True),
        (b"<html>Not found</html>", "/a", True),
        (b"\xff\xfe\x00\x01", "/a", True),
        (ALL_FORBIDDEN, "/a", False),
        (ALL_FORBIDDEN, "/robots.txt", True),
        (b"\xef\xbb\xbf" + ALL_FORBIDDEN, "/a", False),
        (ALL_FORBIDDEN.replace(b"\n", b"\r\n"), "/a", False),
        (ALL_FORBIDDEN.replace(b"\n", b"\r"), "/a", False),
        (b"User-agent: *\nDisallow:\n", "/a", True),
        (b"User-agent: *\nDisallow: /c/\nAllow: /c/portal\n", "/c/portal/x", True),
        (b"User-agent: *\nDisallow: /*.pdf$\n", "/a.pdf", False),
        (b"User-agent: *\nDisallow: /*.pdf$\n", "/a.pdf?x", True),
        (b"User-agent: *\nDisallow: /\nUser-agent: harvester\nDisallow: /private\n", "/a", True),
        (b"User-agent: *\nDisallow:\nUser-agent: HARVESTER/2.0\nDisallow: /\n", "/a", False),
        (b"User-agent: other\nUser-agent: harvester\nDisallow: /\n", "/a", False),
        (b"User-agent: other\nDisallow: /\n", "/a", True),
        (b"User-agent: harvest\nDisallow: /\n", "/a", True),
        (b"User-agent: harvester-images\nDisallow: /\n", "/a", True),
        (b"User-agent: not-harvester\nDisallow: /\n", "/a", True),
        (b"user agent harvester # ours\nDisallow: /\n", "/a", False),
        ("User-agent: *\nDisallow: /tin tức\n".encode(), "/tin%20t%E1%BB%A9c/1", False),
    ],
)
def test_rules(robots: bytes, path: str, allowed: bool) -> None:
    assert RobotsRules.parse(robots, "harvester").allow(f"https://portal.test{path}") is allowed


@pytest.mark.parametrize(
    ("robots", "seconds"),
    [
        (b"", 0.0),
        (b"User-agent: *\nCrawl-delay: 2.5\n", 2.5),
        (b"User-agent: *\nCrawl-delay: 5\nUser-agent: harvester\nDisallow: /x\n", 0.0),
        (b"User-agent: *\nCrawl-delay: -1\n", 0.0),
        (b"User-agent: *\nCrawl-delay: nan\n", 0.0),
    ],
)
def test_crawl_delay(robots: bytes, seconds: float) -> None:
    assert RobotsRules.parse(robots, "harvester").crawl_delay == seconds


def test_only_whole_lines_of_the_first_500_kib_count() -> None:
    rule = b"User-agent: *\nDisallow: /\n"
    filling = b"#" * (MAX_PARSED_BYTES - 2) + b"\n"
    assert RobotsRules.parse(filling + rule, "harvester").allow("https://portal.test/a")
    assert not RobotsRules.parse(rule + filling, "harvester").allow("https://portal.test/a")


@pytest.mark.parametrize(
    "robots",
    [
        b"".join(b"User-agent: bot%d\n" % n for n in range(14_000)) + b"Disallow: /a\n" * 19_000,
        b"useragent x\ndisallow: /" + b"*a" * 250_000,
        b"User" + b" " * 500_000,
        b"User-agent: *\n" + b"Disallow: /*a*b*c*d$\n" * 25_000,
    ],
)
def test_hostile_files_are_read_in_bounded_time(robots: bytes) -> None:
    before = time.process_time()
    rules = RobotsRules.parse(robots, "harvester")
    assert rules.allow("https://portal.test/" + "b" * 8_000)
    assert time.process_time() - before < 10


def test_forbidden_pages_are_not_asked_for(site: "Site") -> None:
    site.answer("/robots.txt", b"User-agent: *\nDisallow: /private\n")
    with pytest.raises(RobotsDisallowed, match=r"robots.txt forbids it \[http://portal.test/private/a\]") as caught:
        site.fetch("/private/a")
    assert caught.value.stage == "robots"
    assert site.paths() == ["/robots.txt"]


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 451])
def test_absent_file_allows_all(site: "Site", status: int) -> None:
    site.answer("/robots.txt", ALL_FORBIDDEN, status=status)
    site.answer("/a", b"page")
    assert site.fetch("/a").body == b"page"


@pytest.mark.parametrize("status", [429, 500, 501, 503])
def test_failing_host_is_left_alone(site: "Site", status: int) -> None:
    site.answer("/robots.txt", status=status)
    site.answer("/a", b"page")
    with pytest.raises(RobotsUnreachable, match=f"robots.txt could not be had: the host answered {status}") as caught:
        site.fetch("/a", attempts=2)
    assert (caught.value.url, caught.value.stage) == ("http://portal.test/a", "robots")
    assert set(site.paths()) == {"/robots.txt"}


def test_hiccup_of_the_host_is_got_over(site: "Site") -> None:
    site.answer("/robots.txt", status=503)
    site.answer("/robots.txt", b"")
    site.answer("/a", b"page")
    assert site.fetch("/a").body == b"page"


def test_redirects_of_the_file_are_followed(site: "Site") -> None:
    for hop in range(5):
        site.answer("/robots.txt" if hop == 0 else f"/{hop}", status=301, headers={"Location": f"/{hop + 1}"})
    site.answer("/5", ALL_FORBIDDEN)
    with pytest.raises(RobotsDisallowed):
        site.fetch("/a")
    assert site.paths() == ["/robots.txt", "/1", "/2", "/3", "/4", "/5"]


def test_endless_redirects_of_the_file_leave_the_host_alone(site: "Site") -> None:
    site.answer("/robots.txt", status=301, headers={"Location": "/robots.txt"})
    with pytest.raises(RobotsUnreachable, match="more than 5 redirects"):
        site.fetch("/a")


def test_file_is_asked_for_once_by_many(site: "Site") -> None:
    paths = [f"/{number}" for number in range(5)]
    for path in paths:
        site.answer(path, b"page")

    async def at_once() -> None:
        async with site.fetcher(site.host(max_concurrency=5)) as fetcher:
            await asyncio.gather(*(fetcher.fetch(f"http://portal.test{path}") for path in paths))

    asyncio.run(at_once())
    assert site.paths()[0] == "/robots.txt"
    assert sorted(site.paths()[1:]) == paths


def test_crawl_delay_of_the_site_is_kept(site: "Site") -> None:
    site.answer("/robots.txt", b"User-agent: *\nCrawl-delay: 0.3\n")
    site.answer("/a", b"page")

    async def twice() -> None:
        async with site.fetcher() as fetcher:
            await fetcher.fetch("http://portal.test/a")
            await fetcher.fetch("http://portal.test/a")

    asyncio.run(twice())
    assert site.seen[2].started - site.seen[1].started > 0.2


@pytest.mark.parametrize(
    ("failure", "kept_seconds"),
    [(None, KEPT_SECONDS), (HttpStatusError(404), KEPT_SECONDS), (TimedOut("no answer"), UNREACHABLE_KEPT_SECONDS)],
)
def test_answers_are_kept_for_their_time(failure: FetchError | None, kept_seconds: float) -> None:
    now = 0.0
    asked: list[str] = []

    async def fetch(url: str) -> bytes:
        asked.append(url)
        if failure:
            raise failure
        return b""

    keeper = RobotsKeeper(fetch, "harvester", lambda: now)
    for later in (0.0, kept_seconds - 1, kept_seconds):
        now = later
        if kept_seconds == KEPT_SECONDS:
            asyncio.run(keeper.permit("https://portal.test:8443/a?b"))
        else:
            with pytest.raises(RobotsUnreachable):
                asyncio.run(keeper.permit("https://portal.test:8443/a?b"))
    assert asked == ["https://portal.test:8443/robots.txt"] * 2
