"""Posts in words for the record: the three parts, abbreviations spelt out, repeats dropped (rules O6, O12, O14)."""

from functools import lru_cache

from harvester.records import Position
from harvester.vietnamese.officials.lexicon import Lexicon, table
from harvester.vietnamese.officials.places import ABBREVIATIONS as PLACE_ABBREVIATIONS
from harvester.vietnamese.officials.positions import Post
from harvester.vietnamese.officials.words import Words, split_words, word_keys
from harvester.vietnamese.text import collapse, nfc

_ROLES = table("role_words.toml")
_ROLE_ABBREVIATIONS = Lexicon(
    {"tt": "Thường trực", "q .": "Quyền", "p .": "Phó"} | _ROLES["abbreviations"] | _ROLES["nouns"]
)
_ORGANISATION_ABBREVIATIONS = Lexicon(table("organisation_words.toml")["abbreviations"])


def position_of(words: Words, post: Post) -> Position:
    """Return the record of a post."""
    role = words.surface(*post.role)
    organisation = words.surface(*post.organisation) if post.organisation else None
    if post.member and organisation is None:
        organisation = role.rsplit(" ", 1)[0]
    return Position(
        role=role,
        organisation=organisation,
        place=words.surface(*post.place) if post.place else None,
        expanded=_spelt_out(words, post),
    )


def without_repeats(positions: list[Position]) -> tuple[Position, ...]:
    """Drop each position that a fuller or equal wording of the same list holds already (rule O12)."""
    forms = [_form(position) for position in positions]
    kept = []
    for index, form in enumerate(forms):
        others = ((other, place) for place, other in enumerate(forms) if place != index)
        if not any(_repeats(form, other) and (form != other or place < index) for other, place in others):
            kept.append(positions[index])
    return tuple(kept)


def _form(position: Position) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Return the parts as comparable words; spelt-out where there are abbreviations."""
    return (_plain(position.role), _plain(position.organisation), _plain(position.place))


@lru_cache(maxsize=4096)
def _plain(part: str | None) -> tuple[str, ...]:
    words = split_words(part or "")
    text = _spell(words, 0, len(words), _ANY_ABBREVIATION)[0]
    return tuple(key for key in word_keys(text) if key.isalnum())


def _repeats(
    form: tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]],
    other: tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]],
) -> bool:
    """Whether `other` says all that `form` says."""
    if form[0] != other[0]:
        return form[0] + form[1] == other[0] + other[1] and _within(form[2], other[2])
    return _begins(form[1], other[1]) and _within(form[2], other[2])


def _begins(part: tuple[str, ...], whole: tuple[str, ...]) -> bool:
    return whole[: len(part)] == part


def _within(part: tuple[str, ...], whole: tuple[str, ...]) -> bool:
    return set(part) <= set(whole)


def _spelt_out(words: Words, post: Post) -> str | None:
    role_end = post.role[1]
    organisation_start = max(role_end, post.organisation[0]) if post.organisation else role_end
    place_start = post.place[0] if post.place else post.end
    parts = (
        _spell(words, post.start, role_end, _ROLE_ABBREVIATIONS),
        _spell(words, organisation_start, place_start, _ORGANISATION_ABBREVIATIONS),
        _spell(words, place_start, post.end, PLACE_ABBREVIATIONS),
    )
    if not any(changed for _, changed in parts):
        return None
    return " ".join(text for text, _ in parts if text)


def _spell(words: Words, start: int, end: int, abbreviations: Lexicon[str]) -> tuple[str, bool]:
    """Return the words with their abbreviations spelt out, and whether there were any."""
    pieces: list[str] = []
    changed = stopped = False
    at = start
    while at < end:
        found = abbreviations.longest(words, at)
        gap = "" if at == start or (words.starts[at] == words.ends[at - 1] and not stopped) else " "
        stopped = False
        if found and found[1] and at + found[0] <= end and words.capital[at]:
            length, full = found
            changed = True
            at += length
            if words.key(at) == "." and at < end:
                stopped = True
                at += 1
        else:
            full = words.word(at)
            at += 1
        pieces.append(gap + full)
    return collapse(nfc("".join(pieces))), changed


_ANY_ABBREVIATION = Lexicon(
    {"tt": "Thường trực", "tp": "thành phố"}
    | table("organisation_words.toml")["abbreviations"]
    | _ROLES["abbreviations"]
)
