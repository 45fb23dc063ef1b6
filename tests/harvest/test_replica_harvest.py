import asyncio
import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from warcio.archiveiterator import ArchiveIterator

from harvester.demo.server import Replica, replica_portal
from harvester.demo.site import HOST_NAME, ROWS_PER_PAGE, ReplicaSite, Row, expected_articles, view_content
from harvester.demo.texts import SECTIONS
from harvester.errors import ExitCode
from harvester.fetchers.http import FetchSettings, HttpFetcher
from harvester.harvest.job import Allowance, HarvestJob, PortalReport, run_job
from harvester.harvest.plan import CrawlPlan
from harvester.harvest.run import PortalRun
from harvester.harvest.store import PortalStore
from harvester.portals.catalogue import Catalogue, Portal
from harvester.records import VIETNAM_TIME, Capture, Validators

ARTICLES = 24
UNREACHABLE = 3
EVERYTHING = CrawlPlan()


@pytest.fixture(scope="module")
def served() -> Iterator[Replica]:
    with Replica(ARTICLES, slow_seconds=0) as running:
        yield running


@pytest.fixture
def replica(served: Replica) -> Iterator[Replica]:
    whole = served.site
    served.requests.clear()
    yield served
    served.site = whole


@pytest.fixture(scope="module")
def whole(served: Replica, tmp_path_factory: pytest.TempPathFactory) -> PortalReport:
    return harvest(served, tmp_path_factory.mktemp("whole"))


def harvest(
    replica: Replica, output: Path | BytesIO, *, portal: Portal | None = None, plan: CrawlPlan = EVERYTHING
) -> PortalReport:
    portal = portal or replica_portal(replica.address)
    job = HarvestJob(
        portals=(portal,),
        catalogue=Catalogue((portal,)),
        output=output,
        plan=plan,
        settings=FetchSettings(backoff_seconds=0.01, max_backoff_seconds=0.02),
        allowance=Allowance(number=UNREACHABLE),
        language=None,
    )
    (report,) = run_job(job)
    return report


def one_by_one(replica: Replica) -> Portal:
    """Return the replica's entry with one request at a time."""
    portal = replica_portal(replica.address)
    return portal.model_copy(update={"hosts": (portal.hosts[0].model_copy(update={"max_concurrency": 1}),)})


def lines(report: PortalReport, name: str = "articles.jsonl") -> list[dict[str, Any]]:
    assert report.folder is not None
    return [json.loads(line) for line in (report.folder / name).read_bytes().splitlines()]


def ids(report: PortalReport) -> list[str]:
    return [line["id"] for line in lines(report)]


def newest_first(site: ReplicaSite) -> list[Row]:
    """Return one row of every listed entry; the replica lists its articles under a date only by that date."""
    rows = {row.article.entry_id: row for rows in site.rows.values() for row in rows}
    return sorted(rows.values(), key=lambda row: row.article.posted_at, reverse=True)


def true_ids(site: ReplicaSite) -> set[str]:
    return {f"demo/{article.entry_id}" for article in expected_articles(site)}


def reachable(site: ReplicaSite, rows: list[Row]) -> set[str]:
    return {f"demo/{row.article.entry_id}" for row in rows} & true_ids(site)


def asked_articles(replica: Replica) -> list[str]:
    """Return the requests that were for no listing and no robots.txt."""
    return [
        target
        for _, target in replica.requests
        if target != "/robots.txt" and ("/-/" in target or "assetEntryId" in target)
    ]


def asked_entries(replica: Replica) -> Counter[str]:
    """Return how often each entry was asked for."""
    entries = {row.address: row.article.entry_id for rows in replica.site.rows.values() for row in rows}
    return Counter(entries[target] for target in asked_articles(replica))


def before_the_newest(site: ReplicaSite, count: int) -> ReplicaSite:
    """Return the site as it was before its newest articles were published."""
    then = newest_first(site)[count - 1].article.posted_at
    rows = {path: tuple(row for row in listed if row.article.posted_at < then) for path, listed in site.rows.items()}
    return replace(site, rows=rows)


# ---------------------------------------------------------------------------------------------- what is found


def test_every_reachable_article_is_written_once(served: Replica, whole: PortalReport) -> None:
    assert sorted(ids(whole)) == sorted(true_ids(served.site))
    assert len(ids(whole)) == len(set(ids(whole))) == ARTICLES
    assert (whole.exit_code, whole.counts.new, whole.counts.changed, whole.counts.unchanged) == (0, ARTICLES, 0, 0)


