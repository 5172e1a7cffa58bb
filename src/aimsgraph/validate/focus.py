"""Focus nodes: which nodes a check looks at, by its targets and by what it says it applies to."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Final

from rdflib import BNode, URIRef
from rdflib.namespace import SH

from aimsgraph.tokens import tokens
from aimsgraph.validate.shacl.embedded import Prefixes
from aimsgraph.validate.shacl.question import for_all
from aimsgraph.validate.shacl.subclass import Subclasses
from aimsgraph.validate.shacl.target import selected

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from rdflib.term import Node

    from aimsgraph.validate.shacl.context import Source
    from aimsgraph.validate.shapes import Shape, Shapes

#: The pattern of a shape that names no node.
_NONE: Final = ("VALUES ?this {}",)


@dataclass(frozen=True, slots=True)
class Focus:
    """The nodes that a check looks at: how many, and the pattern that binds them to ``?this``."""

    check: Shape
    source: Source
    pattern: str
    count: int

    def among(self, names: Iterable[str]) -> dict[str, list[Node]]:
        """Return those of the named nodes that the check looks at, each with its owners."""
        wanted = set(names)
        found: dict[str, list[Node]] = {}
        if wanted:
            for row in self._owned(
                "OPTIONAL { ?this <https://w3id.org/aimsgraph/ns#ownedBy> ?owner }", wanted
            ):
                found.setdefault(_name(row["this"]), []).extend([row["owner"]] if "owner" in row else [])
        return found

    def per_owner(self, owned_by: URIRef) -> dict[Node, int]:
        """Return how many of the nodes each owner has."""
        query = (
            f"SELECT ?owner (COUNT(DISTINCT ?this) AS ?n) WHERE {{ {self.pattern} ?this <{owned_by}> ?owner }} "
            "GROUP BY ?owner"
        )
        return {row["owner"]: int(row["n"]) for row in self.source.select(query) if "owner" in row}

    def _owned(self, owners: str, wanted: set[str]) -> Iterator[dict[str, Node]]:
        if any(name.startswith("_:") for name in wanted):
            rows = self.source.select(f"SELECT DISTINCT ?this ?owner WHERE {{ {self.pattern} {owners} }}")
            yield from (row for row in rows if _name(row["this"]) in wanted)  # type: ignore[misc]
            return
        waiting = iter(sorted(wanted))
        while chunk := list(islice(waiting, 500)):
            listed = " ".join(f"<{name}>" for name in chunk)
            yield from self.source.select(  # type: ignore[misc]
                f"SELECT DISTINCT ?this ?owner WHERE {{ VALUES ?this {{ {listed} }} {self.pattern} {owners} }}"
            )


def focus_of(source: Source, shapes: Shapes, given: Mapping[tuple[str, str], str]) -> Iterator[Focus]:
    """Yield for each check the nodes that it looks at, those left out that it does not apply to.

    A target node counts only when the graph says something about it: SHACL would look at a misspelt IRI too.
    """
    subclasses = Subclasses(source)
    for check in shapes.checks:
        pattern = _pattern(check, shapes, subclasses, given)
        rows = source.select(f"SELECT (COUNT(DISTINCT ?this) AS ?n) WHERE {{ {pattern} }}")
        yield Focus(check, source, pattern, int(rows[0]["n"]))


def _pattern(
    check: Shape, shapes: Shapes, subclasses: Subclasses, given: Mapping[tuple[str, str], str]
) -> str:
    parts = []
    for kind, term in check.targets:
        if kind == SH.targetClass:
            parts.append(subclasses.instance("this", term))
        elif kind == SH.targetSubjectsOf:
            parts.append(f"?this <{term}> ?any .")
        elif kind == SH.targetObjectsOf:
            parts.append(f"?any <{term}> ?this .")
        elif kind == SH.target:
            parts += selected(shapes.graph, term, "this")
        elif isinstance(term, URIRef):
            parts.append(f"VALUES ?this {{ <{term}> }} ?this ?says ?any .")
    nodes = f"{{ SELECT DISTINCT ?this WHERE {{ {' UNION '.join(f'{{ {part} }}' for part in parts or _NONE)} }} }}"
    if not check.applies_when:
        return nodes
    whole = Prefixes(shapes.graph, check.node, shapes.namespaces)
    found = [
        whole.whole(token) for token in tokens(f"SELECT DISTINCT ?this WHERE {{ {check.applies_when} }}")
    ]
    return f"{{ {for_all(found, nodes, None, given)} }}"


def _name(node: Node) -> str:
    return f"_:{node}" if isinstance(node, BNode) else str(node)
