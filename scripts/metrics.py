"""F1 per metric of predictions against an annotated set, micro-averaged, with bootstrap intervals.

The metrics here are strict: every string and offset must agree. Scores and intervals take any counts per article.
"""

import random
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from harvester.vietnamese.text import comparison_key

Labels = dict[str, Any]
Metric = Callable[[Labels], Iterable[Hashable]]
RESAMPLES = 1000
_SEED = 20191028


class Count(NamedTuple):
    """How many things agree, were predicted and are in the set."""

    right: int
    found: int
    expected: int


Counts = Mapping[str, Count]
"""The counts of one article, by metric."""


class Interval(NamedTuple):
    """A 95 % interval."""

    low: float
    high: float


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


CITATION_METRICS: dict[str, Metric] = {
    "citation spans": _citation_spans,
    "citation span and id": _citation_ids,
}
OFFICIAL_METRICS: dict[str, Metric] = {
    "officials by name": _names,
    "mention spans": _mentions,
    "positions with place": _positions,
}
METRICS = OFFICIAL_METRICS | CITATION_METRICS


def metrics_of(article: Labels) -> Mapping[str, Metric]:
    """Return the metrics that an article has labels for: some sets are of officials or of citations alone."""
    labelled = {"officials": OFFICIAL_METRICS, "citations": CITATION_METRICS}
    return {name: metric for field, metrics in labelled.items() if field in article for name, metric in metrics.items()}


def article_counts(article: Labels, predicted: Labels) -> Counts:
    """Count the agreements of one article's labels with what was predicted for it."""
    counts = {}
    for name, metric in metrics_of(article).items():
        expected, found = Counter(metric(article)), Counter(metric(predicted))
        counts[name] = Count((expected & found).total(), found.total(), expected.total())
    return counts


def disagreements(article: Labels, predicted: Labels) -> Iterator[tuple[str, str, Hashable]]:
    """Yield (metric, “MISSED” or “EXTRA”, thing) for what only one side has."""
    for name, metric in metrics_of(article).items():
        expected, found = Counter(metric(article)), Counter(metric(predicted))
        yield from ((name, "MISSED", thing) for thing in expected - found)
        yield from ((name, "EXTRA", thing) for thing in found - expected)


def f1(articles: Iterable[Counts]) -> dict[str, float]:
    """Return the F1 of each metric over articles; 1 where there was nothing to find and nothing was found."""
    right: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for counts in articles:
        for name, count in counts.items():
            right[name] += 2 * count.right
            total[name] += count.found + count.expected
    return {name: right[name] / total[name] if total[name] else 1.0 for name in total}


def mean_f1(sets: Sequence[Sequence[Counts]]) -> dict[str, float]:
    """Return the mean, over sets of the same articles, of each metric's F1."""
    scores = [f1(articles) for articles in sets]
    return {name: sum(score[name] for score in scores) / len(scores) for name in scores[0]}


def bootstrap(
    sets: Sequence[Sequence[Counts]], *, seed: int = _SEED, resamples: int = RESAMPLES
) -> dict[str, Interval]:
    """Return the 95 % percentile interval of each metric's mean F1, drawing articles with replacement.

    Every set holds the same articles in the same order (the original, or its variations); a draw takes an article in
    all of them, since the variations of an article are no articles of their own.
    """
    source = random.Random(seed)
    places = range(len(sets[0]))
    draws = [source.choices(places, k=len(places)) for _ in range(resamples)]
    return {name: _middle(sorted(_drawn_scores(sets, name, draws))) for name in sets[0][0]}


def _drawn_scores(sets: Sequence[Sequence[Counts]], name: str, draws: Iterable[Sequence[int]]) -> Iterator[float]:
    right = [[2 * counts[name].right for counts in articles] for articles in sets]
    total = [[counts[name].found + counts[name].expected for counts in articles] for articles in sets]
    for drawn in draws:
        pairs = [
            (_summed(numerators, drawn), _summed(sums, drawn)) for numerators, sums in zip(right, total, strict=True)
        ]
        yield sum(numerator / whole if whole else 1.0 for numerator, whole in pairs) / len(sets)


def _summed(values: Sequence[int], places: Iterable[int]) -> int:
    return sum(map(values.__getitem__, places))


def _middle(scores: Sequence[float]) -> Interval:
    cut = round(len(scores) * 0.025)
    return Interval(scores[cut], scores[-1 - cut])
