"""How much of a portal is here: its own totals against what was harvested, and the gaps in the posting days."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

MIN_GAP_DAYS = 14
"""Intervals up to this long are no gaps: a portal rests over Tết, and an office is ill."""
USUAL_SHARE, TIMES_THE_USUAL = 0.95, 4
MIN_INTERVALS = 20
"""Posting days show no rhythm before there are as many intervals between them."""

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Gap:
    """Days without a post, first and last included."""

    first_day: date
    last_day: date
    days: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """What the portal says it has, and what is here.

    `stated` adds up the totals that the listings print, None where none does; an article in two listings counts
    twice there. `known` are the addresses listed so far, of them `harvested`, `waiting` and `failed`.
    """

    stated: int | None
    known: int
    harvested: int
    waiting: int
    failed: int
    gaps: tuple[Gap, ...] = ()

    @property
    def unlisted(self) -> int:
        """Return how many articles the portal states that no listing has shown yet."""
        return max(0, (self.stated or 0) - self.known)


def find_gaps(days: Iterable[date], today: date | None = None) -> tuple[Gap, ...]:
    """Return the gaps that are unusual for the portal: longer than two weeks, and than four times the usual interval.

    The usual interval is the shortest that 95 % of the intervals between posting days do not exceed.

    Args:
        days: posting days from old to new, each as often as it occurs; read once, in bounded memory.
        today: ends the last gap, None where the portal is not expected to go on.

    Raises:
        ValueError: the days are not in order.
    """
    intervals: Counter[int] = Counter()
    candidates: list[tuple[date, date, int]] = []  # bounded by the calendar: a century has 2,600 of them
    last: date | None = None
    for day in days:
        if last is not None and day != last:
            if day < last:
                raise ValueError(f"posting days are not in order: {day} after {last}")
            intervals[(day - last).days] += 1
            if (day - last).days > MIN_GAP_DAYS:
                candidates.append((last + _DAY, day - _DAY, (day - last).days))
        last = day
    if last is not None and today is not None and (today - last).days > MIN_GAP_DAYS:
        candidates.append((last + _DAY, today, (today - last).days))
    if intervals.total() < MIN_INTERVALS:
        return ()
    bound = max(MIN_GAP_DAYS, TIMES_THE_USUAL * _usual(intervals))
    return tuple(
        Gap(first, final, (final - first).days + 1) for first, final, interval in candidates if interval > bound
    )


def _usual(intervals: Counter[int]) -> int:
    """Return the shortest interval, in days, that the usual share of all does not exceed."""
    wanted, seen = USUAL_SHARE * intervals.total(), 0
    for interval, count in sorted(intervals.items()):
        seen += count
        if seen >= wanted:
            return interval
    return 0
