import os
import shutil
import sqlite3
import subprocess
import sys
import tracemalloc
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import orjson
import pytest

from harvester.demo.server import Replica, replica_portal
from harvester.demo.site import expected_articles
from harvester.errors import ExitCode, HarvesterError, OutputError, UsageError
from harvester.harvest.job import Allowance, HarvestJob, run_job
from harvester.harvest.state import SCHEMA, SCHEMA_VERSION
from harvester.harvest.status import read_status
from harvester.harvest.status_records import OTHER_KINDS, SHOWN_RUNS, DaysWithoutPost, PageCounts
from harvester.harvest.store import PortalStore
from harvester.portals.catalogue import Catalogue
from harvester.records import VIETNAM_TIME, Failure

ARTICLES = 20
NOW = datetime(2026, 3, 2, 9, tzinfo=VIETNAM_TIME)


@pytest.fixture(scope="module")
def replica() -> Iterator[Replica]:
    with Replica(ARTICLES, slow_seconds=0) as running:
        yield running


@pytest.fixture(scope="module")
def harvested(replica: Replica, tmp_path_factory: pytest.TempPathFactory) -> Path:
    output = tmp_path_factory.mktemp("harvested")
    portal = replica_portal(replica.address)
    job = HarvestJob(
        portals=(portal,), catalogue=Catalogue((portal,)), output=output, allowance=Allowance(number=9), language=None
    )
    assert [report.exit_code for report in run_job(job)] == [ExitCode.DONE]
    return output / portal.id


@pytest.fixture
def folder(harvested: Path, tmp_path: Path) -> Path:
    """A copy of a harvested folder, to be tampered with."""
    return Path(shutil.copytree(harvested, tmp_path / "output" / "demo"))


def change(folder: Path, *statements: str) -> None:
    connection = sqlite3.connect(folder / "state.sqlite")
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()


def looks(folder: Path) -> dict[str, tuple[int, int]]:
    return {str(path): (path.stat().st_size, path.stat().st_mtime_ns) for path in folder.rglob("*")}


def test_a_harvested_folder(replica: Replica, harvested: Path) -> None:
    before = looks(harvested)
    status = read_status(harvested, "demo", with_gaps=True)
    expected = expected_articles(replica.site)
    posted = sorted(one.posted_at for one in expected)
    assert (status.portal, status.folder, status.running, status.notes) == ("demo", str(harvested), False, ())
    assert status.pages == PageCounts(waiting=0, due=0, leased=0, done=ARTICLES, failed_for_now=3, failed_for_good=0)
    articles = status.articles
    assert (articles.articles, articles.versions, articles.gone) == (ARTICLES, ARTICLES, 0)
    assert (articles.oldest_post, articles.newest_post) == (posted[0], posted[-1])
    assert [(one.start_url.rpartition("/")[2], one.whole, one.resume_url) for one in status.listings] == [
        ("tin-tuc", True, None), ("tinhoatdongkhac", True, None), ("tintuccacdonvi", True, None),
    ]  # fmt: skip
    assert status.round.open_since is None
    assert status.round.last_ended_at is not None
    (run,) = status.runs
    assert articles.stated == run.counts["stated_total"] > ARTICLES
    assert (run.exit_code, run.counts["new"], run.counts["failed"], run.drift) == (0, ARTICLES, 3, ())
    assert [(one.error, one.stage, one.count, one.recent) for one in status.failures] == [
        ("WrongPage", "parse", 2, 2), ("HttpStatusError", "fetch", 1, 1),
    ]  # fmt: skip
    assert [file.name.partition("/")[0] for file in status.files] == [
        "archive", "articles.jsonl", "failures.jsonl", "observations.jsonl",
    ]  # fmt: skip
    assert all(file.whole and file.on_disk == file.committed > 0 for file in status.files)
    assert looks(harvested) == before


def test_pages_by_what_is_to_become_of_them(folder: Path) -> None:
    keys = "SELECT key FROM pages ORDER BY key"
    change(
        folder,
        "UPDATE pages SET state = 'done', attempts = 0",
        f"UPDATE pages SET state = 'waiting' WHERE key IN ({keys} LIMIT 3)",
        f"UPDATE pages SET state = 'due' WHERE key IN ({keys} LIMIT 2 OFFSET 3)",
        f"UPDATE pages SET state = 'leased' WHERE key IN ({keys} LIMIT 1 OFFSET 5)",
        f"UPDATE pages SET state = 'failed', attempts = 4 WHERE key IN ({keys} LIMIT 4 OFFSET 6)",
        f"UPDATE pages SET state = 'failed', attempts = 5 WHERE key IN ({keys} LIMIT 2 OFFSET 10)",
    )
    assert read_status(folder, "demo").pages == PageCounts(
        waiting=3, due=2, leased=1, done=ARTICLES + 3 - 12, failed_for_now=4, failed_for_good=2
    )


