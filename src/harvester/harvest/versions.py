"""When a re-read article is a new version: a digest of each field that counts as its content."""

import hashlib
from typing import Literal
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import orjson

from harvester.errors import FieldNotFound
from harvester.harvest.known import KnownArticle, KnownArticles
from harvester.records import Article

Outcome = Literal["new", "changed", "unchanged"]

# Offsets, people and documents follow from the body; counts and capture say when it was seen, not what it is.
CONTENT_FIELDS = ("title", "posted_at", "section", "summary", "body", "author", "source", "images", "attachments")
_PASSING_PARAMETERS = frozenset({"t", "jsessionid"})
_DIGEST_LENGTH = 16  # of a SHA-256 in hex: ample to tell one version of one field from the next


def judge(known_articles: KnownArticles, article: Article) -> tuple[Article, Outcome]:
    """Say whether an article is new, changed or unchanged; one that is not unchanged comes back as the version it is.

    What it was in the past is no version. Under another address (the same entry shown on another page) a section of
    its own makes none either: it would differ for ever. The same title and time on another host gives `same_as`.
    """
    url = article.url or ""
    host, posted_at = urlsplit(url).netloc, article.posted_at.isoformat() if article.posted_at else None
    digests = field_digests(article)
    known = known_articles.get(article.id)
    if known is None:
        version, changed = 1, tuple[str, ...]()
        same_as = known_articles.twin(article.title, posted_at, host) if posted_at else None
    else:
        compared = digests if known.url == url else digests | {"section": known.digests["section"]}
        version, changed, same_as = known.version + 1, changed_fields(known.digests, compared), known.same_as
        if not changed or is_past(article, known):
            return article, "unchanged"
    known_articles.put(
        KnownArticle(
            id=article.id,
            url=url,
            host=host,
            title=article.title,
            posted_at=posted_at,
            same_as=same_as,
            digests=digests,
            version=version,
            seen_at=article.capture.captured_at,
        )
    )
    article = article.model_copy(update={"version": version, "changed": changed, "same_as": same_as})
    return article, "changed" if known else "new"


def is_past(article: Article, known: KnownArticle) -> bool:
    """Whether an article was captured before what is known of it. What the portal itself shows is the present."""
    return article.capture.via != "live" and article.capture.captured_at < known.seen_at


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


def loss_of(article: Article, known_articles: KnownArticles, must_have: frozenset[str]) -> FieldNotFound | None:
    """Return the error for an article that lacks one of the fields it must have, or the date it had before."""
    missing = {field for field in must_have if getattr(article, field) is None}
    if missing:
        reason = f"no {min(missing)}, which every article of this portal had so far; held back"
        return FieldNotFound(reason, field=min(missing), url=article.url)
    known = known_articles.get(article.id) if article.posted_at is None else None
    if known is not None and known.posted_at is not None:
        reason = "no posted_at, which this article had before; the version with it stands"
        return FieldNotFound(reason, field="posted_at", url=article.url)
    return None
