"""The bare loop: httpx2 and selectolax, 16 workers, no frontier, no archive, no politeness, no robots.txt."""

import asyncio
import json
import sys
from pathlib import Path
from typing import BinaryIO
from urllib.parse import urljoin

import httpx2
from selectolax.lexbor import LexborHTMLParser

from crawlers import fields


async def crawl(output: BinaryIO, start_urls: list[str]) -> None:
    """Follow the listings and write every article they lead to."""
    waiting: asyncio.Queue[str] = asyncio.Queue()
    seen: set[str] = set()

    def add(url: str) -> None:
        if url not in seen:
            seen.add(url)
            waiting.put_nowait(url)

    async def work(client: httpx2.AsyncClient) -> None:
        while True:
            url = await waiting.get()
            response = await client.get(url)
            response.raise_for_status()
            tree = LexborHTMLParser(response.content)
            for link in links(tree, url):
                add(link)
            if article := read_article(tree):
                output.write(json.dumps(article, ensure_ascii=False).encode() + b"\n")
            waiting.task_done()

    for url in start_urls:
        add(url)
    limits = httpx2.Limits(max_connections=fields.CONCURRENCY, max_keepalive_connections=fields.CONCURRENCY)
    async with httpx2.AsyncClient(limits=limits, trust_env=False) as client, asyncio.TaskGroup() as group:
        workers = [group.create_task(work(client)) for _ in range(fields.CONCURRENCY)]
        await waiting.join()
        for worker in workers:
            worker.cancel()


def links(tree: LexborHTMLParser, url: str) -> list[str]:
    """Return where a listing leads: its articles and its next page; nothing for an article."""
    nodes = [*tree.css(fields.NEXT_PAGE), *tree.css(fields.LISTING_LINK)]
    found = (urljoin(url, node.attributes.get("href") or "") for node in nodes)
    return [link for link in found if link.startswith("http")]


def read_article(tree: LexborHTMLParser) -> dict[str, str | int | None] | None:
    """Return the fields of an article page, None for a listing."""
    title, posted, body = (tree.css_first(each) for each in (fields.TITLE, fields.POSTED, fields.BODY))
    if title is None or posted is None or body is None:
        return None
    posted_at, view_count = fields.read_posted_line(fields.collapse(posted.text()))
    return {
        "title": fields.collapse(title.text()),
        "posted_at": posted_at,
        "view_count": view_count,
        "body": fields.join_paragraphs(body.text(separator="\n").split("\n")),
    }


def main() -> None:
    """Crawl from the start addresses into the output file."""
    path, *start_urls = sys.argv[1:]
    with Path(path).open("wb") as output:
        asyncio.run(crawl(output, start_urls))


if __name__ == "__main__":
    main()
