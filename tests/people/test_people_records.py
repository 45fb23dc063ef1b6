from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any, get_args

import pytest

from harvester.errors import OutputError, UnknownPortal, UsageError
from harvester.people import find_people
from harvester.portals.catalogue import Catalogue
from harvester.records import DoubtReason, Person

Row = tuple[str, str, str]
People = Callable[..., list[Person]]
HUNG = "Nguyễn Văn Hùng"
PHUONG_A, PHUONG_B = "phường Bồ Đề", "phường Ngọc Thụy"

CAREER: list[Row] = [
    ("2015-03-01", f"ông {HUNG}", "PCT|UBND|quận Long Biên"),
    ("2016-03-01", f"đồng chí {HUNG}", "Phó Chủ tịch|UBND|quận; Quận ủy viên|Quận ủy"),
    ("2016-04-01", f"đồng chí {HUNG}", "Phó Chủ tịch|Uỷ ban nhân dân|quận"),
    ("2018-03-01", f"đồng chí {HUNG}", "Phó Bí thư|Quận ủy; Quyền Chủ tịch|UBND|quận"),
    ("2019-03-01", f"đồng chí {HUNG}", ""),
    ("", HUNG, "nguyên Phó Chủ tịch|UBND|quận"),
]


def test_posts_have_days_wordings_and_what_passed(people: People) -> None:
    (person,) = people(CAREER)
    unit = "ha-noi/long-bien"
    assert [
        (held.wordings, held.unit, held.former, held.first_seen, held.last_seen, held.articles, held.sure)
        for held in person.posts
    ] == [
        (
            ("Phó Chủ tịch Uỷ ban nhân dân quận", "PCT UBND quận Long Biên", "Phó Chủ tịch UBND quận"),
            unit, False, date(2015, 3, 1), date(2016, 4, 1), 3, True,
        ),
        (("Quận ủy viên",), unit, False, date(2016, 3, 1), date(2016, 3, 1), 1, True),
        (("Phó Bí thư Quận ủy",), unit, False, date(2018, 3, 1), date(2018, 3, 1), 1, True),
        (("Quyền Chủ tịch UBND quận",), unit, False, date(2018, 3, 1), date(2018, 3, 1), 1, True),
        (("nguyên Phó Chủ tịch UBND quận",), unit, True, None, None, 1, True),
    ]  # fmt: skip
    first = person.posts[0]
    assert (first.role, first.organisation, first.place, first.expanded) == (
        "Phó Chủ tịch", "Uỷ ban nhân dân", "quận", None,
    )  # fmt: skip


def test_a_person_has_name_honorifics_and_articles(people: People) -> None:
    (person,) = people(CAREER)
    assert (person.name, person.key, person.honorifics) == (HUNG, "nguyễn văn hùng", ("đồng chí", "ông"))
    assert person.portals == ("longbien",)
    assert [(each.id, each.posted_at and each.posted_at.isoformat(), each.sure) for each in person.articles] == [
        ("longbien/0001", "2015-03-01T00:00:00+07:00", True),
        ("longbien/0002", "2016-03-01T00:00:00+07:00", True),
        ("longbien/0003", "2016-04-01T00:00:00+07:00", True),
        ("longbien/0004", "2018-03-01T00:00:00+07:00", True),
        ("longbien/0005", "2019-03-01T00:00:00+07:00", False),
        ("longbien/0006", None, True),
    ]
    assert (person.unsure, person.could_be) == ((), ())


def test_a_post_without_a_place_is_the_placed_one(people: People) -> None:
    (person,) = people(
        [("2018-01-05", HUNG, f"Chủ tịch|UBND|{PHUONG_A}"), ("2018-02-05", HUNG, "Chủ tịch|UBND|phường")]
    )
    assert [(held.wordings, held.articles) for held in person.posts] == [
        ((f"Chủ tịch UBND {PHUONG_A}", "Chủ tịch UBND phường"), 2)
    ]
    assert [each.sure for each in person.articles] == [True, False]


