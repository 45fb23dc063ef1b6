"""Speed as ratios within one run: what capture → JSON line costs beside the bare parse of the same page.

Machines differ and are shared, so only the ratios mean anything. Every step runs over the same replica pages, the
steps take turns round by round, and the median of the rounds' CPU times is printed.
"""

import hashlib
import itertools
import statistics
import time
from collections.abc import Callable, Sequence
from datetime import datetime

from selectolax.lexbor import LexborHTMLParser

from harvester.demo.server import answer
from harvester.demo.site import HOST_NAME, ArticleFound, compose_site
from harvester.extraction import extract
from harvester.parsers.page import read_page
from harvester.parsers.parse import parse
from harvester.portals.catalogue import Catalogue
from harvester.records import VIETNAM_TIME, Article, Capture
from harvester.vietnamese.citations import cite
from harvester.vietnamese.officials import find_officials
from harvester.writers.jsonl import to_line

PAGES = 200
ROUNDS = 7


def replica_captures(count: int) -> list[Capture]:
    """Return captures of that many article pages of the replica, rendered without a network."""
    site = compose_site(count + 20)
    moment = datetime(2025, 6, 30, tzinfo=VIETNAM_TIME)
    addresses = dict.fromkeys(row.address for rows in site.rows.values() for row in rows)
    found = (target for target in addresses if isinstance(site.find(*target.partition("?")[::2]), ArticleFound))
    return [_capture(target, answer(site, target).body, moment) for target in itertools.islice(found, count)]


def _capture(path: str, body: bytes, moment: datetime) -> Capture:
    url = f"http://{HOST_NAME}{path}"
    return Capture(
        url=url,
        final_url=url,
        status=200,
        headers=(("content-type", "text/html;charset=UTF-8"),),
        body=body,
        captured_at=moment,
        via="live",
        sha256=hashlib.sha256(body).hexdigest(),
        tls_verified=None,
    )


def cpu_milliseconds(step: Callable[[], object], pages: int) -> float:
    """Return the CPU time of one round, per page."""
    started = time.process_time()
    step()
    return (time.process_time() - started) / pages * 1000


def main() -> None:
    """Print the sizes, the time of each step per page, and its ratio to the bare parse."""
    catalogue = Catalogue.load()
    captures = replica_captures(PAGES)
    articles = [found for capture in captures if isinstance(found := extract(capture, catalogue, "demo"), Article)]
    bodies = [article.body or "" for article in articles]
    steps: dict[str, Callable[[], object]] = {
        "bare lexbor parse": lambda: [LexborHTMLParser(capture.body) for capture in captures],
        "bytes to page": lambda: [read_page(capture) for capture in captures],
        "capture to article, no language": lambda: [parse(capture, catalogue, "demo") for capture in captures],
        "officials": lambda: [find_officials(body) for body in bodies],
        "citations": lambda: [cite(body) for body in bodies],
        "article to JSON line": lambda: [to_line(article) for article in articles],
        "capture to JSON line": lambda: [_line(capture, catalogue) for capture in captures],
    }
    rounds: dict[str, list[float]] = {name: [] for name in steps}
    for _ in range(ROUNDS):
        for name, step in steps.items():
            rounds[name].append(cpu_milliseconds(step, len(captures)))
    _print(captures, bodies, {name: statistics.median(times) for name, times in rounds.items()})


HOSTILE = {
    "unstopped lines of officials": (find_officials, "đồng chí Nguyễn Văn An - Chủ tịch UBND\n\n"),
    "capitalised surnames": (find_officials, "Nguyễn Trần Lê Phạm "),
    "citations one after another": (cite, "Nghị quyết 15 của Thành ủy, "),
    "near-misses of a citation": (cite, "Nghị quyết số số số 1/2/3 "),
}
_SMALL, _GROWTH = 20_000, 8


def growth(read: Callable[[str], object], text: str) -> float:
    """Return how many times longer a text takes that is eight times as long; eight is linear."""
    once = _SMALL // len(text)
    small, large = (_cpu_milliseconds_of(read, text * count) for count in (once, once * _GROWTH))
    return large / small


def _cpu_milliseconds_of(read: Callable[[str], object], text: str) -> float:
    return cpu_milliseconds(lambda: read(text), 1)


def _line(capture: Capture, catalogue: Catalogue) -> bytes:
    found = extract(capture, catalogue, "demo")
    return to_line(found) if isinstance(found, Article) else b""


def _print(captures: Sequence[Capture], bodies: Sequence[str], medians: dict[str, float]) -> None:
    page = statistics.median(len(capture.body) for capture in captures)
    body = statistics.median(map(len, bodies))
    print(f"{len(captures)} replica pages, median page {page / 1000:.1f} kB, median body {body:.0f} characters")
    print(f"medians of {ROUNDS} rounds, CPU time\n")
    bare = medians["bare lexbor parse"]
    print(f"{'step':34} {'ms a page':>10} {'x bare parse':>13}")
    for name, milliseconds in medians.items():
        print(f"{name:34} {milliseconds:10.3f} {milliseconds / bare:13.2f}")
    print(f"\n{f'hostile text, {_GROWTH} times as long':34} {'times as slow':>14}")
    for name, (read, text) in HOSTILE.items():
        print(f"{name:34} {growth(read, text):14.1f}")


if __name__ == "__main__":
    main()
