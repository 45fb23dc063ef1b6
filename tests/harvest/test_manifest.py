import hashlib
import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from harvester.errors import CutShort, OutputError
from harvester.harvest.counts import Counts
from harvester.harvest.coverage import Coverage, Gap
from harvester.harvest.drift import Drift, PastRun
from harvester.harvest.manifest import RunNote, add_run, read_history
from harvester.harvest.profile import Profile
from harvester.records import VIETNAM_TIME, Article

MOMENT = datetime(2024, 3, 1, 8, 0, tzinfo=VIETNAM_TIME)


DRIFT = Drift("posted_at", "where", "portlet text", 0.005, 1.0, 8, 2, "posted_at: it moved")


def note(run_id: str, counts: Counts | None = None, **fields: Any) -> RunNote:
    return RunNote(run_id, "crawl", MOMENT, MOMENT, 0, counts or Counts(), **fields)


def read(folder: Path) -> Any:
    return json.loads((folder / "manifest.json").read_bytes())


def run_ids(folder: Path) -> list[str]:
    return [run["run_id"] for run in read(folder)["runs"]]


def profile_of(number: int, *, known: bool = False) -> Profile:
    profile = Profile()
    for _ in range(number):
        profile.take(article(body="Nội dung"), known=known)
    return profile


def article(**fields: object) -> Article:
    plain = {
        "id": "demo/1", "portal": "demo", "url": None, "canonical_url": None, "section": None, "title": "Tin",
        "posted_at": None, "posted_precision": None, "view_count": None, "summary": None, "body": None,
        "author": None, "source": None,
        "capture": {"captured_at": MOMENT, "via": "file", "status": None, "sha256": "0", "archive": None,
                    "charset": None, "tls_verified": None},
        "parser": {"family": "plain-text", "version": "1"},
    }  # fmt: skip
    return Article.model_validate(plain | fields)


def test_runs_are_added(tmp_path: Path) -> None:
    counts = Counts(listings=2, listed=9, fetched=5, new=3, changed=1, unchanged=1, failed=2, stated_total=40)
    profile = profile_of(2)
    profile.take(article(view_count=0), known=True)
    profile.take_failure(CutShort("cut"), "article")
    coverage = Coverage(40, 31, 25, 4, 2, gaps=(Gap(date(2024, 1, 2), date(2024, 1, 30), 29),))
    add_run(tmp_path, "demo", note("a", counts, profile=profile, drift=(DRIFT,), coverage=coverage))
    manifest = read(tmp_path)
    (run,) = manifest["runs"]
    rates = run.pop("fill_rates")
    assert run == {
        "run_id": "a",
        "command": "crawl",
        "started_at": "2024-03-01T08:00:00+07:00",
        "finished_at": "2024-03-01T08:00:00+07:00",
        "exit_code": 0,
        "counts": {
            "listings": 2, "listed": 9, "stated_total": 40, "fetched": 5, "new": 3, "changed": 1, "unchanged": 1,
            "gone": 0, "failed": 2, "failed_again": 0, "held_back": 0, "out_of_range": 0, "waiting": 0,
            "hosts_left_alone": 0, "hosts_not_now": 0,
        },
        "failures_by_reason": {"CutShort": 1},
        "drift": [{
            "field": "posted_at", "measure": "where", "value": "portlet text", "expected": 0.005, "found": 1.0,
            "sample": 8, "runs": 2, "text": "posted_at: it moved",
        }],
        "coverage": {
            "stated": 40, "known": 31, "unlisted": 9, "harvested": 25, "waiting": 4, "failed": 2, "gaps": 1,
        },
        "profile": profile.as_json(),
    }  # fmt: skip
    assert {name: rate for name, rate in rates.items() if rate} == {"title": 1.0, "body": 0.6667, "view_count": 0.3333}
    assert manifest["portal"] == "demo"
    assert manifest["gaps"] == [{"first_day": "2024-01-02", "last_day": "2024-01-30", "days": 29}]


def test_a_run_that_read_nothing(tmp_path: Path) -> None:
    add_run(tmp_path, "demo", note("a"))
    manifest = read(tmp_path)
    (run,) = manifest["runs"]
    assert (run["fill_rates"], run["failures_by_reason"], run["drift"], run["coverage"]) == ({}, {}, [], None)
    assert "profile" not in run
    assert manifest["gaps"] == []
    assert read_history(tmp_path) == ()


def test_checksums_are_those_of_the_files(tmp_path: Path) -> None:
    files = {"articles.jsonl": b"1\n", "failures.jsonl": b"", "archive/a.warc.gz": b"gz", "archive/b.warc.gz": b"g"}
    (tmp_path / "archive").mkdir()
    for name, content in {**files, "state.sqlite": b"state", "archive/notes.txt": b"mine"}.items():
        (tmp_path / name).write_bytes(content)
    add_run(tmp_path, "demo", note("a"))
    assert json.loads((tmp_path / "manifest.json").read_bytes())["files"] == {
        name: {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()} for name, content in files.items()
    }


@pytest.mark.parametrize(
    "damaged", [b"", b'{"runs": [', b"[]", b"null", b"{}", b'{"runs": null}', b'{"runs": 5}', b"\xff\xfe"], ids=repr
)
def test_a_damaged_manifest_is_put_aside(tmp_path: Path, damaged: bytes) -> None:
    (tmp_path / "manifest.json").write_bytes(damaged)
    add_run(tmp_path, "demo", note("a"))
    assert run_ids(tmp_path) == ["a"]
    assert (tmp_path / "manifest.json.damaged").read_bytes() == damaged


