import json
import random
import runpy
from pathlib import Path

import pytest
from scores import METRICS, f1_scores

import score

OWN = Path(__file__).parents[1] / "gold" / "own.jsonl"
DEV = Path(__file__).parents[3] / "shared" / "gold" / "dev.jsonl"

OWN_FLOORS = {
    "officials by name": 0.94,
    "mention spans": 0.94,
    "positions with place": 0.85,
    "citation spans": 0.97,
    "citation span and id": 0.97,
}
DEV_FLOOR = 0.97

needs_dev = pytest.mark.skipif(not DEV.is_file(), reason="the development set is not beside the checkout")


@pytest.fixture(scope="module")
def own_scores() -> dict[str, float]:
    return f1_scores(OWN)


@pytest.mark.parametrize("metric", METRICS)
def test_floor_on_the_own_set(metric: str, own_scores: dict[str, float]) -> None:
    assert own_scores[metric] >= OWN_FLOORS[metric]


@needs_dev
@pytest.mark.filterwarnings(
    "ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning"
)  # its scorer's
def test_floor_on_the_development_set(tmp_path: Path) -> None:
    scorer = runpy.run_path(str(DEV.with_name("score.py")))
    by_metric = scorer["main"](str(DEV), str(score.predict(DEV, tmp_path)))
    assert {metric: f1 for metric, f1 in by_metric.items() if f1 < DEV_FLOOR} == {}


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
