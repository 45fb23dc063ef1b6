"""Scrapy as it comes: a spider over listings and articles, items to a JSON Lines feed.

Of the settings only those differ from Scrapy's own that the comparison asks for (16 requests to the host at one time)
or that spare it work the others do not do (debug log, telnet console). Robots.txt is not asked for: Scrapy's default.

    python -m crawlers.scrapy_crawl [--jobdir] [--cache] OUTPUT START_URL...

What harvester always does, Scrapy can be told to do: keep its queue (`--jobdir`) and the raw answers (`--cache`).
"""

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import scrapy
from scrapy.crawler import CrawlerProcess
from scrapy.http import Response

from crawlers import fields


class PortalSpider(scrapy.Spider):
    """Walks the listings page by page and reads every article."""

    name = "portal"

    def parse(self, response: Response, **_: Any) -> Iterator[scrapy.Request]:
        """Yield the requests a listing leads to: its articles and its next page."""
        for link in response.css(fields.LISTING_LINK):
            yield response.follow(link.attrib["href"], callback=self.parse_article)
        address = response.css(fields.NEXT_PAGE).attrib.get("href", "")
        if address.startswith("http"):
            yield response.follow(address)

    def parse_article(self, response: Response) -> Iterator[dict[str, str | int | None]]:
        """Yield the fields of an article page."""
        posted_at, view_count = fields.read_posted_line(fields.collapse(_text(response, fields.POSTED)))
        yield {
            "title": fields.collapse(_text(response, fields.TITLE)),
            "posted_at": posted_at,
            "view_count": view_count,
            "body": fields.join_paragraphs(response.css(f"{fields.BODY} ::text").getall()),
        }


def _text(response: Response, selector: str) -> str:
    return "".join(response.css(f"{selector} ::text").getall())


def main() -> None:
    """Crawl from the start addresses into the output file."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--jobdir", action="store_true")
    arguments.add_argument("--cache", action="store_true")
    arguments.add_argument("output", type=Path)
    arguments.add_argument("start_urls", nargs="+")
    given = arguments.parse_args()
    folder = given.output.resolve().parent
    process = CrawlerProcess(
        {
            "CONCURRENT_REQUESTS": fields.CONCURRENCY,
            "CONCURRENT_REQUESTS_PER_DOMAIN": fields.CONCURRENCY,
            "DOWNLOAD_DELAY": 0,
            "FEEDS": {str(given.output): {"format": "jsonlines", "encoding": "utf8"}},
            "HTTPCACHE_DIR": str(folder / "cache"),
            "HTTPCACHE_ENABLED": given.cache,
            "HTTPCACHE_GZIP": True,
            "JOBDIR": str(folder / "job") if given.jobdir else None,
            "LOG_LEVEL": "WARNING",
            "TELNETCONSOLE_ENABLED": False,
        }
    )
    process.crawl(PortalSpider, start_urls=given.start_urls)
    process.start()


if __name__ == "__main__":
    main()
