"""Options of the commands, how they are read, and how a command ends."""

import functools
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Annotated, ParamSpec

import typer

from harvester.errors import ExitCode, HarvesterError, UsageError
from harvester.progress import LogFormat, say

P = ParamSpec("P")

DEFAULT_OUTPUT = "output"
DAY = "%Y-%m-%d"

CatalogueFiles = Annotated[
    list[Path] | None, typer.Option("--catalogue", metavar="FILE", help="Add or override portals; may be repeated.")
]
Output = Annotated[str, typer.Option("--output", metavar="DIR", help="Folder to write below; - for stdout.")]
Harvested = Annotated[str, typer.Option("--output", metavar="DIR", help="Folder that crawl wrote below.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]
LogFormatOption = Annotated[LogFormat, typer.Option("--log-format", help="How log lines are written to stderr.")]
Since = Annotated[
    datetime | None,
    typer.Option(formats=[DAY], metavar="YYYY-MM-DD", help="First day posted; undated articles count."),
]
Until = Annotated[
    datetime | None, typer.Option(formats=[DAY], metavar="YYYY-MM-DD", help="Last day posted, inclusive.")
]
Limit = Annotated[int | None, typer.Option(min=1, metavar="N", help="Articles to fetch in this run, per portal.")]
MaxFailed = Annotated[str, typer.Option(metavar="N|N%", help="Failed pages that still count as done.")]
MetricsOption = Annotated[
    str | None, typer.Option("--metrics-file", metavar="FILE", help="Write metrics for Prometheus to FILE.")
]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Log more.")]
Contact = Annotated[
    str | None,
    typer.Option("--contact", envvar="HARVESTER_CONTACT", help="Mail or web address of yours, sent to every host."),
]


def answering(command: Callable[P, ExitCode]) -> Callable[P, None]:
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


def folder_named(output: str) -> Path:
    """Return the folder that `--output` names.

    Raises:
        UsageError: it names none.
    """
    if not output:
        raise UsageError("--output is empty; give it a folder")
    return Path(output)


def metrics_named(metrics_file: str) -> Path:
    """Return the file that `--metrics-file` names.

    Raises:
        UsageError: it names none.
    """
    if not metrics_file:
        raise UsageError("--metrics-file is empty; give it a file")
    return Path(metrics_file)
