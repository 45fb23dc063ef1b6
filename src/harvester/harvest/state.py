"""A portal's memory in SQLite: one connection, one transaction at a time, and the sizes the files have at its end.

A page's transition, its record's place in the files and its observation are one transaction. Files are written
first and their sizes committed after; on opening, a file longer than its committed size is cut back to it. A process
may so be killed at any moment: what was not committed is done again, what was is never lost or doubled.
"""

import sqlite3
from collections.abc import Iterable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from harvester.errors import OutputError
from harvester.harvest.frontier import Frontier
from harvester.harvest.known import KnownArticles

SCHEMA_VERSION = 2
SCHEMA = """
CREATE TABLE IF NOT EXISTS pages (      -- every article address ever listed
    key TEXT PRIMARY KEY,               -- canonical address: one article, one key
    url TEXT NOT NULL,                  -- the address to fetch
    host TEXT NOT NULL,
    listed_at TEXT NOT NULL,            -- posting time, ISO 8601; '9999' where neither listing nor page give one
    state TEXT NOT NULL DEFAULT 'waiting'   -- waiting: never read; due: to be read again; leased: to the present run
        CHECK (state IN ('waiting', 'due', 'leased', 'done', 'failed')),
    attempts INTEGER NOT NULL DEFAULT 0,    -- failed ones in a row
    article_id TEXT,                    -- what it was read as; pages of one id show one article
    etag TEXT, last_modified TEXT       -- what its host gave to ask later whether it changed
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS pages_by_state ON pages (state, host, listed_at DESC);
CREATE INDEX IF NOT EXISTS pages_by_article ON pages (article_id) WHERE article_id IS NOT NULL;
CREATE TABLE IF NOT EXISTS listed (     -- which listing has shown which article: one is no news of another
    start_url TEXT NOT NULL,
    key TEXT NOT NULL,
    PRIMARY KEY (start_url, key)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS sections (   -- how far each listing was walked
    start_url TEXT PRIMARY KEY,
    resume_url TEXT,                    -- the page at which a walk broke off
    walked_back_to TEXT                 -- everything posted since is known; '' for the whole listing
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS rounds (     -- one after the other; a run that was killed is gone on with
    started_at TEXT PRIMARY KEY,
    look_back_to TEXT NOT NULL,         -- listings are read down to this posting time, known or not
    reads_again INTEGER NOT NULL,       -- whether it made articles due again
    ended_at TEXT
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS articles (   -- every article written, in its present version
    id TEXT PRIMARY KEY,
    url TEXT NOT NULL,
    host TEXT NOT NULL,
    title TEXT NOT NULL,
    posted_at TEXT,
    same_as TEXT,
    digests TEXT NOT NULL,              -- of the fields that make a version, as JSON
    version INTEGER NOT NULL,
    seen_at TEXT NOT NULL,              -- the moment of which this is the present: what was captured before is past
    gone INTEGER NOT NULL               -- whether the portal no longer shows it
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS articles_by_title ON articles (title, posted_at);
CREATE INDEX IF NOT EXISTS articles_by_time ON articles (posted_at);
CREATE TABLE IF NOT EXISTS fetches (    -- the fetch log
    url TEXT NOT NULL, fetched_at TEXT NOT NULL, outcome TEXT NOT NULL, sha256 TEXT, archive TEXT
);
CREATE INDEX IF NOT EXISTS failed_fetches ON fetches (url) WHERE sha256 IS NULL;
CREATE TABLE IF NOT EXISTS files (name TEXT PRIMARY KEY, size INTEGER NOT NULL) WITHOUT ROWID;
"""

# SQLite quotes damaged names in its messages, which need not be UTF-8 any more.
_UNREADABLE = (sqlite3.Error, UnicodeDecodeError)


class _Rows(sqlite3.Cursor):
    """A cursor that may find out while its rows are fetched that the database is damaged."""

    def __init__(self, connection: sqlite3.Connection, path: Path | None) -> None:
        super().__init__(connection)
        self._path = path

    def fetchone(self) -> Any:
        try:
            return super().fetchone()
        except _UNREADABLE as error:
            raise OutputError(f"cannot use {self._path}: {error}") from error

    def __next__(self) -> Any:
        if (row := self.fetchone()) is None:
            raise StopIteration
        return row

    def fetchall(self) -> list[Any]:
        return list(self)


class State:
    """One portal's state; every change waits for `commit`.

    `frontier` holds the pages and listings, `known` the articles.
    """

    def __init__(self, path: Path | None) -> None:
        """Open the state, or one in memory where no path is given.

        Raises:
            OutputError: the file cannot be opened, or is no state that this version of the tool reads.
        """
        self._path = path
        try:
            self._connection = sqlite3.connect(path or ":memory:", isolation_level="DEFERRED")
        except sqlite3.Error as error:
            raise OutputError(f"cannot open {path}: {error}") from error
        try:
            self.execute("PRAGMA journal_mode = WAL")
            self.execute("PRAGMA synchronous = NORMAL")
            self._prepare()
            self.frontier = Frontier(self.execute)
            self.known = KnownArticles(self.execute)
        except OutputError:
            self._connection.close()
            raise

    def _prepare(self) -> None:
        """Make the tables of a new state; refuse one that was made with others."""
        version = int(self.execute("PRAGMA user_version").fetchone()[0])
        is_new = self.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0
        if not is_new and version != SCHEMA_VERSION:
            raise OutputError(
                f"{self._path} was made by another version of harvester (its tables are of version {version}, "
                f"not {SCHEMA_VERSION}); use that version, or move the folder away"
            )
        if is_new:
            self.execute("BEGIN IMMEDIATE")
            for statement in SCHEMA.split(";\n"):
                self.execute(statement)
            self.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
            self.commit()

    def execute(self, statement: str, values: tuple[object, ...] = ()) -> sqlite3.Cursor:
        """Run one statement inside the present transaction.

        Raises:
            OutputError: the database cannot be used; the cursor raises it too, should a row turn out unreadable.
        """
        try:
            return self._connection.cursor(partial(_Rows, path=self._path)).execute(statement, values)
        except _UNREADABLE as error:
            raise OutputError(f"cannot use {self._path}: {error}") from error

    def log_fetch(self, url: str, fetched_at: datetime, outcome: str, sha256: str | None, archive: str | None) -> None:
        """Note one request and what came of it."""
        self.execute(
            "INSERT INTO fetches VALUES (?, ?, ?, ?, ?)", (url, fetched_at.isoformat(), outcome, sha256, archive)
        )

    def count_failures(self, url: str) -> int:
        """Return how often a request for the address failed, over all runs."""
        row = self.execute(
            "SELECT count(*) FROM fetches WHERE url = ? AND sha256 IS NULL AND outcome NOT LIKE 'gone%'", (url,)
        ).fetchone()
        return int(row[0])

    def file_sizes(self) -> dict[str, int]:
        """Return the committed size of every file, by its name in the portal's folder."""
        return dict(self.execute("SELECT name, size FROM files"))

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
