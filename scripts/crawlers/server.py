"""Serves the replica's pages from memory over loopback, fast enough never to be what a crawl waits for.

Every article is listed once, under one address; nothing is expired, missing or slow. The pages are rendered before
the first request and go out gzipped, as every contestant asks for; to others they are sent as they are.

    python -m crawlers.server 2000

The first line on standard output holds the addresses of the listings, parted by spaces. The server ends when its
standard input does.
"""

import asyncio
import gzip
import sys
from collections.abc import Mapping
from dataclasses import replace
from typing import cast

from harvester.demo.chrome import ORIGIN
from harvester.demo.server import answer
from harvester.demo.site import ArticleFound, ReplicaSite, compose_site, listing_address
from harvester.demo.texts import SECTIONS

_NOTHING = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: %s\r\n%sVary: Accept-Encoding\r\nContent-Length: %d\r\n\r\n"
_GZIPPED = b"Content-Encoding: gzip\r\n"
_END_OF_REQUEST = b"\r\n\r\n"


def compose(count: int) -> ReplicaSite:
    """Return a replica in which every article stands once, in its own section, under an address that leads to it."""
    site = compose_site(count)
    rows = {
        section.path: tuple(
            row
            for row in site.rows[section.path]
            if row.article.section_path == section.path
            and isinstance(site.find(*row.address.partition("?")[::2]), ArticleFound)
        )
        for section in SECTIONS
    }
    return replace(site, rows=rows)


def render(site: ReplicaSite, origin: str) -> dict[bytes, tuple[bytes, bytes]]:
    """Return content type and gzipped body of every page, by its request target; links lead to `origin`."""
    targets = ["/robots.txt", *(section.path for section in SECTIONS)]
    for section in SECTIONS:
        targets += [listing_address(section, page + 1) for page in range(site.pages(section))]
        targets += [row.address for row in site.rows[section.path]]
    pages = {}
    for target in targets:
        page = answer(site, target)
        body = page.body.replace(ORIGIN.encode(), origin.encode())
        pages[target.encode()] = page.content_type.encode(), gzip.compress(body, compresslevel=6, mtime=0)
    return pages


class _Connection(asyncio.Protocol):
    """One client's connection, kept open; requests are answered in the order they come."""

    def __init__(self, pages: Mapping[bytes, tuple[bytes, bytes]]) -> None:
        self._pages = pages
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport for the answers."""
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Answer the requests that have come in whole."""
        *requests, self._received = (self._received + data).split(_END_OF_REQUEST)
        for request in requests:
            self._transport.write(self._answer(request))

    def _answer(self, request: bytes) -> bytes:
        target = request.split(b" ", 2)[1]
        if target not in self._pages:
            return _NOTHING
        content_type, body = self._pages[target]
        if b"gzip" not in request:
            body = gzip.decompress(body)
            return _HEAD % (content_type, b"", len(body)) + body
        return _HEAD % (content_type, _GZIPPED, len(body)) + body


async def serve(count: int) -> None:
    """Serve that many articles until standard input ends."""
    pages: dict[bytes, tuple[bytes, bytes]] = {}
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _Connection(pages), "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()
    origin = f"http://{host}:{port}"
    pages |= render(compose(count), origin)
    print(*(origin + section.path for section in SECTIONS), flush=True)
    await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
