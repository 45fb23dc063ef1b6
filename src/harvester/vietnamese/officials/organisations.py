"""The organisation and the place of a post, read word by word (docs/annotation.md, O5, O6, O11)."""

from dataclasses import dataclass
from functools import cache

from harvester.vietnamese.officials.fields import HEADS, VERBS, is_second_syllable, opens_a_part, tail_end
from harvester.vietnamese.officials.lexicon import Lexicon, listed, table
from harvester.vietnamese.officials.names import (
    FREQUENT_SURNAMES,
    HEADING_VERBS,
    name_end,
    split_run,
    stops_at,
)
from harvester.vietnamese.officials.places import (
    AREAS,
    LEVELS,
    area_name_end,
    is_count,
    known_area_end,
    level_length,
    place_end,
)
from harvester.vietnamese.officials.titles import Role, read_role
from harvester.vietnamese.officials.words import Words

_ORGANISATIONS = "organisation_words.toml"

_COMMITTEES: Lexicon[str] = Lexicon(lambda: table(_ORGANISATIONS)["committees"])
_FIELDS, _KEEPS_PLACE, PRIVATE_HEADS, _OWNERS, _CONTINUATIONS = (
    Lexicon.of(listed(_ORGANISATIONS, kind, "words"), True)
    for kind in ("fields", "keeps_place", "private", "owners", "continuations")
)
_COMPLETE, _OPEN, _REGIONAL, _REGION_BEARERS = (
    Lexicon.of(listed(_ORGANISATIONS, kind, "words"), True)
    for kind in ("complete", "open", "regional", "region_bearers")
)
_CONNECTORS = frozenset({",", "và", "-", "&"})
_QUOTES = {"“": "”", '"': '"'}

_FULL_NAME = 3
_LONGEST_ORGANISATION = 24
"""Words."""

_LONGEST_NUMBER = 3
"""Digits."""

_UNNUMBERED = frozenset(
    ("ubnd", "hđnd", "ủy ban nhân dân", "hội đồng nhân dân", "đảng ủy", "quận ủy", "huyện ủy", "thành ủy", "tỉnh ủy")
)
_ROMAN = frozenset("IVX")


@dataclass(slots=True)
class Body:
    """The organisation and place being read: `at` is the next word, `first` the first head, `last` the last piece."""

    at: int
    start: int | None = None
    last: str = ""
    first: str = ""
    keeps_place: bool = False
    place: tuple[int, int] | None = None
    end: int | None = None
    """Where the organisation ends, if not at its place."""
    complete: bool = False
    """Whether the head last taken is a whole name: no field of work in small letters goes with it."""

    def take(self, end: int, what: str, *, head: str = "") -> None:
        """Add the words up to `end`; `what`: head, field, name or number."""
        if self.start is None:
            self.start = self.at
        self.first = self.first or head
        self.keeps_place = self.keeps_place or head in _KEEPS_PLACE
        self.last = what
        self.complete = False
        self.at = end


def head_length(words: Words, start: int) -> int:
    """Return the number of words of the organisation's head at `start`, or 0."""
    return HEADS.length(words, start)


def opens_with_field(words: Words, start: int) -> bool:
    """Whether a field of work with a capital stands at `start`: “TP Nội vụ” heads a division, “TP Huế” is a city."""
    return start < len(words.keys) and words.capital[start] and _FIELDS.length(words, start) > 1


def read_body(words: Words, role: Role) -> Body:
    """Return the organisation and the place that follow a title."""
    title = role.title
    body = Body(role.end + _abbreviation_stop(words, role))
    if title.complete:
        return body
    if title.level:
        _read_area(words, body, title.level)
        return body
    if title.head or title.country:
        body.last = "head"
        body.keeps_place = title.country
    if title.head:
        head = role.title_end - title.head
        body.first = " ".join(words.keys[head : head + max(HEADS.length(words, head), 1)])
    start = body.at
    while body.at < len(words.keys) and body.at - start < _LONGEST_ORGANISATION and _step(words, body):
        pass
    if title.head and start == role.title_end and (body.start is not None or body.place):
        _lend_head(words, body, role.title_end - title.head)
    if body.place is None:
        _take_place_of_term(words, body)
    return body


def _abbreviation_stop(words: Words, role: Role) -> bool:
    """Whether a full stop of the abbreviated title stands before the organisation: “CT. UBND”."""
    return role.abbreviated and words.key(role.end) == "." and bool(HEADS.length(words, role.end + 1))


def _read_area(words: Words, body: Body, level: str) -> None:
    """Read the areas after a title that ends in a level word: “Trưởng thôn Hạ xã Minh Phú”."""
    start = body.at
    end = area_name_end(words, start, level)
    end = place_end(words, end)
    if end > start:
        body.place, body.at = (start, end), end


