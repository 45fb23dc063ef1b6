from datetime import datetime

import pytest

from harvester.parsers.posted import PostedLine, choose_posted_line, read_posted_line, split_glued_moment
from harvester.records import VIETNAM_TIME


def read(line: str) -> PostedLine:
    found = read_posted_line(line)
    assert found is not None
    return found


def moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text).replace(tzinfo=VIETNAM_TIME) if text else None


CHOICES = [
    (["Thứ Tư, 27/04/2016, 08:11 [GMT+7]", "Thứ 2, 02/12/2024 | 10:01:00"], 1),
    (["02/12/2024 10:01", "Ngày đăng: 12/11/2023"], 1),
    (["Ngày đăng: 12/11/2023", "Ngày đăng: 11/11/2023"], 0),
    (["02/12/2024", "12/11/2023"], 0),
    (["Cập nhật: 14/11/2023", "02/12/2024"], 1),
    (["2 giờ trước", "Chủ nhật, 29/12/2024, 15:38[GMT+7]"], 1),
    (["Xem: 276 | Cật nhập: 8/17/2021 8:14:48 AM | RSS", "Ngày đăng: 26/7/2021"], 1),
    (["Lượt xem: 5", "Cập nhật: 14/11/2023"], 1),
    (["Lượt xem: 5", "2 giờ trước"], 1),
    (["Ngày đăng: 32/01/2020", "02/12/2024"], 1),
    (["Lượt xem: 5", "Lượt xem: 6"], 0),
]


@pytest.mark.parametrize(("lines", "chosen"), CHOICES)
def test_line_that_counts(lines: list[str], chosen: int) -> None:
    candidates = [read(line) for line in lines]
    assert choose_posted_line(candidates) is candidates[chosen]


def test_no_line_to_choose() -> None:
    assert choose_posted_line([]) is None


GLUED = [
    ("Kỳ họp thứ mười của HĐND quận (20:08 08/01/2020)", "Kỳ họp thứ mười của HĐND quận", "2020-01-08 20:08"),
    ("Ra mắt mô hình mới (26/09/2019) ", "Ra mắt mô hình mới", "2019-09-26"),
    ("Đợt hai (phường Hoa Lâm) (26/09/2019)", "Đợt hai (phường Hoa Lâm)", "2019-09-26"),
    ("Hội thi nấu cỗ (lần thứ hai)", "Hội thi nấu cỗ (lần thứ hai)", None),
    ("Lịch tiếp công dân 16/11/2020", "Lịch tiếp công dân 16/11/2020", None),
    ("(26/09/2019)", "(26/09/2019)", None),
    ("Ra mắt mô hình (31/02/2018)", "Ra mắt mô hình (31/02/2018)", None),
    ("Ra mắt mô hình (cập nhật 01/02/2018)", "Ra mắt mô hình (cập nhật 01/02/2018)", None),
    ("Ra mắt mô hình (01/02/2018), đợt hai", "Ra mắt mô hình (01/02/2018), đợt hai", None),
    ("", "", None),
]


@pytest.mark.parametrize(("title", "bare", "posted_at"), GLUED)
def test_moment_at_the_end_of_a_title(title: str, bare: str, posted_at: str | None) -> None:
    rest, line = split_glued_moment(title)
    assert (rest, line.posted_at if line else None) == (bare, moment(posted_at))
