"""The one place that decides whether and when a request to a host may start, for every fetcher of the process.

A host has one line in a process, whatever event loop or thread asks; with a folder the processes share it, too.
"""

import asyncio
import os
import threading
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import ExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from harvester.fetchers import pace
from harvester.fetchers.hosts_folder import HostsFolder, open_folder
from harvester.fetchers.pace import Standing
from harvester.portals.catalogue import Host

FIRST_LOOK_SECONDS, LONGEST_LOOK_SECONDS = 0.005, 0.2
"""How long to wait before looking again whether another process has freed a slot; doubled each time."""


@dataclass(slots=True, eq=False)
class _Place:
    """A place in a line; `called` is there while its owner sleeps until somebody else makes room."""

    called: asyncio.Future[None] | None = None
    look_seconds: float = FIRST_LOOK_SECONDS

    def next_look(self) -> float:
        seconds, self.look_seconds = self.look_seconds, min(2 * self.look_seconds, LONGEST_LOOK_SECONDS)
        return seconds

    def call(self) -> None:
        called, self.called = self.called, None
        if called is not None:
            with suppress(RuntimeError):  # a loop that was closed has nobody waiting
                called.get_loop().call_soon_threadsafe(_wake, called)


@dataclass(slots=True)
class _Lane:
    """One host in this process: who waits, in order, how many hold a turn, and what is remembered of it."""

    key: str
    guard: threading.Lock = field(default_factory=threading.Lock)
    line: deque[_Place] = field(default_factory=deque)
    held: int = 0
    standing: Standing = field(default_factory=Standing)
    latency: float = 0.0

    def call_first(self) -> None:
        if self.line:
            self.line[0].call()


_lanes: dict[tuple[int, str], _Lane] = {}
"""By process, as a fork inherits them, and host."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A request's permission to run, until the end of its `async with`; told how the request went."""

    host: Host
    lane: _Lane
    folder: HostsFolder | None
    slot: int | None
    is_slow: bool
    slow_down_seconds: float
    began: float
    clock: Callable[[], float]

    def answered(self, seconds: float) -> None:
        """Note a good answer, whose first byte came after that many seconds.

        Raises:
            OutputError: the folder cannot be written.
        """
        with self.lane.guard:
            self.lane.latency += pace.SMOOTHING * (seconds - self.lane.latency)
        if self.is_slow:
            self._note(lambda standing: pace.recovered(standing, self.host, slow_down_seconds=self.slow_down_seconds))

    def troubled(self, retry_after: float | None = None) -> None:
        """Note a failure of the host's, and the seconds for which it asked to be left alone.

        Raises:
            OutputError: the folder cannot be written.
        """
        now = self.clock()

        def rule(standing: Standing) -> Standing:
            after = pace.slowed(standing, self.host, now, began=self.began, slow_down_seconds=self.slow_down_seconds)
            return pace.left_alone(after, now, retry_after) if retry_after else after

        self._note(rule)

    def end(self) -> None:
        """Let the next one in."""
        with self.lane.guard:
            self.lane.held -= 1
            if self.folder is not None and self.slot is not None:
                self.folder.free_slot(self.slot)
            self.lane.call_first()

    def _note(self, rule: Callable[[Standing], Standing]) -> None:
        with self.lane.guard:
            self.lane.standing = rule(self.lane.standing)
            if self.folder is not None:
                self.folder.change(self.lane.key, lambda standing: (rule(standing), None))


