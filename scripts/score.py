"""Accuracy on an annotated set and on variations of it, side by side, each with a bootstrap 95 % interval.

    python scripts/score.py [GOLD.jsonl] [--own] [--errors [N]]

The default set lies beside the project, in ../shared/gold/; its scorer, score.py, beside it. What the rules score on
the variations (vary.py: other numbers, names, places, laws) does not rest on the values they have seen; the sentences
are the same, so a set of other writers (`--own`: tests/gold/own.jsonl) says more of what is new to them. That set is
scored alone where there is no other. The labels never reach the predictor: what it is given is written to a file first,
and holds two fields a line.
"""

import argparse
import contextlib
import io
import itertools
import json
import re
import runpy
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from metrics import Count, Counts, Labels, article_counts, bootstrap, disagreements, f1, mean_f1
from vary import vary

ROOT = Path(__file__).resolve().parent.parent
DEFAULT_GOLD = ROOT.parent / "shared" / "gold" / "dev.jsonl"
OWN = ROOT / "tests" / "gold" / "own.jsonl"
SEEDS = (1, 2, 3)
_ROW = re.compile(r"(?P<metric>.+?) +[\d.]+ +[\d.]+ +[\d.]+ +(?P<right>\d+)/(?P<found>\d+)/(?P<expected>\d+)")


class Scored(NamedTuple):
    """A set with its counts per article, and one line for every disagreement."""

    name: str
    articles: Sequence[Counts]
    errors: Sequence[str]


Scorer = Callable[[Path, Path], tuple[Sequence[Counts], Sequence[str]]]
"""Takes the set and the predictions, returns counts per article and disagreements."""


class Column(NamedTuple):
    """A column of the table: sets of the same articles, whose scores are averaged."""

    title: str
    sets: Sequence[Scored]


# ------------------------------------------------------------------------------------- predictions


def predict(gold: Path, folder: Path) -> Path:
    """Annotate the set's bodies and return the file of predictions; both files are written into the folder."""
    questions, predictions = folder / "questions.jsonl", folder / "predictions.jsonl"
    with gold.open(encoding="utf-8") as lines, questions.open("w", encoding="utf-8") as out:
        for line in lines:
            article = json.loads(line)
            out.write(json.dumps({"id": article["id"], "body": article["body"]}, ensure_ascii=False) + "\n")
    command: list[str | Path] = [Path(sys.executable).with_name("harvester"), "annotate", questions]
    with predictions.open("wb") as out_bytes:
        subprocess.run(command, stdout=out_bytes, check=True)
    return predictions


def write_varied(gold: Path, folder: Path, seed: int) -> Path:
    """Write the set varied with a seed into the folder and return its file."""
    varied = folder / f"varied-{seed}.jsonl"
    _write(varied, (vary(article, seed) for article in _read(gold)))
    return varied


def _read(path: Path) -> list[Labels]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def _write(path: Path, articles: Iterable[Labels]) -> None:
    path.write_text("".join(json.dumps(article, ensure_ascii=False) + "\n" for article in articles), encoding="utf-8")


# ------------------------------------------------------------------------------------- scorers


def strict_scorer(gold: Path, predictions: Path) -> tuple[Sequence[Counts], Sequence[str]]:
    """Score by the metrics of the tests."""
    pairs = list(zip(_read(gold), _read(predictions), strict=True))
    errors = (
        "\t".join(map(str, (article["id"], *thing)))
        for article, found in pairs
        for thing in disagreements(article, found)
    )
    return [article_counts(article, found) for article, found in pairs], list(errors)


def official_scorer(script: Path) -> Scorer:
    """Return the scorer that lies beside the set.

    It prints totals alone, so it is asked article by article; that its F1 over the whole set follows from the sums of
    those counts is checked.
    """
    ask = runpy.run_path(str(script))["main"]

    def score(gold: Path, predictions: Path) -> tuple[Sequence[Counts], Sequence[str]]:
        whole, table = _asked(ask, gold, predictions, sys.maxsize)
        counts = []
        with tempfile.TemporaryDirectory() as name:
            one, found = Path(name, "gold.jsonl"), Path(name, "predictions.jsonl")
            for article, predicted in zip(_read(gold), _read(predictions), strict=True):
                _write(one, [article])
                _write(found, [predicted])
                counts.append(_parsed(_asked(ask, one, found)[1]))
        summed = f1(counts)
        if any(abs(whole[metric] - summed[metric]) > 1e-9 for metric in whole):
            raise ValueError(f"{script} scores the whole set other than the sum of its articles")
        return counts, [line for line in table.splitlines() if "\t" in line]

    return score


