from collections.abc import Callable, Sequence

import pytest

from harvester.records import Person

Row = tuple[str, str, str]
People = Callable[..., list[Person]]
HUNG = "Nguyễn Văn Hùng"
PHUONG_A, PHUONG_B = "phường Bồ Đề", "phường Ngọc Thụy"

ONE_PERSON: dict[str, list[Row]] = {
    "the same post in other words": [
        ("2018-01-05", "ông Lê Thị Hoà", "PCT|UBND|quận Long Biên"),
        ("2018-06-05", "Lê Thị Hòa", "Phó Chủ tịch|Uỷ ban nhân dân|quận"),
        ("2019-06-05", "LÊ THỊ HOÀ", "Phó Chủ tịch|UBND|Q. Long Biên"),
    ],
    "Party and State at once": [
        ("2018-01-05", HUNG, "Phó Bí thư|Quận ủy; Chủ tịch|UBND|quận"),
        ("2018-02-05", HUNG, "Phó Bí thư|Quận ủy"),
        ("2018-03-05", HUNG, "Chủ tịch|UBND|quận"),
        ("2018-04-05", HUNG, "Thành ủy viên|Thành ủy"),
    ],
    "a rise in one place": [
        ("2015-01-05", HUNG, "Phó Chủ tịch|UBND|quận"),
        ("2018-01-05", HUNG, "Chủ tịch|UBND|quận"),
        ("2021-01-05", HUNG, "Bí thư|Quận ủy"),
        ("2021-08-05", HUNG, "Bí thư|Quận ủy|Long Biên"),
    ],
    "from one ward to the next": [
        ("2015-01-05", HUNG, f"Chủ tịch|UBND|{PHUONG_A}"),
        ("2016-01-05", HUNG, f"Chủ tịch|UBND|{PHUONG_A}"),
        ("2018-01-05", HUNG, f"Bí thư|Đảng ủy|{PHUONG_B}"),
        ("2019-01-05", HUNG, f"Bí thư|Đảng ủy|{PHUONG_B}"),
    ],
    "one late article after a move": [
        ("2015-01-05", HUNG, f"Chủ tịch|UBND|{PHUONG_A}"),
        ("2016-01-20", HUNG, f"Chủ tịch|UBND|{PHUONG_A}"),
        ("2016-01-05", HUNG, f"Chủ tịch|UBND|{PHUONG_B}"),
        ("2017-01-05", HUNG, f"Chủ tịch|UBND|{PHUONG_B}"),
    ],
    "one article after a move": [
        ("2024-01-05", HUNG, "Trưởng phòng|phòng Nội vụ|quận"),
        ("2025-06-28", HUNG, "Trưởng phòng|phòng Nội vụ|quận"),
        ("2025-07-03", HUNG, f"Phó Chủ tịch|UBND|{PHUONG_A}"),
    ],
    "a post that is over clashes with none": [
        ("2015-01-05", HUNG, f"Chủ tịch|UBND|{PHUONG_A}"),
        ("2018-01-05", HUNG, f"Chủ tịch|UBND|{PHUONG_B}"),
        ("2019-01-05", HUNG, f"nguyên Chủ tịch|UBND|{PHUONG_A}"),
        ("2020-01-05", HUNG, f"Chủ tịch|UBND|{PHUONG_B}"),
    ],
    "from the district, which ends, to a ward": [
        ("2024-01-05", HUNG, "Trưởng phòng|phòng Nội vụ|quận"),
        ("2025-06-05", HUNG, "Trưởng phòng|phòng Nội vụ|quận"),
        ("2025-07-15", HUNG, f"Phó Chủ tịch|UBND|{PHUONG_A}"),
    ],
    "two offices that one article states together": [
        ("2018-01-05", HUNG, "Phó Chủ tịch|UBND|quận"),
        ("2018-03-05", HUNG, "Giám đốc|Ban Quản lý dự án|quận"),
        ("2019-05-05", HUNG, "Phó Chủ tịch|UBND|quận; Giám đốc|Ban Quản lý dự án|quận"),
    ],
    "a name alone, and only one to bear it": [
        ("2018-01-05", HUNG, "Chủ tịch|UBND|quận"),
        ("2018-02-05", f"đồng chí {HUNG}", ""),
        ("", HUNG, ""),
    ],
    "a slip in the form of address": [
        ("2018-01-05", f"ông {HUNG}", "Chủ tịch|UBND|quận"),
        ("2018-02-05", f"bà {HUNG}", "Chủ tịch|UBND|quận"),
    ],
    "undated articles": [
        ("", HUNG, "Chủ tịch|UBND|quận"),
        ("", HUNG, "Bí thư|Quận ủy"),
    ],
    "from the district, which ended, to a ward within a month": [
        ("2025-06-20", HUNG, "Chủ tịch|UBND|quận Long Biên"),
        ("2025-07-20", HUNG, "Bí thư|Đảng ủy|phường Long Biên"),
    ],
    "from a ward, which ended, to the next ward within a month": [
        ("2025-06-28", HUNG, f"Chủ tịch|UBND|{PHUONG_B}"),
        ("2025-07-02", HUNG, f"Phó Chủ tịch|UBND|{PHUONG_A}"),
    ],
    "a ward that kept its name": [
        ("2024-06-25", HUNG, f"Chủ tịch|UBND|{PHUONG_A}"),
        ("2025-06-25", HUNG, f"Chủ tịch|UBND|{PHUONG_A}"),
        ("2025-07-05", HUNG, f"Chủ tịch|UBND|{PHUONG_A}"),
        ("2025-08-05", HUNG, f"Phó Bí thư|Đảng ủy|{PHUONG_A}"),
    ],
    "late articles after the district ended": [
        ("2024-06-25", HUNG, "Chủ tịch|UBND|quận"),
        ("2025-07-02", HUNG, f"Chủ tịch|UBND|{PHUONG_A}"),
        ("2025-08-20", HUNG, "Chủ tịch|UBND|quận"),
        ("2025-09-02", HUNG, f"Chủ tịch|UBND|{PHUONG_A}"),
        ("2026-03-02", HUNG, "nguyên Chủ tịch|UBND|quận Long Biên"),
    ],
    "wordings of one school": [
        ("2018-01-05", HUNG, "Hiệu trưởng|Trường THCS Lê Ngọc Hân"),
        ("2018-01-06", HUNG, "Hiệu trưởng|trường Lê Ngọc Hân"),
        ("2018-01-07", HUNG, "Hiệu trưởng|trường Trung học cơ sở Lê Ngọc Hân"),
        ("2018-01-08", HUNG, "Hiệu trưởng|THCS Lê Ngọc Hân|quận Long Biên"),
        ("2025-09-05", HUNG, "Hiệu trưởng|THCS Lê Ngọc Hân"),
    ],
    "wordings of one hospital": [
        ("2018-01-05", HUNG, "Giám đốc|Bệnh viện Đa khoa Thanh Nhàn"),
        ("2018-01-06", HUNG, "Giám đốc|BV Thanh Nhàn"),
    ],
    "wordings of a district's police": [
        ("2018-01-05", HUNG, "Trưởng CAQ|CAQ|Long Biên"),
        ("2018-01-15", HUNG, "Trưởng Công an|Công an|quận"),
        ("2018-01-25", HUNG, "Phó Trưởng CAQ|CAQ"),
    ],
    "an abbreviation that no list knows": [
        ("2018-01-05", HUNG, "Phó Trưởng|CSKV|phường Bồ Đề"),
        ("2018-06-15", HUNG, "Trưởng Công an|Công an|phường Bồ Đề"),
    ],
}

