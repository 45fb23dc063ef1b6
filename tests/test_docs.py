import io
import json
import re
from datetime import datetime
from pathlib import Path

import pytest

import write_docs
from harvester import errors
from harvester.demo.server import answer, replica_portal
from harvester.demo.site import HOST_NAME, compose_site
from harvester.demo.texts import FOUNDING_ENTRY_ID
from harvester.errors import ExitCode, HarvesterError
from harvester.extraction import extract
from harvester.fetchers.file import read_stream
from harvester.harvest import manifest, store
from harvester.portals.catalogue import Catalogue
from harvester.records import VIETNAM_TIME, Article
from harvester.vietnamese.citations import Dateline, cite
from harvester.vietnamese.places import unit_named

ROOT = Path(__file__).parents[1]

PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]


@pytest.mark.parametrize("name", write_docs.pages())
def test_generated_page_is_up_to_date(name: str) -> None:
    assert (ROOT / "docs" / name).read_bytes() == write_docs.pages()[name]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_to_files(page: Path) -> None:
    targets = re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text(encoding="utf-8"))
    assert [target for target in targets if not (page.parent / target).exists()] == []


def test_make_targets_of_the_readme_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    named = set(re.findall(r"make ([a-z]+)\b", (ROOT / "README.md").read_text(encoding="utf-8")))
    assert {"demo", "test", "score", "bench"} <= named
    assert [target for target in named - {"first"} if f"\n{target}:" not in makefile] == []


def test_every_page_is_linked_from_the_readme() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [page.name for page in (ROOT / "docs").glob("*.md") if f"(docs/{page.name})" not in readme] == []


def test_readme_excerpt_is_what_the_replica_gives() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    excerpt = json.loads(readme.split("```json\n")[1].split("```")[0])
    article = founding_article().model_dump(mode="json")
    assert {key: article[key] for key in excerpt if key not in ("id", "officials", "citations")} == {
        key: value for key, value in excerpt.items() if key not in ("id", "officials", "citations")
    }
    assert excerpt["id"] == f"demo/{FOUNDING_ENTRY_ID}"
    for kind in ("officials", "citations"):
        assert all(any(is_part(part, whole) for whole in article[kind]) for part in excerpt[kind])


def is_part(part: object, whole: object) -> bool:
    if isinstance(part, dict) and isinstance(whole, dict):
        return all(key in whole and is_part(value, whole[key]) for key, value in part.items())
    if isinstance(part, list) and isinstance(whole, list):
        return len(part) == len(whole) and all(map(is_part, part, whole))
    return part == whole


def test_the_example_of_a_citation_is_what_comes_out() -> None:
    page = (ROOT / "docs" / "citations.md").read_text(encoding="utf-8")
    text = re.search(r"\| field \| of “(.+)” \|", page)
    assert text
    rows = dict(re.findall(r"^\| (`.+?`) \| (.+) \|$", page, re.MULTILINE))
    dateline = Dateline(unit_named("Quận Long Biên", "Hà Nội"))
    (citation,) = cite(text[1], dateline)
    names = [name for row in rows for name in re.findall(r"`(\w+)`", row)]
    assert set(names) == set(type(citation).model_fields)
    for row, told in rows.items():
        for name in set(re.findall(r"`(\w+)`", row)) - {"start", "end"}:
            value = getattr(citation, name)
            assert ("null" if value is None else str(value)) in told, name


def founding_article() -> Article:
    site = compose_site()
    rows = (row for listed in site.rows.values() for row in listed)
    address = next(row.address for row in rows if row.article.entry_id == FOUNDING_ENTRY_ID)
    url = f"http://{HOST_NAME}{address}"
    moment = datetime(2025, 6, 30, tzinfo=VIETNAM_TIME)

    capture = read_stream(io.BytesIO(answer(site, address).body), name="page.html", url=url, captured_at=moment)
    found = extract(capture, Catalogue(portals=(replica_portal("127.0.0.1:80"),)), "demo")
    assert isinstance(found, Article)
    return found


def test_error_tree_in_the_docstring_is_the_tree() -> None:
    drawn = re.findall(r"^[ │├└─]*([A-Z][A-Za-z]+)", (errors.__doc__ or "").split("\n\n")[1], re.MULTILINE)
    assert drawn == [error.__name__ for error in walk(HarvesterError)]


def walk(error: type[HarvesterError]) -> list[type[HarvesterError]]:
    return [error, *(each for child in error.__subclasses__() for each in walk(child))]


def test_exit_codes_are_documented() -> None:
    assert set(write_docs.EXIT_CODES) == set(ExitCode)


def test_files_of_the_output_folder_are_documented() -> None:
    page = (ROOT / "docs" / "output.md").read_text(encoding="utf-8")
    names = (store.ARTICLES, store.OBSERVATIONS, store.FAILURES, store.STATE, store.LOCK, manifest.MANIFEST)
    assert [name for name in names if f"`{name}`" not in page] == []
