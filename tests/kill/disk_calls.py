"""The calls by which anything reaches the disk, counted; one of them can be made to kill the process, or to fail.

They are wrapped from outside: nothing in `harvester` knows of it.
"""

import errno
import inspect
import io
import os
import random
import signal
import sqlite3
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal, NoReturn, TypeVar

R = TypeVar("R")

How = Literal["before", "torn", "during", "after", "full", "read-only", "broken"]
DEATHS: tuple[How, ...] = ("before", "torn", "during", "after")
TROUBLES: dict[How, tuple[int, str]] = {
    "full": (errno.ENOSPC, "database or disk is full"),
    "read-only": (errno.EROFS, "attempt to write a readonly database"),
    "broken": (errno.EIO, "disk I/O error"),
}
LINES_MODULE = "harvester.writers.jsonl"
NEEDING_NO_ROOM = ("ftruncate", "truncate", "rename", "replace")
# Everything else that a database is told is a transaction of its own, or ends one.
INSIDE_TRANSACTIONS = ("SELECT", "INSERT", "UPDATE", "DELETE", "REPLACE", "WITH", "SAVEPOINT", "RELEASE")


@dataclass(frozen=True, slots=True)
class Fault:
    """What comes over the `at`-th call that reaches the disk, or the `at`-th of those named `call`.

    `how` is the process's end (one of DEATHS) or a trouble (one of TROUBLES), which is over after that call unless
    it is `lasting`. `seed` decides how much of a torn call is done.
    """

    at: int
    how: How
    call: str | None = None
    lasting: bool = False
    seed: int = 0


def die(delay: float = 0) -> NoReturn:
    """End this process as the kernel would."""
    time.sleep(delay)
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("the process outlived SIGKILL")


class DiskCalls:
    """Counts calls and lets the fault come over them."""

    def __init__(self, fault: Fault | None) -> None:
        self.count = 0
        self._fault = fault
        self._chance = random.Random(fault.seed if fault else 0)

    def part_of(self, block: Any) -> bytes:
        """Return the beginning of a block: what is written of it when the call is torn."""
        return bytes(block)[: self._chance.randint(0, max(len(block) - 1, 0))]

    def through(self, name: str, act: Callable[[], R], torn: Callable[[], object] | None = None) -> R:
        """Do what was called for, unless the fault is due; `torn` does a part of it."""
        fault = self._fault
        self.count += fault is None or fault.call in {None, name} or self.count >= fault.at
        if fault is None or self.count < fault.at:
            return act()
        if fault.how in TROUBLES:
            return self._fail(fault, name, act, torn)
        if self.count > fault.at:
            return act()
        if fault.how == "torn" and torn:
            torn()
        if fault.how == "during":
            threading.Thread(target=die, args=(self._chance.uniform(0, 0.002),), daemon=True).start()
        if fault.how in {"during", "after"}:
            act()
        die(1 if fault.how == "during" else 0)

    def _fail(self, fault: Fault, name: str, act: Callable[[], R], torn: Callable[[], object] | None) -> R:
        number, words = TROUBLES[fault.how]
        over = self.count > fault.at and not fault.lasting
        if over or (fault.how == "full" and name in NEEDING_NO_ROOM):
            return act()
        if torn and self.count == fault.at:
            torn()
        if name == "commit":
            raise sqlite3.OperationalError(words)
        raise OSError(number, os.strerror(number))


class _File(io.FileIO):
    """A file whose writes are counted."""

    calls: DiskCalls

    def write(self, block: Any, /) -> int:
        plain = super().write
        return self.calls.through("write", lambda: plain(block), lambda: plain(self.calls.part_of(block)))


class _Connection(sqlite3.Connection):
    """A database whose commits are counted."""

    calls: DiskCalls

    def commit(self) -> None:
        self.calls.through("commit", super().commit)

    def execute(self, statement: str, *values: Any) -> sqlite3.Cursor:
        plain = partial(super().execute, statement, *values)
        inside = statement.lstrip().upper().startswith(INSIDE_TRANSACTIONS)
        return plain() if inside else self.calls.through("commit", plain)


def wrap(calls: DiskCalls) -> None:
    """Put counted calls in the place of those by which Python code writes, cuts, renames and commits."""
    plain_open, plain_pwrite, connect = io.open, os.pwrite, sqlite3.connect
    _File.calls = _Connection.calls = calls

    def pwrite(descriptor: int, block: bytes, offset: int) -> int:
        caller = inspect.currentframe()
        writes_lines = caller and caller.f_back and caller.f_back.f_globals["__name__"] == LINES_MODULE
        return calls.through(
            "pwrite" if writes_lines else "pwrite elsewhere",
            lambda: plain_pwrite(descriptor, block, offset),
            lambda: plain_pwrite(descriptor, calls.part_of(block), offset),
        )

    def open_file(path: Any, mode: str = "r", buffering: int = -1, *rest: Any, **named: Any) -> Any:
        if "b" not in mode or not set(mode) & set("wax+"):
            return plain_open(path, mode, buffering, *rest, **named)
        raw = _File(path, mode.replace("b", ""))
        if not buffering:
            return raw
        return io.BufferedRandom(raw) if "+" in mode else io.BufferedWriter(raw)

    def counted(name: str) -> Callable[..., Any]:
        plain = getattr(os, name)
        return lambda *values, **named: calls.through(name, partial(plain, *values, **named))

    for name in ("fsync", *NEEDING_NO_ROOM):
        setattr(os, name, counted(name))
    vars(os)["pwrite"] = pwrite
    vars(io)["open"] = open_file
    vars(sqlite3)["connect"] = partial(connect, factory=_Connection)
