"""How names and posts stand together: before, after, in lists, in appointments (docs/annotation.md, O9, O13)."""

from dataclasses import dataclass, field

from harvester.vietnamese.officials.contexts import is_described_as_ordinary
from harvester.vietnamese.officials.glues import (
    ENUMERATED,
    FAR,
    NEW_LINE,
    after_name,
    before_name,
    between_names,
    between_posts,
    glue_before,
    handed_to,
    in_list,
    in_one_list,
    signature,
)
from harvester.vietnamese.officials.items import Address, Group, Item, Name, opening_of
from harvester.vietnamese.officials.lexicon import Lexicon, listed
from harvester.vietnamese.officials.positions import Post
from harvester.vietnamese.officials.titles import Kind
from harvester.vietnamese.officials.words import Words

_APPOINTMENTS, _PLURALS, _ASSEMBLIES, _JOINING = (
    Lexicon.of(listed("role_words.toml", "constructions", kind), True)
    for kind in ("appointments", "plurals", "assemblies", "joining")
)
_JOINING_REACH = 12
_OPENING_REACH = 20
"""Words: how far after a name it may be said to join an assembly, how far before a list the assembly may stand."""


_STANDS_FOR = frozenset("của mặt diện quyền với cho tới đến bởi các cùng và chí".split())
"""Before a post these say that its holder is not the one named next: “thay mặt Chủ tịch UBND xã, ông …”."""

_DEPUTIES = frozenset({"đại", "đbqh"})
"""First words of “đại biểu …” and its abbreviation."""

_BETWEEN_PLURAL_AND_POST = frozenset("đồng chí ông bà vị nguyên đ / c".split())

_LONGEST_CHAIN = 12
_LONGEST_LIST = 80
"""Posts of one person, items of one list: beyond these a text is no news, and time must stay linear."""


@dataclass(slots=True)
class Holder:
    """A name as the constructions leave it: its posts in the order of the text, and what it is called."""

    name: Name
    posts: list[Post] = field(default_factory=list)
    before: bool = False
    called: tuple[Address, ...] = ()
    acting: bool = False


@dataclass(frozen=True, slots=True)
class _Row:
    """Items of a text with what stands between them.

    `glues[i]` stands before item i; `names` and `posts` hold None where an item is something else. These three have an
    entry more than `items`, so that an index of -1 or of the number of items finds nobody, far away.
    """

    words: Words
    items: list[Item]
    glues: list[str]
    names: list[Name | None]
    posts: list[Post | None]

    def same_sentence(self, first: int, second: int) -> bool:
        sentence = self.words.sentence
        return sentence(opening_of(self.items[first])) == sentence(opening_of(self.items[second]))


def _row(words: Words, items: list[Item]) -> _Row:
    return _Row(
        words,
        items,
        [glue_before(words, items, index) for index in range(len(items))] + [FAR],
        [item if isinstance(item, Name) else None for item in items] + [None],
        [item if isinstance(item, Post) else None for item in items] + [None],
    )


def link(words: Words, items: list[Item]) -> list[Holder]:
    """Return every name with the posts that a construction gives it."""
    row = _row(words, items)
    holders = {index: Holder(name) for index, name in enumerate(row.names) if name is not None}
    index = 0
    while index < len(items):
        if row.posts[index] is None:
            index += 1
            continue
        end = index + 1
        while end - index < _LONGEST_CHAIN and row.posts[end] is not None and between_posts(row.glues[end]):
            end += 1
        _take_kind_of_last(row, index, end)
        _link_posts(row, holders, index, end)
        index = end
    _bar_companions(row, holders)
    _call(row, holders)
    for index, holder in holders.items():
        holder.acting = _is_acting(row, holders, index)
    return list(holders.values())


def _take_kind_of_last(row: _Row, start: int, end: int) -> None:
    """Make bare posts before a company's private, too: “Phó Chủ tịch kiêm Tổng Giám đốc Tập đoàn …”."""
    last = row.posts[end - 1]
    if last is None or last.kind is not Kind.PRIVATE or last.organisation is None:
        return
    for index in range(start, end - 1):
        post = row.posts[index]
        if post is not None and post.kind is Kind.OFFICE and post.organisation is None and post.place is None:
            row.posts[index] = post._replace(kind=Kind.PRIVATE)


def _bar_companions(row: _Row, holders: dict[int, Holder]) -> None:
    """Bar who stands in one list with somebody barred: “các bị cáo A (…) và B, nguyên Trưởng thôn”."""
    for index, holder in holders.items():
        before = holders.get(index - 1)
        if before is None or not before.name.barred or holder.name.addresses:
            continue
        if in_one_list(row.glues[index]):
            holder.name = holder.name._replace(barred=True)


