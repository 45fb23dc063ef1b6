"""Speed as ratios within one run: what capture → JSON line costs beside the bare parse of the same page.

Machines differ and are shared, so only the ratios mean anything. Every step runs over the same replica pages, the
steps take turns round by round, and the median of the rounds' CPU times is printed.
"""

import hashlib
import importlib
import itertools
import statistics
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import NamedTuple

from selectolax.lexbor import LexborHTMLParser

from harvester.demo.server import answer
from harvester.demo.site import HOST_NAME, ArticleFound, compose_site
from harvester.extraction import extract
from harvester.parsers.page import read_page
from harvester.parsers.parse import parse
from harvester.portals.catalogue import Catalogue
from harvester.records import VIETNAM_TIME, Article, Capture
from harvester.vietnamese.citations import cite, find, normalise, resolve
from harvester.vietnamese.officials import find_officials
from harvester.writers.jsonl import to_line

PAGES = 200
ROUNDS = 7
BODY = 4000
TOKENIZED = 10
BARE = "bare lexbor parse"


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
    """Print the sizes, the time of each step per page and its ratio to the bare parse, and how hostile texts grow."""
    catalogue = Catalogue.load()
    captures = replica_captures(PAGES)
    articles = [found for capture in captures if isinstance(found := extract(capture, catalogue, "demo"), Article)]
    bodies = [article.body or "" for article in articles]
    bare = {BARE: lambda: [LexborHTMLParser(capture.body) for capture in captures]}
    steps: dict[str, Callable[[], object]] = {
        "bytes to page": lambda: [read_page(capture) for capture in captures],
        "capture to article, no language": lambda: [parse(capture, catalogue, "demo") for capture in captures],
        "officials": lambda: [find_officials(body) for body in bodies],
        "citations": lambda: [cite(body) for body in bodies],
        "article to JSON line": lambda: [to_line(article) for article in articles],
        "capture to JSON line": lambda: [_line(capture, catalogue) for capture in captures],
    }
    page, body = (statistics.median(map(len, texts)) for texts in ([each.body for each in captures], bodies))
    print(f"{len(captures)} replica pages, median page {page / 1000:.1f} kB, median body {body:.0f} characters")
    print(f"medians of {ROUNDS} rounds, CPU time")
    medians = medians_of(bare | steps, PAGES)
    _print_steps("step", medians, medians[BARE])

    texts = articles_of(bodies)
    few = texts[:TOKENIZED]
    medians = medians_of(bare | {"officials": lambda: [find_officials(text) for text in texts]}, PAGES)
    medians |= medians_of(peer_step("ner", texts[:1]), 1, rounds=1)  # it takes ten seconds and more a page
    _print_steps(f"officials, bodies of {BODY} characters", medians, medians[BARE])
    medians = medians_of(bare | citation_steps(texts), PAGES)
    medians |= medians_of(peer_step("word_tokenize", few), len(few), rounds=3)
    _print_steps(f"citations, bodies of {BODY} characters", medians, medians[BARE])

    print(f"\n{'hostile text':34} {'characters':>16} {'times as slow':>14}")
    for name, hostile in HOSTILE.items():
        size = f"{hostile.size} x {hostile.times}"
        print(f"{name:34} {size:>16} {hostile.growth():14.1f}")


def articles_of(bodies: Sequence[str]) -> list[str]:
    """Return as many bodies of exactly 4000 characters, each one body and the beginning of the next."""
    following = (*bodies[1:], bodies[0])
    return ["\n\n".join((body, after, body))[:BODY] for body, after in zip(bodies, following, strict=True)]


def citation_steps(bodies: Sequence[str]) -> dict[str, Callable[[], object]]:
    """Return what each verb does over the bodies, and the three together."""
    mentions = [find(body) for body in bodies]
    readings = [normalise(body, found) for body, found in zip(bodies, mentions, strict=True)]
    return {
        "find": lambda: [find(body) for body in bodies],
        "normalise": lambda: [normalise(body, found) for body, found in zip(bodies, mentions, strict=True)],
        "resolve": lambda: [resolve(read) for read in readings],
        "find + normalise + resolve": lambda: [cite(body) for body in bodies],
    }


def peer_step(function: str, bodies: Sequence[str]) -> dict[str, Callable[[], object]]:
    """Return a function of underthesea over the bodies, nothing where that is not installed (`make bench` does)."""
    try:
        peer = getattr(importlib.import_module("underthesea"), function)
    except ImportError:
        return {}
    return {f"underthesea {function}": lambda: [peer(body) for body in bodies]}


class Hostile(NamedTuple):
    """A text repeated to `size` characters, and to `times` as many."""

    read: Callable[[str], object]
    text: str
    size: int
    times: int

    def growth(self) -> float:
        """Return how many times longer the longer text takes; `times` is linear."""
        once = self.size // len(self.text)
        small, large = (self._cpu_milliseconds(once * times) for times in (1, self.times))
        return large / small

    def _cpu_milliseconds(self, count: int) -> float:
        text = self.text * count
        return cpu_milliseconds(lambda: self.read(text), 1)


def read_different_names(length: str) -> object:
    """Read one sentence of about so many characters in which everybody has another name and another post."""
    people = (f"đồng chí Lê Văn {_syllable(n)}, Chủ tịch UBND xã {_syllable(n + 7)}" for n in range(len(length) // 45))
    return find_officials("Dự có " + "; ".join(people))


def _syllable(number: int) -> str:
    """Return a made-up syllable; the first thousands differ."""
    parts = ((1, "BCDĐGHKLMNPQRSTVX"), (17, "aăâeêioôơuưy"), (204, "cmnpt"))
    return "".join(letters[number // step % len(letters)] for step, letters in parts)


HOSTILE = {
    "unstopped lines of officials": Hostile(find_officials, "đồng chí Nguyễn Văn An - Chủ tịch UBND\n\n", 20_000, 8),
    "capitalised surnames": Hostile(find_officials, "Nguyễn Trần Lê Phạm ", 20_000, 8),
    "capitalised syllables": Hostile(find_officials, "Hoa Nam Bắc Sơn Thủy ", 100_000, 4),
    "different names in one sentence": Hostile(read_different_names, "x", 10_000, 8),
    "citations one after another": Hostile(cite, "Nghị quyết 15 của Thành ủy, ", 50_000, 20),
    "near-misses of a citation": Hostile(cite, "Nghị quyết số số số 1/2/3 ", 50_000, 20),
    "type words alone": Hostile(cite, "Nghị quyết Luật ", 50_000, 20),
    "digits and slashes": Hostile(cite, "1/2/", 50_000, 20),
}


def _line(capture: Capture, catalogue: Catalogue) -> bytes:
    found = extract(capture, catalogue, "demo")
    return to_line(found) if isinstance(found, Article) else b""


def medians_of(steps: dict[str, Callable[[], object]], pages: int, rounds: int = ROUNDS) -> dict[str, float]:
    """Return the median time of each step in ms a page; the steps take turns round by round."""
    times: dict[str, list[float]] = {name: [] for name in steps}
    for _ in range(rounds):
        for name, step in steps.items():
            times[name].append(cpu_milliseconds(step, pages))
    return {name: statistics.median(taken) for name, taken in times.items()}


def _print_steps(heading: str, medians: dict[str, float], bare: float) -> None:
    print(f"\n{heading:34} {'µs a page':>10} {'x bare parse':>13}")
    for name, milliseconds in medians.items():
        print(f"{name:34} {milliseconds * 1000:10.0f} {milliseconds / bare:13.2f}")


if __name__ == "__main__":
    main()
