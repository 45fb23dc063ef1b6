"""Refuse markup on which an HTML parser's time or memory is not linear, before it is parsed.

Measured with lexbor through selectolax 1.0: an open element costs every later tag a step (50,000 nested `<div>` take
17 s), `<option>` in one `<select>` and attributes of one tag are quadratic, and an unclosed formatting element is
copied into every following block (2,000 of them fill 900 MB). A plain scan bounds all four.
"""

import re
from collections import Counter
from collections.abc import Iterator

from harvester.errors import TooDeep

MAX_OPEN_ELEMENTS = 10_000
MAX_STEPS = 60_000_000  # sum over the tags of the elements open at each: about a second of lexbor
MAX_COPIES = 500_000  # sum over the tags of the formatting elements open at each
MAX_TAGS = 300_000
MAX_OPTIONS = 5_000
MAX_ATTRIBUTES = 5_000
_SUSPECT_TAGS = 5_000  # below this count of "<" neither depth nor options can pass a limit
_SUSPECT_TAG_LENGTH = 20_000

_VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())
_FORMATTING = frozenset("b big code em font i nobr s small strike strong tt u".split())
_OPAQUE = frozenset("script style textarea title xmp noframes iframe".split())
# Their end tags may be left out: one closes where the next of its kind begins.
_IMPLIED = frozenset("p li dd dt tr td th tbody thead tfoot option optgroup rp rt colgroup caption".split())
# Their end tags close what was left open inside; any other end tag stops at the first element that is not inline.
_BLOCK = frozenset(
    "address article aside blockquote center div dl fieldset figure footer form header main menu nav ol pre "
    "section ul table h1 h2 h3 h4 h5 h6 button body html".split()
)
_SCOPE = frozenset("table td th caption html object template marquee applet select".split())
_LOOK_BACK = 50
_MOST_EQUAL_FORMATTING = 3

_TAG = re.compile(r"<(?:!--|(/?)([a-zA-Z][^\s/>]{0,30})[^>]*>)")
# Spelt out in both cases: the search for a literal “<” is lost where re ignores case. Most tags are
# passed over by their first letter, before fourteen names are tried.
_FORMATTING_TAG = re.compile(
    f"<(?=[{''.join(sorted({first for name in _FORMATTING for first in (name[0], name[0].upper())}))}])"
    f"(?:{'|'.join(''.join(f'[{c}{c.upper()}]' for c in name) for name in sorted(_FORMATTING))})[\\s>/]"
)
_OPTION_TAG = re.compile(r"<option[\s>/]", re.IGNORECASE)
_OPEN_TAG = re.compile(r"<[a-zA-Z][^>]*+")
_QUOTED = re.compile(r'"[^"]*"|\'[^\']*\'')
_ATTRIBUTE_BREAK = re.compile(r"[\s/=]+")


def refuse_hostile_markup(markup: str, *, url: str | None = None) -> None:
    """Pass in silence what a parser reads in bounded time and memory.

    Raises:
        TooDeep: it would not; the message says which bound was passed.
    """
    _refuse_many_attributes(markup, url)
    tags = markup.count("<")
    if tags > MAX_TAGS:
        raise TooDeep(f"more than {MAX_TAGS} tags", url=url)
    if tags > _SUSPECT_TAGS and len(_OPTION_TAG.findall(markup)) > MAX_OPTIONS:
        raise TooDeep(f"more than {MAX_OPTIONS} options in the page's forms", url=url)
    if tags > _SUSPECT_TAGS or _may_copy_too_much(markup, tags):
        _refuse_deep_nesting(markup, url)


def _may_copy_too_much(markup: str, tags: int) -> bool:
    """Whether the page has so many formatting tags that, all left open, they would be copied too often."""
    return tags * tags > 2 * MAX_COPIES and len(_FORMATTING_TAG.findall(markup)) * tags > MAX_COPIES


