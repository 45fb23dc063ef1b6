"""Live captures over HTTP: the only import of the HTTP client. Guarded, polite, bounded in time and size, retried."""

import asyncio
import hashlib
import re
import ssl
import unicodedata
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from types import TracebackType
from typing import Self

import httpx2

from harvester.errors import (
    ConnectionFailed,
    FetchError,
    HttpStatusError,
    RedirectRefused,
    TimedOut,
    TooLarge,
    TooManyRedirects,
    UsageError,
)
from harvester.fetchers import content_encoding
from harvester.fetchers.guard import GuardedPool
from harvester.fetchers.politeness import Politeness, parse_retry_after
from harvester.fetchers.retrying import TRANSIENT_STATUSES, causes, retrying
from harvester.fetchers.robots import RobotsKeeper
from harvester.portals.catalogue import DEFAULT_PORTS, Catalogue, Host
from harvester.records import VIETNAM_TIME, Capture

MEBIBYTE = 1024 * 1024
MAX_URL_CHARACTERS = 8_192
REDIRECT_STATUSES = frozenset({301, 302, 303, 307, 308})
KEEPALIVE_SECONDS = 35.0
"""Longer than the longest pause between two requests to a host, so that its connection outlives the pause."""

_HOST_NAME = re.compile(r"(?:[a-z0-9_-]{1,63}\.)*[a-z0-9_-]{1,63}|\[[0-9a-f:.]{2,45}\]")
_ACCEPT = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@dataclass(frozen=True, slots=True)
class FetchSettings:
    """How requests are made; the pace is the catalogue's.

    Attributes:
        user_agent: product and version; the product is what robots.txt knows the crawler by.
        contact: a mail or web address that reaches whoever runs the harvest; part of the User-Agent header.
        connect_seconds: for resolving, connecting and the TLS handshake.
        read_seconds: between two pieces of an answer.
        deadline_seconds: for one request from start to the last byte, waiting for its turn not included.
        max_wire_bytes: of a body as it is sent.
        max_body_bytes: of a body after decompression.
        max_redirects: followed for one address.
        attempts: for one request, the first included.
        backoff_seconds: the wait before the second attempt, doubled each time; as much again is left to chance.
        max_backoff_seconds: the longest such wait.
        max_retry_after_seconds: a host that asks for a longer wait is not waited for.
        http2: offer HTTP/2 to hosts with TLS.

    Raises:
        UsageError: the User-Agent header would not be printable ASCII.
    """

    user_agent: str = f"harvester/{version('harvester')}"
    contact: str | None = None
    connect_seconds: float = 15.0
    read_seconds: float = 30.0
    deadline_seconds: float = 120.0
    max_wire_bytes: int = 32 * MEBIBYTE
    max_body_bytes: int = 32 * MEBIBYTE
    max_redirects: int = 5
    attempts: int = 4
    backoff_seconds: float = 1.0
    max_backoff_seconds: float = 30.0
    max_retry_after_seconds: float = 120.0
    http2: bool = False

    def __post_init__(self) -> None:
        line = self.user_agent_line
        if not (line.isascii() and line.isprintable()):
            raise UsageError(f"the user agent and its contact must be plain ASCII: {line!a}")

    @property
    def user_agent_line(self) -> str:
        """The whole User-Agent header."""
        return f"{self.user_agent} ({f'+{self.contact}' if self.contact else 'no contact given'})"

    @property
    def product_token(self) -> str:
        """The name to look for in robots.txt (RFC 9309, 2.2.1)."""
        return self.user_agent.partition("/")[0].lower()


@dataclass(frozen=True, slots=True)
class _Answer:
    """One answer; the body of any status but 200 is left unread."""

    url: httpx2.URL
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    tls_verified: bool | None

    def header(self, name: str) -> str:
        return next((value for key, value in self.headers if key == name), "")


class _GuardedTransport(httpx2.AsyncHTTPTransport):
    """The client's transport over the guard's pool.

    The base is not initialised: were the pool's attribute to be renamed, requests fail instead of passing unguarded.
    """

    def __init__(self, pool: GuardedPool) -> None:
        self._pool = pool


