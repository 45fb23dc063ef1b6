"""Officials named in a text: names, posts and how they stand together."""

from harvester.vietnamese.officials.find import find_officials

__all__ = ["find_officials"]
