"""The rounds of a portal: each brings its folder up to date; one that was broken off is gone on with."""

from datetime import datetime, timedelta

from harvester.harvest.frontier import UNDATED, Frontier, Round, read_stored
from harvester.portals.catalogue import Portal

MAX_ROUND = timedelta(days=1)
REST_FROM_REVISITS = timedelta(days=7)
_CLOCK_TOLERANCE = timedelta(days=1)
_BEFORE_ALL = ""  # sorts before every ISO date


def open_round(frontier: Frontier, portal: Portal, now: datetime) -> Round:
    """Return the round that is open, or begin one: failed pages wait again, the newest articles are due again.

    A round that is still open after a day, or was begun by a clock that went wrong, is given up for a new one: a host
    that is gone for good would keep it open, and the other hosts of the portal would never be read again. After a round
    that was given up, articles are due again only if they were not for a week: due ones are read before anything new
    is, and where a day's requests are too few for both, nothing new would ever be read.

    Posts dated ahead of the clock do not count as the newest: one of them would make all others old.
    """
    found = frontier.open_round()
    if found is not None and abs(now - found.started_at) < MAX_ROUND:
        return found
    frontier.end_round(now)
    latest = (now + _CLOCK_TOLERANCE).isoformat()
    newest = frontier.newest_done(latest)
    if newest is None:
        begun = Round(now, look_back_to=UNDATED, reads_again=False)
    else:
        last = frontier.last_reading_again(now) if found else None
        reads_again = last is None or now - last >= REST_FROM_REVISITS
        begun = Round(now, _days_before(newest, portal.deep_look_days), reads_again)
    frontier.begin_round(begun)
    if newest and begun.reads_again:
        frontier.read_again(_days_before(newest, portal.revisit_days), latest, portal.revisit_articles)
    return begun


def _days_before(moment: str, days: int) -> str:
    try:
        return (read_stored(datetime.fromisoformat, moment) - timedelta(days=days)).isoformat()
    except OverflowError:
        return _BEFORE_ALL
