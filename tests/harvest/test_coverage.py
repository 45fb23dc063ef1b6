from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from harvester.harvest.coverage import Coverage, Gap, find_gaps

FIRST = date(2019, 1, 1)


def days(*intervals: int) -> list[date]:
    found = [FIRST]
    for interval in intervals:
        found.append(found[-1] + timedelta(days=interval))
    return found


DAILY = [1] * 30


@pytest.mark.parametrize(
    ("intervals", "today_after", "expected"),
    [
        ([], None, ()),
        (DAILY, None, ()),
        ([*DAILY, 14, *DAILY], None, ()),
        ([*DAILY, 15, *DAILY], None, (Gap(date(2019, 2, 1), date(2019, 2, 14), 14),)),
        ([0, *DAILY, 0, 0, 15, 0, *DAILY], None, (Gap(date(2019, 2, 1), date(2019, 2, 14), 14),)),
        ([*DAILY, 15], 14, (Gap(date(2019, 2, 1), date(2019, 2, 14), 14),)),
        (DAILY, 14, ()),
        (DAILY, 15, (Gap(date(2019, 2, 1), date(2019, 2, 15), 15),)),
        ([7] * 30, 28, ()),
        ([*[7] * 30, 28], None, ()),
        ([*[7] * 30, 29], None, (Gap(date(2019, 7, 31), date(2019, 8, 27), 28),)),
        ([*[1] * 18, 5, 5, 21, *[1] * 19], None, (Gap(date(2019, 1, 30), date(2019, 2, 18), 20),)),
        ([*[1] * 18, 6, 6, 6, 24, *[1] * 19], None, ()),
        ([1] * 18 + [90], None, ()),
    ],
)
def test_gaps_are_long_for_the_portal(intervals: list[int], today_after: int | None, expected: tuple[Gap, ...]) -> None:
    posted = days(*intervals)
    today = posted[-1] + timedelta(days=today_after) if today_after is not None else None
    assert find_gaps(iter(posted), today) == expected


def test_days_out_of_order_are_refused() -> None:
    with pytest.raises(ValueError, match=r"posting days are not in order: 2019-01-01 after 2019-01-02"):
        find_gaps([FIRST, FIRST + timedelta(days=1), FIRST])


def test_many_posts_are_streamed() -> None:
    def posts() -> Iterator[date]:
        for number in range(200_000):
            yield FIRST + timedelta(days=number // 100 + (400 if number >= 100_000 else 0))

    assert [gap.days for gap in find_gaps(posts())] == [400]


@pytest.mark.parametrize(("stated", "known", "unlisted"), [(None, 5, 0), (40, 31, 9), (40, 52, 0)])
def test_what_no_listing_has_shown(stated: int | None, known: int, unlisted: int) -> None:
    coverage = Coverage(stated=stated, known=known, harvested=3, waiting=1, failed=1)
    assert coverage.unlisted == unlisted
