import asyncio
import socket
import ssl
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from harvester.errors import AddressRefused, RobotsUnreachable
from harvester.fetchers.guard import GuardedBackend, is_public
from harvester.portals.catalogue import Host

if TYPE_CHECKING:
    from conftest import Site


@pytest.mark.parametrize(
    "address",
    [
        *("0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "127.0.0.1", "127.255.255.254", "169.254.169.254"),
        *("172.16.0.1", "172.31.255.255", "192.0.0.1", "192.0.2.1", "192.168.1.1", "198.18.0.1", "198.51.100.1"),
        *("203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255"),
        *("::", "::1", "fc00::1", "fd12:3456::1", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1", "2001:db8::1"),
        *("100::1", "2001::1", "4000::1", "::127.0.0.1", "64:ff9b:1::7f00:1"),
        *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254"),
        *("64:ff9b::10.0.0.1", "64:ff9b::127.0.0.1", "2002:7f00:1::", "2002:a9fe:a9fe::1", "2002:c0a8:101::1"),
    ],
)
def test_special_addresses_are_not_public(address: str) -> None:
    assert not is_public(ip_address(address))


@pytest.mark.parametrize(
    "address",
    ["1.1.1.1", "103.1.210.7", "172.32.0.1", "2400:cb00::1", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8", "2002:808:808::1"],
)
def test_global_addresses_are_public(address: str) -> None:
    assert is_public(ip_address(address))


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "127.1", "[::1]"])
def test_loopback_is_refused_under_any_name(site: "Site", name: str) -> None:
    site.answer("/a", b"secret")
    with pytest.raises(AddressRefused, match="which is no public address") as caught:
        site.fetch(f"http://{name}:{site.port}/a")
    assert caught.value.url == f"http://{name}:{site.port}/robots.txt"
    assert site.seen == []


def test_pinned_address_needs_the_permission_too(site: "Site") -> None:
    with pytest.raises(AddressRefused, match=r"portal.test is at 127.0.0.1, which is no public address"):
        site.fetch("/a", site.host(allow_private_addresses=False))
    assert site.seen == []


def test_permission_ends_with_the_entry(site: "Site") -> None:
    with pytest.raises((AddressRefused, RobotsUnreachable)):
        site.fetch("http://127.0.0.1/a", site.host("127.0.0.1", valid_to="2020-01-01"), attempts=1)
    assert site.seen == []


def test_permission_of_one_port_is_not_that_of_another(site: "Site") -> None:
    with pytest.raises(AddressRefused):
        site.fetch(f"http://localhost:{site.port}/a", site.host("localhost"))
    assert site.seen == []


def test_permitted_host_is_resolved_and_reached(site: "Site") -> None:
    site.answer("/a", b"here")
    host = site.host(f"localhost:{site.port}", address=None)
    assert site.fetch(f"http://localhost:{site.port}/a", host).body == b"here"


def connect(contact: Host, monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> tuple[list[str], str | None]:
    """Connect to rebound.test, whose resolver gives the answers in turn; return the names asked, the peer reached."""
    asked: list[str] = []

    async def getaddrinfo(_loop: object, name: str, port: int, **_: object) -> list[tuple[Any, ...]]:
        addresses = answers[len(asked)]
        asked.append(name)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

    async def once() -> str | None:
        port = int(contact.name.partition(":")[2])
        backend = GuardedBackend({("rebound.test", port): contact})
        stream = await backend.connect_tcp("rebound.test", port, timeout=5)
        peer = stream.get_extra_info("server_addr")
        await stream.aclose()
        return str(peer[0])

    monkeypatch.setattr(asyncio.BaseEventLoop, "getaddrinfo", getaddrinfo)
    return asked, asyncio.run(once())


def test_name_is_resolved_once_and_the_judged_address_reached(site: "Site", monkeypatch: pytest.MonkeyPatch) -> None:
    contact = site.host(f"rebound.test:{site.port}", address=None)
    assert connect(contact, monkeypatch, ["127.0.0.1"], ["169.254.169.254"]) == (["rebound.test"], "127.0.0.1")


def test_next_address_is_tried_where_one_does_not_answer(site: "Site", monkeypatch: pytest.MonkeyPatch) -> None:
    contact = site.host(f"rebound.test:{site.port}", address=None)
    assert connect(contact, monkeypatch, ["127.0.0.9", "127.0.0.1"]) == (["rebound.test"], "127.0.0.1")


def test_private_addresses_among_public_ones_are_left_out(site: "Site", monkeypatch: pytest.MonkeyPatch) -> None:
    contact = site.host(f"rebound.test:{site.port}", address=None, allow_private_addresses=False)
    with pytest.raises(AddressRefused, match=r"rebound.test is at 10.0.0.1, 127.0.0.1, which is no public address"):
        connect(contact, monkeypatch, ["10.0.0.1", "127.0.0.1"])
    assert site.seen == []


def test_unannounced_hosts_and_unix_sockets_are_refused() -> None:
    backend = GuardedBackend({})
    with pytest.raises(AddressRefused, match=r"1.1.1.1:80 was not announced"):
        asyncio.run(backend.connect_tcp("1.1.1.1", 80))
    with pytest.raises(AddressRefused, match=r"/run/any.sock is a Unix socket"):
        asyncio.run(backend.connect_unix_socket("/run/any.sock"))


@pytest.mark.parametrize("error", [socket.gaierror(-2, "Name or service not known"), UnicodeError("label too long")])
def test_names_without_an_address_are_unreachable(
    site: "Site", monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    async def getaddrinfo(_loop: object, *_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(asyncio.BaseEventLoop, "getaddrinfo", getaddrinfo)
    with pytest.raises(RobotsUnreachable, match="the connection failed") as caught:
        site.fetch("http://nowhere.test/a", attempts=1)
    assert str(error) in str(caught.value)


@pytest.mark.parametrize("tls", [False, True])
def test_a_connection_that_the_host_has_closed_is_not_used_again(
    site: "Site", tls_site: "Site", certificate: Path, *, tls: bool
) -> None:
    used = tls_site if tls else site
    trust = ssl.create_default_context(cafile=certificate) if tls else None
    used.answer("/robots.txt", b"")
    used.raw("/a", b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n1")
    used.answer("/a", b"2")
    used.answer("/a", b"3")

    async def thrice() -> list[bytes]:
        async with used.fetcher(trust=trust, attempts=1) as fetcher:
            bodies = []
            for _ in range(3):
                bodies.append((await fetcher.fetch(f"{used.scheme}://portal.test/a")).body)
                await asyncio.sleep(0.1)
            return bodies

    assert asyncio.run(thrice()) == [b"1", b"2", b"3"]
    robots, first, second, third = (seen.client_port for seen in used.seen)
    assert robots == first != second == third


def test_a_closed_connection_does_not_answer_for_its_descriptors_next_owner(site: "Site") -> None:
    async def once() -> tuple[list[bool], set[int]]:
        contact = site.host(f"portal.test:{site.port}")
        backend = GuardedBackend({("portal.test", site.port): contact})
        answers, descriptors = [], set()
        for _ in range(2):
            stream = await backend.connect_tcp("portal.test", site.port, timeout=5)
            descriptors.add(stream.get_extra_info("socket").fileno())
            answers.append(stream.get_extra_info("is_readable"))
            if len(answers) == 1:
                closed = stream
                await closed.aclose()
        answers.append(closed.get_extra_info("is_readable"))
        await stream.aclose()
        return answers, descriptors

    answers, descriptors = asyncio.run(once())
    assert len(descriptors) == 1
    assert answers == [False, False, True]
