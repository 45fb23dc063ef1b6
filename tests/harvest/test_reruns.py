"""Further runs over a portal that stayed the same, was edited, grew, lost articles and got them back."""

import json
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from harvester.demo.edits import edit, publish, remove, with_views
from harvester.demo.server import Replica
from harvester.demo.site import ReplicaSite, compose_site, expected_articles
from harvester.demo.truth import ReplicaArticle
from harvester.fetchers.http import FetchSettings
from harvester.harvest.counts import Counts
from harvester.harvest.job import Allowance, HarvestJob, run_job
from harvester.harvest.plan import CrawlPlan
from harvester.portals.catalogue import Catalogue

MANY, FEW = 2_000, 40
UNREACHABLE = Allowance(number=3)
DAYS_BETWEEN = 0.4
WINDOW = timedelta(days=7)
EVERYTHING = CrawlPlan()


def harvest(replica: Replica, output: Path, plan: CrawlPlan = EVERYTHING, deep_look_days: int = 7) -> Counts:
    """Run a harvest to its end, with the requests of this run alone in the replica's records."""
    replica.requests.clear()
    replica.log.clear()
    settings = FetchSettings(backoff_seconds=0.001, max_backoff_seconds=0.002)
    portal = replica.portal.model_copy(update={"deep_look_days": deep_look_days})
    job = HarvestJob((portal,), Catalogue((portal,)), output, plan, settings, UNREACHABLE, language=None)
    (report,) = run_job(job)
    assert (report.exit_code, report.message) == (0, None)
    return report.counts


def lines(output: Path, name: str = "articles.jsonl") -> list[dict[str, Any]]:
    return [json.loads(line) for line in (output / "demo" / name).read_bytes().splitlines()]


def added(output: Path, name: str, change: Callable[[], object]) -> list[dict[str, Any]]:
    """Return the lines that something added to a file, whose former lines stay."""
    path = output / "demo" / name
    before = path.read_bytes()
    change()
    after = path.read_bytes()
    assert after.startswith(before)
    return [json.loads(line) for line in after[len(before) :].splitlines()]


def shown_date(article: ReplicaArticle) -> datetime:
    """Return the posting time as its page tells it."""
    return article.posted_at.replace(hour=0, minute=0) if article.day_precision else article.posted_at


def recent(site: ReplicaSite) -> list[ReplicaArticle]:
    """Return the articles of the window in which they are read again, newest first."""
    articles = expected_articles(site)
    since = max(map(shown_date, articles)) - WINDOW
    return [article for article in articles if shown_date(article) >= since]


def ids(articles: list[ReplicaArticle]) -> list[str]:
    return [f"demo/{article.entry_id}" for article in articles]


# ---------------------------------------------------------------------------------------------- what a re-run costs


@pytest.mark.long
def test_a_rerun_is_cheap_and_finds_what_was_edited_and_added(tmp_path: Path) -> None:
    site = compose_site(MANY, days_between=DAYS_BETWEEN)
    newest = max(article.posted_at for article in site.articles)
    assert sum(article.posted_at >= newest - WINDOW for article in site.articles) <= 20
    with Replica(site=site, slow_seconds=0) as replica:
        assert harvest(replica, tmp_path).new == len(lines(tmp_path)) == MANY
        first_requests = len(replica.requests)
        assert added(tmp_path, "articles.jsonl", lambda: harvest(replica, tmp_path)) == []
        assert len(replica.requests) <= 0.02 * first_requests
    with Replica(site=site, slow_seconds=0, validators=True) as replica:
        for is_first in (True, False):
            assert added(tmp_path, "articles.jsonl", lambda: harvest(replica, tmp_path)) == []
            assert len(replica.requests) <= 0.02 * first_requests
            unmodified = sum(request.status == 304 for request in replica.log)
            assert unmodified == (0 if is_first else len(recent(site)))
        edited = list(islice((one for one in recent(site) if one.paragraphs), 5))
        with_new = publish(publish(site, days=5), 2)
        replica.site = edit(with_new, [one.entry_id for one in edited])
        found = added(tmp_path, "articles.jsonl", lambda: harvest(replica, tmp_path))
    fresh = set(ids(list(with_new.articles))) - set(ids(list(site.articles)))
    assert len(found) == 8
    assert {line["id"]: (line["version"], line["changed"]) for line in found} == (
        dict.fromkeys(ids(edited), (2, ["body"])) | dict.fromkeys(fresh, (1, []))
    )
    posted = sorted(datetime.fromisoformat(line["posted_at"]) for line in found if line["id"] in fresh)
    assert [moment > newest for moment in posted] == [False, True, True]
    versions = [(line["id"], line["version"]) for line in lines(tmp_path)]
    assert len(versions) == len(set(versions)) == MANY + 8


