import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from harvester.cli import app
from harvester.portals.catalogue import Catalogue
from harvester.portals.listing import portal_rows
from harvester.schema import article_schema

SCHEMA_PAGE = Path(__file__).parents[2] / "docs" / "article.schema.json"
MINE = """\
[[portal]]
id = "thu"
name = "Quận Thử"
family = "plain-text"
family_evidence = "[S] a test"
valid_to = 2025-06-30

[[portal.hosts]]
name = "thu.example.org"
evidence = "[S] a test"
listings = ["/tin"]
valid_from = 2020-01-02
"""


def stdout_of(*arguments: str) -> str:
    result = CliRunner().invoke(app, list(arguments), catch_exceptions=False)
    assert (result.exit_code, result.stderr) == (0, "")
    return result.stdout


@pytest.fixture
def mine(tmp_path: Path) -> str:
    path = tmp_path / "mine.toml"
    path.write_text(MINE, encoding="utf-8")
    return str(path)


def test_portals_are_a_table(mine: str) -> None:
    head, *rows = stdout_of("portals", "--catalogue", mine).splitlines()
    assert head.split() == ["id", "name", "unit", "until", "family", "hosts"]
    assert len(rows) == len(Catalogue.load().portals) + 1
    assert [row.split()[0] for row in rows] == [*(portal.id for portal in Catalogue.load()), "thu"]
    assert rows[0].split() == [
        "longbien", "Quận", "Long", "Biên", "004", "2025-06-30", "hanoi-liferay", "longbien.hanoi.gov.vn,",
        "portal.longbien.gov.vn",
    ]  # fmt: skip
    assert rows[1].endswith("host unknown".ljust(len(rows[1]) - rows[1].index("host unknown")))
    assert rows[-1].rstrip().endswith("thu.example.org (from 2020-01-02)")
    assert "\x1b" not in "".join(rows)


def test_portals_are_json_lines(mine: str) -> None:
    rows = [json.loads(line) for line in stdout_of("portals", "--json", "--catalogue", mine).splitlines()]
    assert [row["id"] for row in rows] == [row.id for row in portal_rows(Catalogue.load(Path(mine)))]
    assert rows[-1] == {
        "id": "thu",
        "name": "Quận Thử",
        "unit_code": None,
        "valid_from": None,
        "valid_to": "2025-06-30",
        "family": "plain-text",
        "hosts": "thu.example.org (from 2020-01-02)",
        "crawlable": True,
    }
    assert {row["id"] for row in rows if not row["crawlable"]} >= {"badinh", "hoankiem"}


def test_the_schema_is_the_one_in_the_docs() -> None:
    printed = stdout_of("schema")
    assert json.loads(printed) == article_schema()
    assert printed.encode() == SCHEMA_PAGE.read_bytes()
