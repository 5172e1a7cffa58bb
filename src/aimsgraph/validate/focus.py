"""Focus nodes: which nodes a check looks at, by its targets and by what it says it applies to."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Final

from rdflib import URIRef
from rdflib.namespace import SH

from aimsgraph.tokens import tokens
from aimsgraph.validate.ownership import OWNED_BY
from aimsgraph.validate.shacl.ahead import in_order
from aimsgraph.validate.shacl.embedded import Prefixes
from aimsgraph.validate.shacl.question import for_all
from aimsgraph.validate.shacl.subclass import Subclasses
from aimsgraph.validate.shacl.target import selected
from aimsgraph.validate.wording import name_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from rdflib.term import Node

    from aimsgraph.validate.shacl.context import Source
    from aimsgraph.validate.shapes import Shape, Shapes

#: The pattern of a shape that names no node.
_NONE: Final = ("VALUES ?this {}",)
#: How many nodes are asked about in one query, and from how many on all that there are is quicker.
_AT_ONCE: Final = 500
_MANY: Final = 2000


@dataclass(frozen=True, slots=True)
class Focus:
    """The nodes that a check looks at: how many, and the pattern that binds them to ``?this``.

    ``scope`` are the names of the only nodes that count; None where all do.
    """

    check: Shape
    source: Source
    pattern: str
    count: int
    scope: frozenset[str] | None = None

    def counted(self) -> int:
        """Count the nodes that the check looks at."""
        if self.scope is not None:
            return len(self.names())
        rows = self.source.select(f"SELECT (COUNT(DISTINCT ?this) AS ?n) WHERE {{ {self.pattern} }}")
        return int(rows[0]["n"])

    def names(self) -> list[str]:
        """Return the names of the nodes that the check looks at."""
        rows = self.source.select(f"SELECT DISTINCT ?this WHERE {{ {self.pattern} }}")
        return [name for name in (name_of(row["this"]) for row in rows) if self._counts(name)]

    def _counts(self, name: str) -> bool:
        return self.scope is None or name in self.scope

    def among(self, names: Collection[str]) -> set[str]:
        """Return those of the named nodes that the check looks at."""
        wanted = {name for name in names if self._counts(name)}
        if len(wanted) > _MANY or any(name.startswith("_:") for name in wanted):
            return wanted.intersection(self.names())
        found: set[str] = set()
        waiting = iter(sorted(wanted))
        while chunk := list(islice(waiting, _AT_ONCE)):
            listed = " ".join(f"<{name}>" for name in chunk)
            rows = self.source.select(
                f"SELECT DISTINCT ?this WHERE {{ VALUES ?this {{ {listed} }} {self.pattern} }}"
            )
            found |= {name_of(row["this"]) for row in rows}
        return found

    def per_owner(self) -> dict[Node, int]:
        """Return how many of the nodes each owner has."""
        if self.scope is not None:
            rows = self.source.select(
                f"SELECT DISTINCT ?this ?owner WHERE {{ {self.pattern} ?this <{OWNED_BY}> ?owner }}"
            )
            return Counter(row["owner"] for row in rows if self._counts(name_of(row["this"])))
        query = (
            f"SELECT ?owner (COUNT(DISTINCT ?this) AS ?n) WHERE {{ {self.pattern} ?this <{OWNED_BY}> ?owner }} "
            "GROUP BY ?owner"
        )
        return {row["owner"]: int(row["n"]) for row in self.source.select(query) if "owner" in row}


def focus_of(
    source: Source,
    shapes: Shapes,
    given: Mapping[tuple[str, str], str],
    scope: frozenset[str] | None = None,
) -> Iterator[Focus]:
    """Yield for each check the nodes that it looks at, those left out that it does not apply to.

    A target node counts only when the graph says something about it: SHACL would look at a misspelt IRI too. ``scope``
    are the names of the only nodes that count.
    """
    subclasses = Subclasses(source)

    def looked_at(check: Shape) -> Iterator[Focus]:
        within = Focus(check, source, _pattern(check, shapes, subclasses, given), 0, scope)
        yield replace(within, count=within.counted())

    yield from in_order([partial(looked_at, check) for check in shapes.checks])


def matching(
    source: Source, shapes: Shapes, given: Mapping[tuple[str, str], str], cls: URIRef, when: str
) -> list[Node]:
    """Return the nodes of a class for which a pattern about ``?this`` holds, written with the shapes' prefixes."""
    nodes = Subclasses(source).instance("this", cls)
    narrowed = _narrowed(shapes, URIRef(cls), when, f"{{ SELECT DISTINCT ?this WHERE {{ {nodes} }} }}", given)
    return [row["this"] for row in source.select(f"SELECT DISTINCT ?this WHERE {{ {narrowed} }}")]


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
    return _narrowed(shapes, check.node, check.applies_when, nodes, given)


def _narrowed(shapes: Shapes, node: Node, when: str, nodes: str, given: Mapping[tuple[str, str], str]) -> str:
    whole = Prefixes(shapes.graph, node, shapes.namespaces)
    found = [whole.whole(token) for token in tokens(f"SELECT DISTINCT ?this WHERE {{ {when} }}")]
    return f"{{ {for_all(found, nodes, None, given)} }}"
