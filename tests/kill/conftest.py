from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from harvester.demo.server import Replica

from .doomed_crawls import DoomedCrawls
from .portal_folder import Content, check_whole, content_of
from .replica_crawl import ReplicaCrawls, write_catalogue


@dataclass(frozen=True, slots=True)
class Undisturbed:
    """A replica, crawls of it, and what one that nothing befalls leaves in the portal's folder."""

    replica: Replica
    crawls: ReplicaCrawls
    folder: Path
    content: Content


@pytest.fixture(scope="module")
def processes() -> Iterator[DoomedCrawls]:
    with DoomedCrawls() as running:
        yield running


@pytest.fixture(scope="module")
def undisturbed(processes: DoomedCrawls, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Undisturbed]:
    folder = tmp_path_factory.mktemp("undisturbed")
    with Replica(24, slow_seconds=0) as replica:
        crawls = ReplicaCrawls(processes, write_catalogue(folder / "catalogue.toml", replica))
        ending = crawls.run(folder)
        assert ending.code == 0, ending.talk
        check_whole(folder / "demo")
        yield Undisturbed(replica, crawls, folder / "demo", content_of(folder / "demo"))
