"""Vietnamese district-government portals, live or already gone, as typed datasets."""
