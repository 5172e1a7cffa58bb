"""Validates a store or a graph: findings, what was not exercised, and how complete it is."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from rdflib import Graph, Literal
from rdflib.namespace import OWL, RDF

from aimsgraph import resources
from aimsgraph.model.finding import Unexercised, Validation
from aimsgraph.validate.evaluation import set_evaluation
from aimsgraph.validate.examined import ExaminedGraph
from aimsgraph.validate.focus import focus_nodes
from aimsgraph.validate.report import findings_of
from aimsgraph.validate.score import CONTROL_AREA, scores_of
from aimsgraph.validate.shapes import load_shapes
from aimsgraph.vocab import compact

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from pathlib import Path

    from aimsgraph.store.protocol import View
    from aimsgraph.validate.shapes import Shapes


def validate(view: View, *, today: date, shapes: Sequence[Path] | None = None) -> Validation:
    """Check a view of a store, as on the day ``today``, by aimsgraph's shapes and the Turtle files ``shapes``.

    :raises SyntaxProblemError, InputNotReadableError: when a shape file cannot be used; all faults are listed.
    """
    loaded = load_shapes(shapes or ())
    union = view.to_rdflib()
    if (CONTROL_AREA, RDF.type, OWL.Class) not in union:  # a view of bare files; a store holds the ontology
        union += ontology_graph()
    return examine(union, loaded, today=today, snapshot=view.snapshot)


def validate_graph(graph: Graph, *, today: date, shapes: Sequence[Path] | None = None) -> Validation:
    """Check an rdflib graph, to which the ontology is added here; ``graph`` itself stays as it is.

    :raises SyntaxProblemError, InputNotReadableError: when a shape file cannot be used; all faults are listed.
    """
    loaded = load_shapes(shapes or ())
    union = Graph(bind_namespaces="none")
    union += ontology_graph()
    union += graph
    return examine(union, loaded, today=today, snapshot="none")


def examine(graph: Graph, shapes: Shapes, *, today: date, snapshot: str) -> Validation:
    """Check ``graph``, which holds the ontology already; the evaluation node is written into it."""
    set_evaluation(graph, today)
    _degrade_ill_typed(graph)
    examined = ExaminedGraph(store=graph.store, identifier=graph.identifier, bind_namespaces="none")
    applicable = {check: focus_nodes(examined, check, shapes.prefixes) for check in shapes.checks}
    findings = findings_of(examined, shapes)
    return Validation(
        conforms=all(finding.severity == "info" for finding in findings),
        findings=findings,
        not_exercised=tuple(
            Unexercised(
                shape=check.iri,
                label=check.label,
                target=check.target_text,
                area=compact(check.area) if check.area else None,
            )
            for check, nodes in applicable.items()
            if not nodes
        ),
        completeness=scores_of(examined, applicable, findings),
        counts={
            severity: sum(finding.severity == severity for finding in findings)
            for severity in ("violation", "warning", "info")
        },
        snapshot=snapshot,
        date=today,
    )


def _degrade_ill_typed(graph: Graph) -> None:
    """Make plain strings of literals that are not what their datatype says, such as the 30th of February.

    No shape takes the one for the other, but rdflib's arithmetic and comparisons fail on such literals with bare Python
    errors where SPARQL says that a filter is merely not true.
    """
    wrong = [(s, p, o) for s, p, o in graph if isinstance(o, Literal) and o.ill_typed]
    for subject, predicate, literal in wrong:
        graph.remove((subject, predicate, literal))
        graph.add((subject, predicate, Literal(str(literal))))


@lru_cache(maxsize=1)
def ontology_graph() -> Graph:
    """Return the ontology, the standard's catalogue and the areas; shared, so not to be written to."""
    graph = Graph(bind_namespaces="none")
    for path in resources.files("ontology", "*.ttl"):
        graph.parse(path, format="turtle")
    return graph
