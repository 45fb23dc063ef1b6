"""The articles of a portal's folder: each in its present version, and whether the portal still shows it."""

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

import orjson

Execute = Callable[..., sqlite3.Cursor]
"""Runs one SQL statement with its values."""


@dataclass(frozen=True, slots=True)
class KnownArticle:
    """The present version of an article; `digests` by field, of the fields that make a version."""

    id: str
    url: str
    host: str
    title: str
    posted_at: str | None
    same_as: str | None
    digests: dict[str, str]
    version: int


class KnownArticles:
    """The articles of one portal. Its changes belong to the transaction of the state around it."""

    def __init__(self, execute: Execute) -> None:
        """Use the state's connection."""
        self._execute = execute

    def get(self, article_id: str) -> KnownArticle | None:
        """Return the present version of an article, or None."""
        row = self._execute(
            "SELECT id, url, host, title, posted_at, same_as, digests, version FROM articles WHERE id = ?",
            (article_id,),
        ).fetchone()
        if row is None:
            return None
        article_id, url, host, title, posted_at, same_as, digests, version = row
        return KnownArticle(article_id, url, host, title, posted_at, same_as, orjson.loads(digests), version)

    def put(self, article: KnownArticle) -> None:
        """Note an article's present version."""
        self._execute(
            "INSERT OR REPLACE INTO articles VALUES (?, ?, ?, ?, ?, ?, ?, ?, FALSE)",
            (
                article.id,
                article.url,
                article.host,
                article.title,
                article.posted_at,
                article.same_as,
                orjson.dumps(article.digests).decode(),
                article.version,
            ),
        )

    def set_gone(self, article_id: str, *, gone: bool) -> bool:
        """Note whether the portal still shows an article; return whether that is news."""
        changed = self._execute(
            "UPDATE articles SET gone = ? WHERE id = ? AND gone <> ?", (gone, article_id, gone)
        ).rowcount
        return bool(changed)

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
            yield date.fromisoformat(day)
