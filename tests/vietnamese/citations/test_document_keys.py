"""Document keys: which part the text, the portal or the day of posting decides, and when nothing does."""

from datetime import date

import pytest

from harvester.vietnamese.citations import Dateline, cite
from harvester.vietnamese.places import unit_named

LONG_BIEN = Dateline(unit_named("Quận Long Biên", "Thành phố Hà Nội"), date(2019, 10, 28))
BAC_NINH = Dateline(unit_named("Tỉnh Bắc Ninh", None), date(2019, 10, 28))
NOWHERE = Dateline()


def keys(text: str, dateline: Dateline) -> list[str | None]:
    return [citation.document_key for citation in cite(text, dateline)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Nghị định 88/2024/NĐ-CP", "ND:88/2024:CP@vn@2024"),
        ("Thông tư liên tịch 16/2016/TTLT-BYT-BQP", "TTLT:16/2016:BYT-BQP@vn@2016"),
        ("Chỉ thị 35-CT/TW ngày 30/5/2019", "CT:35:TW@vn@2019"),
        ("Chỉ thị 35-CT/TW khóa XII", "CT:35:TW@vn@XII"),
        ("Nghị quyết 875/NQ-UBTVQH14 ngày 21/11/2019", "NQ:875:UBTVQH14@vn@QH14"),
        ("Nghị quyết số 202/2025/QH15", "NQ:202/2025:QH15@vn@2025"),
        ("Nghị quyết Trung ương 4 khóa XII", "NQ:TW4:XII@vn@XII"),
        ("Nghị quyết Đại hội XII của Đảng", "NQ:DH-dang:XII@vn@XII"),
        ("Luật Đất đai năm 2013", "LUAT:45/2013:QH13@vn@2013"),
        ("Luật số 45/2013/QH13", "LUAT:45/2013:QH13@vn@2013"),
        ("Hiến pháp năm 2013", "HP:2013@vn@2013"),
        ("Luật Đất đai năm 1999", "LUAT:dat-dai:1999@vn@1999"),
        ("Nghị quyết số 9-NQ/TU ngày 4/7/2017 của Tỉnh ủy Bắc Ninh", "NQ:9:TU@bac-ninh@2017"),
        ("Quyết định 12/2018/QĐ-UBND của UBND huyện Gia Lâm", "QD:12/2018:UBND@ha-noi/gia-lam@2018"),
        ("Quyết định 8/QĐ-UBND năm 2019 của UBND quận Long Biên", "QD:8:UBND@ha-noi/long-bien@2019"),
        # Nothing names the city, the body or the year.
        ("Nghị quyết số 15-NQ/TU ngày 4/7/2017", None),
        ("Quyết định 12/QĐ-UBND ngày 4/7/2017", None),
        ("Chỉ thị 35-CT/TW", None),
        ("Chỉ thị 35-CT/TW ngày 30/5", None),
        ("Luật Đất đai", None),
        ("Đề án 06", None),
        ("Kế hoạch 7-KH/QU ngày 4/7/2026 của Quận ủy Long Biên", None),
    ],
)
def test_what_the_text_alone_decides(text: str, expected: str | None) -> None:
    assert keys(text, NOWHERE) == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Nghị quyết số 15-NQ/TU ngày 4/7/2017", "NQ:15:TU@ha-noi@2017"),
        ("Nghị quyết số 15-NQ/TU nhiệm kỳ 2015-2020", "NQ:15:TU@ha-noi@2015-2020"),
        ("Kế hoạch 12-KH/QU năm 2018", "KH:12:QU@ha-noi/long-bien@2018"),
        ("Hướng dẫn 4-HD/BTCQU ngày 1/4/2019", "HD:4:BTCQU@ha-noi/long-bien@2019"),
        ("Hướng dẫn 956/HD-SGDĐT ngày 1/4/2019", "HD:956:SGDDT@ha-noi@2019"),
        ("Quyết định 3/QĐ-UBND ngày 1/4/2019 của UBND quận", "QD:3:UBND@ha-noi/long-bien@2019"),
        ("Quyết định 3/QĐ-UBND ngày 1/4/2019 của UBND Thành phố", "QD:3:UBND@ha-noi@2019"),
        ("Quyết định 3/QĐ-UBND ngày 1/4/2019 của UBND phường Bồ Đề", "QD:3:UBND@ha-noi/long-bien/bo-de@2019"),
        ("Nghị quyết Đại hội Đảng bộ quận lần thứ III", "NQ:DH-dang-bo-quan:III@ha-noi/long-bien@III"),
        ("Nghị quyết Đại hội Đảng bộ quận Long Biên lần thứ III", "NQ:DH-dang-bo-quan:III@ha-noi/long-bien@III"),
        # What the text names is not the portal's own.
        ("Quyết định 3/QĐ-UBND ngày 1/4/2019 của UBND TP. Hồ Chí Minh", "QD:3:UBND@ho-chi-minh@2019"),
        ("Hướng dẫn 956/HD-SGDĐT ngày 1/4/2019 của Sở GD&ĐT TP.HCM", "HD:956:SGDDT@ho-chi-minh@2019"),
        ("Quyết định 3/QĐ-UBND ngày 1/4/2019 của UBND quận 7, TP. Hồ Chí Minh", "QD:3:UBND@ho-chi-minh/7@2019"),
        ("Quyết định 3/QĐ-UBND ngày 1/4/2019 của UBND Q. Tây Hồ", "QD:3:UBND@ha-noi/tay-ho@2019"),
        ("Quyết định 3/QĐ-UBND ngày 1/4/2019 của UBND TP và các quận", "QD:3:UBND@ha-noi@2019"),
        ("Quyết định 3/QĐ-UBND ngày 1/4/2019 của UBND TX. Sơn Tây", "QD:3:UBND@ha-noi/son-tay@2019"),
        ("Nghị quyết 3-NQ/TU ngày 1/4/2019 của Thành ủy (TP. Hải Phòng)", "NQ:3:TU@hai-phong@2019"),
        ("Nghị quyết 3-NQ/TU ngày 1/4/2019 của Tỉnh ủy Bà Rịa - Vũng Tàu", "NQ:3:TU@ba-ria-vung-tau@2019"),
        ("Quyết định 3-QĐ/QU ngày 1/4/2019 của Quận ủy 7", "QD:3:QU@ho-chi-minh/7@2019"),
        ("Quyết định 3/QĐ-UBND ngày 1/4/2027 của UBND quận Long Biên", None),
        ("Quyết định 3/QĐ-UBND ngày 1/4/2025 của UBND phường Bồ Đề", None),
        ("Nghị quyết số 9-NQ/TU ngày 4/7/2017 của Tỉnh ủy Bắc Ninh", "NQ:9:TU@bac-ninh@2017"),
        ("Kế hoạch 7-KH/HU ngày 4/7/2017 của Huyện ủy Gia Lâm", "KH:7:HU@ha-noi/gia-lam@2017"),
        ("Kế hoạch 7-KH/HU ngày 4/7/2017 của Huyện ủy Châu Thành", None),
        ("Quyết định 3/QĐ-UBND ngày 1/4/2019", None),
    ],
)
def test_what_the_portal_decides(text: str, expected: str | None) -> None:
    assert keys(text, LONG_BIEN) == [expected]


