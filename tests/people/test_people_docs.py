import json
import re
from datetime import datetime
from pathlib import Path
from typing import get_args

from harvester.people import find_people
from harvester.people.doubts import LONG_GAP_DAYS
from harvester.people.groups import HANDOVER_DAYS, MAX_COMPARED_SEATS
from harvester.people.linking import MAX_COMPARED_GROUPS
from harvester.portals.catalogue import Catalogue
from harvester.records import VIETNAM_TIME, Article, CaptureNote, DoubtReason, ParserNote
from harvester.vietnamese.officials import find_officials
from harvester.writers.jsonl import to_line

PAGE = (Path(__file__).parents[2] / "docs" / "people.md").read_text(encoding="utf-8")


def test_the_example_is_what_comes_out(tmp_path: Path) -> None:
    rows = re.findall(r"^\| (\d{4}-\d\d-\d\d) \| (.+?) \|$", PAGE, re.MULTILINE)
    articles = [example(f"longbien/{number:04}", day, text) for number, (day, text) in enumerate(rows, 1)]
    (tmp_path / "longbien").mkdir()
    (tmp_path / "longbien" / "articles.jsonl").write_bytes(b"".join(map(to_line, articles)))
    found = find_people(["longbien"], tmp_path, Catalogue.load(), note=print, refuse=print)
    excerpt = json.loads(PAGE.split("```json\n")[1].split("```")[0])
    assert [
        {name: value for name, value in person.model_dump(mode="json").items() if name in shown}
        for person, shown in zip(found, excerpt, strict=True)
    ] == excerpt


def test_every_doubt_is_explained() -> None:
    assert sorted(re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE)) == sorted(get_args(DoubtReason))


def test_bounds_are_as_told() -> None:
    assert f"{HANDOVER_DAYS} days" in PAGE
    assert f"the {MAX_COMPARED_SEATS} posts" in PAGE
    assert f"more than {MAX_COMPARED_GROUPS} sets" in PAGE
    assert f"the {MAX_COMPARED_GROUPS} largest" in PAGE
    assert (LONG_GAP_DAYS, "more than five years" in PAGE) == (5 * 365, True)


def example(identity: str, day: str, body: str) -> Article:
    return Article(
        id=identity,
        portal="longbien",
        url=None,
        canonical_url=None,
        section=None,
        title="Tin trong ngày",
        posted_at=datetime.fromisoformat(day).replace(tzinfo=VIETNAM_TIME),
        posted_precision="day",
        view_count=None,
        summary=None,
        body=body,
        author=None,
        source=None,
        officials=find_officials(body),
        capture=CaptureNote(
            captured_at=datetime(2025, 6, 30, tzinfo=VIETNAM_TIME),
            via="file",
            status=None,
            sha256="0" * 64,
            archive=None,
            charset="utf-8",
            tls_verified=None,
        ),
        parser=ParserNote(family="plain-text", version="1"),
    )
