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
        self._source = source
        self._known: dict[Node, str] = {}

    def listed(self, cls: Node) -> str:
        """Return the classes as they stand in a VALUES block."""
        if cls not in self._known:
            rows = self._source.select(f"SELECT DISTINCT ?c WHERE {{ ?c <{RDFS.subClassOf}>+ <{cls}> }}")
            below = {f"<{row['c']}>" for row in rows if not row["c"].startswith("_:")}
            self._known[cls] = " ".join(sorted(below | {f"<{cls}>"}))
        return self._known[cls]

    def instance(self, name: str, cls: Node) -> str:
        """Return the pattern that a variable is an instance of the class."""
        return f"VALUES ?class {{ {self.listed(cls)} }} ?{name} a ?class ."