def test_what_became_of_articles_listings_and_rounds(folder: Path) -> None:
    change(
        folder,
        "UPDATE articles SET version = 3, gone = 1 WHERE id = (SELECT min(id) FROM articles)",
        "UPDATE sections SET walked_back_to = '2024-05-01T00:00:00+07:00', resume_url = 'http://x.test/tin?p=4'"
        " WHERE start_url LIKE '%/tin-tuc'",
        "UPDATE sections SET walked_back_to = NULL WHERE start_url LIKE '%/tintuccacdonvi'",
        "INSERT INTO rounds (started_at, look_back_to, reads_again) VALUES "
        f"('{(NOW + timedelta(days=900)).isoformat()}', '', 0)",
    )
    status = read_status(folder, "demo")
    assert (status.articles.articles, status.articles.versions, status.articles.gone) == (ARTICLES, ARTICLES + 2, 1)
    assert [(one.whole, one.walked_back_to, one.resume_url) for one in status.listings] == [
        (False, "2024-05-01T00:00:00+07:00", "http://x.test/tin?p=4"), (True, None, None), (False, None, None),
    ]  # fmt: skip
    assert status.round.open_since == NOW + timedelta(days=900)


@pytest.mark.parametrize(
    ("on_disk", "whole"),
    [(None, False), (10, False), (300, True), (0, False)],
    ids=["missing", "cut", "grown", "empty"],
)
def test_files_against_their_committed_sizes(folder: Path, on_disk: int | None, whole: bool) -> None:
    change(folder, "UPDATE files SET size = 200 WHERE name = 'observations.jsonl'")
    path = folder / "observations.jsonl"
    path.unlink()
    if on_disk is not None:
        path.write_bytes(b"x" * on_disk)
    (file,) = [one for one in read_status(folder, "demo").files if one.name == path.name]
    assert (file.committed, file.on_disk, file.whole) == (200, on_disk, whole)


def test_files_put_aside_are_listed(folder: Path) -> None:
    before = read_status(folder, "demo").files
    change(folder, "DELETE FROM files WHERE name = 'articles.jsonl'")
    size = (folder / "articles.jsonl").stat().st_size
    (folder / "archive" / "20260101T000000Z-00000.warc.gz").write_bytes(b"x" * 7)
    PortalStore(folder, NOW).close()
    files = read_status(folder, "demo").files
    assert [(one.name, one.committed, one.on_disk, one.whole) for one in files if one.put_aside] == [
        ("archive/20260101T000000Z-00000.warc.gz.1.uncommitted", 0, 7, True),
        ("articles.jsonl.1.uncommitted", 0, size, True),
    ]
    assert [one for one in files if not one.put_aside] == [one for one in before if one.name != "articles.jsonl"]
    assert [one.name for one in files] == sorted(one.name for one in files)


def failure(error: str, day: int, url: str = "http://x.test/") -> bytes:
    moment = NOW + timedelta(days=day)
    found = Failure(url=url, stage="fetch", error=error, message="m", failed_at=moment, attempt=1)
    return orjson.dumps(found.model_dump(), option=orjson.OPT_APPEND_NEWLINE)


def manifest(*started: datetime, **more: object) -> bytes:
    runs = [
        {
            "run_id": f"r{index}", "command": "harvester crawl demo", "started_at": moment, "exit_code": index,
            "finished_at": moment + timedelta(minutes=5), "counts": {"new": index, "stated_total": 0}, **more,
        }
        for index, moment in enumerate(started)
    ]  # fmt: skip
    return orjson.dumps({"portal": "demo", "files": {}, "runs": runs})


def write_failures(folder: Path, content: bytes, committed: int | None = None) -> None:
    (folder / "failures.jsonl").write_bytes(content)
    change(folder, f"UPDATE files SET size = {committed or len(content)} WHERE name = 'failures.jsonl'")


