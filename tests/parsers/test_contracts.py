import json
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import pytest

from harvester.parsers.families import families
from harvester.portals.catalogue import FAMILIES, Catalogue

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "scripts" / "write_expected.py"
FIXTURES = ROOT / "tests" / "fixtures"
FILES = [{"page.html", "capture.json", "expected.json"}, {"page.txt", "capture.json", "expected.json"}]
MAX_PAGE_BYTES = 12_000
CATALOGUE = Catalogue.load()


def load_script() -> Any:
    # The script that prints expected values defines their shape; it lies outside the import path.
    spec = spec_from_file_location(SCRIPT.stem, SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


write_expected = load_script()
CASES = {case.name: case for case in write_expected.read_cases()}
FOUND = {name: write_expected.read_fresh(case, CATALOGUE) for name, case in CASES.items()}
FIELDS = [(name, field) for name, case in CASES.items() for field in (case.expected or {})]


@pytest.mark.parametrize(("name", "field"), FIELDS)
def test_field_is_read_as_agreed(name: str, field: str) -> None:
    expected = CASES[name].expected
    assert expected is not None
    assert FOUND[name].get(field, "no such field") == expected[field]


@pytest.mark.parametrize("name", CASES)
def test_no_field_is_missing_or_extra(name: str) -> None:
    assert set(FOUND[name]) == set(CASES[name].expected or ())


@pytest.mark.parametrize(
    "folder", sorted(FIXTURES.glob("*/*/")), ids=lambda folder: f"{folder.parent.name}/{folder.name}"
)
def test_case_has_its_three_files_and_a_known_family(folder: Path) -> None:
    assert {file.name for file in folder.iterdir()} in FILES
    assert folder.parent.name in families()


@pytest.mark.parametrize("name", CASES)
def test_page_is_read_by_the_family_of_its_folder(name: str) -> None:
    notes = [FOUND[name].get("parser"), (FOUND[name].get("listing") or {}).get("parser")]
    assert {note["family"] for note in notes if note} <= {name.partition("/")[0]}


@pytest.mark.parametrize("name", CASES)
def test_page_is_small(name: str) -> None:
    assert len(CASES[name].capture.body) <= MAX_PAGE_BYTES


@pytest.mark.parametrize("family", families())
def test_family_has_articles_and_refusals(family: str) -> None:
    kinds = {FOUND[name]["kind"] for name in CASES if name.startswith(f"{family}/")}
    assert {"Article", "NotAnArticle"} <= kinds


def test_catalogue_offers_the_families_that_are_read() -> None:
    assert set(FAMILIES) == set(families())


def write_case(root: Path) -> None:
    folder = root / "plain-text" / "one"
    folder.mkdir(parents=True)
    (folder / "page.txt").write_text(
        "Tin tức\nHội thi nấu cỗ ở làng cổ\n05/06/2019\nBảy đội dự thi.\n", encoding="utf-8"
    )
    origin: dict[str, Any] = {"url": None, "final_url": None, "status": None, "headers": [], "via": "file"}
    capture = json.dumps({**origin, "captured_at": "2020-01-01T00:00:00Z"})
    (folder / "capture.json").write_text(capture, encoding="utf-8")


def test_script_prints_what_differs_and_writes_on_request(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write_case(tmp_path)
    cases = write_expected.read_cases(tmp_path)
    monkeypatch.setattr(write_expected, "read_cases", lambda: cases)
    expected = tmp_path / "plain-text" / "one" / "expected.json"

    monkeypatch.setattr(sys, "argv", ["write_expected.py", "no such case"])
    write_expected.main()
    assert capsys.readouterr().out == ""

    monkeypatch.setattr(sys, "argv", ["write_expected.py"])
    write_expected.main()
    shown = capsys.readouterr().out
    assert shown.startswith("--- plain-text/one\n{")
    assert not expected.exists()

    monkeypatch.setattr(sys, "argv", ["write_expected.py", "--write", "plain"])
    write_expected.main()
    assert capsys.readouterr().out == "wrote plain-text/one/expected.json\n"
    assert json.loads(expected.read_text(encoding="utf-8")) == json.loads(shown.partition("\n")[2])

    write_expected.main()
    assert capsys.readouterr().out == ""
