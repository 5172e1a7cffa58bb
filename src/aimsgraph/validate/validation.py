"""Validates a store or a graph: findings, what was not exercised, and how complete it is."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from rdflib import Graph
from rdflib.namespace import OWL

from aimsgraph import resources
from aimsgraph.model.finding import Unexercised, Validation
from aimsgraph.store import graph_view
from aimsgraph.validate.evaluation import evaluation_given
from aimsgraph.validate.examination import Examination, checked_of
from aimsgraph.validate.focus import focus_of
from aimsgraph.validate.peer import peer_results
from aimsgraph.validate.report import findings_of
from aimsgraph.validate.score import CONTROL_AREA, scores_of
from aimsgraph.validate.shacl import Evaluator
from aimsgraph.validate.shapes import load_shapes
from aimsgraph.vocab import compact

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from pathlib import Path

    from aimsgraph.store.protocol import View
    from aimsgraph.validate.shapes import Shapes

#: What finds the results.
Engine = Literal["store", "pyshacl"]


def validate(
    view: View, *, today: date, shapes: Sequence[Path] | None = None, engine: Engine = "store"
) -> Validation:
    """Check a view of a store, as on the day ``today``, by aimsgraph's shapes and the Turtle files ``shapes``.

    ``engine`` finds the same either way: by queries that the store answers for all nodes at once, or by pySHACL,
    node by node on a copy in memory, as a second opinion.

    :raises SyntaxProblemError, InputNotReadableError: when a shape file cannot be used; all faults are listed.
    """
    return examined(view, today=today, shapes=shapes, engine=engine).validation


def examined(
    view: View, *, today: date, shapes: Sequence[Path] | None = None, engine: Engine = "store"
) -> Examination:
    """Validate as :func:`validate` does, and keep what the validation was made from.

    :raises SyntaxProblemError, InputNotReadableError: when a shape file cannot be used; all faults are listed.
    """
    loaded = load_shapes(shapes or ())
    snapshot = view.snapshot
    if not view.ask(f"ASK {{ <{CONTROL_AREA}> a <{OWL.Class}> }}"):  # bare files; a store holds the ontology
        view = graph_view(view.to_rdflib(), ontology_graph())
    return examination(view, loaded, today=today, snapshot=snapshot, engine=engine)


def validate_graph(graph: Graph, *, today: date, shapes: Sequence[Path] | None = None) -> Validation:
    """Check an rdflib graph, to which the ontology is added here; ``graph`` itself stays as it is.

    :raises SyntaxProblemError, InputNotReadableError: when a shape file cannot be used; all faults are listed.
    """
    loaded = load_shapes(shapes or ())
    return examine(graph_view(ontology_graph(), graph), loaded, today=today, snapshot="none")


def examine(
    view: View, shapes: Shapes, *, today: date, snapshot: str, engine: Engine = "store"
) -> Validation:
    """Check a view that holds the ontology by ``shapes`` alone."""
    return examination(view, shapes, today=today, snapshot=snapshot, engine=engine).validation


def examination(
    view: View, shapes: Shapes, *, today: date, snapshot: str, engine: Engine = "store"
) -> Examination:
    """Check a view that holds the ontology by ``shapes`` alone, and keep what the validation was made from."""
    given = evaluation_given(today)
    applicable = list(focus_of(view, shapes, given))
    results = tuple(
        peer_results(view.to_rdflib(), shapes.graph, today)
        if engine == "pyshacl"
        else Evaluator(shapes.graph, view, given).results()
    )
    findings = findings_of(view, shapes, results)
    validation = Validation(
        conforms=all(finding.severity == "info" for finding in findings),
        findings=findings,
        not_exercised=tuple(
            Unexercised(
                shape=focus.check.iri,
                label=focus.check.label,
                target=focus.check.target_text,
                area=compact(focus.check.area) if focus.check.area else None,
            )
            for focus in applicable
            if not focus.count
        ),
        completeness=scores_of(view, applicable, findings),
        counts={
            severity: sum(finding.severity == severity for finding in findings)
            for severity in ("violation", "warning", "info")
        },
        snapshot=snapshot,
        date=today,
    )
    return Examination(validation, checked_of(applicable), results, shapes, view)


@lru_cache(maxsize=1)
def ontology_graph() -> Graph:
    """Return the ontology, the standard's catalogue and the areas; shared, so not to be written to."""
    graph = Graph(bind_namespaces="none")
    for path in resources.files("ontology", "*.ttl"):
        graph.parse(path, format="turtle")
    return graph
