import re
import unicodedata
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harvester.errors import UnknownPortal
from harvester.portals.catalogue import FAMILIES, Catalogue, Host, Portal, require_hosts
from harvester.portals.listing import PortalRow, portal_rows
from harvester.vietnamese.text import slug

BUILT_IN = Catalogue.load()
LAST_DAY = date(2025, 6, 30)
FIRST_DAY_AFTER = date(2025, 7, 1)
KIND = re.compile(r"^(Quận|Huyện|Thị xã) ")
TAG = re.compile(r"\[[PHSDK]\] \S")


def owner(url: str, day: date, catalogue: Catalogue = BUILT_IN) -> str | None:
    found = catalogue.find_url(url, day)
    return f"{found[0].id} {found[1].name}" if found else None


def test_every_unit_of_the_city_is_there() -> None:
    kinds = Counter(KIND.split(portal.name)[1] for portal in BUILT_IN)
    assert kinds == {"Quận": 12, "Huyện": 17, "Thị xã": 1}
    assert len({portal.id for portal in BUILT_IN}) == 30
    assert len({portal.unit_code for portal in BUILT_IN}) == 30
    assert {portal.province for portal in BUILT_IN} == {"Thành phố Hà Nội"}
    assert {(portal.valid_from, portal.valid_to) for portal in BUILT_IN} == {(None, LAST_DAY)}


def test_ids_are_the_names_as_hosts_write_them() -> None:
    for portal in BUILT_IN:
        assert portal.id == slug(KIND.sub("", portal.name)).replace("-", "")


def test_unit_codes_are_padded() -> None:
    codes = {portal.id: portal.unit_code for portal in BUILT_IN}
    assert all(re.fullmatch(r"\d{3}", code or "") for code in codes.values())
    assert (codes["badinh"], codes["longbien"], codes["socson"], codes["myduc"]) == ("001", "004", "016", "282")


def test_every_host_and_family_has_its_evidence() -> None:
    for portal in BUILT_IN:
        assert all(TAG.match(host.evidence) for host in portal.hosts)
        if portal.family:
            assert portal.family in FAMILIES
            assert TAG.match(portal.family_evidence or "")


def test_hosts_are_those_that_something_shows() -> None:
    assert {portal.id: [host.name for host in portal.hosts] for portal in BUILT_IN if portal.hosts} == {
        "longbien": ["longbien.hanoi.gov.vn", "portal.longbien.gov.vn"],
        "haibatrung": ["haibatrung.hanoi.gov.vn"],
        "thanhxuan": ["thanhxuancu.hanoi.gov.vn"],
        "socson": ["socson.hanoi.gov.vn"],
        "hoaiduc": ["hoaiduc.hanoi.gov.vn"],
    }
    assert {portal.id for portal in BUILT_IN if portal.family} == {"longbien", "haibatrung", "socson", "hoaiduc"}


def test_long_bien_stands_first_with_two_number_spaces() -> None:
    first, second = BUILT_IN.portals[0].hosts
    assert BUILT_IN.portals[0].id == "longbien"
    assert first.listings == ("/tin-tuc", "/tintuccacdonvi", "/tinhoatdongkhac", "/van-ban-chi-ao-15-nam")
    assert (first.id_space, second.id_space) == (None, "portal")
    assert first.url("/tin-tuc") == "https://longbien.hanoi.gov.vn/tin-tuc"


