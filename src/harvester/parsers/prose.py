"""From the blocks of a body to its prose: paragraphs, pictures with captions, the writer, the source."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from harvester.parsers.address import resolve
from harvester.parsers.blocks import Block, Picture
from harvester.parsers.captions import is_scene_line, part_captions
from harvester.records import Image
from harvester.vietnamese.text import comparison_key

CAPTION_WITHOUT_PICTURE = "a caption without a picture was taken out of the body"

_MAX_CAPTION_WORDS = 40
_MAX_UNMARKED_CAPTION_WORDS = 25
_MAX_BYLINE_WORDS = 8
_MAX_BYLINE_LENGTH = 200
_BYLINE_LOOK_BACK = 3
# “admin admin”, “Admin English”: the CMS prints the account where the writer would stand.
_ACCOUNT = re.compile(r"\b(?:admin\w*|administrator|quản trị|root|user\d*|test\d*)\b")
_BYLINE = re.compile(
    r"(?:tác giả|người viết|thực hiện|tin,? bài|tin,? ảnh|tin và ảnh|bài,? ảnh|bài và ảnh|tin, bài,? ảnh|tin bài,? ảnh)"
    r"\s?:\s?(?P<name>[^:]{2,80})"
)
_SOURCE = re.compile(r"\(?(?:nguồn tin|nguồn)\s?:\s?(?P<name>[^:()]{2,120}?)\)?")
_DIGIT = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class Prose:
    """What a body says apart from its markup."""

    paragraphs: tuple[str, ...]
    images: tuple[Image, ...]
    author: str | None
    source: str | None
    warnings: tuple[str, ...]


def is_account(name: str) -> bool:
    """Whether a printed name is a CMS account and no writer."""
    return bool(_ACCOUNT.search(comparison_key(name)))


def read_prose(blocks: Sequence[Block], base_url: str | None) -> Prose:
    """Return the prose of a body; pictures' addresses are resolved against the page's own."""
    texts, author, source = _part_bylines(blocks)
    paragraphs, images = _part_pictures(texts, base_url)
    parted = part_captions(paragraphs)
    bare = tuple(Image(url=None, caption=caption, alt=None) for caption in parted.captions)
    warnings = (CAPTION_WITHOUT_PICTURE,) * bool(bare)
    return Prose(parted.paragraphs, (*images, *bare), author, source, warnings)


def _part_bylines(blocks: Sequence[Block]) -> tuple[list[Block], str | None, str | None]:
    """Take the writer and the source off the end of a body."""
    rest = list(blocks)
    author = source = None
    for _ in range(_BYLINE_LOOK_BACK):
        if not rest or not 0 < len(rest[-1].text) <= _MAX_BYLINE_LENGTH:
            break
        last = rest[-1]
        key = comparison_key(last.text)
        if source is None and (named := _SOURCE.fullmatch(key)):
            source = last.text[named.start("name") : named.end("name")].strip()
        elif author is None and (named := _BYLINE.fullmatch(key)):
            author = last.text[named.start("name") : named.end("name")].strip()
        elif author is None and _is_signed(rest):
            author = last.text.strip("()./ ")
        else:
            break
        rest.pop()
    return rest, None if author is None or is_account(author) else author, source


def _is_signed(blocks: Sequence[Block]) -> bool:
    """Whether the last block is a writer's name: right-aligned, short, and no signature under a post."""
    last = blocks[-1]
    words = last.text.split()
    if last.align != "right" or len(words) > _MAX_BYLINE_WORDS or _DIGIT.search(last.text) or last.pictures:
        return False
    return len(blocks) < 2 or blocks[-2].align not in ("right", "center")


def _part_pictures(blocks: Sequence[Block], base_url: str | None) -> tuple[list[str], list[Image]]:
    paragraphs: list[str] = []
    images: list[Image] = []
    holders = {block.holder for block in blocks if block.pictures and block.holder}
    words: Counter[int] = Counter()
    for block in blocks:
        if block.holder in holders:
            words[block.holder] += _count_words(block.text)
    holders -= {holder for holder in holders if words[holder] > _MAX_CAPTION_WORDS}
    previous: Block | None = None
    for block in blocks:
        if block.pictures:
            images += [_image(picture, base_url) for picture in block.pictures]
        if block.text:
            if _is_caption(block, previous, holders):
                _put_caption(images, block.text)
            else:
                paragraphs.append(block.text)
        previous = block
    return paragraphs, [image for image in images if image.url or image.caption or image.alt]


def _count_words(text: str) -> int:
    """Return the number of words of a text whose white space is collapsed."""
    return text.count(" ") + text.count("\n") + bool(text)


def _image(picture: Picture, base_url: str | None) -> Image:
    return Image(url=resolve(base_url, picture.src), caption=None, alt=picture.alt or None)


def _is_caption(block: Block, previous: Block | None, picture_holders: set[int]) -> bool:
    is_named = block.tag == "figcaption" or "caption" in block.classes.lower() or block.holder in picture_holders
    follows_picture = previous is not None and bool(previous.pictures) and not previous.text
    if not (is_named or block.pictures or follows_picture):
        return False  # as most blocks: their words need no counting
    words = _count_words(block.text)
    if is_named or words > _MAX_CAPTION_WORDS:
        return words <= _MAX_CAPTION_WORDS
    is_marked = block.align == "center" or block.is_italic
    if block.pictures:
        return is_marked or (words <= _MAX_UNMARKED_CAPTION_WORDS and not block.text.endswith("."))
    return is_marked or is_scene_line(block.text)


def _put_caption(images: list[Image], caption: str) -> None:
    """Give the caption to the last picture, unless it has one; a caption is printed twice on some pages."""
    last = images[-1] if images else None
    if last is None or (last.caption and last.caption != caption):
        images.append(Image(url=None, caption=caption, alt=None))
    elif last.caption is None:
        images[-1] = last.model_copy(update={"caption": caption})
