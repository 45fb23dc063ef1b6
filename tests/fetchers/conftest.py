"""A scripted site on loopback, and a fetcher pointed at it."""

import asyncio
import shutil
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from harvester.fetchers.http import FetchSettings, HttpFetcher
from harvester.portals.catalogue import Catalogue, Host, Portal
from harvester.records import Capture

QUICK = {"backoff_seconds": 0.01, "max_backoff_seconds": 0.02, "deadline_seconds": 5.0}

Act = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class Seen:
    """One request as the site saw it; `ended` is just before the last bytes of the answer left."""

    path: str
    headers: Mapping[str, str]
    client_port: int
    started: float
    ended: float = 0.0


@dataclass
class Site:
    """Answers each path with its scripted acts in turn, the last one from then on; 404 where there is none."""

    port: int = 0
    scheme: str = "http"
    seen: list[Seen] = field(default_factory=list)
    handshakes: list[str | None] = field(default_factory=list)
    _acts: dict[str, list[Act]] = field(default_factory=dict)

    def answer(
        self, path: str, body: bytes = b"", *, status: int = 200, headers: Mapping[str, str] | None = None
    ) -> None:
        def act(handler: BaseHTTPRequestHandler) -> None:
            handler.send_response(status)
            for name, value in (headers or {}).items():
                handler.send_header(name, value)
            handler.send_header("Content-Length", str(len(body)))
            handler.end_headers()
            self.seen_by(handler).ended = time.monotonic()
            handler.wfile.write(body)

        self.act(path, act)

    def raw(self, path: str, *pieces: bytes, pause: float = 0.0) -> None:
        def act(handler: BaseHTTPRequestHandler) -> None:
            handler.close_connection = True
            for piece in pieces:
                self.seen_by(handler).ended = time.monotonic()
                handler.wfile.write(piece)
                time.sleep(pause)

        self.act(path, act)

    def act(self, path: str, act: Act) -> None:
        self._acts.setdefault(path, []).append(act)

    def perform(self, handler: BaseHTTPRequestHandler) -> None:
        acts = self._acts.get(handler.path, [])
        if acts:
            (acts.pop(0) if len(acts) > 1 else acts[0])(handler)
        else:
            handler.send_response(404)
            handler.send_header("Content-Length", "0")
            handler.end_headers()

    def seen_by(self, handler: BaseHTTPRequestHandler) -> Seen:
        return next(seen for seen in reversed(self.seen) if seen.client_port == handler.client_address[1])

    def paths(self) -> list[str]:
        return [seen.path for seen in self.seen]

    def host(self, name: str = "portal.test", **fields: Any) -> Host:
        own = {
            "name": name,
            "scheme": self.scheme,
            "evidence": "a test",
            "address": f"127.0.0.1:{self.port}",
            "allow_private_addresses": True,
            "delay_seconds": 0.0,
        }
        return Host.model_validate(own | fields)

    def fetcher(
        self,
        *hosts: Host,
        trust: ssl.SSLContext | None = None,
        hosts_folder: Path | None = None,
        **settings: Any,
    ) -> HttpFetcher:
        catalogue = Catalogue((Portal(id="test", name="Test", hosts=hosts or (self.host(),)),))
        return HttpFetcher(catalogue, FetchSettings(**(QUICK | settings)), trust=trust, hosts_folder=hosts_folder)

    def fetch(self, path: str, *hosts: Host, trust: ssl.SSLContext | None = None, **settings: Any) -> Capture:
        url = path if "://" in path else f"{self.scheme}://portal.test{path}"

        async def once() -> Capture:
            async with self.fetcher(*hosts, trust=trust, **settings) as fetcher:
                return await fetcher.fetch(url)

        return asyncio.run(once())


def serve(site: Site, tls: ssl.SSLContext | None = None) -> Iterator[Site]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            site.seen.append(Seen(self.path, dict(self.headers.items()), self.client_address[1], time.monotonic()))
            site.perform(self)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the base's name
            pass

    class Server(ThreadingHTTPServer):
        def handle_error(self, request: object, client_address: object) -> None:
            """Pass over clients that hang up, which is what many tests are about."""

    server = Server(("127.0.0.1", 0), Handler)
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    site.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield site
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def site() -> Iterator[Site]:
    yield from serve(Site())


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A self-signed certificate for portal.test, with its key, in one file."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("the openssl command, which makes the certificate, is not installed")
    folder = tmp_path_factory.mktemp("certificate")
    key, pem = folder / "key.pem", folder / "site.pem"
    made = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2".split()
    named = ["-subj", "/CN=portal.test", "-addext", "subjectAltName=DNS:portal.test"]
    subprocess.run([openssl, *made, *named, "-keyout", key, "-out", pem], check=True, capture_output=True)
    pem.write_bytes(pem.read_bytes() + key.read_bytes())
    return pem


@pytest.fixture
def tls_site(certificate: Path) -> Iterator[Site]:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate)
    site = Site(scheme="https")
    tls.sni_callback = lambda _socket, name, _context: site.handshakes.append(name)
    yield from serve(site, tls)
