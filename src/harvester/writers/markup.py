"""HTML elements whose text and attributes cannot break out of them."""

import re
from collections.abc import Iterable, Iterator
from xml.etree.ElementTree import Element, tostring

Content = Element | str

_WEB = ("http://", "https://")
# Controls, lone surrogates and the non-characters that open a plane's end: no HTML document may hold them.
_UNSHOWABLE = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_REPLACEMENT = "\ufffd"


def element(tag: str, /, *content: Content, **attributes: str | None) -> Element:
    """Return an element; attributes that are None are left out, `class_` is class, `aria_label` aria-label.

    A character that HTML cannot carry becomes U+FFFD, one for one. An element is content once: elements know what
    follows them.
    """
    made = Element(tag)
    for name, value in attributes.items():
        if value is not None:
            made.set(name.rstrip("_").replace("_", "-"), _showable(value))
    for each in content:
        if not isinstance(each, str):
            made.append(each)
        elif len(made):
            made[-1].tail = (made[-1].tail or "") + _showable(each)
        else:
            made.text = (made.text or "") + _showable(each)
    return made


def lines(content: Iterable[Content]) -> Iterator[Content]:
    """Yield the content with a line feed after each, for the eyes of who reads the source."""
    for each in content:
        yield each
        yield "\n"


def web_link(address: str, words: str | None = None) -> Content:
    """Return a link, or the words alone where the address is of another scheme than http and https."""
    shown = words or address
    return element("a", shown, href=address) if address[:8].lower().startswith(_WEB) else shown


def document(root: Element) -> bytes:
    """Return a page in UTF-8 with its document type."""
    return f"<!DOCTYPE html>\n{tostring(root, encoding='unicode', method='html')}\n".encode()


def _showable(text: str) -> str:
    return _UNSHOWABLE.sub(_REPLACEMENT, text)
