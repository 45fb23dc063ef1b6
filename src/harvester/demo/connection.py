"""A client's connection while it waits for an answer: whether it is still there, and how it is broken off."""

import select
import socket
import struct
import threading
import time

_GLANCE_SECONDS = 0.02
_LINGER_NOT = struct.pack("ii", 1, 0)


class Connection:
    """The connection a request came by; a client that sends anything before it has its answer counts as gone.

    That may be the end of the stream, or the end of TLS before it.
    """

    def __init__(self, stream: socket.socket, closing: threading.Event) -> None:
        self._stream = stream
        self._closing = closing

    def is_left(self) -> bool:
        """Whether the client no longer waits."""
        return self._is_readable(0)

    def wait(self, seconds: float) -> bool:
        """Wait, and return whether the client waited too; it ends early when it goes, or the replica is closed."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            if self._closing.is_set() or self._is_readable(min(left, _GLANCE_SECONDS)):
                return False
        return True

    def reset(self) -> None:
        """Close so that the client is told of a broken connection (TCP RST)."""
        self._stream.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_NOT)

    def _is_readable(self, seconds: float) -> bool:
        try:
            return bool(select.select([self._stream], [], [], seconds)[0])
        except (OSError, ValueError):  # closed by the server, when the replica ends
            return True
