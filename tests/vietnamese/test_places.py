"""Which unit a name means: names alone, names in their place, levels without a name, and every text there is."""

import unicodedata
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harvester.vietnamese.places import Unit, Validity, successor, unit_named, unit_of, validity

HA_NOI = Unit("ha-noi")
LONG_BIEN = Unit("ha-noi", "long-bien")
BO_DE = Unit("ha-noi", "long-bien", "bo-de")
GIA_LAM = Unit("ha-noi", "gia-lam")
SAI_GON = Unit("ho-chi-minh")
THU_DUC = Unit("ho-chi-minh", "thu-duc")
BAC_NINH = Unit("bac-ninh", "bac-ninh")
TIEN_DU = Unit("bac-ninh", "tien-du")
LONG_AN = Unit("long-an")
PHU_VANG = Unit("hue", "phu-vang")
THUAN_AN = Unit("binh-duong", "thuan-an")
NEW_BO_DE = Unit("ha-noi", None, "phuong-bo-de")

LAST_DAY = date(2025, 6, 30)
REFORM = date(2025, 7, 1)
LAST_LIST = date(2025, 1, 4)

NAMED = [
    ("Ban Thường vụ Thành ủy Hà Nội", "ha-noi"),
    ("HĐND TP Hà Nội", "ha-noi"),
    ("UBND TP.Hà Nội", "ha-noi"),
    ("Thành ủy, HĐND, UBND thành phố Hà Nội", "ha-noi"),
    ("Thành ủy TP Hà Nội", "ha-noi"),
    ("Tỉnh ủy Bắc Ninh", "bac-ninh"),
    ("UBND thành phố Bắc Ninh", "bac-ninh/bac-ninh"),
    ("UBND tỉnh Bà Rịa – Vũng Tàu", "ba-ria-vung-tau"),
    ("UBND TP.HCM", "ho-chi-minh"),
    ("TPHCM", "ho-chi-minh"),
    ("Sở Y tế Hà Nội", "ha-noi"),
    ("UBND quận Long Biên", "ha-noi/long-bien"),
    ("UBND quận Long Biên, Hà Nội", "ha-noi/long-bien"),
    ("UBND quận Long Biên (TP Hà Nội)", "ha-noi/long-bien"),
    ("Quận Đoàn Long Biên", "ha-noi/long-bien"),
    ("Thành ủy Thủ Đức", "ho-chi-minh/thu-duc"),
    ("Thành ủy Thủ Đức, TP. Hồ Chí Minh", "ho-chi-minh/thu-duc"),
    ("Thị ủy Sơn Tây", "ha-noi/son-tay"),
    ("UBND Q.1, TP.HCM", "ho-chi-minh/1"),
    ("UBND quận 01 TP Hồ Chí Minh", "ho-chi-minh/1"),
    ("UBND huyện Ia H’Drai", "kon-tum/ia-h-drai"),
    ("UBND phường Bồ Đề", "ha-noi/long-bien/bo-de"),
    ("UBND P.Bồ Đề, Q.Long Biên", "ha-noi/long-bien/bo-de"),
    ("Đảng ủy xã Cổ Bi huyện Gia Lâm", "ha-noi/gia-lam/co-bi"),
    ("Đảng ủy xã Cổ Bi, Gia Lâm, Hà Nội", "ha-noi/gia-lam/co-bi"),
    ("UBND phường Suối Hoa, TP Bắc Ninh, tỉnh Bắc Ninh", "bac-ninh/bac-ninh/suoi-hoa"),
    ("UBND xã Tứ Quận huyện Yên Sơn", "tuyen-quang/yen-son/tu-quan"),
    ("UBND thị trấn P Rao", "quang-nam/dong-giang/p-rao"),
    ("UBND xã Hội Sơn huyện Anh Sơn", "nghe-an/anh-son/hoi-son"),
    ("Bảo hiểm xã hội quận Long Biên", "ha-noi/long-bien"),
    ("Sở Lao động - Thương binh và Xã hội Hà Nội", "ha-noi"),
    ("Liên minh Hợp tác xã thành phố Hà Nội", "ha-noi"),
    ("Đảng ủy Công an quận Long Biên", "ha-noi/long-bien"),
    ("UBND huyện Thuận Thành", "bac-ninh/thuan-thanh"),
    ("Thị xã Cai Lậy", "tien-giang/thi-xa-cai-lay"),
    ("Huyện Cai Lậy", "tien-giang/huyen-cai-lay"),
    ("Thị xã Kỳ Anh", "ha-tinh/thi-xa-ky-anh"),
    ("Huyện Kỳ Anh", "ha-tinh/huyen-ky-anh"),
    ("Thị xã Duyên Hải", "tra-vinh/thi-xa-duyen-hai"),
    ("Huyện Duyên Hải", "tra-vinh/huyen-duyen-hai"),
    ("Thị xã Long Mỹ", "hau-giang/thi-xa-long-my"),
    ("Huyện Long Mỹ", "hau-giang/huyen-long-my"),
    ("Thành phố Cao Lãnh", "dong-thap/thanh-pho-cao-lanh"),
    ("Huyện Cao Lãnh", "dong-thap/huyen-cao-lanh"),
    ("Thành phố Hồng Ngự", "dong-thap/thanh-pho-hong-ngu"),
    ("Huyện Hồng Ngự", "dong-thap/huyen-hong-ngu"),
    ("UBND huyện Châu Thành tỉnh Long An", "long-an/chau-thanh"),
    ("UBND quận Hoàng Mai", "ha-noi/hoang-mai"),
    ("UBND thị xã Hoàng Mai", "nghe-an/hoang-mai"),
    ("Quận Phú Xuân", "hue/phu-xuan"),
    ("UBND tỉnh Thừa Thiên Huế", "hue"),
    ("Sở Y tế Thừa Thiên Huế", "hue"),
    ("UBND huyện Phú Vang tỉnh Thừa Thiên Huế", "hue/phu-vang"),
    ("UBND thành phố Huế tỉnh Thừa Thiên Huế", "hue/hue"),
    ("UBND huyện Nam Đông", "hue/nam-dong"),
    ("UBND quận 2", "ho-chi-minh/2"),
    ("UBND phường Thảo Điền quận 2", "ho-chi-minh/thu-duc/thao-dien"),
    ("UBND phường Hiệp Phú, Q.9, TP.HCM", "ho-chi-minh/9/hiep-phu"),
    ("UBND thành phố Qui Nhơn", "binh-dinh/quy-nhon"),
    ("UBND xã Kim Lan huyện Gia Lâm", "ha-noi/gia-lam/kim-lan"),
    ("UBND xã Long Mỹ huyện Đất Đỏ", "ba-ria-vung-tau/long-dat/long-my"),
    ("UBND đặc khu Phú Quý", "lam-dong/dac-khu-phu-quy"),
    ("Đảng ủy phường Sa Đéc", "dong-thap/phuong-sa-dec"),
]
UNDECIDED = [
    "",
    "UBND",
    "UBND quận",
    "Thành ủy",
    "UBND tỉnh",
    "Đảng ủy",
    "Chính phủ",
    "UBND huyện Châu Thành",
    "UBND huyện An Lão",
    "UBND phường Phú Xuân",
    "UBND xã Tân Thành",
    "UBND phường 1",
    "UBND tỉnh Hà Nội",
    "UBND thành phố Nha Trang tỉnh Hà Giang",
    "UBND phường Sài Thành quận Long Biên",
    "UBND quận Long Biên tỉnh Bắc Ninh",
    "UBND các quận Long Biên, Hoàn Kiếm",
    "UBND quận Long Biên về việc",
    "xã Đông Khê thành phố Thanh Hóa",
]
FROM_HOME = [
    ("UBND tỉnh", BAC_NINH, "bac-ninh"),
    ("Tỉnh ủy", TIEN_DU, "bac-ninh"),
    ("UBND tỉnh", LONG_BIEN, None),
    ("Quận ủy", LONG_BIEN, "ha-noi/long-bien"),
    ("Quận ủy", BO_DE, "ha-noi/long-bien"),
    ("Huyện ủy", GIA_LAM, "ha-noi/gia-lam"),
    ("UBND quận", HA_NOI, None),
    ("Thành ủy", LONG_BIEN, "ha-noi"),
    ("Thành ủy, HĐND, UBND thành phố", LONG_BIEN, "ha-noi"),
    ("UBND TP", HA_NOI, "ha-noi"),
    ("UBND thành phố", THU_DUC, "ho-chi-minh"),
    ("UBND thành phố", BAC_NINH, "bac-ninh/bac-ninh"),
    ("UBND thành phố", TIEN_DU, None),
    ("UBND phường", BO_DE, "ha-noi/long-bien/bo-de"),
    ("Đảng ủy", BO_DE, "ha-noi/long-bien/bo-de"),
    ("UBND phường", LONG_BIEN, None),
    ("Đảng ủy", LONG_BIEN, None),
    ("Công an quận", LONG_BIEN, "ha-noi/long-bien"),
    ("UBND các quận, huyện, thị xã", LONG_BIEN, None),
    ("UBND các quận", LONG_BIEN, None),
    ("UBND quận, huyện", LONG_BIEN, None),
    ("UBND huyện Châu Thành", LONG_AN, "long-an/chau-thanh"),
    ("UBND huyện Châu Thành", HA_NOI, None),
    ("UBND Q1", SAI_GON, "ho-chi-minh/1"),
    ("UBND phường 1", Unit("ho-chi-minh", "3"), "ho-chi-minh/3/1"),
    ("UBND phường 1", SAI_GON, None),
    ("Huyện ủy Cai Lậy", Unit("tien-giang", "thi-xa-cai-lay"), "tien-giang/huyen-cai-lay"),
    ("UBND xã Yên Viên", GIA_LAM, "ha-noi/gia-lam/xa-yen-vien"),
    ("UBND thị trấn Yên Viên", GIA_LAM, "ha-noi/gia-lam/thi-tran-yen-vien"),
    ("UBND xã Trâu Quỳ", GIA_LAM, "ha-noi/gia-lam/trau-quy"),
    ("UBND xã Hoằng Quý", Unit("thanh-hoa", "hoang-hoa"), "thanh-hoa/hoang-hoa/xa-hoang-quy-15916"),
    ("UBND xã Hoằng Quỳ", Unit("thanh-hoa", "hoang-hoa"), "thanh-hoa/hoang-hoa/xa-hoang-quy-15886"),
    ("UBND xã Cổ Bi", LONG_BIEN, "ha-noi/gia-lam/co-bi"),
    ("UBND xã Cổ Bi", BAC_NINH, None),
    ("UBND xã Cổ Bi huyện Gia Lâm", BAC_NINH, "ha-noi/gia-lam/co-bi"),
    ("UBND quận Long Biên", BAC_NINH, "ha-noi/long-bien"),
    ("UBND huyện Tân Uyên", Unit("binh-duong"), None),
    ("UBND quận Long Biên", Unit("nowhere", "at-all"), "ha-noi/long-bien"),
    ("UBND quận", Unit("nowhere", "at-all"), None),
    ("UBND xã Kim Lan", GIA_LAM, "ha-noi/gia-lam/kim-lan"),
    ("UBND xã Kim Lan", BAC_NINH, None),
    ("UBND tỉnh", PHU_VANG, "hue"),
    ("UBND phường", NEW_BO_DE, "ha-noi/phuong-bo-de"),
    ("Đảng ủy", NEW_BO_DE, "ha-noi/phuong-bo-de"),
    ("UBND phường", Unit("ha-noi", None, "nowhere"), None),
    ("Thành ủy", NEW_BO_DE, "ha-noi"),
]
ON_A_DAY = [
    ("UBND phường Bồ Đề", None, LAST_DAY, "ha-noi/long-bien/bo-de"),
    ("UBND phường Bồ Đề", None, REFORM, "ha-noi/phuong-bo-de"),
    ("UBND phường Bồ Đề, Hà Nội", None, REFORM, "ha-noi/phuong-bo-de"),
    ("UBND phường Bồ Đề quận Long Biên", None, REFORM, None),
    ("UBND phường Long Biên", LONG_BIEN, REFORM, "ha-noi/phuong-long-bien"),
    ("UBND quận Long Biên", None, LAST_DAY, "ha-noi/long-bien"),
    ("UBND quận Long Biên", None, REFORM, None),
    ("UBND quận", LONG_BIEN, LAST_DAY, "ha-noi/long-bien"),
    ("UBND quận", LONG_BIEN, REFORM, None),
    ("Thành ủy", LONG_BIEN, REFORM, "ha-noi"),
    ("UBND phường", NEW_BO_DE, REFORM, "ha-noi/phuong-bo-de"),
    ("UBND phường", NEW_BO_DE, LAST_DAY, None),
    ("UBND phường", BO_DE, REFORM, None),
    ("UBND đặc khu Phú Quý", None, LAST_DAY, None),
    ("UBND phường Tây Hồ", None, REFORM, "ha-noi/phuong-tay-ho"),
    ("UBND phường Thuận An", THUAN_AN, REFORM, "ho-chi-minh/phuong-thuan-an"),
    ("UBND phường Tây Hồ", THUAN_AN, REFORM, None),
    ("UBND tỉnh", THUAN_AN, LAST_DAY, "binh-duong"),
    ("UBND thành phố", THUAN_AN, REFORM, "ho-chi-minh"),
    ("UBND tỉnh Bắc Giang", None, LAST_DAY, "bac-giang"),
    ("UBND tỉnh Bắc Giang", None, REFORM, None),
    ("Sở Y tế Bình Dương", None, REFORM, None),
    ("UBND tỉnh Bắc Ninh", None, REFORM, "bac-ninh"),
    ("UBND thành phố Huế", None, date(2024, 12, 31), "hue/hue"),
    ("UBND thành phố Huế", None, date(2025, 1, 1), "hue"),
    ("UBND tỉnh Thừa Thiên Huế", None, date(2024, 12, 31), "hue"),
    ("UBND tỉnh Thừa Thiên Huế", None, date(2025, 1, 1), None),
    ("UBND quận Thủ Đức", None, date(2020, 12, 31), "ho-chi-minh/quan-thu-duc-762"),
    ("UBND thành phố Thủ Đức", None, date(2021, 1, 1), "ho-chi-minh/thu-duc"),
    ("UBND quận 2", None, date(2020, 12, 31), "ho-chi-minh/2"),
    ("UBND quận 2", None, date(2021, 1, 1), None),
    ("UBND xã Kim Lan huyện Gia Lâm", None, date(2020, 2, 25), "ha-noi/gia-lam/kim-lan"),
    ("UBND xã Kim Lan huyện Gia Lâm", None, LAST_LIST, None),
]
VALIDITIES = [
    (HA_NOI, Validity(None, None)),
    (Unit("hue"), Validity(None, None)),
    (Unit("binh-duong"), Validity(None, LAST_DAY)),
    (LONG_BIEN, Validity(None, LAST_DAY)),
    (BO_DE, Validity(None, LAST_DAY)),
    (NEW_BO_DE, Validity(REFORM, None)),
    (THU_DUC, Validity(date(2021, 1, 1), LAST_DAY)),
    (Unit("ho-chi-minh", "9"), Validity(None, date(2020, 12, 31))),
    (Unit("hue", "thuan-hoa"), Validity(date(2025, 1, 1), LAST_DAY)),
    (Unit("ha-noi", "gia-lam", "kim-lan"), Validity(None, None, LAST_LIST)),
    (Unit("nowhere"), None),
    (Unit("ha-noi", "nowhere"), None),
    (Unit("ha-noi", "long-bien", "nowhere"), None),
    (Unit("ha-noi", None, "bo-de"), None),
]
ENTRIES = [
    ("Quận Long Biên", "Thành phố Hà Nội", "ha-noi/long-bien"),
    ("Thị xã Sơn Tây", "Hà Nội", "ha-noi/son-tay"),
    ("Thành phố Thủ Đức", "Thành phố Hồ Chí Minh", "ho-chi-minh/thu-duc"),
    ("Huyện Châu Thành", "Tỉnh Long An", "long-an/chau-thanh"),
    ("Huyện Châu Thành", None, None),
    ("Quận Long Biên", None, "ha-noi/long-bien"),
    ("Tỉnh Bắc Ninh", None, "bac-ninh"),
    ("Phường Tân Thành", "Tỉnh Cà Mau", "ca-mau/ca-mau/phuong-tan-thanh"),
    ("Quận Long Biên", "Tỉnh Bắc Ninh", None),
    ("Sở Y tế", "Thành phố Hà Nội", None),
    ("Quận", "Thành phố Hà Nội", None),
    ("", "Thành phố Hà Nội", None),
    ("", None, None),
]
# Two communes of one district bear this name.


