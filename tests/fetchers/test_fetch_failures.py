import asyncio
import gzip
import re
import zlib
from typing import TYPE_CHECKING

import pytest

from harvester.errors import (
    BadEncoding,
    ConnectionFailed,
    FetchError,
    HttpStatusError,
    RobotsUnreachable,
    TimedOut,
    TooLarge,
)

if TYPE_CHECKING:
    from conftest import Site

HEAD = b"HTTP/1.1 200 OK\r\n"
CUT_SHORT = HEAD + b"Content-Length: 100\r\n\r\nonly this"
CUT_CHUNK = HEAD + b"Transfer-Encoding: chunked\r\n\r\n40\r\nonly this"


@pytest.mark.parametrize("status", [204, 304, 400, 401, 403, 404, 410, 451, 501])
def test_lasting_statuses_are_asked_for_once(site: "Site", status: int) -> None:
    site.answer("/a", status=status)
    with pytest.raises(HttpStatusError) as caught:
        site.fetch("/a")
    assert (caught.value.status, caught.value.url) == (status, "http://portal.test/a")
    assert site.paths() == ["/robots.txt", "/a"]


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_passing_statuses_are_tried_again(site: "Site", status: int) -> None:
    site.answer("/a", status=status)
    site.answer("/a", b"back")
    assert site.fetch("/a").body == b"back"
    assert site.paths() == ["/robots.txt", "/a", "/a"]


def test_attempts_have_an_end(site: "Site") -> None:
    site.answer("/a", status=503)
    with pytest.raises(HttpStatusError, match=r"the host answered 503 \[http://portal.test/a\]"):
        site.fetch("/a", attempts=3)
    assert site.paths() == ["/robots.txt", "/a", "/a", "/a"]


@pytest.mark.parametrize("status", [403, 429, 503])
@pytest.mark.parametrize(
    ("header", "value", "is_challenge"),
    [
        ("cf-mitigated", "challenge", True),
        ("CF-Mitigated", "Challenge", True),
        ("x-amzn-waf-action", "captcha", True),
        ("cf-mitigated", "", False),
        ("cf-ray", "1", False),
    ],
)
def test_challenges_are_named(site: "Site", status: int, header: str, value: str, is_challenge: bool) -> None:
    site.answer("/a", status=status, headers={header: value})
    with pytest.raises(HttpStatusError) as caught:
        site.fetch("/a", attempts=1)
    named = " with a bot challenge" if is_challenge else ""
    assert str(caught.value) == f"the host answered {status}{named} [http://portal.test/a]"


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("value", ["3600", "Fri, 31 Dec 2100 23:59:59 GMT"])
def test_long_retry_after_is_not_waited_for(site: "Site", status: int, value: str) -> None:
    site.answer("/a", status=status, headers={"Retry-After": value})
    with pytest.raises(HttpStatusError) as caught:
        site.fetch("/a")
    assert caught.value.retry_after == (3600.0 if value == "3600" else 86_400.0)
    assert site.paths() == ["/robots.txt", "/a"]


@pytest.mark.parametrize("broken", [CUT_SHORT, CUT_CHUNK, b"", b"SSH-2.0-OpenSSH_9\r\n"])
def test_broken_answers_are_tried_again(site: "Site", broken: bytes) -> None:
    site.raw("/a", broken)
    site.answer("/a", b"whole")
    assert site.fetch("/a").body == b"whole"
    assert site.paths() == ["/robots.txt", "/a", "/a"]


def test_broken_answers_have_an_end(site: "Site") -> None:
    site.raw("/a", CUT_SHORT)
    with pytest.raises(ConnectionFailed, match=re.escape("(received 9 bytes, expected 100)")) as caught:
        site.fetch("/a", attempts=2)
    assert caught.value.url == "http://portal.test/a"
    assert site.paths() == ["/robots.txt", "/a", "/a"]


def test_dripping_body_meets_the_deadline(site: "Site") -> None:
    site.raw("/a", HEAD + b"Content-Length: 100\r\n\r\n", *[b"."] * 100, pause=0.05)
    with pytest.raises(TimedOut, match=r"the whole answer did not come within 0.4 s"):
        site.fetch("/a", attempts=1, deadline_seconds=0.4)


def test_dripping_headers_meet_the_deadline(site: "Site") -> None:
    site.raw("/a", HEAD, *[b"X-Drip: 1\r\n"] * 100, pause=0.05)
    with pytest.raises(TimedOut, match=r"the whole answer did not come within 0.4 s"):
        site.fetch("/a", attempts=1, deadline_seconds=0.4)


def test_silence_meets_the_read_timeout_and_is_tried_again(site: "Site") -> None:
    site.raw("/a", HEAD, pause=0.5)
    site.answer("/a", b"awake")
    assert site.fetch("/a", read_seconds=0.2).body == b"awake"
    assert site.paths() == ["/robots.txt", "/a", "/a"]


def test_fetcher_goes_on_after_a_failure(site: "Site") -> None:
    site.raw("/drip", HEAD + b"Content-Length: 100\r\n\r\n", *[b"."] * 100, pause=0.05)
    site.answer("/a", b"fine")

    async def both() -> bytes:
        async with site.fetcher(attempts=1, deadline_seconds=0.3) as fetcher:
            with pytest.raises(TimedOut):
                await fetcher.fetch("http://portal.test/drip")
            return (await fetcher.fetch("http://portal.test/a")).body

    assert asyncio.run(both()) == b"fine"


