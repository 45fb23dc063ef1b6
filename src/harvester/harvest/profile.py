"""What one run read, in bounded memory: how often every field is filled, and of what shape its values are."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import date, timedelta
from functools import cache
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field

from harvester.errors import FieldNotFound, HarvesterError
from harvester.records import Article, Listing

TEXTS = ("title", "section", "summary", "body", "author", "source")
LISTS = ("images", "attachments", "related", "officials", "citations")
FIELDS = (
    "title", "section", "posted_at", "view_count", "summary", "body", "author", "source", "images", "attachments",
    "related", "officials", "citations",
)  # fmt: skip
ROW_FIELDS = ("posted_at", "view_count", "summary")
ERA = timedelta(days=400)
"""How far back from a run's newest post its articles are measured: portals change their habits over the years."""
ARTICLES_OF_ANY_ERA = 100
"""A run's first articles are measured however old they are: a slow portal has few in an era."""

MEASURED_ARTICLES = 500
"""Of a run, the newest as it goes from new to old: more tell no more of the next run, and cost time."""

_MAX_VALUES = 30  # of one tally; the last stands for all others
_OTHER = "other"
_SITE_COUNTER = 100_000  # a count from here on is rather the site's than the article's
_FUTURE = timedelta(days=1)  # clocks differ

Tally = Counter[str]
Measured = tuple[str, str]
"""A field, or what else is looked at (`pages`, `listing`, `revisited`), and what is measured of it."""


