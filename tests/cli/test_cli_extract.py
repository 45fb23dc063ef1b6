import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from harvester.cli import app
from harvester.demo.server import answer
from harvester.demo.site import HOST_NAME, compose_site, expected_articles
from harvester.demo.texts import FOUNDING_ENTRY_ID
from harvester.records import Article

SITE = compose_site(20)
ROW = next(row for row in SITE.rows["/tin-tuc"] if row.article.entry_id == FOUNDING_ENTRY_ID)
OTHER = next(row for row in SITE.rows["/tinhoatdongkhac"] if row.article in expected_articles(SITE))
PAGE = answer(SITE, ROW.address).body
URL = f"http://{HOST_NAME}{ROW.address}"
PORTAL = ["--portal", "longbien", "--url", URL]


def extract(*arguments: str | Path, stdin: bytes = b"") -> Result:
    return CliRunner().invoke(app, ["extract", *map(str, arguments)], input=stdin, catch_exceptions=False)


def articles(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout_bytes.splitlines()]


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    path = tmp_path / "trang đã lưu.html"
    path.write_bytes(PAGE)
    return path


def test_a_saved_page_is_one_line(saved: Path) -> None:
    result = extract(saved, *PORTAL, "--captured-at", "2022-08-27T09:54:04+00:00")
    assert (result.exit_code, result.stderr) == (0, "")
    (line,) = articles(result)
    assert (line["id"], line["portal"], line["url"]) == (f"longbien/{ROW.article.entry_id}", "longbien", URL)
    assert (line["title"], line["posted_at"]) == (ROW.article.title, ROW.article.posted_at.isoformat())
    assert (line["body"], line["author"]) == (ROW.article.body, ROW.article.author)
    assert len(line["officials"]) > 0
    assert len(line["citations"]) > 0
    assert (line["capture"]["captured_at"], line["capture"]["via"]) == ("2022-08-27T16:54:04+07:00", "file")


def test_a_page_without_an_address_is_named_by_its_bytes(saved: Path) -> None:
    os.utime(saved, (1_700_000_000, 1_700_000_000))
    (line,) = articles(extract(saved))
    assert (line["id"][:10], line["url"], line["canonical_url"]) == ("unknown/f-", None, None)
    assert line["capture"]["captured_at"] == "2023-11-15T05:13:20+07:00"
    assert line["id"].removeprefix("unknown/f-") == line["capture"]["sha256"][:16]


def test_a_time_without_a_zone_is_vietnams(saved: Path) -> None:
    (line,) = articles(extract(saved, "--captured-at", "2022-08-27T09:54"))
    assert line["capture"]["captured_at"] == "2022-08-27T09:54:00+07:00"


def test_standard_input_is_read() -> None:
    result = extract("-", *PORTAL, stdin=PAGE)
    assert (result.exit_code, result.stderr) == (0, "")
    assert [line["id"] for line in articles(result)] == [f"longbien/{ROW.article.entry_id}"]


def test_a_bad_input_among_several(saved: Path, tmp_path: Path) -> None:
    other, empty = tmp_path / "other.html", tmp_path / "empty.html"
    other.write_bytes(answer(SITE, OTHER.address).body)
    empty.touch()
    result = extract(saved, empty, other)
    assert result.exit_code == 4
    assert [line["title"] for line in articles(result)] == [ROW.article.title, OTHER.article.title]
    (said,) = result.stderr.splitlines()
    assert said.startswith(f"{empty}: ")


def test_only_bad_inputs_among_several(tmp_path: Path) -> None:
    result = extract(tmp_path / "a", tmp_path / "b")
    assert (result.exit_code, result.stdout) == (4, "")
    assert result.stderr.splitlines() == [
        f"{tmp_path}/{name}: cannot be read: No such file or directory" for name in "ab"
    ]


