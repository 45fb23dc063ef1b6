import asyncio
import hashlib
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from harvester.errors import HttpStatusError
from harvester.fetchers.validators import validators_of
from harvester.records import Capture, Validators

if TYPE_CHECKING:
    from conftest import Seen, Site

DATE = "Tue, 01 Jul 2025 12:00:00 GMT"
BOTH = Validators(etag='W/"7"', last_modified=DATE)


def capture(*headers: tuple[str, str]) -> Capture:
    return Capture(
        url=None,
        final_url=None,
        status=200,
        headers=headers,
        body=b"",
        captured_at=datetime(2025, 7, 1, tzinfo=UTC),
        via="live",
        sha256="",
        tls_verified=None,
    )


def fetch(site: "Site", path: str, validators: Validators | None) -> Capture:
    async def once() -> Capture:
        async with site.fetcher() as fetcher:
            return await fetcher.fetch(f"http://portal.test{path}", validators)

    return asyncio.run(once())


def sent(seen: "Seen") -> dict[str, str]:
    return {name: value for name, value in seen.headers.items() if name.startswith("If-")}


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ([("etag", '"7"'), ("last-modified", DATE)], Validators(etag='"7"', last_modified=DATE)),
        ([("etag", ' W/"7" ')], Validators(etag='W/"7"')),
        ([("etag", "unquoted")], Validators(etag="unquoted")),
        ([("last-modified", DATE)], Validators(last_modified=DATE)),
        ([("etag", ""), ("last-modified", "")], None),
        ([("last-modified", "yesterday")], None),
        ([("last-modified", f"{DATE} {'x' * 64}")], None),
        ([("etag", '"é"'), ("last-modified", DATE)], Validators(last_modified=DATE)),
        ([("etag", f'"{"x" * 1_023}"')], None),
        ([("content-type", "text/html")], None),
    ],
)
def test_validators_of_a_capture(headers: list[tuple[str, str]], expected: Validators | None) -> None:
    assert validators_of(capture(*headers)) == expected


def test_what_a_host_gave_is_sent_back(site: "Site") -> None:
    site.answer("/a", b"page", headers={"ETag": 'W/"7"', "Last-Modified": DATE})
    site.answer("/a", status=304, headers={"ETag": 'W/"8"'})
    first = fetch(site, "/a", None)
    second = fetch(site, "/a", validators_of(first))
    assert [sent(seen) for seen in site.seen if seen.path == "/a"] == [
        {},
        {"If-None-Match": 'W/"7"', "If-Modified-Since": DATE},
    ]
    assert (second.status, second.body, second.sha256) == (304, b"", hashlib.sha256(b"").hexdigest())
    assert (second.url, second.final_url) == (first.url, first.final_url)
    assert validators_of(second) == Validators(etag='W/"8"')


def test_page_that_changed_comes_whole(site: "Site") -> None:
    site.answer("/a", b"new", headers={"ETag": '"8"'})
    answer = fetch(site, "/a", Validators(etag='"7"'))
    assert (answer.status, answer.body) == (200, b"new")


@pytest.mark.parametrize(
    ("validators", "headers"),
    [
        (Validators(), {}),
        (Validators(etag='"7"\r\nX-Injected: 1'), {}),
        (Validators(etag='"\x00"', last_modified=DATE), {"If-Modified-Since": DATE}),
        (Validators(etag='"7"', last_modified=f"{DATE}\r\nX: 1"), {"If-None-Match": '"7"'}),
        (Validators(etag='"đ"', last_modified="9" * 5_000), {}),
        (Validators(etag="x" * 1_000_000), {}),
    ],
)
def test_values_that_cannot_have_been_given_are_dropped(
    site: "Site", validators: Validators, headers: dict[str, str]
) -> None:
    site.answer("/a", b"page")
    fetch(site, "/a", validators)
    assert sent(site.seen[-1]) == headers
    assert "X-Injected" not in site.seen[-1].headers


@pytest.mark.parametrize("validators", [None, Validators(), Validators(etag="\n")])
def test_304_that_nobody_asked_for_is_no_page(site: "Site", validators: Validators | None) -> None:
    site.answer("/a", status=304)
    with pytest.raises(HttpStatusError, match="the host answered 304"):
        fetch(site, "/a", validators)


def test_validators_go_to_their_address_only(site: "Site") -> None:
    site.answer("/a", status=302, headers={"Location": "/b"})
    site.answer("/b", status=304)
    with pytest.raises(HttpStatusError, match=r"the host answered 304 \[http://portal.test/b\]"):
        fetch(site, "/a", BOTH)
    assert [sent(seen) for seen in site.seen] == [{}, {"If-None-Match": 'W/"7"', "If-Modified-Since": DATE}, {}]


def test_validators_are_sent_again_with_the_next_attempt(site: "Site") -> None:
    site.answer("/a", status=503)
    site.answer("/a", status=304)
    assert fetch(site, "/a", BOTH).status == 304
    assert len([seen for seen in site.seen if sent(seen)]) == 2
