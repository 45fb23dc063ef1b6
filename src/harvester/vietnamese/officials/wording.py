"""Posts for the record: the three parts, abbreviations in full, repeats dropped (docs/annotation.md, O6, O12, O14)."""

from functools import lru_cache

from harvester.records import Position
from harvester.vietnamese.officials.lexicon import Lexicon, table
from harvester.vietnamese.officials.places import ABBREVIATIONS as PLACE_ABBREVIATIONS
from harvester.vietnamese.officials.positions import Post
from harvester.vietnamese.officials.words import Words, split_words, word_keys
from harvester.vietnamese.text import collapse, nfc


def _role_abbreviations() -> dict[str, str]:
    roles: dict[str, dict[str, str]] = table("role_words.toml")
    return {"tt": "Thường trực", "q .": "Quyền", "p .": "Phó"} | roles["abbreviations"] | roles["nouns"]


def _organisation_abbreviations() -> dict[str, str]:
    words: dict[str, str] = table("organisation_words.toml")["abbreviations"]
    return words


def _any_abbreviation() -> dict[str, str]:
    titles: dict[str, str] = table("role_words.toml")["abbreviations"]
    return {"tt": "Thường trực", "tp": "thành phố"} | _organisation_abbreviations() | titles


_LONGEST_KEPT = 300
"""Code points; a longer post is no news, and what is kept of posts must not grow with a hostile text."""

_MEMBER_WORDS = 3
"""“Thành ủy viên”: the organisation and “viên”."""

_ROLE_ABBREVIATIONS = Lexicon(_role_abbreviations)
_ORGANISATION_ABBREVIATIONS = Lexicon(_organisation_abbreviations)
_ANY_ABBREVIATION = Lexicon(_any_abbreviation)


def position_of(words: Words, post: Post) -> Position:
    """Return the record of a post."""
    role_end = post.role[1]
    place_start = post.place[0] if post.place else post.end
    after_role = max(role_end, post.organisation[0]) if post.organisation else role_end
    kept = words.ends[post.end - 1] - words.start(post.start) <= _LONGEST_KEPT
    return (_position if kept else _position.__wrapped__)(
        words.written(*post.role),
        words.written(*post.organisation) if post.organisation else "",
        words.written(after_role, place_start) if after_role < place_start else "",
        words.written(*post.place) if post.place else "",
        post.member,
    )


@lru_cache(maxsize=4096)
def _position(role: str, organisation: str, after_role: str, place: str, member: bool) -> Position:
    """Return a position of parts as the text has them; portals name few posts, again and again.

    `after_role`: the organisation without the words that it shares with the role.
    """
    role, organisation, after_role, place = (collapse(nfc(part)) for part in (role, organisation, after_role, place))
    if member and not organisation:
        organisation = " ".join(role.split(" ")[-_MEMBER_WORDS:-1])
    return Position(
        role=role,
        organisation=organisation or None,
        place=place or None,
        expanded=_spelt_out(role, after_role, place),
    )


def without_repeats(positions: list[Position]) -> tuple[Position, ...]:
    """Drop each position that a fuller or equal wording of the same list holds already (docs/annotation.md, O12)."""
    if len(positions) < 2:
        return tuple(positions)
    forms = [_form(position) for position in positions]
    kept = []
    for index, form in enumerate(forms):
        fuller = (_repeats(form, other) for place, other in enumerate(forms) if place < index or form != other)
        if not any(fuller):
            kept.append(positions[index])
    return tuple(kept)


def _form(position: Position) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Return the parts as comparable words; spelt-out where there are abbreviations."""
    return (_plain(position.role), _plain(position.organisation), _plain(position.place))


@lru_cache(maxsize=4096)
def _plain(part: str | None) -> tuple[str, ...]:
    text = _spell(split_words(part or ""), _ANY_ABBREVIATION)[0]
    return tuple(key for key in word_keys(text) if key.isalnum())


def _repeats(
    form: tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]],
    other: tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]],
) -> bool:
    """Whether `other` says all that `form` says."""
    if form[0] != other[0]:
        if not form[1] and not form[2] and _begins(form[0], other[0]):
            return True
        return form[0] + form[1] == other[0] + other[1] and _within(form[2], other[2])
    return _begins(form[1], other[1]) and _within(form[2], other[2])


def _begins(part: tuple[str, ...], whole: tuple[str, ...]) -> bool:
    return whole[: len(part)] == part


def _within(part: tuple[str, ...], whole: tuple[str, ...]) -> bool:
    return set(part) <= set(whole)


def _spelt_out(role: str, organisation: str, place: str) -> str | None:
    parts = (
        _spell(split_words(role), _ROLE_ABBREVIATIONS),
        _spell(split_words(organisation), _ORGANISATION_ABBREVIATIONS),
        _spell(split_words(place), PLACE_ABBREVIATIONS),
    )
    if not any(changed for _, changed in parts):
        return None
    return " ".join(text for text, _ in parts if text)


def _spell(words: Words, abbreviations: Lexicon[str]) -> tuple[str, bool]:
    """Return the words with their abbreviations spelt out, and whether there were any."""
    pieces: list[str] = []
    changed = stopped = False
    at, end = 0, len(words.keys)
    while at < end:
        found = abbreviations.longest(words, at)
        gap = "" if at == 0 or (not words.gap(at) and not stopped) else " "
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
