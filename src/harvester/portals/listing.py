"""The catalogue as rows to show: what `harvester portals` prints."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from harvester.portals.catalogue import Host, Portal

HOST_UNKNOWN = "host unknown"


@dataclass(frozen=True, slots=True)
class PortalRow:
    """One portal; `hosts` is ready to print, the other cells keep their types."""

    id: str
    name: str
    unit_code: str | None
    valid_from: date | None
    valid_to: date | None
    family: str | None
    hosts: str
    crawlable: bool


def portal_rows(catalogue: Iterable[Portal]) -> list[PortalRow]:
    """Return one row for each portal, in the catalogue's order."""
    return [
        PortalRow(
            id=portal.id,
            name=portal.name,
            unit_code=portal.unit_code,
            valid_from=portal.valid_from,
            valid_to=portal.valid_to,
            family=portal.family,
            hosts=", ".join(map(_with_dates, portal.hosts)) or HOST_UNKNOWN,
            crawlable=portal.crawlable,
        )
        for portal in catalogue
    ]


def _with_dates(host: Host) -> str:
    bounds = [f"from {host.valid_from}"] * (host.valid_from is not None) + [f"to {host.valid_to}"] * (
        host.valid_to is not None
    )
    return f"{host.name} ({' '.join(bounds)})" if bounds else host.name
