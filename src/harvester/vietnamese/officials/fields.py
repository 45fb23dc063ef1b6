"""Parts of a body's name that no list knows, told from the sentence that goes on (docs/annotation.md, O5)."""

from harvester.vietnamese.officials.lexicon import Lexicon, listed, table
from harvester.vietnamese.officials.names import NOT_NAMES, name_end, stops_at
from harvester.vietnamese.officials.places import known_area_end, level_length, place_end
from harvester.vietnamese.officials.titles import read_role
from harvester.vietnamese.officials.words import Words

_ORGANISATIONS = "organisation_words.toml"
HEADS = Lexicon.of(lambda: [*table(_ORGANISATIONS)["heads"]["words"], *table(_ORGANISATIONS)["committees"]], True)
VERBS = Lexicon.of(listed(_ORGANISATIONS, "verbs", "words"), True)
_LONGEST_TAIL = 12
"""Words."""


def opens_a_part(words: Words, start: int) -> bool:
    """Whether a capital after a connector opens a part of a name rather than a person, a title, another body."""
    if not words.capital[start] or words.keys[start] in NOT_NAMES or not is_second_syllable(words, start + 1):
        return False
    if HEADS.length(words, start) or level_length(words, start) or stops_at(words, start):
        return False
    return name_end(words, start) == start and known_area_end(words, start) == start and read_role(words, start) is None


def tail_end(words: Words, start: int, *, free: bool = False) -> int:
    """Return the end of the small words from `start` on that belong to a name, or `start`.

    They do where a place, a person or a larger body follows; `free`: also where a sign does. A verb of speaking or
    acting among them says that they are the sentence's.
    """
    keys, at = words.keys, start
    while at < len(keys) and at - start < _LONGEST_TAIL and keys[at].isalpha() and not words.capital[at]:
        if at in words.line_starts or VERBS.length(words, at):
            return start
        if keys[at] == "và" and at + 1 < len(keys) and words.capital[at + 1]:
            return at
        if level_length(words, at) and place_end(words, at) > at:
            return at
        at += 1
    if at >= len(keys) or at in words.line_starts or at - start >= _LONGEST_TAIL:
        return at if free else start
    if not words.capital[at]:
        return at if keys[at] == "-" or (free and keys[at] in ",;.()") else start
    if free and words.shouts(at):
        return at
    return at if HEADS.length(words, at) or name_end(words, at) > at or stops_at(words, at) else start


def is_second_syllable(words: Words, index: int) -> bool:
    """Whether the word may end an unknown field of work begun with a capital (“Phòng Thẩm định”)."""
    return (
        index < len(words.keys)
        and words.spaced(index)
        and not words.capital[index]
        and words.keys[index].isalpha()
        and not VERBS.length(words, index)
        and not level_length(words, index)
    )
