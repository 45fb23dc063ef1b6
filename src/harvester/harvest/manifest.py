"""The record of every run over a portal: what was asked, what came of it, and the checksums of the files."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson

from harvester.errors import OutputError
from harvester.harvest.counts import Counts

MANIFEST = "manifest.json"
_CHECKED = ("articles.jsonl", "observations.jsonl", "failures.jsonl", "archive/*.warc.gz")
_KEPT_RUNS = 1_000


@dataclass(frozen=True, slots=True)
class RunNote:
    """One run as the manifest tells it."""

    run_id: str
    command: str
    started_at: datetime
    finished_at: datetime
    exit_code: int
    counts: Counts


def add_run(folder: Path, portal: str, run: RunNote) -> None:
    """Add a run to the folder's manifest; the file is replaced whole.

    Raises:
        OutputError: it cannot be written.
    """
    path = folder / MANIFEST
    try:
        runs = [*_read_runs(path), _as_json(run)][-_KEPT_RUNS:]
        manifest = {"portal": portal, "files": _checksums(folder), "runs": runs}
        fresh = path.with_suffix(".json.new")
        fresh.write_bytes(orjson.dumps(manifest, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
        fresh.replace(path)
    except OSError as error:
        raise OutputError(f"cannot write {path}: {error.strerror}") from error


def _read_runs(path: Path) -> list[dict[str, Any]]:
    """Return the runs noted before; a damaged manifest is put aside, not lost."""
    if not path.exists():
        return []
    try:
        return list(orjson.loads(path.read_bytes())["runs"])
    except (orjson.JSONDecodeError, KeyError, TypeError):
        path.rename(path.with_suffix(".json.damaged"))
        return []


def _as_json(run: RunNote) -> dict[str, Any]:
    counts = run.counts
    return {
        "run_id": run.run_id,
        "command": run.command,
        "started_at": run.started_at,
        "finished_at": run.finished_at,
        "exit_code": run.exit_code,
        "counts": {
            "listings": counts.listings,
            "listed": counts.listed,
            "stated_total": counts.stated_total,
            "fetched": counts.fetched,
            "new": counts.new,
            "changed": counts.changed,
            "unchanged": counts.unchanged,
            "failed": counts.failed,
            "out_of_range": counts.out_of_range,
            "waiting": counts.waiting,
            "hosts_left_alone": counts.hosts_left_alone,
        },
        "fill_rates": counts.fill_rates(),
    }


def _checksums(folder: Path) -> dict[str, dict[str, int | str]]:
    found = (path for pattern in _CHECKED for path in sorted(folder.glob(pattern)))
    sums: dict[str, dict[str, int | str]] = {}
    for path in found:
        with path.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
        sums[str(path.relative_to(folder))] = {"bytes": path.stat().st_size, "sha256": digest}
    return sums
