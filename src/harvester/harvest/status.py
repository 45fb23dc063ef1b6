"""What a portal's folder holds, what is missing and what failed: read beside a working run, without lock or writing."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import orjson
from pydantic import ValidationError

from harvester.errors import OutputError, UsageError
from harvester.harvest.manifest import MANIFEST
from harvester.harvest.state_reading import read_state
from harvester.harvest.status_records import (
    MOST_KINDS,
    OTHER_KINDS,
    SHOWN_RUNS,
    FailureKind,
    FileStatus,
    PortalStatus,
    RunStatus,
)
from harvester.harvest.store import ARCHIVE, FAILURES, LOCK, STATE
from harvester.records import Failure

_LONGEST_LINE = 1 << 20
_PUT_ASIDE = "*.uncommitted"
_LOCKS_HELD = Path("/proc/locks")  # proc(5): every lock on this machine, by device and inode


def read_status(folder: Path, portal: str, *, with_gaps: bool = False, today: date | None = None) -> PortalStatus:
    """Return the status of one portal's folder.

    Nothing is written and no lock is taken, so that it may be asked for at any time. The numbers of the state are of
    one moment; the files are looked at after it and may have grown since.

    Args:
        folder: the portal's own, below the output folder.
        portal: its id.
        with_gaps: look for unusual stretches without a post, too.
        today: ends the last such stretch; None where the portal is not expected to go on.

    Raises:
        UsageError: nothing was harvested into the folder.
        OutputError: the state is damaged, not to be read, or of another version of the tool.
    """
    if not may_hold_harvest(folder):
        raise UsageError(f"{folder} holds no harvest; `harvester crawl {portal} --output {folder.parent}` begins one")
    try:
        return _read(folder, portal, with_gaps, today)
    except OSError as error:
        raise OutputError(f"cannot read {error.filename or folder}: {error.strerror}") from error


def may_hold_harvest(folder: Path) -> bool:
    """Return whether a folder has a state, or may not be looked into: `read_status` says what is the matter then."""
    try:
        (folder / STATE).stat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        return True
    return True


def _read(folder: Path, portal: str, with_gaps: bool, today: date | None) -> PortalStatus:
    notes = list[str]()
    state = read_state(folder / STATE, with_gaps=with_gaps, today=today)
    files = [_file_status(folder, name, size) for name, size in state.sizes.items()]
    files += _files_put_aside(folder)
    stated, runs = _read_runs(folder / MANIFEST, notes)
    since = runs[0].started_at if runs else None
    failures = _count_failures(folder / FAILURES, state.sizes.get(FAILURES, 0), since, notes)
    return PortalStatus(
        portal=portal,
        folder=str(folder),
        running=is_locked(folder / LOCK),
        pages=state.pages,
        articles=state.articles.model_copy(update={"stated": stated}),
        listings=state.listings,
        round=state.round,
        runs=runs,
        failures=failures,
        files=tuple(sorted(files, key=lambda file: file.name)),
        gaps=state.gaps,
        notes=tuple(notes),
    )


def is_locked(lock: Path) -> bool | None:
    """Return whether a process on this machine holds a lock file; None where the system does not list its locks.

    To try the lock would be to take it, and a run that begins at that moment would find it taken.
    """
    if not lock.exists():
        return False
    try:
        held = _LOCKS_HELD.read_text(encoding="ascii")
    except OSError:
        return None
    at = lock.stat()
    device, inode = f"{os.major(at.st_dev):02x}:{os.minor(at.st_dev):02x}", f":{at.st_ino}"
    # On an unnamed device (btrfs, overlayfs) the kernel's list may name another one than files show.
    ending = inode if os.major(at.st_dev) == 0 else device + inode
    return any(word.endswith(ending) for line in held.splitlines() if "FLOCK" in line for word in line.split())


def _file_status(folder: Path, name: str, committed: int) -> FileStatus:
    path = folder / name
    on_disk = path.stat().st_size if path.is_file() else None
    return FileStatus(name=name, committed=committed, on_disk=on_disk, whole=(on_disk or 0) >= committed)


def _files_put_aside(folder: Path) -> Iterator[FileStatus]:
    for place in (folder, folder / ARCHIVE):
        for path in place.glob(_PUT_ASIDE):
            name, size = path.relative_to(folder).as_posix(), path.stat().st_size
            yield FileStatus(name=name, committed=0, on_disk=size, whole=True, put_aside=True)


def _read_runs(path: Path, notes: list[str]) -> tuple[int | None, tuple[RunStatus, ...]]:
    """Return the total that the listings stated last, and the last runs, the newest first."""
    if not path.exists():
        notes.append(f"no {path.name}: no run has ended yet")
        return None, ()
    try:
        runs = orjson.loads(path.read_bytes())["runs"]
        stated = (run["counts"].get("stated_total") for run in reversed(runs))
        shown = tuple(_run_status(run) for run in reversed(runs[-SHOWN_RUNS:]))
        return next((total for total in stated if total), None), shown
    except (ValueError, KeyError, TypeError, AttributeError):
        notes.append(
            f"{path.name} is damaged: its runs cannot be read; the next run puts it aside and begins a new one"
        )
        return None, ()


def _run_status(run: dict[str, Any]) -> RunStatus:
    taken = {name: run[name] for name in ("run_id", "command", "started_at", "finished_at", "exit_code")}
    counts = {name: number for name, number in run["counts"].items() if isinstance(number, int)}
    return RunStatus(**taken, counts=counts, drift=tuple(drift["text"] for drift in run.get("drift", ())))


@dataclass(slots=True)
class _Tally:
    """Failures of one kind."""

    last: Failure
    count: int = 0
    recent: int = 0

    def add(self, failure: Failure, recent_since: datetime | None) -> None:
        self.count += 1
        self.recent += recent_since is not None and failure.failed_at >= recent_since
        if failure.failed_at >= self.last.failed_at:
            self.last = failure


def _count_failures(
    path: Path, committed: int, recent_since: datetime | None, notes: list[str]
) -> tuple[FailureKind, ...]:
    """Count the failures that were committed, kind by kind; memory is bounded whatever the file holds."""
    tallies: dict[tuple[str, str], _Tally] = {}
    unreadable = 0
    for line in _lines(path, committed):
        try:
            failure = Failure.model_validate_json(line)
        except ValidationError:
            unreadable += 1
            continue
        kind: tuple[str, str] = (failure.error, failure.stage)
        if kind not in tallies and len(tallies) >= MOST_KINDS:
            kind = (OTHER_KINDS, OTHER_KINDS)
        tallies.setdefault(kind, _Tally(failure)).add(failure, recent_since)
    if unreadable:
        notes.append(f"{path.name}: {unreadable} lines are damaged and not counted")
    kinds = (
        FailureKind(
            error=error,
            stage=stage,
            count=tally.count,
            recent=tally.recent,
            last_at=tally.last.failed_at,
            example=tally.last.url,
        )
        for (error, stage), tally in tallies.items()
    )
    return tuple(sorted(kinds, key=lambda kind: (-kind.count, kind.error, kind.stage)))


def _lines(path: Path, committed: int) -> Iterator[bytes]:
    """Yield the lines of the committed part of a file, an endless one in pieces."""
    if not path.exists():
        return
    with path.open("rb") as stream:
        while committed > 0 and (line := stream.readline(min(committed, _LONGEST_LINE))):
            committed -= len(line)
            yield line
