import json
from pathlib import Path

import pytest

import score
from metrics import METRICS, Count

SCORER = """
import json

def main(gold, predictions, errors=0):
    with open(gold, encoding="utf-8") as lines:
        found = sum(1 for line in lines)
    print("metric  P  R  F1")
    print(f"officials by name   1.000  1.000  1.000   {found}/{found}/{found}")
    if errors:
        print("a-1", "officials by name", "MISSED", "x", sep=chr(9))
    return {"officials by name": SCORE}
"""
ARTICLE = {
    "id": "a-1",
    "title": "Họp giao ban",
    "body": "Chủ tịch UBND xã Lê Văn Hòa dự họp.",
    "officials": [
        {
            "name": "Lê Văn Hòa",
            "honorifics": [],
            "positions": [{"role": "Chủ tịch", "organisation": "UBND", "place": "xã"}],
            "mentions": [[17, 27]],
        }
    ],
    "citations": [],
}


def lines_of(folder: Path, scorer_f1: str) -> tuple[Path, Path, Path]:
    scorer, gold = folder / "score.py", folder / "small.jsonl"
    scorer.write_text(SCORER.replace("SCORE", scorer_f1), encoding="utf-8")
    gold.write_text(json.dumps(ARTICLE) + "\n" + json.dumps({**ARTICLE, "id": "a-2"}) + "\n", encoding="utf-8")
    return scorer, gold, gold


def test_official_counts_per_article(tmp_path: Path) -> None:
    scorer, gold, predictions = lines_of(tmp_path, "1.0")
    counts, errors = score.official_scorer(scorer)(gold, predictions)
    assert counts == [{"officials by name": Count(1, 1, 1)}] * 2
    assert errors == ["a-1\tofficials by name\tMISSED\tx"]


def test_a_total_that_is_not_the_sum_of_the_articles_is_refused(tmp_path: Path) -> None:
    scorer, gold, predictions = lines_of(tmp_path, "0.5")
    with pytest.raises(ValueError, match="other than the sum"):
        score.official_scorer(scorer)(gold, predictions)


def test_table_of_a_set_and_its_variations(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, gold, _ = lines_of(tmp_path, "1.0")
    assert score.main([str(gold), "--errors", "1"]) == 0
    heads, row, narrow, largest, *errors = capsys.readouterr().out.splitlines()
    assert heads.split() == ["F1", "[95", "%", "interval]", "small", "small-varied", "diff"]
    assert row.split() == ["officials", "by", "name", *["1.000", "[1.000,", "1.000]"] * 2, "+0.000"]
    assert narrow.startswith("an interval without width")
    assert largest == "2 articles; varied: mean over seeds 1, 2, 3; no difference to small"
    assert errors == [
        f"{name}\ta-1\tofficials by name\tMISSED\tx"
        for name in ("small", *(f"small-varied, seed {seed}" for seed in score.SEEDS))
    ]


def test_without_another_set_the_own_set_is_scored(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _, own, _ = lines_of(tmp_path, "1.0")
    (tmp_path / "empty").mkdir()
    monkeypatch.setattr(score, "DEFAULT_GOLD", tmp_path / "empty" / "dev.jsonl")
    monkeypatch.setattr(score, "OWN", own)
    assert score.main([]) == 0
    said, heads, *rows, narrow = capsys.readouterr().out.splitlines()
    assert said.startswith("no annotated set at ")
    assert heads.split()[-1] == "own"
    assert narrow.startswith("an interval without width")
    assert [row[:46].strip() for row in rows] == list(METRICS)


def test_nothing_to_score(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert score.main([str(tmp_path / "none.jsonl")]) == 2
    assert "name one: python scripts/score.py GOLD.jsonl" in capsys.readouterr().err


def test_the_largest_difference_is_named() -> None:
    original = score.Column("small", [score.Scored("small", [{"m": Count(1, 1, 1), "n": Count(1, 1, 1)}], [])])
    seeds = [
        score.Scored("seed 1", [{"m": Count(1, 1, 1), "n": Count(1, 1, 3)}], []),
        score.Scored("seed 2", [{"m": Count(0, 1, 1), "n": Count(1, 1, 1)}], []),
    ]
    assert score.largest_difference(original, score.Column("varied", seeds)) == (
        "largest difference to small: -1.000, m (seed 2)"
    )