class Politeness:
    """Gives out turns, host by host.

    Args:
        folder: where processes share the limits; without it they hold in this process alone.
        slow_down_seconds: the smallest pause that trouble makes (`pace`).
        patience_seconds: the longest `Retry-After` that is waited for.
        clock: the present, in seconds since the epoch.
        sleep: waits some seconds.
    """

    def __init__(
        self,
        folder: Path | None = None,
        *,
        slow_down_seconds: float = 1.0,
        patience_seconds: float = 120.0,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._slow_down_seconds = slow_down_seconds
        self._clock = clock
        self._patience = patience_seconds
        self._sleep = sleep
        self._path = folder
        self._folder: HostsFolder | None = None
        self._opened = ExitStack()

    def close(self) -> None:
        """Let go of the folder; the next turn opens it again."""
        self._folder = None
        self._opened.close()

    @asynccontextmanager
    async def turn(self, host: Host, crawl_delay: float = 0.0) -> AsyncIterator[Turn]:
        """Wait for the host's turn, then hold it; requests of a process are let in first come, first served.

        Args:
            host: whose limits hold: at most `max_concurrency` turns at one time, starts `delay_seconds` apart, within
                `allowed_hours` and `daily_requests`.
            crawl_delay: what robots.txt asks for, in seconds; counts where it is longer.

        Raises:
            NotNow: the host may not be asked before a later time.
            OutputError: the folder cannot be written.
        """
        if self._path is not None and self._folder is None:
            self._folder = self._opened.enter_context(open_folder(self._path))
        turn = await self._enter(_lane_of(host), self._folder, host, crawl_delay)
        try:
            yield turn
        finally:
            turn.end()

    async def _enter(self, lane: _Lane, folder: HostsFolder | None, host: Host, crawl_delay: float) -> Turn:
        place = _Place()
        with lane.guard:
            lane.line.append(place)
        try:
            while not isinstance(outcome := self._try(lane, place, folder, host, crawl_delay), Turn):
                await (outcome if isinstance(outcome, asyncio.Future) else self._sleep(outcome))
            return outcome
        finally:
            with lane.guard:
                if folder is not None and lane.line[0] is place:
                    folder.step_back(lane.key)
                lane.line.remove(place)
                lane.call_first()

    def _try(
        self, lane: _Lane, place: _Place, folder: HostsFolder | None, host: Host, crawl_delay: float
    ) -> Turn | float | asyncio.Future[None]:
        """Return a turn, or what to wait for before the next try: some seconds, or a call."""
        with lane.guard:
            if lane.line[0] is not place or lane.held >= host.max_concurrency:
                place.called = asyncio.get_running_loop().create_future()
                return place.called
            now = self._clock()
            rule = partial(
                pace.start,
                host=host,
                now=now,
                patience=self._patience,
                crawl_delay=crawl_delay,
                latency=lane.latency,
            )
            after, wait = rule(lane.standing)
            slot, is_slow = None, after.slow_pause > 0
            if wait == 0 and folder is not None:
                slot = folder.take_slot(lane.key, host.max_concurrency)
                if slot is None:
                    return place.next_look()
                wait, is_slow_there = _start_in(folder, slot, lane.key, rule)
                is_slow |= is_slow_there
            if wait > 0:
                return wait
            lane.standing = after
            lane.held += 1
            return Turn(host, lane, folder, slot, is_slow, self._slow_down_seconds, now, self._clock)


def _start_in(
    folder: HostsFolder, slot: int, key: str, rule: Callable[[Standing], tuple[Standing, float]]
) -> tuple[float, bool]:
    """Start a request by what all processes remember; return how long to wait, and whether trouble slows the host."""

    def start(standing: Standing) -> tuple[Standing, tuple[float, bool]]:
        after, wait = rule(standing)
        return after, (wait, after.slow_pause > 0)

    has_started = False
    try:
        wait, is_slow = folder.change(key, start)
        has_started = wait == 0
    finally:
        if not has_started:
            folder.free_slot(slot)
    return wait, is_slow


def _wake(called: asyncio.Future[None]) -> None:
    if not called.done():
        called.set_result(None)


def _lane_of(host: Host) -> _Lane:
    """Return the lane of a host; the address that it is pinned to tells it apart from others of its name."""
    key = f"{host.name} {host.address}" if host.address else host.name
    lane = _lanes.get((os.getpid(), key))
    return lane or _lanes.setdefault((os.getpid(), key), _Lane(key))