def test_one_number_in_two_cities_is_two_documents() -> None:
    text = "Nghị quyết số 15-NQ/TU ngày 4/7/2017"
    assert keys(text, LONG_BIEN) == ["NQ:15:TU@ha-noi@2017"]
    assert keys(text, BAC_NINH) == ["NQ:15:TU@bac-ninh@2017"]


@pytest.mark.parametrize(
    ("text", "posted", "expected"),
    [
        ("Chỉ thị 16-CT/TW ngày 27/10", date(2019, 10, 28), "CT:16:TW@vn@2019"),
        ("Chỉ thị 16-CT/TW ngày 29/10", date(2019, 10, 28), "CT:16:TW@vn@2018"),
        # The law in force, unless another was passed and waits.
        ("Luật Đất đai", date(2020, 1, 5), "LUAT:45/2013:QH13@vn@2013"),
        ("Luật Đất đai", date(2024, 3, 5), None),
        ("Luật Đất đai", date(2024, 9, 5), "LUAT:31/2024:QH15@vn@2024"),
        ("Luật Đất đai (sửa đổi)", date(2024, 9, 5), None),
        ("Luật Đất đai năm 2003, Luật Đất đai năm 2013, Luật Đất đai", date(2024, 9, 5), None),
        # Its own day counts, whatever was in force when it was cited.
        ("Luật Đất đai ngày 26 tháng 11 năm 2003", date(2024, 9, 5), "LUAT:13/2003:QH11@vn@2003"),
        ("Luật Tổ chức chính quyền địa phương ngày 19/6/2015", date(2025, 9, 5), "LUAT:77/2015:QH13@vn@2015"),
        ("Luật Tổ chức chính quyền địa phương năm 2025", date(2025, 9, 5), None),
        ("Chỉ thị 16-CT/TW ngày 29/2", date(2021, 4, 2), "CT:16:TW@vn@2020"),
        ("Hiến pháp", date(2020, 1, 5), "HP:2013@vn@2013"),
    ],
)
def test_what_the_day_of_posting_decides(text: str, posted: date, expected: str | None) -> None:
    assert keys(text, Dateline(posted=posted))[-1] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # A short form shares the year of the same document elsewhere in the article, before or behind it.
        (
            "Chỉ thị 35 của Bộ Chính trị. Chỉ thị số 35-CT/TW ngày 30/5/2019",
            ["CT:35:TW@vn@2019", "CT:35:TW@vn@2019"],
        ),
        # Two years for one canonical id are two documents; a third mention may be either.
        (
            "Kế hoạch 4-KH/TW năm 2018, Kế hoạch 4-KH/TW năm 2019. Kế hoạch 4-KH/TW",
            ["KH:4:TW@vn@2018", "KH:4:TW@vn@2019", None],
        ),
        # A place that the article names counts before the portal's own.
        (
            "Nghị quyết số 15-NQ/TU ngày 4/7/2017 của Thành ủy Hải Phòng. Nghị quyết số 15-NQ/TU",
            ["NQ:15:TU@hai-phong@2017", "NQ:15:TU@hai-phong@2017"],
        ),
        (
            "các Nghị quyết số 15-NQ/TU ngày 1/2/2019, số 16-NQ/TU ngày 3/4/2019 của Thành ủy Hải Phòng",
            ["NQ:15:TU@hai-phong@2019", "NQ:16:TU@hai-phong@2019"],
        ),
        # A year belongs to its place alone.
        (
            "Kế hoạch 7-KH/TU của Thành ủy Hải Phòng; Kế hoạch 7-KH/TU ngày 1/1/2020 của Tỉnh ủy Bắc Ninh",
            [None, "KH:7:TU@bac-ninh@2020"],
        ),
        ("Luật Nhà ở năm 2014. Luật Nhà ở", ["LUAT:65/2014:QH13@vn@2014", "LUAT:65/2014:QH13@vn@2014"]),
    ],
)
def test_what_other_mentions_decide(text: str, expected: list[str | None]) -> None:
    assert keys(text, NOWHERE) == expected
    assert keys(text, LONG_BIEN) == expected