# ---------------------------------------------------------------------------------------------- what a re-run notes


@pytest.fixture
def replica(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Replica]:
    """A small replica that was harvested once; its parameter is whether it gives validators."""
    site = compose_site(FEW, days_between=DAYS_BETWEEN)
    with Replica(site=site, slow_seconds=0, validators=getattr(request, "param", False)) as running:
        assert harvest(running, tmp_path).new == FEW
        yield running


def observed(replica: Replica, output: Path) -> list[tuple[str, int | None, bool]]:
    """Run a harvest that writes no article line and return what it observed."""
    found: list[dict[str, Any]] = []

    def run() -> None:
        found.extend(added(output, "observations.jsonl", lambda: harvest(replica, output)))

    assert added(output, "articles.jsonl", run) == []
    return [(one["id"], one["view_count"], one["gone"]) for one in found]


with_and_without_validators = pytest.mark.parametrize("replica", [False, True], indirect=True)


@with_and_without_validators
def test_an_article_that_goes_is_noted_once_and_once_when_it_is_back(replica: Replica, tmp_path: Path) -> None:
    site = replica.site
    gone, *others = recent(site)
    replica.site = remove(site, gone.entry_id)
    (article_id,) = ids([gone])
    runs = [[one for one in observed(replica, tmp_path) if one[0] == article_id] for _ in range(3)]
    assert runs == [[(article_id, None, True)], [], []]
    assert sum(line["id"] == article_id for line in lines(tmp_path)) == 1
    replica.site = site
    runs = [[one for one in observed(replica, tmp_path) if one[0] == article_id] for _ in range(2)]
    assert runs[0] == [(article_id, gone.view_count, False)]
    assert len(others) > 10


def test_view_counts_are_a_series_and_no_version(replica: Replica, tmp_path: Path) -> None:
    shown = [article for article in recent(replica.site) if article.view_count is not None]
    views = {article.entry_id: (article.view_count or 0) + 7 for article in shown}
    replica.site = with_views(replica.site, views)
    found = {article_id: seen for article_id, *seen in observed(replica, tmp_path)}
    changed = {f"demo/{entry_id}": [count, False] for entry_id, count in views.items()}
    assert len(changed) > 5
    assert {article_id: found[article_id] for article_id in changed} == changed


@with_and_without_validators
def test_an_article_edited_again_and_again_has_a_version_for_each(replica: Replica, tmp_path: Path) -> None:
    chosen = next(article for article in recent(replica.site) if article.paragraphs)
    for _ in range(3):
        replica.site = edit(replica.site, [chosen.entry_id])
        harvest(replica, tmp_path)
        harvest(replica, tmp_path)
    found = [line for line in lines(tmp_path) if line["id"] == f"demo/{chosen.entry_id}"]
    assert [(line["version"], line["changed"]) for line in found] == [
        (1, []), (2, ["body"]), (3, ["body"]), (4, ["body"])
    ]  # fmt: skip
    assert len({line["body"] for line in found}) == 4


@pytest.mark.parametrize("limit", [1, 3])
def test_a_limit_counts_no_known_articles(replica: Replica, tmp_path: Path, limit: int) -> None:
    edited = [article for article in recent(replica.site) if article.paragraphs][:4]
    replica.site = edit(publish(replica.site, 3), [article.entry_id for article in edited])
    counts = harvest(replica, tmp_path, CrawlPlan(limit=limit))
    assert (counts.new, counts.changed) == (limit, 4)
    assert harvest(replica, tmp_path).new == 3 - limit


@pytest.mark.parametrize(("deep_look_days", "days", "found"), [(7, 0, 1), (7, 6.9, 1), (0, 14, 0), (14, 13.9, 1)])
def test_how_far_back_a_backdated_post_is_found(
    replica: Replica, tmp_path: Path, deep_look_days: int, days: float, found: int
) -> None:
    replica.site = publish(replica.site, days=days)
    assert harvest(replica, tmp_path, deep_look_days=deep_look_days).new == found
