"""What is stated of many nodes at once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rdflib import URIRef

from aimsgraph.store.portion import named, one_of
from aimsgraph.trace.qualified import day

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import date

    from rdflib.term import Identifier

    from aimsgraph.store.protocol import View


@dataclass(slots=True)
class Stated:
    """The values of one node's properties, by the IRI of the property."""

    values: dict[str, list[Identifier]] = field(default_factory=dict)

    def all(self, name: str) -> list[Identifier]:
        """Return every value of a property."""
        return self.values.get(name, [])

    def dates(self, name: str) -> list[date]:
        """Return the values that are dates."""
        return [found for value in self.all(name) if (found := day(value)) is not None]

    def texts(self, name: str) -> list[str]:
        """Return the values as texts, sorted."""
        return sorted(str(value) for value in self.all(name))

    def nodes(self, name: str) -> list[str]:
        """Return the IRIs among the values, sorted."""
        return sorted(str(value) for value in self.all(name) if isinstance(value, URIRef))


def read_statements(view: View, nodes: Collection[str], names: Iterable[str]) -> dict[str, Stated]:
    """Return what the properties ``names`` (IRIs) state of each of the ``nodes`` (IRIs)."""
    found = {iri: Stated() for iri in sorted(nodes)}
    if not found:
        return found
    properties = list(names)
    for subjects in named("s", list(found)):
        for row in view.rows(f"SELECT ?s ?p ?v WHERE {{ {one_of('p', properties, subjects)} ?s ?p ?v }}"):
            item = found.get(str(row["s"]))
            if item is not None:
                item.values.setdefault(str(row["p"]), []).append(row["v"])
    return found
