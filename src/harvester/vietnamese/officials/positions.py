"""One post in words: title, organisation, place (docs/annotation.md, O5 to O8, O11, O14)."""

from dataclasses import dataclass
from enum import Enum
from functools import cache
from typing import NamedTuple

from harvester.vietnamese.officials.lexicon import Lexicon, listed, table
from harvester.vietnamese.officials.names import SURNAMES, name_end, stops_at
from harvester.vietnamese.officials.places import area_name_end, known_area_end, level_length, place_end
from harvester.vietnamese.officials.words import Words


class Kind(Enum):
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
        found[title] = found[f"phó {title}"] = Title(needs=needs)
    for title in roles["titles_with_country"]["words"]:
        found[title] = found[f"phó {title}"] = Title(country=True)
    for title in roles["whole"]["words"]:
        found[title] = Title(complete=True)
    for title in roles["whole"]["members"]:
        found[title] = Title(member=True)
    found |= {title: Title(Kind.EVENT) for title in roles["event"]["words"] if found.get(title, Title()).needs is None}
    found |= {title: Title(Kind.PRIVATE) for title in roles["private"]["words"]}
    return found


_ROLES, _ORGANISATIONS = "role_words.toml", "organisation_words.toml"
_TITLES = Lexicon(_titles)
_BEFORE = Lexicon.of(listed(_ROLES, "around", "before"), True)
_AFTER = Lexicon.of(listed(_ROLES, "around", "after"), True)
_ABBREVIATED_TITLES = Lexicon.of(listed(_ROLES, "abbreviations"), True)
_ELLIPTIC = Lexicon.of(listed(_ROLES, "elliptic", "words"), True)

_COMMITTEES: Lexicon[str] = Lexicon(lambda: table(_ORGANISATIONS)["committees"])
_HEADS = Lexicon.of(lambda: [*table(_ORGANISATIONS)["heads"]["words"], *table(_ORGANISATIONS)["committees"]], True)
_FIELDS, _KEEPS_PLACE, _PRIVATE_HEADS, _OWNERS, _CONTINUATIONS = (
    Lexicon.of(listed(_ORGANISATIONS, kind, "words"), True)
    for kind in ("fields", "keeps_place", "private", "owners", "continuations")
)
_NEEDED = {
    kind: Lexicon.of(listed(_ORGANISATIONS, "needed", kind), True)
    for kind in ("assembly", "secretariat", "neighbourhood", "court")
}
_AFTER_FIELD_START = frozenset(
    "đã và cho cùng là được về tại trong nói làm trao dự đến do với có phát chủ trình báo nhấn yêu đề thay tham".split()
)
"""Words that never are the second syllable of an unknown field of work."""

_FULL_NAME = 3
_LONGEST_ORGANISATION = 24
_UNIT_REACH = 40
"""Words: the longest organisation, and how far back a bare “Giám đốc” looks for the unit."""


@dataclass(slots=True)
class _Body:
    """The organisation and place being read: `at` is the next word, `first` the first head, `last` the last piece."""

    at: int
    start: int | None = None
    last: str = ""
    first: str = ""
    keeps_place: bool = False
    place: tuple[int, int] | None = None

    def take(self, end: int, what: str, *, head: str = "") -> None:
        if self.start is None:
            self.start = self.at
        self.first = self.first or head
        self.keeps_place = self.keeps_place or head in _KEEPS_PLACE
        self.last = what
        self.at = end


def read_post(words: Words, start: int) -> Post | None:
    """Return the post that begins at word `start`, or None."""
    if words.keys[start] not in _first_words():
        return None
    title_start = start + _BEFORE.length(words, start)
    found = _TITLES.longest(words, title_start)
    if found is None:
        title_start = start
        found = _TITLES.longest(words, title_start)
    if found is None:
        return None
    length, title = found
    title_end = title_start + length
    abbreviated = _ABBREVIATED_TITLES.length(words, title_start) == length
    if (abbreviated or words.keys[title_start] == "p") and not words.word(title_start).isupper():
        return None
    role_end = title_end if title.complete else _skip_all(_AFTER, words, title_end)
    stop = abbreviated and words.key(role_end) == "." and bool(_HEADS.length(words, role_end + 1))
    body = _read_body(words, role_end + stop, title, title_end)
    if not _satisfied(words, title, body, role_end):
        return None
    organisation = None if body.start is None else (body.start, body.place[0] if body.place else body.at)
    if organisation and organisation[0] >= organisation[1]:
        organisation = None
    return Post(
        start=start,
        end=body.at,
        reach=_reach(words, body),
        role=(start, role_end),
        organisation=organisation,
        place=body.place,
        kind=_kind(words, title, body, title_start),
        shared=" ".join(words.keys[start : start + 2]).startswith(_shared_titles()),
        member=title.member,
    )


