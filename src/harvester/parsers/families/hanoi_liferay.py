"""The Hà Nội family: Liferay 6.2 asset publishers with “view_content” addresses (districts and offices to 2025).

Selectors were read off a 2022 mirror of one such portal and agree with archived texts of five others.
"""

import re
from urllib.parse import urlsplit

from selectolax.lexbor import LexborNode

from harvester.errors import CutShort, FieldNotFound
from harvester.parsers.address import query_value, resolve, with_query_of, without_language, without_session
from harvester.parsers.attachments import read_attachments
from harvester.parsers.blocks import Block, read_blocks
from harvester.parsers.page import Page
from harvester.parsers.posted import PostedLine, choose_posted_line, read_posted_line
from harvester.parsers.prose import is_account, read_prose
from harvester.parsers.reading import Reading
from harvester.records import Evidence, Listing, ListingRow, NotAnArticle, ParserNote
from harvester.vietnamese.text import clean_line

NAME = "hanoi-liferay"
VERSION = "1"

TITLE = "div.asset-full-content-title"
POSTED = ".assetPublishDate"
ENTRY = "div.asset-content[id]"
LEAD = "p.sapo"
BODY = "div.journal-content-article"
ACCOUNT_LINE = "p.view-content-author"
SECTION = "span.portlet-title-text"
RELATED = "div.related_asset ul.related_asset_list a[href]"
LISTING_ROW = "div.asset-abstract"
ROW_LINK = "h3.asset-title a[href]"
ROW_SUMMARY = "div.asset-summary"
PAGER = "div.taglib-page-iterator"
PAGER_LINK = "div.taglib-page-iterator a[href]"
PAGER_TOTAL = "small.search-results"

_PORTLET_ID = "p_p_id_"
_MARKUP_ENTRY_ID = re.compile(r"_(\d{1,5}(?:_INSTANCE_\w{1,20}?)?)_(\d{1,12})")
_PATH_ENTRY_ID = re.compile(r"/-/view_content/(\d{1,12})(?=[-./]|$)")
# The city's main portal: /<page>/-/hn/<instance>/<category>/<article>/<n>/<slug>.html
_CITY_ENTRY_ID = re.compile(r"/-/hn/[^/]{1,40}/\d{1,12}/(\d{1,12})/")
_ARTICLE_PATH = re.compile(r"/-/(?:view_content/[^/]|hn/[^/]{1,40}/\d|asset_publisher/[^/]{1,40}/content/[^/])")
_ROW_RANGE = re.compile(r"(\d{1,9})\s?[-–]\s?(\d{1,9}) (?:of|trong|trên|của) (\d{1,9})")
_TAIL = 4_096
_MARKS = ("asset-full-content", "assetPublishDate", "asset-bounddary", "portlet-boundary")


def accepts(page: Page) -> bool:
    """Whether the page is Liferay's: it names portlets or assets in the family's classes."""
    return page.tree is not None and any(mark in page.text for mark in _MARKS)


def entry_id(url: str) -> str | None:
    """Return the asset entry id from an address's path or query."""
    path = urlsplit(url).path
    found = _PATH_ENTRY_ID.search(path) or _CITY_ENTRY_ID.search(path)
    if found:
        return found[1]
    in_query = query_value(url, "_assetEntryId")
    return in_query if in_query and in_query.isascii() and in_query.isdigit() else None


def is_article_url(url: str) -> bool:
    """Whether the address has one of the family's four article forms."""
    return bool(_ARTICLE_PATH.search(urlsplit(url).path)) or bool(query_value(url, "_urlTitle"))


def read(page: Page) -> Reading | Listing | NotAnArticle:
    """Read an article, a listing, or say what else the page is.

    An article has its title in `TITLE` and exactly one posted line in that portlet: the portal answers expired
    and language-suffixed article addresses with a listing and status 200.
    """
    tree = page.tree
    url = page.capture.url
    if tree is None:
        return NotAnArticle(url=url, reason="plain text, not a page of this family")
    tail = page.text[-_TAIL:]
    if "</html" not in tail and "</HTML" not in tail:  # the themes of this family all close their page
        raise CutShort("the page ends in the middle of its markup", url=url)
    title = tree.css_first(TITLE)
    if title is not None:
        portlet = _portlet_of(title)
        lines = portlet.css(POSTED)
        if len(lines) <= 1 and not portlet.css_matches(LISTING_ROW):
            return _read_article(page, portlet, title, lines)
    first_row = tree.css_first(LISTING_ROW)
    if first_row is None:
        return NotAnArticle(url=url, reason="no article title and no listing rows: a home or section page")
    # Of several publishers on a page the one with a pager is the listing; the others show its newest rows.
    listing = _read_listing(page, _portlet_of(tree.css_first(PAGER) or first_row))
    if url is not None and is_article_url(url):
        reason = f"the portal answered an article's address with a listing of {len(listing.rows)} rows"
        return NotAnArticle(url=url, shows="listing", reason=reason, listing=listing)
    return listing


def _portlet_of(node: LexborNode) -> LexborNode:
    """Return the portlet around a node, else the outermost element around it."""
    ancestor = node
    while (parent := ancestor.parent) is not None and parent.tag not in ("-document", "html", None):
        ancestor = parent
        if (ancestor.id or "").startswith(_PORTLET_ID):
            break
    return ancestor


