"""Who is mentioned in an official capacity, and with which posts (docs/annotation.md, O1 to O14)."""

from itertools import islice

from harvester.records import Official, Position, Span
from harvester.vietnamese.officials.constructions import Holder, link
from harvester.vietnamese.officials.contexts import NEVER_A_MENTION, is_commemorated, is_of_the_past, opens_in_the_past
from harvester.vietnamese.officials.events import event_roles
from harvester.vietnamese.officials.given_names import short_names
from harvester.vietnamese.officials.items import Name, read_items
from harvester.vietnamese.officials.names import is_historical, written_name
from harvester.vietnamese.officials.references import Reading, find_references
from harvester.vietnamese.officials.titles import Kind
from harvester.vietnamese.officials.windows import name_windows
from harvester.vietnamese.officials.wording import position_of, without_repeats
from harvester.vietnamese.officials.words import Words, split_words

_FORMER = frozenset({"nguyên", "cựu"})
"""Somebody who stands before a court and holds no other post is a suspect (docs/annotation.md, O2)."""

_MOST_POSTS = 60
"""Of one person in one text; repeats are compared with one another."""


def find_officials(text: str) -> tuple[Official, ...]:
    """Return the officials named in a text, in the order of their first mention.

    A full name counts when a construction gives it a public post, or when it is called “đồng chí” or “Đại biểu”
    in an official capacity. Offsets are code points of the text as given, in whatever Unicode form it is.
    """
    windows = name_windows(text)
    words = split_words(text, windows)
    items = read_items(words)
    linked = link(words, items)
    named: dict[str, list[Holder]] = {}
    for holder in linked:
        named.setdefault(words.name_key(holder.name.start, holder.name.end), []).append(holder)
    # A martyr's or a suspect's name is no mention of the official who bears it, too.
    holders = {key: [holder for holder in found if not holder.name.barred] for key, found in named.items()}
    officials = [key for key, found in named.items() if _is_official(words, key, found)]
    short = short_names(words, holders, officials)
    positions = {key: _positions(words, holders[key]) for key in officials if key not in short}
    if not positions:
        return ()
    references = find_references(Reading(words, windows, items, holders), positions, short)
    roles = event_roles(words, items, holders, references)
    return tuple(
        Official(
            name=written_name(words, holders[key][0].name.start, holders[key][0].name.end),
            key=key,
            honorifics=_honorifics(holders[key]),
            positions=positions[key],
            mentions=tuple(_span(words, holder.name) for holder in holders[key]),
            references=references.get(key, ()),
            event_role=roles.get(key),
        )
        for key in positions
    )


def _is_official(words: Words, key: str, holders: list[Holder]) -> bool:
    if key == NEVER_A_MENTION or is_commemorated(words, holders[0].name.opening):
        return False
    free = [holder for holder in holders if not holder.name.barred]
    if all(opens_in_the_past(words, holder.name.opening) for holder in free):
        return False
    offices = [(holder, post) for holder in free for post in holder.posts if post.kind is Kind.OFFICE]
    if is_historical(key):
        bodies = (holder for holder, post in offices if post.organisation or post.place)
        return any(not is_of_the_past(words, holder.name.start) for holder in bodies)
    if len(free) < len(holders) and all(words.keys[post.start] in _FORMER for _, post in offices):
        return False
    return bool(offices) or any(holder.acting for holder in free)


def _positions(words: Words, holders: list[Holder]) -> tuple[Position, ...]:
    posts = dict.fromkeys(post for holder in holders for post in holder.posts if post.kind is not Kind.EVENT)
    return without_repeats([position_of(words, post) for post in islice(posts, _MOST_POSTS)])


def _honorifics(holders: list[Holder]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(address.word for holder in holders for address in holder.called if address.word))


def _span(words: Words, name: Name) -> Span:
    return Span(start=words.start(name.start), end=words.ends[name.end - 1])
