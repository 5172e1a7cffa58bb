"""Saved questions, safe execution of SPARQL, and answers in every form."""

from aimsgraph.model.question import Catalogue, Parameter, SavedQuery
from aimsgraph.query.catalogue import catalogue
from aimsgraph.query.database import database
from aimsgraph.query.dataset import Dataset, dataset, is_kept_back, nameable
from aimsgraph.query.execution import run
from aimsgraph.query.limit import Limits
from aimsgraph.query.lookup import find, matching, named
from aimsgraph.query.parameters import bind, bind_free
from aimsgraph.query.result import BINARY, ENDINGS, FORMS, Result, form_named
from aimsgraph.query.safety import CheckedQuery, check, looks_like_sparql, read
from aimsgraph.query.update import rehearse, update

__all__ = [
    "BINARY",
    "ENDINGS",
    "FORMS",
    "Catalogue",
    "CheckedQuery",
    "Dataset",
    "Limits",
    "Parameter",
    "Result",
    "SavedQuery",
    "bind",
    "bind_free",
    "catalogue",
    "check",
    "database",
    "dataset",
    "find",
    "form_named",
    "is_kept_back",
    "looks_like_sparql",
    "matching",
    "nameable",
    "named",
    "read",
    "rehearse",
    "run",
    "update",
]
