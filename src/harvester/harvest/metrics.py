"""Runs as numbers in a file that Prometheus' node exporter collects; its counters go on from run to run.

A job is seldom scraped while it works, so the file is all that Prometheus sees of it: what it says of earlier runs is
read before the first writing, and written again. Names: https://prometheus.io/docs/practices/naming/.
"""

import logging
import math
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Literal, NamedTuple

from prometheus_client import CollectorRegistry, write_to_textfile
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.registry import Collector

from harvester.errors import ExitCode, OutputError, UsageError
from harvester.harvest.job import PortalReport
from harvester.harvest.run import PortalRun

log = logging.getLogger(__name__)


class MetricName(NamedTuple):
    """One metric; every series of it has the label `portal`, and some have one more."""

    name: str
    kind: Literal["counter", "gauge"]
    label: str | None
    meaning: str


METRICS = (
    MetricName("harvester_runs_total", "counter", "exit_code", "Runs that ended, by their exit code"),
    MetricName("harvester_listings_total", "counter", None, "Listing pages read"),
    MetricName("harvester_pages_total", "counter", None, "Article pages read"),
    MetricName("harvester_articles_total", "counter", "outcome", "Articles that were new, changed, unchanged or gone"),
    MetricName("harvester_failures_total", "counter", "error", "Pages that failed, by the name of the error"),
    MetricName("harvester_held_back_total", "counter", None, "Articles not written for want of a field that all had"),
    MetricName("harvester_pages_waiting", "gauge", None, "Pages known and still to be read"),
    MetricName(
        "harvester_hosts_left_alone",
        "gauge",
        None,
        "Hosts that stopped answering, or asked for a longer pause than is waited for, in the present or last run",
    ),
    MetricName(
        "harvester_hosts_not_now",
        "gauge",
        None,
        "Hosts whose allowed hours or requests of the day were used up in the present or last run",
    ),
    MetricName("harvester_drifted_fields", "gauge", None, "Fields that drifted in the last run"),
    MetricName("harvester_field_drifted", "gauge", "field", "1 for each field that drifted in the last run"),
    MetricName("harvester_run_start_timestamp_seconds", "gauge", None, "When the present or last run began"),
    MetricName("harvester_run_end_timestamp_seconds", "gauge", None, "When the last run ended"),
    MetricName("harvester_run_success_timestamp_seconds", "gauge", None, "When a run last ended with exit code 0"),
    MetricName("harvester_run_duration_seconds", "gauge", None, "How long the last run took"),
    MetricName("harvester_run_exit_code", "gauge", None, "Exit code of the last run"),
)
WRITE_EVERY_SECONDS = 10.0

_OPENING = "# HELP harvester_"
_BY_NAME = {metric.name: metric for metric in METRICS}
_FAMILIES = {"counter": CounterMetricFamily, "gauge": GaugeMetricFamily}
_FIELD_DRIFTED = "harvester_field_drifted"
_OUTCOMES = ("new", "changed", "unchanged", "gone")


class _Series(NamedTuple):
    """One series; `value` is that of the metric's own label, empty where it has none."""

    name: str
    portal: str
    value: str = ""


_Numbers = defaultdict[_Series, float]


