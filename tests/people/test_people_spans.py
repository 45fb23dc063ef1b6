from datetime import date

import pytest

from harvester.people.groups import NEVER, Span


def span(first: str, last: str) -> Span:
    return Span(date.fromisoformat(first), date.fromisoformat(last))


YEAR = span("2018-01-01", "2018-12-31")


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (YEAR, span("2019-06-01", "2020-01-01"), False),
        (YEAR, span("2018-12-10", "2019-12-31"), False),
        (YEAR, span("2019-01-03", "2019-01-03"), False),
        (YEAR, span("2018-12-10", "2019-01-03"), True),
        (YEAR, span("2018-11-20", "2019-12-31"), True),
        (YEAR, span("2018-06-01", "2018-06-01"), True),
        (YEAR, YEAR, True),
        (span("2018-05-01", "2018-05-01"), span("2018-05-01", "2018-05-01"), True),
        (span("2018-05-01", "2018-05-01"), span("2018-05-20", "2018-05-20"), True),
        (span("2018-05-01", "2018-05-01"), span("2018-06-02", "2018-06-02"), False),
        (YEAR, NEVER, False),
        (NEVER, NEVER, False),
    ],
)
def test_at_once(one: Span, other: Span, expected: bool) -> None:
    assert (one.is_at_once_with(other), other.is_at_once_with(one)) == (expected, expected)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (YEAR, span("2018-12-10", "2019-01-03"), True),
        (YEAR, span("2018-11-20", "2019-12-31"), False),
        (YEAR, span("2018-06-01", "2018-06-01"), False),
        (YEAR, YEAR, False),
        (span("2018-05-01", "2018-05-01"), span("2018-05-20", "2018-05-20"), True),
        (span("2018-05-20", "2018-05-20"), span("2018-05-01", "2018-05-01"), False),
        (YEAR, NEVER, False),
        (NEVER, YEAR, False),
    ],
)
def test_what_closeness_alone_holds_apart(one: Span, other: Span, expected: bool) -> None:
    assert one.leads_to(other) == expected


@pytest.mark.parametrize(
    ("other", "days"),
    [(span("2019-01-10", "2019-02-01"), 10), (span("2018-06-01", "2019-02-01"), 0), (NEVER, date.max.toordinal())],
)
def test_days_between(other: Span, days: int) -> None:
    assert (YEAR.days_to(other), other.days_to(YEAR)) == (days, days)


def test_a_span_reaches_to_what_is_seen() -> None:
    assert NEVER.reaching(None) == NEVER
    assert NEVER.reaching(date(2018, 1, 2)) == span("2018-01-02", "2018-01-02")
    assert YEAR.reaching(date(2017, 1, 2), None, date(2018, 6, 1)) == span("2017-01-02", "2018-12-31")
