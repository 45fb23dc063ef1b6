"""When a re-read article is a new version: a digest of each field that counts as its content."""

import hashlib
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import orjson

from harvester.records import Article

# Offsets, people and documents follow from the body; counts and capture say when it was seen, not what it is.
CONTENT_FIELDS = ("title", "posted_at", "section", "summary", "body", "author", "source", "images", "attachments")
_PASSING_PARAMETERS = frozenset({"t", "jsessionid"})
_DIGEST_LENGTH = 16  # of a SHA-256 in hex: ample to tell one version of one field from the next


def field_digests(article: Article) -> dict[str, str]:
    """Return a digest of each content field, by its name: equal digests are one version."""
    return {name: _digest(value) for name, value in _content(article).items()}


def changed_fields(before: dict[str, str], now: dict[str, str]) -> tuple[str, ...]:
    """Return the names of the fields that differ, in the order of the record."""
    return tuple(name for name in CONTENT_FIELDS if before.get(name) != now[name])


def _content(article: Article) -> dict[str, object]:
    """Return what is compared: addresses stand without the time stamp and session that a portal writes into them."""
    content = {name: getattr(article, name) for name in CONTENT_FIELDS}
    content["images"] = [(_lasting(image.url), image.caption, image.alt) for image in article.images]
    content["attachments"] = [(_lasting(attachment.url), attachment.name) for attachment in article.attachments]
    return content


def _digest(value: object) -> str:
    return hashlib.sha256(orjson.dumps(value)).hexdigest()[:_DIGEST_LENGTH]


def _lasting(url: str | None) -> str | None:
    if url is None:
        return None
    parts = urlsplit(url)
    query = [(name, value) for name, value in parse_qsl(parts.query) if name not in _PASSING_PARAMETERS]
    path = parts.path.split(";jsessionid=", 1)[0]
    return urlunsplit(parts._replace(path=path, query=urlencode(query)))
