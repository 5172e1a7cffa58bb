"""What could be done so that controls count more: evidence renewed or collected, controls put to work."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from aimsgraph.model.trace import TracedEvidence
from aimsgraph.store import describe
from aimsgraph.trace.controls import NOT_WORKING, ControlAssessment, assess_controls, declared
from aimsgraph.trace.standing import MENDING
from aimsgraph.trace.statements import read_statements
from aimsgraph.vocab import AIMS, compact

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import date
    from pathlib import Path

    from aimsgraph.model.fixing import FixKind
    from aimsgraph.model.node import NodeRef
    from aimsgraph.store.protocol import View

_OWNED: Final = AIMS + "ownedBy"
#: Where a day is stated by which a thing is to be done; the first that is there counts.
_DUE: Final = (AIMS + "dueOn", AIMS + "plannedFor")
_PLANNED: Final = compact(AIMS + "Planned")


@dataclass(frozen=True, slots=True)
class Remedy:
    """One thing to do to ``node``, and what each control (IRI) would be good for, assured, once it is done."""

    kind: FixKind
    node: NodeRef
    action: str
    reason: str
    raises: Mapping[str, float]
    owners: tuple[NodeRef, ...]
    due: date | None


def remedies(
    view: View, controls: Collection[str], *, today: date, evidence_root: Path | None
) -> tuple[list[Remedy], dict[str, ControlAssessment]]:
    """Return all that could be done to make the ``controls`` (IRIs) count more, and how they stand, by IRI.

    A piece of evidence that several controls rest on is one thing to do. A control that is planned or retired would
    count as it is declared once it works and evidence bears it out.
    """
    assessed = assess_controls(view, today=today, evidence_root=evidence_root, only=controls)
    idle = {iri for iri, item in assessed.items() if item.status in _STOPPED}
    promised = declared(view, idle)
    found: list[tuple[FixKind, NodeRef, str, str, dict[str, float]]] = []
    pieces: dict[str, tuple[TracedEvidence, dict[str, float]]] = {}
    for iri, item in sorted(assessed.items()):
        if iri in idle:
            if promised[iri] > item.assured:
                found.append(_revived(item, promised[iri]))
            continue
        if item.verified or item.claimed <= item.assured:
            continue
        if any(piece.counts for piece in item.evidence):
            text = (
                "Record its implementation status: with none that is known it does not count as implemented."
            )
            found.append(("record-status", item.ref, text, item.reason, {iri: item.claimed}))
        elif not _is_implemented(item):
            text = "Record its implementation status, and collect evidence that it works."
            found.append(("record-status", item.ref, text, item.reason, {iri: item.claimed}))
        elif not item.evidence:
            text = "Collect evidence that it works, and link it with aims:evidencedBy."
            found.append(("collect-evidence", item.ref, text, item.reason, {iri: item.claimed}))
        for piece in item.evidence if _is_implemented(item) else ():
            pieces.setdefault(piece.id, (piece, {}))[1][iri] = item.claimed
    found += [
        ("renew-evidence", piece, MENDING[piece.status], piece.reason, raises)
        for _, (piece, raises) in sorted(pieces.items())
        if not piece.counts
    ]
    return _owned(view, found), assessed


_STOPPED: Final = {compact(iri) for iri in NOT_WORKING}
_IMPLEMENTED: Final = {None, compact(AIMS + "Implemented"), compact(AIMS + "PartlyImplemented")}


def _is_implemented(item: ControlAssessment) -> bool:
    return item.status in _IMPLEMENTED


def _revived(item: ControlAssessment, promised: float) -> tuple[FixKind, NodeRef, str, str, dict[str, float]]:
    raises = {item.ref.id: promised}
    proof = (
        "record its status"
        if any(piece.counts for piece in item.evidence)
        else "collect evidence that it works"
    )
    if item.status == _PLANNED:
        return "implement-control", item.ref, f"Implement it, and {proof}.", item.reason, raises
    text = f"Bring it back, or put another control in its place, and {proof}."
    return "reinstate-control", item.ref, text, item.reason, raises


def _owned(view: View, found: Iterable[tuple[FixKind, NodeRef, str, str, dict[str, float]]]) -> list[Remedy]:
    """Add who owns each thing (evidence that nobody owns: who owns its controls), and until when it is to be done."""
    listed = list(found)
    about = {node.id for _, node, *_ in listed} | {iri for *_, raises in listed for iri in raises}
    stated = read_statements(view, about, [_OWNED, *_DUE])
    known = describe(view, sorted({owner for item in stated.values() for owner in item.nodes(_OWNED)}))
    result = []
    for kind, node, action, reason, raises in listed:
        names = stated[node.id].nodes(_OWNED) or sorted({o for c in raises for o in stated[c].nodes(_OWNED)})
        days = [min(days) for name in _DUE if (days := stated[node.id].dates(name))]
        if isinstance(node, TracedEvidence) and node.status == "expired" and node.valid_until is not None:
            days.append(node.valid_until)
        result.append(
            Remedy(
                kind=kind,
                node=node,
                action=action,
                reason=reason,
                raises=raises,
                owners=tuple(sorted((known[name] for name in names), key=lambda one: (one.label, one.id))),
                due=next(iter(days), None),
            )
        )
    return result
