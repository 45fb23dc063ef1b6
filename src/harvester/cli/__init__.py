"""The command line: each command reads its options and calls one function. Data to stdout, talk to stderr."""

import os
import sys
from importlib.metadata import version
from typing import Annotated

import typer

from harvester.cli import harvesting, reference, texts
from harvester.errors import ExitCode
from harvester.progress import say

app = typer.Typer(
    name="harvester",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Turn Vietnamese district-government portals, live or already gone, into typed datasets.",
    epilog="Exit codes: 0 done, 1 failed, 2 usage, 3 a field drifted, 4 too many pages failed, 5 portal locked, "
    "130 interrupted.",
)
for group in (harvesting.commands, texts.commands, reference.commands):
    app.add_typer(group)


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