def path(unit: Unit | None) -> str | None:
    return unit.path if unit else None


@pytest.mark.parametrize(("words", "expected"), NAMED)
def test_a_name_alone(words: str, expected: str) -> None:
    assert path(unit_of(words, None)) == expected


@pytest.mark.parametrize("words", UNDECIDED)
def test_words_that_do_not_decide(words: str) -> None:
    assert unit_of(words, None) is None


@pytest.mark.parametrize(("words", "home", "expected"), FROM_HOME)
def test_from_where_we_are(words: str, home: Unit, expected: str | None) -> None:
    assert path(unit_of(words, home)) == expected


@pytest.mark.parametrize(("words", "home", "day", "expected"), ON_A_DAY)
def test_on_a_day(words: str, home: Unit | None, day: date, expected: str | None) -> None:
    assert path(unit_of(words, home, day)) == expected


@pytest.mark.parametrize(("unit", "expected"), VALIDITIES)
def test_validity(unit: Unit, expected: Validity | None) -> None:
    assert validity(unit) == expected


@pytest.mark.parametrize(
    ("span", "first", "last"),
    [
        (Validity(REFORM, None), REFORM, None),
        (Validity(None, LAST_DAY), None, LAST_DAY),
        (Validity(None, None, LAST_LIST), None, LAST_LIST - timedelta(1)),
        (Validity(date(2021, 1, 1), LAST_DAY), date(2021, 1, 1), LAST_DAY),
    ],
)
def test_days_that_a_validity_covers(span: Validity, first: date | None, last: date | None) -> None:
    day = timedelta(1)
    assert [span.covers(first), span.covers(first - day)] == [True, False] if first else span.covers(date.min)
    assert [span.covers(last), span.covers(last + day)] == [True, False] if last else span.covers(date.max)


