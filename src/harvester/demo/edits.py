"""What happens on a portal between two harvests: articles are edited, published, taken away and read."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import takewhile
from typing import Final

from harvester.demo.site import DEFAULT_SEED, ReplicaSite, Row, row_address
from harvester.demo.texts import SECTIONS, Section, compose_new, entry_id
from harvester.demo.truth import ReplicaArticle

_CORRECTION: Final = "Nội dung bài viết này đã được ban biên tập hiệu đính {} lần."
_CORRECTED: Final = re.compile(r" " + re.escape(_CORRECTION).replace(r"\{\}", r"(\d{1,9})") + r"\Z")
_MINUTES_APART = 7


def edit(site: ReplicaSite, entry_ids: Iterable[str]) -> ReplicaSite:
    """Return the site with another last sentence in the body of those articles; their truth holds for the new body.

    Editing an article again changes the sentence again.

    Raises:
        ValueError: the site has no such article.
    """
    return _changed(site, dict.fromkeys(entry_ids, _corrected))


def with_views(site: ReplicaSite, views: Mapping[str, int]) -> ReplicaSite:
    """Return the site with other view counts, by entry id; a page that shows none goes on showing none.

    Raises:
        ValueError: the site has no such article.
    """

    def counted(count: int) -> Callable[[ReplicaArticle], ReplicaArticle]:
        return lambda article: replace(article, view_count=count) if article.layout.views_label else article

    return _changed(site, {entry: counted(count) for entry, count in views.items()})


def publish(
    site: ReplicaSite,
    count: int = 1,
    *,
    days: float = 0,
    section: Section = SECTIONS[0],
    seed: int = DEFAULT_SEED,
) -> ReplicaSite:
    """Return the site with `count` more articles in a section's listing, at their place by date.

    Args:
        site: what there is.
        count: how many more; they are posted some minutes apart.
        days: 0 posts them after the newest article there is; more posts them so many days before it.
        section: whose listing shows them.
        seed: that of the site, so that the same people hold the same posts.
    """
    shown = {row.article.entry_id: row.article for rows in site.rows.values() for row in rows}
    moment = max(article.posted_at for article in site.articles) - timedelta(days=days)
    moments: list[datetime] = []
    while len(moments) < count:
        moment += timedelta(minutes=_MINUTES_APART)
        if entry_id(moment) not in shown:
            moments.append(moment)
    listed, articles = site.rows[section.path], site.articles
    for article in compose_new(moments, section, seed=seed, taken=(one.url_title for one in shown.values())):
        at = _place((row.article for row in listed), article)
        listed = (*listed[:at], Row(article, row_address(section, article)), *listed[at:])
        at = _place(articles, article)
        articles = (*articles[:at], article, *articles[at:])
    return replace(site, articles=articles, rows={**site.rows, section.path: listed})


def remove(site: ReplicaSite, entry_id: str) -> ReplicaSite:
    """Return the site without that article: no listing shows it, and its address answers 404.

    Raises:
        ValueError: the site has no such article.
    """
    _require(site, [entry_id])
    return replace(
        site,
        articles=tuple(article for article in site.articles if article.entry_id != entry_id),
        rows={path: tuple(row for row in rows if row.article.entry_id != entry_id) for path, rows in site.rows.items()},
    )


def _place(newest_first: Iterable[ReplicaArticle], new: ReplicaArticle) -> int:
    """Return the index at which an article joins others by its date."""
    return sum(1 for _ in takewhile(lambda one: one.posted_at > new.posted_at, newest_first))


def _changed(site: ReplicaSite, changes: Mapping[str, Callable[[ReplicaArticle], ReplicaArticle]]) -> ReplicaSite:
    """Return the site with the change of every entry made wherever the article stands."""
    _require(site, changes)
    changed = {one.entry_id: changes[one.entry_id](one) for one in site.articles if one.entry_id in changes}
    return replace(
        site,
        articles=tuple(changed.get(one.entry_id, one) for one in site.articles),
        rows={
            path: tuple(
                replace(row, article=changed[row.article.entry_id]) if row.article.entry_id in changed else row
                for row in rows
            )
            for path, rows in site.rows.items()
        },
    )


def _require(site: ReplicaSite, entry_ids: Iterable[str]) -> None:
    unknown = set(entry_ids) - {article.entry_id for article in site.articles}
    if unknown:
        raise ValueError(f"the replica has no article {', '.join(sorted(unknown))}")


def _corrected(article: ReplicaArticle) -> ReplicaArticle:
    """Return the article with a note at the end of its body, where it moves no offset of what the body names."""
    *paragraphs, last = article.paragraphs
    times = int(found[1]) if (found := _CORRECTED.search(last)) else 0
    corrected = f"{_CORRECTED.sub('', last)} {_CORRECTION.format(times + 1)}"
    return replace(article, paragraphs=(*paragraphs, corrected))
