"""How names and posts stand together, and who is no official however often named."""

import pytest

from harvester.vietnamese.officials import find_officials

Found = dict[str, list[str]]


def posts_by_name(text: str) -> Found:
    """Return each official's posts, each as its words."""
    return {
        official.name: [" ".join(filter(None, (p.role, p.organisation, p.place))) for p in official.positions]
        for official in find_officials(text)
    }


CONSTRUCTIONS: list[tuple[str, Found]] = [
    # after the name
    ("Dự có đồng chí Lê Văn Hợp - Bí thư Đảng ủy.", {"Lê Văn Hợp": ["Bí thư Đảng ủy"]}),
    (
        "Đ/c Lê Văn Hợp – Phó Bí thư Đảng ủy, Chủ tịch UBND xã báo cáo.",
        {"Lê Văn Hợp": ["Phó Bí thư Đảng ủy", "Chủ tịch UBND xã"]},
    ),
    ("Bà Tô Thị Yên, Chủ tịch Hội LHPN quận cho hay.", {"Tô Thị Yên": ["Chủ tịch Hội LHPN quận"]}),
    ("Ông Tô Yên (Phó Chủ tịch HĐND huyện) trả lời.", {"Tô Yên": ["Phó Chủ tịch HĐND huyện"]}),
    ("Ông Tô Văn Yên (sinh năm 1970), Bí thư Huyện ủy.", {"Tô Văn Yên": ["Bí thư Huyện ủy"]}),
    ("Ông Tô Văn Yên hiện là Trưởng phòng Nội vụ.", {"Tô Văn Yên": ["Trưởng phòng phòng Nội vụ"]}),
    ("Đồng chí Tô Văn Yên Trưởng Công an xã dự.", {"Tô Văn Yên": ["Trưởng Công an Công an xã"]}),
    # a surname that is an organisation's word too
    ("Phó Chủ tịch UBND huyện Đoàn Thị Sâm kết luận.", {"Đoàn Thị Sâm": ["Phó Chủ tịch UBND huyện"]}),
    ("Chánh Văn phòng Huyện ủy Đoàn Khánh Vi nói.", {"Đoàn Khánh Vi": ["Chánh Văn phòng Văn phòng Huyện ủy"]}),
    ("Chủ tịch HĐND xã Đoàn Lê Khánh Vi nói.", {"Đoàn Lê Khánh Vi": ["Chủ tịch HĐND xã"]}),
    ("Bí thư Huyện Đoàn Lê Khánh Vi nói.", {"Lê Khánh Vi": ["Bí thư Huyện Đoàn"]}),
    ("Bí thư Huyện đoàn Lê Khánh Vi nói.", {"Lê Khánh Vi": ["Bí thư Huyện đoàn"]}),
    # an area, then a rank, then the name
    ("Phó Tư lệnh Bộ Tư lệnh Thủ đô Hà Nội Đại tá Tô Yên dự.", {"Tô Yên": ["Phó Tư lệnh Bộ Tư lệnh Thủ đô Hà Nội"]}),
    ("Trưởng Công an quận Cầu Giấy Thượng tá Tô Yên dự.", {"Tô Yên": ["Trưởng Công an Công an quận Cầu Giấy"]}),
    # far from the head of its list or the unit of its title
    (
        "Công ty TNHH Tân Phát vừa khai trương cửa hàng mới. Giám đốc Tô Yên phát biểu.",
        {},
    ),
    (
        "Trung tâm Y tế huyện vừa khánh thành. Khách đến rất đông. Giám đốc Tô Yên phát biểu.",
        {"Tô Yên": ["Giám đốc"]},
    ),
    ("Bí thư Đảng ủy:\n\nTô Yên", {"Tô Yên": ["Bí thư Đảng ủy"]}),
    (
        "Ông Tô Văn Yên, Chủ tịch Hội Nông dân kiêm Trưởng thôn Hạ.",
        {"Tô Văn Yên": ["Chủ tịch Hội Nông dân", "Trưởng thôn Hạ"]},
    ),
    ("Ông Tô Văn Yên, Bí thư Đảng ủy, Trưởng đoàn giám sát, chủ trì.", {"Tô Văn Yên": ["Bí thư Đảng ủy"]}),
    # before the name
    ("Chủ tịch UBND huyện Cao Minh Tân kết luận.", {"Cao Minh Tân": ["Chủ tịch UBND huyện"]}),
    ("Phó Thủ tướng Cao Minh Tân yêu cầu.", {"Cao Minh Tân": ["Phó Thủ tướng"]}),
    ("Bí thư Quận ủy Thanh Xuân Cao Minh Tân chủ trì.", {"Cao Minh Tân": ["Bí thư Quận ủy Thanh Xuân"]}),
    ("Phó Bí thư, Chủ tịch UBND xã Cao Minh Tân dự.", {"Cao Minh Tân": ["Phó Bí thư", "Chủ tịch UBND xã"]}),
    ("Bí thư Chi bộ thôn Thượng Cao Minh Tân dự.", {"Cao Minh Tân": ["Bí thư Chi bộ thôn Thượng"]}),
    ("Chủ tịch UBND phường Nguyễn Trãi Mai Thị Hà dự.", {"Mai Thị Hà": ["Chủ tịch UBND phường Nguyễn Trãi"]}),
    ("Chủ tịch HĐND quận - bà Mai Thị Hà khai mạc.", {"Mai Thị Hà": ["Chủ tịch HĐND quận"]}),
    ("Chủ tịch UBND xã Yên Sở, bà Mai Thị Hà cho biết.", {"Mai Thị Hà": ["Chủ tịch UBND xã Yên Sở"]}),
    ("Đồng chí Chủ tịch HĐND tỉnh Mai Thị Hà dự.", {"Mai Thị Hà": ["Chủ tịch HĐND tỉnh"]}),
    (
        "Bí thư Huyện ủy Cao Minh Tân và Chủ tịch UBND huyện Mai Thị Hà kiểm tra.",
        {"Cao Minh Tân": ["Bí thư Huyện ủy"], "Mai Thị Hà": ["Chủ tịch UBND huyện"]},
    ),
    (
        "Thừa ủy quyền của Chủ tịch nước, Phó Bí thư Thành ủy Cao Minh Tân trao Huân chương.",
        {"Cao Minh Tân": ["Phó Bí thư Thành ủy"]},
    ),
    (
        "Bí thư Huyện ủy Cao Minh Tân; Chủ tịch UBND huyện vắng mặt.",
        {"Cao Minh Tân": ["Bí thư Huyện ủy"]},
    ),
    # lists
    (
        "Dự có các đồng chí: Vi Văn Sơn - Bí thư Huyện ủy; Lò Thị Mai - Chủ tịch HĐND huyện.",
        {"Vi Văn Sơn": ["Bí thư Huyện ủy"], "Lò Thị Mai": ["Chủ tịch HĐND huyện"]},
    ),
    (
        "Các đ/c: Vi Văn Sơn – UVBTV, Trưởng Ban Tổ chức, Lò Thị Mai – HUV, Vàng A Chứ – Bí thư Huyện Đoàn.",
        {
            "Vi Văn Sơn": ["UVBTV", "Trưởng Ban Ban Tổ chức"],
            "Lò Thị Mai": ["HUV"],
            "Vàng A Chứ": ["Bí thư Huyện Đoàn"],
        },
    ),
    (
        "Dự có các Phó Chủ tịch UBND quận: Đỗ Văn Tư, Hồ Thị Năm và Bùi Sáu.",
        {name: ["Phó Chủ tịch UBND quận"] for name in ("Đỗ Văn Tư", "Hồ Thị Năm", "Bùi Sáu")},
    ),
    (
        "Các Phó Trưởng phòng:\n1. Đỗ Văn Tư\n2. Hồ Thị Năm",
        {name: ["Phó Trưởng phòng"] for name in ("Đỗ Văn Tư", "Hồ Thị Năm")},
    ),
    (
        "Các ông Đỗ Văn Tư, Hồ Văn Năm, Phó Chủ tịch UBND xã, trực tiếp chỉ đạo.",
        {name: ["Phó Chủ tịch UBND xã"] for name in ("Đỗ Văn Tư", "Hồ Văn Năm")},
    ),
    ("Ông Đỗ Văn Tư, bà Hồ Thị Năm, Chủ tịch Hội Khuyến học.", {"Hồ Thị Năm": ["Chủ tịch Hội Khuyến học"]}),
    (
        "Hai Phó Chủ tịch là ông Đỗ Văn Tư và bà Hồ Thị Năm.",
        {"Đỗ Văn Tư": ["Phó Chủ tịch"], "Hồ Thị Năm": ["Phó Chủ tịch"]},
    ),
    (
        "Đoàn ĐBQH tỉnh gồm: ông Đỗ Văn Tư, Phó Bí thư Tỉnh ủy; ông Đinh Bảy, tiếp xúc cử tri.",
        {"Đỗ Văn Tư": ["Phó Bí thư Tỉnh ủy"], "Đinh Bảy": []},
    ),
    # appointments
    ("Ông Hà Văn Lộc được bổ nhiệm giữ chức vụ Giám đốc Sở Nội vụ.", {"Hà Văn Lộc": ["Giám đốc Sở Nội vụ"]}),
    ("Đại hội bầu bà Hà Thị Lộc làm Bí thư Chi bộ.", {"Hà Thị Lộc": ["Bí thư Chi bộ"]}),
    (
        "Bầu ông Hà Văn Lộc và bà Cù Thị Phúc giữ chức Phó Chủ tịch HĐND xã.",
        {"Hà Văn Lộc": ["Phó Chủ tịch HĐND xã"], "Cù Thị Phúc": ["Phó Chủ tịch HĐND xã"]},
    ),
    ("Miễn nhiệm chức vụ Chủ tịch UBND huyện đối với ông Hà Văn Lộc.", {"Hà Văn Lộc": ["Chủ tịch UBND huyện"]}),
    (
        "Miễn nhiệm chức danh Phó Chủ tịch UBND xã, nhiệm kỳ 2021-2026 đối với ông Hà Lộc và bà Cù Phúc.",
        {"Hà Lộc": ["Phó Chủ tịch UBND xã"], "Cù Phúc": ["Phó Chủ tịch UBND xã"]},
    ),
    ("Chỉ định ông Hà Văn Lộc tham gia Ban Chấp hành Đảng bộ huyện.", {"Hà Văn Lộc": []}),
    ("Bà Hà Thị Lộc trúng cử Bí thư Chi bộ.", {"Hà Thị Lộc": ["Bí thư Chi bộ"]}),
    # the unit named last decides on a bare director
    ("Trung tâm Y tế họp. Bà Hà Thị Lộc, Phó Giám đốc, báo cáo.", {"Hà Thị Lộc": ["Phó Giám đốc"]}),
    # called, without a post
    ("Đồng chí Khuất Thị Xuân biểu dương các đơn vị.", {"Khuất Thị Xuân": []}),
    ("Đại biểu Khuất Thị Xuân đề nghị làm rõ.", {"Khuất Thị Xuân": []}),
    # signatures: the person counts, the title does not
    ("Nơi nhận: như trên.\nKT. CHỦ TỊCH\nPHÓ CHỦ TỊCH\n\nKhuất Duy Xuân", {"Khuất Duy Xuân": []}),
    ("TM. ỦY BAN NHÂN DÂN\nCHỦ TỊCH\n(Đã ký)\nKhuất Duy Xuân", {"Khuất Duy Xuân": []}),
]


