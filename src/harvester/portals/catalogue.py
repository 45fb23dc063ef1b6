"""Who publishes where and when: the portals, their hosts, and how gently each host is read."""

import difflib
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from importlib import resources
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, ValidationInfo, field_validator

from harvester.errors import UnknownPortal
from harvester.portals.hours import hours
from harvester.portals.reading import Entry, TomlFile, quoted
from harvester.records import Record, Text

FAMILIES = ("hanoi-liferay", "plain-text")
"""The CMS families a portal may name: those that a parser exists for."""

DEFAULT_PORTS = {"http": 80, "https": 443}

_LONGEST_HOST = 253 + len(":65535")  # RFC 1035, 2.3.4, in its textual form

_ID = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_ID_SPACE = re.compile(r"[a-z][a-z0-9]{1,31}")
_UNIT_CODE = re.compile(r"[0-9]{2,5}")
_HOST = re.compile(r"(?:(?:[a-z0-9_-]{1,63}\.)*[a-z0-9_-]{1,63}|\[[0-9a-f:.]+\])(?::(?P<port>[0-9]{1,5}))?")
_ADDRESS = re.compile(r"(?:(?P<v4>[0-9.]+)|\[(?P<v6>[0-9a-fA-F:.]+)\]):(?P<port>[0-9]{1,5})")
_LISTING = re.compile(r'/[!"$-~]*')


def _is_port(digits: str) -> bool:
    return 0 < int(digits) < 65536


def is_portal_id(text: str) -> bool:
    """Whether a text can be a portal's id: it names the output folder and opens every article id."""
    return bool(_ID.fullmatch(text))


def _portal_id(text: str) -> str:
    if not is_portal_id(text):
        raise ValueError(f"{quoted(text)} cannot name a folder (write a-z, 0-9, hyphens and dots, at most 64)")
    return text


def _id_space(text: str) -> str:
    # One letter is kept for ids made of an address (u-) or of a file (f-).
    if not _ID_SPACE.fullmatch(text):
        raise ValueError(f"{quoted(text)} cannot open an entry id (write a letter, then 1 to 31 of a-z and 0-9)")
    return text


def _unit_code(text: str) -> str:
    if not _UNIT_CODE.fullmatch(text):
        raise ValueError(f'{quoted(text)} is not a unit code (write its digits with the leading zeros: "004")')
    return text


def _known_family(text: str) -> str:
    if text not in FAMILIES:
        raise ValueError(f"{quoted(text)} is not a family known here (write one of: {', '.join(FAMILIES)})")
    return text


def _host_name(text: str) -> str:
    match = _HOST.fullmatch(text.lower()) if len(text) <= _LONGEST_HOST else None
    if "://" in text:
        raise ValueError(f"{quoted(text)} holds a scheme (write the host name only; the scheme has its own key)")
    if "/" in text:
        raise ValueError(f"{quoted(text)} holds a path (write the host name only; paths go under listings)")
    if not match or (match["port"] and not _is_port(match["port"])):
        raise ValueError(f"{quoted(text)} is not a host name (write it like longbien.hanoi.gov.vn)")
    if text != text.lower():
        raise ValueError(f"{quoted(text)} is not in lower case (write {quoted(text.lower())})")
    return text


def _listing(text: str) -> str:
    if not text.startswith("/"):
        raise ValueError(f'{quoted(text)} does not start with "/" (write the path on the host, like "/tin-tuc")')
    if not _LISTING.fullmatch(text):
        raise ValueError(f'{quoted(text)} holds a space, "#" or a letter beyond ASCII (write it percent-encoded)')
    return text


def _address(text: str) -> str:
    match = _ADDRESS.fullmatch(text)
    try:
        valid = match is not None and bool(ip_address(match["v4"] or match["v6"])) and _is_port(match["port"])
    except ValueError:
        valid = False
    if not valid:
        raise ValueError(f"{quoted(text)} is not IP:port (write it like 127.0.0.1:8080 or [::1]:8080)")
    return text


def _not_before_start(day: date | None, others: ValidationInfo) -> date | None:
    start = others.data.get("valid_from")
    if day and start and day < start:
        raise ValueError(f"{day} is before valid_from, {start} (swap them, or mend one)")
    return day


ValidTo = Annotated[date | None, AfterValidator(_not_before_start)]


