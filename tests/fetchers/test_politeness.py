import asyncio
import itertools
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from harvester.fetchers.politeness import Politeness
from harvester.portals.catalogue import Host

if TYPE_CHECKING:
    from conftest import Site


class Clock:
    """Time that passes only in sleep."""

    def __init__(self) -> None:
        self.now = 1000.0

    async def sleep(self, seconds: float) -> None:
        self.now += seconds


def host(delay: float, concurrency: int = 1, name: str = "portal.test") -> Host:
    return Host(name=name, evidence="a test", delay_seconds=delay, max_concurrency=concurrency)


tests = itertools.count()


def new(host: Host) -> Host:
    """Return the host under a name of its own: what happens to a host is remembered as long as the process lives."""
    return host.model_copy(update={"name": f"{next(tests)}.{host.name}"})


def starts(turns: Iterable[tuple[Host, float]], *, hold: float = 0.0) -> list[float]:
    """Take the turns one after another; return when each started. The first may end in trouble and a Retry-After."""
    clock, test = Clock(), next(tests)
    politeness = Politeness(clock=lambda: clock.now, sleep=clock.sleep)

    async def take() -> list[float]:
        begun = []
        for index, (whose, crawl_delay) in enumerate(turns):
            own = whose.model_copy(update={"name": f"{test}.{whose.name}"})
            async with politeness.turn(own, crawl_delay) as turn:
                begun.append(clock.now - 1000.0)
                if index == 0 and hold:
                    turn.troubled(hold)
        return begun

    return asyncio.run(take())


@pytest.mark.parametrize(
    ("turns", "expected"),
    [
        ([(host(1), 0)] * 3, [0, 1, 2]),
        ([(host(0), 0)] * 3, [0, 0, 0]),
        ([(host(1), 5)] * 3, [0, 5, 10]),
        ([(host(7), 5)] * 3, [0, 7, 14]),
        ([(host(1), 3600)] * 2, [0, 30]),
        ([(host(60), 3600)] * 2, [0, 60]),
        ([(host(1), 0), (host(1, name="other.test"), 0), (host(1), 0)], [0, 0, 1]),
    ],
)
def test_starts_lie_apart(turns: list[tuple[Host, float]], expected: list[float]) -> None:
    assert starts(turns) == expected


@pytest.mark.parametrize(("hold", "expected"), [(10, [0, 10, 12]), (0.5, [0, 2, 4])])
def test_trouble_moves_the_next_start(hold: float, expected: list[float]) -> None:
    assert starts([(host(1), 0)] * 3, hold=hold) == expected


@pytest.mark.parametrize("limit", [1, 2, 3])
def test_turns_held_at_one_time_are_limited(limit: int) -> None:
    politeness, whose = Politeness(), new(host(0, limit))
    held: list[int] = []

    async def one(running: set[int], number: int) -> None:
        async with politeness.turn(whose):
            running.add(number)
            held.append(len(running))
            await asyncio.sleep(0.005)
            running.discard(number)

    async def several() -> None:
        running: set[int] = set()
        await asyncio.gather(*(one(running, number) for number in range(7)))

    asyncio.run(several())
    assert (len(held), max(held)) == (7, limit)


def test_cancelled_wait_gives_its_turn_back() -> None:
    async def cancel_one() -> str:
        politeness, whose = Politeness(), new(host(0.05))
        async with politeness.turn(whose):
            waiting = asyncio.create_task(politeness.turn(whose).__aenter__())
            await asyncio.sleep(0)
            waiting.cancel()
        async with asyncio.timeout(1), politeness.turn(whose):
            return "in"

    assert asyncio.run(cancel_one()) == "in"


def test_turn_may_outlast_its_politeness(tmp_path: Path) -> None:
    async def outlast() -> str:
        first, second, whose = Politeness(tmp_path), Politeness(tmp_path), new(host(0))
        async with first.turn(new(host(0))), second.turn(whose):
            second.close()
        async with asyncio.timeout(1), first.turn(whose):
            first.close()
            return "in"

    assert asyncio.run(outlast()) == "in"


def test_slow_host_is_asked_no_faster_than_it_answers() -> None:
    clock, whose = Clock(), new(host(0, 2))
    politeness = Politeness(clock=lambda: clock.now, sleep=clock.sleep)

    async def starts() -> list[float]:
        begun = []
        for _ in range(3):
            async with politeness.turn(whose) as turn:
                begun.append(clock.now - 1000.0)
                turn.answered(12.0)
        return begun

    assert asyncio.run(starts()) == [0, 0, 3]


def fetch_at_once(site: "Site", whose: Host, *paths: str) -> None:
    async def at_once() -> None:
        async with site.fetcher(whose) as fetcher:
            await asyncio.gather(*(fetcher.fetch(f"http://portal.test{path}") for path in paths))

    asyncio.run(at_once())


def test_site_sees_the_pace(site: "Site") -> None:
    paths = [f"/{number}" for number in range(4)]
    for path in paths:
        site.answer(path, b"page")
    fetch_at_once(site, site.host(delay_seconds=0.2), *paths)
    assert site.paths() == ["/robots.txt", *paths]
    # The site notices a request some moments after its start: the first one, too.
    assert site.seen[-1].started - site.seen[0].started > 4 * 0.2 - 0.3
    assert all(later.started > earlier.ended for earlier, later in pairwise(site.seen))


@pytest.mark.parametrize("limit", [1, 3])
def test_site_sees_no_more_requests_at_one_time_than_allowed(site: "Site", limit: int) -> None:
    paths = [f"/{number}" for number in range(6)]
    for path in paths:
        site.raw(path, b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n", b"\r\n", pause=0.03)
    fetch_at_once(site, site.host(max_concurrency=limit), *paths)
    pages = site.seen[1:]
    assert len(pages) == 6
    assert all(sum(other.started <= seen.started < other.ended for other in pages) <= limit for seen in pages)


def test_site_is_left_alone_for_the_seconds_it_asks(site: "Site") -> None:
    site.answer("/a", status=503, headers={"Retry-After": "1"})
    site.answer("/a", b"back")
    assert site.fetch("/a").body == b"back"
    assert site.seen[2].started - site.seen[1].started >= 1.0


def test_site_is_left_alone_until_the_date_it_names(site: "Site") -> None:
    date = (datetime.now(UTC) + timedelta(seconds=2.5)).replace(microsecond=0)
    site.answer("/a", status=503, headers={"Retry-After": date.strftime("%a, %d %b %Y %H:%M:%S GMT")})
    site.answer("/a", b"back")
    assert site.fetch("/a").captured_at >= date


def test_others_wait_too_where_a_site_asks_for_time(site: "Site") -> None:
    site.answer("/a", status=429, headers={"Retry-After": "1"})
    site.answer("/a", b"back")
    site.answer("/b", b"page")
    fetch_at_once(site, site.host(), "/a", "/b")
    assert site.paths()[:2] == ["/robots.txt", "/a"]
    assert sorted(site.paths()[2:]) == ["/a", "/b"]
    assert all(later.started - site.seen[1].started >= 1.0 for later in site.seen[2:])
