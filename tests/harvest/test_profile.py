from datetime import datetime, timedelta

import orjson
import pytest
from pydantic import ValidationError

from harvester.errors import CutShort, FieldNotFound, HarvesterError, TimedOut
from harvester.harvest.profile import ARTICLES_OF_ANY_ERA, MEASURED_ARTICLES, Profile, pooled, size_class
from harvester.records import VIETNAM_TIME, Article, Listing

NOW = datetime(2024, 3, 1, 8, 0, tzinfo=VIETNAM_TIME)


def article(**fields: object) -> Article:
    plain = {
        "id": "demo/1", "portal": "demo", "url": None, "canonical_url": None, "section": None, "title": "Hội thi",
        "posted_at": None, "posted_precision": None, "view_count": None, "summary": None, "body": None,
        "author": None, "source": None,
        "capture": {"captured_at": NOW, "via": "file", "status": None, "sha256": "0", "archive": None,
                    "charset": None, "tls_verified": None},
        "parser": {"family": "plain-text", "version": "1"},
    }  # fmt: skip
    return Article.model_validate(plain | fields)


def listing(*rows: dict[str, object]) -> Listing:
    plain = {"url": "http://x.test/1", "entry_id": None, "title": "Tin", "posted_at": None, "posted_precision": None,
             "view_count": None, "summary": None}  # fmt: skip
    return Listing.model_validate({
        "url": None, "section": None, "rows": [plain | row for row in rows], "next_url": None, "first": None,
        "last": None, "total": None, "parser": {"family": "plain-text", "version": "1"},
    })  # fmt: skip


def taken(**fields: object) -> Profile:
    profile = Profile()
    profile.take(article(**fields))
    return profile


def evidence(name: str, where: str) -> dict[str, object]:
    return {"evidence": {name: {"raw": "", "where": where}}}


@pytest.mark.parametrize(
    ("fields", "measured", "expected"),
    [
        ({}, ("title", "filled"), {"yes": 1}),
        ({}, ("title", "size"), {"4-15": 1}),
        ({}, ("body", "filled"), {"no": 1}),
        ({}, ("body", "size"), {}),
        ({"body": ""}, ("body", "filled"), {"no": 1}),
        ({"body": "a" * 1_024}, ("body", "size"), {"1024-4095": 1}),
        ({"related": ["http://x.test/"] * 3}, ("related", "size"), {"1-3": 1}),
        ({"view_count": 0}, ("view_count", "filled"), {"yes": 1}),
        ({"view_count": 99_999}, ("view_count", "size"), {"ordinary": 1}),
        ({"view_count": 100_000}, ("view_count", "size"), {"100000 or more": 1}),
        ({"posted_at": NOW, "posted_precision": "day"}, ("posted_at", "precision"), {"day": 1}),
        ({"posted_at": NOW + timedelta(hours=24)}, ("posted_at", "in the future"), {"no": 1}),
        ({"posted_at": NOW + timedelta(hours=25)}, ("posted_at", "in the future"), {"yes": 1}),
        ({}, ("posted_at", "in the future"), {}),
        (evidence("posted_at", "div.assetPublishDate"), ("posted_at", "where"), {"div.assetPublishDate": 1}),
        (evidence("title", "line 12"), ("title", "where"), {"line": 1}),
        ({}, ("pages", "family"), {"plain-text": 1}),
        ({}, ("pages", "outcome"), {"article": 1}),
    ],
)
def test_an_article_is_measured(fields: dict[str, object], measured: tuple[str, str], expected: dict[str, int]) -> None:
    assert taken(**fields).tally(measured) == expected


@pytest.mark.parametrize(
    ("size", "expected"),
    [(0, "0"), (1, "1-3"), (3, "1-3"), (4, "4-15"), (15, "4-15"), (16, "16-63"), (10_000_000, "4194304-16777215")],
)
def test_size_classes(size: int, expected: str) -> None:
    assert size_class(size) == expected


def test_listings_are_measured_by_page_and_row() -> None:
    profile = Profile()
    profile.take_listing(listing({"posted_at": NOW, "summary": "Lễ hội"}, {"posted_at": NOW}, {"view_count": 0}))
    profile.take_listing(listing())
    assert profile.tally(("listing", "outcome")) == {"listing": 2}
    assert profile.tally(("listing", "rows")) == {"0": 1, "1-3": 1}
    assert profile.tally(("listing", "posted_at")) == {"yes": 2, "no": 1}
    assert profile.tally(("listing", "view_count")) == {"yes": 1, "no": 2}
    assert profile.tally(("listing", "summary")) == {"yes": 1, "no": 2}


def test_failures_are_counted_by_reason_and_those_of_reading_by_page() -> None:
    profile = Profile()
    errors: list[HarvesterError] = [
        FieldNotFound("none", field="title"), FieldNotFound("none", field="body"), CutShort("cut"), TimedOut("late"),
    ]  # fmt: skip
    for error in errors:
        profile.take_failure(error, "article")
    profile.take_failure(CutShort("cut"), "listing")
    assert profile.failures == {"FieldNotFound:title": 1, "FieldNotFound:body": 1, "CutShort": 2, "TimedOut": 1}
    assert profile.tally(("pages", "outcome")) == {"FieldNotFound:title": 1, "FieldNotFound:body": 1, "CutShort": 1}
    assert profile.tally(("listing", "outcome")) == {"CutShort": 1}


