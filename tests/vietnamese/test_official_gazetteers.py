"""The gazetteers of names, roles, organisations and honorifics: form, sources; names of laws are read whole."""

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from harvester.vietnamese.officials import find_officials
from harvester.vietnamese.text import comparison_key, nfc

GAZETTEERS = files("harvester.vietnamese.gazetteers")
DOCUMENT = Path(__file__).parents[2] / "docs" / "gazetteers.md"
SURNAMES, HISTORICAL = "surnames.txt", "name_historical.txt"
ROLES, ORGANISATIONS, HONORIFICS = "role_words.toml", "organisation_words.toml", "honorific_words.toml"
TABLES = [ROLES, ORGANISATIONS, HONORIFICS, "name_contexts.toml", "event_words.toml"]
ABBREVIATIONS = [(ROLES, "abbreviations"), (ROLES, "nouns"), (ORGANISATIONS, "abbreviations")]
READ_DIFFERENTLY = {"tuv"}
"""Tỉnh ủy viên or Thành ủy viên: the abbreviation has no one expansion."""

every_file = pytest.mark.parametrize("name", [SURNAMES, HISTORICAL, *TABLES])
every_table = pytest.mark.parametrize("name", TABLES)
every_list = pytest.mark.parametrize("name", [SURNAMES, HISTORICAL])


@cache
def read(name: str) -> str:
    return (GAZETTEERS / name).read_text(encoding="utf-8")


@cache
def table(name: str) -> dict[str, Any]:
    return tomllib.loads(read(name))


def entries(name: str) -> list[str]:
    return [line for line in read(name).splitlines() if line and not line.startswith("#")]


def lists(name: str) -> Iterator[tuple[str, list[str]]]:
    for section, below in table(name).items():
        if isinstance(below, list):
            yield section, below
        else:
            yield from ((f"{section}.{key}", words) for key, words in below.items() if isinstance(words, list))


def phrases(name: str) -> list[str]:
    """The words of all lists, and the keys that text is compared with; names of sections and of lists are neither."""
    sections = ((section, below) for section, below in table(name).items() if isinstance(below, dict))
    keys = [key for section, below in sections for key in below if section == "parents" or _is_entry(below[key])]
    return [*keys, *(word for _, words in lists(name) for word in words)]


def _is_entry(value: object) -> bool:
    return not isinstance(value, list)


def repeated(words: Iterable[str]) -> list[str]:
    return [word for word, count in Counter(words).items() if count > 1]


@every_file
def test_the_head_states_a_source(name: str) -> None:
    assert re.match(r"(?:# .*\n)*# Source: \S", read(name))


@every_table
def test_every_section_states_a_source(name: str) -> None:
    lines = read(name).splitlines()
    first_table = next((at for at, line in enumerate(lines) if line.startswith("[")), len(lines))
    sections = [
        at
        for at, line in enumerate(lines)
        if line.startswith("[") or (at < first_table and re.match(r"[a-z_]+ = \[", line))
    ]
    without = []
    for at in sections:
        above = at
        while lines[above - 1].startswith("#"):
            above -= 1
        if not any(line.startswith("# Source: ") for line in lines[above:at]):
            without.append(lines[at])
    assert (len(sections), without) == (len(table(name)), [])


def test_every_group_of_surnames_states_a_source() -> None:
    _, *groups = read(SURNAMES).split("\n\n")
    form = r"# [^\n]+\n# Source: \S[^\n]*\n(?:# [^\n]+\n)*[^#\n]+(?:\n[^#\n]+)*\n?"
    assert [group for group in groups if not re.fullmatch(form, group)] == []
    assert len(groups) > 1


@every_table
def test_no_list_repeats_a_word(name: str) -> None:
    assert [(path, repeated(words)) for path, words in lists(name) if repeated(words)] == []


@every_list
def test_no_name_is_repeated(name: str) -> None:
    assert repeated(map(comparison_key, entries(name))) == []


@every_table
def test_phrases_stand_in_comparison_form(name: str) -> None:
    assert [phrase for phrase in phrases(name) if phrase != comparison_key(phrase)] == []


@every_list
def test_names_are_composed_and_capitalised(name: str) -> None:
    names = entries(name)
    assert [entry for entry in names if entry != nfc(entry) or entry != entry.strip()] == []
    assert [entry for entry in names if any(part != part.capitalize() for part in entry.split(" "))] == []


@pytest.mark.parametrize(("name", "section"), ABBREVIATIONS)
def test_abbreviations_have_expansions(name: str, section: str) -> None:
    expansions: dict[str, str] = table(name)[section]
    assert {short for short, full in expansions.items() if not full} <= READ_DIFFERENTLY
    assert [full for full in expansions.values() if full != nfc(full)] == []


def test_every_surname_opens_a_name() -> None:
    unread = []
    for surname in entries(SURNAMES):
        name = f"{surname}Lan Niê" if surname.endswith("'") else f"{surname} Văn Hùng"
        found = find_officials(f"Tới dự, {name}, Bí thư Đảng ủy xã, phát biểu.")
        if [official.name for official in found] != [name]:
            unread.append(surname)
    assert unread == []


