"""TOML files into records: what is wrong with a file is said in one line, with the file's name and the line."""

import difflib
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Generic, Self, TypeVar, get_args

from pydantic import ValidationError

from harvester.errors import CatalogueError
from harvester.portals.lines import KeyPath, key_lines, line_of
from harvester.records import Record

MAX_BYTES = 4 * 1024 * 1024
_LONGEST_QUOTE = 80
_SYNTAX_PLACE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")

# What pydantic found, in the words of somebody who edits a TOML file.
_PROBLEMS = {
    "missing": "missing (add it)",
    "string_type": "not text (put it in quotes)",
    "string_too_short": "empty (fill it in, or leave the key out if it is optional)",
    "tuple_type": "not a list (write [...] or, for tables, double brackets: [[...]])",
    "model_type": "not a table (write key = value lines under its header)",
    "literal_error": "not one of the words allowed here (write {expected})",
    "greater_than_equal": "too small (at least {ge:g})",
    "less_than_equal": "too large (at most {le})",
    "finite_number": "not a finite number",
}
_PROBLEMS_BY_KIND = {
    "date": "not a date (write it like 2025-06-30, without quotes)",
    "bool": "neither true nor false (write one of them, without quotes)",
    "int": "not a whole number (write it in digits, without quotes)",
    "float": "not a number (write it in digits, without quotes)",
}

R = TypeVar("R", bound=Record)


@dataclass(frozen=True)
class TomlFile:
    """A TOML file as read: the name it goes by in messages, its text, and what the text says."""

    source: str
    text: str
    content: Mapping[str, Any]

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read a file of at most `MAX_BYTES`.

        Raises:
            CatalogueError: it cannot be read, is too large, not UTF-8 or not TOML.
        """
        try:
            with path.open("rb") as stream:
                raw = stream.read(MAX_BYTES + 1)
        except OSError as error:
            reason = (error.strerror or type(error).__name__).lower()
            raise CatalogueError(f"{path}: cannot be read: {reason} (name a TOML file)") from error
        return cls.parse(raw, source=str(path))

    @classmethod
    def parse(cls, raw: bytes, *, source: str) -> Self:
        """Take a file's bytes, with or without a byte-order mark.

        Raises:
            CatalogueError: they are too many, not UTF-8 or not TOML.
        """
        if len(raw) > MAX_BYTES:
            raise CatalogueError(f"{source}: larger than {MAX_BYTES // 1024**2} MiB (split it into several files)")
        try:
            text = raw.decode("utf-8-sig")
            return cls(source=source, text=text, content=tomllib.loads(text))
        except UnicodeDecodeError as error:
            line = raw.count(b"\n", 0, error.start) + 1
            raise CatalogueError(f"{source}:{line}: not UTF-8 (save the file as UTF-8)") from error
        except tomllib.TOMLDecodeError as error:
            place = _SYNTAX_PLACE.search(str(error))
            line = int(place[1]) if place and place[1] else text.rstrip().count("\n") + 1
            problem = _SYNTAX_PLACE.sub("", str(error))
            raise CatalogueError(f"{source}:{line}: not TOML: {problem} (mend the line)") from error
        except (ValueError, RecursionError) as error:  # a number of thousands of digits; brackets nested as deep
            raise CatalogueError(
                f"{source}: not TOML that can be read: a value is too long or too deep (shorten it)"
            ) from error

    def error(self, path: KeyPath, message: str) -> CatalogueError:
        """Return the error that points at a key, or at the nearest header where the key is missing."""
        return CatalogueError(f"{self.source}:{line_of(path, self._lines)}: {message}")

    def entries(self, table: str, model: type[R]) -> "list[Entry[R]]":
        """Return the validated entries of the only array of tables the file may hold.

        Raises:
            CatalogueError: an entry does not validate, the file holds other keys, or no entry at all.
        """
        for key in self.content:
            if key != table:
                raise self.error((key,), f"{printable(key)}: {unknown_key(key, [table])}")
        raw_entries = self.content.get(table, [])
        if not isinstance(raw_entries, list):
            raise self.error((table,), f"{table}: not a list of tables (write [[{table}]], with double brackets)")
        if not raw_entries:
            raise CatalogueError(f"{self.source}: holds no entry (begin one with [[{table}]])")
        return [self._entry(table, index, raw, model) for index, raw in enumerate(raw_entries)]

    @cached_property
    def _lines(self) -> Mapping[KeyPath, int]:
        return key_lines(self.text)

    def _entry(self, table: str, index: int, raw: object, model: type[R]) -> "Entry[R]":
        name = raw.get("id") if isinstance(raw, dict) else None
        label = f"{table} {quoted(name) if isinstance(name, str) and name else index + 1}"
        try:
            record = model.model_validate(raw)
        except ValidationError as error:
            # A misspelt key comes before the missing one it was meant to be; otherwise the first line does.
            first = min(
                error.errors(include_url=False),
                key=lambda each: (
                    each["type"] != "extra_forbidden",
                    line_of((table, index, *each["loc"]), self._lines),
                ),
            )
            field = ".".join(printable(step) for step in first["loc"] if isinstance(step, str))
            problem = f"{field}: {_problem(first, model)}" if field else _problem(first, model)
            raise self.error((table, index, *first["loc"]), f"{label}: {problem}") from error
        return Entry(record=record, file=self, label=label, path=(table, index))


@dataclass(frozen=True, slots=True)
class Entry(Generic[R]):
    """A validated record, and where its file says it."""

    record: R
    file: TomlFile
    label: str
    path: KeyPath

    def error(self, key: KeyPath, problem: str) -> CatalogueError:
        """Return the error that points at one of the entry's keys."""
        field = ".".join(step for step in key if isinstance(step, str))
        return self.file.error((*self.path, *key), f"{self.label}: {field}: {problem}")


def unknown_key(key: str, known: Iterable[str]) -> str:
    """Return what to say of a key that does not exist: the nearest that does, else all of them."""
    near = difflib.get_close_matches(key[:_LONGEST_QUOTE], known, n=1)
    return f"unknown key (did you mean {near[0]}?)" if near else f"unknown key (known here: {', '.join(known)})"


def quoted(text: str) -> str:
    """Return foreign text fit for a message: one line, in quotes, not too long."""
    return f'"{printable(text[:_LONGEST_QUOTE])}{"…" if len(text) > _LONGEST_QUOTE else ""}"'


def printable(text: str) -> str:
    """Return the text with line ends, controls and other unprintable characters escaped."""
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)


def _problem(details: Mapping[str, Any], model: type[Record]) -> str:
    kind, context = details["type"], details.get("ctx", {})
    if kind == "extra_forbidden":
        *around, key = details["loc"]
        return unknown_key(str(key), _keys_at(model, around))
    if kind == "value_error":
        return str(context["error"])
    wording = _PROBLEMS.get(kind) or _PROBLEMS_BY_KIND.get(kind.partition("_")[0])
    return wording.format(**context) if wording else str(details["msg"])


def _keys_at(model: type[Record], around: Iterable[str | int]) -> list[str]:
    """Return the keys of the table that the steps lead to, through fields of the form tuple[Model, ...]."""
    for step in around:
        if isinstance(step, str):
            model = get_args(model.model_fields[step].annotation)[0]
    return list(model.model_fields)
