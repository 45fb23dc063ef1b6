"""Serves the replica on loopback: the portal's addresses, answered over HTTP/1.1 with connections kept open."""

import gzip
import socket
import sys
import threading
from contextlib import suppress
from dataclasses import dataclass, replace
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Final, Self

from harvester.demo import pages
from harvester.demo.site import (
    DEFAULT_COUNT,
    DEFAULT_SEED,
    HOST_NAME,
    ArticleFound,
    HomeFound,
    ListingFound,
    ListingInstead,
    NothingFound,
    ReplicaSite,
    compose_site,
)
from harvester.demo.texts import SECTIONS
from harvester.demo.truth import ReplicaAttachment
from harvester.portals.catalogue import Host, Portal

ROBOTS: Final = b"User-agent: *\nDisallow: /c/\n"
_HTML = "text/html;charset=UTF-8"
_IDLE_SECONDS = 30
_PORTAL_HEADER = "Liferay Portal Community Edition 6.2 CE GA2 (Newton / Build 6201 / November 1, 2013)"


@dataclass(frozen=True, slots=True)
class Answer:
    """What an address is answered with; `slow` asks for a pause before."""

    status: int
    content_type: str
    body: bytes
    slow: bool = False


def replica_portal(address: str) -> Portal:
    """Return the catalogue entry of a replica served at “IP:port”."""
    return Portal(
        id="demo",
        name="Quận Long Biên",
        province="Thành phố Hà Nội",
        family="hanoi-liferay",
        family_evidence="[S] The replica renders the markup of this family.",
        hosts=(
            Host(
                name=HOST_NAME,
                evidence="[S] The replica of this package, served on loopback; the name resolves nowhere.",
                scheme="http",
                listings=tuple(section.path for section in SECTIONS),
                delay_seconds=0,
                max_concurrency=4,
                address=address,
                allow_private_addresses=True,
            ),
        ),
    )


def answer(site: ReplicaSite, target: str) -> Answer:
    """Return the answer to a request target (path and query)."""
    path, _, query = target.partition("?")
    if path == "/robots.txt":
        return Answer(200, "text/plain", ROBOTS)
    found = site.find(path, query)
    match found:
        case ReplicaAttachment():
            return Answer(200, found.media_type, found.content)
        case ArticleFound():
            page = pages.article_page(site, found.article, found.section, found.portlet, target)
        case ListingFound():
            page = pages.listing_page(site, found.section, found.page, target)
        case ListingInstead():
            page = pages.listing_instead(site, found.section, target)
        case HomeFound():
            page = pages.home_page(site)
        case NothingFound():
            page = pages.missing_page(site, target)
    slow = isinstance(found, ArticleFound) and found.article.entry_id == site.slow
    return Answer(404 if isinstance(found, NothingFound) else 200, _HTML, page.encode(), slow=slow)


class Replica:
    """A running replica: a context manager that serves on 127.0.0.1 while it is open.

    `address` is “IP:port”, `requests` every (method, path and query) received, in order, and `site` what is
    served: a test may put another site in its place while the replica runs. Answers are kept, so that the second
    round of a benchmark measures its client.
    """

    def __init__(self, articles: int = DEFAULT_COUNT, *, seed: int = DEFAULT_SEED, slow_seconds: float = 0.3) -> None:
        self._site = compose_site(articles, seed)
        self._answers: dict[tuple[str, bool], Answer] = {}
        self.slow_seconds = slow_seconds
        self.requests: list[tuple[str, str]] = []
        self.stopping = threading.Event()
        self._server = _Server(self)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), name="replica", daemon=True)
        host, port = self._server.socket.getsockname()
        self.address = f"{host}:{port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stopping.set()
        self._server.shutdown()
        self._thread.join()
        self._server.end_connections()
        self._server.server_close()

    @property
    def site(self) -> ReplicaSite:
        """What is served."""
        return self._site

    @site.setter
    def site(self, site: ReplicaSite) -> None:
        self._site = site
        self._answers = {}

    def answer(self, target: str, *, packed: bool) -> Answer:
        """Return the answer to a request target, its body gzipped if `packed`."""
        answers = self._answers
        if (target, packed) not in answers:
            plain = answer(self._site, target)
            body = gzip.compress(plain.body, compresslevel=1, mtime=0) if packed else plain.body
            answers[target, packed] = replace(plain, body=body)
        return answers[target, packed]

    @property
    def portal(self) -> Portal:
        """The catalogue entry under which this replica can be crawled."""
        return replica_portal(self.address)


class _Server(ThreadingHTTPServer):
    daemon_threads = False
    request_queue_size = 64

    def __init__(self, replica: Replica) -> None:
        self.replica = replica
        self._open: set[socket.socket] = set()
        self._guard = threading.Lock()
        super().__init__(("127.0.0.1", 0), _Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._guard:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self._guard:
            self._open.discard(request)
        super().shutdown_request(request)

    def end_connections(self) -> None:
        """Close what clients keep open, so that no handler waits for another request."""
        with self._guard:
            for connection in self._open:
                with suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a client that went away; anything else is a fault of the replica and is printed."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "Apache-Coyote/1.1"
    sys_version = ""
    disable_nagle_algorithm = True
    wbufsize = -1
    timeout = _IDLE_SECONDS
    server: _Server

    def do_GET(self) -> None:
        self._respond()

    def do_HEAD(self) -> None:
        self._respond()

    def log_message(self, format: str, *args: Any) -> None:
        """Keep silent: `Replica.requests` is the log."""

    def _respond(self) -> None:
        replica = self.server.replica
        replica.requests.append((self.command, self.path))
        packed = "gzip" in self.headers.get("Accept-Encoding", "")
        reply = replica.answer(self.path, packed=packed)
        if reply.slow:
            replica.stopping.wait(replica.slow_seconds)
        self.send_response(reply.status, HTTPStatus(reply.status).phrase)
        self.send_header("Content-Type", reply.content_type)
        self.send_header("Content-Length", str(len(reply.body)))
        if packed:
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Vary", "Accept-Encoding")
        self.send_header("Liferay-Portal", _PORTAL_HEADER)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(reply.body)
