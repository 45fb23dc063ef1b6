import asyncio
import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from urllib.parse import urlsplit

import orjson
import pytest

from harvester.demo.server import Answer, Replica, answer, replica_portal
from harvester.demo.site import HOST_NAME, ListingFound, ReplicaSite, compose_site, expected_articles
from harvester.errors import (
    ConnectionFailed,
    ExitCode,
    FieldNotFound,
    HarvesterError,
    HttpStatusError,
    RobotsDisallowed,
    RobotsUnreachable,
    TimedOut,
)
from harvester.fetchers.http import FetchSettings
from harvester.harvest.counts import Counts
from harvester.harvest.health import MAX_FAILURES_IN_A_ROW, HostHealth, is_host_failure
from harvester.harvest.job import HarvestJob, PortalReport, run_job
from harvester.harvest.run import CrawlPlan, PortalRun
from harvester.harvest.state import MAX_ATTEMPTS
from harvester.harvest.store import PortalStore
from harvester.portals.catalogue import Catalogue
from harvester.records import VIETNAM_TIME, Capture

ARTICLES = 24
SITE = compose_site(ARTICLES)
PORTAL = replica_portal("127.0.0.1:9")
NOW = datetime(2025, 6, 30, tzinfo=VIETNAM_TIME)
A, B = "http://a.test/1", "http://b.test/1"


# ---------------------------------------------------------------------------------------------- a real outage


class FailingReplica(Replica):
    """A replica that can go down: every page 503, or robots.txt too."""

    down = False
    robots_down = False

    def answer(self, target: str, *, packed: bool) -> Answer:
        if self.robots_down or (self.down and target != "/robots.txt"):
            return Answer(503, "text/html", b"")
        return super().answer(target, packed=packed)


@pytest.fixture
def replica() -> Iterator[FailingReplica]:
    with FailingReplica(ARTICLES, slow_seconds=0) as running:
        yield running


def harvest(replica: Replica, output: Path, limit: int | None = None) -> PortalReport:
    portal = replica_portal(replica.address)
    settings = FetchSettings(backoff_seconds=0.001, max_backoff_seconds=0.002)
    job = HarvestJob((portal,), Catalogue((portal,)), output, CrawlPlan(limit=limit), settings, language=None)
    return run_job(job)[0]


def ids(output: Path) -> Counter[str]:
    lines = (output / "demo" / "articles.jsonl").read_bytes().splitlines()
    return Counter(orjson.loads(line)["id"].rpartition("/")[2] for line in lines)


@pytest.mark.parametrize("what", ["down", "robots_down"])
def test_an_outage_costs_no_page_however_often_it_is_met(replica: FailingReplica, tmp_path: Path, what: str) -> None:
    harvest(replica, tmp_path, limit=2)
    setattr(replica, what, True)
    for _ in range(MAX_ATTEMPTS + 2):
        replica.requests.clear()
        report = harvest(replica, tmp_path)
        assert (report.exit_code, report.counts.hosts_left_alone) == (ExitCode.MANY_PAGES_FAILED, 1)
        # At most what was under way at a time goes on after the host was left alone, each asked four times.
        assert len(replica.requests) <= 4 * (MAX_FAILURES_IN_A_ROW + 4) + 1
    setattr(replica, what, False)
    harvest(replica, tmp_path)
    assert ids(tmp_path) == Counter(one.entry_id for one in expected_articles(replica.site))


# ---------------------------------------------------------------------------------------------- host health


@pytest.mark.parametrize(
    ("error", "blames_the_host"),
    [
        (ConnectionFailed("x"), True),
        (TimedOut("x"), True),
        (RobotsUnreachable("x"), True),
        (HttpStatusError(503), True),
        (HttpStatusError(429), True),
        (HttpStatusError(404), False),
        (HttpStatusError(403), False),
        (RobotsDisallowed("x"), False),
        (FieldNotFound("x", field="title"), False),
    ],
)
def test_which_failures_are_the_hosts(error: HarvesterError, blames_the_host: bool) -> None:
    assert is_host_failure(error) is blames_the_host


