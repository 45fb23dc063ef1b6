import json
import logging
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from harvester.cli import app, harvesting
from harvester.demo.server import Replica, replica_portal
from harvester.errors import ExitCode
from harvester.harvest.counts import Counts
from harvester.harvest.drift import Drift
from harvester.harvest.job import PortalReport
from harvester.portals.catalogue import Portal
from harvester.progress import repeating

ARTICLES = 20
PROGRAM = [sys.executable, "-c", "from harvester.cli import main; main()"]
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@pytest.fixture(scope="module")
def replica() -> Iterator[Replica]:
    with Replica(ARTICLES, slow_seconds=0) as running:
        yield running


def write_catalogue(path: Path, replica: Replica, **of_host: object) -> Path:
    """A catalogue file of the replica; JSON's texts, numbers and lists are TOML's too."""
    entry = replica_portal(replica.address).model_dump(mode="json", exclude_none=True)
    (host,) = entry.pop("hosts")
    tables = (("[[portal]]", entry), ("[[portal.hosts]]", host | of_host))
    lines = [[header, *(f"{key} = {json.dumps(value)}" for key, value in table.items())] for header, table in tables]
    path.write_text("\n".join(line for table in lines for line in table), encoding="utf-8")
    return path


@pytest.fixture
def catalogue(replica: Replica, tmp_path: Path) -> Path:
    return write_catalogue(tmp_path / "replica.toml", replica)


@pytest.fixture(autouse=True)
def _logging_as_it_was() -> Iterator[None]:
    logger = logging.getLogger("harvester")
    before = logger.handlers, logger.level, logger.propagate
    yield
    logger.handlers, logger.level, logger.propagate = before


def crawl(catalogue: Path, *arguments: str | Path) -> Result:
    command = ["crawl", "demo", "--catalogue", str(catalogue), *map(str, arguments)]
    return CliRunner().invoke(app, command, catch_exceptions=False)


def logged(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stderr.splitlines()]


# ---------------------------------------------------------------------------------------------- run ids


def test_every_line_of_a_run_carries_the_id_in_the_manifest(catalogue: Path, tmp_path: Path) -> None:
    output = tmp_path / "out"
    ids = []
    for _ in range(2):
        result = crawl(catalogue, "--output", output, "--log-format", "json", "--limit", "2", "--max-failed", "9")
        (run_id,) = {line["run_id"] for line in logged(result)}
        assert UUID.fullmatch(run_id)
        ids.append(run_id)
    runs = json.loads((output / "demo" / "manifest.json").read_bytes())["runs"]
    assert [run["run_id"] for run in runs] == ids
    assert len(set(ids)) == 2


def test_an_error_before_the_run_is_a_log_line_too(catalogue: Path) -> None:
    result = CliRunner().invoke(app, ["crawl", "badinh", "--log-format", "json"], catch_exceptions=False)
    (line,) = logged(result)
    assert result.exit_code == 2
    assert UUID.fullmatch(line["run_id"])
    assert line["message"].startswith('error: portal "badinh": host unknown')


def test_text_logs_stay_as_they_are(catalogue: Path, tmp_path: Path) -> None:
    result = crawl(catalogue, "--output", tmp_path / "out", "--limit", "1", "--max-failed", "9")
    assert not UUID.search(result.stderr)


# ---------------------------------------------------------------------------------------------- metrics


def numbers(path: Path) -> dict[str, float]:
    lines = [line for line in path.read_text().splitlines() if not line.startswith("#")]
    return {line.rpartition(" ")[0].replace('portal="demo"', ""): float(line.rpartition(" ")[2]) for line in lines}


def test_metrics_of_a_run(catalogue: Path, tmp_path: Path) -> None:
    path = tmp_path / "demo.prom"
    result = crawl(catalogue, "--output", tmp_path / "out", "--metrics-file", path)
    found = numbers(path)
    assert result.exit_code == ExitCode.MANY_PAGES_FAILED
    assert (found["harvester_run_exit_code{}"], found["harvester_pages_total{}"]) == (4, ARTICLES)
    assert found['harvester_articles_total{outcome="new",}'] == ARTICLES
    assert found["harvester_run_start_timestamp_seconds{}"] < found["harvester_run_end_timestamp_seconds{}"]
    assert "harvester_run_success_timestamp_seconds{}" not in found


