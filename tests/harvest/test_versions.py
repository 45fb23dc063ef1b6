from datetime import datetime
from typing import Any

import pytest

from harvester.harvest.versions import CONTENT_FIELDS, changed_fields, field_digests
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
