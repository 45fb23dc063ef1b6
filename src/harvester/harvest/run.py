"""One run over one portal: listings from new to old, articles as they are found, everything committed in groups."""

import asyncio
import logging
import time
from collections.abc import Coroutine
from dataclasses import replace
from datetime import datetime
from typing import Literal

from harvester.errors import (
    AddressRefused,
    BudgetSpent,
    FieldNotFound,
    HarvesterError,
    HttpStatusError,
    NotNow,
    OutputError,
    OutsideHours,
    RobotsDisallowed,
)
from harvester.extraction import Language, read_language, wrong_page
from harvester.fetchers.validators import validators_of
from harvester.harvest.counts import Counts
from harvester.harvest.frontier import MAX_ATTEMPTS, LeasedPage, host_of
from harvester.harvest.health import REST_SECONDS, HostHealth, Verdict, is_host_failure
from harvester.harvest.plan import CrawlPlan, live_hosts
from harvester.harvest.profile import Profile
from harvester.harvest.reading import Fetch, PageReader
from harvester.harvest.rounds import open_round
from harvester.harvest.store import Store
from harvester.harvest.versions import loss_of
from harvester.harvest.walk import (
    SectionFront,
    advance,
    broken_off,
    end_walk,
    failed,
    is_cut_short,
    next_listing,
    open_section,
    row_date,
    row_key,
    safe_front,
)
from harvester.portals.catalogue import Catalogue, Portal
from harvester.records import VIETNAM_TIME, Article, Capture, Failure, NotAnArticle

COMMIT_SECONDS = 0.2
COMMIT_PAGES = 100
_GONE = frozenset({404, 410})
_UNASKED = (AddressRefused, RobotsDisallowed)  # the host itself said nothing

log = logging.getLogger(__name__)


