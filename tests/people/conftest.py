import hashlib
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from pathlib import Path

import pytest

from harvester.people import find_people
from harvester.portals.catalogue import Catalogue
from harvester.records import VIETNAM_TIME, Article, CaptureNote, Official, ParserNote, Person, Position, Span
from harvester.vietnamese.text import comparison_key
from harvester.writers.jsonl import to_line

Row = tuple[str, str, str]
"""Day (empty for none), name with its honorific in small letters before it, posts: role|organisation|place, by ;"""

People = Callable[..., list[Person]]
CAPTURE = CaptureNote(
    captured_at=datetime(2025, 6, 30, tzinfo=VIETNAM_TIME),
    via="file",
    status=200,
    sha256=hashlib.sha256(b"").hexdigest(),
    archive=None,
    charset="utf-8",
    tls_verified=None,
)


def position(text: str) -> Position:
    role, organisation, place = [*text.split("|"), "", ""][:3]
    return Position(role=role, organisation=organisation or None, place=place or None, expanded=None)


def official(who: str, posts: str) -> Official:
    words = who.split()
    at = next(index for index, word in enumerate(words) if word[0].isupper())
    name = " ".join(words[at:])
    return Official(
        name=name,
        key=comparison_key(name),
        honorifics=(" ".join(words[:at]),) if at else (),
        positions=tuple(position(text.strip()) for text in posts.split(";") if text.strip()),
        mentions=(Span(start=0, end=len(name)),),
    )


def article(identity: str, day: str, officials: Iterable[Official]) -> Article:
    return Article(
        id=identity,
        portal=identity.partition("/")[0],
        url=None,
        canonical_url=None,
        section=None,
        title="Tin trong ngày",
        posted_at=datetime.fromisoformat(day).replace(tzinfo=VIETNAM_TIME) if day else None,
        posted_precision="day" if day else None,
        view_count=None,
        summary=None,
        body="Nội dung",
        author=None,
        source=None,
        officials=tuple(officials),
        capture=CAPTURE,
        parser=ParserNote(family="plain-text", version="1"),
    )


def write_articles(folder: Path, articles: Sequence[Article]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "articles.jsonl"
    path.write_bytes(b"".join(map(to_line, articles)))
    return path


@pytest.fixture
def people(tmp_path: Path) -> People:
    """Return what writes one article a row, numbered from 1, for each portal and reads the persons back."""

    def found(rows: Sequence[Row] = (), **portals: Sequence[Row]) -> list[Person]:
        by_portal = portals or {"longbien": rows}
        for portal, its_rows in by_portal.items():
            articles = [
                article(f"{portal}/{number:04}", day, [official(who, posts)])
                for number, (day, who, posts) in enumerate(its_rows, 1)
            ]
            write_articles(tmp_path / portal, articles)
        return list(find_people(by_portal, tmp_path, Catalogue.load(), note=print, refuse=print))

    return found