@pytest.mark.parametrize(("text", "expected"), CONSTRUCTIONS)
def test_links_names_and_posts(text: str, expected: Found) -> None:
    assert posts_by_name(text) == expected


NO_OFFICIALS = [
    "Xe đi theo đường Nguyễn Văn Cừ, phố Trần Hưng Đạo, Lý Thường Kiệt rồi qua cầu Trần Thị Lý.",
    "Trường THCS Lê Quý Đôn, phường Nguyễn Du tổ chức khai giảng.",
    "Quỹ học bổng Nguyễn Thái Bình và giải báo chí Ngô Tất Tố.",
    "Đoàn TNCS Hồ Chí Minh học tập phong cách Hồ Chí Minh tại TP Hồ Chí Minh.",
    "Chủ tịch Hồ Chí Minh căn dặn cán bộ, chiến sĩ.",
    "Kỷ niệm 110 năm ngày sinh đồng chí Trịnh Đình Thắng, Bí thư Tỉnh ủy đầu tiên.",
    "Đoàn viếng mộ liệt sĩ Trịnh Đình Thắng, nguyên Bí thư Huyện ủy.",
    "Nhớ cố Tổng Bí thư Trịnh Đình Thắng.",
    "Đồng chí Trần Phú là người cộng sản kiên trung.",
    "Bị cáo Trịnh Đình Thắng, nguyên Giám đốc Sở Y tế, khai nhận.",
    "Hòa thượng Thích Minh Tuệ, Phó Trưởng Ban Trị sự, chúc mừng.",
    "Ông Trịnh Đình Thắng, Giám đốc Công ty TNHH Bình Minh, trao quà.",
    "Bà Trịnh Thị Thắm, Chủ nhiệm HTX rau sạch, chia sẻ.",
    "Em Trịnh Gia Bảo, lớp trưởng lớp 9A, và cô Trịnh Thị Thắm, giáo viên Toán.",
    "Đồng chí Trịnh Đình Thắng, công nhân nhà máy, được tuyên dương.",
    "Cử tri Trịnh Đình Thắng, tổ 5, kiến nghị với đại biểu HĐND quận, bà Trịnh Thị Thắm tán thành.",
    "Ông Trịnh Đình Thắng, người dân tổ dân phố số 2, phấn khởi.",
    "Thượng úy Trịnh Đình Thắng - cán bộ Đội Quản lý hành chính, giới thiệu.",
    "Các đồng chí trong Ban Thường vụ Quận ủy, lãnh đạo UBND quận, Chánh Văn phòng Quận ủy cùng dự.",
    "Chủ tịch UBND huyện Ba Vì và Bí thư Huyện ủy Trần Văn Thời vắng mặt.",
    "Đồng chí Hương và Chủ tịch UBND quận cùng phát biểu.",
    "Trưởng Ban tổ chức giải Trịnh Đình Thắng trao cúp.",
    "Công ty cổ phần Bình Minh tài trợ; bà Trịnh Thị Thắm, Phó Giám đốc, trao quà.",
    "Bà Trịnh Thị Thắm làm Trưởng Ban tổ chức.",
    "Luật sư Trịnh Đình Thắng, Trưởng Văn phòng luật sư Hà Nội, tư vấn.",
    "Cô Trịnh Thị Thắm, chủ nhiệm lớp 5A, và ông Trịnh Đình Thắng, Chủ tịch Hội cha mẹ học sinh, dự.",
    "Tin, ảnh: Trịnh Đình Thắng",
    "Thạc sĩ Trịnh Thị Thắm, báo cáo viên, truyền đạt chuyên đề.",
    "",
]


@pytest.mark.parametrize("text", NO_OFFICIALS)
def test_leaves_others_out(text: str) -> None:
    assert find_officials(text) == ()


def test_an_official_may_share_a_streets_name() -> None:
    text = "Ông Trần Phú, Phó Chủ tịch UBND xã Đông Sơn, kiểm tra đường Trần Phú. Ông Trần Phú nhắc nhở."
    (official,) = find_officials(text)
    assert [mention.start for mention in official.mentions] == [4, text.rindex("Trần Phú")]


def test_a_list_ends_where_sentences_without_names_follow() -> None:
    text = (
        "Dự hội nghị có các đồng chí: Lý Văn Sáng - Chủ tịch Hội Nông dân xã; Mạc Xuân Độ - Trưởng Công an xã.\n"
        "Các chi bộ đã triển khai nội dung này từ đầu quý. Ông Đoàn Hữu Cường cho biết giá rau vẫn ổn định."
    )
    assert [official.name for official in find_officials(text)] == ["Lý Văn Sáng", "Mạc Xuân Độ"]
