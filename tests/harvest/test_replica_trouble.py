import json
import resource
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from harvester.demo.server import Answer, Replica, replica_portal
from harvester.demo.site import HOST_NAME, expected_articles, listing_address
from harvester.demo.texts import SECTIONS
from harvester.errors import ExitCode, UnknownPortal
from harvester.fetchers.http import FetchSettings
from harvester.harvest.counts import Counts
from harvester.harvest.frontier import MAX_ATTEMPTS
from harvester.harvest.job import Allowance, HarvestJob, PortalReport, gravest, run_job
from harvester.harvest.store import PortalStore
from harvester.portals.catalogue import Catalogue, Portal
from harvester.records import VIETNAM_TIME

ARTICLES = 24
DEFAULT_ALLOWANCE = Allowance()


class TroubledReplica(Replica):
    """A replica that answers the addresses in `broken` with that status, and nothing on the page."""

    broken: dict[str, int]

    def answer(self, target: str, *, packed: bool) -> Answer:
        if target in self.broken:
            return Answer(self.broken[target], "text/html", b"")
        return super().answer(target, packed=packed)


@pytest.fixture(scope="module")
def served() -> Iterator[TroubledReplica]:
    TroubledReplica.broken = {}
    with TroubledReplica(ARTICLES, slow_seconds=0) as running:
        yield running


@pytest.fixture
def replica(served: TroubledReplica) -> Iterator[TroubledReplica]:
    yield served
    served.broken.clear()


def harvest(replica: Replica, output: Path, allowance: Allowance = DEFAULT_ALLOWANCE) -> PortalReport:
    portal = replica_portal(replica.address)
    job = HarvestJob(
        portals=(portal,),
        catalogue=Catalogue((portal,)),
        output=output,
        settings=FetchSettings(backoff_seconds=0.01, max_backoff_seconds=0.02),
        allowance=allowance,
        language=None,
    )
    (report,) = run_job(job)
    return report


def lines(output: Path, name: str) -> list[dict[str, Any]]:
    content = (output / "demo" / name).read_bytes()
    assert content == b"" or content.endswith(b"\n")
    return [json.loads(line) for line in content.splitlines()]


def is_complete(replica: Replica, output: Path) -> bool:
    written = Counter(line["id"] for line in lines(output, "articles.jsonl"))
    return written == Counter(f"demo/{one.entry_id}" for one in expected_articles(replica.site))


@contextmanager
def file_size_limit(limit: int) -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


# ---------------------------------------------------------------------------------------------- the portal's trouble


def test_a_host_without_robots_is_left_alone(replica: TroubledReplica, tmp_path: Path) -> None:
    replica.broken["/robots.txt"] = 503
    replica.requests.clear()
    report = harvest(replica, tmp_path)
    assert {target for _, target in replica.requests} == {"/robots.txt"}
    assert (report.exit_code, report.counts.failed, report.message) == (ExitCode.MANY_PAGES_FAILED, 3, None)
    assert [(one["url"], one["stage"], one["error"]) for one in lines(tmp_path, "failures.jsonl")] == [
        (f"http://{HOST_NAME}{section.path}", "robots", "RobotsUnreachable") for section in SECTIONS
    ]
    assert lines(tmp_path, "articles.jsonl") == lines(tmp_path, "observations.jsonl") == []
    assert list((tmp_path / "demo" / "archive").iterdir()) == []
    (run,) = json.loads((tmp_path / "demo" / "manifest.json").read_bytes())["runs"]
    assert (run["exit_code"], run["counts"]["failed"]) == (4, 3)
    replica.broken.clear()
    harvest(replica, tmp_path)
    assert is_complete(replica, tmp_path)


@pytest.mark.parametrize("page", [1, 2])
def test_a_broken_listing_is_read_by_the_next_run(replica: TroubledReplica, tmp_path: Path, page: int) -> None:
    address = SECTIONS[0].path if page == 1 else listing_address(SECTIONS[0], page)
    replica.broken[address] = 502
    harvest(replica, tmp_path)
    assert not is_complete(replica, tmp_path)
    failed = {one["url"]: one["message"] for one in lines(tmp_path, "failures.jsonl")}
    assert failed[f"http://{HOST_NAME}{address}"] == "the host answered 502"
    replica.broken.clear()
    harvest(replica, tmp_path)
    assert is_complete(replica, tmp_path)


