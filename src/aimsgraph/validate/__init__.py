"""Validation: shapes say what a well-formed and well-governed graph is; findings say where it is not."""

from aimsgraph.validate.examination import Examination
from aimsgraph.validate.gaps import worst_gaps
from aimsgraph.validate.ledger import ledger
from aimsgraph.validate.recheck import Recheck, Turn
from aimsgraph.validate.shapes import Shape, Shapes, load_shapes, read_shapes
from aimsgraph.validate.validation import (
    Engine,
    examination,
    examine,
    examined,
    ontology_graph,
    validate,
    validate_graph,
)

__all__ = [
    "Engine",
    "Examination",
    "Recheck",
    "Shape",
    "Shapes",
    "Turn",
    "examination",
    "examine",
    "examined",
    "ledger",
    "load_shapes",
    "ontology_graph",
    "read_shapes",
    "validate",
    "validate_graph",
    "worst_gaps",
]
