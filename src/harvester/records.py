"""Every typed record that travels between rooms or leaves in a file: frozen, NFC, times in +07:00.

Rooms pass these values and nothing else. Offsets (`start`, `end`) are Python code points, end exclusive.
The JSON Schema of `Article` is printed by `harvester schema` and kept in docs/article.schema.json.
"""

import unicodedata
from datetime import date, datetime, timedelta, timezone
from typing import Annotated, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field

VIETNAM_TIME = timezone(timedelta(hours=7))
"""Portals print local time; Vietnam has kept UTC+7 without daylight saving since 1975."""


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _vietnam_time(moment: datetime) -> datetime:
    try:
        return moment.astimezone(VIETNAM_TIME)
    except OverflowError:
        raise ValueError("in Vietnam's time it lies outside the years 1 to 9999") from None


Text = Annotated[str, AfterValidator(_nfc)]
Moment = Annotated[AwareDatetime, AfterValidator(_vietnam_time)]
Offset = Annotated[int, Field(ge=0)]
Count = Annotated[int, Field(ge=0)]
Via = Literal["live", "warc", "wayback", "commoncrawl", "file"]
Precision = Literal["second", "minute", "day"]
OtherPage = Literal["listing", "challenge", "login", "maintenance", "other"]
EventRole = Literal["elected", "appointed", "chairs", "signs", "visits", "speaks", "attends"]


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


class Validators(Record):
    """What a host gave with an answer to ask later whether it changed (RFC 9110, 8.8)."""

    etag: str | None = None
    last_modified: str | None = None


# ---------------------------------------------------------------------------------------------- language


class Span(Record):
    """A stretch of text: code points, `end` exclusive."""

    start: Offset = Field(description="First code point")
    end: Offset = Field(description="Code point after the last")


class Position(Record):
    """One post of an official, in the words of the text (docs/annotation.md, O5 to O7)."""

    role: Text = Field(description="Title words, e.g. “Phó Chủ tịch Thường trực”")
    organisation: Text | None = Field(description="The body it belongs to, e.g. “UBND”")
    place: Text | None = Field(description="The trailing administrative unit, e.g. “quận Long Biên”")
    expanded: Text | None = Field(
        description="The whole post with its abbreviations spelt out; null where it holds none"
    )


class Reference(Span):
    """A later place that stands for an official without the full name (docs/annotation.md, O15)."""

    text: Text = Field(description="Its words, e.g. “đồng chí Hương”, “Chủ tịch UBND quận”")


class Official(Record):
    """A named office-holder; one entry per distinct name and article."""

    name: Text = Field(description="As first written, white space collapsed, all-capitals in title case")
    key: Text = Field(
        description="NFC, case-folded, one tone placement, H’ Lan as H'Lan, diacritics kept: compares spellings"
    )
    honorifics: tuple[Text, ...] = Field(description="Forms of address, ranks and titles before the name, lower case")
    positions: tuple[Position, ...] = Field(description="Every post the body states for the name")
    mentions: tuple[Span, ...] = Field(description="Every place of the full name in the body")
    references: tuple[Reference, ...] = Field(
        default=(),
        description="Later short references, honorific included, where nobody else in the body can be meant",
    )
    event_role: EventRole | None = Field(
        default=None,
        description="What the body says the person does at the event; the first that applies in the order elected, "
        "appointed, chairs, signs, visits, speaks, attends; null where it says none of these",
    )


class Citation(Record):
    """One mention of one identifiable document (docs/citations.md, C1 to C9)."""

    text: Text = Field(description="The words of the mention")
    start: Offset = Field(description="First code point in the body")
    end: Offset = Field(description="Code point after the last")
    type: Text = Field(description="Document type code, e.g. NQ, QD, LUAT")
    number: Text | None = Field(description="As written, e.g. “05”")
    year: int | None = Field(description="Year in the symbol, else of the law's name, else of the attached date")
    symbol: Text | None = Field(description="The symbol in its official shape; null for short forms")
    issuer: Text | None = Field(description="Who issued it: the text's words, else the abbreviation's expansion")
    date: Text | None = Field(description="Issue date directly after the span, YYYY-MM-DD")
    subject: Text | None = Field(description="The quoted or “về …” subject that follows")
    pinpoint: Text | None = Field(description="The article pointer, e.g. “khoản 2 Điều 10”")
    canonical_id: Text = Field(description="TYPE:NUMBER[/YEAR]:ISSUER; “?” stands for an unresolved part")
    document_key: Text | None = Field(
        description="ID@PLACE@YEAR-OR-TERM: the document across articles; null where a part is not decided",
    )
    resolved_by: Literal["symbol", "name", "occasion", "date", "issuer", "antecedent", "list"] | None = Field(
        description="What decided the canonical id; null where it holds “?”"
    )
    antecedent: Span | None = Field(description="The fuller mention a short form was resolved to")