def test_cancelled_fetch_leaves_the_fetcher_usable(site: "Site") -> None:
    site.raw("/slow", HEAD, pause=0.5)
    site.answer("/a", b"fine")

    async def both() -> bytes:
        async with site.fetcher() as fetcher:
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.2):
                    await fetcher.fetch("http://portal.test/slow")
            return (await fetcher.fetch("http://portal.test/a")).body

    assert asyncio.run(both()) == b"fine"


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (HEAD + b"Content-Length: -1\r\n\r\n", "bad Content-Length"),
        (HEAD + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nab", "conflicting Content-Length headers"),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n", "illegal chunk header"),
        (HEAD + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", "Only Transfer-Encoding: chunked is supported"),
        (HEAD + b"X-Long: " + b"a" * 200_000 + b"\r\n\r\n", "Receive buffer too long"),
        (HEAD + b"\xff" * 60_000 + b": \xff\r\n\r\n", "illegal header line"),
        (b"HTTP/1.1 099 No\r\n\r\n", "status_code"),
        (b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n", "SWITCH_UPGRADE"),
        (b"\x16\x03\x01\x02\x00", "illegal"),
    ],
)
def test_answers_that_are_no_http_are_named_in_one_line(site: "Site", answer: bytes, message: str) -> None:
    site.raw("/a", answer)
    with pytest.raises(ConnectionFailed, match="the connection failed") as caught:
        site.fetch("/a", attempts=1)
    assert message in str(caught.value)
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 300


def test_host_that_does_not_listen(site: "Site") -> None:
    with pytest.raises(RobotsUnreachable, match=r"robots.txt could not be had: the connection failed"):
        site.fetch("/a", site.host(address="127.0.0.1:9"))


@pytest.mark.parametrize(
    ("encoding", "body", "kind", "message"),
    [
        ("br", b"x", BadEncoding, "unknown content encoding “br”"),
        ("gzip, gzip, gzip, gzip", b"x", BadEncoding, "4 content encodings"),
        ("gzip", b"<p>plain</p>", BadEncoding, "is broken"),
        ("gzip", gzip.compress(b"page", mtime=0)[:-4], BadEncoding, "breaks off"),
        ("deflate", b"\xff" * 9, BadEncoding, "is broken"),
        ("gzip", gzip.compress(bytes(5_000_000), mtime=0), TooLarge, "more than 100000 bytes after decompression"),
        ("deflate", zlib.compress(bytes(5_000_000)), TooLarge, "more than 100000 bytes after decompression"),
        ("identity", bytes(100_001), TooLarge, "more than 100000 bytes"),
    ],
)
def test_bad_bodies_are_named(site: "Site", encoding: str, body: bytes, kind: type[FetchError], message: str) -> None:
    site.answer("/a", body, headers={"Content-Encoding": encoding})
    with pytest.raises(kind, match=message) as caught:
        site.fetch("/a", max_wire_bytes=100_000, max_body_bytes=100_000, attempts=2)
    assert caught.value.url == "http://portal.test/a"
    # What was cut off or garbled on its way may come whole the next time; what is too large will not be smaller.
    assert site.paths() == ["/robots.txt", *["/a"] * (2 if kind is BadEncoding else 1)]


def test_truncated_encoding_is_tried_again(site: "Site") -> None:
    whole = gzip.compress(b"page", mtime=0)
    site.answer("/a", whole[:-4], headers={"Content-Encoding": "gzip"})
    site.answer("/a", whole, headers={"Content-Encoding": "gzip"})
    assert site.fetch("/a").body == b"page"
    assert site.paths() == ["/robots.txt", "/a", "/a"]


def test_body_without_end_is_cut_off(site: "Site") -> None:
    site.raw("/a", HEAD + b"\r\n", *[bytes(65_536)] * 1_000)
    with pytest.raises(TooLarge, match="more than 1000000 bytes on the wire"):
        site.fetch("/a", max_wire_bytes=1_000_000)


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("", "neither http nor https"),
        ("/tin-tuc", "neither http nor https"),
        ("ftp://portal.test/a", "neither http nor https"),
        ("javascript:alert(1)", "neither http nor https"),
        ("http://", "no valid host name"),
        ("http:///a", "no valid host name"),
        ("http://portal test/", "no valid host name"),
        ("http://.portal.test/", "malformed|no valid host name"),
        ("http://portal.testxn--/", "malformed"),
        (f"http://{'a' * 64}.test/", "no valid host name"),
        ("http://portal.test\\@elsewhere.test/", "holds a user name"),
        ("http://user:secret@portal.test/", "holds a user name"),
        ("http://portal.test:0/", "a bad port"),
        ("http://portal.test:65536/", "a bad port"),
        ("http://portal.test:x/", "malformed"),
        ("http://[::1/", "malformed"),
        ("http://1.2.3.999/", "malformed"),
        ("http://portal.test/a\r\nX-Injected: 1", "malformed"),
        ("http://portal.test/\x00", "malformed"),
        ("http://portal.test/\ud800", "malformed"),
        ("http://\ud800.test/", "malformed"),
        (f"http://portal.test/{'a' * 9000}", "longer than 8192 characters"),
    ],
)
def test_malformed_addresses_are_named_in_one_line(site: "Site", url: str, message: str) -> None:
    with pytest.raises(FetchError, match=message) as caught:
        asyncio.run(site.fetcher().fetch(url))
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 400
    assert site.seen == []
