"""From an address to what its page holds: fetched, kept, and read as a listing or an article of the portal."""

import asyncio
from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from typing import Protocol

from harvester.errors import HarvesterError, RedirectRefused
from harvester.extraction import Language, extract, wrong_page
from harvester.harvest.frontier import host_of
from harvester.portals.catalogue import Catalogue, Portal
from harvester.records import Article, Capture, Listing, NotAnArticle, Validators

READ_AT_ONCE_BYTES = 200_000
"""A page of this length takes a tenth of a second, the longest that are read three; an ordinary one is read sooner than
it is handed to a thread."""


class Fetch(Protocol):
    """An address in, a capture out, of status 304 if the validators still hold; raises FetchError."""

    async def __call__(self, url: str, validators: Validators | None = None) -> Capture:
        """Return the answer."""


class PageReader:
    """Reads the pages of one portal; a long one in a thread, so that signals and timeouts are heard meanwhile.

    An answer is kept when its page has been read, and nothing is waited for between that and the return to the caller:
    so an answer and what the caller makes of it are committed together, and a page that is given up leaves nothing.

    Args:
        portal: whose pages they are.
        catalogue: gives identity to what is found.
        fetch: has the pages.
        keep: takes every answer in, and returns it with the place where it lies.
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
        self._one_long_page = asyncio.Lock()

    async def listing(self, url: str) -> tuple[Capture, Listing]:
        """Return a page of a listing.

        Raises:
            FetchError: there was no answer, or it came from outside the portal.
            ParseError: the page could not be read, or is none of a listing.
        """
        capture, found = await self._read(await self._capture(url, None), None)
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
            return self._keep(capture), None
        return await self._read(capture, self._language)

    async def _capture(self, url: str, validators: Validators | None) -> Capture:
        capture = await self._fetch(url, validators)
        answered_by = capture.final_url or url
        if host_of(answered_by) != host_of(url):
            owner = self._catalogue.find_url(answered_by, capture.captured_at.date())
            if owner is None or owner[0].id != self._portal.id:
                self._keep(capture)
                raise RedirectRefused(f"the address leads out of the portal, to {host_of(answered_by)}", url=url)
        return capture

    async def _read(
        self, capture: Capture, language: Language | None
    ) -> tuple[Capture, Article | Listing | NotAnArticle]:
        read = partial(extract, capture, self._catalogue, self._portal.id, language=language)
        try:
            if len(capture.body) <= READ_AT_ONCE_BYTES:
                found = read()
            else:
                async with self._one_long_page:
                    found = await asyncio.to_thread(read)
        except HarvesterError:
            self._keep(capture)
            raise
        capture = self._keep(capture)
        if isinstance(found, Article):
            note = found.capture.model_copy(update={"archive": capture.archive})
            found = found.model_copy(update={"capture": note})
        return capture, found
