import gzip
import time
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvester.errors import BadEncoding, FetchError, TooLarge
from harvester.fetchers.content_encoding import MAX_GZIP_MEMBERS, decode

PAGE = b"<p>page</p>" * 50_000
EMPTY_MEMBER = gzip.compress(b"", mtime=0)


def coded(payload: bytes, window: int) -> bytes:
    stream = zlib.compressobj(wbits=window)
    return stream.compress(payload) + stream.flush()


def nested(payload: bytes, layers: int) -> bytes:
    for _ in range(layers):
        payload = gzip.compress(payload, mtime=0)
    return payload


@pytest.mark.parametrize(
    ("body", "encoding", "payload"),
    [
        (PAGE, "", PAGE),
        (PAGE, "identity", PAGE),
        (PAGE, " , Identity ,", PAGE),
        (b"", "gzip", b""),
        (b"", "deflate", b""),
        (gzip.compress(PAGE, mtime=0), "gzip", PAGE),
        (gzip.compress(PAGE, mtime=0), " X-GZIP ", PAGE),
        (gzip.compress(PAGE[:7], mtime=0) + gzip.compress(PAGE[7:], mtime=0), "gzip", PAGE),
        (gzip.compress(PAGE, mtime=0) + b"\0" * 512, "gzip", PAGE),
        (gzip.compress(PAGE, mtime=0) + b"<!-- cached -->", "gzip", PAGE),
        (EMPTY_MEMBER * (MAX_GZIP_MEMBERS - 1) + gzip.compress(PAGE, mtime=0), "gzip", PAGE),
        (coded(PAGE, zlib.MAX_WBITS), "deflate", PAGE),
        (coded(PAGE, -zlib.MAX_WBITS), "deflate", PAGE),
        (gzip.compress(zlib.compress(PAGE), mtime=0), "deflate, gzip", PAGE),
        (zlib.compress(gzip.compress(PAGE, mtime=0)), "gzip,deflate", PAGE),
        (nested(PAGE, 3), "gzip, gzip, gzip", PAGE),
    ],
)
def test_payload_comes_back(body: bytes, encoding: str, payload: bytes) -> None:
    assert decode(body, encoding, len(PAGE)) == payload


@pytest.mark.parametrize(
    ("body", "encoding"),
    [
        (gzip.compress(PAGE, mtime=0), "gzip"),
        (coded(PAGE, zlib.MAX_WBITS), "deflate"),
        (coded(PAGE, -zlib.MAX_WBITS), "deflate"),
        (gzip.compress(PAGE[:-1], mtime=0) + gzip.compress(b"xx", mtime=0), "gzip"),
        (nested(bytes(10_000_000), 2), "gzip, gzip"),
    ],
)
def test_too_large_payload_is_refused(body: bytes, encoding: str) -> None:
    with pytest.raises(TooLarge, match=f"more than {len(PAGE) - 1} bytes after decompression"):
        decode(body, encoding, len(PAGE) - 1)


@pytest.mark.parametrize(
    ("body", "encoding", "message"),
    [
        (EMPTY_MEMBER * (MAX_GZIP_MEMBERS + 1), "gzip", "more than 1000 gzip members"),
        (gzip.compress(PAGE, mtime=0)[:-1], "gzip", "breaks off"),
        (gzip.compress(PAGE, mtime=0)[:-5] + b"\0\0\0\0\0", "gzip", "is broken"),
        (zlib.compress(PAGE)[:-1], "deflate", "breaks off"),
        (b"plain", "gzip", "is broken"),
        (gzip.compress(PAGE, mtime=0), "br", "unknown content encoding “br”"),
        (gzip.compress(PAGE, mtime=0), "x" * 900, f"unknown content encoding “{'x' * 40}”"),
        (gzip.compress(PAGE, mtime=0), "gzip, zstd", "unknown content encoding “zstd”"),
        (nested(b"a", 4), "gzip, gzip, gzip, gzip", "4 content encodings on top of each other"),
        (coded(PAGE, -zlib.MAX_WBITS)[:-1], "deflate", "breaks off"),
        (b"x", "deflate", "breaks off|is broken"),
    ],
)
def test_what_cannot_be_undone(body: bytes, encoding: str, message: str) -> None:
    with pytest.raises(BadEncoding, match=message):
        decode(body, encoding, len(PAGE))


@pytest.mark.parametrize("body", [EMPTY_MEMBER * 500_000, gzip.compress(bytes(300_000_000), 1, mtime=0)])
def test_hostile_bodies_take_bounded_time(body: bytes) -> None:
    before = time.process_time()
    with pytest.raises(FetchError):
        decode(body, "gzip", 10_000_000)
    assert time.process_time() - before < 5


@given(st.binary(max_size=300), st.sampled_from(["gzip", "deflate", "gzip, deflate", "identity", "br"]))
def test_any_bytes_give_bytes_or_a_fetch_error(body: bytes, encoding: str) -> None:
    try:
        payload = decode(body, encoding, 1_000)
    except FetchError:
        payload = b""
    assert len(payload) <= 1_000
