import pytest

from metrics import Count, Interval, article_counts, bootstrap, disagreements, f1, mean_f1

PERFECT = {"m": Count(2, 2, 2)}
HALF = {"m": Count(1, 2, 2)}
NOTHING = {"m": Count(0, 0, 0)}
LABELS = {
    "officials": [{"name": "Lê Văn Hòa", "mentions": [[0, 10]], "positions": []}],
    "citations": [{"start": 20, "end": 30, "canonical_id": "NQ:9:TU"}],
}
PREDICTED = {
    "officials": [{"name": "Lê Văn Hoà", "mentions": [{"start": 0, "end": 10}], "positions": []}],
    "citations": [
        {"start": 20, "end": 30, "canonical_id": "NQ:9:QU"},
        {"start": 40, "end": 42, "canonical_id": "NQ:1:?"},
    ],
}


@pytest.mark.parametrize(
    ("articles", "expected"),
    [([PERFECT], 1.0), ([PERFECT, HALF], 0.75), ([NOTHING], 1.0), ([{"m": Count(0, 1, 0)}], 0.0)],
)
def test_f1(articles: list[dict[str, Count]], expected: float) -> None:
    assert f1(articles) == {"m": expected}


def test_mean_f1_is_over_sets() -> None:
    assert mean_f1([[PERFECT, PERFECT], [HALF, HALF]]) == {"m": 0.75}


def test_counts_and_disagreements_of_an_article() -> None:
    assert article_counts(LABELS, PREDICTED) == {
        "officials by name": (1, 1, 1),
        "mention spans": (1, 1, 1),
        "positions with place": (0, 0, 0),
        "citation spans": (1, 2, 1),
        "citation span and id": (0, 2, 1),
    }
    assert sorted(map(str, disagreements(LABELS, PREDICTED))) == [
        "('citation span and id', 'EXTRA', (20, 30, 'NQ:9:QU'))",
        "('citation span and id', 'EXTRA', (40, 42, 'NQ:1:?'))",
        "('citation span and id', 'MISSED', (20, 30, 'NQ:9:TU'))",
        "('citation spans', 'EXTRA', (40, 42))",
    ]


def test_bootstrap_has_no_width_where_all_articles_are_alike() -> None:
    assert bootstrap([[HALF] * 10]) == {"m": Interval(0.5, 0.5)}


def test_bootstrap_is_seeded_and_lies_around_the_score() -> None:
    articles = [PERFECT, HALF] * 20
    interval = bootstrap([articles], resamples=200)["m"]
    assert interval == bootstrap([articles], resamples=200)["m"]
    assert 0.6 < interval.low < 0.75 < interval.high < 0.9


def test_bootstrap_draws_an_article_in_all_its_variations() -> None:
    assert bootstrap([[PERFECT, HALF], [HALF, PERFECT]])["m"] == Interval(0.75, 0.75)