# ---------------------------------------------------------------------------------------------- articles


class Image(Record):
    """A picture of the article; `url` is null where only its caption survives."""

    url: str | None = Field(description="Absolute address")
    caption: Text | None = Field(description="The line that belongs to the picture; it is no part of the body")
    alt: Text | None = Field(description="The alternative text of the markup")


class Attachment(Record):
    """A file offered by the article."""

    url: str = Field(description="Absolute address")
    name: Text | None = Field(description="The link's words, else the file's name")
    media_type: str | None = Field(description="Guessed from the file name's ending")


class Evidence(Record):
    """The page's own words behind a field."""

    raw: Text = Field(description="White space collapsed")
    where: str = Field(description="CSS selector, or “line N” in plain text")


class CaptureNote(Record):
    """Where an article's bytes came from and where they lie."""

    captured_at: Moment = Field(description="When the portal, or the archive's crawler, was answered")
    via: Via = Field(description="How the bytes were had")
    status: int | None = Field(description="HTTP status; null where none was kept")
    sha256: str = Field(description="Of the body, in hex")
    archive: str | None = Field(description="WARC file and record id below archive/")
    charset: str | None = Field(description="The encoding the page was decoded with")
    tls_verified: bool | None = Field(description="Null where no TLS was involved or nothing is known of it")


class ParserNote(Record):
    """Which parser read the page."""

    family: str = Field(description="The CMS family")
    version: str = Field(description="Raised when the family's parser reads something differently")


class Article(Record):
    """One version of one article: a line of articles.jsonl."""

    schema_version: Literal["1"] = Field(default="1", description="Raised when a field changes its meaning")
    id: str = Field(
        description="<portal>/<entry id>; <portal>/<id space>-<entry id> on a host with its own numbers; "
        "<portal>/u-<hash of the canonical URL> without an entry id; <portal>/f-<hash of the body> without a URL"
    )
    same_as: str | None = Field(
        default=None,
        description="The earlier id, where another host of the portal carries the same title and posted_at",
    )
    version: int = Field(default=1, ge=1, description="Number of this version in the portal's folder; 1 is the first")
    changed: tuple[str, ...] = Field(default=(), description="Fields that differ from the version before this one")
    portal: str = Field(description="The portal asked for, else that of the host at the capture date, else the host")
    url: str | None = Field(description="The address asked for; null for a file of unknown origin")
    canonical_url: str | None = Field(description="An identity, not promised to be fetchable")
    section: Text | None = Field(description="The page's heading above the article, e.g. “Tin tức - Sự kiện nổi bật”")
    title: Text = Field(description="The headline")
    posted_at: Moment | None = Field(description="As printed; day precision is written as 00:00:00+07:00")
    posted_precision: Precision | None = Field(description="What the page tells; midnight stands for the day alone")
    view_count: Count | None = Field(description="As displayed at capture.captured_at")
    summary: Text | None = Field(description="The lead, where the page sets it apart")
    body: Text | None = Field(description="Paragraphs joined by a blank line, captions left out")
    author: Text | None = Field(description="The writer as printed; a CMS account is none")
    source: Text | None = Field(description="Where the text was taken from, as the page says")
    images: tuple[Image, ...] = Field(default=(), description="Pictures of the body, in order")
    attachments: tuple[Attachment, ...] = Field(default=(), description="Files linked from the body")
    related: tuple[str, ...] = Field(default=(), description="Addresses of the articles listed below this one")
    officials: tuple[Official, ...] = Field(default=(), description="Named office-holders of the body")
    citations: tuple[Citation, ...] = Field(default=(), description="Mentions of identifiable documents in the body")
    evidence: dict[str, Evidence] = Field(
        default_factory=dict, description="The page's own words behind title, posted_at, view_count and author"
    )
    capture: CaptureNote = Field(description="Where the bytes came from and where they lie")
    parser: ParserNote = Field(description="What read them")
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
    shows: OtherPage = "other"
    reason: str
    listing: Listing | None = Field(default=None, description="The listing, where that is what the page holds")


