"""The command line: each command reads its options and calls one function. Data to stdout, talk to stderr."""

import functools
import os
import re
import sys
from collections.abc import Callable, Sequence
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, BinaryIO, Literal, ParamSpec

import orjson
import typer
from rich.table import Table

from harvester.annotation import Refused, Texts, annotate
from harvester.demo.show import DEFAULT_ARTICLES, MIN_ARTICLES, run_demo
from harvester.errors import ExitCode, HarvesterError, OutputError, UsageError
from harvester.fetchers.http import FetchSettings
from harvester.harvest.folders import ArticleFolders
from harvester.harvest.inputs import STANDARD_STREAM, Inputs, extract_inputs
from harvester.harvest.job import Allowance, HarvestJob, PortalReport, gravest, run_job
from harvester.harvest.run import CrawlPlan
from harvester.people import find_people
from harvester.portals.catalogue import Catalogue
from harvester.portals.listing import portal_rows
from harvester.progress import LogFormat, data_console, say, showing, start_logging, talk_console
from harvester.records import VIETNAM_TIME, Article, Capture
from harvester.schema import article_schema
from harvester.writers.html import to_page
from harvester.writers.jsonl import to_line, write_lines

P = ParamSpec("P")

DEFAULT_OUTPUT = "output"
DAY = "%Y-%m-%d"

app = typer.Typer(
    name="harvester",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Turn Vietnamese district-government portals, live or already gone, into typed datasets.",
    epilog="Exit codes: 0 done, 1 failed, 2 usage, 4 too many pages failed, 5 portal locked, 130 interrupted.",
)

CatalogueFiles = Annotated[
    list[Path] | None, typer.Option("--catalogue", metavar="FILE", help="Add or override portals; may be repeated.")
]
Output = Annotated[str, typer.Option("--output", metavar="DIR", help="Folder to write below; - for stdout.")]
LogFormatOption = Annotated[LogFormat, typer.Option("--log-format", help="How log lines are written to stderr.")]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Log more.")]
Contact = Annotated[
    str | None,
    typer.Option("--contact", envvar="HARVESTER_CONTACT", help="Mail or web address of yours, sent to every host."),
]


def main() -> None:
    """Run the command line; what a user can get wrong ends in one line and an exit code, never in a traceback."""
    if sys.stdout is None or sys.stderr is None:  # closed by the caller
        sys.exit(ExitCode.FAILED)
    try:
        try:
            app()
        finally:
            sys.stdout.flush()
    except OSError as error:
        # The reader of stdout has gone, or its disk is full; keep Python from saying so again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if not isinstance(error, BrokenPipeError):
            say(f"error: cannot write to standard output: {error.strerror}")
        sys.exit(ExitCode.FAILED)


def _answering(command: Callable[P, ExitCode]) -> Callable[P, None]:
    """Turn a command's result or error into the process's exit code."""

    @functools.wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            code = command(*args, **kwargs)
        except HarvesterError as error:
            say(f"error: {error}")
            code = error.exit_code
        except KeyboardInterrupt:
            code = ExitCode.INTERRUPTED
        raise typer.Exit(code)

    return run


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"harvester {version('harvester')}")
        raise typer.Exit


