"""Every typed record that travels between rooms or leaves in a file: frozen, NFC, times in +07:00.

Rooms pass these values and nothing else. Offsets (`start`, `end`) are Python code points, end exclusive.
The JSON Schema of `Article` is printed by `harvester schema` and kept in docs/article.schema.json.
"""

import unicodedata
from datetime import datetime, timedelta, timezone
from typing import Annotated, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field

SCHEMA_VERSION = "1"

VIETNAM_TIME = timezone(timedelta(hours=7))
"""Portals print local time; Vietnam has kept UTC+7 without daylight saving since 1975."""


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _vietnam_time(moment: datetime) -> datetime:
    return moment.astimezone(VIETNAM_TIME)


Text = Annotated[str, AfterValidator(_nfc)]
Moment = Annotated[AwareDatetime, AfterValidator(_vietnam_time)]
Offset = Annotated[int, Field(ge=0)]
Count = Annotated[int, Field(ge=0)]
Via = Literal["live", "warc", "wayback", "commoncrawl", "file"]
Precision = Literal["second", "minute", "day"]


class Record(BaseModel):
    """The base of every record: frozen, no unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


# ---------------------------------------------------------------------------------------------- captures


class Capture(Record):
    """Bytes with their origin: one answer of a portal, an archive or a file.

    `body` is the payload after transfer and content encodings were undone; `headers` keep the order and
    the repetitions in which they came, names in lower case; `sha256` is that of `body`, in hex.
    """

    url: str | None = Field(description="The address asked for; null for a file of unknown origin")
    final_url: str | None = Field(description="The address that answered, after redirects")
    status: int | None = Field(description="HTTP status; null where none was kept")
    headers: tuple[tuple[str, str], ...]
    body: bytes
    captured_at: Moment
    via: Via
    sha256: str
    tls_verified: bool | None = Field(description="Null where no TLS was involved or nothing is known of it")
    archive: str | None = Field(default=None, description="Where the bytes lie: WARC file and record id")

    def header(self, name: str) -> str | None:
        """Return the first header of that name (given in lower case), or None."""
        return next((value for key, value in self.headers if key == name), None)


# ---------------------------------------------------------------------------------------------- language


class Span(Record):
    """A stretch of text: code points, `end` exclusive."""

    start: Offset
    end: Offset


class Position(Record):
    """One post of an official, in the words of the text (domain rules O5 to O7)."""

    role: Text = Field(description="Title words, e.g. “Phó Chủ tịch Thường trực”")
    organisation: Text | None = Field(description="The body it belongs to, e.g. “UBND”")
    place: Text | None = Field(description="The trailing administrative unit, e.g. “quận Long Biên”")
    expanded: Text | None = Field(
        description="The whole post with its abbreviations spelt out; null where it holds none"
    )


class Official(Record):
    """A named office-holder; one entry per distinct name and article."""

    name: Text = Field(description="As first written, white space collapsed, all-capitals in title case")
    key: Text = Field(description="NFC, case-folded, one tone placement, diacritics kept: compares spellings")
    honorifics: tuple[Text, ...]
    positions: tuple[Position, ...]
    mentions: tuple[Span, ...] = Field(description="Every place of the full name in the body")


class Citation(Record):
    """One mention of one identifiable document (domain rules C1 to C9)."""

    text: Text
    start: Offset
    end: Offset
    type: Text = Field(description="Document type code, e.g. NQ, QD, LUAT")
    number: Text | None = Field(description="As written, e.g. “05”")
    year: int | None = Field(description="Year in the symbol, else of the law's name, else of the attached date")
    symbol: Text | None = Field(description="The symbol in its official shape; null for short forms")
    issuer: Text | None = Field(description="Who issued it: the text's words, else the abbreviation's expansion")
    date: Text | None = Field(description="Issue date directly after the span, YYYY-MM-DD")
    subject: Text | None = Field(description="The quoted or “về …” subject that follows")
    pinpoint: Text | None = Field(description="The article pointer, e.g. “khoản 2 Điều 10”")
    canonical_id: Text = Field(description="TYPE:NUMBER[/YEAR]:ISSUER; “?” stands for an unresolved part")
    resolved_by: Literal["symbol", "name", "occasion", "date", "issuer", "antecedent", "list"] | None = Field(
        description="What decided the canonical id; null where it holds “?”"
    )
    antecedent: Span | None = Field(description="The fuller mention a short form was resolved to")


# ---------------------------------------------------------------------------------------------- articles


class Image(Record):
    """A picture of the article; `url` is null where only its caption survives."""

    url: str | None
    caption: Text | None
    alt: Text | None


class Attachment(Record):
    """A file offered by the article."""

    url: str
    name: Text | None
    media_type: str | None = Field(description="Guessed from the file name's ending")


class Evidence(Record):
    """The page's own words behind a field."""

    raw: Text
    where: str = Field(description="CSS selector, or “line N” in plain text")