@pytest.mark.parametrize(
    ("unit", "expected"),
    [
        (Unit("binh-duong"), "ho-chi-minh"),
        (Unit("bac-giang", "chu"), "bac-ninh"),
        (BAC_NINH, "bac-ninh"),
        (PHU_VANG, "hue"),
        (Unit("thai-binh"), "hung-yen"),
        (Unit("nowhere"), None),
    ],
)
def test_successor(unit: Unit, expected: str | None) -> None:
    assert path(successor(unit)) == expected


@pytest.mark.parametrize(
    ("day", "expected"),
    [(None, "ha-noi/long-bien/bo-de"), (LAST_DAY, "ha-noi/long-bien/bo-de"), (REFORM, "ha-noi/phuong-bo-de")],
)
def test_a_full_name_on_a_day(day: date | None, expected: str) -> None:
    assert path(unit_named("Phường Bồ Đề", "Thành phố Hà Nội", day)) == expected


@pytest.mark.parametrize(("name", "province", "expected"), ENTRIES)
def test_a_full_name_in_its_province(name: str, province: str | None, expected: str | None) -> None:
    assert path(unit_named(name, province)) == expected


@pytest.mark.parametrize(
    "words",
    [
        "UBND PHƯỜNG PHÚC LỢI, QUẬN LONG BIÊN",
        "ubnd phường phúc lợi quận long biên",
        unicodedata.normalize("NFD", "UBND phường Phúc Lợi quận Long Biên"),
        "UBND\u00a0phường  Phúc\nLợi, quận Long Biên.",
    ],
)
def test_spelling_does_not_matter(words: str) -> None:
    assert unit_of(words, None) == ("ha-noi", "long-bien", "phuc-loi")


