"""Crawl speed beside peers: the same 2,000 replica pages from one server, the same fields into JSON Lines.

Every contestant is a process of its own, timed from its start to its end, and they take turns round by round: the
machine is shared, and only the ratios within one run mean anything. All have to find the same articles with the same
title, posted_at and view_count; what differs is an error, exit 1.
"""

import importlib.util
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

PAGES = 2000
ROUNDS = 3
FIELDS = ("title", "posted_at", "view_count")
HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Contestant:
    """A program below crawlers/; `lines` is what it writes below its folder, `needs` what has to be installed."""

    name: str
    command: tuple[str, ...]
    lines: str = "articles.jsonl"
    needs: str | None = None
    rounds: int = ROUNDS

    @property
    def is_installed(self) -> bool:
        """Whether the contestant can run here."""
        return self.needs is None or importlib.util.find_spec(self.needs) is not None


SCRAPY = "Scrapy"
CONTESTANTS = (
    Contestant("harvester, no language", ("harvester_crawl",), "bench/articles.jsonl"),
    Contestant(SCRAPY, ("scrapy_crawl",), needs="scrapy"),
    Contestant("Scrapy, JOBDIR", ("scrapy_crawl", "--jobdir"), needs="scrapy", rounds=1),
    Contestant("Scrapy, JOBDIR, cache", ("scrapy_crawl", "--jobdir", "--cache"), needs="scrapy", rounds=1),
    Contestant("bare httpx2 + selectolax", ("bare_crawl",)),
    Contestant("harvester", ("harvester_crawl", "--language"), "bench/articles.jsonl", rounds=1),
)


@dataclass(frozen=True, slots=True)
class Heat:
    """One run of one contestant."""

    seconds: float
    cpu_seconds: float
    peak_megabytes: float


class DifferentHarvest(Exception):
    """A contestant failed, or found other articles than the first did."""


@contextmanager
def served(pages: int) -> Iterator[list[str]]:
    """Serve the replica in another process and yield the addresses of its listings."""
    command = [sys.executable, "-m", "crawlers.server", str(pages)]
    with subprocess.Popen(command, cwd=HERE, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        if server.stdout is None or not (addresses := server.stdout.readline().split()):
            raise DifferentHarvest("the server did not start")
        yield addresses
        # Leaving the block closes the server's standard input, which ends it.


def run(contestant: Contestant, folder: Path, start_urls: Sequence[str]) -> Heat:
    """Run a contestant once, in a process of its own.

    Raises:
        DifferentHarvest: it failed.
    """
    module, *options = contestant.command
    output = folder if "/" in contestant.lines else folder / contestant.lines
    command = [sys.executable, "-m", f"crawlers.{module}", *options, str(output), *start_urls]
    started = time.perf_counter()
    with subprocess.Popen(command, cwd=HERE) as process:
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.perf_counter() - started
    if process.returncode:
        raise DifferentHarvest(f"{contestant.name} ended with exit {process.returncode}")
    return Heat(seconds, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def read_harvest(path: Path) -> tuple[Counter[tuple[object, ...]], int]:
    """Return what was found, without the bodies, and how many characters these have on average."""
    found: Counter[tuple[object, ...]] = Counter()
    characters = 0
    with path.open("rb") as lines:
        for line in lines:
            article = json.loads(line)
            found[tuple(article[field] for field in FIELDS)] += 1
            characters += len(article["body"])
    return found, characters // max(found.total(), 1)


def compare(name: str, found: Counter[tuple[object, ...]], wanted: Counter[tuple[object, ...]]) -> None:
    """Pass in silence what is the same harvest.

    Raises:
        DifferentHarvest: an article is lacking or different; the message shows the first.
    """
    if found.total() != PAGES or found != wanted:
        examples = [*(wanted - found), *(found - wanted)][:2]
        raise DifferentHarvest(f"{name} found {found.total()} articles, not the {PAGES} expected; {examples}")


def race(contestants: Sequence[Contestant], start_urls: Sequence[str]) -> tuple[dict[str, list[Heat]], dict[str, int]]:
    """Let the contestants take turns; return their runs, and how long a body each reads on average."""
    heats: dict[str, list[Heat]] = {contestant.name: [] for contestant in contestants}
    characters: dict[str, int] = {}
    wanted: Counter[tuple[object, ...]] = Counter()
    for turn in range(ROUNDS):
        for contestant in contestants:
            if turn >= contestant.rounds:
                continue
            with tempfile.TemporaryDirectory() as folder:
                heats[contestant.name].append(run(contestant, Path(folder), start_urls))
                found, characters[contestant.name] = read_harvest(Path(folder) / contestant.lines)
            wanted = wanted or found
            compare(contestant.name, found, wanted)
    return heats, characters


def print_table(heats: dict[str, list[Heat]], characters: dict[str, int]) -> None:
    """Print the medians of each contestant, and its speed as a multiple of Scrapy's in this run."""
    speeds = {name: PAGES / statistics.median(heat.seconds for heat in runs) for name, runs in heats.items()}
    print(f"\n{'':26} {'runs':>5} {'pages/s':>8} {'CPU s':>7} {'peak MB':>8} {'body':>6} {'x Scrapy':>9}")
    for name, runs in heats.items():
        cpu = statistics.median(heat.cpu_seconds for heat in runs)
        peak = max(heat.peak_megabytes for heat in runs)
        ratio = f"{speeds[name] / speeds[SCRAPY]:9.2f}" if SCRAPY in speeds else f"{'–':>9}"
        print(f"{name:26} {len(runs):5} {speeds[name]:8.0f} {cpu:7.1f} {peak:8.0f} {characters[name]:6} {ratio}")


def main() -> None:
    """Print pages per second, CPU seconds and peak memory of every contestant that is installed."""
    contestants = [contestant for contestant in CONTESTANTS if contestant.is_installed]
    for left_out in set(CONTESTANTS) - set(contestants):
        print(f"{left_out.name} is left out: {left_out.needs} is not installed (`make bench` installs it)")
    print(f"{PAGES} replica pages over loopback, gzipped, 16 at a time, no delay; whole processes, medians of the runs")
    try:
        with served(PAGES) as start_urls:
            print_table(*race(contestants, start_urls))
    except DifferentHarvest as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