@pytest.mark.parametrize("field", ["title", "posted_at", "posted_precision", "view_count", "summary", "author", "body"])
def test_fields_are_those_of_the_replica(served: Replica, whole: PortalReport, field: str) -> None:
    truth = {
        f"demo/{article.entry_id}": {
            "title": article.title,
            "posted_at": article.posted_at.isoformat(),
            "posted_precision": "day" if article.day_precision else "minute",
            "view_count": article.view_count,
            "summary": article.summary,
            "author": article.author,
            "body": article.body,
        }[field]
        for article in expected_articles(served.site)
    }
    assert {line["id"]: line[field] for line in lines(whole)} == truth


def test_sections_are_those_of_the_listings(served: Replica, whole: PortalReport) -> None:
    for line in lines(whole):
        assert line["section"] in served.site.titles_of(line["id"].removeprefix("demo/"))
    assert {line["section"] for line in lines(whole)} == {None, *(section.title for section in SECTIONS)}


def test_an_article_of_two_listings_is_one(served: Replica, whole: PortalReport) -> None:
    listed = Counter(row.article.entry_id for rows in served.site.rows.values() for row in rows)
    twice = {f"demo/{entry}" for entry, times in listed.items() if times > 1}
    assert len(twice) >= 5
    assert Counter(ids(whole)) == Counter(true_ids(served.site))
    assert whole.counts.listed == len(listed) == ARTICLES + UNREACHABLE
    stated = [len(rows) for rows in served.site.rows.values() if len(rows) > ROWS_PER_PAGE]
    assert whole.counts.stated_total == sum(stated)


def test_failures_say_what_is_missing_and_why(served: Replica, whole: PortalReport) -> None:
    failures = lines(whole, "failures.jsonl")
    address = {row.article.entry_id: f"http://{HOST_NAME}{row.address}" for row in served.site.rows["/tin-tuc"]}
    missing = {address[entry]: ("fetch", "HttpStatusError", "the host answered 404") for entry in served.site.missing}
    instead = "no article: the portal answered an article's address with a listing of"
    expired = {address[entry]: ("parse", "WrongPage", instead) for entry in served.site.expired}
    assert {
        one["url"]: (one["stage"], one["error"], one["message"].partition(" listing of")[0] + " listing of")
        if one["stage"] == "parse"
        else (one["stage"], one["error"], one["message"])
        for one in failures
    } == missing | expired
    assert [one["attempt"] for one in failures] == [1] * UNREACHABLE == [1] * whole.counts.failed


def test_view_counts_are_observed(served: Replica, whole: PortalReport) -> None:
    observed = {one["id"]: one["view_count"] for one in lines(whole, "observations.jsonl")}
    truth = {f"demo/{one.entry_id}": one.view_count for one in expected_articles(served.site)}
    assert observed == {article: views for article, views in truth.items() if views is not None}
    seen = {line["id"]: line["capture"]["captured_at"] for line in lines(whole)}
    assert all(seen[one["id"]] == one["observed_at"] for one in lines(whole, "observations.jsonl"))


def test_raw_answers_lie_where_the_articles_say(whole: PortalReport) -> None:
    assert whole.folder is not None
    kept = {}
    for path in (whole.folder / "archive").iterdir():
        with path.open("rb") as stream:
            for record in ArchiveIterator(stream, check_digests="raise"):
                head = record.rec_headers.get_header
                body = record.content_stream().read()
                kept[f"{path.name}#{head('WARC-Record-ID')}"] = (
                    record.rec_type, head("WARC-Target-URI"), hashlib.sha256(body).hexdigest()
                )  # fmt: skip
    captures = {line["capture"]["archive"]: line for line in lines(whole)}
    assert {reference: kept[reference] for reference in captures} == {
        reference: ("response", line["url"], line["capture"]["sha256"]) for reference, line in captures.items()
    }
    addresses = {address for kind, address, _ in kept.values() if kind == "response"}
    assert {f"http://{HOST_NAME}{section.path}" for section in SECTIONS} <= addresses
    responses = sum(kind == "response" for kind, _, _ in kept.values())
    assert responses == ARTICLES + whole.counts.listings + 2  # and the two listings that stood for articles