@pytest.mark.parametrize(
    ("url", "day", "expected"),
    [
        ("https://longbien.hanoi.gov.vn/tin-tuc", date(2019, 10, 28), "longbien longbien.hanoi.gov.vn"),
        ("https://longbien.hanoi.gov.vn", date(2026, 1, 1), "longbien longbien.hanoi.gov.vn"),
        ("http://portal.longbien.gov.vn/web/guest/x?a=1", date(2010, 11, 5), "longbien portal.longbien.gov.vn"),
        ("https://hoaiduc.hanoi.gov.vn/", LAST_DAY, "hoaiduc hoaiduc.hanoi.gov.vn"),
        ("https://hoaiduc.hanoi.gov.vn/", FIRST_DAY_AFTER, None),
        ("HTTPS://LongBien.HaNoi.gov.VN/X", LAST_DAY, "longbien longbien.hanoi.gov.vn"),
        ("http://longbien.hanoi.gov.vn:80/", LAST_DAY, "longbien longbien.hanoi.gov.vn"),
        ("https://longbien.hanoi.gov.vn:443/", LAST_DAY, "longbien longbien.hanoi.gov.vn"),
        ("https://longbien.hanoi.gov.vn:/", LAST_DAY, "longbien longbien.hanoi.gov.vn"),
        ("https://longbien.hanoi.gov.vn.:443/", LAST_DAY, "longbien longbien.hanoi.gov.vn"),
        ("https://me:secret@longbien.hanoi.gov.vn/", LAST_DAY, "longbien longbien.hanoi.gov.vn"),
        ("https://longbien.hanoi.gov.vn@example.vn/", LAST_DAY, None),
        ("https://longbien.hanoi.gov.vn:80/", LAST_DAY, None),
        ("http://longbien.hanoi.gov.vn:443/", LAST_DAY, None),
        ("https://bacphu.socson.hanoi.gov.vn/", LAST_DAY, None),
        ("https://hanoi.gov.vn/", LAST_DAY, None),
        ("ftp://longbien.hanoi.gov.vn/", LAST_DAY, None),
        ("//longbien.hanoi.gov.vn/", LAST_DAY, None),
        ("longbien.hanoi.gov.vn", LAST_DAY, None),
        ("https://longbien.hanoi.gov.vn:99999/", LAST_DAY, None),
        ("https://longbien.hanoi.gov.vn:x/", LAST_DAY, None),
        ("https://[longbien.hanoi.gov.vn/", LAST_DAY, None),
        ("https://\u2100.vn/", LAST_DAY, None),
        ("mailto:a@longbien.hanoi.gov.vn", LAST_DAY, None),
        ("", LAST_DAY, None),
    ],
)
def test_whose_address_it_was(url: str, day: date, expected: str | None) -> None:
    assert owner(url, day) == expected


@pytest.mark.parametrize(
    ("name", "url", "found"),
    [
        ("127.0.0.1:8080", "http://127.0.0.1:8080/tin-tuc", True),
        ("127.0.0.1:8080", "http://127.0.0.1/tin-tuc", False),
        ("[::1]:8080", "http://[::1]:8080/", True),
        ("[::1]", "http://[::1]:80/", True),
        ("localhost", "http://localhost:80/", True),
    ],
)
def test_hosts_with_ports(name: str, url: str, found: bool) -> None:
    portal = Portal(id="test", name="Thử", hosts=(Host(name=name, scheme="http", evidence="[K] composed"),))
    assert (owner(url, LAST_DAY, Catalogue((portal,))) == f"test {name}") is found


@settings(deadline=None)
@given(st.one_of(st.text(), st.text().map("https://{}".format), st.text().map("http://longbien.hanoi.gov.vn{}".format)))
def test_no_string_breaks_the_search(url: str) -> None:
    found = BUILT_IN.find_url(url, LAST_DAY)
    assert found is None or found[1] in found[0].hosts


def test_host_names_are_found_in_any_case() -> None:
    found = BUILT_IN.find_host("LONGBIEN.hanoi.gov.vn", LAST_DAY)
    assert found is not None
    assert found[0] is BUILT_IN.get("longbien")
    assert BUILT_IN.find_host("example.vn", LAST_DAY) is None


@pytest.mark.parametrize(
    ("start", "end", "day", "covered"),
    [
        (None, None, date.min, True),
        (None, None, date.max, True),
        (date(2025, 7, 1), None, date(2025, 6, 30), False),
        (date(2025, 7, 1), None, date(2025, 7, 1), True),
        (None, date(2025, 6, 30), date(2025, 6, 30), True),
        (None, date(2025, 6, 30), date(2025, 7, 1), False),
    ],
)
def test_days_a_host_covers(start: date | None, end: date | None, day: date, covered: bool) -> None:
    assert Host(name="a.vn", evidence="[K] composed", valid_from=start, valid_to=end).covers(day) is covered


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("longbein", 'no portal "longbein" (did you mean longbien? `harvester portals` lists them all)'),
        ("Long Biên", 'no portal "Long Biên" (did you mean longbien? `harvester portals` lists them all)'),
        (
            unicodedata.normalize("NFD", "Quận Ba Đình"),
            f'no portal "{unicodedata.normalize("NFD", "Quận Ba Đình")}" '
            "(did you mean badinh? `harvester portals` lists them all)",
        ),
        ("xyz", 'no portal "xyz" (`harvester portals` lists them all)'),
        ("a\nb", 'no portal "a\\nb" (`harvester portals` lists them all)'),
        ("", 'no portal "" (`harvester portals` lists them all)'),
    ],
)
def test_an_unknown_portal_names_near_misses(asked: str, expected: str) -> None:
    with pytest.raises(UnknownPortal) as caught:
        BUILT_IN.get(asked)
    assert str(caught.value) == expected


