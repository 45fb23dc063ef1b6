"""Two processes on one portal at the same time: one of them is told so, the other is not disturbed."""

import os
import random
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from .conftest import Undisturbed
from .doomed_crawls import DoomedCrawls, Ending
from .portal_folder import check_whole, content_of, difference
from .replica_crawl import ReplicaCrawls

pytestmark = pytest.mark.kill

SEED = int(os.environ.get("HARVESTER_KILL_SEED", "20261123"))
TRIES = 5


def crawl_after(seconds: float, crawls: ReplicaCrawls, output: Path) -> Ending:
    time.sleep(seconds)
    return crawls.run(output)


def test_two_processes_started_at_once(undisturbed: Undisturbed, tmp_path: Path) -> None:
    chance, first = random.Random(f"{SEED} two"), undisturbed.crawls
    with DoomedCrawls() as others, ThreadPoolExecutor(2) as threads:
        second = ReplicaCrawls(others, first.catalogue, talk="talk of the other.txt")
        second.run(tmp_path / "first of all")  # so that both are warm
        for number in range(TRIES):
            output = tmp_path / str(number)
            waits = (0.0, chance.choice((0.0, chance.uniform(0, 0.2))))
            endings = list(threads.map(crawl_after, waits, (first, second), (output, output)))
            one, other = sorted(endings, key=lambda ending: ending.code)
            assert (one.code, other.code) == (0, 5), (one, other)
            assert "Traceback" not in one.talk
            (line,) = other.talk.splitlines()
            assert f"another run holds {output / 'demo'}" in line
            found = content_of(output / "demo")
            assert found == undisturbed.content, difference(found, undisturbed.content)
            check_whole(output / "demo")
