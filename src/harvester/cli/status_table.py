"""A portal's status as tables to read."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Column, Table

from harvester.harvest.status_records import FileStatus, ListingStatus, PageCounts, PortalStatus, RunStatus

_SHOWN_COUNTS = ("listings", "fetched", "new", "changed", "unchanged", "gone", "failed")
_NEVER = "-"
_RUNNING = {
    True: "a run works on it now",
    False: "no run works on it now",
    None: "whether a run works on it is not known",
}


def status_table(status: PortalStatus) -> Group:
    """Return everything about one portal, a paragraph for each thing."""
    parts: list[RenderableType] = [f"{status.portal}  {_plain(status.folder)}  ({_RUNNING[status.running]})"]
    for title, table in _tables(status):
        if table.row_count:
            parts += ["", title, Padding(table, (0, 0, 0, 2), expand=False)]
    parts += [f"note: {_plain(note)}" for note in status.notes]
    return Group(*parts)


def _tables(status: PortalStatus) -> Iterator[tuple[str, Table]]:
    yield "harvest", _overview(status)
    yield "listings", _listings(status.listings)
    yield "last runs", _runs(status.runs)
    yield "failures", _failures(status)
    yield "files", _files(status.files)
    if status.gaps is not None:
        title = "unusual days without a post" if status.gaps else "no unusual days without a post"
        yield title, _filled(("from", "to", "days"), ((gap.first_day, gap.last_day, gap.days) for gap in status.gaps))


def _overview(status: PortalStatus) -> Table:
    articles, pages, rounds = status.articles, status.pages, status.round
    table = Table(box=None, pad_edge=False, show_header=False)
    stated = f"; the listings state {articles.stated:,} rows" if articles.stated else ""
    table.add_row(
        "articles", f"{articles.articles:,} in {articles.versions:,} versions, {articles.gone:,} of them gone{stated}"
    )
    table.add_row("posted", f"{_moment(articles.oldest_post)} to {_moment(articles.newest_post)}")
    table.add_row("pages", _pages(pages))
    table.add_row(
        "round",
        f"open since {_moment(rounds.open_since)}" if rounds.open_since else f"ended {_moment(rounds.last_ended_at)}",
    )
    return table


def _pages(pages: PageCounts) -> str:
    return (
        f"{pages.done:,} done, {pages.waiting:,} waiting, {pages.due:,} to be read again, {pages.leased:,} at work, "
        f"{pages.failed_for_now:,} failed for now, {pages.failed_for_good:,} failed for good"
    )


def _listings(listings: Iterable[ListingStatus]) -> Table:
    rows = ((listing.start_url, listing.articles, _walked(listing)) for listing in listings)
    return _filled(("address", "articles", "walked"), rows)


def _walked(listing: ListingStatus) -> str:
    back_to = f"back to {listing.walked_back_to}" if listing.walked_back_to else "not to its end"
    done = "whole" if listing.whole else back_to
    return f"{done}; broke off at {listing.resume_url}" if listing.resume_url else done


def _runs(runs: Iterable[RunStatus]) -> Table:
    rows = (
        (
            _moment(run.started_at),
            str(run.finished_at - run.started_at).partition(".")[0],
            run.exit_code,
            *(run.counts.get(name, _NEVER) for name in _SHOWN_COUNTS),
            "; ".join(run.drift),
        )
        for run in runs
    )
    return _filled(("began", "took", "exit", *_SHOWN_COUNTS, "drift"), rows)


def _failures(status: PortalStatus) -> Table:
    rows = ((one.error, one.stage, one.count, one.recent, _moment(one.last_at), one.example) for one in status.failures)
    return _filled(("error", "stage", "all", "last run", "last", "example"), rows)


def _files(files: Iterable[FileStatus]) -> Table:
    return _filled(("name", "bytes", "state"), ((file.name, file.committed, _state(file)) for file in files))


def _state(file: FileStatus) -> str:
    if file.put_aside:
        return f"PUT ASIDE: none of its {file.on_disk or 0:,} bytes was committed"
    if file.on_disk is None:
        return "MISSING: restore it from a backup"
    if not file.whole:
        return f"DAMAGED: {file.committed - file.on_disk:,} bytes are missing; restore it from a backup"
    return (
        f"whole; {file.on_disk - file.committed:,} bytes not committed yet" * (file.on_disk > file.committed) or "whole"
    )


def _filled(columns: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> Table:
    table = Table(*(Column(name, overflow="fold") for name in columns), box=None, pad_edge=False)
    for row in rows:
        for column, cell in zip(table.columns, row, strict=True):
            column.justify = "right" if isinstance(cell, int) else "left"
        table.add_row(*(f"{cell:,}" if isinstance(cell, int) else _plain(str(cell)) for cell in row))
    return table


def _moment(moment: datetime | None) -> str:
    return moment.strftime("%Y-%m-%d %H:%M") if moment else _NEVER


def _plain(text: str) -> str:
    """Return a text without what a terminal would obey."""
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text)
