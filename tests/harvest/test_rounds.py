from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from harvester.harvest.frontier import MAX_ATTEMPTS, UNDATED, Round
from harvester.harvest.rounds import open_round
from harvester.harvest.state import State
from harvester.portals.catalogue import Portal
from harvester.records import VIETNAM_TIME

PORTAL = Portal(id="x", name="X", deep_look_days=7, revisit_days=3, revisit_articles=4)
NOW = datetime(2025, 6, 30, 8, 0, tzinfo=VIETNAM_TIME)


def days_ago(days: float) -> str:
    return (NOW - timedelta(days=days)).isoformat()


def read(state: State, posts: dict[str, str], host: str = "x.test") -> None:
    """Take in pages by key and posting time, and settle them as articles."""
    rows = [(key, f"http://{host}/{key}", moment) for key, moment in posts.items()]
    state.frontier.add_rows("/s", rows)
    while (page := state.frontier.lease_waiting("", UNDATED, ())) is not None:
        state.frontier.settle(page, f"x/{page.key}", None, None)


def due(state: State) -> str:
    return "".join(page.key for page in iter(lambda: state.frontier.lease_due(()), None))


def waiting(state: State) -> str:
    leases = iter(lambda: state.frontier.lease_waiting("", UNDATED, ()), None)
    return "".join(page.key for page in leases)


def fail_all(state: State) -> None:
    while (page := state.frontier.lease_waiting("", UNDATED, ())) is not None:
        state.frontier.fail(page)


def test_the_first_round_looks_back_as_far_as_there_are_dates(state: State) -> None:
    assert open_round(state.frontier, PORTAL, NOW) == Round(NOW, UNDATED)
    assert (due(state), state.frontier.waiting) == ("", 0)


def test_a_round_that_was_not_ended_is_gone_on_with(state: State) -> None:
    begun = open_round(state.frontier, PORTAL, NOW)
    read(state, {"a": days_ago(1)})
    later = NOW + timedelta(hours=23)
    assert open_round(state.frontier, PORTAL, later) == begun
    assert due(state) == ""
    state.frontier.end_round(later)
    assert state.frontier.open_round() is None
    begun_anew = open_round(state.frontier, PORTAL, later)
    assert begun_anew == Round(later, days_ago(8), reads_again=True) == state.frontier.open_round()
    assert due(state) == "a"


def test_a_round_that_is_open_for_a_day_is_given_up(state: State) -> None:
    open_round(state.frontier, PORTAL, NOW)
    read(state, {"a": days_ago(1)})
    later = NOW + timedelta(days=1)
    begun = open_round(state.frontier, PORTAL, later)
    assert begun == Round(later, days_ago(8), reads_again=True) == state.frontier.open_round()
    assert due(state) == "a"


@pytest.mark.parametrize(("days_ahead", "is_given_up"), [(0.9, False), (1, True), (400, True)])
def test_a_round_of_a_clock_that_went_wrong_is_given_up(state: State, days_ahead: float, is_given_up: bool) -> None:
    wrong = NOW + timedelta(days=days_ahead)
    open_round(state.frontier, PORTAL, wrong)
    assert open_round(state.frontier, PORTAL, NOW).started_at == (NOW if is_given_up else wrong)


@pytest.mark.parametrize(
    ("rounds", "found"),
    [
        pytest.param([(0, "ended"), (0.5, "ended"), (0.6, "")], "aaa", id="rounds that ended"),
        pytest.param([(0, "left"), (1, "left"), (2, "left"), (6.9, "")], "a---", id="given up"),
        pytest.param([(0, "left"), (1, "left"), (7, "left"), (8, "left"), (14, "")], "a-a-a", id="a week is over"),
        pytest.param([(0, "left"), (1, "ended"), (2, "")], "a-a", id="given up, then ended"),
        pytest.param([(0, "ended"), (1, "left"), (2, "")], "aa-", id="ended, then given up"),
        pytest.param([(30, "left"), (0, "left"), (1, "left"), (29, "")], "aa-a", id="a clock that went wrong"),
    ],
)
def test_a_round_given_up_reads_nothing_again_for_a_week(
    state: State, rounds: list[tuple[float, str]], found: str
) -> None:
    """Where a day's requests are too few, due articles would take all of them, and nothing new was ever read."""
    read(state, {"a": days_ago(1)})
    told = ""
    for days, ends in rounds:
        now = NOW + timedelta(days=days)
        begun = open_round(state.frontier, PORTAL, now)
        page = state.frontier.lease_due(())
        assert begun.reads_again == (page is not None)
        told += page.key if page else "-"
        if page:
            state.frontier.keep(page)
        if ends == "ended":
            state.frontier.end_round(now)
    assert told == found


POSTS = {"a": days_ago(1), "b": days_ago(2), "c": days_ago(3.9), "d": days_ago(4), "e": days_ago(4.1), "f": days_ago(9)}


