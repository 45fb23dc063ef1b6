"""A harvest of one or more portals: locks, runs side by side, manifests, and what the command line answers."""

import asyncio
import logging
import signal
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from harvester.errors import ExitCode, HarvesterError, UnknownPortal
from harvester.extraction import Language, read_language
from harvester.fetchers.http import FetchSettings, HttpFetcher
from harvester.harvest.counts import Counts
from harvester.harvest.coverage import Coverage, find_gaps
from harvester.harvest.drift import Drift, PastRun, find_drift, must_have
from harvester.harvest.health import REST_SECONDS
from harvester.harvest.manifest import RunNote, add_run, read_history
from harvester.harvest.plan import CrawlPlan, live_hosts
from harvester.harvest.run import PortalRun
from harvester.harvest.state import State
from harvester.harvest.store import PortalStore, Store, StreamStore
from harvester.portals.catalogue import Catalogue, Portal, require_hosts
from harvester.records import VIETNAM_TIME

Watch = Callable[[PortalRun], None]

HOSTS_FOLDER = ".hosts"
MIN_FAILED = 3
# Where several portals end differently, the first of these that occurred is the answer.
_GRAVITY = (
    ExitCode.INTERRUPTED, ExitCode.FAILED, ExitCode.USAGE, ExitCode.LOCKED, ExitCode.MANY_PAGES_FAILED,
    ExitCode.DRIFTED, ExitCode.DONE,
)  # fmt: skip

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Allowance:
    """How many pages may fail before a run counts as bad: a share of those attempted, or a plain number."""

    share: float = 0.05
    number: int | None = None

    def is_passed_by(self, counts: Counts) -> bool:
        """Whether more failed than allowed.

        A host that was left alone always is too much. Under a share, fewer than three failures are not, unless
        nothing at all was read; pages that had failed in an earlier run were told of then.
        """
        if counts.hosts_left_alone or counts.failed == counts.attempted > 0:
            return True
        if self.number is not None:
            return counts.failed > self.number
        failed = counts.failed - counts.failed_again
        return failed >= MIN_FAILED and failed > self.share * counts.attempted


@dataclass(frozen=True, slots=True)
class HarvestJob:
    """What to harvest and where to.

    Attributes:
        output: a folder, or a binary stream that takes the articles alone.
        run_id: the name of the run in the log and in the manifest of every portal.
        rest_seconds: how long a host that does not answer rests before it is tried again.
    """

    portals: tuple[Portal, ...]
    catalogue: Catalogue
    output: Path | BinaryIO
    plan: CrawlPlan = field(default_factory=CrawlPlan)
    settings: FetchSettings = field(default_factory=FetchSettings)
    allowance: Allowance = field(default_factory=Allowance)
    language: Language | None = read_language
    command: str = "crawl"
    run_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    rest_seconds: float = REST_SECONDS


@dataclass(frozen=True, slots=True)
class PortalReport:
    """How one portal's run ended."""

    portal: Portal
    exit_code: ExitCode
    counts: Counts
    folder: Path | None
    message: str | None = None
    drift: tuple[Drift, ...] = ()


def run_job(job: HarvestJob, watch: Watch | None = None) -> list[PortalReport]:
    """Harvest every portal of the job, side by side; hosts are still asked one request at a time.

    SIGINT and SIGTERM end the runs cleanly; everything settled is kept.

    Args:
        job: what and where to.
        watch: called with every run as it starts, so that its counts can be shown.

    Raises:
        UnknownPortal: a portal has no host to start from.
    """
    for portal in job.portals:
        require_hosts(portal)
        if not live_hosts(portal):
            raise UnknownPortal(f"portal {portal.id}: no host of it is its own today; see `harvester portals`")
    return asyncio.run(_run_all(job, watch))


def gravest(codes: Sequence[ExitCode]) -> ExitCode:
    """Return the one exit code for several runs."""
    return min(codes, key=_GRAVITY.index, default=ExitCode.DONE)


