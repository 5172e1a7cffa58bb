"""Subclasses in the data graph, asked for once each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rdflib import RDFS

if TYPE_CHECKING:
    from rdflib.term import Node

    from aimsgraph.validate.shacl.context import Source


class Subclasses:
    """Which classes lie below a class, itself included, by ``rdfs:subClassOf`` in the data."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self._known: dict[Node, str] = {}

    def listed(self, cls: Node) -> str:
        """Return the classes as they stand in a VALUES block."""
        if cls not in self._known:
            rows = self.source.select(f"SELECT DISTINCT ?c WHERE {{ ?c <{RDFS.subClassOf}>+ <{cls}> }}")
            below = {f"<{row['c']}>" for row in rows if not row["c"].startswith("_:")}
            self._known[cls] = " ".join(sorted(below | {f"<{cls}>"}))
        return self._known[cls]

    def below(self, cls: Node) -> list[str]:
        """Return the IRIs of the classes."""
        return [name.strip("<>") for name in self.listed(cls).split(" ")]

    def instance(self, name: str, *classes: Node, few: bool = False) -> str:
        """Return the pattern that a variable is an instance of one of the classes; ``few`` if its values are known."""
        listed = sorted({below for cls in classes for below in self.listed(cls).split(" ")})
        if len(listed) == 1:
            return f"?{name} a {listed[0]} ."
        if few:  # an engine goes through all members of the classes when these stand in a VALUES block
            return f"?{name} a ?class . FILTER (?class IN ({', '.join(listed)}))"
        return f"VALUES ?class {{ {' '.join(listed)} }} ?{name} a ?class ."
