"""Persons across the articles that were harvested from portals."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from harvester.errors import UsageError
from harvester.harvest.store import ARTICLES
from harvester.people.groups import Said, Sighting, said_by
from harvester.people.persons import persons
from harvester.people.places import Era, Home, era, unit_meant
from harvester.people.reading import Naming, Tell, read_namings
from harvester.portals.catalogue import Catalogue, is_portal_id
from harvester.records import Person
from harvester.vietnamese.places import Unit, unit_named

_LEAST_NAMINGS = 3


def find_people(
    portals: Iterable[str], output: Path, catalogue: Catalogue, *, note: Tell, refuse: Tell
) -> Iterator[Person]:
    """Yield the persons named in the articles of portals, in the order of their names.

    Args:
        portals: ids; each has a folder of its own below `output`.
        output: the folder that `crawl` wrote to.
        catalogue: says where each portal stands, so that “UBND quận” has a place.
        note: told how a portal outside the catalogue is placed.
        refuse: told of each line that holds no article; it is left out.

    Raises:
        UnknownPortal: a name that is neither in the catalogue nor a folder's.
        UsageError: nothing was harvested of a portal yet, or `output` is a file.
        OutputError: a file cannot be read.
    """
    sightings: dict[str, list[Sighting]] = defaultdict(list)
    files = {portal: _articles_file(portal, output, catalogue) for portal in portals}
    for portal, path in files.items():
        namings = read_namings(path, refuse)
        unit = _unit(portal, catalogue, namings.values(), note)
        said: dict[tuple[int, Era], Said] = {}
        for article, naming in namings.items():
            on = era(naming.day, unit)
            for number, mention in enumerate(naming.mentions):
                known = id(mention), on  # equal mentions are one object
                if known not in said:
                    said[known] = said_by(mention, Home(portal, unit, on))
                sightings[mention.key].append(Sighting(article, number, naming.posted_at, portal, said[known]))
    yield from persons(sightings)


def _articles_file(portal: str, output: Path, catalogue: Catalogue) -> Path:
    path = output / portal / ARTICLES
    if is_portal_id(portal) and path.exists():
        return path
    if not is_portal_id(portal) or not (output / portal).is_dir():
        catalogue.get(portal)
    if output.exists() and not output.is_dir():
        raise UsageError(f"{output} is no folder; people reads the one that `harvester crawl` wrote")
    raise UsageError(f"{path} does not exist; `harvester crawl {portal} --output {output}` writes it")


def _unit(portal: str, catalogue: Catalogue, namings: Iterable[Naming], note: Tell) -> Unit | None:
    """Return where a portal stands; outside the catalogue, the unit that its posts name most."""
    entry = next((entry for entry in catalogue if entry.id == portal), None)
    if entry:
        stood_on = entry.valid_to or entry.valid_from
        return unit_named(entry.name, entry.province, stood_on) or unit_named(entry.name, entry.province)
    unit = _most_named(namings)
    told = f"taken for {unit.path}, which its posts name most" if unit else "its own posts (“UBND quận”) have no place"
    note(f"portal {portal} is not in the catalogue (--catalogue FILE adds it); {told}")
    return unit


def _most_named(namings: Iterable[Naming]) -> Unit | None:
    """Return the district, or commune since July 2025, that most of the places below a province lie in, or None."""
    named = Counter(
        (f"{position.organisation or position.role} {position.place}", era(naming.day, None))
        for naming in namings
        for mention in naming.mentions
        for position in mention.positions
        if position.place
    )
    units: Counter[Unit] = Counter()
    for (words, on), count in named.items():
        unit = unit_meant(words, Home("", None, on))
        if unit and unit.level != "province":
            units[Unit(unit.province, unit.district) if unit.district else unit] += count
    most = max(units, key=lambda unit: (units[unit], unit.path), default=None)
    return most if most and units[most] >= max(_LEAST_NAMINGS, units.total() // 2 + 1) else None
