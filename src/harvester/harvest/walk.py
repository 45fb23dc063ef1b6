"""The listings of a portal as streams from new to old, merged: which page to read next."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from harvester.harvest.state import UNDATED, SectionWalk
from harvester.parsers.address import canonical_url
from harvester.records import Listing, ListingRow

NEWEST = UNDATED  # sorts after every ISO date
# The same rows twice may be articles published in between; more often, the pager leads round in circles.
MAX_REPEATS = 3
WHOLE_LISTING = ""  # sorts before every ISO date


@dataclass(frozen=True, slots=True)
class SectionFront:
    """Where the walk through one listing stands.

    `front` is the posting time down to which its rows are known: older articles may still appear, newer ones not.
    """

    start_url: str
    walk: SectionWalk
    next_url: str | None
    front: str = NEWEST
    in_flight: bool = False
    last_keys: frozenset[str] = frozenset()
    repeats: int = 0


def open_section(start_url: str, walk: SectionWalk) -> SectionFront:
    """Return the front of a listing that is to be walked from its first page."""
    return SectionFront(start_url, walk, next_url=start_url)


def next_listing(fronts: Sequence[SectionFront]) -> SectionFront | None:
    """Return the listing whose next page would bring the newest articles, or None where none may be read now."""
    ready = [front for front in fronts if front.next_url and not front.in_flight]
    return max(ready, key=lambda front: front.front, default=None)


def safe_front(fronts: Sequence[SectionFront]) -> str:
    """Return the posting time from which on every article is known: listings not yet read hold only older ones."""
    return max((front.front for front in fronts if front.next_url), default=WHOLE_LISTING)


def advance(front: SectionFront, listing: Listing, *, unknown_rows: int, since: str) -> SectionFront:
    """Return the front after one page.

    The walk ends at the last page, at a page all older than `since`, or at a page of known articles where an earlier
    walk went as far back as this one has to. A pager that leads round in circles ends it too, without a claim to have
    seen the whole. Where the earlier one broke off, and the first page holds nothing new,
    this one takes it up there; new rows have moved that page, so then everything is walked again.
    """
    dates = [row_date(row) for row in listing.rows]
    dated = [date for date in dates if date != UNDATED]
    oldest, newest = min(dated, default=front.front), max(dated, default=NEWEST)
    keys = frozenset(map(row_key, listing.rows))
    repeats = front.repeats + 1 if keys and keys == front.last_keys else 0
    walked = replace(front, front=min(oldest, front.front), in_flight=False, last_keys=keys, repeats=repeats)
    if listing.next_url is None or not listing.rows:
        return replace(walked, next_url=None, walk=SectionWalk(None, WHOLE_LISTING))
    if listing.next_url == front.next_url or repeats == MAX_REPEATS:
        return replace(walked, next_url=None, walk=SectionWalk(None, None))
    walk = SectionWalk(None, None) if unknown_rows and front.walk.resume_url else front.walk
    is_known = unknown_rows == 0 and walk.walked_back_to is not None and walk.walked_back_to <= since
    if is_known and walk.resume_url is None:
        return replace(walked, next_url=None, walk=walk)
    if newest < since:
        return replace(walked, next_url=None, walk=walk if walk.resume_url else SectionWalk(None, since))
    if walk.resume_url is not None:
        return replace(walked, next_url=walk.resume_url, walk=replace(walk, resume_url=None))
    return replace(walked, next_url=listing.next_url, walk=walk)


def broken_off(front: SectionFront) -> SectionWalk:
    """Return what to note of a listing whose walk stops before its end."""
    if front.next_url is None:
        return front.walk
    started = front.next_url != front.start_url
    return SectionWalk(front.next_url if started else front.walk.resume_url, front.walk.walked_back_to)


def row_date(row: ListingRow) -> str:
    """Return the posting time of a row as text that sorts, UNDATED where it gives none."""
    return row.posted_at.isoformat() if row.posted_at else UNDATED


def row_key(row: ListingRow) -> str:
    """Return the key of the article a row leads to."""
    return canonical_url(row.url, row.entry_id)
