"""Real processes, interrupted and killed: what was settled is kept, and the next run goes on from there."""

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from harvester.demo.server import Replica, replica_portal
from harvester.demo.site import expected_articles
from harvester.fetchers.http import FetchSettings
from harvester.harvest.job import Allowance, HarvestJob, PortalReport, run_job
from harvester.portals.catalogue import Catalogue, Portal

ARTICLES = 24
SLOW_START_SECONDS = 60.0


@pytest.fixture(scope="module")
def served() -> Iterator[Replica]:
    with Replica(ARTICLES, slow_seconds=0) as running:
        yield running


@pytest.fixture
def replica(served: Replica) -> Replica:
    served.requests.clear()
    return served


def gentle_portal(replica: Replica) -> Portal:
    """Return the replica's entry, read slowly enough to be caught in the middle."""
    portal = replica_portal(replica.address)
    host = portal.hosts[0].model_copy(update={"max_concurrency": 1, "delay_seconds": 0.02})
    return portal.model_copy(update={"hosts": (host,)})


def write_catalogue(path: Path, portal: Portal) -> Path:
    """Write the entry as TOML; JSON's texts, numbers and lists are TOML's too."""
    own = portal.model_dump(mode="json", exclude={"hosts"}, exclude_none=True)
    (host,) = portal.model_dump(mode="json", exclude_none=True)["hosts"]
    tables = (("[[portal]]", own), ("[[portal.hosts]]", host))
    text = "\n".join(
        "\n".join([header, *(f"{key} = {json.dumps(value)}" for key, value in table.items())])
        for header, table in tables
    )
    path.write_text(text, encoding="utf-8")
    return path


def start(replica: Replica, folder: Path) -> subprocess.Popen[bytes]:
    """Start a crawl of the replica in a process of its own and wait for nothing."""
    catalogue = write_catalogue(folder / "catalogue.toml", gentle_portal(replica))
    command = [sys.executable, "-c", "from harvester.cli import main; main()", "crawl", "demo"]
    return subprocess.Popen(
        [*command, "--catalogue", catalogue, "--output", folder / "output"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=os.environ | {"HARVESTER_CONTACT": "https://example.org/crawler"},
    )


def wait_for_requests(replica: Replica, number: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + SLOW_START_SECONDS
    while len(replica.requests) < number and process.poll() is None:
        assert time.monotonic() < deadline, "the process asks for nothing"
        time.sleep(0.002)


def finish(replica: Replica, output: Path) -> PortalReport:
    """Run a harvest to its end in this process, as the command line would."""
    portal = gentle_portal(replica)
    job = HarvestJob(
        portals=(portal,),
        catalogue=Catalogue((portal,)),
        output=output,
        settings=FetchSettings(backoff_seconds=0.01),
        allowance=Allowance(number=3),
    )
    (report,) = run_job(job)
    return report


def lines(folder: Path) -> list[dict[str, Any]]:
    path = folder / "articles.jsonl"
    content = path.read_bytes() if path.exists() else b""
    return [json.loads(line) for line in content[: content.rfind(b"\n") + 1].splitlines()]


def comparable(found: list[dict[str, Any]]) -> Counter[str]:
    """Return the lines without what tells one fetch from another."""
    for line in found:
        del line["capture"]["captured_at"], line["capture"]["archive"]
    return Counter(json.dumps(line, ensure_ascii=False, sort_keys=True) for line in found)


@pytest.fixture(scope="module")
def undisturbed(served: Replica, tmp_path_factory: pytest.TempPathFactory) -> Counter[str]:
    folder = tmp_path_factory.mktemp("undisturbed")
    finish(served, folder)
    found = lines(folder / "demo")
    assert {line["id"] for line in found} == {f"demo/{one.entry_id}" for one in expected_articles(served.site)}
    return comparable(found)


@pytest.mark.parametrize(("number", "asked"), [(signal.SIGINT, 12), (signal.SIGTERM, 20)], ids=["SIGINT", "SIGTERM"])
def test_an_interrupted_process_keeps_everything(
    replica: Replica, tmp_path: Path, undisturbed: Counter[str], number: signal.Signals, asked: int
) -> None:
    with start(replica, tmp_path) as process:
        wait_for_requests(replica, asked, process)
        process.send_signal(number)
        out, err = process.communicate(timeout=SLOW_START_SECONDS)
    assert process.returncode == 130
    assert out == b""
    assert "Traceback" not in err.decode()
    assert err.decode().splitlines()[-1] == (
        "demo: interrupted; everything is kept, the same command goes on from here"
    )
    kept = lines(tmp_path / "output" / "demo")
    assert 0 < len(kept) < ARTICLES
    (run,) = json.loads((tmp_path / "output" / "demo" / "manifest.json").read_bytes())["runs"]
    assert (run["exit_code"], run["counts"]["new"]) == (130, len(kept))
    coverage = run["coverage"]
    assert coverage["harvested"] + coverage["waiting"] + coverage["failed"] == coverage["known"]
    report = finish(replica, tmp_path / "output")
    assert report.counts.new == ARTICLES - len(kept)
    assert comparable(lines(tmp_path / "output" / "demo")) == undisturbed
