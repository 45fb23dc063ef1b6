"""Which later words stand for an official named in full before, and which do not."""

import unicodedata
from itertools import pairwise

import pytest

from harvester.vietnamese.officials import find_officials

Found = dict[str, list[str]]

HUONG = "Dự có đồng chí Tô Thị Hương - Bí thư Huyện ủy."
HUNG = "Ông Cao Văn Hùng, Chủ tịch UBND quận Tây Hồ, chủ trì."
CITIZEN = "Ông Mai Văn Hùng, công nhân, vỗ tay."


def references(text: str) -> Found:
    """Return the words of each official's references, those without any left out."""
    found = find_officials(text)
    for official in found:
        for place in official.references:
            assert unicodedata.normalize("NFC", text[place.start : place.end]) == place.text
            assert place.start >= official.mentions[0].end
    return {one.name: [place.text for place in one.references] for one in found if one.references}


GIVEN_NAMES: list[tuple[str, Found]] = [
    # every honorific
    (f"{HUONG} Sau đó đồng chí Hương ra về.", {"Tô Thị Hương": ["đồng chí Hương"]}),
    (f"{HUONG} Đồng chí Hương ra về.", {"Tô Thị Hương": ["Đồng chí Hương"]}),
    (f"{HUONG} Theo đ/c Hương, việc đã xong.", {"Tô Thị Hương": ["đ/c Hương"]}),
    (f"{HUONG} Đ/c Hương ra về.", {"Tô Thị Hương": ["Đ/c Hương"]}),
    (f"{HUONG} Bà Hương ra về.", {"Tô Thị Hương": ["Bà Hương"]}),
    (f"{HUONG} Khi ấy chị Hương mới hai mươi.", {"Tô Thị Hương": ["chị Hương"]}),
    (f"{HUONG} Lớp cũ của cô Hương nay đã lớn.", {"Tô Thị Hương": ["cô Hương"]}),
    (f"{HUNG} Ông Hùng ra về.", {"Cao Văn Hùng": ["Ông Hùng"]}),
    ("Anh Cao Văn Hùng, Bí thư Đoàn xã, đến. Người dân quý anh Hùng.", {"Cao Văn Hùng": ["anh Hùng"]}),
    (f"{HUNG} Bác Hùng ra về.", {"Cao Văn Hùng": ["Bác Hùng"]}),
    ("Thượng tá Bế Văn Khôi, Trưởng Công an xã, đến. Thượng tá Khôi vui.", {"Bế Văn Khôi": ["Thượng tá Khôi"]}),
    # several, far away, in the middle of quotation marks and brackets
    (f"{HUONG} Đồng chí Hương đến. Bà Hương về.", {"Tô Thị Hương": ["Đồng chí Hương", "Bà Hương"]}),
    (f"{HUONG}\n\nTrời mưa to cả ngày.\n\nĐông người đợi đồng chí Hương.", {"Tô Thị Hương": ["đồng chí Hương"]}),
    (f"{HUONG} “Đồng chí Hương đâu?”, có người hỏi.", {"Tô Thị Hương": ["Đồng chí Hương"]}),
    (f"{HUONG} Mọi người (trừ đồng chí Hương) đều về.", {"Tô Thị Hương": ["đồng chí Hương"]}),
    (f"{HUONG} {HUNG} Ông Hùng gặp bà Hương.", {"Tô Thị Hương": ["bà Hương"], "Cao Văn Hùng": ["Ông Hùng"]}),
    (f"{HUONG} Đồng chí\nHương ra về.", {"Tô Thị Hương": ["Đồng chí\nHương"]}),
    (f"{HUONG} Đồng chí\u00a0Hương ra về.", {"Tô Thị Hương": ["Đồng chí\u00a0Hương"]}),
    (f"{HUONG} Đồng chí Tô Thị Hương nói, rồi đồng chí Hương về.", {"Tô Thị Hương": ["đồng chí Hương"]}),
    # two schools of tone marks
    ("Bà Lò Thị Thúy, Phó Bí thư Đảng ủy, đến. Bà Thuý vui.", {"Lò Thị Thúy": ["Bà Thuý"]}),
    ("Bà Lò Thị Hoà, Phó Bí thư Đảng ủy, đến. Bà Hòa vui.", {"Lò Thị Hoà": ["Bà Hòa"]}),
    ("Ông Lò Văn Quý, Phó Bí thư Đảng ủy, đến. Ông Quý vui.", {"Lò Văn Quý": ["Ông Quý"]}),
    # another person of that given name
    (f"{HUNG} {CITIZEN} Ông Hùng ra về.", {}),
    (f"{HUNG} {CITIZEN} Đồng chí Hùng ra về.", {}),
    (f"{HUNG} Ông Hùng về sớm. {CITIZEN}", {}),
    (f"{HUNG} Bà Mai Thị Hùng, nông dân, vỗ tay. Ông Hùng ra về.", {"Cao Văn Hùng": ["Ông Hùng"]}),
    (f"{HUNG} Bà Mai Thị Hùng, nông dân, vỗ tay. Bà Hùng ra về.", {}),
    (f"{HUNG} Bà Mai Thị Hùng, nông dân, vỗ tay. Đồng chí Hùng ra về.", {}),
    (f"{HUNG} Bà Mai Thị Hùng, Phó Trưởng thôn Hạ, đến. Bà Hùng vui.", {"Mai Thị Hùng": ["Bà Hùng"]}),
    (f"{HUNG} Dự có ông Ninh Duy Hùng, Phó Bí thư Huyện ủy. Ông Hùng ra về.", {}),
    # the honorific says it is somebody else
    (f"{HUONG} Ông Hương ra về.", {}),
    (f"{HUNG} Bà Hùng ra về.", {}),
    (f"{HUNG} Anh Hùng làm nghề hàn.", {}),
    (f"{HUNG} Anh Cao Văn Hùng đến. Anh Hùng ra về.", {"Cao Văn Hùng": ["Anh Hùng"]}),
    ("Anh Cao Văn Hùng, Bí thư Đoàn xã, đến. Ông Hùng vỗ tay.", {}),
    ("Bà Tô Thị Hương, Trưởng thôn Hạ, đến. Chị Hương bán xôi.", {}),
    (f"{HUNG} Bị cáo Mai Văn Hùng khai nhận. Ông Hùng ra về.", {}),
    (f"{HUONG} Em Hương, lớp 5A, hát.", {}),
    (f"{HUONG} Cụ Hương năm nay 90 tuổi.", {}),
    (f"{HUNG} Ông Hùng (62 tuổi) vỗ tay.", {}),
    (f"{HUNG} Ông Hùng, công nhân nhà máy, vỗ tay.", {}),
    (f"{HUNG} Ông Hùng, chủ quán nước, vỗ tay.", {}),
    (f"{HUNG} Ông Hùng (tổ 5) vỗ tay.", {}),
    (f"{HUNG} Ông Hùng, giọng trầm, đọc thơ.", {"Cao Văn Hùng": ["Ông Hùng"]}),
    (f"{HUNG} Đoàn đến gia đình ông Hùng ở xóm Bãi.", {}),
    (f"{HUNG} Hộ ông Hùng đã nhận tiền.", {}),
    # no honorific, a group, a longer or an unknown name, another word
    (f"{HUONG} Hương ra về.", {}),
    ("Dự có đồng chí Tô Hữu Khoa, Bí thư Huyện ủy.\n\nTin: Anh Khoa", {}),
    (f"{HUONG} Mùi Hương thơm.", {}),
    (f"{HUONG} Các đồng chí Hương, Lan ra về.", {}),
    (f"{HUONG} Hai đồng chí Hương và Lan ra về.", {}),
    (f"{HUONG} Đồng chí Hương Giang ra về.", {}),
    (f"{HUNG} Đền thờ ông Hùng Vương mở cửa.", {}),
    (f"{HUONG} Đồng chí Hươngg ra về.", {}),
    (f"{HUONG} Làng đồng chí hương ước mới.", {}),
    ("Ông Bế Anh Tú, Bí thư Huyện ủy, đến. Đường Hoàng Anh Tú mới mở.", {}),
    ("Ông Bế Văn Tú, Bí thư Huyện ủy, đến. Phố Hoàng Anh Tú mới mở.", {}),
    # before the full name, or of somebody who is no official
    ("Đồng chí Hương đến sớm. Dự có đồng chí Tô Thị Hương - Bí thư Huyện ủy.", {}),
    (f"{CITIZEN} Ông Hùng ra về.", {}),
    # two syllables
    (
        "Dự có bà Lê Thu Hương, Bí thư Huyện ủy. Đồng chí Thu Hương ra về.",
        {"Lê Thu Hương": ["Đồng chí Thu Hương"]},
    ),
    (
        "Dự có bà Lê Thu Hương, Bí thư Huyện ủy. Bà Thu Hương đến, bà Hương về.",
        {"Lê Thu Hương": ["Bà Thu Hương", "bà Hương"]},
    ),
    (
        "Dự có bà Lê Thu Hương, Bí thư Huyện ủy. Thầy Mai Hương, giáo viên, hát. Bà Thu Hương ra về.",
        {"Lê Thu Hương": ["Bà Thu Hương"]},
    ),
    ("Dự có bà Lê Thu Hương, Bí thư Huyện ủy và bà Tô Thu Hương, Phó Bí thư Huyện ủy. Bà Thu Hương ra về.", {}),
    # a minority's name
    ("Bà H’ Yim Niê, Phó Chủ tịch HĐND tỉnh, đến. Bà Niê vui.", {"H’ Yim Niê": ["Bà Niê"]}),
]