class MetricsFile(Collector):
    """The metrics of one job, in its file.

    Args:
        path: where to; the file is replaced whole, so that it is never read half.
        portals: ids of the portals of the job; series of others are dropped.
        clock: tells the time, in seconds of the epoch.

    Raises:
        OutputError: the file cannot be written; told before anything is harvested.
        UsageError: there is another kind of file under that name.
    """

    def __init__(self, path: Path, portals: Iterable[str], clock: Callable[[], float] = time.time) -> None:
        self._path = path
        self._clock = clock
        self._lock = threading.Lock()
        self._runs: dict[str, PortalRun] = {}
        self._is_failing = False
        self._registry = CollectorRegistry()
        try:
            self._numbers = _read(path, frozenset(portals))
            for portal in portals:
                for series in _at_zero(portal):
                    self._numbers.setdefault(series, 0)
                self._numbers[_Series("harvester_run_start_timestamp_seconds", portal)] = clock()
            self._registry.register(self)
            write_to_textfile(str(path), self._registry)
        except OSError as error:
            raise OutputError(f"cannot write metrics to {path}: {error.strerror}") from error

    def watch(self, run: PortalRun) -> None:
        """Count a run's numbers in from now on."""
        self._runs[run.portal.id] = run

    def write(self) -> None:
        """Write the numbers as they are now. A file that cannot be written is logged, and the harvest goes on."""
        with self._lock:
            try:
                write_to_textfile(str(self._path), self._registry)
            except OSError as error:
                if not self._is_failing:
                    log.warning("cannot write metrics to %s: %s", self._path, error.strerror)
                self._is_failing = True
            else:
                self._is_failing = False

    def end(self, reports: Iterable[PortalReport]) -> None:
        """Note how the runs ended, and write the file for the last time."""
        for report in reports:
            portal = report.portal.id
            for series in [one for one in self._numbers if (one.portal, one.name) == (portal, _FIELD_DRIFTED)]:
                del self._numbers[series]
            if (run := self._runs.pop(portal, None)) is not None:
                self._numbers = _with_run(self._numbers, run)
            for name, value, number in self._ending(report):
                self._numbers[_Series(name, portal, value)] = number
            self._numbers[_Series("harvester_runs_total", portal, str(int(report.exit_code)))] += 1
        self.write()

    def _ending(self, report: PortalReport) -> Iterator[tuple[str, str, float]]:
        now = self._clock()
        began = self._numbers[_Series("harvester_run_start_timestamp_seconds", report.portal.id)]
        yield "harvester_run_end_timestamp_seconds", "", now
        yield "harvester_run_duration_seconds", "", now - began
        yield "harvester_run_exit_code", "", int(report.exit_code)
        if report.exit_code is ExitCode.DONE:
            yield "harvester_run_success_timestamp_seconds", "", now
        drifted = {drift.field for drift in report.drift}
        yield "harvester_drifted_fields", "", len(drifted)
        yield from ((_FIELD_DRIFTED, field, 1) for field in drifted)

    def collect(self) -> Iterator[Metric]:
        """Yield every metric; called by the library at each writing."""
        numbers = self._numbers
        for run in list(self._runs.values()):
            numbers = _with_run(numbers, run)
        for metric in METRICS:
            labels = ["portal", *([metric.label] if metric.label else [])]
            family = _FAMILIES[metric.kind](metric.name, metric.meaning, labels=labels)
            for series, number in sorted(numbers.items()):
                if series.name == metric.name:
                    family.add_metric([series.portal, *([series.value] if metric.label else [])], number)
            yield family


def _at_zero(portal: str) -> Iterator[_Series]:
    """Yield the counters whose labels are known: one that appears with a number has no increase to show for it."""
    yield from (_Series("harvester_runs_total", portal, str(int(code))) for code in ExitCode)
    yield from (_Series("harvester_articles_total", portal, outcome) for outcome in _OUTCOMES)
    yield from (_Series(name, portal) for name, metric in _BY_NAME.items() if metric[1:3] == ("counter", None))


def _with_run(earlier: _Numbers, run: PortalRun) -> _Numbers:
    """Return the numbers with those of a run: its counts added to the counters, its gauges in place of the old ones."""
    portal, counts = run.portal.id, run.counts
    numbers = earlier.copy()
    for outcome in _OUTCOMES:
        numbers[_Series("harvester_articles_total", portal, outcome)] += getattr(counts, outcome)
    for error, count in list(run.profile.failures.items()):
        numbers[_Series("harvester_failures_total", portal, error)] += count
    numbers[_Series("harvester_listings_total", portal)] += counts.listings
    numbers[_Series("harvester_pages_total", portal)] += counts.fetched
    numbers[_Series("harvester_held_back_total", portal)] += counts.held_back
    numbers[_Series("harvester_pages_waiting", portal)] = counts.waiting
    numbers[_Series("harvester_hosts_left_alone", portal)] = counts.hosts_left_alone
    numbers[_Series("harvester_hosts_not_now", portal)] = counts.hosts_not_now
    return numbers


def _read(path: Path, portals: frozenset[str]) -> _Numbers:
    """Return what the file says of the portals from earlier runs.

    Raises:
        OSError: it cannot be read.
        OutputError: it is a folder or a device.
        UsageError: it holds something else.
    """
    numbers = _Numbers(float)
    if not path.exists():
        return numbers
    if not path.is_file():
        raise OutputError(f"cannot write metrics to {path}: it is no regular file")
    text = path.read_text(encoding="utf-8", errors="replace").strip("\0\n")
    if text and not text.startswith(_OPENING):
        raise UsageError(f"{path} holds something else than metrics of harvester; name another file")
    try:
        samples = [sample for family in text_string_to_metric_families(text) for sample in family.samples]
    except ValueError:
        log.warning("%s is damaged: the counters begin anew", path)
        return numbers
    for sample in samples:
        metric, portal = _BY_NAME.get(sample.name), sample.labels.get("portal", "")
        if metric is not None and portal in portals and 0 <= sample.value < math.inf:
            numbers[_Series(sample.name, portal, sample.labels.get(metric.label or "", ""))] = sample.value
    return numbers
