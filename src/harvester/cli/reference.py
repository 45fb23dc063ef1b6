"""Commands that print what the program knows: portals, schema."""

import sys

import orjson
import typer
from rich.table import Table

from harvester.cli.options import AsJson, CatalogueFiles, answering
from harvester.errors import ExitCode
from harvester.portals.catalogue import Catalogue
from harvester.portals.listing import portal_rows
from harvester.progress import data_console
from harvester.schema import article_schema
from harvester.writers.jsonl import write_lines

commands = typer.Typer()


@commands.command(epilog="Example: harvester portals --json | jq -r 'select(.crawlable) | .id'")
@answering
def portals(
    as_json: AsJson = False,
    catalogue: CatalogueFiles = None,
) -> ExitCode:
    """List the portals of the catalogue."""
    rows = portal_rows(Catalogue.load(*(catalogue or ())))
    if as_json:
        write_lines(sys.stdout.buffer, (orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE) for row in rows))
        return ExitCode.DONE
    table = Table("id", "name", "unit", "until", "family", "hosts", box=None, pad_edge=False)
    for row in rows:
        table.add_row(row.id, row.name, row.unit_code, str(row.valid_to or ""), row.family, row.hosts)
    data_console().print(table, soft_wrap=True)
    return ExitCode.DONE


@commands.command(epilog="Example: harvester schema > article.schema.json")
@answering
def schema() -> ExitCode:
    """Print the JSON Schema of an article line (Draft 2020-12)."""
    text = orjson.dumps(article_schema(), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
    write_lines(sys.stdout.buffer, [text])
    return ExitCode.DONE
