"""Write the pages under docs/ that follow from the code: JSON Schema, data dictionary, commands, scores, a page.

`make docs` writes them; with --check the script only compares and fails where a page is out of date.
"""

import json
import sys
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import orjson
import typer

import metrics
from harvester.cli import app
from harvester.demo.server import replica_portal
from harvester.demo.site import HOST_NAME
from harvester.errors import ExitCode
from harvester.extraction import extract, read_language
from harvester.fetchers.file import read_file
from harvester.harvest.metrics import METRICS
from harvester.harvest.status_records import (
    ArticleCounts,
    DaysWithoutPost,
    FailureKind,
    FileStatus,
    ListingStatus,
    PageCounts,
    PortalStatus,
    RoundStatus,
    RunStatus,
)
from harvester.portals.catalogue import Catalogue
from harvester.records import (
    VIETNAM_TIME,
    Article,
    Attachment,
    CaptureNote,
    Citation,
    Doubt,
    Evidence,
    Failure,
    Image,
    Observation,
    Official,
    ParserNote,
    Person,
    PersonArticle,
    Position,
    PostHeld,
    Record,
    Reference,
    Span,
)
from harvester.schema import article_schema
from harvester.writers.html import to_page

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
GOLD = ROOT / "tests" / "gold"
RECORDS: tuple[type[Record], ...] = (
    Article, Official, Position, Span, Reference, Citation, Image, Attachment, Evidence, CaptureNote, ParserNote,
    Observation, Failure, Person, PostHeld, PersonArticle, Doubt,
)  # fmt: skip
STATUS_RECORDS: tuple[type[Record], ...] = (
    PortalStatus, PageCounts, ArticleCounts, ListingStatus, RoundStatus, RunStatus, FailureKind, FileStatus,
    DaysWithoutPost,
)  # fmt: skip
EXIT_CODES = {
    ExitCode.DONE: "done",
    ExitCode.FAILED: "failed: the output cannot be written, or the only input is no article",
    ExitCode.USAGE: "usage: a wrong option, an unknown portal, a catalogue that does not validate",
    ExitCode.DRIFTED: "finished, but a field was read otherwise than in the portal's earlier runs",
    ExitCode.MANY_PAGES_FAILED: "finished, but too many pages failed, a host was left alone, or inputs are no articles",
    ExitCode.LOCKED: "another run holds the portal",
    ExitCode.INTERRUPTED: "SIGINT or SIGTERM; everything is kept",
}
_GENERATED = "<!-- Generated from the code by `make docs`; a test compares it. -->\n"