@pytest.mark.parametrize(("before", "after"), [(1, 3), (3, 1), (2, 2)])
def test_the_smaller_part_of_a_career_is_not_sure(before: int, after: int, people: People) -> None:
    rows = [(f"2014-0{day}-05", HUNG, f"Chủ tịch|UBND|{PHUONG_A}") for day in range(1, before + 1)]
    rows += [(f"2018-0{day}-05", HUNG, f"Chủ tịch|UBND|{PHUONG_B}") for day in range(1, after + 1)]
    (person,) = people(rows)
    assert [each.sure for each in person.articles] == [before >= after] * before + [before < after] * after
    assert [held.sure for held in person.posts] == [before >= after, before < after]


DOUBTS: dict[str, tuple[list[Row], list[list[tuple[str, str]]]]] = {
    "no post at all": ([("2018-01-05", HUNG, "")], [[("name_only", "no article states a post")]]),
    "a post nobody can place": (
        [("2018-01-05", HUNG, "Chủ tịch|UBND|phường")],
        [[("unplaced", "no article states a post that tells the person from namesakes")]],
    ),
    "a name that fits two": (
        [
            ("2018-01-05", HUNG, f"Chủ tịch|UBND|{PHUONG_A}"),
            ("2018-01-05", HUNG, f"Chủ tịch|UBND|{PHUONG_B}"),
            ("2018-01-06", HUNG, ""),
        ],
        [
            [],
            [],
            [
                ("name_only", "no article states a post"),
                ("namesake", "others of this name may be the same person; could_be lists them"),
            ],
        ],
    ),
    "two districts, one after the other": (
        [("2014-01-05", HUNG, "Chủ tịch|UBND|quận Ba Đình"), ("2018-01-05", HUNG, "Chủ tịch|UBND|quận")],
        [[("namesake", "others of this name may be the same person; could_be lists them")]] * 2,
    ),
    "a career": (
        [
            ("2015-01-05", HUNG, f"Chủ tịch|UBND|{PHUONG_A}"),
            ("2018-01-05", HUNG, "Trưởng phòng|phòng Nội vụ|quận"),
        ],
        [
            [
                (
                    "career",
                    f"“Chủ tịch UBND {PHUONG_A}” and “Trưởng phòng Nội vụ quận” are taken for one career: "
                    "no article states both",
                )
            ]
        ],
    ),
    "years without an article": (
        [("2012-01-05", HUNG, "Chủ tịch|UBND|quận"), ("2019-01-05", HUNG, "Chủ tịch|UBND|quận")],
        [[("gap", "no article names the person between 2012-01-05 and 2019-01-05")]],
    ),
    "two wards in one article": (
        [("2018-01-05", HUNG, f"Chủ tịch|UBND|{PHUONG_A}; Bí thư|Đảng ủy|{PHUONG_B}")],
        [
            [
                (
                    "clash",
                    f"“Bí thư Đảng ủy {PHUONG_B}” and “Chủ tịch UBND {PHUONG_A}” are seldom held at once: "
                    "a move, or two persons",
                )
            ]
        ],
    ),
    "chairman and deputy": (
        [
            ("2018-01-05", HUNG, "Chủ tịch|UBND|quận"),
            ("2018-03-05", HUNG, "Phó Chủ tịch|UBND|quận"),
            ("2018-06-05", HUNG, "Chủ tịch|UBND|quận"),
        ],
        [
            [
                (
                    "head_and_deputy",
                    "“Chủ tịch UBND quận” and “Phó Chủ tịch UBND quận” are stated at the same time",
                )
            ]
        ],
    ),
    "a man and a woman": (
        [("2018-01-05", f"ông {HUNG}", "Chủ tịch|UBND|quận"), ("2018-02-05", f"bà {HUNG}", "Chủ tịch|UBND|quận")],
        [[("gender", "addressed as a man and as a woman")]],
    ),
    "two chairmen": (
        [("2018-01-05", HUNG, "Chủ tịch|UBND|quận"), ("2018-01-06", "Lê Văn Hoà", "Chủ tịch|UBND|quận")],
        [
            [("shared_seat", f"{HUNG} is stated as “Chủ tịch UBND quận” at the same time")],
            [("shared_seat", "Lê Văn Hoà is stated as “Chủ tịch UBND quận” at the same time")],
        ],
    ),
}


