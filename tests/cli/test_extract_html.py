from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser
from typer.testing import CliRunner, Result

from harvester.cli import app
from harvester.demo.server import answer
from harvester.demo.site import HOST_NAME, compose_site
from harvester.demo.texts import FOUNDING_ENTRY_ID
from harvester.records import Article
from harvester.writers.html import to_page

SITE = compose_site(20)
ROW = next(row for row in SITE.rows["/tin-tuc"] if row.article.entry_id == FOUNDING_ENTRY_ID)
PAGE = answer(SITE, ROW.address).body
OPTIONS = ["--portal", "longbien", "--url", f"http://{HOST_NAME}{ROW.address}", "--captured-at", "2022-08-27"]


def extract(*arguments: str | Path, stdin: bytes = b"") -> Result:
    return CliRunner().invoke(app, ["extract", *map(str, arguments)], input=stdin, catch_exceptions=False)


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    path = tmp_path / "saved.html"
    path.write_bytes(PAGE)
    return path


@pytest.mark.parametrize("output", [[], ["--output", "-"]], ids=["stdout", "dash"])
def test_the_page_is_that_of_the_line(saved: Path, output: list[str]) -> None:
    line, page = extract(saved, *OPTIONS), extract(saved, *OPTIONS, "--format", "html", *output)
    assert (page.exit_code, page.stderr) == (0, "")
    assert page.stdout_bytes == to_page(Article.model_validate_json(line.stdout_bytes))
    assert line.stdout_bytes == extract(saved, *OPTIONS, "--format", "jsonl").stdout_bytes


def test_people_and_documents_of_a_replica_article_are_marked() -> None:
    tree = LexborHTMLParser(extract("-", *OPTIONS, "--format", "html", stdin=PAGE).stdout_bytes)
    article = ROW.article
    assert [node.text() for node in tree.css("h1, #body")] == [article.title, article.body]
    mentions = sorted(span for official in article.officials for span in official.mentions)
    assert [mark.text() for mark in tree.css("#body .mention")] == [article.body[start:end] for start, end in mentions]
    cited = sorted((citation.start, citation.end) for citation in article.citations)
    assert [mark.text() for mark in tree.css("#body .citation")] == [article.body[start:end] for start, end in cited]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["a.html", "b.html"], "--format html makes one page of one input, not of 2; run it once for each"),
        (
            ["a.html", "--output", "out"],
            "--format html prints its page; leave --output away and redirect stdout: > page.html",
        ),
    ],
    ids=["several", "output"],
)
def test_one_page_at_a_time(tmp_path: Path, arguments: list[str], said: str) -> None:
    result = extract(*arguments, "--format", "html")
    assert (result.exit_code, result.stdout, result.stderr) == (2, "", f"error: {said}\n")


def test_what_is_no_article_is_no_page(tmp_path: Path) -> None:
    path = tmp_path / "listing.html"
    path.write_bytes(answer(SITE, "/tin-tuc").body)
    result = extract(path, "--format", "html")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith(f"{path}: a listing of ")


def test_an_unknown_format_is_refused(saved: Path) -> None:
    result = extract(saved, "--format", "pdf")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "'pdf' is not one of 'jsonl', 'html'" in result.stderr
