"""Other templates for the replica's pages, as after a relaunch: what a harvest must not pass over in silence."""

import re
from typing import Final, Literal, get_args

Template = Literal["plain", "renamed-date", "no-date"]
TEMPLATES: Final[tuple[Template, ...]] = get_args(Template)

_DATE_CLASS = "assetPublishDate block_timer"
_RENAMED_CLASS = "news-detail-time"
_DATE_BOX = re.compile(rf'<div class="{_DATE_CLASS}">[^<]{{0,400}}</div>')


def redrawn(page: str, template: Template) -> str:
    """Return a page of the replica under another template.

    “renamed-date” gives the box with date and views another CSS class, on articles and listings; “no-date” leaves
    the box out of both.
    """
    match template:
        case "plain":
            return page
        case "renamed-date":
            return page.replace(_DATE_CLASS, _RENAMED_CLASS)
        case "no-date":
            return _DATE_BOX.sub("", page)
