import fcntl
import os
from pathlib import Path

import pytest

from harvester.harvest.status import is_locked


def test_a_lock_is_seen_and_not_taken(tmp_path: Path) -> None:
    lock = tmp_path / ".lock"
    assert is_locked(lock) is False
    with lock.open("w") as held:
        assert is_locked(lock) is False
        fcntl.flock(held, fcntl.LOCK_EX)
        assert is_locked(lock) is True
        fcntl.flock(held, fcntl.LOCK_UN)
        assert is_locked(lock) is False


@pytest.mark.parametrize(
    ("listed", "is_held"),
    [
        ("1: FLOCK  ADVISORY  WRITE 9 {device}:{inode} 0 EOF\n", True),
        ("1: FLOCK  ADVISORY  WRITE 9 fe:fe:{inode} 0 EOF\n", False),
        ("1: FLOCK  ADVISORY  WRITE 9 {device}:1{inode} 0 EOF\n", False),
        ("1: POSIX  ADVISORY  WRITE 9 {device}:{inode} 0 EOF\n", False),
        ("", False),
    ],
)
def test_a_lock_is_known_by_device_and_inode(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, listed: str, is_held: bool
) -> None:
    lock, locks = tmp_path / ".lock", tmp_path / "locks"
    lock.touch()
    at = lock.stat()
    if os.major(at.st_dev) == 0:
        pytest.skip("files here lie on an unnamed device, by which nothing is told apart")
    device = f"{os.major(at.st_dev):02x}:{os.minor(at.st_dev):02x}"
    locks.write_text(listed.format(device=device, inode=at.st_ino))
    monkeypatch.setattr("harvester.harvest.status._LOCKS_HELD", locks)
    assert is_locked(lock) is is_held


def test_a_system_that_lists_no_locks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("harvester.harvest.status._LOCKS_HELD", tmp_path / "none")
    (tmp_path / ".lock").touch()
    assert is_locked(tmp_path / ".lock") is None
