"""Serves the replica on loopback: the portal's addresses, answered over HTTP/1.1 with connections kept open."""

import gzip
import socket
import ssl
import sys
import threading
from contextlib import suppress
from dataclasses import dataclass, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Final, Literal, Self

from harvester.demo import pages
from harvester.demo.chrome import ORIGIN
from harvester.demo.connection import Connection
from harvester.demo.exchange import SERVER_NAME, Exchange, Fields
from harvester.demo.faults import Faults
from harvester.demo.odd_pages import plain_target
from harvester.demo.request_log import RequestLog
from harvester.demo.revisions import Revisions, is_unchanged
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
    split_target,
)
from harvester.demo.texts import SECTIONS
from harvester.demo.trouble import Trouble
from harvester.demo.truth import ReplicaAttachment
from harvester.demo.variants import TEMPLATES, Template, redrawn
from harvester.portals.catalogue import Host, Portal

ROBOTS: Final = b"User-agent: *\nDisallow: /c/\n"
_HTML = "text/html;charset=UTF-8"
_IDLE_SECONDS = 30
_PACKED: Final[dict[bool, Fields]] = {True: (("Content-Encoding", "gzip"),), False: ()}
_PORTAL_HEADER = "Liferay Portal Community Edition 6.2 CE GA2 (Newton / Build 6201 / November 1, 2013)"


@dataclass(frozen=True, slots=True)
class Answer:
    """What an address is answered with; `slow` asks for a pause before, `validators` are ETag and Last-Modified."""

    status: int
    content_type: str
    body: bytes
    slow: bool = False
    validators: Fields = ()


def replica_portal(address: str, scheme: Literal["http", "https"] = "http") -> Portal:
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
                scheme=scheme,
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
    path, query = split_target(target)
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
    """A running replica: a context manager that serves on 127.0.0.1 while it is open (docs/replica.md).

    Answers are kept, so that the second round of a benchmark measures its client. What a test may change while the
    replica runs are `site`, `template` and `slow_seconds`.

    Args:
        articles: how many; not asked for where a `site` is given.
        seed: of the articles.
        slow_seconds: how long the one slow page takes.
        site: what is served instead of a site composed anew.
        validators: answer articles with ETag and Last-Modified, and conditional requests with 304.
        template: how pages are drawn.
        tls: serve https with this context.
        faults: what goes wrong.

    Attributes:
        address: “IP:port”.
        requests: every (method, path and query) received, in order.
        log: every request answered, with its times.
    """

    def __init__(
        self,
        articles: int = DEFAULT_COUNT,
        *,
        seed: int = DEFAULT_SEED,
        slow_seconds: float = 0.3,
        site: ReplicaSite | None = None,
        validators: bool = False,
        template: Template = "plain",
        tls: ssl.SSLContext | None = None,
        faults: Faults | None = None,
    ) -> None:
        self._site = compose_site(articles, seed) if site is None else site
        self._template: Template = template
        self._answers: dict[tuple[str, bool], Answer] = {}
        self._revisions = Revisions() if validators else None
        self.trouble = Trouble(faults) if faults else None
        self._scheme: Literal["http", "https"] = "https" if tls else "http"
        self.slow_seconds = slow_seconds
        self.requests: list[tuple[str, str]] = []
        self.log = RequestLog()
        self.stopping = threading.Event()
        self._server = _Server(self, tls)
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
        if self._revisions:
            self._revisions.note_edits(self._site, site)
        self._site = site
        self._answers = {}

    @property
    def template(self) -> Template:
        """How pages are drawn."""
        return self._template

    @template.setter
    def template(self, template: Template) -> None:
        if template not in TEMPLATES:
            raise ValueError(f"the replica's templates are {', '.join(TEMPLATES)}, not {template}")
        if self._revisions and template != self._template:
            self._revisions.note_template()
        self._template = template
        self._answers = {}

    def answer(self, target: str, *, packed: bool) -> Answer:
        """Return the answer to a request target, its body gzipped if `packed`."""
        answers = self._answers
        if (target, packed) not in answers:
            plain = self._compose(target)
            body = gzip.compress(plain.body, compresslevel=1, mtime=0) if packed else plain.body
            answers[target, packed] = replace(plain, body=body)
        return answers[target, packed]

    def _compose(self, target: str) -> Answer:
        """Return the answer as template, scheme and validators have it."""
        plain = answer(self._site, target)
        if plain.content_type != _HTML:
            return plain
        if self._template != "plain":
            plain = replace(plain, body=redrawn(plain.body.decode(), self._template).encode())
        if self._scheme == "https":
            plain = replace(plain, body=plain.body.replace(ORIGIN.encode(), f"https://{HOST_NAME}".encode()))
        found = self._site.find(*split_target(target)) if self._revisions else None
        if self._revisions and isinstance(found, ArticleFound):
            plain = replace(plain, validators=self._revisions.fields(found.article, self._template))
        return plain

    @property
    def portal(self) -> Portal:
        """The catalogue entry under which this replica can be crawled."""
        return replica_portal(self.address, self._scheme)


class _Server(ThreadingHTTPServer):
    daemon_threads = False
    request_queue_size = 64

    def __init__(self, replica: Replica, tls: ssl.SSLContext | None) -> None:
        self.replica = replica
        self._tls = tls
        self._open: set[socket.socket] = set()
        self._guard = threading.Lock()
        super().__init__(("127.0.0.1", 0), _Handler)

    def get_request(self) -> tuple[socket.socket, Any]:
        """Take a connection; its TLS handshake is left to its own thread, so that nobody waits for it."""
        stream, client = super().get_request()
        if self._tls:
            stream = self._tls.wrap_socket(stream, server_side=True, do_handshake_on_connect=False)
        return stream, client

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._guard:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self._guard:
            self._open.discard(request)
        if request.fileno() >= 0 and request.getsockopt(socket.SOL_SOCKET, socket.SO_LINGER):
            self.close_request(request)  # without the farewell, which would come before the reset
        else:
            super().shutdown_request(request)

    def end_connections(self) -> None:
        """Close what clients keep open, so that no handler waits for another request."""
        with self._guard:
            for connection in self._open:
                with suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a client that went away; anything else is a fault of the replica and is printed."""
        if not isinstance(sys.exception(), (ConnectionError, ssl.SSLError)):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = SERVER_NAME
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
        """Keep silent: `Replica.log` is the log."""

    def _respond(self) -> None:
        replica = self.server.replica
        replica.requests.append((self.command, self.path))
        exchange = Exchange(self, Connection(self.connection, replica.stopping), replica.log)
        try:
            self._answer(replica, exchange)
        finally:
            replica.log.end(exchange.request)

    def _answer(self, replica: Replica, exchange: Exchange) -> None:
        trouble = replica.trouble if self.command == "GET" else None
        packed = trouble is None and "gzip" in self.headers.get("Accept-Encoding", "")
        reply = replica.answer(plain_target(self.path) if trouble else self.path, packed=packed)
        if reply.slow:
            exchange.pause(replica.slow_seconds)
        exchange.status = reply.status
        exchange.body = reply.body
        exchange.fields = (
            ("Content-Type", reply.content_type),
            *_PACKED[packed],
            ("Vary", "Accept-Encoding"),
            ("Liferay-Portal", _PORTAL_HEADER),
            *reply.validators,
        )
        if reply.validators and is_unchanged(dict(reply.validators), self.headers):
            exchange.status = 304
        if trouble:
            trouble.respond(exchange, replica.site)
        else:
            exchange.send_plainly()
