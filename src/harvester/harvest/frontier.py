"""The frontier: which pages are known, which wait, which are leased to this run; and how far listings were read."""

import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from heapq import merge
from operator import itemgetter
from typing import Any, TypeVar
from urllib.parse import urlsplit

from harvester.errors import OutputError
from harvester.records import Validators

T = TypeVar("T")

Execute = Callable[..., sqlite3.Cursor]
"""Runs one SQL statement with its values."""

UNDATED = "9999"  # sorts after every ISO date
_PAST_UNDATED = f"{UNDATED}~"
MAX_ATTEMPTS = 5


@dataclass(frozen=True, slots=True)
class LeasedPage:
    """An article address to fetch; `article_id` tells what it was read as before, `validators` what came with it."""

    key: str
    url: str
    listed_at: str
    attempts: int
    article_id: str | None
    validators: Validators | None


@dataclass(frozen=True, slots=True)
class SectionWalk:
    """How far a listing was walked.

    `resume_url` is the page at which a walk broke off; everything posted since `walked_back_to` is known.
    """

    resume_url: str | None
    walked_back_to: str | None


@dataclass(frozen=True, slots=True)
class Round:
    """One bringing up to date. What a run that was killed or stopped left open, the next run goes on with.

    `look_back_to` is the posting time down to which listings are read although their rows are known, `reads_again`
    whether articles were made due again as it began.
    """

    started_at: datetime
    look_back_to: str
    reads_again: bool = False