class HttpFetcher:
    """Fetches pages of any host under the limits of its catalogue entry; an async context manager.

    A host outside the catalogue has the default limits of `Host`. Cookies are not kept, proxies of the environment
    are not used. One fetcher belongs to one event loop.

    Args:
        catalogue: whose entries say how gently a host is read, and what is allowed with it.
        settings: limits of a request.
        trust: the TLS context for hosts whose certificate is verified; by default the system's certificates.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        settings: FetchSettings = FetchSettings(),
        *,
        trust: ssl.SSLContext | None = None,
    ) -> None:
        self._catalogue = catalogue
        self._settings = settings
        self._trust = trust
        self._contacts: dict[tuple[str, int], Host] = {}
        self._transports: dict[bool | None, _GuardedTransport] = {}
        self._politeness = Politeness()
        self._robots = RobotsKeeper(self._fetch_robots, settings.product_token)
        self._retrying = retrying(
            attempts=settings.attempts,
            backoff_seconds=settings.backoff_seconds,
            max_backoff_seconds=settings.max_backoff_seconds,
            max_retry_after_seconds=settings.max_retry_after_seconds,
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for transport in self._transports.values():
            await transport.aclose()
        self._transports.clear()

    async def fetch(self, url: str) -> Capture:
        """Return the page at an address, redirects followed.

        Args:
            url: absolute, http or https; letters beyond ASCII and spaces are percent-encoded (UTF-8, NFC).

        Raises:
            FetchError: no answer with status 200 came of it, or the address is malformed; its subclasses say why.
        """
        answer = await self._follow(_canonical(url), ask_robots=True)
        return Capture(
            url=url,
            final_url=str(answer.url),
            status=answer.status,
            headers=answer.headers,
            body=answer.body,
            captured_at=datetime.now(VIETNAM_TIME),
            via="live",
            sha256=hashlib.sha256(answer.body).hexdigest(),
            tls_verified=answer.tls_verified,
        )

    async def _fetch_robots(self, url: str) -> bytes:
        return (await self._follow(httpx2.URL(url), ask_robots=False)).body

    async def _follow(self, url: httpx2.URL, *, ask_robots: bool) -> _Answer:
        hop = url
        for _ in range(self._settings.max_redirects + 1):
            crawl_delay = (await self._robots.permit(str(hop))).crawl_delay if ask_robots else 0.0
            answer: _Answer = await self._retrying.copy()(self._exchange, hop, crawl_delay)
            if answer.status == 200:
                return answer
            hop = _redirect_target(answer)
        raise TooManyRedirects(f"more than {self._settings.max_redirects} redirects", url=str(url))

    async def _exchange(self, url: httpx2.URL, crawl_delay: float) -> _Answer:
        """Make one request, in its turn, and put every failure into the terms of `FetchError`."""
        host = self._host(url)
        seconds = self._settings.deadline_seconds
        try:
            async with self._politeness.turn(host, crawl_delay), asyncio.timeout(seconds):
                return await self._ask(url, host)
        except TimeoutError as error:
            raise TimedOut(f"the whole answer did not come within {seconds:g} s", url=str(url)) from error
        except httpx2.TimeoutException as error:
            raise TimedOut(f"no answer ({type(error).__name__}: {error})", url=str(url)) from error
        except (httpx2.TransportError, OSError) as error:
            raise ConnectionFailed(f"the connection failed ({_reason(error)})", url=str(url)) from error
        except FetchError as error:
            error.url = error.url or str(url)
            raise

    async def _ask(self, url: httpx2.URL, host: Host) -> _Answer:
        tls_verified = host.unverified_tls_reason is None if url.scheme == "https" else None
        request = httpx2.Request("GET", url, headers=self._headers(), extensions={"timeout": self._timeout()})
        response = await self._transport(tls_verified).handle_async_request(request)
        try:
            headers = tuple(response.headers.multi_items())
            body = await self._read(response) if response.status_code == 200 else b""
        finally:
            await response.aclose()
        answer = _Answer(url, response.status_code, headers, body, tls_verified)
        if answer.status in TRANSIENT_STATUSES:
            retry_after = parse_retry_after(answer.header("retry-after"), datetime.now(VIETNAM_TIME))
            self._politeness.hold(host, min(retry_after or 0.0, self._settings.max_retry_after_seconds))
            raise HttpStatusError(answer.status, url=str(url), retry_after=retry_after)
        return answer

    async def _read(self, response: httpx2.Response) -> bytes:
        wire = bytearray()
        async with aclosing(response.aiter_raw()) as chunks:
            async for chunk in chunks:
                wire += chunk
                if len(wire) > self._settings.max_wire_bytes:
                    raise TooLarge(f"more than {self._settings.max_wire_bytes} bytes on the wire")
        encoding = response.headers.get("content-encoding", "")
        return content_encoding.decode(bytes(wire), encoding, self._settings.max_body_bytes)

    def _headers(self) -> dict[str, str]:
        return {
            "User-Agent": self._settings.user_agent_line,
            "Accept": _ACCEPT,
            "Accept-Encoding": content_encoding.ACCEPTED,
        }

    def _timeout(self) -> dict[str, float | None]:
        read = self._settings.read_seconds
        return {"connect": self._settings.connect_seconds, "read": read, "write": read, "pool": None}

    def _host(self, url: httpx2.URL) -> Host:
        """Return the entry of the address's host, and announce it to the guard."""
        found = self._catalogue.find_url(str(url), datetime.now(VIETNAM_TIME).date())
        host = found[1] if found else _stranger(url)
        self._contacts[url.raw_host.decode("ascii"), url.port or DEFAULT_PORTS[url.scheme]] = host
        return host

    def _transport(self, tls_verified: bool | None) -> _GuardedTransport:
        """Return the transport of one TLS policy: verified, not verified, or None for no TLS."""
        if tls_verified not in self._transports:
            tls = self._trust if tls_verified else None
            if tls is None and tls_verified is not None:
                tls = httpx2.create_ssl_context(tls_verified, trust_env=False)
            pool = GuardedPool(self._contacts, tls, http2=self._settings.http2, keepalive_seconds=KEEPALIVE_SECONDS)
            self._transports[tls_verified] = _GuardedTransport(pool)
        return self._transports[tls_verified]


