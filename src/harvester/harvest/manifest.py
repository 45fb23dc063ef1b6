"""The record of every run over a portal: what was asked, what came of it, and the checksums of the files."""

import hashlib
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson
from pydantic import TypeAdapter, ValidationError

from harvester.errors import OutputError
from harvester.harvest.counts import Counts
from harvester.harvest.coverage import Coverage, Gap
from harvester.harvest.drift import Drift, PastRun
from harvester.harvest.profile import Profile

MANIFEST = "manifest.json"
_CHECKED = ("articles.jsonl", "observations.jsonl", "failures.jsonl", "archive/*.warc.gz")
_KEPT_RUNS = 1_000
_KEPT_PROFILES = 50

_EMPTY: dict[str, Any] = {"runs": [], "files": {}}
_DRIFTS = TypeAdapter(tuple[Drift, ...])


@dataclass(frozen=True, slots=True)
class RunNote:
    """One run as the manifest tells it: what it did, what it read, and what it read otherwise than the runs before."""

    run_id: str
    command: str
    started_at: datetime
    finished_at: datetime
    exit_code: int
    counts: Counts
    profile: Profile = field(default_factory=Profile)
    drift: tuple[Drift, ...] = ()
    coverage: Coverage | None = None


def add_run(folder: Path, portal: str, run: RunNote) -> None:
    """Add a run to the folder's manifest; the file is replaced whole.

    Raises:
        OutputError: it cannot be written.
    """
    path = folder / MANIFEST
    try:
        earlier = _past_manifest(path)
        runs = _with_few_profiles([*earlier["runs"], _as_json(run)][-_KEPT_RUNS:])
        gaps = [_gap_as_json(gap) for gap in run.coverage.gaps] if run.coverage else []
        manifest = {"portal": portal, "files": _checksums(folder, earlier["files"]), "gaps": gaps, "runs": runs}
        fresh = path.with_suffix(".json.new")
        fresh.write_bytes(orjson.dumps(manifest, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
        fresh.replace(path)
    except OSError as error:
        raise OutputError(f"cannot write {path}: {error.strerror}") from error


def read_history(folder: Path) -> tuple[PastRun, ...]:
    """Return what the manifest remembers of the last runs that read something, oldest first; empty without one.

    A run whose entry was edited into something else is left out.

    Raises:
        OutputError: the manifest cannot be read.
    """
    path = folder / MANIFEST
    try:
        manifest = _read(path) or _EMPTY
    except OSError as error:
        raise OutputError(f"cannot read {path}: {error.strerror}") from error
    return tuple(past for run in manifest["runs"] if (past := _as_past_run(run)) is not None)


def _as_past_run(run: dict[str, Any]) -> PastRun | None:
    if "profile" not in run:
        return None
    try:
        profile, drift = Profile.from_json(run["profile"]), _DRIFTS.validate_python(run.get("drift", ()))
    except ValidationError:
        return None
    return PastRun(profile, drift, accepted=run.get("accepted") is True)


def _past_manifest(path: Path) -> dict[str, Any]:
    """Return the manifest as it was; a damaged one is put aside, not lost."""
    manifest = _read(path)
    if manifest is None:
        path.rename(path.with_suffix(".json.damaged"))
    return manifest or _EMPTY


def _read(path: Path) -> dict[str, Any] | None:
    """Return the manifest, None where it is damaged."""
    if not path.exists():
        return _EMPTY
    try:
        manifest = orjson.loads(path.read_bytes())
        runs, files = manifest["runs"], manifest["files"]
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return None
    is_whole = isinstance(files, dict) and isinstance(runs, list) and all(isinstance(run, dict) for run in runs)
    return {"runs": runs, "files": files} if is_whole else None


def _with_few_profiles(runs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Drop all but the last profiles, and the last of those that read new articles: a slow portal has few of them."""
    profiled = [number for number, run in enumerate(runs) if "profile" in run]
    with_news = [number for number in profiled if _read_news(runs[number])]
    kept = {*profiled[-_KEPT_PROFILES:], *with_news[-_KEPT_PROFILES:]}
    return [
        run if number in kept else {name: value for name, value in run.items() if name != "profile"}
        for number, run in enumerate(runs)
    ]


def _read_news(run: dict[str, Any]) -> bool:
    profile = run["profile"]
    return isinstance(profile, dict) and isinstance(profile.get("fields"), dict) and "pages" in profile["fields"]


def _as_json(run: RunNote) -> dict[str, Any]:
    return {
        "run_id": run.run_id,
        "command": run.command,
        "started_at": run.started_at,
        "finished_at": run.finished_at,
        "exit_code": run.exit_code,
        "counts": asdict(run.counts),
        "fill_rates": run.profile.fill_rates(),
        "failures_by_reason": dict(run.profile.failures.most_common()),
        "drift": [asdict(drift) for drift in run.drift],
        "coverage": _coverage_as_json(run.coverage) if run.coverage else None,
        **({} if run.profile.is_empty else {"profile": run.profile.as_json()}),
    }


def _coverage_as_json(coverage: Coverage) -> dict[str, int | None]:
    return {
        "stated": coverage.stated,
        "known": coverage.known,
        "unlisted": coverage.unlisted,
        "harvested": coverage.harvested,
        "waiting": coverage.waiting,
        "failed": coverage.failed,
        "gaps": len(coverage.gaps),
    }


def _gap_as_json(gap: Gap) -> dict[str, object]:
    return {"first_day": gap.first_day, "last_day": gap.last_day, "days": gap.days}


def _checksums(folder: Path, earlier: dict[str, Any]) -> dict[str, dict[str, int | str]]:
    """Return the size and checksum of every file. They only grow: one as long as it was keeps its checksum."""
    sums: dict[str, dict[str, int | str]] = {}
    for path in (path for pattern in _CHECKED for path in sorted(folder.glob(pattern))):
        name, size = str(path.relative_to(folder)), path.stat().st_size
        known = earlier.get(name)
        if isinstance(known, dict) and known.get("bytes") == size and isinstance(known.get("sha256"), str):
            sums[name] = {"bytes": size, "sha256": known["sha256"]}
            continue
        with path.open("rb") as stream:
            sums[name] = {"bytes": size, "sha256": hashlib.file_digest(stream, "sha256").hexdigest()}
    return sums