def _asked(
    ask: Callable[[str, str, int], dict[str, float]], gold: Path, predictions: Path, errors: int = 0
) -> tuple[dict[str, float], str]:
    """Return the F1 by metric and what was printed."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed), warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # it leaves its files to the garbage collector
        return ask(str(gold), str(predictions), errors), printed.getvalue()


def _parsed(table: str) -> Counts:
    rows = filter(None, map(_ROW.fullmatch, table.splitlines()))
    return {row["metric"]: Count(int(row["right"]), int(row["found"]), int(row["expected"])) for row in rows}


# ------------------------------------------------------------------------------------- the table


def score_sets(sets: Mapping[str, Path], scorer: Scorer) -> list[Scored]:
    """Predict all sets in one run, and score each."""
    with tempfile.TemporaryDirectory() as folder:
        together, found = Path(folder, "together.jsonl"), Path(folder, "found.jsonl")
        articles = {name: _read(gold) for name, gold in sets.items()}
        _write(together, itertools.chain.from_iterable(articles.values()))
        predicted = iter(_read(predict(together, Path(folder))))
        scored = []
        for name, gold in sets.items():
            _write(found, itertools.islice(predicted, len(articles[name])))
            scored.append(Scored(name, *scorer(gold, found)))
    return scored


def score_with_variations(name: str, gold: Path, scorer: Scorer) -> tuple[Column, Column]:
    """Return the columns of a set and of its variations."""
    with tempfile.TemporaryDirectory() as folder:
        varied = {f"{name}-varied, seed {seed}": write_varied(gold, Path(folder), seed) for seed in SEEDS}
        scored = score_sets({name: gold, **varied}, scorer)
    return Column(name, scored[:1]), Column(f"{name}-varied", scored[1:])


def table(columns: Sequence[Column]) -> list[str]:
    """Return the lines: metrics by columns, F1 with its interval; behind the second its difference to the first."""
    scores = [mean_f1([scored.articles for scored in column.sets]) for column in columns]
    intervals = [bootstrap([scored.articles for scored in column.sets]) for column in columns]
    with_difference = len(columns) > 1
    titles = [f"{column.title:^22}" for column in columns]
    if with_difference:
        titles.insert(2, "  diff ")
    lines = [f"{'F1 [95 % interval]':46}" + "  ".join(titles)]
    for metric in scores[0]:
        cells = [
            f"{score[metric]:6.3f} [{interval[metric].low:.3f}, {interval[metric].high:.3f}]"
            for score, interval in zip(scores, intervals, strict=True)
        ]
        if with_difference:
            cells.insert(2, f"{scores[1][metric] - scores[0][metric]:+.3f} ")
        lines.append(f"{metric:46}" + "  ".join(cells))
    if any(interval.low == interval.high for column in intervals for interval in column.values()):
        lines.append("an interval without width: no article disagrees, so none that is drawn does; more articles may")
    return lines


def largest_difference(original: Column, varied: Column) -> str:
    """Return a line that names the metric and the seed furthest from the original."""
    scores = f1(original.sets[0].articles)
    differences = [
        (scored_f1[metric] - scores[metric], metric, scored.name)
        for scored in varied.sets
        for scored_f1 in [f1(scored.articles)]
        for metric in scores
    ]
    difference, metric, name = max(differences, key=lambda candidate: abs(candidate[0]))
    if not difference:
        return f"no difference to {original.title}"
    return f"largest difference to {original.title}: {difference:+.3f}, {metric} ({name})"


def main(arguments: Sequence[str]) -> int:
    """Print the table and return 0, or 2 where there is nothing to score."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path, nargs="?", default=DEFAULT_GOLD)
    parser.add_argument("--own", action="store_true", help="the repository's own set too")
    parser.add_argument(
        "--errors", type=int, nargs="?", const=sys.maxsize, default=0, help="disagreements a set, all without N"
    )
    options = parser.parse_args(arguments)
    gold: Path = options.gold
    beside = gold.is_file()
    if not beside and (gold != DEFAULT_GOLD or not OWN.is_file()):
        print(f"no annotated set at {gold}; name one: python scripts/score.py GOLD.jsonl", file=sys.stderr)
        return 2
    official = next(
        (path for path in (gold.with_name("score.py"), DEFAULT_GOLD.with_name("score.py")) if path.is_file()), None
    )
    scorer = official_scorer(official) if official else strict_scorer
    columns = list(score_with_variations(gold.stem, gold, scorer)) if beside else []
    if options.own or not beside:
        columns.append(Column("own", score_sets({"own": OWN}, scorer)))
    if not beside:
        print(f"no annotated set at {gold}; the repository's own set alone is scored, by its own strict metrics")
    print(*table(columns), sep="\n")
    if beside:
        seeds = ", ".join(map(str, SEEDS))
        print(f"{len(columns[0].sets[0].articles)} articles; varied: mean over seeds {seeds};", end=" ")
        print(largest_difference(columns[0], columns[1]))
    for scored in (scored for column in columns for scored in column.sets):
        for line in scored.errors[: options.errors]:
            print(scored.name, line, sep="\t")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
