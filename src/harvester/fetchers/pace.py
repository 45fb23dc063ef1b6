"""Whether and when a request to a host may start: the rules, as functions from one standing of a host to the next.

Times are seconds since the epoch, so that a standing outlives the process and can be shared between several.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from harvester.errors import BudgetSpent, NotNow, OutsideHours
from harvester.portals.catalogue import Host
from harvester.portals.hours import next_opening
from harvester.records import VIETNAM_TIME

MAX_CRAWL_DELAY_SECONDS = 30.0
"""A longer Crawl-delay would make a portal of ten thousand articles a matter of months."""

MAX_RETRY_AFTER_SECONDS = 86_400.0

LONGEST_PAUSE_SECONDS = 60.0
"""No pause grows beyond it; what is stored for later than that comes of a clock that was wrong."""

GROWTH = 2.0
"""Trouble doubles the pause; it begins at the double of the host's delay, but not below `slow_down_seconds`."""

MOST_SLOW_DOWNS = 60
"""The pause grows up to so many times `slow_down_seconds`."""

RECOVERY = 0.75
"""What a good answer leaves of a pause that trouble made."""

FORGOTTEN_SHARE = 0.05
"""A pause that has shrunk to this share of `slow_down_seconds`, or to the host's delay, is over."""

SLOW_ANSWER_SECONDS = 2.0
"""A host that takes longer to its first byte, smoothed, is asked no faster than it answers."""

SMOOTHING = 0.25
"""The weight of the newest answer in the smoothed time to the first byte."""


_VIETNAM_OFFSET = 7 * 3600
_DAY_SECONDS = 86_400


@dataclass(frozen=True, slots=True)
class Standing:
    """What is remembered of a host between two requests.

    Attributes:
        day: Vietnam's calendar day that `requests` counts, as days since 1970-01-01.
        requests: started on that day.
        next_start: earliest start of the next request, by the pause.
        left_alone_until: earliest start of the next request, by `Retry-After`.
        slow_pause: the pause that trouble made, in seconds; 0 where there was none lately.
        slowed_at: when it grew last.
    """

    day: int = 0
    requests: int = 0
    next_start: float = 0.0
    left_alone_until: float = 0.0
    slow_pause: float = 0.0
    slowed_at: float = 0.0


def start(
    standing: Standing, host: Host, now: float, *, patience: float, crawl_delay: float = 0.0, latency: float = 0.0
) -> tuple[Standing, float]:
    """Start a request now, if that may be: return the standing after it, and how many seconds it has to wait if not.

    Args:
        standing: the host's; times in it that no rule can have set are passed over.
        host: its entry.
        now: the present.
        patience: the longest `Retry-After` that is waited for, in seconds.
        crawl_delay: what robots.txt asks for, in seconds; counts up to `MAX_CRAWL_DELAY_SECONDS`.
        latency: the host's smoothed time to the first byte, in seconds.

    Raises:
        OutsideHours: the entry allows no request at this hour.
        BudgetSpent: the entry allows no more requests today.
        NotNow: the host asked to be left alone for longer than `patience`.
    """
    today = int((now + _VIETNAM_OFFSET) // _DAY_SECONDS)
    requests = standing.requests if standing.day == today else 0
    if host.allowed_hours or host.daily_requests:
        _check_hours_and_budget(host, datetime.fromtimestamp(now, VIETNAM_TIME), requests)
    wait = _plausible(standing.left_alone_until - now, MAX_RETRY_AFTER_SECONDS)
    if wait > patience:
        until = datetime.fromtimestamp(now + wait, VIETNAM_TIME)
        raise NotNow(f"{host.name} asked to be left alone until {_shown(until)}")
    wait = max(wait, _plausible(standing.next_start - now, max(LONGEST_PAUSE_SECONDS, host.delay_seconds)))
    if wait > 0:
        return standing, wait
    pause = max(
        host.delay_seconds,
        min(crawl_delay, MAX_CRAWL_DELAY_SECONDS),
        min(standing.slow_pause, LONGEST_PAUSE_SECONDS),
        min(latency, LONGEST_PAUSE_SECONDS) if latency > SLOW_ANSWER_SECONDS else 0.0,
    )
    # Spelt out, as this runs for every request: `replace` takes three times as long.
    started = Standing(
        today, requests + 1, now + pause, standing.left_alone_until, standing.slow_pause, standing.slowed_at
    )
    return started, 0.0


def _check_hours_and_budget(host: Host, moment: datetime, requests: int) -> None:
    if host.allowed_hours and (opening := next_opening(host.allowed_hours, moment)):
        raise OutsideHours(f"{host.name} may be asked at {host.allowed_hours} only, again from {_shown(opening)}")
    if host.daily_requests and requests >= host.daily_requests:
        tomorrow = moment.replace(hour=0, minute=0, second=0) + timedelta(days=1)
        spent = f"the {host.daily_requests} requests that {host.name} is allowed a day are used up"
        raise BudgetSpent(f"{spent}, again from {_shown(tomorrow)}")


def _plausible(wait: float, longest: float) -> float:
    """Return a wait of at most that length, and none where a clock that was wrong made a longer one."""
    return wait if 0 < wait <= longest else 0.0


def slowed(standing: Standing, host: Host, now: float, *, began: float, slow_down_seconds: float) -> Standing:
    """Return the standing after trouble with a request that began at a time: the pause has grown.

    Requests that were under way together make it grow once.
    """
    if began < standing.slowed_at <= now:
        return standing
    grown = max(GROWTH * max(standing.slow_pause, host.delay_seconds), slow_down_seconds)
    pause = min(grown, MOST_SLOW_DOWNS * slow_down_seconds, LONGEST_PAUSE_SECONDS)
    return replace(standing, slow_pause=pause, slowed_at=now, next_start=max(standing.next_start, now + pause))


def recovered(standing: Standing, host: Host, *, slow_down_seconds: float) -> Standing:
    """Return the standing after a good answer: a pause that trouble made has shrunk."""
    pause = min(standing.slow_pause, LONGEST_PAUSE_SECONDS) * RECOVERY
    is_over = pause <= max(host.delay_seconds, FORGOTTEN_SHARE * slow_down_seconds)
    return replace(standing, slow_pause=0.0 if is_over else pause)


def left_alone(standing: Standing, now: float, seconds: float) -> Standing:
    """Return the standing after the host asked for that much time; it never shortens what it asked for before."""
    asked = now + min(seconds, MAX_RETRY_AFTER_SECONDS)
    before = standing.left_alone_until
    return replace(standing, left_alone_until=max(asked, before) if before - now <= MAX_RETRY_AFTER_SECONDS else asked)


def parse_retry_after(value: str, now: datetime) -> float | None:
    """Return the seconds a `Retry-After` value asks to wait (RFC 9110, 10.2.3), or None where it is neither form.

    Args:
        value: a number of seconds, or an HTTP date.
        now: the present by the clock that the date was taken from; a date gone by asks for 0 seconds.

    Returns:
        0 to `MAX_RETRY_AFTER_SECONDS`.
    """
    value = value.strip()
    if value.isascii() and value.isdigit():
        return min(float(value), MAX_RETRY_AFTER_SECONDS)
    moment = parse_http_date(value)
    return None if moment is None else min(max((moment - now).total_seconds(), 0.0), MAX_RETRY_AFTER_SECONDS)


def parse_http_date(value: str) -> datetime | None:
    """Return the moment that a header's date names (RFC 9110, 5.6.7), or None where it names none."""
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, OverflowError, TypeError, IndexError):
        return None
    # “-0000” means UTC of unknown origin and comes back without a zone.
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _shown(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} (Vietnam's time)"
