import asyncio
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING

import pytest

from harvester.errors import TooManyRedirects
from harvester.fetchers.cookies import ChainCookies

if TYPE_CHECKING:
    from conftest import Site


def require_cookie(site: "Site", path: str) -> None:
    """Redirect to the very address, with a cookie, whoever comes without it."""

    def act(handler: BaseHTTPRequestHandler) -> None:
        knows = handler.headers.get("Cookie") == "D1N=abc"
        handler.send_response(200 if knows else 302)
        if not knows:
            handler.send_header("Set-Cookie", "D1N=abc; Path=/; HttpOnly")
            handler.send_header("Location", path)
        handler.send_header("Content-Length", "4" if knows else "0")
        handler.end_headers()
        handler.wfile.write(b"page" if knows else b"")

    site.act(path, act)


def test_portal_that_requires_a_cookie_is_read(site: "Site") -> None:
    require_cookie(site, "/a")
    assert site.fetch("/a").body == b"page"
    assert site.paths() == ["/robots.txt", "/a", "/a"]


def test_cookies_are_gone_with_the_chain(site: "Site") -> None:
    site.answer("/a", status=302, headers={"Location": "/b", "Set-Cookie": "session=1; Path=/"})
    site.answer("/b", b"page", headers={"Set-Cookie": "session=2"})

    async def twice() -> None:
        async with site.fetcher() as fetcher:
            for path in "/a", "/b":
                await fetcher.fetch(f"http://portal.test{path}")

    asyncio.run(twice())
    assert [(seen.path, seen.headers.get("Cookie")) for seen in site.seen[1:]] == [
        ("/a", None),
        ("/b", "session=1"),
        ("/b", None),
    ]


def test_cookies_go_to_the_host_that_set_them_only(site: "Site") -> None:
    site.answer("/a", status=302, headers={"Location": "http://other.test/b", "Set-Cookie": "session=1"})
    site.answer("/b", status=302, headers={"Location": "http://portal.test/c"})
    site.answer("/c", b"page")
    site.fetch("/a", site.host(), site.host("other.test"))
    sent = {seen.path: seen.headers.get("Cookie") for seen in site.seen}
    assert sent == {"/robots.txt": None, "/a": None, "/b": None, "/c": "session=1"}


def test_chain_that_asks_for_ever_new_cookies_has_an_end(site: "Site") -> None:
    site.answer("/a", status=302, headers={"Location": "/a", "Set-Cookie": "session=1"})
    with pytest.raises(TooManyRedirects):
        site.fetch("/a")
    assert site.paths() == ["/robots.txt", *["/a"] * 6]


@pytest.mark.parametrize(
    ("lines", "sent"),
    [
        ([], None),
        (["a=1; Path=/; Secure"], "a=1"),
        (["a=1", "b=2, 3"], "a=1; b=2, 3"),
        (["a=1", "a=2"], "a=2"),
        (["a="], "a="),
        (['a="x y"'], 'a="x y"'),
        (["a=b=c"], "a=b=c"),
        (["=1", "a", "", ";", "a b=1"], None),
        (["a=1\r\nX-Injected: 1", "b=\x00", "c=é"], None),
        ([f"a={'x' * 4_095}"], None),
        ([f"c{number}=" for number in range(99)], "; ".join(f"c{number}=" for number in range(20))),
    ],
)
def test_what_is_sent_back(lines: list[str], sent: str | None) -> None:
    cookies = ChainCookies()
    cookies.keep("http://portal.test", lines)
    assert cookies.headers("http://portal.test") == ({"Cookie": sent} if sent is not None else {})
    assert cookies.headers("https://portal.test") == {}
