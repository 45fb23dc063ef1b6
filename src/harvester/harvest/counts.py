"""What a run has done so far, in numbers: read by the display, the manifest and the exit code."""

from dataclasses import dataclass


@dataclass(slots=True)
class Counts:
    """Numbers of one run over one portal; only the run itself changes them.

    `failed_again` are those of `failed` that had failed in an earlier round; `held_back` are no part of it.
    """

    listings: int = 0
    listed: int = 0
    fetched: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    gone: int = 0
    failed: int = 0
    failed_again: int = 0
    held_back: int = 0
    out_of_range: int = 0
    waiting: int = 0
    stated_total: int = 0
    hosts_left_alone: int = 0
    hosts_not_now: int = 0

    @property
    def attempted(self) -> int:
        """Pages asked for and settled: listings, articles, those held back, and failures."""
        return self.listings + self.fetched + self.held_back + self.failed

    @property
    def written(self) -> int:
        """Article versions written."""
        return self.new + self.changed
