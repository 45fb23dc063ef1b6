"""The organisation and the place of a post, read word by word (docs/annotation.md, O5, O6, O11)."""

from dataclasses import dataclass

from harvester.vietnamese.officials.lexicon import Lexicon, listed, table
from harvester.vietnamese.officials.names import SURNAMES, name_end, stops_at
from harvester.vietnamese.officials.places import area_name_end, known_area_end, level_length, place_end
from harvester.vietnamese.officials.titles import Role
from harvester.vietnamese.officials.words import Words

_ORGANISATIONS = "organisation_words.toml"

_COMMITTEES: Lexicon[str] = Lexicon(lambda: table(_ORGANISATIONS)["committees"])
_HEADS = Lexicon.of(lambda: [*table(_ORGANISATIONS)["heads"]["words"], *table(_ORGANISATIONS)["committees"]], True)
_FIELDS, _KEEPS_PLACE, PRIVATE_HEADS, _OWNERS, _CONTINUATIONS = (
    Lexicon.of(listed(_ORGANISATIONS, kind, "words"), True)
    for kind in ("fields", "keeps_place", "private", "owners", "continuations")
)
_AFTER_FIELD_START = frozenset(
    "đã và cho cùng là được về tại trong nói làm trao dự đến do với có phát chủ trình báo nhấn yêu đề thay tham".split()
)
"""Words that never are the second syllable of an unknown field of work."""

_FULL_NAME = 3
_LONGEST_ORGANISATION = 24
"""Words."""


@dataclass(slots=True)
class Body:
    """The organisation and place being read: `at` is the next word, `first` the first head, `last` the last piece."""

    at: int
    start: int | None = None
    last: str = ""
    first: str = ""
    keeps_place: bool = False
    place: tuple[int, int] | None = None

    def take(self, end: int, what: str, *, head: str = "") -> None:
        """Add the words up to `end`; `what`: head, field, name or number."""
        if self.start is None:
            self.start = self.at
        self.first = self.first or head
        self.keeps_place = self.keeps_place or head in _KEEPS_PLACE
        self.last = what
        self.at = end


def head_length(words: Words, start: int) -> int:
    """Return the number of words of the organisation's head at `start`, or 0."""
    return _HEADS.length(words, start)


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
    return role.abbreviated and words.key(role.end) == "." and bool(_HEADS.length(words, role.end + 1))


def _read_area(words: Words, body: Body, level: str) -> None:
    """Read the areas after a title that ends in a level word: “Trưởng thôn Hạ xã Minh Phú”."""
    start = body.at
    for end in (area_name_end(words, start, level), place_end(words, max(start, area_name_end(words, start, level)))):
        if end > body.at:
            body.place, body.at = (start, end), end


def _lend_head(words: Words, body: Body, head: int) -> None:
    """Let the organisation begin with the title's last words, unless it names itself (“Trưởng Ban Ban Dân tộc”)."""
    if body.start is None or words.keys[body.start] != words.keys[head]:
        body.start = head


def _step(words: Words, body: Body) -> bool:
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


def _take_head(words: Words, body: Body, length: int) -> bool:
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


def _take_rest(words: Words, body: Body) -> bool:
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


def _take_capital(words: Words, body: Body) -> bool:
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


def _take_place_of_term(words: Words, body: Body) -> None:
    """Take the area behind a term of office: “đại biểu Quốc hội khóa XV tỉnh Bắc Giang”."""
    term = term_end(words, body.at)
    end = place_end(words, term)
    if end > term > body.at and words.capital[end - 1]:
        body.place, body.at = (term, end), end


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