@pytest.mark.parametrize(
    ("settings", "found"),
    [
        pytest.param({}, "abcd", id="within the days, the last moment included"),
        pytest.param({"revisit_days": 30}, "abcd", id="no more than the articles"),
        pytest.param({"revisit_days": 30, "revisit_articles": 5}, "abcde", id="more articles"),
        pytest.param({"revisit_days": 1}, "ab", id="fewer days"),
        pytest.param({"revisit_days": 0}, "a", id="the newest alone"),
        pytest.param({"revisit_articles": 0}, "", id="none"),
        pytest.param({"revisit_days": 400, "revisit_articles": 40}, "abcdef", id="all"),
    ],
)
def test_articles_that_are_read_again(state: State, settings: dict[str, int], found: str) -> None:
    read(state, POSTS)
    open_round(state.frontier, PORTAL.model_copy(update=settings), NOW)
    assert (state.frontier.waiting, due(state)) == (len(found), found)


def test_the_window_is_one_over_all_hosts(state: State) -> None:
    for number, (key, moment) in enumerate(POSTS.items()):
        read(state, {key: moment}, host=f"{number % 2}.test")
    open_round(state.frontier, PORTAL, NOW)
    assert due(state) == "abcd"


@pytest.mark.parametrize(
    ("newest", "look_back_to", "found"),
    [
        pytest.param({}, days_ago(8), "ab", id="none ahead"),
        pytest.param({"z": days_ago(-1)}, days_ago(8), "ab", id="a day ahead"),
        pytest.param({"z": days_ago(-400)}, days_ago(8), "ab", id="a year ahead"),
        pytest.param({f"z{n}": days_ago(-9 - n) for n in range(9)}, days_ago(8), "ab", id="many ahead"),
        pytest.param({"z": days_ago(-0.9)}, days_ago(6.1), "za", id="within the tolerance"),
        pytest.param({"z": UNDATED}, days_ago(8), "ab", id="without a date"),
    ],
)
def test_a_post_ahead_of_the_clock_is_not_the_newest(
    state: State, newest: dict[str, str], look_back_to: str, found: str
) -> None:
    read(state, {"a": days_ago(1), "b": days_ago(3.5), "c": days_ago(9)} | newest)
    assert open_round(state.frontier, PORTAL, NOW).look_back_to == look_back_to
    assert due(state) == found


@pytest.mark.parametrize(("posted_at", "days"), [("0001-01-05T08:00:00+07:00", 5), ("0050-01-01", 36_500)])
def test_nothing_lies_before_the_first_year(state: State, posted_at: str, days: int) -> None:
    read(state, {"a": posted_at})
    portal = PORTAL.model_copy(update={"deep_look_days": days, "revisit_days": days})
    assert (open_round(state.frontier, portal, NOW).look_back_to, due(state)) == ("", "a")


@pytest.mark.parametrize("days", [0, 7, 365])
def test_how_far_a_round_looks_back(state: State, days: int) -> None:
    read(state, {"a": days_ago(1), "b": days_ago(2)})
    portal = PORTAL.model_copy(update={"deep_look_days": days})
    assert open_round(state.frontier, portal, NOW).look_back_to == days_ago(1 + days)


def test_failed_pages_wait_again_once_a_round(state: State) -> None:
    state.frontier.add_rows("/s", [("a", "http://x.test/a", days_ago(1))])
    counts = []
    for number in range(MAX_ATTEMPTS + 2):
        now = NOW + timedelta(hours=number)
        open_round(state.frontier, PORTAL, now)
        counts.append(state.frontier.waiting)
        fail_all(state)
        open_round(state.frontier, PORTAL, now)
        assert (state.frontier.waiting, waiting(state)) == (0, "")
        state.frontier.end_round(now)
    assert counts == [1] * MAX_ATTEMPTS + [0, 0]


def test_a_failed_page_waits_with_its_attempts(state: State) -> None:
    state.frontier.add_rows("/s", [("a", "http://x.test/a", days_ago(1))])
    first = state.frontier.lease_waiting("", UNDATED, ())
    assert first is not None
    state.frontier.fail(first)
    open_round(state.frontier, PORTAL, NOW)
    assert state.frontier.lease_waiting("", UNDATED, ()) == replace(first, attempts=1)


def test_failed_pages_do_not_count_as_known(state: State) -> None:
    state.frontier.add_rows("/s", [("a", "http://x.test/a", days_ago(1))])
    fail_all(state)
    read(state, {"b": days_ago(5)})
    assert open_round(state.frontier, PORTAL, NOW).look_back_to == days_ago(12)
    assert (due(state), waiting(state)) == ("b", "a")


def test_an_ended_round_stays_ended(state: State) -> None:
    open_round(state.frontier, PORTAL, NOW)
    state.frontier.end_round(NOW)
    state.frontier.end_round(NOW + timedelta(hours=1))
    assert state.execute("SELECT started_at, ended_at FROM rounds").fetchall() == [(NOW.isoformat(), NOW.isoformat())]
