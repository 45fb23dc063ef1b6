import asyncio
import gzip
import hashlib
import ssl
import zlib
from datetime import datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from harvester.errors import RobotsUnreachable, UsageError
from harvester.fetchers.http import FetchSettings
from harvester.records import VIETNAM_TIME

if TYPE_CHECKING:
    from conftest import Site

PAGE = "<p>Hội nghị giao ban quý III</p>".encode() * 40


def raw_deflate(payload: bytes) -> bytes:
    stream = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return stream.compress(payload) + stream.flush()


def test_capture_holds_the_answer(site: "Site") -> None:
    site.answer("/tin-tuc", PAGE, headers={"Content-Type": "text/html", "X-Row": "1", "x-row": "2"})
    before = datetime.now(VIETNAM_TIME)
    capture = site.fetch("/tin-tuc")
    assert (capture.url, capture.final_url) == ("http://portal.test/tin-tuc", "http://portal.test/tin-tuc")
    assert (capture.status, capture.via, capture.tls_verified, capture.archive) == (200, "live", None, None)
    assert (capture.body, capture.sha256) == (PAGE, hashlib.sha256(PAGE).hexdigest())
    assert capture.headers[2:] == (
        ("content-type", "text/html"),
        ("x-row", "1"),
        ("x-row", "2"),
        ("content-length", str(len(PAGE))),
    )
    assert before <= capture.captured_at <= datetime.now(VIETNAM_TIME)
    assert capture.captured_at.utcoffset() == timedelta(hours=7)


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip", gzip.compress(PAGE, mtime=0)),
        ("x-gzip", gzip.compress(PAGE, mtime=0)),
        ("GZIP", gzip.compress(PAGE[:100], mtime=0) + gzip.compress(PAGE[100:], mtime=0)),
        ("deflate", zlib.compress(PAGE)),
        ("deflate", raw_deflate(PAGE)),
        ("deflate, gzip", gzip.compress(zlib.compress(PAGE), mtime=0)),
        ("identity", PAGE),
    ],
)
def test_content_encodings_are_undone(site: "Site", encoding: str, body: bytes) -> None:
    site.answer("/a", body, headers={"Content-Encoding": encoding})
    capture = site.fetch("/a")
    assert capture.body == PAGE
    assert capture.header("content-encoding") == encoding


def test_chunked_body_is_joined(site: "Site") -> None:
    site.raw(
        "/a", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nQu\xe1\xba\xad\r\n", b"1\r\nn\r\n0\r\n\r\n"
    )
    assert site.fetch("/a").body == "Quận".encode()


def test_connection_is_kept_between_requests(site: "Site") -> None:
    site.answer("/a", PAGE)
    site.answer("/robots.txt", b"")

    async def thrice() -> None:
        async with site.fetcher() as fetcher:
            for _ in range(3):
                await fetcher.fetch("http://portal.test/a")

    asyncio.run(thrice())
    assert site.paths() == ["/robots.txt", "/a", "/a", "/a"]
    assert len({seen.client_port for seen in site.seen}) == 1


@pytest.mark.parametrize(
    ("url", "sent", "final"),
    [
        ("http://portal.test/tin tức", "/tin%20t%E1%BB%A9c", "http://portal.test/tin%20t%E1%BB%A9c"),
        ("http://portal.test/tin tu\u031b\u0301c", "/tin%20t%E1%BB%A9c", "http://portal.test/tin%20t%E1%BB%A9c"),
        ("http://portal.test/a%2Fb%c4%90?q=Đống Đa", "/a%2Fb%c4%90?q=%C4%90%E1%BB%91ng%20%C4%90a", None),
        ("HTTP://Portal.Test:80", "/", "http://portal.test/"),
        ("http://portal.test./x/../y?#top", "/y?", "http://portal.test/y?"),
    ],
)
def test_addresses_are_sent_encoded(site: "Site", url: str, sent: str, final: str | None) -> None:
    site.answer(sent, PAGE)
    capture = site.fetch(url)
    assert site.paths() == ["/robots.txt", sent]
    assert capture.url == url
    assert capture.final_url == (final or f"http://portal.test{sent}")


@pytest.mark.parametrize(
    ("settings", "line"),
    [
        ({}, f"harvester/{version('harvester')} (no contact given)"),
        ({"contact": "mailto:crawl@example.org"}, f"harvester/{version('harvester')} (+mailto:crawl@example.org)"),
        ({"user_agent": "archive-bot/2", "contact": "https://example.org"}, "archive-bot/2 (+https://example.org)"),
    ],
)
def test_requests_say_who_asks(site: "Site", settings: dict[str, Any], line: str) -> None:
    site.answer("/a", PAGE, headers={"Set-Cookie": "session=1"})
    site.fetch("/a", **settings)
    assert [seen.headers["User-Agent"] for seen in site.seen] == [line, line]
    assert site.seen[-1].headers["Accept-Encoding"] == "gzip, deflate"
    assert site.seen[-1].headers["Host"] == "portal.test"


@pytest.mark.parametrize("contact", ["văn phòng", "a\r\nX-Injected: 1"])
def test_unsendable_contact_is_a_usage_error(contact: str) -> None:
    with pytest.raises(UsageError, match="must be plain ASCII"):
        FetchSettings(contact=contact)


def test_proxies_of_the_environment_are_ignored(site: "Site", monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    site.answer("/a", PAGE)
    assert site.fetch("/a").body == PAGE


def test_certificate_is_verified(tls_site: "Site", certificate: Path) -> None:
    tls_site.answer("/a", PAGE)
    trust = ssl.create_default_context(cafile=certificate)
    assert tls_site.fetch("/a", trust=trust).tls_verified is True


def test_untrusted_certificate_is_refused_without_another_try(tls_site: "Site") -> None:
    tls_site.answer("/a", PAGE)
    with pytest.raises(RobotsUnreachable, match=r"the connection failed .*certificate verify failed"):
        tls_site.fetch("/a")
    assert (tls_site.handshakes, tls_site.seen) == (["portal.test"], [])


def test_certificate_is_not_verified_where_the_entry_says_why(tls_site: "Site") -> None:
    tls_site.answer("/a", PAGE)
    capture = tls_site.fetch("/a", tls_site.host(unverified_tls_reason="expired in 2024"))
    assert (capture.body, capture.tls_verified) == (PAGE, False)
