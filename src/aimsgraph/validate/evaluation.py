"""The day as on which shapes judge dates, and the days derived from it: what they may ask of ``aims:evaluation``."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from rdflib import Literal, URIRef
from rdflib.namespace import RDF

from aimsgraph.vocab import AIMS

EVALUATION: Final = URIRef(AIMS + "evaluation")
EVALUATION_DATE: Final = URIRef(AIMS + "evaluationDate")
#: Days derived from the evaluation date, since SPARQL 1.1 has no arithmetic on dates: property → days before it.
DAYS_BEFORE: Final = {URIRef(AIMS + "recentSince"): 90, URIRef(AIMS + "yearAgo"): 365}


def evaluation_days(today: date) -> dict[URIRef, Literal]:
    """Return the properties of the evaluation and their values, as on the day ``today``."""
    days = {EVALUATION_DATE: Literal(today)}
    for predicate, before in DAYS_BEFORE.items():
        days[predicate] = Literal(max(date.min + timedelta(before), today) - timedelta(before))
    return days


def evaluation_given(today: date) -> dict[tuple[str, str], str]:
    """Return the same as it stands in a query: subject and property → value."""
    return {(EVALUATION.n3(), predicate.n3()): day.n3() for predicate, day in evaluation_days(today).items()}


def evaluation_triples(today: date) -> list[tuple[URIRef, URIRef, URIRef | Literal]]:
    """Return the same as statements, for an engine that reads a graph."""
    kind = (EVALUATION, RDF.type, URIRef(AIMS + "Evaluation"))
    return [kind, *((EVALUATION, predicate, day) for predicate, day in evaluation_days(today).items())]
