"""One post in words: title, organisation, place (docs/annotation.md, O5 to O8, O11, O14)."""

from typing import NamedTuple

from harvester.vietnamese.officials.lexicon import Lexicon, listed
from harvester.vietnamese.officials.organisations import PRIVATE_HEADS, Body, head_length, read_body, term_end
from harvester.vietnamese.officials.places import place_end
from harvester.vietnamese.officials.titles import Kind, Role, is_shared, read_role
from harvester.vietnamese.officials.words import Words

_ELLIPTIC = Lexicon.of(listed("role_words.toml", "elliptic", "words"), True)
_NEEDED = {
    kind: Lexicon.of(listed("organisation_words.toml", "needed", kind), True)
    for kind in ("assembly", "secretariat", "neighbourhood", "court")
}
_UNIT_REACH = 40
"""Words: how far back a bare “Giám đốc” looks for the unit."""


class Post(NamedTuple):
    """One post in the text; every pair is a range of words.

    `reach` is `end`, or the end of what still belongs to the post: a larger area, a term of office.
    `shared`: several people may hold it at once. `member`: the organisation is inside the role (“Thành ủy viên”).
    """

    start: int
    end: int
    reach: int
    role: tuple[int, int]
    organisation: tuple[int, int] | None
    place: tuple[int, int] | None
    kind: Kind
    shared: bool
    member: bool


def read_post(words: Words, start: int) -> Post | None:
    """Return the post that begins at word `start`, or None."""
    role = read_role(words, start)
    if role is None:
        return None
    body = read_body(words, role)
    if not _satisfied(words, role, body):
        return None
    organisation = None if body.start is None else (body.start, body.place[0] if body.place else body.at)
    if organisation and organisation[0] >= organisation[1]:
        organisation = None
    return Post(
        start=start,
        end=body.at,
        reach=_reach(words, body),
        role=(start, role.end),
        organisation=organisation,
        place=body.place,
        kind=_kind(words, role, body),
        shared=is_shared(words, role),
        member=role.title.member,
    )


def _kind(words: Words, role: Role, body: Body) -> Kind:
    if role.title.kind is not Kind.OFFICE:
        return role.title.kind
    if body.first in PRIVATE_HEADS:
        return Kind.PRIVATE
    elliptic = body.start is None and body.place is None and bool(_ELLIPTIC.length(words, role.title_start))
    if elliptic and _last_unit_is_private(words, role.title_start):
        return Kind.PRIVATE
    # “Ban tổ chức” in small letters organises an event; the Party's committee is a “Ban Tổ chức” or somebody's.
    small = body.start is not None and words.keys[body.start : body.at] == ["ban", "tổ", "chức"]
    return Kind.EVENT if small and not words.capital[body.at - 2] else Kind.OFFICE


def _last_unit_is_private(words: Words, start: int) -> bool:
    """Whether the unit named last before a bare “Giám đốc” is a company."""
    for at in range(start - 1, max(-1, start - _UNIT_REACH), -1):
        length = head_length(words, at)
        if length:
            return " ".join(words.keys[at : at + length]) in PRIVATE_HEADS
    return False


def _satisfied(words: Words, role: Role, body: Body) -> bool:
    """Whether what the title needs follows it."""
    needs = role.title.needs
    if needs is None:
        return True
    if needs == "any":
        return body.start is not None
    if needs == "neighbourhood" and body.place is not None and body.start is None:
        return True
    return bool(_NEEDED[needs].length(words, role.end))


def _reach(words: Words, body: Body) -> int:
    """Return where the post's surroundings end: after a larger area (“, huyện Sóc Sơn”), a term of office."""
    reach = body.at
    if body.place is not None and words.key(reach) == ",":
        end = place_end(words, reach + 1)
        if end > reach + 1 and words.capital[end - 1]:
            reach = end
    reach = term_end(words, term_end(words, reach))
    return place_end(words, reach) if reach > body.at else reach
