"""One request and the way back to who sent it: an answer is sent through here, whole or piece by piece."""

import gzip
import time
from collections.abc import Iterable
from email.utils import formatdate
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler

from harvester.demo.connection import Connection
from harvester.demo.request_log import OpenRequest, RequestLog

SERVER_NAME = "Apache-Coyote/1.1"
Fields = tuple[tuple[str, str], ...]


class Exchange:
    """A request, what it ought to be answered with, and the means to answer otherwise.

    Attributes:
        target: path and query, as asked.
        headers: those of the request.
        status: of the answer.
        fields: the answer's header, without date and length.
        body: as it is sent: packed, where the fields say so.
        clock_ahead: seconds by which the server's clock is off.
    """

    def __init__(self, handler: BaseHTTPRequestHandler, connection: Connection, log: RequestLog) -> None:
        self.target = handler.path
        self.headers = handler.headers
        self.status = 200
        self.fields: Fields = ()
        self.body = b""
        self.clock_ahead = 0.0
        self._handler = handler
        self._connection = connection
        self._log = log
        self.request: OpenRequest = log.begin(
            handler.command, handler.path, handler.headers.get("Host", ""), connection
        )

    def send_plainly(self) -> None:
        """Answer as one ought to."""
        has_body = self._handler.command != "HEAD" and self.status != HTTPStatus.NOT_MODIFIED
        head = self.head(()) if self.status == HTTPStatus.NOT_MODIFIED else self.plain_head()
        self.send_last(head, self.body if has_body else b"")

    def plain_head(self, length: int | None = None) -> bytes:
        """Return the head of a whole answer, or of one that claims to have another length."""
        return self.head((("Content-Length", str(len(self.body) if length is None else length)),))

    def head(self, fields: Iterable[tuple[str, str]]) -> bytes:
        """Return the status line and the header, with more fields than the answer has of itself."""
        self.request.status = self.status
        date = formatdate(time.time() + self.clock_ahead, usegmt=True)
        lines = [f"HTTP/1.1 {self.status} {HTTPStatus(self.status).phrase}", f"Server: {SERVER_NAME}", f"Date: {date}"]
        lines += [f"{name}: {value}" for name, value in (*fields, *self.fields)]
        return "\r\n".join([*lines, "\r\n"]).encode("latin-1")

    def pack(self) -> None:
        """Send the body gzipped, if the client takes that."""
        if "gzip" in self.headers.get("Accept-Encoding", ""):
            self.body = gzip.compress(self.body, compresslevel=1, mtime=0)
            self.fields = (*self.fields, ("Content-Encoding", "gzip"))

    def send(self, head: bytes, body: bytes = b"") -> None:
        """Send a part of the answer."""
        self.request.body_bytes += len(body)
        self._handler.wfile.write(head + body)
        self._handler.wfile.flush()

    def send_last(self, head: bytes, body: bytes = b"") -> None:
        """Send the end of the answer; it is logged before the client can have it and ask again."""
        self.request.body_bytes += len(body)
        self._log.end(self.request)
        self._handler.wfile.write(head + body)
        self._handler.wfile.flush()

    def close(self) -> None:
        """Take no further request on this connection."""
        self._handler.close_connection = True

    def pause(self, seconds: float) -> bool:
        """Wait, and return whether the client waited too; it ends when the replica is closed."""
        return self._connection.wait(seconds)

    def reset(self) -> None:
        """Break the connection off (TCP RST), so that not even what was sent need arrive."""
        self._log.end(self.request)
        self.close()
        self._connection.reset()
