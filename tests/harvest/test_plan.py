from datetime import date, datetime

import pytest

from harvester.harvest.plan import CrawlPlan
from harvester.harvest.walk import NEWEST, WHOLE_LISTING
from harvester.records import VIETNAM_TIME

FIRST, LAST = date(2024, 2, 28), date(2024, 2, 29)


@pytest.mark.parametrize(
    ("plan", "first_moment", "end_moment"),
    [
        (CrawlPlan(), WHOLE_LISTING, NEWEST),
        (CrawlPlan(since=FIRST), "2024-02-28T00:00:00+07:00", NEWEST),
        (CrawlPlan(until=LAST), WHOLE_LISTING, "2024-03-01T00:00:00+07:00"),
        (CrawlPlan(since=LAST, until=LAST), "2024-02-29T00:00:00+07:00", "2024-03-01T00:00:00+07:00"),
        (CrawlPlan(since=date.min, until=date.max), "0001-01-01T00:00:00+07:00", NEWEST),
        (CrawlPlan(limit=3), WHOLE_LISTING, NEWEST),
    ],
)
def test_moments_of_a_plan(plan: CrawlPlan, first_moment: str, end_moment: str) -> None:
    assert (plan.first_moment, plan.end_moment) == (first_moment, end_moment)


@pytest.mark.parametrize(
    ("plan", "posted_at", "covered"),
    [
        (CrawlPlan(), None, True),
        (CrawlPlan(), datetime(1, 1, 2, tzinfo=VIETNAM_TIME), True),
        (CrawlPlan(since=FIRST, until=LAST), None, True),
        (CrawlPlan(since=FIRST, until=LAST), datetime(2024, 2, 27, 23, 59, 59, tzinfo=VIETNAM_TIME), False),
        (CrawlPlan(since=FIRST, until=LAST), datetime(2024, 2, 28, tzinfo=VIETNAM_TIME), True),
        (CrawlPlan(since=FIRST, until=LAST), datetime(2024, 2, 29, 23, 59, 59, tzinfo=VIETNAM_TIME), True),
        (CrawlPlan(since=FIRST, until=LAST), datetime(2024, 3, 1, tzinfo=VIETNAM_TIME), False),
        (CrawlPlan(since=LAST, until=FIRST), datetime(2024, 2, 29, tzinfo=VIETNAM_TIME), False),
        (CrawlPlan(until=LAST), datetime(2025, 1, 1, tzinfo=VIETNAM_TIME), False),
        (CrawlPlan(since=LAST), datetime(2025, 1, 1, tzinfo=VIETNAM_TIME), True),
    ],
)
def test_what_a_plan_covers(plan: CrawlPlan, posted_at: datetime | None, covered: bool) -> None:
    assert plan.covers(posted_at) is covered
