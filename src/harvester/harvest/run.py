"""One run over one portal: listings from new to old, articles as they are found, everything committed in groups."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from datetime import time as clock_time

from harvester.errors import HarvesterError, RedirectRefused, RobotsDisallowed, WrongPage
from harvester.extraction import Language, describe, extract, read_language
from harvester.harvest.counts import Counts
from harvester.harvest.health import HostHealth, host_of, is_host_failure
from harvester.harvest.state import MAX_ATTEMPTS, WaitingPage
from harvester.harvest.store import Store
from harvester.harvest.walk import (
    NEWEST,
    WHOLE_LISTING,
    SectionFront,
    advance,
    broken_off,
    next_listing,
    open_section,
    row_date,
    row_key,
    safe_front,
)
from harvester.portals.catalogue import Catalogue, Host, Portal
from harvester.records import VIETNAM_TIME, Article, Capture, Failure, Listing

Fetch = Callable[[str], Awaitable[Capture]]

COMMIT_SECONDS = 0.2
COMMIT_PAGES = 100
_QUEUE_LENGTH = 64

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class CrawlPlan:
    """What to harvest: posted within [since, until], at most `limit` articles in this run."""

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


class PortalRun:
    """Drives one portal from its listings to its committed records.

    Args:
        portal: whose listings are walked.
        catalogue: gives identity to what is found.
        store: takes records and remembers.
        fetch: an address in, a capture out; raises FetchError.
        plan: which articles are asked for.
        stop: set from outside to end the run cleanly.
        language: reads officials and citations; None leaves them out.
    """

    def __init__(
        self,
        portal: Portal,
        *,
        catalogue: Catalogue,
        store: Store,
        fetch: Fetch,
        plan: CrawlPlan,
        stop: asyncio.Event,
        language: Language | None = read_language,
    ) -> None:
        self.portal = portal
        self.counts = Counts()
        self._catalogue = catalogue
        self._store = store
        self._fetch = fetch
        self._plan = plan
        self._stop = stop
        self._language = language
        hosts = live_hosts(portal)
        self._width = sum(host.max_concurrency for host in hosts)
        starts = [host.url(path) for host in hosts for path in host.listings]
        self._fronts = {start: open_section(start, store.state.section(start)) for start in starts}
        self._queue: list[WaitingPage] = []
        self._taken: set[str] = set()
        self._health = HostHealth()
        self._started_articles = 0
        self._uncommitted = 0
        self._committed_at = time.monotonic()

    async def run(self) -> Counts:
        """Harvest until nothing is left, the limit is reached or `stop` is set; everything settled is committed.

        Raises:
            OutputError: the output cannot be written; what was committed is intact.
        """
        in_flight: set[asyncio.Task[None]] = set()
        stopping = asyncio.create_task(self._stop.wait())
        try:
            while not self._stop.is_set():
                while len(in_flight) < self._width and (work := self._next_work()) is not None:
                    in_flight.add(asyncio.create_task(work))
                if not in_flight:
                    break
                done, _ = await asyncio.wait(
                    {*in_flight, stopping}, timeout=COMMIT_SECONDS, return_when=asyncio.FIRST_COMPLETED
                )
                for task in done - {stopping}:
                    task.result()
                in_flight -= done
                self._commit_if_due()
        finally:
            for task in (*in_flight, stopping):
                task.cancel()
            await asyncio.gather(*in_flight, stopping, return_exceptions=True)
        for front in self._fronts.values():
            self._store.state.set_section(front.start_url, broken_off(front))
        self._count_attempts()
        self._store.commit()
        self.counts.waiting = self._store.state.count_waiting()
        return self.counts

    # ------------------------------------------------------------------------------------------ what is next

    def _next_work(self) -> Coroutine[None, None, None] | None:
        """Return the next request, or None where nothing may start now.

        An article goes out once no unread listing page can hold a newer one; listings are read ahead as long as
        fewer articles are ready than may be fetched at a time.
        """
        if self._limit_reached():
            return None
        fronts = list(self._fronts.values())
        listing, safe = next_listing(fronts), safe_front(fronts)
        if not self._queue:
            self._refill()
        ready = sum(1 for page in self._queue[: self._width] if page.listed_at >= safe)
        if listing is not None and ready < self._width:
            self._fronts[listing.start_url] = replace(listing, in_flight=True)
            return self._read_listing(listing)
        if not ready:
            return None
        page = self._queue.pop(0)
        self._taken.add(page.key)
        self._started_articles += 1
        return self._harvest_article(page)

    def _limit_reached(self) -> bool:
        return self._plan.limit is not None and self._started_articles >= self._plan.limit

    def _refill(self) -> None:
        wanted = _QUEUE_LENGTH + len(self._taken)
        waiting = self._store.state.waiting_pages(
            self._plan.first_moment, self._plan.end_moment, wanted, self._health.left_alone
        )
        self._queue = [page for page in waiting if page.key not in self._taken][:_QUEUE_LENGTH]

    # ------------------------------------------------------------------------------------------ one page each

    async def _read_listing(self, front: SectionFront) -> None:
        url = front.next_url or front.start_url
        try:
            capture = await self._capture(url)
            found = extract(capture, self._catalogue, self.portal.id, language=None)
            if not isinstance(found, Listing):
                raise WrongPage(f"no listing: {describe(found)}", url=url)
        except HarvesterError as error:
            self._fronts[front.start_url] = replace(front, next_url=None, walk=broken_off(front), in_flight=False)
            self._fail(url, None, error)
            return
        self._log_fetch(url, "listing", capture)
        rows = [(row_key(row), row.url, row_date(row)) for row in found.rows]
        new_here, new_anywhere = self._store.state.add_rows(front.start_url, rows)
        self.counts.listings += 1
        self.counts.listed += new_anywhere
        if url == front.start_url:
            self.counts.stated_total += found.total or 0
        front = advance(front, found, unknown_rows=new_here, since=self._plan.first_moment)
        self._fronts[front.start_url] = front
        self._store.state.set_section(front.start_url, broken_off(front))
        self._refill()
        self._settled()

    async def _harvest_article(self, page: WaitingPage) -> None:
        try:
            capture = await self._capture(page.url)
            found = extract(capture, self._catalogue, self.portal.id, language=self._language)
            if not isinstance(found, Article):
                raise WrongPage(f"no article: {describe(found)}", url=page.url)
        except HarvesterError as error:
            self._fail(page.url, page.key, error)
            return
        self.counts.fetched += 1
        outcome = self._take(page, found)
        self._log_fetch(page.url, outcome, capture)
        self._settled()

    def _take(self, page: WaitingPage, found: Article) -> str:
        """Write an article and return what became of it."""
        if found.posted_at and not self._plan.covers(found.posted_at):
            # Listed without a date; it waits for a run that asks for its time.
            self._store.state.set_listed_at(page.key, found.posted_at.isoformat())
            self.counts.out_of_range += 1
            return "out of range"
        article, outcome = self._store.write(found)
        setattr(self.counts, outcome, getattr(self.counts, outcome) + 1)
        if outcome != "unchanged":
            self.counts.count_fields(article)
        self._store.state.settle(page.key, "done")
        self._taken.discard(page.key)
        return outcome

    async def _capture(self, url: str) -> Capture:
        """Fetch and keep an answer.

        Raises:
            FetchError: there was none, or it came from outside the portal.
        """
        capture = self._store.keep(await self._fetch(url))
        answered_by = capture.final_url or url
        if host_of(answered_by) != host_of(url):
            owner = self._catalogue.find_url(answered_by, capture.captured_at.date())
            if owner is None or owner[0].id != self.portal.id:
                raise RedirectRefused(f"the address leads out of the portal, to {host_of(answered_by)}", url=url)
        self._health.answered(url)
        return capture

    # ------------------------------------------------------------------------------------------ failures

    def _fail(self, url: str, key: str | None, error: HarvesterError) -> None:
        """Note a failure; `key` is that of an article's page, None for a listing."""
        state, name = self._store.state, type(error).__name__
        if is_host_failure(error):
            if self._health.failed(url, key, error):
                self._leave_alone(host_of(url))
        else:
            self._health.answered(url)
            if key is not None and (not isinstance(error, RobotsDisallowed) or state.attempt(key) >= MAX_ATTEMPTS):
                state.settle(key, "failed")
                self._taken.discard(key)
        self.counts.failed += 1
        failure = Failure(
            url=url,
            stage=error.stage or "parse",
            error=name,
            message=error.message,
            failed_at=datetime.now(VIETNAM_TIME),
            attempt=state.count_failures(url) + 1,
        )
        self._store.fail(failure)
        state.log_fetch(url, failure.failed_at, name, None, None)
        log.warning("%s: %s", name, error, extra={"portal": self.portal.id, "stage": failure.stage})
        self._settled()

    def _count_attempts(self) -> None:
        """Count an attempt against every page that failed while its host went on answering others."""
        for key in self._health.failed_by_themselves():
            if self._store.state.attempt(key) >= MAX_ATTEMPTS:
                self._store.state.settle(key, "failed")

    def _leave_alone(self, host: str) -> None:
        """Ask a host nothing more in this run; what waits goes on waiting."""
        log.warning("%s: %s does not answer and is left alone for the rest of this run", self.portal.id, host)
        self.counts.hosts_left_alone += 1
        for start, front in self._fronts.items():
            if host_of(start) == host and front.next_url is not None:
                self._fronts[start] = replace(front, next_url=None, walk=broken_off(front), in_flight=False)
        self._refill()

    def _log_fetch(self, url: str, outcome: str, capture: Capture) -> None:
        self._store.state.log_fetch(url, capture.captured_at, outcome, capture.sha256, capture.archive)

    # ------------------------------------------------------------------------------------------ commits

    def _settled(self) -> None:
        self._uncommitted += 1
        self._commit_if_due()

    def _commit_if_due(self) -> None:
        is_due = time.monotonic() - self._committed_at >= COMMIT_SECONDS
        if self._uncommitted and (is_due or self._uncommitted >= COMMIT_PAGES):
            self._store.commit()
            self._uncommitted = 0
            self._committed_at = time.monotonic()
            self.counts.waiting = self._store.state.count_waiting()


def live_hosts(portal: Portal) -> list[Host]:
    """Return the hosts that are the portal's today and have a listing to start from."""
    today = datetime.now(VIETNAM_TIME).date()
    return [host for host in portal.hosts if host.listings and host.covers(today)]
