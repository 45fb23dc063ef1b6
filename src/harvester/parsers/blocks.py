"""The blocks of an article's markup: what a reader sees as paragraphs and pictures, in reading order."""

import re
from dataclasses import dataclass, field

from selectolax.lexbor import LexborNode

from harvester.vietnamese.text import clean_line, nfc

_BLOCK_TAGS = frozenset(
    "address article aside blockquote center dd div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 "
    "header hr li main nav ol p pre section table tbody td tfoot th thead tr ul".split()
)
_UNSEEN_TAGS = frozenset("script style noscript template iframe object embed select button textarea input".split())
_ITALIC_TAGS = frozenset({"em", "i"})
_PICTURE_HOLDERS = frozenset({"figure", "table"})
_ALIGN_STYLE = re.compile(r"text-align\s*:\s*(left|right|center|justify)", re.IGNORECASE)
_LINE_BREAK = "\n"


@dataclass(frozen=True, slots=True)
class Picture:
    """An <img>: its address as written and its alternative text."""

    src: str
    alt: str


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, or pictures without text; `holder` numbers the figure or table it stands in (0: in none)."""

    text: str
    tag: str
    classes: str
    align: str | None
    is_italic: bool
    pictures: tuple[Picture, ...]
    holder: int


@dataclass(frozen=True, slots=True)
class _Frame:
    """An open block element, with what it inherits from those around it."""

    tag: str
    classes: str
    align: str | None
    holder: int


@dataclass(slots=True)
class _Gathering:
    """The inline content seen since the last block boundary."""

    pieces: list[str] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    has_upright: bool = False


class _Leave:
    """Stands on the stack where an element ends."""


_LEAVE_BLOCK, _LEAVE_ITALIC = _Leave(), _Leave()


def read_blocks(root: LexborNode) -> list[Block]:
    """Return the blocks below a node, white space collapsed, empty ones left out.

    One <br> is a line end inside a paragraph, two part paragraphs. The walk keeps its own stack: pages may be
    nested deeper than Python's.
    """
    blocks: list[Block] = []
    frames = [_Frame("", "", None, 0)]
    gathering = _Gathering()
    holders = italics = 0
    stack: list[LexborNode | _Leave] = _children(root)
    while stack:
        node = stack.pop()
        if isinstance(node, _Leave):
            if node is _LEAVE_ITALIC:
                italics -= 1
            else:
                blocks += _flush(gathering, frames.pop())
                gathering = _Gathering()
            continue
        tag = node.tag
        if tag == "-text":
            piece = node.text_content or ""
            if piece and not piece.isspace():
                gathering.pieces.append(piece)
                gathering.has_upright |= not italics
            elif gathering.pieces:
                gathering.pieces.append(" ")
        elif tag == "br":
            gathering.pieces.append(_LINE_BREAK)
        elif tag == "img":
            gathering.pictures.append(Picture(node.attributes.get("src") or "", nfc(node.attributes.get("alt") or "")))
        elif tag in _BLOCK_TAGS:
            blocks += _flush(gathering, frames[-1])
            gathering = _Gathering()
            holders += tag in _PICTURE_HOLDERS
            frames.append(_frame(node, tag, frames[-1], holders))
            stack.append(_LEAVE_BLOCK)
            stack += _children(node)
        elif tag and tag not in _UNSEEN_TAGS and not tag.startswith(("-", "_")):
            if tag in _ITALIC_TAGS:
                italics += 1
                stack.append(_LEAVE_ITALIC)
            stack += _children(node)
    return blocks + _flush(gathering, frames[-1])


def _children(node: LexborNode) -> list[LexborNode | _Leave]:
    """Return the children, last first, as a stack wants them."""
    children: list[LexborNode | _Leave] = []
    child = node.child
    while child is not None:
        children.append(child)
        child = child.next
    children.reverse()
    return children


def _frame(node: LexborNode, tag: str, outer: _Frame, holders: int) -> _Frame:
    attributes = node.attributes
    styled = _ALIGN_STYLE.search(attributes.get("style") or "")
    align = styled[1].lower() if styled else (attributes.get("align") or "").lower() or None
    if tag == "center":
        align = "center"
    return _Frame(
        tag,
        attributes.get("class") or "",
        align or outer.align,
        holders if tag in _PICTURE_HOLDERS else outer.holder,
    )


def _flush(gathering: _Gathering, frame: _Frame) -> list[Block]:
    """Return the paragraphs gathered; the pictures go with the first."""
    if not gathering.pieces and not gathering.pictures:
        return []
    lines = "".join(_keep_breaks(gathering.pieces)).split(_LINE_BREAK)
    paragraphs: list[list[str]] = [[]]
    for line in map(clean_line, lines):
        if line:
            paragraphs[-1].append(line)
        elif paragraphs[-1]:
            paragraphs.append([])
    texts = [_LINE_BREAK.join(paragraph) for paragraph in paragraphs if paragraph]
    if not texts and not gathering.pictures:
        return []
    return [
        Block(
            text=text,
            tag=frame.tag,
            classes=frame.classes,
            align=frame.align,
            is_italic=bool(text) and not gathering.has_upright,
            pictures=tuple(gathering.pictures) if index == 0 else (),
            holder=frame.holder,
        )
        for index, text in enumerate(texts or [""])
    ]


def _keep_breaks(pieces: list[str]) -> list[str]:
    """Leave line feeds that are <br>; those of the source text are mere white space."""
    return [piece if piece == _LINE_BREAK else piece.replace(_LINE_BREAK, " ") for piece in pieces]