def test_the_manifest_is_replaced_whole(tmp_path: Path) -> None:
    add_run(tmp_path, "demo", note("a"))
    before = (tmp_path / "manifest.json").read_bytes()
    with (tmp_path / "manifest.json").open("rb") as opened:
        add_run(tmp_path, "demo", note("b"))
        assert opened.read() == before
    assert run_ids(tmp_path) == ["a", "b"]
    assert [path.name for path in tmp_path.iterdir()] == ["manifest.json"]


def test_a_manifest_that_cannot_be_written(tmp_path: Path) -> None:
    add_run(tmp_path, "demo", note("a"))
    before = (tmp_path / "manifest.json").read_bytes()
    (tmp_path / "manifest.json.new").mkdir()
    with pytest.raises(OutputError) as caught:
        add_run(tmp_path, "demo", note("b"))
    assert str(caught.value) == f"cannot write {tmp_path}/manifest.json: Is a directory"
    assert (tmp_path / "manifest.json").read_bytes() == before


@pytest.mark.parametrize(
    ("counts", "attempted", "written"),
    [
        (Counts(), 0, 0),
        (Counts(listings=2, fetched=7, failed=1, new=3, changed=2, unchanged=2), 10, 5),
        (Counts(listed=50, waiting=40, out_of_range=3), 0, 0),
    ],
)
def test_counts_add_up(counts: Counts, attempted: int, written: int) -> None:
    assert (counts.attempted, counts.written) == (attempted, written)


def body_fills(past: PastRun) -> dict[str, int]:
    return dict(past.profile.first_tally(("body", "filled")))


def test_history_is_read_back(tmp_path: Path) -> None:
    assert read_history(tmp_path) == ()
    add_run(tmp_path, "demo", note("a", profile=profile_of(3)))
    add_run(tmp_path, "demo", note("b"))
    add_run(tmp_path, "demo", note("c", profile=profile_of(2), drift=(DRIFT,)))
    first, second = read_history(tmp_path)
    assert (body_fills(first), first.drift, first.accepted) == ({"yes": 3}, (), False)
    assert (body_fills(second), second.drift, second.accepted) == ({"yes": 2}, (DRIFT,), False)


def edit(folder: Path, **fields: object) -> None:
    manifest = read(folder)
    manifest["runs"][-1] |= fields
    (folder / "manifest.json").write_text(json.dumps(manifest))


@pytest.mark.parametrize(("accepted", "expected"), [(True, True), (False, False), ("yes", False), (1, False)])
def test_a_run_is_accepted_by_hand(tmp_path: Path, accepted: object, expected: bool) -> None:
    add_run(tmp_path, "demo", note("a", profile=profile_of(1)))
    edit(tmp_path, accepted=accepted)
    add_run(tmp_path, "demo", note("b", profile=profile_of(1)))
    assert [past.accepted for past in read_history(tmp_path)] == [expected, False]


@pytest.mark.parametrize(
    "fields", [{"profile": None}, {"profile": {"fields": 1}}, {"drift": "none"}, {"drift": [{}]}], ids=str
)
def test_an_entry_that_was_edited_into_something_else_is_left_out(tmp_path: Path, fields: dict[str, object]) -> None:
    add_run(tmp_path, "demo", note("a", profile=profile_of(1)))
    add_run(tmp_path, "demo", note("b", profile=profile_of(2)))
    edit(tmp_path, **fields)
    assert [body_fills(past) for past in read_history(tmp_path)] == [{"yes": 1}]
    add_run(tmp_path, "demo", note("c"))
    assert run_ids(tmp_path) == ["a", "b", "c"]


def test_a_damaged_manifest_has_no_history(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_bytes(b'{"runs": [')
    assert read_history(tmp_path) == ()
    assert (tmp_path / "manifest.json").exists()


def test_a_manifest_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").mkdir()
    with pytest.raises(OutputError) as caught:
        read_history(tmp_path)
    assert str(caught.value) == f"cannot read {tmp_path}/manifest.json: Is a directory"


def test_the_manifest_stays_bounded(tmp_path: Path) -> None:
    news, known = profile_of(1), profile_of(1, known=True)
    known.take_revisit(gone=False)
    for number in range(60):
        add_run(tmp_path, "demo", note(f"new {number}", profile=news))
    for number in range(60):
        add_run(tmp_path, "demo", note(f"known {number}", profile=known))
    kept = [run["run_id"] for run in read(tmp_path)["runs"] if "profile" in run]
    assert kept == [f"new {number}" for number in range(10, 60)] + [f"known {number}" for number in range(10, 60)]
    manifest = read(tmp_path)
    manifest["runs"] = [manifest["runs"][0]] * 1_200
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    add_run(tmp_path, "demo", note("last"))
    assert len(run_ids(tmp_path)) == 1_000
    assert run_ids(tmp_path)[-1] == "last"


def test_a_file_as_long_as_it_was_keeps_its_checksum(tmp_path: Path) -> None:
    lines, archive = tmp_path / "articles.jsonl", tmp_path / "archive" / "a.warc.gz"
    archive.parent.mkdir()
    lines.write_bytes(b"{}\n")
    archive.write_bytes(b"whole")
    add_run(tmp_path, "demo", note("a"))
    lines.write_bytes(b"{}\n{}\n")
    archive.write_bytes(b"wrong")  # a disk that lies is told from the checksum of what was written
    add_run(tmp_path, "demo", note("b"))
    sums = {name: file["sha256"] for name, file in read(tmp_path)["files"].items()}
    assert sums == {
        "articles.jsonl": hashlib.sha256(b"{}\n{}\n").hexdigest(),
        "archive/a.warc.gz": hashlib.sha256(b"whole").hexdigest(),
    }