def test_failures_by_kind_and_since_the_last_run(folder: Path) -> None:
    (folder / "manifest.json").write_bytes(manifest(NOW, NOW + timedelta(days=2)))
    counted = [failure("TimedOut", 0), failure("HttpStatusError", 1), failure("TimedOut", 3, "http://x.test/last")]
    write_failures(folder, b"".join(counted) + failure("TooLarge", 4)[:-9], len(b"".join(counted)))
    assert [
        (one.error, one.count, one.recent, one.last_at, one.example) for one in read_status(folder, "demo").failures
    ] == [
        ("TimedOut", 2, 1, NOW + timedelta(days=3), "http://x.test/last"),
        ("HttpStatusError", 1, 0, NOW + timedelta(days=1), "http://x.test/"),
    ]


def test_failures_that_cannot_be_read_are_said(folder: Path) -> None:
    write_failures(folder, failure("TimedOut", 0) + b'{"url": 1}\n\xff\n' + b"[" * 3_000_000 + b"\n")
    status = read_status(folder, "demo")
    assert [(one.error, one.count) for one in status.failures] == [("TimedOut", 1)]
    assert status.notes == ("failures.jsonl: 5 lines are damaged and not counted",)


def test_failures_of_a_thousand_kinds(folder: Path) -> None:
    write_failures(folder, b"".join(failure(f"E{number}", 0) for number in range(1_000)))
    found = read_status(folder, "demo").failures
    assert (len(found), found[0].error, found[0].count) == (101, OTHER_KINDS, 900)


def test_the_last_runs(folder: Path) -> None:
    started = [NOW + timedelta(days=day) for day in range(9)]
    drift = [{"field": "posted_at", "text": "posted_at: filled in 0 % of 20, before in 100 %"}]
    (folder / "manifest.json").write_bytes(manifest(*started, drift=drift, unheard_of={"a": 1}))
    runs = read_status(folder, "demo").runs
    assert [(run.run_id, run.started_at, run.exit_code, run.counts["new"]) for run in runs] == [
        (f"r{index}", started[index], index, index) for index in range(8, 8 - SHOWN_RUNS, -1)
    ]
    assert {run.drift for run in runs} == {("posted_at: filled in 0 % of 20, before in 100 %",)}


@pytest.mark.parametrize(
    ("content", "note"),
    [
        (None, "no manifest.json: no run has ended yet"),
        (b"{", "manifest.json is damaged"),
        (b"[]", "manifest.json is damaged"),
        (b'{"runs": 5}', "manifest.json is damaged"),
        (b'{"runs": [5]}', "manifest.json is damaged"),
        (b'{"runs": [{"counts": []}]}', "manifest.json is damaged"),
        (b'{"runs": [{"counts": {}}]}', "manifest.json is damaged"),
    ],
)
def test_a_manifest_that_tells_nothing(folder: Path, content: bytes | None, note: str) -> None:
    (folder / "manifest.json").unlink()
    if content is not None:
        (folder / "manifest.json").write_bytes(content)
    before = looks(folder)
    status = read_status(folder, "demo")
    assert (status.runs, status.articles.stated, status.articles.articles) == ((), None, ARTICLES)
    assert [one[: len(note)] for one in status.notes] == [note]
    assert looks(folder) == before


def test_gaps_are_listed_when_asked_for(folder: Path) -> None:
    days = [date(2024, 1, 1) + timedelta(days=day) for day in range(120) if not 40 <= day < 100]
    change(
        folder,
        "DELETE FROM articles",
        *(
            f"INSERT INTO articles VALUES ('demo/{day}', '', '', '', '{day}T08:00:00+07:00', NULL, '', 1, '{day}', 0)"
            for day in days
        ),
    )
    gap = DaysWithoutPost(first_day=date(2024, 2, 10), last_day=date(2024, 4, 9), days=60)
    assert read_status(folder, "demo").gaps is None
    assert read_status(folder, "demo", with_gaps=True).gaps == (gap,)
    since = DaysWithoutPost(first_day=date(2024, 4, 30), last_day=date(2025, 4, 29), days=365)
    assert read_status(folder, "demo", with_gaps=True, today=date(2025, 4, 29)).gaps == (gap, since)


# ---------------------------------------------------------------------------------------------- folders in trouble


def no_folder(folder: Path) -> None:
    shutil.rmtree(folder)


def another_version(folder: Path) -> None:
    change(folder, "PRAGMA user_version = 1")


def emptied(folder: Path) -> None:
    (folder / "state.sqlite").write_bytes(b"")


def no_database(folder: Path) -> None:
    (folder / "state.sqlite").write_bytes(b"x" * 20_000)


def cut_short(folder: Path) -> None:
    os.truncate(folder / "state.sqlite", 20_000)


def a_folder_in_its_place(folder: Path) -> None:
    (folder / "state.sqlite").unlink()
    (folder / "state.sqlite").mkdir()