@pytest.mark.parametrize("case", DOUBTS)
def test_what_is_not_sure_is_said(case: str, people: People) -> None:
    rows, expected = DOUBTS[case]
    found = sorted(people(rows), key=lambda person: (person.key, person.articles[0].id))
    assert [[(doubt.reason, doubt.text) for doubt in person.unsure] for person in found] == expected


def test_every_doubt_is_tried() -> None:
    tried = {reason for _, expected in DOUBTS.values() for person in expected for reason, _ in person}
    assert tried | {"crowded"} == set(get_args(DoubtReason))


def test_undecided_mentions_name_the_persons_they_could_be(people: People) -> None:
    rows, _ = DOUBTS["a name that fits two"]
    first, second, third = sorted(people(rows), key=lambda person: person.articles[0].id)
    assert [person.could_be for person in (first, second, third)] == [
        (third.id,), (third.id,), tuple(sorted((first.id, second.id))),
    ]  # fmt: skip


def test_a_name_misspelt_in_one_post_could_be_the_same(people: People) -> None:
    rows = [("2018-01-05", "Lê Văn Hưng", "Chủ tịch|UBND|quận"), ("2018-01-06", "Lê Văn Hùng", "Chủ tịch|UBND|quận")]
    one, other = people(rows)
    assert (one.could_be, other.could_be) == ((other.id,), (one.id,))
    one, other = people(DOUBTS["two chairmen"][0])
    assert (one.could_be, other.could_be) == ((), ())


def test_the_first_keeps_the_plain_id(people: People) -> None:
    rows = [("2018-01-05", HUNG, f"Chủ tịch|UBND|{PHUONG_A}")]
    (alone,) = people(rows)
    assert alone.id == "longbien/nguyen-van-hung-3d434f"
    both = people([*rows, ("2018-01-06", HUNG, f"Chủ tịch|UBND|{PHUONG_B}")])
    assert [person.id == alone.id or person.id.startswith(f"{alone.id}-") for person in both] == [True, True]
    assert next(person for person in both if person.id == alone.id).articles == alone.articles


def test_the_last_line_of_an_article_counts(people: People, tmp_path: Path) -> None:
    people([("2018-01-05", HUNG, "Chủ tịch|UBND|quận")])
    path = tmp_path / "longbien" / "articles.jsonl"
    line = path.read_bytes()
    path.write_bytes(line + line.replace(HUNG.encode(), "Lê Văn Hoà".encode()).replace("hùng".encode(), b"x"))
    assert [person.name for person in read(tmp_path)] == ["Lê Văn Hoà"]


UNREADABLE: list[tuple[bytes, str]] = [
    (b"{}\n", "no article line: id: Field required; left out"),
    (b"{\n", "no article line: Invalid JSON: EOF while parsing an object; left out"),
    (b"\xff\xfe\n", "no article line: Invalid JSON"),
    (b'{"id": "longbien/9", "posted_at": "soon", "officials": []}\n', "no article line: posted_at: "),
    (
        b'{"id": "longbien/9", "posted_at": "9999-12-31T23:59:59Z", "officials": []}\n',
        "no article line: posted_at: Value error, in Vietnam's time it lies outside the years 1 to 9999; left out",
    ),
    (
        b'{"id": "longbien/9", "posted_at": "0001-01-01T00:00:00+14:00", "officials": []}\n',
        "no article line: posted_at: ",
    ),
    (b'{"id": "longbien/9", "posted_at": null, "officials": [{"name": 3}]}\n', "no article line: officials.0.name: "),
    (b"\n", ""),
    (b'{"id": "longbien/9", "posted_at": null, "offi', ""),
]


