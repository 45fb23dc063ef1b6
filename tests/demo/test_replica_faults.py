import gzip
import http.client
import re
import socket
import threading
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import fields
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest

from harvester.demo.broken_answers import BROKEN_ANSWERS
from harvester.demo.faults import ANSWER_FAULTS, HARMLESS_FAULTS, LISTING_FAULTS, Fault, Faults
from harvester.demo.odd_pages import ODD_PAGES, plain_target
from harvester.demo.request_log import LoggedRequest
from harvester.demo.server import Replica
from harvester.demo.site import ROWS_PER_PAGE, compose_site, expected_articles, listing_address, view_content
from harvester.demo.texts import SECTIONS
from harvester.demo.variants import TEMPLATES

DOCS = (Path(__file__).parents[2] / "docs" / "replica.md").read_text(encoding="utf-8")
SITE = compose_site(20)
ARTICLE = next(one for one in expected_articles(SITE) if one.view_count is not None)
ADDRESS = view_content(SECTIONS[0], ARTICLE)
SHORT = 0.15
PASSING_ONCE = 1


@contextmanager
def troubled(kind: str, tries: int | None = None, pause_seconds: float = SHORT) -> Iterator[Replica]:
    faults = Faults(
        1,
        share=0,
        listing_share=0,
        listings=(kind,) if kind in LISTING_FAULTS else (),
        chosen={} if kind in LISTING_FAULTS else {ARTICLE.entry_id: Fault(kind, tries)},
        pause_seconds=pause_seconds,
        drip_seconds=0.01,
    )
    with Replica(site=SITE, faults=faults, slow_seconds=0) as replica:
        yield replica


def fetch(replica: Replica, target: str, timeout: float = 10, **headers: str) -> tuple[int, dict[str, str], bytes]:
    client = http.client.HTTPConnection(replica.address, timeout=timeout)
    try:
        client.request("GET", target, headers={"Accept-Encoding": "gzip", **headers})
        reply = client.getresponse()
        return reply.status, {name.lower(): value for name, value in reply.getheaders()}, reply.read()
    finally:
        client.close()


def page_of(replica: Replica, target: str) -> str:
    return gzip.decompress(fetch(replica, target)[2]).decode()


# ---------------------------------------------------------------------------------------------- answers


@pytest.mark.parametrize("kind", ["server-error", "too-many-requests", "too-many-requests-until"])
def test_a_refusal_is_a_status(kind: str) -> None:
    with troubled(kind) as replica:
        statuses = [fetch(replica, ADDRESS)[0] for _ in range(5)]
    assert statuses == ([500, 502, 503, 504, 500] if kind == "server-error" else [429] * 5)


def test_retry_after_comes_as_seconds_and_as_a_date() -> None:
    with troubled("too-many-requests") as replica:
        assert fetch(replica, ADDRESS)[1]["retry-after"] == "1"
        (logged,) = replica.log
        assert logged.wait_until is not None
        assert 0.9 < logged.wait_until - logged.finished <= 1
    with troubled("too-many-requests-until") as replica:
        moment = parsedate_to_datetime(fetch(replica, ADDRESS)[1]["retry-after"]).timestamp()
        (logged,) = replica.log
        assert logged.wait_until is not None
        assert logged.started_at + 1 <= moment < logged.started_at + 2.1
        assert abs(logged.wait_until - logged.started - (moment - logged.started_at)) < 0.05


def test_a_wrong_clock_is_wrong_in_both_dates() -> None:
    with troubled("too-many-requests-wrong-clock") as replica:
        headers = fetch(replica, ADDRESS)[1]
    dates = [parsedate_to_datetime(headers[name]).timestamp() for name in ("date", "retry-after")]
    assert 0 < dates[1] - dates[0] <= 2.1
    assert dates[0] - time.time() > 10 * 365 * 86_400


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("reset", ConnectionResetError),
        ("length-too-long", http.client.IncompleteRead),
        ("broken-chunks", http.client.IncompleteRead),
    ],
)
def test_an_answer_breaks_off(kind: str, error: type[Exception]) -> None:
    with troubled(kind) as replica, pytest.raises(error):
        fetch(replica, ADDRESS)


@pytest.mark.parametrize("kind", ["length-too-short", "truncated-gzip"])
def test_what_arrives_cannot_be_unpacked(kind: str) -> None:
    with troubled(kind) as replica:
        status, headers, body = fetch(replica, ADDRESS)
    assert (status, int(headers["content-length"]), headers["content-encoding"]) == (200, len(body), "gzip")
    with pytest.raises((EOFError, zlib.error)):
        gzip.decompress(body)


