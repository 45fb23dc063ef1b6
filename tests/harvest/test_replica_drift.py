from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest

from harvester.demo.edits import publish
from harvester.demo.server import Replica
from harvester.demo.variants import Template
from harvester.errors import ExitCode
from harvester.harvest.frontier import MAX_ATTEMPTS
from harvester.harvest.job import Allowance, HarvestJob, PortalReport, run_job
from harvester.portals.catalogue import Catalogue

ARTICLES = 60
DEAD_LINKS = 3


@pytest.fixture
def replica() -> Iterator[Replica]:
    with Replica(ARTICLES, slow_seconds=0) as running:
        yield running


def crawl(replica: Replica, output: Path, template: Template = "plain", *, new: int = 0) -> PortalReport:
    """Publish some articles, put the portal under a template, and harvest it."""
    if new:
        replica.site = publish(replica.site, new)
    replica.template = template
    portal = replica.portal
    allowance = Allowance(number=DEAD_LINKS)
    (report,) = run_job(HarvestJob((portal,), Catalogue((portal,)), output, allowance=allowance, language=None))
    return report


def lines(output: Path, name: str = "articles.jsonl") -> list[dict[str, Any]]:
    return [orjson.loads(line) for line in (output / "demo" / name).read_bytes().splitlines()]


def dates(output: Path) -> list[str | None]:
    return [line["posted_at"] for line in lines(output)]


def drifted(report: PortalReport) -> list[str]:
    return [drift.field for drift in report.drift]


ROWS = ["listing.posted_at", "listing.view_count"]


@pytest.mark.parametrize(
    ("template", "new", "named", "taken"),
    [
        ("renamed-date", 0, ROWS, (0, 0)),
        ("renamed-date", 6, [*ROWS, "posted_at", "view_count"], (6, 0)),  # found elsewhere, and told so
        ("no-date", 1, ROWS, (0, 2)),  # the new one, and the newest of those known, read again
        ("no-date", 6, [*ROWS, "posted_at", "view_count"], (0, 7)),
    ],
)
def test_another_template_is_named_and_no_date_is_lost(
    replica: Replica, tmp_path: Path, *, template: Template, new: int, named: list[str], taken: tuple[int, int]
) -> None:
    assert (crawl(replica, tmp_path).exit_code, len(dates(tmp_path))) == (ExitCode.DONE, ARTICLES)
    report = crawl(replica, tmp_path, template, new=new)
    assert (report.exit_code, drifted(report)) == (ExitCode.DRIFTED, named)
    assert (report.counts.new, report.counts.held_back) == taken
    (*_, run) = orjson.loads((tmp_path / "demo" / "manifest.json").read_bytes())["runs"]
    assert (run["exit_code"], [drift["field"] for drift in run["drift"]]) == (3, named)
    report = crawl(replica, tmp_path)
    assert (report.exit_code, report.drift, report.counts.new) == (ExitCode.DONE, (), new - taken[0])
    assert len(dates(tmp_path)) == ARTICLES + new
    assert None not in dates(tmp_path)


def test_a_first_run_without_any_date_is_told_without_a_history(replica: Replica, tmp_path: Path) -> None:
    report = crawl(replica, tmp_path, "no-date")
    assert (report.exit_code, drifted(report)) == (ExitCode.DRIFTED, ["posted_at"])
    assert report.drift[0].text == f"posted_at: {ARTICLES} of {ARTICLES} articles were read without it"
    assert set(dates(tmp_path)) == {None}


@pytest.mark.parametrize(
    ("articles", "template", "new", "named", "taken"),
    [
        (20, "renamed-date", 0, {"listing.posted_at"}, (0, 0)),
        (20, "renamed-date", 6, {"listing.posted_at", "posted_at"}, (6, 0)),
        (20, "no-date", 6, {"listing.posted_at", "posted_at"}, (0, 7)),
        (30, "no-date", 6, {"listing.posted_at", "posted_at"}, (0, 7)),
    ],
)
def test_a_small_portal_is_no_exception(
    tmp_path: Path, *, articles: int, template: Template, new: int, named: set[str], taken: tuple[int, int]
) -> None:
    with Replica(articles, slow_seconds=0) as replica:
        assert (crawl(replica, tmp_path).exit_code, len(dates(tmp_path))) == (ExitCode.DONE, articles)
        report = crawl(replica, tmp_path, template, new=new)
    assert (report.exit_code, named - set(drifted(report))) == (ExitCode.DRIFTED, set())
    assert (report.counts.new, report.counts.held_back) == taken
    assert None not in dates(tmp_path)


def test_with_one_new_article_a_run_none_is_written_without_a_date_before_its_last_attempt(tmp_path: Path) -> None:
    with Replica(20, slow_seconds=0) as replica:
        crawl(replica, tmp_path)
        undated = []
        for _ in range(MAX_ATTEMPTS + 1):
            assert crawl(replica, tmp_path, "no-date", new=1).exit_code is ExitCode.DRIFTED
            undated.append(dates(tmp_path).count(None))
    assert undated == [0, 0, 0, 0, 1, 2]
    refused = Counter(line["url"] for line in lines(tmp_path, "failures.jsonl") if line["error"] == "FieldNotFound")
    written = [refused[line["url"]] for line in lines(tmp_path) if line["posted_at"] is None]
    assert written == [MAX_ATTEMPTS - 1] * 2


def test_a_portal_as_it_was_has_no_drift(replica: Replica, tmp_path: Path) -> None:
    for new in (0, 0, 1, 3):
        assert (crawl(replica, tmp_path, new=new).exit_code, new) == (ExitCode.DONE, new)
