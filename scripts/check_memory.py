"""Memory and commits of a crawl that knows a million articles, beside one that knows none.

python scripts/check_memory.py [--known 1000000] [--folder DIR]

A portal's folder is filled through the tool's own functions: its frontier, its articles, its fetch log, a round that
ended, and an articles.jsonl of as many lines. Then `harvester crawl` and `harvester status` run over it, each in a
process of its own, against a small replica whose articles are all new to it. Exit 1 where a process took more memory
than allowed, or where a commit takes SQLite more steps than it does in an empty folder.
"""

import argparse
import hashlib
import json
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any, ClassVar

from harvester.cli import main
from harvester.demo.server import Replica
from harvester.demo.site import HOST_NAME, expected_articles, view_content
from harvester.demo.texts import SECTIONS
from harvester.extraction import extract
from harvester.harvest.frontier import UNDATED, LeasedPage, Round
from harvester.harvest.known import KnownArticle
from harvester.harvest.state import State
from harvester.harvest.store import ARTICLES, STATE
from harvester.harvest.versions import field_digests
from harvester.portals.catalogue import Catalogue
from harvester.records import VIETNAM_TIME, Article, Capture
from harvester.writers.jsonl import JsonLinesFile, to_line

MAX_MEGABYTES = 150
# A walk from a table's root takes a few steps more in a deep one; a look at every row would take a million.
MAX_STEPS_RATIO = 3
MORE_STEPS = 2_000
REPLICA_ARTICLES = 24
WAITING_SHARE = 20
BATCH = 5_000
FIRST_NUMBER = 10_000_000  # of eight figures, so that keys come in their order
FIRST_POST = datetime(1995, 1, 1, tzinfo=VIETNAM_TIME)
MINUTES_BETWEEN = 10
STEPS_COUNTED = 100


@dataclass(frozen=True, slots=True)
class Measured:
    """What one process took: its peak in kilobytes, and of every commit the seconds and the steps that led to it."""

    seconds: float
    kilobytes: int
    commits: list[tuple[float, int]]

    def describe(self) -> str:
        """Return the figures as half a line."""
        memory = f"{self.kilobytes / 1024:.0f} MB, {self.seconds:.1f} s"
        if not self.commits:
            return memory
        opening, *later, closing = self.commits
        times = sorted(1000 * seconds for seconds, _ in later)
        return (
            f"{memory}; {len(later)} commits of {times[len(times) // 2]:.1f} ms (median) to {times[-1]:.1f} ms, "
            f"at most {self.most_steps} steps each; {opening[1]} steps to open, {closing[1]} to sum up the run"
        )

    @property
    def most_steps(self) -> int:
        """The steps that led to the dearest commit but the first, which opens the folder, and the last.

        The last one ends the round after the manifest was written, which counts every page once a run.
        """
        return max((steps for _, steps in self.commits[1:-1]), default=0)


# ---------------------------------------------------------------------------------------------- filling a folder


def fill(folder: Path, replica: Replica, known: int) -> None:
    """Make a portal's folder that has harvested `known` articles and waits for some more."""
    folder.mkdir(parents=True)
    article = sample(replica)
    line, digests = to_line(article), field_digests(article)
    state = State(folder / STATE)
    state.frontier.begin_round(Round(FIRST_POST, UNDATED))
    with JsonLinesFile(folder / ARTICLES) as articles:
        numbers = iter(range(FIRST_NUMBER, FIRST_NUMBER + known))
        while batch := list(islice(numbers, BATCH)):
            remember(state, digests, batch)
            size = articles.append(numbered(line, batch))
            state.commit([(ARTICLES, size)])
    state.frontier.end_round(FIRST_POST + timedelta(days=1))
    state.commit()
    state.close()


def sample(replica: Replica) -> Article:
    """Return one of the replica's articles as the crawl reads it, but short and without its number.

    Raises:
        TypeError: the replica's page is not read as an article.
    """
    address = view_content(SECTIONS[0], expected_articles(replica.site)[0])
    url, body = f"http://{HOST_NAME}{address}", replica.answer(address, packed=False).body
    capture = Capture(
        url=url,
        final_url=url,
        status=200,
        headers=(("content-type", "text/html;charset=UTF-8"),),
        body=body,
        captured_at=FIRST_POST,
        via="live",
        sha256=hashlib.sha256(body).hexdigest(),
        tls_verified=None,
    )
    found = extract(capture, Catalogue((replica.portal,)), "demo", language=None)
    if not isinstance(found, Article):
        raise TypeError(f"the replica's page is no article: {url}")
    short = {"id": "demo/ENTRY", "body": "Một đoạn.", "images": (), "attachments": (), "related": (), "evidence": {}}
    return found.model_copy(update=short)


def numbered(line: bytes, numbers: list[int]) -> Iterator[bytes]:
    """Yield the line once for every number, as that article's."""
    return (line.replace(b"demo/ENTRY", b"demo/%d" % number) for number in numbers)


