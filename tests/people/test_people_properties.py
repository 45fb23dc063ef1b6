"""What holds for the persons of any articles: nobody lost, no order of lines, no id that moves, bounded time."""

import random
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from harvester.people import find_people
from harvester.portals.catalogue import Catalogue
from harvester.records import Person

Row = tuple[str, str, str]
People = Callable[..., list[Person]]
HUNG = "Nguyễn Văn Hùng"
PHUONG_A, PHUONG_B = "phường Bồ Đề", "phường Ngọc Thụy"


def numbers(found: Sequence[Person]) -> list[list[int]]:
    return sorted(sorted(int(article.id.partition("/")[2]) for article in person.articles) for person in found)


POSTS = [
    "", "Quận ủy viên|Quận ủy", "Chủ tịch|UBND|quận", "Phó Chủ tịch|UBND|quận", "nguyên Chủ tịch|UBND|quận",
    f"Chủ tịch|UBND|{PHUONG_A}", f"Trưởng Công an|Công an|{PHUONG_B}", "Bí thư|Đảng ủy|phường", "Giám đốc|Sở Nội vụ",
    "Phó Bí thư|Quận ủy; Chủ tịch|UBND|quận", "Trưởng phòng|phòng Nội vụ", "Chủ tịch", "Chủ tịch|UBND|huyện Gia Lâm",
    "Hiệu trưởng|trường THCS Ái Mộ", "Hiệu trưởng|trường Ái Mộ", "Trưởng CAQ|CAQ",
]  # fmt: skip


def drawn(seed: int, count: int) -> list[Row]:
    chance = random.Random(seed)
    days = [f"{chance.randint(2012, 2026)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}" for _ in range(count)]
    names = [HUNG, f"ông {HUNG}", f"bà {HUNG}", "Lê Thị Hoà", "Lê Thị Hòa"]
    return [(chance.choice([day, day, day, ""]), chance.choice(names), chance.choice(POSTS)) for day in days]


@pytest.mark.parametrize("seed", range(12))
def test_every_mention_is_in_exactly_one_person(seed: int, people: People) -> None:
    rows = drawn(seed, 60)
    found = people(rows)
    assert sorted(number for person in numbers(found) for number in person) == list(range(1, len(rows) + 1))
    assert len({person.id for person in found}) == len(found)
    assert {other for person in found for other in person.could_be} <= {person.id for person in found}


@pytest.mark.parametrize("seed", range(12))
def test_the_order_of_lines_makes_no_difference(seed: int, people: People, tmp_path: Path) -> None:
    found = people(drawn(seed, 60))
    path = tmp_path / "longbien" / "articles.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    random.Random(seed).shuffle(lines)
    path.write_bytes(b"".join(lines))
    assert list(find_people(["longbien"], tmp_path, Catalogue.load(), note=print, refuse=print)) == found


@pytest.mark.parametrize("seed", range(4))
def test_later_articles_move_no_id(seed: int, people: People) -> None:
    first = [("2018-01-05", HUNG, f"Chủ tịch|UBND|{PHUONG_A}"), ("2018-01-05", HUNG, f"Chủ tịch|UBND|{PHUONG_B}")]
    before = people(first)
    later = [row for row in drawn(seed, 40) if row[0] > "2018-03" and row[1] in (HUNG, "Lê Thị Hoà")]
    after = people([*first, *later])
    assert [home(person.articles[0].id, after) for person in before] == [person.id for person in before]


def home(article: str, found: Sequence[Person]) -> str:
    return next(person.id for person in found if any(each.id == article for each in person.articles))


def test_a_crowded_name_ends_in_time(people: People) -> None:
    rows = [("2018-01-05", HUNG, f"Chủ tịch|UBND|xã Vắng {number}") for number in range(200)]
    rows += [("2018-01-05", HUNG, "Chủ tịch|UBND|quận")] * 2000
    found = people(rows)
    assert len(found) == 201
    assert any(doubt.reason == "crowded" for person in found for doubt in person.unsure)
