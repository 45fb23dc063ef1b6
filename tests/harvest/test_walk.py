from dataclasses import replace
from datetime import datetime

import pytest

from harvester.harvest.frontier import UNDATED, SectionWalk
from harvester.harvest.walk import (
    MAX_FAILURES,
    MAX_REPEATS,
    NEWEST,
    WHOLE_LISTING,
    SectionFront,
    advance,
    broken_off,
    end_walk,
    failed,
    next_listing,
    open_section,
    row_date,
    row_key,
    safe_front,
)
from harvester.records import VIETNAM_TIME, Listing, ListingRow, ParserNote

START, SECOND, THIRD, NINTH = (f"http://x.test/tin-tuc?cur={n}" for n in (1, 2, 3, 9))
NEVER = SectionWalk(None, None)
WHOLE = SectionWalk(None, WHOLE_LISTING)


def day(year: int) -> str:
    return f"{year:04}-01-01T00:00:00+07:00"


def row(year: int | None, url: str | None = None, entry_id: str | None = None) -> ListingRow:
    return ListingRow(
        url=url or f"http://x.test/tin/{year}",
        entry_id=entry_id,
        title="Tin",
        posted_at=datetime(year, 1, 1, tzinfo=VIETNAM_TIME) if year else None,
        posted_precision="day" if year else None,
        view_count=None,
        summary=None,
    )


def page(*years: int | None, next_url: str | None = THIRD) -> Listing:
    return Listing(
        url=SECOND,
        section="Tin tức",
        rows=tuple(map(row, years)),
        next_url=next_url,
        first=None,
        last=None,
        total=None,
        parser=ParserNote(family="hanoi-liferay", version="1"),
    )


def cut_short(*years: int) -> Listing:
    return page(*years, next_url=None).model_copy(update={"first": 1, "last": len(years), "total": 243})


def front(walk: SectionWalk = NEVER, next_url: str | None = SECOND, known_to: str = day(2022)) -> SectionFront:
    return SectionFront(START, walk, next_url, front=known_to, in_flight=True)


def keys(listing: Listing) -> frozenset[str]:
    return frozenset(map(row_key, listing.rows))


def since_page(year: int, walk: SectionWalk = NEVER) -> SectionFront:
    return replace(front(walk), first_keys=keys(page(year)))


def walked(next_url: str | None, known_to: str, walk: SectionWalk) -> SectionFront:
    return SectionFront(START, walk, next_url, front=known_to, in_flight=False)


