"""Saved questions, safe execution of SPARQL, and answers in every form."""

from aimsgraph.model.question import Catalogue, Parameter, SavedQuery
from aimsgraph.query.catalogue import catalogue, find
from aimsgraph.query.execution import data_of, run
from aimsgraph.query.limit import Limits
from aimsgraph.query.parameters import bind, bind_free
from aimsgraph.query.result import Result
from aimsgraph.query.safety import check, looks_like_sparql
from aimsgraph.query.update import rehearse, update

__all__ = [
    "Catalogue",
    "Limits",
    "Parameter",
    "Result",
    "SavedQuery",
    "bind",
    "bind_free",
    "catalogue",
    "check",
    "data_of",
    "find",
    "looks_like_sparql",
    "rehearse",
    "run",
    "update",
]
