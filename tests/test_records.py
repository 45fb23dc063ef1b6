import inspect
import unicodedata
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from pydantic import ValidationError

from harvester import records
from harvester.records import VIETNAM_TIME, Article, Capture, Failure, Observation, Official, Record, Reference, Span

MOMENT = datetime(2024, 3, 1, 20, 30, tzinfo=UTC)
DECOMPOSED = unicodedata.normalize("NFD", "Nguyễn Thị Bưởi")
COMPOSED = "Nguyễn Thị Bưởi"
RECORDS = [kind for _, kind in inspect.getmembers(records, inspect.isclass) if issubclass(kind, Record)]

NOTE = {
    "captured_at": MOMENT, "via": "file", "status": None, "sha256": "0", "archive": None, "charset": None,
    "tls_verified": None,
}  # fmt: skip
ARTICLE: dict[str, Any] = {
    "id": "demo/1", "portal": "demo", "url": None, "canonical_url": None, "section": None, "title": "Tin",
    "posted_at": None, "posted_precision": None, "view_count": None, "summary": None, "body": None, "author": None,
    "source": None, "capture": NOTE, "parser": {"family": "plain-text", "version": "1"},
}  # fmt: skip
OFFICIAL = {"name": COMPOSED, "key": "", "honorifics": (), "positions": (), "mentions": (), "event_role": "speaks"}
OBSERVATION = {"id": "demo/1", "observed_at": MOMENT, "via": "live", "view_count": 3}
FAILURE = {
    "url": "http://x.test/", "stage": "fetch", "error": "TimedOut", "message": "no answer", "failed_at": MOMENT,
    "attempt": 1,
}  # fmt: skip


@pytest.mark.parametrize("kind", RECORDS, ids=lambda kind: kind.__name__)
def test_every_record_is_frozen_and_knows_its_fields(kind: type[Record]) -> None:
    assert kind.model_config["frozen"] is True
    assert kind.model_config["extra"] == "forbid"


def test_a_record_does_not_change() -> None:
    article = Article.model_validate(ARTICLE)
    with pytest.raises(ValidationError, match="Instance is frozen"):
        article.title = "Khác"
    assert article.title == "Tin"


@pytest.mark.parametrize(
    ("kind", "fields"),
    [(Article, ARTICLE), (Observation, OBSERVATION), (Failure, FAILURE), (Span, {"start": 0, "end": 1})],
)
def test_unknown_fields_are_refused(kind: type[Record], fields: dict[str, Any]) -> None:
    assert kind.model_validate(fields).model_dump().items() >= {}.items()
    with pytest.raises(ValidationError, match="Extra inputs are not permitted"):
        kind.model_validate(fields | {"surprise": 1})


@pytest.mark.parametrize("field", ["section", "title", "summary", "body", "author", "source"])
def test_text_is_composed(field: str) -> None:
    assert getattr(Article.model_validate(ARTICLE | {field: DECOMPOSED}), field) == COMPOSED


def test_a_reference_is_composed() -> None:
    assert Reference(start=0, end=9, text=DECOMPOSED).text == COMPOSED


def test_an_official_may_have_neither_references_nor_a_role() -> None:
    official = Official(name=COMPOSED, key="", honorifics=(), positions=(), mentions=())
    assert (official.references, official.event_role) == ((), None)


def test_text_in_lists_is_composed() -> None:
    official = Official(name=DECOMPOSED, key=DECOMPOSED, honorifics=(DECOMPOSED,), positions=(), mentions=())
    assert (official.name, official.key, official.honorifics) == (COMPOSED, COMPOSED, (COMPOSED,))
    assert Article.model_validate(ARTICLE | {"warnings": [DECOMPOSED]}).warnings == (COMPOSED,)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (MOMENT, "2024-03-02T03:30:00+07:00"),
        (datetime(2024, 3, 1, 8, 0, tzinfo=VIETNAM_TIME), "2024-03-01T08:00:00+07:00"),
        (datetime(2024, 3, 1, 8, 0, tzinfo=timezone(timedelta(hours=-5))), "2024-03-01T20:00:00+07:00"),
        ("2024-03-01T01:00:00Z", "2024-03-01T08:00:00+07:00"),
    ],
)
def test_times_are_vietnams(given: datetime | str, kept: str) -> None:
    observation = Observation.model_validate(OBSERVATION | {"observed_at": given})
    assert observation.observed_at.isoformat() == kept
    assert Article.model_validate(ARTICLE | {"posted_at": given}).model_dump(mode="json")["posted_at"] == kept


@pytest.mark.parametrize(
    "moment", ["9999-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00", datetime.max.replace(tzinfo=UTC)]
)
def test_a_time_beyond_the_calendar_is_refused(moment: datetime | str) -> None:
    with pytest.raises(ValidationError, match="in Vietnam's time it lies outside the years 1 to 9999"):
        Observation.model_validate(OBSERVATION | {"observed_at": moment})


@pytest.mark.parametrize("naive", [datetime(2024, 3, 1, 8, 0), "2024-03-01T08:00:00"])  # noqa: DTZ001
def test_a_time_without_a_zone_is_refused(naive: datetime | str) -> None:
    with pytest.raises(ValidationError, match="timezone"):
        Observation.model_validate(OBSERVATION | {"observed_at": naive})


@pytest.mark.parametrize(
    ("kind", "fields", "wrong"),
    [
        (Span, {"start": 0, "end": 1}, {"start": -1}),
        (Official, OFFICIAL, {"event_role": "sings"}),
        (Observation, OBSERVATION, {"view_count": -1}),
        (Observation, OBSERVATION, {"via": "ftp"}),
        (Failure, FAILURE, {"attempt": 0}),
        (Failure, FAILURE, {"stage": "guess"}),
        (Article, ARTICLE, {"posted_precision": "hour"}),
        (Article, ARTICLE, {"schema_version": "2"}),
        (Article, ARTICLE, {"title": None}),
    ],
)
def test_values_out_of_range_are_refused(kind: type[Record], fields: dict[str, Any], wrong: dict[str, Any]) -> None:
    kind.model_validate(fields)
    with pytest.raises(ValidationError):
        kind.model_validate(fields | wrong)


@pytest.mark.parametrize(
    ("name", "value"), [("content-type", "text/html"), ("set-cookie", "a=1"), ("location", None), ("Set-Cookie", None)]
)
def test_the_first_header_of_a_name(name: str, value: str | None) -> None:
    headers = (("content-type", "text/html"), ("set-cookie", "a=1"), ("set-cookie", "b=2"))
    capture = Capture(
        url=None, final_url=None, status=200, headers=headers, body=b"", captured_at=MOMENT, via="live", sha256="0",
        tls_verified=None,
    )  # fmt: skip
    assert capture.header(name) == value


def test_an_article_comes_back_from_its_line() -> None:
    article = Article.model_validate(ARTICLE | {"posted_at": MOMENT, "body": COMPOSED, "images": [
        {"url": None, "caption": "Ảnh", "alt": None}]})  # fmt: skip
    assert Article.model_validate_json(article.model_dump_json()) == article
