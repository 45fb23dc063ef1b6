import json
import resource
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from harvester.errors import OutputError
from harvester.records import Failure, Observation, Record
from harvester.writers.jsonl import JsonLinesFile, to_line, write_lines

MOMENT = datetime(2024, 3, 1, 20, 30, tzinfo=UTC)


@contextmanager
def file_size_limit(limit: int) -> Iterator[None]:
    """Let no file of this process grow past `limit` bytes: what a full disk looks like to a writer."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize(
    ("record", "line"),
    [
        (
            Observation(id="demo/1", observed_at=MOMENT, via="live", view_count=7),
            '{"id":"demo/1","observed_at":"2024-03-02T03:30:00+07:00","via":"live","view_count":7,"gone":false}\n',
        ),
        (
            Failure(
                url="http://x.test/", stage="fetch", error="TimedOut", message="lỗi\n2", failed_at=MOMENT, attempt=2
            ),
            '{"url":"http://x.test/","stage":"fetch","error":"TimedOut","message":"lỗi\\n2",'
            '"failed_at":"2024-03-02T03:30:00+07:00","attempt":2}\n',
        ),
    ],
)
def test_a_record_is_one_line_of_utf8(record: Record, line: str) -> None:
    assert to_line(record) == line.encode()


def test_lines_are_appended(tmp_path: Path) -> None:
    path = tmp_path / "lines.jsonl"
    with JsonLinesFile(path) as file:
        assert [file.append([b"1\n", b"22\n"]), file.append([]), file.append([b"3\n"])] == [5, 5, 7]
        file.sync()
        assert file.size == 7
    assert path.read_bytes() == b"1\n22\n3\n"


@pytest.mark.parametrize(
    ("committed", "kept"),
    [(0, b""), (2, b"1\n"), (5, b"1\n22\n"), (8, b'1\n22\n{"a')],
    ids=["none", "one", "two", "all"],
)
def test_opening_cuts_back_to_what_was_committed(tmp_path: Path, committed: int, kept: bytes) -> None:
    path = tmp_path / "lines.jsonl"
    path.write_bytes(b'1\n22\n{"a')
    with JsonLinesFile(path, committed) as file:
        assert path.read_bytes() == kept
        file.append([b"new\n"])
    assert path.read_bytes() == kept + b"new\n"


def test_a_file_shorter_than_committed_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "lines.jsonl"
    path.write_bytes(b"1\n")
    with pytest.raises(OutputError) as caught:
        JsonLinesFile(path, 9)
    assert str(caught.value) == f"{path} holds 2 bytes, 9 were written to it; restore it or move it away"
    assert path.read_bytes() == b"1\n"


@pytest.mark.parametrize(
    ("name", "reason"), [("folder", "Is a directory"), ("none/x.jsonl", "No such file or directory")]
)
def test_a_file_that_cannot_be_opened(tmp_path: Path, name: str, reason: str) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(OutputError) as caught:
        JsonLinesFile(tmp_path / name)
    assert str(caught.value) == f"cannot write {tmp_path / name}: {reason}"


def test_a_failed_write_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "lines.jsonl"
    with JsonLinesFile(path) as file:
        file.append([b"a" * 99 + b"\n"])
        with file_size_limit(1_000), pytest.raises(OutputError) as caught:
            file.append([b"b" * 499 + b"\n"] * 4)
        assert str(caught.value) == f"cannot write {path}: File too large"
        assert path.read_bytes() == b"a" * 99 + b"\n"
        assert file.append([b"c\n"]) == 102
    assert path.read_bytes() == b"a" * 99 + b"\nc\n"


def test_a_reader_beside_the_writer_takes_whole_lines_only(tmp_path: Path) -> None:
    path = tmp_path / "lines.jsonl"
    blocks = [[json.dumps({"n": n, "text": "ữ" * 100_000}).encode() + b"\n" for n in (3 * b, 3 * b + 1, 3 * b + 2)]
              for b in range(12)]  # fmt: skip
    taken: list[int] = []
    reads = 0
    written = threading.Event()

    def tail() -> None:
        nonlocal reads
        offset = 0
        with path.open("rb") as stream:
            while len(taken) < 36:
                is_last_look = written.is_set()
                stream.seek(offset)
                chunk = stream.read()
                whole = chunk[: chunk.rfind(b"\n") + 1]
                taken.extend(json.loads(line)["n"] for line in whole.splitlines())
                offset += len(whole)
                reads += 1
                if is_last_look:
                    return

    with JsonLinesFile(path) as file:
        reader = threading.Thread(target=tail)
        reader.start()
        for block in blocks:
            file.append(block)
            file.sync()
        written.set()
        reader.join()
    assert taken == list(range(36))
    assert reads > 1


def test_lines_to_a_stream_are_flushed(tmp_path: Path) -> None:
    path = tmp_path / "stream"
    with path.open("wb") as stream:
        write_lines(stream, [b"1\n", b"2\n"])
        assert path.read_bytes() == b"1\n2\n"