@pytest.mark.parametrize(("line", "reason"), UNREADABLE)
def test_lines_that_hold_no_article_are_told_and_left_out(
    line: bytes, reason: str, people: People, tmp_path: Path
) -> None:
    found = people([("2018-01-05", HUNG, "Chủ tịch|UBND|quận")])
    path = tmp_path / "longbien" / "articles.jsonl"
    path.write_bytes(path.read_bytes() + line)
    told: list[str] = []
    assert read(tmp_path, refuse=told.append) == found
    assert [each.startswith(f"{path}, line 2: {reason}") for each in told] == [True] * bool(reason)


def read(output: Path, portals: Sequence[str] = ("longbien",), **told: Any) -> list[Person]:
    return list(find_people(portals, output, Catalogue.load(), **{"note": print, "refuse": print} | told))


def test_a_portal_outside_the_catalogue_is_placed_by_its_posts(people: People, tmp_path: Path) -> None:
    rows: list[Row] = [("2018-01-05", HUNG, "Chủ tịch|UBND|quận")]
    rows += [("2018-01-05", "Lê Văn Hoà", "Bí thư|Quận ủy|Long Biên; Chủ tịch|HĐND|quận Long Biên")] * 3
    people(thu=rows)
    notes: list[str] = []
    found = read(tmp_path, ["thu"], note=notes.append)
    assert notes == [
        "portal thu is not in the catalogue (--catalogue FILE adds it); "
        "taken for ha-noi/long-bien, which its posts name most"
    ]
    assert {held.unit for person in found for held in person.posts} == {"ha-noi/long-bien"}


def test_a_portal_of_a_ward_since_july_2025(people: People, tmp_path: Path) -> None:
    people(
        thu=[
            ("2025-08-05", HUNG, "Chủ tịch|UBND|phường Bồ Đề; Bí thư|Đảng ủy|phường Bồ Đề"),
            ("2025-09-05", HUNG, "Chủ tịch|HĐND|phường Bồ Đề, Hà Nội; Chủ tịch|UBND|phường"),
            ("", "Lê Văn Hoà", "Trưởng phòng|phòng Kinh tế"),
        ]
    )
    notes: list[str] = []
    found = read(tmp_path, ["thu"], note=notes.append)
    assert notes == [
        "portal thu is not in the catalogue (--catalogue FILE adds it); "
        "taken for ha-noi/phuong-bo-de, which its posts name most"
    ]
    assert {held.unit for person in found for held in person.posts} == {"ha-noi/phuong-bo-de"}


def test_a_portal_nobody_can_place(people: People, tmp_path: Path) -> None:
    people(thu=[("2018-01-05", HUNG, "Chủ tịch|UBND|quận")])
    notes: list[str] = []
    (person,) = read(tmp_path, ["thu"], note=notes.append)
    assert notes == [
        "portal thu is not in the catalogue (--catalogue FILE adds it); its own posts (“UBND quận”) have no place"
    ]
    assert [held.unit for held in person.posts] == [None]


@pytest.mark.parametrize(
    ("portal", "error", "words"),
    [
        ("longbein", UnknownPortal, 'no portal "longbein" (did you mean longbien?'),
        ("../longbien", UnknownPortal, "no portal "),
        ("longbien", UsageError, "`harvester crawl longbien --output "),
    ],
)
def test_what_was_not_harvested_is_an_error(portal: str, error: type[Exception], words: str, tmp_path: Path) -> None:
    with pytest.raises(error) as raised:
        read(tmp_path, [portal])
    assert words in str(raised.value)


def test_a_folder_in_the_place_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "longbien" / "articles.jsonl").mkdir(parents=True)
    with pytest.raises(OutputError, match=r"cannot read .*articles\.jsonl: Is a directory"):
        read(tmp_path)


def test_a_file_in_the_place_of_the_folder(tmp_path: Path) -> None:
    file = tmp_path / "articles.jsonl"
    file.touch()
    with pytest.raises(UsageError, match=r"articles\.jsonl is no folder"):
        read(file)


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    path = tmp_path / "longbien" / "articles.jsonl"
    path.parent.mkdir()
    path.symlink_to("/proc/self/mem")
    with pytest.raises(OutputError, match="cannot read"):
        read(tmp_path)
