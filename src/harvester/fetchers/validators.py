"""Conditional requests: what a host gave with an answer, to ask later whether it changed (RFC 9110, 8.8 and 13.1)."""

import re
from collections.abc import Mapping

from harvester.fetchers.pace import parse_http_date
from harvester.records import Capture, Validators

MAX_ETAG_CHARACTERS = 1_024
MAX_DATE_CHARACTERS = 64

_PRINTABLE = re.compile(r"[ -~]+")


def validators_of(capture: Capture) -> Validators | None:
    """Return the validators of an answer, or None where it carries none that could be sent back."""
    return _sendable(capture.header("etag"), capture.header("last-modified"))


def conditions(validators: Validators | None) -> Mapping[str, str]:
    """Return the request headers that make a request conditional; a value that could not have been sent is dropped."""
    kept = _sendable(validators.etag, validators.last_modified) if validators else None
    named = {"If-None-Match": kept.etag, "If-Modified-Since": kept.last_modified} if kept else {}
    return {name: value for name, value in named.items() if value is not None}


def _sendable(etag: str | None, last_modified: str | None) -> Validators | None:
    etag = _one_line(etag, MAX_ETAG_CHARACTERS)
    last_modified = _one_line(last_modified, MAX_DATE_CHARACTERS)
    if last_modified is not None and parse_http_date(last_modified) is None:
        last_modified = None
    return Validators(etag=etag, last_modified=last_modified) if etag or last_modified else None


def _one_line(value: str | None, longest: int) -> str | None:
    value = (value or "").strip(" \t")
    return value if len(value) <= longest and _PRINTABLE.fullmatch(value) else None
