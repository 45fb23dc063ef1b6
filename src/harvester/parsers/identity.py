"""Which portal a capture belongs to and which article it is: never built from text, so no parser fix moves an id."""

import hashlib
from urllib.parse import urlsplit

from harvester.parsers.address import canonical_url
from harvester.portals.catalogue import Catalogue
from harvester.records import Capture

UNKNOWN_PORTAL = "unknown"
_HASH_LENGTH = 16


def address_of(capture: Capture) -> str | None:
    """Return the address that answered: after a redirect, numbers and host are those of the page that came."""
    return capture.final_url or capture.url


def portal_of(capture: Capture, catalogue: Catalogue, asked_for: str | None = None) -> str:
    """Return the portal's id: the one asked for, else the host's at the capture date, else the host, else “unknown”."""
    address = address_of(capture)
    if asked_for or address is None:
        return asked_for or UNKNOWN_PORTAL
    found = catalogue.find_url(address, capture.captured_at.date())
    return found[0].id if found else urlsplit(address).hostname or UNKNOWN_PORTAL


def article_id(capture: Capture, catalogue: Catalogue, portal: str, entry_id: str | None) -> str:
    """Return `<portal>/<entry id>`, with the host's id space before a number of its own; see records.Article.id."""
    address = address_of(capture)
    if address is None:
        return f"{portal}/f-{capture.sha256[:_HASH_LENGTH]}"
    if entry_id is None:
        digest = hashlib.sha256(canonical_url(address).encode()).hexdigest()
        return f"{portal}/u-{digest[:_HASH_LENGTH]}"
    found = catalogue.find_url(address, capture.captured_at.date())
    id_space = found[1].id_space if found else None
    return f"{portal}/{id_space}-{entry_id}" if id_space else f"{portal}/{entry_id}"