@pytest.mark.parametrize(
    ("before", "listing", "unknown", "since", "after"),
    [
        pytest.param(
            front(), page(2021, 2020), 2, WHOLE_LISTING, walked(THIRD, day(2020), NEVER), id="on to the next page"
        ),
        pytest.param(
            front(), page(2020, 2021), 0, WHOLE_LISTING, walked(THIRD, day(2020), NEVER), id="known from elsewhere"
        ),
        pytest.param(
            front(), page(2021, next_url=None), 1, WHOLE_LISTING, walked(None, day(2021), WHOLE), id="the last page"
        ),
        pytest.param(front(), page(), 0, WHOLE_LISTING, walked(None, day(2022), NEVER), id="a page without rows"),
        pytest.param(
            front(WHOLE),
            cut_short(2021),
            0,
            WHOLE_LISTING,
            walked(None, day(2021), NEVER),
            id="no pager, but more rows",
        ),
        pytest.param(
            since_page(2021), page(2021), 0, WHOLE_LISTING, walked(None, day(2021), WHOLE), id="back at the first page"
        ),
        pytest.param(
            since_page(2021, SectionWalk(NINTH, None)),
            page(2021),
            0,
            WHOLE_LISTING,
            walked(None, day(2021), SectionWalk(NINTH, None)),
            id="back at the first page before the place where the last walk broke off",
        ),
        pytest.param(front(WHOLE), page(1, 2, 3), 0, WHOLE_LISTING, walked(THIRD, day(1), WHOLE), id="old to new"),
        pytest.param(
            front(known_to=day(2015)), page(2021, 2020), 0, WHOLE_LISTING, walked(THIRD, day(2015), NEVER), id="pinned"
        ),
        pytest.param(
            front(),
            page(2021, next_url=SECOND),
            1,
            WHOLE_LISTING,
            walked(None, day(2021), WHOLE),
            id="a page in a circle",
        ),
        pytest.param(
            replace(front(), last_keys=keys(page(2021, 2020))),
            page(2020, 2021),
            0,
            WHOLE_LISTING,
            replace(walked(THIRD, day(2020), NEVER), repeats=1),
            id="the same rows on another page",
        ),
        pytest.param(
            replace(front(), last_keys=keys(page(2021, 2020)), repeats=MAX_REPEATS - 1),
            page(2020, 2021),
            0,
            WHOLE_LISTING,
            replace(walked(None, day(2020), WHOLE), repeats=MAX_REPEATS),
            id="the same rows again and again",
        ),
        pytest.param(
            replace(front(), last_keys=keys(page(2021))),
            page(2021, 2020),
            1,
            WHOLE_LISTING,
            walked(THIRD, day(2020), NEVER),
            id="some of the rows again",
        ),
        pytest.param(
            front(),
            page(2019, 2018),
            2,
            day(2020),
            walked(None, day(2018), SectionWalk(None, day(2020))),
            id="all older than asked for",
        ),
        pytest.param(
            front(), page(2020, 2019), 2, day(2020), walked(THIRD, day(2019), NEVER), id="one not older than asked for"
        ),
        pytest.param(
            front(WHOLE),
            page(2021, 2020),
            0,
            WHOLE_LISTING,
            walked(None, day(2020), WHOLE),
            id="known after a whole walk",
        ),
        pytest.param(
            front(WHOLE), page(2021, 2020), 0, day(2020), walked(None, day(2020), WHOLE), id="known, and less asked for"
        ),
        pytest.param(
            front(WHOLE), page(2021, 2020), 1, WHOLE_LISTING, walked(THIRD, day(2020), WHOLE), id="one new after a walk"
        ),
        pytest.param(
            front(SectionWalk(None, day(2019))),
            page(2021, 2020),
            0,
            WHOLE_LISTING,
            walked(THIRD, day(2020), SectionWalk(None, day(2019))),
            id="known, but the walk before was shorter",
        ),
        pytest.param(
            front(SectionWalk(NINTH, None)),
            page(2021, 2020),
            0,
            WHOLE_LISTING,
            walked(NINTH, day(2020), NEVER),
            id="on to where the last walk broke off",
        ),
        pytest.param(
            front(SectionWalk(NINTH, None)),
            page(2021, 2020),
            1,
            WHOLE_LISTING,
            walked(THIRD, day(2020), NEVER),
            id="new rows have moved the page where the last walk broke off",
        ),
        pytest.param(
            front(SectionWalk(NINTH, WHOLE_LISTING)),
            page(2021, 2020),
            0,
            WHOLE_LISTING,
            walked(NINTH, day(2020), WHOLE),
            id="a walk after the whole one broke off",
        ),
        pytest.param(
            front(SectionWalk(NINTH, WHOLE_LISTING)),
            page(2021, 2020),
            1,
            WHOLE_LISTING,
            walked(THIRD, day(2020), NEVER),
            id="a walk after the whole one broke off, and new rows have moved the page",
        ),
        pytest.param(
            front(WHOLE), page(2019), 0, day(2020), walked(None, day(2019), WHOLE), id="nothing new, whole walk kept"
        ),
        pytest.param(
            front(SectionWalk(NINTH, None)),
            page(2019),
            0,
            day(2020),
            walked(None, day(2019), SectionWalk(NINTH, None)),
            id="nothing new, the place where the last walk broke off is kept",
        ),
        pytest.param(
            front(WHOLE),
            page(2019),
            1,
            day(2020),
            walked(None, day(2019), SectionWalk(None, day(2020))),
            id="unknown rows older than asked for end the knowledge of the whole",
        ),
        pytest.param(
            front(), page(2021, None), 2, WHOLE_LISTING, walked(THIRD, day(2021), NEVER), id="a row without a date"
        ),
        pytest.param(front(), page(None, None), 2, day(2020), walked(THIRD, day(2022), NEVER), id="no row with a date"),
        pytest.param(
            front(known_to=day(2015)), page(2021), 1, WHOLE_LISTING, walked(THIRD, day(2015), NEVER), id="newer again"
        ),
    ],
)
def test_advance(before: SectionFront, listing: Listing, unknown: int, since: str, after: SectionFront) -> None:
    after = replace(after, first_keys=before.first_keys or keys(listing), last_keys=keys(listing))
    assert advance(before, listing, unknown_rows=unknown, since=since, look_back_to=UNDATED) == after


