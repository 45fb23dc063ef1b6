"""Answers that go wrong on their way: each takes an exchange that ought to go well, and spoils it."""

import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import formatdate
from types import MappingProxyType
from typing import Final

from harvester.demo.exchange import Exchange
from harvester.demo.odd_pages import CLOCK_AHEAD

_SERVER_ERRORS = (500, 502, 503, 504)
_MISSING_BYTES = 1_000
_COOKIE = "COOKIE_SUPPORT"
_LAP = "lap"


@dataclass(frozen=True, slots=True)
class Turn:
    """How often the page was asked for before, and the measures of `Faults`."""

    times: int
    pause_seconds: float
    drip_seconds: float
    retry_after_seconds: int


def _server_error(exchange: Exchange, turn: Turn) -> None:
    _refuse(exchange, _SERVER_ERRORS[turn.times % len(_SERVER_ERRORS)])


def _too_many_requests(exchange: Exchange, turn: Turn) -> None:
    exchange.request.wait_until = time.monotonic() + turn.retry_after_seconds
    _refuse(exchange, 429, ("Retry-After", str(turn.retry_after_seconds)))


def _too_many_requests_until(exchange: Exchange, turn: Turn) -> None:
    now = time.time() + exchange.clock_ahead
    moment = math.ceil(now + turn.retry_after_seconds)
    exchange.request.wait_until = time.monotonic() + moment - now
    _refuse(exchange, 429, ("Retry-After", formatdate(moment, usegmt=True)))


def _too_many_requests_wrong_clock(exchange: Exchange, turn: Turn) -> None:
    exchange.clock_ahead = CLOCK_AHEAD.total_seconds()
    _too_many_requests_until(exchange, turn)


def _reset(exchange: Exchange, _turn: Turn) -> None:
    exchange.send(exchange.plain_head(), _half(exchange))
    exchange.reset()


def _stall_before(exchange: Exchange, turn: Turn) -> None:
    if exchange.pause(turn.pause_seconds):
        exchange.send_plainly()
    else:
        exchange.close()


def _stall_within(exchange: Exchange, turn: Turn) -> None:
    half = _half(exchange)
    exchange.send(exchange.plain_head(), half)
    if exchange.pause(turn.pause_seconds):
        exchange.send_last(b"", exchange.body[len(half) :])
    else:
        exchange.close()


def _slow_drip(exchange: Exchange, turn: Turn) -> None:
    exchange.send(exchange.plain_head())
    end, sent = time.monotonic() + turn.pause_seconds, 0
    while sent < len(exchange.body) - 1 and time.monotonic() < end:
        exchange.send(b"", exchange.body[sent : sent + 1])
        sent += 1
        if not exchange.pause(turn.drip_seconds):
            exchange.close()
            return
    exchange.send_last(b"", exchange.body[sent:])


def _length_too_long(exchange: Exchange, _turn: Turn) -> None:
    exchange.send_last(exchange.plain_head(len(exchange.body) + _MISSING_BYTES), exchange.body)
    exchange.close()


def _length_too_short(exchange: Exchange, _turn: Turn) -> None:
    # The connection stays open: what is left over is read as the beginning of the next answer.
    exchange.send_last(exchange.plain_head(len(_half(exchange))), exchange.body)


def _truncated_gzip(exchange: Exchange, _turn: Turn) -> None:
    exchange.body = _half(exchange)
    exchange.send_plainly()


def _broken_chunks(exchange: Exchange, _turn: Turn) -> None:
    half = _half(exchange)
    head = exchange.head((("Transfer-Encoding", "chunked"),))
    exchange.send_last(head, b"%x\r\n%b\r\n" % (len(half), half) + b"not a length\r\n")
    exchange.close()


def _redirect_loop(exchange: Exchange, _turn: Turn) -> None:
    address, _, lap = exchange.target.partition(f"{_LAP}=")
    address = address if lap else f"{address}{'&' if '?' in address else '?'}"
    _redirect(exchange, f"{address}{_LAP}={2 if lap == '1' else 1}")


def _cookie_required(exchange: Exchange, _turn: Turn) -> None:
    if f"{_COOKIE}=" in exchange.headers.get("Cookie", ""):
        exchange.send_plainly()
    else:
        _redirect(exchange, exchange.target, ("Set-Cookie", f"{_COOKIE}=true; Path=/; HttpOnly"))


Spoil = Callable[[Exchange, Turn], None]
BROKEN_ANSWERS: Final[Mapping[str, Spoil]] = MappingProxyType(
    {
        "server-error": _server_error,
        "too-many-requests": _too_many_requests,
        "too-many-requests-until": _too_many_requests_until,
        "too-many-requests-wrong-clock": _too_many_requests_wrong_clock,
        "reset": _reset,
        "stall-before": _stall_before,
        "stall-within": _stall_within,
        "slow-drip": _slow_drip,
        "length-too-long": _length_too_long,
        "length-too-short": _length_too_short,
        "truncated-gzip": _truncated_gzip,
        "broken-chunks": _broken_chunks,
        "redirect-loop": _redirect_loop,
        "cookie-required": _cookie_required,
    }
)


def _half(exchange: Exchange) -> bytes:
    return exchange.body[: len(exchange.body) // 2]


def _refuse(exchange: Exchange, status: int, *fields: tuple[str, str]) -> None:
    exchange.status, exchange.body = status, b"<html><body><h1>Apache Tomcat</h1></body></html>\n"
    exchange.fields = (("Content-Type", "text/html"), *fields)
    exchange.send_plainly()


def _redirect(exchange: Exchange, address: str, *fields: tuple[str, str]) -> None:
    exchange.status, exchange.body = 302, b""
    exchange.fields = (("Location", address), *fields)
    exchange.send_plainly()
