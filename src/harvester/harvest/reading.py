"""From an address to what its page holds: fetched, kept, and read as a listing or an article of the portal."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Protocol

from harvester.errors import RedirectRefused
from harvester.extraction import Language, extract, wrong_page
from harvester.harvest.frontier import host_of
from harvester.portals.catalogue import Catalogue, Portal
from harvester.records import Article, Capture, Listing, NotAnArticle, Validators


class Fetch(Protocol):
    """An address in, a capture out, of status 304 if the validators still hold; raises FetchError."""

    async def __call__(self, url: str, validators: Validators | None = None) -> Capture:
        """Return the answer."""


class PageReader:
    """Reads the pages of one portal.

    Args:
        portal: whose pages they are.
        catalogue: gives identity to what is found.
        fetch: has the pages.
        keep: takes every answer in before anything is made of it, and returns it with the place where it lies.
        language: reads officials and citations; None leaves them out.
    """

    def __init__(
        self,
        portal: Portal,
        *,
        catalogue: Catalogue,
        fetch: Fetch,
        keep: Callable[[Capture], Capture],
        language: Language | None,
    ) -> None:
        self._portal = portal
        self._catalogue = catalogue
        self._fetch = fetch
        self._keep = keep
        self._language = language

    async def listing(self, url: str) -> tuple[Capture, Listing]:
        """Return a page of a listing.

        Raises:
            FetchError: there was no answer, or it came from outside the portal.
            ParseError: the page could not be read, or is none of a listing.
        """
        capture = await self._capture(url, None)
        found = extract(capture, self._catalogue, self._portal.id, language=None)
        if not isinstance(found, Listing):
            raise wrong_page(found, "listing", url)
        return capture, found

    async def article(
        self, url: str, validators: Validators | None
    ) -> tuple[Capture, Article | Listing | NotAnArticle | None]:
        """Return what an article's address leads to; None if it is as it was when the validators were given.

        Raises:
            FetchError: there was no answer, or it came from outside the portal.
            ParseError: the page could not be read.
        """
        capture = await self._capture(url, validators)
        if capture.status == HTTPStatus.NOT_MODIFIED:
            return capture, None
        return capture, extract(capture, self._catalogue, self._portal.id, language=self._language)

    async def _capture(self, url: str, validators: Validators | None) -> Capture:
        capture = self._keep(await self._fetch(url, validators))
        answered_by = capture.final_url or url
        if host_of(answered_by) != host_of(url):
            owner = self._catalogue.find_url(answered_by, capture.captured_at.date())
            if owner is None or owner[0].id != self._portal.id:
                raise RedirectRefused(f"the address leads out of the portal, to {host_of(answered_by)}", url=url)
        return capture
