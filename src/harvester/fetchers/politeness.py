"""How gently a host is read: a pause between request starts, few requests at one time, and Retry-After obeyed."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from harvester.portals.catalogue import Host

MAX_CRAWL_DELAY_SECONDS = 30.0
"""A longer Crawl-delay would make a portal of ten thousand articles a matter of months."""

MAX_RETRY_AFTER_SECONDS = 86_400.0


def parse_retry_after(value: str, now: datetime) -> float | None:
    """Return the seconds a `Retry-After` value asks to wait (RFC 9110, 10.2.3), or None where it is neither form.

    Args:
        value: a number of seconds, or an HTTP date.
        now: the present, time zone included; a date gone by asks for 0 seconds.

    Returns:
        0 to `MAX_RETRY_AFTER_SECONDS`.
    """
    value = value.strip()
    if value.isascii() and value.isdigit():
        return min(float(value), MAX_RETRY_AFTER_SECONDS)
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, OverflowError, TypeError, IndexError):
        return None
    # “-0000” means UTC of unknown origin and comes back without a zone.
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return min(max((moment - now).total_seconds(), 0.0), MAX_RETRY_AFTER_SECONDS)


@dataclass(slots=True)
class _Lane:
    """The state of one host: free slots, whose turn it is to wait, and the earliest next start."""

    slots: asyncio.Semaphore
    door: asyncio.Lock = field(default_factory=asyncio.Lock)
    opens_at: float = 0.0


class Politeness:
    """Gives out turns, host by host. Belongs to one event loop."""

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._clock = clock
        self._sleep = sleep
        self._lanes: dict[str, _Lane] = {}

    @asynccontextmanager
    async def turn(self, host: Host, crawl_delay: float = 0.0) -> AsyncIterator[None]:
        """Wait for the host's turn, then hold it; requests are let in first come, first served.

        Args:
            host: its `delay_seconds` lie between two starts, `max_concurrency` turns are held at one time.
            crawl_delay: what robots.txt asks for, in seconds; counts where it is longer.
        """
        lane = self._lane(host)
        async with lane.slots:
            async with lane.door:
                while (wait := lane.opens_at - self._clock()) > 0:
                    await self._sleep(wait)
                delay = max(host.delay_seconds, min(crawl_delay, MAX_CRAWL_DELAY_SECONDS))
                lane.opens_at = self._clock() + delay
            yield

    def hold(self, host: Host, seconds: float) -> None:
        """Let nobody in for that long: the host said so."""
        lane = self._lane(host)
        lane.opens_at = max(lane.opens_at, self._clock() + seconds)

    def _lane(self, host: Host) -> _Lane:
        return self._lanes.setdefault(host.name, _Lane(asyncio.Semaphore(host.max_concurrency)))
