"""Reads shape files and describes the checks in them: what each looks at, how grave it is, who asks for it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from rdflib import Graph, Literal, URIRef
from rdflib.namespace import OWL, RDF, RDFS, SH

from aimsgraph import resources
from aimsgraph.validate.reading import APPLIES_WHEN, declared_prefixes, read_graph, shapes_in
from aimsgraph.validate.shacl.footprint import Footprint, footprint
from aimsgraph.validate.shacl.form import CONSTRAINING
from aimsgraph.validate.shacl.target import declared
from aimsgraph.validate.wording import compact_or_text, path_text
from aimsgraph.vocab import AIMS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from rdflib.term import Identifier, Node

    from aimsgraph.model.finding import Severity

#: The folders of aimsgraph's own shapes; the style guide of the ontology (meta.ttl) lies beside them.
FOLDERS = ("structure", "governance")
#: Where a shape stands when it does not say how urgent it is (sh:order; lower is more urgent).
DEFAULT_ORDER = 100.0

TARGETS: dict[Node, str] = {
    SH.targetClass: "{}",
    SH.targetNode: "the node {}",
    SH.targetSubjectsOf: "subjects of {}",
    SH.targetObjectsOf: "objects of {}",
    SH.target: "the nodes that its query finds",
}
SEVERITIES: dict[Node, Severity] = {SH.Info: "info", SH.Warning: "warning", SH.Violation: "violation"}
CHECKS_REQUIREMENT = URIRef(AIMS + "checksRequirement")
CHECKS_AREA = URIRef(AIMS + "checksArea")
AT_STAGE = URIRef(AIMS + "appliesAtStage")
TO_TIER = URIRef(AIMS + "appliesToTier")
FIX = URIRef(AIMS + "fix")
#: The group of the shapes about the form of the data, which do not count in completeness.
WELL_FORMED = URIRef("https://w3id.org/aimsgraph/shape/WellFormed")


@dataclass(frozen=True, slots=True)
class Shape:
    """One check: a shape that bears constraints, with the targets it inherits when it is nested.

    ``node`` is the term in the shapes graph and ``iri`` its name (the IRI around it for a nameless shape).
    ``targets`` are pairs of SHACL target predicate and term; ``applies_when`` is a SPARQL pattern about ``?this``
    that picks those targets which the check is about at all. ``requirement`` and ``area`` are IRIs. ``demanded`` is
    false for a check of form only, which says nothing about how complete the graph is. ``groups`` are the IRIs of the
    groups it is in; ``stages`` and ``tiers`` those of stages of life and risk tiers (none: all).
    """

    node: Node
    iri: str
    label: str
    targets: tuple[tuple[Node, Node], ...]
    applies_when: str | None
    severity: Severity
    message: str | None
    requirement: str | None
    area: str | None
    fix: str | None
    order: float
    demanded: bool
    groups: frozenset[str]
    stages: frozenset[str]
    tiers: frozenset[str]

    @property
    def target_text(self) -> str:
        """Say in words what the shape looks at."""
        if not self.targets:
            return "nothing: it has no target, and no other shape refers to it"
        return ", ".join(sorted(TARGETS[kind].format(compact_or_text(term)) for kind, term in self.targets))


class Shapes:
    """A set of shapes: the SHACL graph and the checks described from it, sorted by IRI."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self._paths: dict[Node, Literal] = {}
        self.checks: tuple[Shape, ...] = tuple(
            sorted(_checks(graph), key=lambda shape: (shape.iri, str(shape.node)))
        )
        self.prefixes = declared_prefixes(graph)
        self.namespaces = {
            str(graph.value(node, SH.prefix)): str(graph.value(node, SH.namespace))
            for node in graph.objects(None, SH.declare)
        }

    @cached_property
    def footprints(self) -> dict[Node, Footprint]:
        """Return for each shape that declares targets the patterns that its results depend on."""
        return {shape: footprint(self.graph, shape) for shape in declared(self.graph)}

    def path_text(self, path: Node) -> str:
        """Write a path of these shapes as a SPARQL property path with CURIEs."""
        return str(self.path_literal(path))

    def path_literal(self, path: Node) -> Literal:
        """Return the path as a literal, to stand in messages."""
        if path not in self._paths:
            self._paths[path] = Literal(path_text(self.graph, path))
        return self._paths[path]

    def only(self, *iris: str) -> Shapes:
        """Return the named shapes alone, with all that they refer to: a graph pySHACL can run as it is."""
        kept = Graph(bind_namespaces="none")
        reached: set[Node] = set()
        waiting: list[Node] = [*(URIRef(iri) for iri in iris), *self.graph.subjects(RDF.type, OWL.Ontology)]
        while waiting:
            node = waiting.pop()
            if node in reached:
                continue
            reached.add(node)
            for triple in self.graph.triples((node, None, None)):
                kept.add(triple)
                waiting.append(triple[2])
        return Shapes(kept)


