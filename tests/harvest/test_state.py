import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import pytest

from harvester.errors import OutputError
from harvester.harvest.frontier import UNDATED
from harvester.harvest.known import KnownArticle
from harvester.harvest.state import SCHEMA_VERSION, State
from harvester.records import VIETNAM_TIME

A = ("a", "http://x.test/a", "2020-01-02")
B = ("b", "http://x.test/b", "2021-05-06")
PAGE_SIZE = 4096  # of SQLite
MOMENT = datetime(2025, 1, 2, tzinfo=VIETNAM_TIME)


def waiting(state: State) -> str:
    """Lease all pages and return their keys."""
    leases = iter(lambda: state.frontier.lease_waiting("", UNDATED, ()), None)
    return "".join(page.key for page in leases)


def test_only_what_was_committed_lasts(tmp_path: Path) -> None:
    path = tmp_path / "state.sqlite"
    first = State(path)
    first.frontier.add_rows("/s", [A])
    first.commit([("articles.jsonl", 10), ("archive/x.warc.gz", 5)])
    first.commit([("articles.jsonl", 30)])
    first.frontier.add_rows("/s", [B])
    page = first.frontier.lease_waiting("", "2021", ())
    assert page is not None
    first.frontier.settle(page, "demo/a", None, None)
    first.close()
    second = State(path)
    assert second.file_sizes() == {"articles.jsonl": 30, "archive/x.warc.gz": 5}
    assert (second.frontier.waiting, waiting(second)) == (1, "a")
    second.close()


def test_failures_of_an_address_are_counted(state: State) -> None:
    moment = datetime(2025, 1, 2, tzinfo=UTC)
    state.log_fetch("http://x.test/a", moment, "TimedOut", None, None)
    state.log_fetch("http://x.test/a", moment, "listing", "00", None)
    state.log_fetch("http://x.test/b", moment, "TimedOut", None, None)
    assert [state.count_failures(f"http://x.test/{name}") for name in "abc"] == [1, 1, 0]


def test_fetches_are_logged(state: State) -> None:
    moment = datetime(2024, 3, 1, 8, 0, tzinfo=VIETNAM_TIME)
    state.log_fetch("http://x.test/", moment, "new", "abc", "x.warc.gz#1")
    state.log_fetch("http://x.test/", moment, "TimedOut", None, None)
    assert state.execute("SELECT * FROM fetches").fetchall() == [
        ("http://x.test/", "2024-03-01T08:00:00+07:00", "new", "abc", "x.warc.gz#1"),
        ("http://x.test/", "2024-03-01T08:00:00+07:00", "TimedOut", None, None),
    ]


# ---------------------------------------------------------------------------------------------- opening


def test_a_file_that_is_no_state_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "state.sqlite"
    path.write_bytes(b"something else entirely, longer than a header of SQLite" * 20)
    before = path.read_bytes()
    with pytest.raises(OutputError, match=r"cannot use .*state\.sqlite: file is not a database"):
        State(path)
    assert path.read_bytes() == before


def test_a_folder_is_no_state(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="unable to open database file"):
        State(tmp_path)


@pytest.mark.parametrize("version", [0, SCHEMA_VERSION - 1, SCHEMA_VERSION + 1])
def test_the_state_of_another_version_is_refused_and_left_as_it_is(tmp_path: Path, version: int) -> None:
    path = tmp_path / "state.sqlite"
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE pages (key TEXT)")
        other.execute(f"PRAGMA user_version = {version}")
    with pytest.raises(OutputError) as caught:
        State(path)
    assert str(caught.value) == (
        f"{path} was made by another version of harvester (its tables are of version {version}, "
        f"not {SCHEMA_VERSION}); use that version, or move the folder away"
    )
    with closing(sqlite3.connect(path)) as other:
        assert other.execute("SELECT name FROM sqlite_master").fetchall() == [("pages",)]


def damaged(path: Path) -> State:
    """Return a state whose log of fetches ends in noise."""
    whole = State(path)
    for number in range(2000):
        whole.log_fetch(f"http://x.test/{number}", MOMENT, "new", "0", None)
    whole.commit()
    whole.close()
    content = bytearray(path.read_bytes())
    last_page = content.index(b"http://x.test/1999") // PAGE_SIZE * PAGE_SIZE
    content[last_page : last_page + PAGE_SIZE] = b"\xa5" * PAGE_SIZE
    path.write_bytes(content)
    return State(path)


@pytest.mark.parametrize(
    "read",
    [
        pytest.param(list, id="by and by"),
        pytest.param(lambda rows: rows.fetchall(), id="at once"),
        pytest.param(lambda rows: list(iter(rows.fetchone, None)), id="one by one"),
    ],
)
def test_damage_that_shows_while_rows_are_read(tmp_path: Path, read: Callable[[sqlite3.Cursor], object]) -> None:
    path = tmp_path / "state.sqlite"
    state = damaged(path)
    rows = state.execute("SELECT url FROM fetches")
    assert rows.fetchone() == ("http://x.test/0",)
    with pytest.raises(OutputError) as caught:
        read(rows)
    assert str(caught.value) == f"cannot use {path}: database disk image is malformed"
    state.close()


@pytest.mark.parametrize(
    ("statement", "read"),
    [
        ("UPDATE articles SET digests = '{'", lambda state: state.known.get("demo/1")),
        ("UPDATE articles SET seen_at = '2025-0A'", lambda state: state.known.get("demo/1")),
        ("UPDATE articles SET posted_at = 'x'", lambda state: list(state.known.days())),
        ("INSERT INTO rounds VALUES ('2025-01-0_', '', 0, NULL)", lambda state: state.frontier.open_round()),
        ("INSERT INTO rounds VALUES ('1 Jan', '', 1, '')", lambda state: state.frontier.last_reading_again(MOMENT)),
    ],
)
def test_damaged_values(state: State, statement: str, read: Callable[[State], object]) -> None:
    state.known.put(KnownArticle("demo/1", "u", "h", "t", MOMENT.isoformat(), None, {}, 1, MOMENT))
    read(state)
    state.execute(statement)
    with pytest.raises(OutputError, match=r"the state is damaged: it holds '.*'; restore it from a backup"):
        read(state)


class Killed(Exception):
    """Stands for a kill: nothing after it is done."""


def state_killed_at(path: Path, statement_number: int) -> bool:
    """Open a state and die before that statement; return whether it was reached."""
    numbers = count(1)

    class DyingState(State):
        def execute(self, statement: str, values: tuple[object, ...] = ()) -> sqlite3.Cursor:
            if next(numbers) == statement_number:
                self.close()
                raise Killed
            return super().execute(statement, values)

    try:
        DyingState(path).close()
    except Killed:
        return True
    return False


def test_a_process_killed_while_it_makes_the_tables_leaves_nothing_in_the_way(tmp_path: Path) -> None:
    paths = (tmp_path / f"{number}.sqlite" for number in count(1))
    killed = 0
    for number, path in enumerate(paths, start=1):
        if not state_killed_at(path, number):
            break
        killed += 1
        reopened = State(path)
        assert reopened.frontier.add_rows("/s", [A, B]) == (2, 2)
        reopened.close()
    assert killed > 10
