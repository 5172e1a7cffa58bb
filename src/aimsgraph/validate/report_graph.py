"""The validation report as RDF, as the W3C defines it (SHACL, section 3.6), for any tool that reads one."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Final, Literal

from rdflib import RDF, SH, BNode, Graph, URIRef
from rdflib import Literal as RdfLiteral

from aimsgraph.validate.report import Telling
from aimsgraph.validate.shapes import CHECKS_AREA, CHECKS_REQUIREMENT, FIX
from aimsgraph.vocab import AIMS, PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rdflib.term import Node

    from aimsgraph.model.finding import Waiver
    from aimsgraph.validate.shacl import Result
    from aimsgraph.validate.shacl.context import Source
    from aimsgraph.validate.shapes import Shapes

WAIVED_BY: Final = URIRef(AIMS + "waivedBy")
#: How a report may be written.
GraphFormat = Literal["ttl", "jsonld"]
#: The properties whose values JSON-LD names without a wrapper. Those whose values a report describes are not among
#: them: rdflib leaves out what is said about a blank node that is only named.
_NODES: Final = ("focusNode", "sourceConstraintComponent", "resultSeverity")


def report_graph(
    source: Source, shapes: Shapes, results: Iterable[Result], waivers: Iterable[Waiver] = ()
) -> Graph:
    """Return a graph with one ``sh:ValidationReport``.

    As SHACL has it, and other than in our findings, ``sh:conforms`` is false when there is any result at all, one of
    severity Info too. Messages have their blanks filled. What the shapes graph says about a path, shape or constraint
    without a name comes with it; a result that a waiver lets pass names it. Names of blank nodes are numbered, so
    that the same results give the same text.
    """
    graph = Graph(bind_namespaces="none")
    for prefix, namespace in (shapes.namespaces | PREFIXES).items():
        graph.bind(prefix, namespace)
    writing = _Writing(graph, source, shapes, list(results), waivers)
    report = BNode("report")
    graph.add((report, RDF.type, SH.ValidationReport))
    graph.add((report, SH.conforms, RdfLiteral(not writing.results)))
    for node in writing.nodes():
        graph.add((report, SH.result, node))
    return graph


def report_text(graph: Graph, format: GraphFormat) -> str:
    """Write a report graph as Turtle or as JSON-LD."""
    if format == "ttl":
        return graph.serialize(format="turtle")
    terms = {str(term) for triple in graph for term in triple if isinstance(term, URIRef)}
    used = {
        prefix: str(namespace)
        for prefix, namespace in graph.namespaces()
        if any(term.startswith(str(namespace)) for term in terms)
    }
    context = used | {f"sh:{name}": {"@type": "@id"} for name in _NODES}
    return graph.serialize(format="json-ld", context=context, indent=2) + "\n"


class _Writing:
    """Writes results into a graph, one after another."""

    def __init__(
        self,
        graph: Graph,
        source: Source,
        shapes: Shapes,
        results: list[Result],
        waivers: Iterable[Waiver],
    ) -> None:
        self.graph = graph
        self.results = results
        self._shapes = shapes
        self._telling = Telling(source, shapes, results)
        self._waivers = {finding.key: waiver for waiver in waivers for finding in waiver.findings}
        self._copied: dict[Node, Node] = {}
        self._fresh = (BNode(f"n{number}") for number in count(1))

    def nodes(self) -> Iterator[Node]:
        """Write the results, in a fixed order, and yield the node of each."""
        told = [(result, self._telling.messages(result)) for result in self.results]
        ordered = sorted(told, key=lambda one: _place(*one))
        width = len(str(len(ordered)))
        for number, (result, messages) in enumerate(ordered, 1):
            node = BNode(f"result{number:0{width}}")
            for predicate, value in self._statements(result, messages):
                self.graph.add((node, predicate, value))
            yield node

    def _statements(self, result: Result, messages: Iterable[Node]) -> Iterator[tuple[URIRef, Node]]:
        yield RDF.type, SH.ValidationResult
        yield SH.focusNode, result.focus
        yield SH.sourceShape, self._copy(result.shape, self._copied)
        yield SH.sourceConstraintComponent, result.component
        yield SH.resultSeverity, result.severity
        path = self._path(result)
        if path is not None:
            # A path of its own for each result, so that it stands within it when written.
            yield SH.resultPath, self._copy(path, {})
        if result.value is not None:
            yield SH.value, result.value
        if result.constraint is not None and result.component == SH.SPARQLConstraintComponent:
            yield SH.sourceConstraint, self._copy(result.constraint, self._copied)
        for message in messages:
            yield SH.resultMessage, message
        yield from self._guidance(result)

    def _path(self, result: Result) -> Node | None:
        """Return the path as a node; one that is written out already is that of the shape."""
        if isinstance(result.path, RdfLiteral):
            return self._shapes.graph.value(result.shape, SH.path)
        return result.path

    def _guidance(self, result: Result) -> Iterator[tuple[URIRef, Node]]:
        check = self._telling.check(result)
        fix = self._telling.fix(result)
        if fix is not None:
            yield FIX, RdfLiteral(fix)
        if check is not None and check.requirement:
            yield CHECKS_REQUIREMENT, URIRef(check.requirement)
        if check is not None and check.area:
            yield CHECKS_AREA, URIRef(check.area)
        waiver = self._waivers and self._waivers.get(self._telling.finding(result).key)
        if waiver and not waiver.id.startswith("_:"):
            yield WAIVED_BY, URIRef(waiver.id)

    def _copy(self, node: Node, known: dict[Node, Node]) -> Node:
        """Copy what the shapes graph says about a blank node, and about those it leads to; return the copy."""
        if not isinstance(node, BNode):
            return node
        waiting = [node] if node not in known else []
        known.setdefault(node, next(self._fresh))
        while waiting:
            here = waiting.pop()
            for predicate, value in sorted(self._shapes.graph.predicate_objects(here), key=_written):
                if isinstance(value, BNode) and value not in known:
                    known[value] = next(self._fresh)
                    waiting.append(value)
                self.graph.add((known[here], predicate, known.get(value, value)))
        return known[node]


def _place(result: Result, messages: tuple[Node, ...]) -> tuple[str, ...]:
    parts = (result.shape, result.focus, result.component, result.path, result.value, *messages)
    return tuple("" if part is None or isinstance(part, BNode) else str(part) for part in parts)


def _written(said: tuple[Node, Node]) -> tuple[str, str]:
    return str(said[0]), "" if isinstance(said[1], BNode) else str(said[1])