def test_the_manifest_tells_the_run(whole: PortalReport) -> None:
    assert whole.folder is not None
    manifest = json.loads((whole.folder / "manifest.json").read_bytes())
    (run,) = manifest["runs"]
    counts = run["counts"]
    assert (manifest["portal"], run["command"], run["exit_code"]) == ("demo", "crawl", 0)
    assert (counts["new"], counts["failed"], counts["waiting"]) == (ARTICLES, UNREACHABLE, 0)
    assert run["fill_rates"]["posted_at"] == 1.0
    for name, noted in manifest["files"].items():
        content = (whole.folder / name).read_bytes()
        assert noted == {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    assert len(manifest["files"]) == 4


def test_articles_come_newest_first(replica: Replica, tmp_path: Path) -> None:
    posted = [line["posted_at"] for line in lines(harvest(replica, tmp_path, portal=one_by_one(replica)))]
    assert len(posted) == ARTICLES
    assert all(earlier >= later for earlier, later in pairwise(posted))


def test_articles_to_a_stream_leave_no_folder(replica: Replica, tmp_path: Path) -> None:
    stream = BytesIO()
    report = harvest(replica, stream)
    written = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert (report.exit_code, report.folder) == (ExitCode.DONE, None)
    assert {line["id"] for line in written} == true_ids(replica.site)
    assert len(written) == ARTICLES
    assert {line["capture"]["archive"] for line in written} == {None}


# ---------------------------------------------------------------------------------------------- further runs


def test_a_second_run_asks_for_the_newest_article_and_what_failed(replica: Replica, tmp_path: Path) -> None:
    first = harvest(replica, tmp_path)
    before = (tmp_path / "demo" / "articles.jsonl").read_bytes()
    replica.requests.clear()
    second = harvest(replica, tmp_path)
    newest = expected_articles(replica.site)[0]
    dead = replica.site.missing | replica.site.expired
    assert asked_entries(replica) == Counter({newest.entry_id, *dead})
    listings = {target for _, target in replica.requests} - {"/robots.txt", *asked_articles(replica)}
    assert {one.path for one in SECTIONS} <= listings
    since = newest.posted_at - timedelta(days=7)
    fresh = [any(row.article.posted_at >= since for row in rows) for rows in replica.site.rows.values()]
    assert len(listings) == len(SECTIONS) + sum(fresh)  # a first page with something fresh is not the last one read
    assert (tmp_path / "demo" / "articles.jsonl").read_bytes() == before
    counts = second.counts
    assert (second.exit_code, counts.listed, counts.new, counts.changed, counts.unchanged) == (0, 0, 0, 0, 1)
    assert counts.failed == counts.failed_again == UNREACHABLE
    assert [one["attempt"] for one in lines(second, "failures.jsonl")] == [1] * UNREACHABLE + [2] * UNREACHABLE
    runs = json.loads((tmp_path / "demo" / "manifest.json").read_bytes())["runs"]
    assert [run["counts"]["new"] for run in runs] == [first.counts.new, 0]
    assert len({run["run_id"] for run in runs}) == 2


def test_a_later_run_finds_what_is_new(replica: Replica, tmp_path: Path) -> None:
    now = replica.site
    replica.site = before_the_newest(now, 12)
    older = set(ids(harvest(replica, tmp_path)))
    assert older == true_ids(replica.site)
    replica.site = now
    replica.requests.clear()
    report = harvest(replica, tmp_path)
    assert Counter(ids(report)) == Counter(true_ids(now))
    assert report.counts.new == len(true_ids(now) - older)
    then = before_the_newest(now, 12)
    fresh = {row.article.entry_id for row in newest_first(now)[:12]}
    failed = {row.article.entry_id for row in newest_first(then)} & (now.missing | now.expired)
    assert asked_entries(replica) == Counter({expected_articles(then)[0].entry_id, *fresh, *failed})


@pytest.mark.parametrize("limits", [(2,), (25,), (2, 30), (12, 12, 12)], ids=str)
def test_an_update_that_stopped_early_is_completed(tmp_path: Path, limits: tuple[int, ...]) -> None:
    """What a stopped update had not listed lies between what it had and what the whole harvest before it had."""
    with Replica(70, slow_seconds=0) as replica:
        now = replica.site
        replica.site = before_the_newest(now, 60)
        harvest(replica, tmp_path)
        for number, limit in enumerate(limits):
            replica.site = before_the_newest(now, 10 * (len(limits) - 1 - number)) if number < len(limits) - 1 else now
            harvest(replica, tmp_path, plan=CrawlPlan(limit=limit))
        assert Counter(ids(harvest(replica, tmp_path))) == Counter(true_ids(now))


def test_new_articles_behind_a_page_known_from_another_listing_are_found(tmp_path: Path) -> None:
    first, second = SECTIONS[:2]
    with Replica(70, slow_seconds=0) as replica:
        site = replica.site
        dead = site.missing | site.expired
        listed = tuple(row for row in site.rows[first.path] if row.article.entry_id not in dead)
        shared = tuple(Row(row.article, view_content(second, row.article)) for row in listed[:ROWS_PER_PAGE])
        own = tuple(row for row in site.rows[second.path] if row.article.section_path == second.path)
        now = replace(site, rows={**site.rows, first.path: listed, second.path: shared + own})
        fresh = {row.article.entry_id for row in shared + own[:3]}
        replica.site = replace(
            now,
            rows={
                path: tuple(row for row in rows if row.article.entry_id not in fresh) for path, rows in now.rows.items()
            },
        )
        harvest(replica, tmp_path, portal=one_by_one(replica))
        replica.site = now
        report = harvest(replica, tmp_path, portal=one_by_one(replica))
        assert Counter(ids(report)) == Counter(true_ids(now))


@pytest.mark.parametrize("limit", [1, 5, 12])
def test_a_limit_takes_the_newest(replica: Replica, tmp_path: Path, limit: int) -> None:
    rows = newest_first(replica.site)
    first = harvest(replica, tmp_path, plan=CrawlPlan(limit=limit))
    assert set(ids(first)) == reachable(replica.site, rows[:limit])
    assert len(asked_articles(replica)) == limit
    second = harvest(replica, tmp_path, plan=CrawlPlan(limit=limit))
    assert set(ids(second)) == reachable(replica.site, rows[: 2 * limit])
    assert Counter(ids(harvest(replica, tmp_path))) == Counter(true_ids(replica.site))


@pytest.mark.parametrize(
    ("first", "last"),
    [(8, None), (None, 8), (16, 8), (12, 12), (20, 3)],
    ids=["since", "until", "both", "a day", "wide"],
)
def test_only_the_days_asked_for_are_fetched(
    replica: Replica, tmp_path: Path, first: int | None, last: int | None
) -> None:
    rows = newest_first(replica.site)
    since = rows[first].article.posted_at.date() if first is not None else None
    until = rows[last].article.posted_at.date() if last is not None else None
    wanted = [
        row for row in rows if (since or date.min) <= row.article.posted_at.date() <= (until or date.max)
    ]  # fmt: skip
    report = harvest(replica, tmp_path, plan=CrawlPlan(since=since, until=until))
    assert Counter(ids(report)) == Counter(reachable(replica.site, wanted))
    assert len(asked_articles(replica)) == len(wanted)
    assert Counter(ids(harvest(replica, tmp_path))) == Counter(true_ids(replica.site))


def test_pages_older_than_asked_for_are_not_listed(replica: Replica, tmp_path: Path) -> None:
    since = newest_first(replica.site)[0].article.posted_at.date()
    report = harvest(replica, tmp_path, plan=CrawlPlan(since=since))
    assert report.counts.listings <= len(SECTIONS) + 1
    replica.requests.clear()
    assert Counter(ids(harvest(replica, tmp_path))) == Counter(true_ids(replica.site))


# ---------------------------------------------------------------------------------------------- stopped runs


def stopped_after(replica: Replica, output: Path, fetches: int) -> PortalRun:
    """Harvest until that many answers came, then set the stop event while further requests are under way."""
    portal = replica_portal(replica.address)
    catalogue = Catalogue((portal,))
    stop = asyncio.Event()
    answers = 0

    async def work() -> PortalRun:
        async with HttpFetcher(catalogue) as fetcher:

            async def fetch(url: str, validators: Validators | None = None) -> Capture:
                nonlocal answers
                capture = await fetcher.fetch(url, validators)
                answers += 1
                if answers == fetches:
                    stop.set()
                return capture

            run = PortalRun(
                portal, catalogue=catalogue, store=store, fetch=fetch, plan=CrawlPlan(), stop=stop, language=None
            )
            await run.run()
            return run

    store = PortalStore(output / portal.id, datetime.now(VIETNAM_TIME))
    try:
        return asyncio.run(work())
    finally:
        store.close()


@pytest.mark.parametrize("fetches", [1, 3, 9, 20])
def test_a_stopped_run_is_completed_by_the_next(replica: Replica, tmp_path: Path, fetches: int) -> None:
    stopped = stopped_after(replica, tmp_path, fetches)
    assert stopped.counts.new < ARTICLES
    kept = (tmp_path / "demo" / "articles.jsonl").read_bytes()
    assert kept.count(b"\n") == stopped.counts.new
    done = {target for _, target in replica.requests}
    replica.requests.clear()
    report = harvest(replica, tmp_path)
    assert (tmp_path / "demo" / "articles.jsonl").read_bytes().startswith(kept)
    assert Counter(ids(report)) == Counter(true_ids(replica.site))
    assert report.counts.new == ARTICLES - stopped.counts.new
    assert len(done & set(asked_articles(replica))) <= 4  # those that were under way
