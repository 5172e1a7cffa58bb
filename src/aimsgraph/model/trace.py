"""The answer to "show me the evidence": from a requirement, control, risk or system to its evidence."""

from __future__ import annotations

from datetime import date
from typing import Literal

from aimsgraph.model.node import NodeRef, Value

EvidenceStatus = Literal["fresh", "expired", "not-yet-valid", "altered", "file-missing", "undated"]


GapKind = Literal[
    "no-control", "no-evidence", "stale-evidence", "altered-evidence", "no-owner", "not-implemented"
]


class TracedEvidence(NodeRef):
    """A piece of evidence, whether it counts today, and why.

    ``counts`` is true only for ``fresh``. ``hash_checked`` says whether the file was there to be hashed.
    """

    status: EvidenceStatus
    counts: bool
    reason: str
    collected_on: date | None
    valid_until: date | None
    sha256: str | None
    hash_checked: bool
    location: str | None
    authors: tuple[NodeRef, ...] = ()


class TracedControl(NodeRef):
    """A control with its owners, its evidence, and the reason why it does or does not count as declared."""

    owners: tuple[NodeRef, ...]
    implementation_status: str | None
    requirements: tuple[NodeRef, ...]
    risks: tuple[NodeRef, ...]
    assets: tuple[NodeRef, ...]
    claimed_effectiveness: float
    assured_effectiveness: float
    verified: bool
    reason: str
    evidence: tuple[TracedEvidence, ...]


class Gap(Value):
    """Something missing on the way: the node it is missing from, in plain words, and how to mend it."""

    node: NodeRef
    kind: GapKind
    message: str
    fix: str


class Trace(Value):
    """From ``node`` to evidence. ``via`` are the nodes in between (sub-requirements, risks, assets)."""

    node: NodeRef
    via: tuple[NodeRef, ...]
    controls: tuple[TracedControl, ...]
    gaps: tuple[Gap, ...]
    snapshot: str
    date: date
