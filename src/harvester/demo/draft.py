"""One article's text in the making: the slots of a sentence are filled in the order in which they are read."""

import random
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from harvester.demo.cast import Cast, Person, invent_name, ward_names
from harvester.demo.truth import TruePosition

_SLOT = re.compile(r"\{([^{}]+)\}")
_RANGE = re.compile(r"(\d+)(?:,(\d))?\.\.(\d+)(?:,(\d))?")
_SENTENCE_START = re.compile(r"(?:^|(?<=\. ))\w")
_DRAWN = {"street": "streets", "school": "schools", "venue": "venues", "moment": "moments"}
_CONSTRUCTIONS = (
    "dash",
    "dash",
    "dash",
    "dash",
    "long dash",
    "comma",
    "comma",
    "brackets",
    "before",
    "before",
    "turned",
)


@dataclass(frozen=True, slots=True)
class Scene:
    """What an article is about: where, when, who may be named, which documents may be cited, and its plain words."""

    day: date
    cast: Cast
    people: dict[str, tuple[Person, ...]]
    documents: tuple[dict[str, Any], ...]
    phrases: dict[str, list[str]]
    words: dict[str, str]
    plain_honorifics: bool


def grouped(number: int) -> str:
    """Return the number with a point between thousands."""
    return f"{number:,}".replace(",", ".")


def joined(items: list[str]) -> str:
    """Return “A, B và C”."""
    return " và ".join([", ".join(items[:-1]), items[-1]] if items[1:] else items)


