"""Document keys: canonical ids made to hold across articles, by the place and the year or term of the document.

A canonical id is one article's view: numbers start anew each year or term, and every city has its own. The key adds
what the text, the portal or the day of posting decide, and is None where they do not (docs/citations.md, “Across
articles”).
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from harvester.vietnamese.citations.ids import UNKNOWN, Identity, law_id
from harvester.vietnamese.citations.issuers import is_party, issuer_of
from harvester.vietnamese.citations.lexicon import LawAct, law_acts
from harvester.vietnamese.citations.mentions import Congress, Named, Plenum
from harvester.vietnamese.citations.normalise import Reading
from harvester.vietnamese.places import Unit, unit_of
from harvester.vietnamese.text import slug

COUNTRY = "vn"
"""The place of what the centre issues."""

_DEPTH = {"province": 1, "district": 2, "commune": 3}
_REFORM_YEAR = 2025


class Dateline(NamedTuple):
    """Where and when an article was published: the unit whose portal it is, and the day of posting."""

    unit: Unit | None = None
    posted: date | None = None


NO_DATELINE = Dateline()
"""Of a text nothing is known about."""


class Told(NamedTuple):
    """What one mention tells of its document: its id, where it comes from, its year or term; None where it does not."""

    id: str
    place: str | None = None
    time: str | None = None


def document_keys(resolved: Sequence[tuple[Reading, Identity]], dateline: Dateline) -> list[str | None]:
    """Return for each mention of an article `ID@PLACE@YEAR-OR-TERM`, or None where a part is not decided."""
    all_told = [_told(reading, identity, dateline) for reading, identity in resolved]
    places: dict[str, set[str]] = defaultdict(set)
    times: dict[str, set[str]] = defaultdict(set)
    for told in all_told:
        if told.place:
            places[told.id].add(told.place)
        if told.time:
            times[told.id].add(told.time)
    return [
        _key(told.id, told.place or _only(places[told.id]), told.time or _only(times[told.id])) for told in all_told
    ]


def _key(document: str, place: str | None, time: str | None) -> str | None:
    return f"{document}@{place}@{time}" if place and time else None


def _only(values: set[str]) -> str | None:
    """Return the one value that is told, None where several are."""
    return next(iter(values)) if len(values) == 1 else None


def _told(reading: Reading, identity: Identity, dateline: Dateline) -> Told:
    if UNKNOWN in identity.canonical_id:
        return Told(identity.canonical_id)
    match reading.mention:
        case Named(symbol=None) as law:
            return _law(law, identity, dateline.posted)
        case Congress() as congress:
            return _congress(congress, identity, dateline.unit)
        case Plenum():
            return Told(identity.canonical_id, COUNTRY, identity.canonical_id.rpartition(":")[2])
        case _:
            code = identity.issuer or ""
            year = _year(reading, identity, dateline.posted)
            time = _assembly(code) if identity.year is None else None
            place = _place(reading, code, dateline, year)
            return Told(identity.canonical_id, place, time or (str(year) if year else reading.term))


# ------------------------------------------------------------------------------------- place


def _place(reading: Reading, code: str, dateline: Dateline, year: int | None) -> str | None:
    """Return the place of an issuer: the one its words name, else the home's unit of the issuer's level."""
    level, existed = _level(code, year)
    if level == "central" or not existed:
        return COUNTRY if existed else None
    unit = _unit_of(reading.said_words, dateline.unit) if reading.said_words else None
    if unit:
        # From 2025 on communes bear the names of others before them.
        known = year or (dateline.posted.year if dateline.posted else _REFORM_YEAR)
        return unit.path if unit.commune is None or known < _REFORM_YEAR else None
    if reading.said_area or (reading.said_words and is_party(code)):
        return None
    depth = _DEPTH.get(level, 0)
    home = dateline.unit
    return "/".join(filter(None, home[:depth])) if depth and home and home[depth - 1] else None


@lru_cache(maxsize=2048)
def _level(code: str, year: int | None) -> tuple[str, bool]:
    """Return the level of an issuer, empty if unknown, and whether it existed in that year."""
    whole = issuer_of(code)
    issuers = [whole] if whole else [issuer_of(part) for part in code.split("-")]
    levels = {issuer.level if issuer else "" for issuer in issuers}
    existed = all(issuer is None or year is None or issuer.existed(year) for issuer in issuers)
    return levels.pop() if len(levels) == 1 else "", existed


@lru_cache(maxsize=4096)
def _unit_of(words: str, home: Unit | None) -> Unit | None:
    """Return the unit that words name; articles name the same few issuers again and again."""
    return unit_of(words, home)


def _congress(congress: Congress, identity: Identity, home: Unit | None) -> Told:
    """Return a congress with its place; the id goes without it."""
    body = slug(congress.body)
    if body == "dang":
        return Told(identity.canonical_id, COUNTRY, congress.ordinal)
    unit = _unit_of(congress.body, home)
    if unit is None:
        return Told(identity.canonical_id)
    name = unit.path.rpartition("/")[2]
    return Told(identity.canonical_id.replace(f"-{name}:", ":"), unit.path, congress.ordinal)


# ------------------------------------------------------------------------------------- year and term


def _year(reading: Reading, identity: Identity, posted: date | None) -> int | None:
    """Return the year of the symbol or the issue date; one left out is that of the last such day before posting."""
    issued = reading.issued
    if year := reading.year or issued.year or identity.year:
        return year
    if posted and issued.month and issued.day:
        return posted.year - ((issued.month, issued.day) > (posted.month, posted.day))
    return None


def _assembly(code: str) -> str | None:
    """Return the National Assembly a code numbers, which counts its documents through: UBTVQH14 is of QH14."""
    number = code[len(code.rstrip("0123456789")) :]
    return f"QH{number}" if number and "QH" in code else None


# ------------------------------------------------------------------------------------- laws


def _law(law: Named, identity: Identity, posted: date | None) -> Told:
    """Return a named law, by its number where the gazetteer knows the act."""
    year = identity.year or law.year
    acts = law_acts().get((law.type, law.slug), ())
    act = _act_of(acts, year) if year else _act_on(acts, posted) if posted and not law.amending else None
    if act is None:
        return Told(identity.canonical_id, COUNTRY, str(year) if year else None)
    return Told(act.numbered_id or law_id(act.code, law.slug, act.passed.year), COUNTRY, str(act.passed.year))


def _act_of(acts: Sequence[LawAct], year: int) -> LawAct | None:
    passed = [act for act in acts if act.passed.year == year]
    return passed[0] if len(passed) == 1 else None


def _act_on(acts: Sequence[LawAct], posted: date) -> LawAct | None:
    """Return the act in force on a day, None where it or its successor waits to come into force."""
    known = [act for act in acts if act.passed <= posted and (act.expired is None or posted < act.expired)]
    return known[0] if len(known) == 1 and known[0].in_force <= posted else None