def test_metrics_of_a_folder_that_cannot_be_written(catalogue: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    path = tmp_path / "demo.prom"
    assert crawl(catalogue, "--output", tmp_path / "file", "--metrics-file", path).exit_code == 1
    assert numbers(path)["harvester_run_exit_code{}"] == 1


@pytest.mark.parametrize(
    ("name", "code", "reason"),
    [
        ("none/demo.prom", 1, "error: cannot write metrics to {}: No such file or directory\n"),
        (".", 1, "error: cannot write metrics to {}: it is no regular file\n"),
        ("replica.toml", 2, "error: {} holds something else than metrics of harvester; name another file\n"),
    ],
)
def test_a_metrics_file_that_cannot_be_ends_it_before_it_begins(
    catalogue: Path, tmp_path: Path, name: str, code: int, reason: str
) -> None:
    before = catalogue.read_bytes()
    result = crawl(catalogue, "--output", tmp_path / "out", "--metrics-file", tmp_path / name)
    assert (result.exit_code, result.stdout, result.stderr) == (code, "", reason.format(tmp_path / name))
    assert catalogue.read_bytes() == before
    assert not (tmp_path / "out").exists()


def test_a_metrics_file_without_a_name(catalogue: Path, tmp_path: Path) -> None:
    result = crawl(catalogue, "--output", tmp_path / "out", "--metrics-file", "")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "error: --metrics-file is empty; give it a file\n"
    assert not (tmp_path / "out").exists()


# ---------------------------------------------------------------------------------------------- how a run ended


def ending(code: ExitCode, *drifted: str, **counts: int) -> PortalReport:
    drift = tuple(Drift(field, "filled", "yes", 1.0, 0.0, 20, 1, f"{field}: none") for field in drifted)
    return PortalReport(Portal(id="thu", name="Quận Thử"), code, Counts(**counts), Path("out/thu"), drift=drift)


@pytest.mark.parametrize(
    ("report", "said"),
    [
        (ending(ExitCode.DONE, new=2, gone=1), ["2 new, 0 changed, 0 unchanged, 1 gone, 0 failed -> out/thu"]),
        (
            ending(ExitCode.DRIFTED, "body", "posted_at"),
            [
                "0 new, 0 changed, 0 unchanged, 0 failed -> out/thu",
                "drifted: body, posted_at; the log says how, docs/drift.md what to do about it",
            ],
        ),
        (
            ending(ExitCode.DONE, held_back=3),
            [
                "0 new, 0 changed, 0 unchanged, 0 failed -> out/thu",
                "3 articles held back: they lack a field that every article had; later runs try again",
            ],
        ),
        (
            ending(ExitCode.DONE, hosts_not_now=1),
            [
                "0 new, 0 changed, 0 unchanged, 0 failed -> out/thu",
                "the catalogue allows a host no more requests now; the same command goes on when it does",
            ],
        ),
        (
            ending(ExitCode.MANY_PAGES_FAILED, new=1, hosts_left_alone=1),
            [
                "1 new, 0 changed, 0 unchanged, 0 failed -> out/thu",
                "a host was left alone: it stopped answering, or asked for a longer pause than is waited for; the log "
                "says which, the same command goes on",
            ],
        ),
        (
            ending(ExitCode.MANY_PAGES_FAILED, new=1, failed=9),
            [
                "1 new, 0 changed, 0 unchanged, 9 failed -> out/thu",
                "more pages failed than --max-failed allows; failures.jsonl says which and why",
            ],
        ),
    ],
)
def test_what_is_said_at_the_end(report: PortalReport, said: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    harvesting._report([report])
    assert capsys.readouterr().err.splitlines() == [f"thu: {line}" for line in said]


def test_a_host_that_may_be_asked_no_more_today(replica: Replica, tmp_path: Path) -> None:
    catalogue = write_catalogue(tmp_path / "mine.toml", replica, daily_requests=6)
    result = crawl(catalogue, "--output", tmp_path / "out")
    assert result.exit_code == 0
    assert result.stderr.splitlines()[-1] == (
        "demo: the catalogue allows a host no more requests now; the same command goes on when it does"
    )


# ---------------------------------------------------------------------------------------------- ending in time


@pytest.mark.parametrize("name", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_in_time(replica: Replica, tmp_path: Path, name: signal.Signals) -> None:
    catalogue = write_catalogue(tmp_path / "slow.toml", replica, delay_seconds=30)
    metrics = tmp_path / "demo.prom"
    files = {"--catalogue": catalogue, "--output": tmp_path / "out", "--metrics-file": metrics}
    options = [str(part) for option in files.items() for part in option]
    command = [*PROGRAM, "crawl", "demo", "--log-format", "json", *options]
    with subprocess.Popen(command, stderr=subprocess.PIPE, env=os.environ) as running:
        while not (tmp_path / "out" / "demo" / "state.sqlite").exists():
            time.sleep(0.05)
        time.sleep(1)
        running.send_signal(name)
        sent = time.monotonic()
        _, talk = running.communicate(timeout=30)
    assert (running.returncode, time.monotonic() - sent < 5) == (130, True)
    last = json.loads(talk.splitlines()[-1])
    assert last["message"] == "demo: interrupted; everything is kept, the same command goes on from here"
    assert numbers(metrics)["harvester_run_exit_code{}"] == 130


def test_what_is_repeated_ends_with_the_work() -> None:
    done: list[float] = []
    with repeating(0.01, lambda: done.append(time.monotonic())):
        while len(done) < 3:
            time.sleep(0.01)
    count = len(done)
    time.sleep(0.1)
    assert len(done) == count


def test_an_action_that_hangs_does_not_hold_up_the_end() -> None:
    hanging, released = threading.Event(), threading.Event()

    def hang() -> None:
        hanging.set()
        released.wait()

    began = time.monotonic()
    with repeating(0.01, hang):
        hanging.wait()
    released.set()
    assert time.monotonic() - began < 3
