import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from jsonschema.validators import validator_for

from harvester.demo.server import Replica
from harvester.harvest.job import HarvestJob, run_job
from harvester.portals.catalogue import Catalogue
from harvester.records import Article
from harvester.schema import DIALECT, article_schema

SCHEMA = article_schema()
VALIDATOR = Draft202012Validator(SCHEMA)


@pytest.fixture(scope="module")
def lines(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    folder = tmp_path_factory.mktemp("schema")
    with Replica(30, slow_seconds=0) as replica:
        portal = replica.portal
        run_job(HarvestJob(portals=(portal,), catalogue=Catalogue((portal,)), output=folder))
    return [json.loads(line) for line in (folder / portal.id / "articles.jsonl").read_bytes().splitlines()]


def test_the_schema_is_one() -> None:
    assert (SCHEMA["$schema"], validator_for(SCHEMA)) == (DIALECT, Draft202012Validator)
    Draft202012Validator.check_schema(SCHEMA)
    assert list(SCHEMA["properties"]) == list(Article.model_fields)
    assert SCHEMA["additionalProperties"] is False


def test_every_harvested_line_is_valid(lines: list[dict[str, Any]]) -> None:
    assert len(lines) == 30
    assert [error.message for line in lines for error in VALIDATOR.iter_errors(line)] == []


def test_every_line_has_every_field(lines: list[dict[str, Any]]) -> None:
    assert {tuple(line) for line in lines} == {tuple(Article.model_fields)}


@pytest.mark.parametrize(
    ("path", "wrong"),
    [
        (("surprise",), 1),
        (("schema_version",), "2"),
        (("title",), None),
        (("view_count",), -1),
        (("view_count",), "12"),
        (("posted_at",), 1572253740),
        (("posted_precision",), "hour"),
        (("officials", 0, "mentions", 0, "start"), -1),
        (("officials", 0, "references"), None),
        (("officials", 0, "event_role"), "sings"),
        (("citations", 0, "resolved_by"), "guess"),
        (("citations", 0, "surprise"), 1),
        (("capture", "via"), "ftp"),
    ],
    ids=lambda value: ".".join(map(str, value)) if isinstance(value, tuple) else "",
)
def test_what_is_no_article_line(lines: list[dict[str, Any]], path: tuple[str | int, ...], wrong: object) -> None:
    line = json.loads(json.dumps(next(line for line in lines if line["officials"] and line["citations"])))
    *steps, last = path
    holder: Any = line
    for step in steps:
        holder = holder[step]
    holder[last] = wrong
    assert not VALIDATOR.is_valid(line)


def test_required_fields_are_those_without_a_default() -> None:
    required = {name for name, field in Article.model_fields.items() if field.is_required()}
    assert required <= set(SCHEMA["required"])
