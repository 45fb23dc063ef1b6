"""Later short references to officials, where one candidate is left (docs/annotation.md, O15)."""

from collections.abc import Mapping
from typing import NamedTuple

from harvester.records import Position, Reference
from harvester.vietnamese.officials.constructions import Holder
from harvester.vietnamese.officials.given_names import by_given_name, by_last_syllables
from harvester.vietnamese.officials.items import Item
from harvester.vietnamese.officials.posts_alone import by_post
from harvester.vietnamese.officials.words import Words


class Reading(NamedTuple):
    """A text as the rules read it.

    `windows`: the stretches of the text that `words` hold, None for the whole. `holders`: every full name, by key.
    """

    words: Words
    windows: list[tuple[int, int]] | None
    items: list[Item]
    holders: dict[str, list[Holder]]


def find_references(
    reading: Reading, positions: Mapping[str, tuple[Position, ...]], short: Mapping[str, str]
) -> dict[str, tuple[Reference, ...]]:
    """Return the later references to each official by key, in the order of the text.

    `positions`: each official's, by key. `short`: names of two syllables by the fuller name they belong to, as
    `given_names.short_names` returns them.
    """
    words, windows, items, holders = reading
    named = {key: found for key, found in holders.items() if key not in short}
    spans = {
        *by_last_syllables(words, holders, short),
        *by_given_name(words, items, named, positions),
        *by_post(words, windows, items, named, positions),
    }
    found: dict[str, list[Reference]] = {}
    done = 0
    for start, end, key in sorted(spans):
        if start >= max(done, words.ends[holders[key][0].name.end - 1]):
            found.setdefault(key, []).append(Reference(start=start, end=end, text=words.text[start:end]))
            done = end
    return {key: tuple(references) for key, references in found.items()}
