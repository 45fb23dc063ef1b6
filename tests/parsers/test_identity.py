import hashlib
from datetime import UTC, datetime
from io import BytesIO

import pytest

from harvester.fetchers.file import read_stream
from harvester.parsers.identity import UNKNOWN_PORTAL, article_id, portal_of
from harvester.portals.catalogue import Catalogue
from harvester.records import Capture

BUILT_IN = Catalogue.load()
DISTRICT_TIME = datetime(2019, 11, 5, tzinfo=UTC)
LAST_MINUTE = datetime(2025, 6, 30, 16, 59, tzinfo=UTC)
"""23:59 in Vietnam: the last minute of the districts."""
FIRST_MINUTE = datetime(2025, 6, 30, 17, 0, tzinfo=UTC)
BODY = "<p>Một trang</p>".encode()


def capture(url: str | None, captured_at: datetime = DISTRICT_TIME, body: bytes = BODY) -> Capture:
    return read_stream(BytesIO(body), name="page.html", url=url, captured_at=captured_at)


# address, capture time, asked for, portal
PORTALS: list[tuple[str | None, datetime, str | None, str]] = [
    ("https://longbien.hanoi.gov.vn/tin-tuc", DISTRICT_TIME, None, "longbien"),
    ("http://LONGBIEN.hanoi.gov.vn:80/", DISTRICT_TIME, None, "longbien"),
    ("https://portal.longbien.gov.vn/web/guest", DISTRICT_TIME, None, "longbien"),
    ("https://socson.hanoi.gov.vn/", DISTRICT_TIME, None, "socson"),
    ("https://longbien.hanoi.gov.vn/", DISTRICT_TIME, "socson", "socson"),
    ("https://mirror.example.org/", DISTRICT_TIME, "longbien", "longbien"),
    ("https://mirror.example.org/", DISTRICT_TIME, "no-such-portal", "no-such-portal"),
    ("https://sub.longbien.hanoi.gov.vn/", DISTRICT_TIME, None, "sub.longbien.hanoi.gov.vn"),
    ("https://Mirror.Example.org:8443/x", DISTRICT_TIME, None, "mirror.example.org"),
    ("https://longbien.hanoi.gov.vn:8443/x", DISTRICT_TIME, None, "longbien.hanoi.gov.vn"),
    ("not an address", DISTRICT_TIME, None, UNKNOWN_PORTAL),
    (None, DISTRICT_TIME, None, UNKNOWN_PORTAL),
    (None, DISTRICT_TIME, "longbien", "longbien"),
    # one host, two authorities: the district until it ended, then the commune of the same name
    ("https://hoaiduc.hanoi.gov.vn/", DISTRICT_TIME, None, "hoaiduc"),
    ("https://hoaiduc.hanoi.gov.vn/", LAST_MINUTE, None, "hoaiduc"),
    ("https://hoaiduc.hanoi.gov.vn/", FIRST_MINUTE, None, "hoaiduc.hanoi.gov.vn"),
    ("https://hoaiduc.hanoi.gov.vn/", FIRST_MINUTE, "hoaiduc", "hoaiduc"),
]


@pytest.mark.parametrize(("url", "captured_at", "asked_for", "portal"), PORTALS)
def test_portal_of_a_capture(url: str | None, captured_at: datetime, asked_for: str | None, portal: str) -> None:
    assert portal_of(capture(url, captured_at), BUILT_IN, asked_for) == portal


def of(url: str | None, entry_id: str | None, captured_at: datetime = DISTRICT_TIME) -> str:
    return article_id(capture(url, captured_at), BUILT_IN, "longbien", entry_id)


def test_number_of_the_cms() -> None:
    assert of("https://longbien.hanoi.gov.vn/tin-tuc/-/view_content/5310244-a.html", "5310244") == "longbien/5310244"
    assert of("https://longbien.hanoi.gov.vn/x?_101_assetEntryId=5310244", "5310244") == "longbien/5310244"


def test_number_of_a_host_that_counts_its_own() -> None:
    assert of("https://portal.longbien.gov.vn/web/guest/x", "15533071") == "longbien/portal-15533071"
    assert of("http://portal.longbien.gov.vn/x", "1", FIRST_MINUTE) == "longbien/portal-1"


def test_number_on_a_host_that_is_nobodys() -> None:
    assert of("https://mirror.example.org/x", "5310244") == "longbien/5310244"


def hashed(address: str) -> str:
    return f"longbien/u-{hashlib.sha256(address.encode()).hexdigest()[:16]}"


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        (
            "https://longbien.hanoi.gov.vn/a?_101_urlTitle=b&p_p_id=101",
            "https://longbien.hanoi.gov.vn/a?_101_urlTitle=b",
        ),
        ("https://longbien.hanoi.gov.vn/a?p_p_id=7&_101_urlTitle=b", "https://longbien.hanoi.gov.vn/a?_101_urlTitle=b"),
        ("https://longbien.hanoi.gov.vn/vi/a/en;jsessionid=1", "https://longbien.hanoi.gov.vn/a"),
        ("https://longbien.hanoi.gov.vn/ti%CC%81n/vi", "https://longbien.hanoi.gov.vn/t%C3%ADn"),
        ("https://portal.longbien.gov.vn/a", "https://portal.longbien.gov.vn/a"),
    ],
)
def test_hash_of_the_canonical_address(url: str, canonical: str) -> None:
    assert of(url, None) == hashed(canonical)


def test_the_body_alone_names_an_article_without_an_address() -> None:
    expected = f"longbien/f-{hashlib.sha256(BODY).hexdigest()[:16]}"
    assert of(None, None) == of(None, "5310244") == expected
    other = article_id(capture(None, body=BODY + b"\n"), BUILT_IN, "longbien", None)
    assert other != expected


def test_the_hashes_are_these() -> None:
    # Ids are for ever: a change here breaks every dataset that was written.
    assert of("https://longbien.hanoi.gov.vn/a?_101_urlTitle=b", None) == "longbien/u-1793118538c84663"
    assert of(None, None) == "longbien/f-d063af3122c376b6"


def test_after_a_redirect_the_host_that_answered_gives_the_number() -> None:
    asked = capture("https://longbien.hanoi.gov.vn/-/view_content/4507404-a.html")
    answered = asked.model_copy(update={"final_url": "https://portal.longbien.gov.vn/-/view_content/771027-a.html"})
    assert article_id(asked, BUILT_IN, "longbien", "771027") == "longbien/771027"
    assert article_id(answered, BUILT_IN, "longbien", "771027") == "longbien/portal-771027"
    assert portal_of(answered, BUILT_IN) == "longbien"
