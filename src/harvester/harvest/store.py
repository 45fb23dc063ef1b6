"""The output folder of one portal: records, observations, failures, raw answers and state, committed together."""

from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Literal
from urllib.parse import urlsplit

from filelock import FileLock, Timeout

from harvester.errors import OutputError, PortalLocked
from harvester.harvest.known import KnownArticle, KnownArticles
from harvester.harvest.state import State
from harvester.harvest.versions import changed_fields, field_digests
from harvester.records import Article, Capture, Failure, Observation
from harvester.writers.jsonl import JsonLinesFile, to_line, write_lines
from harvester.writers.warc import WarcArchive

ARTICLES, OBSERVATIONS, FAILURES = "articles.jsonl", "observations.jsonl", "failures.jsonl"
STATE, ARCHIVE, LOCK = "state.sqlite", "archive", ".lock"

Outcome = Literal["new", "changed", "unchanged"]


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
            names = (ARTICLES, OBSERVATIONS, FAILURES)
            self._files = {
                name: opened.enter_context(JsonLinesFile(folder / name, sizes.get(name, 0))) for name in names
            }
            self._archive = WarcArchive(folder / ARCHIVE, started_at)
            _cut_archives(folder / ARCHIVE, sizes)
            self._opened = opened.pop_all()
        self._lines: dict[str, list[bytes]] = {name: [] for name in self._files}
        self._error: OutputError | None = None

    def keep(self, capture: Capture) -> Capture:
        """Add the raw answer to the archive and return the capture that says where it lies."""
        return capture.model_copy(update={"archive": self._archive.add(capture)})

    def write(self, article: Article) -> tuple[Article, Outcome]:
        """Add an article's line if it is a new version, and its view count to the series."""
        came_back = self.state.known.set_gone(article.id, gone=False)
        article, outcome = judge(self.state.known, article)
        if outcome != "unchanged":
            self._lines[ARTICLES].append(to_line(article))
        if came_back or article.view_count is not None:
            seen = Observation(
                id=article.id,
                observed_at=article.capture.captured_at,
                via=article.capture.via,
                view_count=article.view_count,
            )
            self._lines[OBSERVATIONS].append(to_line(seen))
        return article, outcome

    def note_gone(self, article_id: str, observed_at: datetime) -> None:
        """Note, once, that the portal no longer shows an article; its lines stay."""
        if self.state.known.set_gone(article_id, gone=True):
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


def judge(known_articles: KnownArticles, article: Article) -> tuple[Article, Outcome]:
    """Say whether an article is new, changed or unchanged; one that is not unchanged comes back as the version it is.

    Under another address (the same entry shown on another page) a section of its own makes no version: it would
    differ for ever. The same title and time on another host gives `same_as`.
    """
    url = article.url or ""
    host, posted_at = urlsplit(url).netloc, article.posted_at.isoformat() if article.posted_at else None
    digests = field_digests(article)
    known = known_articles.get(article.id)
    if known is None:
        version, changed = 1, tuple[str, ...]()
        same_as = known_articles.twin(article.title, posted_at, host) if posted_at else None
    else:
        compared = digests if known.url == url else digests | {"section": known.digests["section"]}
        version, changed, same_as = known.version + 1, changed_fields(known.digests, compared), known.same_as
        if not changed:
            return article, "unchanged"
    known_articles.put(
        KnownArticle(
            id=article.id,
            url=url,
            host=host,
            title=article.title,
            posted_at=posted_at,
            same_as=same_as,
            digests=digests,
            version=version,
        )
    )
    article = article.model_copy(update={"version": version, "changed": changed, "same_as": same_as})
    return article, "changed" if known else "new"


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
    filled = [path.name for path in files if path.is_file() and path.stat().st_size]
    if filled and not (folder / STATE).exists():
        raise OutputError(f"{folder} holds {filled[0]} but no {STATE}; restore it, or move the folder away")


def _cut_archives(folder: Path, sizes: dict[str, int]) -> None:
    """Cut each archive file back to what was committed of it; one that never was is put aside, not lost."""
    for path in folder.glob("*.warc.gz"):
        committed = sizes.get(f"{ARCHIVE}/{path.name}", 0)
        try:
            if not committed:
                path.rename(path.with_name(f"{path.name}.uncommitted"))
            elif path.stat().st_size > committed:
                with path.open("r+b") as stream:
                    stream.truncate(committed)
        except OSError as error:
            raise OutputError(f"cannot mend {path}: {error.strerror}") from error