class Frontier:
    """The pages, listings and rounds of one portal. Its changes belong to the transaction of the state around it.

    `waiting` counts the pages to be read, whether for the first time or again, the leased ones included.
    """

    def __init__(self, execute: Execute) -> None:
        """Take back every lease: whoever held it is gone, for one run at a time holds the folder."""
        self._execute = execute
        execute(
            "UPDATE pages SET state = CASE WHEN article_id IS NULL THEN 'waiting' ELSE 'due' END WHERE state = 'leased'"
        )
        self._hosts = set(self._read_hosts())
        self.waiting = int(execute("SELECT count(*) FROM pages WHERE state IN ('waiting', 'due')").fetchone()[0])

    def _read_hosts(self) -> Iterator[str]:
        # One step along the index per host, where DISTINCT would walk over every page.
        for state in ("waiting", "due", "done", "failed"):
            host = ""
            while host is not None:
                (host,) = self._execute(
                    "SELECT min(host) FROM pages WHERE state = ? AND host > ?", (state, host)
                ).fetchone()
                if host is not None:
                    yield host

    # ------------------------------------------------------------------------------------------ pages

    def add_rows(self, start_url: str, rows: Iterable[tuple[str, str, str]]) -> tuple[int, int]:
        """Take in a listing's rows, (key, url, listed_at) each.

        Returns:
            How many were new to that listing, and how many to the whole portal.
        """
        new_here = new_anywhere = 0
        for key, url, listed_at in rows:
            page = (key, url, host_of(url), listed_at)
            new_here += self._execute("INSERT OR IGNORE INTO listed VALUES (?, ?)", (start_url, key)).rowcount
            is_new = self._execute(
                "INSERT OR IGNORE INTO pages (key, url, host, listed_at) VALUES (?, ?, ?, ?)", page
            ).rowcount
            new_anywhere += is_new
            if not is_new and listed_at != UNDATED:
                # Another listing, or this one now, gives the time that was missing.
                self._execute(
                    "UPDATE pages SET listed_at = ? WHERE key = ? AND listed_at = ?", (listed_at, key, UNDATED)
                )
            self._hosts.add(host_of(url))
        self.waiting += new_anywhere
        return new_here, new_anywhere

    def lease_due(self, without_hosts: Collection[str]) -> LeasedPage | None:
        """Lease the newest page that is to be read again, of any host but those; None if there is none."""
        return self._lease(self._newest("due", "", _PAST_UNDATED, without_hosts, 1))

    def lease_waiting(self, since: str, until: str, without_hosts: Collection[str]) -> LeasedPage | None:
        """Lease the newest page never read, listed within [since, until) or without a date; None if there is none."""
        return self._lease(self._newest_waiting(since, until, without_hosts, 1))

    def count_due(self, without_hosts: Collection[str], at_most: int) -> int:
        """Return how many pages `lease_due` could give out; counting stops at `at_most`."""
        return len(self._newest("due", "", _PAST_UNDATED, without_hosts, at_most))

    def count_ready(self, since: str, until: str, without_hosts: Collection[str], at_most: int) -> int:
        """Return how many pages `lease_waiting` could give out; counting stops at `at_most`."""
        return len(self._newest_waiting(since, until, without_hosts, at_most))

    def _lease(self, found: list[LeasedPage]) -> LeasedPage | None:
        if not found:
            return None
        self._execute("UPDATE pages SET state = 'leased' WHERE key = ?", (found[0].key,))
        return found[0]

    def _newest_waiting(self, since: str, until: str, without_hosts: Collection[str], limit: int) -> list[LeasedPage]:
        undated = self._newest("waiting", UNDATED, _PAST_UNDATED, without_hosts, limit)
        dated = self._newest("waiting", since, min(until, UNDATED), without_hosts, limit)
        return (undated + dated)[:limit]

    def _newest(
        self, state: str, since: str, until: str, without_hosts: Collection[str], limit: int
    ) -> list[LeasedPage]:
        # Host by host: each question is a walk along the index to its first rows, however many pages are known.
        found: list[LeasedPage] = []
        for host in sorted(self._hosts.difference(without_hosts)):
            rows = self._execute(
                "SELECT key, url, listed_at, attempts, article_id, etag, last_modified FROM pages"
                " WHERE state = ? AND host = ? AND listed_at >= ? AND listed_at < ?"
                " ORDER BY listed_at DESC, key LIMIT ?",
                (state, host, since, until, limit),
            )
            found += [_leased(row) for row in rows]
        return sorted(found, key=lambda page: page.listed_at, reverse=True)[:limit]

    def settle(self, page: LeasedPage, article_id: str, listed_at: str | None, validators: Validators | None) -> None:
        """Note that a page was read as an article, the posting time it gives, and how to ask whether it changed."""
        kept = validators or Validators()
        self._execute(
            "UPDATE pages SET state = 'done', attempts = 0, article_id = ?, listed_at = ?, etag = ?, last_modified = ?"
            " WHERE key = ?",
            (article_id, listed_at or page.listed_at, kept.etag, kept.last_modified, page.key),
        )
        self.waiting -= 1

    def keep(self, page: LeasedPage) -> None:
        """Settle a page that was to be read again and brought nothing new."""
        self._execute("UPDATE pages SET state = 'done', attempts = 0 WHERE key = ?", (page.key,))
        self.waiting -= 1

    def fail(self, page: LeasedPage) -> None:
        """Note that a page failed by itself; if never read, later rounds ask again, up to `MAX_ATTEMPTS` in all."""
        state = "failed" if page.article_id is None else "done"
        self._execute("UPDATE pages SET state = ?, attempts = attempts + 1 WHERE key = ?", (state, page.key))
        self.waiting -= 1

    def hand_over(self, page: LeasedPage) -> bool:
        """Let another page of the same article stand in for one that no longer shows it.

        Returns:
            Whether there is another. If so it is due, and this one has failed for good; if not, nothing has changed.
        """
        other = self._execute(
            "SELECT key, state FROM pages WHERE article_id = ? AND key <> ? ORDER BY state = 'done', key LIMIT 1",
            (page.article_id, page.key),
        ).fetchone()
        if other is None:
            return False
        self._execute(
            "UPDATE pages SET state = 'failed', attempts = ?, article_id = NULL, etag = NULL, last_modified = NULL"
            " WHERE key = ?",
            (MAX_ATTEMPTS, page.key),
        )
        self.waiting -= 1
        key, state = other
        if state == "done":
            self._make_due(key)
        return True

    def put_back(self, page: LeasedPage, listed_at: str | None = None) -> None:
        """Let a leased page wait again, under the posting time it turned out to have."""
        state = "waiting" if page.article_id is None else "due"
        self._execute(
            "UPDATE pages SET state = ?, listed_at = ? WHERE key = ?", (state, listed_at or page.listed_at, page.key)
        )

    def count_states(self) -> dict[str, int]:
        """Return how many pages are in each state."""
        return dict(self._execute("SELECT state, count(*) FROM pages GROUP BY state"))

    # ------------------------------------------------------------------------------------------ rounds

    def open_round(self) -> Round | None:
        """Return the round that was begun and not ended."""
        row = self._execute(
            "SELECT started_at, look_back_to, reads_again FROM rounds WHERE ended_at IS NULL"
        ).fetchone()
        return Round(read_stored(datetime.fromisoformat, row[0]), row[1], bool(row[2])) if row else None

    def last_reading_again(self, until: datetime) -> datetime | None:
        """Return when the last round up to then began that made articles due again."""
        (started_at,) = self._execute(
            "SELECT max(started_at) FROM rounds WHERE reads_again AND started_at <= ?", (until.isoformat(),)
        ).fetchone()
        return read_stored(datetime.fromisoformat, started_at) if started_at else None

    def begin_round(self, begun: Round) -> None:
        """Begin a round: pages that failed in earlier ones wait again."""
        values = (begun.started_at.isoformat(), begun.look_back_to, begun.reads_again)
        self._execute("INSERT OR REPLACE INTO rounds VALUES (?, ?, ?, NULL)", values)
        self.waiting += self._execute(
            "UPDATE pages SET state = 'waiting' WHERE state = 'failed' AND attempts < ?", (MAX_ATTEMPTS,)
        ).rowcount

    def end_round(self, moment: datetime) -> None:
        """End the round that is open."""
        self._execute("UPDATE rounds SET ended_at = ? WHERE ended_at IS NULL", (moment.isoformat(),))

    def newest_done(self, before: str) -> str | None:
        """Return the newest posting time before that moment of a page that was read, None where there is none."""
        return next((listed_at for listed_at, _, _ in self._newest_done("", before)), None)

    def read_again(self, since: str, before: str, at_most: int) -> None:
        """Make the newest articles that were read, and posted within [since, before), due again: one page of each."""
        is_due = {article_id for (article_id,) in self._execute("SELECT article_id FROM pages WHERE state = 'due'")}
        chosen: dict[str, str] = {}
        for _, key, article_id in self._newest_done(since, before):
            if len(chosen) >= at_most:
                break
            if article_id not in is_due:
                chosen.setdefault(article_id, key)
        for key in chosen.values():
            self._make_due(key)

    def _make_due(self, key: str) -> None:
        self._execute("UPDATE pages SET state = 'due' WHERE key = ?", (key,))
        self.waiting += 1

    def _newest_done(self, since: str, before: str) -> Iterator[tuple[str, str, str]]:
        # Host by host a walk along the index, as far as it is wanted.
        walks = [
            self._execute(
                "SELECT listed_at, key, article_id FROM pages WHERE state = 'done' AND host = ? AND listed_at >= ?"
                " AND listed_at < ? ORDER BY listed_at DESC, key",
                (host, since, before),
            )
            for host in sorted(self._hosts)
        ]
        return merge(*walks, key=itemgetter(0), reverse=True)

    # ------------------------------------------------------------------------------------------ listings

    def section(self, start_url: str) -> SectionWalk:
        """Return how far a listing was walked."""
        row = self._execute(
            "SELECT resume_url, walked_back_to FROM sections WHERE start_url = ?", (start_url,)
        ).fetchone()
        return SectionWalk(*row) if row else SectionWalk(None, None)

    def set_section(self, start_url: str, walk: SectionWalk) -> None:
        """Note how far a listing was walked."""
        self._execute(
            "INSERT OR REPLACE INTO sections VALUES (?, ?, ?)", (start_url, walk.resume_url, walk.walked_back_to)
        )


def read_stored(read: Callable[[str], T], text: str) -> T:
    """Return a value that the state keeps as text.

    Raises:
        OutputError: it is none: the database is damaged.
    """
    try:
        return read(text)
    except (TypeError, ValueError) as error:
        reason = f"the state is damaged: it holds {str(text)[:80]!a}"
        raise OutputError(f"{reason}; restore it from a backup, or move the folder away") from error


def host_of(url: str) -> str:
    """Return the host of an address, with its port where it names one."""
    return urlsplit(url).netloc.lower()


def _leased(row: tuple[Any, ...]) -> LeasedPage:
    key, url, listed_at, attempts, article_id, etag, last_modified = row
    validators = Validators(etag=etag, last_modified=last_modified) if etag or last_modified else None
    return LeasedPage(key, url, listed_at, attempts, article_id, validators)
