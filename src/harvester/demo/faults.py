"""What goes wrong on a hostile portal, drawn from a seed; and what a harvest of it must come to all the same."""

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from harvester.demo.site import ReplicaSite, expected_articles
from harvester.demo.truth import ReplicaArticle

ANSWER_FAULTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "server-error": "HttpStatusError",
        "too-many-requests": "HttpStatusError",
        "too-many-requests-until": "HttpStatusError",
        "too-many-requests-wrong-clock": "HttpStatusError",
        "reset": "ConnectionFailed",
        "stall-before": "TimedOut",
        "stall-within": "TimedOut",
        "slow-drip": "TimedOut",
        "length-too-long": "ConnectionFailed",
        "length-too-short": "BadEncoding",
        "truncated-gzip": "BadEncoding",
        "broken-chunks": "ConnectionFailed",
        "redirect-loop": "TooManyRedirects",
    }
)
"""What can keep an article's page from arriving, and the error that a harvest has to report where it always does."""

HARMLESS_FAULTS: Final = ("cookie-required", "changing-page", "wrong-clock")
"""What is odd about an article's page and need not keep anybody from reading it."""

LISTING_FAULTS: Final = ("session-ids", "calendar-trap", "endless-paging")
"""What every listing page has at once, where it is switched on; no article becomes unreachable by it."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What an address is answered with: the first `tries` times, or always where that is None."""

    kind: str
    tries: int | None = None

    def is_active(self, times: int) -> bool:
        """Whether an address that was asked for so many times before is answered with the fault."""
        return self.tries is None or times < self.tries

    @property
    def error(self) -> str | None:
        """The error by which a harvest has to report the article; None where it can be read in the end."""
        return ANSWER_FAULTS.get(self.kind) if self.tries is None else None


@dataclass(frozen=True)
class Faults:
    """Which article and which listing page meets which fault; the same seed gives every one the same.

    An article has one fault under all its addresses, counted over all of them. Listing pages are troubled for a
    while only: what they lead to must be found.

    Attributes:
        seed: of the draw.
        share: of the articles that have a fault.
        lasting_share: of those, how many have it always.
        listing_share: of the listing pages that do not arrive at first.
        passing: the kinds drawn for articles and listing pages that can be read later.
        lasting: the kinds drawn for articles that cannot be read.
        listings: the `LISTING_FAULTS` that every listing page has.
        max_tries: a passing fault is gone after so many answers, or fewer.
        chosen: the fault of an article, by entry id, where it is not left to the draw.
        pause_seconds: how long an answer that stalls or drips takes.
        drip_seconds: between two bytes.
        retry_after_seconds: what an answer 429 asks to wait.
    """

    seed: int
    share: float = 0.5
    lasting_share: float = 0.2
    listing_share: float = 0.2
    passing: tuple[str, ...] = (*ANSWER_FAULTS, *HARMLESS_FAULTS)
    lasting: tuple[str, ...] = tuple(ANSWER_FAULTS)
    listings: tuple[str, ...] = LISTING_FAULTS
    max_tries: int = 2
    chosen: Mapping[str, Fault] = field(default_factory=dict)
    pause_seconds: float = 60.0
    drip_seconds: float = 0.05
    retry_after_seconds: int = 1

    def of_article(self, entry_id: str) -> Fault | None:
        """Return the fault of an article."""
        if entry_id in self.chosen:
            return self.chosen[entry_id]
        rng = random.Random(f"{self.seed} {entry_id}")
        if rng.random() >= self.share:
            return None
        if rng.random() < self.lasting_share:
            return Fault(rng.choice(self.lasting))
        kind = rng.choice(self.passing)
        return Fault(kind, None if kind in HARMLESS_FAULTS else rng.randint(1, self.max_tries))

    def of_listing(self, target: str) -> Fault | None:
        """Return the fault of a listing page, by path and query."""
        rng = random.Random(f"{self.seed} {target}")
        if rng.random() >= self.listing_share:
            return None
        kinds = [kind for kind in self.passing if kind in ANSWER_FAULTS]
        return Fault(rng.choice(kinds), rng.randint(1, self.max_tries)) if kinds else None

    def unreachable(self, site: ReplicaSite) -> dict[str, str]:
        """Return the error to be reported, by entry id, for every article of the site that cannot be read."""
        found = {one.entry_id: self.of_article(one.entry_id) for one in expected_articles(site)}
        return {entry: fault.error for entry, fault in found.items() if fault and fault.error}

    def reachable(self, site: ReplicaSite) -> tuple[ReplicaArticle, ...]:
        """Return the articles of the site that a whole harvest finds, newest first."""
        unreachable = self.unreachable(site)
        return tuple(article for article in expected_articles(site) if article.entry_id not in unreachable)
