import json
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from harvester.cli import app
from harvester.demo.server import Replica, replica_portal
from harvester.errors import ExitCode
from harvester.harvest.job import Allowance, HarvestJob, run_job
from harvester.harvest.status import read_status
from harvester.harvest.status_records import PortalStatus
from harvester.harvest.store import PortalStore
from harvester.portals.catalogue import Catalogue
from harvester.records import VIETNAM_TIME

ARTICLES = 20


@pytest.fixture(scope="module")
def harvested(tmp_path_factory: pytest.TempPathFactory) -> Path:
    output = tmp_path_factory.mktemp("harvested")
    with Replica(ARTICLES, slow_seconds=0) as replica:
        portal = replica_portal(replica.address)
        job = HarvestJob((portal,), Catalogue((portal,)), output, allowance=Allowance(number=9), language=None)
        assert [report.exit_code for report in run_job(job)] == [ExitCode.DONE]
    return output


@pytest.fixture
def output(harvested: Path, tmp_path: Path) -> Path:
    """A copy of the output folder, to be tampered with."""
    return Path(shutil.copytree(harvested, tmp_path / "output"))


def status(output: Path, *arguments: str) -> Result:
    command = ["status", *arguments, "--output", str(output)]
    return CliRunner().invoke(app, command, catch_exceptions=False)


def objects(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_a_table_of_everything(harvested: Path) -> None:
    result = status(harvested, "demo")
    assert (result.exit_code, result.stderr) == (0, "")
    lines = [line.rstrip() for line in result.stdout.splitlines()]
    assert lines[0] == f"demo  {harvested}/demo  (no run works on it now)"
    titles = [line for line in lines[1:] if line and not line.startswith(" ")]
    assert titles == ["harvest", "listings", "last runs", "failures", "files"]
    assert f"  articles  {ARTICLES} in {ARTICLES} versions, 0 of them gone; the listings state" in result.stdout
    assert "done, 0 waiting, 0 to be read again, 0 at work, 3 failed for now, 0 failed for good" in result.stdout
    assert max(map(len, lines[1:])) <= 120
    assert "\x1b" not in result.stdout


def test_addresses_are_shown_whole(harvested: Path) -> None:
    shown = "".join(status(harvested, "demo").stdout.split())
    examples = [one.example for one in read_status(harvested / "demo", "demo").failures]
    assert len(examples) == 2
    assert "…" not in shown


def test_json_has_the_documented_shape(harvested: Path) -> None:
    result = status(harvested, "demo", "--json")
    (line,) = result.stdout.splitlines()
    assert (result.exit_code, result.stderr) == (0, "")
    assert PortalStatus.model_validate_json(line) == read_status(harvested / "demo", "demo")
    (found,) = objects(result)
    assert list(found) == list(PortalStatus.model_fields)
    assert (found["pages"]["done"], found["gaps"]) == (ARTICLES, None)


def post_on(output: Path, *days: int) -> None:
    """Let the portal have posted on these days, counted from the first of 2024, and on no others."""
    connection = sqlite3.connect(output / "demo" / "state.sqlite")
    connection.execute("DELETE FROM articles")
    first = datetime(2024, 1, 1, 8, tzinfo=VIETNAM_TIME)
    for day in days:
        posted_at = (first + timedelta(days=day)).isoformat()
        row = (f"demo/{day}", "u", "h", "t", posted_at, None, "{}", 1, posted_at, False)
        connection.execute("INSERT INTO articles VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
    connection.commit()
    connection.close()


def test_gaps(output: Path) -> None:
    post_on(output, *range(40), *range(100, 120))
    (found,) = objects(status(output, "demo", "--gaps", "--json"))
    assert found["gaps"][0] == {"first_day": "2024-02-10", "last_day": "2024-04-09", "days": 60}
    *_, title, head, row, _ = (line.split() for line in status(output, "demo", "--gaps").stdout.splitlines())
    assert (title, head) == (["unusual", "days", "without", "a", "post"], ["from", "to", "days"])
    assert row == ["2024-02-10", "2024-04-09", "60"]


def test_no_gaps_are_said(harvested: Path) -> None:
    assert "gaps" not in status(harvested, "demo").stdout
    assert objects(status(harvested, "demo", "--gaps", "--json"))[0]["gaps"] is not None


def test_all_that_were_harvested(output: Path) -> None:
    shutil.copytree(output / "demo", output / "khac")
    (output / "leer").mkdir()
    assert [found["portal"] for found in objects(status(output, "--json"))] == ["demo", "khac"]
    assert [found["portal"] for found in objects(status(output, "khac", "khac", "--json"))] == ["khac"]


def test_a_run_at_work_and_what_is_damaged_are_shown(output: Path) -> None:
    store = PortalStore(output / "demo", datetime.now(VIETNAM_TIME))
    shown = status(output, "demo").stdout
    store.close()
    assert "(a run works on it now)" in shown
    (output / "demo" / "observations.jsonl").unlink()
    (output / "demo" / "failures.jsonl").write_bytes(b"")
    (output / "demo" / "manifest.json").write_bytes(b"{")
    result = status(output, "demo")
    assert result.exit_code == 0
    assert "MISSING: restore it from a backup" in result.stdout
    assert "bytes are missing; restore it from a backup" in result.stdout
    assert "note: manifest.json is damaged" in result.stdout


def test_a_file_put_aside_is_shown(output: Path) -> None:
    (output / "demo" / "articles.jsonl.1.uncommitted").write_bytes(b"x" * 1234)
    result = status(output, "demo")
    (line,) = (line.split(maxsplit=2) for line in result.stdout.splitlines() if ".uncommitted" in line)
    assert line[2] == "PUT ASIDE: none of its 1,234 bytes was committed"
    assert result.exit_code == 0


def test_control_characters_are_not_obeyed(output: Path) -> None:
    connection = sqlite3.connect(output / "demo" / "state.sqlite")
    connection.execute("UPDATE sections SET resume_url = ?", ("http://x.test/\x1b[31mred",))
    connection.commit()
    connection.close()
    shown = status(output, "demo").stdout
    assert "\x1b" not in shown
    assert "\N{REPLACEMENT CHARACTER}[31mred" in "".join(shown.split())


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["longbien"], 2, "holds no harvest; `harvester crawl longbien --output "),
        (["longbein"], 2, 'error: no portal "longbein" (did you mean longbien?'),
        (["../output"], 2, 'error: no portal "../output"'),
        (["alt"], 1, "was made by another version of harvester"),
        (["kaputt"], 1, "file is not a database"),
    ],
)
def test_what_cannot_be_shown_is_one_line(output: Path, arguments: list[str], code: int, said: str) -> None:
    shutil.copytree(output / "demo", output / "alt")
    connection = sqlite3.connect(output / "alt" / "state.sqlite")
    connection.execute("PRAGMA user_version = 1")
    connection.close()
    (output / "kaputt").mkdir()
    (output / "kaputt" / "state.sqlite").write_bytes(b"x" * 20_000)
    alone = status(output, *arguments)
    assert (alone.exit_code, alone.stdout) == (code, "")
    (line,) = alone.stderr.splitlines()
    assert line.startswith("error: ")
    assert said in line
    beside = status(output, *arguments, "demo", "--json")
    assert (beside.exit_code, [found["portal"] for found in objects(beside)]) == (code, ["demo"])


