"""Document keys: canonical ids made to hold across articles, by the place and the year or term of the document.

A canonical id is one article's view: numbers start anew each year or term, and every city has its own. The key adds
what the text, the portal or the day of posting decide, and is None where they do not (docs/citations.md, “Across
articles”).
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from harvester.vietnamese.citations.dates import IssueDate
from harvester.vietnamese.citations.ids import UNKNOWN, Identity, law_id
from harvester.vietnamese.citations.issuers import SaidIssuer, is_party, issuer_of
from harvester.vietnamese.citations.lexicon import LawAct, law_acts
from harvester.vietnamese.citations.mentions import Congress, Named, Plenum
from harvester.vietnamese.citations.normalise import Reading
from harvester.vietnamese.places import Unit, unit_of
from harvester.vietnamese.text import slug

COUNTRY = "vn"
"""The place of what the centre issues."""

_DEPTH = {"province": 1, "district": 2, "commune": 3}
_REFORM_YEAR = 2025
_LEAP_GAP = 9  # between 1896 and 1904, and between 2096 and 2104, there are eight years


class Dateline(NamedTuple):
    """Where and when an article was published: the unit whose portal it is, and the day of posting."""

    unit: Unit | None = None
    posted: date | None = None


NO_DATELINE = Dateline()
"""Of a text nothing is known about."""


class Told(NamedTuple):
    """What one mention tells of its document; None where it does not.

    `named` is the place its own words tell, `home` that of the portal, for want of one; `time` the year or term.
    """

    id: str
    named: str | None = None
    home: str | None = None
    time: str | None = None


def document_keys(resolved: Sequence[tuple[Reading, Identity]], dateline: Dateline) -> list[str | None]:
    """Return for each mention of an article `ID@PLACE@YEAR-OR-TERM`, or None where a part is not decided.

    A place that the article names for a document counts before the portal's own, and a year only for its place.
    """
    years_of_laws = _years_of_laws(resolved)
    all_told = [_told(reading, identity, dateline, years_of_laws) for reading, identity in resolved]
    named: dict[str, set[str]] = defaultdict(set)
    for told in all_told:
        if told.named:
            named[told.id].add(told.named)
    places = [told.named or (_only(named[told.id]) if told.id in named else told.home) for told in all_told]
    times: dict[tuple[str, str], set[str]] = defaultdict(set)
    for told, place in zip(all_told, places, strict=True):
        if place and told.time:
            times[told.id, place].add(told.time)
    return [
        _key(told.id, place, told.time or _only(times.get((told.id, place), ()))) if place else None
        for told, place in zip(all_told, places, strict=True)
    ]


def _key(document: str, place: str, time: str | None) -> str | None:
    return f"{document}@{place}@{time}" if time else None


def _only(values: Collection[str]) -> str | None:
    """Return the one value that is told, None where several are."""
    return next(iter(values)) if len(values) == 1 else None


def _told(reading: Reading, identity: Identity, dateline: Dateline, years_of_laws: Mapping[str, set[int]]) -> Told:
    if UNKNOWN in identity.canonical_id:
        return Told(identity.canonical_id)
    match reading.mention:
        case Named(symbol=None) as law:
            several = len(years_of_laws.get(law.slug, ())) > 1
            return _law(law, identity, reading.issued, None if several else dateline.posted)
        case Congress() as congress:
            return _congress(congress, identity, dateline.unit)
        case Plenum():
            return Told(identity.canonical_id, named=COUNTRY, time=identity.canonical_id.rpartition(":")[2])
        case _:
            code = identity.issuer or ""
            unit, posted = dateline
            year = reading.year or reading.issued.year or identity.year
            if posted and not year:
                year = _year_before(posted, reading.issued)
            term = _assembly(code) if identity.year is None and "QH" in code else None
            time = term or (str(year) if year else reading.term)
            named, home = _places(reading.said, code, unit, year, posted.year if posted else None)
            return Told(identity.canonical_id, named, home, time)


# ------------------------------------------------------------------------------------- place


@lru_cache(maxsize=4096)
def _places(
    said: SaidIssuer | None, code: str, home: Unit | None, year: int | None, posted_year: int | None
) -> tuple[str | None, str | None]:
    """Return the place an issuer's words name, and the home's unit of the issuer's level where they name none.

    Articles name the same few issuers again and again, so what was told of them is kept.
    """
    level, existed = _level(code, year)
    if level == "central" or not existed:
        return COUNTRY if existed else None, None
    known = year or posted_year
    if said and said.area:
        words = said.words if said.words.endswith(said.area) else f"{said.words} {said.area}"
        unit = _unit_of(words.replace("(", " ").replace(")", " "), home)
        is_named = any(word[0].isupper() or word[0].isdecimal() for word in said.area.split())
        place = unit.path if unit and _stood(unit, known) else None
        return (place, None) if is_named else (None, place)
    if said and is_party(code):
        unit = _unit_of(said.words, home)
        return None, unit.path if unit and _stood(unit, known) else None
    depth = _DEPTH.get(level, 0)
    unit = _above(home, depth) if home else None
    return None, unit.path if unit and _stood(unit, known) else None


def _above(home: Unit, depth: int) -> Unit | None:
    """Return the unit of a level that the home is or lies in; `depth` is 0 for a level that does not tell."""
    above = Unit(home.province, home.district if depth > 1 else None, home.commune if depth > 2 else None)
    return above if depth and home[depth - 1] else None


def _stood(unit: Unit, year: int | None) -> bool:
    """Whether a unit stood in a year: districts to 2025; communes bear the names of others from then on."""
    match unit.level:
        case "province":
            return True
        case "district":
            return year is None or year <= _REFORM_YEAR
        case "commune":
            return year is not None and year < _REFORM_YEAR


def _level(code: str, year: int | None) -> tuple[str, bool]:
    """Return the level of an issuer, empty if unknown, and whether it existed in that year."""
    whole = issuer_of(code)
    issuers = [whole] if whole else [issuer_of(part) for part in code.split("-")]
    levels = {issuer.level if issuer else "" for issuer in issuers}
    existed = all(issuer is None or year is None or issuer.existed(year) for issuer in issuers)
    return levels.pop() if len(levels) == 1 else "", existed


@lru_cache(maxsize=4096)
def _unit_of(words: str, home: Unit | None) -> Unit | None:
    """Return the unit that words name; kept beside `_places`, as an issuer's documents are of many years."""
    return unit_of(words, home)