CLOSE: dict[str, list[Row]] = {
    "two wards, two weeks between": [
        ("2018-01-05", HUNG, f"Chủ tịch|UBND|{PHUONG_A}"),
        ("2018-01-20", HUNG, f"Chủ tịch|UBND|{PHUONG_B}"),
    ],
    "a late article, and only one after it": [
        ("2017-01-05", HUNG, f"Chủ tịch|UBND|{PHUONG_A}"),
        ("2018-01-20", HUNG, f"Chủ tịch|UBND|{PHUONG_A}"),
        ("2018-01-10", HUNG, "Trưởng phòng|phòng Nội vụ|quận"),
        ("2018-01-25", HUNG, "Trưởng phòng|phòng Nội vụ|quận"),
    ],
    "the district and the city before the district ended": [
        ("2025-05-28", HUNG, "Chủ tịch|UBND|quận"),
        ("2025-06-10", HUNG, "Giám đốc|Sở Nội vụ"),
    ],
    "two schools at once": [
        ("2018-01-05", HUNG, "Hiệu trưởng|trường THCS Ngọc Lâm"),
        ("2018-01-05", HUNG, "Hiệu trưởng|trường THCS Ái Mộ"),
    ],
    "two schools of one name at once": [
        ("2018-01-05", HUNG, "Hiệu trưởng|trường MN Ngọc Lâm"),
        ("2018-01-05", HUNG, "Hiệu trưởng|trường Tiểu học Ngọc Lâm"),
    ],
    "an office that no list knows": [
        ("2018-01-05", HUNG, "Trưởng ABC|ABC|quận"),
        ("2018-01-05", HUNG, "Chủ tịch|UBND|quận"),
    ],
}

