"""The output folder of one portal: records, observations, failures, raw answers and state, committed together."""

import logging
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from filelock import FileLock, Timeout

from harvester.errors import OutputError, PortalLocked
from harvester.harvest.state import State
from harvester.harvest.versions import Outcome, is_past, judge
from harvester.records import Article, Capture, Failure, Observation
from harvester.writers.jsonl import JsonLinesFile, to_line, write_lines
from harvester.writers.warc import WarcArchive

ARTICLES, OBSERVATIONS, FAILURES = "articles.jsonl", "observations.jsonl", "failures.jsonl"
STATE, ARCHIVE, LOCK = "state.sqlite", "archive", ".lock"

log = logging.getLogger(__name__)


class PortalStore:
    """Gathers what a run finds and commits it: files first, then the state that says how long they are."""

    def __init__(self, folder: Path, started_at: datetime) -> None:
        """Take the portal's folder, making it if needed.

        Raises:
            PortalLocked: another run holds it.
            OutputError: it cannot be made or written.
        """
        self.folder = folder
        with ExitStack() as opened:
            opened.callback(_take(folder).release)
            _refuse_orphans(folder)
            self.state = State(folder / STATE)
            opened.callback(self.state.close)
            sizes = self.state.file_sizes()
            self._files = {
                name: opened.enter_context(_open_lines(folder / name, sizes.get(name, 0)))
                for name in (ARTICLES, OBSERVATIONS, FAILURES)
            }
            self._archive = WarcArchive(folder / ARCHIVE, started_at)
            opened.callback(self._archive.close)
            _cut_archives(folder / ARCHIVE, sizes)
            self._opened = opened.pop_all()
        self._lines: dict[str, list[bytes]] = {name: [] for name in self._files}
        self._error: OutputError | None = None

    def keep(self, capture: Capture) -> Capture:
        """Add the raw answer to the archive and return the capture that says where it lies."""
        return capture.model_copy(update={"archive": self._archive.add(capture)})

    def write(self, article: Article) -> tuple[Article, Outcome]:
        """Add an article's line if it is a new version, and its view count to the series."""
        captured_at = article.capture.captured_at
        known = self.state.known.get(article.id)
        is_present = known is not None and not is_past(article, known)
        came_back = is_present and self.state.known.see(article.id, captured_at, gone=False)
        article, outcome = judge(self.state.known, article)
        if outcome != "unchanged":
            self._lines[ARTICLES].append(to_line(article))
        if came_back or article.view_count is not None:
            seen = Observation(
                id=article.id,
                observed_at=captured_at,
                via=article.capture.via,
                view_count=article.view_count,
            )
            self._lines[OBSERVATIONS].append(to_line(seen))
        return article, outcome

    def note_gone(self, article_id: str, observed_at: datetime) -> None:
        """Note, once, that the portal no longer shows an article; its lines stay."""
        if self.state.known.see(article_id, observed_at, gone=True):
            seen = Observation(id=article_id, observed_at=observed_at, via="live", view_count=None, gone=True)
            self._lines[OBSERVATIONS].append(to_line(seen))

    def fail(self, failure: Failure) -> None:
        """Add a failure's line."""
        self._lines[FAILURES].append(to_line(failure))

    def commit(self) -> None:
        """Write everything gathered, then make it count.

        Raises:
            OutputError: something could not be written; everything committed before is intact, and nothing can be
                committed any more: what is in the files already would be written twice.
        """
        if self._error is not None:
            raise self._error
        try:
            self.state.commit(self._write())
        except OutputError as error:
            self._error = error
            raise

    def _write(self) -> list[tuple[str, int]]:
        """Write what was gathered and return the sizes that files have now."""
        archive, archive_size = self._archive.commit()
        sizes = [(f"{ARCHIVE}/{archive.name}", archive_size)] if archive_size else []
        for name, lines in self._lines.items():
            if lines:
                sizes.append((name, self._files[name].append(lines)))
                self._files[name].sync()
                self._lines[name] = []
        return sizes

    def close(self) -> None:
        """Let go of the folder; what was not committed is forgotten."""
        self._opened.close()


class StreamStore:
    """Articles to a stream: no folder, no lock, a state that ends with the run."""

    def __init__(self, stream: BinaryIO) -> None:
        """Write to a binary stream."""
        self.state = State(None)
        self._stream = stream
        self._lines: list[bytes] = []

    def keep(self, capture: Capture) -> Capture:
        """Return the capture as it is: nothing is kept."""
        return capture

    def write(self, article: Article) -> tuple[Article, Outcome]:
        """Add an article's line if it is a new version."""
        article, outcome = judge(self.state.known, article)
        if outcome != "unchanged":
            self._lines.append(to_line(article))
        return article, outcome

    def note_gone(self, article_id: str, observed_at: datetime) -> None:
        """Drop the note: a stream holds articles alone."""

    def fail(self, failure: Failure) -> None:
        """Drop the failure: it was logged."""

    def commit(self) -> None:
        """Write the lines gathered.

        Raises:
            OutputError: nobody reads the stream any more, or it cannot be written.
        """
        try:
            write_lines(self._stream, self._lines)
        except OSError as error:
            raise OutputError(f"cannot write to the stream: {error.strerror}") from error
        self._lines = []
        self.state.commit()

    def close(self) -> None:
        """Forget the state."""
        self.state.close()


Store = PortalStore | StreamStore


def _take(folder: Path) -> FileLock:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder / LOCK)
        lock.acquire(timeout=0)
    except Timeout as error:
        raise PortalLocked(f"another run holds {folder}; wait for it, or choose another --output") from error
    except OSError as error:
        raise OutputError(f"cannot write to {folder}: {error.strerror}") from error
    return lock


def _refuse_orphans(folder: Path) -> None:
    """Refuse a folder whose state is gone: a new one would take everything in it for uncommitted and cut it off."""
    files = [folder / name for name in (ARTICLES, OBSERVATIONS, FAILURES)] + list((folder / ARCHIVE).glob("*.warc.gz"))
    filled = [path.name for path in files if _size(path)]
    if filled and not _size(folder / STATE):
        raise OutputError(f"{folder} holds {filled[0]} but no {STATE}; restore it, or move the folder away")


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 0


def _open_lines(path: Path, committed: int) -> JsonLinesFile:
    try:
        if _size(path) and not committed:
            _put_aside(path)
    except OSError as error:
        raise OutputError(f"cannot mend {path}: {error.strerror}") from error
    return JsonLinesFile(path, committed)


def _put_aside(path: Path) -> None:
    """Rename a file of which nothing was ever committed: a run was killed early, or the state is not the file's own."""
    number = 1
    while (aside := path.with_name(f"{path.name}.{number}.uncommitted")).exists():
        number += 1
    path.rename(aside)
    log.warning("%s holds nothing that was committed; it is now %s", path, aside.name)


def _cut_archives(folder: Path, sizes: dict[str, int]) -> None:
    """Cut each archive file back to what was committed of it."""
    for path in folder.glob("*.warc.gz"):
        committed = sizes.get(f"{ARCHIVE}/{path.name}", 0)
        try:
            if not committed:
                _put_aside(path)
            elif path.stat().st_size > committed:
                with path.open("r+b") as stream:
                    stream.truncate(committed)
        except OSError as error:
            raise OutputError(f"cannot mend {path}: {error.strerror}") from error