def _lend_head(words: Words, body: Body, head: int) -> None:
    """Let the organisation begin with the title's last words, unless it names itself (“Trưởng Ban Ban Dân tộc”)."""
    if body.start is None or words.keys[body.start] != words.keys[head]:
        body.start = head


@cache
def _first_words() -> frozenset[str]:
    """Return the words that a known piece begins with: most words behind a body's name open none."""
    return frozenset().union(*(pieces.first_words for pieces in (_REGIONAL, HEADS, _FIELDS, AREAS, LEVELS)))


def _step(words: Words, body: Body) -> bool:
    """Read the next piece of the organisation; return whether there may be more."""
    if body.at in words.line_starts:
        return False
    if words.keys[body.at] not in _first_words():
        return bool(body.last) and _take_rest(words, body)
    if _take_region(words, body):
        return True
    head = HEADS.length(words, body.at)
    if head and _opens_a_person(words, body.at, body.at + head - 1):
        if head == 1:
            return False
        head = 0
    field = _FIELDS.length(words, body.at) if body.last or words.capital[body.at] else 0
    if head and not words.capital[body.at] and (body.complete or _is_verb_here(words, body)):
        head = 0
    if not words.capital[body.at] and (field == 1 or _is_verb_here(words, body)):
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
    return words.keys[last + 1] not in FREQUENT_SURNAMES or (last > start and not words.capital[start])


def _take_place(words: Words, body: Body) -> bool:
    end = place_end(words, body.at)
    if end == body.at:
        return False
    start = body.at
    while end > body.at:
        body.at = end
        end = place_end(words, body.at)
    body.place = (start, body.at)
    return True


def _take_region(words: Words, body: Body) -> bool:
    """Take “khu vực IX”, “cơ sở 25”, “khu vực 2 - Hà Nội”: a part of the names of tax offices, courts, treasuries."""
    length = _REGIONAL.length(words, body.at)
    if not length or not (body.keeps_place or body.first in _REGION_BEARERS):
        return False
    end = _region_name_end(words, body.at + length)
    if end == body.at + length:
        return False
    following = _region_name_end(words, end + 1) if words.key(end) == "-" else 0
    body.take(max(end, following if following > end + 1 else 0), "name")
    return True


def _region_name_end(words: Words, start: int) -> int:
    if start >= len(words.keys):
        return start
    if words.keys[start].isdecimal() or _ROMAN.issuperset(words.word(start)):
        return start + 1
    return known_area_end(words, start)


def _take_head(words: Words, body: Body, length: int) -> bool:
    phrase = " ".join(words.keys[body.at : body.at + length])
    committee = _COMMITTEES.longest(words, body.at)
    body.take(body.at + length, "head", head=phrase)
    body.complete = phrase in _COMPLETE
    if committee is None or committee[0] != length:
        return True
    if body.at >= len(words.keys) or not words.capital[body.at]:
        return True
    end = area_name_end(words, body.at, committee[1], shortest_person=2)
    if end > body.at and not level_length(words, body.at):
        body.place, body.at = (body.at, end), end
        return False
    return True


def _is_verb_here(words: Words, body: Body) -> bool:
    """Whether a field in small letters is rather what somebody does: “Bí thư Đảng ủy kiểm tra”."""
    return bool(VERBS.length(words, body.at)) and (body.complete or body.last in {"name", "number", "field"})


def _take_rest(words: Words, body: Body) -> bool:
    """Read what no list knows: a bare place, a name in capitals, a number, “của” and the owner."""
    at, keys = body.at, words.keys
    if keys[at] in _CONNECTORS:
        return _take_joined(words, body)
    if keys[at] == "của":
        return _take_owner(words, body)
    if keys[at] == "(" or keys[at] in _QUOTES:
        return _take_enclosed(words, body)
    if words.capital[at]:
        return _take_capital(words, body)
    if keys[at] == "tại" and body.keeps_place:
        return _take_seat(words, body)
    if _is_numbered(words, body):
        body.take(at + 1 + (keys[at] == "số"), "number")
        return True
    continuation = _CONTINUATIONS.length(words, at)
    if continuation and not _is_verb_here(words, body):
        body.take(at + continuation, "field")
        return True
    end = at
    if body.first in _OPEN and body.last == "head":
        end = tail_end(words, at, free=True)
    elif body.last == "field" and body.first not in _COMPLETE:
        end = tail_end(words, at)
    if end > at:
        body.take(end, "field")
    return end > at


def _is_numbered(words: Words, body: Body) -> bool:
    """Whether the next word numbers the body (“Quân khu 2”, “Chi bộ số 7”) rather than counts years or telephones."""
    number = body.at + (words.keys[body.at] == "số")
    if not words.key(number).isdecimal() or len(words.keys[number]) > _LONGEST_NUMBER:
        return False
    following = words.key(number + 1)
    return not is_count(words, number) and following not in {"/", "%"} and body.first not in _UNNUMBERED


