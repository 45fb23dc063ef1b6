"""Folders that cannot be written, or no longer: one line, exit 1, and what was committed is intact."""

import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from harvester.demo.server import Answer, Replica

from .conftest import Undisturbed
from .doomed_crawls import DoomedCrawls
from .portal_folder import check_whole, content_of, difference
from .replica_crawl import ReplicaCrawls, write_catalogue
from .test_no_room import assert_broke_off

pytestmark = pytest.mark.kill

READ_ONLY = stat.S_IRUSR | stat.S_IXUSR


class Interrupting(Replica):
    """A replica that does something at its n-th request."""

    at: int = 0
    act: Callable[[], object] = staticmethod(lambda: None)

    def answer(self, target: str, *, packed: bool) -> Answer:
        if len(self.requests) == self.at:
            self.act()
        return super().answer(target, packed=packed)


def test_a_folder_that_may_not_be_written(undisturbed: Undisturbed, tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    folder.mkdir(READ_ONLY)
    assert_broke_off(undisturbed.crawls.run(tmp_path, bound=True), tmp_path)
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("at", [3, 9, 15, 21])
def test_permission_lost_in_the_middle(
    undisturbed: Undisturbed, processes: DoomedCrawls, tmp_path: Path, at: int
) -> None:
    output = tmp_path / "output"
    folder = output / "demo"

    def withdraw() -> None:
        for path in (*folder.rglob("*"), folder):
            path.chmod(READ_ONLY)

    with Interrupting(site=undisturbed.replica.site, slow_seconds=0) as replica:
        replica.at, replica.act = at, withdraw
        crawls = ReplicaCrawls(processes, write_catalogue(tmp_path / "catalogue.toml", replica))
        assert_broke_off(crawls.run(output, bound=True, commit_pages=1), output)
        for path in (folder, *folder.rglob("*")):
            path.chmod(stat.S_IRWXU)
        committed = content_of(folder, committed_only=True)
        assert all(lines <= undisturbed.content[name] for name, lines in committed.items())
        ending = crawls.run(output, bound=True)
    assert ending.code == 0, ending.talk
    found = content_of(folder)
    assert found == undisturbed.content, difference(found, undisturbed.content)
    check_whole(folder)


@pytest.mark.parametrize("below", ["file", "file/folder"])
def test_an_output_path_below_a_file(undisturbed: Undisturbed, tmp_path: Path, below: str) -> None:
    (tmp_path / "file").write_bytes(b"mine")
    ending = undisturbed.crawls.run(tmp_path / below)
    assert ending.code == 1
    (line,) = ending.talk.splitlines()
    assert str(tmp_path / "file") in line
    assert (tmp_path / "file").read_bytes() == b"mine"
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
