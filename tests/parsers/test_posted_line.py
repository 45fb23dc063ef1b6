import re
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harvester.parsers.posted import (
    MAX_LINE_LENGTH,
    NOT_A_DATE,
    ONLY_A_RELATIVE_DATE,
    ONLY_AN_UPDATE_DATE,
    PostedLine,
    is_widget_line,
    read_posted_line,
    split_glued_moment,
)
from harvester.records import VIETNAM_TIME

WARNINGS = {"update": ONLY_AN_UPDATE_DATE, "relative": ONLY_A_RELATIVE_DATE, "no date": NOT_A_DATE}
NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"

# line: label, posted_at, precision, view count
READ: dict[str, tuple[str | None, str | None, str | None, int | None]] = {
    # label, date, time and views on one line: the founding family
    "Ngày đăng 12/03/2019 | 08:45  | Lượt xem: 152": ("posted", "2019-03-12 08:45:00", "minute", 152),
    "Ngày đăng 21/06/2018 | 3:05 PM |View count: 214": ("posted", "2018-06-21 15:05:00", "minute", 214),
    f"Ngày đăng 21/06/2018 | 3:05 AM {NO_BREAK_SPACE}|{NO_BREAK_SPACE}View count: 3": (
        "posted",
        "2018-06-21 03:05:00",
        "minute",
        3,
    ),
    "\ufeffNgày\u200b đăng 05/08/2020\u200b | 09:15": ("posted", "2020-08-05 09:15:00", "minute", None),
    "Ngày đăng 05/08/2020 | 09:15  | View count: 67": ("posted", "2020-08-05 09:15:00", "minute", 67),
    "Ngày đăng 24/02/2025 | 07:09  | Lượt truy cập: 48": ("posted", "2025-02-24 07:09:00", "minute", 48),
    "Ngày đăng 26/04/2018 | 10:19 | Lượt xem: 163": ("posted", "2018-04-26 10:19:00", "minute", 163),
    "Ngày đăng 06/11/2010 | 00:00  | Lượt xem: 385": ("posted", "2010-11-06 00:00:00", "day", 385),
    "01/10/2019 | 08:39  | Lượt xem: 2846": (None, "2019-10-01 08:39:00", "minute", 2846),
    "22/12/2012 | 12:00 AM": (None, "2012-12-22 00:00:00", "day", None),
    "06/04/2020 | 04:01 PM": (None, "2020-04-06 16:01:00", "minute", None),
    "Ngày đăng 1/2/2019 | 0:05 | Lượt xem: 0": ("posted", "2019-02-01 00:05:00", "minute", 0),
    # labels: with and without colon, in capitals, misspelt tone placement, another order
    "Đăng ngày 06 - 06 - 2025": ("posted", "2025-06-06 00:00:00", "day", None),
    "Ngày đăng: 26/7/2021": ("posted", "2021-07-26 00:00:00", "day", None),
    "Ngày đăng bài: 20/01/2022 | Tác giả: Thu Hiền": ("posted", "2022-01-20 00:00:00", "day", None),
    "Ngày đăng tin: 02/03/2016": ("posted", "2016-03-02 00:00:00", "day", None),
    "Đăng lúc: 17:00:00 21/01/2025 (GMT+7)": ("posted", "2025-01-21 17:00:00", "second", None),
    "Đăng lúc: 17:03:09 21/01/2025 (GMT+07:00)": ("posted", "2025-01-21 17:03:09", "second", None),
    "ĐĂNG LÚC 08:45 12/03/2019": ("posted", "2019-03-12 08:45:00", "minute", None),
    "NGÀY ĐĂNG 12/03/2019 | 08:45": ("posted", "2019-03-12 08:45:00", "minute", None),
    "ngày đăng : 12/03/2019": ("posted", "2019-03-12 00:00:00", "day", None),
    "Ngày đăng: 28/07/2025  11:38": ("posted", "2025-07-28 11:38:00", "minute", None),
    "Ngay dang: 25/08/2014": ("posted", "2014-08-25 00:00:00", "day", None),
    "Ngày đăng: Thứ Hai, 11/03/2019 - 08:45": ("posted", "2019-03-11 08:45:00", "minute", None),
    "Lượt xem: 12 | Ngày đăng: 12/03/2019": ("posted", "2019-03-12 00:00:00", "day", 12),
    "Tác giả: Hà Anh | Ngày đăng: 12/03/2019 10:00": ("posted", "2019-03-12 10:00:00", "minute", None),
    "Ngày đăng: 12/03/2019 | Cập nhật: 13/03/2019": ("posted", "2019-03-12 00:00:00", "day", None),
    "Cập nhật: 13/03/2019 | Ngày đăng: 12/03/2019": ("posted", "2019-03-12 00:00:00", "day", None),
    # weekdays
    "Thứ Tư, 27/04/2016, 08:11 [GMT+7]": (None, "2016-04-27 08:11:00", "minute", None),
    "Thứ Năm 24/11/2022 09:58": (None, "2022-11-24 09:58:00", "minute", None),
    "THỨ NĂM, 07/10/2021 10:21:59": (None, "2021-10-07 10:21:59", "second", None),
    "Thứ 4, 03/11/2021 | 16:39:25": (None, "2021-11-03 16:39:25", "second", None),
    "Thứ bảy,  02/09/2023": (None, "2023-09-02 00:00:00", "day", None),
    "Thứ Bẩy, 02/09/2023": (None, "2023-09-02 00:00:00", "day", None),
    "thứ tư, 12/10/2022 14:20 GMT+07": (None, "2022-10-12 14:20:00", "minute", None),
    "Thứ Hai, ngày 11/03/2019": (None, "2019-03-11 00:00:00", "day", None),
    "Thứ sáu - 27/11/2020 07:52": (None, "2020-11-27 07:52:00", "minute", None),
    "Chủ Nhật - 10/11/2019 07:52": (None, "2019-11-10 07:52:00", "minute", None),
    "Print Thứ Sáu, 27/11/2020 07:52": (None, "2020-11-27 07:52:00", "minute", None),
    "Print Thứ Sáu, 27/11/2020 07:52 Gốc": (None, "2020-11-27 07:52:00", "minute", None),
    # bare, in every order and with every mark
    "06/12/2024 13:58": (None, "2024-12-06 13:58:00", "minute", None),
    "03:45 30/12/2025": (None, "2025-12-30 03:45:00", "minute", None),
    "14:26 | 25/05/2026": (None, "2026-05-25 14:26:00", "minute", None),
    "10:05 | 11/10/2017": (None, "2017-10-11 10:05:00", "minute", None),
    "04/05/2018 - 05:16": (None, "2018-05-04 05:16:00", "minute", None),
    "04/05/2018 – 05:16": (None, "2018-05-04 05:16:00", "minute", None),
    "24-12-2019 - 01:20": (None, "2019-12-24 01:20:00", "minute", None),
    "24.12.2019 - 01:20": (None, "2019-12-24 01:20:00", "minute", None),
    "29/12/2023": (None, "2023-12-29 00:00:00", "day", None),
    "(26/09/2019)": (None, "2019-09-26 00:00:00", "day", None),
    "- (20/06/2021 21:23)": (None, "2021-06-20 21:23:00", "minute", None),
    "(20:08 08/01/2020)": (None, "2020-01-08 20:08:00", "minute", None),
    "25/08/2014": (None, "2014-08-25 00:00:00", "day", None),
    "8/6/2013": (None, "2013-06-08 00:00:00", "day", None),
    "2019-03-12": (None, "2019-03-12 00:00:00", "day", None),
    "2024-06-17 14:43:00.0": (None, "2024-06-17 14:43:00", "second", None),
    "2024-06-17 00:00:00.0": (None, "2024-06-17 00:00:00", "day", None),
    "29/02/2020": (None, "2020-02-29 00:00:00", "day", None),
    "01/01/1990": (None, "1990-01-01 00:00:00", "day", None),
    "31/12/2099 23:59:59": (None, "2099-12-31 23:59:59", "second", None),
    # twelve hours, in English and in Vietnamese
    "12/03/2019 12:00 PM": (None, "2019-03-12 12:00:00", "minute", None),
    "12/03/2019 12:30 AM": (None, "2019-03-12 00:30:00", "minute", None),
    "12/03/2019 13:30 PM": (None, "2019-03-12 13:30:00", "minute", None),
    "12:30 am 12/03/2019": (None, "2019-03-12 00:30:00", "minute", None),
    "4/6/2021 9:5:00 SA": (None, "2021-06-04 09:05:00", "second", None),
    "4/6/2021 9:05:07 CH": (None, "2021-06-04 21:05:07", "second", None),
    "4/6/2021 12:05:07 CH": (None, "2021-06-04 12:05:07", "second", None),
    "4/6/2021 12:05:07 SA": (None, "2021-06-04 00:05:07", "second", None),
    "4/6/2021 12:00:00 SA": (None, "2021-06-04 00:00:00", "day", None),
    # the month first only with seconds, AM or PM, and “/”; a day over 12 settles it
    "8/17/2021 8:14:48 AM": (None, "2021-08-17 08:14:48", "second", None),
    "4/6/2021 8:14:48 PM": (None, "2021-04-06 20:14:48", "second", None),
    "17/8/2021 8:14:48 PM": (None, "2021-08-17 20:14:48", "second", None),
    "4-6-2021 8:14:48 PM": (None, "2021-06-04 20:14:48", "second", None),
    "4/6/2021 8:14 PM": (None, "2021-06-04 20:14:00", "minute", None),
    "4/6/2021 20:14:48": (None, "2021-06-04 20:14:48", "second", None),
    # a section or a writer before the moment
    "Mai Lan 14:36 21/03/2027": (None, "2027-03-21 14:36:00", "minute", None),
    "Quang Hợp 23/07/2024 - 16:45": (None, "2024-07-23 16:45:00", "minute", None),
    "Kinh tế 17-06-2025": (None, "2025-06-17 00:00:00", "day", None),
    "Audio bản tin 19-03-2021": (None, "2021-03-19 00:00:00", "day", None),
    # a bare number after a full moment is the view count; after a date alone it is not known what it is
    "15/11/2024 10:24    34": (None, "2024-11-15 10:24:00", "minute", 34),
    "11:17 20/12/2026 75": (None, "2026-12-20 11:17:00", "minute", 75),
    "15/11/2024 10:24 1.234": (None, "2024-11-15 10:24:00", "minute", 1234),
    "15/11/2024 999": (None, "2024-11-15 00:00:00", "day", None),
    # views
    "Lượt xem: 31": (None, None, None, 31),
    "Lượt xem 31": (None, None, None, 31),
    "Số lượt người xem: 2417": (None, None, None, 2417),
    "Số lượt xem: 15": (None, None, None, 15),
    "Lượt đọc: 8": (None, None, None, 8),
    "Lượt truy cập: 5.000": (None, None, None, 5000),
    "Xem: 276": (None, None, None, 276),
    "Đã xem 33": (None, None, None, 33),
    "Views: 1,234,567": (None, None, None, 1234567),
    "31,207 lượt xem": (None, None, None, 31207),
    "2.051 lượt xem": (None, None, None, 2051),
    "(87 lượt xem)": (None, None, None, 87),
    "intNumViewTotal=613": (None, None, None, 613),
    "12/03/2019 10:00 | 152 lượt xem": (None, "2019-03-12 10:00:00", "minute", 152),
    "Lượt xem: 152 | 12/03/2019 10:00": (None, "2019-03-12 10:00:00", "minute", 152),
    "Tác giả: Hà Vy | 12/03/2019": (None, "2019-03-12 00:00:00", "day", None),
    "12/03/2019 152 lượt xem": (None, "2019-03-12 00:00:00", "day", 152),
    "Ngày đăng 12/03/2019 | 10:00 | 1,152 lượt xem": ("posted", "2019-03-12 10:00:00", "minute", 1152),
    "12/03/2019 10:00 Lượt xem:": (None, "2019-03-12 10:00:00", "minute", None),
    # counters of the whole site beside the line
    "Ngày đăng 02/03/2016 | Đã xem 15 | Tổng truy cập 4.127.905": ("posted", "2016-03-02 00:00:00", "day", 15),
    "Ngày đăng 02/03/2016 | Trực tuyến: 4": ("posted", "2016-03-02 00:00:00", "day", None),
    # controls beside the line
    "Cỡ chữ: A- A A+ | Ngày đăng: 12/03/2019": ("posted", "2019-03-12 00:00:00", "day", None),
    "A- A A+ 12/03/2019 08:45": (None, "2019-03-12 08:45:00", "minute", None),
    "12/03/2019 08:45 100%": (None, "2019-03-12 08:45:00", "minute", None),
    "Ngày đăng 12/03/2019 | Lượt xem: 40 100%": ("posted", "2019-03-12 00:00:00", "day", 40),
    "12/03/2019 08:45 | RSS": (None, "2019-03-12 08:45:00", "minute", None),
}