@app.callback()
def _root(
    _version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Hold the options of the program itself."""


# ---------------------------------------------------------------------------------------------- crawl


@app.command(epilog="Example: harvester crawl longbien --since 2024-01-01 --contact me@example.org")
@_answering
def crawl(
    portals: Annotated[list[str], typer.Argument(metavar="PORTAL...", help="Ids; `harvester portals` lists them.")],
    *,
    since: Annotated[
        datetime | None,
        typer.Option(formats=[DAY], metavar="YYYY-MM-DD", help="First day posted; undated articles count."),
    ] = None,
    until: Annotated[
        datetime | None, typer.Option(formats=[DAY], metavar="YYYY-MM-DD", help="Last day posted, inclusive.")
    ] = None,
    limit: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="Articles to fetch in this run, per portal.")
    ] = None,
    max_failed: Annotated[str, typer.Option(metavar="N|N%", help="Failed pages that still count as done.")] = "5%",
    output: Output = DEFAULT_OUTPUT,
    catalogue: CatalogueFiles = None,
    contact: Contact = None,
    log_format: LogFormatOption = "text",
    verbose: Verbose = False,
) -> ExitCode:
    """Harvest portals: start, go on where the last run stopped, or fetch what is new.

    Writes articles.jsonl, observations.jsonl, failures.jsonl, manifest.json and the raw answers below DIR/PORTAL/.
    """
    known = Catalogue.load(*(catalogue or ()))
    if since and until and until < since:
        raise UsageError("--until is before --since; swap them")
    job = HarvestJob(
        portals=tuple(known.get(portal) for portal in dict.fromkeys(portals)),
        catalogue=known,
        output=sys.stdout.buffer if output == STANDARD_STREAM else _folder(output),
        plan=CrawlPlan(since.date() if since else None, until.date() if until else None, limit),
        settings=FetchSettings(contact=contact),
        allowance=_allowance(max_failed),
        command=" ".join(["harvester", *sys.argv[1:]]),
    )
    console = talk_console()
    start_logging(log_format, verbose=verbose, console=console)
    with showing(console, log_format) as shown:
        reports = run_job(job, shown.watch)
    _report(reports)
    return gravest([report.exit_code for report in reports])


def _allowance(text: str) -> Allowance:
    match = re.fullmatch(r"(\d{1,9})(%?)", text.strip())
    if not match:
        raise UsageError(f"--max-failed takes a number or a share, like 20 or 5%, not {text!r}")
    return Allowance(share=int(match[1]) / 100) if match[2] else Allowance(number=int(match[1]))


def _report(reports: Sequence[PortalReport]) -> None:
    for report in reports:
        counts, where = report.counts, report.folder or "standard output"
        if report.message is None:
            say(
                f"{report.portal.id}: {counts.new} new, {counts.changed} changed, {counts.unchanged} unchanged, "
                f"{counts.failed} failed -> {where}"
            )
        if report.exit_code is ExitCode.MANY_PAGES_FAILED:
            say(f"{report.portal.id}: more pages failed than --max-failed allows; failures.jsonl says which and why")
        if report.exit_code is ExitCode.INTERRUPTED:
            say(f"{report.portal.id}: interrupted; everything is kept, the same command goes on from here")


# ---------------------------------------------------------------------------------------------- extract, annotate


@app.command(
    epilog="Example: harvester extract saved.html --url https://longbien.hanoi.gov.vn/-/view_content/4507404-a.html"
)
@_answering
def extract(
    inputs: Annotated[list[str], typer.Argument(metavar="PATH|URL|-...", help="Pages; - for stdin.")],
    *,
    portal: Annotated[str | None, typer.Option(metavar="ID", help="The portal the pages are of.")] = None,
    url: Annotated[str | None, typer.Option(metavar="URL", help="The address the one saved page had.")] = None,
    captured_at: Annotated[str | None, typer.Option(metavar="TIME", help="When it was saved, ISO 8601.")] = None,
    output: Annotated[str | None, typer.Option(metavar="DIR", help="Add to folders below DIR.")] = None,
    form: Annotated[
        Literal["jsonl", "html"], typer.Option("--format", help="Lines, or a page with people and documents marked.")
    ] = "jsonl",
    catalogue: CatalogueFiles = None,
    contact: Contact = None,
) -> ExitCode:
    """Turn saved or live pages into article lines on stdout.

    An input that is no article writes no line but a reason on stderr. Exit code 1 if it was the only one, 4 if some of
    several were none. With --output the lines go to DIR/PORTAL/articles.jsonl, and live answers to its archive.

    A page to look at: harvester extract saved.html --format html > page.html
    """
    if form == "html":
        _expect_one_page(inputs, output)
    wanted = Inputs(
        names=tuple(inputs),
        catalogue=Catalogue.load(*(catalogue or ())),
        portal=portal,
        url=url,
        captured_at=_moment(captured_at) if captured_at else None,
        settings=FetchSettings(contact=contact),
    )
    if portal and all(known.id != portal for known in wanted.catalogue):
        hint = wanted.catalogue.hint(portal)
        say(f"note: portal {portal} is not in the catalogue; {hint}ids will open with {portal}/")
    if output is None or output == STANDARD_STREAM:
        return extract_inputs(wanted, functools.partial(_print_article, form), _say_why)
    with ArticleFolders(_folder(output)) as folders:
        code = extract_inputs(wanted, folders.add, _say_why)
    for name, written in folders.written.items():
        say(f"{name}: {written} new versions -> {Path(output) / name}")
    return code


def _folder(output: str) -> Path:
    if not output:
        raise UsageError("--output is empty; give it a folder")
    return Path(output)


def _say_why(name: str, reason: str) -> None:
    say(f"{name}: {reason}")


def _expect_one_page(inputs: Sequence[str], output: str | None) -> None:
    if len(inputs) > 1:
        raise UsageError(f"--format html makes one page of one input, not of {len(inputs)}; run it once for each")
    if output not in (None, STANDARD_STREAM):
        raise UsageError("--format html prints its page; leave --output away and redirect stdout: > page.html")


def _print_article(form: str, article: Article, _capture: Capture) -> None:
    write_lines(sys.stdout.buffer, [to_page(article) if form == "html" else to_line(article)])


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
        return moment.astimezone(VIETNAM_TIME) if moment.tzinfo else moment.replace(tzinfo=VIETNAM_TIME)
    except (ValueError, OverflowError) as error:
        raise UsageError(f"--captured-at takes a time like 2022-08-27T09:54:04+00:00, not {text!r}") from error


@app.command(name="annotate", epilog="Example: harvester annotate texts.jsonl --text-field body > annotated.jsonl")
@_answering
def annotate_file(
    file: Annotated[str, typer.Argument(metavar="FILE.jsonl|-", help="JSON Lines; - for stdin.")],
    text_field: Annotated[str, typer.Option(metavar="NAME", help="The field that holds the text.")] = "body",
    portal: Annotated[
        str | None, typer.Option(metavar="ID", help="The portal the texts come from, else each line's own field.")
    ] = None,
    catalogue: CatalogueFiles = None,
) -> ExitCode:
    """Find officials and citations in texts you already have.

    Each object comes back with `officials` and `citations` replaced and its text in NFC. A line that cannot be
    processed is reported on stderr and left out; the exit code is then 1. The portal and a line's own field
    posted_at decide the document_key of citations.
    """
    portals_known = Catalogue.load(*(catalogue or ()))
    if portal is not None:
        portals_known.get(portal)
    refused = 0
    with _open_input(file) as stream:
        for found in annotate(stream, Texts(text_field, portal, portals_known)):
            if isinstance(found, Refused):
                refused += 1
                say(f"{file}, line {found.number}: {found.reason}")
            else:
                write_lines(sys.stdout.buffer, [found])
    return ExitCode.FAILED if refused else ExitCode.DONE


def _open_input(file: str) -> BinaryIO:
    if file == STANDARD_STREAM:
        return sys.stdin.buffer
    try:
        return Path(file).open("rb")
    except OSError as error:
        raise OutputError(f"cannot read {file}: {error.strerror}") from error


# ---------------------------------------------------------------------------------------------- people


@app.command(epilog="Example: harvester people longbien --unsure | jq -r '.name, .unsure[].text'")
@_answering
def people(
    portals: Annotated[list[str], typer.Argument(metavar="PORTAL...", help="Ids of portals that were harvested.")],
    *,
    unsure: Annotated[bool, typer.Option("--unsure", help="Only persons with something to check.")] = False,
    output: Annotated[str, typer.Option(metavar="DIR", help="Folder that crawl wrote below.")] = DEFAULT_OUTPUT,
    catalogue: CatalogueFiles = None,
) -> ExitCode:
    """Link the articles of portals to persons, and list who held which post when.

    Reads articles.jsonl below DIR/PORTAL/ and prints one person a line: posts with the first and the last day articles
    state them, the articles, and what is not sure. A line of the file that holds no article is reported on stderr and
    left out; the exit code is then 1.
    """
    if output == STANDARD_STREAM:
        raise UsageError("people reads what a crawl wrote; give --output its folder")
    refused: list[str] = []

    def refuse(reason: str) -> None:
        refused.append(reason)
        say(reason)

    wanted, folder = dict.fromkeys(portals), _folder(output)
    for person in find_people(wanted, folder, Catalogue.load(*(catalogue or ())), note=say, refuse=refuse):
        if person.unsure or not unsure:
            sys.stdout.buffer.write(to_line(person))
    return ExitCode.FAILED if refused else ExitCode.DONE


# ---------------------------------------------------------------------------------------------- portals, schema, demo


@app.command(epilog="Example: harvester portals --json | jq -r 'select(.crawlable) | .id'")
@_answering
def portals(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
    catalogue: CatalogueFiles = None,
) -> ExitCode:
    """List the portals of the catalogue."""
    rows = portal_rows(Catalogue.load(*(catalogue or ())))
    if as_json:
        write_lines(sys.stdout.buffer, (orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE) for row in rows))
        return ExitCode.DONE
    table = Table("id", "name", "unit", "until", "family", "hosts", box=None, pad_edge=False)
    for row in rows:
        table.add_row(row.id, row.name, row.unit_code, str(row.valid_to or ""), row.family, row.hosts)
    data_console().print(table, soft_wrap=True)
    return ExitCode.DONE


@app.command(epilog="Example: harvester schema > article.schema.json")
@_answering
def schema() -> ExitCode:
    """Print the JSON Schema of an article line (Draft 2020-12)."""
    text = orjson.dumps(article_schema(), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
    write_lines(sys.stdout.buffer, [text])
    return ExitCode.DONE


@app.command(epilog="Example: harvester demo --articles 20 --output /tmp/try")
@_answering
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
    console = talk_console()
    start_logging(log_format, verbose=verbose, console=console)
    with showing(console, log_format) as shown:
        shown_demo = run_demo(articles, _folder(output), shown.watch)
    _report([shown_demo.report])
    if shown_demo.articles:
        data_console().print(shown_demo)
    return shown_demo.report.exit_code
