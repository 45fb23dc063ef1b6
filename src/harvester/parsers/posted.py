"""The posted line: when an article was posted and how often it was viewed, read by one small grammar.

    line    = [lead] fields
    fields  = { label? moment | view-label number | number view-label | "Tác giả:" words }, parted by | or spaces
    moment  = [weekday] ( date [time] | time date ) [zone]

The forms come from a survey of some 600 texts of Vietnamese government portals; nothing outside them is guessed.
"""

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Literal, NamedTuple

from harvester.records import VIETNAM_TIME, Precision
from harvester.vietnamese.text import clean_line, comparison_key

ONLY_AN_UPDATE_DATE = "only an update date"
ONLY_A_RELATIVE_DATE = "only a relative date"
NOT_A_DATE = "the posted line holds no date of the calendar"

Label = Literal["posted", "update"]

MAX_LINE_LENGTH = 300
_MAX_LEAD_WORDS = 6
_YEARS = range(1990, 2100)  # portals are no older; anything else is a number that looks like a date

# Compared in lower case, with one tone placement. “Ngay dang” is how VCMS prints its label.
_POSTED_LABELS = ("ngày đăng bài", "ngày đăng tin", "ngày đăng", "đăng ngày", "đăng lúc", "ngay dang")
# “Cập nhập” and “cật nhập” are misspellings that live in templates.
_UPDATE_LABELS = ("ngày cập nhật", "cập nhật lúc", "cập nhật ngày", "cập nhật", "cập nhập", "cật nhập")
_VIEW_LABELS = (
    "số lượt người xem", "số lượt xem", "số lượt truy cập", "lượt người xem", "lượt xem", "lượt truy cập", "lượt đọc",
    "view count", "views", "đã xem", "xem",
)  # fmt: skip
_SITE_COUNTERS = ("tổng truy cập", "tổng lượt truy cập", "tổng số lượt truy cập", "truy cập hiện tại",
                  "đang truy cập", "online", "trực tuyến", "khách")  # fmt: skip
_AUTHOR_LABELS = ("tác giả", "người đăng")
_TRAILERS = frozenset({"gốc", "rss", "print", "in", "in bài", "in trang"})

_GAP = r"[\s|,–—-]{0,8}"
_DATE = re.compile(
    r"(?<!\d)(?:(?P<iso_year>\d{4})-(?P<iso_month>\d{2})-(?P<iso_day>\d{2})"
    r"|(?P<first>\d{1,2})\s{0,2}(?P<mark>[/.-])\s{0,2}(?P<second>\d{1,2})\s{0,2}(?P=mark)\s{0,2}(?P<year>\d{4}))(?!\d)"
)
_CLOCK = (
    r"(?<!\d)(?P<hour>\d{1,2}):(?P<minute>\d{1,2})(?::(?P<sec>\d{1,2})(?:\.\d{1,6})?)?(?!\d)"
    r"(?:\s{0,2}(?P<half>am|pm|sa|ch)\b)?"
)
_CLOCK_AFTER = re.compile(_GAP + _CLOCK)
_CLOCK_BEFORE = re.compile(_CLOCK + _GAP + "$")
_WEEKDAY_BEFORE = re.compile(rf"(?:thứ\s(?:hai|ba|tư|năm|sáu|bảy|bẩy|[2-7])|chủ nhật){_GAP}(?:ngày\s)?$")
_ZONE_AFTER = re.compile(_GAP + r"[\[(]?\s?gmt\s?\+\s?0?7(?::00)?\s?[\])]?")
# Zoom and font-size controls stand beside the line on many portals.
_WIDGET = re.compile(r"(?<!\S)(?:100%|cỡ chữ:?|a[-+]|aa|a(?= a\+))(?!\S)")
_NUMBER = re.compile(r"\d{1,3}(?:[.,]\d{3})+(?!\d)|\d{1,12}")
_NUMBER_ALONE = re.compile(rf"(?:{_NUMBER.pattern})(?![\d/:-])")
_NUMBER_LAST = re.compile(rf"(?:{_NUMBER.pattern})$")
_RELATIVE = re.compile(r"(?:\d{1,3} (?:giây|phút|giờ|ngày|tuần|tháng|năm) ){1,4}trước|hôm qua|hôm kia")
_SCRIPT_LEAK = re.compile(r"intnumviewtotal\s?=\s?(\d{1,12})")
_PUNCTUATION = " |:,;.()[]-–—"
_SENTENCE = re.compile(r"[.!?;:“”\"]")


def _alternatives(labels: Iterable[str]) -> str:
    return "|".join(sorted(map(re.escape, labels), key=len, reverse=True))


_LABEL = re.compile(
    rf"(?<!\w)(?:(?P<posted>{_alternatives(_POSTED_LABELS)})|(?P<update>{_alternatives(_UPDATE_LABELS)})"
    rf"|(?P<site>{_alternatives(_SITE_COUNTERS)})|(?P<views>{_alternatives(_VIEW_LABELS)})"
    rf"|(?P<author>{_alternatives(_AUTHOR_LABELS)}))(?!\w)\s{{0,3}}:?"
)