# line: which warning, label, view count; posted_at is None
UNDATED: dict[str, tuple[str, str | None, int | None]] = {
    "Ngày cập nhật 27/09/2024": ("update", "update", None),
    "Cập nhật: 28-05-2021 | 13:40:46": ("update", "update", None),
    "Cập nhật lúc 08:45 12/03/2019": ("update", "update", None),
    "Cập nhật ngày 12/03/2019": ("update", "update", None),
    "Cập nhập: 12/03/2019": ("update", "update", None),
    "Xem: 276 | Cật nhập: 8/17/2021 8:14:48 AM | RSS": ("update", "update", 276),
    "Cập nhật: 12/03/2019 | Lượt xem: 12": ("update", "update", 12),
    "2 tháng 2 tuần trước": ("relative", None, None),
    "5 phút trước": ("relative", None, None),
    "1 năm 2 tháng 3 ngày trước": ("relative", None, None),
    "hôm qua": ("relative", None, None),
    "Hôm kia": ("relative", None, None),
    "Ngày đăng: 2 giờ trước": ("relative", None, None),
    "2 giờ trước | Lượt xem: 10": ("relative", None, 10),
    "Ngày đăng: 32/01/2020": ("no date", "posted", None),
    "29/02/2019": ("no date", None, None),
    "12/13/2019 10:00": ("no date", None, None),
    "8/17/2021 8:14 AM": ("no date", None, None),
    "00/00/2019": ("no date", None, None),
    "12/03/2019 24:00": ("no date", None, None),
    "12/03/2019 10:60": ("no date", None, None),
    "12/03/1989": ("no date", None, None),
    "12/03/2100": ("no date", None, None),
    "Ngày đăng 31/04/2019 | 08:00 | Lượt xem: 7": ("no date", "posted", 7),
}