def test_a_host_is_left_alone_after_failures_in_a_row() -> None:
    health = HostHealth()
    told = [health.failed(A, str(number), TimedOut("x")) for number in range(MAX_FAILURES_IN_A_ROW + 1)]
    assert told == [False] * (MAX_FAILURES_IN_A_ROW - 1) + [True, False]
    assert (health.left_alone, health.failed_by_themselves()) == ({"a.test"}, [])


def test_an_answer_ends_the_row_and_other_hosts_do_not_count() -> None:
    health = HostHealth()
    for number in range(3 * MAX_FAILURES_IN_A_ROW):
        assert not health.failed(A, f"a{number}", TimedOut("x"))
        if number % 2:
            health.answered(A)
    assert not health.failed(B, None, TimedOut("x"))
    assert health.failed_by_themselves() == [f"a{number}" for number in range(3 * MAX_FAILURES_IN_A_ROW)]


def test_an_unreachable_robots_file_ends_the_host_at_once() -> None:
    assert HostHealth().failed(A, None, RobotsUnreachable("x"))


# ---------------------------------------------------------------------------------------------- odd portals


class Portal:
    """A portal without a network: what `change` makes of the replica's answers, and where they say they come from."""

    def __init__(self, site: ReplicaSite, folder: Path) -> None:
        self.site, self.folder = site, folder
        self.asked: list[str] = []
        self.undated = False
        self.elsewhere: frozenset[str] = frozenset()

    async def fetch(self, url: str) -> Capture:
        parts = urlsplit(url)
        target = f"{parts.path}?{parts.query}" if parts.query else parts.path
        self.asked.append(target)
        body = answer(self.site, target).body
        if self.undated and isinstance(self.site.find(parts.path, parts.query), ListingFound):
            body = re.sub(rb'(<div class="assetPublishDate block_timer">)[^<]*', rb"\1", body)
        return Capture(
            url=url,
            final_url=f"http://elsewhere.test{target}" if target in self.elsewhere else url,
            status=200,
            headers=(),
            body=body,
            captured_at=NOW,
            via="live",
            sha256=hashlib.sha256(body).hexdigest(),
            tls_verified=None,
        )

    def run(self, plan: CrawlPlan) -> Counts:
        self.asked.clear()
        store = PortalStore(self.folder, NOW)
        try:
            return asyncio.run(self._run(store, plan))
        finally:
            store.close()

    async def _run(self, store: PortalStore, plan: CrawlPlan) -> Counts:
        run = PortalRun(
            PORTAL,
            catalogue=Catalogue((PORTAL,)),
            store=store,
            fetch=self.fetch,
            plan=plan,
            stop=asyncio.Event(),
            language=None,
        )
        return await run.run()


def test_articles_listed_without_a_date_are_asked_for_once(tmp_path: Path) -> None:
    portal = Portal(SITE, tmp_path)
    portal.undated = True
    plan = CrawlPlan(since=date(2022, 6, 1))
    wanted = sum(article.posted_at.date() >= date(2022, 6, 1) for article in expected_articles(SITE))
    first, second, third = portal.run(plan), portal.run(plan), portal.run(CrawlPlan())
    assert (first.new, first.out_of_range) == (wanted, len(expected_articles(SITE)) - wanted)
    assert (second.new, second.out_of_range, second.fetched) == (0, 0, 0)
    assert first.new + third.new == len(expected_articles(SITE))


def test_an_answer_from_outside_the_portal_is_no_article_of_it(tmp_path: Path) -> None:
    portal = Portal(SITE, tmp_path)
    row = next(row for row in SITE.rows["/tinhoatdongkhac"])
    portal.elsewhere = frozenset({row.address})
    portal.run(CrawlPlan())
    failures = [orjson.loads(line) for line in (tmp_path / "failures.jsonl").read_bytes().splitlines()]
    found = {failure["url"]: (failure["error"], failure["message"]) for failure in failures}
    assert found[f"http://{HOST_NAME}{row.address}"] == (
        "RedirectRefused",
        "the address leads out of the portal, to elsewhere.test",
    )
    assert f"demo/{row.article.entry_id}".encode() not in (tmp_path / "articles.jsonl").read_bytes()
