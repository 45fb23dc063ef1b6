"""HTML: one article as one page to look at, its people and documents marked; no scripts, nothing from outside."""

from base64 import b64encode
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from importlib.resources import files
from xml.etree.ElementTree import Element

from harvester.records import Article, Citation, Official, Position
from harvester.writers.marks import Mark, layer, paragraphs
from harvester.writers.markup import Content, document, element, lines, web_link

STYLE = (files("harvester.writers") / "article.css").read_text(encoding="utf-8")
POLICY = (
    f"default-src 'none'; style-src 'sha256-{b64encode(sha256(STYLE.encode()).digest()).decode()}'; "
    "base-uri 'none'; form-action 'none'"
)
MOMENT = "%d/%m/%Y %H:%M:%S"
MOMENTS = {"day": "%d/%m/%Y", "minute": "%d/%m/%Y %H:%M", "second": MOMENT}
NOTHING = "–"
LEGEND = (
    ("mention", "official named in full"),
    ("reference", "short reference to one"),
    ("citation", "document cited"),
    ("citation unresolved", "document that the text does not fully identify"),
)

Documents = Sequence[Sequence[tuple[str, Citation]]]
"""Citations with their anchors, grouped by the document they name."""


def to_page(article: Article) -> bytes:
    """Return the article as a whole HTML page in UTF-8.

    The text content of the element `body` is the article's body, but for characters that HTML cannot carry. The
    page's own words are English and say so; all else stands under the page's language, Vietnamese.
    """
    text, documents = article.body or "", _documents(article.citations)
    layers = [layer(marks, len(text)) for marks in (_document_marks(documents), _people_marks(article.officials))]
    body = element("div", *paragraphs(text, layers), id="body")
    placed = {anchor for mark in body.iter("mark") if (anchor := mark.get("id"))}
    content = (
        *_opening(article),
        _legend(),
        body,
        _people_table(article.officials, placed),
        _document_table(documents, placed),
        *_lists(article),
        *_notes(article),
    )
    return document(element("html", _head(article), element("body", element("main", *lines(content))), lang="vi"))


def _head(article: Article) -> Element:
    content = (
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=POLICY),
        element("meta", name="referrer", content="no-referrer"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("title", article.title or article.id),
        element("style", STYLE),
    )
    return element("head", *lines(content))


def _opening(article: Article) -> Iterator[Element]:
    if article.section:
        yield element("p", article.section, class_="faint")
    yield element("h1", article.title or article.id)
    posted = list(_posted(article))
    if posted:
        yield element("p", *_apart(posted), class_="faint")
    if article.url:
        yield element("p", web_link(article.url))
    if article.summary:
        yield element("p", element("strong", article.summary))


def _posted(article: Article) -> Iterator[Content]:
    if article.posted_at:
        shown = article.posted_at.strftime(MOMENTS.get(article.posted_precision or "", MOMENT))
        yield element("time", shown, datetime=article.posted_at.isoformat())
    if article.view_count is not None:
        yield _english("span", f"{article.view_count} views")
    yield from filter(None, (article.author, article.source))


def _legend() -> Element:
    marks = (element("mark", words, class_=style) for style, words in LEGEND)
    return _english("p", "Marked: ", *_apart(marks), class_="faint")


def _apart(parts: Iterable[Content]) -> Iterator[Content]:
    for index, part in enumerate(parts):
        if index:
            yield " · "
        yield part


# ---------------------------------------------------------------------------------------------- people


def _people_marks(officials: Iterable[Official]) -> Iterator[Mark]:
    for number, official in enumerate(officials, 1):
        tooltip = "\n".join((official.name, *map(_post, official.positions)))
        for style, spans in (("mention", official.mentions), ("reference", official.references)):
            for place, span in enumerate(spans, 1):
                anchor = f"{style}-{number}-{place}"
                yield Mark(span.start, span.end, anchor, f"official-{number}", style, tooltip)


def _post(position: Position) -> str:
    return position.expanded or ", ".join(filter(None, (position.role, position.organisation, position.place)))


def _people_table(officials: Sequence[Official], placed: Container[str]) -> Element:
    columns = ("name", "honorifics", "role", "organisation", "place", "at the event", "mentions", "short references")
    groups = (_person(number, official, placed) for number, official in enumerate(officials, 1))
    return _table("officials", "Officials", columns, groups)


def _person(number: int, official: Official, placed: Container[str]) -> Element:
    posts = [[_cell(post.role), _cell(post.organisation), _cell(post.place)] for post in official.positions]
    first, *more = posts or [[_cell(), _cell(), _cell()]]
    rows = str(len(posts)) if more else None
    mentions = [f"{span.start}–{span.end}" for span in official.mentions]
    references = [span.text for span in official.references]
    row = (
        element("th", official.name, scope="rowgroup", rowspan=rows),
        _cell(", ".join(official.honorifics), rowspan=rows),
        *first,
        _cell(official.event_role, rowspan=rows, lang="en"),
        _cell(*_jumps(f"mention-{number}", mentions, placed), rowspan=rows),
        _cell(*_jumps(f"reference-{number}", references, placed), rowspan=rows),
    )
    return element("tbody", *(element("tr", *cells) for cells in (row, *more)), id=f"official-{number}")


