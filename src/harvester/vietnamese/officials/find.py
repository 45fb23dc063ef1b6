"""Who is mentioned in an official capacity, and with which posts (docs/annotation.md, O1 to O14)."""

from itertools import islice

from harvester.records import Official, Span
from harvester.vietnamese.officials.constructions import Holder, link
from harvester.vietnamese.officials.contexts import NEVER_A_MENTION, is_commemorated, is_of_the_past, opens_in_the_past
from harvester.vietnamese.officials.events import event_roles
from harvester.vietnamese.officials.given_names import short_names
from harvester.vietnamese.officials.items import Name, read_items
from harvester.vietnamese.officials.names import is_historical, written_name
from harvester.vietnamese.officials.positions import Post
from harvester.vietnamese.officials.references import Reading, find_references
from harvester.vietnamese.officials.titles import Kind
from harvester.vietnamese.officials.windows import name_windows
from harvester.vietnamese.officials.wording import position_of, without_repeats
from harvester.vietnamese.officials.words import Words, split_words

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
    holders: dict[str, list[Holder]] = {}
    for holder in linked:
        key = " ".join(words.keys[holder.name.start : holder.name.end])
        # Somebody of the same name may be remembered in the sentence: no mention of the official.
        if key not in holders or not is_commemorated(words, holder.name.opening):
            holders.setdefault(key, []).append(holder)
    officials = {key: _official(words, key, found) for key, found in holders.items() if _is_official(words, key, found)}
    short = short_names(words, holders, officials)
    officials = {key: official for key, official in officials.items() if key not in short}
    if not officials:
        return ()
    references = find_references(Reading(words, windows, items, holders), officials, short)
    roles = event_roles(words, items, holders, references)
    return tuple(
        official.model_copy(update={"references": references.get(key, ()), "event_role": roles.get(key)})
        for key, official in officials.items()
    )


def _is_official(words: Words, key: str, holders: list[Holder]) -> bool:
    if key == NEVER_A_MENTION or is_commemorated(words, holders[0].name.opening):
        return False
    if all(opens_in_the_past(words, holder.name.opening) for holder in holders):
        return False
    if is_historical(key) and any(is_of_the_past(words, holder.name.start) for holder in holders):
        return False
    posts = [post for holder in holders if not holder.name.barred for post in holder.posts]
    if is_historical(key):
        return any(post.kind is Kind.OFFICE and (post.organisation or post.place) for post in posts)
    return any(post.kind is Kind.OFFICE for post in posts) or any(holder.acting for holder in holders)


def _official(words: Words, key: str, holders: list[Holder]) -> Official:
    first = holders[0].name
    positions = [position_of(words, post) for post in _posts(holders)]
    honorifics = [address.word for holder in holders for address in holder.called if address.word]
    return Official(
        name=written_name(words, first.start, first.end),
        key=key,
        honorifics=tuple(dict.fromkeys(honorifics)),
        positions=without_repeats(positions),
        mentions=tuple(_span(words, holder.name) for holder in holders),
    )


def _posts(holders: list[Holder]) -> list[Post]:
    posts = (post for holder in holders for post in holder.posts if post.kind is not Kind.EVENT)
    return list(islice(dict.fromkeys(posts), _MOST_POSTS))


def _span(words: Words, name: Name) -> Span:
    return Span(start=words.start(name.start), end=words.ends[name.end - 1])
