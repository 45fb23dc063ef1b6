"""What a crawl is asked for: which articles, posted when, how many; and which hosts it starts from."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from datetime import time as clock_time

from harvester.harvest.walk import NEWEST, WHOLE_LISTING
from harvester.portals.catalogue import Host, Portal
from harvester.records import VIETNAM_TIME


@dataclass(frozen=True, slots=True)
class CrawlPlan:
    """What to harvest: posted within [since, until], at most `limit` articles never read before."""

    since: date | None = None
    until: date | None = None
    limit: int | None = None

    @property
    def first_moment(self) -> str:
        """The first posting time asked for, as text that sorts."""
        return _midnight(self.since).isoformat() if self.since else WHOLE_LISTING

    @property
    def end_moment(self) -> str:
        """The first posting time no longer asked for, as text that sorts."""
        if self.until is None or self.until == date.max:
            return NEWEST
        return _midnight(self.until + timedelta(days=1)).isoformat()

    def covers(self, posted_at: datetime | None) -> bool:
        """Whether an article of that time is asked for; one without a time is."""
        return posted_at is None or self.first_moment <= posted_at.isoformat() < self.end_moment


def _midnight(day: date) -> datetime:
    return datetime.combine(day, clock_time(), VIETNAM_TIME)


def live_hosts(portal: Portal) -> list[Host]:
    """Return the hosts that are the portal's today and have a listing to start from."""
    today = datetime.now(VIETNAM_TIME).date()
    return [host for host in portal.hosts if host.listings and host.covers(today)]
