from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from harvester.errors import BotChallenge, CutShort, FieldNotFound, HarvesterError, TimedOut
from harvester.harvest.drift import ACCEPTED_AFTER, Drift, PastRun, baseline, find_drift, must_have
from harvester.harvest.profile import Profile
from harvester.records import VIETNAM_TIME, Article, CaptureNote, Evidence, Listing, ListingRow, ParserNote

NOW = datetime(2024, 3, 1, 8, 0, tzinfo=VIETNAM_TIME)
CAPTURE = CaptureNote.model_construct(captured_at=NOW)
PARSER = ParserNote(family="hanoi-liferay", version="1")
PLACE, FALLBACK = "div.assetPublishDate", "portlet text"
USUAL: dict[str, Any] = {
    "title": "Phường tổ chức ngày hội đọc sách", "section": "Tin tức", "posted_at": NOW, "posted_precision": "minute",
    "view_count": 120, "summary": "Sáng nay, phường tổ chức ngày hội.", "body": "chữ " * 300, "author": None,
    "source": None, "images": (None,), "attachments": (), "related": (None,) * 6, "officials": (None,), "citations": (),
    "capture": CAPTURE, "parser": PARSER,
}  # fmt: skip
UNDATED: dict[str, Any] = {"posted_at": None, "posted_precision": None}
ROW: dict[str, Any] = {"posted_at": NOW, "view_count": None, "summary": None}


def article(where: str = PLACE, **fields: Any) -> Article:
    found = Article.model_construct(**{**USUAL, **fields})
    places = {"posted_at": where} if found.posted_at else {}
    evidence = {name: Evidence(raw="", where=place) for name, place in places.items()}
    return found.model_copy(update={"evidence": evidence})


def read(
    number: int, *, known: bool = False, held_back: bool = False, into: Profile | None = None, **fields: Any
) -> Profile:
    profile = into or Profile()
    for _ in range(number):
        profile.take(article(**fields), known=known, held_back=held_back)
    return profile


def history(*profiles: Profile) -> list[PastRun]:
    return [PastRun(profile) for profile in profiles]


def listing(rows: int, **fields: Any) -> Listing:
    row = ListingRow.model_construct(**(ROW | fields))
    return Listing.model_construct(rows=(row,) * rows)


def listed(pages: int, rows: int = 10, **fields: Any) -> Profile:
    profile = Profile()
    for _ in range(pages):
        profile.take_listing(listing(rows, **fields))
    return profile


def failed(pages: int, error: HarvesterError, articles: int = 0) -> Profile:
    profile = read(articles)
    for _ in range(pages):
        profile.take_failure(error, "article")
    return profile


def revisited(gone: int, there: int) -> Profile:
    profile = Profile()
    for is_gone in [True] * gone + [False] * there:
        profile.take_revisit(gone=is_gone)
    return profile


