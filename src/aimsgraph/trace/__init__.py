"""Lineage, impact, and the trace from any node to its evidence."""

from aimsgraph.trace.alteration import replacement, withdrawal
from aimsgraph.trace.controls import ControlAssessment, assess_controls, control_iris, effectiveness
from aimsgraph.trace.difference import impact_difference, lineage_difference
from aimsgraph.trace.evidence import assess_evidence
from aimsgraph.trace.explain import explain_impact
from aimsgraph.trace.exposure import exposure, risked
from aimsgraph.trace.fixing import fix_first
from aimsgraph.trace.impact import impact
from aimsgraph.trace.lineage import lineage
from aimsgraph.trace.network import Network, network
from aimsgraph.trace.outcome import Propagation
from aimsgraph.trace.projection import Projection, project
from aimsgraph.trace.propagate import DEFAULT_SEED, joint_probability, propagate
from aimsgraph.trace.reach import impact_reach, lineage_reach
from aimsgraph.trace.standing import trace

__all__ = [
    "DEFAULT_SEED",
    "ControlAssessment",
    "Network",
    "Projection",
    "Propagation",
    "assess_controls",
    "assess_evidence",
    "control_iris",
    "effectiveness",
    "explain_impact",
    "exposure",
    "fix_first",
    "impact",
    "impact_difference",
    "impact_reach",
    "joint_probability",
    "lineage",
    "lineage_difference",
    "lineage_reach",
    "network",
    "project",
    "propagate",
    "replacement",
    "risked",
    "trace",
    "withdrawal",
]
