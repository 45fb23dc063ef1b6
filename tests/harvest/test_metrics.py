import os
import re
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from prometheus_client.parser import text_string_to_metric_families

from harvester.demo.server import Replica, replica_portal
from harvester.errors import ExitCode, HarvesterError, OutputError, UsageError
from harvester.harvest.counts import Counts
from harvester.harvest.drift import Drift
from harvester.harvest.job import Allowance, HarvestJob, PortalReport, run_job
from harvester.harvest.metrics import METRICS, MetricsFile
from harvester.portals.catalogue import Catalogue, Portal

ARTICLES = 20
PORTAL = Portal(id="thu", name="Quận Thử")


@pytest.fixture(scope="module")
def replica() -> Iterator[Replica]:
    with Replica(ARTICLES, slow_seconds=0) as running:
        yield running


def samples(path: Path) -> dict[str, float]:
    """Every sample of the file, by its name and its labels other than the portal's."""
    families = text_string_to_metric_families(path.read_text(encoding="utf-8"))
    return {
        " ".join([sample.name, *(value for label, value in sorted(sample.labels.items()) if label != "portal")]): (
            sample.value
        )
        for family in families
        for sample in family.samples
    }


def report(code: ExitCode = ExitCode.DONE, *drifted: str) -> PortalReport:
    drift = tuple(Drift(field, "filled", "yes", 1.0, 0.0, 20, 1, f"{field}: none") for field in drifted)
    return PortalReport(PORTAL, code, Counts(), None, drift=drift)


def clock(*seconds: float) -> Callable[[], float]:
    moments = iter(seconds)
    return lambda: next(moments)


def test_the_numbers_of_two_runs(replica: Replica, tmp_path: Path) -> None:
    path, portal = tmp_path / "harvester.prom", replica_portal(replica.address)
    job = HarvestJob((portal,), Catalogue((portal,)), tmp_path, allowance=Allowance(number=9), language=None)
    for runs in (1, 2):
        metrics = MetricsFile(path, [portal.id])
        reports = run_job(job, metrics.watch)
        metrics.write()
        assert samples(path)["harvester_pages_total"] >= ARTICLES
        metrics.end(reports)
        found = samples(path)
        assert {name: found[name] for name in ("harvester_runs_total 0", "harvester_articles_total new")} == {
            "harvester_runs_total 0": runs, "harvester_articles_total new": ARTICLES,
        }  # fmt: skip
        counts = reports[0].counts
        assert found["harvester_pages_total"] == ARTICLES + (counts.fetched if runs == 2 else 0)
        assert found["harvester_failures_total HttpStatusError"] == runs
        assert found["harvester_failures_total WrongPage"] == 2 * runs
        assert (found["harvester_pages_waiting"], found["harvester_run_exit_code"]) == (0, 0)
    assert [one.name for one in tmp_path.iterdir() if ".prom" in one.name] == ["harvester.prom"]


def test_times_are_those_of_the_last_run(tmp_path: Path) -> None:
    path = tmp_path / "m.prom"
    MetricsFile(path, ["thu"], clock(1_000, 1_060)).end([report()])
    second = MetricsFile(path, ["thu"], clock(5_000, 5_009))
    times = [f"harvester_run_{name}" for name in ("start_timestamp_seconds", "end_timestamp_seconds",
             "success_timestamp_seconds", "duration_seconds", "exit_code")]  # fmt: skip
    assert [samples(path)[name] for name in times] == [5_000, 1_060, 1_060, 60, 0]
    second.end([report(ExitCode.LOCKED)])
    found = samples(path)
    assert [found[name] for name in times] == [5_000, 5_009, 1_060, 9, 5]
    assert {name: value for name, value in found.items() if name.startswith("harvester_runs_total") and value} == {
        "harvester_runs_total 0": 1, "harvester_runs_total 5": 1,
    }  # fmt: skip


def test_drifted_fields_are_those_of_the_last_run(tmp_path: Path) -> None:
    path = tmp_path / "m.prom"
    drifted = []
    for fields in (("posted_at", "body"), ("author",), ()):
        MetricsFile(path, ["thu"]).end([report(ExitCode.DRIFTED, *fields)])
        found = samples(path)
        drifted.append((found["harvester_drifted_fields"], sorted(name for name in found if "field_drifted " in name)))
    name = "harvester_field_drifted"
    assert drifted == [(2, [f"{name} body", f"{name} posted_at"]), (1, [f"{name} author"]), (0, [])]


