"""Which addresses may be contacted: a name is resolved and judged here, then that very address is connected to.

The judged address is the connected one, so a name that changes its answer in between (DNS rebinding) gains nothing.
"""

import asyncio
import select
import socket
import ssl
from collections.abc import Iterable, Mapping, Sequence
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Any

import httpcore2

from harvester.errors import AddressRefused
from harvester.portals.catalogue import Host

MAX_ADDRESSES = 4
"""Addresses of one host that are tried before the connection counts as failed."""

MAX_CONNECTIONS = 100
MAX_IDLE_CONNECTIONS = 20

_GLOBAL_UNICAST = IPv6Network("2000::/3")
_NAT64 = IPv6Network("64:ff9b::/96")
"""RFC 6052: the last 32 bits are the IPv4 address that a translator will contact."""

Address = IPv4Address | IPv6Address


def is_public(address: Address) -> bool:
    """Whether the address is globally reachable unicast (IANA special-purpose registries, RFC 6890).

    An IPv6 address that only wraps an IPv4 address (mapped, NAT64, 6to4) is judged by what it wraps.
    """
    if isinstance(address, IPv4Address):
        return address.is_global and not (address.is_multicast or address.is_reserved)
    wrapped = _wrapped_ipv4(address)
    if wrapped is not None:
        return is_public(wrapped)
    return address in _GLOBAL_UNICAST and address.is_global


def _wrapped_ipv4(address: IPv6Address) -> IPv4Address | None:
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour


async def _resolve(name: str, port: int) -> list[Address]:
    try:
        found = await asyncio.get_running_loop().getaddrinfo(name, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise httpcore2.ConnectError(f"the name {name} cannot be resolved ({error})") from error
    return list(dict.fromkeys(ip_address(sockaddr[0]) for *_, sockaddr in found))


def _pinned(address: str) -> tuple[Address, int]:
    """Read a catalogue entry's “IP:port”, the IPv6 address in square brackets."""
    literal, _, port = address.rpartition(":")
    return ip_address(literal.strip("[]")), int(port)


class _Stream(httpcore2.AsyncNetworkStream):
    """A connection that can tell at small cost whether the host has closed it.

    At every request the pool asks that of all connections that are idle, and the backend's own streams gather
    everything that is known of their socket for each answer.
    """

    def __init__(self, stream: httpcore2.AsyncNetworkStream) -> None:
        self._stream = stream
        self._socket = stream.get_extra_info("socket")
        self._poll = select.poll()
        self._poll.register(self._socket, select.POLLIN)

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return await self._stream.read(max_bytes, timeout)

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        await self._stream.write(buffer, timeout)

    async def aclose(self) -> None:
        await self._stream.aclose()

    async def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.AsyncNetworkStream:
        return _Stream(await self._stream.start_tls(ssl_context, server_hostname, timeout))

    def get_extra_info(self, info: str) -> Any:
        if info == "is_readable":
            # Without a socket of its own any more, another connection may have the descriptor that is polled.
            return self._socket.fileno() < 0 or bool(self._poll.poll(0))
        return self._stream.get_extra_info(info)


class GuardedBackend(httpcore2.AsyncNetworkBackend):
    """Connects to the hosts announced in `contacts` (by name and port), each under its own permission only."""

    def __init__(self, contacts: Mapping[tuple[str, int], Host]) -> None:
        self._contacts = contacts
        self._network = httpcore2.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        """Resolve, judge, connect.

        Raises:
            AddressRefused: no address of the host may be contacted, or the host was never announced.
            httpcore2.ConnectError: the name has no address, or none answers.
            httpcore2.ConnectTimeout: not connected within `timeout` seconds, resolving included.
        """
        contact = self._contacts.get((host, port))
        if contact is None:
            raise AddressRefused(f"{host}:{port} was not announced")
        try:
            async with asyncio.timeout(timeout):
                allowed, port = await self._allowed(contact, host, port)
                return await self._connect_first(allowed, port, local_address, socket_options)
        except TimeoutError as error:
            raise httpcore2.ConnectTimeout(f"no connection to {host} within {timeout} s") from error

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        """Refuse: a portal is never behind a Unix socket.

        Raises:
            AddressRefused: always.
        """
        raise AddressRefused(f"{path} is a Unix socket")

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await self._network.sleep(seconds)

    async def _allowed(self, contact: Host, name: str, port: int) -> tuple[Sequence[Address], int]:
        if contact.address is not None:
            pinned, port = _pinned(contact.address)
            addresses = [pinned]
        else:
            addresses = await _resolve(name, port)
        allowed = [address for address in addresses if contact.allow_private_addresses or is_public(address)]
        if not allowed:
            shown = ", ".join(map(str, addresses[:MAX_ADDRESSES]))
            raise AddressRefused(f"{name} is at {shown}, which is no public address")
        return allowed[:MAX_ADDRESSES], port

    async def _connect_first(
        self,
        addresses: Sequence[Address],
        port: int,
        local_address: str | None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None,
    ) -> httpcore2.AsyncNetworkStream:
        *earlier, last = addresses
        for address in earlier:
            try:
                return _Stream(await self._network.connect_tcp(str(address), port, None, local_address, socket_options))
            except httpcore2.ConnectError:
                continue
        return _Stream(await self._network.connect_tcp(str(last), port, None, local_address, socket_options))


class GuardedPool(httpcore2.AsyncConnectionPool):
    """Connections by origin, all of them made by the guard."""

    def __init__(
        self,
        contacts: Mapping[tuple[str, int], Host],
        tls: ssl.SSLContext | None,
        *,
        http2: bool,
        keepalive_seconds: float,
    ) -> None:
        super().__init__(
            ssl_context=tls,
            http2=http2,
            max_connections=MAX_CONNECTIONS,
            max_keepalive_connections=MAX_IDLE_CONNECTIONS,
            keepalive_expiry=keepalive_seconds,
            network_backend=GuardedBackend(contacts),
        )
