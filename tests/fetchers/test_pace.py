from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import pytest

from harvester.errors import BudgetSpent, NotNow, OutsideHours
from harvester.fetchers import pace
from harvester.fetchers.pace import Standing, parse_retry_after
from harvester.portals.catalogue import Host

NOON = datetime.fromisoformat("2025-07-01T12:00:00+07:00").timestamp()
TODAY = 20_270
NEW = Standing()


def host(**fields: Any) -> Host:
    return Host.model_validate({"name": "portal.test", "evidence": "a test", "delay_seconds": 0.0} | fields)


def wait(standing: Standing, now: float = NOON, **fields: Any) -> float:
    return pace.start(standing, host(**fields), now, patience=120)[1]


def pause(standing: Standing = NEW, *, crawl_delay: float = 0.0, latency: float = 0.0, **fields: Any) -> float:
    after, _ = pace.start(standing, host(**fields), NOON, patience=120, crawl_delay=crawl_delay, latency=latency)
    return after.next_start - NOON


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("0", 0.0),
        (" 120 ", 120.0),
        ("9" * 5000, 86_400.0),
        ("Tue, 01 Jul 2025 12:00:30 GMT", 30.0),
        ("Tuesday, 01-Jul-25 12:01:00 GMT", 60.0),
        ("Tue Jul  1 12:00:05 2025", 5.0),
        ("Tue, 01 Jul 2025 19:00:10 +0700", 10.0),
        ("Tue, 01 Jul 2025 12:00:10 -0000", 10.0),
        ("Tue, 01 Jul 2025 11:59:00 GMT", 0.0),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 86_400.0),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("٣", None),
        ("Tue, 01 Jul 99999 12:00:00 GMT", None),
        ("Tue, 99 Jul 2025 12:00:00 GMT", None),
        ("Tue, 01 Jul 2025 12:00:00 +" + "9" * 400, None),
        ("\ud800", None),
    ],
)
def test_retry_after(value: str, seconds: float | None) -> None:
    assert parse_retry_after(value, datetime(2025, 7, 1, 12, 0, 0, tzinfo=UTC)) == seconds


@pytest.mark.parametrize(
    ("seconds", "given"),
    [
        (0, {}),
        (1, {"delay_seconds": 1.0}),
        (5, {"delay_seconds": 1.0, "crawl_delay": 5}),
        (7, {"delay_seconds": 7.0, "crawl_delay": 5}),
        (30, {"crawl_delay": 3600}),
        (60, {"delay_seconds": 60.0, "crawl_delay": 3600}),
        (0, {"latency": 2.0}),
        (2.5, {"latency": 2.5}),
        (60, {"latency": 300}),
        (8, {"standing": Standing(slow_pause=8), "latency": 2.5}),
        (60, {"standing": Standing(slow_pause=1e300)}),
    ],
)
def test_the_longest_of_the_pauses_counts(seconds: float, given: dict[str, Any]) -> None:
    assert pause(**given) == seconds


@pytest.mark.parametrize(
    ("seconds", "standing"),
    [
        (0, Standing()),
        (0, Standing(next_start=NOON)),
        (0, Standing(next_start=NOON - 1)),
        (5, Standing(next_start=NOON + 5)),
        (60, Standing(next_start=NOON + 60)),
        (100, Standing(next_start=NOON + 5, left_alone_until=NOON + 100)),
        (5, Standing(next_start=NOON + 5, left_alone_until=NOON + 2)),
        # No rule sets such times: the clock stood elsewhere.
        (0, Standing(next_start=NOON + 61)),
        (0, Standing(next_start=NOON + 1e12)),
        (0, Standing(next_start=float("inf"), left_alone_until=float("nan"))),
        (0, Standing(left_alone_until=NOON + 86_401)),
        (5, Standing(next_start=NOON + 5, left_alone_until=NOON + 1e12)),
    ],
)
def test_how_long_the_next_request_waits(seconds: float, standing: Standing) -> None:
    assert wait(standing) == seconds


def test_a_delay_longer_than_any_pause_is_waited_out() -> None:
    assert wait(Standing(next_start=NOON + 300), delay_seconds=300.0) == 300


def test_a_host_that_asks_for_much_time_is_not_waited_for() -> None:
    with pytest.raises(NotNow) as caught:
        wait(Standing(left_alone_until=NOON + 3600))
    assert str(caught.value) == "portal.test asked to be left alone until 2025-07-01 13:00 (Vietnam's time)"


