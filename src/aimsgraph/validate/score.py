"""Completeness: passed over applicable checks, in all, per control area and per owner."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from rdflib import URIRef
from rdflib.namespace import RDF

from aimsgraph.model.finding import Score, Scores
from aimsgraph.validate.wording import compact_or_text, label_of
from aimsgraph.vocab import AIMS, compact

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from rdflib import Graph
    from rdflib.term import Node

    from aimsgraph.model.finding import Finding
    from aimsgraph.validate.shapes import Shape

OWNED_BY = URIRef(AIMS + "ownedBy")
CONTROL_AREA = URIRef(AIMS + "ControlArea")


def scores_of(
    graph: Graph, applicable: Mapping[Shape, Iterable[Node]], findings: Iterable[Finding]
) -> Scores:
    """Count the checks that passed, of those that had a node to look at.

    One check is one shape on one focus node; it fails when it has a finding of severity violation or warning, however
    many. Shapes of severity info give advice, and shapes of form only say how data are written: neither kind counts.
    """
    failed = {(found.shape, found.focus) for found in findings if found.severity != "info"}
    total: Counter[bool] = Counter()
    areas: dict[str, Counter[bool]] = {
        str(area): Counter() for area in graph.subjects(RDF.type, CONTROL_AREA)
    }
    owners: dict[Node, Counter[bool]] = {}
    for shape, nodes in applicable.items():
        if shape.severity == "info" or not shape.demanded:
            continue
        for node in nodes:
            name = compact_or_text(node) if not isinstance(node, URIRef) else str(node)
            passed = (shape.iri, name) not in failed
            total[passed] += 1
            if shape.area:
                areas.setdefault(shape.area, Counter())[passed] += 1
            for owner in graph.objects(node, OWNED_BY):
                owners.setdefault(owner, Counter())[passed] += 1
    return Scores(
        overall=_score("overall", "All areas", total),
        areas=tuple(
            _score(compact(area), label_of(graph, URIRef(area)), areas[area]) for area in sorted(areas)
        ),
        owners=tuple(
            sorted(
                (_score(str(owner), label_of(graph, owner), count) for owner, count in owners.items()),
                key=lambda score: (score.label, score.key),
            )
        ),
    )


def _score(key: str, label: str, count: Counter[bool]) -> Score:
    applicable = count[True] + count[False]
    return Score(
        key=key,
        label=label,
        passed=count[True],
        applicable=applicable,
        ratio=count[True] / applicable if applicable else None,
    )
