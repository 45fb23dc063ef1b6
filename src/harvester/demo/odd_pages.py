"""Pages that are odd but whole: each takes the HTML of a page and returns it with its trap or its noise."""

import random
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Final
from urllib.parse import parse_qs

from harvester.demo.chrome import ORIGIN
from harvester.demo.site import ArticleFound, Found, ListingFound, listing_address
from harvester.demo.texts import SECTIONS
from harvester.records import VIETNAM_TIME

CLOCK_AHEAD: Final = timedelta(days=4_000)
"""How far a wrong clock is off, in the Date header and on the page."""

_MAIN = '<div id="main">'
_RELATED = re.compile(r'(<ul class="related_asset_list">)(.*?)(</ul>)', re.DOTALL)
_VISITORS = re.compile(r'(<span style="font-weight: bold;">)[\d.]+')
_PATHS = "|".join(section.path for section in SECTIONS)
_SECTION_LINK = re.compile(rf'href="((?:https?://[^/"]+)?(?:{_PATHS})(?:/[^"?]*)?)(\?[^"]*)?"')
_NEXT_DISABLED = re.compile(r'<li class="disabled"> (<a href=")javascript:;(" target="_self"> next </a>)')
_SESSION_PATH = re.compile(r";jsessionid=[^?]*")
_PASSING_VALUE = re.compile(r"(?<=[?&])(?:jsessionid|lap)=[^&]*&?")
_CALENDAR_DAYS = 31


@dataclass(frozen=True, slots=True)
class View:
    """Which page is looked at, under which path and query, how often it was before, and with which luck."""

    found: Found
    target: str
    times: int
    rng: random.Random


def plain_target(target: str) -> str:
    """Return a path and query without the session ids of links and the laps of redirects."""
    return _PASSING_VALUE.sub("", _SESSION_PATH.sub("", target)).rstrip("?&")


def _changing_page(page: str, view: View) -> str:
    """Change everything around the article's text: banner, counters, related articles, and the view count."""
    page = page.replace(_MAIN, f'<div class="banner">Chào mừng bạn đọc thứ {view.rng.randint(1, 10**6)}</div>{_MAIN}')
    page = _VISITORS.sub(lambda found: f"{found[1]}{view.rng.randint(100, 999)}", page)
    page = _RELATED.sub(lambda found: found[1] + _shuffled(found[2], view.rng) + found[3], page)
    article = view.found.article if isinstance(view.found, ArticleFound) else None
    if article and article.view_count is not None:
        views = f"{article.layout.views_label}: "
        page = page.replace(f"{views}{article.view_count}", f"{views}{article.view_count + view.times}", 1)
    return page


def _wrong_clock(page: str, _view: View) -> str:
    """Show the time of a clock that is years off."""
    now = datetime.now(VIETNAM_TIME) + CLOCK_AHEAD
    return page.replace(_MAIN, f'{_MAIN}<div class="today">Hôm nay, ngày {now:%d/%m/%Y} | {now:%H:%M}</div>')


def _session_ids(page: str, view: View) -> str:
    """Put a session id into every link of a listing: behind the path, or among the values of its query."""
    session = f"jsessionid={view.rng.getrandbits(128):032X}.node1"

    def marked(link: re.Match[str]) -> str:
        path, query = link.groups(default="")
        in_query = query and view.rng.random() < 0.5
        return f'href="{path}{query}&amp;{session}"' if in_query else f'href="{path};{session}{query}"'

    return _SECTION_LINK.sub(marked, page)


def _calendar_trap(page: str, view: View) -> str:
    """Add a calendar whose every day, and whose next month, is a page with another calendar."""
    path, _, query = view.target.partition("?")
    asked = parse_qs(query).get("date", [""])[0]
    try:
        first = date.fromisoformat(asked)
    except ValueError:
        first = date(2025, 6, 30)
    days = (first + timedelta(days=1 + turn) for turn in range(min(_CALENDAR_DAYS, (date.max - first).days)))
    links = " ".join(f'<td><a href="{path}?date={day}">{day.day}</a></td>' for day in days)
    later = min(first, date.max - timedelta(days=_CALENDAR_DAYS)) + timedelta(days=_CALENDAR_DAYS)
    calendar = f'<table class="calendar"><tr>{links}</tr></table><a rel="next" href="{path}?date={later}">Tháng sau</a>'
    return page.replace(_MAIN, f"{_MAIN}{calendar}")


def _endless_paging(page: str, view: View) -> str:
    """Offer a next page on the last one, too; the portal answers it with the last rows again."""
    if not isinstance(view.found, ListingFound):
        return page
    section = view.found.section
    asked = parse_qs(view.target.partition("?")[2]).get(f"_{section.portlet}_cur", ["1"])[0]
    number = int(asked) if asked.isdecimal() and len(asked) < 9 else 1
    address = listing_address(section, max(number, view.found.page) + 1).replace("&", "&amp;")
    return _NEXT_DISABLED.sub(rf"<li> \g<1>{ORIGIN}{address}\g<2>", page)


OddPage = Callable[[str, View], str]
ODD_PAGES: Final[Mapping[str, OddPage]] = MappingProxyType(
    {
        "changing-page": _changing_page,
        "wrong-clock": _wrong_clock,
        "session-ids": _session_ids,
        "calendar-trap": _calendar_trap,
        "endless-paging": _endless_paging,
    }
)


def _shuffled(items: str, rng: random.Random) -> str:
    entries = [f"<li>{entry}" for entry in items.split("<li>")[1:]]
    rng.shuffle(entries)
    return " " + " ".join(entries[:-1])
