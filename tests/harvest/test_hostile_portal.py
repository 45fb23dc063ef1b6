import asyncio
import json
import shutil
import ssl
import subprocess
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from harvester.demo.faults import ANSWER_FAULTS, HARMLESS_FAULTS, LISTING_FAULTS, Fault, Faults
from harvester.demo.request_log import LoggedRequest
from harvester.demo.server import Replica
from harvester.demo.site import HOST_NAME, ROWS_PER_PAGE, ReplicaSite, compose_site, expected_articles
from harvester.demo.texts import SECTIONS
from harvester.demo.truth import ReplicaArticle
from harvester.errors import ExitCode, RobotsUnreachable
from harvester.fetchers.http import FetchSettings, HttpFetcher
from harvester.harvest.job import Allowance, HarvestJob, PortalReport, run_job
from harvester.portals.catalogue import Catalogue, Portal

ARTICLES = 60
SEED = 2834  # draws every kind of passing fault, and six lasting ones
MAX_RUNS = 5
PAUSE_SECONDS = 20.0  # far beyond every timeout below
TIMER_SECONDS = 0.005
REST_SECONDS = 0.2
FEW = 4
QUICK = FetchSettings(
    connect_seconds=1.0,
    read_seconds=0.5,
    deadline_seconds=1.0,
    attempts=2,
    backoff_seconds=0.01,
    max_backoff_seconds=0.02,
    slow_down_seconds=0.001,
)
WITHOUT_TIMEOUTS = ("server-error", "reset", "length-too-long", "truncated-gzip", "broken-chunks", "redirect-loop")
FIELDS = ("title", "posted_at", "posted_precision", "view_count", "summary", "author", "body")

pytestmark = pytest.mark.long


@dataclass(frozen=True)
class Outcome:
    """What came of a harvest that was started again as a scheduler would."""

    site: ReplicaSite
    faults: Faults
    reports: tuple[PortalReport, ...]
    seconds: float
    log: tuple[LoggedRequest, ...]

    def lines(self, name: str) -> list[dict[str, Any]]:
        folder = self.reports[-1].folder
        assert folder is not None
        return [json.loads(line) for line in (folder / name).read_bytes().splitlines()]

    @property
    def articles(self) -> dict[str, dict[str, Any]]:
        return {entry_of(line["id"]): line for line in self.lines("articles.jsonl")}


def entry_of(article_id: str) -> str:
    return article_id.removeprefix("demo/")


def one_by_one(portal: Portal, **fields: object) -> Portal:
    """Return a portal with one request at a time."""
    (host,) = portal.hosts
    return portal.model_copy(update={"hosts": (host.model_copy(update={"max_concurrency": 1, **fields}),)})


def run_once(portal: Portal, output: Path, settings: FetchSettings = QUICK) -> PortalReport:
    job = HarvestJob(
        portals=(portal,),
        catalogue=Catalogue((portal,)),
        output=output,
        settings=settings,
        allowance=Allowance(number=ARTICLES),
        language=None,
        rest_seconds=REST_SECONDS,
    )
    (report,) = run_job(job)
    return report


def harvest(site: ReplicaSite, faults: Faults, output: Path, max_runs: int = MAX_RUNS) -> Outcome:
    """Harvest until every article that can be read is there, or the runs are used up."""
    wanted = {article.entry_id for article in faults.reachable(site)}
    reports: list[PortalReport] = []
    with Replica(site=site, slow_seconds=0, faults=faults) as replica:
        portal, begun = one_by_one(replica.portal), time.monotonic()
        while len(reports) < max_runs:
            reports.append(run_once(portal, output))
            if wanted <= Outcome(site, faults, tuple(reports), 0, ()).articles.keys():
                break
        seconds = time.monotonic() - begun
    return Outcome(site, faults, tuple(reports), seconds, tuple(replica.log))


@pytest.fixture(scope="module")
def site() -> ReplicaSite:
    return compose_site(ARTICLES)