# ---------------------------------------------------------------------------------------------- articles


def _read_article(page: Page, portlet: LexborNode, title_node: LexborNode, lines: list[LexborNode]) -> Reading:
    base = page.capture.final_url or page.capture.url
    title = _text(title_node)
    if not title:
        raise FieldNotFound(f"the article's title ({TITLE}) is empty", field="title", url=page.capture.url)
    content = portlet.css_first(ENTRY)
    body = (content or portlet).css_first(BODY) or content
    if body is None:
        raise FieldNotFound(f"the article has no body ({BODY})", field="body", url=page.capture.url)
    blocks = read_blocks(body)
    prose = read_prose([block for block in blocks if "view-content-author" not in block.classes], base)
    posted, posted_where = _posted_line(lines, portlet, blocks)
    author = prose.author or _writer_in_account_line(portlet)
    evidence = {"title": Evidence(raw=title, where=TITLE)}
    if posted is not None:
        evidence["posted_at"] = Evidence(raw=posted.raw, where=posted_where)
        if posted.view_count is not None:
            evidence["view_count"] = Evidence(raw=posted.raw, where=posted_where)
    if author:
        where = f"{BODY} (last right-aligned block)" if prose.author else ACCOUNT_LINE
        evidence["author"] = Evidence(raw=author, where=where)
    return Reading(
        title=title,
        posted=posted,
        entry_id=_markup_entry_id(content),
        section=_text_of(portlet, SECTION),
        summary=_text_of(content or portlet, LEAD),
        body=prose.paragraphs,
        author=author,
        source=prose.source,
        images=prose.images,
        attachments=read_attachments(body, base),
        related=_related(portlet, base),
        evidence=evidence,
        warnings=prose.warnings,
    )


def _posted_line(
    lines: list[LexborNode], portlet: LexborNode, body_blocks: list[Block]
) -> tuple[PostedLine | None, str]:
    """Read the family's own place first; without it the lines of the portlet outside the body, nearest first."""
    for node in lines:
        found = read_posted_line(_text(node))
        if found is not None:
            return found, "div" + POSTED
    in_body = {block.text for block in body_blocks}
    candidates = [read_posted_line(block.text) for block in read_blocks(portlet) if block.text not in in_body]
    return choose_posted_line(line for line in candidates if line is not None), "portlet text"


def _writer_in_account_line(portlet: LexborNode) -> str | None:
    """Return the words of the account line where they name a writer."""
    account_line = _text_of(portlet, ACCOUNT_LINE)
    return account_line if account_line and not is_account(account_line) else None


def _markup_entry_id(content: LexborNode | None) -> str | None:
    found = _MARKUP_ENTRY_ID.fullmatch((content.id or "") if content is not None else "")
    return found[2] if found else None


def _related(portlet: LexborNode, base: str | None) -> tuple[str, ...]:
    links = (resolve(base, node.attributes.get("href") or "") for node in portlet.css(RELATED))
    return tuple(dict.fromkeys(link for link in links if link))


# ---------------------------------------------------------------------------------------------- listings


def _read_listing(page: Page, portlet: LexborNode) -> Listing:
    base = page.capture.final_url or page.capture.url
    numbers = _ROW_RANGE.search(_text_of(portlet, PAGER_TOTAL) or "")
    first, last, total = (int(number) for number in numbers.groups()) if numbers else (None, None, None)
    return Listing(
        url=page.capture.url,
        section=_text_of(portlet, SECTION),
        rows=tuple(row for row in (_read_row(node, base) for node in portlet.css(LISTING_ROW)) if row is not None),
        next_url=_next_url(portlet, base),
        first=first,
        last=last,
        total=total,
        parser=ParserNote(family=NAME, version=VERSION),
    )


def _read_row(node: LexborNode, base: str | None) -> ListingRow | None:
    link = node.css_first(ROW_LINK)
    href = resolve(base, link.attributes.get("href") or "") if link is not None else None
    title = _text(link) if link is not None else ""
    if href is None or not title:
        return None
    posted = read_posted_line(_text_of(node, POSTED) or "")
    address = without_language(without_session(href))
    return ListingRow(
        url=address,
        entry_id=entry_id(address),
        title=title,
        posted_at=posted.posted_at if posted else None,
        posted_precision=posted.precision if posted else None,
        view_count=posted.view_count if posted else None,
        summary=_text_of(node, ROW_SUMMARY),
    )


def _next_url(portlet: LexborNode, base: str | None) -> str | None:
    """Return the next page: the pager's own query for the page after this one, on this page's path.

    Mirrors rewrite the paths of links, never their queries; on a live portal both are the same.
    """
    if base is None:
        return None
    this_page = _page_number(base) or 1
    for node in portlet.css(PAGER_LINK):
        link = resolve(base, node.attributes.get("href") or "")
        if link is not None and _page_number(link) == this_page + 1:
            return with_query_of(base, link)
    return None


def _page_number(url: str) -> int | None:
    number = query_value(url, "_cur")
    return int(number) if number and number.isascii() and number.isdigit() and len(number) <= 9 else None


# ---------------------------------------------------------------------------------------------- text


def _text(node: LexborNode) -> str:
    return clean_line(node.text())


def _text_of(root: LexborNode, selector: str) -> str | None:
    node = root.css_first(selector)
    return (_text(node) or None) if node is not None else None
