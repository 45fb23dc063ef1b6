"""A portal's state.sqlite read beside a working run, or in a folder that may not be written: no lock, no change."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from urllib.parse import quote

from harvester.errors import OutputError, UsageError
from harvester.harvest.coverage import find_gaps
from harvester.harvest.frontier import MAX_ATTEMPTS, Execute
from harvester.harvest.known import KnownArticles
from harvester.harvest.state import SCHEMA_VERSION
from harvester.harvest.status_records import ArticleCounts, DaysWithoutPost, ListingStatus, PageCounts, RoundStatus
from harvester.harvest.walk import WHOLE_LISTING


@dataclass(frozen=True, slots=True)
class StateStatus:
    """What state.sqlite tells, all of one moment."""

    pages: PageCounts
    articles: ArticleCounts
    listings: tuple[ListingStatus, ...]
    round: RoundStatus
    sizes: dict[str, int]
    gaps: tuple[DaysWithoutPost, ...] | None


def read_state(path: Path, *, with_gaps: bool, today: date | None) -> StateStatus:
    """Read the state of a folder that may be read-only, and in which a run may work.

    Without a write-ahead log nobody works on it, and it is read as the plain file it is: SQLite would put files beside
    it otherwise. Should a run work on it meanwhile, what was read may be of two moments, and is read again.
    """
    while True:
        at_rest = _signature(path)
        try:
            state: StateStatus | Exception = _query(path, at_rest is not None, with_gaps, today)
        except (sqlite3.Error, ValueError) as error:
            state = error
        if at_rest is None or at_rest == _signature(path):
            break
    if isinstance(state, StateStatus):
        return state
    reason = str(state).partition("\n")[0]
    raise OutputError(f"cannot read {path}: {reason}; restore it from a backup, or move {path.parent} away") from state


def _signature(path: Path) -> tuple[int, int] | None:
    """Return what differs when the state at rest was changed; None where it is not at rest."""
    now = path.stat()
    return None if path.with_name(f"{path.name}-wal").exists() else (now.st_mtime_ns, now.st_size)


def _query(path: Path, is_at_rest: bool, with_gaps: bool, today: date | None) -> StateStatus:
    address = f"file:{quote(str(path.absolute()))}?{'immutable=1' if is_at_rest else 'mode=ro'}"
    with closing(sqlite3.connect(address, uri=True, isolation_level=None)) as connection:
        execute = connection.execute
        execute("BEGIN")
        if execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,):
            raise UsageError(f"{path.parent} holds no harvest yet; crawl its portal first")
        (version,) = execute("PRAGMA user_version").fetchone()
        if version != SCHEMA_VERSION:
            raise OutputError(
                f"{path} was made by another version of harvester (its tables are of version {version}, not "
                f"{SCHEMA_VERSION}); use that version"
            )
        return StateStatus(
            pages=_count_pages(execute),
            articles=_count_articles(execute),
            listings=_listings(execute),
            round=RoundStatus(
                open_since=execute("SELECT max(started_at) FROM rounds WHERE ended_at IS NULL").fetchone()[0],
                last_ended_at=execute("SELECT max(ended_at) FROM rounds").fetchone()[0],
            ),
            sizes=dict(execute("SELECT name, size FROM files")),
            gaps=_gaps(execute, today) if with_gaps else None,
        )


def _count_pages(execute: Execute) -> PageCounts:
    found = dict(execute("SELECT state, count(*) FROM pages GROUP BY state"))
    (given_up,) = execute(
        "SELECT count(*) FROM pages WHERE state = 'failed' AND attempts >= ?", (MAX_ATTEMPTS,)
    ).fetchone()
    return PageCounts(
        **{state: found.get(state, 0) for state in ("waiting", "due", "leased", "done")},
        failed_for_now=found.get("failed", 0) - given_up,
        failed_for_good=given_up,
    )


def _count_articles(execute: Execute) -> ArticleCounts:
    totals = "SELECT count(*), coalesce(sum(version), 0), coalesce(sum(gone), 0) FROM articles"
    articles, versions, gone = execute(totals).fetchone()
    return ArticleCounts(
        articles=articles,
        versions=versions,
        gone=gone,
        stated=None,
        oldest_post=execute("SELECT min(posted_at) FROM articles").fetchone()[0],
        newest_post=execute("SELECT max(posted_at) FROM articles").fetchone()[0],
    )


def _listings(execute: Execute) -> tuple[ListingStatus, ...]:
    shown = dict(execute("SELECT start_url, count(*) FROM listed GROUP BY start_url"))
    walks = execute("SELECT start_url, resume_url, walked_back_to FROM sections ORDER BY start_url")
    return tuple(
        ListingStatus(
            start_url=start_url,
            articles=shown.get(start_url, 0),
            whole=walked_back_to == WHOLE_LISTING,
            walked_back_to=walked_back_to or None,
            resume_url=resume_url,
        )
        for start_url, resume_url, walked_back_to in walks
    )


def _gaps(execute: Execute, today: date | None) -> tuple[DaysWithoutPost, ...]:
    gaps = find_gaps(KnownArticles(execute).days(), today)
    return tuple(DaysWithoutPost(first_day=gap.first_day, last_day=gap.last_day, days=gap.days) for gap in gaps)
