"""Captures out of saved files and streams: bytes that lie on this machine."""

import hashlib
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from harvester.errors import FetchError, TooLarge
from harvester.records import Capture

MAX_BYTES = 32 * 1024 * 1024
_MEDIA_TYPES = {".txt": "text/plain", ".html": "text/html", ".htm": "text/html", ".xhtml": "application/xhtml+xml"}


def read_file(path: Path, *, url: str | None = None, captured_at: datetime | None = None) -> Capture:
    """Return a saved page as a capture; the file's own time stands for an unknown capture time.

    Raises:
        FetchError: there is no such file, or it cannot be read.
        TooLarge: it is larger than 32 MiB.
    """
    try:
        with path.open("rb") as stream:
            moment = captured_at or datetime.fromtimestamp(path.stat().st_mtime, UTC)
            return read_stream(stream, url=url, captured_at=moment, name=str(path))
    except OSError as error:
        raise FetchError(f"cannot be read: {error.strerror or error}", url=url) from error


def read_stream(stream: BinaryIO, *, name: str, url: str | None = None, captured_at: datetime | None = None) -> Capture:
    """Return a stream's bytes as a capture; `name` tells the kind by its ending.

    Raises:
        TooLarge: it holds more than 32 MiB.
    """
    body = stream.read(MAX_BYTES + 1)
    if len(body) > MAX_BYTES:
        raise TooLarge(f"larger than {MAX_BYTES // 1024 // 1024} MiB", url=url)
    media_type = _MEDIA_TYPES.get(Path(name).suffix.lower())
    return Capture(
        url=url,
        final_url=url,
        status=None,
        headers=(("content-type", media_type),) if media_type else (),
        body=body,
        captured_at=captured_at or datetime.now(UTC),
        via="file",
        sha256=hashlib.sha256(body).hexdigest(),
        tls_verified=None,
    )
