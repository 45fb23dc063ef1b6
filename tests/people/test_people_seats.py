import pytest

from harvester.people.groups import wording
from harvester.people.places import Home
from harvester.people.seats import Near, Seat, are_rarely_one, excludes, gender_of, nearness, post_of
from harvester.records import Position
from harvester.vietnamese.places import unit_named

LONG_BIEN = Home("longbien", unit_named("Quận Long Biên", "Thành phố Hà Nội"))
QUAN, BO_DE, THU_DO = ("vn", "ha-noi", "long-bien"), ("vn", "ha-noi", "long-bien", "bo-de"), ("vn", "ha-noi")


def position(text: str) -> Position:
    role, organisation, place = [*text.split("|"), "", ""][:3]
    return Position(role=role, organisation=organisation or None, place=place or None, expanded=None)


def seat(text: str) -> Seat:
    return post_of(position(text), LONG_BIEN).seat


ALIKE = [
    ("Chủ tịch|UBND|quận", "CT|Uỷ ban nhân dân|Q. Long Biên"),
    ("Chủ tịch|UBND|phường Bồ Đề", "Chủ tịch||phường Bồ Đề"),
    ("Phó Chủ tịch|UBND|quận", "PCT TT|UBND|quận"),
    ("Chủ tịch|UBND|quận", "Quyền Chủ tịch|UBND|quận"),
    ("Chủ tịch|UBND|quận", "nguyên Chủ tịch|UBND|quận"),
    ("Bí thư|Quận ủy", "Bí thư|Quận uỷ|Long Biên"),
    ("Bí thư|Quận đoàn", "Bí thư|Đoàn TNCS Hồ Chí Minh|quận"),
    ("Chủ tịch|Ủy ban MTTQ Việt Nam|quận", "Chủ tịch|MTTQ|quận Long Biên"),
    ("Chủ tịch|UBMTTQ|quận", "Chủ tịch|Mặt trận Tổ quốc|quận"),
    ("Chủ tịch|Hội LHPN|quận", "Chủ tịch|Hội Phụ nữ|quận"),
    ("Trưởng phòng|phòng Văn hóa và Thông tin|quận", "TRƯỞNG PHÒNG|PHÒNG VĂN HOÁ - THÔNG TIN"),
    ("Trưởng phòng|phòng GD&ĐT|quận", "Trưởng phòng|phòng Giáo dục và Đào tạo"),
    ("Ủy viên|BTV Quận ủy", "UVBTV|Quận ủy"),
    ("Giám đốc|Sở Nội vụ", "Giám đốc|Sở Nội vụ|thành phố"),
    ("Trưởng CAQ|CAQ", "Trưởng Công an|Công an|quận"),
    ("Trưởng CAQ|CAQ|Hai Bà Trưng", "Trưởng Công an|Công an|quận Hai Bà Trưng"),
    ("Phó Trưởng CAP|CAP|Bồ Đề", "Phó Trưởng Công an|Công an|P. Bồ Đề"),
    ("Giám đốc|CATP", "Giám đốc|Công an|TP"),
    ("Trưởng CAX|CAX|Yên Viên", "Trưởng Công an|Công an|xã Yên Viên"),
    ("Trưởng BTG|BTG|quận", "Trưởng Ban Tuyên giáo|Ban Tuyên giáo|quận"),
    ("Trưởng BTC|BTC Quận ủy", "Trưởng Ban Tổ chức|Ban Tổ chức Quận ủy"),
    ("Trưởng BDV|BDV Quận ủy", "Trưởng Ban Dân vận|Ban Dân vận Quận ủy"),
    ("Chánh VP|VP UBND|quận", "Chánh Văn phòng|Văn phòng UBND|quận"),
    ("Hiệu trưởng|Trường THCS Ái Mộ", "Hiệu trưởng|trường Trung học cơ sở Ái Mộ"),
    ("HT|THCS ÁI MỘ", "Hiệu trưởng|trường thcs Ái Mộ"),
    ("Hiệu trưởng|Trường TH Ngọc Lâm", "Hiệu trưởng|Trường Tiểu học Ngọc Lâm|quận Long Biên"),
    ("Hiệu trưởng|Trường MN Hoa Sen", "Hiệu trưởng|Mầm non Hoa Sen|phường Bồ Đề"),
    ("Hiệu trưởng|trường TH & THCS Vạn Xuân", "Hiệu trưởng|trường tiểu học và trung học cơ sở Vạn Xuân"),
    ("Giám đốc|Bệnh viện Đa khoa Thanh Nhàn", "Giám đốc|BV Thanh Nhàn"),
    ("Giám đốc|BVĐK Đức Giang", "Giám đốc|Bệnh viện Đức Giang"),
]


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_wordings_of_one_seat(one: str, other: str) -> None:
    assert seat(one) == seat(other)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Phó Chủ tịch Thường trực|UBND|quận", (True, False, False)),
        ("Phó Bí thư TT|Huyện ủy", (True, False, False)),
        ("Q. Trưởng phòng|phòng Nội vụ|quận", (False, True, False)),
        ("Phó Trưởng phòng phụ trách|phòng Nội vụ|quận", (False, True, False)),
        ("nguyên là Bí thư|Quận ủy", (False, False, True)),
        ("Cựu Chủ tịch|UBND|quận", (False, False, True)),
        ("Chủ tịch|UBND|quận", (False, False, False)),
    ],
)
def test_what_passes_is_no_part_of_the_seat(text: str, said: tuple[bool, bool, bool]) -> None:
    assert post_of(position(text), LONG_BIEN)[1:] == said


