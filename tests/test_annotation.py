import json
from io import BytesIO
from typing import Any

import pytest

from harvester import annotation
from harvester.annotation import Refused, Texts, annotate
from harvester.extraction import read_language
from harvester.portals.catalogue import Catalogue
from harvester.vietnamese.citations import Dateline

TEXT = "Ông Trần Văn Hòa - Chủ tịch UBND quận Long Biên ký Quyết định số 25/2021/QĐ-UBND ngày 01/12/2021."


CATALOGUE = Catalogue.load()


def found(content: bytes, text_field: str = "body", portal: str | None = None) -> list[dict[str, Any] | Refused]:
    lines = annotate(BytesIO(content), Texts(text_field, portal, CATALOGUE))
    return [one if isinstance(one, Refused) else json.loads(one) for one in lines]


def test_a_line_gets_what_language_reads() -> None:
    officials, citations = read_language(TEXT, Dateline())
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


@pytest.mark.parametrize(
    ("portal", "fields", "key"),
    [
        ("longbien", {}, "KH:7:QU@ha-noi/long-bien@2019"),
        (None, {"portal": "longbien"}, "KH:7:QU@ha-noi/long-bien@2019"),
        ("badinh", {"portal": "longbien"}, "KH:7:QU@ha-noi/ba-dinh@2019"),
        (None, {}, None),
        (None, {"portal": "nowhere"}, None),
        (None, {"portal": 4}, None),
    ],
)
def test_the_portal_decides_document_keys(portal: str | None, fields: dict[str, object], key: str | None) -> None:
    (line,) = found(json.dumps({"body": "Kế hoạch số 07-KH/QU ngày 5/3/2019"} | fields).encode(), portal=portal)
    assert not isinstance(line, Refused)
    assert [citation["document_key"] for citation in line["citations"]] == [key]


@pytest.mark.parametrize(
    ("posted_at", "key"),
    [
        ("2020-01-04T08:00:00+07:00", "KH:7:QU@ha-noi/long-bien@2019"),
        ("2020-03-05T00:00:00+07:00", "KH:7:QU@ha-noi/long-bien@2020"),
        ("2020-03-04T20:00:00+00:00", "KH:7:QU@ha-noi/long-bien@2020"),
        ("2020-03-05", "KH:7:QU@ha-noi/long-bien@2020"),
        ("yesterday", None),
        ("0001-01-01T00:00:00+23:00", None),
        (20200305, None),
        (None, None),
    ],
)
def test_the_day_of_posting_decides_document_keys(posted_at: object, key: str | None) -> None:
    line = {"portal": "longbien", "posted_at": posted_at, "body": "Kế hoạch số 07-KH/QU ngày 5/3"}
    (annotated,) = found(json.dumps(line).encode())
    assert not isinstance(annotated, Refused)
    assert [citation["document_key"] for citation in annotated["citations"]] == [key]


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
