"""What an official does at the event: chairs, speaks, signs … (docs/annotation.md, O16)."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, get_args

from harvester.records import EventRole, Reference
from harvester.vietnamese.officials.constructions import Holder
from harvester.vietnamese.officials.items import Item
from harvester.vietnamese.officials.lexicon import Lexicon, listed, table
from harvester.vietnamese.officials.rows import ADDRESS_LENGTHS, COMMAS, PLURALS, Person, people_in_rows
from harvester.vietnamese.officials.words import Words, split_words

_EVENTS = "event_words.toml"
_PRECEDENCE: tuple[EventRole, ...] = get_args(EventRole)
"""What changes a career first, then what few do, then what every guest does."""


def _roles(kind: str) -> Lexicon[EventRole | None]:
    """Return a lexicon of a table's phrases with their role; None stands for “others”."""

    def entries() -> dict[str, EventRole | None]:
        phrases: dict[Any, list[str]] = table(_EVENTS)[kind]
        return {phrase: None if role == "others" else role for role, listed in phrases.items() for phrase in listed}

    return Lexicon(entries)


def _phrases(*path: str) -> Lexicon[bool]:
    return Lexicon.of(listed(_EVENTS, *path), True)


def _what_follows() -> dict[str, str]:
    """Return what may stand after a name: verbs with their role, words between, words that end the search."""
    tables = table(_EVENTS)
    verbs = {
        phrase: role for kind in ("verbs", "alone") for role, phrases in tables[kind].items() for phrase in phrases
    }
    between = {phrase: kind for kind in (_FILLER, _OPENER) for phrase in tables["between"][kind]}
    stops = [*tables["between"]["refusals"], *tables["lookalikes"]["words"]]
    return between | verbs | dict.fromkeys(stops, _STOP)


_FILLER, _OPENER, _STOP = "fillers", "openers", "stop"
_FOLLOWING: Lexicon[str] = Lexicon(_what_follows)
_BEFORE, _TOWARDS, _PASSIVE = map(_roles, ("before", "towards", "passive"))
_SECOND, _FILLERS = _phrases("second", "words"), _phrases("between", "fillers")
_CIRCUMSTANCES = _phrases("circumstances", "words")
_ENTRUSTS, _ENTRUSTED = _phrases("entrusts", "verbs"), _phrases("entrusts", "posts")
_OBJECTS: Lexicon[bool] = Lexicon(lambda: dict.fromkeys(table(_EVENTS)["objects"]["words"], True) | {"cùng với": False})

_PRESENTING = frozenset({"có", "gồm", "là"})
_TOGETHER = frozenset({"do", "gồm"})
"""Right before a row of people these make all of them do what is said after the last."""

_TOWARDS_WORDS = frozenset({"với", "cho"})
_HEAD_FILLERS = frozenset("- + • * các cả : “ ”".split())
_CLAUSE_ENDS = frozenset(";:.!?…“")
_AFTER_PERSON = frozenset({",", "-", "”", '"'})

_HEAD_REACH = 40
"""Words looked at before a list."""

_CIRCUMSTANCE_REACH = 15
"""Words that a time or place may have which opens a sentence."""

_TOWARDS_REACH = 25
"""Words looked at before “đối với”."""

_AFTER_REACH, _SECOND_REACH, _PASSIVE_REACH = 25, 30, 14
"""Words looked at after a name, after the first verb, after “được”."""

_LIST_WORDS = 6
"""Words between a list's head and its first member."""

_LONGEST_REMARK = 10
"""Words in brackets after a name."""

_SENTENCE_REACH = 250
"""Code points read on either side of a reference."""

_MOST_REFERENCES = 20
"""Of one person."""


def event_roles(
    words: Words,
    items: Sequence[Item],
    holders: Mapping[str, list[Holder]],
    references: Mapping[str, Sequence[Reference]],
) -> dict[str, EventRole]:
    """Return by key what each person named in full does, as the sentences of the mentions and references tell.

    Where it is several things, the first in the order of `EventRole` counts. Names among the items that `holders` lacks
    are somebody else's: they part the people of a list and get no role.
    """
    found: dict[str, set[EventRole]] = {}
    before: Person | None = None
    head: EventRole | None = None
    for row in people_in_rows(words, items, holders):
        if before is None or words.sentence(before.left) != words.sentence(row[0].left):
            head = None
        left = _before_honorifics(words, row[0].left)
        presented, head = _head(words, (left, row[0].left), before, head)
        for person, roles in zip(row, _row_roles(words, row, left, before, presented), strict=True):
            if person.key:
                found.setdefault(person.key, set()).update(roles)
        before = row[-1]
    for key, places in references.items():
        for place in places[:_MOST_REFERENCES]:
            found.setdefault(key, set()).update(_reference_roles(words.text, place))
    return {key: min(roles, key=_PRECEDENCE.index) for key, roles in found.items() if roles}


