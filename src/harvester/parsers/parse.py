"""Choose the family that reads a page, and give what it read its identity."""

from harvester.parsers.address import canonical_url
from harvester.parsers.families import Family, families
from harvester.parsers.identity import address_of, article_id, portal_of
from harvester.parsers.other_pages import recognise
from harvester.parsers.page import Page, read_page
from harvester.parsers.reading import Reading
from harvester.portals.catalogue import Catalogue
from harvester.records import Article, Capture, CaptureNote, Listing, NotAnArticle, ParserNote

NO_FAMILY = "no family of portals is known that has this page's marks"
NO_POSTED_LINE = "no posted line was found"


def parse(capture: Capture, catalogue: Catalogue, portal: str | None = None) -> Article | Listing | NotAnArticle:
    """Return what a capture holds; an article comes without officials and citations, which are language's work.

    Raises:
        ParseError: the bytes are no page, or an article lacks what every article of its family has.
    """
    page = read_page(capture)
    portal_id = portal_of(capture, catalogue, portal)
    family = choose_family(page, catalogue, portal_id)
    if family is None:
        return recognise(page) or NotAnArticle(url=capture.url, reason=NO_FAMILY)
    found = family.read(page)
    if isinstance(found, Reading):
        return _article(found, page, family, catalogue, portal_id)
    if isinstance(found, NotAnArticle) and found.shows == "other":
        return recognise(page) or found
    return found


def choose_family(page: Page, catalogue: Catalogue, portal_id: str) -> Family | None:
    """Return the family of the portal's entry if it knows the page, else the first that does, else None.

    The entry alone does not decide: portals changed their CMS, and files saved as text belong to none.
    """
    expected = next((portal.family for portal in catalogue if portal.id == portal_id), None)
    known = families()
    ranked = sorted(known.values(), key=lambda family: expected != family.NAME)
    return next((family for family in ranked if family.accepts(page)), None)


def _article(found: Reading, page: Page, family: Family, catalogue: Catalogue, portal_id: str) -> Article:
    capture, posted = page.capture, found.posted
    address = address_of(capture)
    in_url = family.entry_id(address) if address else None
    entry_id = found.entry_id or in_url
    warnings = [*page.warnings, *found.warnings]
    if posted is None:
        warnings.append(NO_POSTED_LINE)
    elif posted.warning:
        warnings.append(posted.warning)
    if in_url and found.entry_id and in_url != found.entry_id:
        warnings.append(f"the address names entry {in_url}, the page holds entry {found.entry_id}")
    return Article(
        id=article_id(capture, catalogue, portal_id, entry_id),
        portal=portal_id,
        url=capture.url,
        canonical_url=canonical_url(address, entry_id) if address else None,
        section=found.section,
        title=found.title,
        posted_at=posted.posted_at if posted else None,
        posted_precision=posted.precision if posted else None,
        view_count=posted.view_count if posted else None,
        summary=found.summary,
        body="\n\n".join(found.body) or None,
        author=found.author,
        source=found.source,
        images=found.images,
        attachments=found.attachments,
        related=found.related,
        evidence=found.evidence,
        capture=CaptureNote(
            captured_at=capture.captured_at,
            via=capture.via,
            status=capture.status,
            sha256=capture.sha256,
            archive=capture.archive,
            charset=page.charset,
            tls_verified=capture.tls_verified,
        ),
        parser=ParserNote(family=family.NAME, version=family.VERSION),
        warnings=tuple(warnings),
    )
