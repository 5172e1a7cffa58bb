"""Saved questions, safe execution of SPARQL, and answers in every form."""

from aimsgraph.model.question import Catalogue, Parameter, SavedQuery
from aimsgraph.query.catalogue import catalogue
from aimsgraph.query.execution import Limits, run
from aimsgraph.query.lookup import find, matching, named
from aimsgraph.query.parameters import bind, bind_free
from aimsgraph.query.result import BINARY, FORMS, Result
from aimsgraph.query.safety import check, looks_like_sparql
from aimsgraph.query.update import rehearse, update

__all__ = [
    "BINARY",
    "FORMS",
    "Catalogue",
    "Limits",
    "Parameter",
    "Result",
    "SavedQuery",
    "bind",
    "bind_free",
    "catalogue",
    "check",
    "find",
    "looks_like_sparql",
    "matching",
    "named",
    "rehearse",
    "run",
    "update",
]
