from datetime import datetime, timedelta
from typing import Any

import pytest

from harvester.harvest.state import State
from harvester.harvest.versions import CONTENT_FIELDS, changed_fields, field_digests, judge
from harvester.records import VIETNAM_TIME, Article

CAPTURED_AT = datetime(2024, 3, 1, 8, 0, tzinfo=VIETNAM_TIME)
CAPTURE = {
    "captured_at": CAPTURED_AT, "via": "live", "status": 200, "sha256": "0", "archive": None, "charset": "utf-8",
    "tls_verified": None,
}  # fmt: skip
OFFICIAL = {"name": "Trần Văn An", "key": "trần văn an", "honorifics": [], "positions": [], "mentions": []}
FILE = {"url": "http://x.test/documents/1/a.pdf?version=1&t=1570001", "name": "Kế hoạch", "media_type": None}
PLAIN: dict[str, Any] = {
    "id": "demo/1",
    "portal": "demo",
    "url": "http://x.test/1",
    "canonical_url": "https://x.test/-/view_content/1",
    "section": "Tin tức",
    "title": "Lễ khai giảng",
    "posted_at": CAPTURED_AT,
    "posted_precision": "minute",
    "view_count": 5,
    "summary": "Tóm tắt",
    "body": "Nội dung",
    "author": "Minh Anh",
    "source": "Báo",
    "images": [{"url": "http://x.test/1.jpg", "caption": "Ảnh", "alt": None}],
    "attachments": [FILE],
    "capture": CAPTURE,
    "parser": {"family": "hanoi-liferay", "version": "1"},
}


def changed(**changes: Any) -> tuple[str, ...]:
    """Return what a version with these changes is said to have changed."""
    now = field_digests(Article.model_validate(PLAIN | changes))
    return changed_fields(field_digests(Article.model_validate(PLAIN)), now)


@pytest.mark.parametrize(
    "changes",
    [
        {"title": "Lễ bế giảng"},
        {"posted_at": CAPTURED_AT.replace(minute=1)},
        {"posted_at": None},
        {"section": None},
        {"summary": None},
        {"body": "Nội dung khác"},
        {"body": "Nội dung "},
        {"author": None},
        {"source": None},
        {"images": []},
        {"images": [{"url": "http://x.test/1.jpg", "caption": None, "alt": None}]},
        {"images": [{"url": "http://x.test/1.jpg", "caption": "Ảnh", "alt": "Ảnh"}]},
        {"attachments": []},
        {"attachments": [FILE, FILE]},
        {"attachments": [FILE | {"name": "Quyết định"}]},
        {"attachments": [FILE | {"url": "http://x.test/documents/1/a.pdf?version=2&t=1570001"}]},
        {"author": "Báo", "source": "Minh Anh"},
        {"title": "Nội dung", "summary": None, "body": "Lễ khai giảng", "images": [], "attachments": []},
        {"title": "B", "posted_at": None, "section": "B", "summary": "B", "body": None, "author": "B", "source": "B"},
    ],
    ids=str,
)
def test_a_version_says_which_fields_changed(changes: dict[str, Any]) -> None:
    assert changed(**changes) == tuple(name for name in CONTENT_FIELDS if name in changes) != ()


@pytest.mark.parametrize(
    "changes",
    [
        {"view_count": 6},
        {"view_count": None},
        {"capture": CAPTURE | {"sha256": "1", "status": None, "via": "file"}},
        {"parser": {"family": "plain-text", "version": "2"}},
        {"evidence": {"title": {"raw": "Lễ khai giảng", "where": "h1"}}},
        {"warnings": ["no posted line was found"]},
        {"related": ["http://x.test/2"]},
        {"officials": [OFFICIAL]},
        {"same_as": "demo/0"},
        {"title": "Lê\u0303 khai gia\u0309ng"},
        {"attachments": [FILE | {"url": "http://x.test/documents/1/a.pdf?version=1&t=1999999"}]},
        {"attachments": [FILE | {"url": "http://x.test/documents/1/a.pdf;jsessionid=AB?version=1&jsessionid=9"}]},
        {"attachments": [FILE | {"media_type": "application/pdf"}]},
    ],
    ids=str,
)
def test_what_makes_none(changes: dict[str, Any]) -> None:
    assert changed(**changes) == ()


def test_a_field_that_had_no_digest_yet_is_changed() -> None:
    digests = field_digests(Article.model_validate(PLAIN))
    assert set(digests) == set(CONTENT_FIELDS)
    assert changed_fields({}, digests) == CONTENT_FIELDS