SEVERAL: dict[str, tuple[list[Row], list[list[int]]]] = {
    "heads of two wards on one day": (
        [
            ("2018-01-05", HUNG, f"Chủ tịch|UBND|{PHUONG_A}"),
            ("2018-01-05", HUNG, f"Chủ tịch|UBND|{PHUONG_B}"),
        ],
        [[1], [2]],
    ),
    "chairman and chief of police": (
        [
            ("2018-01-05", HUNG, f"Chủ tịch|UBND|{PHUONG_A}"),
            ("2018-03-05", HUNG, f"Trưởng Công an|Công an|{PHUONG_B}"),
            ("2018-05-05", HUNG, f"Chủ tịch|UBND|{PHUONG_A}"),
            ("2018-07-05", HUNG, f"Trưởng Công an|Công an|{PHUONG_B}"),
        ],
        [[1, 3], [2, 4]],
    ),
    "chairman and chief of police of one ward": (
        [
            ("2018-01-05", HUNG, f"Chủ tịch|UBND|{PHUONG_A}"),
            ("2018-03-05", HUNG, f"Trưởng Công an|Công an|{PHUONG_A}"),
            ("2018-05-05", HUNG, f"Chủ tịch|UBND|{PHUONG_A}"),
        ],
        [[1, 3], [2]],
    ),
    "a ward's head and a district's office at once": (
        [
            ("2018-01-05", HUNG, f"Chủ tịch|UBND|{PHUONG_A}"),
            ("2018-03-05", HUNG, "Trưởng phòng|phòng Tư pháp|quận"),
            ("2019-05-05", HUNG, f"Chủ tịch|UBND|{PHUONG_A}"),
        ],
        [[1, 3], [2]],
    ),
    "two offices of one district at once": (
        [
            ("2018-01-05", HUNG, "Trưởng phòng|phòng Nội vụ|quận"),
            ("2018-03-05", HUNG, "Trưởng phòng|phòng Quản lý đô thị|quận"),
            ("2019-05-05", HUNG, "Trưởng phòng|phòng Nội vụ|quận"),
        ],
        [[1, 3], [2]],
    ),
    "a ward nobody names and the district at once": (
        [
            ("2018-01-05", HUNG, "Chủ tịch|UBND|quận"),
            ("2018-03-05", HUNG, "Trưởng Công an|Công an|phường"),
            ("2019-05-05", HUNG, "Chủ tịch|UBND|quận"),
        ],
        [[1, 3], [2]],
    ),
    "a man and a woman": (
        [
            ("2018-01-05", "ông Nguyễn Thanh Hà", "Chủ tịch|UBND|quận"),
            ("2020-03-05", "bà Nguyễn Thanh Hà", "Bí thư|Quận ủy"),
        ],
        [[1], [2]],
    ),
    "a name alone that fits two": (
        [
            ("2018-01-05", HUNG, f"Chủ tịch|UBND|{PHUONG_A}"),
            ("2018-01-05", HUNG, f"Chủ tịch|UBND|{PHUONG_B}"),
            ("2018-01-06", HUNG, ""),
        ],
        [[1], [2], [3]],
    ),
    "a post of many that fits two": (
        [
            ("2018-01-05", HUNG, f"Chủ tịch|UBND|{PHUONG_A}"),
            ("2018-01-05", HUNG, f"Chủ tịch|UBND|{PHUONG_B}"),
            ("2018-01-06", HUNG, "Quận ủy viên|Quận ủy"),
        ],
        [[1], [2], [3]],
    ),
    "an earlier post that fits two": (
        [
            ("2014-01-05", HUNG, "Trưởng phòng|phòng Nội vụ|quận"),
            ("2018-01-05", HUNG, f"Chủ tịch|UBND|{PHUONG_A}"),
            ("2018-01-05", HUNG, f"Chủ tịch|UBND|{PHUONG_B}"),
        ],
        [[1], [2], [3]],
    ),
    "two districts far apart": (
        [
            ("2014-01-05", HUNG, "Chủ tịch|UBND|quận Ba Đình"),
            ("2018-01-05", HUNG, "Chủ tịch|UBND|quận"),
        ],
        [[1], [2]],
    ),
    "a ward and a ministry": (
        [
            ("2014-01-05", HUNG, f"Chủ tịch|UBND|{PHUONG_A}"),
            ("2018-01-05", HUNG, "Thứ trưởng|Bộ Nội vụ"),
        ],
        [[1], [2]],
    ),
    "tones make another name": (
        [("2018-01-05", "Lê Văn Hưng", "Chủ tịch|UBND|quận"), ("2018-01-05", "Lê Văn Hùng", "Bí thư|Quận ủy")],
        [[1], [2]],
    ),
}


