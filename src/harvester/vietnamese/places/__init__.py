"""Which unit a name means, given where and when we are: provinces, districts, communes, before and since July 2025."""

from harvester.vietnamese.places.reading import unit_named, unit_of
from harvester.vietnamese.places.tables import Level
from harvester.vietnamese.places.units import Unit, Validity, bare_names, successor, validity

__all__ = ["Level", "Unit", "Validity", "bare_names", "successor", "unit_named", "unit_of", "validity"]
