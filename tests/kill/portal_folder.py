"""Reads a portal's folder as a stranger would, and finds what is wrong with it."""

import hashlib
import json
import shutil
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from warcio.archiveiterator import ArchiveIterator

ARTICLES, OBSERVATIONS, FAILURES = "articles.jsonl", "observations.jsonl", "failures.jsonl"
LINES = (ARTICLES, OBSERVATIONS, FAILURES)
# What tells one harvest from another that found the same.
PASSING = {
    ARTICLES: ("capture.captured_at", "capture.archive"),
    OBSERVATIONS: ("observed_at",),
    FAILURES: ("failed_at", "attempt"),
}
# What depends on which of an article's addresses was read.
BY_ADDRESS = {
    ARTICLES: ("url", "section", "evidence", "related", "images", "attachments", "capture", "warnings"),
    OBSERVATIONS: (),
    FAILURES: (),
}

Content = dict[str, Counter[str]]
"""By file name, its lines without what is passing, and how often each stands there."""


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer in the archive: the address asked for, and the SHA-256 of its payload."""

    url: str
    sha256: str


@contextmanager
def state_of(folder: Path) -> Iterator[sqlite3.Connection]:
    """Open a copy of the state, so that looking at what a killed process left changes nothing of it."""
    with tempfile.TemporaryDirectory() as copies:
        for path in (folder / "state.sqlite", folder / "state.sqlite-wal"):
            if path.exists():
                shutil.copy(path, copies)
        with closing(sqlite3.connect(Path(copies) / "state.sqlite")) as connection:
            yield connection


def committed_sizes(folder: Path) -> dict[str, int]:
    """Return the size of every file as the state has it; nothing where there is no state yet."""
    with state_of(folder) as state:
        if not state.execute("SELECT 1 FROM sqlite_master WHERE name = 'files'").fetchone():
            return {}
        return dict(state.execute("SELECT name, size FROM files"))


def uncommitted_bytes(folder: Path) -> int:
    """Return how many bytes were written that the state knows nothing of; what is committed has to be there whole."""
    sizes, found = committed_sizes(folder), 0
    paths = [folder / name for name in LINES] + list((folder / "archive").glob("*.warc.gz"))
    for path in paths:
        committed = sizes.pop(str(path.relative_to(folder)), 0)
        content = path.read_bytes() if path.exists() else b""
        assert len(content) >= committed, f"{path} holds {len(content)} bytes, {committed} were committed"
        if path.name in LINES and committed:
            assert content[:committed].endswith(b"\n"), f"{path} is torn before its committed end"
        found += len(content) - committed
    assert not any(sizes.values()), f"committed, and not there: {sizes}"
    return found


def read_lines(folder: Path, name: str, size: int | None = None) -> list[dict[str, Any]]:
    """Return a file's records, of its first `size` bytes if given."""
    path = folder / name
    content = path.read_bytes()[:size] if path.exists() else b""
    assert not content or content.endswith(b"\n"), f"{path} ends within a line"
    return [json.loads(line) for line in content.splitlines()]


def content_of(folder: Path, *, committed_only: bool = False, whatever_address: bool = False) -> Content:
    """Return what the folder holds, without what is passing."""
    sizes = committed_sizes(folder) if committed_only else {}
    return {
        name: Counter(
            _without(record, (*PASSING[name], *(BY_ADDRESS[name] if whatever_address else ())))
            for record in read_lines(folder, name, sizes.get(name, 0) if committed_only else None)
        )
        for name in LINES
    }


def _without(record: dict[str, Any], names: tuple[str, ...]) -> str:
    for name in names:
        *above, last = name.split(".")
        holder = record
        for step in above:
            holder = holder[step]
        holder.pop(last, None)
    return json.dumps(record, ensure_ascii=False, sort_keys=True)


def difference(found: Content, wanted: Content) -> str:
    """Return in words what is missing and what is too much; nothing where the two are equal."""
    return "\n".join(
        f"{name}: {word} {count} of {line[:300]}"
        for name in wanted
        for word, some in (("lacks", wanted[name] - found[name]), ("has too many,", found[name] - wanted[name]))
        for line, count in some.items()
    )


def answers_kept(folder: Path) -> dict[str, Kept]:
    """Read every archive file from end to end: what is kept, by `<file name>#<record id>`."""
    kept = {}
    for path in sorted((folder / "archive").glob("*.warc.gz")):
        with path.open("rb") as stream:
            for record in ArchiveIterator(stream, check_digests="raise"):
                payload = record.content_stream().read()
                if record.rec_type in {"response", "revisit"}:
                    names = record.rec_headers
                    url = names.get_header("X-Harvester-Requested-URI") or names.get_header("WARC-Target-URI")
                    place = f"{path.name}#{names.get_header('WARC-Record-ID')}"
                    kept[place] = Kept(url, hashlib.sha256(payload).hexdigest())
    return kept


def check_whole(folder: Path) -> None:
    """Check all that has to hold in a folder no run holds any more."""
    assert uncommitted_bytes(folder) == 0
    articles = read_lines(folder, ARTICLES)
    versions = Counter((line["id"], line["version"]) for line in articles)
    assert not (versions - Counter(set(versions))), "an article's version stands there twice"
    latest = {line["id"]: line["version"] for line in articles}
    assert len(articles) == sum(latest.values()), "versions are not numbered from 1 without a gap"
    with state_of(folder) as state:
        (known, written) = state.execute("SELECT count(*), sum(version) FROM articles").fetchone()
        (failures,) = state.execute(
            "SELECT count(*) FROM fetches WHERE sha256 IS NULL AND outcome <> 'gone'"
        ).fetchone()
    assert (known, written or 0) == (len(latest), len(articles))
    assert failures == len(read_lines(folder, FAILURES))
    kept = answers_kept(folder)
    for line in articles:
        assert kept[line["capture"]["archive"]] == Kept(line["url"], line["capture"]["sha256"])
    manifest = json.loads((folder / "manifest.json").read_bytes())
    assert manifest["runs"]
