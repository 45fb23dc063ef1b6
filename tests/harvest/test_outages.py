import asyncio
import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from urllib.parse import urlsplit

import orjson
import pytest

from harvester.demo.server import Answer, Replica, answer, replica_portal
from harvester.demo.site import HOST_NAME, ListingFound, ReplicaSite, compose_site, expected_articles
from harvester.errors import BudgetSpent, ExitCode, FetchError, HttpStatusError, OutsideHours, TimedOut
from harvester.fetchers.http import FetchSettings
from harvester.harvest.counts import Counts
from harvester.harvest.frontier import MAX_ATTEMPTS, Round
from harvester.harvest.health import MAX_FAILURES_IN_A_ROW
from harvester.harvest.job import HarvestJob, PortalReport, run_job
from harvester.harvest.plan import CrawlPlan
from harvester.harvest.run import PortalRun
from harvester.harvest.state import State
from harvester.harvest.store import PortalStore
from harvester.portals.catalogue import Catalogue
from harvester.records import VIETNAM_TIME, Capture, Validators

ARTICLES = 24
SITE = compose_site(ARTICLES)
PORTAL = replica_portal("127.0.0.1:9")
NOW = datetime(2025, 6, 30, tzinfo=VIETNAM_TIME)
REST_SECONDS = 0.02
UNREACHABLE = 3
EVERYTHING = CrawlPlan()


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
    plan = CrawlPlan(limit=limit)
    job = HarvestJob((portal,), Catalogue((portal,)), output, plan, settings, language=None, rest_seconds=REST_SECONDS)
    return run_job(job)[0]


def ids(output: Path) -> Counter[str]:
    lines = (output / "articles.jsonl").read_bytes().splitlines()
    return Counter(orjson.loads(line)["id"].rpartition("/")[2] for line in lines)


def all_ids(site: ReplicaSite) -> Counter[str]:
    return Counter(one.entry_id for one in expected_articles(site))


@pytest.mark.parametrize("what", ["down", "robots_down"])
def test_an_outage_costs_no_page_however_often_it_is_met(replica: FailingReplica, tmp_path: Path, what: str) -> None:
    harvest(replica, tmp_path, limit=2)
    setattr(replica, what, True)
    for _ in range(MAX_ATTEMPTS + 2):
        replica.requests.clear()
        report = harvest(replica, tmp_path)
        assert (report.exit_code, report.counts.hosts_left_alone) == (ExitCode.MANY_PAGES_FAILED, 1)
        # At most what was under way at a time goes on after the host rests; that and the probe are asked four times.
        assert len(replica.requests) <= 4 * (MAX_FAILURES_IN_A_ROW + 4 + 1) + 1
    setattr(replica, what, False)
    harvest(replica, tmp_path)
    assert ids(tmp_path / "demo") == all_ids(replica.site)


# ---------------------------------------------------------------------------------------------- odd portals


def no_trouble(_number: int, _url: str) -> None:
    """Let a request pass."""


class Portal:
    """A portal without a network: what `change` makes of the replica's answers, and where they say they come from.

    `trouble` may raise an error for the number of a request, counted from 1 in every run.
    """

    def __init__(self, site: ReplicaSite, folder: Path) -> None:
        self.site, self.folder = site, folder
        self.asked: list[str] = []
        self.undated = False
        self.elsewhere: frozenset[str] = frozenset()
        self.covered_by: bytes | None = None
        self.trouble: Callable[[int, str], None] = no_trouble
        self.left_open: Round | None = None

    async def fetch(self, url: str, validators: Validators | None = None) -> Capture:
        assert validators is None  # it gives none
        parts = urlsplit(url)
        target = f"{parts.path}?{parts.query}" if parts.query else parts.path
        self.asked.append(target)
        self.trouble(len(self.asked), url)
        found = answer(self.site, target)
        if found.status != 200:
            raise HttpStatusError(found.status, url=url)
        body = self.covered_by or found.body
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

    def run(self, plan: CrawlPlan = EVERYTHING) -> Counts:
        self.asked.clear()
        store = PortalStore(self.folder, NOW)
        try:
            counts = asyncio.run(self._run(store, plan))
            self.left_open = store.state.frontier.open_round()
        finally:
            store.close()
        return counts

    async def _run(self, store: PortalStore, plan: CrawlPlan) -> Counts:
        run = PortalRun(
            PORTAL,
            catalogue=Catalogue((PORTAL,)),
            store=store,
            fetch=self.fetch,
            plan=plan,
            stop=asyncio.Event(),
            language=None,
            rest_seconds=REST_SECONDS,
        )
        counts = await run.run()
        run.end_round()
        return counts

    def failures(self) -> list[tuple[str, str]]:
        """Return URL and error of every failure noted."""
        lines = (self.folder / "failures.jsonl").read_bytes().splitlines()
        return [(failure["url"], failure["error"]) for failure in map(orjson.loads, lines)]

    def attempts(self) -> Counter[int]:
        """Return how many of the pages failed how often."""
        state = State(self.folder / "state.sqlite")
        found = Counter(dict(state.execute("SELECT attempts, count(*) FROM pages GROUP BY attempts").fetchall()))
        state.close()
        return found