def load_shapes(extra: Sequence[Path] = ()) -> Shapes:
    """Read aimsgraph's own shapes and the Turtle files ``extra``.

    :raises SyntaxProblemError: with shape, file and line of every fault in Turtle, SHACL or SPARQL.
    :raises InputNotReadableError: when a file is not there.
    """
    own = own_files()
    return _own_shapes() if not extra else Shapes(read_graph([*own, *extra], sound=own))


def read_shapes(paths: Iterable[Path]) -> Shapes:
    """Read the shapes in Turtle files, and in no others: imports are not followed.

    :raises SyntaxProblemError: with shape, file and line of every fault in Turtle, SHACL or SPARQL.
    :raises InputNotReadableError: when a file is not there.
    """
    return Shapes(read_graph(paths))


@lru_cache(maxsize=1)
def _own_shapes() -> Shapes:
    return Shapes(read_graph(own_files(), sound=own_files()))


def own_files() -> list[Path]:
    """Return the files of aimsgraph's own shapes, whose SPARQL the tests read."""
    base = resources.folder("shapes")
    return [path for path in resources.files("shapes", "*.ttl") if path.relative_to(base).parts[0] in FOLDERS]


def _checks(graph: Graph) -> Iterable[Shape]:
    for node in shapes_in(graph):
        targets = {(target, term) for target in TARGETS for term in graph.objects(node, target)}
        if any((node, RDF.type, kind) in graph for kind in (RDFS.Class, OWL.Class)):
            targets.add((SH.targetClass, node))
        if (targets or _is_alone(graph, node)) and not _is_off(graph, node):
            bare = _described(graph, node, None)
            yield from _bearing(graph, node, replace(bare, targets=tuple(sorted(targets, key=str))))


def _is_alone(graph: Graph, node: Node) -> bool:
    """Whether a shape has a name, and no other leads to it: without a target it is never run, which must be told."""
    return isinstance(node, URIRef) and (None, None, node) not in graph


def _bearing(graph: Graph, node: Node, described: Shape) -> Iterable[Shape]:
    """Yield the checks at ``node``: itself when it bears constraints, and its property shapes."""
    nested = [inner for inner in graph.objects(node, SH.property) if not _is_off(graph, inner)]
    bears = any(p in CONSTRAINING and p != SH.property for p in graph.predicates(node, None))
    if bears or not nested:
        yield described
    if graph.value(node, SH.path) is None:
        for inner in nested:
            yield from _bearing(graph, inner, _described(graph, inner, described))


def _described(graph: Graph, node: Node, outer: Shape | None) -> Shape:
    def said(predicate: URIRef) -> str | None:
        found = sorted(
            graph.objects(node, predicate),
            key=lambda term: (getattr(term, "language", None) or "", str(term)),
        )
        return str(found[0]) if found else None

    def named(predicate: URIRef) -> frozenset[str]:
        return frozenset(str(term) for term in graph.objects(node, predicate))

    order = said(SH.order)
    severity = graph.value(node, SH.severity)
    iri = str(node) if isinstance(node, URIRef) else (outer.iri if outer else str(node))
    return Shape(
        node=node,
        iri=iri,
        label=said(RDFS.label) or said(SH.name) or (outer.label if outer else compact_or_text(node)),
        targets=outer.targets if outer else (),
        applies_when=said(APPLIES_WHEN) or (outer.applies_when if outer else None),
        # SHACL: a shape that states none has the severity Violation, whatever the shape around it says.
        severity=SEVERITIES.get(severity, "violation") if severity is not None else "violation",
        message=said(SH.message),
        requirement=said(CHECKS_REQUIREMENT) or (outer.requirement if outer else None),
        area=said(CHECKS_AREA) or (outer.area if outer else None),
        fix=said(FIX) or (outer.fix if outer else None),
        order=float(order) if order else (outer.order if outer else DEFAULT_ORDER),
        demanded=(node, SH.group, WELL_FORMED) not in graph and (outer is None or outer.demanded),
        groups=named(SH.group) | (outer.groups if outer else frozenset()),
        stages=named(AT_STAGE) or (outer.stages if outer else frozenset()),
        tiers=named(TO_TIER) or (outer.tiers if outer else frozenset()),
    )


def _is_off(graph: Graph, node: Node) -> bool:
    off: Identifier | None = graph.value(node, SH.deactivated)  # type: ignore[assignment]
    return off is not None and off.toPython() is True  # type: ignore[attr-defined]
