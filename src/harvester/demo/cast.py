"""The people of the replica: invented names in posts that districts of Hà Nội had, one set a term."""

import random
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from harvester.demo.truth import TruePosition


@dataclass(frozen=True, slots=True)
class Person:
    """A holder of posts; `rank` is a military or police rank, or empty."""

    name: str
    woman: bool
    rank: str
    posts: tuple[TruePosition, ...]


@dataclass(frozen=True, slots=True)
class Cast:
    """Who holds which post in one term; the keys are those of cast.toml."""

    city: dict[str, Person]
    district: dict[str, Person]
    wards: dict[str, dict[str, Person]]
    shared_plural: str
    shared_post: TruePosition
    shared_holders: tuple[str, ...]
    names: frozenset[str]


def read_table(name: str) -> dict[str, Any]:
    """Return a data file of this package."""
    return tomllib.loads((files(__package__) / name).read_text(encoding="utf-8"))


@cache
def _lists() -> dict[str, Any]:
    return read_table("cast.toml")


def ward_names() -> tuple[str, ...]:
    """Return the district's wards."""
    return tuple(_lists()["wards"])


def term_of(day: date) -> int:
    """Return the term of office a day falls in: 0 or 1."""
    return int(day >= _lists()["term_ends"])


def position(post: list[str], ward: str = "") -> TruePosition:
    """Return a post of a data file, with its ward filled in."""
    role, organisation, place = post
    return TruePosition(role, organisation or None, place.replace("{ward}", ward) or None)


def invent_name(rng: random.Random, *, woman: bool) -> str:
    """Return a name of three or four syllables."""
    lists = _lists()
    middle, given = ("women_middle", "women_given") if woman else ("men_middle", "men_given")
    return " ".join(rng.choice(lists[key]) for key in ("surnames", middle, given))


def compose_casts(rng: random.Random, taken: Iterable[str]) -> tuple[Cast, Cast]:
    """Return the holders of every post for either term; `taken` are names that none of them may have.

    The `names` of each cast are those of both, and the taken ones: a citizen must not share them.
    """
    names = set(taken)
    first, second = _compose_cast(rng, names), _compose_cast(rng, names)
    return replace(first, names=frozenset(names)), replace(second, names=frozenset(names))


def _compose_cast(rng: random.Random, taken: set[str]) -> Cast:
    lists = _lists()

    def person(entry: dict[str, Any], ward: str = "") -> Person:
        woman = entry.get("woman", "rank" not in entry and rng.random() < 0.35)
        name = invent_name(rng, woman=woman)
        while name in taken:
            name = invent_name(rng, woman=woman)
        taken.add(name)
        return Person(name, woman, entry.get("rank", ""), tuple(position(post, ward) for post in entry["posts"]))

    return Cast(
        city={key: person(entry) for key, entry in lists["city"].items()},
        district={key: person(entry) for key, entry in lists["district"].items()},
        wards={ward: {key: person(entry, ward) for key, entry in lists["ward"].items()} for ward in lists["wards"]},
        shared_plural=lists["shared"]["plural"],
        shared_post=position(lists["shared"]["post"]),
        shared_holders=tuple(lists["shared"]["holders"]),
        names=frozenset(),
    )
