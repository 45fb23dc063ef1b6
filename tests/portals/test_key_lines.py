import tomllib
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harvester.portals.lines import KeyPath, key_lines, line_of

HEADERS = """# [[portal]] in a comment = "no"
[[portal]]
id = "a" # hosts = []
note = "[[portal]]"
  [[ portal . hosts ]]
  name = 'x'
[[portal.hosts]]
name = "y"

[[portal]]
id = "b"
[[portal.hosts]]
name = "z"
"""

VALUES = '''[[portal]]
text = """
[[portal]]
id = "inside" \\"""
quotes at the end: """""
literal = \'\'\'
name = [
\'\'\'\'
list = [
  "[[", # ]]
  { name = "inline", more = [1,
2] },
]
after = 1
'''

KEYS = """plain.dotted . "quoted \\u0041" = 1
'literal' = 2
[table]
inline = { a = 1, b.c = 2 }
[table.sub]
x = 1979-05-27T07:32:00Z
"""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            HEADERS,
            {
                ("portal",): 2,
                ("portal", 0): 2,
                ("portal", 0, "id"): 3,
                ("portal", 0, "note"): 4,
                ("portal", 0, "hosts"): 5,
                ("portal", 0, "hosts", 0): 5,
                ("portal", 0, "hosts", 0, "name"): 6,
                ("portal", 0, "hosts", 1): 7,
                ("portal", 0, "hosts", 1, "name"): 8,
                ("portal", 1): 10,
                ("portal", 1, "id"): 11,
                ("portal", 1, "hosts"): 12,
                ("portal", 1, "hosts", 0): 12,
                ("portal", 1, "hosts", 0, "name"): 13,
            },
        ),
        (
            VALUES,
            {
                ("portal",): 1,
                ("portal", 0): 1,
                ("portal", 0, "text"): 2,
                ("portal", 0, "literal"): 6,
                ("portal", 0, "list"): 9,
                ("portal", 0, "after"): 14,
            },
        ),
        (
            KEYS,
            {
                ("plain",): 1,
                ("plain", "dotted"): 1,
                ("plain", "dotted", "quoted A"): 1,
                ("literal",): 2,
                ("table",): 3,
                ("table", "inline"): 4,
                ("table", "sub"): 5,
                ("table", "sub", "x"): 6,
            },
        ),
        ("", {}),
        ("a = 1\r\nb = 2\r\n", {("a",): 1, ("b",): 2}),
        ("a = 1 # no line end", {("a",): 1}),
    ],
    ids=["headers", "values", "keys", "empty", "crlf", "no line end"],
)
def test_lines_of_headers_and_keys(text: str, expected: dict[KeyPath, int]) -> None:
    tomllib.loads(text)
    assert key_lines(text) == expected


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("portal", 0, "hosts", 1, "name"), 8),
        (("portal", 0, "hosts", 1, "evidence"), 7),
        (("portal", 0, "family"), 2),
        (("portal", 7, "id"), 2),
        (("elsewhere",), 1),
        ((), 1),
    ],
)
def test_a_missing_key_is_shown_at_what_is_around_it(path: KeyPath, line: int) -> None:
    assert line_of(path, key_lines(HEADERS)) == line


SCALARS = st.one_of(
    st.integers(-9, 9).map(str),
    st.sampled_from(['"[[portal]]"', "'''\na = 1\n'''", '"""\n[x]\n"""', "[\n1, # ]\n]", "{ a = { b = 1 } }", "[]"]),
)
NAMES = st.sampled_from(["a", "b", "c", '"d e"', "'#'"])


@st.composite
def documents(draw: st.DrawFn) -> tuple[str, dict[KeyPath, int]]:
    """An array of tables with random values, and the line each key was put on."""
    text, expected = "", dict[KeyPath, int]()
    for index in range(draw(st.integers(1, 3))):
        expected.setdefault(("t",), text.count("\n") + 1)
        expected["t", index] = text.count("\n") + 1
        text += "[[t]]\n"
        for name in draw(st.lists(NAMES, unique=True)):
            text += draw(st.sampled_from(["", "\n", "# [[t]]\n"]))
            expected["t", index, name.strip("\"'")] = text.count("\n") + 1
            text += f"{name} = {draw(SCALARS)}\n"
    return text, expected


@settings(deadline=None)
@given(documents())
def test_every_key_is_found_on_its_line(document: tuple[str, dict[KeyPath, int]]) -> None:
    text, expected = document
    assert key_lines(text) == expected
    assert set(expected) == set(_paths(tomllib.loads(text)))


def _paths(content: dict[str, Any]) -> Iterator[KeyPath]:
    yield ("t",)
    for index, entry in enumerate(content["t"]):
        yield ("t", index)
        yield from (("t", index, key) for key in entry)