async def _run_all(job: HarvestJob, watch: Watch | None) -> list[PortalReport]:
    stop = asyncio.Event()
    with _stopping_on_signals(stop):
        hosts_folder = job.output / HOSTS_FOLDER if isinstance(job.output, Path) else None
        async with HttpFetcher(job.catalogue, job.settings, hosts_folder=hosts_folder) as fetcher:
            runs = (_PortalHarvest(job, portal, fetcher, stop).run(watch) for portal in job.portals)
            return list(await asyncio.gather(*runs))


@contextmanager
def _stopping_on_signals(stop: asyncio.Event) -> Iterator[None]:
    loop = asyncio.get_running_loop()
    signals = (signal.SIGINT, signal.SIGTERM)
    try:
        for each in signals:
            loop.add_signal_handler(each, stop.set)
    except (NotImplementedError, RuntimeError, ValueError):  # outside the main thread, or no POSIX signals
        yield
        return
    try:
        yield
    finally:
        for each in signals:
            loop.remove_signal_handler(each)


@dataclass(frozen=True, slots=True)
class _Ending:
    """How a run ended."""

    exit_code: ExitCode
    drift: tuple[Drift, ...]


@dataclass(frozen=True, slots=True)
class _PortalHarvest:
    """One portal's part of a job."""

    job: HarvestJob
    portal: Portal
    fetcher: HttpFetcher
    stop: asyncio.Event

    async def run(self, watch: Watch | None) -> PortalReport:
        output = self.job.output / self.portal.id if isinstance(self.job.output, Path) else self.job.output
        folder = output if isinstance(output, Path) else None
        started_at, counts = datetime.now(VIETNAM_TIME), Counts()
        try:
            store = PortalStore(output, started_at) if isinstance(output, Path) else StreamStore(output)
            try:
                history = read_history(folder) if folder else ()
                run = self._begin(store, history)
                counts = run.counts
                if watch:
                    watch(run)
                await run.run()
                ending = self._judge(run, history)
                if folder:
                    add_run(folder, self.portal.id, self._note(run, store, started_at, ending))
                run.end_round()
            finally:
                store.close()
        except HarvesterError as error:
            return _broken_off(self.portal, error, counts, folder)
        return PortalReport(self.portal, ending.exit_code, counts, folder, drift=ending.drift)

    def _begin(self, store: Store, history: tuple[PastRun, ...]) -> PortalRun:
        return PortalRun(
            self.portal,
            catalogue=self.job.catalogue,
            store=store,
            fetch=self.fetcher.fetch,
            plan=self.job.plan,
            stop=self.stop,
            language=self.job.language,
            must_have=must_have(history),
            rest_seconds=self.job.rest_seconds,
        )

    def _judge(self, run: PortalRun, history: tuple[PastRun, ...]) -> _Ending:
        drift = find_drift(run.profile, history)
        for each in drift:
            log.warning("%s: drift: %s", self.portal.id, each.text, extra={"portal": self.portal.id})
        if self.stop.is_set():
            return _Ending(ExitCode.INTERRUPTED, drift)
        if self.job.allowance.is_passed_by(run.counts):
            return _Ending(ExitCode.MANY_PAGES_FAILED, drift)
        return _Ending(ExitCode.DRIFTED if drift else ExitCode.DONE, drift)

    def _note(self, run: PortalRun, store: Store, started_at: datetime, ending: _Ending) -> RunNote:
        return RunNote(
            run_id=self.job.run_id,
            command=self.job.command,
            started_at=started_at,
            finished_at=datetime.now(VIETNAM_TIME),
            exit_code=int(ending.exit_code),
            counts=run.counts,
            profile=run.profile,
            drift=ending.drift,
            coverage=_coverage(run.counts, store.state),
        )


def _coverage(counts: Counts, state: State) -> Coverage:
    pages = Counter(state.frontier.count_states())
    return Coverage(
        stated=counts.stated_total or None,
        known=pages.total(),
        harvested=pages["done"] + pages["due"],
        waiting=pages["waiting"] + pages["leased"],
        failed=pages["failed"],
        gaps=find_gaps(state.known.days()),
    )


def _broken_off(portal: Portal, error: HarvesterError, counts: Counts, folder: Path | None) -> PortalReport:
    log.error("%s: %s", portal.id, error, extra={"portal": portal.id})
    return PortalReport(portal, error.exit_code, counts, folder, str(error))