@pytest.mark.parametrize("kind", ["stall-before", "stall-within", "slow-drip"])
def test_a_slow_answer_comes_in_the_end(kind: str) -> None:
    with troubled(kind) as replica:
        begun = time.monotonic()
        body = fetch(replica, ADDRESS)[2]
        assert time.monotonic() - begun >= SHORT
        assert gzip.decompress(body) == replica.answer(ADDRESS, packed=False).body
        (logged,) = replica.log
    assert (logged.fault, logged.status, logged.body_bytes, logged.finished - logged.started >= SHORT) == (
        kind, 200, len(body), True
    )  # fmt: skip


@pytest.mark.parametrize("kind", ["stall-before", "stall-within", "slow-drip"])
def test_a_client_need_not_wait_and_neither_does_the_replica(kind: str) -> None:
    threads = set(threading.enumerate())
    begun = time.monotonic()
    with troubled(kind, pause_seconds=60) as replica:
        with pytest.raises(TimeoutError):
            read_for(replica, 0.2)
        while not len(replica.log):
            time.sleep(0.01)
        stalled = threading.Thread(target=read_until_closed, args=(replica,))
        stalled.start()
        while len(replica.requests) < 2:
            time.sleep(0.01)
    stalled.join()
    assert time.monotonic() - begun < 5
    assert set(threading.enumerate()) <= threads
    assert [one.in_flight for one in replica.log] == [1, 1]


def read_for(replica: Replica, seconds: float) -> None:
    """Read the troubled article until that time is over."""
    host, port = replica.address.split(":")
    end = time.monotonic() + seconds
    with socket.create_connection((host, int(port)), timeout=seconds) as stream:
        stream.sendall(f"GET {ADDRESS} HTTP/1.1\r\nHost: {replica.address}\r\n\r\n".encode())
        while time.monotonic() < end:
            stream.recv(65_536)
    raise TimeoutError


def read_until_closed(replica: Replica) -> None:
    host, port = replica.address.split(":")
    with socket.create_connection((host, int(port)), timeout=30) as stream:
        stream.sendall(f"GET {ADDRESS} HTTP/1.1\r\nHost: {replica.address}\r\n\r\n".encode())
        while stream.recv(65_536):
            pass


def test_redirects_lead_in_circles() -> None:
    with troubled("redirect-loop") as replica:
        target, seen = ADDRESS, []
        for _ in range(6):
            status, headers, _ = fetch(replica, target)
            target = headers["location"]
            seen.append((status, target))
    assert seen == [(302, f"{ADDRESS}?lap=1"), (302, f"{ADDRESS}?lap=2")] * 3


def test_a_page_comes_to_those_who_bring_the_cookie_back() -> None:
    with troubled("cookie-required") as replica:
        status, headers, _ = fetch(replica, ADDRESS)
        assert (status, headers["location"]) == (302, ADDRESS)
        cookie = headers["set-cookie"].partition(";")[0]
        assert fetch(replica, ADDRESS, Cookie=cookie)[0] == 200
        assert fetch(replica, ADDRESS, Cookie="other=1")[0] == 302


@pytest.mark.parametrize("kind", ANSWER_FAULTS)
def test_a_passing_fault_passes(kind: str) -> None:
    with troubled(kind, PASSING_ONCE) as replica:
        with suppress(OSError, http.client.HTTPException):
            fetch(replica, ADDRESS)
        assert gzip.decompress(fetch(replica, ADDRESS)[2]) == replica.answer(ADDRESS, packed=False).body
        assert [one.fault for one in replica.log] == [kind, None]


# ---------------------------------------------------------------------------------------------- pages


def test_a_page_changes_around_its_text() -> None:
    with troubled("changing-page") as replica:
        first, second = page_of(replica, ADDRESS), page_of(replica, ADDRESS)
    assert first != second
    body = re.compile(r'journal-content-article">(.*?)view-content-author', re.DOTALL)
    assert body.findall(first) == body.findall(second)
    assert ARTICLE.view_count is not None
    views = f"{ARTICLE.layout.views_label}: "
    assert f"{views}{ARTICLE.view_count}" in first
    assert f"{views}{ARTICLE.view_count + 1}" in second


def test_the_clock_on_a_page_is_years_off() -> None:
    with troubled("wrong-clock") as replica:
        page = page_of(replica, ADDRESS)
        date = fetch(replica, ADDRESS)[1]["date"]
    assert parsedate_to_datetime(date).year > 2030
    assert int(re.findall(r'class="today">Hôm nay, ngày \d\d/\d\d/(\d{4})', page)[0]) > 2030


def test_links_carry_another_session_every_time() -> None:
    with troubled("session-ids") as replica:
        pages = [page_of(replica, section.path) for section in SECTIONS]
        links = re.findall(r'<h3 class="asset-title">\s*<a href="http://[^/]+([^"]+)"', "".join(pages))
        sessions = [set(re.findall(r"jsessionid=(\w+)", page)) for page in pages]
        statuses = {fetch(replica, link.replace("&amp;", "&"))[0] for link in links}
    assert len(links) == sum(min(len(SITE.rows[section.path]), ROWS_PER_PAGE) for section in SECTIONS)
    assert all("jsessionid=" in link for link in links)
    assert {"&amp;jsessionid=" in link for link in links} == {True, False}
    assert [len(found) for found in sessions] == [1, 1, 1]
    assert len(set().union(*sessions)) == 3
    assert statuses <= {200, 404}


