import asyncio
import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from harvester.errors import BudgetSpent, NotNow, OutputError, OutsideHours
from harvester.fetchers.politeness import Politeness
from harvester.portals.catalogue import Host

if TYPE_CHECKING:
    from conftest import Seen, Site

FETCH = """
import asyncio, json, sys
from pathlib import Path
from harvester.errors import FetchError
from harvester.fetchers.http import FetchSettings, HttpFetcher
from harvester.portals.catalogue import Catalogue, Host, Portal

async def fetch(fetcher, path):
    try:
        return (await fetcher.fetch(f"http://portal.test{path}")).status
    except FetchError as error:
        return type(error).__name__

async def fetch_all(folder, host, paths):
    portal = Portal(id="test", name="Test", hosts=(Host.model_validate_json(host),))
    settings = FetchSettings(backoff_seconds=0.01, max_backoff_seconds=0.02)
    async with HttpFetcher(Catalogue((portal,)), settings, hosts_folder=Path(folder)) as fetcher:
        return await asyncio.gather(*(fetch(fetcher, path) for path in paths))

print("ready", flush=True)
for line in sys.stdin:
    print(json.dumps(asyncio.run(fetch_all(*json.loads(line)))), flush=True)
"""


class Children:
    """Two processes that fetch, each all of its paths at once, under the limits of one folder."""

    def __init__(self) -> None:
        command = [sys.executable, "-c", FETCH]
        self._processes = [
            subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(2)
        ]
        assert [self._line(process) for process in self._processes] == ["ready\n"] * 2

    def fetch(self, folder: Path, host: Host, *paths: list[str]) -> list[list[object]]:
        busy = list(zip(self._processes, paths, strict=False))
        for process, own in busy:
            assert process.stdin
            process.stdin.write(f"{json.dumps([str(folder), host.model_dump_json(), own])}\n")
            process.stdin.flush()
        return [json.loads(self._line(process)) for process, _ in busy]

    def end(self) -> None:
        for process in self._processes:
            process.communicate(timeout=10)

    @staticmethod
    def _line(process: subprocess.Popen[str]) -> str:
        assert process.stdout
        return process.stdout.readline()


@pytest.fixture(scope="module")
def children() -> Iterator[Children]:
    started = Children()
    yield started
    started.end()