@pytest.mark.parametrize(
    ("text", "rank", "place"),
    [
        ("Chủ tịch|UBND|quận", "head", QUAN),
        ("Phó Chủ tịch|UBND|phường Bồ Đề", "deputy", BO_DE),
        ("Thứ trưởng|Bộ Nội vụ", "deputy", ("vn",)),
        ("Quận ủy viên|Quận ủy", "member", QUAN),
        ("Thành ủy viên|Thành ủy", "member", THU_DO),
        ("Đại biểu|Quốc hội", "member", ("vn",)),
        ("Giám đốc|Sở Y tế", "head", THU_DO),
        ("Trưởng phòng|phòng Nội vụ", "head", QUAN),
        ("Chủ tịch|UBND|phường", "head", None),
        ("Bí thư|Đảng ủy", "head", None),
        ("Chủ tịch|UBND|xã Vắng", "head", ("?longbien/ward", "xã vắng")),
        ("Trưởng thôn||thôn Đoài", "head", ("?longbien/hamlet", "thôn đoài")),
        ("Hiệu trưởng|trường THCS Ái Mộ", "head", (*QUAN, "@ái mộ")),
        ("Hiệu trưởng|trường THCS Ái Mộ|quận Ba Đình", "head", ("vn", "ha-noi", "ba-dinh", "@ái mộ")),
        ("Hiệu trưởng|trường THPT Bạc Liêu", "head", ("vn", "bac-lieu", "@bạc liêu")),
        ("Hiệu trưởng|trường Tiểu học", "head", None),
        ("Giám đốc|Trung tâm Y tế|phường", "head", None),
        ("Giám đốc|trường Bồi dưỡng chính trị|quận", "head", QUAN),
        ("Phó Trưởng CAQ|CAQ", "deputy", QUAN),
        ("Viện trưởng|VKSND", "head", None),
        ("Trưởng phòng|phòng Cảnh sát giao thông", "head", None),
        ("Chủ nhiệm|Ủy ban Kiểm tra Trung ương", "head", ("vn",)),
        ("Chủ tịch|Hội Nông dân Việt Nam|quận", "head", QUAN),
    ],
)
def test_rank_and_place(text: str, rank: str, place: tuple[str, ...] | None) -> None:
    assert (seat(text).rank, seat(text).place) == (rank, place)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("Chủ tịch|UBND|phường Bồ Đề", "Chủ tịch|UBND|phường Ngọc Thụy", True),
        ("Chủ tịch|UBND|phường Bồ Đề", "Trưởng Công an|Công an|phường Bồ Đề", True),
        ("Chánh án|TAND|quận", "Viện trưởng|VKSND|quận", True),
        ("Chủ tịch|UBND|phường Bồ Đề", "Trưởng phòng|phòng Nội vụ|quận", True),
        ("Chủ tịch|UBND|phường", "Chủ tịch|UBND|quận", True),
        ("Quận ủy viên|Quận ủy", "Chủ tịch|UBND|huyện Gia Lâm", True),
        ("Chủ tịch|UBND|phường Bồ Đề", "Bí thư|Đảng ủy|phường Bồ Đề", False),
        ("Chủ tịch|UBND|phường Bồ Đề", "Quận ủy viên|Quận ủy", False),
        ("Bí thư|Quận ủy", "Thành ủy viên|Thành ủy", False),
        ("Trưởng Công an|Công an|quận", "Phó Bí thư|Quận ủy", False),
        ("Chủ tịch|UBND|quận", "Trưởng Ban|Ban Chỉ đạo 35|huyện Gia Lâm", False),
        ("Chủ tịch|UBND", "Bí thư|Đảng ủy|phường Bồ Đề", False),
        ("Hiệu trưởng|trường THCS Ái Mộ", "Hiệu trưởng|trường Ái Mộ", False),
        ("Hiệu trưởng|trường THCS Ái Mộ", "Hiệu trưởng|trường THCS Ngọc Lâm", False),
        ("Hiệu trưởng|trường THCS Ái Mộ", "Chủ tịch|UBND|phường Bồ Đề", True),
        ("Chủ tịch|UBND|xã Vắng", "Bí thư|Đảng ủy|xã Vắng huyện Lặng", False),
        ("Chủ tịch|UBND|xã Vắng", "Bí thư|Đảng ủy|xã Vắng Hai", False),
        ("Chủ tịch|UBND|xã Vắng Một", "Bí thư|Đảng ủy|xã Vắng Hai", True),
        ("Trưởng CAQ|CAQ|Hai Bà Trưng", "Trưởng Công an|Công an|quận Hai Bà Trưng", False),
        ("Chỉ huy|XYZ|phường Bồ Đề", "Trưởng Công an|Công an|phường Bồ Đề", False),
        ("Giám đốc", "Trưởng Công an|Công an|phường Bồ Đề", False),
    ],
)
def test_what_nobody_holds_at_once(one: str, other: str, expected: bool) -> None:
    assert (excludes(seat(one), seat(other)), excludes(seat(other), seat(one))) == (expected, expected)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("Trưởng phòng|phòng Nội vụ|quận", "Trưởng phòng|phòng Tư pháp|quận", True),
        ("Trưởng phòng|phòng Nội vụ|quận", "Phó Trưởng phòng|phòng Nội vụ|quận", False),
        ("Chủ tịch|UBND|quận", "Phó Bí thư|Quận ủy", False),
        ("Chủ tịch|UBND|quận", "Ủy viên|Ủy ban MTTQ|quận", False),
        ("Chủ tịch|UBND|phường", "Trưởng phòng|phòng Nội vụ|quận", False),
        ("Hiệu trưởng|trường THCS Ái Mộ", "Hiệu trưởng|trường THCS Ngọc Lâm", True),
        ("Hiệu trưởng|trường THCS Ái Mộ", "Hiệu trưởng|trường Mầm non Ái Mộ", True),
        ("Hiệu trưởng|trường THCS Ái Mộ", "Hiệu trưởng|trường Ái Mộ", False),
        ("Hiệu trưởng|trường THCS Ái Mộ", "Phó Hiệu trưởng|trường THCS Ái Mộ", False),
    ],
)
def test_what_speaks_for_two_persons(one: str, other: str, expected: bool) -> None:
    assert (are_rarely_one(seat(one), seat(other)), are_rarely_one(seat(other), seat(one))) == (expected, expected)


