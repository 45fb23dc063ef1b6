import gzip
import json
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from warcio.archiveiterator import ArchiveIterator

from harvester.errors import OutputError, PortalLocked
from harvester.harvest.store import PortalStore, StreamStore
from harvester.records import VIETNAM_TIME, Article, Capture, Failure

STARTED_AT = datetime(2024, 3, 1, 8, 0, tzinfo=VIETNAM_TIME)
A = "http://a.test/tin/-/view_content/1-x.html"
LATER = STARTED_AT + timedelta(minutes=1)


def article(article_id: str = "demo/1", url: str | None = A, **changes: Any) -> Article:
    plain = {
        "id": article_id,
        "portal": "demo",
        "url": url,
        "canonical_url": None,
        "section": "Tin tức",
        "title": "Lễ khai giảng",
        "posted_at": STARTED_AT,
        "posted_precision": "minute",
        "view_count": 5,
        "summary": None,
        "body": "Nội dung",
        "author": None,
        "source": None,
        "capture": {
            "captured_at": STARTED_AT, "via": "live", "status": 200, "sha256": "0", "archive": None,
            "charset": "utf-8", "tls_verified": None,
        },
        "parser": {"family": "hanoi-liferay", "version": "1"},
    }  # fmt: skip
    return Article.model_validate(plain | changes)


def capture(body: bytes) -> Capture:
    return Capture(
        url=A, final_url=A, status=200, headers=(), body=body, captured_at=STARTED_AT, via="live", sha256="0",
        tls_verified=None,
    )  # fmt: skip


FAILURE = Failure(url=A, stage="fetch", error="TimedOut", message="no answer", failed_at=STARTED_AT, attempt=1)


def contents(folder: Path) -> dict[str, list[Any]]:
    return {
        name: [json.loads(line) for line in (folder / name).read_bytes().splitlines()]
        for name in ("articles.jsonl", "observations.jsonl", "failures.jsonl")
    }


def payloads(folder: Path) -> list[bytes]:
    found = []
    for path in sorted(folder.glob("archive/*.warc.gz")):
        with path.open("rb") as stream:
            found += [one.content_stream().read() for one in ArchiveIterator(stream) if one.rec_type == "response"]
    return found


def test_what_is_committed_lies_in_the_folder(tmp_path: Path) -> None:
    store = PortalStore(tmp_path / "a" / "demo", STARTED_AT)
    kept = store.keep(capture(b"page"))
    store.write(article())
    store.write(article())
    store.write(article("demo/2", view_count=None, title="Tin khác"))
    store.fail(FAILURE)
    assert contents(store.folder) == {"articles.jsonl": [], "observations.jsonl": [], "failures.jsonl": []}
    store.commit()
    store.commit()
    store.close()
    assert kept.archive is not None
    assert kept.archive.startswith("20240301T010000Z-00000.warc.gz#<urn:uuid:")
    seen = {"id": "demo/1", "observed_at": "2024-03-01T08:00:00+07:00", "via": "live", "view_count": 5, "gone": False}
    found = contents(store.folder)
    assert [one["id"] for one in found["articles.jsonl"]] == ["demo/1", "demo/2"]
    assert found["observations.jsonl"] == [seen, seen]
    assert found["failures.jsonl"] == [FAILURE.model_dump(mode="json")]
    assert payloads(store.folder) == [b"page"]


def observations(folder: Path) -> list[tuple[str, str, int | None, bool]]:
    found = contents(folder)["observations.jsonl"]
    return [(one["id"], one["observed_at"], one["view_count"], one["gone"]) for one in found]


@pytest.mark.parametrize("views", [None, 5])
def test_an_article_that_goes_and_comes_back_is_observed(tmp_path: Path, views: int | None) -> None:
    store = PortalStore(tmp_path, STARTED_AT)
    store.note_gone("demo/1", STARTED_AT)
    store.write(article(view_count=views))
    for _ in range(2):
        store.note_gone("demo/1", LATER)
    for _ in range(2):
        store.write(article(view_count=views))
    store.commit()
    store.close()
    seen = ("demo/1", "2024-03-01T08:00:00+07:00", views, False)
    gone = ("demo/1", "2024-03-01T08:01:00+07:00", None, True)
    assert observations(tmp_path) == ([gone, seen] if views is None else [seen, gone, seen, seen])
    assert [one["id"] for one in contents(tmp_path)["articles.jsonl"]] == ["demo/1"]


def test_an_article_that_comes_back_changed_is_a_version_and_an_observation(tmp_path: Path) -> None:
    store = PortalStore(tmp_path, STARTED_AT)
    store.write(article(view_count=None))
    store.note_gone("demo/1", LATER)
    store.commit()
    store.close()
    store = PortalStore(tmp_path, LATER)
    store.note_gone("demo/1", LATER)
    store.write(article(view_count=None, body="B"))
    store.commit()
    store.close()
    assert [one["version"] for one in contents(tmp_path)["articles.jsonl"]] == [1, 2]
    assert [gone for *_, gone in observations(tmp_path)] == [True, False]


def saved(moment: datetime, body: str) -> Article:
    note = article().capture.model_copy(update={"captured_at": moment, "via": "file"})
    return article(body=body, capture=note)


