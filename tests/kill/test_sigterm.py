"""SIGTERM in the middle of a crawl of a portal that is slow or stalls: the process ends soon, and keeps everything."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from harvester.demo.server import Answer, Replica

from .conftest import Undisturbed
from .portal_folder import ARTICLES, check_whole, content_of, difference
from .replica_crawl import crawl_arguments, write_catalogue

pytestmark = pytest.mark.kill

ENDS_WITHIN_SECONDS = 5.0
STARTS_WITHIN_SECONDS = 60.0
STALL_SECONDS = 120.0


class Stalling(Replica):
    """A replica that answers slowly, and from its n-th request on for a long time not at all."""

    stalls_from: int = 0
    seconds_each: float = 0.0
    answers_503: bool = False

    def answer(self, target: str, *, packed: bool) -> Answer:
        if len(self.requests) < self.stalls_from:
            self.stopping.wait(self.seconds_each)
        elif self.answers_503:
            return Answer(503, "text/html", b"")
        else:
            self.stopping.wait(STALL_SECONDS)
        return super().answer(target, packed=packed)


def slow(replica: Stalling) -> None:
    replica.stalls_from, replica.seconds_each = 10_000, 0.1


def stalling(replica: Stalling) -> None:
    replica.stalls_from = 12


def without_robots(replica: Stalling) -> None:
    replica.stalls_from = 1


def overloaded(replica: Stalling) -> None:
    replica.stalls_from, replica.answers_503 = 12, True


@pytest.mark.parametrize(
    ("trouble", "requests", "keeps"),
    [(slow, 14, True), (stalling, 12, True), (without_robots, 1, False), (overloaded, 12, True)],
)
def test_sigterm(
    undisturbed: Undisturbed, tmp_path: Path, *, trouble: Callable[[Stalling], None], requests: int, keeps: bool
) -> None:
    with Stalling(site=undisturbed.replica.site, slow_seconds=0) as replica:
        trouble(replica)
        catalogue = write_catalogue(tmp_path / "catalogue.toml", replica)
        process = subprocess.Popen(
            [sys.executable, "-c", "from harvester.cli import main; main()", *crawl_arguments(catalogue, tmp_path)],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=os.environ | {"HARVESTER_CONTACT": "https://example.org/crawler"},
            text=True,
        )
        wait_for_requests(replica, requests, process)
        time.sleep(0.3)  # so that what was answered is read
        asked_at = time.monotonic()
        process.send_signal(signal.SIGTERM)
        talk, _ = process.communicate(timeout=STARTS_WITHIN_SECONDS)
        seconds = time.monotonic() - asked_at
    print(f"{trouble.__name__}: ended {seconds:.2f} s after SIGTERM")
    assert process.returncode == 130, talk
    assert seconds < ENDS_WITHIN_SECONDS
    assert "Traceback" not in talk
    folder = tmp_path / "demo"
    check_whole(folder)
    kept = content_of(folder)
    assert bool(kept[ARTICLES]) == keeps
    assert kept[ARTICLES] <= undisturbed.content[ARTICLES]
    ending = undisturbed.crawls.run(tmp_path)
    assert ending.code == 0, ending.talk
    found = content_of(folder)
    assert found[ARTICLES] == undisturbed.content[ARTICLES], difference(found, undisturbed.content)
    check_whole(folder)


def wait_for_requests(replica: Replica, number: int, process: subprocess.Popen[str]) -> None:
    deadline = time.monotonic() + STARTS_WITHIN_SECONDS
    while len(replica.requests) < number and process.poll() is None:
        assert time.monotonic() < deadline, "the process asks for nothing"
        time.sleep(0.005)