def _reason(error: Exception) -> str:
    """Return what is at the bottom of an error, in one line; the host's own bytes may be quoted in it."""
    *_, innermost = causes(error)
    return " ".join(str(innermost).split())[:200] or type(innermost).__name__


def _stranger(url: httpx2.URL) -> Host:
    return Host.model_validate(
        {"name": url.netloc.decode("ascii"), "scheme": url.scheme, "evidence": "not in the catalogue"}
    )


def _canonical(text: str) -> httpx2.URL:
    """Return the address as it is sent: ASCII, with a path, without a fragment.

    Raises:
        FetchError: it is malformed, or no http or https address; the error's URL is cut and printable.
    """
    shown = "".join(letter if letter.isprintable() else "�" for letter in text[:200])
    if len(text) > MAX_URL_CHARACTERS:
        raise FetchError(f"the address is longer than {MAX_URL_CHARACTERS} characters", url=f"{shown}…")
    try:
        url = httpx2.URL(unicodedata.normalize("NFC", text.strip(" ")))
        # Reading `host` decodes Punycode: a name that only looks like it is found out here, not while requesting.
        url = url.copy_with(host=url.host.removesuffix(".").lower(), raw_path=url.raw_path, fragment=None)
    except (httpx2.InvalidURL, ValueError) as error:
        raise FetchError(f"the address is malformed ({error})", url=shown) from error
    if url.scheme not in DEFAULT_PORTS:
        raise FetchError("the address is neither http nor https", url=shown)
    if url.userinfo:
        raise FetchError("the address holds a user name", url=shown)
    if not _HOST_NAME.fullmatch(url.netloc.decode("ascii").removesuffix(f":{url.port}")):
        raise FetchError("the address holds no valid host name", url=shown)
    if url.port is not None and not 0 < url.port < 65_536:
        raise FetchError("the address holds a bad port", url=shown)
    return url


def _redirect_target(answer: _Answer) -> httpx2.URL:
    """Return where a redirect leads.

    Raises:
        HttpStatusError: the answer is no redirect.
        RedirectRefused: it leads from https to another scheme, or to no address that can be fetched.
    """
    location = answer.header("location")
    if answer.status not in REDIRECT_STATUSES or not location:
        raise HttpStatusError(answer.status, url=str(answer.url))
    try:
        target = _canonical(str(answer.url.join(unicodedata.normalize("NFC", location))))
    except (FetchError, httpx2.InvalidURL, ValueError) as error:
        reason = error.message if isinstance(error, FetchError) else error
        raise RedirectRefused(f"a redirect to an unusable address ({reason})", url=str(answer.url)) from error
    if answer.url.scheme == "https" != target.scheme:
        raise RedirectRefused(f"a redirect from https to {target.scheme}", url=str(answer.url))
    return target