def numbers(found: Sequence[Person]) -> list[list[int]]:
    return sorted(sorted(int(article.id.partition("/")[2]) for article in person.articles) for person in found)


@pytest.mark.parametrize("case", ONE_PERSON)
def test_what_one_career_explains_is_one_person(case: str, people: People) -> None:
    rows = ONE_PERSON[case]
    assert numbers(people(rows)) == [list(range(1, len(rows) + 1))]


@pytest.mark.parametrize("case", SEVERAL)
def test_what_nobody_holds_at_once_is_several_persons(case: str, people: People) -> None:
    rows, expected = SEVERAL[case]
    assert numbers(people(rows)) == expected


@pytest.mark.parametrize("case", CLOSE)
def test_what_is_held_apart_by_closeness_or_wording_names_each_other(case: str, people: People) -> None:
    one, other = people(CLOSE[case])
    assert (one.could_be, other.could_be) == ((other.id,), (one.id,))
    assert [doubt.reason for person in (one, other) for doubt in person.unsure] == ["namesake", "namesake"]


SURE: dict[str, list[Row]] = {
    "two wards on one day": SEVERAL["heads of two wards on one day"][0],
    "back and forth": SEVERAL["a ward's head and a district's office at once"][0],
    "a long time at once": [
        ("2018-01-05", HUNG, f"Chủ tịch|UBND|{PHUONG_A}"),
        ("2018-08-05", HUNG, f"Chủ tịch|UBND|{PHUONG_A}"),
        ("2018-06-05", HUNG, f"Chủ tịch|UBND|{PHUONG_B}"),
        ("2018-12-05", HUNG, f"Chủ tịch|UBND|{PHUONG_B}"),
    ],
    "first this way, then that way": [
        ("2018-01-05", HUNG, f"Chủ tịch|UBND|{PHUONG_A}"),
        ("2018-01-10", HUNG, f"Chủ tịch|UBND|{PHUONG_B}; Bí thư|Đảng ủy|{PHUONG_B}"),
        ("2018-01-15", HUNG, f"Bí thư|Đảng ủy|{PHUONG_A}; Chủ tịch|HĐND|{PHUONG_A}"),
        ("2018-01-16", HUNG, f"Chủ tịch|HĐND|{PHUONG_A}; Chủ tịch|UBND|{PHUONG_A}"),
    ],
    "a ward and the city since the reform": [
        ("2025-07-05", HUNG, f"Chủ tịch|UBND|{PHUONG_A}"),
        ("2025-09-05", HUNG, "Giám đốc|Sở Nội vụ"),
        ("2025-11-05", HUNG, f"Chủ tịch|UBND|{PHUONG_A}"),
    ],
}


