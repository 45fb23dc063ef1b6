"""The articles of a portal's folder: each in its present version, and whether the portal still shows it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

import orjson

from harvester.harvest.frontier import Execute, read_stored


@dataclass(frozen=True, slots=True)
class KnownArticle:
    """The present version of an article; `digests` by field, of the fields that make a version.

    `seen_at` is the moment of which this is the present: the newest at which it was read, or found to be gone.
    """

    id: str
    url: str
    host: str
    title: str
    posted_at: str | None
    same_as: str | None
    digests: dict[str, str]
    version: int
    seen_at: datetime


class KnownArticles:
    """The articles of one portal. Its changes belong to the transaction of the state around it."""

    def __init__(self, execute: Execute) -> None:
        """Use the state's connection."""
        self._execute = execute

    def get(self, article_id: str) -> KnownArticle | None:
        """Return the present version of an article, or None."""
        row = self._execute(
            "SELECT id, url, host, title, posted_at, same_as, digests, version, seen_at FROM articles WHERE id = ?",
            (article_id,),
        ).fetchone()
        if row is None:
            return None
        article_id, url, host, title, posted_at, same_as, digests, version, seen_at = row
        return KnownArticle(
            article_id,
            url,
            host,
            title,
            posted_at,
            same_as,
            read_stored(orjson.loads, digests),
            version,
            read_stored(datetime.fromisoformat, seen_at),
        )

    def put(self, article: KnownArticle) -> None:
        """Note an article's present version."""
        self._execute(
            "INSERT OR REPLACE INTO articles VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, FALSE)",
            (
                article.id,
                article.url,
                article.host,
                article.title,
                article.posted_at,
                article.same_as,
                orjson.dumps(article.digests).decode(),
                article.version,
                article.seen_at.isoformat(),
            ),
        )

    def see(self, article_id: str, moment: datetime, *, gone: bool) -> bool:
        """Note that the portal showed an article at that moment, or no longer did; return whether that is news."""
        row = self._execute("SELECT gone FROM articles WHERE id = ?", (article_id,)).fetchone()
        self._execute("UPDATE articles SET gone = ?, seen_at = ? WHERE id = ?", (gone, moment.isoformat(), article_id))
        return row is not None and bool(row[0]) != gone

    def twin(self, title: str, posted_at: str, host: str) -> str | None:
        """Return the id under which another host already carries the same title and posting time."""
        row = self._execute(
            "SELECT id FROM articles WHERE title = ? AND posted_at = ? AND host <> ? ORDER BY id LIMIT 1",
            (title, posted_at, host),
        ).fetchone()
        return str(row[0]) if row else None

    def count(self) -> int:
        """Return how many articles are known."""
        return int(self._execute("SELECT count(*) FROM articles").fetchone()[0])

    def days(self) -> Iterator[date]:
        """Yield the days on which something was posted, in order, each once."""
        for (day,) in self._execute(
            "SELECT DISTINCT substr(posted_at, 1, 10) AS day FROM articles WHERE posted_at IS NOT NULL ORDER BY day"
        ):
            yield read_stored(date.fromisoformat, day)