def openings() -> frozenset[str]:
    """Return the words, alone or two together, that a post begins with."""
    return _TITLES.openings | _BEFORE.openings


@cache
def _first_words() -> frozenset[str]:
    return frozenset(phrase.split(" ")[0] for phrase in openings())


@cache
def _shared_titles() -> tuple[str, ...]:
    return tuple(table(_ROLES)["shared"]["beginnings"])


def _skip_all(lexicon: Lexicon[bool], words: Words, start: int) -> int:
    """Return the end of the lexicon's phrases that follow one another from `start` on."""
    while length := lexicon.length(words, start):
        start += length
    return start


def organisation_head_length(words: Words, start: int) -> int:
    """Return the number of words of the organisation's head at `start`, or 0."""
    return _HEADS.length(words, start)


def _kind(words: Words, title: Title, body: _Body, start: int) -> Kind:
    if title.kind is not Kind.OFFICE:
        return title.kind
    if body.first in _PRIVATE_HEADS:
        return Kind.PRIVATE
    elliptic = body.start is None and body.place is None and bool(_ELLIPTIC.length(words, start))
    if elliptic and _last_unit_is_private(words, start):
        return Kind.PRIVATE
    # “Ban tổ chức” in small letters organises an event; the Party's committee is a “Ban Tổ chức” or somebody's.
    small = body.start is not None and words.keys[body.start : body.at] == ["ban", "tổ", "chức"]
    return Kind.EVENT if small and not words.capital[body.at - 2] else Kind.OFFICE


def _last_unit_is_private(words: Words, start: int) -> bool:
    """Whether the unit named last before a bare “Giám đốc” is a company."""
    for at in range(start - 1, max(-1, start - _UNIT_REACH), -1):
        length = _HEADS.length(words, at)
        if length:
            return " ".join(words.keys[at : at + length]) in _PRIVATE_HEADS
    return False


def _read_body(words: Words, start: int, title: Title, title_end: int) -> _Body:
    body = _Body(start)
    if title.complete:
        return body
    if title.level:
        end = area_name_end(words, start, title.level)
        if end > start:
            body.place, body.at = (start, end), end
        end = place_end(words, body.at)
        if end > body.at:
            body.place, body.at = (body.place[0] if body.place else body.at, end), end
        return body
    if title.head or title.country:
        body.last = "head"
        body.keeps_place = title.country
    while body.at < len(words.keys) and body.at - start < _LONGEST_ORGANISATION and _step(words, body):
        pass
    if title.head and start == title_end and (body.start is not None or body.place):
        _lend_head(words, body, title_end - title.head)
    return body


def _lend_head(words: Words, body: _Body, head: int) -> None:
    """Let the organisation begin with the title's last words, unless it names itself (“Trưởng Ban Ban Dân tộc”)."""
    if body.start is None or words.keys[body.start] != words.keys[head]:
        body.start = head


def _step(words: Words, body: _Body) -> bool:
    """Read the next piece of the organisation; return whether there may be more."""
    if body.at in words.line_starts:
        return False
    head = _HEADS.length(words, body.at)
    if head and _opens_a_person(words, body.at, body.at + head - 1):
        if head == 1:
            return False
        head = 0
    field = _FIELDS.length(words, body.at) if body.last or words.capital[body.at] else 0
    if field == 1 and not words.capital[body.at]:
        field = 0
    level = level_length(words, body.at)
    if level >= max(head, field, 1) and _take_place(words, body):
        return False
    # “Vụ Giáo dục Tiểu học” names no school: after a field, a word that is both goes on as a field.
    if head and (head > field if body.last == "field" else head >= field):
        return _take_head(words, body, head)
    if field:
        body.take(body.at + field, "field")
        return True
    return bool(body.last) and _take_rest(words, body)


