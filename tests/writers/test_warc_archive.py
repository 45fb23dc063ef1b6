import hashlib
import resource
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from warcio.archiveiterator import ArchiveIterator

from harvester.errors import OutputError
from harvester.records import VIETNAM_TIME, Capture
from harvester.writers import warc
from harvester.writers.warc import WarcArchive

STARTED_AT = datetime(2024, 3, 1, 6, 5, 4, tzinfo=VIETNAM_TIME)
FIRST_FILE = "20240229T230504Z-00000.warc.gz"


@dataclass(frozen=True, slots=True)
class Kept:
    """A WARC record as a reader sees it."""

    kind: str
    record_id: str
    warc: dict[str, str]
    status: str | None
    http: list[tuple[str, str]]
    payload: bytes


def capture(body: bytes = b"<p>x</p>", **changes: Any) -> Capture:
    plain = {
        "url": "http://x.test/a",
        "final_url": "http://x.test/a",
        "status": 200,
        "headers": (("content-type", "text/html"),),
        "body": body,
        "captured_at": datetime(2024, 3, 1, 6, 30, 15, tzinfo=VIETNAM_TIME),
        "via": "live",
        "sha256": hashlib.sha256(body).hexdigest(),
        "tls_verified": None,
    }
    return Capture.model_validate(plain | changes)


def read(path: Path) -> list[Kept]:
    with path.open("rb") as stream:
        return [
            Kept(
                kind=record.rec_type,
                record_id=record.rec_headers.get_header("WARC-Record-ID"),
                warc=dict(record.rec_headers.headers),
                status=record.http_headers.statusline if record.http_headers else None,
                http=list(record.http_headers.headers) if record.http_headers else [],
                payload=record.content_stream().read(),
            )
            for record in ArchiveIterator(stream, check_digests="raise")
        ]


def members(path: Path) -> list[bytes]:
    """Return what each gzip member of the file holds."""
    left, found = path.read_bytes(), []
    while left:
        member = zlib.decompressobj(wbits=31)
        found.append(member.decompress(left))
        left = member.unused_data
    return found


@contextmanager
def file_size_limit(limit: int) -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_file_reads_back_from_end_to_end(tmp_path: Path) -> None:
    archive = WarcArchive(tmp_path / "archive", STARTED_AT)
    pages = [b"<h1>Trang m\xe1\xbb\x99t</h1>", b"", bytes(range(256)) * 300]
    references = [archive.add(capture(page, url=f"http://x.test/{n}", final_url=f"http://x.test/{n}"))
                  for n, page in enumerate(pages)]  # fmt: skip
    path, size = archive.commit()
    assert (path, size) == (tmp_path / "archive" / FIRST_FILE, path.stat().st_size)
    description, *responses = read(path)
    assert (description.kind, description.warc["WARC-Filename"]) == ("warcinfo", FIRST_FILE)
    assert description.payload.decode().splitlines() == [
        f"software: harvester/{version('harvester')}",
        "format: WARC File Format 1.1",
        "robots: obey",
    ]
    assert [(one.kind, one.payload) for one in responses] == [("response", page) for page in pages]
    assert [one.warc["WARC-Target-URI"] for one in responses] == [f"http://x.test/{n}" for n in range(3)]
    assert references == [f"{FIRST_FILE}#{one.record_id}" for one in responses]


def test_a_response_keeps_headers_and_what_was_undone(tmp_path: Path) -> None:
    archive = WarcArchive(tmp_path, STARTED_AT)
    headers = (
        ("content-type", "text/html;charset=UTF-8"),
        ("content-encoding", "gzip"),
        ("transfer-encoding", "chunked"),
        ("content-length", "3"),
        ("set-cookie", "a=1"),
        ("set-cookie", "b=2"),
    )
    archive.add(capture(b"12345", headers=headers, url="http://x.test/asked", final_url="https://x.test/answered"))
    page = read(archive.commit()[0])[1]
    assert page.status == "200 OK"
    assert page.http == [
        ("content-type", "text/html;charset=UTF-8"),
        ("X-Crawler-Content-Encoding", "gzip"),
        ("X-Crawler-Transfer-Encoding", "chunked"),
        ("set-cookie", "a=1"),
        ("set-cookie", "b=2"),
        ("content-length", "5"),
    ]
    assert page.warc["WARC-Target-URI"] == "https://x.test/answered"
    assert page.warc["X-Harvester-Requested-URI"] == "http://x.test/asked"
    assert page.warc["WARC-Date"] == "2024-02-29T23:30:15Z"
    assert page.payload == b"12345"


@pytest.mark.parametrize(
    ("changes", "status", "requested"),
    [
        ({"status": 404}, "404 Not Found", None),
        ({"status": None}, "200 OK", None),
        ({"status": 599}, "599", None),
        ({"final_url": None}, "200 OK", None),
        ({"url": "http://x.test/b"}, "200 OK", "http://x.test/b"),
    ],
)
def test_statuses_and_addresses(tmp_path: Path, changes: dict[str, Any], status: str, requested: str | None) -> None:
    archive = WarcArchive(tmp_path, STARTED_AT)
    archive.add(capture(**changes))
    page = read(archive.commit()[0])[1]
    assert (page.status, page.warc.get("X-Harvester-Requested-URI")) == (status, requested)
    assert page.warc["WARC-Target-URI"] == "http://x.test/a"