# ---------------------------------------------------------------------------------------------- new, changed, unchanged

A = "http://a.test/tin/-/view_content/1-x.html"
B = "http://b.test/tin/-/view_content/9-x.html"
LATER = CAPTURED_AT + timedelta(minutes=1)


def article(article_id: str = "demo/1", url: str | None = A, **changes: Any) -> Article:
    return Article.model_validate(PLAIN | {"id": article_id, "url": url} | changes)


@pytest.mark.parametrize(
    ("earlier", "later", "outcome", "given"),
    [
        pytest.param((), article(), "new", {}, id="unknown"),
        pytest.param((article(),), article(), "unchanged", {}, id="the same"),
        pytest.param((article(),), article(view_count=6), "unchanged", {}, id="seen more often"),
        pytest.param(
            (article(),), article(body="B"), "changed", {"version": 2, "changed": ("body",)}, id="another body"
        ),
        pytest.param(
            (article(), article(body="B")), article(), "changed", {"version": 3, "changed": ("body",)}, id="back again"
        ),
        pytest.param(
            (article(),),
            article(title="Lễ", section=None, author="An"),
            "changed",
            {"version": 2, "changed": ("title", "section", "author")},
            id="several fields",
        ),
        pytest.param((article(),), article(url=A + "/en", section="Khác"), "unchanged", {}, id="another address"),
        pytest.param(
            (article(),),
            article(url=A + "/en", section="Khác", body="B"),
            "changed",
            {"version": 2, "changed": ("body",)},
            id="another address, and another body",
        ),
        pytest.param(
            (article(), article(url=A + "/en", section="Khác", body="B")),
            article(body="B"),
            "unchanged",
            {},
            id="the first address again",
        ),
        pytest.param(
            (article(url=None),),
            article(url=None, body="B"),
            "changed",
            {"version": 2, "changed": ("body",)},
            id="a file that changed",
        ),
        pytest.param((article(),), article("demo/b-9", B), "new", {"same_as": "demo/1"}, id="the same on another host"),
        pytest.param((article(),), article("demo/2", A), "new", {}, id="the same on the same host"),
        pytest.param((article(),), article("demo/b-9", B, title="Lễ bế giảng"), "new", {}, id="another title"),
        pytest.param((article(posted_at=None),), article("demo/b-9", B, posted_at=None), "new", {}, id="no time"),
        pytest.param((article(),), article("demo/b-9", B, posted_at=LATER), "new", {}, id="later"),
        pytest.param(
            (article(), article("demo/b-9", B)),
            article("demo/b-9", B, title="Lễ bế giảng"),
            "changed",
            {"version": 2, "changed": ("title",), "same_as": "demo/1"},
            id="what an article is the same as stays, whatever becomes of it",
        ),
    ],
)
def test_judge(
    state: State, earlier: tuple[Article, ...], later: Article, outcome: str, given: dict[str, object]
) -> None:
    for one in earlier:
        judge(state.known, one)
    judged, found = judge(state.known, later)
    assert (found, judged) == (outcome, later.model_copy(update=given))


def test_versions_are_counted(state: State) -> None:
    judged = [judge(state.known, article(body=body))[0] for body in ("A", "B", "B", "C")]
    assert [one.version for one in judged] == [1, 2, 1, 3]
    known = state.known.get("demo/1")
    assert known is not None
    assert (known.version, state.known.count()) == (3, 1)


def captured(minutes: int, via: str, body: str) -> Article:
    moment = CAPTURED_AT + timedelta(minutes=minutes)
    return article(body=body, capture=CAPTURE | {"captured_at": moment, "via": via})


@pytest.mark.parametrize(
    ("seen", "versions"),
    [
        pytest.param([(5, "live", "A"), (4, "file", "B")], [1, None], id="what was saved before is past"),
        pytest.param([(5, "live", "A"), (5, "file", "B")], [1, 2], id="at the same moment"),
        pytest.param([(5, "live", "A"), (6, "warc", "B")], [1, 2], id="what was saved after is present"),
        pytest.param([(5, "file", "A"), (4, "wayback", "B"), (6, "file", "C")], [1, None, 2], id="saved pages alone"),
        pytest.param([(5, "file", "A"), (4, "live", "B"), (3, "file", "C")], [1, 2, None], id="live is the present"),
    ],
)
def test_the_past_is_no_version(state: State, seen: list[tuple[int, str, str]], versions: list[int | None]) -> None:
    judged = [judge(state.known, captured(*one)) for one in seen]
    assert [None if outcome == "unchanged" else one.version for one, outcome in judged] == versions
