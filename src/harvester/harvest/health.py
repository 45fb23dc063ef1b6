"""Which hosts answer: one that fails too often in a row rests, is tried with one probe, and else is left alone."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from harvester.errors import (
    BotChallenge,
    ConnectionFailed,
    HarvesterError,
    HttpStatusError,
    Maintenance,
    RobotsUnreachable,
    TimedOut,
)
from harvester.harvest.frontier import LeasedPage, host_of

MAX_FAILURES_IN_A_ROW = 5
MAX_RESTS = 3
REST_SECONDS = 60.0


def is_host_failure(error: HarvesterError) -> bool:
    """Whether an error says more of the host than of the page: a later request may find it gone."""
    if isinstance(error, HttpStatusError):
        return error.status == 429 or error.status >= 500
    return isinstance(error, (ConnectionFailed, TimedOut, RobotsUnreachable, BotChallenge, Maintenance))


@dataclass(slots=True)
class _Host:
    """What a run has seen of one host."""

    failures_in_a_row: int = 0
    rests: int = 0
    rests_until: float | None = None
    is_probed: bool = False
    doubtful: list[LeasedPage] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became clear of a host: its pages that failed by themselves, and those that failed with it."""

    host: str = ""
    failed: tuple[LeasedPage, ...] = ()
    put_back: tuple[LeasedPage, ...] = ()
    rests: bool = False
    left_alone: bool = False


class HostHealth:
    """Counts failures in a row per host, for one run.

    A page that fails while its host answers others has failed by itself; one that fails because nothing answers has
    not, and must not be given up for it. So a page stays in doubt until its host answers something else or is left
    alone. A host that failed `MAX_FAILURES_IN_A_ROW` times rests; then one probe decides.
    """

    def __init__(self, rest_seconds: float = REST_SECONDS, clock: Callable[[], float] = time.monotonic) -> None:
        self.left_alone: set[str] = set()
        self._rest_seconds = rest_seconds
        self._clock = clock
        self._hosts: dict[str, _Host] = {}

    @property
    def resting(self) -> set[str]:
        """The hosts that nothing but a probe may be asked of."""
        return {name for name, host in self._hosts.items() if host.rests_until is not None}

    def leave_alone(self, url: str) -> Verdict:
        """Ask the address's host nothing more in this run, though nothing is wrong with it."""
        self._host(host_of(url)).rests_until = None
        self.left_alone.add(host_of(url))
        return Verdict(host_of(url), put_back=self._settle_doubts(host_of(url)))

    def answered(self, url: str) -> Verdict:
        """Note an answer of a host, be it only that the page is not there."""
        name = host_of(url)
        host = self._host(name)
        host.failures_in_a_row, host.rests_until, host.is_probed = 0, None, False
        return Verdict(name, failed=self._settle_doubts(name))

    def failed(self, url: str, page: LeasedPage | None, error: HarvesterError) -> Verdict:
        """Note a host's failure over a page (None: a listing). An unreachable robots.txt ends the host at once."""
        name = host_of(url)
        host = self._host(name)
        if page is not None:
            host.doubtful.append(page)
        if name in self.left_alone:
            return Verdict(name, put_back=self._settle_doubts(name))
        host.failures_in_a_row += 1
        is_resting = host.rests_until is not None
        if isinstance(error, RobotsUnreachable) or (is_resting and host.is_probed):
            return self.give_up(name)
        if is_resting or host.failures_in_a_row < MAX_FAILURES_IN_A_ROW:
            return Verdict(name)
        if host.rests == MAX_RESTS:
            return self.give_up(name)
        host.rests += 1
        host.rests_until = self._clock() + self._rest_seconds
        return Verdict(name, rests=True)

    def due_probe(self) -> str | None:
        """Return a host whose rest is over, now being probed, or None."""
        for name, host in self._hosts.items():
            if host.rests_until is not None and not host.is_probed and host.rests_until <= self._clock():
                host.is_probed = True
                return name
        return None

    def end(self, *, stopped: bool) -> list[Verdict]:
        """Settle what is still in doubt at the end of a run: such pages failed by themselves, unless it was stopped."""
        doubts = [(name, self._settle_doubts(name)) for name in self._hosts]
        return [Verdict(name, put_back=pages) if stopped else Verdict(name, failed=pages) for name, pages in doubts]

    def _host(self, name: str) -> _Host:
        return self._hosts.setdefault(name, _Host())

    def _settle_doubts(self, name: str) -> tuple[LeasedPage, ...]:
        host = self._host(name)
        pages, host.doubtful = tuple(host.doubtful), []
        return pages

    def give_up(self, name: str) -> Verdict:
        """Leave a host alone for the rest of the run."""
        self._host(name).rests_until = None
        self.left_alone.add(name)
        return Verdict(name, put_back=self._settle_doubts(name), left_alone=True)
