import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvester.parsers.captions import MAX_WORDS, is_scene_line, part_captions

SCENES = [
    "Toàn cảnh lễ ra quân",
    "TOÀN CẢNH LỄ RA QUÂN",
    "toàn cảnh",
    "Quang cảnh bến đình",
    "Ảnh: Các đội vào sân",
    "Ảnh minh họa",
    "Hình ảnh tại buổi lễ",
    "Đồng chí Lê Văn Tám - Bí thư Quận ủy phát biểu tại hội nghị",
    "Đ/c Trần Thị Lụa phát biểu",
    "Toa\N{COMBINING GRAVE ACCENT}n ca\N{COMBINING HOOK ABOVE}nh hội thi",
    "Toàn cảnh " + "xã " * (MAX_WORDS - 2),
]
OTHERS = [
    "",
    "Toàn cảnh lễ ra quân.",
    "Toàn cảnh lễ ra quân:",
    "Toàn cảnh lễ ra quân;",
    "Toàn cảnh lễ ra quân…",
    "Toàn cảnhsân vận động",
    "Toàn quận ra quân",
    "Quang cảnh" * 40,
    "Ảnhh",
    "Ảnh hưởng của bão đến vụ mùa.",
    "1. Toàn cảnh",
    "- Toàn cảnh lễ ra quân",
    "• Toàn cảnh lễ ra quân",
    "a) Toàn cảnh",
    "(Toàn cảnh lễ ra quân)",
    "Toàn cảnh " + "xã " * (MAX_WORDS - 1),
    "Đồng chí Lê Văn Tám dự lễ",
    "Đồng chí Lê Văn Tám phát biểu khai mạc.",
    "Phát biểu của đồng chí Lê Văn Tám",
    "Cùng dự có đồng chí Lê Văn Tám phát biểu",
    "x" * 1_000_000,
    "đồng chí " * 100_000,
]

PROSE, MORE, SCENE, SECOND = (
    "Hội thi có bảy đội.",
    "Giải nhất thuộc về tổ 9.",
    "Toàn cảnh hội thi",
    "Quang cảnh sân đình",
)
# paragraphs, and the places of the captions among them
BODIES: list[tuple[list[str], list[int]]] = [
    ([], []),
    ([SCENE], []),
    ([SCENE, PROSE], []),
    ([PROSE, SCENE], []),
    ([PROSE, SCENE, MORE], [1]),
    ([PROSE, SCENE, SECOND, MORE], []),
    ([PROSE, SCENE, MORE, SECOND, PROSE], [1, 3]),
    ([SCENE, SECOND, PROSE, MORE], []),
    ([SCENE, PROSE, SECOND, MORE], [2]),
    ([PROSE, MORE, PROSE], []),
    ([PROSE, SCENE, SECOND, SCENE, MORE], []),
]


@pytest.mark.parametrize("line", SCENES)
def test_scene_lines(line: str) -> None:
    assert is_scene_line(line) is True


@pytest.mark.parametrize("line", OTHERS, ids=lambda line: line[:40])
def test_other_lines(line: str) -> None:
    assert is_scene_line(line) is False


@pytest.mark.parametrize(("paragraphs", "places"), BODIES)
def test_captions_leave_the_body(paragraphs: list[str], places: list[int]) -> None:
    parted = part_captions(paragraphs)
    assert parted.captions == tuple(paragraphs[place] for place in places)
    assert parted.paragraphs == tuple(text for place, text in enumerate(paragraphs) if place not in places)


@given(st.lists(st.sampled_from([PROSE, SCENE, SECOND]) | st.text(max_size=30), max_size=12))
def test_nothing_is_lost(paragraphs: list[str]) -> None:
    parted = part_captions(paragraphs)
    assert sorted(parted.paragraphs + parted.captions) == sorted(paragraphs)
