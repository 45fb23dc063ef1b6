"""The listings of a portal as streams from new to old, merged: which page to read next."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from harvester.harvest.frontier import UNDATED, SectionWalk, host_of
from harvester.parsers.address import canonical_url
from harvester.records import Listing, ListingRow

NEWEST = UNDATED  # sorts after every ISO date
# The same rows twice may be articles published in between; more often, the pager offers its last page again and again.
MAX_REPEATS = 3
MAX_FAILURES = 3  # fewer than make a host rest: one broken page is no broken host
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
    first_keys: frozenset[str] = frozenset()
    last_keys: frozenset[str] = frozenset()
    repeats: int = 0
    failures: int = 0

    @property
    def host(self) -> str:
        """The host asked for the listing."""
        return host_of(self.start_url)


def open_section(start_url: str, walk: SectionWalk) -> SectionFront:
    """Return the front of a listing that is to be walked from its first page."""
    return SectionFront(start_url, walk, next_url=start_url)


def next_listing(fronts: Sequence[SectionFront], without_hosts: Collection[str]) -> SectionFront | None:
    """Return the listing whose next page would bring the newest articles, or None where none may be read now."""
    ready = [front for front in fronts if front.next_url and not front.in_flight and front.host not in without_hosts]
    return max(ready, key=lambda front: front.front, default=None)


def safe_front(fronts: Sequence[SectionFront]) -> str:
    """Return the posting time from which on every article is known: listings not yet read hold only older ones."""
    return max((front.front for front in fronts if front.next_url), default=WHOLE_LISTING)


def advance(front: SectionFront, listing: Listing, *, unknown_rows: int, since: str, look_back_to: str) -> SectionFront:
    """Return the front after one page.

    The walk ends at the last page, at a page all older than `since`, or where it has caught up with an earlier walk
    that went as far back as this one has to: at a page of known articles all older than `look_back_to`, so that
    what was posted under an earlier date is found. If the earlier walk broke off, this one goes on from there, unless
    new rows have moved that page: then everything is walked again. A pager that leads round in circles has shown all it
    has; one that ends before the total its listing states (`is_cut_short`) has not.
    """
    dates = [row_date(row) for row in listing.rows]
    dated = [date for date in dates if date != UNDATED]
    keys = frozenset(map(row_key, listing.rows))
    walked = replace(
        front,
        front=min([*dated, front.front]),
        in_flight=False,
        first_keys=front.first_keys or keys,
        last_keys=keys,
        repeats=front.repeats + 1 if keys and keys == front.last_keys else 0,
        failures=0,
    )
    if not listing.rows or is_cut_short(listing):
        return replace(walked, next_url=None, walk=SectionWalk(None, None))
    if listing.next_url is None:
        return replace(walked, next_url=None, walk=SectionWalk(None, WHOLE_LISTING))
    if listing.next_url == front.next_url or keys == front.first_keys or walked.repeats == MAX_REPEATS:
        whole = SectionWalk(None, WHOLE_LISTING)
        return replace(walked, next_url=None, walk=front.walk if front.walk.resume_url else whole)
    walk = SectionWalk(None, None) if unknown_rows and front.walk.resume_url else front.walk
    is_known = unknown_rows == 0 and walk.walked_back_to is not None and walk.walked_back_to <= since
    if max(dated, default=NEWEST) < since and not _rises(dated):
        return replace(walked, next_url=None, walk=walk if walk.resume_url or is_known else SectionWalk(None, since))
    has_caught_up = unknown_rows == 0 and max(dated, default=WHOLE_LISTING) < look_back_to and not _rises(dated)
    if has_caught_up and walk.resume_url is not None:
        return replace(walked, next_url=walk.resume_url, walk=replace(walk, resume_url=None))
    if has_caught_up and is_known:
        return replace(walked, next_url=None, walk=walk)
    return replace(walked, next_url=listing.next_url, walk=walk)


def is_cut_short(listing: Listing) -> bool:
    """Whether a listing offers no next page although it counts more rows than it has shown: its pager was not read."""
    return listing.next_url is None and listing.total is not None and (listing.last or 0) < listing.total


def _rises(dated: Sequence[str]) -> bool:
    """Whether the rows come from old to new: what is new then stands at the end of the listing."""
    return sum(earlier < later for earlier, later in pairwise(dated)) > len(dated) // 2


def failed(front: SectionFront, *, may_pass: bool) -> SectionFront:
    """Return the front after a page that could not be read: asked for again if that may pass, else broken off."""
    if may_pass and front.failures + 1 < MAX_FAILURES:
        return replace(front, in_flight=False, failures=front.failures + 1)
    return end_walk(front)


def end_walk(front: SectionFront) -> SectionFront:
    """Return the front of a walk that goes no further in this run."""
    return replace(front, next_url=None, walk=broken_off(front), in_flight=False)


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
