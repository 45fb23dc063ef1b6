"""Plain text pages: a section line, a title line, a posted line, then the body. Saved pages and text extracts."""

from collections.abc import Sequence
from itertools import dropwhile

from harvester.parsers.captions import part_captions
from harvester.parsers.page import Page
from harvester.parsers.posted import (
    PostedLine,
    choose_posted_line,
    is_widget_line,
    read_posted_line,
    split_glued_moment,
)
from harvester.parsers.prose import CAPTION_WITHOUT_PICTURE
from harvester.parsers.reading import Reading
from harvester.records import Evidence, Image, Listing, NotAnArticle
from harvester.vietnamese.text import clean_line

NAME = "plain-text"
VERSION = "1"

_HEAD_LINES = 60  # a posted line further down belongs to something else
_MAX_TITLE_LENGTH = 400
_MAX_SECTION_WORDS = 12
_MIN_TITLE_WORDS = 3


def accepts(page: Page) -> bool:
    """Whether the page is text without markup."""
    return page.tree is None


def entry_id(_url: str) -> str | None:
    """Return None: a text page's address follows no known form."""
    return None


def is_article_url(_url: str) -> bool:
    """Return False: the address of a text page tells nothing of it."""
    return False


def read(page: Page) -> Reading | Listing | NotAnArticle:
    """Read a text page; one without a posted line below a title is no article."""
    lines = [clean_line(line) for line in page.text.splitlines()]
    head = _find_head(lines)
    if head is None:
        reason = "plain text without a posted line (a date, or “Ngày đăng …”) below a title"
        return NotAnArticle(url=page.capture.url, reason=reason)
    title_at, posted_at, posted = head
    title, _ = split_glued_moment(lines[title_at])
    below, posted, views = _part_view_count(lines, title_at, posted_at, posted)
    body = dropwhile(is_widget_line, (line for line in below if line))
    parted = part_captions(list(body))
    evidence = {
        "title": Evidence(raw=title, where=f"line {title_at + 1}"),
        "posted_at": Evidence(raw=posted.raw, where=f"line {posted_at + 1}"),
    }
    if views is not None:
        evidence["view_count"] = views
    if posted.author:
        evidence["author"] = Evidence(raw=posted.author, where=f"line {posted_at + 1}")
    return Reading(
        title=title,
        posted=posted,
        section=_section(lines[:title_at]),
        body=parted.paragraphs,
        author=posted.author,
        images=tuple(Image(url=None, caption=caption, alt=None) for caption in parted.captions),
        evidence=evidence,
        warnings=(CAPTION_WITHOUT_PICTURE,) * bool(parted.captions),
    )


def _find_head(lines: Sequence[str]) -> tuple[int, int, PostedLine] | None:
    """Return (title line, posted line, what it says), counted from 0.

    The posted line that counts stands nearest below a title; today's clock is printed above it.
    """
    candidates: list[tuple[int, int, PostedLine]] = []
    for index, line in enumerate(lines[:_HEAD_LINES]):
        posted = read_posted_line(line)
        if posted is not None and (posted.posted_at or posted.warning):
            title_at = _title_above(lines, index)
            if title_at is not None:
                candidates.append((title_at, index, posted))
        elif (glued := split_glued_moment(line)[1]) is not None:
            candidates.append((index, index, glued))
    chosen = choose_posted_line(posted for *_, posted in candidates)
    return next((candidate for candidate in candidates if candidate[2] is chosen), None)


def _title_above(lines: Sequence[str], posted_at: int) -> int | None:
    for index in range(posted_at - 1, -1, -1):
        line = lines[index]
        if not line or read_posted_line(line) is not None:
            continue
        return index if len(line.split()) >= _MIN_TITLE_WORDS and len(line) <= _MAX_TITLE_LENGTH else None
    return None


def _section(lines: Sequence[str]) -> str | None:
    """Return the line above the title, if it is short; templates print it once or twice."""
    nearest = next((line for line in reversed(lines) if line), None)
    if nearest is None or read_posted_line(nearest) is not None:
        return None
    words = nearest.split()
    half = len(words) // 2
    if half and words[:half] == words[half:]:
        words = words[:half]
    return " ".join(words) if len(words) <= _MAX_SECTION_WORDS else None


def _part_view_count(
    lines: Sequence[str], title_at: int, posted_at: int, posted: PostedLine
) -> tuple[list[str], PostedLine, Evidence | None]:
    """Return the body's lines, the posted line with its view count, and the page's words behind that count.

    A count of its own line stands next to the posted line or ends the page; its number may be on the next line.
    """
    body = range(posted_at + 1, len(lines))
    if posted.view_count is not None:
        return [lines[at] for at in body], posted, Evidence(raw=posted.raw, where=f"line {posted_at + 1}")
    filled = [at for at in body if lines[at] and not is_widget_line(lines[at])]
    above = [(at, at + 1) for at in range(title_at + 1, posted_at)]
    below = [(at, at + taken) for at in [*filled[:1], *filled[-2:]] for taken in (1, 2)]
    for start, end in above + below:
        found = read_posted_line(" ".join(lines[start:end]))
        if found is None or found.posted_at is not None or found.view_count is None:
            continue
        if found.label == "update" or not found.warning:
            rest = [lines[at] for at in body if not start <= at < end]
            evidence = Evidence(raw=found.raw, where=f"line {start + 1}")
            return rest, posted._replace(view_count=found.view_count), evidence
    return [lines[at] for at in body], posted, None
