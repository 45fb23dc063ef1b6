"""JSON Lines: one record a line, UTF-8, whole lines only."""

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

import orjson

from harvester.errors import OutputError
from harvester.records import Record


def to_line(record: Record) -> bytes:
    """Return the record as one line of JSON with its line feed."""
    return orjson.dumps(record.model_dump(), option=orjson.OPT_APPEND_NEWLINE)


def write_lines(stream: BinaryIO, lines: Iterable[bytes]) -> None:
    """Write whole lines to a stream that somebody may be reading."""
    stream.write(b"".join(lines))
    stream.flush()


class JsonLinesFile:
    """A file that only grows by whole lines.

    Lines of one `append` go out in one system call that ends with a line feed. A reader that takes lines up to
    the last line feed, as JSON Lines asks, never takes half a record, while one that counts bytes may see a call
    in progress. What a failed call left behind is cut off again.
    """

    def __init__(self, path: Path, size: int = 0) -> None:
        """Open the file and cut it back to `size` bytes, the last that were committed.

        Raises:
            OutputError: it cannot be opened, or is shorter than it was.
        """
        self.path = path
        self.size = size
        try:
            found = path.stat().st_size if path.exists() else 0
            if found < size:
                raise OutputError(f"{path} holds {found} bytes, {size} were written to it; restore it or move it away")
            if found > size:
                os.truncate(path, size)
            self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as error:
            raise OutputError(f"cannot write {path}: {error.strerror}") from error

    def append(self, lines: Iterable[bytes]) -> int:
        """Write the lines and return the file's size in bytes.

        Raises:
            OutputError: the disk is full or the file cannot be written; the file is as it was.
        """
        block = b"".join(lines)
        if not block:
            return self.size
        try:
            written = os.pwrite(self._descriptor, block, self.size)
            while written < len(block):
                written += os.pwrite(self._descriptor, block[written:], self.size + written)
        except OSError as error:
            with suppress(OSError):  # then the next opening cuts it off
                os.ftruncate(self._descriptor, self.size)
            raise OutputError(f"cannot write {self.path}: {error.strerror}") from error
        self.size += len(block)
        return self.size

    def sync(self) -> None:
        """Wait until the disk has what was appended.

        Raises:
            OutputError: it has not.
        """
        try:
            os.fsync(self._descriptor)
        except OSError as error:
            raise OutputError(f"cannot write {self.path}: {error.strerror}") from error

    def close(self) -> None:
        """Close the file."""
        os.close(self._descriptor)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