def _congress(congress: Congress, identity: Identity, home: Unit | None) -> Told:
    """Return a congress with its place; the id goes without it."""
    body = slug(congress.body)
    if body == "dang":
        return Told(identity.canonical_id, named=COUNTRY, time=congress.ordinal)
    unit = _unit_of(congress.body, home)
    if unit is None:
        return Told(identity.canonical_id)
    name = unit.path.rpartition("/")[2]
    return Told(identity.canonical_id.replace(f"-{name}:", ":"), named=unit.path, time=congress.ordinal)


# ------------------------------------------------------------------------------------- year and term


def _year_before(posted: date, issued: IssueDate) -> int | None:
    """Return the year of an issue date that leaves it out: it is the last such day before posting."""
    if not (issued.month and issued.day):
        return None
    years = range(posted.year, posted.year - _LEAP_GAP, -1)
    return next((year for year in years if _is_day_until(year, issued.month, issued.day, posted)), None)


def _is_day_until(year: int, month: int, day: int, posted: date) -> bool:
    try:
        return date(year, month, day) <= posted
    except ValueError:  # the 29th of February
        return False


def _assembly(code: str) -> str | None:
    """Return the National Assembly a code with QH numbers, which counts its documents through: UBTVQH14 is of QH14."""
    number = code[len(code.rstrip("0123456789")) :]
    return f"QH{number}" if number else None


# ------------------------------------------------------------------------------------- laws


def _law(law: Named, identity: Identity, issued: IssueDate, posted: date | None) -> Told:
    """Return a named law, by its number where the gazetteer knows the act of its year or of the day of posting."""
    acts: Sequence[LawAct] = law_acts().get((law.type, law.slug), ())
    year = identity.year or law.year or issued.year
    if year:
        acts = [act for act in acts if act.passed.year == year]
        same_day = [act for act in acts if act.passed.isoformat() == issued.iso]
        left: Sequence[LawAct] = same_day if len(same_day) == 1 else acts
    else:
        left = _acts_on(acts, posted) if posted and not law.amending else []
    match left:
        case [act]:
            document = act.numbered_id or law_id(act.code, law.slug, act.passed.year)
            return Told(document, named=COUNTRY, time=str(act.passed.year))
        case []:
            known_by_year = identity.year or law.year
            return Told(identity.canonical_id, named=COUNTRY, time=str(known_by_year) if known_by_year else None)
        case _:
            return Told(identity.canonical_id)


def _acts_on(acts: Sequence[LawAct], posted: date) -> Sequence[LawAct]:
    """Return the act in force on a day, none where it or its successor waits to come into force."""
    known = [act for act in acts if act.passed <= posted and (act.expired is None or posted < act.expired)]
    return known if len(known) == 1 and known[0].in_force <= posted else []


def _years_of_laws(resolved: Sequence[tuple[Reading, Identity]]) -> Mapping[str, set[int]]:
    """Return the years an article gives to the laws it names, by slug: of several, a bare name may mean any."""
    years: dict[str, set[int]] = defaultdict(set)
    for reading, _ in resolved:
        if isinstance(reading.mention, Named) and reading.mention.year:
            years[reading.mention.slug].add(reading.mention.year)
    return years