def test_a_broken_article_is_tried_again_by_later_runs(replica: TroubledReplica, tmp_path: Path) -> None:
    row = next(row for row in replica.site.rows["/tin-tuc"] if "/-/" in row.address and row.article in
               expected_articles(replica.site))  # fmt: skip
    url = f"http://{HOST_NAME}{row.address}"
    replica.broken[row.address] = 500
    counted = [harvest(replica, tmp_path).counts for _ in range(2)]
    replica.broken.clear()
    assert [(one.failed, one.failed_again, one.waiting) for one in counted] == [(4, 0, 0), (4, 4, 0)]
    assert harvest(replica, tmp_path).counts.new == 1
    assert is_complete(replica, tmp_path)
    failures = [one for one in lines(tmp_path, "failures.jsonl") if one["url"] == url]
    assert [(one["stage"], one["error"], one["message"], one["attempt"]) for one in failures] == [
        ("fetch", "HttpStatusError", "the host answered 500", 1),
        ("fetch", "HttpStatusError", "the host answered 500", 2),
    ]


def test_a_broken_article_is_given_up_in_the_end(replica: TroubledReplica, tmp_path: Path) -> None:
    row = next(row for row in replica.site.rows["/tinhoatdongkhac"])
    replica.broken[row.address] = 500
    asked = []
    for _ in range(MAX_ATTEMPTS + 2):
        replica.requests.clear()
        harvest(replica, tmp_path)
        asked.append(row.address in {target for _, target in replica.requests})
    assert asked == [True] * MAX_ATTEMPTS + [False] * 2


# ---------------------------------------------------------------------------------------------- the folder's trouble


def test_another_run_holds_the_folder(replica: TroubledReplica, tmp_path: Path) -> None:
    holder = PortalStore(tmp_path / "demo", datetime.now(VIETNAM_TIME))
    replica.requests.clear()
    report = harvest(replica, tmp_path)
    holder.close()
    assert (report.exit_code, report.message) == (
        ExitCode.LOCKED,
        f"another run holds {tmp_path}/demo; wait for it, or choose another --output",
    )
    assert replica.requests == []
    assert harvest(replica, tmp_path).counts.new == ARTICLES


@pytest.mark.parametrize(
    ("occupied", "message"),
    [
        ("out", "cannot write to {0}/out/demo: Not a directory"),
        ("out/demo", "cannot write to {0}/out/demo: File exists"),
        ("out/demo/archive", "cannot make {0}/out/demo/archive: File exists"),
    ],
)
def test_a_file_in_the_place_of_a_folder(replica: TroubledReplica, tmp_path: Path, occupied: str, message: str) -> None:
    (tmp_path / occupied).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / occupied).write_bytes(b"mine")
    report = harvest(replica, tmp_path / "out")
    assert (report.exit_code, report.message) == (ExitCode.FAILED, message.format(tmp_path))
    assert (tmp_path / occupied).read_bytes() == b"mine"


@pytest.mark.parametrize("name", ["articles.jsonl", "observations.jsonl", "failures.jsonl", "state.sqlite"])
def test_a_folder_in_the_place_of_a_file(replica: TroubledReplica, tmp_path: Path, name: str) -> None:
    (tmp_path / "demo" / name).mkdir(parents=True)
    report = harvest(replica, tmp_path)
    assert report.exit_code is ExitCode.FAILED
    assert report.message is not None
    assert report.message.startswith(f"cannot {'open' if name == 'state.sqlite' else 'write'} {tmp_path}/demo/{name}: ")
    (tmp_path / "demo" / name).rmdir()
    assert harvest(replica, tmp_path).counts.new == ARTICLES