@pytest.mark.parametrize("case", SURE)
def test_what_is_plainly_at_once_is_somebody_else(case: str, people: People) -> None:
    one, other = people(SURE[case])
    assert (one.could_be, other.could_be) == ((), ())


FAR_AFTER_THE_REFORM: dict[str, list[Row]] = {
    "another district's ward": [
        ("2024-06-20", HUNG, "Chủ tịch|UBND|quận Long Biên"),
        ("2025-09-20", HUNG, "Bí thư|Đảng ủy|phường Ba Đình"),
    ],
    "two wards of the city": [
        ("2025-07-20", HUNG, "Bí thư|Đảng ủy|phường Long Biên"),
        ("2026-07-20", HUNG, "Bí thư|Đảng ủy|phường Ba Đình"),
    ],
}


@pytest.mark.parametrize("case", FAR_AFTER_THE_REFORM)
def test_units_that_only_the_city_holds_together_are_far(case: str, people: People) -> None:
    one, other = people(FAR_AFTER_THE_REFORM[case])
    assert (one.could_be, other.could_be) == ((other.id,), (one.id,))


ACROSS: dict[str, tuple[dict[str, list[Row]], list[list[str]]]] = {
    "the same post on two portals": (
        {
            "longbien": [("2018-01-05", HUNG, "Chủ tịch|UBND|quận")],
            "badinh": [("2018-02-05", HUNG, "Chủ tịch|UBND|quận Long Biên")],
        },
        [["badinh/0001", "longbien/0001"]],
    ),
    "the same words on two portals": (
        {
            "longbien": [("2014-01-05", HUNG, "Chủ tịch|UBND|quận")],
            "badinh": [("2018-02-05", HUNG, "Chủ tịch|UBND|quận")],
        },
        [["badinh/0001"], ["longbien/0001"]],
    ),
    "a post of the city": (
        {
            "longbien": [("2018-01-05", HUNG, "Giám đốc|Sở Nội vụ")],
            "badinh": [("2018-02-05", HUNG, "Giám đốc|Sở Nội vụ|thành phố")],
        },
        [["badinh/0001", "longbien/0001"]],
    ),
    "a name alone on the other portal": (
        {"longbien": [("2018-01-05", HUNG, "Chủ tịch|UBND|quận")], "badinh": [("2018-02-05", HUNG, "")]},
        [["badinh/0001"], ["longbien/0001"]],
    ),
    "a name alone on both portals": (
        {"longbien": [("2018-01-05", HUNG, "")], "badinh": [("2018-02-05", HUNG, "")]},
        [["badinh/0001"], ["longbien/0001"]],
    ),
    "a post nobody can place on both portals": (
        {
            "longbien": [("2018-01-05", HUNG, "Bí thư|Đảng ủy")],
            "badinh": [("2018-02-05", HUNG, "Bí thư|Đảng ủy"), ("2018-02-06", HUNG, "Chủ tịch|UBND")],
        },
        [["badinh/0001", "badinh/0002"], ["longbien/0001"]],
    ),
    "one ward since the reform": (
        {
            "longbien": [("2025-08-05", HUNG, "Chủ tịch|UBND|phường Bồ Đề")],
            "badinh": [("2025-09-05", HUNG, "Chủ tịch|UBND|P. Bồ Đề")],
        },
        [["badinh/0001", "longbien/0001"]],
    ),
    "from the district to the city": (
        {
            "longbien": [("2014-01-05", HUNG, "Chủ tịch|UBND|quận")],
            "badinh": [("2018-02-05", HUNG, "Giám đốc|Sở Nội vụ")],
        },
        [["badinh/0001", "longbien/0001"]],
    ),
}


@pytest.mark.parametrize("case", ACROSS)
def test_portals_are_linked_by_places(case: str, people: People) -> None:
    portals, expected = ACROSS[case]
    found = people(**portals)
    assert sorted(sorted(article.id for article in person.articles) for person in found) == expected
    assert people(**dict(reversed(portals.items()))) == found