class PostedLine(NamedTuple):
    """What one line says. `raw` is the line as found, white space collapsed."""

    raw: str
    label: Label | None = None
    posted_at: datetime | None = None
    precision: Precision | None = None
    view_count: int | None = None
    author: str | None = None
    is_clock: bool = False
    warning: str | None = None


class _Field(NamedTuple):
    """A stretch of the line under one label (None before the first), folded and as written."""

    label: str | None
    text: str
    raw: str
    may_end_in_views: bool


class _Moment(NamedTuple):
    """Where a date and its clock stand in a field; `value` is None where the calendar has no such time."""

    start: int
    end: int
    value: datetime | None
    precision: Precision
    has_clock: bool
    looks_like_today: bool


def read_posted_line(line: str) -> PostedLine | None:
    """Return what a posted line says, or None where the line is none.

    `posted_at` is None, with a warning, for an update date alone, a relative date, or a date that the calendar
    does not have. `is_clock` marks the form that portals also print as today's clock: weekday first, [GMT+7] last.
    """
    raw = clean_line(line)
    if not raw or len(raw) > MAX_LINE_LENGTH:
        return None
    fields = _split_fields(raw)
    found = _read_moment_of(fields)
    views = _view_count(fields)
    if found is None:
        if any(field.label != "update" and _RELATIVE.fullmatch(field.text.strip(_PUNCTUATION)) for field in fields):
            return PostedLine(raw, view_count=views, warning=ONLY_A_RELATIVE_DATE)
        return PostedLine(raw, view_count=views) if views is not None and _is_only_views(fields) else None
    return found._replace(raw=raw, author=_author(fields), view_count=found.view_count if views is None else views)


def _split_fields(raw: str) -> list[_Field]:
    """Cut a line at its labels; the piece before the first label has the label None."""
    folded = comparison_key(raw)
    if len(folded) != len(raw):  # no Vietnamese letter changes its length by case folding; others may
        raw = folded
    folded = _WIDGET.sub(lambda widget: " " * len(widget[0]), folded)
    labels = list(_LABEL.finditer(folded))
    starts = [0, *(label.end() for label in labels)]
    ends = [*(label.start() for label in labels), len(folded)]
    names = [None, *(label.lastgroup for label in labels)]
    fields = [
        _Field(name, folded[start:end], raw[start:end], following in (None, "views"))
        for name, following, start, end in zip(names, [*names[1:], None], starts, ends, strict=True)
    ]
    parted = (part for field in fields for part in _part_at_bar(field))
    return [field for field in parted if field.label or field.text.strip(_PUNCTUATION)]


def _part_at_bar(field: _Field) -> list[_Field]:
    """Free a date that follows a view count or a writer behind a bar: “Lượt xem: 5 | 12/12/2012 10:00”."""
    bar = field.text.find("|")
    if field.label not in ("views", "author") or bar < 0 or not _DATE.search(field.text, bar):
        return [field]
    return [
        field._replace(text=field.text[:bar], raw=field.raw[:bar]),
        field._replace(label=None, text=field.text[bar:], raw=field.raw[bar:]),
    ]


def _read_moment_of(fields: list[_Field]) -> PostedLine | None:
    """Read the field that counts: under a posted label, else under an update label, else the bare one."""
    for wanted in ("posted", "update", None):
        for field in fields:
            if field.label == wanted and (found := _read_moment(field)) is not None:
                return found
    return None


def _read_moment(field: _Field) -> PostedLine | None:
    moment = _find_moment(field.text)
    if moment is None:
        return None
    before, rest = field.text[: moment.start].rstrip(), field.text[moment.end :].strip(_PUNCTUATION)
    lead = before.strip(_PUNCTUATION)
    number = _NUMBER.fullmatch(rest) if field.may_end_in_views else None
    is_lead = not lead or (not field.label and not before.endswith(":") and _is_short_lead(lead))
    is_posted_line = is_lead and (bool(field.label) or not rest or bool(number) or rest in _TRAILERS)
    if not is_posted_line:
        return None
    is_update = field.label == "update"
    posted_at = None if is_update else moment.value
    return PostedLine(
        raw="",
        label="update" if is_update else "posted" if field.label == "posted" else None,
        posted_at=posted_at,
        precision=moment.precision if posted_at else None,
        view_count=int(_digits(rest)) if number and moment.has_clock else None,
        is_clock=field.label is None and moment.looks_like_today,
        warning=None if posted_at else ONLY_AN_UPDATE_DATE if is_update else NOT_A_DATE,
    )


def _is_short_lead(lead: str) -> bool:
    """Whether what stands before a bare moment can be a section or a writer, and is no sentence.

    “Hà Nội, ngày …” heads a document or a print page, “Số 15/KH-UBND ngày …” cites one.
    """
    return not _SENTENCE.search(lead) and not lead.endswith(" ngày") and len(lead.split()) <= _MAX_LEAD_WORDS


