"""What a run has done so far, in numbers: read by the display, the manifest and the exit code."""

from collections import Counter
from dataclasses import dataclass, field

from harvester.records import Article

FILLABLE_FIELDS = (
    "section", "posted_at", "view_count", "summary", "body", "author", "source", "images", "attachments", "related",
    "officials", "citations",
)  # fmt: skip


@dataclass(slots=True)
class Counts:
    """Numbers of one run over one portal; only the run itself changes them."""

    listings: int = 0
    listed: int = 0
    fetched: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    failed: int = 0
    out_of_range: int = 0
    waiting: int = 0
    stated_total: int = 0
    hosts_left_alone: int = 0
    filled: Counter[str] = field(default_factory=Counter)

    @property
    def attempted(self) -> int:
        """Pages asked for and settled: listings, articles and failures."""
        return self.listings + self.fetched + self.failed

    @property
    def written(self) -> int:
        """Article versions written."""
        return self.new + self.changed

    def count_fields(self, article: Article) -> None:
        """Note which fields of a written article hold something."""
        self.filled.update(name for name in FILLABLE_FIELDS if getattr(article, name) not in (None, ()))

    def fill_rates(self) -> dict[str, float]:
        """Return the share of written articles in which each field holds something."""
        return {name: round(self.filled[name] / self.written, 4) for name in FILLABLE_FIELDS} if self.written else {}