class Host(Record):
    """One host of a portal, while it belonged to it."""

    name: Annotated[str, AfterValidator(_host_name)] = Field(
        description="Host name, lower case, with a port where it is not the scheme's own"
    )
    evidence: Text = Field(
        min_length=1, description="What shows that the host is the portal's, with its tag: [P], [H], [S], [D], [K]"
    )
    scheme: Literal["http", "https"] = Field(default="https", validate_default=True)
    listings: tuple[Annotated[str, AfterValidator(_listing)], ...] = Field(
        default=(), description="Paths of the listings a crawl starts from"
    )
    id_space: Annotated[str, AfterValidator(_id_space)] | None = Field(
        default=None, description="Prefix of entry ids, where the host numbers its own"
    )
    valid_from: date | None = Field(default=None, description="First day on which the host was the portal's")
    valid_to: ValidTo = Field(default=None, description="Last day on which the host was the portal's")
    delay_seconds: float = Field(
        default=1.0, ge=0, allow_inf_nan=False, description="Pause between two requests to the host"
    )
    max_concurrency: int = Field(default=1, ge=1, description="Requests to the host at one time")
    allowed_hours: Annotated[str, AfterValidator(hours)] | None = Field(
        default=None, description="Hours of the day in which the host may be asked, in Vietnam's time"
    )
    daily_requests: int | None = Field(
        default=None, ge=1, description="Requests to the host in one calendar day of Vietnam, robots.txt included"
    )
    address: Annotated[str, AfterValidator(_address)] | None = Field(
        default=None, description="IP:port to connect to instead of asking the resolver"
    )
    allow_private_addresses: bool = Field(default=False, description="Whether the host may have a private address")
    unverified_tls_reason: str | None = Field(
        default=None, min_length=1, description="Why the certificate is not verified"
    )

    @field_validator("scheme")
    @classmethod
    def _port_is_not_the_schemes_own(cls, scheme: str, others: ValidationInfo) -> str:
        port = f":{DEFAULT_PORTS[scheme]}"
        if others.data.get("name", "").endswith(port):
            raise ValueError(f"{scheme} has the port {port} of its own (leave it out of the name)")
        return scheme

    def url(self, path: str) -> str:
        """Return the address of a path on this host."""
        return f"{self.scheme}://{self.name}{path}"

    def covers(self, day: date) -> bool:
        """Whether the host was the portal's on that day."""
        return (self.valid_from or date.min) <= day <= (self.valid_to or date.max)

    def overlaps(self, other: "Host") -> bool:
        """Whether some day belongs to the validity of both."""
        return (self.valid_from or date.min) <= (other.valid_to or date.max) and (other.valid_from or date.min) <= (
            self.valid_to or date.max
        )


class Portal(Record):
    """One publisher: a district, a town, or what took its place."""

    id: Annotated[str, AfterValidator(_portal_id)] = Field(
        description="Names the portal in commands, its output folder and its article ids"
    )
    name: Text = Field(min_length=1, description="Official name of the unit")
    unit_code: Annotated[str, AfterValidator(_unit_code)] | None = Field(
        default=None, description="Code of the administrative unit (General Statistics Office)"
    )
    province: Text | None = Field(default=None, description="Official name of the province or city around it")
    family: Annotated[str, AfterValidator(_known_family)] | None = Field(
        default=None, description="CMS family, where known"
    )
    family_evidence: Text | None = Field(
        default=None, min_length=1, validate_default=True, description="What shows the family, with its tag"
    )
    valid_from: date | None = Field(default=None, description="First day of the unit")
    valid_to: ValidTo = Field(default=None, description="Last day of the unit")
    deep_look_days: int = Field(
        default=7,
        ge=0,
        le=36_500,
        description="How far behind the newest known post listings are read again for backdated posts",
    )
    revisit_days: int = Field(
        default=7, ge=0, le=36_500, description="How far behind the newest known post articles are read again"
    )
    revisit_articles: int = Field(
        default=30, ge=0, le=1_000_000, description="Articles read again in one round at most"
    )
    hosts: tuple[Host, ...] = Field(default=(), description="Its hosts, the first being the one ids go by")

    @field_validator("family_evidence")
    @classmethod
    def _family_is_shown(cls, text: str | None, others: ValidationInfo) -> str | None:
        if text is None and others.data.get("family"):
            raise ValueError("missing (say what shows the family, with its tag)")
        return text

    @property
    def crawlable(self) -> bool:
        """Whether a listing is known to start a crawl from."""
        return any(host.listings for host in self.hosts)


