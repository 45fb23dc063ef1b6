"""The frontier and the memory of a portal, in SQLite: what is known, what waits, what was written.

A page's transition, its record's place in the files and its observation are one transaction. Files are written
first and their sizes committed after; on opening, a file longer than its committed size is cut back to it. A process
may so be killed at any moment: what was not committed is done again, what was is never lost or doubled.
"""

import sqlite3
from collections.abc import Iterable
from dataclasses import astuple, dataclass
from datetime import datetime
from pathlib import Path

import orjson

from harvester.errors import OutputError

SCHEMA = """
CREATE TABLE IF NOT EXISTS pages (      -- every article address ever listed
    key TEXT PRIMARY KEY,               -- canonical address: one article, one key
    url TEXT NOT NULL,                  -- the address to fetch
    listed_at TEXT NOT NULL,            -- posting time on the listing, ISO 8601; '9999' where it gives none
    state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'done', 'failed')),
    attempts INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS pages_waiting ON pages (listed_at DESC) WHERE state = 'waiting';
CREATE TABLE IF NOT EXISTS listed (     -- which listing has shown which article: one is no news of another
    start_url TEXT NOT NULL,
    key TEXT NOT NULL,
    PRIMARY KEY (start_url, key)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS articles (   -- every article written, in its present version
    id TEXT PRIMARY KEY,
    url TEXT NOT NULL,
    host TEXT NOT NULL,
    section TEXT,
    title TEXT NOT NULL,
    posted_at TEXT,
    digest TEXT NOT NULL,
    versions INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS articles_by_title ON articles (title, posted_at);
CREATE TABLE IF NOT EXISTS sections (   -- how far each listing was walked
    start_url TEXT PRIMARY KEY,
    resume_url TEXT,                    -- the page at which a walk broke off
    walked_back_to TEXT                 -- everything posted since is known; '' for the whole listing
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS fetches (    -- the fetch log
    url TEXT NOT NULL, fetched_at TEXT NOT NULL, outcome TEXT NOT NULL, sha256 TEXT, archive TEXT
);
CREATE INDEX IF NOT EXISTS failed_fetches ON fetches (url) WHERE sha256 IS NULL;
CREATE TABLE IF NOT EXISTS files (name TEXT PRIMARY KEY, size INTEGER NOT NULL) WITHOUT ROWID;
"""
UNDATED = "9999"
MAX_ATTEMPTS = 5


@dataclass(frozen=True, slots=True)
class WaitingPage:
    """An article address to fetch; `listed_at` is the posting time its listing gave."""

    key: str
    url: str
    listed_at: str


@dataclass(frozen=True, slots=True)
class KnownArticle:
    """The present version of an article."""

    id: str
    url: str
    host: str
    section: str | None
    title: str
    posted_at: str | None
    digest: str
    versions: int


@dataclass(frozen=True, slots=True)
class SectionWalk:
    """How far a listing was walked; see the table."""

    resume_url: str | None
    walked_back_to: str | None


