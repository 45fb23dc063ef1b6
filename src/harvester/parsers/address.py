"""Addresses as identities: one form for all the spellings in which a portal links a page."""

import re
from functools import lru_cache
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlencode, urljoin, urlsplit, urlunsplit

from harvester.vietnamese.text import nfc

MAX_LENGTH = 8_192

_LANGUAGE_SEGMENTS = frozenset({"en", "vi"})
# Parameters that lay out a Liferay page or carry a session; what is left names the content.
_PASSING_PARAMETER = re.compile(
    r"p_p_\w+|p_r_p_\w+|p_l_\w+|p_auth|inheritRedirect|redirect|jsessionid|doAsUserId"
    r"|_[^=]*_(?:struts_action|type|viewMode|redirect|delta|keywords|advancedSearch|andOperator)",
    re.IGNORECASE,
)
_SESSION = re.compile(r";jsessionid=[^/?#]*|(?<=[?&])jsessionid=[^&#]*&?", re.IGNORECASE)
_SAFE_IN_PATH = "%/:@!$&'()*+,;=~-._"
_SAFE_IN_QUERY = _SAFE_IN_PATH + "?[]"
# An address that taking apart, quoting and putting together would leave as it is; most links are. The letters are
# spelt out: `re` tests a set many times faster where no class (\w) is in it.
_LETTERS = "A-Za-z0-9"
_FINISHED = re.compile(
    rf"https?://[{_LETTERS}._-]+(?::[0-9]+)?"
    rf"(?:/[{_LETTERS}{re.escape(_SAFE_IN_PATH)}]*(?:\?[{_LETTERS}{re.escape(_SAFE_IN_QUERY)}]+)?)?"
)
_DEFAULT_PORTS = {"http": ":80", "https": ":443"}


def resolve(base: str | None, reference: str) -> str | None:
    """Return the absolute address of a link, letters and spaces percent-encoded; None where it is no web address.

    Without a base only absolute references resolve.
    """
    reference = reference.strip()
    if not reference or len(reference) > MAX_LENGTH:
        return None
    try:
        joined = _join(base, reference)
        if _FINISHED.fullmatch(joined):
            return joined
        parts = urlsplit(joined)
        host = parts.hostname
        path, query = quote(parts.path, safe=_SAFE_IN_PATH), quote(parts.query, safe=_SAFE_IN_QUERY)
    except ValueError:  # a port or an IPv6 address that is none, or letters that no encoding has
        return None
    if parts.scheme not in ("http", "https") or not host:
        return None
    return urlunsplit((parts.scheme, parts.netloc, path, query, ""))


def _join(base: str | None, reference: str) -> str:
    """Join as RFC 3986 says, by a shorter way where the reference is a whole address or a plain absolute path."""
    if reference.startswith(("http://", "https://")) or not base:
        return reference
    if reference[:1] == "/" and reference[:2] != "//" and "/." not in reference:
        return _origin(base) + reference
    return urljoin(base, reference)


@lru_cache(maxsize=64)
def _origin(base: str) -> str:
    parts = urlsplit(base)
    return f"{parts.scheme}://{parts.netloc}"


def without_session(url: str) -> str:
    """Return the address without the session in its path or query: it ends, and the page stays."""
    return _SESSION.sub("", url).rstrip("?&") if "jsessionid" in url.lower() else url


def without_language(url: str) -> str:
    """Return the address without language segments at either end of its path: they chain (/en/en/vi) without end."""
    parts = urlsplit(url)
    segments = parts.path.split("/")
    while len(segments) > 2 and segments[-1] in _LANGUAGE_SEGMENTS:
        segments.pop()
    while len(segments) > 2 and segments[1] in _LANGUAGE_SEGMENTS:
        segments.pop(1)
    return urlunsplit(parts._replace(path="/".join(segments)))


def canonical_url(url: str, entry_id: str | None = None) -> str:
    """Return an article's address as an identity, not promised to be fetchable.

    With an entry id `https://<host>/-/view_content/<entry id>`; else scheme, host and path without language
    segments, session and layout parameters, the parameters left in order of their names.
    """
    parts = urlsplit(resolve(None, url) or url)
    if entry_id:
        return f"https://{_host(parts)}/-/view_content/{entry_id}"
    parts = urlsplit(without_language(without_session(urlunsplit(parts))))  # a session may hide a language segment
    kept = sorted(
        (name, nfc(value))
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
        if not _PASSING_PARAMETER.fullmatch(name)
    )
    return urlunsplit((parts.scheme, _host(parts), _composed(parts.path), urlencode(kept), ""))


def _host(parts: SplitResult) -> str:
    """Return the host as an identity: in lower case, without the user and the scheme's own port."""
    return parts.netloc.rpartition("@")[2].lower().removesuffix(_DEFAULT_PORTS.get(parts.scheme, ""))


def _composed(path: str) -> str:
    """Return a path with its percent-encoded letters in NFC: one portal writes them decomposed."""
    try:
        letters = unquote(path, errors="strict")
    except UnicodeDecodeError:
        return path
    return path if "%2f" in path.lower() else quote(nfc(letters), safe=_SAFE_IN_PATH.replace("%", ""))


def query_value(url: str, suffix: str) -> str | None:
    """Return the first query value whose portlet-namespaced name ends so: `_101_INSTANCE_x_cur` for “_cur”."""
    pairs = parse_qsl(urlsplit(url).query)
    return next((value for name, value in pairs if name.startswith("_") and name.endswith(suffix) and value), None)


def with_query_of(url: str, other: str) -> str:
    """Return the address with the query of another one."""
    return urlunsplit(urlsplit(url)._replace(query=urlsplit(other).query, fragment=""))
