"""What was asked of the replica, when, and how it was answered: the proof that a harvest kept its limits."""

import threading
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from harvester.demo.connection import Connection

MAX_ENTRIES: Final = 100_000
"""Older ones are forgotten."""


@dataclass(frozen=True, slots=True)
class LoggedRequest:
    """One request and its answer.

    Attributes:
        method: “GET” or “HEAD”.
        target: path and query.
        host: the Host header.
        started: when its head had been read, in seconds of `time.monotonic`.
        finished: just before the last bytes of the answer left, or when the client was seen to have gone.
        started_at: as `started`, in seconds since 1970.
        finished_at: as `finished`, in seconds since 1970.
        status: of the answer; 0 where none was sent.
        body_bytes: of the body, as sent; fewer than announced where the answer broke off.
        fault: the kind of fault that was answered with, see `demo.faults`.
        in_flight: how many requests to this host were being answered as it started, this one included.
        wait_until: the moment before which its Retry-After forbids the next request, as `started`.
    """

    method: str
    target: str
    host: str
    started: float
    finished: float
    started_at: float
    finished_at: float
    status: int
    body_bytes: int
    fault: str | None
    in_flight: int
    wait_until: float | None


@dataclass(slots=True)
class OpenRequest:
    """A request that is being answered; what is known of the answer is noted here."""

    method: str
    target: str
    host: str
    connection: Connection
    started: float
    started_at: float
    in_flight: int
    status: int = 0
    body_bytes: int = 0
    fault: str | None = None
    wait_until: float | None = None
    is_open: bool = True


class RequestLog:
    """The requests that were answered, oldest first; any thread may read and write it."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._open: list[OpenRequest] = []
        self._entries: deque[LoggedRequest] = deque(maxlen=MAX_ENTRIES)

    def __iter__(self) -> Iterator[LoggedRequest]:
        with self._guard:
            entries = list(self._entries)
        return iter(sorted(entries, key=lambda one: one.started))

    def __len__(self) -> int:
        return len(self._entries)

    def clear(self) -> None:
        """Forget what was answered so far."""
        with self._guard:
            self._entries.clear()

    def begin(self, method: str, target: str, host: str, connection: Connection) -> OpenRequest:
        """Note a request that came; one whose client has gone no longer counts as being answered."""
        with self._guard:
            others = sum(1 for one in self._open if one.host == host and not one.connection.is_left())
            request = OpenRequest(method, target, host, connection, time.monotonic(), time.time(), others + 1)
            self._open.append(request)
        return request

    def end(self, request: OpenRequest) -> None:
        """Note that the request's answer is out; only the first time counts."""
        with self._guard:
            if not request.is_open:
                return
            request.is_open = False
            self._open.remove(request)
            self._entries.append(
                LoggedRequest(
                    method=request.method,
                    target=request.target,
                    host=request.host,
                    started=request.started,
                    finished=time.monotonic(),
                    started_at=request.started_at,
                    finished_at=time.time(),
                    status=request.status,
                    body_bytes=request.body_bytes,
                    fault=request.fault,
                    in_flight=request.in_flight,
                    wait_until=request.wait_until,
                )
            )