@pytest.mark.parametrize(
    ("before", "listing", "unknown", "look_back_to", "after"),
    [
        pytest.param(
            front(WHOLE), page(2021, 2020), 0, day(2022), walked(None, day(2020), WHOLE), id="all older than the look"
        ),
        pytest.param(
            front(WHOLE), page(2021, 2020), 0, day(2021), walked(THIRD, day(2020), WHOLE), id="the newest at its end"
        ),
        pytest.param(
            front(WHOLE), page(2021, 2018), 0, day(2019), walked(THIRD, day(2018), WHOLE), id="some within the look"
        ),
        pytest.param(
            front(WHOLE), page(2021), 1, day(2022), walked(THIRD, day(2021), WHOLE), id="older, and one is new"
        ),
        pytest.param(
            front(WHOLE), page(2021, next_url=None), 0, day(2019), walked(None, day(2021), WHOLE), id="the last page"
        ),
        pytest.param(
            front(WHOLE), page(None, None), 0, day(2019), walked(None, day(2022), WHOLE), id="known rows without a date"
        ),
        pytest.param(
            front(WHOLE), page(None, 2020), 0, day(2019), walked(THIRD, day(2020), WHOLE), id="one date, not older"
        ),
        pytest.param(
            front(SectionWalk(NINTH, None)),
            page(2021),
            0,
            day(2022),
            walked(NINTH, day(2021), NEVER),
            id="older, and on to where the last walk broke off",
        ),
        pytest.param(
            front(SectionWalk(NINTH, WHOLE_LISTING)),
            page(2021),
            0,
            day(2021),
            walked(THIRD, day(2021), SectionWalk(NINTH, WHOLE_LISTING)),
            id="within the look, the place where the last walk broke off is kept for later",
        ),
    ],
)
def test_a_walk_looks_back_behind_what_is_known(
    before: SectionFront, listing: Listing, unknown: int, look_back_to: str, after: SectionFront
) -> None:
    after = replace(after, first_keys=before.first_keys or keys(listing), last_keys=keys(listing))
    assert advance(before, listing, unknown_rows=unknown, since=WHOLE_LISTING, look_back_to=look_back_to) == after


@pytest.mark.parametrize("look_back_to", [day(2018), day(2021), UNDATED])
@pytest.mark.parametrize("walk", [WHOLE, SectionWalk(None, day(2015)), SectionWalk(NINTH, WHOLE_LISTING)])
def test_what_is_known_of_a_listing_outlives_a_walk_that_was_asked_for_less(
    walk: SectionWalk, look_back_to: str
) -> None:
    after = advance(front(walk), page(2019), unknown_rows=0, since=day(2020), look_back_to=look_back_to)
    assert (after.next_url, after.walk) == (None, walk)


def test_a_page_that_was_read_forgives_the_failures_before_it() -> None:
    before = replace(front(), failures=2)
    assert advance(before, page(2021), unknown_rows=1, since="", look_back_to=UNDATED).failures == 0


@pytest.mark.parametrize(
    ("failures", "may_pass", "after"),
    [
        (0, True, replace(front(), in_flight=False, failures=1)),
        (MAX_FAILURES - 2, True, replace(front(), in_flight=False, failures=MAX_FAILURES - 1)),
        (MAX_FAILURES - 1, True, replace(end_walk(front()), failures=MAX_FAILURES - 1)),
        (0, False, end_walk(front())),
    ],
)
def test_a_page_that_could_not_be_read_is_asked_for_again(failures: int, may_pass: bool, after: SectionFront) -> None:
    assert failed(replace(front(), failures=failures), may_pass=may_pass) == after