def _find_moment(text: str) -> _Moment | None:
    date = _DATE.search(text)
    if date is None:
        return None
    start, end = date.span()
    clock = _CLOCK_AFTER.match(text, end)
    if clock:
        end = clock.end()
    elif clock := _CLOCK_BEFORE.search(text, 0, start):
        start = clock.start()
    weekday = _WEEKDAY_BEFORE.search(text, 0, start)
    zone = _ZONE_AFTER.match(text, end)
    value, precision = _value(date, clock)
    return _Moment(
        start=weekday.start() if weekday else start,
        end=zone.end() if zone else end,
        value=value,
        precision=precision,
        has_clock=clock is not None,
        looks_like_today=bool(weekday and zone),
    )


def _value(date: re.Match[str], clock: re.Match[str] | None) -> tuple[datetime | None, Precision]:
    """Return the time, None where the calendar has no such time, and how precise the line is about it."""
    if date["iso_year"]:
        year, month, day = int(date["iso_year"]), int(date["iso_month"]), int(date["iso_day"])
    else:
        year, month, day = int(date["year"]), int(date["second"]), int(date["first"])
        # The en-US form of ASP.NET; all others write the day first, SA/CH (vi-VN) too.
        is_american = clock and clock["sec"] and clock["half"] in ("am", "pm") and date["mark"] == "/"
        if is_american and day <= 12:
            month, day = day, month
    hour, minute, second = _time_of_day(clock) if clock else (0, 0, 0)
    # Migrated items carry midnight: of them only the day is known.
    is_day = clock is None or (hour, minute, second) == (0, 0, 0)
    precision: Precision = "day" if is_day else "second" if clock and clock["sec"] else "minute"
    try:
        moment = datetime(year, month, day, hour, minute, second, tzinfo=VIETNAM_TIME)
    except ValueError:
        return None, precision
    return (moment if year in _YEARS else None), precision


def _time_of_day(clock: re.Match[str]) -> tuple[int, int, int]:
    hour, half = int(clock["hour"]), clock["half"]
    if half in ("am", "sa") and hour == 12:
        hour = 0
    elif half in ("pm", "ch") and hour < 12:
        hour += 12
    return hour, int(clock["minute"]), int(clock["sec"] or 0)


def _author(fields: list[_Field]) -> str | None:
    named = (field.raw.split("|", 1)[0].strip(_PUNCTUATION) for field in fields if field.label == "author")
    return next((name for name in named if name), None)


def _view_count(fields: list[_Field]) -> int | None:
    for position, field in enumerate(fields):
        if field.label != "views":
            continue
        if number := _NUMBER_ALONE.match(field.text.lstrip(" :")):
            return int(_digits(number[0]))
        before = fields[position - 1].text.rstrip() if position else ""
        if (number := _NUMBER_LAST.search(before)) and _stands_alone(before, number.start()):
            return int(_digits(number[0]))
    for field in fields:
        if leak := _SCRIPT_LEAK.search(field.text):
            return int(leak[1])
    return None


def _stands_alone(text: str, start: int) -> bool:
    """Whether a number that begins there is none of a date's or a clock's parts."""
    return start == 0 or text[start - 1] in " |(-"


def _digits(number: str) -> str:
    return number.replace(".", "").replace(",", "")


def _is_only_views(fields: list[_Field]) -> bool:
    rest = [field.text.strip(_PUNCTUATION) for field in fields if field.label is None]
    others = {field.label for field in fields} - {"views", None}
    return not others and all(_NUMBER.fullmatch(text) or _SCRIPT_LEAK.fullmatch(text) for text in rest if text)


def is_widget_line(line: str) -> bool:
    """Whether a line holds zoom or font-size controls and nothing else."""
    rest, widgets = _WIDGET.subn("", comparison_key(line[:MAX_LINE_LENGTH]))
    return widgets > 0 and not rest.strip(_PUNCTUATION)


def choose_posted_line(lines: Iterable[PostedLine]) -> PostedLine | None:
    """Return the line that counts, out of those below the title, nearest first.

    One with a posted label beats one without; a clock counts only where nothing else does; an update date or a
    relative date only where no line has a posting time.
    """
    ranked = sorted(enumerate(lines), key=lambda item: (_rank(item[1]), item[0]))
    return ranked[0][1] if ranked else None


def _rank(line: PostedLine) -> int:
    if line.posted_at is None:
        return 3 if line.warning else 4
    if line.label == "posted":
        return 0
    return 2 if line.is_clock else 1


def split_glued_moment(title: str) -> tuple[str, PostedLine | None]:
    """Part a title from the “(20:08 19/12/2018)” that some templates print at its end."""
    opening = title.rfind("(")
    if opening > 0 and title.rstrip().endswith(")"):
        line = read_posted_line(title[opening:])
        if line is not None and line.posted_at is not None:
            return title[:opening].rstrip(), line
    return title, None
