"""Names as they are written: forms, offsets, honorifics; and texts that say one thing over and over."""

import unicodedata

import pytest

from harvester.vietnamese.officials import find_officials
from harvester.vietnamese.text import comparison_key

NAMES = [
    ("đồng chí ĐỖ THỊ THANH TÂM - Bí thư Đảng ủy", "Đỗ Thị Thanh Tâm"),
    ("Đồng chí Đỗ thị Tâm, Bí thư Đảng ủy", "Đỗ thị Tâm"),
    ("Đồng chí Đỗ\u00a0Thanh  Tâm, Bí thư Đảng ủy", "Đỗ Thanh Tâm"),
    ("Đồng chí Đỗ\nThanh Tâm, Bí thư Đảng ủy", "Đỗ Thanh Tâm"),
    ("Bí thư Đảng ủy Đỗ Tâm dự", "Đỗ Tâm"),
    ("Bà Tôn Nữ Thị Ninh Hà, Bí thư Đảng ủy", "Tôn Nữ Thị Ninh Hà"),
    ("Ông Thào A Sú, Trưởng bản Nà Phìn", "Thào A Sú"),
    ("Ông Y Thanh Mlô, Bí thư Đảng ủy", "Y Thanh Mlô"),
    ("bà H’ Lan Kđoh, Chủ tịch UBND xã", "H’ Lan Kđoh"),
    ("bà H'BLIN NIÊ, Chủ tịch UBND xã", "H'Blin Niê"),
    ("ông K’ Brểu, Phó Chủ tịch UBND xã", "K’ Brểu"),
    ("ông Jean Dupont, Đại sứ Cộng hòa Pháp tại Việt Nam", "Jean Dupont"),
    ("BÍ THƯ HUYỆN ỦY LÊ VĂN CHƯƠNG THĂM, TẶNG QUÀ", "Lê Văn Chương"),
    ("Trưởng bản Lò Văn Ón nói", "Lò Văn Ón"),
    ("NGUYỄN VĂN AN - BÍ THƯ HUYỆN ỦY, CHỦ TỊCH HĐND HUYỆN", "Nguyễn Văn An"),
    ("Đồng chí Mạc Đình Đại biểu dương các tập thể", "Mạc Đình Đại"),
    ("Đồng chí Mạc Đình Đại - Bí thư Đảng ủy", "Mạc Đình Đại"),
    ("Đồng chí Mạc Đình Đại biểu HĐND huyện", "Mạc Đình"),
    ("Đồng chí Đoàn Minh Châu, Bí thư Đảng ủy", "Đoàn Minh Châu"),
]


def key_of(name: str) -> str:
    """Return the comparison form of a name; H’ Lan and H’Lan are one."""
    return comparison_key(name).replace("' ", "'")


@pytest.mark.parametrize(("text", "name"), NAMES)
def test_writes_the_name(text: str, name: str) -> None:
    (official,) = find_officials(text)
    assert (official.name, official.key) == (name, key_of(name))


HONORIFICS = [
    ("đ/c Mạc Văn Dũng - Bí thư Đảng ủy", ("đồng chí",)),
    ("Đồng chí Thượng tá, ThS Mạc Văn Dũng, Trưởng Công an quận", ("đồng chí", "thượng tá", "ths")),
    ("PGS. TS. Mạc Văn Dũng, Viện trưởng Viện Dân tộc học", ("pgs", "ts")),
    ("Ông Mạc Văn Dũng, Bí thư Đảng ủy. Đồng chí Mạc Văn Dũng nói.", ("ông", "đồng chí")),
    ("Bí thư Đảng ủy Mạc Văn Dũng", ()),
]


@pytest.mark.parametrize(("text", "expected"), HONORIFICS)
def test_collects_honorifics(text: str, expected: tuple[str, ...]) -> None:
    (official,) = find_officials(text)
    assert official.honorifics == expected


def test_a_list_lends_its_honorific_to_every_member() -> None:
    officials = find_officials("Dự có các đồng chí: Mạc Văn Dũng, Ông Thị Mai và Đại tá Phí Hùng.")
    assert [official.honorifics for official in officials] == [("đồng chí",), ("đồng chí",), ("đồng chí", "đại tá")]


def test_finds_every_mention_of_the_full_name_in_order() -> None:
    text = "Ông Phí Hùng, Bí thư Đảng ủy, và bà Ông Thị Mai, Chủ tịch UBND xã. Bà Ông Thị Mai cảm ơn PHÍ HÙNG."
    officials = find_officials(text)
    found = [(o.name, [text[m.start : m.end] for m in o.mentions]) for o in officials]
    assert found == [("Phí Hùng", ["Phí Hùng", "PHÍ HÙNG"]), ("Ông Thị Mai", ["Ông Thị Mai", "Ông Thị Mai"])]


@pytest.mark.parametrize("text", [text for text, _ in NAMES])
def test_offsets_are_those_of_the_text_as_given(text: str) -> None:
    decomposed = unicodedata.normalize("NFD", text)
    (composed_official,), (official,) = find_officials(text), find_officials(decomposed)
    (mention,) = official.mentions
    assert key_of(decomposed[mention.start : mention.end]) == official.key == composed_official.key
    assert official.positions == composed_official.positions


MONOTONOUS = {
    "surnames": "Nguyễn " * 20_000,
    "honorifics": "đồng chí, " * 20_000,
    "posts": "Chủ tịch UBND quận, " * 10_000,
    "names": "Nguyễn Văn An, " * 10_000,
    "called": "ông Lê Văn An, " * 10_000,
    "titles": "làm Chủ tịch UBND quận, " * 10_000,
    "heads": "các Phó Chủ tịch: Lê, " * 10_000,
    "sentences": "Nguyễn Văn. " * 20_000,
    "one word": "A" * 200_000,
    "lines": "\n" * 100_000,
    "spaces": "Lê" + " " * 100_000,
}


@pytest.mark.parametrize("text", MONOTONOUS.values(), ids=MONOTONOUS.keys())
def test_long_monotonous_texts_are_read(text: str) -> None:
    assert find_officials(text) == ()


def test_a_person_with_endless_posts_is_read() -> None:
    (official,) = find_officials("Ông Lê Văn An, " + ", ".join(f"Phó Chủ tịch UBND phường {n}" for n in range(5_000)))
    assert official.name == "Lê Văn An"
