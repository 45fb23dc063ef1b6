from datetime import datetime
from pathlib import Path

import pytest

from harvester.harvest.frontier import MAX_ATTEMPTS, UNDATED, LeasedPage, Round, SectionWalk, host_of
from harvester.harvest.state import State
from harvester.records import VIETNAM_TIME, Validators

DAYS = {"a": "2020-01-02", "b": "2021-05-06", "c": UNDATED, "d": "2019-12-31", "e": "2021-05-06"}
NOW = datetime(2025, 6, 30, 8, 0, tzinfo=VIETNAM_TIME)
TAG = Validators(etag='W/"7"', last_modified=None)
DATE = Validators(etag=None, last_modified="Fri, 01 Mar 2024 01:00:00 GMT")


def pages(keys: str) -> list[tuple[str, str, str]]:
    return [(key, f"http://x.test/{key}", DAYS[key]) for key in keys]


def lease(state: State, since: str = "", until: str = UNDATED, without_hosts: tuple[str, ...] = ()) -> LeasedPage:
    page = state.frontier.lease_waiting(since, until, without_hosts)
    assert page is not None
    return page


def lease_due(state: State) -> LeasedPage:
    page = state.frontier.lease_due(())
    assert page is not None
    return page


def lease_all(state: State, since: str = "", until: str = UNDATED, without_hosts: tuple[str, ...] = ()) -> str:
    """Lease every page that may be leased, those to be read again first, and return their keys."""
    frontier = state.frontier
    due = iter(lambda: frontier.lease_due(without_hosts), None)
    waiting = iter(lambda: frontier.lease_waiting(since, until, without_hosts), None)
    return "".join(page.key for page in (*due, *waiting))


def read_once(state: State, keys: str, validators: Validators | None = None) -> None:
    """Take in pages and settle them as articles."""
    state.frontier.add_rows("/s", pages(keys))
    for _ in keys:
        page = lease(state)
        state.frontier.settle(page, f"demo/{page.key}", None, validators)


# ---------------------------------------------------------------------------------------------- rows


def test_pages_are_known_once(state: State) -> None:
    assert [state.frontier.add_rows("/s", pages(keys)) for keys in ("ab", "abc", "", "cde", "dd")] == [
        (2, 2),
        (1, 1),
        (0, 0),
        (2, 2),
        (0, 0),
    ]
    assert state.frontier.waiting == 5


def test_a_page_known_from_another_listing_is_new_to_this_one(state: State) -> None:
    state.frontier.add_rows("/s", pages("ab"))
    assert [state.frontier.add_rows("/t", pages(keys)) for keys in ("ab", "abc")] == [(2, 0), (1, 1)]
    assert state.frontier.waiting == 3


def test_the_first_address_of_a_page_stays(state: State) -> None:
    state.frontier.add_rows("/s", [("a", "http://x.test/first", "2020"), ("a", "http://x.test/second", "2021")])
    page = lease(state)
    assert (page.url, page.listed_at) == ("http://x.test/first", "2020")


def test_a_settled_page_that_is_listed_again_does_not_wait(state: State) -> None:
    read_once(state, "ab")
    assert state.frontier.add_rows("/t", pages("ab")) == (2, 0)
    assert (lease_all(state), state.frontier.waiting) == ("", 0)


# ---------------------------------------------------------------------------------------------- leases


@pytest.mark.parametrize(
    ("since", "until", "found"),
    [
        ("", UNDATED, "cbead"),
        ("2020-01-02", UNDATED, "cbea"),
        ("2020-01-03", UNDATED, "cbe"),
        ("", "2021-05-06", "cad"),
        ("2020", "2021", "ca"),
        ("2022", "2021", "c"),
    ],
)
def test_waiting_pages_come_newest_first_and_those_without_a_date_before_them(
    state: State, since: str, until: str, found: str
) -> None:
    state.frontier.add_rows("/s", pages("abcde"))
    ready = [state.frontier.count_ready(since, until, (), at_most) for at_most in (1, 3, 99)]
    assert ready == [min(len(found), at_most) for at_most in (1, 3, 99)]
    assert lease_all(state, since, until) == found
    assert (state.frontier.count_ready(since, until, (), 9), state.frontier.waiting) == (0, 5)


