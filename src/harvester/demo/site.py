"""The replica as a whole: which listing shows which article under which address, and what an address leads to."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final
from urllib.parse import parse_qs, urlencode

from harvester.demo.texts import FOUNDING_ENTRY_ID, SECTIONS, Section, compose_articles
from harvester.demo.truth import ReplicaArticle, ReplicaAttachment

HOST_NAME: Final = "longbien.replica.test"
ROWS_PER_PAGE: Final = 10
DEFAULT_COUNT: Final = 320
DEFAULT_SEED: Final = 20191028

_LISTED_TWICE = 5
_LISTED_UNDER_EN = 2
_EXPIRED = 2
_MISSING = 1
_VIEW_CONTENT = re.compile(r"(?P<page>/[a-z-]+)/-/view_content/(?P<entry>\d+)-[^/]*\.html(?P<language>(?:/(?:en|vi))*)")
_INSTANCE_CONTENT = re.compile(r"(?P<page>/[a-z-]+)/-/asset_publisher/(?P<instance>\w+)/content/(?P<slug>[^/]+)")


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a listing: the article and the address (path and query) its link leads to."""

    article: ReplicaArticle
    address: str


@dataclass(frozen=True, slots=True)
class ArticleFound:
    """An address that leads to an article, shown inside a section's page by the portlet of that id."""

    article: ReplicaArticle
    section: Section
    portlet: str


@dataclass(frozen=True, slots=True)
class ListingFound:
    """An address that leads to a page of a section's listing."""

    section: Section
    page: int


@dataclass(frozen=True, slots=True)
class ListingInstead:
    """An article's address that is answered with the section's listing, status 200 (docs/families.md)."""

    section: Section


@dataclass(frozen=True, slots=True)
class HomeFound:
    """The address of the home page."""


@dataclass(frozen=True, slots=True)
class NothingFound:
    """An address that leads nowhere: status 404."""


Found = ArticleFound | ListingFound | ListingInstead | HomeFound | ReplicaAttachment | NothingFound