# ---------------------------------------------------------------------------------------------- the job


class Observation(Record):
    """One sight of an article: its view count, which is a series, not a number, or that it is gone."""

    id: str = Field(description="The article")
    observed_at: Moment = Field(description="When the count was displayed")
    via: Via = Field(description="How the page was had")
    view_count: Count | None = Field(description="As displayed; null where the page shows none or is gone")
    gone: bool = Field(
        default=False,
        description="The portal no longer shows an article it had: 404, 410, or a listing in its place. Its lines stay",
    )


class Failure(Record):
    """A page that could not be harvested, and why."""

    url: str = Field(description="The address asked for")
    stage: Literal["robots", "fetch", "parse", "write"] = Field(description="Where it failed")
    error: str = Field(description="Name of the error class, stable")
    message: str = Field(description="One line in English")
    failed_at: Moment = Field(description="When")
    attempt: int = Field(ge=1, description="Counted per URL over all runs")


# ---------------------------------------------------------------------------------------------- persons

DoubtReason = Literal[
    "namesake", "unplaced", "name_only", "career", "gap", "clash", "head_and_deputy", "gender", "shared_seat", "crowded"
]


class PostHeld(Record):
    """One post of a person, and when articles state it: the days of articles, not of appointments."""

    role: Text = Field(description="As most articles write it")
    organisation: Text | None = Field(description="As most articles write it")
    place: Text | None = Field(description="As most articles write it; “quận” alone is the portal's own")
    expanded: Text | None = Field(description="The whole post with its abbreviations spelt out; null where it has none")
    unit: str | None = Field(
        description="Where it is: slugs from the province down (“ha-noi/long-bien”), “vn” for the whole country; "
        "null where the words and the portal do not tell"
    )
    former: bool = Field(description="Stated as over (“nguyên”): the days are those of the looking back")
    wordings: tuple[Text, ...] = Field(description="All wordings taken for this post, the commonest first")
    first_seen: date | None = Field(description="Day of the first article that states it; null if all are undated")
    last_seen: date | None = Field(description="Day of the last")
    articles: Count = Field(description="Articles that state it")
    sure: bool = Field(description="Whether one of these articles is sure to mean this person")


class PersonArticle(Record):
    """One article that names a person."""

    id: str = Field(description="The article's id")
    posted_at: Moment | None = Field(description="As the article's; null where it has none")
    sure: bool = Field(
        description="Whether it states a post that tells the person from namesakes; else it rests on the name, on a "
        "post of many holders, or on a career that may be somebody else's"
    )


class Doubt(Record):
    """One thing about a person that a reader should check."""

    reason: DoubtReason = Field(description="Stable name of the doubt (docs/people.md)")
    text: Text = Field(description="The doubt in words")


class Person(Record):
    """One person across articles: a line of `harvester people`."""

    id: str = Field(description="<portal>/<name>-<hash of key>, for further namesakes with a hash of the first post")
    name: Text = Field(description="As most articles write it")
    key: Text = Field(description="The key of all its mentions")
    honorifics: tuple[Text, ...] = Field(description="Every form of address, rank and title, the commonest first")
    portals: tuple[str, ...] = Field(description="Portals whose articles name the person")
    posts: tuple[PostHeld, ...] = Field(description="By first day; undated posts last")
    articles: tuple[PersonArticle, ...] = Field(description="By day; undated articles last")
    unsure: tuple[Doubt, ...] = Field(description="What a reader should check; empty where nothing speaks against it")
    could_be: tuple[str, ...] = Field(description="Ids of other persons that may be the same one")