def test_counters_begin_at_zero(tmp_path: Path) -> None:
    MetricsFile(tmp_path / "m.prom", ["thu"], clock(7))
    found = samples(tmp_path / "m.prom")
    assert found.pop("harvester_run_start_timestamp_seconds") == 7
    assert set(found.values()) == {0}
    assert {name.partition(" ")[0] for name in found} == {
        metric.name for metric in METRICS if metric.kind == "counter" and metric.label != "error"
    }


def test_series_of_other_portals_go(tmp_path: Path) -> None:
    path = tmp_path / "m.prom"
    MetricsFile(path, ["thu", "khac"])
    assert 'portal="khac"' in path.read_text()
    MetricsFile(path, ["thu"])
    assert 'portal="khac"' not in path.read_text()


def test_names_follow_the_conventions() -> None:
    for metric in METRICS:
        assert re.fullmatch(r"harvester(_[a-z]+)+", metric.name)
        assert metric.name.endswith("_total") == (metric.kind == "counter")
    assert len({metric.name for metric in METRICS}) == len(METRICS)


# ---------------------------------------------------------------------------------------------- files in trouble


def a_folder(path: Path) -> Path:
    path.mkdir()
    return path


def below_a_file(path: Path) -> Path:
    path.touch()
    return path / "m.prom"


def no_folder(path: Path) -> Path:
    return path / "none" / "m.prom"


def a_pipe(path: Path) -> Path:
    os.mkfifo(path)
    return path


def of_others(path: Path) -> Path:
    path.write_text("# HELP node_load1 1m load average.\n")
    return path


@pytest.mark.parametrize(
    ("place", "error", "message"),
    [
        (below_a_file, OutputError, "cannot write metrics to {}: Not a directory"),
        (no_folder, OutputError, "cannot write metrics to {}: No such file or directory"),
        (a_folder, OutputError, "cannot write metrics to {}: it is no regular file"),
        (a_pipe, OutputError, "cannot write metrics to {}: it is no regular file"),
        (of_others, UsageError, "{} holds something else than metrics of harvester; name another file"),
    ],
)
def test_a_file_that_cannot_be_is_told_at_once(
    tmp_path: Path, place: Callable[[Path], Path], error: type[HarvesterError], message: str
) -> None:
    path = place(tmp_path / "here")
    with pytest.raises(error) as raised:
        MetricsFile(path, ["thu"])
    assert str(raised.value) == message.format(path)


@pytest.mark.parametrize("content", [b"", b"\n", b"\0" * 99, b"# HELP harvester_x y\nharvester_x{portal= 1\n\xff"])
def test_a_damaged_file_is_begun_anew(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "m.prom"
    path.write_bytes(content)
    MetricsFile(path, ["thu"]).end([report()])
    assert samples(path)["harvester_runs_total 0"] == 1


@given(st.text(st.characters(codec="utf-8"), max_size=60))
@example("NaN")
@example("-3")
@example("+Inf")
def test_no_content_breaks_it(tmp_path_factory: pytest.TempPathFactory, tail: str) -> None:
    path = tmp_path_factory.getbasetemp() / "any.prom"
    path.write_text('# HELP harvester_x y\nharvester_runs_total{portal="thu",exit_code="0"} ' + tail, encoding="utf-8")
    MetricsFile(path, ["thu"]).end([report()])
    assert samples(path)["harvester_runs_total 0"] >= 1


def test_a_file_that_is_lost_on_the_way_ends_nothing(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    folder = tmp_path / "node"
    folder.mkdir()
    metrics = MetricsFile(folder / "m.prom", ["thu"])
    (folder / "m.prom").unlink()
    folder.rmdir()
    metrics.write()
    metrics.write()
    assert [record.message for record in caplog.records] == [
        f"cannot write metrics to {folder}/m.prom: No such file or directory"
    ]
    folder.mkdir()
    metrics.end([report()])
    assert samples(folder / "m.prom")["harvester_runs_total 0"] == 1


def test_a_reader_never_sees_half_a_file(tmp_path: Path) -> None:
    path = tmp_path / "m.prom"
    metrics = MetricsFile(path, [f"thu{number}" for number in range(50)])
    whole, stop = len(path.read_bytes()), threading.Event()

    def keep_writing() -> None:
        while not stop.is_set():
            metrics.write()

    writer = threading.Thread(target=keep_writing)
    writer.start()
    sizes = {len(path.read_bytes()) for _ in range(200)}
    stop.set()
    writer.join()
    assert sizes == {whole}
