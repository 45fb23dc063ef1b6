"""The rounds of a portal: each brings its folder up to date; one that was broken off is gone on with."""

from datetime import datetime, timedelta

from harvester.harvest.frontier import UNDATED, Frontier, Round
from harvester.portals.catalogue import Portal

MAX_ROUND = timedelta(days=1)
_CLOCK_TOLERANCE = timedelta(days=1)


def open_round(frontier: Frontier, portal: Portal, now: datetime) -> Round:
    """Return the round that is open, or begin one: failed pages wait again, the newest articles are due again.

    A round that is still open after a day is given up for a new one: a host that is gone for good would keep it open,
    and the other hosts of the portal would never be read again.

    Posts dated ahead of the clock do not count as the newest: one of them would make all others old.
    """
    found = frontier.open_round()
    if found is not None and now - found.started_at < MAX_ROUND:
        return found
    frontier.end_round(now)
    newest = frontier.newest_done((now + _CLOCK_TOLERANCE).isoformat())
    begun = Round(now, _days_before(newest, portal.deep_look_days) if newest else UNDATED)
    frontier.begin_round(begun)
    if newest:
        frontier.read_again(_days_before(newest, portal.revisit_days), portal.revisit_articles)
    return begun


def _days_before(moment: str, days: int) -> str:
    return (datetime.fromisoformat(moment) - timedelta(days=days)).isoformat()
