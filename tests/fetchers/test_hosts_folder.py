import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from harvester.errors import OutputError
from harvester.fetchers.hosts_folder import LINE_BYTES, LOCKS_NAME, MAX_HOSTS, STANDINGS_NAME, HostsFolder, open_folder
from harvester.fetchers.pace import Standing

HOLD_A_SLOT = """
import sys, time
from pathlib import Path
from harvester.fetchers.hosts_folder import HostsFolder
folder = HostsFolder(Path(sys.argv[1]))
print(folder.take_slot("portal.test", 1), flush=True)
if sys.argv[2] == "step back":
    folder.step_back("portal.test")
print("ready", flush=True)
time.sleep(30)
"""
FILL_THE_DISK = """
import resource, sys
from pathlib import Path
from harvester.errors import OutputError
from harvester.fetchers.hosts_folder import HostsFolder
from harvester.fetchers.pace import Standing
resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, 1_000))
folder = HostsFolder(Path(sys.argv[1]))
try:
    for number in range(9):
        folder.change(str(number), lambda standing: (Standing(requests=1), None))
except OutputError as error:
    print(number, error)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[HostsFolder]:
    with open_folder(tmp_path / ".hosts") as opened:
        yield opened


def add_request(folder: HostsFolder, host: str = "portal.test") -> int:
    def rule(standing: Standing) -> tuple[Standing, int]:
        return Standing(requests=standing.requests + 1), standing.requests + 1

    return folder.change(host, rule)


def standing(folder: HostsFolder, host: str = "portal.test") -> Standing:
    return folder.change(host, lambda standing: (standing, standing))


@pytest.fixture
def other(tmp_path: Path) -> Iterator["Other"]:
    started = Other(tmp_path / ".hosts")
    yield started
    started.kill()


class Other:
    """Another process, which holds the one slot of portal.test."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._process: subprocess.Popen[str] | None = None

    def hold(self, *, first_in_line: bool = False) -> str:
        then = "stay" if first_in_line else "step back"
        command = [sys.executable, "-c", HOLD_A_SLOT, str(self._folder), then]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout
        slot = self._process.stdout.readline().strip()
        assert self._process.stdout.readline() == "ready\n"
        return slot

    def kill(self) -> None:
        if self._process is not None and self._process.stdout is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()
            self._process.stdout.close()


@pytest.mark.parametrize("limit", [1, 2, 5])
def test_slots_are_limited(folder: HostsFolder, limit: int) -> None:
    slots = [folder.take_slot("portal.test", limit) for _ in range(limit + 2)]
    assert None not in slots[:limit]
    assert len(set(slots[:limit])) == limit
    assert slots[limit:] == [None, None]
    folder.free_slot(slots[0] or 0)
    assert folder.take_slot("portal.test", limit) == slots[0]


def test_hosts_have_slots_of_their_own(folder: HostsFolder) -> None:
    assert folder.take_slot("a.test", 1) is not None
    assert folder.take_slot("b.test", 1) is not None


def test_slot_of_a_killed_process_is_free_at_once(folder: HostsFolder, other: Other) -> None:
    assert other.hold() != "None"
    assert folder.take_slot("portal.test", 1) is None
    other.kill()
    assert folder.take_slot("portal.test", 1) is not None


def test_who_waited_comes_before_who_comes(folder: HostsFolder, other: Other) -> None:
    slot = folder.take_slot("portal.test", 1)
    assert slot is not None
    folder.step_back("portal.test")
    assert other.hold(first_in_line=True) == "None"
    folder.free_slot(slot)
    assert folder.take_slot("portal.test", 1) is None
    other.kill()
    assert folder.take_slot("portal.test", 1) == slot


def test_forked_child_holds_no_slot_of_its_parent(folder: HostsFolder) -> None:
    slot = folder.take_slot("portal.test", 1)
    assert slot is not None
    waiting, telling = os.pipe()
    child = os.fork()
    if child == 0:
        os.read(waiting, 1)
        os._exit(0)
    folder.free_slot(slot)
    assert folder.take_slot("portal.test", 1) == slot
    os.write(telling, b".")
    assert os.waitpid(child, 0)[1] == 0
    os.close(waiting)
    os.close(telling)


def test_one_object_for_one_folder(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "real", target_is_directory=True)
    (tmp_path / "real").mkdir()
    with open_folder(tmp_path / "real") as one, open_folder(tmp_path / "link") as two:
        assert one is two
    with open_folder(tmp_path / "real") as three:
        assert three is not one


def test_standings_outlive_the_process(tmp_path: Path) -> None:
    for expected in 1, 2, 3:
        with open_folder(tmp_path) as folder:
            assert add_request(folder) == expected


def test_rule_that_fails_changes_nothing(folder: HostsFolder) -> None:
    add_request(folder)

    def fail(_standing: Standing) -> tuple[Standing, None]:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        folder.change("portal.test", fail)
    assert standing(folder).requests == 1
    assert add_request(folder) == 2


