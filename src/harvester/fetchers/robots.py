"""robots.txt (RFC 9309): fetched once per host, kept, and asked before every request."""

import asyncio
import re
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from protego import Protego

from harvester.errors import AddressRefused, FetchError, HttpStatusError, NotNow, RobotsDisallowed, RobotsUnreachable

MAX_PARSED_BYTES = 500 * 1024
"""RFC 9309, 2.5: at least this much is to be parsed."""

KEPT_SECONDS = 24 * 3600.0
"""RFC 9309, 2.4: a copy should not be used for longer."""

UNREACHABLE_KEPT_SECONDS = 600.0
"""How long a host is left alone before its robots.txt is asked for again."""

_AGENT_LINE = re.compile(r"\s*user(?:-|\s+)?agent(?:\s*:|\s)\s*(?P<name>\*|[\w-]*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class RobotsRules:
    """What one host's robots.txt says to one crawler."""

    rules: Protego
    token: str

    @classmethod
    def parse(cls, body: bytes, token: str) -> "RobotsRules":
        """Read any bytes as robots.txt; what is no rule is passed over.

        Args:
            body: the file; parsed up to the last whole line of the first `MAX_PARSED_BYTES`.
            token: the crawler's product token in lower case, e.g. “harvester”.
        """
        if len(body) > MAX_PARSED_BYTES:
            body = body[:MAX_PARSED_BYTES].rpartition(b"\n")[0]
        lines = body.decode("utf-8-sig", errors="replace").splitlines()
        return cls(Protego.parse("\n".join(_for_one_crawler(line, token) for line in lines)), token)

    def allow(self, url: str) -> bool:
        """Whether the address may be fetched."""
        return bool(self.rules.can_fetch(url, self.token))

    @property
    def crawl_delay(self) -> float:
        """The pause asked for, in seconds; 0 where none is."""
        return self.rules.crawl_delay(self.token) or 0.0


def _for_one_crawler(line: str, token: str) -> str:
    """Keep the product token of a user-agent line (RFC 9309, 2.2.1), and call all other crawlers by one name.

    A group for thousands of crawlers would cost the parser quadratic time.
    """
    match = _AGENT_LINE.match(line)
    if not match:
        return line
    name = match["name"].lower()
    return f"User-agent: {name if name in {token, '*'} else f'not-{token}'}"


@dataclass(frozen=True, slots=True)
class _Kept:
    outcome: RobotsRules | RobotsUnreachable
    until: float


class RobotsKeeper:
    """Asks for each host's robots.txt once and keeps the answer; belongs to one event loop.

    Args:
        fetch: returns the body of a robots.txt address, redirects followed, or raises `FetchError`.
        token: the crawler's product token in lower case.
    """

    def __init__(
        self,
        fetch: Callable[[str], Awaitable[bytes]],
        token: str,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._fetch = fetch
        self._token = token
        self._clock = clock
        self._kept: dict[str, _Kept] = {}
        self._asking: dict[str, asyncio.Lock] = {}

    async def permit(self, url: str) -> RobotsRules:
        """Return the rules of the address's host, which allow it.

        Raises:
            RobotsDisallowed: they do not.
            RobotsUnreachable: robots.txt answered 5xx or 429, or not at all; other 4xx mean that all is allowed.
            AddressRefused: the host must not be contacted.
            NotNow: the host may not be asked before a later time.
        """
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        async with self._asking.setdefault(origin, asyncio.Lock()):
            kept = self._kept.get(origin)
            if kept is None or kept.until <= self._clock():
                kept = self._kept[origin] = await self._ask(origin)
        if isinstance(kept.outcome, RobotsUnreachable):
            raise RobotsUnreachable(kept.outcome.message, url=url)
        if not kept.outcome.allow(url):
            raise RobotsDisallowed("robots.txt forbids it", url=url)
        return kept.outcome

    async def _ask(self, origin: str) -> _Kept:
        try:
            body = await self._fetch(f"{origin}/robots.txt")
        except (AddressRefused, NotNow):
            raise
        except FetchError as error:
            if not _is_absent(error):
                unreachable = RobotsUnreachable(f"robots.txt could not be had: {error.message}")
                return _Kept(unreachable, self._clock() + UNREACHABLE_KEPT_SECONDS)
            body = b""
        return _Kept(RobotsRules.parse(body, self._token), self._clock() + KEPT_SECONDS)


def _is_absent(error: FetchError) -> bool:
    # 429 says “not now”, which is no permission, although it lies in the 4xx range.
    return isinstance(error, HttpStatusError) and 400 <= error.status < 500 and error.status != 429