def _reference_roles(text: str, place: Reference) -> set[EventRole]:
    floor = max(0, place.start - _SENTENCE_REACH)
    words = split_words(text[floor : place.end + _SENTENCE_REACH])
    left, right = bisect_left(words.ends, place.start - floor + 1), bisect_left(words.ends, place.end - floor) + 1
    person = Person("", left, right, right, len(words))
    head = _before_honorifics(words, left)
    return _row_roles(words, [person], head, None, _head(words, (head, left), None, None)[0])[0]


def _row_roles(
    words: Words, row: list[Person], left: int, before: Person | None, presented: EventRole | None
) -> list[set[EventRole]]:
    """Return the roles of each person of a row: its head's for all, a verb after it for those parted by commas.

    `left`: where the row begins, forms of address for all of it included.
    """
    shared = {role for role in (presented, _before(words, left), _opening(words, row[0].left, before)) if role}
    together = words.key(left - 1) in _TOGETHER or words.key(left) in PLURALS
    entrusts = _ENTRUSTS.ending_at(words, row[0].left)
    objects = _objects(words, row)
    found: list[set[EventRole]] = []
    following: set[EventRole] = set()
    for index in reversed(range(len(row))):
        person = row[index]
        own = {role for role in [None if objects[index] else _after(words, person)] if role}
        joined = index + 1 < len(row) and (together or COMMAS.issuperset(words.keys[person.far : row[index + 1].left]))
        shares = joined and person.far == person.right and presented is None and not objects[index]
        following = own | following if shares else own
        if entrusts and _ENTRUSTED.length(words, person.right):
            own.add("appointed")
        if person.signs:
            own.add("signs")
        found.append(shared | following | own)
    return found[::-1]


# ---------------------------------------------------------------------------------------------- before the name


def _before(words: Words, left: int) -> EventRole | None:
    """Read the words right before: “dưới sự chủ trì của”, “bổ nhiệm”, “bầu chức danh … đối với”."""
    if words.key(left - 1) in _TOWARDS_WORDS:
        floor = max(words.sentence_start(left - 1), left - _TOWARDS_REACH)
        for at in range(left - 2, floor - 1, -1):
            found = _TOWARDS.longest(words, at)
            if found:
                return found[1]
    role = _BEFORE.ending_at(words, left)
    nominates = role == "elected" and "để" in words.keys[max(0, left - 3) : left]
    return None if nominates else role


def _before_honorifics(words: Words, left: int) -> int:
    """Return where the words before a list's head end: “có các đồng chí:” before the first name."""
    floor = max(0, left - _LIST_WORDS)
    while left > floor:
        length = ADDRESS_LENGTHS.ending_at(words, left) or (words.keys[left - 1] in _HEAD_FILLERS)
        if not length:
            break
        left -= length
    return left


def _opening(words: Words, left: int, before: Person | None) -> EventRole | None:
    """Read the verb that opens the sentence, or follows when or where: “(Sáng nay,) chủ trì hội nghị, đồng chí A …”."""
    if words.key(left - 1) != ",":
        return None
    start = words.sentence_start(left)
    if before is not None and before.left >= start:
        return None
    while words.key(start) in _HEAD_FILLERS:
        start += 1
    if _CIRCUMSTANCES.length(words, start):
        commas = (at for at in range(start, min(start + _CIRCUMSTANCE_REACH, left - 1)) if words.keys[at] == ",")
        start = next(commas, start - 1) + 1
    start += _FILLERS.length(words, start)
    found = _verb(words, start)
    if found is None or words.key(found[0]) == "của":
        return None
    return _strongest(words, *found, left)


