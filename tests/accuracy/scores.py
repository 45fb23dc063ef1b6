"""F1 per metric of predictions against an annotated set, micro-averaged; strict: every string and offset must agree."""

import json
from collections import Counter
from collections.abc import Callable, Hashable, Iterable
from pathlib import Path
from typing import Any

from harvester.extraction import read_language
from harvester.vietnamese.text import comparison_key

Labels = dict[str, Any]
Metric = Callable[[Labels], Iterable[Hashable]]


def _names(article: Labels) -> Iterable[Hashable]:
    return (comparison_key(official["name"]) for official in article["officials"])


def _mentions(article: Labels) -> Iterable[Hashable]:
    return (_span(mention) for official in article["officials"] for mention in official["mentions"])


def _span(mention: Any) -> Hashable:
    return (mention["start"], mention["end"]) if isinstance(mention, dict) else tuple(mention)


def _positions(article: Labels) -> Iterable[Hashable]:
    """Name and the whole post as one phrase: where role, organisation and place are parted is not compared."""
    for official in article["officials"]:
        for position in official["positions"]:
            parts = (position[part] or "" for part in ("role", "organisation", "place"))
            yield comparison_key(official["name"]), _joined(comparison_key(part) for part in parts)


def _joined(parts: Iterable[str]) -> str:
    """Join phrases, a word run that ends one and opens the next counted once (rule O6)."""
    words: list[str] = []
    for part in parts:
        following = part.split()
        shared = max(n for n in range(min(len(words), len(following)) + 1) if words[len(words) - n :] == following[:n])
        words += following[shared:]
    return " ".join(words)


def _citation_spans(article: Labels) -> Iterable[Hashable]:
    return ((citation["start"], citation["end"]) for citation in article["citations"])


def _citation_ids(article: Labels) -> Iterable[Hashable]:
    return ((citation["start"], citation["end"], citation["canonical_id"]) for citation in article["citations"])


METRICS: dict[str, Metric] = {
    "officials by name": _names,
    "mention spans": _mentions,
    "positions with place": _positions,
    "citation spans": _citation_spans,
    "citation span and id": _citation_ids,
}


def predict(body: str) -> Labels:
    """Return what the package finds in a body, in the set's shape."""
    officials, citations = read_language(body)
    return {
        "officials": [official.model_dump() for official in officials],
        "citations": [citation.model_dump() for citation in citations],
    }


def f1_scores(gold: Path) -> dict[str, float]:
    """Return the F1 of each metric over a set."""
    right: Counter[str] = Counter()
    total: Counter[str] = Counter()
    with gold.open(encoding="utf-8") as lines:
        for article in map(json.loads, lines):
            predicted = predict(article["body"])
            for name, metric in METRICS.items():
                expected, found = Counter(metric(article)), Counter(metric(predicted))
                right[name] += 2 * (expected & found).total()
                total[name] += expected.total() + found.total()
    return {name: right[name] / total[name] if total[name] else 1.0 for name in METRICS}
