import json
from io import BytesIO

import pytest

from harvester import annotation
from harvester.annotation import Refused, annotate
from harvester.extraction import read_language

TEXT = "Ông Trần Văn Hòa - Chủ tịch UBND quận Long Biên ký Quyết định số 25/2021/QĐ-UBND ngày 01/12/2021."


def found(content: bytes, text_field: str = "body") -> list[dict[str, object] | Refused]:
    return [one if isinstance(one, Refused) else json.loads(one) for one in annotate(BytesIO(content), text_field)]


def test_a_line_gets_what_language_reads() -> None:
    officials, citations = read_language(TEXT)
    assert [one.name for one in officials] == ["Trần Văn Hòa"]
    assert [one.canonical_id for one in citations] == ["QD:25/2021:UBND"]
    (line,) = found(json.dumps({"body": TEXT, "n": [1.5, None, {"a": "ệ"}]}).encode())
    assert line == {
        "body": TEXT,
        "n": [1.5, None, {"a": "ệ"}],
        "officials": [one.model_dump(mode="json") for one in officials],
        "citations": [one.model_dump(mode="json") for one in citations],
    }


@pytest.mark.parametrize(
    ("content", "lines"),
    [
        (b"", []),
        (b"\n \r\n", []),
        (b'{"body":""}', [{"body": "", "officials": [], "citations": []}]),
        (b'{"body":null}\r\n', [{"body": None, "officials": [], "citations": []}]),
        (b'{"citations":7,"body":""}\n', [{"citations": [], "body": "", "officials": []}]),
        (b'\n\n{"body":1}\n', [Refused(3, "the field “body” holds no text")]),
        (b'{}\n{"body":""}', [Refused(1, "no field “body”; name the text's field with --text-field"),
                               {"body": "", "officials": [], "citations": []}]),
        ('{"body":"e\u0302\u0323"}'.encode(), [{"body": "ệ", "officials": [], "citations": []}]),
    ],
)  # fmt: skip
def test_lines(content: bytes, lines: list[object]) -> None:
    assert found(content) == lines


def test_another_field() -> None:
    (line,) = found(json.dumps({"text": TEXT, "body": 1}).encode(), "text")
    assert isinstance(line, dict)
    assert (line["text"], line["body"]) == (TEXT, 1)
    assert line["officials"] != []


@pytest.mark.parametrize("size", [20, 21, 100])
def test_a_line_too_long_is_passed_over(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    monkeypatch.setattr(annotation, "MAX_LINE_BYTES", 20)
    long = b'{"body":"' + b"a" * (size - 11) + b'"}'
    first, *rest = found(long + b'\n{"body":""}\n')
    assert isinstance(first, Refused)
    assert first.number == 1
    assert rest == [{"body": "", "officials": [], "citations": []}]


@pytest.mark.parametrize(
    "content", [b"[" * 100_000, b'{"body":"x","a":' + b"[" * 300 + b"]" * 300 + b"}", b'"\\ud800"', b"\x00"]
)
def test_hostile_lines_are_refused(content: bytes) -> None:
    (line,) = found(content)
    assert isinstance(line, Refused)
