"""Lineage, impact, and the trace from any node to its evidence."""

from aimsgraph.trace.alteration import replacement, withdrawal
from aimsgraph.trace.blast import Reaches, blast_radius, reaches
from aimsgraph.trace.changes import bears_on, lineage_change
from aimsgraph.trace.controls import ControlAssessment, assess_controls, control_iris, effectiveness
from aimsgraph.trace.cycles import cycles
from aimsgraph.trace.difference import impact_difference, lineage_difference, worked_out_alike
from aimsgraph.trace.evidence import assess_evidence
from aimsgraph.trace.explain import explain_impact
from aimsgraph.trace.exposure import exposure, risked
from aimsgraph.trace.filters import EVERYTHING, Filters, fits, read_filters
from aimsgraph.trace.fixing import fix_first
from aimsgraph.trace.impact import impact
from aimsgraph.trace.interchange import to_networkx
from aimsgraph.trace.lineage import lineage
from aimsgraph.trace.network import Network, network
from aimsgraph.trace.outcome import Propagation
from aimsgraph.trace.projection import Projection, project
from aimsgraph.trace.propagate import (
    DEFAULT_SEED,
    DEFAULT_WORLDS,
    MAX_EXACT_VARIABLES,
    joint_probability,
    propagate,
)
from aimsgraph.trace.reach import impact_reach, lineage_reach
from aimsgraph.trace.renewal import MOST_RENEWED, renewed
from aimsgraph.trace.risk import risks
from aimsgraph.trace.routes import MOST_PATHS, paths
from aimsgraph.trace.shared import MOST_SHARED, common
from aimsgraph.trace.standing import trace
from aimsgraph.trace.weak_points import MOST_POINTS, weak_points, weak_points_of

__all__ = [
    "DEFAULT_SEED",
    "DEFAULT_WORLDS",
    "EVERYTHING",
    "MAX_EXACT_VARIABLES",
    "MOST_PATHS",
    "MOST_POINTS",
    "MOST_RENEWED",
    "MOST_SHARED",
    "ControlAssessment",
    "Filters",
    "Network",
    "Projection",
    "Propagation",
    "Reaches",
    "assess_controls",
    "assess_evidence",
    "bears_on",
    "blast_radius",
    "common",
    "control_iris",
    "cycles",
    "effectiveness",
    "explain_impact",
    "exposure",
    "fits",
    "fix_first",
    "impact",
    "impact_difference",
    "impact_reach",
    "joint_probability",
    "lineage",
    "lineage_change",
    "lineage_difference",
    "lineage_reach",
    "network",
    "paths",
    "project",
    "propagate",
    "reaches",
    "read_filters",
    "renewed",
    "replacement",
    "risked",
    "risks",
    "to_networkx",
    "trace",
    "weak_points",
    "weak_points_of",
    "withdrawal",
    "worked_out_alike",
]