def test_hosts_are_kept_apart(folder: HostsFolder) -> None:
    counts = [add_request(folder, host) for host in ("a.test", "b.test", "a.test", "c.test", "b.test")]
    assert counts == [1, 1, 2, 1, 2]


def test_lines_of_other_processes_are_found(tmp_path: Path) -> None:
    one, two = HostsFolder(tmp_path), HostsFolder(tmp_path)
    counts = [
        add_request(folder, host)
        for folder, host in ((one, "a.test"), (two, "b.test"), (one, "b.test"), (two, "a.test"), (one, "c.test"))
    ]
    assert counts == [1, 1, 2, 2, 1]
    assert (tmp_path / STANDINGS_NAME).stat().st_size == 3 * LINE_BYTES
    two.close()
    one.close()


@pytest.mark.parametrize(
    "damage",
    [
        b"",
        b"\n",
        b"\x00" * LINE_BYTES,
        b"SQLite format 3\x00" * 100,
        b"{" * LINE_BYTES,
        b"[" * LINE_BYTES,
        b"null".ljust(LINE_BYTES),
        b'{"host": "portal.test", "standing": 7}'.ljust(LINE_BYTES),
        b'{"host": 7, "standing": {}}'.ljust(LINE_BYTES),
        b'{"host": "portal.test", "standing": {"day": 1}}'.ljust(LINE_BYTES),
        (
            b'{"host": "portal.test", "standing": {"day": 1, "requests": 9, "next_start": null, '
            b'"left_alone_until": 0.0, "slow_pause": 0.0, "slowed_at": 0.0}}'
        ).ljust(LINE_BYTES),
    ],
)
def test_damaged_standings_are_begun_anew(tmp_path: Path, damage: bytes) -> None:
    with open_folder(tmp_path) as folder:
        add_request(folder)
        add_request(folder, "other.test")
        (tmp_path / STANDINGS_NAME).write_bytes(damage)
        assert [add_request(folder), add_request(folder), add_request(folder, "other.test")] == [1, 2, 1]
    (tmp_path / STANDINGS_NAME).write_bytes(damage)
    with open_folder(tmp_path) as folder:
        assert [add_request(folder), add_request(folder), add_request(folder, "other.test")] == [1, 2, 1]


def test_cut_file_keeps_what_is_whole(tmp_path: Path) -> None:
    with open_folder(tmp_path) as folder:
        add_request(folder, "a.test")
        add_request(folder, "b.test")
    os.truncate(tmp_path / STANDINGS_NAME, LINE_BYTES + 100)
    with open_folder(tmp_path) as folder:
        assert [add_request(folder, "a.test"), add_request(folder, "b.test"), add_request(folder, "c.test")] == [
            2,
            1,
            1,
        ]


def test_swollen_file_is_begun_anew(tmp_path: Path) -> None:
    (tmp_path / STANDINGS_NAME).touch()
    os.truncate(tmp_path / STANDINGS_NAME, 100_000_000_000)
    with open_folder(tmp_path) as folder:
        assert add_request(folder) == 1
    assert (tmp_path / STANDINGS_NAME).stat().st_size == LINE_BYTES


def test_file_of_many_hosts_has_an_end(tmp_path: Path) -> None:
    with open_folder(tmp_path) as folder:
        for number in range(MAX_HOSTS + 5):
            assert add_request(folder, f"{number}.test") == 1
    assert (tmp_path / STANDINGS_NAME).stat().st_size <= (MAX_HOSTS + 1) * LINE_BYTES


def test_longest_line_fits(folder: HostsFolder, tmp_path: Path) -> None:
    host = f"{'x' * 253}:65535 [{'f' * 45}]:65535"
    largest = Standing(10**6, 2**63 - 1, *[-1.7976931348623157e308] * 4)
    folder.change(host, lambda _standing: (largest, None))
    assert standing(folder, host) == largest
    assert (tmp_path / ".hosts" / STANDINGS_NAME).stat().st_size == LINE_BYTES


@pytest.mark.parametrize("obstacle", ["", LOCKS_NAME, STANDINGS_NAME])
def test_what_stands_in_the_way_is_told(tmp_path: Path, obstacle: str) -> None:
    if obstacle:
        (tmp_path / ".hosts" / obstacle).mkdir(parents=True)
    else:
        (tmp_path / ".hosts").touch()
    with pytest.raises(OutputError, match=r"cannot keep the hosts' limits in .*/\.hosts: (Is a directory|File exists)"):
        HostsFolder(tmp_path / ".hosts")


def test_full_disk_is_told(tmp_path: Path) -> None:
    command = [sys.executable, "-c", FILL_THE_DISK, str(tmp_path)]
    told = subprocess.run(command, capture_output=True, text=True, check=True)
    assert told.stdout == f"1 cannot keep the hosts' limits in {tmp_path}: No space left on device\n"
    assert told.stderr == ""