def no_time(folder: Path) -> None:
    change(folder, "UPDATE articles SET posted_at = 'hôm qua'")


@pytest.mark.parametrize(
    ("harm", "error", "message"),
    [
        (no_folder, UsageError, "holds no harvest; `harvester crawl demo --output"),
        (emptied, UsageError, "holds no harvest yet"),
        (another_version, OutputError, "its tables are of version 1, not"),
        (no_database, OutputError, "file is not a database; restore it from a backup"),
        (cut_short, OutputError, "; restore it from a backup"),
        (a_folder_in_its_place, OutputError, "unable to open database file"),
        (no_time, OutputError, "; restore it from a backup"),
    ],
)
def test_what_cannot_be_read_is_one_line(
    folder: Path, harm: Callable[[Path], None], error: type[HarvesterError], message: str
) -> None:
    harm(folder)
    before = looks(folder.parent)
    with pytest.raises(error) as raised:
        read_status(folder, "demo", with_gaps=True)
    assert message in str(raised.value)
    assert "\n" not in str(raised.value)
    assert looks(folder.parent) == before


# ---------------------------------------------------------------------------------------------- beside a run


def test_beside_a_working_run(folder: Path) -> None:
    store = PortalStore(folder, NOW)
    store.fail(Failure(url="http://x.test/", stage="fetch", error="TimedOut", message="", failed_at=NOW, attempt=1))
    store.commit()
    store.state.execute("UPDATE pages SET state = 'waiting'")
    names = {path.name for path in folder.iterdir()}
    status = read_status(folder, "demo")
    assert {path.name for path in folder.iterdir()} == names
    assert (status.running, status.pages.waiting, status.pages.done) == (True, 0, ARTICLES)
    assert [one.error for one in status.failures].count("TimedOut") == 1
    store.commit()
    assert read_status(folder, "demo").pages.waiting == ARTICLES + 3
    store.close()
    assert read_status(folder, "demo").running is False


def test_a_killed_run_leaves_a_log_that_counts(folder: Path) -> None:
    script = (
        "import os, sys; from datetime import datetime, UTC; from pathlib import Path;"
        "from harvester.harvest.store import PortalStore;"
        "store = PortalStore(Path(sys.argv[1]), datetime.now(UTC));"
        "store.state.execute(\"UPDATE pages SET state = 'leased'\"); store.commit(); os._exit(9)"
    )
    subprocess.run([sys.executable, "-c", script, folder], check=False)
    assert (folder / "state.sqlite-wal").stat().st_size > 0
    before = looks(folder)
    status = read_status(folder, "demo")
    assert (status.running, status.pages.leased) == (False, ARTICLES + 3)
    assert looks(folder).keys() == before.keys()


def read_as_nobody(folder: Path, another: Path) -> subprocess.CompletedProcess[bytes]:
    """Read the status in a process that may not write there.

    Root drops its rights for it, after everything was imported for another folder.
    """
    script = (
        "import os, sys; from pathlib import Path; from harvester.harvest.status import read_status;"
        "read_status(Path(sys.argv[2]), 'demo'); os.geteuid() or os.setuid(65534);"
        "sys.stdout.write(read_status(Path(sys.argv[1]), 'demo').model_dump_json())"
    )
    return subprocess.run([sys.executable, "-c", script, folder, another], capture_output=True, check=False)


@pytest.mark.parametrize("was_killed", [False, True])
def test_in_a_folder_that_may_not_be_written(harvested: Path, folder: Path, was_killed: bool) -> None:
    if was_killed:
        test_a_killed_run_leaves_a_log_that_counts(folder)
    for path in (*folder.rglob("*"), folder):
        path.chmod(0o555 if path.is_dir() else 0o444)
    for path in folder.parents[: len(folder.parents) - 2]:
        path.chmod(path.stat().st_mode | 0o055)
    done = read_as_nobody(folder, harvested)
    assert done.stderr == b""
    assert orjson.loads(done.stdout)["articles"]["articles"] == ARTICLES


def test_memory_does_not_grow_with_the_frontier(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    folder.mkdir()
    connection = sqlite3.connect(folder / "state.sqlite")
    connection.executescript(SCHEMA)
    connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
    rows = ((f"k{number:06}", "http://x.test/", "x.test", NOW.isoformat()) for number in range(50_000))
    connection.executemany("INSERT INTO pages (key, url, host, listed_at) VALUES (?, ?, ?, ?)", rows)
    connection.commit()
    connection.close()
    tracemalloc.start()
    assert read_status(folder, "demo").pages.waiting == 50_000
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 1_000_000
