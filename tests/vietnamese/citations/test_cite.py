"""cases.txt against the rules: a text, and the citations in it as (words, canonical id)."""

import re
from pathlib import Path

import pytest

from harvester.vietnamese.citations import cite

CASES = Path(__file__).with_name("cases.txt").read_text(encoding="utf-8").splitlines()
MARKED = re.compile(r"\{([^|}]+)\|([^}]+)\}")
ESCAPED = re.compile(r"\\(n|t|u[0-9a-f]{4})")
MEANT = {"n": "\n", "t": "\t"}


def unescaped(line: str) -> str:
    return ESCAPED.sub(lambda match: MEANT.get(match[1]) or chr(int(match[1][1:], 16)), line)


def numbered_cases() -> list[tuple[int, str]]:
    """Return the cases with the numbers of their lines, remarks left out."""
    lines = enumerate((line.partition(" ;; ")[0] for line in CASES), start=1)
    return [(number, line) for number, line in lines if line and not line.startswith("#")]


@pytest.mark.parametrize("line", [pytest.param(line, id=f"cases.txt:{number}") for number, line in numbered_cases()])
def test_cites(line: str) -> None:
    marked = unescaped(line)
    text = MARKED.sub(lambda match: match[1], marked)
    assert [(text[c.start : c.end], c.canonical_id) for c in cite(text)] == MARKED.findall(marked)


def test_there_are_cases_of_every_kind() -> None:
    lines = [line for _, line in numbered_cases()]
    unresolved = [line for line in lines if any("?" in found for _, found in MARKED.findall(line))]
    assert len(lines) >= 250
    assert len(unresolved) >= 20
    assert len(lines) == len(set(lines))


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("Chỉ thị 8/CT-TTg", ["symbol"]),
        ("Luật Cư trú", ["name"]),
        ("Nghị quyết Đại hội XII của Đảng", ["occasion"]),
        ("Quyết định ngày 2/4/2019 của UBND quận", ["date"]),
        ("Nghị quyết 52 của Bộ Chính trị", ["issuer"]),
        ("Nghị định 45/2022/NĐ-CP, Nghị định 45", ["symbol", "antecedent"]),
        ("Nghị quyết số 08 và 10-NQ/HU", ["list", "symbol"]),
        ("Đề án 06", [None]),
    ],
)
def test_says_what_decided(text: str, means: list[str | None]) -> None:
    assert [citation.resolved_by for citation in cite(text)] == means