NO_POSTED_LINES = [
    "",
    "   ",
    "Ngày đăng:",
    "Lượt xem:",
    "Lượt xem: không rõ",
    "Số lượt người xem:",
    "Cập nhập tin tức",
    "100%",
    "A- A A+",
    "2417",
    "08:45",
    "Tổng truy cập 4.127.905",
    "Tổng lượt truy cập: 5.000",
    "Truy cập hiện tại 1.288 khách",
    "Online: 12",
    # the header of a print page is today's, and no posted line
    "Hải Dương, ngày 06 tháng 5 năm 2018",
    "Hà Nội, ngày 10/12/2019",
    # labels of other dates
    "Ngày đăng ký 16/11/2020",
    "Đăng ký trước ngày 16/11/2020",
    "Ngày ban hành: 16/11/2020",
    "Ngày có hiệu lực: 16/11/2020",
    # prose and citations
    "Sáng ngày 12/03/2019, UBND quận tổ chức hội nghị giao ban",
    "Quyết định số 15/QĐ-UBND ngày 16/11/2020",
    "Kế hoạch số 45/KH-UBND ngày 16/11/2020 của UBND quận",
    "Hội nghị diễn ra vào cuối tuần trước.",
    "Ngày hội đăng ký khám sức khỏe cho người cao tuổi 16/11/2020 tại nhà văn hóa",
    "Sau 2 tháng 2 tuần trước khi khởi công",
    "Xem thêm: Lịch tiếp công dân 16/11/2020",
    # numbers that look like a moment
    "12/03/19",
    "2019/03/12",
    "12/03-2019",
    "112/03/2019",
    "12/03/20199",
    "Điện thoại: 024.3872.2019",
    "2 tuần nữa",
]

