"""What the replica holds: its articles, and beside each the truth a harvest has to find in it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Self

ParagraphStyle = Literal["plain", "styled", "unbalanced"]
CaptionStyle = Literal["table", "centred", "figure", "bare"]
WriterPlace = Literal["field", "paragraph", "item"]

_MARK = re.compile(r"<(?P<name>[^<>]+)>|\[(?P<surface>[^|\[\]]+)\|(?P<canonical>[^|\[\]]+)\]")


@dataclass(frozen=True, slots=True)
class TruePosition:
    """One post as the body states it (docs/annotation.md, O5 to O7)."""

    role: str
    organisation: str | None
    place: str | None

    @property
    def surface(self) -> str:
        """The post as running text; words that end the role and begin the organisation stand once."""
        if self.organisation and self.role == f"{self.organisation} viên":
            return self.role
        words = self.role.split()
        body = (self.organisation or "").split()
        shared = next(n for n in range(min(len(words), len(body)), -1, -1) if words[len(words) - n :] == body[:n])
        return " ".join([*words, *body[shared:], *(self.place or "").split()])


@dataclass(frozen=True, slots=True)
class TrueOfficial:
    """A named office-holder of the body: positions in the order stated, mentions as (start, end) in the body."""

    name: str
    positions: tuple[TruePosition, ...]
    mentions: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class TrueCitation:
    """One mention of a document: `text` is the body's `start`:`end`, in code points."""

    text: str
    start: int
    end: int
    canonical_id: str


@dataclass(frozen=True, slots=True)
class ReplicaImage:
    """A picture under the paragraph of that index; without a path only its caption stands on the page."""

    path: str | None
    caption: str
    after: int


@dataclass(frozen=True, slots=True)
class ReplicaAttachment:
    """A file linked from the article's last paragraph by its name."""

    path: str
    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Layout:
    """How an article's page is laid out; each choice is one the portal family shows."""

    date_label: str
    views_label: str | None
    twelve_hour: bool
    borderless: bool
    sapo: bool
    paragraphs: ParagraphStyle
    captions: CaptionStyle
    writer: WriterPlace
    account: str
    related_label: str
    controls: bool


@dataclass(frozen=True, slots=True)
class ReplicaArticle:
    """One article of the replica.

    `posted_at` carries +07:00 and is midnight where `day_precision` says that no time is known. `view_count`
    and `summary` are None where the page shows none. `author` is a person; a CMS account is none.
    """

    entry_id: str
    section_path: str
    section: str | None
    title: str
    url_title: str
    posted_at: datetime
    day_precision: bool
    view_count: int | None
    summary: str | None
    paragraphs: tuple[str, ...]
    author: str | None
    images: tuple[ReplicaImage, ...]
    attachments: tuple[ReplicaAttachment, ...]
    layout: Layout
    officials: tuple[TrueOfficial, ...]
    citations: tuple[TrueCitation, ...]

    @property
    def body(self) -> str:
        """The paragraphs joined by a blank line; captions and the writer's name are no part of it."""
        return "\n\n".join(self.paragraphs)

    @property
    def abstract(self) -> str:
        """What a listing shows under the title: the opening words, cut with three dots."""
        text = self.summary or self.paragraphs[0]
        return text if len(text) <= 200 else text[:200].rsplit(" ", 1)[0] + "..."


@dataclass(frozen=True, slots=True)
class MarkedText:
    """Paragraphs out of marked ones: `<Name>` is a mention, `[surface|canonical id]` a citation."""

    paragraphs: tuple[str, ...]
    mentions: dict[str, tuple[tuple[int, int], ...]]
    citations: tuple[TrueCitation, ...]

    @classmethod
    def read(cls, marked: Iterable[str]) -> Self:
        """Take the marks out of the paragraphs; offsets count over the paragraphs joined by a blank line."""
        paragraphs: list[str] = []
        mentions: dict[str, tuple[tuple[int, int], ...]] = {}
        citations: list[TrueCitation] = []
        offset = 0
        for paragraph in marked:
            plain, last = "", 0
            for mark in _MARK.finditer(paragraph):
                plain += paragraph[last : mark.start()]
                last = mark.end()
                start = offset + len(plain)
                shown = mark["name"] or mark["surface"]
                plain += shown
                if mark["name"]:
                    mentions[shown] = (*mentions.get(shown, ()), (start, start + len(shown)))
                else:
                    citations.append(TrueCitation(shown, start, start + len(shown), mark["canonical"]))
            plain += paragraph[last:]
            paragraphs.append(plain)
            offset += len(plain) + 2
        return cls(tuple(paragraphs), mentions, tuple(citations))

    def officials(self, positions: dict[str, tuple[TruePosition, ...]]) -> tuple[TrueOfficial, ...]:
        """Return everyone mentioned, in the order of the text, with the positions stated for the name."""
        return tuple(TrueOfficial(name, positions[name], spans) for name, spans in self.mentions.items())
