"""The replica in its hostile mood: gives every request the fault that is due."""

import random
import threading
from collections import Counter

from harvester.demo.broken_answers import BROKEN_ANSWERS, Turn
from harvester.demo.exchange import Exchange
from harvester.demo.faults import Fault, Faults
from harvester.demo.odd_pages import CLOCK_AHEAD, ODD_PAGES, View, plain_target
from harvester.demo.site import ArticleFound, Found, ListingFound, ReplicaSite, split_target


class Trouble:
    """Counts how often each article and listing page is asked for, and answers as `faults` has it."""

    def __init__(self, faults: Faults) -> None:
        self.faults = faults
        self._asked: Counter[str] = Counter()
        self._guard = threading.Lock()

    def respond(self, exchange: Exchange, site: ReplicaSite) -> None:
        """Send an answer, whose body is not packed yet, with the faults that are due."""
        target = plain_target(exchange.target)
        found = site.find(*split_target(target))
        subject, fault = self._fault(found, target)
        times = self._count(subject)
        active = fault if fault and fault.is_active(times) else None
        exchange.request.fault = active.kind if active else None
        kinds = [active.kind] if active else []
        if isinstance(found, ListingFound):
            kinds += self.faults.listings
        view = View(found, target, times, random.Random(f"{self.faults.seed} {target} {times}"))
        for kind in kinds:
            if kind in ODD_PAGES:
                exchange.body = ODD_PAGES[kind](exchange.body.decode(), view).encode()
        if "wrong-clock" in kinds:
            exchange.clock_ahead = CLOCK_AHEAD.total_seconds()
        exchange.pack()
        if active and active.kind in BROKEN_ANSWERS:
            BROKEN_ANSWERS[active.kind](exchange, self._turn(times))
        else:
            exchange.send_plainly()

    def _fault(self, found: Found, target: str) -> tuple[str, Fault | None]:
        """Return under which name a page's requests are counted, and its fault."""
        match found:
            case ArticleFound():
                return found.article.entry_id, self.faults.of_article(found.article.entry_id)
            case ListingFound():
                return target, self.faults.of_listing(target)
            case _:
                return target, None

    def _count(self, subject: str) -> int:
        """Count a request and return how many there were before."""
        with self._guard:
            self._asked[subject] += 1
            return self._asked[subject] - 1

    def _turn(self, times: int) -> Turn:
        faults = self.faults
        return Turn(times, faults.pause_seconds, faults.drip_seconds, faults.retry_after_seconds)
