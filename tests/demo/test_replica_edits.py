from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest

from harvester.demo.edits import edit, publish, remove, with_views
from harvester.demo.site import ArticleFound, NothingFound, ReplicaSite, compose_site, expected_articles, split_target
from harvester.demo.texts import SECTIONS
from harvester.demo.truth import ReplicaArticle

SITE = compose_site(40, days_between=0.5)
NEWEST, SECOND, *_ = SITE.articles


def article_of(site: ReplicaSite, entry_id: str) -> ReplicaArticle:
    return next(one for one in site.articles if one.entry_id == entry_id)


def shown(site: ReplicaSite, entry_id: str) -> set[ReplicaArticle]:
    """Return what the addresses of all rows of that entry lead to, and what the rows say of it."""
    rows = [row for rows in site.rows.values() for row in rows if row.article.entry_id == entry_id]
    found = [site.find(*split_target(row.address)) for row in rows]
    return {row.article for row in rows} | {one.article for one in found if isinstance(one, ArticleFound)}


def test_an_edit_changes_the_body_alone_and_keeps_its_truth() -> None:
    edited = edit(SITE, [NEWEST.entry_id, SECOND.entry_id])
    for before in (NEWEST, SECOND):
        after = article_of(edited, before.entry_id)
        assert after.body != before.body
        assert after.body.startswith(before.body)
        assert (after.title, after.summary, after.abstract, after.officials) == (
            before.title, before.summary, before.abstract, before.officials
        )  # fmt: skip
        assert all(after.body[one.start : one.end] == one.text for one in after.citations)
        assert shown(edited, before.entry_id) == {after}
    untouched = [one for one in SITE.articles if one not in (NEWEST, SECOND)]
    assert [one for one in edited.articles if one in SITE.articles] == untouched


def test_every_edit_is_another_body() -> None:
    bodies, site = [NEWEST.body], SITE
    for _ in range(3):
        site = edit(site, [NEWEST.entry_id])
        bodies.append(article_of(site, NEWEST.entry_id).body)
    assert len(set(bodies)) == 4
    assert len(bodies[3]) == len(bodies[1])


@pytest.mark.parametrize("days", [0, 3, 3.5])
def test_new_articles_stand_where_their_date_belongs(days: float) -> None:
    site = publish(SITE, 3, days=days, section=SECTIONS[1])
    new = [one for one in site.articles if one not in SITE.articles]
    start = NEWEST.posted_at - timedelta(days=days)
    assert len(new) == 3
    assert all(start < one.posted_at < start + timedelta(hours=2) for one in new)
    posted = [one.posted_at for one in site.articles[:12]]
    assert posted == sorted(posted, reverse=True)
    listed = [row.article for row in site.rows[SECTIONS[1].path]]
    assert [one for one in listed if one in new] == new
    assert listed.index(new[-1]) == sum(one.posted_at > new[-1].posted_at for one in listed)
    assert {*expected_articles(site)} - {*expected_articles(SITE)} == set(new)
    assert all(shown(site, one.entry_id) == {one} for one in new)
    numbers = [row.article.entry_id for rows in site.rows.values() for row in rows]
    assert len({*numbers}) == len({row.article.entry_id for rows in SITE.rows.values() for row in rows}) + 3


def test_new_articles_are_the_same_every_time_and_differ_from_each_other() -> None:
    assert publish(SITE, 2) == publish(SITE, 2)
    assert len({one.url_title for one in publish(publish(SITE, 3), 3, days=1).articles}) == 46


def test_a_removed_article_is_nowhere() -> None:
    lent = [row for row in SITE.rows["/tintuccacdonvi"] if row.article.section_path == "/tin-tuc"]
    twice = next(row.article for row in lent if not row.address.endswith("/en"))
    addresses = [row.address for rows in SITE.rows.values() for row in rows if row.article is twice]
    site = remove(SITE, twice.entry_id)
    assert len(addresses) == 2
    assert [site.find(*split_target(address)) for address in addresses] == [NothingFound(), NothingFound()]
    assert {*SITE.articles} - {*site.articles} == {twice}
    assert shown(site, twice.entry_id) == set()


def test_views_are_counted_where_they_are_shown() -> None:
    silent = next(one for one in SITE.articles if one.view_count is None)
    counted = next(one for one in SITE.articles if one.view_count is not None)
    site = with_views(SITE, {silent.entry_id: 5, counted.entry_id: 99_999})
    assert article_of(site, silent.entry_id) == silent
    assert article_of(site, counted.entry_id).view_count == 99_999
    assert len({*site.articles} - {*SITE.articles}) == 1


@pytest.mark.parametrize(
    "change", [partial(edit, SITE, ["1"]), partial(remove, SITE, "1"), partial(with_views, SITE, {"1": 1})]
)
def test_an_article_that_is_not_there_cannot_be_changed(change: Callable[[], ReplicaSite]) -> None:
    with pytest.raises(ValueError, match="the replica has no article 1"):
        change()


@pytest.mark.parametrize(("days_between", "within_a_week"), [(0.35, 20), (0.5, 14), (1, 7), (3, 3)])
def test_posts_may_be_evenly_spaced(days_between: float, within_a_week: int) -> None:
    composed = compose_site(60, days_between=days_between)
    listed = {row.article.entry_id: row.article for rows in composed.rows.values() for row in rows}
    newest = max(one.posted_at for one in listed.values())
    recent = sum(one.posted_at > newest - timedelta(days=7) for one in listed.values())
    assert within_a_week - 1 <= recent <= within_a_week + 1
    assert len(composed.articles) == 60


@pytest.mark.parametrize("days_between", [0, 0.0001, 200])
def test_posts_that_do_not_fit_are_refused(days_between: float) -> None:
    with pytest.raises(ValueError, match="articles cannot be posted"):
        compose_site(60, days_between=days_between)
