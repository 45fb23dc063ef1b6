"""The words of posts and bodies in one form: abbreviations spelt out, several names of a body under one."""

import re
import tomllib
from functools import cache
from importlib import resources
from typing import Any

from harvester.vietnamese.officials.lexicon import Lexicon, table
from harvester.vietnamese.officials.words import split_words

Words = tuple[str, ...]
"""Words in comparison form."""

_NO_VOWEL = re.compile("[bcdđghklmnpqrstvx]+")
"""No Vietnamese word is written so: an abbreviation in small letters, too."""


@cache
def post_words() -> dict[str, Any]:
    """Return the tables of post_words.toml."""
    return tomllib.loads(resources.files(__package__).joinpath("post_words.toml").read_text(encoding="utf-8"))


@cache
def phrases(*path: str) -> tuple[Words, ...]:
    """Return the phrases, or the keys, at a path of post_words.toml."""
    found: Any = post_words()
    for name in path:
        found = found[name]
    return tuple(tuple(phrase.split()) for phrase in found)


def begins(words: Words, *path: str) -> bool:
    """Whether words begin with one of the phrases at a path of post_words.toml."""
    return any(words[: len(phrase)] == phrase for phrase in phrases(*path))


def holds(words: Words, *path: str) -> bool:
    """Whether one of the phrases at a path of post_words.toml stands among words."""
    joined = f" {' '.join(words)} "
    return any(f" {' '.join(phrase)} " in joined for phrase in phrases(*path))


def _body_abbreviations() -> dict[str, str]:
    """Return one table for bodies wherever they stand: as an organisation, or inside a role (“Trưởng CAQ”)."""
    found = table("organisation_words.toml")["abbreviations"] | table("role_words.toml")["nouns"]
    return {short: full for short, full in (found | post_words()["abbreviations"]).items() if full}


def _role_abbreviations() -> dict[str, str]:
    roles = {"tt": "thường trực", "q .": "quyền", "p .": "phó"} | table("role_words.toml")["abbreviations"]
    return {short: full for short, full in (_body_abbreviations() | roles).items() if full}


ROLES: Lexicon[str] = Lexicon(_role_abbreviations)
BODIES: Lexicon[str] = Lexicon(_body_abbreviations)


def spelt(text: str, abbreviations: Lexicon[str]) -> Words:
    """Return the words in comparison form, abbreviations spelt out, signs and “và” left out."""
    words = split_words(text)
    found: list[str] = []
    at = 0
    while at < len(words):
        is_short = words.capital[at] or _NO_VOWEL.fullmatch(words.key(at))
        short = abbreviations.longest(words, at) if is_short else None
        if short:
            found += [token.key for token in split_words(short[1]).tokens]
            at += short[0]
        else:
            found.append(words.key(at))
            at += 1
    return tuple(word for word in found if word.isalnum() and word != "và")


def one_name(body: Words) -> Words:
    """Return a body's name with its parts under one name each."""
    found: list[str] = []
    at = 0
    while at < len(body):
        phrase = next((each for each in phrases("bodies") if body[at : at + len(each)] == each), None)
        found += post_words()["bodies"][" ".join(phrase)].split() if phrase else [body[at]]
        at += len(phrase) if phrase else 1
    return tuple(found)


def without_beginning(words: Words, kind: str) -> tuple[Words, bool]:
    """Return the words without a remark at their beginning, and whether there was one."""
    for phrase in phrases("around", kind):
        if words[: len(phrase)] == phrase and len(words) > len(phrase):
            return words[len(phrase) :], True
    return words, False


def without_endings(words: Words) -> tuple[Words, bool, bool]:
    """Return the words without the remarks at their end, and whether these said standing or acting."""
    said = {"standing_after": False, "acting_after": False, "after": False}
    rest = words
    while True:
        found = next(
            ((kind, phrase) for kind in said for phrase in phrases("around", kind) if rest[-len(phrase) :] == phrase),
            None,
        )
        if found is None or len(rest) == len(found[1]):
            return rest, said["standing_after"], said["acting_after"]
        said[found[0]] = True
        rest = rest[: -len(found[1])]


@cache
def _heads() -> frozenset[str]:
    return frozenset(" ".join(spelt(head, BODIES)) for head in table("organisation_words.toml")["heads"]["words"])


def is_listed_body(body: Words) -> bool:
    """Whether the gazetteer has a body of this whole name, abbreviations spelt out."""
    return " ".join(body) in _heads()


def begins_listed(body: Words) -> bool:
    """Whether a body's first words are one the gazetteer has; a mere abbreviation nobody knows does not."""
    return any(is_listed_body(body[:length]) for length in range(1, len(body) + 1))


@cache
def _fields() -> frozenset[str]:
    return frozenset(" ".join(spelt(field, BODIES)) for field in table("organisation_words.toml")["fields"]["words"])


@cache
def _named_kinds() -> tuple[Words, ...]:
    """Return how the names of bodies begin that a place belongs to: each such body is a place of its own."""
    return tuple(spelt(phrase, BODIES) for phrase in table("organisation_words.toml")["keeps_place"]["words"])


def named_body(body: Words) -> tuple[Words, Words] | None:
    """Return a body's kind and proper name (“trường THCS Ái Mộ”), or None for one without a name of its own.

    Kinds come in one form, the general one first: “trường trung học cơ sở” is what “trường” may be. A field of work
    (“trường Bồi dưỡng chính trị”) is no proper name.
    """
    for general, kinds in post_words()["kinds"].items():
        kind, name = _kind_and_name(body, tuple(general.split()), kinds)
        if kind:
            return (kind, name) if name and " ".join(name) not in _fields() else None
    found = max((kind for kind in _named_kinds() if body[: len(kind)] == kind), key=len, default=())
    name = body[len(found) :]
    return (found, name) if found and name and " ".join(name) not in _fields() else None


def _kind_and_name(body: Words, general: Words, kinds: dict[str, list[str]]) -> tuple[Words, Words]:
    special: list[str] = []
    at = 0
    while at < len(body):
        phrase = next(
            (
                (each, sort)
                for sort in ("special", "general")
                for each in kinds[sort]
                if body[at : at + each.count(" ") + 1] == tuple(each.split())
            ),
            None,
        )
        if phrase is None:
            break
        special += phrase[0].split() if phrase[1] == "special" else []
        at += phrase[0].count(" ") + 1
    return ((*general, *special), body[at:]) if at else ((), body)


def branch_of(role: Words, body: Words) -> str:
    """Return the career that a post belongs to, “civil” for any other listed body; nothing where no word tells."""
    joined = f" {' '.join(role + body)} "
    branches: dict[str, str] = post_words()["branches"]
    other = "civil" if begins_listed(body) else ""
    return next((branch for words, branch in branches.items() if f" {words} " in joined), other)
