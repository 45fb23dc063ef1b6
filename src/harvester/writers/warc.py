"""The raw answers as WARC 1.1: what a portal said, kept for every later parser.

One gzip member per record, so that a torn file loses its last record only. Payloads are stored decoded; the header
that named their encoding is kept under `X-Crawler-Content-Encoding`, as Common Crawl does, so no reader decodes twice.
"""

import gzip
import os
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime
from http import HTTPStatus
from http.client import responses
from importlib.metadata import version
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from harvester.errors import OutputError
from harvester.records import Capture

MAX_FILE_BYTES = 1_000_000_000

COMPRESSION_LEVEL = 4
"""Portal pages come out 3 % larger than at zlib's highest level, in two thirds of its time."""

_UNDONE = {"content-encoding": "X-Crawler-Content-Encoding", "transfer-encoding": "X-Crawler-Transfer-Encoding"}
_NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"  # WARC 1.1, 6.7.3
_REPLACED = frozenset({"content-length"})


class WarcArchive:
    """A folder of `<name>-<n>.warc.gz`; records are gathered and written together by `commit`.

    They are packed in a thread of their own, as zlib lets the other threads run, and written by the caller of `commit`.
    """

    def __init__(self, folder: Path, started_at: datetime) -> None:
        """Name the run's files after its start; nothing is written yet.

        Raises:
            OutputError: the folder cannot be made.
        """
        self._folder = folder
        self._stem = started_at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
        self._serial = 0
        self._size = 0
        self._packer = ThreadPoolExecutor(max_workers=1, thread_name_prefix="warc")
        self._members: list[Future[bytes]] = []
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise OutputError(f"cannot make {folder}: {error.strerror}") from error
        while self.path.exists():  # a run of the same second
            self._serial += 1

    @property
    def path(self) -> Path:
        """The file being written."""
        return self._folder / f"{self._stem}-{self._serial:05}.warc.gz"

    def add(self, capture: Capture) -> str:
        """Take a capture in and return where it will lie: `<file name>#<WARC-Record-ID>`."""
        if not self._size and not self._members:
            self._members.append(self._packer.submit(_description, self.path.name))
        record_id = f"<urn:uuid:{uuid4()}>"
        self._members.append(self._packer.submit(_answer, capture, record_id))
        return f"{self.path.name}#{record_id}"

    def commit(self) -> tuple[Path, int]:
        """Write what was added and return the file and its size in bytes.

        Raises:
            OutputError: the disk is full or the file cannot be written; the file is as it was.
        """
        path, block = self.path, b"".join(member.result() for member in self._members)
        if not block:
            return path, self._size
        try:
            with path.open("ab", buffering=0) as stream:
                try:
                    written = 0
                    while written < len(block):
                        written += stream.write(block[written:])
                    os.fsync(stream.fileno())
                except OSError:
                    stream.truncate(self._size)
                    raise
        except OSError as error:
            raise OutputError(f"cannot write {path}: {error.strerror}") from error
        self._size += len(block)
        committed = path, self._size
        self._members = []
        if self._size >= MAX_FILE_BYTES:
            self._serial, self._size = self._serial + 1, 0
        return committed

    def close(self) -> None:
        """Let the packing thread end; what was not committed is forgotten."""
        self._packer.shutdown(cancel_futures=True)


def _description(file_name: str) -> bytes:
    """Return a file's first member, which tells where the file comes from."""
    writer = _writer()
    told = {"software": f"harvester/{version('harvester')}", "format": "WARC File Format 1.1", "robots": "obey"}
    return _member(writer, writer.create_warcinfo_record(file_name, told))


def _answer(capture: Capture, record_id: str) -> bytes:
    """Return the member that holds an answer."""
    status = capture.status or HTTPStatus.OK
    phrase = responses.get(status, "")
    headers = [(_UNDONE.get(name, name), value) for name, value in capture.headers if name not in _REPLACED]
    headers.append(("content-length", str(len(capture.body))))
    fields = {
        "WARC-Record-ID": record_id,
        "WARC-Date": capture.captured_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
    if capture.url and capture.final_url and capture.url != capture.final_url:
        fields["X-Harvester-Requested-URI"] = capture.url
    address = capture.final_url or capture.url
    is_revisit = status == HTTPStatus.NOT_MODIFIED
    if is_revisit:
        fields |= {"WARC-Profile": _NOT_MODIFIED, "WARC-Refers-To-Target-URI": address or ""}
    writer = _writer()
    record = writer.create_warc_record(
        address,
        "revisit" if is_revisit else "response",
        payload=BytesIO(capture.body),
        length=len(capture.body),
        http_headers=StatusAndHeaders(f"{status} {phrase}".rstrip(), headers, protocol="HTTP/1.1"),
        warc_headers_dict=fields,
    )
    return _member(writer, record)


def _writer() -> WARCWriter:
    return WARCWriter(BytesIO(), gzip=False, warc_version="WARC/1.1")


def _member(writer: WARCWriter, record: Any) -> bytes:
    writer.write_record(record)
    return gzip.compress(writer.out.getvalue(), COMPRESSION_LEVEL, mtime=0)