def _refuse_many_attributes(markup: str, url: str | None) -> None:
    window = _SUSPECT_TAG_LENGTH // 2  # a longer tag covers one such window wholly
    if all(markup.find(">", start, start + window) >= 0 for start in range(0, len(markup) - window, window)):
        return
    for tag in _OPEN_TAG.finditer(markup):
        if len(tag[0]) < _SUSPECT_TAG_LENGTH:
            continue
        bare = _QUOTED.sub("", tag[0])
        if sum(1 for _ in _ATTRIBUTE_BREAK.finditer(bare)) + tag[0].count("=") > MAX_ATTRIBUTES:
            raise TooDeep(f"a tag with more than {MAX_ATTRIBUTES} attributes", url=url)


def _refuse_deep_nesting(markup: str, url: str | None) -> None:
    open_names: list[str] = []
    active = _ActiveFormatting()
    steps = copies = 0
    for closing, name, tag in _tags(markup):
        if closing:
            _close(open_names, name)
            active.end(name)
        elif name not in _VOID:
            if name in _IMPLIED:
                _close_implied(open_names, name)
            open_names.append(name)
            if name in _FORMATTING:
                active.begin(name, tag)
        steps += len(open_names)
        copies += active.count
        if len(open_names) > MAX_OPEN_ELEMENTS:
            raise TooDeep(f"more than {MAX_OPEN_ELEMENTS} elements open at once", url=url)
        if steps > MAX_STEPS or copies > MAX_COPIES:
            raise TooDeep("too many tags below too many open elements", url=url)


class _ActiveFormatting:
    """The list of active formatting elements (HTML standard, 13.2.4.3): one stays until its own end tag.

    The end of a block around it does not end it. Of equal tags at most three are kept.
    """

    def __init__(self) -> None:
        self.count = 0
        self._tags: dict[str, list[str]] = {}
        self._equal: Counter[str] = Counter()

    def begin(self, name: str, tag: str) -> None:
        if self._equal[tag] < _MOST_EQUAL_FORMATTING:
            self._tags.setdefault(name, []).append(tag)
            self._equal[tag] += 1
            self.count += 1

    def end(self, name: str) -> None:
        if tags := self._tags.get(name):
            self._equal[tags.pop()] -= 1
            self.count -= 1


def _tags(markup: str) -> Iterator[tuple[bool, str, str]]:
    """Yield (is an end tag, lower-case name, the tag) in order, without what stands in comments and scripts."""
    position = 0
    last = markup.rfind(">") + 1  # a tag that nothing ends would be looked through once for each "<" in it
    while match := _TAG.search(markup, position, last):
        position = match.end()
        if match[2] is None:
            end = markup.find("-->", match.start() + 2)
            if end < 0:
                return
            position = end + 3
            continue
        name = match[2].lower()
        yield bool(match[1]), name, match[0]
        if name in _OPAQUE and not match[1]:
            end = _find_end_tag(markup, name, position)
            if end < 0:
                return
            position = end


def _find_end_tag(markup: str, name: str, start: int) -> int:
    match = re.compile(rf"</{name}", re.IGNORECASE).search(markup, start)
    return match.start() if match else -1


def _close(open_names: list[str], name: str) -> None:
    """Close the element of that name where the HTML standard surely does; else leave it open (the safe side)."""
    passes = _IMPLIED | _FORMATTING | _BLOCK if name in _BLOCK or name in _IMPLIED or name in _SCOPE else _FORMATTING
    for back in range(1, min(len(open_names), _LOOK_BACK) + 1):
        candidate = open_names[-back]
        if candidate == name:
            del open_names[-back:]
            return
        if candidate in _SCOPE or candidate not in passes:
            return


def _close_implied(open_names: list[str], name: str) -> None:
    for back in range(1, min(len(open_names), _LOOK_BACK) + 1):
        candidate = open_names[-back]
        if candidate == name:
            del open_names[-back:]
            return
        if candidate not in _IMPLIED:
            return
