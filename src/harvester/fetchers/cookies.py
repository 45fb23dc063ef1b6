"""Cookies within one chain of redirects: some portals redirect for ever who does not bring back what they set."""

import re
from collections.abc import Iterable

MAX_COOKIES = 20
MAX_COOKIE_CHARACTERS = 4_096

# RFC 6265, 4.1.1, with the separators that servers write into values all the same.
_PAIR = re.compile(r"(?P<name>[!#-'*+.0-9A-Z^_`a-z|~-]{1,256})=(?P<value>[ -:<-~]*)")


class ChainCookies:
    """The cookies of one chain, by the origin that set them; gone with the chain. Attributes are not heeded."""

    def __init__(self) -> None:
        self._kept: dict[str, dict[str, str]] = {}

    def keep(self, origin: str, lines: Iterable[str]) -> None:
        """Take the `Set-Cookie` lines of an answer; what is no cookie, or one too many, is passed over."""
        kept = self._kept.setdefault(origin, {})
        for line in lines:
            pair = line.partition(";")[0].strip(" \t")
            match = _PAIR.fullmatch(pair) if len(pair) <= MAX_COOKIE_CHARACTERS else None
            if match and (match["name"] in kept or len(kept) < MAX_COOKIES):
                kept[match["name"]] = match["value"]

    def headers(self, origin: str) -> dict[str, str]:
        """Return the request header for an origin, nothing where it set no cookie."""
        kept = self._kept.get(origin)
        return {"Cookie": "; ".join(f"{name}={value}" for name, value in kept.items())} if kept else {}