def test_an_answer_that_nothing_changed_is_a_revisit(tmp_path: Path) -> None:
    archive = WarcArchive(tmp_path, STARTED_AT)
    archive.add(capture(b"", status=304, headers=(("etag", '"7"'),)))
    path, _ = archive.commit()
    _, kept = read(path)
    assert (kept.kind, kept.status, kept.payload) == ("revisit", "304 Not Modified", b"")
    assert kept.warc["WARC-Profile"] == "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
    assert kept.warc["WARC-Refers-To-Target-URI"] == kept.warc["WARC-Target-URI"] == "http://x.test/a"


def test_header_letters_beyond_ascii_do_not_break_the_record(tmp_path: Path) -> None:
    archive = WarcArchive(tmp_path, STARTED_AT)
    archive.add(capture(b"page", headers=(("content-disposition", 'inline; filename="bản tin.html"'),)))
    archive.add(capture(b"next"))
    assert [one.payload for one in read(archive.commit()[0])[1:]] == [b"page", b"next"]


def test_commits_append_and_each_record_is_a_gzip_member(tmp_path: Path) -> None:
    archive = WarcArchive(tmp_path, STARTED_AT)
    sizes, heads = [], []
    for bodies in ((b"1", b"2"), (), (b"3",)):
        for body in bodies:
            archive.add(capture(body))
        path, size = archive.commit()
        sizes.append(size)
        heads.append(path.read_bytes())
    assert sizes[0] == sizes[1] < sizes[2]
    assert heads[2].startswith(heads[0])
    assert [one.payload for one in read(path)[1:]] == [b"1", b"2", b"3"]
    found = members(path)
    assert len(found) == 4
    assert all(member.startswith(b"WARC/1.1\r\n") and member.endswith(b"\r\n\r\n") for member in found)


def test_nothing_added_writes_nothing(tmp_path: Path) -> None:
    assert WarcArchive(tmp_path, STARTED_AT).commit() == (tmp_path / FIRST_FILE, 0)
    assert list(tmp_path.iterdir()) == []


def test_a_failed_commit_can_be_made_again(tmp_path: Path) -> None:
    archive = WarcArchive(tmp_path, STARTED_AT)
    noise = b"".join(hashlib.sha512(str(n).encode()).digest() for n in range(100))
    archive.add(capture(noise))
    with file_size_limit(1_000), pytest.raises(OutputError):
        archive.commit()
    archive.add(capture(b"next"))
    assert [one.payload for one in read(archive.commit()[0])[1:]] == [noise, b"next"]


def test_closing_writes_nothing_and_ends_the_packing_thread(tmp_path: Path) -> None:
    archive = WarcArchive(tmp_path, STARTED_AT)
    for _ in range(20):
        archive.add(capture(bytes(100_000)))
    archive.close()
    assert [thread.name for thread in threading.enumerate() if thread.name.startswith("warc")] == []
    assert list(tmp_path.iterdir()) == []


def test_a_full_file_is_followed_by_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warc, "MAX_FILE_BYTES", 100)
    archive = WarcArchive(tmp_path, STARTED_AT)
    for body in (b"1", b"2"):
        archive.add(capture(body))
        archive.commit()
    names = [FIRST_FILE, FIRST_FILE.replace("00000", "00001")]
    assert sorted(path.name for path in tmp_path.iterdir()) == names
    kinds = [[(one.kind, one.warc.get("WARC-Filename")) for one in read(tmp_path / name)] for name in names]
    assert kinds == [[("warcinfo", name), ("response", None)] for name in names]


def test_an_archive_of_the_same_second_begins_a_file_of_its_own(tmp_path: Path) -> None:
    committed = []
    for body in (b"1", b"2"):
        archive = WarcArchive(tmp_path, STARTED_AT.astimezone(UTC))
        archive.add(capture(body))
        path, size = archive.commit()
        committed.append(path)
        assert size == path.stat().st_size
    assert [read(path)[1].payload for path in committed] == [b"1", b"2"]


@pytest.mark.parametrize("size", [3_000, 300_000])
def test_a_failed_write_leaves_the_file_as_it_was(tmp_path: Path, size: int) -> None:
    archive = WarcArchive(tmp_path, STARTED_AT)
    archive.add(capture(b"kept"))
    path, committed = archive.commit()
    before = path.read_bytes()
    noise = b"".join(hashlib.sha512(str(n).encode()).digest() for n in range(size // 64))
    archive.add(capture(noise))
    with file_size_limit(committed + 1_000), pytest.raises(OutputError) as caught:
        archive.commit()
    assert str(caught.value) == f"cannot write {path}: File too large"
    assert path.read_bytes() == before


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OutputError) as caught:
        WarcArchive(tmp_path / "file" / "archive", STARTED_AT)
    assert str(caught.value) == f"cannot make {tmp_path}/file/archive: Not a directory"
