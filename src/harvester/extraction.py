"""A capture in, an article with its people and documents out: the only place where parsers and language meet."""

from collections.abc import Callable
from datetime import datetime

from harvester.errors import BotChallenge, HarvesterError, LoginRequired, Maintenance, ParserDefect, WrongPage
from harvester.parsers.parse import parse
from harvester.portals.catalogue import Catalogue
from harvester.records import Article, Capture, Citation, Listing, NotAnArticle, Official, OtherPage
from harvester.vietnamese.citations import NO_DATELINE, Dateline, cite
from harvester.vietnamese.officials import find_officials
from harvester.vietnamese.places import unit_named

_ERRORS: dict[OtherPage, type[WrongPage]] = {
    "challenge": BotChallenge,
    "login": LoginRequired,
    "maintenance": Maintenance,
}

Language = Callable[[str, Dateline], tuple[tuple[Official, ...], tuple[Citation, ...]]]


def read_language(body: str, dateline: Dateline = NO_DATELINE) -> tuple[tuple[Official, ...], tuple[Citation, ...]]:
    """Return the officials and the citations of a text published there and then; offsets are its code points."""
    return find_officials(body), cite(body, dateline)


def dateline_of(portal_id: str, posted_at: datetime | None, catalogue: Catalogue) -> Dateline:
    """Return where and when a portal's article was published, as far as the catalogue and the gazetteers know."""
    portal = next((portal for portal in catalogue if portal.id == portal_id), None)
    unit = unit_named(portal.name, portal.province) if portal else None
    return Dateline(unit, posted_at.date() if posted_at else None)


def extract(
    capture: Capture, catalogue: Catalogue, portal: str | None = None, *, language: Language | None = read_language
) -> Article | Listing | NotAnArticle:
    """Return what a capture holds; an article with the officials and citations of its body.

    Args:
        capture: the bytes and where they come from.
        catalogue: decides portal, id space and family.
        portal: the portal's id, where the caller knows it.
        language: None leaves officials and citations empty.

    Raises:
        ParseError: the bytes are no page, an article lacks what every article of its family has, or the parser is
            at fault (ParserDefect): one page never ends a run over thousands.
    """
    try:
        found = parse(capture, catalogue, portal)
        if not isinstance(found, Article) or not found.body or language is None:
            return found
        officials, citations = language(found.body, dateline_of(found.portal, found.posted_at, catalogue))
    except HarvesterError:
        raise
    except Exception as error:
        reason = f"the parser broke on this page ({type(error).__name__}: {error}); please report it"
        raise ParserDefect(reason, url=capture.url) from error
    return found.model_copy(update={"officials": officials, "citations": citations})


def describe(found: Article | Listing | NotAnArticle) -> str:
    """Return in words what a page is, for whoever wanted another kind."""
    match found:
        case NotAnArticle():
            return found.reason
        case Listing():
            return f"a listing of {len(found.rows)} rows" + (f" out of {found.total}" if found.total else "")
    return "an article"


def wrong_page(found: Article | Listing | NotAnArticle, wanted: str, url: str | None) -> WrongPage:
    """Return the error for whoever wanted another kind of page: “listing” or “article”."""
    error = _ERRORS.get(found.shows, WrongPage) if isinstance(found, NotAnArticle) else WrongPage
    return error(f"no {wanted}: {describe(found)}", url=url)