DISTRICT = "Dự có đồng chí Tô Thị Hương, Chủ tịch UBND quận Tây Hồ."
SECRETARY = "Đồng chí Cao Văn Hùng, Bí thư Huyện ủy, chủ trì."

POSTS: list[tuple[str, Found]] = [
    (
        f"{SECRETARY} Đồng chí Cao Văn Hùng, Phó Trưởng Ban, Bí thư Huyện ủy, về.",
        {},
    ),
    # with an honorific
    (f"{DISTRICT} Đồng chí Chủ tịch UBND quận về.", {"Tô Thị Hương": ["Đồng chí Chủ tịch UBND quận"]}),
    (f"{DISTRICT} Dân hỏi đ/c Chủ tịch UBND quận.", {"Tô Thị Hương": ["đ/c Chủ tịch UBND quận"]}),
    (f"{DISTRICT} Dân hỏi bà Chủ tịch UBND quận.", {"Tô Thị Hương": ["bà Chủ tịch UBND quận"]}),
    (f"{DISTRICT} Dân hỏi đồng chí chủ tịch UBND quận.", {"Tô Thị Hương": ["đồng chí chủ tịch UBND quận"]}),
    (f"{DISTRICT} Theo đồng chí Chủ tịch, việc đã xong.", {"Tô Thị Hương": ["đồng chí Chủ tịch"]}),
    (f"{SECRETARY} Dân tin đồng chí Bí thư Huyện ủy.", {"Cao Văn Hùng": ["đồng chí Bí thư Huyện ủy"]}),
    # alone, before a verb
    (f"{DISTRICT} Chủ tịch UBND quận nhấn mạnh ba việc.", {"Tô Thị Hương": ["Chủ tịch UBND quận"]}),
    (f"{SECRETARY} Bí thư Huyện ủy cũng đề nghị làm sớm.", {"Cao Văn Hùng": ["Bí thư Huyện ủy"]}),
    (f"{SECRETARY} Chiều qua, Bí thư Huyện ủy đã đến thăm xóm Bãi.", {"Cao Văn Hùng": ["Bí thư Huyện ủy"]}),
    (f"{SECRETARY}\n\nTrời mưa.\n\nBí thư Huyện ủy cho biết đê vẫn chắc.", {"Cao Văn Hùng": ["Bí thư Huyện ủy"]}),
    ("Bộ trưởng Bộ Y tế Tô Hữu Lan đến. Bộ trưởng nhấn mạnh ba việc.", {"Tô Hữu Lan": ["Bộ trưởng"]}),
    ("Phó Thủ tướng Chính phủ Tô Hữu Lan đến. Phó Thủ tướng yêu cầu làm sớm.", {"Tô Hữu Lan": ["Phó Thủ tướng"]}),
    (
        "Bà Tô Hữu Lan, Hiệu trưởng Trường Tiểu học Hạ, đến. Hiệu trưởng cho biết đã xong.",
        {"Tô Hữu Lan": ["Hiệu trưởng"]},
    ),
    (
        "Chủ tịch nước Tô Hữu Lan đến. Thừa ủy quyền Chủ tịch nước, đồng chí Bế Văn Tú trao huân chương.",
        {"Tô Hữu Lan": ["Chủ tịch nước"]},
    ),
    (
        "Chủ tịch nước Tô Hữu Lan đến. Thừa ủy quyền của Chủ tịch nước, đồng chí Bế Văn Tú trao huân chương.",
        {"Tô Hữu Lan": ["Chủ tịch nước"]},
    ),
    (f"{SECRETARY} Mọi người nghe phát biểu của Bí thư Huyện ủy.", {"Cao Văn Hùng": ["Bí thư Huyện ủy"]}),
    # abbreviations, places given or left out, the country in the Front's name
    (f"{DISTRICT} Chủ tịch Ủy ban nhân dân quận yêu cầu làm sớm.", {"Tô Thị Hương": ["Chủ tịch Ủy ban nhân dân quận"]}),
    (f"{DISTRICT} Chủ tịch UBND quận Tây Hồ yêu cầu.", {"Tô Thị Hương": ["Chủ tịch UBND quận Tây Hồ"]}),
    (
        "Ông Bế Văn Tú, PCT UBND phường, đến. Phó Chủ tịch UBND phường kết luận.",
        {"Bế Văn Tú": ["Phó Chủ tịch UBND phường"]},
    ),
    (
        "Ông Bế Văn Tú, Chủ tịch Ủy ban MTTQ Việt Nam huyện, đến. Chủ tịch Ủy ban MTTQ huyện nêu ý kiến.",
        {"Bế Văn Tú": ["Chủ tịch Ủy ban MTTQ huyện"]},
    ),
    (
        "Ông Bế Văn Tú, Trưởng Ban Tổ chức Quận ủy, đến. Trưởng Ban Tổ chức Quận ủy phát biểu.",
        {"Bế Văn Tú": ["Trưởng Ban Tổ chức Quận ủy"]},
    ),
    (
        "Ông Bế Văn Tú, Chủ tịch UBND TP Hà Nội, đến. Chủ tịch UBND thành phố yêu cầu.",
        {"Bế Văn Tú": ["Chủ tịch UBND thành phố"]},
    ),
    # one of several officials
    (f"{DISTRICT} {SECRETARY} Bí thư Huyện ủy yêu cầu.", {"Cao Văn Hùng": ["Bí thư Huyện ủy"]}),
    (
        "Ông Bế Văn Tú, Chủ tịch UBND quận; bà Lò Thị Mây, Chủ tịch HĐND quận đến. Đồng chí Chủ tịch HĐND quận về.",
        {"Lò Thị Mây": ["Đồng chí Chủ tịch HĐND quận"]},
    ),
    # two candidates
    ("Ông Bế Văn Tú, Chủ tịch UBND quận; bà Lò Thị Mây, Chủ tịch HĐND quận đến. Đồng chí Chủ tịch về.", {}),
    (
        "Dự có các Phó Chủ tịch UBND quận: Bế Văn Tú, Lò Thị Mây. Phó Chủ tịch UBND quận yêu cầu làm sớm.",
        {},
    ),
    # another level, another place, another post
    (f"{DISTRICT} Chủ tịch UBND thành phố yêu cầu làm sớm.", {}),
    (f"{DISTRICT} Chủ tịch UBND phường cho biết đã xong.", {}),
    (f"{DISTRICT} Chủ tịch UBND quận Ba Đình yêu cầu làm sớm.", {}),
    (f"{DISTRICT} Phó Chủ tịch UBND quận yêu cầu làm sớm.", {}),
    (f"{DISTRICT} Nguyên Chủ tịch UBND quận cho biết đã xong.", {}),
    (f"{SECRETARY} Bí thư Huyện đoàn yêu cầu làm sớm.", {}),
    (f"{SECRETARY} Bí thư Huyện ủy Sóc Sơn yêu cầu.", {}),
    ("Chủ tịch UBND quận Bế Văn Tú đến. Đồng chí Chủ tịch UBND quận Tây Hồ cũng phát biểu.", {}),
    ("Ông Bế Văn Tú, Chủ tịch UBND, đến. Chủ tịch UBND huyện yêu cầu.", {}),
    # a name follows: a mention
    (f"{SECRETARY} Bí thư Huyện ủy Cao Văn Hùng yêu cầu.", {}),
    (f"{SECRETARY} Bí thư Huyện ủy - đồng chí Cao Văn Hùng yêu cầu.", {}),
    (
        "Ông Bế Văn Tú, Phó Bí thư Huyện ủy, Chủ tịch UBND huyện, đến. Bí thư Huyện ủy, Chủ tịch HĐND huyện Tô Lan về.",
        {},
    ),
    # groups
    (f"{DISTRICT} Đồng chí yêu cầu các đồng chí Chủ tịch UBND quận, huyện làm sớm.", {}),
    (f"{DISTRICT} Các Chủ tịch UBND quận báo cáo.", {}),
    (f"{DISTRICT} Chủ tịch UBND quận, huyện, thị xã báo cáo.", {}),
    (f"{DISTRICT} Chủ tịch UBND các quận báo cáo.", {}),
    (f"{DISTRICT} Mỗi đồng chí Chủ tịch UBND quận là một tấm gương.", {}),
    # an office, an issuer, an addressee, a predicate
    (f"{DISTRICT} Quyết định của Chủ tịch UBND quận có hiệu lực.", {}),
    (f"{DISTRICT} Chủ tịch UBND quận có trách nhiệm thi hành.", {}),
    (f"{DISTRICT} Đề nghị Chủ tịch UBND quận báo cáo.", {}),
    (f"{DISTRICT} Chức danh Chủ tịch UBND quận còn khuyết.", {}),
    (f"{DISTRICT} Bà từng là Chủ tịch UBND quận.", {}),
    (f"{DISTRICT} Việc bầu Chủ tịch UBND quận báo cáo sau.", {}),
    # titles that anybody may hold stand alone for nobody
    ("Ông Bế Văn Tú, Giám đốc Sở Y tế, đến. Giám đốc cho biết đã xong.", {}),
    # before the first mention, or nobody holds it
    ("Bí thư Huyện ủy yêu cầu làm sớm. Đồng chí Cao Văn Hùng, Bí thư Huyện ủy, đến.", {}),
    ("Thừa ủy quyền Chủ tịch nước, đồng chí Bế Văn Tú trao huân chương.", {}),
    (f"{HUONG} Đồng chí Chánh Thanh tra huyện về.", {}),
]


