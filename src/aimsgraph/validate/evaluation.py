"""The evaluation node: the day as on which shapes judge dates, and the days derived from it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from rdflib import Literal, URIRef
from rdflib.namespace import RDF

from aimsgraph.vocab import AIMS

if TYPE_CHECKING:
    from rdflib import Graph

EVALUATION = URIRef(AIMS + "evaluation")
EVALUATION_DATE = URIRef(AIMS + "evaluationDate")
#: Days derived from the evaluation date, since SPARQL 1.1 has no arithmetic on dates: property → days before it.
DAYS_BEFORE = {URIRef(AIMS + "recentSince"): 90, URIRef(AIMS + "yearAgo"): 365}


def set_evaluation(graph: Graph, today: date) -> None:
    """State in ``graph`` as on which day it is judged, replacing what it said of that before."""
    for predicate in (EVALUATION_DATE, *DAYS_BEFORE):
        graph.remove((EVALUATION, predicate, None))
    graph.add((EVALUATION, RDF.type, URIRef(AIMS + "Evaluation")))
    graph.add((EVALUATION, EVALUATION_DATE, Literal(today)))
    for predicate, days in DAYS_BEFORE.items():
        graph.add((EVALUATION, predicate, Literal(max(date.min + timedelta(days), today) - timedelta(days))))