def require_hosts(portal: Portal) -> tuple[Host, ...]:
    """Return all hosts of a portal that can be crawled: one at least has a listing.

    Raises:
        UnknownPortal: no host is known, or no listing on any; the message says how to add them.
    """
    if not portal.hosts:
        raise UnknownPortal(
            f"portal {quoted(portal.id)}: host unknown: add one with --catalogue FILE (docs/catalogue.md shows how)"
        )
    if not portal.crawlable:
        names = ", ".join(host.name for host in portal.hosts)
        raise UnknownPortal(
            f"portal {quoted(portal.id)}: no listing known on {names}: "
            "add one with --catalogue FILE (docs/catalogue.md shows how)"
        )
    return portal.hosts


@dataclass(frozen=True)
class Catalogue:
    """All portals, in the order of the file; entries of a user's file replace those of the same id."""

    portals: tuple[Portal, ...]

    def __iter__(self) -> Iterator[Portal]:
        return iter(self.portals)

    def get(self, portal_id: str) -> Portal:
        """Return the portal of that id.

        Raises:
            UnknownPortal: none has it; the message names near misses.
        """
        for portal in self.portals:
            if portal.id == portal_id:
                return portal
        raise UnknownPortal(f"no portal {quoted(portal_id)} ({self.hint(portal_id)}`harvester portals` lists them all)")

    def hint(self, portal_id: str) -> str:
        """Return “did you mean …? ” with the nearest ids, or nothing where none is near."""
        ids = self._near(portal_id)
        return f"did you mean {' or '.join(ids)}? " if ids else ""

    def find_host(self, host_name: str, day: date) -> tuple[Portal, Host] | None:
        """Return whose host it was on that day, or None. One host may change hands (portals of 2025)."""
        claims = self._claims.get(host_name.lower(), ())
        return next(((portal, host) for portal, host in claims if host.covers(day)), None)

    def find_url(self, url: str, day: date) -> tuple[Portal, Host] | None:
        """Return whose address it was on that day, or None; any string may be asked for.

        Case, user name, the scheme's own port and the dot of a fully qualified host name make no difference.
        """
        try:
            parts = urlsplit(url)
            host, port = (parts.hostname or "").removesuffix("."), parts.port
        except ValueError:
            return None
        if parts.scheme not in DEFAULT_PORTS:
            return None
        name = f"[{host}]" if ":" in host else host
        return self.find_host(name if port in {None, DEFAULT_PORTS[parts.scheme]} else f"{name}:{port}", day)

    @classmethod
    def load(cls, *overrides: Path) -> Self:
        """Read the built-in catalogue, then each file in turn.

        Raises:
            CatalogueError: a file cannot be read or an entry does not validate; names file and line.
        """
        built_in = resources.files(__package__).joinpath("catalogue.toml").read_bytes()
        files = (TomlFile.parse(built_in, source="catalogue.toml"), *map(TomlFile.read, overrides))
        read = [_by_id(file.entries("portal", Portal)) for file in files]
        merged: dict[str, Entry[Portal]] = {}
        for entries in read:
            merged |= entries
        # In the order of the files, so that the later file is told of a conflict.
        _refuse_shared_hosts(each for entries in read for each in entries.values() if merged[each.record.id] is each)
        return cls(portals=tuple(entry.record for entry in merged.values()))

    @cached_property
    def _claims(self) -> dict[str, list[tuple[Portal, Host]]]:
        claims: dict[str, list[tuple[Portal, Host]]] = {}
        for portal in self.portals:
            for host in portal.hosts:
                claims.setdefault(host.name, []).append((portal, host))
        return claims

    def _near(self, portal_id: str) -> list[str]:
        """Return ids, nearest first, that the word may have been meant for; names count as well as ids."""
        spelt = unicodedata.normalize("NFC", portal_id[:64]).casefold()
        ids = {word: portal.id for portal in self.portals for word in (portal.name.casefold(), portal.id)}
        return list(dict.fromkeys(ids[word] for word in difflib.get_close_matches(spelt, ids, n=3, cutoff=0.7)))


def _by_id(entries: Iterable[Entry[Portal]]) -> dict[str, Entry[Portal]]:
    known: dict[str, Entry[Portal]] = {}
    for entry in entries:
        if entry.record.id in known:
            raise entry.error(("id",), "used before in this file (merge the two entries, or rename one)")
        known[entry.record.id] = entry
    return known


def _refuse_shared_hosts(entries: Iterable[Entry[Portal]]) -> None:
    claims: dict[str, list[tuple[Portal, Host]]] = {}
    for entry in entries:
        for index, host in enumerate(entry.record.hosts):
            earlier = claims.setdefault(host.name, [])
            for owner, other in earlier:
                if host.overlaps(other):
                    raise entry.error(
                        ("hosts", index, "name"),
                        f"{host.name} is {owner.id}'s in the same days (part them by valid_from and valid_to)",
                    )
            earlier.append((entry.record, host))