def test_nothing_was_ever_harvested(tmp_path: Path) -> None:
    result = status(tmp_path / "none")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == (
        f"error: nothing was harvested below {tmp_path}/none; "
        f"`harvester crawl PORTAL --output {tmp_path}/none` begins it\n"
    )
    assert list(tmp_path.iterdir()) == []


def status_as_nobody(readable: Path, output: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Ask in a process without the rights of root, dropped after everything was imported."""
    script = (
        "import os, sys; from pathlib import Path; from harvester.cli import main;"
        "from harvester.harvest.status import read_status; from harvester.portals.catalogue import Catalogue;"
        "read_status(Path(sys.argv.pop(1)), 'demo'); Catalogue.load(); os.geteuid() or os.setuid(65534); main()"
    )
    command = [sys.executable, "-c", script, str(readable), "status", *arguments, "--output", str(output)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture
def closed(output: Path) -> Iterator[Path]:
    """An output folder with a harvest, one that nobody may look into, and a folder that is no portal's."""
    for path in (*output.rglob("*"), output, *output.parents[:-2]):
        path.chmod(path.stat().st_mode | 0o055)
    for name in ("khac", "lost+found"):
        (output / name).mkdir(mode=0)
    yield output
    for path in (output, output / "khac", output / "lost+found"):
        path.chmod(0o755)


def test_a_folder_that_may_not_be_looked_into_is_said(harvested: Path, closed: Path) -> None:
    said = f"error: cannot read {closed}/khac/state.sqlite: Permission denied\n"
    named = status_as_nobody(harvested / "demo", closed, "khac")
    assert (named.returncode, named.stdout, named.stderr) == (1, "", said)
    every = status_as_nobody(harvested / "demo", closed, "--json")
    assert (every.returncode, every.stderr) == (1, said)
    assert [json.loads(line)["portal"] for line in every.stdout.splitlines()] == ["demo"]


def test_an_output_folder_that_may_not_be_looked_into_is_said(harvested: Path, closed: Path) -> None:
    closed.chmod(0)
    every, named = (status_as_nobody(harvested / "demo", closed, *names) for names in ((), ("demo",)))
    assert (every.returncode, every.stderr) == (1, f"error: cannot read {closed}: Permission denied\n")
    said = f"error: cannot read {closed}/demo/state.sqlite: Permission denied\n"
    assert (named.returncode, named.stderr) == (1, said)


@pytest.mark.parametrize(("valid_to", "gaps"), [("2024-06-30", 1), ("2999-12-31", 2)])
def test_a_portal_that_is_over_is_not_expected_to_go_on(output: Path, tmp_path: Path, valid_to: str, gaps: int) -> None:
    post_on(output, *range(40), *range(100, 120))
    catalogue = tmp_path / "mine.toml"
    catalogue.write_text(f'[[portal]]\nid = "demo"\nname = "Quận Thử"\nvalid_to = {valid_to}\n', encoding="utf-8")
    (found,) = objects(status(output, "demo", "--gaps", "--json", "--catalogue", str(catalogue)))
    assert len(found["gaps"]) == gaps