@pytest.mark.parametrize(
    ("one", "other", "near"),
    [
        ("Chủ tịch|UBND|quận", "Phó Chủ tịch|UBND|quận", Near.BODY),
        ("Chủ tịch|UBND|quận", "Bí thư|Quận ủy", Near.PLACE),
        ("Chủ tịch|UBND|phường", "Chủ tịch|UBND|phường Bồ Đề", Near.PLACE),
        ("Chủ tịch|UBND|quận", "Chủ tịch|UBND|phường Bồ Đề", Near.NESTED),
        ("Giám đốc|Sở Nội vụ", "Chủ tịch|UBND|quận", Near.NESTED),
        ("Chủ tịch|UBND|phường Ngọc Thụy", "Chủ tịch|UBND|phường Bồ Đề", Near.NEIGHBOUR),
        ("Bí thư|Đảng ủy", "Chủ tịch|UBND|phường Bồ Đề", Near.PORTAL),
        ("Chủ tịch|UBND|quận", "Chủ tịch|UBND|quận Ba Đình", Near.FAR),
        ("Hiệu trưởng|trường THCS Ái Mộ", "Phó Hiệu trưởng|trường Ái Mộ", Near.BODY),
        ("Hiệu trưởng|trường THCS Ái Mộ", "Hiệu trưởng|trường Mầm non Ái Mộ", Near.PLACE),
        ("Hiệu trưởng|trường THCS Ái Mộ", "Hiệu trưởng|trường Ái Mộ|thành phố Hà Nội", Near.BODY),
        ("Hiệu trưởng|trường THCS Ái Mộ", "Hiệu trưởng|trường THCS Ngọc Lâm", Near.NEIGHBOUR),
        ("Giám đốc|Sở Nội vụ", "Chủ tịch|UBND|phường Bồ Đề", Near.FAR),
        ("Thứ trưởng|Bộ Nội vụ", "Chủ tịch|UBND|quận", Near.FAR),
    ],
)
def test_how_near_seats_are(one: str, other: str, near: Near) -> None:
    assert (nearness(seat(one), seat(other)), nearness(seat(other), seat(one))) == (near, near)


