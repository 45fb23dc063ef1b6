"""Reads the issue date behind a document: “ngày 4/7/2017”, “ngày 27 tháng 9 năm 2024”, “ngày 4/7”, “năm 2019”."""

import re
from datetime import date
from typing import NamedTuple

_YEAR = r"((?:19|20)[0-9]{2})(?![0-9])"
_DAY = r"ngày:? ?([0-9]{1,2})"
_FULL = rf"{_DAY} ?(?:[/.-] ?([0-9]{{1,2}}) ?[/.-] ?|tháng ([0-9]{{1,2}}),? năm ){_YEAR}"
_WITHOUT_YEAR = rf"{_DAY} ?(?:[/.-] ?|tháng )([0-9]{{1,2}})(?! ?[0-9]| ?[/.-] ?[0-9])"
_WITHOUT_DAY = rf"(?:tháng ([0-9]{{1,2}}) ?(?:[/.-] ?|,? năm )|năm ){_YEAR}(?! ?[-–] ?[0-9])"
# One pattern for all that may stand there: a date is read behind every number, and every match has its price.
ISSUED = rf" ?,? ?\(? ?(?:được )?(?:ban hành |ký |ra )?(?:{_FULL}|{_WITHOUT_YEAR}|{_WITHOUT_DAY})(?: ?\))?"
"""The pattern of what `read_issue_date` reads; it does not tell whether there is such a day."""

_ISSUED = re.compile(ISSUED)
_OWN = re.compile(rf" (?:ban hành |ký )?{_FULL}")


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
    match = _ISSUED.match(low, at)
    if match is None:
        return None
    day, month, spelt_month, year, day_of_some_year, its_month, month_alone, its_year = match.groups()
    if year:
        issued = IssueDate(int(year), int(month or spelt_month), int(day))
    elif its_month:
        issued = IssueDate(None, int(its_month), int(day_of_some_year))
    else:
        issued = IssueDate(int(its_year), int(month_alone or 0) or None, None)
    return (match.end(), issued) if _is_possible(issued) else None


def read_own_date(low: str, at: int) -> tuple[int, date] | None:
    """Return the end and the day of a date that belongs to the citation itself."""
    match = _OWN.match(low, at)
    if match is None:
        return None
    day, month, spelt_month, year = match.groups()
    try:
        return match.end(), date(int(year), int(month or spelt_month), int(day))
    except ValueError:  # the 31st of February, a day left as 00
        return None


def _is_possible(issued: IssueDate) -> bool:
    try:
        # 2020 was a leap year: of a date without a year, the 29th of February is possible.
        date(issued.year or 2020, issued.month or 1, issued.day or 1)
    except ValueError:
        return False
    return True
