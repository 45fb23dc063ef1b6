"""What the processes that read the same hosts share: slots, as file locks, and the standing of each host, in one file.

The kernel takes the locks of a process back when it ends, however it ends: nothing is waited out.
"""

import errno
import fcntl
import hashlib
import os
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import fields
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import TypeVar

import orjson

from harvester.errors import OutputError
from harvester.fetchers.pace import Standing

T = TypeVar("T")

LOCKS_NAME, STANDINGS_NAME = "slots.lock", "hosts.jsonl"

LINE_BYTES = 640
"""Of a host's line, padded with spaces: the longest host name, its address and all numbers take 540."""

MAX_HOSTS = 10_000
"""A file of more lines is begun anew."""

_SLOT_BITS = 20
_MAX_SLOTS = 2**_SLOT_BITS - 1
_KINDS = {field.name: field.type for field in fields(Standing)}
_STANDINGS_BYTE = 2**61  # beyond every host's bytes


class HostsFolder:
    """The limits of hosts, shared through a folder on a local disk; safe to use from several threads.

    A slot is a lock on one byte of a file that holds nothing. Such locks belong to a process, and closing any
    descriptor of the file drops them all: so a process has one object for a folder (`open_folder`), and nothing else
    opens the file. The standings are lines of one length, each changed in place. A line that cannot be read is begun
    anew, which costs politeness for one pause.
    """

    def __init__(self, folder: Path) -> None:
        """Make the folder.

        Raises:
            OutputError: it cannot be made or written.
        """
        self._guarded = _Guarded(folder)
        self._taken: set[int] = set()
        self._in_front: set[str] = set()
        self._places: dict[str, int] = {}
        self._end = 0
        with self._guarded:
            folder.mkdir(parents=True, exist_ok=True)
            self._locks = os.open(folder / LOCKS_NAME, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
            self._standings = os.open(folder / STANDINGS_NAME, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)

    def take_slot(self, host: str, limit: int) -> int | None:
        """Return a slot of a host, or None where none is free or another process is first in line.

        Either this process is first in line from now on, until `step_back`, or another is already.

        Raises:
            OutputError: the folder's disk knows no locks.
        """
        first = _first_byte(host)
        with self._guarded:
            if host not in self._in_front:
                if not self._lock(first):
                    return None
                self._in_front.add(host)
            for slot in range(first + 1, first + 1 + min(limit, _MAX_SLOTS)):
                if slot not in self._taken and self._lock(slot):
                    self._taken.add(slot)
                    return slot
            return None

    def free_slot(self, slot: int) -> None:
        """Give a slot back."""
        with self._guarded:
            if slot in self._taken:
                fcntl.lockf(self._locks, fcntl.LOCK_UN, 1, slot)
                self._taken.discard(slot)

    def step_back(self, host: str) -> None:
        """Let another process be first in a host's line."""
        with self._guarded:
            if host in self._in_front:
                fcntl.lockf(self._locks, fcntl.LOCK_UN, 1, _first_byte(host))
                self._in_front.discard(host)

    def change(self, host: str, rule: Callable[[Standing], tuple[Standing, T]]) -> T:
        """Apply a rule to a host's standing and return what it gives beside the new one; no process comes in between.

        Raises:
            OutputError: the new standing cannot be written.
        """
        with self._guarded:
            fcntl.lockf(self._locks, fcntl.LOCK_EX, 1, _STANDINGS_BYTE)
            try:
                place, before = self._find(host)
                after, result = rule(before)
                if after != before:
                    line = orjson.dumps({"host": host, "standing": after})
                    if os.pwrite(self._standings, line.ljust(LINE_BYTES - 1) + b"\n", place) < LINE_BYTES:
                        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
                return result
            finally:
                fcntl.lockf(self._locks, fcntl.LOCK_UN, 1, _STANDINGS_BYTE)

    def close(self) -> None:
        """Close both files; what was held is free."""
        with self._guarded:
            self._taken.clear()
            self._in_front.clear()
            os.close(self._locks)
            os.close(self._standings)

    def _find(self, host: str) -> tuple[int, Standing]:
        """Return where a host's line stands, or is to stand, and what it says."""
        if host in self._places:
            found = self._read(self._places[host])
            if found is None or found[0] == host:
                return self._places[host], found[1] if found else Standing()
            self._forget_places()
        size = os.fstat(self._standings).st_size
        if size > MAX_HOSTS * LINE_BYTES:
            os.ftruncate(self._standings, 0)
            self._forget_places()
            size = 0
        for place in range(self._end, size, LINE_BYTES):
            if found := self._read(place):
                self._places[found[0]] = place
            self._end = place + LINE_BYTES
        place = self._places.setdefault(host, self._end)
        found = self._read(place)
        return place, found[1] if found else Standing()

    def _read(self, place: int) -> tuple[str, Standing] | None:
        """Return a line's host and its standing, or None where there is no such line."""
        try:
            line = orjson.loads(os.pread(self._standings, LINE_BYTES, place))
        except orjson.JSONDecodeError:
            return None
        # A match over mappings would take ten times as long.
        if not isinstance(line, dict) or line.keys() != {"host", "standing"} or not isinstance(line["standing"], dict):
            return None
        host, values = line["host"], line["standing"]
        is_whole = isinstance(host, str) and {name: type(value) for name, value in values.items()} == _KINDS
        return (host, Standing(**values)) if is_whole else None

    def _forget_places(self) -> None:
        self._places.clear()
        self._end = 0

    def _lock(self, byte: int) -> bool:
        try:
            fcntl.lockf(self._locks, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, byte)
        except (BlockingIOError, PermissionError):
            return False
        return True


class _Guarded:
    """One thread at a time, and a disk's refusal in the terms of `OutputError`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()

    def __enter__(self) -> None:
        self._lock.acquire()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._lock.release()
        if isinstance(error, OSError):
            raise OutputError(f"cannot keep the hosts' limits in {self._folder}: {error.strerror}") from error


_open_folders: dict[tuple[int, Path], HostsFolder] = {}
_users: Counter[tuple[int, Path]] = Counter()
_opening = threading.Lock()


@contextmanager
def open_folder(folder: Path) -> Iterator[HostsFolder]:
    """Open a folder, or take the object that this process has for it; it is closed when its last user leaves.

    Raises:
        OutputError: it cannot be made or written.
    """
    # A forked child has none of its parent's locks, only its descriptors.
    key = os.getpid(), folder.resolve()
    with _opening:
        if key not in _open_folders:
            _open_folders[key] = HostsFolder(folder)
        _users[key] += 1
    try:
        yield _open_folders[key]
    finally:
        with _opening:
            _users[key] -= 1
            if not _users[key]:
                _open_folders.pop(key).close()


@lru_cache(maxsize=1_024)
def _first_byte(host: str) -> int:
    return int.from_bytes(hashlib.sha256(host.encode()).digest()[:5]) << _SLOT_BITS