@pytest.mark.parametrize(
    ("honorifics", "gender"),
    [(("ông",), "male"), (("đồng chí", "bà"), "female"), (("ông", "bà"), ""), (("thượng tá",), ""), ((), "")],
)
def test_gender(honorifics: tuple[str, ...], gender: str) -> None:
    assert gender_of(honorifics) == gender


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Trưởng Ban|Ban Tổ chức Quận ủy", "Trưởng Ban Tổ chức Quận ủy"),
        ("Trưởng Công an|Công an|quận", "Trưởng Công an quận"),
        ("Quận ủy viên|Quận ủy", "Quận ủy viên"),
        ("Chủ tịch|UBND|quận", "Chủ tịch UBND quận"),
        ("Trưởng thôn||Đoài", "Trưởng thôn Đoài"),
    ],
)
def test_a_post_in_one_line(text: str, expected: str) -> None:
    assert wording(position(text)) == expected


@pytest.mark.parametrize(
    "text", ["", " ", "phó", "nguyên", "\x00", "Q.", "ủy viên", "a" * 10_000, "phụ trách " * 3_000]
)
def test_any_text_has_a_seat(text: str) -> None:
    for each in (f"{text}||", f"Chủ tịch|{text}|", f"Chủ tịch|UBND|{text}"):
        assert isinstance(seat(each), Seat)