def test_outside_its_hours_a_host_is_not_asked() -> None:
    with pytest.raises(OutsideHours) as caught:
        wait(Standing(), allowed_hours="22:00-06:00")
    assert str(caught.value) == (
        "portal.test may be asked at 22:00-06:00 only, again from 2025-07-01 22:00 (Vietnam's time)"
    )
    assert wait(Standing(), NOON + 10 * 3600, allowed_hours="22:00-06:00") == 0


@pytest.mark.parametrize(
    ("day", "requests", "counted"), [(TODAY, 7, 8), (TODAY - 1, 7, 1), (TODAY + 1, 7, 1), (0, 0, 1)]
)
def test_requests_are_counted_by_day(day: int, requests: int, counted: int) -> None:
    after, _ = pace.start(Standing(day=day, requests=requests), host(), NOON, patience=0)
    assert (after.day, after.requests) == (TODAY, counted)


def test_the_days_requests_have_an_end() -> None:
    spent = Standing(day=TODAY, requests=8)
    assert wait(spent, daily_requests=9) == 0
    with pytest.raises(BudgetSpent) as caught:
        wait(spent, daily_requests=8)
    assert str(caught.value) == (
        "the 8 requests that portal.test is allowed a day are used up, again from 2025-07-02 00:00 (Vietnam's time)"
    )
    assert wait(spent, NOON + 12 * 3600, daily_requests=8) == 0


Step = Callable[[Standing, float], Standing]


def slower(began: float, **fields: Any) -> Step:
    return lambda standing, now: pace.slowed(
        standing, host(**fields), now, began=NOON + began, slow_down_seconds=fields.get("slow_down", 1.0)
    )


def better(**fields: Any) -> Step:
    return lambda standing, _now: pace.recovered(standing, host(**fields), slow_down_seconds=1.0)


def pauses(steps: Iterable[Step]) -> list[float]:
    """Take one step a second; return the pause that trouble made after each."""
    standing, seen = Standing(), []
    for second, step in enumerate(steps):
        standing = step(standing, NOON + second)
        seen.append(standing.slow_pause)
    return seen


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ([slower(second) for second in range(8)], [1, 2, 4, 8, 16, 32, 60, 60]),
        ([slower(second, delay_seconds=1.0) for second in range(3)], [2, 4, 8]),
        ([slower(second, delay_seconds=20.0) for second in range(3)], [40, 60, 60]),
        # Three requests under way together: their host was in trouble once.
        ([slower(0), slower(-1), slower(-0.5), slower(2.5)], [1, 1, 1, 2]),
        ([slower(0), slower(1), better(), better()], [1, 2, 1.5, 1.125]),
        (
            [slower(0, delay_seconds=1.0), better(delay_seconds=1.0), *[better(delay_seconds=1.0)] * 2],
            [2, 1.5, 1.125, 0],
        ),
        ([better()], [0]),
    ],
)
def test_trouble_lengthens_the_pause_and_good_answers_shorten_it(steps: list[Step], expected: list[float]) -> None:
    assert pauses(steps) == expected


def test_a_pause_is_over_after_some_good_answers() -> None:
    seen = pauses([slower(0), *[better()] * 12])
    assert seen[-1] == 0
    assert all(later < earlier for earlier, later in pairwise(seen) if earlier)


def test_the_next_start_moves_with_the_pause() -> None:
    assert slower(0)(Standing(next_start=NOON), NOON + 5).next_start == NOON + 6
    assert slower(0)(Standing(next_start=NOON + 9), NOON + 5).next_start == NOON + 9


def test_a_growth_in_the_future_does_not_keep_the_next_from_counting() -> None:
    assert slower(0)(Standing(slow_pause=2, slowed_at=NOON + 1e9), NOON).slow_pause == 4


@pytest.mark.parametrize(
    ("before", "asked", "after"), [(0, 10, 10), (100, 10, 100), (5, 10, 10), (1e9, 10, 10), (0, 1e9, 86_400)]
)
def test_what_a_host_asked_for_is_never_shortened(before: float, asked: float, after: float) -> None:
    standing = Standing(left_alone_until=NOON + before)
    assert pace.left_alone(standing, NOON, asked).left_alone_until == NOON + after
