"""Lineage, impact, and the trace from any node to its evidence."""

from aimsgraph.trace.blast import Reaches, blast_radius, reaches
from aimsgraph.trace.controls import ControlAssessment, assess_controls
from aimsgraph.trace.evidence import assess_evidence
from aimsgraph.trace.impact import impact
from aimsgraph.trace.interchange import to_networkx
from aimsgraph.trace.lineage import lineage
from aimsgraph.trace.network import Network, network
from aimsgraph.trace.outcome import Propagation
from aimsgraph.trace.projection import Projection, project
from aimsgraph.trace.propagate import DEFAULT_SEED, joint_probability, propagate
from aimsgraph.trace.reach import impact_reach, lineage_reach
from aimsgraph.trace.renewal import MOST_RENEWED, renewed
from aimsgraph.trace.standing import trace

__all__ = [
    "DEFAULT_SEED",
    "MOST_RENEWED",
    "ControlAssessment",
    "Network",
    "Projection",
    "Propagation",
    "Reaches",
    "assess_controls",
    "assess_evidence",
    "blast_radius",
    "impact",
    "impact_reach",
    "joint_probability",
    "lineage",
    "lineage_reach",
    "network",
    "project",
    "propagate",
    "reaches",
    "renewed",
    "to_networkx",
    "trace",
]
