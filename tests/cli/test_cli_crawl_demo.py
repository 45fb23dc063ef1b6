import json
import logging
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from harvester.cli import app
from harvester.demo.server import Replica, replica_portal
from harvester.demo.site import expected_articles
from harvester.harvest.store import PortalStore
from harvester.records import VIETNAM_TIME, Article

ARTICLES = 20
PROGRAM = [sys.executable, "-c", "from harvester.cli import main; main()"]
LOG_LINE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d (INFO|WARNING|ERROR) +\S.*")


@pytest.fixture(scope="module")
def replica() -> Iterator[Replica]:
    with Replica(ARTICLES, slow_seconds=0) as running:
        yield running


@pytest.fixture
def catalogue(replica: Replica, tmp_path: Path) -> Path:
    """A catalogue file of the replica; JSON's texts, numbers and lists are TOML's too."""
    entry = replica_portal(replica.address).model_dump(mode="json", exclude_none=True)
    (host,) = entry.pop("hosts")
    tables = (("[[portal]]", entry), ("[[portal.hosts]]", host))
    lines = [[header, *(f"{key} = {json.dumps(value)}" for key, value in table.items())] for header, table in tables]
    path = tmp_path / "replica.toml"
    path.write_text("\n".join(line for table in lines for line in table), encoding="utf-8")
    return path


@pytest.fixture(autouse=True)
def _logging_as_it_was() -> Iterator[None]:
    logger = logging.getLogger("harvester")
    before = logger.handlers, logger.level, logger.propagate
    yield
    logger.handlers, logger.level, logger.propagate = before


def crawl(catalogue: Path, *arguments: str | Path) -> Result:
    command = ["crawl", "demo", "--catalogue", str(catalogue), *map(str, arguments)]
    return CliRunner().invoke(app, command, catch_exceptions=False)


def process(*arguments: str | Path, cwd: Path | None = None) -> subprocess.CompletedProcess[bytes]:
    environment = os.environ | {"HARVESTER_CONTACT": "https://example.org/crawler"}
    return subprocess.run([*PROGRAM, *arguments], capture_output=True, cwd=cwd, env=environment, check=False)


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_bytes().splitlines()]


def test_a_crawl_by_the_real_process(replica: Replica, catalogue: Path, tmp_path: Path) -> None:
    done = process("crawl", "demo", "--catalogue", catalogue, "--max-failed", "3", cwd=tmp_path)
    *log, summary = done.stderr.decode().splitlines()
    assert (done.returncode, done.stdout) == (0, b"")
    assert summary == f"demo: {ARTICLES} new, 0 changed, 0 unchanged, 3 failed -> output/demo"
    assert all(LOG_LINE.fullmatch(line) for line in log)
    assert [sum(f" {level} " in line for line in log) for level in ("WARNING", "ERROR")] == [3, 0]
    assert b"\x1b" not in done.stderr
    written = {line["id"] for line in lines(tmp_path / "output" / "demo" / "articles.jsonl")}
    assert written == {f"demo/{one.entry_id}" for one in expected_articles(replica.site)}
    (run,) = json.loads((tmp_path / "output" / "demo" / "manifest.json").read_bytes())["runs"]
    assert (run["command"].split()[1:3], run["exit_code"]) == (["crawl", "demo"], 0)


def test_too_many_failed_pages_are_said(catalogue: Path, tmp_path: Path) -> None:
    result = crawl(catalogue, "--output", tmp_path / "out")
    assert (result.exit_code, result.stdout) == (4, "")
    assert result.stderr.splitlines()[-2:] == [
        f"demo: {ARTICLES} new, 0 changed, 0 unchanged, 3 failed -> {tmp_path}/out/demo",
        "demo: more pages failed than --max-failed allows; failures.jsonl says which and why",
    ]


def test_logs_as_json_lines(catalogue: Path, tmp_path: Path) -> None:
    result = crawl(catalogue, "--output", tmp_path / "out", "--log-format", "json", "--max-failed", "50%")
    assert (result.exit_code, result.stdout) == (0, "")
    *log, _ = result.stderr.splitlines()
    found = [json.loads(line) for line in log]
    assert {"time", "level", "logger", "message"} <= found[0].keys()
    assert {one["portal"] for one in found} == {"demo"}
    assert [one["stage"] for one in found if one["level"] == "warning"].count("fetch") == 1
    assert (found[-1]["level"], found[-1]["new"], found[-1]["failed"]) == ("info", ARTICLES, 3)