def _opens_a_person(words: Words, start: int, last: int) -> bool:
    """Whether the last word of the head at `start` is a person's surname: “HĐND quận Đoàn Thị …”.

    “Quận Đoàn Lê Thu …” names the Youth Union and a Lê; “quận Đoàn Lê …”, “Quận ủy Đoàn Văn …” somebody Đoàn.
    """
    person = name_end(words, last)
    if person - last < _FULL_NAME or _FIELDS.length(words, last + 1) > 1 or known_area_end(words, last + 1) > last + 1:
        return False
    return words.keys[last + 1] not in SURNAMES or (last > start and not words.capital[start])


def _take_place(words: Words, body: _Body) -> bool:
    end = place_end(words, body.at)
    if end == body.at:
        return False
    start = body.at
    while end > body.at:
        body.at = end
        end = place_end(words, body.at)
    body.place = (start, body.at)
    return True


def _take_head(words: Words, body: _Body, length: int) -> bool:
    phrase = " ".join(words.keys[body.at : body.at + length])
    committee = _COMMITTEES.longest(words, body.at)
    body.take(body.at + length, "head", head=phrase)
    if committee is None or committee[0] != length:
        return True
    end = area_name_end(words, body.at, committee[1], shortest_person=2)
    if end > body.at and not level_length(words, body.at):
        body.place, body.at = (body.at, end), end
        return False
    return True


def _take_rest(words: Words, body: _Body) -> bool:
    """Read what no list knows: a bare place, a name in capitals, a number, “của” and the owner."""
    at, keys = body.at, words.keys
    if keys[at] == "&" and at + 1 < len(words.keys) and words.capital[at + 1]:
        body.take(at + 2, "name")
        return True
    if keys[at] == "của" and (owner := _OWNERS.length(words, at + 1)):
        body.take(at + 1 + owner, "field")
        return True
    if words.capital[at]:
        return _take_capital(words, body)
    number = at + (keys[at] == "số")
    if number < len(words.keys) and keys[number].isdecimal() and words.key(number + 1) not in {"/", "%"}:
        body.take(number + 1, "number")
        return True
    continuation = _CONTINUATIONS.length(words, at)
    if continuation:
        body.take(at + continuation, "field")
    return bool(continuation)


def _take_capital(words: Words, body: _Body) -> bool:
    at = body.at
    if stops_at(words, at):
        return False
    area = known_area_end(words, at)
    if area > at and not body.keeps_place:
        body.place, body.at = (at, area), area
        return False
    if area > at:
        body.take(area, "name")
        return True
    person = name_end(words, at)
    if person - at >= 2 and not (body.keeps_place and body.last in {"head", "field"} and person - at <= 4):
        return False
    if person > at:
        body.take(person, "name")
        return True
    second = at + 1
    body.take(second + 1 if body.last == "head" and _is_second_syllable(words, second) else second, "name")
    return True


def _is_second_syllable(words: Words, index: int) -> bool:
    """Whether the word may end an unknown field of work begun with a capital (“Phòng Thẩm định”)."""
    return (
        index < len(words.keys)
        and words.spaced(index)
        and not words.capital[index]
        and words.keys[index].isalpha()
        and words.keys[index] not in _AFTER_FIELD_START
        and not level_length(words, index)
    )


def _satisfied(words: Words, title: Title, body: _Body, role_end: int) -> bool:
    if title.needs is None:
        return True
    if title.needs == "any":
        return body.start is not None
    if title.needs == "neighbourhood" and body.place is not None and body.start is None:
        return True
    return bool(_NEEDED[title.needs].length(words, role_end))


def _reach(words: Words, body: _Body) -> int:
    """Return where the post's surroundings end: after a larger area (“, huyện Sóc Sơn”), a term of office."""
    reach = body.at
    if body.place is not None and words.key(reach) == ",":
        end = place_end(words, reach + 1)
        if end > reach + 1 and words.capital[end - 1]:
            reach = end
    reach = _term_end(words, _term_end(words, reach))
    return place_end(words, reach) if reach > body.at else reach


def _term_end(words: Words, start: int) -> int:
    """Return the end of “khóa XX” or “nhiệm kỳ 2021 - 2026” at `start`, a comma before it included, or `start`."""
    at = start + (words.key(start) == ",")
    first = words.key(at)
    if first == "khóa" and at + 1 < len(words.keys):
        return at + 2
    if first != "nhiệm" or words.key(at + 1) != "kỳ":
        return start
    at += 2
    while words.key(at).isdecimal() or words.key(at) in {"-", "/"}:
        at += 1
    return at
