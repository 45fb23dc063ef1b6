"""Commands that harvest, and what they tell: crawl, status, demo."""

import re
import sys
import uuid
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from harvester.cli.options import (
    DEFAULT_OUTPUT,
    AsJson,
    CatalogueFiles,
    Contact,
    Harvested,
    Limit,
    LogFormatOption,
    MaxFailed,
    MetricsOption,
    Output,
    Since,
    Until,
    Verbose,
    answering,
    folder_named,
    metrics_named,
)
from harvester.cli.status_table import status_table
from harvester.demo.show import DEFAULT_ARTICLES, MIN_ARTICLES, run_demo
from harvester.errors import ExitCode, HarvesterError, OutputError, UsageError
from harvester.fetchers.http import FetchSettings
from harvester.harvest.inputs import STANDARD_STREAM
from harvester.harvest.job import Allowance, HarvestJob, PortalReport, gravest, run_job
from harvester.harvest.metrics import WRITE_EVERY_SECONDS, MetricsFile
from harvester.harvest.plan import CrawlPlan
from harvester.harvest.run import PortalRun
from harvester.harvest.status import may_hold_harvest, read_status
from harvester.harvest.status_records import PortalStatus
from harvester.portals.catalogue import Catalogue, is_portal_id
from harvester.progress import RunsShown, data_console, repeating, say, showing, start_logging, talk_console
from harvester.records import VIETNAM_TIME
from harvester.writers.jsonl import to_line, write_lines

commands = typer.Typer()


@commands.command(epilog="Example: harvester crawl longbien --since 2024-01-01 --contact me@example.org")
@answering
def crawl(
    portals: Annotated[list[str], typer.Argument(metavar="PORTAL...", help="Ids; `harvester portals` lists them.")],
    *,
    since: Since = None,
    until: Until = None,
    limit: Limit = None,
    max_failed: MaxFailed = "5%",
    output: Output = DEFAULT_OUTPUT,
    catalogue: CatalogueFiles = None,
    contact: Contact = None,
    metrics_file: MetricsOption = None,
    log_format: LogFormatOption = "text",
    verbose: Verbose = False,
) -> ExitCode:
    """Harvest portals: start, go on where the last run stopped, or fetch what is new.

    Writes articles.jsonl, observations.jsonl, failures.jsonl, manifest.json and the raw answers below DIR/PORTAL/.
    """
    run_id, console = str(uuid.uuid4()), talk_console()
    start_logging(log_format, verbose=verbose, console=console, run_id=run_id)
    known = Catalogue.load(*(catalogue or ()))
    job = HarvestJob(
        portals=tuple(known.get(portal) for portal in dict.fromkeys(portals)),
        catalogue=known,
        output=sys.stdout.buffer if output == STANDARD_STREAM else folder_named(output),
        plan=_plan(since, until, limit),
        settings=FetchSettings(contact=contact),
        allowance=_allowance(max_failed),
        command=" ".join(["harvester", *sys.argv[1:]]),
        run_id=run_id,
    )
    metrics = _metrics(metrics_file, job)
    with showing(console, log_format) as shown:
        reports = _run(job, shown, metrics)
    _report(reports)
    return gravest([report.exit_code for report in reports])


def _metrics(metrics_file: str | None, job: HarvestJob) -> MetricsFile | None:
    if metrics_file is None:
        return None
    return MetricsFile(metrics_named(metrics_file), [portal.id for portal in job.portals])


def _run(job: HarvestJob, shown: RunsShown, metrics: MetricsFile | None) -> list[PortalReport]:
    if metrics is None:
        return run_job(job, shown.watch)

    def watch(run: PortalRun) -> None:
        shown.watch(run)
        metrics.watch(run)

    with repeating(WRITE_EVERY_SECONDS, metrics.write):
        reports = run_job(job, watch)
    metrics.end(reports)
    return reports


def _plan(since: datetime | None, until: datetime | None, limit: int | None) -> CrawlPlan:
    if since and until and until < since:
        raise UsageError("--until is before --since; swap them")
    return CrawlPlan(since.date() if since else None, until.date() if until else None, limit)


def _allowance(text: str) -> Allowance:
    match = re.fullmatch(r"(\d{1,9})(%?)", text.strip())
    if not match:
        raise UsageError(f"--max-failed takes a number or a share, like 20 or 5%, not {text!r}")
    return Allowance(share=int(match[1]) / 100) if match[2] else Allowance(number=int(match[1]))


def _report(reports: Sequence[PortalReport]) -> None:
    for report in reports:
        for line in _ending(report):
            say(f"{report.portal.id}: {line}")