NO_TITLE = FieldNotFound("none", field="title")
FIRST_RUN = history(read(100))
CASES: list[tuple[str, Profile, Sequence[PastRun], list[str]]] = [
    ("nothing new", read(10), FIRST_RUN, []),
    ("nothing read", Profile(), FIRST_RUN, []),
    ("class renamed", read(5, where=FALLBACK), FIRST_RUN,
     ["posted_at: where “portlet text” in 100% of 5, used to be 0%"]),
    ("class renamed, revisits", read(5, where=FALLBACK, known=True), FIRST_RUN,
     ["posted_at: where “portlet text” in 100% of 5, used to be 0%"]),
    ("class renamed, smallest history", read(5, where=FALLBACK), history(read(20)),
     ["posted_at: where “portlet text” in 100% of 5, used to be 2%"]),
    ("class renamed, too little history", read(30, where=FALLBACK), history(read(19)), []),
    ("class renamed, too few articles", read(4, where=FALLBACK), history(read(100)), []),
    ("class renamed on a part of the site", read(12, where=FALLBACK, into=read(12)), FIRST_RUN,
     ["posted_at: where “portlet text” in 50% of 24, used to be 0%"]),
    ("one odd page", read(1, where=FALLBACK, into=read(9)), FIRST_RUN, []),
    ("dates lost", read(5, **UNDATED), FIRST_RUN,
     ["posted_at: filled in 0% of 5, used to be 100%"]),
    ("dates lost, smallest history", read(5, **UNDATED), history(read(20)),
     ["posted_at: filled in 0% of 5, used to be 98%"]),
    ("dates lost, all held back", read(5, held_back=True, **UNDATED), history(read(20)),
     ["posted_at: filled in 0% of 5, used to be 98%"]),
    ("dates lost, too little history", read(5, **UNDATED), history(read(19)),
     ["posted_at: 5 of 5 articles were read without it"]),
    ("no dates, first run", read(9, **UNDATED, into=read(1)), [], ["posted_at: 9 of 10 articles were read without it"]),
    ("half without dates, first run", read(5, **UNDATED, into=read(5)), [], []),
    ("no dates, as ever", read(5, **UNDATED), history(read(20, **UNDATED)), []),
    ("no bodies, first run", read(5, body=None), [], ["body: 5 of 5 articles were read without it"]),
    ("clock read as date", read(6, posted_at=NOW + timedelta(days=30)), FIRST_RUN,
     ["posted_at: in the future in 100% of 6, used to be 0%"]),
    ("time of day lost", read(6, posted_precision="day"), FIRST_RUN,
     ["posted_at: precision “day” in 100% of 6, used to be 0%"]),
    ("site counter", read(10, view_count=4_127_905), FIRST_RUN,
     ["view_count: size “100000 or more” in 100% of 10, used to be 0%"]),
    ("views lost", read(5, view_count=None), FIRST_RUN, ["view_count: filled in 0% of 5, used to be 100%"]),
    ("body cut", read(10, body="chữ"), FIRST_RUN, ["body: size “1-3” in 100% of 10, used to be 0%"]),
    ("body and menu", read(10, body="chữ " * 9_000), FIRST_RUN,
     ["body: size “16384-65535” in 100% of 10, used to be 0%"]),
    ("account as author", read(10, author="admin"), FIRST_RUN, ["author: filled in 100% of 10, used to be 0%"]),
    ("author in half", read(5, author="Mai", into=read(5)), history(read(50, into=read(50, author="Mai"))), []),
    ("pictures lost", read(10, images=()), FIRST_RUN, ["images: filled in 0% of 10, used to be 100%"]),
    ("pictures lost, smallest history", read(10, images=()), history(read(40)),
     ["images: filled in 0% of 10, used to be 99%"]),
    ("pictures lost, too little history", read(30, images=()), history(read(39)), []),
    ("other CMS", read(5, parser=ParserNote(family="plain-text", version="1")), FIRST_RUN,
     ["pages: family “plain-text” in 100% of 5, used to be 0%"]),
    ("title gone, first run", failed(5, NO_TITLE), [], ["title: 5 of 5 article pages were read without it"]),
    ("title gone, mostly", failed(9, NO_TITLE, articles=1), [], ["title: 9 of 10 article pages were read without it"]),
    ("title gone, half, first run", failed(5, NO_TITLE, articles=5), [], []),
    ("title gone, half", failed(10, NO_TITLE, articles=10), FIRST_RUN,
     ["title: not found in 50% of 20, used to be 0%"]),
    ("few pages, first run", failed(4, NO_TITLE), [], []),
    ("cut pages", failed(8, CutShort("cut")), FIRST_RUN, ["pages: outcome “CutShort” in 100% of 8, used to be 0%"]),
    ("challenges", failed(8, BotChallenge("no")), FIRST_RUN,
     ["pages: outcome “BotChallenge” in 100% of 8, used to be 0%"]),
    ("outage", failed(30, TimedOut("late"), articles=5), FIRST_RUN, []),
    ("fewer failures", read(20), history(failed(50, CutShort("cut"), articles=50)), []),
    ("all gone, first look", revisited(9, 1), [], ["revisited: 9 of 10 known articles are gone"]),
    ("half gone, first look", revisited(5, 5), [], []),
    ("half gone", revisited(10, 10), history(revisited(0, 60)), ["revisited: gone in 50% of 20, used to be 1%"]),
    ("fewer gone", revisited(0, 20), history(revisited(30, 30)), []),
    ("rows without dates", listed(1, posted_at=None), history(listed(10)),
     ["listing.posted_at: given in 0% of 10, used to be 100%"]),
    ("rows without dates, smallest history", listed(1, posted_at=None), history(listed(2)),
     ["listing.posted_at: given in 0% of 10, used to be 98%"]),
    ("rows lost", listed(10, rows=1), history(listed(60)), ["listing: rows “1-3” in 100% of 10, used to be 1%"]),
    ("another era", read(10, posted_at=NOW - timedelta(days=900), where=FALLBACK), FIRST_RUN, []),
    ("undated in no era", read(5, **UNDATED), history(read(100, posted_at=NOW)),
     ["posted_at: filled in 0% of 5, used to be 100%"]),
]  # fmt: skip