class State:
    """One portal's state; every change waits for `commit`."""

    def __init__(self, path: Path | None) -> None:
        """Open the state, or one in memory where no path is given.

        Raises:
            OutputError: the file cannot be opened or is no state of this tool.
        """
        self._path = path
        try:
            self._connection = sqlite3.connect(path or ":memory:", isolation_level="DEFERRED")
        except sqlite3.Error as error:
            raise OutputError(f"cannot open {path}: {error}") from error
        try:
            self._execute("PRAGMA journal_mode = WAL")
            self._execute("PRAGMA synchronous = NORMAL")
            for statement in SCHEMA.split(";\n"):
                self._execute(statement)
        except OutputError:
            self._connection.close()
            raise

    def _execute(self, statement: str, values: tuple[object, ...] = ()) -> sqlite3.Cursor:
        try:
            return self._connection.execute(statement, values)
        except sqlite3.Error as error:
            raise OutputError(f"cannot use {self._path}: {error}") from error

    # ------------------------------------------------------------------------------------------ frontier

    def add_rows(self, start_url: str, rows: Iterable[tuple[str, str, str]]) -> tuple[int, int]:
        """Take in a listing's rows, (key, url, listed_at) each.

        Returns:
            How many were new to that listing, and how many to the whole portal.
        """
        new_here = new_anywhere = 0
        for key, url, listed_at in rows:
            new_here += self._execute("INSERT OR IGNORE INTO listed VALUES (?, ?)", (start_url, key)).rowcount
            page = (key, url, listed_at)
            new_anywhere += self._execute(
                "INSERT OR IGNORE INTO pages (key, url, listed_at) VALUES (?, ?, ?)", page
            ).rowcount
        return new_here, new_anywhere

    def waiting_pages(self, since: str, until: str, limit: int, without_hosts: Iterable[str] = ()) -> list[WaitingPage]:
        """Return the newest pages that wait, listed within [since, until) or without a date."""
        hosts = orjson.dumps([f"{host}/" for host in without_hosts]).decode()
        rows = self._execute(
            "SELECT key, url, listed_at FROM pages WHERE state = 'waiting'"
            " AND (listed_at = ? OR (listed_at >= ? AND listed_at < ?))"
            " AND NOT EXISTS (SELECT 1 FROM json_each(?) AS host"
            " WHERE substr(url, instr(url, '://') + 3, length(host.value)) = host.value)"
            " ORDER BY listed_at DESC, key LIMIT ?",
            (UNDATED, since, until, hosts, limit),
        )
        return [WaitingPage(*row) for row in rows]

    def count_waiting(self) -> int:
        """Return how many pages wait."""
        return int(self._execute("SELECT count(*) FROM pages WHERE state = 'waiting'").fetchone()[0])

    def attempt(self, key: str) -> int:
        """Count one attempt at a page and return its number."""
        self._execute("UPDATE pages SET attempts = attempts + 1 WHERE key = ?", (key,))
        row = self._execute("SELECT attempts FROM pages WHERE key = ?", (key,)).fetchone()
        return int(row[0]) if row else 1

    def set_listed_at(self, key: str, listed_at: str) -> None:
        """Correct a page's posting time by what the page itself says."""
        self._execute("UPDATE pages SET listed_at = ? WHERE key = ?", (listed_at, key))

    def settle(self, key: str, state: str) -> None:
        """Mark a page as done or failed."""
        self._execute("UPDATE pages SET state = ? WHERE key = ?", (state, key))

    def section(self, start_url: str) -> SectionWalk:
        """Return how far a listing was walked."""
        row = self._execute(
            "SELECT resume_url, walked_back_to FROM sections WHERE start_url = ?", (start_url,)
        ).fetchone()
        return SectionWalk(*row) if row else SectionWalk(None, None)

    def count_failures(self, url: str) -> int:
        """Return how often a request for the address failed, over all runs."""
        row = self._execute("SELECT count(*) FROM fetches WHERE url = ? AND sha256 IS NULL", (url,)).fetchone()
        return int(row[0])

    def set_section(self, start_url: str, walk: SectionWalk) -> None:
        """Note how far a listing was walked."""
        self._execute(
            "INSERT OR REPLACE INTO sections VALUES (?, ?, ?)", (start_url, walk.resume_url, walk.walked_back_to)
        )

    # ------------------------------------------------------------------------------------------ articles

    def article(self, article_id: str) -> KnownArticle | None:
        """Return the present version of an article, or None."""
        row = self._execute("SELECT * FROM articles WHERE id = ?", (article_id,)).fetchone()
        return KnownArticle(*row) if row else None

    def put_article(self, article: KnownArticle) -> None:
        """Note an article's present version."""
        self._execute("INSERT OR REPLACE INTO articles VALUES (?, ?, ?, ?, ?, ?, ?, ?)", astuple(article))

    def twin(self, title: str, posted_at: str, host: str) -> str | None:
        """Return the id under which another host already carries the same title and posting time."""
        row = self._execute(
            "SELECT id FROM articles WHERE title = ? AND posted_at = ? AND host <> ? ORDER BY id LIMIT 1",
            (title, posted_at, host),
        ).fetchone()
        return str(row[0]) if row else None

    # ------------------------------------------------------------------------------------------ log and files

    def log_fetch(self, url: str, fetched_at: datetime, outcome: str, sha256: str | None, archive: str | None) -> None:
        """Note one request and what came of it."""
        self._execute(
            "INSERT INTO fetches VALUES (?, ?, ?, ?, ?)", (url, fetched_at.isoformat(), outcome, sha256, archive)
        )

    def file_sizes(self) -> dict[str, int]:
        """Return the committed size of every file, by its name in the portal's folder."""
        return dict(self._execute("SELECT name, size FROM files"))

    def commit(self, sizes: Iterable[tuple[str, int]] = ()) -> None:
        """Make every change since the last commit permanent, with the sizes the files have now.

        Raises:
            OutputError: the disk is full or not writable; nothing since the last commit counts.
        """
        try:
            self._connection.executemany("INSERT OR REPLACE INTO files VALUES (?, ?)", sizes)
            self._connection.commit()
        except sqlite3.Error as error:
            raise OutputError(f"cannot write {self._path}: {error}") from error

    def close(self) -> None:
        """Close without committing."""
        self._connection.close()