def _ending(report: PortalReport) -> Iterator[str]:
    """Yield what is to be said of how a run ended; an error was logged when it happened."""
    counts = report.counts
    if report.message is None:
        gone = f"{counts.gone} gone, " if counts.gone else ""
        yield (
            f"{counts.new} new, {counts.changed} changed, {counts.unchanged} unchanged, {gone}{counts.failed} failed "
            f"-> {report.folder or 'standard output'}"
        )
    if report.drift:
        fields = ", ".join(drift.field for drift in report.drift)
        yield f"drifted: {fields}; the log says how, docs/drift.md what to do about it"
    if counts.held_back:
        yield f"{counts.held_back} articles held back: they lack a field that every article had; later runs try again"
    if counts.hosts_not_now:
        yield "the catalogue allows a host no more requests now; the same command goes on when it does"
    if counts.hosts_left_alone:
        yield (
            "a host was left alone: it stopped answering, or asked for a longer pause than is waited for; the log says "
            "which, the same command goes on"
        )
    elif report.exit_code is ExitCode.MANY_PAGES_FAILED:
        yield "more pages failed than --max-failed allows; failures.jsonl says which and why"
    if report.exit_code is ExitCode.INTERRUPTED:
        yield "interrupted; everything is kept, the same command goes on from here"


# ---------------------------------------------------------------------------------------------- status


@commands.command(epilog="Example: harvester status longbien --json | jq .pages")
@answering
def status(
    portals: Annotated[
        list[str] | None, typer.Argument(metavar="[PORTAL...]", help="Ids; all that were harvested if none is given.")
    ] = None,
    *,
    as_json: AsJson = False,
    gaps: Annotated[bool, typer.Option("--gaps", help="List unusual stretches of days without a post.")] = False,
    output: Harvested = DEFAULT_OUTPUT,
    catalogue: CatalogueFiles = None,
) -> ExitCode:
    """Tell what is done, what is missing and what failed.

    Reads the folders below DIR without a lock and without writing, also while a crawl works on them. A portal that was
    never harvested is reported on stderr; the exit code is then 2, or 1 where a folder cannot be read.
    """
    known = Catalogue.load(*(catalogue or ()))
    codes = []
    for portal in dict.fromkeys(portals or _harvested(folder_named(output))):
        try:
            found = _status_of(portal, folder_named(output), known, with_gaps=gaps)
        except HarvesterError as error:
            say(f"error: {error}")
            codes.append(error.exit_code)
        else:
            _show(found, as_json=as_json)
    return gravest(codes)


def _show(status: PortalStatus, *, as_json: bool) -> None:
    if as_json:
        write_lines(sys.stdout.buffer, [to_line(status)])
    else:
        data_console().print(status_table(status), soft_wrap=True)


def _harvested(output: Path) -> list[str]:
    try:
        folders = sorted(output.iterdir())
    except (FileNotFoundError, NotADirectoryError):
        folders = []
    except OSError as error:
        raise OutputError(f"cannot read {output}: {error.strerror}") from error
    found = [folder.name for folder in folders if is_portal_id(folder.name) and may_hold_harvest(folder)]
    if not found:
        raise UsageError(f"nothing was harvested below {output}; `harvester crawl PORTAL --output {output}` begins it")
    return found


def _status_of(portal: str, output: Path, known: Catalogue, *, with_gaps: bool) -> PortalStatus:
    """Return the status of a portal, in the catalogue or not: what was harvested may be of another one."""
    if not is_portal_id(portal) or not may_hold_harvest(output / portal):
        known.get(portal)
    today = datetime.now(VIETNAM_TIME).date()
    is_over = any(entry.id == portal and (entry.valid_to or today) < today for entry in known)
    return read_status(output / portal, portal, with_gaps=with_gaps, today=None if is_over else today)


# ---------------------------------------------------------------------------------------------- demo


@commands.command(epilog="Example: harvester demo --articles 20 --output /tmp/try")
@answering
def demo(
    articles: Annotated[
        int, typer.Option(min=MIN_ARTICLES, max=5_000, metavar="N", help="Articles of the replica.")
    ] = DEFAULT_ARTICLES,
    output: Annotated[str, typer.Option(metavar="DIR", help="Folder to write below.")] = DEFAULT_OUTPUT,
    log_format: LogFormatOption = "text",
    verbose: Verbose = False,
) -> ExitCode:
    """Do the whole job against the built-in replica of a district portal, on loopback, then show a few records."""
    if output == STANDARD_STREAM:
        raise UsageError("the demo writes files; give --output a folder")
    run_id, console = str(uuid.uuid4()), talk_console()
    start_logging(log_format, verbose=verbose, console=console, run_id=run_id)
    with showing(console, log_format) as shown:
        shown_demo = run_demo(articles, folder_named(output), run_id, shown.watch)
    _report([shown_demo.report])
    if shown_demo.articles:
        data_console().print(shown_demo)
    return shown_demo.report.exit_code