@pytest.fixture(scope="module")
def hostile(site: ReplicaSite, tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    faults = Faults(SEED, share=0.6, lasting_share=0.15, lasting=WITHOUT_TIMEOUTS, pause_seconds=PAUSE_SECONDS)
    return harvest(site, faults, tmp_path_factory.mktemp("hostile"))


@pytest.fixture(scope="module")
def small_site() -> ReplicaSite:
    return compose_site(20)


@pytest.fixture(scope="module")
def few(small_site: ReplicaSite) -> ReplicaSite:
    """Return a site that lists the newest of every section alone."""
    return replace(small_site, rows={path: rows[:FEW] for path, rows in small_site.rows.items()})


# ---------------------------------------------------------------------------------------------- all at once


def test_every_fault_is_met(hostile: Outcome) -> None:
    faults = [hostile.faults.of_article(one.entry_id) for one in expected_articles(hostile.site)]
    assert {one.kind for one in faults if one and not one.error} == {*ANSWER_FAULTS, *HARMLESS_FAULTS}
    assert {one.kind for one in faults if one and one.error} == {*WITHOUT_TIMEOUTS}
    assert {one.fault for one in hostile.log} >= {*ANSWER_FAULTS, *HARMLESS_FAULTS}
    assert hostile.faults.listings == LISTING_FAULTS


def test_every_reachable_article_is_harvested_once(hostile: Outcome) -> None:
    wanted = {article.entry_id for article in hostile.faults.reachable(hostile.site)}
    written = [entry_of(line["id"]) for line in hostile.lines("articles.jsonl")]
    assert len(wanted) > ARTICLES // 2
    assert Counter(written) == Counter(wanted)


@pytest.mark.parametrize("field", FIELDS)
def test_its_fields_are_those_composed(hostile: Outcome, field: str) -> None:
    truth = {one.entry_id: true_field(one, field) for one in hostile.faults.reachable(hostile.site)}
    assert {entry: line[field] for entry, line in hostile.articles.items()} == truth


def true_field(article: ReplicaArticle, field: str) -> object:
    match field:
        case "posted_at":
            return article.posted_at.isoformat()
        case "posted_precision":
            return "day" if article.day_precision else "minute"
        case _:
            return getattr(article, field)


def test_every_unreachable_article_is_a_failure_with_its_reason(hostile: Outcome) -> None:
    reasons: dict[str, set[str]] = {}
    for failure in hostile.lines("failures.jsonl"):
        for entry in hostile.faults.unreachable(hostile.site):
            if is_address_of(hostile.site, entry, failure["url"]):
                reasons.setdefault(entry, set()).add(failure["error"])
    unreachable = hostile.faults.unreachable(hostile.site)
    assert reasons.keys() == unreachable.keys()
    # A busy machine may let a request time out that would have failed otherwise.
    assert [(entry, error) for entry, error in unreachable.items() if reasons[entry] - {"TimedOut"} != {error}] == []


def is_address_of(site: ReplicaSite, entry: str, url: str) -> bool:
    article = next(one for one in site.articles if one.entry_id == entry)
    return f"/{entry}-" in url or f"assetEntryId={entry}" in url or f"/content/{article.url_title}" in url


def test_it_ends_within_its_timeouts(hostile: Outcome) -> None:
    waits = sum(one.wait_until - one.finished for one in hostile.log if one.wait_until)
    each = QUICK.deadline_seconds + QUICK.max_backoff_seconds
    rests = REST_SECONDS * sum(report.counts.failed for report in hostile.reports)
    assert hostile.seconds < len(hostile.log) * each + waits + rests
    assert all(one.finished - one.started < PAUSE_SECONDS / 2 for one in hostile.log)


def test_the_host_is_never_asked_twice_at_once(hostile: Outcome) -> None:
    assert {one.in_flight for one in hostile.log} == {1}
    assert all(earlier.finished <= later.started for earlier, later in pairwise(hostile.log))


def test_nothing_is_asked_before_retry_after(hostile: Outcome) -> None:
    asked_to_wait = [one for one in hostile.log if one.wait_until is not None]
    assert {one.status for one in asked_to_wait} == {429}
    assert {one.fault for one in asked_to_wait} == {kind for kind in ANSWER_FAULTS if kind.startswith("too-many")}
    early = [
        (one.target, later.target, one.wait_until - later.started)
        for one in asked_to_wait
        for later in hostile.log
        if one.wait_until and one.started < later.started < one.wait_until - TIMER_SECONDS
    ]
    assert early == []


def test_no_trap_is_walked_into(hostile: Outcome) -> None:
    listings = [one.target for one in hostile.log if "/-/" not in one.target and "assetEntryId" not in one.target]
    pages = sum(-(-len(rows) // ROWS_PER_PAGE) for rows in hostile.site.rows.values())
    runs = len(hostile.reports)
    assert [target for target in listings if "date=" in target] == []
    assert len(listings) <= runs * QUICK.attempts * (pages + 4 * len(hostile.site.rows) + 1)


def test_what_goes_round_a_text_makes_no_new_version(hostile: Outcome) -> None:
    assert {line["version"] for line in hostile.lines("articles.jsonl")} == {1}


def test_every_run_ends_as_done(hostile: Outcome) -> None:
    assert {report.message for report in hostile.reports} == {None}
    assert {report.exit_code for report in hostile.reports} <= {ExitCode.DONE, ExitCode.MANY_PAGES_FAILED}


# ---------------------------------------------------------------------------------------------- one at a time


def lasting_and_passing(site: ReplicaSite) -> tuple[str, str]:
    """Return two articles of a listing."""
    first, second = (row.article.entry_id for row in site.rows["/tintuccacdonvi"][1:3])
    return first, second


def alone(chosen: Mapping[str, Fault] | None = None, listings: tuple[str, ...] = ()) -> Faults:
    """Return faults with nothing left to the draw."""
    return Faults(
        1,
        share=0,
        listing_share=0,
        listings=listings,
        chosen=chosen or {},
        pause_seconds=PAUSE_SECONDS,
        retry_after_seconds=0,
    )


@pytest.mark.parametrize("kind", ANSWER_FAULTS)
def test_a_fault_costs_no_other_article(kind: str, few: ReplicaSite, tmp_path: Path) -> None:
    lasting, passing = lasting_and_passing(few)
    outcome = harvest(few, alone({lasting: Fault(kind), passing: Fault(kind, 1)}), tmp_path, max_runs=1)
    assert outcome.articles.keys() == {one.entry_id for one in expected_articles(few)} - {lasting}
    reasons = {
        (one["stage"], one["error"])
        for one in outcome.lines("failures.jsonl")
        if is_address_of(few, lasting, one["url"])
    }
    assert reasons == {("fetch", ANSWER_FAULTS[kind])}


@pytest.mark.parametrize("kind", HARMLESS_FAULTS)
def test_odd_articles_are_read(kind: str, few: ReplicaSite, tmp_path: Path) -> None:
    first, second = lasting_and_passing(few)
    faults = alone({first: Fault(kind), second: Fault(kind)})
    outcome = harvest(few, faults, tmp_path, max_runs=1)
    assert kind in {one.fault for one in outcome.log}
    assert outcome.articles.keys() == {one.entry_id for one in expected_articles(few)}


@pytest.mark.parametrize("kind", LISTING_FAULTS)
def test_odd_listings_lead_to_every_article(kind: str, small_site: ReplicaSite, tmp_path: Path) -> None:
    outcome = harvest(small_site, alone(listings=(kind,)), tmp_path, max_runs=1)
    assert outcome.articles.keys() == {one.entry_id for one in expected_articles(small_site)}
    assert [url for line in outcome.articles.values() if "jsessionid" in (url := line["canonical_url"])] == []


def test_a_burst_of_server_errors_is_outlasted(small_site: ReplicaSite, tmp_path: Path) -> None:
    """Neighbours all fail at once, so that the host rests and is probed."""
    burst = [row.article.entry_id for row in small_site.rows["/tin-tuc"]]
    outcome = harvest(small_site, alone(dict.fromkeys(burst, Fault("server-error", 3))), tmp_path)
    assert outcome.articles.keys() == {one.entry_id for one in expected_articles(small_site)}
    assert {one.status for one in outcome.log} >= {500, 502, 503}


# ---------------------------------------------------------------------------------------------- TLS


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a certificate for the replica's host, signed by nobody else, with its key, in one file."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("the openssl command, which makes the certificate, is not installed")
    folder = tmp_path_factory.mktemp("certificate")
    key, pem = folder / "key.pem", folder / "replica.pem"
    made = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2".split()
    named = ["-subj", f"/CN={HOST_NAME}", "-addext", f"subjectAltName=DNS:{HOST_NAME}"]
    subprocess.run([openssl, *made, *named, "-keyout", key, "-out", pem], check=True, capture_output=True)
    pem.write_bytes(pem.read_bytes() + key.read_bytes())
    return pem


@pytest.fixture
def secured(certificate: Path, small_site: ReplicaSite) -> Iterator[Replica]:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate)
    with Replica(site=small_site, slow_seconds=0, tls=tls) as replica:
        yield replica


def test_a_host_with_a_bad_certificate_is_not_read(secured: Replica, tmp_path: Path) -> None:
    report = run_once(one_by_one(secured.portal), tmp_path)
    assert report.exit_code is ExitCode.MANY_PAGES_FAILED
    assert list(secured.log) == []
    failures = [json.loads(line) for line in (tmp_path / "demo" / "failures.jsonl").read_bytes().splitlines()]
    assert {(one["stage"], one["error"]) for one in failures} == {("robots", "RobotsUnreachable")}
    assert {"certificate verify failed" in one["message"] for one in failures} == {True}
    assert (tmp_path / "demo" / "articles.jsonl").read_bytes() == b""


def test_a_bad_certificate_may_be_allowed(secured: Replica, tmp_path: Path) -> None:
    portal = one_by_one(secured.portal, unverified_tls_reason="the test signed it itself")
    report = run_once(portal, tmp_path)
    assert (report.exit_code, report.counts.new) == (ExitCode.DONE, len(expected_articles(secured.site)))
    lines = (tmp_path / "demo" / "articles.jsonl").read_bytes().splitlines()
    assert {json.loads(line)["capture"]["tls_verified"] for line in lines} == {False}
    assert all(json.loads(line)["url"].startswith(f"https://{HOST_NAME}/") for line in lines)


@pytest.mark.parametrize(
    ("named", "answered"), [(HOST_NAME, True), ("other.replica.test", False)], ids=["its name", "another name"]
)
def test_a_certificate_is_good_for_its_name(secured: Replica, certificate: Path, named: str, answered: bool) -> None:
    (host,) = secured.portal.hosts
    catalogue = Catalogue((Portal(id="demo", name="Demo", hosts=(host.model_copy(update={"name": named}),)),))

    async def fetch() -> bool | None:
        async with HttpFetcher(catalogue, QUICK, trust=ssl.create_default_context(cafile=certificate)) as fetcher:
            return (await fetcher.fetch(f"https://{named}{SECTIONS[0].path}")).tls_verified

    if answered:
        assert asyncio.run(fetch()) is True
    else:
        with pytest.raises(RobotsUnreachable, match="certificate verify failed"):
            asyncio.run(fetch())


def test_a_host_that_speaks_no_tls(small_site: ReplicaSite, tmp_path: Path) -> None:
    with Replica(site=small_site, slow_seconds=0) as plain:
        report = run_once(one_by_one(plain.portal, scheme="https"), tmp_path)
    assert report.exit_code is ExitCode.MANY_PAGES_FAILED
    failures = [json.loads(line) for line in (tmp_path / "demo" / "failures.jsonl").read_bytes().splitlines()]
    assert {(one["stage"], one["error"]) for one in failures} == {("robots", "RobotsUnreachable")}