@pytest.mark.parametrize(("text", "expected"), GIVEN_NAMES)
def test_an_honorific_and_a_given_name(text: str, expected: Found) -> None:
    assert references(text) == expected


@pytest.mark.parametrize(("text", "expected"), POSTS)
def test_a_post_without_a_name(text: str, expected: Found) -> None:
    assert references(text) == expected


@pytest.mark.parametrize(("text", "expected"), [*GIVEN_NAMES, *POSTS])
def test_decomposed_text_refers_to_the_same(text: str, expected: Found) -> None:
    assert references(unicodedata.normalize("NFD", text)) == expected


def test_a_short_name_is_no_second_official() -> None:
    text = "Dự có bà Lê Thu Hương, Bí thư Huyện ủy. Đồng chí Thu Hương ra về."
    assert [official.name for official in find_officials(text)] == ["Lê Thu Hương"]


def test_a_short_name_with_a_post_is_one() -> None:
    text = "Dự có bà Lê Thu Hương, Bí thư Huyện ủy. Bà Thu Hương, Chủ tịch Hội LHPN xã, ra về."
    assert [official.name for official in find_officials(text)] == ["Lê Thu Hương", "Thu Hương"]


def test_references_are_in_the_order_of_the_text_and_apart() -> None:
    text = f"{DISTRICT} " + "Bà Hương về. Chủ tịch UBND quận nhấn mạnh. Đồng chí Chủ tịch hỏi. " * 3
    (official,) = find_officials(text)
    spans = [(place.start, place.end) for place in official.references]
    assert len(spans) == 9
    assert all(end <= start for (_, end), (start, _) in pairwise(spans))


def test_mentions_are_no_references() -> None:
    (official,) = find_officials(f"{HUONG} Đồng chí Hương về. Bà Tô Thị Hương vui.")
    assert [place.text for place in official.references] == ["Đồng chí Hương"]
    assert len(official.mentions) == 2
