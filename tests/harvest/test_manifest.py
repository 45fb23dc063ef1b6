import hashlib
import json
from datetime import datetime
from pathlib import Path

import pytest

from harvester.errors import OutputError
from harvester.harvest.counts import Counts
from harvester.harvest.manifest import RunNote, add_run
from harvester.records import VIETNAM_TIME, Article

MOMENT = datetime(2024, 3, 1, 8, 0, tzinfo=VIETNAM_TIME)


def note(run_id: str, counts: Counts | None = None) -> RunNote:
    return RunNote(run_id, "crawl", MOMENT, MOMENT, 0, counts or Counts())


def run_ids(folder: Path) -> list[str]:
    return [run["run_id"] for run in json.loads((folder / "manifest.json").read_bytes())["runs"]]


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
    counts.count_fields(article(body="Nội dung", view_count=0))
    add_run(tmp_path, "demo", note("a", counts))
    add_run(tmp_path, "demo", note("b"))
    manifest = json.loads((tmp_path / "manifest.json").read_bytes())
    first, second = manifest["runs"]
    rates = first.pop("fill_rates")
    assert first == {
        "run_id": "a",
        "command": "crawl",
        "started_at": "2024-03-01T08:00:00+07:00",
        "finished_at": "2024-03-01T08:00:00+07:00",
        "exit_code": 0,
        "counts": {
            "listings": 2, "listed": 9, "stated_total": 40, "fetched": 5, "new": 3, "changed": 1, "unchanged": 1,
            "failed": 2, "out_of_range": 0, "waiting": 0, "hosts_left_alone": 0,
        },
    }  # fmt: skip
    assert {name: rate for name, rate in rates.items() if rate} == {"body": 0.25, "view_count": 0.25}
    assert (second["run_id"], second["fill_rates"], manifest["portal"]) == ("b", {}, "demo")


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


def test_fill_rates_are_shares_of_what_was_written() -> None:
    counts = Counts(new=2, changed=1)
    assert set(counts.fill_rates().values()) == {0.0}
    for fields in ({"body": "A", "related": ["http://x.test/"]}, {"body": "B", "images": []}, {"section": "Tin"}):
        counts.count_fields(article(**fields))
    rates = counts.fill_rates()
    assert {name: rate for name, rate in rates.items() if rate} == {
        "body": 0.6667,
        "related": 0.3333,
        "section": 0.3333,
    }