class Profile:
    """Gathers one run's readings record by record.

    Everything measured is a tally: a value of few kinds (filled or not, a class of size, a selector) and how often it
    occurred. Fill rates are kept over all articles; the tallies cover the first `ARTICLES_OF_ANY_ERA`, then those of
    the run's era, up to `MEASURED_ARTICLES`. What was read for the first time is kept apart: the same article, read
    again day after day, says nothing new of what the portal's articles are like, and so later runs are told of the
    former alone. An article that is held back is told of once it is written.

    Args:
        skipped: fields that this run does not read, as officials and citations without language.
    """

    def __init__(self, skipped: Collection[str] = ()) -> None:
        self.articles = 0
        self.listings_cut_short = 0
        self.newest: date | None = None
        self.failures: Tally = Counter()
        self._fields = tuple(name for name in FIELDS if name not in skipped)
        self._filled: Tally = Counter()
        self._measured = 0
        self._first: defaultdict[Measured, Tally] = defaultdict(Counter)
        self._again: defaultdict[Measured, Tally] = defaultdict(Counter)

    # ------------------------------------------------------------------------------------------ taking

    def take(self, article: Article, *, known: bool = False, held_back: bool = False) -> None:
        """Count an article that was read, whether new, changed, unchanged or held back.

        Args:
            article: as it was read.
            known: whether it was read before, in this run or an earlier one.
            held_back: whether it is not written now, and so will be read again: it counts for this run alone.
        """
        is_first = not known and not held_back
        self.articles += 1
        filled = {name for name in self._fields if getattr(article, name) not in (None, (), "")}
        self._filled.update(filled)
        self._count(("pages", "outcome"), "article", is_first=is_first)
        if self._measured < MEASURED_ARTICLES and self._is_of_era(article):
            self._measured += 1
            for measured, value in self._readings(article, filled):
                self._count(measured, value, is_first=is_first)

    def _readings(self, article: Article, filled: set[str]) -> Iterator[tuple[Measured, str]]:
        """Yield what is measured of an article, and its value."""
        yield ("pages", "family"), article.parser.family
        for name in self._fields:
            yield (name, "filled"), _yes(name in filled)
        for name in filled.intersection(TEXTS + LISTS):
            yield (name, "size"), size_class(len(getattr(article, name)))
        if article.view_count is not None:
            yield ("view_count", "size"), _site_counter(article.view_count)
        if article.posted_at is not None:
            yield ("posted_at", "precision"), article.posted_precision or _OTHER
            yield ("posted_at", "in the future"), _yes(_is_future(article))
        for name, evidence in article.evidence.items():
            yield (name, "where"), _place(evidence.where)

    def take_listing(self, listing: Listing) -> None:
        """Count a page of a listing and its rows."""
        self._count(("listing", "outcome"), "listing")
        self._count(("listing", "rows"), size_class(len(listing.rows)))
        for row in listing.rows:
            for name in ROW_FIELDS:
                self._count(("listing", name), _yes(getattr(row, name) is not None))

    def take_failure(
        self,
        error: HarvesterError,
        page: Literal["article", "listing"],
        *,
        known: bool = False,
        failed_before: bool = False,
    ) -> None:
        """Count a page that could not be had or read.

        An outcome of reading are only those that could not be read, and had not failed in an earlier run, too: pages
        that never were articles would be all that a run reads in which nothing is new. One that lacked a field in an
        earlier run counts for this run alone.
        """
        reason = type(error).__name__
        if isinstance(error, FieldNotFound):
            reason = f"{reason}:{error.field}"
        self.failures[reason] += 1
        is_first = not known and not failed_before
        if error.stage == "parse" and (isinstance(error, FieldNotFound) or not failed_before):
            self._count(("pages" if page == "article" else "listing", "outcome"), reason, is_first=is_first)

    def take_cut_short(self) -> None:
        """Count a listing whose pager ends before the total it states."""
        self.listings_cut_short += 1

    def take_revisit(self, *, gone: bool) -> None:
        """Count a known article that was asked for again, and whether the portal still has it."""
        self._count(("revisited", "gone"), _yes(gone))

    def _is_of_era(self, article: Article) -> bool:
        if article.posted_at is None or _is_future(article):
            return True
        day = article.posted_at.date()
        self.newest = max(day, self.newest or day)
        return self.newest - day <= ERA or self._measured < ARTICLES_OF_ANY_ERA

    def _count(self, measured: Measured, value: str, *, is_first: bool = True) -> None:
        tally = (self._first if is_first else self._again)[measured]
        tally[value if value in tally or len(tally) < _MAX_VALUES else _OTHER] += 1

    # ------------------------------------------------------------------------------------------ telling

    def tally(self, measured: Measured) -> Tally:
        """Return how often each value occurred in this run; empty where nothing was measured."""
        return self.first_tally(measured) + self._again.get(measured, Counter())

    def first_tally(self, measured: Measured) -> Tally:
        """Return the same of what was read for the first time."""
        return self._first.get(measured, Counter())

    def measured(self) -> set[Measured]:
        """Return what was measured in this run."""
        return {*self._first, *self._again}

    def fill_rates(self) -> dict[str, float]:
        """Return the share of articles in which each field holds something, over every article read."""
        return {name: round(self._filled[name] / self.articles, 4) for name in self._fields} if self.articles else {}

    @property
    def is_empty(self) -> bool:
        """Whether the run measured nothing."""
        return not self._first and not self._again

    def as_json(self) -> dict[str, object]:
        """Return what later runs need to know of this one: what was read for the first time, and the newest day."""
        fields: dict[str, dict[str, dict[str, int]]] = {}
        for (name, measure), tally in sorted(self._first.items()):
            fields.setdefault(name, {})[measure] = dict(sorted(tally.items()))
        return {"newest": self.newest.isoformat() if self.newest else None, "fields": fields}

    @classmethod
    def from_json(cls, stored: object) -> Self:
        """Return a profile out of `as_json`'s value; it has no fill rates, no failures and no tallies of this run.

        Raises:
            ValueError: it is none.
        """
        kept = _Stored.model_validate(stored)
        profile = cls()
        profile.newest = kept.newest
        for name, measures in kept.fields.items():
            profile._first |= {(name, measure): Counter(tally) for measure, tally in measures.items()}
        return profile


class _Stored(BaseModel):
    """A profile as the manifest holds it."""

    model_config = ConfigDict(frozen=True)

    newest: date | None
    fields: dict[str, dict[str, dict[str, int]]] = Field(max_length=100)


def pooled(profiles: Iterable[Profile], measured: Measured) -> Tally:
    """Return the tally of several runs together, of what they read for the first time."""
    return sum((profile.first_tally(measured) for profile in profiles), Counter())


@cache
def size_class(size: int) -> str:
    """Return the class of a length or a number, in powers of four: “1-3”, “4-15”, “16-63” …, “0” for none."""
    if size <= 0:
        return "0"
    power = (size.bit_length() - 1) // 2
    return f"{4**power}-{4 ** (power + 1) - 1}"


def _is_future(article: Article) -> bool:
    return article.posted_at is not None and article.posted_at - article.capture.captured_at > _FUTURE


def _site_counter(count: int) -> str:
    """Return the class of a view count: an article's grows with its age, so only the site's own is told apart."""
    return f"{_SITE_COUNTER} or more" if count >= _SITE_COUNTER else "ordinary"


def _place(where: str) -> str:
    """Return where evidence was found, for plain text without the line's number."""
    return "line" if where.startswith("line ") else where


def _yes(is_so: bool) -> str:
    return "yes" if is_so else "no"
