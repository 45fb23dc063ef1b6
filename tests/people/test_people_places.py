from datetime import date

import pytest

from harvester.people.places import (
    Home,
    Path,
    district_of,
    era,
    former_place,
    is_one_place,
    last_day,
    level_of,
    path_of,
    place_of,
)
from harvester.people.seats import Near, Seat, nearness, post_of
from harvester.records import Position
from harvester.vietnamese.places import Unit, unit_named

LONG_BIEN = unit_named("Quận Long Biên", "Thành phố Hà Nội")
REFORM = date(2025, 7, 1)
BEFORE, SINCE = Home("longbien", LONG_BIEN), Home("longbien", LONG_BIEN, REFORM)
HA_NOI, QUAN = ("vn", "ha-noi"), ("vn", "ha-noi", "long-bien")
BO_DE, NEW_BO_DE, NEW_LONG_BIEN = (*QUAN, "bo-de"), (*HA_NOI, "", "phuong-bo-de"), (*HA_NOI, "", "phuong-long-bien")


@pytest.mark.parametrize(
    ("day", "unit", "expected"),
    [
        (date(2025, 6, 30), LONG_BIEN, None),
        (date(2025, 7, 1), LONG_BIEN, REFORM),
        (date(2030, 1, 1), None, REFORM),
        (None, LONG_BIEN, None),
        (None, None, None),
        (None, Unit("ha-noi", None, "phuong-bo-de"), REFORM),
        (date(2024, 1, 1), Unit("ha-noi", None, "phuong-bo-de"), None),
    ],
)
def test_the_time_of_an_article(day: date | None, unit: Unit | None, expected: date | None) -> None:
    assert era(day, unit) == expected


@pytest.mark.parametrize(
    ("words", "before", "since"),
    [
        ("phường Bồ Đề", BO_DE, NEW_BO_DE),
        ("phường Long Biên", (*QUAN, "long-bien"), NEW_LONG_BIEN),
        ("phường Hoàn Kiếm", (*HA_NOI, "", "phuong-hoan-kiem"), (*HA_NOI, "", "phuong-hoan-kiem")),
        ("phường Tây Hồ", ("?longbien/ward", "phường tây hồ"), (*HA_NOI, "", "phuong-tay-ho")),
        ("phường Hồng Hà", (*HA_NOI, "dan-phuong", "hong-ha"), (*HA_NOI, "", "phuong-hong-ha")),
        ("phường Ngọc Thụy", (*QUAN, "ngoc-thuy"), (*QUAN, "ngoc-thuy")),
        ("quận", QUAN, QUAN),
        ("quận Ba Đình", (*HA_NOI, "ba-dinh"), (*HA_NOI, "ba-dinh")),
        ("thành phố", HA_NOI, HA_NOI),
        ("tỉnh Thái Bình", ("vn", "thai-binh"), ("vn", "thai-binh")),
        ("phường", None, None),
        ("", None, None),
    ],
)
def test_a_name_means_the_units_of_its_time(words: str, before: Path | None, since: Path | None) -> None:
    assert (place_of(f"UBND {words}", words, BEFORE), place_of(f"UBND {words}", words, SINCE)) == (before, since)


@pytest.mark.parametrize(
    ("place", "level", "expected"),
    [
        (QUAN, "district", date(2025, 6, 30)),
        (BO_DE, "ward", date(2025, 6, 30)),
        (("vn", "thai-binh"), "province", date(2025, 6, 30)),
        (NEW_BO_DE, "ward", None),
        (HA_NOI, "province", None),
        (("vn",), "country", None),
        ((*QUAN, "@ái mộ"), "", None),
        (("?longbien/district", "quận vắng"), "district", date(2025, 6, 30)),
        (("?longbien/ward", "xã vắng"), "ward", None),
        (None, "district", date(2025, 6, 30)),
        (None, "", None),
    ],
)
def test_the_last_day_of_a_place(place: Path | None, level: str, expected: date | None) -> None:
    assert last_day(place, level) == expected


@pytest.mark.parametrize(
    ("place", "former", "district"),
    [
        (NEW_BO_DE, BO_DE, QUAN),
        (NEW_LONG_BIEN, (*QUAN, "long-bien"), QUAN),
        ((*HA_NOI, "", "phuong-viet-hung"), (*QUAN, "viet-hung"), QUAN),
        ((*HA_NOI, "", "xa-gia-lam"), (*HA_NOI, "gia-lam"), (*HA_NOI, "gia-lam")),
        ((*HA_NOI, "", "phuong-tu-liem"), None, (*HA_NOI, "", "phuong-tu-liem")),
        (BO_DE, None, QUAN),
        (QUAN, None, QUAN),
        ((*QUAN, "@ái mộ"), None, QUAN),
        (HA_NOI, None, None),
        (("vn",), None, None),
        (("?longbien/ward", "xã vắng"), None, None),
    ],
)
def test_where_a_commune_was_formed(place: Path, former: Path | None, district: Path | None) -> None:
    assert (former_place(place), district_of(place)) == (former, district)