@dataclass(frozen=True)
class ReplicaSite:
    """What the replica serves: all that is asked of it can be computed from here; `demo.edits` changes it.

    `rows` holds the listings by section path; `expired` the listed entries whose address is answered with a
    listing; `missing` the listed entries answered with 404; `slow` the entry whose page takes its time.
    """

    articles: tuple[ReplicaArticle, ...]
    rows: Mapping[str, tuple[Row, ...]]
    expired: frozenset[str]
    missing: frozenset[str]
    slow: str

    @cached_property
    def _by_entry(self) -> dict[str, ReplicaArticle]:
        return {article.entry_id: article for article in self.articles}

    @cached_property
    def _by_url_title(self) -> dict[str, ReplicaArticle]:
        return {article.url_title: article for article in self.articles}

    @cached_property
    def _attachments(self) -> dict[str, ReplicaAttachment]:
        return {one.path.partition("?")[0]: one for article in self.articles for one in article.attachments}

    def pages(self, section: Section) -> int:
        """Return how many pages the section's listing has."""
        return max(1, -(-len(self.rows[section.path]) // ROWS_PER_PAGE))

    def titles_of(self, entry_id: str) -> frozenset[str | None]:
        """Return the section titles under which the article can be met: one, or two if it is listed twice."""
        if self._by_entry[entry_id].layout.borderless:
            return frozenset({None})
        return frozenset(
            section.title
            for section in SECTIONS
            if any(row.article.entry_id == entry_id for row in self.rows[section.path])
        )

    def find(self, path: str, query: str) -> Found:
        """Return what an address leads to."""
        if path == "/":
            return HomeFound()
        if attachment := self._attachments.get(path):
            return attachment
        if match := _VIEW_CONTENT.fullmatch(path):
            return self._view_content(match["page"], match["entry"], match["language"])
        if match := _INSTANCE_CONTENT.fullmatch(path):
            return self._by_name(match["page"], f"101_INSTANCE_{match['instance']}", match["slug"])
        section = next((one for one in SECTIONS if one.path == path), None)
        return self._section_page(section, query) if section else NothingFound()

    def _view_content(self, page: str, entry: str, language: str) -> Found:
        section = next((one for one in SECTIONS if one.path == page), None)
        if section is None or entry in self.missing:
            return NothingFound()
        if language or entry in self.expired:
            return ListingInstead(section)
        article = self._by_entry.get(entry)
        return ArticleFound(article, section, "101") if article else NothingFound()

    def _by_name(self, page: str, portlet: str, slug: str) -> Found:
        section = next((one for one in SECTIONS if (one.path, one.portlet) == (page, portlet)), None)
        article = self._by_url_title.get(slug)
        return ArticleFound(article, section, portlet) if section and article else NothingFound()

    def _section_page(self, section: Section, query: str) -> Found:
        values = parse_qs(query)
        namespace = f"_{section.portlet}_"
        if entry := values.get(f"{namespace}assetEntryId"):
            article = self._by_entry.get(entry[0])
            return ArticleFound(article, section, section.portlet) if article else NothingFound()
        page = values.get(f"{namespace}cur", ["1"])[0]
        wanted = int(page) if page.isdecimal() and len(page) < 9 else 1
        return ListingFound(section, min(max(wanted, 1), self.pages(section)))


def compose_site(
    count: int = DEFAULT_COUNT, seed: int = DEFAULT_SEED, *, days_between: float | None = None
) -> ReplicaSite:
    """Compose a replica of `count` articles, and some rows that lead to none.

    `days_between` is as in `compose_articles`.

    Raises:
        ValueError: fewer than 20 articles are asked for (the mixture of addresses needs that many), or more than
            fit between the first day and the last.
    """
    if count < 20:
        raise ValueError(f"a replica has at least 20 articles, not {count}")
    composed = compose_articles(count + _EXPIRED + _MISSING, seed, days_between)
    main = [one for one in composed if one.section_path == SECTIONS[0].path and one.entry_id != FOUNDING_ENTRY_ID]
    step = len(main) // (_EXPIRED + _MISSING + _LISTED_TWICE + _LISTED_UNDER_EN + 1) or 1
    picked = [one.entry_id for one in main[::step]]
    cut = _EXPIRED + _MISSING
    expired, missing = frozenset(picked[:_EXPIRED]), frozenset(picked[_EXPIRED:cut])
    twice = picked[cut : cut + _LISTED_TWICE]
    under_en = picked[cut + _LISTED_TWICE : cut + _LISTED_TWICE + _LISTED_UNDER_EN]
    second = SECTIONS[1]
    rows: dict[str, tuple[Row, ...]] = {}
    for section in SECTIONS:
        listed: list[Row] = []
        for article in composed:
            entry = article.entry_id
            if article.section_path == section.path:
                plain = entry in expired or entry in missing or entry in under_en
                listed.append(Row(article, view_content(section, article) if plain else row_address(section, article)))
            elif section is second and entry in twice:
                listed.append(Row(article, view_content(section, article)))
            elif section is second and entry in under_en:
                listed.append(Row(article, view_content(section, article) + "/en"))
        rows[section.path] = tuple(listed)
    articles = tuple(one for one in composed if one.entry_id not in expired | missing)
    slow = next(one.entry_id for one in articles[len(articles) // 2 :] if one.section_path == SECTIONS[0].path)
    return ReplicaSite(articles, rows, expired, missing, slow)


def expected_articles(site: ReplicaSite) -> tuple[ReplicaArticle, ...]:
    """Return what a whole harvest finds, newest first: every article that some listing's link leads to."""
    reachable = {
        found.article.entry_id
        for rows in site.rows.values()
        for row in rows
        if isinstance(found := site.find(*split_target(row.address)), ArticleFound)
    }
    return tuple(article for article in site.articles if article.entry_id in reachable)


def view_content(section: Section, article: ReplicaArticle) -> str:
    """Return the article's address of form 1 (docs/families.md) under that section's page."""
    return f"{section.path}/-/view_content/{article.entry_id}-{article.url_title}.html"


def listing_address(section: Section, page: int) -> str:
    """Return the address of a page of a listing, as the pager writes it."""
    namespace = f"_{section.portlet}_"
    return f"{section.path}?" + urlencode(
        [
            ("p_p_id", section.portlet),
            ("p_p_lifecycle", "0"),
            ("p_p_state", "normal"),
            ("p_p_mode", "view"),
            ("p_p_col_id", "column-1"),
            ("p_p_col_pos", "1"),
            ("p_p_col_count", "2"),
            (f"{namespace}delta", str(ROWS_PER_PAGE)),
            (f"{namespace}keywords", ""),
            (f"{namespace}advancedSearch", "false"),
            (f"{namespace}andOperator", "true"),
            ("p_r_p_564233524_resetCur", "false"),
            (f"{namespace}cur", str(page)),
        ]
    )


def split_target(address: str) -> tuple[str, str]:
    """Return path and query."""
    path, _, query = address.partition("?")
    return path, query


def row_address(section: Section, article: ReplicaArticle) -> str:
    """Return the address under which the section's listing links the article; each has one of the family's forms."""
    turn = int(article.entry_id) % 4
    if section.portlet != "101":
        return _query_form(section, article) if turn == 0 else _instance_form(section, article, turn)
    by_query = turn == 0 if section is SECTIONS[0] else turn != 0
    return _query_form(section, article) if by_query else view_content(section, article)


def _query_form(section: Section, article: ReplicaArticle) -> str:
    namespace = f"_{section.portlet}_"
    state = [("p_p_lifecycle", "0"), ("p_p_state", "normal"), ("p_p_mode", "view")]
    column = [("p_p_col_id", "column-3"), ("p_p_col_pos", "5"), ("p_p_col_count", "6")]
    content = [
        (f"{namespace}type", "content"),
        (f"{namespace}struts_action", "/asset_publisher/view_content"),
        (f"{namespace}assetEntryId", article.entry_id),
        (f"{namespace}urlTitle", article.url_title),
    ]
    turn = int(article.entry_id) // 4 % 4
    return f"{section.path}?" + urlencode(
        [("p_p_id", section.portlet), *state, *column, *content[turn:], *content[:turn]]
    )


def _instance_form(section: Section, article: ReplicaArticle, turn: int) -> str:
    instance = section.portlet.removeprefix("101_INSTANCE_")
    redirect = "?inheritRedirect=false" if turn == 1 else ""
    return f"{section.path}/-/asset_publisher/{instance}/content/{article.url_title}{redirect}"