@pytest.mark.parametrize(
    ("target", "plain"),
    [
        ("/tin-tuc", "/tin-tuc"),
        ("/tin-tuc;jsessionid=A1.n?x=1", "/tin-tuc?x=1"),
        ("/tin-tuc?jsessionid=A1.n&x=1", "/tin-tuc?x=1"),
        ("/tin-tuc?x=1&jsessionid=A1.n&lap=2", "/tin-tuc?x=1"),
        ("/tin-tuc?lap=1", "/tin-tuc"),
        ("/tin-tuc?overlap=1", "/tin-tuc?overlap=1"),
    ],
)
def test_an_address_without_what_passes(target: str, plain: str) -> None:
    assert plain_target(target) == plain


def test_a_calendar_leads_on_and_on() -> None:
    with troubled("calendar-trap") as replica:
        seen, target = [], "/tin-tuc"
        for _ in range(5):
            page = page_of(replica, target)
            assert len(re.findall(r'<td><a href="/tin-tuc\?date=', page)) == 31
            target = re.findall(r'rel="next" href="([^"]+)"', page)[0]
            seen.append(target)
        assert re.findall(r"\?date=9999-12-31", page_of(replica, "/tin-tuc?date=9999-12-30"))
    assert len(set(seen)) == 5


def test_paging_never_ends() -> None:
    with troubled("endless-paging") as replica:
        pages = replica.site.pages(SECTIONS[0])
        texts = [page_of(replica, listing_address(SECTIONS[0], number)) for number in range(1, pages + 4)]
    following = [re.findall(r'_101_cur=(\d+)" target="_self"> next', text) for text in texts]
    assert following == [[str(number + 1)] for number in range(1, pages + 4)]
    rows = [re.findall(r'<h3 class="asset-title">\s*<a href="([^"]+)"', text) for text in texts]
    assert rows[pages - 1] == rows[pages] == rows[pages + 1]


# ---------------------------------------------------------------------------------------------- the draw and the docs


def test_the_same_seed_gives_the_same_faults() -> None:
    entries = [one.entry_id for one in expected_articles(compose_site(60))]
    drawn = {seed: [Faults(seed).of_article(entry) for entry in entries] for seed in (1, 2)}
    assert drawn[1] == [Faults(1).of_article(entry) for entry in entries] != drawn[2]
    assert 15 < sum(one is not None for one in drawn[1]) < 45
    listings = [Faults(1).of_listing(f"/tin-tuc?cur={number}") for number in range(100)]
    assert 5 < sum(one is not None for one in listings) < 40
    assert {one.tries for one in listings if one} == {1, 2}


def test_the_truth_is_told() -> None:
    site = compose_site(60)
    faults = Faults(2)
    unreachable, reachable = faults.unreachable(site), faults.reachable(site)
    assert unreachable
    assert {one.entry_id for one in reachable} | unreachable.keys() == {one.entry_id for one in expected_articles(site)}
    assert len(reachable) + len(unreachable) == len(expected_articles(site))
    for entry, error in unreachable.items():
        fault = faults.of_article(entry)
        assert fault is not None
        assert (fault.tries, ANSWER_FAULTS[fault.kind]) == (None, error)


def test_every_fault_is_made_somewhere() -> None:
    assert {*BROKEN_ANSWERS, *ODD_PAGES} == {*ANSWER_FAULTS, *HARMLESS_FAULTS, *LISTING_FAULTS}


def documented(heading: str) -> list[tuple[str, ...]]:
    """Return the rows of the table under a heading, each cell without its back quotes."""
    section = DOCS.split(f"## {heading}\n")[1].split("\n## ")[0]
    rows = [line.strip("|").split("|") for line in section.splitlines() if line.startswith("| `")]
    return [tuple(cell.strip().strip("`") for cell in row) for row in rows]


def test_every_fault_is_documented() -> None:
    faults = {row[0]: row[2] for row in documented("Faults")}
    nothing = dict.fromkeys((*HARMLESS_FAULTS, *LISTING_FAULTS), "—")
    assert faults == {**ANSWER_FAULTS, **nothing}


def test_every_option_is_documented() -> None:
    assert [row[0] for row in documented("The draw")] == [one.name for one in fields(Faults)]
    assert [row[0] for row in documented("The request log")] == [one.name for one in fields(LoggedRequest)]
    assert [row[0] for row in documented("Templates")] == list(TEMPLATES)