@cache
def pages() -> dict[str, bytes]:
    """Return the content of every generated page by its file name."""
    schema = orjson.dumps(article_schema(), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
    return {
        "article.schema.json": schema,
        "record.md": _records().encode(),
        "commands.md": _commands().encode(),
        "operations.md": _operations().encode(),
        "scores.md": _scores().encode(),
        "article.html": to_page(example_article()),
    }


# ---------------------------------------------------------------------------------------------- an article


def example_article() -> Article:
    """Return what is read in docs/article.txt, an invented article of the replica portal.

    Raises:
        TypeError: the text is no article to the parser.
    """
    url, moment = f"http://{HOST_NAME}/docs/article.txt", datetime(2023, 4, 19, 8, tzinfo=VIETNAM_TIME)
    capture = read_file(DOCS / "article.txt", url=url, captured_at=moment)
    found = extract(capture, Catalogue(portals=(replica_portal("127.0.0.1:80"),)), "demo")
    if not isinstance(found, Article):
        raise TypeError(f"docs/article.txt is read as {type(found).__name__}")
    return found


# ---------------------------------------------------------------------------------------------- scores


def _scores() -> str:
    parts = [
        "# Scores\n",
        _GENERATED,
        "Strict: every string and offset must agree. Micro-averaged over the articles of a set; the intervals are 95 % "
        f"percentile intervals of a bootstrap over articles ({metrics.RESAMPLES} resamples, seeded). What the sets are "
        "stands in [tests/gold/README.md](../tests/gold/README.md), how far they can be trusted in "
        "[citations.md](citations.md#how-good-it-is).\n",
    ]
    for gold in sorted(GOLD.glob("*.jsonl"), reverse=True):
        parts += (f"## {gold.name}\n", _score_table(gold))
    return "\n".join(parts)


def _score_table(gold: Path) -> str:
    articles = [json.loads(line) for line in gold.read_text(encoding="utf-8").splitlines()]
    counts = [metrics.article_counts(article, _annotated(article["body"])) for article in articles]
    scores, intervals = metrics.f1(counts), metrics.bootstrap([counts])
    rows = [
        f"{len(articles)} articles\n",
        "| metric | in the set | precision | recall | F1 | 95 % interval |",
        "|" + "---|" * 6,
    ]
    for name in counts[0]:
        right, found, expected = (sum(count[name][part] for count in counts) for part in range(3))
        low, high = intervals[name]
        interval = f"{low:.3f} to {high:.3f}"
        rows.append(
            f"| {name} | {expected} | {right / found:.3f} | {right / expected:.3f} | {scores[name]:.3f} | {interval} |"
        )
    return "\n".join(rows) + "\n"


def _annotated(body: str) -> metrics.Labels:
    officials, citations = read_language(body)
    return {
        "officials": [official.model_dump() for official in officials],
        "citations": [citation.model_dump() for citation in citations],
    }


# ---------------------------------------------------------------------------------------------- data dictionary


def _records() -> str:
    parts = [
        "# Data dictionary\n",
        _GENERATED,
        "`articles.jsonl` holds one `Article` a line, `observations.jsonl` one `Observation`, `failures.jsonl` one "
        "`Failure`; `harvester people` prints one `Person` a line.\n"
        "UTF-8, Unicode NFC, times with +07:00. Offsets are code points of the record's own `body`, `end` "
        "exclusive.\nThe JSON Schema of an article line is in [article.schema.json](article.schema.json); "
        "`harvester schema` prints it.\n",
    ]
    for record in RECORDS:
        parts += _record(record, "##")
    return "\n".join(parts)


def _record(record: type[Record], heading: str) -> list[str]:
    return [
        f"{heading} {record.__name__}\n\n{_first_paragraph(record.__doc__)}\n",
        "| field | type | meaning |\n|---|---|---|",
        *(_field_row(record, name) for name in record.model_fields),
        "",
    ]


def _first_paragraph(docstring: str | None) -> str:
    return (docstring or "").strip().split("\n\n")[0].replace("\n", " ")


def _field_row(record: type[Record], name: str) -> str:
    schema = record.model_json_schema(mode="serialization")["properties"][name]
    meaning = schema.get("description", "").replace("<", "&lt;").replace("|", r"\|")
    return f"| `{name}` | {_type(schema)} | {meaning} |"


def _type(schema: dict[str, Any]) -> str:
    """Return a JSON Schema as a few words."""
    match schema:
        case {"$ref": reference}:
            return str(reference.rsplit("/", 1)[-1])
        case {"allOf": [only]}:
            return _type(only)
        case {"anyOf": choices}:
            return " or ".join(map(_type, choices))
        case {"enum": values}:
            return " or ".join(f"`{value}`" for value in values)
        case {"const": value}:
            return f"`{value}`"
        case {"type": "array", "items": items}:
            return f"list of {_type(items)}"
        case {"type": "object", "additionalProperties": values}:
            return f"object of {_type(values)}"
    return str(schema.get("format") or schema["type"])


# ---------------------------------------------------------------------------------------------- operations


def _operations() -> str:
    """Return the page with its two generated parts; the rest of it is written by hand."""
    page = (DOCS / "operations.md").read_text(encoding="utf-8")
    metrics_rows = [
        f"| `{one.name}` | {one.kind} | {f'`{one.label}`' if one.label else ''} | {one.meaning} |" for one in METRICS
    ]
    table = ["| metric | kind | label | meaning |\n|---|---|---|---|", *metrics_rows, ""]
    page = _with_part(page, "status", [line for record in STATUS_RECORDS for line in _record(record, "###")])
    return _with_part(page, "metrics", table)


def _with_part(page: str, name: str, lines: list[str]) -> str:
    before, opening, rest = page.partition(f"<!-- {name} -->\n")
    _, closing, after = rest.partition(f"<!-- end of {name} -->\n")
    return "\n".join([before + opening + _GENERATED, *lines, closing + after])


# ---------------------------------------------------------------------------------------------- commands


def _commands() -> str:
    group: Any = typer.main.get_command(app)
    parts = ["# Commands\n", _GENERATED, f"{group.help}\nData goes to standard output, talk to standard error.\n"]
    for name, command in group.commands.items():
        parts += [f"## harvester {name}\n", f"{_unfold(command.help)}\n", "```", f"{_example(command)}", "```\n"]
        if rows := [_option_row(parameter) for parameter in command.params if parameter.name != "help"]:
            parts += ["| option | meaning | default |\n|---|---|---|", *rows, ""]
    parts += ["## Exit codes\n", "| code | meaning |\n|---|---|"]
    parts += [f"| {code.value} | {meaning} |" for code, meaning in EXIT_CODES.items()]
    parts.append("\nWhere several portals end differently: 130, then 1, 2, 5, 4, 3.\n")
    return "\n".join(parts)


def _unfold(text: str) -> str:
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in text.split("\n\n"))


def _example(command: Any) -> str:
    return str(command.epilog).removeprefix("Example: ")


def _option_row(parameter: Any) -> str:
    is_argument = parameter.param_type_name == "argument"
    names = parameter.metavar or parameter.name if is_argument else ", ".join(parameter.opts)
    default = "" if parameter.default in (None, False) or callable(parameter.default) else f"`{parameter.default}`"
    return f"| `{str(names).replace('|', chr(92) + '|')}` | {parameter.help} | {default} |"


def main(arguments: list[str]) -> int:
    """Write the pages, or with --check compare them; returns the exit code."""
    stale = []
    for name, content in pages().items():
        path = DOCS / name
        if "--check" not in arguments:
            path.write_bytes(content)
        elif not path.exists() or path.read_bytes() != content:
            stale.append(name)
    if stale:
        print(f"out of date: {', '.join(stale)}; run `make docs`")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