@pytest.mark.parametrize(
    ("left_out", "found"),
    [((), "abc"), (("x.test",), "bc"), (("x.test:80", "y.test"), "a"), (("x.test", "x.test:80", "y.test"), "")],
)
def test_pages_of_a_host_can_be_left_out(state: State, left_out: tuple[str, ...], found: str) -> None:
    rows = [("a", "http://x.test/a", "2021"), ("b", "http://X.test:80/b", "2020"), ("c", "https://y.test/c", "2019")]
    state.frontier.add_rows("/s", rows)
    assert state.frontier.count_ready("", UNDATED, left_out, 9) == len(found)
    assert lease_all(state, without_hosts=left_out) == found


def test_due_pages_of_a_host_can_be_left_out(state: State) -> None:
    read_once(state, "a")
    state.frontier.read_again("", UNDATED, 9)
    assert (state.frontier.lease_due(("x.test",)), lease_due(state).key) == (None, "a")


def test_pages_to_be_read_again_come_newest_first_and_are_no_news(state: State) -> None:
    read_once(state, "abd")
    state.frontier.read_again("", UNDATED, 9)
    state.frontier.add_rows("/s", pages("ec"))
    assert (state.frontier.count_ready("", UNDATED, (), 9), state.frontier.waiting) == (2, 5)
    assert lease_all(state) == "badce"


def test_leases_are_taken_back_when_the_folder_is_opened(tmp_path: Path) -> None:
    path = tmp_path / "state.sqlite"
    killed = State(path)
    read_once(killed, "ab", TAG)
    killed.frontier.read_again("", UNDATED, 9)
    killed.frontier.add_rows("/s", pages("de"))
    assert (lease_due(killed).key, lease(killed).key) == ("b", "e")
    killed.commit()
    killed.close()
    state = State(path)
    assert state.frontier.waiting == 4
    due = [lease_due(state), lease_due(state)]
    assert [(page.key, page.article_id, page.validators) for page in due] == [
        ("b", "demo/b", TAG),
        ("a", "demo/a", TAG),
    ]
    assert (lease_all(state), state.frontier.waiting) == ("ed", 4)
    state.close()


@pytest.mark.parametrize("number", [1, 4])
def test_a_folder_that_is_opened_knows_its_hosts(tmp_path: Path, number: int) -> None:
    path = tmp_path / "state.sqlite"
    before = State(path)
    before.frontier.add_rows("/s", [(str(n), f"http://{n}.test/", f"200{n}") for n in range(number)])
    before.commit()
    before.close()
    state = State(path)
    assert lease_all(state) == "3210"[-number:]
    state.close()


# ---------------------------------------------------------------------------------------------- what becomes of a page


def test_the_page_itself_knows_its_time_better(state: State) -> None:
    state.frontier.add_rows("/s", pages("ac"))
    state.frontier.put_back(lease(state), "2018")
    assert (state.frontier.waiting, lease_all(state, since="2019"), lease_all(state)) == (2, "a", "c")


def test_a_page_that_is_put_back_waits_as_before(state: State) -> None:
    read_once(state, "a", DATE)
    state.frontier.read_again("", UNDATED, 9)
    state.frontier.add_rows("/s", pages("b"))
    due, waiting = lease_due(state), lease(state)
    for page in (due, waiting):
        state.frontier.put_back(page)
    assert (state.frontier.waiting, lease_due(state), lease(state)) == (2, due, waiting)


@pytest.mark.parametrize("validators", [None, TAG, DATE, Validators(etag='"1"', last_modified=DATE.last_modified)])
def test_validators_are_kept_until_the_page_is_read_anew(state: State, validators: Validators | None) -> None:
    read_once(state, "a", validators)
    for _ in range(2):
        state.frontier.read_again("", UNDATED, 9)
        page = lease_due(state)
        assert (page.article_id, page.validators, page.listed_at) == ("demo/a", validators, DAYS["a"])
        state.frontier.keep(page)
    state.frontier.read_again("", UNDATED, 9)
    state.frontier.settle(lease_due(state), "demo/a", "2020-02-02", None)
    state.frontier.read_again("", UNDATED, 9)
    page = lease_due(state)
    assert (page.validators, page.listed_at, state.frontier.waiting) == (None, "2020-02-02", 1)


def read_as(state: State, articles: dict[str, str], host: str = "x.test") -> None:
    """Take in pages of one posting time, and settle each as the article given."""
    state.frontier.add_rows("/s", [(key, f"http://{host}/{key}", "2020") for key in articles])
    for _ in articles:
        page = lease(state)
        state.frontier.settle(page, articles[page.key], None, TAG)


