"""What the peers read of a page: the founding portal's selectors, and its posted line by two patterns.

They do what a spider written for this one site would do; harvester reads the line by its grammar of all portals.
"""

import re
from typing import Final

LISTING_LINK: Final = "h3.asset-title a"
NEXT_PAGE: Final = "ul.lfr-pagination-buttons li:nth-child(3) a"
TITLE: Final = "div.asset-full-content-title"
POSTED: Final = "div.assetPublishDate"
BODY: Final = "div.journal-content-article"
CONCURRENCY: Final = 16

_MOMENT = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4}) \| (\d{1,2}):(\d{2})(?: ([AP])M)?")
_VIEWS = re.compile(r"\|[^|:]+: (\d+)")


def read_posted_line(line: str) -> tuple[str | None, int | None]:
    """Return the time (ISO 8601, +07:00) and the view count that a line states."""
    views = _VIEWS.search(line)
    view_count = int(views[1]) if views else None
    moment = _MOMENT.search(line)
    if moment is None:
        return None, view_count
    day, month, year, hour, minute = map(int, moment.groups()[:5])
    if moment[6]:
        hour = hour % 12 + (12 if moment[6] == "P" else 0)
    return f"{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:00+07:00", view_count


def collapse(text: str) -> str:
    """Return the text with every run of white space as one space."""
    return " ".join(text.split())


def join_paragraphs(lines: list[str]) -> str:
    """Return the lines that hold words, joined by blank lines."""
    return "\n\n".join(line for text in lines if (line := collapse(text)))
