"""cases.txt against the rules: a text with each mention marked, and each official with the posts."""

import re
from pathlib import Path

import pytest

from harvester.vietnamese.officials import find_officials

CASES = Path(__file__).with_name("cases.txt").read_text(encoding="utf-8").splitlines()
MARKED = re.compile(r"\{([^{}]+)\}")
ESCAPED = re.compile(r"\\(n|t|u[0-9a-f]{4})")
MEANT = {"n": "\n", "t": "\t"}
NONE = "-"

Posts = list[tuple[str | None, ...]]


def numbered_cases() -> list[tuple[int, str]]:
    """Return the cases with the numbers of their lines, remarks left out."""
    lines = enumerate((line.partition(" ;; ")[0] for line in CASES), start=1)
    return [(number, line) for number, line in lines if line and not line.startswith("#")]


def params() -> list[object]:
    """Return the cases; those with "! " in front are known to fail, and must be marked so no more once they do not."""
    known = pytest.mark.xfail(reason="a known failure (docs/annotation.md)", strict=True)
    return [
        pytest.param(line.removeprefix("! "), marks=known if line.startswith("! ") else (), id=f"cases.txt:{number}")
        for number, line in numbered_cases()
    ]


def posts_of(text: str) -> dict[str, Posts]:
    """Return what stands behind the arrow: name: role | organisation | place; … // name: -"""
    if text.strip() == NONE:
        return {}
    found = {}
    for entry in text.split(" // "):
        name, _, posts = entry.partition(": ")
        parts = [tuple(part.strip() for part in post.split(" | ")) for post in posts.split("; ")]
        found[name.strip()] = [
            tuple(None if part == NONE else part for part in post) for post in parts if len(post) > 1
        ]
    return found


@pytest.mark.parametrize("line", params())
def test_finds(line: str) -> None:
    marked, _, expected = line.rpartition(" => ")
    marked = ESCAPED.sub(lambda match: MEANT.get(match[1]) or chr(int(match[1][1:], 16)), marked)
    text = MARKED.sub(lambda match: match[1], marked)
    officials = find_officials(text)
    spans = sorted((mention.start, mention.end) for official in officials for mention in official.mentions)
    assert [text[start:end] for start, end in spans] == MARKED.findall(marked)
    assert {o.name: [(p.role, p.organisation, p.place) for p in o.positions] for o in officials} == posts_of(expected)


def test_there_are_cases_of_every_kind() -> None:
    lines = [line for _, line in numbered_cases()]
    assert len(lines) >= 500
    assert sum(line.endswith(f"=> {NONE}") for line in lines) >= 40
    assert sum(line.startswith("! ") for line in lines) <= 34
    assert len(lines) == len(set(lines))
