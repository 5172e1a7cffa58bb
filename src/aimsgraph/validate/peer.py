"""pySHACL on a copy in memory: the reference, and what takes the shapes that no store answers for all nodes at once."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from rdflib import Graph, Literal, URIRef
from rdflib.namespace import OWL, RDF, RDFS, SH, XSD

from aimsgraph.validate.evaluation import evaluation_triples
from aimsgraph.validate.shacl import Result
from aimsgraph.validate.shacl.target import TARGETS
from aimsgraph.validate.wording import path_text

if TYPE_CHECKING:
    from datetime import date

    from rdflib.term import Node

    from aimsgraph.validate.examined_graph import ExaminedGraph
    from aimsgraph.validate.shacl.context import Source


def peer_results(data: Graph, shapes: Graph, today: date) -> list[Result]:
    """Return the results that pySHACL gives for an rdflib graph, as on the day ``today``.

    Paths that are no IRI come as literals, written as SPARQL paths.

    :raises SyntaxProblemError: when a shape cannot be run.
    """
    return results_in(examined(data, today), shapes)


class Aside:
    """Has pySHACL check single nodes by single shapes, on a copy that is made when it is first needed."""

    def __init__(self, shapes: Graph, today: date) -> None:
        self._today = today
        self._shapes = shapes
        self._copied: tuple[Source, ExaminedGraph] | None = None

    def __call__(self, source: Source, shape: Node, node: Node) -> list[Result]:
        """Return the results of a shape for a node.

        :raises SyntaxProblemError: the shape cannot be run here either.
        """
        if self._copied is None or self._copied[0] is not source:
            self._copied = source, examined(source.to_rdflib(), self._today)
        targeted = self._untargeted + Graph().add((shape, SH.targetNode, node))
        return results_in(self._copied[1], targeted)

    @cached_property
    def _untargeted(self) -> Graph:
        """The shapes without the nodes that they look at of themselves; few graphs ever need it."""
        graph = Graph(bind_namespaces="none")
        for triple in self._shapes:
            is_class = triple[1] == RDF.type and triple[2] in {RDFS.Class, OWL.Class}
            if (
                triple[1] not in TARGETS and not is_class
            ):  # such a shape would look at the members of the class
                graph.add(triple)
        return graph


def examined(data: Graph, today: date) -> ExaminedGraph:
    """Return a copy of a graph that pySHACL can be asked about many times, as on the day ``today``."""
    from aimsgraph.validate.examined_graph import ExaminedGraph  # it needs rdflib's parser of SPARQL

    graph = ExaminedGraph(bind_namespaces="none")
    for subject, predicate, value in data:
        graph.add((subject, predicate, degraded(value)))
    for triple in evaluation_triples(today):
        graph.add(triple)
    return graph


def results_in(graph: ExaminedGraph, shapes: Graph) -> list[Result]:
    """Return what pySHACL finds in a graph of :func:`examined`; see :func:`peer_results`.

    :raises SyntaxProblemError: when a shape cannot be run.
    """
    # pySHACL takes longer to import than a small store to check, and most shapes never come here.
    from aimsgraph.validate.peer_report import peer_report

    report = peer_report(graph, shapes)
    return [_result(report, node) for node in report.objects(None, SH.result)]


def degraded(value: Node) -> Node:
    """Return a plain string for a string with its datatype, which is the same term in RDF 1.1 and another in rdflib.

    So too for a literal that is not what its datatype says, such as the 30th of February: rdflib's comparisons fail on
    it with bare Python errors, where SPARQL says that a filter is merely not true.
    """
    if isinstance(value, Literal) and (value.ill_typed or value.datatype == XSD.string):
        return Literal(str(value))
    return value


def _result(report: Graph, result: Node) -> Result:
    focus = report.value(result, SH.focusNode)
    shape = report.value(result, SH.sourceShape)
    component = report.value(result, SH.sourceConstraintComponent)
    if focus is None or shape is None or component is None:
        raise AssertionError("pySHACL gave a result without focus node, shape or component")
    path = report.value(result, SH.resultPath)
    return Result(
        focus=focus,
        shape=shape,
        component=component,
        severity=report.value(result, SH.resultSeverity) or SH.Violation,
        path=path if path is None or isinstance(path, URIRef) else Literal(path_text(report, path)),
        value=report.value(result, SH.value),
        constraint=report.value(result, SH.sourceConstraint),
        messages=tuple(sorted(report.objects(result, SH.resultMessage), key=str)),
    )
