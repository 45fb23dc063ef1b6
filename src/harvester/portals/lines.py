"""Where a TOML file says something: the line of every header and key, for error messages."""

import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping

KeyPath = tuple[str | int, ...]
"""From the document's root to a key; an array of tables adds the index: ("portal", 0, "hosts", 1, "name")."""

# Possessive throughout: nothing is scanned twice. A multi-line string may end in two quotes of its own.
_LEXEME = re.compile(
    r"""
      (?P<text> \"{3} (?: [^"\\]++ | \\. | "(?!"") )*+ "{3,5} | '{3} (?: [^']++ | '(?!'') )*+ '{3,5}
              | " (?: [^"\\\n]++ | \\. )*+ "               | ' [^'\n]*+ ' )
    | (?P<bare> [A-Za-z0-9_-]++ )
    | (?P<mark> [\[\]{}=] )
    | (?P<newline> \n )
    | \#[^\n]*+
    | [^"'A-Za-z0-9_\-\[\]{}=\n\#]++
    | .
    """,
    re.VERBOSE | re.DOTALL,
)
_DEPTH = {"[": 1, "{": 1, "]": -1, "}": -1}


def key_lines(text: str) -> dict[KeyPath, int]:
    """Return the line, counted from 1, on which each table, array entry and key of a valid TOML text begins.

    Keys inside inline tables have no entry of their own; `line_of` falls back to the key that holds them.
    """
    lines: dict[KeyPath, int] = {}
    entries: Counter[KeyPath] = Counter()
    table: KeyPath = ()
    for line, lexemes in _statements(text):
        names = [_name(lexeme) for lexeme in lexemes if lexeme not in _DEPTH]
        if lexemes[0] != "[":
            path = (*table, *names)
        elif lexemes[1] == "[":
            array = (*_resolve(names[:-1], entries), names[-1])
            table = path = (*array, entries[array])
            entries[array] += 1
        else:
            table = path = _resolve(names, entries)
        for length in range(1, len(path) + 1):
            lines.setdefault(path[:length], line)
    return lines


def line_of(path: KeyPath, lines: Mapping[KeyPath, int]) -> int:
    """Return the line of the key, else that of the nearest table or key around it, else 1."""
    return next((lines[path[:length]] for length in range(len(path), 0, -1) if path[:length] in lines), 1)


def _statements(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield each header and each key with its first line; of a key's statement only what precedes the “=”."""
    line = first = 1
    depth = 0
    key: list[str] = []
    in_value = False
    for match in _LEXEME.finditer(text):
        lexeme, kind = match[0], match.lastgroup
        if kind == "newline" and depth == 0:
            if key:
                yield first, key
            key, in_value = [], False
        elif lexeme == "=":
            in_value = in_value or depth == 0
        elif kind in {"text", "bare", "mark"}:
            depth += _DEPTH.get(lexeme, 0)
            if not in_value:
                first = first if key else line
                key.append(lexeme)
        line += lexeme.count("\n")
    if key:
        yield first, key


def _resolve(names: list[str], entries: Mapping[KeyPath, int]) -> KeyPath:
    """Return the path a header means: a name of an array of tables stands for its latest entry."""
    path: KeyPath = ()
    for name in names:
        path = (*path, name)
        if path in entries:
            path = (*path, entries[path] - 1)
    return path


def _name(lexeme: str) -> str:
    if lexeme[0] not in "\"'":
        return lexeme
    name: str = tomllib.loads(f"key = {lexeme}")["key"]
    return name