@pytest.mark.parametrize(("profile", "past", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_drift(profile: Profile, past: Sequence[PastRun], expected: list[str]) -> None:
    assert [drift.text for drift in find_drift(profile, past)] == expected


def test_a_drift_is_told_in_numbers() -> None:
    assert find_drift(read(8, where=FALLBACK), FIRST_RUN) == (
        Drift(
            field="posted_at",
            measure="where",
            value=FALLBACK,
            expected=0.005,
            found=1.0,
            sample=8,
            runs=1,
            text="posted_at: where “portlet text” in 100% of 8, used to be 0%",
        ),
    )


def test_one_line_a_field() -> None:
    held_back = read(8, **UNDATED, view_count=None)
    for _ in range(8):
        held_back.take_failure(FieldNotFound("none", field="posted_at"), "article")
    found = find_drift(held_back, FIRST_RUN)
    assert [(drift.field, drift.measure) for drift in found] == [("posted_at", "filled"), ("view_count", "filled")]


def crawl(*steps: Profile) -> list[PastRun]:
    runs: list[PastRun] = []
    for profile in steps:
        runs.append(PastRun(profile, find_drift(profile, runs)))
    return runs


def accepted(runs: list[PastRun]) -> list[PastRun]:
    return [*runs[:-1], replace(runs[-1], accepted=True)]


def drifted(runs: Sequence[PastRun]) -> list[bool]:
    return [bool(run.drift) for run in runs]


def test_small_runs_are_added_up() -> None:
    runs = crawl(read(100), *(read(1, where=FALLBACK) for _ in range(7)))
    assert drifted(runs) == [False] * 5 + [True] * 3
    assert [(drift.sample, drift.runs) for drift in runs[5].drift] == [(5, 5)]
    assert baseline(runs, "posted_at") == [runs[0].profile]


def test_the_same_articles_read_again_are_not_added_up() -> None:
    assert drifted(crawl(read(100), *(read(1, where=FALLBACK, known=True) for _ in range(9)))) == [False] * 10


def test_a_slow_portal_is_added_up_over_the_quiet_days_between() -> None:
    weeks = [run for _ in range(5) for run in (*(listed(1) for _ in range(6)), read(1, **UNDATED))]
    runs = crawl(read(100), *weeks)
    assert [number for number, run in enumerate(runs) if run.drift] == [len(weeks)]
    assert [(drift.sample, drift.runs) for drift in runs[-1].drift] == [(5, 5)]
    assert must_have(runs) == {"posted_at", "body"}


def test_a_first_run_without_dates_is_accepted_by_hand_or_after_some_runs() -> None:
    runs = crawl(*(read(6, **UNDATED) for _ in range(ACCEPTED_AFTER + 1)))
    assert drifted(runs) == [True] * ACCEPTED_AFTER + [False]
    assert find_drift(read(6, **UNDATED), accepted(runs[:1])) == ()


def test_a_drift_does_not_become_the_norm_at_once() -> None:
    runs = crawl(read(100), *(read(8, where=FALLBACK) for _ in range(ACCEPTED_AFTER)), read(8))
    assert drifted(runs) == [False] + [True] * ACCEPTED_AFTER + [True]
    assert runs[-1].drift[0].text == "posted_at: where “div.assetPublishDate” in 100% of 8, used to be 1%"


def test_a_lasting_change_is_accepted() -> None:
    changed = [read(8, where=FALLBACK) for _ in range(ACCEPTED_AFTER + 2)]
    runs = crawl(read(100), *changed)
    assert drifted(runs) == [False] + [True] * ACCEPTED_AFTER + [False] * 2
    assert baseline(runs, "posted_at") == changed
    assert baseline(runs, "title") == [run.profile for run in runs]


def test_a_passing_change_leaves_no_trace() -> None:
    changed = [read(8, where=FALLBACK) for _ in range(ACCEPTED_AFTER - 1)]
    runs = crawl(read(100), *changed, read(8), read(8, where=FALLBACK))
    assert drifted(runs) == [False] + [True] * (ACCEPTED_AFTER - 1) + [False, True]
    assert baseline(runs, "posted_at") == [runs[0].profile, runs[-2].profile]


def test_a_change_is_accepted_by_hand() -> None:
    runs = accepted(crawl(read(100), read(60, where=FALLBACK), read(60, where=FALLBACK)))
    assert find_drift(read(8, where=FALLBACK), runs) == ()
    assert [drift.field for drift in find_drift(read(8), runs)] == ["posted_at"]


@pytest.mark.parametrize(
    ("past", "expected"),
    [
        ([], set()),
        (history(read(9)), set()),
        (history(read(5), read(5)), {"posted_at", "body"}),
        (history(read(19, into=read(1, body=None))), {"posted_at"}),
        (history(read(19), read(1, body=None)), {"posted_at", "body"}),
        (history(read(10), *(read(1, body=None) for _ in range(4))), {"posted_at", "body"}),
        (history(read(10), *(read(1, body=None) for _ in range(5))), {"posted_at"}),
        (history(read(20), read(9, held_back=True, **UNDATED)), {"posted_at", "body"}),
        (history(read(9), read(9, held_back=True)), set()),
        (accepted(crawl(read(20), read(5, held_back=True, **UNDATED))), {"body"}),
        (history(read(99, into=read(1, body=None))), {"posted_at", "body"}),
        (history(read(98, into=read(2, body=None))), {"posted_at"}),
        (history(read(50), read(100, known=True, posted_at=None)), {"posted_at", "body"}),
        (crawl(read(100), read(30, **UNDATED)), {"posted_at", "body"}),
        (crawl(read(100), *(read(9, **UNDATED) for _ in range(ACCEPTED_AFTER))), {"body"}),
    ],
)  # fmt: skip
def test_what_every_article_must_have(past: Sequence[PastRun], expected: set[str]) -> None:
    assert must_have(past) == expected


def test_a_listing_that_ends_before_its_total_needs_no_history() -> None:
    profile = Profile()
    profile.take_cut_short()
    assert [drift.text for drift in find_drift(profile, [])] == [
        "next_url: 1 listings offer no next page before the last of the rows they count"
    ]
