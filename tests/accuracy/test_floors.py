import json
import random
from pathlib import Path

import pytest

import score
from metrics import CITATION_METRICS, METRICS, OFFICIAL_METRICS, f1, mean_f1

OWN = Path(__file__).parents[1] / "gold" / "own.jsonl"
CITATIONS, OFFICIALS = OWN.with_name("citations.jsonl"), OWN.with_name("officials.jsonl")
DEV = Path(__file__).parents[3] / "shared" / "gold" / "dev.jsonl"

OWN_FLOORS = {
    "officials by name": 0.96,
    "mention spans": 0.96,
    "positions with place": 0.93,
    "citation spans": 0.98,
    "citation span and id": 0.97,
}
CITATION_FLOOR = 0.98
OFFICIAL_FLOOR = 0.96
DEV_FLOOR = 0.97
MOST_LOST_BY_VARYING = 0.02

needs_dev = pytest.mark.skipif(
    not DEV.is_file(), reason="floors on dev and dev-varied: the development set is not beside the checkout"
)


@pytest.fixture(scope="module")
def own_scores() -> dict[str, float]:
    return f1(score.score_sets({"own": OWN}, score.strict_scorer)[0].articles)


@pytest.fixture(scope="module")
def dev_scores() -> dict[str, dict[str, float]]:
    columns = score.score_with_variations("dev", DEV, score.official_scorer(DEV.with_name("score.py")))
    return {column.title: mean_f1([scored.articles for scored in column.sets]) for column in columns}


@pytest.mark.parametrize("metric", METRICS)
def test_floor_on_the_own_set(metric: str, own_scores: dict[str, float]) -> None:
    assert own_scores[metric] >= OWN_FLOORS[metric]


def test_floor_on_the_set_of_citations() -> None:
    scores = f1(score.score_sets({"citations": CITATIONS}, score.strict_scorer)[0].articles)
    assert scores.keys() == CITATION_METRICS.keys()
    assert {metric: value for metric, value in scores.items() if value < CITATION_FLOOR} == {}


def test_floor_on_the_set_of_officials() -> None:
    scores = f1(score.score_sets({"officials": OFFICIALS}, score.strict_scorer)[0].articles)
    assert scores.keys() == OFFICIAL_METRICS.keys()
    assert {metric: value for metric, value in scores.items() if value < OFFICIAL_FLOOR} == {}


@needs_dev
@pytest.mark.parametrize("column", ["dev", "dev-varied"])
def test_floor_on_the_development_set(column: str, dev_scores: dict[str, dict[str, float]]) -> None:
    assert {metric: value for metric, value in dev_scores[column].items() if value < DEV_FLOOR} == {}


@needs_dev
def test_varying_the_development_set_costs_little(dev_scores: dict[str, dict[str, float]]) -> None:
    lost = {metric: value - dev_scores["dev-varied"][metric] for metric, value in dev_scores["dev"].items()}
    assert {metric: value for metric, value in lost.items() if value > MOST_LOST_BY_VARYING} == {}


@pytest.mark.parametrize("gold", [OWN, pytest.param(DEV, marks=needs_dev)], ids=["own", "dev"])
def test_predictions_do_not_see_the_labels(gold: Path, tmp_path: Path) -> None:
    articles = [json.loads(line) for line in gold.read_text(encoding="utf-8").splitlines()]
    labels = [{key: article[key] for key in ("officials", "citations", "title")} for article in articles]
    random.Random(20191028).shuffle(labels)
    shuffled = tmp_path / "shuffled.jsonl"
    lines = (json.dumps(article | other) for article, other in zip(articles, labels, strict=True))
    shuffled.write_text("\n".join(lines) + "\n", encoding="utf-8")
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    predicted = score.predict(gold, tmp_path / "a").read_bytes()
    assert score.predict(shuffled, tmp_path / "b").read_bytes() == predicted
    assert predicted.count(b"\n") == len(articles)
