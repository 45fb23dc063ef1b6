"""Titles as the gazetteer has them, and what each says of what must follow."""

from enum import StrEnum
from functools import cache
from typing import NamedTuple

from harvester.vietnamese.officials.lexicon import Lexicon, listed, table
from harvester.vietnamese.officials.words import Words


class Kind(StrEnum):
    """What holding a post says about a person (docs/annotation.md, O1, O2, O8)."""

    OFFICE = "office"
    EVENT = "event"
    PRIVATE = "private"


class Title(NamedTuple):
    """A title as the gazetteer has it.

    `head`: how many of its last words also begin the organisation (“Trưởng Ban” | “Ban Tổ chức”).
    `level`: set where it ends in a level word and an area's name may follow (“Trưởng thôn”).
    `needs`: what must follow for it to be a title at all. `country`: a country follows, and is the organisation.
    `complete`: nothing follows (“Chủ tịch nước”). `member`: the organisation is inside it (“Thành ủy viên”).
    """

    kind: Kind = Kind.OFFICE
    head: int = 0
    level: str | None = None
    needs: str | None = None
    country: bool = False
    complete: bool = False
    member: bool = False


_ROLES = "role_words.toml"
_ALSO_ENDS = frozenset({"vụ", "cục"})


def _titles() -> dict[str, Title]:
    roles = table("role_words.toml")
    found: dict[str, Title] = {}
    for title in roles["titles"]:
        found[title] = found[f"phó {title}"] = found[f"p . {title}"] = Title()
    for title, head in roles["titles_with_head"].items():
        found[title] = found[f"phó {title}"] = found[f"p . {title}"] = Title(head=head)
    for title, head in roles["deputy_of"].items():
        found[title] = Title(head=head)
    for title, level in roles["titles_with_area"].items():
        found[title] = found[f"phó {title}"] = found[title.replace("trưởng", "phó", 1)] = Title(level=level)
    for title in roles["abbreviations"]:
        found[title] = Title()
    for title, needs in roles["titles_needing"].items():
        found[title] = found[f"phó {title}"] = Title(needs=needs, head=int(title.startswith("trưởng ")))
    for title in roles["titles_with_country"]["words"]:
        found[title] = found[f"phó {title}"] = Title(country=True)
    for title in roles["whole"]["words"]:
        found[title] = Title(complete=True)
    for title in roles["whole"]["members"]:
        found[title] = Title(member=True)
    found |= {title: Title(Kind.EVENT) for title in roles["event"]["words"] if found.get(title, Title()).needs is None}
    for committee in ("trưởng ban tổ chức", "phó trưởng ban tổ chức", "trưởng btc", "phó trưởng btc"):
        found |= {f"{committee} {event}": Title(Kind.EVENT) for event in roles["event"]["organises"]}
    found |= {title: Title(Kind.PRIVATE) for title in roles["private"]["words"]}
    return found


_TITLES = Lexicon(_titles)
_BEFORE = Lexicon.of(listed(_ROLES, "around", "before"), True)
_AFTER = Lexicon.of(listed(_ROLES, "around", "after"), True)
_ABBREVIATIONS = Lexicon.of(listed(_ROLES, "abbreviations"), True)


class Role(NamedTuple):
    """A title in the text; numbers are words.

    `start` is where “nguyên” or “quyền” stands, `title_start` to `title_end` the gazetteer's title, `end` comes after
    “thường trực” and “phụ trách”.
    """

    title: Title
    start: int
    title_start: int
    title_end: int
    end: int
    abbreviated: bool


def read_role(words: Words, start: int) -> Role | None:
    """Return the title that begins at word `start` with the words around it, or None."""
    if words.keys[start] not in _first_words():
        return None
    if words.keys[start] == "quyền" and words.key(start - 1) == "ủy":
        return None  # “thừa ủy quyền Chủ tịch nước”
    title_start = start + _BEFORE.length(words, start)
    found = _TITLES.longest(words, title_start)
    if found is None:
        title_start = start
        found = _TITLES.longest(words, title_start)
    if found is None:
        return None
    length, title = found
    title_end = title_start + length
    abbreviated = _ABBREVIATIONS.length(words, title_start) == length
    if (abbreviated or words.keys[title_start] == "p") and not words.word(title_start).isupper():
        return None
    if _is_cut_out(words, title_start, title_end):
        return None
    end = title_end if title.complete else _skip_all(_AFTER, words, title_end)
    return Role(title, start, title_start, title_end, end, abbreviated)


def _is_cut_out(words: Words, start: int, end: int) -> bool:
    """Whether the title takes a word from its neighbour (“chức vụ Trưởng phòng”) or names a group (“Bí thư các xã”)."""
    if words.key(end) in {"các", "những", "mỗi"}:
        return True
    return words.keys[start] in _ALSO_ENDS and not words.capital[start] and words.capital[start + 1]


def openings() -> frozenset[str]:
    """Return the words, alone or two together, that a title begins with."""
    return _TITLES.openings | _BEFORE.openings


@cache
def _first_words() -> frozenset[str]:
    return frozenset(phrase.split(" ")[0] for phrase in openings())


def is_shared(words: Words, role: Role) -> bool:
    """Whether several people may hold the title at once (docs/annotation.md, O9)."""
    return " ".join(words.keys[role.start : role.start + 2]).startswith(_shared_titles())


@cache
def _shared_titles() -> tuple[str, ...]:
    return tuple(table(_ROLES)["shared"]["beginnings"])


def _skip_all(lexicon: Lexicon[bool], words: Words, start: int) -> int:
    """Return the end of the lexicon's phrases that follow one another from `start` on."""
    while length := lexicon.length(words, start):
        start += length
    return start