def test_articles_listed_without_a_date_are_asked_for_once(tmp_path: Path) -> None:
    portal = Portal(SITE, tmp_path)
    portal.undated = True
    plan = CrawlPlan(since=date(2022, 6, 1))
    wanted = sum(article.posted_at.date() >= date(2022, 6, 1) for article in expected_articles(SITE))
    first, second, third = portal.run(plan), portal.run(plan), portal.run(CrawlPlan())
    assert (first.new, first.out_of_range) == (wanted, len(expected_articles(SITE)) - wanted)
    assert (second.new, second.out_of_range, second.fetched) == (0, 0, second.unchanged)
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


# ---------------------------------------------------------------------------------------------- an outage on the way


@pytest.mark.parametrize(("first", "lasts"), [(1, 5), (1, 6), (2, 5), (10, 5), (12, 8), (25, 6)])
def test_an_outage_that_ends_during_the_rest_loses_no_page(tmp_path: Path, first: int, lasts: int) -> None:
    """Until its host answers the probe nobody can tell; then each page that failed has failed once."""
    portal = Portal(SITE, tmp_path)

    def break_down(number: int, url: str) -> None:
        if first <= number < first + lasts:
            raise TimedOut("no answer", url=url)

    portal.trouble = break_down
    counts = portal.run()
    assert (counts.hosts_left_alone, portal.left_open) == (0, None)
    portal.trouble = no_trouble
    failed = portal.attempts()
    assert set(failed) <= {0, 1}
    assert failed[1] <= lasts + UNREACHABLE
    second = portal.run()
    assert ids(tmp_path) == all_ids(SITE)
    assert counts.new + second.new == ARTICLES
    assert portal.attempts() == {0: ARTICLES, 2: UNREACHABLE}


def test_pages_that_fail_by_themselves_are_told_of_once(tmp_path: Path) -> None:
    portal = Portal(SITE, tmp_path)
    counted = [portal.run() for _ in range(MAX_ATTEMPTS + 1)]
    assert [(one.failed, one.failed_again) for one in counted] == [
        (UNREACHABLE, 0),
        *[(UNREACHABLE, UNREACHABLE)] * (MAX_ATTEMPTS - 1),
        (0, 0),
    ]
    assert portal.attempts() == {0: ARTICLES, MAX_ATTEMPTS: UNREACHABLE}


MAINTENANCE = "<html><head><title>Bảo trì</title></head><body><h1>Hệ thống đang bảo trì</h1></body></html>".encode()


def test_a_maintenance_notice_in_place_of_every_page_costs_no_page(tmp_path: Path) -> None:
    portal = Portal(SITE, tmp_path)
    portal.run(CrawlPlan(limit=2))
    before = portal.attempts()
    portal.covered_by = MAINTENANCE
    for _ in range(MAX_ATTEMPTS + 1):
        counts = portal.run()
        assert (counts.hosts_left_alone, portal.left_open is None) == (1, False)
        assert len(portal.asked) <= MAX_FAILURES_IN_A_ROW + 4 + 1
        assert {error for _, error in portal.failures()[-counts.failed :]} == {"Maintenance"}
    assert portal.attempts() == before
    portal.covered_by = None
    portal.run()
    assert ids(tmp_path) == all_ids(SITE)


# ---------------------------------------------------------------------------------------------- not now


@pytest.mark.parametrize("error", [BudgetSpent, OutsideHours])
@pytest.mark.parametrize("allowed", [0, 1, 4, 20])
def test_a_host_that_may_not_be_asked_now_has_not_failed(tmp_path: Path, error: type[FetchError], allowed: int) -> None:
    portal = Portal(SITE, tmp_path)

    def refuse(number: int, url: str) -> None:
        if number > allowed:
            raise error("not now", url=url)

    portal.trouble = refuse
    counts = portal.run()
    assert (counts.hosts_not_now, counts.hosts_left_alone) == (1, 0)
    assert counts.failed == len(portal.failures()) <= UNREACHABLE
    assert len(portal.asked) <= allowed + 4
    rounds = [portal.left_open]
    allowed = 0
    assert portal.run().hosts_not_now == 1
    rounds.append(portal.left_open)
    assert rounds[0] == rounds[1] is not None
    portal.trouble = no_trouble
    portal.run()
    assert ids(tmp_path) == all_ids(SITE)
    assert portal.left_open is None
    assert portal.attempts() == {0: ARTICLES, 1: UNREACHABLE}


def test_a_round_over_several_days_reads_every_known_article_once(tmp_path: Path) -> None:
    site = compose_site(ARTICLES, days_between=0.25)
    portal = Portal(site, tmp_path)
    portal.run()

    def refuse(number: int, url: str) -> None:
        if number > 6:
            raise BudgetSpent("not now", url=url)

    portal.trouble = refuse
    read: Counter[str] = Counter()
    runs = 0
    while not runs or portal.left_open:
        portal.run()
        runs += 1
        read += Counter(target for target in portal.asked[:6] if "/-/" in target or "assetEntryId" in target)
    known = {row.address for rows in site.rows.values() for row in rows}
    assert set(read.values()) == {1}
    assert set(read) <= known
    assert len(read) == ARTICLES - 1 + UNREACHABLE  # one article of every replica is years older than the others
    assert runs > 3