class CaptureNote(Record):
    """Where an article's bytes came from and where they lie."""

    captured_at: Moment
    via: Via
    status: int | None
    sha256: str
    archive: str | None
    charset: str | None = Field(description="The encoding the page was decoded with")
    tls_verified: bool | None


class ParserNote(Record):
    """Which parser read the page."""

    family: str
    version: str


class Article(Record):
    """One version of one article: a line of articles.jsonl."""

    schema_version: Literal["1"] = SCHEMA_VERSION
    id: str = Field(
        description="<portal>/<entry id>; <portal>/<id space>-<entry id> on a host with its own numbers; "
        "<portal>/u-<hash of the canonical URL> without an entry id; <portal>/f-<hash of the body> without a URL"
    )
    same_as: str | None = Field(
        default=None,
        description="The earlier id, where another host of the portal carries the same title and posted_at",
    )
    portal: str
    url: str | None
    canonical_url: str | None = Field(description="An identity, not promised to be fetchable")
    section: Text | None
    title: Text
    posted_at: Moment | None = Field(description="Day precision is written as 00:00:00+07:00")
    posted_precision: Precision | None
    view_count: Count | None = Field(description="As displayed at capture.captured_at")
    summary: Text | None
    body: Text | None = Field(description="Paragraphs joined by a blank line, captions left out")
    author: Text | None
    source: Text | None
    images: tuple[Image, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    related: tuple[str, ...] = ()
    officials: tuple[Official, ...] = ()
    citations: tuple[Citation, ...] = ()
    evidence: dict[str, Evidence] = Field(default_factory=dict, description="Field name to the page's own words")
    capture: CaptureNote
    parser: ParserNote
    warnings: tuple[Text, ...] = Field(default=(), description="What could not be read, in words")


class ListingRow(Record):
    """One row of a listing: enough to decide whether to fetch the article."""

    url: str
    entry_id: str | None
    title: Text
    posted_at: Moment | None
    posted_precision: Precision | None
    view_count: Count | None
    summary: Text | None


class Listing(Record):
    """One page of a portal's list of articles."""

    url: str | None
    section: Text | None
    rows: tuple[ListingRow, ...]
    next_url: str | None = Field(description="The next page; null on the last")
    first: int | None = Field(description="Number of the first row, counted from 1 over all pages")
    last: int | None
    total: int | None = Field(description="Rows over all pages, as the portal states it")
    parser: ParserNote


class NotAnArticle(Record):
    """The page was read, and it is no article: the reason says what it is instead."""

    url: str | None
    reason: str
    listing: Listing | None = Field(default=None, description="The listing, where that is what the page holds")


# ---------------------------------------------------------------------------------------------- the job


class Observation(Record):
    """One sight of an article's view count: the count is a series, not a number."""

    id: str
    observed_at: Moment
    via: Via
    view_count: Count | None


class Failure(Record):
    """A page that could not be harvested, and why."""

    url: str
    stage: Literal["robots", "fetch", "parse", "write"]
    error: str = Field(description="Name of the error class, stable")
    message: str
    failed_at: Moment
    attempt: int = Field(ge=1, description="Counted per URL over all runs")