def _head(
    words: Words, opening: tuple[int, int], before: Person | None, inherited: EventRole | None
) -> tuple[EventRole | None, EventRole | None]:
    """Read the head of a list: “Tới dự hội nghị có”, “Chủ trì:”; return its role, and that for lists after it.

    A later list of the sentence without a verb of its own (“về phía quận có …”) has the head's role. `opening`: where
    the first person begins, forms of address for the whole list included and left out.
    """
    left = opening[0]
    if words.key(left - 1) not in _PRESENTING and ":" not in words.keys[left : opening[1]]:
        return None, inherited
    last = left - 1
    start = max(words.sentence_start(last), left - _HEAD_REACH)
    follows = before is not None and before.far > start
    if follows and before is not None:
        start = before.far
    clauses = list(_clauses(words, start, left))
    for first, end in reversed(clauses[1:] if follows else clauses):
        found = next(filter(None, (_verb(words, at) for at in range(first, end))), None)
        if found:
            role = _strongest(words, *found, end)
            return role, role
    if inherited is None and "phía" in words.keys[start:left]:
        return "attends", "attends"
    return inherited, inherited


def _clauses(words: Words, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the stretches between commas and semicolons."""
    first = start
    for at in range(start, end):
        if words.keys[at] in {",", ";"}:
            yield first, at
            first = at + 1
    yield first, end


# ---------------------------------------------------------------------------------------------- after the name


def _after(words: Words, person: Person) -> EventRole | None:
    """Read the verb of which the person is the subject."""
    at = _after_brackets(words, person.right)
    end = min(at + _AFTER_REACH, person.until, len(words))
    at += words.key(at) in _AFTER_PERSON and at < end
    free = False
    while at < end and not _ends_clause(words, at):
        if words.keys[at] == "được":
            return _undergone(words, at + 1)
        length, what = _FOLLOWING.longest(words, at) or (1, None)
        if what in _PRECEDENCE:
            return _strongest(words, at + length, what, min(at + _SECOND_REACH, person.until))
        free = free or what == _OPENER
        if what == _STOP or (what is None and not free):
            return None
        at += length
    return None


def _objects(words: Words, row: list[Person]) -> list[bool]:
    """Tell for each person of a row whether something is done to or for them: “giao đồng chí A và đồng chí B …”.

    Like the first are those that “và” adds, and those of a list that opens with “các” who are not addressed anew.
    """
    plural = words.key(row[0].left) in PLURALS
    objects = [bool(_OBJECTS.ending_at(words, row[0].left))]
    for before, person in pairwise(row):
        listed_too = plural and not ADDRESS_LENGTHS.length(words, person.left)
        objects.append(objects[-1] and (listed_too or "và" in words.keys[before.far : person.left]))
    return objects


def _after_brackets(words: Words, at: int) -> int:
    """Return the word after a remark in brackets (“đại biểu A (tổ Long Biên) đề nghị”)."""
    brackets = words.keys[at : at + _LONGEST_REMARK]
    return at + brackets.index(")") + 1 if brackets[:1] == ["("] and ")" in brackets else at


def _ends_clause(words: Words, at: int) -> bool:
    """Whether a clause ends before word `at`; the full stop of “TP.” ends none."""
    if words.keys[at] == "." and at + 1 < len(words):
        return words.sentence(at) != words.sentence(at + 1)
    return at in words.line_starts or words.keys[at] in _CLAUSE_ENDS


def _undergone(words: Words, start: int) -> EventRole | None:
    """Read what is done to the person: “được bầu làm”, “được đồng chí B trao quyết định bổ nhiệm”."""
    for at in range(start, min(start + _PASSIVE_REACH, len(words))):
        if _ends_clause(words, at):
            return None
        found = _PASSIVE.longest(words, at)
        if found:
            return found[1]
    return None


def _verb(words: Words, at: int) -> tuple[int, EventRole] | None:
    """Return the end and the role of the verb that begins at word `at`."""
    length, what = _FOLLOWING.longest(words, at) or (1, None)
    return (at + length, what) if what in _PRECEDENCE else None


def _strongest(words: Words, start: int, role: EventRole, end: int) -> EventRole:
    """Return the role of the verb that ends at `start`; after “dự” a second may say more: “dự và phát biểu”."""
    if role != "attends":
        return role
    for second in range(start + 1, min(end, len(words.keys))):
        if _ends_clause(words, second):
            break
        if words.keys[second - 1] in {"và", ","} and _SECOND.length(words, second):
            more = _verb(words, second)
            return more[1] if more else role
    return role
