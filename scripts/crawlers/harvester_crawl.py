"""Harvester as `harvester crawl` runs it: robots.txt asked for and obeyed, frontier, raw answers archived.

    python -m crawlers.harvester_crawl [--language] OUTPUT START_URL...

`OUTPUT` is a folder. Officials and citations are left out, as no peer has them, unless `--language` is given.
"""

import argparse
from pathlib import Path
from urllib.parse import urlsplit

from harvester.errors import ExitCode
from harvester.extraction import read_language
from harvester.harvest.job import HarvestJob, run_job
from harvester.portals.catalogue import Catalogue, Host, Portal

CONCURRENCY = 16


def portal_of(start_urls: list[str]) -> Portal:
    """Return the catalogue entry of the portal under these addresses, which is read as fast as it answers."""
    origins = {urlsplit(url).netloc for url in start_urls}
    (netloc,) = origins
    host = Host(
        name=netloc,
        evidence="[S] The replica of this package, served on loopback.",
        scheme="http",
        listings=tuple(urlsplit(url).path for url in start_urls),
        delay_seconds=0,
        max_concurrency=CONCURRENCY,
        allow_private_addresses=True,
    )
    family = "hanoi-liferay"
    return Portal(id="bench", name="Quận Long Biên", family=family, family_evidence="[S] as rendered", hosts=(host,))


def main() -> None:
    """Crawl from the start addresses into the output folder."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--language", action="store_true")
    arguments.add_argument("output", type=Path)
    arguments.add_argument("start_urls", nargs="+")
    given = arguments.parse_args()
    portal = portal_of(given.start_urls)
    (report,) = run_job(
        HarvestJob(
            portals=(portal,),
            catalogue=Catalogue((portal,)),
            output=given.output,
            language=read_language if given.language else None,
        )
    )
    if report.exit_code != ExitCode.DONE:
        raise SystemExit(report.exit_code)


if __name__ == "__main__":
    main()
