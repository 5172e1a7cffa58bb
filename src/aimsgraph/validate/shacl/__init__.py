"""SHACL by SPARQL: each constraint is one query that answers for all nodes at once, run by the store's own engine."""

from aimsgraph.validate.shacl.evaluator import Evaluator
from aimsgraph.validate.shacl.result import Result

__all__ = ["Evaluator", "Result"]