@pytest.mark.parametrize("limit", [60_000, 100_000, 200_000])
def test_a_full_disk_ends_the_run_and_costs_nothing(replica: TroubledReplica, tmp_path: Path, limit: int) -> None:
    with file_size_limit(limit):
        report = harvest(replica, tmp_path)
    assert report.exit_code is ExitCode.FAILED
    assert report.message is not None
    assert report.message.startswith("cannot ")
    if (tmp_path / "demo" / "articles.jsonl").exists():  # the smallest limit stops the state before it
        assert len(lines(tmp_path, "articles.jsonl")) < ARTICLES
    harvest(replica, tmp_path)
    assert is_complete(replica, tmp_path)


# ---------------------------------------------------------------------------------------------- what the job answers


@pytest.mark.parametrize(
    ("allowance", "failed", "attempted", "passed"),
    [
        (Allowance(), 0, 0, False),
        (Allowance(), 1, 1, True),
        (Allowance(), 2, 3, False),
        (Allowance(), 3, 3, True),
        (Allowance(), 3, 59, True),
        (Allowance(), 3, 60, False),
        (Allowance(), 6, 100, True),
        (Allowance(share=0.5), 3, 6, False),
        (Allowance(share=0.0), 2, 100, False),
        (Allowance(number=0), 0, 10, False),
        (Allowance(number=0), 1, 10, True),
        (Allowance(number=20), 20, 20, True),
        (Allowance(number=20), 20, 21, False),
        (Allowance(number=20), 21, 9_999, True),
    ],
)
def test_how_many_pages_may_fail(allowance: Allowance, failed: int, attempted: int, passed: bool) -> None:
    assert allowance.is_passed_by(Counts(failed=failed, fetched=attempted - failed)) is passed


@pytest.mark.parametrize(
    ("allowance", "counts", "passed"),
    [
        (Allowance(), Counts(failed=5, failed_again=5, fetched=20), False),
        (Allowance(), Counts(failed=5, failed_again=3, fetched=20), False),
        (Allowance(), Counts(failed=5, failed_again=2, fetched=20), True),
        (Allowance(), Counts(failed=3, failed_again=3), True),
        (Allowance(number=4), Counts(failed=5, failed_again=5, fetched=20), True),
        (Allowance(), Counts(failed=1, fetched=20, hosts_left_alone=1), True),
        (Allowance(number=9), Counts(fetched=20, hosts_left_alone=1), True),
        (Allowance(), Counts(failed=1, fetched=20, hosts_not_now=1), False),
        (Allowance(), Counts(hosts_not_now=1), False),
    ],
)
def test_what_else_counts_as_too_much(allowance: Allowance, counts: Counts, passed: bool) -> None:
    assert allowance.is_passed_by(counts) is passed


@pytest.mark.parametrize(
    ("codes", "answer"),
    [
        ([], 0),
        ([0, 0], 0),
        ([0, 4], 4),
        ([4, 5], 5),
        ([5, 1, 4], 1),
        ([2, 5], 2),
        ([1, 130], 130),
    ],
)
def test_the_gravest_answer_is_given(codes: list[int], answer: int) -> None:
    assert gravest([ExitCode(code) for code in codes]) == answer


@pytest.mark.parametrize("hosts", [(), ({"name": "x.test", "evidence": "[S] a test"},)])
def test_a_portal_that_cannot_be_crawled(tmp_path: Path, hosts: tuple[dict[str, str], ...]) -> None:
    portal = Portal.model_validate({"id": "x", "name": "X", "hosts": hosts})
    with pytest.raises(UnknownPortal):
        run_job(HarvestJob(portals=(portal,), catalogue=Catalogue((portal,)), output=tmp_path))
    assert list(tmp_path.iterdir()) == []


def test_a_portal_whose_hosts_are_no_longer_its_own(tmp_path: Path) -> None:
    host = {"name": "x.test", "evidence": "[S] a test", "listings": ["/tin"], "valid_to": "2020-01-01"}
    portal = Portal.model_validate({"id": "x", "name": "X", "hosts": [host]})
    with pytest.raises(UnknownPortal, match="portal x: no host of it is its own today"):
        run_job(HarvestJob(portals=(portal,), catalogue=Catalogue((portal,)), output=tmp_path))
