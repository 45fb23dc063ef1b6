"""The whole job against the replica, and a look at what came of it."""

from dataclasses import dataclass
from pathlib import Path

from rich.console import Console, ConsoleOptions, RenderResult
from rich.table import Table

from harvester.demo.server import Replica, replica_portal
from harvester.demo.site import DEFAULT_COUNT
from harvester.demo.texts import FOUNDING_ENTRY_ID
from harvester.harvest.job import Allowance, HarvestJob, PortalReport, Watch, run_job
from harvester.harvest.store import ARTICLES
from harvester.portals.catalogue import Catalogue
from harvester.records import Article

DEFAULT_ARTICLES = DEFAULT_COUNT
MIN_ARTICLES = 20  # the replica's mixture of addresses needs that many
_ROWS = 6


@dataclass(frozen=True, slots=True)
class Demo:
    """How the run ended, and the records to show."""

    report: PortalReport
    articles: tuple[Article, ...]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Draw a table of the records, then list the files."""
        table = Table(box=None, pad_edge=False)
        for column, width in (("posted", 16), ("views", 5), ("title", 44), ("officials", 24), ("documents", 24)):
            table.add_column(column, max_width=width, no_wrap=True, overflow="ellipsis")
        for article in self.articles:
            posted = article.posted_at.strftime("%Y-%m-%d %H:%M") if article.posted_at else ""
            people = ", ".join(official.name for official in article.officials)
            documents = ", ".join(dict.fromkeys(citation.canonical_id for citation in article.citations))
            views = "" if article.view_count is None else str(article.view_count)
            table.add_row(posted, views, article.title, people, documents)
        yield table
        folder = self.report.folder
        if folder is not None:
            yield ""
            for path in sorted(path for path in folder.rglob("*") if path.is_file() and not path.name.startswith(".")):
                yield f"{path}  {path.stat().st_size:,} bytes"


def run_demo(count: int, output: Path, run_id: str, watch: Watch | None = None) -> Demo:
    """Serve the replica on loopback, harvest it with the real code path, and return what to show.

    Raises:
        OutputError: the output folder cannot be written.
    """
    with Replica(count) as replica:
        portal = replica_portal(replica.address)
        planned = len(replica.site.expired) + len(replica.site.missing)
        job = HarvestJob(
            portals=(portal,),
            catalogue=Catalogue((portal,)),
            output=output,
            allowance=Allowance(number=planned),
            command="harvester demo",
            run_id=run_id,
        )
        report = run_job(job, watch)[0]
    path = report.folder / ARTICLES if report.folder else None
    return Demo(report, _some_articles(path) if path and path.exists() else ())


def _some_articles(path: Path) -> tuple[Article, ...]:
    """Return the founding article and the first few others."""
    founding: list[bytes] = []
    others: list[bytes] = []
    with path.open("rb") as lines:
        for line in lines:
            if f'/{FOUNDING_ENTRY_ID}"'.encode() in line[:200]:
                founding.append(line)
            elif len(others) < _ROWS:
                others.append(line)
    return tuple(Article.model_validate_json(line) for line in (*founding, *others))
