import json
import unicodedata
from pathlib import Path
from typing import Any, get_args

import pytest
from typer.testing import CliRunner, Result

from harvester.cli import app
from harvester.demo.site import compose_site
from harvester.records import Article

ARTICLE = next(one for one in compose_site(20).articles if one.officials and one.citations)


def annotate(*arguments: str | Path, stdin: bytes = b"") -> Result:
    return CliRunner().invoke(app, ["annotate", *map(str, arguments)], input=stdin, catch_exceptions=False)


def objects(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout_bytes.splitlines()]


def line(**fields: object) -> bytes:
    return json.dumps(fields, ensure_ascii=False).encode() + b"\n"


def test_people_and_documents_are_those_of_the_text() -> None:
    result = annotate("-", stdin=line(id=7, body=ARTICLE.body, officials="old", citations=None))
    assert (result.exit_code, result.stderr) == (0, "")
    (found,) = objects(result)
    assert (found["id"], found["body"]) == (7, ARTICLE.body)
    assert {one["name"] for one in found["officials"]} == {one.name for one in ARTICLE.officials}
    truth = {(one.start, one.end): one.canonical_id for one in ARTICLE.citations}
    assert {(one["start"], one["end"]): one["canonical_id"] for one in found["citations"]} == truth


def test_the_shapes_are_those_of_the_record() -> None:
    (found,) = objects(annotate("-", stdin=line(body=ARTICLE.body)))
    fields = Article.model_fields
    assert list(found) == ["body", "officials", "citations"]
    for name in ("officials", "citations"):
        kind = get_args(fields[name].annotation)[0]
        assert [kind.model_validate(one).model_dump(mode="json") for one in found[name]] == found[name]


def test_text_comes_back_composed_and_offsets_slice_it() -> None:
    (found,) = objects(annotate("-", stdin=line(body=unicodedata.normalize("NFD", ARTICLE.body))))
    body = found["body"]
    assert body == ARTICLE.body
    assert [body[one["start"] : one["end"]] for one in found["citations"]] == [
        one["text"] for one in found["citations"]
    ]
    spans = [(one["name"], span) for one in found["officials"] for span in one["mentions"]]
    assert len(spans) > 0
    for name, span in spans:
        assert body[span["start"] : span["end"]].casefold() == name.casefold()


def test_a_file_and_another_field(tmp_path: Path) -> None:
    path = tmp_path / "văn bản.jsonl"
    path.write_bytes(line(n=1, text="Ngày 5/3.", body=5) + b"\n  \n" + line(n=2, text=None)[:-1])
    result = annotate(path, "--text-field", "text")
    assert (result.exit_code, result.stderr) == (0, "")
    assert objects(result) == [
        {"n": 1, "text": "Ngày 5/3.", "body": 5, "officials": [], "citations": []},
        {"n": 2, "text": None, "officials": [], "citations": []},
    ]


GOOD = line(body="")
DEEP = b'{"body":"x","deep":' + b"[" * 400 + b"]" * 400 + b"}\n"


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (b'{"body": "x"\n', "no JSON: "),
        (b"\xff\xfe{}\n", "no JSON: "),
        (b'{"body": NaN}\n', "no JSON: "),
        (b'["body"]\n', "the line holds no JSON object"),
        (b'"body"\n', "the line holds no JSON object"),
        (b'{"text": "x"}\n', "no field “body”; name the text's field with --text-field"),
        (b'{"body": 5}\n', "the field “body” holds no text"),
        (b'{"body": ["x"]}\n', "the field “body” holds no text"),
        (DEEP, ""),
        (b'{"body":"' + b"a" * (32 * 1024 * 1024) + b'"}\n', "the line is longer than 32 MiB"),
    ],
    ids=range(10),
)
def test_a_bad_line_is_reported_and_never_written_through(tmp_path: Path, bad: bytes, reason: str) -> None:
    path = tmp_path / "in.jsonl"
    path.write_bytes(GOOD + b"\n" + bad + GOOD)
    result = annotate(path)
    assert result.exit_code == 1
    assert objects(result) == [{"body": "", "officials": [], "citations": []}] * 2
    (said,) = result.stderr.splitlines()
    assert said.startswith(f"{path}, line 3: {reason}")


@pytest.mark.parametrize(
    ("name", "reason"), [("none.jsonl", "No such file or directory"), ("folder", "Is a directory")]
)
def test_a_file_that_cannot_be_read(tmp_path: Path, name: str, reason: str) -> None:
    (tmp_path / "folder").mkdir()
    result = annotate(tmp_path / name)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == f"error: cannot read {tmp_path / name}: {reason}\n"


def test_no_lines_are_no_lines() -> None:
    result = annotate("-")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "")