class PortalRun:
    """Drives one portal from its listings to its committed records.

    Args:
        portal: whose listings are walked.
        catalogue: gives identity to what is found.
        store: takes records and remembers.
        fetch: has the pages.
        plan: which articles are asked for.
        stop: set from outside to end the run cleanly.
        language: reads officials and citations; None leaves them out.
        must_have: fields that every article of this portal has had; one that lacks them is held back.
        rest_seconds: how long a host that does not answer is left alone before it is tried again.
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
        must_have: frozenset[str] = frozenset(),
        rest_seconds: float = REST_SECONDS,
    ) -> None:
        self.portal = portal
        self.counts = Counts()
        self.profile = Profile(skipped=() if language else ("officials", "citations"))
        self._pages = PageReader(portal, catalogue=catalogue, fetch=fetch, keep=store.keep, language=language)
        self._store = store
        self._plan = plan
        self._extra = {"portal": portal.id}
        self._stop = stop
        self._must_have = must_have
        self._health = HostHealth(rest_seconds)
        self._frontier = store.state.frontier
        hosts = live_hosts(portal)
        self._width = sum(host.max_concurrency for host in hosts)
        starts = [host.url(path) for host in hosts for path in host.listings]
        self._fronts = {start: open_section(start, self._frontier.section(start)) for start in starts}
        self._round = open_round(self._frontier, portal, datetime.now(VIETNAM_TIME))
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
                if not in_flight and not self._waits_for_probe():
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
        self._settle_doubts()
        return self.counts

    def end_round(self) -> None:
        """End the round, unless the run was stopped or a host kept it from being whole; the last thing to be done."""
        if not self._stop.is_set() and not self._health.left_alone:
            self._frontier.end_round(datetime.now(VIETNAM_TIME))
            self._store.commit()

    def _settle_doubts(self) -> None:
        for verdict in self._health.end(stopped=self._stop.is_set()):
            self._obey(verdict)
        for front in self._fronts.values():
            self._frontier.set_section(front.start_url, broken_off(front))
        self._commit()

    # ------------------------------------------------------------------------------------------ what is next

    def _next_work(self) -> Coroutine[None, None, None] | None:
        """Return the next request, or None where nothing may start now.

        An article goes out once no unread listing page can hold a newer one; listings are read ahead as long as
        fewer articles are ready than may be fetched at a time.
        """
        if (host := self._health.due_probe()) is not None:
            return self._probe(host)
        closed = self._health.left_alone | self._health.resting
        if (page := self._frontier.lease_due(closed)) is not None:
            return self._read_article(page)
        if self._limit_reached():
            return None
        fronts = list(self._fronts.values())
        since, until = max(self._plan.first_moment, safe_front(fronts)), self._plan.end_moment
        listing = next_listing(fronts, closed)
        if listing is not None and self._frontier.count_ready(since, until, closed, self._width) < self._width:
            self._fronts[listing.start_url] = replace(listing, in_flight=True)
            return self._read_listing(listing)
        page = self._frontier.lease_waiting(since, until, closed)
        if page is None:
            return None
        self._started_articles += not page.attempts
        return self._read_article(page)

    def _limit_reached(self) -> bool:
        return self._plan.limit is not None and self._started_articles >= self._plan.limit

    def _waits_for_probe(self) -> bool:
        """Whether a host rests that something is still wanted from."""
        resting, left_alone = self._health.resting, self._health.left_alone
        if not resting:
            return False
        if self._frontier.count_due(left_alone, 1):
            return True
        if self._limit_reached():
            return False
        if any(front.next_url and front.host in resting for front in self._fronts.values()):
            return True
        return self._frontier.count_ready(self._plan.first_moment, self._plan.end_moment, left_alone, 1) > 0

    # ------------------------------------------------------------------------------------------ one page each

    async def _read_listing(self, front: SectionFront) -> None:
        url = front.next_url or front.start_url
        try:
            capture, found = await self._pages.listing(url)
        except HarvesterError as error:
            self._fronts[front.start_url] = failed(front, may_pass=is_host_failure(error))
            self._fail(url, None, error)
            return
        self._answered(url, "listing", capture)
        rows = [(row_key(row), row.url, row_date(row)) for row in found.rows]
        new_here, new_anywhere = self._frontier.add_rows(front.start_url, rows)
        self.profile.take_listing(found)
        self.counts.listings += 1
        self.counts.listed += new_anywhere
        if url == front.start_url:
            self.counts.stated_total += found.total or 0
        front = advance(
            front,
            found,
            unknown_rows=new_here,
            since=self._plan.first_moment,
            look_back_to=self._round.look_back_to,
        )
        if is_cut_short(found):
            where = f"rows {found.first} to {found.last} of {found.total}"
            log.warning("%s: %s and no next page [%s]", self.portal.id, where, url, extra=self._extra)
            self.profile.take_cut_short()
        self._fronts[front.start_url] = front
        self._frontier.set_section(front.start_url, broken_off(front))
        self._settled()

    async def _read_article(self, page: LeasedPage) -> None:
        known = page.article_id
        try:
            capture, found = await self._pages.article(page.url, page.validators)
            if found is None:
                outcome = self._keep(page)
            elif isinstance(found, Article):
                outcome = self._take(page, found, capture)
            elif known and isinstance(found, NotAnArticle) and found.shows == "listing":
                outcome = self._note_gone(page, known)
            else:
                raise wrong_page(found, "article", page.url)
        except HarvesterError as error:
            if not (known and isinstance(error, HttpStatusError) and error.status in _GONE):
                self._fail(page.url, page, error)
                return
            capture, outcome = None, self._note_gone(page, known)
        self.counts.fetched += 1
        self._answered(page.url, outcome, capture)
        self._settled()

    def _take(self, page: LeasedPage, found: Article, capture: Capture) -> str:
        """Write an article and return what became of it.

        Raises:
            FieldNotFound: it lacks what every article of this portal had, and may yet come to have it.
        """
        is_known = page.article_id is not None
        must_have = self._must_have if page.attempts < MAX_ATTEMPTS - 1 else frozenset[str]()
        loss = loss_of(found, self._store.state.known, must_have)
        self.profile.take(found, known=is_known, held_back=loss is not None)
        if is_known:
            self.profile.take_revisit(gone=False)
        if loss is not None:
            raise loss
        posted_at = found.posted_at.isoformat() if found.posted_at else None
        if not is_known and not self._plan.covers(found.posted_at):
            # Listed without a date; it waits for a run that asks for its time.
            self._frontier.put_back(page, posted_at)
            self.counts.out_of_range += 1
            return "out of range"
        article, outcome = self._store.write(found)
        setattr(self.counts, outcome, getattr(self.counts, outcome) + 1)
        self._frontier.settle(page, article.id, posted_at, validators_of(capture))
        return outcome

    def _keep(self, page: LeasedPage) -> str:
        """Leave an article as it is: its host says that nothing changed."""
        self.profile.take_revisit(gone=False)
        self._frontier.keep(page)
        self.counts.unchanged += 1
        return "unchanged"

    def _note_gone(self, page: LeasedPage, article_id: str) -> str:
        """Note that the portal no longer shows an article; asked again, it has to show it whole."""
        if self._frontier.hand_over(page):
            return "gone from this address"
        self._store.note_gone(article_id, datetime.now(VIETNAM_TIME))
        self._frontier.settle(page, article_id, None, None)
        self.profile.take_revisit(gone=True)
        self.counts.gone += 1
        return "gone"

    async def _probe(self, name: str) -> None:
        """Ask a host that has rested for its first page, to see whether it answers again."""
        urls = [front.start_url for front in self._fronts.values() if front.host == name]
        urls += [host.url("/") for host in self.portal.hosts if host.name == name]
        url = next(iter(urls), f"https://{name}/")
        try:
            capture, found = await self._pages.article(url, None)
            if isinstance(found, NotAnArticle) and found.shows in ("challenge", "maintenance"):
                raise wrong_page(found, "listing", url)
        except HarvesterError as error:
            self._fail(url, None, error)
            if isinstance(error, _UNASKED):
                self._obey(self._health.give_up(name))
            return
        self._answered(url, "probe", capture)
        self._settled()

    # ------------------------------------------------------------------------------------------ failures

    def _fail(self, url: str, page: LeasedPage | None, error: HarvesterError) -> None:
        """Note a failure over an article's page, or over a listing (None).

        Raises:
            OutputError: it is no failure of a page: the folder cannot be written.
        """
        if isinstance(error, OutputError):
            raise error
        if isinstance(error, NotNow):
            self._close(url, page, error)
            return
        failure = Failure(
            url=url,
            stage=error.stage or "parse",
            error=type(error).__name__,
            message=error.message,
            failed_at=datetime.now(VIETNAM_TIME),
            attempt=self._store.state.count_failures(url) + 1,
        )
        self._store.fail(failure)
        self._store.state.log_fetch(url, failure.failed_at, failure.error, None, None)
        log.warning("%s: %s", failure.error, error, extra=self._extra | {"stage": failure.stage})
        is_known = page is not None and page.article_id is not None
        failed_before = page is not None and page.attempts > 0
        what: Literal["article", "listing"] = "article" if page else "listing"
        self.profile.take_failure(error, what, known=is_known, failed_before=failed_before)
        if isinstance(error, FieldNotFound):
            self.counts.held_back += 1
        else:
            self.counts.failed += 1
            self.counts.failed_again += failed_before
        if is_host_failure(error):
            self._obey(self._health.failed(url, page, error))
        else:
            if not isinstance(error, _UNASKED):
                self._obey(self._health.answered(url))
            if page is not None:
                self._frontier.fail(page)
        self._settled()

    def _close(self, url: str, page: LeasedPage | None, reason: NotNow) -> None:
        """Ask a host nothing more in this run, as the catalogue or the host itself says; the round stays open."""
        if page is not None:
            self._frontier.put_back(page)
        if host_of(url) not in self._health.left_alone:
            log.warning("%s: %s", self.portal.id, reason, extra=self._extra)
            if isinstance(reason, (BudgetSpent, OutsideHours)):
                self.counts.hosts_not_now += 1
            else:
                self.counts.hosts_left_alone += 1
            self._obey(self._health.leave_alone(url))
            self._end_walks(host_of(url))

    def _obey(self, verdict: Verdict) -> None:
        """Carry out what became clear about a host."""
        for page in verdict.failed:
            self._frontier.fail(page)
        for page in verdict.put_back:
            self._frontier.put_back(page)
        if verdict.rests:
            log.warning("%s: %s does not answer and rests", self.portal.id, verdict.host, extra=self._extra)
        if verdict.left_alone:
            what = "does not answer and is left alone in this run"
            log.warning("%s: %s %s", self.portal.id, verdict.host, what, extra=self._extra)
            self.counts.hosts_left_alone += 1
            self._end_walks(verdict.host)

    def _end_walks(self, host: str) -> None:
        for start, front in self._fronts.items():
            if front.host == host and front.next_url is not None:
                self._fronts[start] = end_walk(front)

    def _answered(self, url: str, outcome: str, capture: Capture | None) -> None:
        """Note what an answer was, None one without a page, and that its host answers."""
        moment, sha256, archive = datetime.now(VIETNAM_TIME), None, None
        if capture is not None:
            moment, sha256, archive = capture.captured_at, capture.sha256, capture.archive
        self._store.state.log_fetch(url, moment, outcome, sha256, archive)
        self._obey(self._health.answered(url))

    # ------------------------------------------------------------------------------------------ commits

    def _settled(self) -> None:
        self._uncommitted += 1
        self._commit_if_due()

    def _commit_if_due(self) -> None:
        is_due = time.monotonic() - self._committed_at >= COMMIT_SECONDS
        if self._uncommitted and (is_due or self._uncommitted >= COMMIT_PAGES):
            self._commit()

    def _commit(self) -> None:
        self._store.commit()
        self._uncommitted = 0
        self._committed_at = time.monotonic()
        self.counts.waiting = self._frontier.waiting
