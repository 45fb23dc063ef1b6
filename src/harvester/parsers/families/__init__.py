"""One file per CMS family. A module here that has NAME, VERSION and the functions of `Family` is a family."""

import importlib
import pkgutil
from functools import cache
from typing import Protocol, cast

from harvester.parsers.page import Page
from harvester.parsers.reading import Reading
from harvester.records import Listing, NotAnArticle


class Family(Protocol):
    """What a family's module offers; all functions are pure."""

    NAME: str
    VERSION: str

    def accepts(self, page: Page) -> bool:
        """Whether the page has this family's marks; a cheap look."""

    def read(self, page: Page) -> Reading | Listing | NotAnArticle:
        """Return what the page holds.

        Raises:
            FieldNotFound: an article without what every article of the family has.
        """

    def entry_id(self, url: str, /) -> str | None:
        """Return the CMS's own number of the article, where its address holds it."""

    def is_article_url(self, url: str, /) -> bool:
        """Whether the address is one of an article, as far as its form tells."""


@cache
def families() -> dict[str, Family]:
    """Return every family by its name."""
    modules = (importlib.import_module(f"{__name__}.{found.name}") for found in pkgutil.iter_modules(__path__))
    return {module.NAME: cast("Family", module) for module in modules}