def _link_posts(row: _Row, holders: dict[int, Holder], start: int, end: int) -> None:
    """Give the posts from item `start` up to `end` to the name before, the name after, or both."""
    if _speaks_for_another(row, start) and end - start > 1:
        start += 1
    subject = _subject(row, holders, start, end)
    direct = row.names[end] is not None and row.glues[end] == ""
    if subject is not None and not direct:
        _give(row, holders, subject, start, end)
        _share_backwards(row, holders, subject, start, end)
        return
    if direct:
        split = end - 1 if subject is not None and not holders[subject].before and end - start > 1 else start
        if subject is not None and split > start:
            _give(row, holders, subject, start, split)
        _give(row, holders, end, split, end)
        holders[end].before = True
        _share_forwards(row, holders, end, start, split)
        return
    if row.names[end] is None:
        return
    if signature(row.glues[end]):
        _sign(row, holders, end)
    elif _may_stand_before(row, start, end):
        _give(row, holders, end, start, end)
        holders[end].before = True
        _share_forwards(row, holders, end, start, start)


def _subject(row: _Row, holders: dict[int, Holder], start: int, end: int) -> int | None:
    """Return the name that the posts belong to by standing after it or by an appointment."""
    before = start - 1
    if row.names[before] is not None and after_name(row.glues[start]):
        next_person = row.glues[start] == ";" and bool(holders[before].posts)
        return None if next_person or _is_head_of_list(row, start, end) else before
    if not _appoints(row, start):
        return None
    if row.names[end] is not None and handed_to(row.glues[end]):
        return None
    before = _holder_before(row, holders, start)
    return before if before != start else None


def _appoints(row: _Row, start: int) -> bool:
    return _APPOINTMENTS.ending_at(row.words, opening_of(row.items[start])) is not None


def _holder_before(row: _Row, holders: dict[int, Holder], index: int) -> int:
    """Return the name of the same sentence that comes before item `index`, or `index` itself.

    Who is the agent (“ông A được đồng chí B trao quyết định …”) is passed over where there is somebody before.
    """
    agent = index
    for before in range(index - 1, max(-1, index - _LONGEST_LIST), -1):
        if not row.same_sentence(before, index):
            break
        if before in holders and row.words.key(opening_of(row.items[before]) - 1) != "được":
            return before
        if before in holders and agent == index:
            agent = before
    return agent


def _speaks_for_another(row: _Row, start: int) -> bool:
    """Whether the first post is an absent person's: “thừa ủy quyền của Chủ tịch nước, …”."""
    opening = opening_of(row.items[start])
    return row.words.keys[max(0, opening - 3) : opening] == ["ủy", "quyền", "của"]


def _is_head_of_list(row: _Row, start: int, end: int) -> bool:
    """Whether “; Chủ tịch:” or “, Phó Chủ tịch - ông” opens the next person rather than closing the last."""
    if row.names[end] is None:
        return False
    glue = row.glues[end]
    return glue in {":", "là"} or (row.glues[start] in {",", ";"} and glue == "-" and _is_called(row, end))


def _is_called(row: _Row, index: int) -> bool:
    name = row.names[index]
    return name is not None and bool(name.addresses)


def _may_stand_before(row: _Row, start: int, end: int) -> bool:
    """Whether the posts belong to the name after them: “Post: ông A”, or “Post, ông A nói” opening a sentence."""
    opening = opening_of(row.items[start])
    if row.glues[end] != ",":
        # “Tổ đại biểu Quốc hội gồm ông A …” counts members and gives no post (docs/annotation.md, O13).
        members = row.words.keys[opening] in _DEPUTIES and row.glues[end] not in {":", "đối với"}
        return not members and before_name(row.glues[end])
    if not _is_called(row, end):
        return False
    if row.words.sentence(opening - 1) != row.words.sentence(opening) if opening else True:
        return True
    described = row.posts[end + 1] is not None and after_name(row.glues[end + 1])
    return not described and row.words.key(opening - 1) not in _STANDS_FOR


def _give(row: _Row, holders: dict[int, Holder], index: int, start: int, end: int) -> None:
    for position in range(start, end):
        post = row.posts[position]
        if post is not None:
            holders[index].posts.append(post)


def _sign(row: _Row, holders: dict[int, Holder], index: int) -> None:
    """A name alone on the line after a title signs the text: an official, but the title is no position (O9)."""
    name = row.names[index]
    if name is not None and (name.end >= len(row.words.keys) or name.end in row.words.line_starts):
        holders[index].called = (Address("", official=True),)


def _share_backwards(row: _Row, holders: dict[int, Holder], subject: int, start: int, end: int) -> None:
    """Give a post after the last of several names to all of them: “A và B, Phó Chủ tịch UBND”."""
    posts = [post for index in range(start, end) if (post := row.posts[index]) is not None]
    if not all(post.shared for post in posts) or row.glues[start] == "(":
        return
    appointed = _appoints(row, start)
    listed = _listed_together(row, subject) if appointed else []
    for companion in listed:
        _give(row, holders, companion, start, end)
    if listed:
        return
    index = subject
    together = appointed or "đều" in row.glues[start]
    if (
        appointed
        and row.glues[index] in {"và", ", và"}
        and (_is_called(row, index) or row.posts[index - 1] is not None)
    ):
        _give(row, holders, _holder_before(row, holders, index), start, end)
        return
    while row.names[index - 1] is not None and not holders[index - 1].posts:
        glue = row.glues[index]
        if glue not in {",", "và", ", và"} or (_is_called(row, index) and not together):
            return
        index -= 1
        _give(row, holders, index, start, end)