def test_a_page_that_had_failed_before_is_no_news_unless_a_field_is_missing() -> None:
    profile = Profile()
    for error in (CutShort("cut"), FieldNotFound("none", field="body")):
        profile.take_failure(error, "article", failed_before=True)
    assert profile.failures == {"CutShort": 1, "FieldNotFound:body": 1}
    assert profile.tally(("pages", "outcome")) == {"FieldNotFound:body": 1}


def test_fill_rates_are_shares_of_everything_read() -> None:
    profile = Profile()
    assert profile.fill_rates() == {}
    for fields in ({"body": "A", "related": ["http://x.test/"]}, {"body": "B", "images": []}, {"section": "Tin"}):
        profile.take(article(**fields), known=True)
    rates = profile.fill_rates()
    assert {name: rate for name, rate in rates.items() if rate} == {
        "title": 1.0,
        "body": 0.6667,
        "related": 0.3333,
        "section": 0.3333,
    }


def test_fields_that_are_not_read_are_not_measured() -> None:
    profile = Profile(skipped=("officials", "citations"))
    profile.take(article(body="A"))
    assert not profile.fill_rates().keys() & {"officials", "citations"}
    assert profile.tally(("officials", "filled")) == {}


def test_beyond_the_first_hundred_articles_of_another_era_count_for_the_fill_rates_alone() -> None:
    profile = Profile()
    for _ in range(ARTICLES_OF_ANY_ERA - 1):
        profile.take(article(posted_at=NOW))
    old, older = NOW - timedelta(days=400), NOW - timedelta(days=401)
    for posted_at in (older, older, old, None, NOW + timedelta(days=9_000)):
        profile.take(article(posted_at=posted_at))
    assert profile.newest == NOW.date()
    assert profile.articles == ARTICLES_OF_ANY_ERA + 4
    assert profile.fill_rates()["posted_at"] == round((ARTICLES_OF_ANY_ERA + 3) / (ARTICLES_OF_ANY_ERA + 4), 4)
    assert profile.tally(("posted_at", "filled")) == {"yes": ARTICLES_OF_ANY_ERA + 2, "no": 1}


def test_of_a_long_run_the_newest_articles_are_measured() -> None:
    profile = Profile()
    for number in range(MEASURED_ARTICLES + 10):
        profile.take(article(author="An" if number < MEASURED_ARTICLES else None))
    assert profile.tally(("author", "filled")) == {"yes": MEASURED_ARTICLES}
    assert profile.tally(("pages", "outcome")) == {"article": MEASURED_ARTICLES + 10}
    assert profile.fill_rates()["author"] == round(MEASURED_ARTICLES / (MEASURED_ARTICLES + 10), 4)


def test_only_first_readings_are_kept_for_later_runs() -> None:
    profile = Profile()
    profile.take(article(author="An"))
    profile.take(article(), known=True)
    profile.take_revisit(gone=False)
    profile.take_listing(listing())
    kept = Profile.from_json(orjson.loads(orjson.dumps(profile.as_json())))
    for measured in profile.measured():
        assert kept.first_tally(measured) == profile.first_tally(measured)
    assert profile.tally(("author", "filled")) == {"yes": 1, "no": 1}
    assert kept.tally(("author", "filled")) == {"yes": 1}
    assert kept.tally(("revisited", "gone")) == {"no": 1}
    assert kept.newest == profile.newest
    assert pooled([profile, kept], ("author", "filled")) == {"yes": 2}


def test_what_is_held_back_or_failed_before_counts_for_this_run_alone() -> None:
    profile = Profile()
    profile.take(article(posted_at=NOW))
    profile.take(article(), held_back=True)
    profile.take(article(), known=True, held_back=True)
    profile.take_failure(FieldNotFound("none", field="body"), "article", failed_before=True)
    assert profile.articles == 3
    assert profile.tally(("posted_at", "filled")) == {"yes": 1, "no": 2}
    assert profile.first_tally(("posted_at", "filled")) == {"yes": 1}
    assert profile.tally(("pages", "outcome")) == {"article": 3, "FieldNotFound:body": 1}
    assert profile.first_tally(("pages", "outcome")) == {"article": 1}


def test_a_profile_without_readings_is_empty() -> None:
    assert Profile().is_empty
    assert Profile.from_json(Profile().as_json()).is_empty
    assert not taken().is_empty


def test_a_tally_holds_a_bounded_number_of_values() -> None:
    profile = Profile()
    for number in range(100):
        profile.take(article(**evidence("title", f"div.c{number}")))
    tally = profile.tally(("title", "where"))
    assert (len(tally), tally.total(), tally["other"]) == (31, 100, 70)


@pytest.mark.parametrize("stored", [None, [], {}, {"newest": None}, {"newest": "x", "fields": {}}, {"fields": 1}])
def test_what_is_no_profile_is_refused(stored: object) -> None:
    with pytest.raises(ValidationError):
        Profile.from_json(stored)