def test_articles_to_standard_output(replica: Replica, catalogue: Path, tmp_path: Path) -> None:
    done = process("crawl", "demo", "--catalogue", catalogue, "--output", "-", "--max-failed", "3", cwd=tmp_path)
    found = [Article.model_validate_json(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0
    assert {one.id for one in found} == {f"demo/{one.entry_id}" for one in expected_articles(replica.site)}
    assert done.stderr.decode().splitlines()[-1].endswith("3 failed -> standard output")
    assert [path.name for path in tmp_path.iterdir()] == [catalogue.name]


def test_a_reader_that_takes_one_line(catalogue: Path) -> None:
    command = [*PROGRAM, "crawl", "demo", "--catalogue", str(catalogue), "--output", "-"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        Article.model_validate_json(running.stdout.readline())
        running.stdout.close()
        talk = running.stderr.read().decode()
    assert running.returncode == 1
    assert "Traceback" not in talk
    assert "Exception ignored" not in talk
    assert "cannot write to the stream: Broken pipe" in talk


def test_another_process_holds_the_folder(catalogue: Path, tmp_path: Path) -> None:
    holder = PortalStore(tmp_path / "out" / "demo", datetime.now(VIETNAM_TIME))
    done = process("crawl", "demo", "--catalogue", catalogue, "--output", tmp_path / "out")
    holder.close()
    (said,) = done.stderr.decode().splitlines()
    assert (done.returncode, done.stdout) == (5, b"")
    assert said.endswith(f"demo: another run holds {tmp_path}/out/demo; wait for it, or choose another --output")


@pytest.mark.parametrize(
    ("output", "reason"),
    [("file", "Not a directory"), ("file/out", "Not a directory"), ("/proc/out", "No such file or directory")],
)
def test_a_folder_that_cannot_be_written(catalogue: Path, tmp_path: Path, output: str, reason: str) -> None:
    (tmp_path / "file").touch()
    folder = tmp_path / output
    result = crawl(catalogue, "--output", folder)
    (said,) = result.stderr.splitlines()
    assert (result.exit_code, result.stdout) == (1, "")
    assert said.endswith(f"demo: cannot write to {folder}/demo: {reason}")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written(catalogue: Path, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir(mode=0o555)
    result = crawl(catalogue, "--output", folder)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.splitlines()[0].endswith(f"cannot write to {folder}/demo: Permission denied")


def test_limit_and_days_reach_the_run(replica: Replica, catalogue: Path, tmp_path: Path) -> None:
    newest, *_ = expected_articles(replica.site)
    day = newest.posted_at.date().isoformat()
    result = crawl(catalogue, "--output", tmp_path, "--since", day, "--until", day, "--limit", "1")
    assert (result.exit_code, result.stdout) == (0, "")
    assert [line["id"] for line in lines(tmp_path / "demo" / "articles.jsonl")] == [f"demo/{newest.entry_id}"]


def test_a_portal_named_twice_is_crawled_once(replica: Replica, catalogue: Path, tmp_path: Path) -> None:
    result = crawl(catalogue, "demo", "--output", tmp_path, "--limit", "1", "--max-failed", "100%")
    assert (result.exit_code, len(result.stderr.splitlines()[-1:])) == (0, 1)
    assert len(json.loads((tmp_path / "demo" / "manifest.json").read_bytes())["runs"]) == 1


def test_the_demo_by_the_real_process(tmp_path: Path) -> None:
    done = process("demo", "--articles", "64", "--output", tmp_path / "try", cwd=tmp_path)
    assert done.returncode == 0
    shown = done.stdout.decode()
    assert shown.splitlines()[0].split() == ["posted", "views", "title", "officials", "documents"]
    assert done.stderr.decode().splitlines()[-1] == (
        f"demo: 64 new, 0 changed, 0 unchanged, 3 failed -> {tmp_path}/try/demo"
    )
    assert not re.search(r"\x1b|Traceback", shown + done.stderr.decode())
    found = [
        Article.model_validate_json(line) for line in (tmp_path / "try/demo/articles.jsonl").read_bytes().splitlines()
    ]
    assert len(found) == 64
    for name in ("articles.jsonl", "observations.jsonl", "failures.jsonl", "manifest.json", "state.sqlite"):
        size = (tmp_path / "try" / "demo" / name).stat().st_size
        assert f"{tmp_path}/try/demo/{name}  {size:,} bytes" in shown.replace("\n", "")
