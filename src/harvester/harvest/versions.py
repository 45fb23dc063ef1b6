"""When a re-read article is a new version: a digest over the fields that count as its content."""

import hashlib
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import orjson

from harvester.records import Article, Attachment

# Offsets, people and documents follow from the body; counts and capture say when it was seen, not what it is.
CONTENT_FIELDS = ("title", "posted_at", "section", "summary", "body", "author", "source", "images")
_PASSING_PARAMETERS = frozenset({"t", "jsessionid"})


def content_digest(article: Article) -> str:
    """Return the SHA-256 (hex) of the article's content: equal digests are one version."""
    content = article.model_dump(include=set(CONTENT_FIELDS))
    content["attachments"] = [_lasting(attachment) for attachment in article.attachments]
    return hashlib.sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).hexdigest()


def _lasting(attachment: Attachment) -> list[str | None]:
    """Return an attachment without the time stamp and session that its address carries."""
    parts = urlsplit(attachment.url)
    query = [(name, value) for name, value in parse_qsl(parts.query) if name not in _PASSING_PARAMETERS]
    path = parts.path.split(";jsessionid=", 1)[0]
    return [urlunsplit(parts._replace(path=path, query=urlencode(query))), attachment.name]
