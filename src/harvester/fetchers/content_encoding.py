"""Undo content encodings (RFC 9110, 8.4) in bounded time and memory."""

import zlib
from typing import Protocol

from harvester.errors import BadEncoding, TooLarge

ACCEPTED = "gzip, deflate"
"""What a request announces in `Accept-Encoding`."""

MAX_LAYERS = 3
MAX_GZIP_MEMBERS = 1_000
"""A member can hold nothing in 20 bytes: without a bound, 32 MiB of them would cost minutes."""

_CHUNK_BYTES = 64 * 1024
_GZIP_MAGIC = b"\x1f\x8b"
_GZIP_WINDOW = 16 + zlib.MAX_WBITS
_ZLIB_WINDOW = zlib.MAX_WBITS
_RAW_WINDOW = -zlib.MAX_WBITS


class _Inflation(Protocol):
    def __call__(self, coded: bytes, max_bytes: int) -> bytes: ...


def decode(coded: bytes, content_encoding: str, max_bytes: int) -> bytes:
    """Return the payload behind a `Content-Encoding` value, which lists encodings in the order applied.

    An empty body stays empty under any known encoding. Bytes after the last gzip member are ignored, as browsers do.

    Raises:
        BadEncoding: an unknown encoding, too many of them, or broken data.
        TooLarge: any layer holds more than `max_bytes`.
    """
    layers = [name for part in content_encoding.lower().split(",") if (name := part.strip()) not in {"", "identity"}]
    if len(layers) > MAX_LAYERS:
        raise BadEncoding(f"{len(layers)} content encodings on top of each other, at most {MAX_LAYERS} are undone")
    for name in reversed(layers):
        inflate = _INFLATIONS.get(name)
        if inflate is None:
            raise BadEncoding(f"unknown content encoding “{name[:40]}”")
        coded = inflate(coded, max_bytes) if coded else b""
    return coded


def _gunzip(coded: bytes, max_bytes: int) -> bytes:
    payload = bytearray()
    start = 0
    for _ in range(MAX_GZIP_MEMBERS):
        start = _inflate_stream(coded, start, _GZIP_WINDOW, payload, max_bytes)
        if not coded.startswith(_GZIP_MAGIC, start):
            return bytes(payload)
    raise BadEncoding(f"more than {MAX_GZIP_MEMBERS} gzip members in one body")


def _inflate(coded: bytes, max_bytes: int) -> bytes:
    """Undo `deflate`: the zlib format by RFC 9110, 8.4.1.2; the bare stream that some servers send instead."""
    # RFC 1950, 2.2: the method is 8, and the first two bytes are a multiple of 31.
    has_zlib_header = coded[0] & 0x0F == 8 and int.from_bytes(coded[:2]) % 31 == 0
    payload = bytearray()
    _inflate_stream(coded, 0, _ZLIB_WINDOW if has_zlib_header else _RAW_WINDOW, payload, max_bytes)
    return bytes(payload)


def _inflate_stream(coded: bytes, start: int, window: int, payload: bytearray, max_bytes: int) -> int:
    """Append one compressed stream to `payload` and return where it ends in `coded`."""
    stream = zlib.decompressobj(window)
    position = start
    while not stream.eof:
        chunk = coded[position : position + _CHUNK_BYTES]
        if not chunk:
            raise BadEncoding("the compressed body breaks off")
        try:
            payload += stream.decompress(chunk, max_bytes - len(payload) + 1)
        except zlib.error as error:
            raise BadEncoding(f"the compressed body is broken ({error})") from error
        if len(payload) > max_bytes:
            raise TooLarge(f"more than {max_bytes} bytes after decompression")
        position += len(chunk) - len(stream.unused_data)
    return position


_INFLATIONS: dict[str, _Inflation] = {"gzip": _gunzip, "x-gzip": _gunzip, "deflate": _inflate}
