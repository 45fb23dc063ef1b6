"""How requests are made; the pace is the catalogue's."""

from dataclasses import dataclass
from importlib.metadata import version

from harvester.errors import UsageError

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class FetchSettings:
    """How requests are made; the pace is the catalogue's.

    Attributes:
        user_agent: product and version; the product is what robots.txt knows the crawler by.
        contact: a mail or web address that reaches whoever runs the harvest; part of the User-Agent header.
        connect_seconds: for resolving, connecting and the TLS handshake.
        read_seconds: between two pieces of an answer.
        deadline_seconds: for one request from start to the last byte, waiting for its turn not included.
        max_wire_bytes: of a body as it is sent.
        max_body_bytes: of a body after decompression.
        max_redirects: followed for one address.
        attempts: for one request, the first included.
        backoff_seconds: the wait before the second attempt, doubled each time; as much again is left to chance.
        max_backoff_seconds: the longest such wait.
        max_retry_after_seconds: a host that asks for a longer wait is not waited for.
        slow_down_seconds: the smallest pause that a host's trouble makes, and a sixtieth of the longest; as long as
            `backoff_seconds` where it is None.
        http2: offer HTTP/2 to hosts with TLS.

    Raises:
        UsageError: the User-Agent header would not be printable ASCII.
    """

    user_agent: str = f"harvester/{version('harvester')}"
    contact: str | None = None
    connect_seconds: float = 15.0
    read_seconds: float = 30.0
    deadline_seconds: float = 120.0
    max_wire_bytes: int = 32 * MEBIBYTE
    max_body_bytes: int = 32 * MEBIBYTE
    max_redirects: int = 5
    attempts: int = 4
    backoff_seconds: float = 1.0
    max_backoff_seconds: float = 30.0
    max_retry_after_seconds: float = 120.0
    slow_down_seconds: float | None = None
    http2: bool = False

    def __post_init__(self) -> None:
        line = self.user_agent_line
        if not (line.isascii() and line.isprintable()):
            raise UsageError(f"the user agent and its contact must be plain ASCII: {line!a}")

    @property
    def user_agent_line(self) -> str:
        """The whole User-Agent header."""
        return f"{self.user_agent} ({f'+{self.contact}' if self.contact else 'no contact given'})"

    @property
    def product_token(self) -> str:
        """The name to look for in robots.txt (RFC 9309, 2.2.1)."""
        return self.user_agent.partition("/")[0].lower()


DEFAULTS = FetchSettings()
