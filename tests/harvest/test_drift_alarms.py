"""A simulated portal over months: quiet runs raise no alarm, and a renamed class is found at once."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from harvester.harvest.drift import Drift, PastRun, find_drift
from harvester.harvest.profile import Profile
from harvester.records import VIETNAM_TIME, Article, CaptureNote, Evidence, ParserNote

START = datetime(2019, 1, 1, 8, tzinfo=VIETNAM_TIME)
PARSER = ParserNote(family="hanoi-liferay", version="1")
PLACE, FALLBACK = "div.assetPublishDate", "portlet text"
# How often a section's articles have a field: the shapes of the beta distributions that the sections are drawn from.
HABITS = {"author": (0.5, 0.7), "summary": (0.6, 0.4), "images": (0.8, 0.5), "attachments": (0.2, 1.2), "day": (0.1, 3)}
QUIET_RUNS, LOOK_BACK = 25, timedelta(days=7)


class SimulatedPortal:
    """Sections with habits of their own, events reported in several alike articles, quiet weeks and busy days."""

    def __init__(self, seed: int, posts_a_day: float) -> None:
        self.random = random.Random(seed)
        self.posts_a_day = posts_a_day
        self.sections = [
            {name: self.random.betavariate(*shape) for name, shape in HABITS.items()}
            | {"share": self.random.random() ** 2 + 0.02, "length": self.random.uniform(5.5, 8.3)}
            for _ in range(self.random.randint(3, 8))
        ]
        self.event: tuple[dict[str, float], dict[str, bool]] = (self.sections[0], {})
        self.day = START
        self.articles: list[dict[str, Any]] = []
        self.pass_days(150)

    def pass_days(self, days: int) -> None:
        for _ in range(days):
            self.day += timedelta(days=1 if self.random.random() > 0.02 else self.random.randint(2, 12))
            posts = sum(self.random.random() < self.posts_a_day / 8 for _ in range(8))
            posts += self.random.randint(3, 9) if self.random.random() < 0.03 else 0
            self.articles += [self.post() for _ in range(posts)]

    def post(self) -> dict[str, Any]:
        if self.random.random() > 0.4:
            weights = [section["share"] for section in self.sections]
            self.event = (self.random.choices(self.sections, weights)[0], {})
        section, alike = self.event

        def has(name: str) -> bool:
            drawn = self.random.random() < section[name]
            return alike.setdefault(name, drawn) if self.random.random() < 0.5 else drawn

        is_day = has("day")
        return {
            "title": "t" * self.random.randint(20, 120),
            "section": "Tin tức",
            "posted_at": self.day.replace(hour=0 if is_day else self.random.randint(6, 20)),
            "posted_precision": "day" if is_day else "minute",
            "view_count": int(self.random.lognormvariate(5, 1.2)),
            "summary": "s" * self.random.randint(60, 300) if has("summary") else None,
            "body": "b" * int(20 + self.random.lognormvariate(section["length"], 0.8)),
            "author": "a" * self.random.randint(5, 25) if has("author") else None,
            "source": None,
            "images": (None,) * self.random.randint(1, 5) if has("images") else (),
            "attachments": (None,) if has("attachments") else (),
            "related": (None,) * 6,
        }


def read(post: dict[str, Any], where: str | None) -> Article:
    lost = {"posted_at": None, "posted_precision": None} if where is None else {}
    evidence = {"posted_at": Evidence.model_construct(raw="", where=where)} if where else {}
    seen = CaptureNote.model_construct(captured_at=post["posted_at"] + LOOK_BACK)
    return Article.model_construct(**{**post, **lost}, evidence=evidence, capture=seen, parser=PARSER)


def scheduled_runs(portal: SimulatedPortal, number: int) -> Iterator[list[tuple[dict[str, Any], bool]]]:
    """Yield what each run reads: new articles, and those of the week before the newest known one again."""
    known = 0
    for _ in range(number):
        newest = portal.articles[known - 1]["posted_at"]
        again = [
            (post, True)
            for post in portal.articles[max(0, known - 30) : known]
            if post["posted_at"] >= newest - LOOK_BACK
        ]
        yield again + [(post, False) for post in reversed(portal.articles[known:])]
        known = len(portal.articles)
        portal.pass_days(1)


def crawl(
    portal: SimulatedPortal, number: int, renamed_after: int, where: str | None
) -> list[tuple[int, tuple[Drift, ...]]]:
    """Return of every run how many articles it read, and what drifted."""
    runs: list[tuple[int, tuple[Drift, ...]]] = []
    history: list[PastRun] = []
    for run, pages in enumerate(scheduled_runs(portal, number)):
        profile = Profile(skipped=("officials", "citations"))
        for post, known in pages:
            profile.take(read(post, where if run >= renamed_after else PLACE), known=known)
        history.append(PastRun(profile, find_drift(profile, history)))
        runs.append((profile.articles, history[-1].drift))
    return runs


PORTALS = [(seed, posts_a_day) for seed, posts_a_day in enumerate((0.6, 0.8, 1, 2, 4))]


@pytest.mark.parametrize(("seed", "posts_a_day"), [*PORTALS, (5, 0.15), (6, 0.25)])
def test_runs_that_read_nothing_unusual_raise_no_alarm(seed: int, posts_a_day: float) -> None:
    runs = crawl(SimulatedPortal(seed, posts_a_day), QUIET_RUNS, QUIET_RUNS, PLACE)
    assert [drift for _, drift in runs] == [()] * QUIET_RUNS


@pytest.mark.parametrize(("where", "measure"), [(FALLBACK, "where"), (None, "filled")])
@pytest.mark.parametrize(("seed", "posts_a_day"), PORTALS)
def test_a_renamed_date_class_is_found_in_the_first_run_that_reads_five(
    seed: int, posts_a_day: float, where: str | None, measure: str
) -> None:
    runs = crawl(SimulatedPortal(seed, posts_a_day), 20, 10, where)
    first = next(drift for articles, drift in runs[10:] if articles >= 5)
    assert [(drift.field, drift.measure) for drift in first] == [("posted_at", measure)]
    assert not any(drift for _, drift in runs[:10])