def _listed_together(row: _Row, subject: int) -> list[int]:
    """Return the names before `subject` in a list that opens with “các ông, bà:”, whatever posts stand between."""
    first = subject
    while first > 0 and subject - first < _LONGEST_LIST and row.same_sentence(first - 1, subject):
        glue = row.glues[first]
        joined = between_names(glue) if row.names[first] is not None else after_name(glue)
        if isinstance(row.items[first - 1], Group) or not (joined or between_posts(glue)):
            break
        first -= 1
    opens = isinstance(row.items[first - 1], Group) if first else False
    if not opens and not _is_plural(row.words, row.items[first]):
        return []
    return [index for index in range(first, subject) if row.names[index] is not None]


def _share_forwards(row: _Row, holders: dict[int, Holder], first: int, start: int, split: int) -> None:
    """Give a post before a list of names to all of them: “các Phó Chủ tịch: A, B và C”."""
    posts = range(split, first)
    opening = opening_of(row.items[split])
    plural = (_is_said_of_several(row.words, opening) and split == start) or _is_plural(row.words, row.items[first])
    listed = row.glues[first] in {"đối với", ":"} and all(post.shared for i in posts if (post := row.posts[i]))
    if not plural and not listed:
        return
    for index in range(first + 1, min(first + _LONGEST_LIST, len(row.items))):
        if row.names[index] is not None:
            if not between_names(row.glues[index]):
                return
            _give(row, holders, index, posts.start, posts.stop)
        elif not (row.posts[index] is not None and after_name(row.glues[index])):
            return


def _is_said_of_several(words: Words, opening: int) -> bool:
    """Whether “các”, “hai” stands before the post, a form of address between them or not."""
    return any(
        words.key(opening - back) in _PLURALS
        and _BETWEEN_PLURAL_AND_POST.issuperset(words.keys[opening - back + 1 : opening])
        for back in (1, 2, 3)
    )


def _call(row: _Row, holders: dict[int, Holder]) -> None:
    """Collect what each name is called, by itself and by the list it stands in (docs/annotation.md, O10)."""
    listed: tuple[Address, ...] = ()
    for_one = False
    for index, item in enumerate(row.items):
        if isinstance(item, Group):
            listed = item.addresses
            # “Đồng chí Trưởng Công an phường A”: said of the one named next.
            for_one = not row.glues[index + 1] and not _is_said_of_several(row.words, item.end)
            continue
        if listed and not _is_in_list(row, index):
            listed = ()
        if index in holders:
            own = holders[index].name.addresses
            holders[index].called = (*holders[index].called, *listed, *(a for a in own if a not in listed))
            if any(address.official for address in own) and not _is_plural(row.words, item):
                listed = ()
            elif _is_plural(row.words, item):
                listed = own
            if for_one:
                listed, for_one = (), False


def _is_in_list(row: _Row, index: int) -> bool:
    """Whether an item opens a list behind its group, or goes on with it."""
    glue = row.glues[index]
    if isinstance(row.items[index - 1], Group) and (glue in {"", ":"} or _opens_list(glue)):
        return True
    if not row.same_sentence(index - 1, index) and NEW_LINE not in glue and not ENUMERATED.search(glue):
        return False
    return in_list(glue) or (row.posts[index] is not None and after_name(glue))


def _opens_list(glue: str) -> bool:
    return glue.endswith(":") and NEW_LINE not in glue and glue != FAR


def _is_plural(words: Words, item: Item) -> bool:
    return isinstance(item, Name) and words.keys[item.opening] == "các"


def _is_acting(row: _Row, holders: dict[int, Holder], index: int) -> bool:
    """Whether a name without a post is an official all the same (docs/annotation.md, O1 ii, O13)."""
    holder = holders[index]
    if holder.name.barred or is_described_as_ordinary(row.words, holder.name.end):
        return False
    if any(post.kind is Kind.OFFICE for post in holder.posts) or any(address.official for address in holder.called):
        return True
    end = holder.name.end
    if holder.name.addresses and _JOINING.first_in(row.words, end, end + _JOINING_REACH) is not None:
        return True
    return _is_listed_member(row, index)


def _is_listed_member(row: _Row, index: int) -> bool:
    """Whether the name stands in a list that opens with an assembly: “Đoàn ĐBQH gồm: …” (docs/annotation.md, O13)."""
    first, farthest = index, max(0, index - _LONGEST_LIST)
    while first > farthest and row.same_sentence(first - 1, index) and in_list(row.glues[first]):
        first -= 1
    opening = opening_of(row.items[first])
    before = row.words.key(opening - 2) if row.words.key(opening - 1) == ":" else row.words.key(opening - 1)
    if before != "gồm" and not (before == "có" and row.words.key(opening - 1) == ":"):
        return False
    start = max(row.words.sentence_start(opening), opening - _OPENING_REACH)
    return _ASSEMBLIES.first_in(row.words, start, opening) is not None
