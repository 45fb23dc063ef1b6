"""Live captures over HTTP: the only import of the HTTP client. Guarded, polite, bounded in time and size, retried."""

import asyncio
import hashlib
import re
import ssl
import time
import unicodedata
from collections.abc import Mapping
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx2

from harvester.errors import (
    BadEncoding,
    ConnectionFailed,
    FetchError,
    HttpStatusError,
    RedirectRefused,
    TimedOut,
    TooLarge,
    TooManyRedirects,
)
from harvester.fetchers import content_encoding
from harvester.fetchers.cookies import ChainCookies
from harvester.fetchers.guard import GuardedPool
from harvester.fetchers.pace import parse_http_date, parse_retry_after
from harvester.fetchers.politeness import Politeness
from harvester.fetchers.retrying import TRANSIENT_STATUSES, causes, is_trouble, retrying
from harvester.fetchers.robots import RobotsKeeper
from harvester.fetchers.settings import DEFAULTS, FetchSettings
from harvester.fetchers.validators import conditions
from harvester.portals.catalogue import DEFAULT_PORTS, Catalogue, Host
from harvester.records import VIETNAM_TIME, Capture, Validators

__all__ = ["FetchSettings", "HttpFetcher"]

MAX_URL_CHARACTERS = 8_192
REDIRECT_STATUSES = frozenset({301, 302, 303, 307, 308})
CHALLENGE_HEADERS = {"cf-mitigated": {"challenge"}, "x-amzn-waf-action": {"challenge", "captcha"}}
"""By which Cloudflare and AWS WAF tell that an answer tests the browser (their documentation)."""

KEEPALIVE_SECONDS = 35.0
"""Longer than the longest pause between two requests to a host, so that its connection outlives the pause."""

_HOST_NAME = re.compile(r"(?:[a-z0-9_-]{1,63}\.)*[a-z0-9_-]{1,63}|\[[0-9a-f:.]{2,45}\]")
_PLAIN = re.compile(r"https?://(?!.*(?:xn--|/\.))(?:[a-z0-9_-]+\.)*[a-z0-9_-]+(?::[0-9]+)?/[!-\"$-~]*")
"""Most addresses are so: only their path may have to be quoted."""

_ACCEPT = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@dataclass(frozen=True, slots=True)
class _Answer:
    """One answer, `seconds` after it was asked for; the body of any status but 200 is left unread."""

    url: httpx2.URL
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    tls_verified: bool | None
    seconds: float

    def header(self, name: str) -> str:
        return next((value for key, value in self.headers if key == name), "")

    def error(self) -> HttpStatusError:
        """Return what to say of an answer that is no page.

        A date in `Retry-After` counts from the host's own clock, which may be a wrong one.
        """
        now = parse_http_date(self.header("date")) or datetime.now(VIETNAM_TIME)
        retry_after = parse_retry_after(self.header("retry-after"), now) if self.status in TRANSIENT_STATUSES else None
        error = HttpStatusError(self.status, url=str(self.url), retry_after=retry_after)
        if any(self.header(name).lower() in words for name, words in CHALLENGE_HEADERS.items()):
            error.message += " with a bot challenge"
        return error


class _GuardedTransport(httpx2.AsyncHTTPTransport):
    """The client's transport over the guard's pool.

    The base is not initialised: were the pool's attribute to be renamed, requests fail instead of passing unguarded.
    """

    def __init__(self, pool: GuardedPool) -> None:
        self._pool = pool


