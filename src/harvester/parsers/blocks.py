"""The blocks of an article's markup: what a reader sees as paragraphs and pictures, in reading order."""

import re
from dataclasses import dataclass, field
from enum import Enum
from typing import Final, NamedTuple

from selectolax.lexbor import LexborNode

from harvester.vietnamese.text import clean_line, nfc

_BLOCK_TAGS = frozenset(
    "address article aside blockquote center dd div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 "
    "header hr li main nav ol p pre section table tbody td tfoot th thead tr ul".split()
)
_UNSEEN_TAGS = frozenset("script style noscript template iframe object embed select button textarea input".split())
_ITALIC_TAGS = frozenset({"em", "i"})
_PICTURE_HOLDERS = frozenset({"figure", "table"})
_ALIGN_STYLE = re.compile(r"text-align\s*:\s*(left|right|center|justify)")
_LINE_BREAK = "\n"


# The values that every page makes by the dozen are tuples: a frozen dataclass takes three times as long to make.
class Picture(NamedTuple):
    """An <img>: its address as written and its alternative text."""

    src: str
    alt: str


class Block(NamedTuple):
    """A paragraph, or pictures without text; `holder` numbers the figure or table it stands in (0: in none)."""

    text: str
    tag: str
    classes: str
    align: str | None
    is_italic: bool
    pictures: tuple[Picture, ...]
    holder: int


class _Frame(NamedTuple):
    """An open block element, with what it inherits from those around it."""

    tag: str
    classes: str
    align: str | None
    holder: int


@dataclass(slots=True)
class _Gathering:
    """The inline content seen since the last block boundary; its line feeds are <br>."""

    pieces: list[str] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    has_upright: bool = False

    def add(self, text: str, *, is_upright: bool) -> None:
        """Take up text; white space before a paragraph's first word is none of it, line feeds are white space."""
        if text and not text.isspace():
            self.pieces.append(text.replace(_LINE_BREAK, " "))
            self.has_upright |= is_upright
        elif self.pieces:
            self.pieces.append(" ")

    def part(self, frame: _Frame) -> list[Block]:
        """Return the paragraphs gathered, the pictures with the first, and begin anew."""
        if not self.pieces and not self.pictures:
            return []
        texts = _paragraphs("".join(self.pieces))
        if self.pictures and not texts:
            texts = [""]
        tag, classes, align, holder = frame
        is_italic = texts != [""] and not self.has_upright
        blocks = [Block(text, tag, classes, align, is_italic, (), holder) for text in texts]
        if self.pictures:
            blocks[0] = blocks[0]._replace(pictures=tuple(self.pictures))
        self.pieces, self.pictures, self.has_upright = [], [], False
        return blocks


def _paragraphs(text: str) -> list[str]:
    """Return the paragraphs of a block's text, parted by empty lines; most blocks have one line, or none."""
    if _LINE_BREAK not in text:
        return [line] if (line := clean_line(text)) else []
    lines = _LINE_BREAK.join(map(clean_line, text.split(_LINE_BREAK)))
    return [paragraph for part in lines.split(2 * _LINE_BREAK) if (paragraph := part.strip(_LINE_BREAK))]


class _Leave(Enum):
    """Stands on the stack where an element ends."""

    BLOCK = "block"
    ITALIC = "italic"


_LEAVE_BLOCK: Final = _Leave.BLOCK
_LEAVE_ITALIC: Final = _Leave.ITALIC


def read_blocks(root: LexborNode) -> list[Block]:
    """Return the blocks below a node, white space collapsed, empty ones left out.

    One <br> is a line end inside a paragraph, two part paragraphs. The walk keeps its own stack: pages may be
    nested deeper than Python's.
    """
    blocks: list[Block] = []
    frames = [_Frame("", "", None, 0)]
    gathering = _Gathering()
    holders = italics = 0
    stack: list[LexborNode | _Leave | None] = [root.child]
    while stack:
        node = stack.pop()
        if node is None:
            continue
        if node is _LEAVE_ITALIC:
            italics -= 1
            continue
        if node is _LEAVE_BLOCK:
            blocks += gathering.part(frames.pop())
            continue
        stack.append(node.next)
        if node.is_text_node:
            gathering.add(node.text_content or "", is_upright=not italics)
            continue
        tag = node.tag
        if tag == "br":
            gathering.pieces.append(_LINE_BREAK)
        elif tag == "img":
            gathering.pictures.append(_picture(node))
        elif tag in _BLOCK_TAGS:
            blocks += gathering.part(frames[-1])
            holders += tag in _PICTURE_HOLDERS
            frames.append(_frame(node, tag, frames[-1], holders))
            stack += (_LEAVE_BLOCK, node.child)
        elif tag in _ITALIC_TAGS:
            italics += 1
            stack += (_LEAVE_ITALIC, node.child)
        elif tag and tag not in _UNSEEN_TAGS and not tag.startswith(("-", "_")):
            stack.append(node.child)
    return blocks + gathering.part(frames[-1])


def _picture(node: LexborNode) -> Picture:
    attributes = node.attributes
    return Picture(attributes.get("src") or "", nfc(attributes.get("alt") or ""))


def _frame(node: LexborNode, tag: str, outer: _Frame, holders: int) -> _Frame:
    attributes = node.attributes
    styled = _ALIGN_STYLE.search((attributes.get("style") or "").lower())
    align = styled[1] if styled else (attributes.get("align") or "").lower() or None
    if tag == "center":
        align = "center"
    return _Frame(
        tag,
        attributes.get("class") or "",
        align or outer.align,
        holders if tag in _PICTURE_HOLDERS else outer.holder,
    )
