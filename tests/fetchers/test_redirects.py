from typing import TYPE_CHECKING

import pytest

from harvester.errors import (
    AddressRefused,
    FetchError,
    HttpStatusError,
    RedirectRefused,
    RobotsDisallowed,
    TooManyRedirects,
)

if TYPE_CHECKING:
    from conftest import Site


def redirect(site: "Site", path: str, location: str, status: int = 302) -> None:
    site.answer(path, b"moved", status=status, headers={"Location": location})


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_followed(site: "Site", status: int) -> None:
    redirect(site, "/a", "b?page=2", status)
    redirect(site, "/b?page=2", "//portal.test/c", status)
    redirect(site, "/c", "http://portal.test/tin%20t%E1%BB%A9c#top", status)
    site.answer("/tin%20t%E1%BB%A9c", b"here")
    capture = site.fetch("/a")
    assert (capture.url, capture.final_url) == ("http://portal.test/a", "http://portal.test/tin%20t%E1%BB%A9c")
    assert (capture.status, capture.body) == (200, b"here")


def test_location_in_bare_utf8_is_encoded(site: "Site") -> None:
    site.raw("/a", "HTTP/1.1 302 Found\r\nLocation: /tin tức\r\nContent-Length: 0\r\n\r\n".encode())
    site.answer("/tin%20t%E1%BB%A9c", b"here")
    assert site.fetch("/a").body == b"here"


@pytest.mark.parametrize(("hops", "limit"), [(5, 5), (1, 1)])
def test_as_many_redirects_as_allowed_are_followed(site: "Site", hops: int, limit: int) -> None:
    for hop in range(hops):
        redirect(site, f"/{hop}", f"/{hop + 1}")
    site.answer(f"/{hops}", b"here")
    assert site.fetch("/0", max_redirects=limit).body == b"here"


def test_one_redirect_more_is_too_many(site: "Site") -> None:
    for hop in range(6):
        redirect(site, f"/{hop}", f"/{hop + 1}")
    with pytest.raises(TooManyRedirects, match=r"more than 5 redirects \[http://portal.test/0\]"):
        site.fetch("/0")
    assert site.paths() == ["/robots.txt", "/0", "/1", "/2", "/3", "/4", "/5"]


def test_loop_has_an_end(site: "Site") -> None:
    redirect(site, "/a", "/a")
    with pytest.raises(TooManyRedirects):
        site.fetch("/a")
    assert site.paths() == ["/robots.txt", *["/a"] * 6]


@pytest.mark.parametrize(
    ("location", "kind"),
    [
        ("http://169.254.169.254/latest/meta-data/", AddressRefused),
        ("http://127.0.0.1:{port}/", AddressRefused),
        ("http://localhost:{port}/", AddressRefused),
        ("http://2130706433:{port}/", AddressRefused),
        ("http://0x7f.1:{port}/", AddressRefused),
        ("http://[::1]:{port}/", AddressRefused),
        ("http://[::ffff:127.0.0.1]:{port}/", AddressRefused),
        ("http://other.test/", AddressRefused),
        ("http://portal.test:{port}/", FetchError),
        ("file:///etc/passwd", RedirectRefused),
        ("gopher://portal.test/", RedirectRefused),
        ("javascript:void(0)", RedirectRefused),
        ("http://user@portal.test/", RedirectRefused),
        ("http://[::1/", RedirectRefused),
        ("http://portal.test:99999/", RedirectRefused),
    ],
)
def test_redirects_carry_no_permission(site: "Site", location: str, kind: type[FetchError]) -> None:
    redirect(site, "/a", location.format(port=site.port))
    site.answer("/", b"secret")
    other = site.host("other.test", allow_private_addresses=False)
    with pytest.raises(kind):
        site.fetch("/a", site.host(), other, attempts=1)
    assert site.paths() == ["/robots.txt", "/a"]


def test_redirect_to_another_permitted_host_obeys_its_robots(site: "Site") -> None:
    redirect(site, "/a", "http://other.test/b")
    site.answer("/b", b"here")
    hosts = site.host(), site.host("other.test")
    assert site.fetch("/a", *hosts).final_url == "http://other.test/b"
    assert site.paths() == ["/robots.txt", "/a", "/robots.txt", "/b"]


def test_robots_is_asked_on_every_hop(site: "Site") -> None:
    site.answer("/robots.txt", b"User-agent: *\nDisallow: /private/")
    redirect(site, "/a", "/private/b")
    with pytest.raises(RobotsDisallowed, match=r"\[http://portal.test/private/b\]"):
        site.fetch("/a")
    assert site.paths() == ["/robots.txt", "/a"]


@pytest.mark.parametrize("status", [300, 304, 305, 302])
def test_redirect_without_a_target_is_a_status(site: "Site", status: int) -> None:
    site.answer("/a", status=status)
    with pytest.raises(HttpStatusError, match=f"the host answered {status}"):
        site.fetch("/a")


def test_redirect_to_less_security_is_refused(tls_site: "Site") -> None:
    redirect(tls_site, "/a", "http://portal.test/b")
    with pytest.raises(RedirectRefused, match="a redirect from https to http"):
        tls_site.fetch("/a", tls_site.host(unverified_tls_reason="self-signed"))


def test_redirect_to_more_security_is_followed(site: "Site", tls_site: "Site") -> None:
    redirect(site, "/a", "https://secure.test/b")
    tls_site.answer("/b", b"here")
    secure = tls_site.host("secure.test", unverified_tls_reason="self-signed")
    capture = site.fetch("/a", site.host(), secure)
    assert (capture.final_url, capture.body, capture.tls_verified) == ("https://secure.test/b", b"here", False)
