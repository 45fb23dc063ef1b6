"""Runs the command line in processes that are to die or to fail; as a script, it forks them off one warm interpreter.

Run as `python -m kill.doomed_crawls` with this folder's parent as the working directory: one order per line of
standard input, one ending per line of standard output.
"""

import ctypes
import gc
import json
import os
import resource
import signal
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from types import ModuleType, TracebackType
from typing import Self

import harvester.cli

from .disk_calls import DiskCalls, Fault, wrap

LINUX_CAPABILITY_VERSION_3 = 0x20080522
PERMISSION_OVERRIDES = 0b1110  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH, CAP_FOWNER
POLL_SECONDS = 0.001
GIVEN_UP_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Order:
    """One run of the command line: its arguments, and what befalls it.

    Both standard streams go to the file `talk`, which is written anew. `killed_after` is in seconds from the start;
    `commit_pages` takes the place of the size of a group; `file_size` is RLIMIT_FSIZE in bytes; where it is `bound`,
    permissions hold for root, too.
    """

    arguments: tuple[str, ...]
    talk: str
    fault: Fault | None = None
    killed_after: float = GIVEN_UP_SECONDS
    commit_pages: int | None = None
    file_size: int | None = None
    bound: bool = False


@dataclass(frozen=True, slots=True)
class Ending:
    """How a run ended: its exit code, or less than 0 for the signal that ended it, and what it said."""

    code: int
    talk: str

    @property
    def was_killed(self) -> bool:
        return self.code == -signal.SIGKILL


class DoomedCrawls:
    """The forking process, from the side of a test: a context manager."""

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "kill.doomed_crawls"],
            cwd=Path(__file__).parents[1],
            env=os.environ | {"HARVESTER_CONTACT": "https://example.org/crawler"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.communicate()

    def run(self, order: Order) -> Ending:
        """Run the command line and wait for its end."""
        Path(order.talk).unlink(missing_ok=True)
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(asdict(order)) + "\n")
        self._process.stdin.flush()
        code = int(self._process.stdout.readline())
        return Ending(code, Path(order.talk).read_text(encoding="utf-8"))


# ---------------------------------------------------------------------------------------------- the forking process


def next_order() -> Order | None:
    """Fork a process per order; return the order in the new process, and None in this one when no more come."""
    for line in sys.stdin:
        fields = json.loads(line)
        fault = fields.pop("fault")
        order = Order(**fields, fault=Fault(**fault) if fault else None)
        if not (process := os.fork()):
            return order
        print(_watch(process, order.killed_after), flush=True)
    return None


def _watch(process: int, seconds: float) -> int:
    """Wait for the process's end, kill it when its time has come, and return its exit code."""
    ends_at, kills = time.monotonic() + seconds, 0
    while not (ended := os.waitpid(process, os.WNOHANG))[0]:
        if time.monotonic() >= ends_at and not kills:
            os.kill(process, signal.SIGKILL)
            kills += 1
        time.sleep(POLL_SECONDS)
    return os.waitstatus_to_exitcode(ended[1])


def become(order: Order) -> None:
    """Turn this process into the one that was ordered."""
    for stream, path in ((0, os.devnull), (1, order.talk), (2, order.talk)):
        flags = os.O_RDWR | os.O_CREAT | (os.O_APPEND if stream else 0)
        os.dup2(os.open(path, flags, 0o666), stream)
    if order.file_size is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (order.file_size, resource.RLIM_INFINITY))
    if order.bound:
        give_up_rights()
    if order.commit_pages is not None:
        for module in _with_group_size():
            vars(module)["COMMIT_PAGES"] = order.commit_pages
    wrap(DiskCalls(order.fault))
    sys.argv = ["harvester", *order.arguments]


def give_up_rights() -> None:
    """Give up the capabilities by which root may write what permissions forbid (capabilities(7))."""
    rights = (ctypes.c_uint32 * 6)()  # effective, permitted, inheritable; twice, for 64 of them
    libc = ctypes.CDLL(None, use_errno=True)
    header = (ctypes.c_uint32 * 2)(LINUX_CAPABILITY_VERSION_3, 0)
    assert libc.capget(header, rights) == 0, os.strerror(ctypes.get_errno())
    for at in range(3):
        rights[at] &= ~PERMISSION_OVERRIDES
    assert libc.capset(header, rights) == 0, os.strerror(ctypes.get_errno())


def _with_group_size() -> list[ModuleType]:
    found = [one for name, one in sys.modules.items() if name.startswith("harvester.") and hasattr(one, "COMMIT_PAGES")]
    assert found, "no module of harvester names the size of a group COMMIT_PAGES"
    return found


def main() -> None:
    """Fork for every order; what is forked runs the command line and ends as any interpreter does."""
    harvester.find_officials("Ông Nguyễn Văn An, Chủ tịch UBND quận, dự.")
    harvester.cite("Nghị định số 15/2020/NĐ-CP")
    gc.freeze()
    if order := next_order():
        become(order)
        harvester.cli.main()


if __name__ == "__main__":
    main()