@pytest.mark.parametrize("words", ["Thành ủy Thanh Hoá", "Thành uỷ Thanh Hóa", "TP Thanh Hoá"])
def test_tone_placement_does_not_matter(words: str) -> None:
    assert path(unit_of(words, None)) == "thanh-hoa/thanh-hoa"


@pytest.mark.parametrize(
    ("unit", "level", "expected"),
    [
        (HA_NOI, "province", "ha-noi"),
        (LONG_BIEN, "district", "ha-noi/long-bien"),
        (BO_DE, "commune", "ha-noi/long-bien/bo-de"),
    ],
)
def test_level_and_path(unit: Unit, level: str, expected: str) -> None:
    assert (unit.level, unit.path) == (level, expected)


WORDS = st.sampled_from(
    "UBND phường xã quận huyện thành phố TP tỉnh ủy Bồ Đề Long Biên Hà Nội Châu 1 các , . '".split()
)


@settings(max_examples=300, deadline=None)
@given(
    st.text() | st.lists(WORDS).map(" ".join),
    st.none() | st.builds(Unit, st.text(), st.none() | st.text(), st.none() | st.text()),
    st.none() | st.dates(),
)
def test_never_raises(words: str, home: Unit | None, day: date | None) -> None:
    units = (unit_of(words, home, day), unit_of(words, BO_DE), unit_named(words, words, day), unit_named(words, None))
    assert all(unit is None or validity(unit) for unit in units)
    assert home is None or (successor(home) is None) == (validity(Unit(home.province)) is None)


@pytest.mark.parametrize("piece", ["xã ", "quận Long Biên ", "xã Tân Thành ", "thành phố ", "' ", "\u0301", "a", "0"])
def test_long_words_end(piece: str) -> None:
    words = piece * (200_000 // len(piece))
    assert unit_of(f"{words} quận Long Biên, Hà Nội", None) in (None, LONG_BIEN)
