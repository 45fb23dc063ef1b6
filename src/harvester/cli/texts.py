"""Commands that read pages, texts and what was harvested: extract, annotate, people."""

import functools
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated, BinaryIO, Literal

import typer

from harvester.annotation import Refused, Texts, annotate
from harvester.cli.options import DEFAULT_OUTPUT, CatalogueFiles, Contact, Harvested, answering, folder_named
from harvester.errors import ExitCode, OutputError, UsageError
from harvester.fetchers.http import FetchSettings
from harvester.harvest.folders import ArticleFolders
from harvester.harvest.inputs import STANDARD_STREAM, Inputs, extract_inputs
from harvester.people import find_people
from harvester.portals.catalogue import Catalogue
from harvester.progress import say
from harvester.records import VIETNAM_TIME, Article, Capture
from harvester.writers.html import to_page
from harvester.writers.jsonl import to_line, write_lines

commands = typer.Typer()


@commands.command(
    epilog="Example: harvester extract saved.html --url https://longbien.hanoi.gov.vn/-/view_content/4507404-a.html"
)
@answering
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
    with ArticleFolders(folder_named(output)) as folders:
        code = extract_inputs(wanted, folders.add, _say_why)
    for name, written in folders.written.items():
        say(f"{name}: {written} new versions -> {Path(output) / name}")
    return code


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


@commands.command(name="annotate", epilog="Example: harvester annotate texts.jsonl --text-field body > annotated.jsonl")
@answering
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


@commands.command(epilog="Example: harvester people longbien --unsure | jq -r '.name, .unsure[].text'")
@answering
def people(
    portals: Annotated[list[str], typer.Argument(metavar="PORTAL...", help="Ids of portals that were harvested.")],
    *,
    unsure: Annotated[bool, typer.Option("--unsure", help="Only persons with something to check.")] = False,
    output: Harvested = DEFAULT_OUTPUT,
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

    wanted, folder = dict.fromkeys(portals), folder_named(output)
    for person in find_people(wanted, folder, Catalogue.load(*(catalogue or ())), note=say, refuse=refuse):
        if person.unsure or not unsure:
            sys.stdout.buffer.write(to_line(person))
    return ExitCode.FAILED if refused else ExitCode.DONE
