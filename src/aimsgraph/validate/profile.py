"""Profiles: which of the checks an occasion asks for, and how grave each of them is then."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from rdflib import RDF, SH, SKOS, Literal, URIRef

from aimsgraph.validate.ontology import ontology_graph
from aimsgraph.validate.shacl.origin import ShapesGraph
from aimsgraph.validate.shapes import SEVERITIES, Shapes
from aimsgraph.vocab import AIMS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from collections.abc import Set as AbstractSet

    from rdflib import Graph
    from rdflib.term import Node

    from aimsgraph.model.finding import Severity
    from aimsgraph.validate.shacl.origin import Origin
    from aimsgraph.validate.shapes import Shape

#: The classes of what a profile may name, beside shapes, their groups and severities.
NAMED: Final = tuple(AIMS + name for name in ("Requirement", "ControlArea", "LifecycleStage", "RiskTier"))
_IRIS: Final[dict[Severity, str]] = {severity: str(iri) for iri, severity in SEVERITIES.items()}


@dataclass(frozen=True, slots=True)
class Override:
    """Another severity for a shape, and why."""

    shape: str
    severity: Severity
    reason: str


@dataclass(frozen=True, slots=True)
class Profile:
    """A choice of checks: IRIs that it includes (none: all) and excludes, on top of the profile it builds on.

    ``applies_when`` is a SPARQL pattern that picks the systems (``?this``) that it looks at, with all that belongs to
    them; None for everything. ``origin`` is the file that it was read from.
    """

    iri: str
    name: str
    label: str
    description: str
    includes: frozenset[str]
    excludes: frozenset[str]
    overrides: tuple[Override, ...]
    applies_when: str | None
    base: Profile | None
    origin: Origin

    def systems_when(self) -> str | None:
        """Return the pattern that picks systems: its own, or that of the profile it builds on."""
        return self.applies_when or (self.base.systems_when() if self.base else None)

    def severities(self) -> dict[str, Severity]:
        """Return the severity of each shape that has another here."""
        inherited = self.base.severities() if self.base else {}
        return inherited | {one.shape: one.severity for one in self.overrides}

    def makes(self, check: Shape, own: bool) -> bool:
        """Whether the check is made; ``own`` says that aimsgraph brings it, so that it must be included."""
        facets = _Facets(check)
        if self.base:
            inside = self.base.makes(check, own) or facets.named_in(self.includes)
        else:
            inside = not own or not self.includes or facets.named_in(self.includes)
        return inside and not facets.shut_out_by(self.excludes)


class _Facets:
    """All by which a profile may name a check."""

    def __init__(self, check: Shape) -> None:
        self._names = {check.iri, _IRIS[check.severity], *check.groups}
        self._names |= {check.area} if check.area else set()
        self._names |= _with_all_above(check.requirement) if check.requirement else set()
        # A shape that names no stage or tier is about each of them.
        self._stages = check.stages or _all_of("LifecycleStage")
        self._tiers = check.tiers or _all_of("RiskTier")

    def named_in(self, included: Collection[str]) -> bool:
        return not (self._names | self._stages | self._tiers).isdisjoint(included)

    def shut_out_by(self, excluded: Collection[str]) -> bool:
        if not self._names.isdisjoint(excluded):
            return True
        return self._stages <= set(excluded) or self._tiers <= set(excluded)


def chosen(shapes: Shapes, profile: Profile, own: Collection[str]) -> Shapes:
    """Return the shapes that a profile chooses, as grave as it takes them for.

    ``own`` are the IRIs of aimsgraph's shapes; those of others are chosen unless they are excluded.
    """
    graph = ShapesGraph()
    graph.origins = shapes.graph.origins if isinstance(shapes.graph, ShapesGraph) else []
    graph += shapes.graph
    severities = profile.severities()
    checks = [_weighed(check, severities) for check in shapes.checks]
    kept = {check.node for check in checks if profile.makes(check, check.iri in own)}
    for check in checks:
        if check.node not in kept:
            _drop(graph, check.node, kept)
        elif check.iri in severities:
            graph.set((check.node, SH.severity, URIRef(_IRIS[check.severity])))
    return Shapes(graph)


def _weighed(check: Shape, severities: dict[str, Severity]) -> Shape:
    return replace(check, severity=severities.get(check.iri, check.severity))


def _drop(graph: Graph, node: Node, kept: AbstractSet[Node]) -> None:
    """Take a shape out, unless it holds one that is kept; one that others refer to stays for them."""
    if not kept.isdisjoint(graph.objects(node, SH.property)):
        return
    users = {predicate for predicate in graph.predicates(None, node) if predicate != SH.property}
    if users:
        for target in (SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf, SH.target):
            graph.remove((node, target, None))
    else:
        graph.set((node, SH.deactivated, Literal(True)))


@lru_cache(maxsize=1024)
def _with_all_above(requirement: str) -> frozenset[str]:
    above = ontology_graph().transitive_objects(URIRef(requirement), SKOS.broader)
    return frozenset(map(str, above))


@lru_cache(maxsize=4)
def _all_of(cls: str) -> frozenset[str]:
    return frozenset(map(str, instances((AIMS + cls,))))


def instances(classes: Iterable[str]) -> set[Node]:
    """Return the entries of the ontology that are of one of the classes."""
    graph = ontology_graph()
    return {node for cls in classes for node in graph.subjects(RDF.type, URIRef(cls))}
