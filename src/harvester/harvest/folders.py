"""Single articles into the output folders of their portals, each folder opened with its first article."""

from collections import Counter
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from harvester.errors import OutputError, UsageError
from harvester.harvest.store import PortalStore
from harvester.portals.catalogue import is_portal_id
from harvester.records import VIETNAM_TIME, Article, Capture

COMMIT_ARTICLES = 100


class ArticleFolders:
    """Adds articles as they come and commits them in groups; a context manager.

    `written` counts the new versions by portal. Answers fetched on the way are archived; saved pages lie where they
    lie already.
    """

    def __init__(self, output: Path) -> None:
        """Make the folder.

        Raises:
            OutputError: it cannot be made.
        """
        self.written: Counter[str] = Counter()
        self._output = output
        self._stores: dict[str, PortalStore] = {}
        self._opened = ExitStack()
        self._uncommitted = 0
        try:
            output.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise OutputError(f"cannot make {output}: {error.strerror}") from error

    def add(self, article: Article, capture: Capture) -> None:
        """Add an article to its portal's folder.

        Raises:
            OutputError: the folder cannot be written.
            PortalLocked: another run holds it.
            UsageError: the portal's name cannot name a folder.
        """
        store = self._store(article.portal)
        if capture.via == "live":
            note = article.capture.model_copy(update={"archive": store.keep(capture).archive})
            article = article.model_copy(update={"capture": note})
        self.written[article.portal] += store.write(article)[1] != "unchanged"
        self._uncommitted += 1
        if self._uncommitted >= COMMIT_ARTICLES:
            self.commit()

    def commit(self) -> None:
        """Write what was added since the last commit.

        Raises:
            OutputError: a folder cannot be written.
        """
        for store in self._stores.values():
            store.commit()
        self._uncommitted = 0

    def _store(self, portal: str) -> PortalStore:
        if portal not in self._stores:
            if not is_portal_id(portal):
                raise UsageError(f"portal {portal!a} cannot name a folder; name another with --portal")
            store = PortalStore(self._output / portal, datetime.now(VIETNAM_TIME))
            self._opened.callback(store.close)
            self._stores[portal] = store
        return self._stores[portal]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Keep what was added, whatever ended the work, and let go of the folders."""
        with self._opened:
            self.commit()
