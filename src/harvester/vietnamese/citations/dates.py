"""Reads the issue date behind a document: “ngày 4/7/2017”, “ngày 27 tháng 9 năm 2024”, “ngày 4/7”, “năm 2019”."""

import re
from datetime import date
from typing import NamedTuple

_YEAR = r"((?:19|20)[0-9]{2})(?![0-9])"
_BEFORE = re.compile(r" ?,? ?\(? ?(?:được )?(?:ban hành |ký |ra )?(?=ngày|tháng|năm)")
_BEFORE_OWN = re.compile(r" (?:ban hành |ký )?(?=ngày)")
_DAY = r"ngày:? ?([0-9]{1,2})"
_FULL = re.compile(rf"{_DAY} ?(?:[/.-] ?([0-9]{{1,2}}) ?[/.-] ?|tháng ([0-9]{{1,2}}),? năm ){_YEAR}")
_WITHOUT_YEAR = re.compile(rf"{_DAY} ?(?:[/.-] ?|tháng )([0-9]{{1,2}})(?! ?[0-9]| ?[/.-] ?[0-9])")
_WITHOUT_DAY = re.compile(rf"(?:tháng ([0-9]{{1,2}}) ?(?:[/.-] ?|,? năm )|năm ){_YEAR}(?! ?[-–] ?[0-9])")
_CLOSING = re.compile(r" ?\)")


class IssueDate(NamedTuple):
    """What is said of the day of issue; each part None where it is left out."""

    year: int | None
    month: int | None
    day: int | None

    @property
    def iso(self) -> str | None:
        """The day in ISO 8601, None where a part is missing."""
        whole = self.year and self.month and self.day
        return f"{self.year:04}-{self.month:02}-{self.day:02}" if whole else None


NO_DATE = IssueDate(None, None, None)


def read_issue_date(low: str, at: int) -> tuple[int, IssueDate] | None:
    """Return the end and the date that stands behind a citation, a comma or a bracket before it."""
    before = _BEFORE.match(low, at)
    if before is None:
        return None
    at = before.end()
    if full := _FULL.match(low, at):
        found = full.end(), IssueDate(int(full[4]), int(full[2] or full[3]), int(full[1]))
    elif without_year := _WITHOUT_YEAR.match(low, at):
        found = without_year.end(), IssueDate(None, int(without_year[2]), int(without_year[1]))
    elif without_day := _WITHOUT_DAY.match(low, at):
        found = without_day.end(), IssueDate(int(without_day[2]), int(without_day[1] or 0) or None, None)
    else:
        return None
    if not _is_possible(found[1]):
        return None
    closing = _CLOSING.match(low, found[0])
    return (closing.end(), found[1]) if closing else found


def read_own_date(low: str, at: int) -> tuple[int, date] | None:
    """Return the end and the day of a date that belongs to the citation itself."""
    before = _BEFORE_OWN.match(low, at)
    full = _FULL.match(low, before.end()) if before else None
    if full is None:
        return None
    issued = IssueDate(int(full[4]), int(full[2] or full[3]), int(full[1]))
    return (full.end(), date(int(full[4]), int(full[2] or full[3]), int(full[1]))) if _is_possible(issued) else None


def _is_possible(issued: IssueDate) -> bool:
    try:
        # 2020 was a leap year: of a date without a year, the 29th of February is possible.
        date(issued.year or 2020, issued.month or 1, issued.day or 1)
    except ValueError:
        return False
    return True