def _jumps(anchors: str, places: Sequence[str], placed: Container[str]) -> list[Content]:
    """Return how many places there are, and each as a link to the mark of that number."""
    jumps = (_jump(f"{anchors}-{number}", place, placed) for number, place in enumerate(places, 1))
    return [f"{len(places)}: ", *_apart(jumps)] if places else []


# ---------------------------------------------------------------------------------------------- documents


def _documents(citations: Iterable[Citation]) -> Documents:
    groups: dict[object, list[tuple[str, Citation]]] = {}
    for number, citation in enumerate(citations, 1):
        # What is not resolved may be two documents under one id.
        known = (citation.canonical_id, citation.document_key) if citation.resolved_by else number
        groups.setdefault(known, []).append((f"citation-{number}", citation))
    return list(groups.values())


def _document_marks(documents: Documents) -> Iterator[Mark]:
    for number, group in enumerate(documents, 1):
        for anchor, citation in group:
            tooltip = "\n".join(filter(None, (citation.canonical_id, citation.document_key, citation.pinpoint)))
            style = "citation" if citation.resolved_by else "citation unresolved"
            yield Mark(citation.start, citation.end, anchor, f"document-{number}", style, tooltip)


def _document_table(documents: Documents, placed: Container[str]) -> Element:
    columns = ("document", "key across articles", "as written", "issuer", "date", "subject", "decided by")
    groups = (_cited(number, group, placed) for number, group in enumerate(documents, 1))
    return _table("documents", "Documents cited", columns, groups)


def _cited(number: int, group: Sequence[tuple[str, Citation]], placed: Container[str]) -> Element:
    citations = [citation for _, citation in group]
    written: list[Content] = []
    for anchor, citation in group:
        pinpoint = f" ({citation.pinpoint})" if citation.pinpoint else ""
        written += (_jump(anchor, citation.text, placed), pinpoint, element("br"))
    row = (
        element("th", citations[0].canonical_id, scope="row"),
        _cell(citations[0].document_key),
        _cell(*written[:-1]),
        _cell(_each(citation.issuer for citation in citations)),
        _cell(_each(citation.date for citation in citations)),
        _cell(_each(citation.subject for citation in citations)),
        _cell(_each(citation.resolved_by for citation in citations), lang="en"),
    )
    return element("tbody", element("tr", *row), id=f"document-{number}")


def _each(values: Iterable[str | None]) -> str:
    return "; ".join(dict.fromkeys(filter(None, values)))


# ---------------------------------------------------------------------------------------------- the rest


def _lists(article: Article) -> Iterator[Element]:
    for anchor, heading, found in (
        ("pictures", "Pictures", [(image.url, image.caption or image.alt) for image in article.images]),
        ("attachments", "Attachments", [(attachment.url, attachment.name) for attachment in article.attachments]),
        ("related", "Listed below the article", [(url, None) for url in article.related]),
    ):
        if found:
            items = (element("li", web_link(url or "", words or url or NOTHING)) for url, words in found)
            yield _section(anchor, heading, element("ul", *lines(items)))


def _notes(article: Article) -> Iterator[Element]:
    if article.warnings:
        items = (element("li", warning) for warning in article.warnings)
        yield _section("warnings", "Warnings", element("ul", *lines(items), lang="en"))
    if article.evidence:
        rows = (
            element("tr", element("th", field, scope="row", lang="en"), _cell(found.raw), _cell(found.where, lang="en"))
            for field, found in article.evidence.items()
        )
        columns = ("field", "the page's words", "where")
        yield _table("evidence", "Evidence", columns, [element("tbody", *lines(rows))])
    facts = article.model_dump(include={"id", "same_as", "portal", "canonical_url"}) | dict(article.capture)
    yield _section(
        "capture", "Capture", _facts(facts | {"parser": f"{article.parser.family} {article.parser.version}"})
    )


def _facts(facts: Mapping[str, object]) -> Element:
    parts: list[Content] = []
    for name, value in facts.items():
        shown = value.isoformat() if isinstance(value, datetime) else NOTHING if value is None else str(value)
        parts += (element("dt", name), element("dd", shown))
    return _english("dl", *lines(parts))


def _english(tag: str, *content: Content, class_: str | None = None) -> Element:
    return element(tag, *content, class_=class_, lang="en")


def _section(anchor: str, heading: str, content: Content) -> Element:
    return element("section", element("h2", heading, id=anchor, lang="en"), content)


def _table(anchor: str, heading: str, columns: Iterable[str], groups: Iterable[Element]) -> Element:
    """Return a section with a table that scrolls by itself where the window is narrow."""
    bodies = list(groups)
    if not bodies:
        return _section(anchor, heading, _english("p", "None."))
    head = element("tr", *(element("th", column, scope="col", lang="en") for column in columns))
    table = element("table", *lines((element("thead", head), *bodies)))
    scrolled = element("div", table, class_="wide", role="region", tabindex="0", aria_labelledby=anchor)
    return _section(anchor, heading, scrolled)


def _cell(*content: Content | None, rowspan: str | None = None, lang: str | None = None) -> Element:
    filled = [each for each in content if each is not None and each != ""]
    return element("td", *(filled or [NOTHING]), rowspan=rowspan, lang=lang)


def _jump(anchor: str, words: str, placed: Container[str]) -> Content:
    """Return a link to a mark in the body, or the words alone where there is none."""
    return element("a", words, href=f"#{anchor}") if anchor in placed else words
