"""The command line over a replica: its catalogue file, and the processes that run it."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harvester.demo.server import Replica

from .doomed_crawls import DoomedCrawls, Ending, Order


def write_catalogue(path: Path, replica: Replica, width: int = 1) -> Path:
    """Write the replica's entry as TOML, with so many requests at a time; JSON's values are TOML's too."""
    entry = replica.portal.model_dump(mode="json", exclude_none=True)
    (host,) = entry.pop("hosts")
    tables = (("[[portal]]", entry), ("[[portal.hosts]]", host | {"max_concurrency": width}))
    lines = [line for head, table in tables for line in (head, *(f"{key} = {json.dumps(table[key])}" for key in table))]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def crawl_arguments(catalogue: Path, output: Path) -> tuple[str, ...]:
    """Return the arguments under which some failed pages are no reason to answer anything but 0."""
    return ("crawl", "demo", "--catalogue", str(catalogue), "--output", str(output), "--max-failed", "100%")


@dataclass(frozen=True, slots=True)
class ReplicaCrawls:
    """Crawls of one replica by processes that may be doomed."""

    processes: DoomedCrawls
    catalogue: Path
    talk: str = "talk.txt"

    def run(self, output: Path, **befalling: Any) -> Ending:
        """Run the command line over the output folder and wait for its end; see `Order` for what may befall it."""
        talk = self.catalogue.with_name(self.talk)
        return self.processes.run(Order(crawl_arguments(self.catalogue, output), str(talk), **befalling))
