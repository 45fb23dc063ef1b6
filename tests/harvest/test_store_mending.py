import logging
import shutil
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest

from harvester.errors import OutputError
from harvester.harvest.store import PortalStore
from harvester.records import VIETNAM_TIME

NOW = datetime(2025, 1, 2, tzinfo=VIETNAM_TIME)
FILES = ["articles.jsonl", "observations.jsonl", "failures.jsonl", "archive/1.warc.gz"]

every_file = pytest.mark.parametrize("name", FILES)


def write(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    return path


def contents(folder: Path) -> dict[str, bytes]:
    """Return what lies in the folder, but for the state and the lock."""
    paths = [path for path in folder.rglob("*") if path.is_file() and path.name[:5] not in ("state", ".lock")]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths if path.stat().st_size}


@every_file
@pytest.mark.parametrize("state", [None, b""], ids=["no state", "an empty state"])
def test_a_folder_that_lost_its_state_is_left_as_it_is(tmp_path: Path, name: str, state: bytes | None) -> None:
    path = write(tmp_path, name, b"all that is left\n")
    if state is not None:
        write(tmp_path, "state.sqlite", state)
    with pytest.raises(OutputError, match=f"holds {path.name} but no state.sqlite"):
        PortalStore(tmp_path, NOW)
    assert contents(tmp_path) == {name: b"all that is left\n"}


@every_file
def test_what_nothing_was_committed_of_is_put_aside(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    PortalStore(tmp_path, NOW).close()
    for content in (b"first\n", b"second\n"):
        path = write(tmp_path, name, content)
        PortalStore(tmp_path, NOW).close()
    assert contents(tmp_path) == {f"{name}.1.uncommitted": b"first\n", f"{name}.2.uncommitted": b"second\n"}
    assert [(record.levelno, record.getMessage()) for record in caplog.records] == [
        (
            logging.WARNING,
            f"{path} holds nothing that was committed; it is now {path.name}.{number}.uncommitted",
        )
        for number in (1, 2)
    ]


def test_a_folder_that_was_never_written_to_has_nothing_to_put_aside(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(2):
        PortalStore(tmp_path, NOW).close()
    assert (contents(tmp_path), caplog.records) == ({}, [])


KILLED = """
import os, sys
from datetime import datetime
from pathlib import Path
from harvester.harvest.store import PortalStore
from harvester.records import VIETNAM_TIME, Failure

moment = datetime(2025, 1, 2, tzinfo=VIETNAM_TIME)
store = PortalStore(Path(sys.argv[1]), moment)
store.fail(Failure(url="http://x.test/", stage="fetch", error="TimedOut", message="m", failed_at=moment, attempt=1))
store.commit()
os._exit(9)
"""


@pytest.mark.parametrize(
    ("left_out", "found"),
    [
        pytest.param((), "failures.jsonl", id="whole"),
        pytest.param(("state.sqlite-wal", "state.sqlite-shm"), "failures.jsonl.1.uncommitted", id="without its log"),
    ],
)
def test_a_copy_of_a_folder_whose_run_was_killed(tmp_path: Path, left_out: tuple[str, ...], found: str) -> None:
    killed, copy = tmp_path / "killed", tmp_path / "copy"
    assert subprocess.run([sys.executable, "-c", KILLED, str(killed)], check=False).returncode == 9
    assert (killed / "state.sqlite-wal").stat().st_size
    shutil.copytree(killed, copy, ignore=shutil.ignore_patterns(*left_out))
    before = (killed / "failures.jsonl").read_bytes()
    PortalStore(copy, NOW).close()
    assert contents(copy) == {found: before}
