"""Every field of a citation, from one text each."""

import pytest

from harvester.records import Citation, Span
from harvester.vietnamese.citations import cite


def test_fills_every_field() -> None:
    text = "theo khoản 3 Điều 7 Nghị định số 045/2022/ NĐ-CP ngày 07/7/2022 của Chính phủ về xử phạt, cưỡng chế; và"
    assert cite(text) == (
        Citation(
            text="Nghị định số 045/2022/ NĐ-CP",
            start=20,
            end=48,
            type="ND",
            number="045",
            year=2022,
            symbol="045/2022/NĐ-CP",
            issuer="Chính phủ",
            date="2022-07-07",
            subject="xử phạt, cưỡng chế",
            pinpoint="khoản 3 Điều 7",
            canonical_id="ND:45/2022:CP",
            document_key="ND:45/2022:CP@vn@2022",
            resolved_by="symbol",
            antecedent=None,
        ),
    )


def test_points_to_the_antecedent() -> None:
    text = "Quy định số 114-QĐ/TW. Quy định 114"
    assert cite(text)[1].antecedent == Span(start=0, end=21)


@pytest.mark.parametrize(
    ("text", "symbol"),
    [
        ("Nghị quyết số 21/NQ-TU", "21-NQ/TU"),
        ("Nghị quyết số 21 - nq/tu", "21-NQ/TU"),
        ("Quy định 08-QĐi/TW", "08-QĐ/TW"),
        ("Quyết định số 472/ QĐ- UBND", "472/QĐ-UBND"),
        ("Chỉ thị 8/CT-TTG", "8/CT-TTg"),
        ("Nghị quyết số 61/2022/QH15", "61/2022/QH15"),
        ("Luật Viên chức số 58/2010/QH12", "58/2010/QH12"),
        ("Công văn 2210/UBND-KT", "2210/UBND-KT"),
        ("Nghị quyết 21", None),
    ],
)
def test_writes_the_symbol_in_its_official_shape(text: str, symbol: str | None) -> None:
    assert [citation.symbol for citation in cite(text)] == [symbol]


@pytest.mark.parametrize(
    ("text", "issuer"),
    [
        ("Chỉ thị 9-CT/TU của Ban Thường vụ Thành ủy Hà Nội về", "Ban Thường vụ Thành ủy Hà Nội"),
        ("Chỉ thị 9 của Chủ tịch UBND thành phố về", "Chủ tịch UBND thành phố"),
        ("Quyết định 5/QĐ-UBND của Trung tâm Văn hóa và Thể thao quận", "Trung tâm Văn hóa và Thể thao quận"),
        ("Hướng dẫn số 4-HD/BTGHU", "Ban Tuyên giáo Huyện ủy"),
        ("Hướng dẫn số 4-HD/BTCTU", "Ban Tổ chức Thành ủy/Tỉnh ủy"),
        ("Thông tư 2/2020/TT-BTC", "Bộ Tài chính"),
        ("Kế hoạch 3/KH-ĐGS", "ĐGS"),
        ("Nghị quyết Trung ương 4 khóa XI", "Ban Chấp hành Trung ương Đảng"),
        ("Nghị quyết Đại hội lần thứ V Đảng bộ quận", "Đại hội Đảng bộ quận"),
        ("Luật Cư trú", None),
    ],
)
def test_names_the_issuer(text: str, issuer: str | None) -> None:
    assert [citation.issuer for citation in cite(text)] == [issuer]


@pytest.mark.parametrize(
    ("text", "date", "year"),
    [
        ("Chỉ thị 9-CT/TU ngày 4/7/2017", "2017-07-04", 2017),
        ("Chỉ thị 9-CT/TU, ngày 04-7-2017", "2017-07-04", 2017),
        ("Chỉ thị 9-CT/TU (ban hành ngày 4.7.2017)", "2017-07-04", 2017),
        ("Chỉ thị 9-CT/TU ngày 4 tháng 7 năm 2017", "2017-07-04", 2017),
        ("Chỉ thị 9-CT/TU ngày 31/4/2017", None, None),
        ("Chỉ thị 9-CT/TU ngày 29/2", None, None),
        ("Chỉ thị 9-CT/TU năm 2017", None, 2017),
        ("Chỉ thị 9-CT/TU, tháng 7/2017", None, 2017),
        ("Chỉ thị 9-CT/TU năm 2017-2020", None, None),
        ("Nghị định 45/2022/NĐ-CP ngày 4/1/2023", "2023-01-04", 2022),
        ("Luật Cư trú năm 2020", None, 2020),
    ],
)
def test_dates(text: str, date: str | None, year: int | None) -> None:
    assert [(citation.date, citation.year) for citation in cite(text)] == [(date, year)]


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("Chỉ thị 9-CT/TU về công tác dân vận. Hôm nay", "công tác dân vận"),
        ("Chỉ thị 9-CT/TU “Sống xanh” của", "Sống xanh"),
        ('Chỉ thị 9-CT/TU ngày 4/7/2017 về "Sống xanh" và', "Sống xanh"),
        ("Chỉ thị 9-CT/TU về việc cưới và Kế hoạch 5-KH/TU", "cưới"),
        ("Chỉ thị 9-CT/TU được triển khai", None),
    ],
)
def test_reads_the_subject(text: str, subject: str | None) -> None:
    assert cite(text)[0].subject == subject
