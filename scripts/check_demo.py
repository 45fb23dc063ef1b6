"""Check what `make demo` wrote: every reachable article of the replica once, as it was composed, and its raw page.

python scripts/check_demo.py output/demo
"""

import sys
from pathlib import Path

import orjson

from harvester.demo.site import compose_site, expected_articles
from harvester.records import Article, Failure


def problems(folder: Path) -> list[str]:
    """Return in words what is wrong with the demo's output; nothing, if all is well."""
    expected = {article.entry_id: article for article in expected_articles(compose_site())}
    lines = (folder / "articles.jsonl").read_bytes().splitlines()
    articles = [Article.model_validate_json(line) for line in lines]
    by_entry = {article.id.rpartition("/")[2]: article for article in articles}
    found = [f"{len(articles)} lines for {len(by_entry)} articles"] * (len(articles) != len(by_entry))
    found += [f"article {entry} is missing" for entry in expected.keys() - by_entry.keys()]
    found += [f"article {entry} was never composed" for entry in by_entry.keys() - expected.keys()]
    for entry in expected.keys() & by_entry.keys():
        composed, article = expected[entry], by_entry[entry]
        for field in ("title", "posted_at", "view_count", "author", "body"):
            if getattr(composed, field) != getattr(article, field):
                found.append(
                    f"article {entry}: {field} is {getattr(article, field)!r}, not {getattr(composed, field)!r}"
                )
    archives = list((folder / "archive").glob("*.warc.gz"))
    found += ["no raw answers were kept"] * (not archives)
    failures = [Failure.model_validate_json(line) for line in (folder / "failures.jsonl").read_bytes().splitlines()]
    found += [
        f"unexpected failure {failure}" for failure in failures if failure.error not in ("WrongPage", "HttpStatusError")
    ]
    manifest = orjson.loads((folder / "manifest.json").read_bytes())
    found += ["the manifest names no run"] * (not manifest["runs"])
    return found


def main(arguments: list[str]) -> int:
    """Print what is wrong; returns 1 if anything is."""
    folder = Path(arguments[0] if arguments else "output/demo")
    found = problems(folder)
    for problem in found:
        print(problem)
    print(f"{folder}: {'as composed' if not found else f'{len(found)} problems'}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