def remember(state: State, digests: dict[str, str], numbers: list[int]) -> None:
    """Put articles into every table of the state as a harvest does; every so many of them waits to be read."""
    start = f"http://{HOST_NAME}{SECTIONS[0].path}"
    rows = []
    for number in numbers:
        key = f"http://{HOST_NAME}/-/view_content/{number}"
        posted_at = (FIRST_POST + timedelta(minutes=MINUTES_BETWEEN * (number - FIRST_NUMBER))).isoformat()
        rows.append((key, f"{start}/-/view_content/{number}-mot-bai-viet-cua-cong.html", posted_at))
    state.frontier.add_rows(start, rows)
    for number, (key, url, posted_at) in zip(numbers, rows, strict=True):
        if number % WAITING_SHARE == 0:
            continue
        article_id = f"demo/{number}"
        state.frontier.settle(LeasedPage(key, url, posted_at, 0, None, None), article_id, posted_at, None)
        title = f"Bài viết số {number} của cổng"
        state.known.put(KnownArticle(article_id, url, HOST_NAME, title, posted_at, None, digests, 1, FIRST_POST))
        state.log_fetch(url, FIRST_POST, "new", "0" * 64, f"archive.warc.gz#<urn:uuid:{number}>")


# ---------------------------------------------------------------------------------------------- measuring a process


class CountedConnection(sqlite3.Connection):
    """A database that notes how long its commits take, and how many steps of SQLite led to each."""

    commits: ClassVar[list[tuple[float, int]]] = []
    steps: ClassVar[int] = 0

    @classmethod
    def count(cls) -> int:
        """Count some steps; 0 lets SQLite go on."""
        cls.steps += STEPS_COUNTED
        return 0

    def commit(self) -> None:
        """Commit, and note it."""
        began = time.perf_counter()
        super().commit()
        self.commits.append((time.perf_counter() - began, self.steps))
        type(self).steps = 0


def run_measured(note: Path, arguments: list[str]) -> None:
    """Run the command line in this process and write down what it took."""
    connect = sqlite3.connect

    def counted(*values: Any, **named: Any) -> sqlite3.Connection:
        connection = connect(*values, factory=CountedConnection, **named)
        connection.set_progress_handler(CountedConnection.count, STEPS_COUNTED)
        return connection

    vars(sqlite3)["connect"] = counted
    sys.argv = ["harvester", *arguments]
    try:
        main()
    finally:
        status = Path("/proc/self/status").read_text(encoding="ascii")  # proc(5); getrusage would count the parent's
        peak = next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))
        note.write_text(json.dumps([int(peak), CountedConnection.commits]), encoding="ascii")


def measure(folder: Path, *arguments: str) -> Measured:
    """Run the command line in a process of its own.

    Raises:
        CalledProcessError: it ended with another exit code than 0.
    """
    note, began = folder / "measured.json", time.perf_counter()
    subprocess.run([sys.executable, __file__, "--run", str(note), *arguments], check=True, capture_output=True)
    kilobytes, commits = json.loads(note.read_bytes())
    return Measured(time.perf_counter() - began, kilobytes, [(seconds, steps) for seconds, steps in commits])


def check(folder: Path, known: int) -> int:
    """Fill, crawl and print; returns 1 where something grew with what is known."""
    with Replica(REPLICA_ARTICLES, slow_seconds=0) as replica:
        catalogue = folder / "catalogue.toml"
        catalogue.write_text(as_toml(replica), encoding="utf-8")
        common = ("demo", "--catalogue", str(catalogue), "--output")
        options = ("--limit", str(REPLICA_ARTICLES), "--max-failed", "100%")
        empty = measure(folder, "crawl", *common, str(folder / "empty"), *options)
        began = time.perf_counter()
        fill(folder / "full" / "demo", replica, known)
        print(f"{known} articles put into a folder in {time.perf_counter() - began:.0f} s")
        full = measure(folder, "crawl", *common, str(folder / "full"), *options)
        status = measure(folder, "status", *common, str(folder / "full"))
    for name, measured in (("crawl, nothing known", empty), (f"crawl, {known} known", full), ("status", status)):
        print(f"{name}: {measured.describe()}")
    too_much = [each for each in (full, status) if each.kilobytes > MAX_MEGABYTES * 1024]
    grows = full.most_steps > MAX_STEPS_RATIO * empty.most_steps + MORE_STEPS
    if too_much:
        print(f"more than {MAX_MEGABYTES} MB")
    if grows:
        print("a commit takes more steps the more is known")
    return int(bool(too_much) or grows)


def as_toml(replica: Replica) -> str:
    """Return the replica's entry as a catalogue file; JSON's texts, numbers and lists are TOML's too.

    Nothing is read again: the replica never had the articles that the folder knows.
    """
    entry = replica.portal.model_dump(mode="json", exclude_none=True) | {"revisit_articles": 0}
    (host,) = entry.pop("hosts")
    tables = (("[[portal]]", entry), ("[[portal.hosts]]", host))
    return "\n".join(
        "\n".join([head, *(f"{key} = {json.dumps(value)}" for key, value in table.items())]) for head, table in tables
    )


def read_arguments() -> argparse.Namespace:
    """Return the options of this script."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--known", type=int, default=1_000_000, help="articles known (default: 1000000)")
    parser.add_argument("--folder", type=Path, help="an empty folder to work in (default: a temporary one)")
    return parser.parse_args()


if __name__ == "__main__":
    if sys.argv[1:2] == ["--run"]:
        run_measured(Path(sys.argv[2]), sys.argv[3:])
    else:
        options = read_arguments()
        with tempfile.TemporaryDirectory(dir=options.folder) as place:
            sys.exit(check(Path(place), options.known))
