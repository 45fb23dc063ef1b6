"""Captions without a picture: a line that names a scene and stands alone between paragraphs of prose."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from harvester.vietnamese.text import comparison_key

MAX_WORDS = 15
_MAX_LENGTH = 300
_SCENE_OPENINGS = ("toàn cảnh", "quang cảnh", "ảnh", "hình ảnh")
_SCENE_BEGINNINGS = tuple(opening + mark for opening in _SCENE_OPENINGS for mark in " :")
_SPEAKING = re.compile(r"(?:đồng chí|đ/c) .{1,120} phát biểu\b")
_FINAL_PUNCTUATION = (".", "!", "?", ":", ";", "…", ",")
_NUMBER_OR_BULLET = re.compile(r"[\d\-–—•*+(]|[a-zđ]\)|[ivx]{1,4}[.)] ")


@dataclass(frozen=True, slots=True)
class Parted:
    """A body's paragraphs, and the captions that stood among them."""

    paragraphs: tuple[str, ...]
    captions: tuple[str, ...]


def is_scene_line(paragraph: str) -> bool:
    """Whether a paragraph has the form of a caption: short, unpunctuated, opening with a scene word."""
    if len(paragraph) > _MAX_LENGTH or len(paragraph.split(maxsplit=MAX_WORDS)) > MAX_WORDS:
        return False
    folded = comparison_key(paragraph)
    if folded.endswith(_FINAL_PUNCTUATION) or _NUMBER_OR_BULLET.match(folded):
        return False
    opens = folded in _SCENE_OPENINGS or folded.startswith(_SCENE_BEGINNINGS)
    return opens or bool(_SPEAKING.match(folded))


def part_captions(paragraphs: Sequence[str]) -> Parted:
    """Take the captions out of a body.

    Only a line between two others that are no scene lines counts: lines in a row are a list, and the first and the
    last line of a body stand between nothing.
    """
    scenes = [is_scene_line(paragraph) for paragraph in paragraphs]
    last = len(paragraphs) - 1
    is_caption = [
        scene and 0 < index < last and not scenes[index - 1] and not scenes[index + 1]
        for index, scene in enumerate(scenes)
    ]
    return Parted(
        tuple(text for text, caption in zip(paragraphs, is_caption, strict=True) if not caption),
        tuple(text for text, caption in zip(paragraphs, is_caption, strict=True) if caption),
    )
