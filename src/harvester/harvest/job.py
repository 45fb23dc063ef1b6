"""A harvest of one or more portals: locks, runs side by side, manifests, and what the command line answers."""

import asyncio
import logging
import signal
import uuid
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
from harvester.harvest.manifest import RunNote, add_run
from harvester.harvest.run import CrawlPlan, PortalRun, live_hosts
from harvester.harvest.store import PortalStore, StreamStore
from harvester.portals.catalogue import Catalogue, Portal, require_hosts
from harvester.records import VIETNAM_TIME

Watch = Callable[[PortalRun], None]

MIN_FAILED = 3
# Where several portals end differently, the first of these that occurred is the answer.
_GRAVITY = (
    ExitCode.INTERRUPTED, ExitCode.FAILED, ExitCode.USAGE, ExitCode.LOCKED, ExitCode.MANY_PAGES_FAILED, ExitCode.DONE,
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
        nothing at all was read.
        """
        if counts.hosts_left_alone or counts.failed == counts.attempted > 0:
            return True
        if self.number is not None:
            return counts.failed > self.number
        return counts.failed >= MIN_FAILED and counts.failed > self.share * counts.attempted


@dataclass(frozen=True, slots=True)
class HarvestJob:
    """What to harvest and where to; `output` is a folder, or a binary stream that takes the articles alone."""

    portals: tuple[Portal, ...]
    catalogue: Catalogue
    output: Path | BinaryIO
    plan: CrawlPlan = field(default_factory=CrawlPlan)
    settings: FetchSettings = field(default_factory=FetchSettings)
    allowance: Allowance = field(default_factory=Allowance)
    language: Language | None = read_language
    command: str = "crawl"


@dataclass(frozen=True, slots=True)
class PortalReport:
    """How one portal's run ended."""

    portal: Portal
    exit_code: ExitCode
    counts: Counts
    folder: Path | None
    message: str | None = None


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
        async with HttpFetcher(job.catalogue, job.settings) as fetcher:
            runs = (_run_portal(job, portal, fetcher, stop, watch) for portal in job.portals)
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


async def _run_portal(
    job: HarvestJob,
    portal: Portal,
    fetcher: HttpFetcher,
    stop: asyncio.Event,
    watch: Watch | None,
) -> PortalReport:
    started_at = datetime.now(VIETNAM_TIME)
    output = job.output / portal.id if isinstance(job.output, Path) else job.output
    folder = output if isinstance(output, Path) else None
    counts = Counts()
    try:
        store = PortalStore(output, started_at) if isinstance(output, Path) else StreamStore(output)
        try:
            run = PortalRun(
                portal,
                catalogue=job.catalogue,
                store=store,
                fetch=fetcher.fetch,
                plan=job.plan,
                stop=stop,
                language=job.language,
            )
            counts = run.counts
            if watch:
                watch(run)
            await run.run()
            code = _exit_code(job, counts, stop)
            if folder:
                add_run(folder, portal.id, _note(job, started_at, code, counts))
        finally:
            store.close()
    except HarvesterError as error:
        return _broken_off(portal, error, counts, folder)
    return PortalReport(portal, code, counts, folder)


def _broken_off(portal: Portal, error: HarvesterError, counts: Counts, folder: Path | None) -> PortalReport:
    log.error("%s: %s", portal.id, error, extra={"portal": portal.id})
    return PortalReport(portal, error.exit_code, counts, folder, str(error))


def _exit_code(job: HarvestJob, counts: Counts, stop: asyncio.Event) -> ExitCode:
    if stop.is_set():
        return ExitCode.INTERRUPTED
    return ExitCode.MANY_PAGES_FAILED if job.allowance.is_passed_by(counts) else ExitCode.DONE


def _note(job: HarvestJob, started_at: datetime, code: ExitCode, counts: Counts) -> RunNote:
    return RunNote(
        run_id=str(uuid.uuid4()),
        command=job.command,
        started_at=started_at,
        finished_at=datetime.now(VIETNAM_TIME),
        exit_code=int(code),
        counts=counts,
    )