@pytest.mark.parametrize(
    ("unit", "path", "level"),
    [
        (Unit("ha-noi"), HA_NOI, "province"),
        (LONG_BIEN, QUAN, "district"),
        (Unit("ha-noi", "long-bien", "bo-de"), BO_DE, "ward"),
        (Unit("ha-noi", None, "phuong-bo-de"), NEW_BO_DE, "ward"),
    ],
)
def test_paths_are_as_deep_as_their_level(unit: Unit, path: Path, level: str) -> None:
    assert (path_of(unit), level_of(path_of(unit))) == (path, level)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (BO_DE, NEW_BO_DE, True),
        (BO_DE, NEW_LONG_BIEN, False),
        (QUAN, NEW_LONG_BIEN, False),
        ((*QUAN, "@ái mộ"), (*HA_NOI, "@ái mộ"), True),
        ((*QUAN, "@ái mộ"), (*HA_NOI, "ba-dinh", "@ái mộ"), False),
        (QUAN, HA_NOI, False),
    ],
)
def test_what_is_one_place(one: Path, other: Path, expected: bool) -> None:
    assert (is_one_place(one, other), is_one_place(other, one)) == (expected, expected)


def seat(text: str, home: Home) -> Seat:
    role, organisation, place = [*text.split("|"), "", ""][:3]
    return post_of(Position(role=role, organisation=organisation, place=place or None, expanded=None), home).seat


@pytest.mark.parametrize(
    ("before", "since", "near"),
    [
        ("Chủ tịch|UBND|phường Bồ Đề", "Chủ tịch|UBND|phường Bồ Đề", Near.BODY),
        ("Chủ tịch|UBND|phường Bồ Đề", "Bí thư|Đảng ủy|phường Bồ Đề", Near.PLACE),
        ("Chủ tịch|UBND|quận", "Bí thư|Đảng ủy|phường Long Biên", Near.NESTED),
        ("Chủ tịch|UBND|phường Ngọc Thụy", "Bí thư|Đảng ủy|phường Bồ Đề", Near.NEIGHBOUR),
        ("Giám đốc|Sở Nội vụ", "Bí thư|Đảng ủy|phường Bồ Đề", Near.NESTED),
        ("Giám đốc|Sở Nội vụ|tỉnh Thái Bình", "Phó Giám đốc|Sở Nội vụ|tỉnh Hưng Yên", Near.NESTED),
        ("Chủ tịch|UBND|quận Ba Đình", "Bí thư|Đảng ủy|phường Bồ Đề", Near.FAR),
        ("Chủ tịch|UBND|quận", "Bí thư|Đảng ủy|phường Từ Liêm", Near.FAR),
        ("Hiệu trưởng|trường THCS Ái Mộ", "Hiệu trưởng|trường THCS Ái Mộ|phường Bồ Đề", Near.BODY),
    ],
)
def test_how_near_seats_are_across_the_reform(before: str, since: str, near: Near) -> None:
    one, other = seat(before, BEFORE), seat(since, SINCE)
    assert (nearness(one, other), nearness(other, one)) == (near, near)


@pytest.mark.parametrize(
    ("one", "other", "near"),
    [
        ("Bí thư|Đảng ủy|phường Long Biên", "Bí thư|Đảng ủy|phường Bồ Đề", Near.NEIGHBOUR),
        ("Bí thư|Đảng ủy|phường Ba Đình", "Bí thư|Đảng ủy|phường Bồ Đề", Near.FAR),
        ("Bí thư|Đảng ủy|phường Từ Liêm", "Bí thư|Đảng ủy|xã Nội Bài", Near.FAR),
    ],
)
def test_how_near_seats_are_since_the_reform(one: str, other: str, near: Near) -> None:
    assert nearness(seat(one, SINCE), seat(other, SINCE)) is near


def test_a_body_without_a_place_is_in_no_unit_that_ended() -> None:
    assert (seat("Trưởng phòng|phòng Nội vụ", BEFORE).place, seat("Trưởng phòng|phòng Nội vụ", SINCE).place) == (
        QUAN, None,
    )  # fmt: skip
    thai_binh = unit_named("Tỉnh Thái Bình", None)
    assert [seat("Giám đốc|Sở Nội vụ", Home("x", thai_binh, on)).place for on in (None, REFORM)] == [
        ("vn", "thai-binh"), ("vn", "hung-yen"),
    ]  # fmt: skip
