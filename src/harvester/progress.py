"""What a run says while it works: a live table on a terminal, plain or JSON log lines elsewhere; all on stderr."""

import logging
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

import orjson
from rich.console import Console
from rich.live import Live
from rich.table import Table

from harvester.harvest.run import PortalRun
from harvester.records import VIETNAM_TIME

LogFormat = Literal["text", "json"]

_COLUMNS = ("listed", "fetched", "new", "unchanged", "failed")
_LOG_EVERY_SECONDS = 10.0
_REFRESH_PER_SECOND = 4
_PATIENCE_SECONDS = 1.0
"""How long the end of a run waits for an action that hangs on a slow disk or a full pipe."""

log = logging.getLogger("harvester.progress")


class JsonLines(logging.Formatter):
    """One JSON object a line: time, level, the run's id, message, and what the call added."""

    extras = ("portal", "stage", *_COLUMNS, "changed", "waiting", "rate", "seconds_left")

    def __init__(self, run_id: str | None) -> None:
        super().__init__()
        self._run = {"run_id": run_id} if run_id else {}

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as one line of JSON."""
        moment = datetime.fromtimestamp(record.created, VIETNAM_TIME)
        line = {
            "time": moment,
            "level": record.levelname.lower(),
            **self._run,
            "logger": record.name,
            "message": record.getMessage(),
        }
        line |= {name: getattr(record, name) for name in self.extras if hasattr(record, name)}
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return orjson.dumps(line, default=str).decode()


def talk_console() -> Console:
    """Return the console for talk, on stderr. Texts are data: no markup, no emoji names, no highlighting in them."""
    return Console(stderr=True, markup=False, emoji=False, highlight=False)


def data_console() -> Console:
    """Return the console for tables, on stdout; 120 columns wide where it is no terminal."""
    console = Console(markup=False, emoji=False, highlight=False)
    if not console.is_terminal:
        console.width = 120
    return console


def say(message: str) -> None:
    """Tell the user: a line on stderr, in JSON where the log is."""
    handlers = logging.getLogger("harvester").handlers
    if any(isinstance(handler.formatter, JsonLines) for handler in handlers):
        log.info("%s", message)
    else:
        sys.stderr.write(f"{message}\n")


def start_logging(log_format: LogFormat, *, verbose: bool, console: Console, run_id: str | None = None) -> None:
    """Send the package's log lines to the console's stream; as JSON, each carries the id of the run."""
    handler = logging.StreamHandler(console.file)
    plain = logging.Formatter("%(asctime)s %(levelname)-7s %(message)s", "%Y-%m-%dT%H:%M:%S")
    handler.setFormatter(JsonLines(run_id) if log_format == "json" else plain)
    root = logging.getLogger("harvester")
    root.handlers = [handler]
    root.setLevel(logging.DEBUG if verbose else logging.INFO)
    root.propagate = False


@dataclass(slots=True)
class RunsShown:
    """The runs being shown, and since when; `watch` is what a job calls with each run."""

    started: float = field(default_factory=time.monotonic)
    runs: list[PortalRun] = field(default_factory=list)

    def watch(self, run: PortalRun) -> None:
        """Show a run from now on."""
        self.runs.append(run)

    def rate(self, run: PortalRun) -> float:
        """Return pages per second since the start."""
        return run.counts.attempted / max(time.monotonic() - self.started, 0.001)

    def seconds_left(self, run: PortalRun) -> float | None:
        """Return the time the pages known to wait will take at this rate, or None where nothing is known."""
        rate = self.rate(run)
        return run.counts.waiting / rate if run.counts.waiting and rate else None

    def __rich__(self) -> Table:
        """Draw the table; called by the live display at each refresh."""
        table = Table(box=None, pad_edge=False)
        for column in ("portal", *_COLUMNS, "pages/s", "left"):
            table.add_column(column, justify="left" if column == "portal" else "right")
        for run in self.runs:
            left = self.seconds_left(run)
            numbers = (str(getattr(run.counts, name)) for name in _COLUMNS)
            table.add_row(run.portal.id, *numbers, f"{self.rate(run):.1f}", _duration(left) if left else "-")
        return table

    def log_now(self) -> None:
        """Write one log line per run."""
        for run in self.runs:
            numbers = {name: getattr(run.counts, name) for name in (*_COLUMNS, "changed", "waiting")}
            words = ", ".join(f"{name} {number}" for name, number in numbers.items())
            extra = {"portal": run.portal.id, **numbers, "rate": round(self.rate(run), 2)}
            log.info("%s: %s", run.portal.id, words, extra=extra | {"seconds_left": self.seconds_left(run)})


@contextmanager
def showing(console: Console, log_format: LogFormat) -> Iterator[RunsShown]:
    """Show runs while they work: live on a terminal with text logs, else as a log line at the end."""
    shown = RunsShown()
    if console.is_terminal and log_format == "text":
        handlers = logging.getLogger("harvester").handlers
        with Live(shown, console=console, refresh_per_second=_REFRESH_PER_SECOND, transient=False) as live:
            for handler in handlers:  # so that log lines appear above the table instead of through it
                if isinstance(handler, logging.StreamHandler):
                    handler.setStream(live.console.file)
            yield shown
        return
    try:
        with repeating(_LOG_EVERY_SECONDS, shown.log_now):
            yield shown
    finally:
        shown.log_now()


@contextmanager
def repeating(seconds: float, action: Callable[[], None]) -> Iterator[None]:
    """Do something every so many seconds while the work goes on; it never holds up the end of the work for long."""
    finished = threading.Event()

    def repeat() -> None:
        while not finished.wait(seconds):
            action()

    thread = threading.Thread(target=repeat, daemon=True)
    thread.start()
    try:
        yield
    finally:
        finished.set()
        thread.join(_PATIENCE_SECONDS)


def _duration(seconds: float) -> str:
    minutes, seconds = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
