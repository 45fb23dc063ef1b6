"""A disk that is full, broken or read-only: one line, exit 1, what was committed is intact, a later run goes on."""

import os
import random
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from .conftest import Undisturbed
from .disk_calls import TROUBLES, Fault, How
from .doomed_crawls import DoomedCrawls, Ending
from .portal_folder import check_whole, content_of, difference, uncommitted_bytes
from .replica_crawl import ReplicaCrawls, write_catalogue

pytestmark = pytest.mark.kill

SEED = int(os.environ.get("HARVESTER_KILL_SEED", "20261123"))
SMALL_FILES = (1_000, 30_000, 90_000, 180_000)
CALLS_OF_A_CRAWL = 120
MANY_TROUBLES = 20


def assert_broke_off(ending: Ending, output: Path) -> None:
    """Assert exit 1, no traceback, and one line that says what cannot be written."""
    assert ending.code == 1, ending
    assert "Traceback" not in ending.talk
    told = [line for line in ending.talk.splitlines() if " WARNING " not in line and " INFO " not in line]
    assert len(told) == 1, told
    assert "cannot " in told[0]
    assert str(output) in told[0]


def assert_goes_on(undisturbed: Undisturbed, output: Path, *, whatever_address: bool = False) -> None:
    """Assert that what was committed is right, and that a run with room leaves what an undisturbed one does."""
    folder = output / "demo"
    wanted = content_of(undisturbed.folder, whatever_address=whatever_address)
    if (folder / "state.sqlite").exists():
        uncommitted_bytes(folder)
        committed = content_of(folder, committed_only=True, whatever_address=whatever_address)
        too_much = {name: lines - wanted[name] for name, lines in committed.items()}
        assert not any(too_much.values()), f"committed, and not right: {too_much}"
    ending = undisturbed.crawls.run(output)
    assert ending.code == 0, ending.talk
    found = content_of(folder, whatever_address=whatever_address)
    assert found == wanted, difference(found, wanted)
    check_whole(folder)


@pytest.mark.parametrize("limit", SMALL_FILES)
def test_a_limit_to_the_size_of_files(undisturbed: Undisturbed, tmp_path: Path, limit: int) -> None:
    assert_broke_off(undisturbed.crawls.run(tmp_path, file_size=limit), tmp_path)
    assert_goes_on(undisturbed, tmp_path)


@pytest.mark.parametrize("lasting", [False, True], ids=["once", "lasting"])
@pytest.mark.parametrize("how", TROUBLES)
@pytest.mark.parametrize(("call", "at"), [("pwrite", 2), ("write", 2), ("fsync", 2), ("fsync", 4), ("commit", 4)])
def test_a_disk_in_trouble(
    undisturbed: Undisturbed, tmp_path: Path, *, call: str, at: int, how: How, lasting: bool
) -> None:
    fault = Fault(at, how, call, lasting)
    assert_broke_off(undisturbed.crawls.run(tmp_path, fault=fault, commit_pages=2), tmp_path)
    assert_goes_on(undisturbed, tmp_path)


def test_a_disk_in_trouble_at_any_call(undisturbed: Undisturbed, processes: DoomedCrawls, tmp_path: Path) -> None:
    chance, broke_off = random.Random(f"{SEED} trouble"), 0
    side_by_side = ReplicaCrawls(processes, write_catalogue(tmp_path / "catalogue.toml", undisturbed.replica, width=4))
    for number in range(MANY_TROUBLES):
        how, lasting = chance.choice(list(TROUBLES)), chance.random() < 0.5
        fault = Fault(chance.randint(1, CALLS_OF_A_CRAWL), how, lasting=lasting, seed=number)
        output = tmp_path / str(number)
        ending = side_by_side.run(output, fault=fault, commit_pages=chance.randint(1, 3))
        if ending.code == 0:
            continue
        print(f"trouble {number} (seed {SEED}): {fault}")
        assert_broke_off(ending, output)
        assert_goes_on(undisturbed, output, whatever_address=True)
        broke_off += 1
    print(f"{broke_off} of {MANY_TROUBLES} crawls broke off over a call that failed")
    assert broke_off >= MANY_TROUBLES // 2


@pytest.mark.parametrize("share", [0.2, 0.5, 0.8])
def test_a_small_disk(undisturbed: Undisturbed, tmp_path: Path, share: float) -> None:
    needed = sum(path.stat().st_size for path in undisturbed.folder.rglob("*") if path.is_file())
    with small_disk(tmp_path / "disk", int(needed * share)) as disk:
        assert_broke_off(undisturbed.crawls.run(disk), disk)
        enlarge(disk, 10 * needed)
        assert_goes_on(undisturbed, disk)


@contextmanager
def small_disk(folder: Path, size: int) -> Iterator[Path]:
    """Mount a file system of so many bytes, or skip the test where that is not allowed."""
    folder.mkdir()
    mounted = mount(folder, f"size={size}")
    if mounted.returncode:
        pytest.skip(f"no file system can be mounted here: {mounted.stderr.strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", folder], check=True)


def enlarge(folder: Path, size: int) -> None:
    mounted = mount(folder, f"remount,size={size}")
    assert mounted.returncode == 0, mounted.stderr


def mount(folder: Path, options: str) -> subprocess.CompletedProcess[str]:
    command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)]
    try:
        return subprocess.run(command, check=False, capture_output=True, text=True)
    except FileNotFoundError as error:
        return subprocess.CompletedProcess(command, 1, "", str(error))