def write(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("empty.html", b"", "empty"),
        ("spaces.html", b" \r\n\t" * 99, "empty"),
        ("scan.html", b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj", "PDF"),
        ("photo.html", b"\x89PNG\r\n\x1a\n" + bytes(200), "PNG"),
        ("half.html", PAGE[: PAGE.index(b"view-content") + 20], ""),
        ("cut.html", PAGE[: len(PAGE) // 2], ""),
        ("deep.html", b"<html><body>" + b"<div>" * 20_000 + b"x" + b"</div>" * 20_000, ""),
        ("wide.html", b"<div>" * (1024 * 1024 // 5), ""),
        ("other.html", b"<html><head><title>x</title></head><body><p>Hello</p></body></html>", ""),
        ("home.html", answer(SITE, "/").body, ""),
        ("listing.html", answer(SITE, "/tin-tuc").body, "a listing of "),
        ("binary.html", bytes(range(256)) * 40, ""),
    ],
    ids=lambda value: value if isinstance(value, str) and "." in value else "",
)
def test_what_is_no_article_has_one_reason(tmp_path: Path, name: str, content: bytes, reason: str) -> None:
    path = write(tmp_path / name, content)
    result = extract(path)
    assert (result.exit_code, result.stdout) == (1, "")
    (said,) = result.stderr.splitlines()
    assert said.startswith(f"{path}: ")
    assert reason in said
    assert len(said) > len(f"{path}: ") + 8


def test_a_file_that_is_too_large(tmp_path: Path) -> None:
    path = tmp_path / "large.html"
    with path.open("wb") as stream:
        stream.truncate(32 * 1024 * 1024 + 1)
    result = extract(path)
    assert (result.exit_code, result.stdout, result.stderr) == (1, "", f"{path}: larger than 32 MiB\n")


@pytest.mark.parametrize(
    ("name", "reason"),
    [("none.html", "No such file or directory"), ("folder", "Is a directory"), ("a/b", "Not a directory")],
)
def test_what_cannot_be_read(tmp_path: Path, name: str, reason: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "a").touch()
    path = tmp_path / name
    result = extract(path)
    assert (result.exit_code, result.stdout, result.stderr) == (1, "", f"{path}: cannot be read: {reason}\n")


@pytest.mark.parametrize("address", ["http://127.0.0.1:9/tin", "http://[::1]:9/", "https://10.0.0.1/"])
def test_a_private_address_is_refused(address: str) -> None:
    result = extract(address)
    assert (result.exit_code, result.stdout) == (1, "")
    (said,) = result.stderr.splitlines()
    assert said.startswith(f"{address}: ")
    assert said.endswith("which is no public address")


def test_articles_are_added_to_a_folder(saved: Path, tmp_path: Path) -> None:
    output = tmp_path / "out"
    arguments: tuple[str | Path, ...] = (saved, *PORTAL, "--output", output)
    first, second = extract(*arguments), extract(*arguments)
    saved.write_bytes(PAGE.replace(ROW.article.title.encode(), "Tiêu đề đã sửa".encode()))
    third = extract(*arguments)
    assert [(done.exit_code, done.stdout) for done in (first, second, third)] == [(0, "")] * 3
    assert [done.stderr for done in (first, second, third)] == [
        f"longbien: {count} new versions -> {output}/longbien\n" for count in (1, 0, 1)
    ]
    written = (output / "longbien" / "articles.jsonl").read_bytes()
    found = [Article.model_validate_json(line) for line in written.splitlines()]
    assert [one.title for one in found] == [ROW.article.title, "Tiêu đề đã sửa"]
    assert found[0].id == found[1].id


@pytest.mark.parametrize("output", ["saved.html", "saved.html/out"])
def test_a_folder_that_cannot_be_written(tmp_path: Path, output: str) -> None:
    path = write(tmp_path / "saved.html", PAGE)
    result = extract(path, *PORTAL, "--output", tmp_path / output)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr in {
        f"error: cannot make {tmp_path}/{output}: Not a directory\n",
        f"error: cannot make {tmp_path}/{output}: File exists\n",
    }


@pytest.mark.parametrize(
    "options",
    [["--portal", "../elsewhere"], ["--portal", "/elsewhere"], ["--portal", ".."], ["--url", "http://../tin.html"]],
    ids=" ".join,
)
def test_no_name_leads_out_of_the_output_folder(saved: Path, tmp_path: Path, options: list[str]) -> None:
    result = extract(saved, *options, "--output", tmp_path / "inner" / "out")
    assert (result.exit_code, result.stdout) == (2, "")
    assert len(result.stderr.splitlines()) == 1
    assert {path.name for path in tmp_path.rglob("*")} <= {saved.name, "inner", "out"}


def test_the_real_process_keeps_data_and_talk_apart(saved: Path, tmp_path: Path) -> None:
    program = [sys.executable, "-c", "from harvester.cli import main; main()"]
    done = subprocess.run(
        [*program, "extract", saved, "-", tmp_path / "none.html"], input=PAGE, capture_output=True, check=False
    )
    assert done.returncode == 4
    assert [json.loads(line)["title"] for line in done.stdout.splitlines()] == [ROW.article.title] * 2
    assert done.stdout.endswith(b"\n")
    missing = tmp_path / "none.html"
    assert done.stderr.decode() == f"{missing}: cannot be read: No such file or directory\n"
