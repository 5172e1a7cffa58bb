"""Validates a store or a graph: findings, what was not exercised, and how complete it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from rdflib.namespace import OWL

from aimsgraph.model.finding import Unexercised, Validation
from aimsgraph.validate.choice import Choice
from aimsgraph.validate.evaluation import evaluation_given
from aimsgraph.validate.examination import Examination, checked_of
from aimsgraph.validate.focus import focus_of
from aimsgraph.validate.ontology import upon_ontology
from aimsgraph.validate.peer import Aside, peer_results
from aimsgraph.validate.report import findings_of
from aimsgraph.validate.score import CONTROL_AREA, scores_of
from aimsgraph.validate.shacl import Evaluator
from aimsgraph.validate.shapes import load_shapes
from aimsgraph.validate.waiver import let_pass, waivers_of
from aimsgraph.validate.wording import name_of
from aimsgraph.vocab import compact

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from pathlib import Path

    from rdflib import Graph

    from aimsgraph.store.protocol import View
    from aimsgraph.validate.shapes import Shapes

#: What finds the results.
Engine = Literal["store", "pyshacl"]
#: Every check, on everything.
ALL = Choice()


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
    view: View,
    *,
    today: date,
    shapes: Sequence[Path] | None = None,
    engine: Engine = "store",
    choice: Choice = ALL,
    per_node: bool = False,
) -> Examination:
    """Validate as :func:`validate` does, and keep what the validation was made from.

    ``choice`` says which checks are made, and about which systems; with ``per_node`` each node and system has a score.

    :raises SyntaxProblemError, InputNotReadableError: when a shape or profile file cannot be used; all faults told.
    """
    loaded = load_shapes([*(shapes or ()), *choice.shape_files()])
    snapshot = view.snapshot
    if not view.ask(f"ASK {{ <{CONTROL_AREA}> a <{OWL.Class}> }}"):  # bare files; a store holds the ontology
        view = upon_ontology(view.to_rdflib())
    return examination(
        view, loaded, today=today, snapshot=snapshot, engine=engine, choice=choice, per_node=per_node
    )


def validate_graph(graph: Graph, *, today: date, shapes: Sequence[Path] | None = None) -> Validation:
    """Check an rdflib graph, to which the ontology is added here; ``graph`` itself stays as it is.

    :raises SyntaxProblemError, InputNotReadableError: when a shape file cannot be used; all faults are listed.
    """
    loaded = load_shapes(shapes or ())
    return examine(upon_ontology(graph), loaded, today=today, snapshot="none")


def examine(
    view: View, shapes: Shapes, *, today: date, snapshot: str, engine: Engine = "store"
) -> Validation:
    """Check a view that holds the ontology by ``shapes`` alone."""
    return examination(view, shapes, today=today, snapshot=snapshot, engine=engine).validation


def examination(
    view: View,
    shapes: Shapes,
    *,
    today: date,
    snapshot: str,
    engine: Engine = "store",
    choice: Choice = ALL,
    per_node: bool = False,
) -> Examination:
    """Check a view that holds the ontology by ``shapes`` alone, and keep what the validation was made from.

    :raises SyntaxProblemError: the profile names what there is not.
    """
    given = evaluation_given(today)
    known = {check.iri for check in shapes.checks}
    chosen = choice.made(shapes, view, given)
    applicable = list(focus_of(view, chosen.shapes, given, chosen.scope))
    found = (
        peer_results(view.to_rdflib(), chosen.shapes.graph, today)
        if engine == "pyshacl"
        else Evaluator(chosen.shapes.graph, view, given, Aside(chosen.shapes.graph, today)).results()
    )
    results = tuple(
        result for result in found if chosen.scope is None or name_of(result.focus) in chosen.scope
    )
    told = findings_of(view, chosen.shapes, results)
    findings, waivers = let_pass(told, waivers_of(view, known, today), view)
    waived = [finding for waiver in waivers for finding in waiver.findings]
    validation = Validation(
        conforms=all(finding.severity == "info" for finding in findings),
        findings=tuple(findings),
        waivers=waivers,
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
        completeness=scores_of(view, applicable, findings, waived, per_node=per_node),
        counts={
            severity: sum(finding.severity == severity for finding in findings)
            for severity in ("violation", "warning", "info")
        },
        profile=chosen.profile,
        snapshot=snapshot,
        date=today,
    )
    return Examination(validation, checked_of(applicable), results, chosen.shapes, view)
