"""Reads the issue date that stands behind a document: “ngày 4/7/2017”, “ngày 27 tháng 9 năm 2024”."""

import re
from datetime import date

_DATE = r"ngày:? ?([0-9]{1,2}) ?(?:[/.-] ?([0-9]{1,2}) ?[/.-] ?|tháng ([0-9]{1,2}),? năm )((?:19|20)[0-9]{2})(?![0-9])"
_ATTACHED = re.compile(rf" ?,? ?\(? ?(?:được )?(?:ban hành |ký |ra )?{_DATE}")
_OWN = re.compile(rf" (?:ban hành |ký )?{_DATE}")
# Enough for all that may stand before the word.
_REACH = 24


def read_attached_date(low: str, at: int) -> tuple[int, date] | None:
    """Return the end and the day of a date behind a citation, a comma or a bracket before it."""
    return _read(_ATTACHED, low, at)


def read_own_date(low: str, at: int) -> tuple[int, date] | None:
    """Return the end and the day of a date that belongs to the citation itself."""
    return _read(_OWN, low, at)


def _read(pattern: re.Pattern[str], low: str, at: int) -> tuple[int, date] | None:
    match = pattern.match(low, at) if low.find("ngày", at, at + _REACH) >= 0 else None
    if match is None:
        return None
    try:
        return match.end(), date(int(match[4]), int(match[2] or match[3]), int(match[1]))
    except ValueError:
        return None
