import http.client
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email.utils import parsedate_to_datetime
from typing import Any

import pytest

from harvester.demo.edits import edit, publish, with_views
from harvester.demo.server import Replica
from harvester.demo.site import compose_site, expected_articles, view_content
from harvester.demo.texts import SECTIONS
from harvester.demo.variants import Template

SITE = compose_site(20)
ARTICLE = next(one for one in expected_articles(SITE) if one.view_count is not None and one.entry_id != SITE.slow)
DATE_BOX = 'class="assetPublishDate'
ADDRESS = view_content(SECTIONS[0], ARTICLE)


@contextmanager
def asking(replica: Replica) -> Iterator[http.client.HTTPConnection]:
    client = http.client.HTTPConnection(replica.address, timeout=10)
    try:
        yield client
    finally:
        client.close()


def fetch(client: http.client.HTTPConnection, target: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    client.request("GET", target, headers={name.replace("_", "-"): value for name, value in headers.items()})
    reply = client.getresponse()
    return reply.status, {name.lower(): value for name, value in reply.getheaders()}, reply.read()


# ---------------------------------------------------------------------------------------------- validators


@pytest.fixture
def validating() -> Iterator[Replica]:
    with Replica(site=SITE, validators=True) as replica:
        yield replica


def test_an_unchanged_article_is_not_sent_again(validating: Replica) -> None:
    with asking(validating) as client:
        status, headers, body = fetch(client, ADDRESS)
        etag, modified = headers["etag"], headers["last-modified"]
        assert (status, etag[:3], parsedate_to_datetime(modified)) == (200, 'W/"', ARTICLE.posted_at)
        for conditions, expected in (
            ({"If_None_Match": etag}, 304),
            ({"If_None_Match": etag.removeprefix("W/")}, 304),
            ({"If_None_Match": f'"other", {etag}'}, 304),
            ({"If_None_Match": "*"}, 304),
            ({"If_None_Match": '"other"'}, 200),
            ({"If_None_Match": '"other"', "If_Modified_Since": modified}, 200),
            ({"If_Modified_Since": modified}, 304),
            ({"If_Modified_Since": "Mon, 04 Jan 2016 00:00:00 GMT"}, 200),
            ({"If_Modified_Since": "yesterday"}, 200),
        ):
            status, headers, sent = fetch(client, ADDRESS, **conditions)
            assert (status, sent, headers["etag"]) == (expected, body if expected == 200 else b"", etag), conditions


@pytest.mark.parametrize("change", ["edit", "views", "template"])
def test_a_changed_article_is_sent_again(validating: Replica, change: str) -> None:
    with asking(validating) as client:
        _, before, _ = fetch(client, ADDRESS)
        match change:
            case "edit":
                validating.site = edit(SITE, [ARTICLE.entry_id])
            case "views":
                validating.site = with_views(SITE, {ARTICLE.entry_id: 77_777})
            case _:
                validating.template = "renamed-date"
        for conditions in ({"If_None_Match": before["etag"]}, {"If_Modified_Since": before["last-modified"]}):
            status, after, _ = fetch(client, ADDRESS, **conditions)
            assert status == 200
            assert after["etag"] != before["etag"]
            assert abs(time.time() - parsedate_to_datetime(after["last-modified"]).timestamp()) < 60


def test_news_leave_other_articles_unchanged(validating: Replica) -> None:
    with asking(validating) as client:
        _, headers, _ = fetch(client, ADDRESS)
        validating.site = publish(SITE, 2)
        assert fetch(client, ADDRESS, If_None_Match=headers["etag"])[0] == 304


def test_listings_and_plain_replicas_have_no_validators(validating: Replica) -> None:
    with asking(validating) as client:
        assert "etag" not in fetch(client, SECTIONS[0].path)[1]
    with Replica(site=SITE) as plain, asking(plain) as client:
        status, headers, _ = fetch(client, ADDRESS, If_None_Match="*")
        assert (status, "etag" in headers, "last-modified" in headers) == (200, False, False)


# ---------------------------------------------------------------------------------------------- templates


@pytest.mark.parametrize(
    ("template", "with_class", "with_words"), [("plain", 1, 1), ("renamed-date", 0, 1), ("no-date", 0, 0)]
)
def test_a_template_touches_the_date_alone(template: Template, with_class: int, with_words: int) -> None:
    words = f"{ARTICLE.posted_at:%d/%m/%Y} | "
    with Replica(site=SITE) as replica, asking(replica) as client:
        _, _, plain = fetch(client, ADDRESS)
        replica.template = template
        _, _, page = fetch(client, ADDRESS)
        text = page.decode()
        assert text.count(DATE_BOX) == plain.decode().count(DATE_BOX) * with_class
        assert text.count(words) == plain.decode().count(words) * with_words
        assert ARTICLE.paragraphs[0][:30] in text
        _, _, listing = fetch(client, SECTIONS[0].path)
        assert listing.decode().count(DATE_BOX) == 10 * with_class
        replica.template = "plain"
        assert fetch(client, ADDRESS)[2] == plain


def test_a_template_that_is_none_is_refused() -> None:
    bare: Any = "bare"
    refused = "templates are plain, renamed-date, no-date, not bare"
    with Replica(site=SITE) as replica, pytest.raises(ValueError, match=refused):
        replica.template = bare


# ---------------------------------------------------------------------------------------------- the log


def test_the_log_tells_when_and_how() -> None:
    with Replica(site=SITE) as replica, asking(replica) as client:
        begun = time.monotonic()
        _, headers, body = fetch(client, ADDRESS, Accept_Encoding="gzip")
        fetch(client, "/khong-co")
        client.request("HEAD", ADDRESS)
        client.getresponse().read()
        log = list(replica.log)
    assert [(one.method, one.target, one.status, one.body_bytes > 0) for one in log] == [
        ("GET", ADDRESS, 200, True),
        ("GET", "/khong-co", 404, True),
        ("HEAD", ADDRESS, 200, False),
    ]
    assert log[0].body_bytes == len(body) == int(headers["content-length"])
    assert {one.host for one in log} == {replica.address}
    assert begun <= log[0].started <= log[0].finished <= log[1].started <= time.monotonic()
    assert abs(log[0].started_at - time.time()) < 60
    assert {(one.fault, one.in_flight, one.wait_until) for one in log} == {(None, 1, None)}


def test_the_log_counts_what_is_answered_at_once() -> None:
    slow = view_content(SECTIONS[0], next(one for one in SITE.articles if one.entry_id == SITE.slow))
    with Replica(site=SITE, slow_seconds=60) as replica:
        host, port = replica.address.split(":")
        waiting = socket.create_connection((host, int(port)))
        waiting.sendall(f"GET {slow} HTTP/1.1\r\nHost: {replica.address}\r\n\r\n".encode())
        while len(replica.requests) < 1:
            time.sleep(0.01)
        with asking(replica) as client:
            fetch(client, "/robots.txt")
            fetch(client, "/robots.txt", Host="other.test")
            waiting.close()  # who left is no longer being answered
            fetch(client, "/robots.txt")
        log = [one for one in replica.log if one.target == "/robots.txt"]
    assert [(one.host, one.in_flight) for one in log] == [(replica.address, 2), ("other.test", 1), (replica.address, 1)]


def test_the_log_can_be_emptied_and_read_while_it_grows() -> None:
    with Replica(site=SITE) as replica:
        asked = threading.Thread(target=ask_often, args=(replica,))
        asked.start()
        while asked.is_alive():
            started = [one.started for one in replica.log]
            assert started == sorted(started)
        asked.join()
        assert len(replica.log) == 50
        replica.log.clear()
        assert (len(replica.log), list(replica.log)) == (0, [])


def ask_often(replica: Replica) -> None:
    with asking(replica) as client:
        for _ in range(50):
            fetch(client, "/robots.txt")