AUTHORS = {
    "Ngày đăng bài: 20/01/2022 | Tác giả: Thu Hiền": "Thu Hiền",
    "Người đăng: Minh Châu | Ngày đăng 02/03/2016": "Minh Châu",
    "12/03/2019 10:00 | Tác giả: LÊ NA | Lượt xem: 3": "LÊ NA",
    "Ngày đăng: 12/03/2019 | Tác giả:": None,
    "Ngày đăng: 12/03/2019": None,
}

CLOCKS = {
    "Chủ nhật, 10/11/2019, 15:38[GMT+7]": True,
    "Thứ Tư, 27/04/2016, 08:11 (GMT+7)": True,
    "Ngày đăng: Thứ Tư, 27/04/2016, 08:11 (GMT+7)": False,
    "Thứ Tư, 27/04/2016, 08:11": False,
    "27/04/2016 08:11 (GMT+7)": False,
}


def read(line: str) -> PostedLine:
    found = read_posted_line(line)
    assert found is not None
    return found


def moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text).replace(tzinfo=VIETNAM_TIME) if text else None


@pytest.mark.parametrize("line", READ)
def test_line_is_read(line: str) -> None:
    label, posted_at, precision, views = READ[line]
    found = read(line)
    assert (found.label, found.posted_at, found.precision, found.view_count, found.warning) == (
        label,
        moment(posted_at),
        precision,
        views,
        None,
    )