@pytest.mark.parametrize(
    ("at_most", "found"), [(9, ["a", "c", "e"]), (3, ["a", "c", "e"]), (2, ["a", "c"]), (1, ["a"]), (0, [])]
)
def test_an_article_of_several_pages_is_read_again_once(state: State, at_most: int, found: list[str]) -> None:
    read_as(state, {"a": "demo/1", "b": "demo/1", "c": "demo/2"})
    read_as(state, {"d": "demo/1", "e": "demo/3"}, host="y.test")
    for _ in range(2):
        state.frontier.read_again("", UNDATED, at_most)
        assert state.frontier.waiting == len(found)
        pages = [lease_due(state) for _ in found]
        assert [page.key for page in pages] == found
        for page in pages:
            state.frontier.keep(page)


def test_an_article_that_is_due_is_not_made_due_by_another_page(state: State) -> None:
    read_as(state, {"a": "demo/1", "b": "demo/1"})
    for _ in range(2):
        state.frontier.read_again("", UNDATED, 9)
        assert state.frontier.waiting == 1


@pytest.mark.parametrize(
    ("articles", "asked", "told"),
    [
        pytest.param({"a": "demo/1", "b": "demo/2"}, "a", [False], id="no other page"),
        pytest.param({"a": "demo/1", "b": "demo/1"}, "ab", [True, False], id="another page"),
        pytest.param({"a": "demo/1", "b": "demo/1", "c": "demo/1"}, "abc", [True, True, False], id="two others"),
    ],
)
def test_an_article_is_gone_when_its_last_page_is(
    state: State, articles: dict[str, str], asked: str, told: list[bool]
) -> None:
    read_as(state, articles)
    state.frontier.read_again("", UNDATED, 1)
    found = []
    for key in asked:
        assert state.frontier.waiting == 1
        page = lease_due(state)
        assert page.key == key
        found.append(state.frontier.hand_over(page))
    assert found == told
    state.frontier.settle(page, "demo/1", None, None)
    state.frontier.begin_round(Round(NOW, ""))
    state.frontier.read_again("", UNDATED, 9)
    assert lease_all(state) == asked[-1] + ("b" if "demo/2" in articles.values() else "")


def test_a_page_hands_over_to_one_that_is_due_already(state: State) -> None:
    read_as(state, {"a": "demo/1"})
    state.frontier.read_again("", UNDATED, 9)
    first = lease_due(state)
    read_as(state, {"b": "demo/1"})
    state.frontier.read_again("", UNDATED, 9)
    assert (state.frontier.hand_over(first), state.frontier.waiting, lease_due(state).key) == (True, 1, "b")
    assert state.frontier.count_states() == {"failed": 1, "leased": 1}


def test_a_page_that_failed_waits_no_more(state: State) -> None:
    state.frontier.add_rows("/s", pages("ab"))
    state.frontier.fail(lease(state))
    assert (state.frontier.waiting, lease_all(state)) == (1, "a")


def test_a_known_page_that_failed_stays_as_it_was_read(state: State) -> None:
    read_once(state, "a", TAG)
    for failed in range(MAX_ATTEMPTS + 1):
        state.frontier.read_again("", UNDATED, 9)
        page = lease_due(state)
        assert (page.attempts, page.validators) == (failed, TAG)
        state.frontier.fail(page)
        assert state.frontier.waiting == 0
    state.frontier.read_again("", UNDATED, 9)
    state.frontier.keep(lease_due(state))
    state.frontier.read_again("", UNDATED, 9)
    assert lease_due(state).attempts == 0


# ---------------------------------------------------------------------------------------------- listings


def test_how_far_a_listing_was_walked(state: State) -> None:
    assert state.frontier.section("http://x.test/") == SectionWalk(None, None)
    for walk in (SectionWalk("http://x.test/?cur=4", None), SectionWalk(None, "")):
        state.frontier.set_section("http://x.test/", walk)
        assert state.frontier.section("http://x.test/") == walk


@pytest.mark.parametrize(
    ("url", "host"),
    [("http://X.test/a", "x.test"), ("https://x.test:8080/", "x.test:8080"), ("http://[::1]:80/", "[::1]:80")],
)
def test_host_of(url: str, host: str) -> None:
    assert host_of(url) == host
