import asyncio
import socket
import struct
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from harvester.errors import ConnectionFailed, HttpStatusError, TooManyRedirects

if TYPE_CHECKING:
    from conftest import Act, Site

HEAD = b"HTTP/1.1 200 OK\r\n"


def reset(*pieces: bytes) -> "Act":
    """Send the pieces, then reset the connection."""

    def act(handler: BaseHTTPRequestHandler) -> None:
        handler.close_connection = True
        for piece in pieces:
            handler.wfile.write(piece)
        handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        handler.connection.close()

    return act


@pytest.mark.parametrize(
    "pieces",
    [
        [],
        [HEAD],
        [HEAD + b"Content-Length: 9\r\n\r\n"],
        [HEAD + b"Content-Length: 9\r\n\r\npage"],
        [HEAD + b"Transfer-Encoding: chunked\r\n\r\n4\r\npage\r\n"],
    ],
)
def test_reset_connection_is_tried_again(site: "Site", pieces: list[bytes]) -> None:
    site.act("/a", reset(*pieces))
    site.answer("/a", b"whole")
    assert site.fetch("/a").body == b"whole"
    assert site.paths() == ["/robots.txt", "/a", "/a"]


def test_reset_connections_have_an_end(site: "Site") -> None:
    site.act("/a", reset(HEAD))
    with pytest.raises(ConnectionFailed, match="the connection failed"):
        site.fetch("/a", attempts=3)
    assert site.paths() == ["/robots.txt", *["/a"] * 3]


def test_more_than_was_announced_spoils_no_later_answer(site: "Site") -> None:
    site.raw("/a", HEAD + b"Content-Length: 4\r\n\r\npage and HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nbad")
    site.answer("/b", b"next")

    async def both() -> list[bytes]:
        async with site.fetcher() as fetcher:
            return [(await fetcher.fetch(f"http://portal.test{path}")).body for path in ("/a", "/b")]

    assert asyncio.run(both()) == [b"page", b"next"]


def test_loop_that_grows_its_address_has_an_end(site: "Site") -> None:
    for step in range(9):
        site.answer(f"/a{';s' * step}", status=302, headers={"Location": f"/a{';s' * (step + 1)}"})
    with pytest.raises(TooManyRedirects):
        site.fetch("/a")
    assert len(site.seen) == 7


@pytest.mark.parametrize("wrong_by", [timedelta(days=-400), timedelta(), timedelta(days=4_000)])
def test_date_to_come_back_at_is_read_by_the_hosts_own_clock(site: "Site", wrong_by: timedelta) -> None:
    def act(handler: BaseHTTPRequestHandler) -> None:
        now = datetime.now(UTC) + wrong_by
        handler.send_response_only(503)
        for name, moment in (("Date", now), ("Retry-After", now + timedelta(seconds=1))):
            handler.send_header(name, moment.strftime("%a, %d %b %Y %H:%M:%S GMT"))
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    site.act("/a", act)
    site.answer("/a", b"back")
    assert site.fetch("/a").body == b"back"
    assert 1.0 <= site.seen[2].started - site.seen[1].started < 5.0


@pytest.mark.parametrize("value", ["soon", "-1", "", "1e9", "\x80"])
def test_retry_after_of_no_form_is_passed_over(site: "Site", value: str) -> None:
    site.answer("/a", status=503, headers={"Retry-After": value})
    site.answer("/a", b"back")
    assert site.fetch("/a").body == b"back"


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_trouble_slows_the_next_requests(site: "Site", status: int) -> None:
    site.answer("/a", status=status)
    site.answer("/a", b"back")
    site.answer("/b", b"page")

    async def both() -> None:
        async with site.fetcher(slow_down_seconds=0.4) as fetcher:
            for path in "/a", "/b":
                await fetcher.fetch(f"http://portal.test{path}")

    asyncio.run(both())
    _, refused, again, other = site.seen
    assert again.started - refused.ended >= 0.4
    # A good answer has taken a quarter off by then, from the pause after the next.
    assert other.started - again.started > 0.3


@pytest.mark.parametrize("status", [500, 404])
def test_what_is_the_pages_own_trouble_slows_nothing(site: "Site", status: int) -> None:
    site.answer("/a", status=status)
    for number in range(3):
        site.answer(f"/{number}", b"page")

    async def each() -> None:
        async with site.fetcher(slow_down_seconds=9.0, attempts=1) as fetcher:
            with pytest.raises(HttpStatusError):
                await fetcher.fetch("http://portal.test/a")
            for number in range(3):
                await fetcher.fetch(f"http://portal.test/{number}")

    asyncio.run(each())
    assert all(later.started - earlier.started < 5.0 for earlier, later in pairwise(site.seen))
