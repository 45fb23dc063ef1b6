"""How one post divides into role, organisation and place, and what its abbreviations stand for."""

import pytest

from harvester.vietnamese.officials import find_officials

# The post stands after "Ông Trần Minh Quý, "; role | organisation | place, "-" for none.
POSTS = [
    ("Chủ tịch UBND quận Tây Hồ", "Chủ tịch | UBND | quận Tây Hồ"),
    ("Phó Chủ tịch Thường trực HĐND thị xã", "Phó Chủ tịch Thường trực | HĐND | thị xã"),
    ("Bí thư Quận ủy Hai Bà Trưng", "Bí thư | Quận ủy | Hai Bà Trưng"),
    ("Phó Bí thư Tỉnh ủy Cao Bằng", "Phó Bí thư | Tỉnh ủy | Cao Bằng"),
    ("Ủy viên Ban Thường vụ Huyện ủy", "Ủy viên | Ban Thường vụ Huyện ủy | -"),
    ("Ủy viên Bộ Chính trị", "Ủy viên | Bộ Chính trị | -"),
    ("Thành ủy viên", "Thành ủy viên | Thành ủy | -"),
    ("UVBTV Đảng ủy", "UVBTV | Đảng ủy | -"),
    ("Trưởng Ban Dân vận Quận ủy", "Trưởng Ban | Ban Dân vận Quận ủy | -"),
    ("Trưởng ban Kinh tế - Ngân sách HĐND tỉnh", "Trưởng ban | ban Kinh tế - Ngân sách HĐND | tỉnh"),
    ("Phó Trưởng Ban", "Phó Trưởng Ban | - | -"),
    ("Trưởng phòng Lao động - Thương binh và Xã hội", "Trưởng phòng | phòng Lao động - Thương binh và Xã hội | -"),
    ("Phó phòng Tư pháp huyện Thường Tín", "Phó phòng | phòng Tư pháp | huyện Thường Tín"),
    ("Chánh Văn phòng Huyện ủy", "Chánh Văn phòng | Văn phòng Huyện ủy | -"),
    ("Trưởng Công an thị trấn Phùng", "Trưởng Công an | Công an | thị trấn Phùng"),
    ("Chỉ huy trưởng Ban CHQS phường", "Chỉ huy trưởng | Ban CHQS | phường"),
    ("Phó Tư lệnh Bộ Tư lệnh Thủ đô", "Phó Tư lệnh | Bộ Tư lệnh Thủ đô | -"),
    ("Giám đốc Sở Văn hóa, Thể thao và Du lịch", "Giám đốc | Sở Văn hóa, Thể thao và Du lịch | -"),
    ("Giám đốc Sở Y tế Hải Phòng", "Giám đốc | Sở Y tế | Hải Phòng"),
    ("Thứ trưởng Bộ Tư pháp", "Thứ trưởng | Bộ Tư pháp | -"),
    ("Phó Thủ tướng Chính phủ", "Phó Thủ tướng | Chính phủ | -"),
    ("nguyên Chủ nhiệm Ủy ban Pháp luật của Quốc hội", "nguyên Chủ nhiệm | Ủy ban Pháp luật của Quốc hội | -"),
    ("Quyền Chủ tịch UBND huyện", "Quyền Chủ tịch | UBND | huyện"),
    ("Phó Giám đốc phụ trách Trung tâm Y tế quận", "Phó Giám đốc phụ trách | Trung tâm Y tế | quận"),
    ("Chủ tịch Ủy ban MTTQ Việt Nam thành phố Huế", "Chủ tịch | Ủy ban MTTQ Việt Nam | thành phố Huế"),
    ("Chủ tịch Hội Nông dân Việt Nam", "Chủ tịch | Hội Nông dân Việt Nam | -"),
    ("Chủ tịch Hội Chữ thập đỏ xã", "Chủ tịch | Hội Chữ thập đỏ | xã"),
    ("Bí thư Đoàn phường", "Bí thư | Đoàn | phường"),
    ("Phó Bí thư Quận Đoàn", "Phó Bí thư | Quận Đoàn | -"),
    ("Chánh án TAND thành phố Vinh", "Chánh án | TAND | thành phố Vinh"),
    ("Hiệu trưởng trường THCS Võ Thị Sáu", "Hiệu trưởng | trường THCS Võ Thị Sáu | -"),
    ("Viện trưởng Viện Kiểm sát nhân dân huyện", "Viện trưởng | Viện Kiểm sát nhân dân | huyện"),
    ("Trưởng khoa Nội Bệnh viện Bạch Mai", "Trưởng khoa | khoa Nội Bệnh viện Bạch Mai | -"),
    ("Bí thư Chi bộ thôn Hạ", "Bí thư | Chi bộ | thôn Hạ"),
    ("Trưởng thôn Vân Hồ", "Trưởng thôn | - | Vân Hồ"),
    ("Tổ trưởng tổ dân phố số 12", "Tổ trưởng | - | tổ dân phố số 12"),
    ("Trưởng Ban công tác Mặt trận khu dân cư số 3", "Trưởng Ban | Ban công tác Mặt trận | khu dân cư số 3"),
    ("Trưởng Ban Chỉ đạo chuyển đổi số thành phố", "Trưởng Ban | Ban Chỉ đạo chuyển đổi số | thành phố"),
    ("đại biểu HĐND huyện", "đại biểu | HĐND | huyện"),
    ("Trưởng đoàn ĐBQH tỉnh Lào Cai", "Trưởng đoàn | đoàn ĐBQH | tỉnh Lào Cai"),
    ("Đại sứ Cộng hòa Pháp tại Việt Nam", "Đại sứ | Cộng hòa Pháp tại Việt Nam | -"),
    ("Chủ tịch UBND P. Hàng Bạc", "Chủ tịch | UBND | P. Hàng Bạc"),
    ("Bí thư Đảng ủy xã Ea Kao, thành phố Buôn Ma Thuột", "Bí thư | Đảng ủy | xã Ea Kao"),
    ("Chủ tịch UBND phường 12", "Chủ tịch | UBND | phường 12"),
    ("Chủ tịch HĐND huyện khóa XX, nhiệm kỳ 2021-2026", "Chủ tịch | HĐND | huyện"),
]