@pytest.mark.parametrize(
    ("walk", "next_url", "noted"),
    [
        (NEVER, SECOND, SectionWalk(SECOND, None)),
        (WHOLE, THIRD, SectionWalk(THIRD, WHOLE_LISTING)),
        (SectionWalk(NINTH, None), START, SectionWalk(NINTH, None)),
    ],
)
def test_a_walk_that_is_ended_goes_on_from_there_later(walk: SectionWalk, next_url: str, noted: SectionWalk) -> None:
    ended = end_walk(front(walk, next_url=next_url))
    assert (ended.next_url, ended.in_flight, ended.walk, broken_off(ended)) == (None, False, noted, noted)


@pytest.mark.parametrize(
    ("stopped", "noted"),
    [
        pytest.param(front(next_url=None), NEVER, id="at its end"),
        pytest.param(front(WHOLE, next_url=None), WHOLE, id="at its end, whole"),
        pytest.param(front(next_url=START), NEVER, id="before its start"),
        pytest.param(
            front(SectionWalk(NINTH, None), next_url=START), SectionWalk(NINTH, None), id="before its start again"
        ),
        pytest.param(front(next_url=THIRD), SectionWalk(THIRD, None), id="in the middle"),
        pytest.param(
            front(WHOLE, next_url=THIRD), SectionWalk(THIRD, WHOLE_LISTING), id="in the middle after a whole walk"
        ),
    ],
)
def test_broken_off(stopped: SectionFront, noted: SectionWalk) -> None:
    assert broken_off(stopped) == noted


def test_an_opened_section_is_read_from_its_first_page() -> None:
    assert open_section(START, WHOLE) == SectionFront(START, WHOLE, next_url=START, front=NEWEST, in_flight=False)


OLDER = SectionFront("http://x.test/a", NEVER, "http://x.test/a?cur=2", front=day(2019))
NEWER = SectionFront("http://y.test/b", NEVER, "http://y.test/b?cur=2", front=day(2021))
ENDED = SectionFront("http://x.test/c", WHOLE, None, front=day(2022))
FLYING = SectionFront("http://x.test/d", NEVER, "http://x.test/d", front=NEWEST, in_flight=True)


@pytest.mark.parametrize(
    ("fronts", "without_hosts", "next_one", "safe"),
    [
        ([], (), None, WHOLE_LISTING),
        ([ENDED], (), None, WHOLE_LISTING),
        ([OLDER, NEWER, ENDED], (), NEWER, day(2021)),
        ([OLDER, NEWER, ENDED], ("y.test",), OLDER, day(2021)),
        ([OLDER, NEWER, ENDED], ("x.test", "y.test"), None, day(2021)),
        ([OLDER, FLYING], (), OLDER, NEWEST),
        ([FLYING], (), None, NEWEST),
    ],
)
def test_which_listing_is_next_and_what_is_safe(
    fronts: list[SectionFront], without_hosts: tuple[str, ...], next_one: SectionFront | None, safe: str
) -> None:
    assert (next_listing(fronts, without_hosts), safe_front(fronts)) == (next_one, safe)


def test_times_that_are_not_known_sort_last_and_first() -> None:
    assert WHOLE_LISTING < day(2016) < day(2017) < NEWEST


@pytest.mark.parametrize(("year", "date"), [(2020, day(2020)), (None, UNDATED)])
def test_row_date(year: int | None, date: str) -> None:
    assert row_date(row(year)) == date


@pytest.mark.parametrize(
    ("url", "entry_id", "key"),
    [
        ("http://x.test/tin/-/view_content/7-a.html/en", "7", "https://x.test/-/view_content/7"),
        ("http://x.test/khac/-/view_content/7-b.html", "7", "https://x.test/-/view_content/7"),
        ("http://x.test/tin/bai?inheritRedirect=false", None, "http://x.test/tin/bai"),
    ],
)
def test_row_key(url: str, entry_id: str | None, key: str) -> None:
    assert row_key(row(2020, url, entry_id)) == key
