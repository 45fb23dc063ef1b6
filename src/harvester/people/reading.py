"""Who is named where: the present state of each article of a portal's articles.jsonl, bodies left behind."""

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict, ValidationError

from harvester.errors import OutputError
from harvester.records import Moment, Position, Text

_POSITION = re.compile(r" at line \d{1,9} column \d{1,9}$")
"""In the line itself; lines are counted in the file here."""

MAX_LINE_BYTES = 32 * 1024 * 1024

Tell = Callable[[str], None]
"""Told something in words: one line fit for a user."""


class Mention(NamedTuple):
    """One official of one article, as far as it tells persons apart."""

    key: str
    name: str
    honorifics: tuple[str, ...]
    positions: tuple[Position, ...]


class Naming(NamedTuple):
    """What is kept of an article: when it was posted, if known, and whom it names."""

    posted_at: datetime | None
    mentions: tuple[Mention, ...]

    @property
    def day(self) -> date | None:
        """The day of the article in Vietnam."""
        return self.posted_at.date() if self.posted_at else None


class _Named(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    name: Text
    key: Text
    honorifics: tuple[Text, ...]
    positions: tuple[Position, ...]


class _Line(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str
    posted_at: Moment | None
    officials: tuple[_Named, ...]


def read_namings(path: Path, refuse: Tell) -> dict[str, Naming]:
    """Return, by article id, whom the last line of each article names.

    Equal mentions are kept once, so that memory grows with articles and persons, not with their texts. What follows
    the last line feed is being written by a run, and is left out; so is a line that holds no article: `refuse` is told
    of it.

    Raises:
        OutputError: the file cannot be read.
    """
    known: dict[Mention, Mention] = {}
    namings: dict[str, Naming] = {}
    try:
        for number, line in _whole_lines(path):
            if len(line) > MAX_LINE_BYTES:
                refuse(f"{path}, line {number}: longer than {MAX_LINE_BYTES // 1024 // 1024} MiB; left out")
                continue
            try:
                article = _Line.model_validate_json(line)
            except ValidationError as error:
                refuse(f"{path}, line {number}: no article line: {_first_words(error)}; left out")
                continue
            mentions = (_mention(official) for official in article.officials)
            kept = tuple(known.setdefault(mention, mention) for mention in mentions)
            namings[article.id] = Naming(article.posted_at, kept)
    except OSError as error:
        raise OutputError(f"cannot read {path}: {error.strerror}") from error
    return namings


def _mention(official: _Named) -> Mention:
    return Mention(official.key, official.name, official.honorifics, official.positions)


def _whole_lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """Yield the lines that end and are not blank, with their numbers; of one that is too long, its beginning."""
    with path.open("rb") as stream:
        number = 0
        while line := stream.readline(MAX_LINE_BYTES + 1):
            number += 1
            rest = line
            while rest and not rest.endswith(b"\n"):
                rest = stream.readline(MAX_LINE_BYTES)
            if rest and line.strip():
                yield number, line


def _first_words(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    where = ".".join(map(str, first["loc"]))
    message = _POSITION.sub("", first["msg"])
    return f"{where}: {message}" if where else message
