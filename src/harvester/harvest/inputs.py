"""Articles out of what a user names: saved pages, addresses, standard input."""

import asyncio
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from harvester.errors import ExitCode, FetchError, ParseError, UsageError, WrongPage
from harvester.extraction import describe, extract
from harvester.fetchers.file import read_file, read_stream
from harvester.fetchers.http import FetchSettings, HttpFetcher
from harvester.parsers.address import resolve
from harvester.portals.catalogue import Catalogue, is_portal_id
from harvester.records import Article, Capture

Take = Callable[[Article, Capture], None]

STANDARD_STREAM = "-"


@dataclass(frozen=True, slots=True)
class Inputs:
    """What to read: paths, addresses or “-”; `url` and `captured_at` tell what a single saved page is.

    `hosts_folder` is where processes share the limits of hosts.
    """

    names: tuple[str, ...]
    catalogue: Catalogue
    portal: str | None = None
    url: str | None = None
    captured_at: datetime | None = None
    settings: FetchSettings = field(default_factory=FetchSettings)
    hosts_folder: Path | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot be meant.

        Raises:
            UsageError: `url` is given with more than one input, or is none that an article can have; `portal` cannot
                name a folder, as ids do.
        """
        if self.portal is not None and not is_portal_id(self.portal):
            raise UsageError(f"--portal takes an id of a-z, 0-9, dots and hyphens, not {self.portal!a}")
        if self.url is not None and len(self.names) > 1:
            raise UsageError("--url names the address of one page; give one input with it")
        if self.url is not None and resolve(None, self.url) is None:
            raise UsageError("--url takes an absolute http or https address")


def is_address(name: str) -> bool:
    """Whether an input is to be fetched instead of opened."""
    return name[:8].lower().startswith(("http://", "https://"))


def extract_inputs(inputs: Inputs, take: Take, refuse: Callable[[str, str], None]) -> ExitCode:
    """Read every input; `take` gets each article with its capture, `refuse` the name of one that is none, and why.

    Returns:
        DONE if every input is an article; FAILED if the only one is not; MANY_PAGES_FAILED if some are not.
    """
    return asyncio.run(_extract_all(inputs, take, refuse))


async def _extract_all(inputs: Inputs, take: Take, refuse: Callable[[str, str], None]) -> ExitCode:
    refused = 0
    async with HttpFetcher(inputs.catalogue, inputs.settings, hosts_folder=inputs.hosts_folder) as fetcher:
        for name in inputs.names:
            try:
                capture = await _capture(name, inputs, fetcher)
                article = _article(capture, inputs)
            except (FetchError, ParseError) as error:
                refused += 1
                refuse(name, error.message)
            else:
                take(article, capture)
    if not refused:
        return ExitCode.DONE
    return ExitCode.FAILED if len(inputs.names) == 1 else ExitCode.MANY_PAGES_FAILED


async def _capture(name: str, inputs: Inputs, fetcher: HttpFetcher) -> Capture:
    if is_address(name):
        return await fetcher.fetch(name)
    if name == STANDARD_STREAM:
        return read_stream(sys.stdin.buffer, name="standard input", url=inputs.url, captured_at=inputs.captured_at)
    return read_file(Path(name), url=inputs.url, captured_at=inputs.captured_at)


def _article(capture: Capture, inputs: Inputs) -> Article:
    found = extract(capture, inputs.catalogue, inputs.portal)
    if isinstance(found, Article):
        return found
    raise WrongPage(describe(found), url=capture.url)
