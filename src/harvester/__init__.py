"""Vietnamese district-government portals, live or already gone, as typed datasets.

    capture = read_file(Path("saved.html"), url="https://longbien.hanoi.gov.vn/tin-tuc/-/view_content/4507404-a.html")
    found = extract(capture, Catalogue.load())

`extract` gives an `Article`, a `Listing`, or `NotAnArticle` with the reason; `find_officials` and `cite` read
plain text.
"""

from harvester.errors import HarvesterError
from harvester.extraction import extract
from harvester.fetchers.file import read_file
from harvester.portals.catalogue import Catalogue
from harvester.records import Article, Capture, Citation, Listing, NotAnArticle, Official, Position, Span
from harvester.vietnamese.citations import cite
from harvester.vietnamese.officials import find_officials

__all__ = [
    "Article",
    "Capture",
    "Catalogue",
    "Citation",
    "HarvesterError",
    "Listing",
    "NotAnArticle",
    "Official",
    "Position",
    "Span",
    "cite",
    "extract",
    "find_officials",
    "read_file",
]
