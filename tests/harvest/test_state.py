from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from harvester.errors import OutputError
from harvester.harvest.state import UNDATED, KnownArticle, SectionWalk, State
from harvester.records import VIETNAM_TIME

DAYS = {"a": "2020-01-02", "b": "2021-05-06", "c": UNDATED, "d": "2019-12-31", "e": "2021-05-06"}


@pytest.fixture
def state() -> Iterator[State]:
    opened = State(None)
    yield opened
    opened.close()


def pages(*keys: str) -> list[tuple[str, str, str]]:
    return [(key, f"http://x.test/{key}", DAYS[key]) for key in keys]


def keys(state: State, since: str = "", until: str = UNDATED, limit: int = 99) -> str:
    return "".join(page.key for page in state.waiting_pages(since, until, limit))


def test_pages_are_known_once(state: State) -> None:
    assert [state.add_rows("/s", pages(*keys)) for keys in ("ab", "abc", "", "cde", "dd")] == [
        (2, 2),
        (1, 1),
        (0, 0),
        (2, 2),
        (0, 0),
    ]
    assert state.count_waiting() == 5


def test_a_page_known_from_another_listing_is_new_to_this_one(state: State) -> None:
    state.add_rows("/s", pages("a", "b"))
    assert [state.add_rows("/t", pages(*keys)) for keys in ("ab", "abc")] == [(2, 0), (1, 1)]
    assert state.count_waiting() == 3


def test_failures_of_an_address_are_counted(state: State) -> None:
    moment = datetime(2025, 1, 2, tzinfo=UTC)
    state.log_fetch("http://x.test/a", moment, "TimedOut", None, None)
    state.log_fetch("http://x.test/a", moment, "listing", "00", None)
    state.log_fetch("http://x.test/b", moment, "TimedOut", None, None)
    assert [state.count_failures(f"http://x.test/{name}") for name in "abc"] == [1, 1, 0]


def test_the_first_address_of_a_page_stays(state: State) -> None:
    state.add_rows("/s", [("a", "http://x.test/first", "2020"), ("a", "http://x.test/second", "2021")])
    assert [(page.url, page.listed_at) for page in state.waiting_pages("", UNDATED, 9)] == [
        ("http://x.test/first", "2020")
    ]


@pytest.mark.parametrize(
    ("since", "until", "limit", "found"),
    [
        ("", UNDATED, 9, "cbead"),
        ("", UNDATED, 3, "cbe"),
        ("2020-01-02", UNDATED, 9, "cbea"),
        ("2020-01-03", UNDATED, 9, "cbe"),
        ("", "2021-05-06", 9, "cad"),
        ("2020", "2021", 9, "ca"),
    ],
)
def test_waiting_pages_come_newest_first(state: State, since: str, until: str, limit: int, found: str) -> None:
    state.add_rows("/s", pages(*"abcde"))
    assert keys(state, since, until, limit) == found


def test_settled_pages_wait_no_more(state: State) -> None:
    state.add_rows("/s", pages(*"abcde"))
    state.settle("b", "done")
    state.settle("d", "failed")
    assert (keys(state), state.count_waiting()) == ("cea", 3)


def test_attempts_are_counted_by_page(state: State) -> None:
    state.add_rows("/s", pages("a", "b"))
    assert [state.attempt("a"), state.attempt("a"), state.attempt("b")] == [1, 2, 1]


def test_pages_of_a_host_can_be_left_out(state: State) -> None:
    rows = [("a", "http://x.test/a", "2021"), ("b", "http://x.test:80/b", "2020"), ("c", "https://y.test/c", "2019")]
    state.add_rows("/s", rows)
    left = {hosts: state.waiting_pages("", UNDATED, 9, hosts) for hosts in [("x.test",), ("x.test:80", "y.test"), ()]}
    assert ["".join(page.key for page in found) for found in left.values()] == ["bc", "a", "abc"]


def test_the_page_itself_knows_its_time_better(state: State) -> None:
    state.add_rows("/s", pages("a", "c"))
    state.set_listed_at("c", "2018")
    assert keys(state) == "ac"


def test_how_far_a_listing_was_walked(state: State) -> None:
    assert state.section("http://x.test/") == SectionWalk(None, None)
    for walk in (SectionWalk("http://x.test/?cur=4", None), SectionWalk(None, "")):
        state.set_section("http://x.test/", walk)
        assert state.section("http://x.test/") == walk


def known(article_id: str, host: str = "a.test", title: str = "Tin", posted_at: str | None = "2020") -> KnownArticle:
    return KnownArticle(article_id, f"http://{host}/{article_id}", host, "Tin tức", title, posted_at, "digest", 1)


def test_the_present_version_of_an_article(state: State) -> None:
    assert state.article("demo/1") is None
    for title in ("Cũ", "Mới"):
        state.put_article(known("demo/1", title=title))
    assert state.article("demo/1") == known("demo/1", title="Mới")


@pytest.mark.parametrize(
    ("title", "posted_at", "host", "twin"),
    [
        ("Tin", "2020", "b.test", "demo/1"),
        ("Tin", "2020", "a.test", None),
        ("Tin khác", "2020", "b.test", None),
        ("Tin", "2021", "b.test", None),
    ],
)
def test_twins_are_of_another_host(state: State, title: str, posted_at: str, host: str, twin: str | None) -> None:
    for article_id in ("demo/2", "demo/1"):
        state.put_article(known(article_id))
    assert state.twin(title, posted_at, host) == twin


def test_only_what_was_committed_lasts(tmp_path: Path) -> None:
    path = tmp_path / "state.sqlite"
    first = State(path)
    first.add_rows("/s", pages("a"))
    first.commit([("articles.jsonl", 10), ("archive/x.warc.gz", 5)])
    first.commit([("articles.jsonl", 30)])
    first.add_rows("/s", pages("b"))
    first.settle("a", "done")
    first.close()
    second = State(path)
    assert keys(second) == "a"
    assert second.file_sizes() == {"articles.jsonl": 30, "archive/x.warc.gz": 5}
    second.close()


def test_fetches_are_logged(state: State) -> None:
    moment = datetime(2024, 3, 1, 8, 0, tzinfo=VIETNAM_TIME)
    state.log_fetch("http://x.test/", moment, "new", "abc", "x.warc.gz#1")
    state.log_fetch("http://x.test/", moment, "TimedOut", None, None)
    rows = state._connection.execute("SELECT * FROM fetches").fetchall()
    assert rows == [
        ("http://x.test/", "2024-03-01T08:00:00+07:00", "new", "abc", "x.warc.gz#1"),
        ("http://x.test/", "2024-03-01T08:00:00+07:00", "TimedOut", None, None),
    ]


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