@pytest.mark.parametrize(
    ("saved_at", "outcomes", "seen"),
    [
        pytest.param(
            STARTED_AT - timedelta(days=1),
            ("unchanged", "unchanged"),
            ["2024-02-29T08:00:00+07:00", "2024-03-01T08:01:00+07:00 gone", "2024-02-29T08:00:00+07:00"],
            id="before the version",
        ),
        pytest.param(
            STARTED_AT + timedelta(seconds=30),
            ("changed", "unchanged"),
            ["2024-03-01T08:00:30+07:00", "2024-03-01T08:01:00+07:00 gone", "2024-03-01T08:00:30+07:00"],
            id="before it was gone",
        ),
        pytest.param(
            LATER,
            ("changed", "changed"),
            ["2024-03-01T08:01:00+07:00", "2024-03-01T08:01:00+07:00 gone", "2024-03-01T08:01:00+07:00"],
            id="after",
        ),
    ],
)
def test_an_old_page_is_an_observation_alone(
    tmp_path: Path, saved_at: datetime, outcomes: tuple[str, str], seen: list[str]
) -> None:
    store = PortalStore(tmp_path, STARTED_AT)
    store.write(article())
    first = store.write(saved(saved_at, "Cũ"))[1]
    store.note_gone("demo/1", LATER)
    second = store.write(saved(saved_at, "Cũ hơn"))[1]
    is_gone = not store.state.known.see("demo/1", LATER, gone=True)
    store.commit()
    store.close()
    assert (first, second, is_gone) == (*outcomes, second == "unchanged")
    found = [f"{moment} gone" if gone else moment for _, moment, _, gone in observations(tmp_path)]
    assert found == ["2024-03-01T08:00:00+07:00", *seen]


def test_what_was_not_committed_is_forgotten(tmp_path: Path) -> None:
    first = PortalStore(tmp_path, STARTED_AT)
    first.keep(capture(b"1"))
    first.write(article())
    first.commit()
    first.keep(capture(b"2"))
    first.write(article("demo/2"))
    first.close()
    second = PortalStore(tmp_path, STARTED_AT + timedelta(seconds=1))
    assert second.write(article("demo/2"))[1] == "new"
    assert second.write(article())[1] == "unchanged"
    second.close()
    assert [one["id"] for one in contents(tmp_path)["articles.jsonl"]] == ["demo/1"]
    assert payloads(tmp_path) == [b"1"]


def test_files_that_got_ahead_of_the_state_are_cut_back(tmp_path: Path) -> None:
    """What a process leaves behind that is killed after it wrote the files and before it committed their sizes."""
    store = PortalStore(tmp_path, STARTED_AT)
    store.keep(capture(b"1"))
    store.write(article())
    store.fail(FAILURE)
    store.commit()
    store.close()
    names = ("articles.jsonl", "observations.jsonl", "failures.jsonl")
    (archive,) = tmp_path.glob("archive/*.warc.gz")
    committed = {path: path.read_bytes() for path in (*(tmp_path / name for name in names), archive)}
    for path in committed:
        with path.open("ab") as stream:
            stream.write(gzip.compress(b"WARC/1.1")[:-3] if path == archive else b'{"id":"demo/2"}\n{"id":"de')
    stray = tmp_path / "archive" / "20240302T010000Z-00000.warc.gz"
    stray.write_bytes(b"\x1f\x8b")
    other = tmp_path / "archive" / "notes.txt"
    other.write_bytes(b"mine")
    PortalStore(tmp_path, STARTED_AT + timedelta(days=2)).close()
    assert {path: path.read_bytes() for path in committed} == committed
    assert (stray.exists(), other.read_bytes()) == (False, b"mine")


def test_a_folder_has_one_holder(tmp_path: Path) -> None:
    store = PortalStore(tmp_path, STARTED_AT)
    with pytest.raises(PortalLocked) as caught:
        PortalStore(tmp_path, STARTED_AT)
    assert str(caught.value) == f"another run holds {tmp_path}; wait for it, or choose another --output"
    store.close()
    PortalStore(tmp_path, STARTED_AT).close()


def test_a_folder_that_cannot_be_opened_is_let_go(tmp_path: Path) -> None:
    (tmp_path / "articles.jsonl").mkdir()
    with pytest.raises(OutputError):
        PortalStore(tmp_path, STARTED_AT)
    (tmp_path / "articles.jsonl").rmdir()
    PortalStore(tmp_path, STARTED_AT).close()


def test_a_stream_takes_the_articles_alone() -> None:
    stream = BytesIO()
    store = StreamStore(stream)
    assert store.keep(capture(b"1")) == capture(b"1")
    assert [store.write(article())[1], store.write(article())[1]] == ["new", "unchanged"]
    store.note_gone("demo/1", STARTED_AT)
    store.fail(FAILURE)
    store.commit()
    store.commit()
    store.close()
    assert [Article.model_validate_json(line) for line in stream.getvalue().splitlines()] == [article()]


def test_a_stream_that_nobody_reads() -> None:
    with Path("/dev/full").open("wb", buffering=0) as stream:
        store = StreamStore(stream)
        store.write(article())
        with pytest.raises(OutputError) as caught:
            store.commit()
        store.close()
    assert str(caught.value) == "cannot write to the stream: No space left on device"