def _take_joined(words: Words, body: Body) -> bool:
    """Read the next part of a name: “, Viễn thông”, “và Thủy sản”, “- Trật tự”; or the parent after a comma."""
    at, following = body.at, body.at + 1
    if following >= len(words.keys) or following in words.line_starts:
        return False
    if words.keys[at] in {",", "-"} and _is_parent(words, body, following):
        body.take(following, "comma")
        return True
    if body.last not in {"field", "name"} or body.first in _COMPLETE or read_role(words, following) is not None:
        return False
    if words.keys[at] == "&" and words.capital[following]:
        body.take(following + 1, "name")
        return True
    field = _FIELDS.length(words, following)
    if field > 1 and (words.capital[following] or words.keys[at] != ","):
        body.take(following + field, "field")
        return True
    if words.keys[at : at + 2] == [",", "chống"]:
        body.take(max(tail_end(words, at + 2, free=True), at + 2), "field")
        return True
    if not opens_a_part(words, following):
        return False
    body.take(max(following + 2, tail_end(words, following + 1)), "field")
    return True


def _is_parent(words: Words, body: Body, start: int) -> bool:
    """Whether the body at `start` is one that `body` is a part of: “khoa Nội, Bệnh viện”, “Vụ Dân tộc, Bộ Nội vụ”."""
    length = HEADS.length(words, start)
    if not length or not words.capital[start] or read_role(words, start) is not None:
        return False
    parents = table(_ORGANISATIONS)["parents"].get(body.first, ())
    return any(" ".join(words.keys[start : start + length]).startswith(each) for each in parents)


def _take_owner(words: Words, body: Body) -> bool:
    """Read “của” and the owner, which is an area at times."""
    owner = _OWNERS.length(words, body.at + 1)
    if owner:
        body.take(body.at + 1 + owner, "field")
        return True
    end = place_end(words, body.at + 1)
    if end > body.at + 1:
        body.place, body.at = (body.at + 1, end), end
    return False


def _take_seat(words: Words, body: Body) -> bool:
    """Read where an embassy or a consulate sits: “Vương quốc Bỉ tại Việt Nam”, “Nhật Bản tại Đà Nẵng”."""
    seat = body.at + 1
    country = seat + 2 if words.keys[seat : seat + 2] == ["việt", "nam"] else seat
    end = max(country, known_area_end(words, seat)) if seat < len(words.keys) else seat
    if end > seat:
        body.take(end, "name")
    return end > seat


def _take_enclosed(words: Words, body: Body) -> bool:
    """Read a code in brackets (“(PC07)”) where the name goes on, or what a movement is called between quotes."""
    at, keys = body.at, words.keys
    if keys[at] == "(":
        code = at + 3 if words.key(at + 2).isdecimal() else at + 2
        if words.key(code) != ")" or not words.word(at + 1).isupper() or not HEADS.length(words, code + 1):
            return False
        body.take(code + 1, "field")
        return True
    closing = _QUOTES[keys[at]]
    window = keys[at + 1 : at + 1 + _LONGEST_ORGANISATION]
    if body.first not in _OPEN or closing not in window:
        return False
    body.take(at + 2 + window.index(closing), "field")
    return True


def _take_capital(words: Words, body: Body) -> bool:
    at = body.at
    if stops_at(words, at) or (words.shouts(at) and words.keys[at] in HEADING_VERBS):
        return False
    area = known_area_end(words, at)
    if area > at and not body.keeps_place:
        body.place, body.at = (at, area), area
        return False
    if area > at:
        body.take(area, "name")
        return True
    person = name_end(words, at)
    if body.keeps_place and body.last in {"head", "field"}:
        person = split_run(words, at, person)
    elif person - at >= 2:
        return False
    if person > at:
        body.take(person, "name")
        return True
    second = at + 1
    known = body.last != "head" and not (body.keeps_place and body.last == "field")
    if not is_second_syllable(words, second) or (known and tail_end(words, second) == second):
        body.take(second, "name")
    else:
        body.take(max(second + 1, tail_end(words, second)), "name")
    return True


def _take_place_of_term(words: Words, body: Body) -> None:
    """Take the area behind a term of office: “đại biểu Quốc hội khóa XV tỉnh Bắc Giang”."""
    term = term_end(words, body.at)
    end = place_end(words, term)
    if words.keys[term : term + 2] == ["đơn", "vị"]:
        term, end = term + 2, place_end(words, term + 2)
    if end > term > body.at and words.capital[end - 1]:
        body.end, body.place, body.at = body.at, (term, end), end


def term_end(words: Words, start: int) -> int:
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
