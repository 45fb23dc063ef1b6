"""Since when each article's page is as it is, so that a client can ask whether it changed (RFC 9110, 13)."""

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.message import Message
from email.utils import format_datetime, parsedate_to_datetime

from harvester.demo.site import ReplicaSite
from harvester.demo.truth import ReplicaArticle


class Revisions:
    """Remembers when articles changed while the replica ran; those never changed are as old as their post."""

    def __init__(self) -> None:
        self._changed_at: dict[str, datetime] = {}
        self._redrawn_at: datetime | None = None

    def note_edits(self, before: ReplicaSite, after: ReplicaSite) -> None:
        """Note which articles differ between two sites, as changed now."""
        earlier = {article.entry_id: article for article in before.articles}
        for article in after.articles:
            if article.entry_id in earlier and article != earlier[article.entry_id]:
                self._changed_at[article.entry_id] = _now_after(self._changed_at.get(article.entry_id))

    def note_template(self) -> None:
        """Note that all pages look different now."""
        self._redrawn_at = _now_after(self._redrawn_at)

    def fields(self, article: ReplicaArticle, template: str) -> tuple[tuple[str, str], ...]:
        """Return the ETag and Last-Modified of an article's page.

        The tag is a weak one: it stands for the article and the template, not for counters and boxes around it.
        """
        moments = (article.posted_at, self._changed_at.get(article.entry_id), self._redrawn_at)
        changed_at = max(moment for moment in moments if moment)
        digest = hashlib.sha256(f"{template} {article!r}".encode()).hexdigest()
        return (
            ("ETag", f'W/"{digest[:20]}"'),
            ("Last-Modified", format_datetime(changed_at.astimezone(UTC), usegmt=True)),
        )


def is_unchanged(fields: Mapping[str, str], request: Message) -> bool:
    """Whether a request's conditions allow 304 (RFC 9110, 13.2.2): its If-None-Match decides, where it has one."""
    tags = request.get("If-None-Match")
    if tags is not None:
        known = {tag.strip().removeprefix("W/") for tag in tags.split(",")}
        return "ETag" in fields and ("*" in known or fields["ETag"].removeprefix("W/") in known)
    since = request.get("If-Modified-Since")
    if since is None or "Last-Modified" not in fields:
        return False
    try:
        return parsedate_to_datetime(fields["Last-Modified"]) <= parsedate_to_datetime(since)
    except (ValueError, TypeError):  # no date, or one without a zone
        return False


def _now_after(earlier: datetime | None) -> datetime:
    """Return the present to the second, one second on where that would be the earlier time again."""
    now = datetime.now(UTC).replace(microsecond=0)
    return now if earlier is None else max(now, earlier + timedelta(seconds=1))
