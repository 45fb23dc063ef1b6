"""What a family's parser says of an article page, before it gets its identity and its people."""

from dataclasses import dataclass, field

from harvester.parsers.posted import PostedLine
from harvester.records import Attachment, Evidence, Image


@dataclass(frozen=True, slots=True)
class Reading:
    """The content of one article page, in the page's own words; `body` holds paragraphs without captions."""

    title: str
    posted: PostedLine | None
    entry_id: str | None = None
    section: str | None = None
    summary: str | None = None
    body: tuple[str, ...] = ()
    author: str | None = None
    source: str | None = None
    images: tuple[Image, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    related: tuple[str, ...] = ()
    evidence: dict[str, Evidence] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