class HttpFetcher:
    """Fetches pages of any host under the limits of its catalogue entry; an async context manager.

    A host outside the catalogue has the default limits of `Host`. All fetchers of a process keep the limits together.
    Cookies are not kept beyond a chain of redirects, proxies of the environment are not used. One fetcher belongs to
    one event loop.

    Args:
        catalogue: whose entries say how gently a host is read, and what is allowed with it.
        settings: limits of a request.
        trust: the TLS context for hosts whose certificate is verified; by default the system's certificates.
        hosts_folder: where processes share the limits of hosts (`HostsFolder`); without it they do not.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        settings: FetchSettings = DEFAULTS,
        *,
        trust: ssl.SSLContext | None = None,
        hosts_folder: Path | None = None,
    ) -> None:
        self._catalogue = catalogue
        self._settings = settings
        self._trust = trust
        self._contacts: dict[tuple[str, int], Host] = {}
        self._transports: dict[bool | None, _GuardedTransport] = {}
        slow_down = settings.slow_down_seconds
        self._politeness = Politeness(
            hosts_folder,
            slow_down_seconds=settings.backoff_seconds if slow_down is None else slow_down,
            patience_seconds=settings.max_retry_after_seconds,
        )
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
        self._politeness.close()

    async def fetch(self, url: str, validators: Validators | None = None) -> Capture:
        """Return the page at an address, redirects followed.

        Args:
            url: absolute, http or https; letters beyond ASCII and spaces are percent-encoded (UTF-8, NFC).
            validators: of an earlier answer; where the page is still the same, the capture has status 304 and no body.

        Raises:
            FetchError: no answer with status 200 came of it, nor the 304 asked for, or the address is malformed; its
                subclasses say why.
            OutputError: the hosts' folder cannot be written.
        """
        answer = await self._follow(_canonical(url), ask_robots=True, validators=validators)
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

    async def _follow(self, url: httpx2.URL, *, ask_robots: bool, validators: Validators | None = None) -> _Answer:
        cookies = ChainCookies()
        hop = url
        for _ in range(self._settings.max_redirects + 1):
            crawl_delay = (await self._robots.permit(str(hop))).crawl_delay if ask_robots else 0.0
            asked = conditions(validators) if hop == url else {}
            own_headers = {**asked, **cookies.headers(_origin(hop))}
            answer: _Answer = await self._retrying.copy()(self._exchange, hop, crawl_delay, own_headers)
            if answer.status == 200 or (answer.status == 304 and asked):
                return answer
            cookies.keep(_origin(hop), (value for name, value in answer.headers if name == "set-cookie"))
            hop = _redirect_target(answer)
        raise TooManyRedirects(f"more than {self._settings.max_redirects} redirects", url=str(url))

    async def _exchange(self, url: httpx2.URL, crawl_delay: float, own_headers: Mapping[str, str]) -> _Answer:
        """Make one request, in its turn, and tell the turn how it went."""
        host = self._host(url)
        try:
            async with self._politeness.turn(host, crawl_delay) as turn:
                try:
                    answer = await self._answer(url, host, own_headers)
                except FetchError as error:
                    if is_trouble(error):
                        turn.troubled(error.retry_after if isinstance(error, HttpStatusError) else None)
                    raise
                turn.answered(answer.seconds)
                return answer
        except FetchError as error:
            error.url = error.url or str(url)
            raise

    async def _answer(self, url: httpx2.URL, host: Host, own_headers: Mapping[str, str]) -> _Answer:
        """Return the answer to one request, and put every failure into the terms of `FetchError`."""
        seconds = self._settings.deadline_seconds
        try:
            async with asyncio.timeout(seconds):
                return await self._ask(url, host, own_headers)
        except TimeoutError as error:
            raise TimedOut(f"the whole answer did not come within {seconds:g} s", url=str(url)) from error
        except httpx2.TimeoutException as error:
            raise TimedOut(f"no answer ({type(error).__name__}: {error})", url=str(url)) from error
        except (httpx2.TransportError, OSError) as error:
            raise ConnectionFailed(f"the connection failed ({_reason(error)})", url=str(url)) from error

    async def _ask(self, url: httpx2.URL, host: Host, own_headers: Mapping[str, str]) -> _Answer:
        tls_verified = host.unverified_tls_reason is None if url.scheme == "https" else None
        headers = {**self._headers(), **own_headers}
        request = httpx2.Request("GET", url, headers=headers, extensions={"timeout": self._timeout()})
        began = time.monotonic()
        response = await self._transport(tls_verified).handle_async_request(request)
        seconds = time.monotonic() - began
        try:
            body = await self._read(response) if response.status_code == 200 else b""
        finally:
            await response.aclose()
        answer_headers = tuple(response.headers.multi_items())
        answer = _Answer(url, response.status_code, answer_headers, body, tls_verified, seconds)
        if answer.status in TRANSIENT_STATUSES:
            raise answer.error()
        return answer

    async def _read(self, response: httpx2.Response) -> bytes:
        wire = bytearray()
        async with aclosing(response.aiter_raw()) as chunks:
            async for chunk in chunks:
                wire += chunk
                if len(wire) > self._settings.max_wire_bytes:
                    raise TooLarge(f"more than {self._settings.max_wire_bytes} bytes on the wire")
        encoding = response.headers.get("content-encoding", "")
        try:
            return content_encoding.decode(bytes(wire), encoding, self._settings.max_body_bytes)
        except BadEncoding:
            # Its length may have been wrong, too: what is left of it would be read as the next answer.
            await response.extensions["network_stream"].aclose()
            raise

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


def _origin(url: httpx2.URL) -> str:
    return f"{url.scheme}://{url.netloc.decode('ascii')}"


def _stranger(url: httpx2.URL) -> Host:
    return Host.model_validate(
        {"name": url.netloc.decode("ascii"), "scheme": url.scheme, "evidence": "not in the catalogue"}
    )


def _canonical(text: str) -> httpx2.URL:
    """Return the address as it is sent: ASCII, with a path, without a fragment.

    Raises:
        FetchError: it is malformed, or no http or https address; the error's URL is cut and printable.
    """
    if len(text) > MAX_URL_CHARACTERS:
        raise FetchError(f"the address is longer than {MAX_URL_CHARACTERS} characters", url=f"{_shown(text)}…")
    try:
        url = httpx2.URL(unicodedata.normalize("NFC", text.strip(" ")))
        if not _PLAIN.fullmatch(text):
            # Reading `host` decodes Punycode: a name that only looks like it is found out here, not while requesting.
            url = url.copy_with(host=url.host.removesuffix(".").lower(), raw_path=url.raw_path, fragment=None)
    except (httpx2.InvalidURL, ValueError) as error:
        raise FetchError(f"the address is malformed ({error})", url=_shown(text)) from error
    if url.scheme not in DEFAULT_PORTS:
        raise FetchError("the address is neither http nor https", url=_shown(text))
    if url.userinfo:
        raise FetchError("the address holds a user name", url=_shown(text))
    if not _HOST_NAME.fullmatch(url.netloc.decode("ascii").removesuffix(f":{url.port}")):
        raise FetchError("the address holds no valid host name", url=_shown(text))
    if url.port is not None and not 0 < url.port < 65_536:
        raise FetchError("the address holds a bad port", url=_shown(text))
    return url


def _shown(text: str) -> str:
    return "".join(letter if letter.isprintable() else "�" for letter in text[:200])


def _redirect_target(answer: _Answer) -> httpx2.URL:
    """Return where a redirect leads.

    Raises:
        HttpStatusError: the answer is no redirect.
        RedirectRefused: it leads from https to another scheme, or to no address that can be fetched.
    """
    location = answer.header("location")
    if answer.status not in REDIRECT_STATUSES or not location:
        raise answer.error()
    try:
        target = _canonical(str(answer.url.join(unicodedata.normalize("NFC", location))))
    except (FetchError, httpx2.InvalidURL, ValueError) as error:
        reason = error.message if isinstance(error, FetchError) else error
        raise RedirectRefused(f"a redirect to an unusable address ({reason})", url=str(answer.url)) from error
    if answer.url.scheme == "https" != target.scheme:
        raise RedirectRefused(f"a redirect from https to {target.scheme}", url=str(answer.url))
    return target