@pytest.mark.parametrize("line", UNDATED)
def test_line_without_a_posting_time_says_why(line: str) -> None:
    warning, label, views = UNDATED[line]
    found = read(line)
    assert (found.warning, found.label, found.view_count) == (WARNINGS[warning], label, views)
    assert (found.posted_at, found.precision) == (None, None)


@pytest.mark.parametrize("line", NO_POSTED_LINES)
def test_other_lines_are_none(line: str) -> None:
    assert read_posted_line(line) is None


@pytest.mark.parametrize(("line", "author"), AUTHORS.items())
def test_author_in_the_line(line: str, author: str | None) -> None:
    assert read(line).author == author


@pytest.mark.parametrize(("line", "is_clock"), CLOCKS.items())
def test_form_of_a_clock(line: str, is_clock: bool) -> None:
    assert read(line).is_clock is is_clock


def test_raw_is_the_line_as_printed() -> None:
    assert read(" Ngày  đăng\t12/03/2019 |08:45 ").raw == "Ngày đăng 12/03/2019 |08:45"
    assert read("Nga\N{COMBINING GRAVE ACCENT}y đa\N{COMBINING BREVE}ng 12/03/2019").raw == "Ngày đăng 12/03/2019"


def test_letters_that_grow_by_case_folding_do_no_harm() -> None:
    found = read("Tác giả: Weiß | Ngày đăng: 12/03/2019")
    assert (found.posted_at, found.author) == (moment("2019-03-12"), "weiss")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("100%", True),
        ("A- A A+", True),
        ("Cỡ chữ: A- A+", True),
        ("| aa |", True),
        ("", False),
        ("-", False),
        ("100% hộ dân", False),
        ("A", False),
        ("12/03/2019 100%", False),
    ],
)
def test_widget_line(line: str, expected: bool) -> None:
    assert is_widget_line(line) is expected


PIECES = st.sampled_from(
    "Ngày đăng~Cập nhật:~Lượt xem~Thứ 2,~12/03/2019~8/17/2021~08:45~8:14:48 AM~CH~|~-~[GMT+7]~1.234~100%~Tác giả:"
    "~2 giờ trước~(~)~intNumViewTotal=4~99/99/9999~\u0130~ß".split("~")
)
LINES = st.text(max_size=400) | st.lists(PIECES | st.text(max_size=5), max_size=14).map(" ".join)


@given(LINES)
@settings(max_examples=600, deadline=None)
def test_any_line_is_read_without_an_error(line: str) -> None:
    found = read_posted_line(line)
    title, glued = split_glued_moment(line)
    assert title == line or (glued is not None and line.startswith(title))
    if found is None:
        return
    if found.posted_at is not None:
        assert found.posted_at.utcoffset() == timedelta(hours=7)
        assert found.precision in ("second", "minute", "day")
        assert found.precision != "day" or found.posted_at.strftime("%H:%M:%S") == "00:00:00"
    else:
        assert found.precision is None
        assert found.warning is not None or found.view_count is not None
    assert found.view_count is None or found.view_count >= 0


HOSTILE = [
    "1",
    " ",
    "1/",
    "12/03/2019 ",
    "1:1:",
    "Ngày đăng ",
    "xem ",
    "| ",
    "Thứ 2",
    "((((",
    "1 ngày ",
    "\u0301",
    "a-",
    "1.",
]


@pytest.mark.parametrize("piece", HOSTILE)
def test_a_megabyte_is_no_line(piece: str) -> None:
    line = piece * (1_000_000 // len(piece))
    assert read_posted_line(f"x{line}x") is None
    assert split_glued_moment(f"x({line})") == (f"x({line})", None)
    assert is_widget_line(f"{line}x") is False


@pytest.mark.parametrize("piece", HOSTILE)
def test_the_longest_line_is_read_like_a_short_one(piece: str) -> None:
    line = "12/03/2019 08:45"
    pad = (piece * MAX_LINE_LENGTH)[: MAX_LINE_LENGTH - len(line)]
    for text in (pad + line, line + pad, pad):
        found = read_posted_line(text)
        assert found is None or len(found.raw) <= MAX_LINE_LENGTH


def test_the_table_is_large_enough_to_be_the_grammar() -> None:
    assert len(READ) + len(UNDATED) + len(NO_POSTED_LINES) >= 150
    assert all(re.search(r"\d", line) for line in READ)