def test_words_left_out_are_not_listed() -> None:
    head = read(SURNAMES).split("\n\n")[0].replace("\n#", "")
    left_out = re.search(r"than names: ([^.]+)\.", head)
    assert left_out is not None
    assert set(left_out[1].split(", ")) & set(entries(SURNAMES)) == set()


# ------------------------------------------------------------------------------ read as laws have it

NAMES = [
    "Chau Rót", "Néang Sa Rây", "Zơ Râm Tưi", "Patâu Axá Quê", "Rchâm Duyn", "Kpuih H'Thơm", "Phàng A Dế", "Vy Thế Lâm",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_reads_a_name_after_a_post(name: str) -> None:
    assert [official.name for official in find_officials(f"Phó Bí thư Đảng ủy {name} cho biết tiến độ đạt.")] == [name]


FIELDS = {
    # Decree 37/2014/NĐ-CP, Articles 7 and 8
    "Trưởng phòng | phòng": [
        "Nội vụ", "Tư pháp", "Tài chính - Kế hoạch", "Tài nguyên và Môi trường", "Lao động - Thương binh và Xã hội",
        "Văn hóa và Thông tin", "Giáo dục và Đào tạo", "Y tế", "Kinh tế", "Kinh tế và Hạ tầng", "Quản lý đô thị",
        "Nông nghiệp và Phát triển nông thôn", "Dân tộc",
        # Decree 45/2025/NĐ-CP, Article 15; Decree 150/2025/NĐ-CP
        "Văn hóa, Khoa học và Thông tin", "Nông nghiệp và Môi trường", "Kinh tế, Hạ tầng và Đô thị",
        "Dân tộc và Tôn giáo", "Văn hóa - Xã hội",
    ],
    # Decree 45/2025/NĐ-CP, Articles 8 and 9, and departments before it
    "Giám đốc | Sở": [
        "Nội vụ", "Tư pháp", "Tài chính", "Công Thương", "Nông nghiệp và Môi trường", "Xây dựng",
        "Khoa học và Công nghệ", "Văn hóa, Thể thao và Du lịch", "Giáo dục và Đào tạo", "Y tế", "Ngoại vụ",
        "Dân tộc và Tôn giáo", "Du lịch", "Quy hoạch - Kiến trúc", "Kế hoạch và Đầu tư", "Giao thông vận tải",
        "Thông tin và Truyền thông", "Lao động - Thương binh và Xã hội",
    ],
    # the governments of 2016 and of 2025
    "Thứ trưởng | Bộ": [
        "Quốc phòng", "Công an", "Ngoại giao", "Nội vụ", "Tư pháp", "Tài chính", "Công Thương", "Xây dựng", "Y tế",
        "Nông nghiệp và Môi trường", "Văn hóa, Thể thao và Du lịch", "Khoa học và Công nghệ", "Giáo dục và Đào tạo",
        "Dân tộc và Tôn giáo", "Kế hoạch và Đầu tư", "Nông nghiệp và Phát triển nông thôn", "Giao thông vận tải",
        "Tài nguyên và Môi trường", "Thông tin và Truyền thông", "Lao động - Thương binh và Xã hội",
    ],
    "Tổng cục trưởng | Tổng cục": [
        "Thuế", "Hải quan", "Thống kê", "Quản lý đất đai", "Khí tượng thủy văn", "Giáo dục nghề nghiệp",
        "Tiêu chuẩn Đo lường Chất lượng", "Phòng, chống thiên tai", "Thi hành án dân sự",
    ],
    "Cục trưởng | Cục": [
        "Phòng bệnh", "Việc làm", "Người có công", "Quản lý Khám, chữa bệnh", "Trồng trọt và Bảo vệ thực vật",
        "Kinh tế hợp tác và Phát triển nông thôn", "Quản lý và Phát triển thị trường trong nước",
        "Quản lý và Xây dựng công trình thủy lợi", "Quản lý thi hành án dân sự",
    ],
    "Chủ nhiệm | Ủy ban": [
        "Pháp luật và Tư pháp", "Kinh tế và Tài chính", "Văn hóa và Xã hội", "Quốc phòng, An ninh và Đối ngoại",
        "Khoa học, Công nghệ và Môi trường", "Công tác đại biểu", "Dân nguyện và Giám sát",
    ],
    "Trưởng Ban | Ban": [
        "Chính sách, chiến lược Trung ương", "Bảo vệ, chăm sóc sức khỏe cán bộ Tỉnh ủy",
        "Tuyên giáo và Dân vận Tỉnh ủy",
    ],
}  # fmt: skip


@pytest.mark.parametrize("post", FIELDS)
def test_reads_a_body_whole(post: str) -> None:
    role, head = post.split(" | ")
    shared = role.lower().endswith(f" {head.lower()}")
    read_as = {}
    for field in FIELDS[post]:
        body = field if shared else f"{head} {field}"
        found = find_officials(f"Ông Lê Văn Nam, {role} {body} phát biểu tại hội nghị.")
        read_as[f"{head} {field}"] = [(p.role, p.organisation) for official in found for p in official.positions]
    assert read_as == {body: [(role, body)] for body in read_as}


POSTS = [
    # Law on Officers, Article 11; Law on Militia, Article 20
    ("Chính trị viên phó Ban Chỉ huy Quân sự xã Hòa An", "Chính trị viên phó | Ban Chỉ huy Quân sự | xã Hòa An"),
    ("Chính trị viên Đại đội 3", "Chính trị viên | Đại đội 3 | None"),
    ("Trung đội trưởng Trung đội 2", "Trung đội trưởng | Trung đội 2 | None"),
    ("Tham mưu phó Sư đoàn 325", "Tham mưu phó | Sư đoàn 325 | None"),
    ("Hải đội trưởng Hải đội 2", "Hải đội trưởng | Hải đội 2 | None"),
    ("Tổng Tham mưu trưởng Quân đội nhân dân Việt Nam", "Tổng Tham mưu trưởng | Quân đội nhân dân Việt Nam | None"),
    # Law 81/2025/QH15, Resolution 85/2025/UBTVQH15; before them, the superior courts
    ("Chánh án Tòa án nhân dân khu vực 2 - Lào Cai", "Chánh án | Tòa án nhân dân khu vực 2 - Lào Cai | None"),
    ("Chánh tòa Tòa Phúc thẩm Tòa án nhân dân tối cao", "Chánh tòa | Tòa Phúc thẩm Tòa án nhân dân tối cao | None"),
    ("Phó Viện trưởng Viện kiểm sát nhân dân cấp cao", "Phó Viện trưởng | Viện kiểm sát nhân dân cấp cao | None"),
    # offices in line since 2025
    ("Trưởng Thuế cơ sở 3 tỉnh Lào Cai", "Trưởng Thuế | Thuế cơ sở 3 | tỉnh Lào Cai"),
    ("Trưởng Thống kê cơ sở Hòa An", "Trưởng Thống kê | Thống kê cơ sở Hòa An | None"),
    ("Phó Trưởng Hải quan khu vực VII", "Phó Trưởng Hải quan | Hải quan khu vực VII | None"),
    ("Kiểm toán trưởng Kiểm toán nhà nước khu vực VII", "Kiểm toán trưởng | Kiểm toán nhà nước khu vực VII | None"),
    ("Giám đốc KBNN khu vực VIII", "Giám đốc | KBNN khu vực VIII | None"),
]


@pytest.mark.parametrize(("post", "position"), POSTS)
def test_reads_a_post_whole(post: str, position: str) -> None:
    (official,) = find_officials(f"Ông Lê Văn Nam, {post}, phát biểu tại hội nghị.")
    assert [f"{p.role} | {p.organisation} | {p.place}" for p in official.positions] == [position]


def test_staff_without_a_leading_post_are_no_officials() -> None:
    assert find_officials("Bà Lê Thị Nam, Kiểm sát viên Viện kiểm sát nhân dân tỉnh, đọc cáo trạng.") == ()


HONOURED = [
    ("Binh nhất", "binh nhất"), ("Phó Đô đốc", "phó đô đốc"), ("Nhà giáo ưu tú", "nhà giáo ưu tú"),
    ("Thầy thuốc Nhân dân", "thầy thuốc nhân dân"), ("Nghệ sỹ ưu tú", "nghệ sĩ ưu tú"), ("NNƯT", "nnưt"),
    ("Nghệ nhân nhân dân", "nghệ nhân nhân dân"), ("Dược sỹ", "dược sĩ"),
    ("Bác sĩ chuyên khoa 2", "bác sĩ chuyên khoa ii"),
]  # fmt: skip


@pytest.mark.parametrize(("honour", "honorific"), HONOURED)
def test_reads_ranks_and_honorary_titles(honour: str, honorific: str) -> None:
    (official,) = find_officials(f"{honour} Lê Văn Nam, Chủ tịch Hội Khuyến học tỉnh, phát biểu.")
    assert official.honorifics == (honorific,)


def test_a_rank_ends_no_name_that_holds_its_syllables() -> None:
    (official,) = find_officials("Ông Nguyễn Trung Sỹ, Chủ tịch Hội Khuyến học tỉnh, phát biểu.")
    assert official.name == "Nguyễn Trung Sỹ"


# --------------------------------------------------------------------------------------- the document


def size(name: str) -> int:
    """Rows of a table, its head not counted; names of a list; phrases of a TOML file."""
    return len(phrases(name)) if name.endswith(".toml") else len(entries(name)) - name.endswith(".tsv")


def test_the_document_has_every_gazetteer_and_its_size() -> None:
    rows = re.findall(
        r"^\| `([a-z_]+\.[a-z]+)` \|[^|]+\| ([\d,]+) \|", DOCUMENT.read_text(encoding="utf-8"), re.MULTILINE
    )
    stored = [item.name for item in GAZETTEERS.iterdir() if item.name.endswith((".tsv", ".toml", ".txt"))]
    assert sorted(rows) == sorted((name, f"{size(name):,}") for name in stored)
