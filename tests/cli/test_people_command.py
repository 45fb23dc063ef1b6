import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from harvester.cli import app


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("people")
    result = CliRunner().invoke(app, ["demo", "--articles", "40", "--output", str(folder)], catch_exceptions=False)
    assert result.exit_code == 0
    return folder


def run(*arguments: str) -> tuple[int, list[dict[str, object]], str]:
    result = CliRunner().invoke(app, ["people", *arguments], catch_exceptions=False)
    return result.exit_code, [json.loads(line) for line in result.stdout.splitlines()], result.stderr


def test_every_official_of_the_replica_is_in_one_person(demo: Path) -> None:
    code, persons, talk = run("demo", "--output", str(demo))
    lines = (demo / "demo" / "articles.jsonl").read_text(encoding="utf-8").splitlines()
    named = sorted((article["id"], each["key"]) for article in map(json.loads, lines) for each in article["officials"])
    assert code == 0
    assert sorted((article["id"], person["key"]) for person in persons for article in person["articles"]) == named  # type: ignore[attr-defined]
    assert talk == (
        "portal demo is not in the catalogue (--catalogue FILE adds it); "
        "taken for ha-noi/long-bien, which its posts name most\n"
    )


def test_unsure_leaves_the_sure_out(demo: Path) -> None:
    _, persons, _ = run("demo", "--output", str(demo))
    code, unsure, _ = run("demo", "--unsure", "--output", str(demo))
    assert code == 0
    assert 0 < len(unsure) < len(persons)
    assert unsure == [person for person in persons if person["unsure"]]


def test_a_portal_named_twice_is_read_once(demo: Path) -> None:
    assert run("demo", "demo", "--output", str(demo)) == run("demo", "--output", str(demo))


@pytest.mark.parametrize("line", [b"{}", b'{"id": "demo/1", "posted_at": "9999-12-31T23:59:59Z", "officials": []}'])
def test_a_broken_line_is_told(line: bytes, demo: Path, tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    folder.mkdir()
    path = folder / "articles.jsonl"
    path.write_bytes((demo / "demo" / "articles.jsonl").read_bytes() + line + b"\n")
    code, persons, talk = run("demo", "--output", str(tmp_path))
    assert (code, persons) == (1, run("demo", "--output", str(demo))[1])
    assert f"{path}, line 41: no article line: " in talk


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["longbein"], 'error: no portal "longbein" (did you mean longbien?'),
        (["longbien", "--output", "-"], "error: people reads what a crawl wrote; give --output its folder"),
        (["longbien", "--output", "/nowhere"], "`harvester crawl longbien --output /nowhere` writes it"),
    ],
)
def test_what_cannot_be_done_is_said(arguments: list[str], message: str) -> None:
    code, persons, talk = run(*arguments)
    assert (code, persons) == (2, [])
    assert message in talk