@pytest.mark.parametrize(
    ("portal_id", "expected"),
    [
        (
            "badinh",
            'portal "badinh": host unknown: add one with --catalogue FILE (docs/catalogue.md shows how)',
        ),
        (
            "socson",
            'portal "socson": no listing known on socson.hanoi.gov.vn: '
            "add one with --catalogue FILE (docs/catalogue.md shows how)",
        ),
    ],
)
def test_a_portal_that_cannot_be_crawled(portal_id: str, expected: str) -> None:
    portal = BUILT_IN.get(portal_id)
    assert not portal.crawlable
    with pytest.raises(UnknownPortal) as caught:
        require_hosts(portal)
    assert str(caught.value) == expected


def test_a_portal_that_can_be_crawled_gives_all_its_hosts() -> None:
    portal = BUILT_IN.get("longbien")
    assert portal.crawlable
    assert [host.name for host in require_hosts(portal)] == ["longbien.hanoi.gov.vn", "portal.longbien.gov.vn"]


def write(file: Path, *entries: str, encoding: str = "utf-8") -> Path:
    file.write_text("".join(f"[[portal]]\n{entry}\n" for entry in entries), encoding=encoding)
    return file


def test_a_file_replaces_in_place_and_appends(tmp_path: Path) -> None:
    mine = write(tmp_path / "mine.toml", 'id = "new"\nname = "Mới"', 'id = "badinh"\nname = "Ba Đình khác"')
    loaded = Catalogue.load(mine)
    ids = [portal.id for portal in BUILT_IN]
    assert [portal.id for portal in loaded] == [*ids, "new"]
    assert loaded.get("badinh") == Portal(id="badinh", name="Ba Đình khác")
    unchanged = [portal for portal in loaded if portal.id not in {"badinh", "new"}]
    assert unchanged == [portal for portal in BUILT_IN if portal.id != "badinh"]


def test_the_later_file_wins(tmp_path: Path) -> None:
    one = write(tmp_path / "one.toml", 'id = "new"\nname = "Một"', 'id = "other"\nname = "Khác"')
    two = write(tmp_path / "two.toml", 'id = "new"\nname = "Hai"')
    assert [portal.name for portal in Catalogue.load(one, two)][30:] == ["Hai", "Khác"]
    assert [portal.name for portal in Catalogue.load(two, one)][30:] == ["Một", "Khác"]


def test_a_host_can_be_handed_over_by_replacing_its_owner(tmp_path: Path) -> None:
    host = 'name = "longbien.hanoi.gov.vn"\nevidence = "[K] composed"\n'
    mine = write(
        tmp_path / "mine.toml",
        f'id = "phuong"\nname = "Phường"\n[[portal.hosts]]\n{host}valid_from = 2025-07-01',
        f'id = "longbien"\nname = "Quận"\n[[portal.hosts]]\n{host}valid_to = 2025-06-30',
    )
    loaded = Catalogue.load(mine)
    assert owner("https://longbien.hanoi.gov.vn/", LAST_DAY, loaded) == "longbien longbien.hanoi.gov.vn"
    assert owner("https://longbien.hanoi.gov.vn/", FIRST_DAY_AFTER, loaded) == "phuong longbien.hanoi.gov.vn"


def test_texts_are_composed_and_a_byte_order_mark_is_no_harm(tmp_path: Path) -> None:
    name = unicodedata.normalize("NFD", "Huyện Sông Lam")
    mine = write(tmp_path / "mine.toml", f'id = "songlam"\nname = "{name}"', encoding="utf-8-sig")
    assert Catalogue.load(mine).get("songlam").name == "Huyện Sông Lam"


def test_rows_to_show() -> None:
    rows = {row.id: row for row in portal_rows(BUILT_IN)}
    assert list(rows) == [portal.id for portal in BUILT_IN]
    assert rows["hoaiduc"] == PortalRow(
        id="hoaiduc",
        name="Huyện Hoài Đức",
        unit_code="274",
        valid_from=None,
        valid_to=LAST_DAY,
        family="hanoi-liferay",
        hosts="hoaiduc.hanoi.gov.vn (to 2025-06-30)",
        crawlable=False,
    )
    assert rows["badinh"].hosts == "host unknown"
    assert (rows["longbien"].hosts, rows["longbien"].crawlable) == (
        "longbien.hanoi.gov.vn, portal.longbien.gov.vn",
        True,
    )


def test_a_host_with_both_dates_is_shown_with_both() -> None:
    host = Host(
        name="a.vn", evidence="[K] composed", valid_from=date(2016, 1, 1), valid_to=LAST_DAY, listings=("/tin",)
    )
    (row,) = portal_rows([Portal(id="a", name="A", hosts=(host,))])
    assert row.hosts == "a.vn (from 2016-01-01 to 2025-06-30)"
