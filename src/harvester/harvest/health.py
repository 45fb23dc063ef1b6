"""Which hosts answer: one that fails too often in a row is left alone for the rest of a run."""

from collections import Counter
from urllib.parse import urlsplit

from harvester.errors import ConnectionFailed, HarvesterError, HttpStatusError, RobotsUnreachable, TimedOut

MAX_FAILURES_IN_A_ROW = 5


def is_host_failure(error: HarvesterError) -> bool:
    """Whether an error says more of the host than of the page: a later run may find it gone."""
    if isinstance(error, HttpStatusError):
        return error.status == 429 or error.status >= 500
    return isinstance(error, (ConnectionFailed, TimedOut, RobotsUnreachable))


class HostHealth:
    """Counts failures in a row per host.

    A page that fails while its host answers others has failed by itself; one that fails because nothing answers has
    not, and must not be given up for it. Which it was is known at the end of a run.
    """

    def __init__(self) -> None:
        self.left_alone: set[str] = set()
        self._in_a_row: Counter[str] = Counter()
        self._suspects: dict[str, list[str]] = {}

    def answered(self, url: str) -> None:
        """Note an answer of a host, be it only that the page is not there."""
        self._in_a_row[host_of(url)] = 0

    def failed_by_themselves(self) -> list[str]:
        """Return the keys of the pages that failed on hosts that were not left alone."""
        return [key for host, keys in self._suspects.items() if host not in self.left_alone for key in keys]

    def failed(self, url: str, key: str | None, error: HarvesterError) -> bool:
        """Note a host's failure and return whether the host has to be left alone from now on.

        `key` is the page's, None for a listing. An unreachable robots.txt ends the host at once (RFC 9309).
        """
        host = host_of(url)
        self._in_a_row[host] += 1
        if key is not None:
            self._suspects.setdefault(host, []).append(key)
        if host in self.left_alone:
            return False
        if isinstance(error, RobotsUnreachable) or self._in_a_row[host] >= MAX_FAILURES_IN_A_ROW:
            self.left_alone.add(host)
        return host in self.left_alone


def host_of(url: str) -> str:
    """Return the host of an address, with its port where it names one."""
    return urlsplit(url).netloc.lower()