@pytest.mark.parametrize(("post", "expected"), POSTS)
def test_divides_a_post(post: str, expected: str) -> None:
    (official,) = find_officials(f"Ông Trần Minh Quý, {post}, cho biết như vậy.")
    (position,) = official.positions
    assert f"{position.role} | {position.organisation or '-'} | {position.place or '-'}" == expected


EXPANSIONS = [
    ("PCT UBND phường", "Phó Chủ tịch Ủy ban nhân dân phường"),
    ("UVBTV Quận ủy", "Ủy viên Ban Thường vụ Quận ủy"),
    ("PBT TT Đảng ủy", "Phó Bí thư Thường trực Đảng ủy"),
    ("Chủ tịch LĐLĐ Q. Ba Đình", "Chủ tịch Liên đoàn Lao động quận Ba Đình"),
    ("CT. HĐND thị trấn", "Chủ tịch Hội đồng nhân dân thị trấn"),
    ("Trưởng phòng TN&MT TP Huế", "Trưởng phòng Tài nguyên và Môi trường thành phố Huế"),
    ("P. Trưởng phòng TC-KH", "Phó Trưởng phòng Tài chính - Kế hoạch"),
    ("HUV", "Huyện ủy viên"),
    ("TUV", None),
    ("Bí thư Huyện ủy", None),
]


@pytest.mark.parametrize(("post", "expected"), EXPANSIONS)
def test_spells_abbreviations_out(post: str, expected: str | None) -> None:
    (official,) = find_officials(f"Đ/c Lê Quang Vũ - {post}; các đại biểu khác.")
    assert [position.expanded for position in official.positions] == [expected]


REPEATS = [
    (
        "Ông Lý Văn Sinh, Thứ trưởng Bộ Công Thương, đến thăm. Thứ trưởng Lý Văn Sinh phát biểu.",
        ["Thứ trưởng Bộ Công Thương"],
    ),
    (
        "Chủ tịch UBND quận Lý Văn Sinh họp. Ông Lý Văn Sinh - Chủ tịch UBND quận Ba Đình.",
        ["Chủ tịch UBND quận Ba Đình"],
    ),
    ("Đ/c Lý Văn Sinh - PCT UBND xã. Đồng chí Lý Văn Sinh, Phó Chủ tịch UBND xã.", ["PCT UBND xã"]),
    (
        "Đ/c Lý Văn Sinh - Bí thư Đảng ủy. Đồng chí Lý Văn Sinh, Bí thư Chi bộ.",
        ["Bí thư Đảng ủy", "Bí thư Chi bộ"],
    ),
]


@pytest.mark.parametrize(("text", "expected"), REPEATS)
def test_keeps_the_fuller_wording_of_a_repeated_post(text: str, expected: list[str]) -> None:
    (official,) = find_officials(text)
    wordings = [
        " ".join(part for part in (position.role, position.organisation, position.place) if part)
        for position in official.positions
    ]
    assert wordings == expected
