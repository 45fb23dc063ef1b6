"""Who held which post when: persons across articles, by name, compatible posts and time."""

from harvester.people.find import find_people

__all__ = ["find_people"]
