import re
from datetime import date
from pathlib import Path

import pytest

from harvester.errors import CatalogueError
from harvester.portals.catalogue import FAMILIES, Catalogue, Host, Portal
from harvester.records import Record

PAGE = (Path(__file__).parents[2] / "docs" / "catalogue.md").read_text(encoding="utf-8")
SHORT, COMPLETE, HANDED_OVER = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)


def table(heading: str) -> list[list[str]]:
    section = PAGE.split(f"## {heading}\n")[1].split("\n## ")[0]
    first_table = section.strip().split("\n\n")[0]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in first_table.splitlines()[2:]]


@pytest.mark.parametrize(("heading", "model"), [("The fields of a portal", Portal), ("The fields of a host", Host)])
def test_the_tables_are_the_models(heading: str, model: type[Record]) -> None:
    rows = {name.strip("`"): if_left_out for name, _, if_left_out, _ in table(heading)}
    assert list(rows) == list(model.model_fields)
    assert {name for name, if_left_out in rows.items() if if_left_out == "required"} == {
        name for name, field in model.model_fields.items() if field.is_required()
    }
    stated = {name: text.strip("`") for name, text in rows.items() if text.startswith("`")}
    plain = {name: field.default for name, field in model.model_fields.items() if not field.is_required()}
    assert stated == {
        name: str(value).lower() for name, value in plain.items() if isinstance(value, str | bool | int | float)
    }


def test_the_families_are_named() -> None:
    (value,) = [value for name, value, _, _ in table("The fields of a portal") if name == "`family`"]
    assert tuple(re.findall(r"`([^`]+)`", value)) == FAMILIES


def test_the_tags_are_those_in_use() -> None:
    tags = set(re.findall(r"^\| (\[\w\]) \|", PAGE, re.MULTILINE))
    assert tags == {"[P]", "[H]", "[S]", "[D]", "[K]"}


def test_the_short_example_gives_a_unit_its_host(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(SHORT, encoding="utf-8")
    assert len(SHORT.splitlines()) == 4
    portal = Catalogue.load(file).get("badinh")
    assert portal.crawlable
    assert portal.unit_code is None


def test_the_complete_example_uses_every_key_of_a_portal(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(COMPLETE, encoding="utf-8")
    portal = Catalogue.load(file).get("songlam")
    assert portal.model_fields_set == set(Portal.model_fields)
    first, second = portal.hosts
    assert first.model_fields_set | second.model_fields_set == set(Host.model_fields) - {
        "max_concurrency",
        "unverified_tls_reason",
    }


def test_the_example_of_a_host_handed_over(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(HANDED_OVER, encoding="utf-8")
    loaded = Catalogue.load(file)
    owners = [
        loaded.find_host("hoaiduc.hanoi.gov.vn", date(2025, 6, 30)),
        loaded.find_host("hoaiduc.hanoi.gov.vn", date(2025, 7, 1)),
    ]
    assert [found and found[0].id for found in owners] == ["hoaiduc", "xa-hoaiduc"]


def test_the_message_shown_is_the_message_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    lines = '[[portal]]\nid = "songlam"\nname = "Huyện Sông Lam"\n[[portal.hosts]]\nname = "a.vn"\nevidence = "[K]"\n'
    Path("mine.toml").write_text(lines + "lisings = []\n", encoding="utf-8")
    with pytest.raises(CatalogueError) as caught:
        Catalogue.load(Path("mine.toml"))
    assert f"    {caught.value}\n" in PAGE
