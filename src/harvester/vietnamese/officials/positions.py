"""One post in words: title, organisation, place (docs/annotation.md, O5 to O8, O11, O14)."""

from typing import NamedTuple

from harvester.vietnamese.officials.lexicon import Lexicon, listed
from harvester.vietnamese.officials.organisations import (
    PRIVATE_HEADS,
    Body,
    head_length,
    opens_with_field,
    read_body,
    term_end,
)
from harvester.vietnamese.officials.places import chain_end, place_end
from harvester.vietnamese.officials.titles import Kind, Role, is_shared, read_role
from harvester.vietnamese.officials.words import Words

_NOT_ALONE = Lexicon.of(listed("role_words.toml", "not_alone", "words"), True)
_ELLIPTIC = Lexicon.of(listed("role_words.toml", "elliptic", "words"), True)
_NEEDED = {
    kind: Lexicon.of(listed("organisation_words.toml", "needed", kind), True)
    for kind in ("assembly", "secretariat", "neighbourhood", "court")
}
_LONGEST_OCCASION = 8
"""Words."""
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
    kind = _kind(words, role, body)
    organisation = None if body.start is None else (body.start, _organisation_end(words, body))
    if organisation and organisation[0] >= organisation[1]:
        organisation = None
    return Post(
        start=start,
        end=body.at,
        reach=_reach(words, body, kind),
        role=(start, role.end),
        organisation=organisation,
        place=body.place,
        kind=kind,
        shared=is_shared(words, role),
        member=role.title.member,
    )


def _organisation_end(words: Words, body: Body) -> int:
    if body.end is not None:
        return body.end
    if body.place is None:
        return body.at - (words.keys[body.at - 1] == ",")
    return body.place[0] - (words.keys[body.place[0] - 1] == "của")


def _kind(words: Words, role: Role, body: Body) -> Kind:
    if role.title.kind is not Kind.OFFICE:
        return role.title.kind
    if body.first in PRIVATE_HEADS:
        return Kind.PRIVATE
    bare = body.start is None and body.place is None
    if bare and words.key(role.start - 1) == "làm" and _leads_a_group(words, role):
        return Kind.EVENT
    if bare and _NOT_ALONE.length(words, role.title_start):
        return Kind.PRIVATE
    elliptic = bare and bool(_ELLIPTIC.length(words, role.title_start))
    if elliptic and _last_unit_is_private(words, role.title_start):
        return Kind.PRIVATE
    # “Ban tổ chức” in small letters organises an event; the Party's committee is a “Ban Tổ chức” or somebody's.
    small = body.start is not None and words.keys[body.start : body.at] == ["ban", "tổ", "chức"]
    return Kind.EVENT if small and not words.capital[body.at - 2] else Kind.OFFICE


def _leads_a_group(words: Words, role: Role) -> bool:
    """Whether a bare title is one for the occasion (“… làm Trưởng ban”: of the funeral committee)."""
    return role.title.head > 0 or words.keys[role.title_end - 1] == "trưởng"


def _last_unit_is_private(words: Words, start: int) -> bool:
    """Whether the unit named last before a bare “Giám đốc” is a company."""
    for at in range(start - 1, max(-1, start - _UNIT_REACH), -1):
        length = head_length(words, at)
        # A lone small word is rather no body: “nước”, “đội”, “quỹ”.
        if length > 1 or (length and words.capital[at] and words.capital[at - 1 : at] != [True]):
            return " ".join(words.keys[at : at + length]) in PRIVATE_HEADS
    return False


def _satisfied(words: Words, role: Role, body: Body) -> bool:
    """Whether what the title needs follows it."""
    needs = role.title.needs
    if needs is None:
        return True
    if needs == "any":
        return body.start is not None
    if needs == "field":
        return opens_with_field(words, role.end)
    if needs == "neighbourhood" and body.place is not None and body.start is None:
        return True
    return bool(_NEEDED[needs].length(words, role.end))


def _reach(words: Words, body: Body, kind: Kind) -> int:
    """Return where the post's surroundings end: after a larger area (“, huyện Sóc Sơn”), a term of office."""
    reach = _occasion_end(words, body.at) if kind is Kind.EVENT else chain_end(words, body.at)
    term = term_end(words, reach)
    reach = _bracket_end(words, term_end(words, term) if term > reach else reach)
    return place_end(words, reach) if reach > body.at else reach


def _bracket_end(words: Words, start: int) -> int:
    """Return the end of the larger areas in brackets at `start` (“phường Bạch Mai (quận Hai Bà Trưng)”), or `start`."""
    if words.key(start) != "(":
        return start
    end = chain_end(words, place_end(words, start + 1))
    return end + 1 if end > start + 1 and words.key(end) == ")" else start


def _occasion_end(words: Words, start: int) -> int:
    """Return where a comma ends the words about an event (“Trưởng tiểu ban nội dung Đại hội, …”), or `start`."""
    at = start
    while at < len(words.keys) and at - start < _LONGEST_OCCASION and words.keys[at].isalpha():
        at += 1
    return at if words.key(at) == "," else start
