"""Validation: shapes say what a well-formed and well-governed graph is; findings say where it is not."""

from aimsgraph.validate.choice import Choice, choice_of
from aimsgraph.validate.examination import Examination
from aimsgraph.validate.gaps import worst_gaps
from aimsgraph.validate.ledger import ledger
from aimsgraph.validate.ontology import ontology_graph, upon_ontology
from aimsgraph.validate.profiles import own_profiles
from aimsgraph.validate.recheck import Recheck, Turn
from aimsgraph.validate.report import place_of
from aimsgraph.validate.shapes import Shape, Shapes, load_shapes, read_shapes
from aimsgraph.validate.validation import (
    Engine,
    examination,
    examine,
    examined,
    validate,
    validate_graph,
)

__all__ = [
    "Choice",
    "Engine",
    "Examination",
    "Recheck",
    "Shape",
    "Shapes",
    "Turn",
    "choice_of",
    "examination",
    "examine",
    "examined",
    "ledger",
    "load_shapes",
    "ontology_graph",
    "own_profiles",
    "place_of",
    "read_shapes",
    "upon_ontology",
    "validate",
    "validate_graph",
    "worst_gaps",
]