class Draft:
    """Fills sentences for one scene and remembers who was introduced, with which posts, and what was cited."""

    def __init__(self, scene: Scene, rng: random.Random) -> None:
        self.scene = scene
        self.stated: dict[str, tuple[TruePosition, ...]] = {}
        self._rng = rng
        self._uncited = list(scene.documents)
        self._short_forms: list[str] = []
        self._numbers: set[int] = set()
        self._rng.shuffle(self._uncited)

    def fill(self, template: str) -> str:
        """Return the template as marked text (see `MarkedText`)."""
        return _SLOT.sub(lambda slot: self._slot(slot[1], template[slot.end() : slot.end() + 1]), template)

    def fill_all(self, templates: Iterable[str]) -> list[str]:
        """Return the templates filled, every sentence of theirs beginning with a capital."""
        return [_SENTENCE_START.sub(lambda first: first[0].upper(), self.fill(template)) for template in templates]

    def _slot(self, name: str, following: str) -> str:
        if name in self.scene.words:
            return self.scene.words[name]
        if name in _DRAWN:
            return self.fill(self._rng.choice(self.scene.phrases[_DRAWN[name]]))
        if bounds := _RANGE.fullmatch(name):
            return self._number(bounds)
        if name in self.scene.people:
            return self._person(name, following)
        drawn: dict[str, Callable[[], str]] = {
            "list": self._list,
            "shared": self._shared,
            "citizen": self._citizen,
            "doc": self._document,
            "again": self._short_form,
            "day": self._day,
            "tdp": lambda: str(self._rng.randint(1, 28)),
            "ward2": lambda: self._rng.choice([ward for ward in ward_names() if ward != self.scene.words["ward"]]),
        }
        return drawn[name]()

    def _number(self, bounds: re.Match[str]) -> str:
        low, low_tenth, high, high_tenth = bounds.groups()
        if low_tenth is None:
            return grouped(self._rng.randint(int(low), int(high)))
        whole, tenth = divmod(self._rng.randint(int(low + low_tenth), int(high + high_tenth)), 10)
        return f"{whole},{tenth}"

    def _day(self) -> str:
        day = self.scene.day
        return self._rng.choice(
            [f"{day:%d/%m/%Y}", f"{day:%d/%m/%Y}", f"{day.day}/{day.month}/{day.year}", f"{day:%d/%m}"]
        )

    # ------------------------------------------------------------------------------------------ people

    def _state(self, person: Person, posts: tuple[TruePosition, ...]) -> str:
        known = self.stated.get(person.name, ())
        self.stated[person.name] = (*known, *(post for post in posts if post not in known))
        return ", ".join(post.surface for post in posts)

    def _honorific(self, person: Person) -> str:
        if person.rank:
            return self._rng.choice([person.rank, f"đồng chí {person.rank}"])
        if self.scene.plain_honorifics:
            return "bà" if person.woman else "ông"
        return self._rng.choice(["đồng chí"] * 6 + ["đ/c"])

    def _person(self, part: str, following: str) -> str:
        candidates = self.scene.people[part]
        person = next((one for one in candidates if one.name in self.stated), None) or self._rng.choice(candidates)
        if stated := self.stated.get(person.name):
            again = self._rng.random() < 0.2
            return f"{stated[-1].surface} <{person.name}>" if again else f"{self._honorific(person)} <{person.name}>"
        return self._introduced(person, following)

    def _introduced(self, person: Person, following: str) -> str:
        honorific, name = self._honorific(person), f"<{person.name}>"
        construction = self._rng.choice(_CONSTRUCTIONS)
        if construction == "before":
            posts = person.posts[-1:] if self._rng.random() < 0.6 else person.posts
            return " ".join(filter(None, [self._state(person, posts), person.rank, name]))
        if construction == "turned":
            return f"{self._state(person, person.posts[-1:])} - {honorific} {name}"
        stated = self._state(person, person.posts)
        if construction == "brackets":
            return f"{honorific} {name} ({stated})"
        if construction == "comma":
            return f"{honorific} {name}, {stated}" + ("," if following == " " else "")
        return f"{honorific} {name} {'–' if construction == 'long dash' else '-'} {stated}"

    def _strangers(self) -> list[Person]:
        pool = {one.name: one for part in ("second", "third", "attendant") for one in self.scene.people[part]}
        return [one for one in pool.values() if one.name not in self.stated]

    def _list(self) -> str:
        strangers = self._strangers()
        chosen = self._rng.sample(strangers, min(len(strangers), self._rng.randint(2, 4)))
        mark = self._rng.choice(["-", "-", "-", "–", ","])
        dash = mark if mark == "," else f" {mark}"
        entries = [f"<{one.name}>{dash} {self._state(one, one.posts)}" for one in chosen]
        return "các đồng chí: " + "; ".join(entries)

    def _shared(self) -> str:
        cast = self.scene.cast
        holders = [cast.district[key] for key in cast.shared_holders if cast.district[key].name not in self.stated]
        if len(holders) < 2:
            return self._list()
        for holder in holders:
            self._state(holder, (cast.shared_post,))
        return f"{cast.shared_plural}: " + joined([f"<{holder.name}>" for holder in holders])

    def _citizen(self) -> str:
        woman = self._rng.random() < 0.5
        name = invent_name(self._rng, woman=woman)
        while name in self.scene.cast.names:
            name = invent_name(self._rng, woman=woman)
        return f"{'bà' if woman else 'ông'} {name}, người dân tổ dân phố số {self._rng.randint(1, 28)}"

    # --------------------------------------------------------------------------------------- documents

    def _document(self) -> str:
        if not self._uncited:
            return self._short_form()
        document = self._uncited.pop()
        rough = "rough" in document and self._rng.random() < 0.25
        values = self._drawn_values(document)
        if "short" in document:
            self._short_forms.append(_with_values(document["short"], values))
        return _with_values(document["rough" if rough else "text"], values)

    def _short_form(self) -> str:
        return self._rng.choice(self._short_forms) if self._short_forms else self._document()

    def _drawn_values(self, document: dict[str, Any]) -> dict[str, str]:
        low, high = document.get("numbers", (0, 0))
        number = self._rng.randint(low, high)
        while number in self._numbers:
            number = self._rng.randint(low, high)
        if high:
            self._numbers.add(number)
        issued = self.scene.day - timedelta(days=self._rng.randint(6, 80))
        return {"number": f"{number:02d}", "n": str(number), "issued": f"{issued:%d/%m/%Y}"}


def _with_values(template: str, values: dict[str, str]) -> str:
    return _SLOT.sub(lambda slot: values[slot[1]], template)
