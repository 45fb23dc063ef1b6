import gzip
import http.client
import socket
import struct
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from harvester.demo.server import ROBOTS, Replica, answer, replica_portal
from harvester.demo.site import listing_address, view_content
from harvester.demo.texts import SECTIONS
from harvester.portals.catalogue import Portal


@pytest.fixture(scope="module")
def replica() -> Iterator[Replica]:
    with Replica(20, slow_seconds=0.2) as running:
        yield running


@pytest.fixture
def connection(replica: Replica) -> Iterator[http.client.HTTPConnection]:
    client = http.client.HTTPConnection(replica.address, timeout=10)
    yield client
    client.close()


def fetch(client: http.client.HTTPConnection, target: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    client.request("GET", target, headers=headers)
    reply = client.getresponse()
    return reply.status, {name.lower(): value for name, value in reply.getheaders()}, reply.read()


def test_a_listing_is_served(replica: Replica, connection: http.client.HTTPConnection) -> None:
    status, headers, body = fetch(connection, "/tin-tuc")
    assert (status, headers["content-type"]) == (200, "text/html;charset=UTF-8")
    assert body == answer(replica.site, "/tin-tuc").body
    assert replica.requests[-1] == ("GET", "/tin-tuc")


def test_every_row_is_answered_as_the_site_says(replica: Replica, connection: http.client.HTTPConnection) -> None:
    statuses = {row.article.entry_id: fetch(connection, row.address)[0] for row in replica.site.rows["/tin-tuc"]}
    assert {entry for entry, status in statuses.items() if status == 404} == replica.site.missing
    assert set(statuses.values()) == {200, 404}


def test_robots_allow_all_but_the_portal_actions(connection: http.client.HTTPConnection) -> None:
    status, headers, body = fetch(connection, "/robots.txt")
    assert (status, headers["content-type"], body) == (200, "text/plain", ROBOTS)
    assert body == b"User-agent: *\nDisallow: /c/\n"


def test_an_unknown_address_is_not_found(connection: http.client.HTTPConnection) -> None:
    status, _, body = fetch(connection, "/khong-co-trang-nay?x=1")
    assert status == 404
    assert "Không tìm thấy" in body.decode()


def test_pages_are_gzipped_for_clients_that_accept_it(connection: http.client.HTTPConnection) -> None:
    _, plain_headers, plain = fetch(connection, "/")
    _, headers, packed = fetch(connection, "/", **{"Accept-Encoding": "gzip, deflate"})
    assert "content-encoding" not in plain_headers
    assert headers["content-encoding"] == "gzip"
    assert gzip.decompress(packed) == plain
    assert len(packed) < len(plain) // 3


def test_one_connection_serves_many_requests(connection: http.client.HTTPConnection) -> None:
    fetch(connection, "/tin-tuc")
    port = connection.sock.getsockname()[1]
    for number in (1, 2):
        assert fetch(connection, listing_address(SECTIONS[0], number))[0] == 200
    assert connection.sock.getsockname()[1] == port


def test_paging_ends_on_the_last_page(replica: Replica, connection: http.client.HTTPConnection) -> None:
    total = len(replica.site.rows["/tin-tuc"])
    texts = [fetch(connection, f"/tin-tuc?p_p_id=101&_101_cur={number}")[2].decode() for number in (1, 2, 50)]
    assert total > 10
    assert f"Hiển thị 1 - 10 of {total} kết quả." in texts[0]
    assert all(f"Hiển thị 11 - {total} of {total} kết quả." in text for text in texts[1:])


def test_a_head_request_has_no_body(connection: http.client.HTTPConnection) -> None:
    connection.request("HEAD", "/tin-tuc")
    reply = connection.getresponse()
    assert reply.read() == b""
    assert int(str(reply.getheader("Content-Length"))) > 40_000


def test_the_slow_page_takes_its_time(replica: Replica, connection: http.client.HTTPConnection) -> None:
    article = next(one for one in replica.site.articles if one.entry_id == replica.site.slow)
    begun = time.monotonic()
    assert fetch(connection, view_content(SECTIONS[0], article))[0] == 200
    assert time.monotonic() - begun >= replica.slow_seconds


def test_attachments_come_as_files(replica: Replica, connection: http.client.HTTPConnection) -> None:
    attachment = next(one for article in replica.site.articles for one in article.attachments)
    status, headers, body = fetch(connection, attachment.path)
    assert (status, headers["content-type"], body) == (200, attachment.media_type, attachment.content)


def test_another_site_can_take_the_place_of_the_first() -> None:
    with Replica(20) as running:
        client = http.client.HTTPConnection(running.address, timeout=10)
        before = fetch(client, "/")[2].decode()
        title = running.site.rows["/tin-tuc"][0].article.title
        rows = {
            path: tuple(replace(row, article=replace(row.article, title="Tiêu đề đã sửa")) for row in rows)
            for path, rows in running.site.rows.items()
        }
        running.site = replace(running.site, rows=rows)
        after = fetch(client, "/")[2].decode()
        client.close()
    assert title in before
    assert "Tiêu đề đã sửa" in after
    assert title not in after


def test_stopping_ends_connections_threads_and_the_slow_page() -> None:
    before = set(threading.enumerate())
    with Replica(20, slow_seconds=60) as running:
        slow = next(one for one in running.site.articles if one.entry_id == running.site.slow)
        idle = http.client.HTTPConnection(running.address, timeout=10)
        fetch(idle, "/robots.txt")
        waiting = http.client.HTTPConnection(running.address, timeout=10)
        waiting.request("GET", view_content(SECTIONS[0], slow))
        while len(running.requests) < 2:
            time.sleep(0.01)
    assert set(threading.enumerate()) <= before
    for client in (idle, waiting):
        client.close()
    host, port = running.address.split(":")
    with pytest.raises(ConnectionRefusedError):
        http.client.HTTPConnection(host, int(port), timeout=2).connect()


def test_the_catalogue_entry_leads_to_the_replica(replica: Replica) -> None:
    portal = replica_portal(replica.address)
    assert portal == replica.portal == Portal.model_validate(portal.model_dump())
    (host,) = portal.hosts
    assert (portal.id, portal.family, host.address) == ("demo", "hanoi-liferay", replica.address)
    assert (host.name, host.scheme, host.delay_seconds, host.max_concurrency) == ("longbien.replica.test", "http", 0, 4)
    assert host.allow_private_addresses
    assert host.covers(date(2025, 6, 30))
    assert [host.url(path) for path in host.listings] == [
        "http://longbien.replica.test/tin-tuc",
        "http://longbien.replica.test/tintuccacdonvi",
        "http://longbien.replica.test/tinhoatdongkhac",
    ]


@pytest.mark.parametrize(
    "target", ["//[", "/tin-tuc?_101_cur=%FF&_101_cur", "/tin-tuc/-/view_content/9-.html/", "/%00"]
)
def test_odd_targets_are_answered(connection: http.client.HTTPConnection, target: str) -> None:
    assert fetch(connection, target)[0] in {200, 404}
    assert fetch(connection, "/robots.txt")[0] == 200


def test_a_client_that_leaves_early_is_not_reported(capfd: pytest.CaptureFixture[str]) -> None:
    with Replica(20) as running:
        host, port = running.address.split(":")
        for _ in range(5):
            leaver = socket.create_connection((host, int(port)))
            leaver.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            leaver.sendall(b"GET /tin-tuc HTTP/1.1\r\nHost: longbien.replica.test\r\n\r\n")
            leaver.close()
        client = http.client.HTTPConnection(running.address, timeout=10)
        assert fetch(client, "/robots.txt")[0] == 200
        client.close()
    assert capfd.readouterr().err == ""


def test_a_replica_too_small_for_its_mixture_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 20 articles"):
        Replica(19)