def slow_pages(site: "Site", count: int, seconds: float = 0.03) -> list[str]:
    paths = [f"/{number}" for number in range(count)]
    for path in paths:
        site.raw(path, b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n", b"\r\n", pause=seconds)
    return paths


def at_one_time(seen: "list[Seen]") -> int:
    return max(sum(other.started <= each.started < other.ended for other in seen) for each in seen)


def pages(site: "Site") -> "list[Seen]":
    return [seen for seen in site.seen if seen.path != "/robots.txt"]


@pytest.mark.parametrize("limit", [1, 2])
def test_two_processes_keep_a_hosts_concurrency(site: "Site", children: Children, tmp_path: Path, limit: int) -> None:
    paths = slow_pages(site, 20)
    answers = children.fetch(tmp_path, site.host(max_concurrency=limit), paths[:10], paths[10:])
    assert answers == [[200] * 10] * 2
    assert sorted(seen.path for seen in pages(site)) == sorted(paths)
    assert at_one_time(pages(site)) == limit


def test_neither_process_keeps_the_other_out(site: "Site", children: Children, tmp_path: Path) -> None:
    paths = slow_pages(site, 24)
    children.fetch(tmp_path, site.host(), paths[:12], paths[12:])
    first_half = [seen.path in paths[:12] for seen in pages(site)[:12]]
    assert 3 <= sum(first_half) <= 9


def test_two_processes_keep_a_hosts_pause(site: "Site", children: Children, tmp_path: Path) -> None:
    paths = slow_pages(site, 8, 0.0)
    children.fetch(tmp_path, site.host(delay_seconds=0.3, max_concurrency=4), paths[:4], paths[4:])
    assert len(site.seen) == 10
    # Two that kept it each for itself would be done in half the time.
    assert site.seen[-1].started - site.seen[0].started > 9 * 0.3 - 0.4


def test_retry_after_holds_for_the_other_process(site: "Site", children: Children, tmp_path: Path) -> None:
    site.answer("/a", status=429, headers={"Retry-After": "1"})
    site.answer("/a", b"back")
    paths = slow_pages(site, 6, 0.0)
    answers = children.fetch(tmp_path, site.host(), ["/a"], paths)
    assert answers == [[200], [200] * 6]
    (asked,) = [index for index, seen in enumerate(site.seen) if seen.path == "/a"][:1]
    refused = site.seen[asked]
    assert all(later.started - refused.ended >= 1.0 for later in site.seen[asked + 1 :])


def test_long_retry_after_holds_for_the_next_process(site: "Site", children: Children, tmp_path: Path) -> None:
    site.answer("/a", status=503, headers={"Retry-After": "3600"})
    site.answer("/b", b"page")
    assert children.fetch(tmp_path, site.host(), ["/a"]) == [["HttpStatusError"]]
    assert children.fetch(tmp_path, site.host(), [], ["/b"])[1:] == [["NotNow"]]
    assert site.paths() == ["/robots.txt", "/a"]


def test_budget_holds_for_both_processes(site: "Site", children: Children, tmp_path: Path) -> None:
    paths = slow_pages(site, 8, 0.0)
    answers = children.fetch(tmp_path, site.host(daily_requests=7), paths[:4], paths[4:])
    assert sorted(map(str, answers[0] + answers[1])) == ["200"] * 5 + ["BudgetSpent"] * 3
    assert len(site.seen) == 7


def fetch_in_threads(site: "Site", host: Host, *paths: list[str], folders: list[Path | None]) -> None:
    """Fetch each list of paths at once, with a fetcher and an event loop in a thread of its own."""

    async def fetch(own: list[str], folder: Path | None) -> None:
        async with site.fetcher(host, hosts_folder=folder) as fetcher:
            await asyncio.gather(*(fetcher.fetch(f"http://portal.test{path}") for path in own))

    threads = [
        threading.Thread(target=lambda own, folder: asyncio.run(fetch(own, folder)), args=each)
        for each in zip(paths, folders, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert not any(thread.is_alive() for thread in threads)


@pytest.mark.parametrize("limit", [1, 2])
@pytest.mark.parametrize("names", [[None, None, None], ["one", "one", "one"], ["one", "two", None]])
def test_fetchers_of_one_process_keep_limits_together(
    site: "Site", tmp_path: Path, limit: int, names: list[str | None]
) -> None:
    paths = slow_pages(site, 15, 0.02)
    folders = [tmp_path / name if name else None for name in names]
    fetch_in_threads(
        site,
        site.host(max_concurrency=limit, delay_seconds=0.03),
        paths[:5],
        paths[5:10],
        paths[10:],
        folders=folders,
    )
    assert sorted(seen.path for seen in pages(site)) == sorted(paths)
    assert at_one_time(pages(site)) <= limit
    assert site.seen[-1].started - site.seen[0].started > 17 * 0.03


def fetch_until_told(site: "Site", host: Host, *paths: str, **settings: Any) -> list[str]:
    async def each() -> list[str]:
        outcomes = []
        async with site.fetcher(host, **settings) as fetcher:
            for path in paths:
                try:
                    outcomes.append((await fetcher.fetch(f"http://portal.test{path}")).body.decode())
                except NotNow as error:
                    outcomes.append(str(error))
        return outcomes

    return asyncio.run(each())


def test_every_request_counts(site: "Site") -> None:
    site.answer("/a", status=302, headers={"Location": "/b"})
    site.answer("/b", status=500)
    site.answer("/b", b"page")
    site.answer("/c", b"page")
    first, second, third = fetch_until_told(site, site.host(daily_requests=5), "/a", "/c", "/c")
    assert (first, second) == ("page", "page")
    assert third.startswith("the 5 requests that portal.test is allowed a day are used up, again from ")
    assert third.endswith("00:00 (Vietnam's time) [http://portal.test/c]")
    assert site.paths() == ["/robots.txt", "/a", "/b", "/b", "/c"]


@pytest.mark.parametrize(
    ("fields", "kind"), [({"allowed_hours": "{}"}, OutsideHours), ({"daily_requests": 1}, BudgetSpent)]
)
def test_robots_that_may_not_be_asked_for_now_is_not_unreachable(
    site: "Site", fields: dict[str, Any], kind: type[NotNow]
) -> None:
    hour = (int(time.time()) // 3600 + 7) % 24
    closed = f"{(hour + 2) % 24:02}:00-{(hour + 3) % 24:02}:00"
    filled = {name: value.format(closed) if isinstance(value, str) else value for name, value in fields.items()}
    site.answer("/a", b"page")
    with pytest.raises(kind):
        site.fetch("/a", site.host(**filled))
    assert site.paths() == (["/robots.txt"] if kind is BudgetSpent else [])


def test_folder_that_cannot_be_written_is_told(site: "Site", tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    async def once() -> None:
        async with site.fetcher(hosts_folder=tmp_path / "file" / ".hosts") as fetcher:
            await fetcher.fetch("http://portal.test/a")

    with pytest.raises(OutputError, match=r"cannot keep the hosts' limits in .*/file/\.hosts: Not a directory"):
        asyncio.run(once())
    assert site.seen == []


def test_waiting_costs_no_time_of_the_processor(tmp_path: Path) -> None:
    host = Host(name="waiting.test", evidence="a test", delay_seconds=0.5)
    politeness = Politeness(tmp_path)

    async def wait() -> float:
        async with politeness.turn(host):
            began = time.process_time()
        async with politeness.turn(host):
            return time.process_time() - began

    assert asyncio.run(wait()) < 0.1
    politeness.close()
