"""How effective a control is as declared, and with what its evidence supports today."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from aimsgraph.store import describe
from aimsgraph.trace.annotations import probability, read_annotations
from aimsgraph.trace.evidence import assess_evidence, judge, read_facts
from aimsgraph.trace.statements import Stated, read_statements
from aimsgraph.vocab import AIMS, RDFS, compact

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date
    from pathlib import Path

    from rdflib.term import Identifier

    from aimsgraph.model.node import NodeRef
    from aimsgraph.model.trace import TracedEvidence
    from aimsgraph.store.protocol import View

#: Statuses under which a control does nothing, however it is designed.
NOT_WORKING: Final = {AIMS + "Planned": "It is only planned.", AIMS + "RetiredControl": "It is retired."}
_WORKING: Final = (AIMS + "Implemented", AIMS + "PartlyImplemented")
_DESIGN: Final = AIMS + "designEffectiveness"
_FACTORS: Final = {
    _DESIGN: "design",
    AIMS + "coverage": "coverage",
    AIMS + "operatingReliability": "reliability",
}
_UNVERIFIED: Final = AIMS + "unverifiedEffectiveness"
_STATUS: Final = AIMS + "implementationStatus"
_EVIDENCED: Final = AIMS + "evidencedBy"


@dataclass(frozen=True, slots=True)
class ControlAssessment:
    """One control on one day: probabilities that it works, whether evidence bears it out, and why.

    ``status`` is the CURIE of its implementation status, None when none is stated. ``evidence`` holds all its
    evidence, the pieces that do not count too.
    """

    ref: NodeRef
    claimed: float
    assured: float
    verified: bool
    reason: str
    status: str | None
    evidence: tuple[TracedEvidence, ...]

    def told(self) -> dict[str, Any]:
        """Return what every answer that names the control says of it, by the names of its fields."""
        return {
            "id": self.ref.id,
            "type": self.ref.type,
            "label": self.ref.label,
            "claimed_effectiveness": self.claimed,
            "assured_effectiveness": self.assured,
            "verified": self.verified,
            "reason": self.reason,
        }


def control_iris(view: View) -> frozenset[str]:
    """Return all controls: what is of that class or of one below it, and whatever guards something."""
    guarding = sorted(read_annotations(view).guarding)
    found = {subject for subject, _, _ in view.edges(guarding)} if guarding else set()
    for row in view.select(
        f"SELECT DISTINCT ?c WHERE {{ ?k <{RDFS}subClassOf>* <{AIMS}Control> . ?c a ?k }}"
    ):
        found.add(str(row["c"]))
    return frozenset(found)


def assess_controls(
    view: View, *, today: date, evidence_root: Path | None = None, only: Collection[str] | None = None
) -> dict[str, ControlAssessment]:
    """Assess every control (or ``only`` those with these IRIs) as on the day ``today``, by IRI.

    Claimed = design x coverage x reliability, coverage and reliability counting 1 when they are not stated;
    0 without a design effectiveness, and for a control that is planned or retired. Assured = claimed when
    verified (implemented, with at least one fresh piece of evidence), else no more than what is stated to
    hold unverified, by default 0. Only the evidence of the controls in question is looked at.
    """
    stated = _read(view, only)
    pieces = {piece for item in stated.values() for piece in item.nodes(_EVIDENCED)}
    judged = assess_evidence(view, today=today, evidence_root=evidence_root, only=pieces)
    known = describe(view, stated)
    found: dict[str, ControlAssessment] = {}
    for iri, item in stated.items():
        evidence = sorted(
            (judged[piece] for piece in item.nodes(_EVIDENCED)), key=lambda piece: (piece.label, piece.id)
        )
        standing = _stand(item, any(piece.counts for piece in evidence))
        statuses = item.texts(_STATUS)
        found[iri] = ControlAssessment(
            ref=known[iri],
            claimed=standing.claimed,
            assured=standing.assured,
            verified=standing.verified,
            reason=_reason(standing, evidence),
            status=compact(statuses[0]) if statuses else None,
            evidence=tuple(evidence),
        )
    return found


def effectiveness(
    view: View, *, today: date, evidence_root: Path | None = None, only: Collection[str] | None = None
) -> dict[str, tuple[float, float]]:
    """Return claimed and assured effectiveness as :func:`assess_controls` does, without names and reasons."""
    stated = _read(view, only)
    pieces = {piece for item in stated.values() for piece in item.nodes(_EVIDENCED)}
    facts = read_facts(view, today=today, evidence_root=evidence_root, only=pieces)
    fresh = {iri for iri, found in facts.items() if judge(found)[0] == "fresh"}
    standings = {
        iri: _stand(item, not fresh.isdisjoint(item.nodes(_EVIDENCED))) for iri, item in stated.items()
    }
    return {iri: (standing.claimed, standing.assured) for iri, standing in standings.items()}


def _read(view: View, only: Collection[str] | None) -> dict[str, Stated]:
    names = [*_FACTORS, _UNVERIFIED, _STATUS, _EVIDENCED]
    return read_statements(view, control_iris(view) if only is None else only, names)


@dataclass(frozen=True, slots=True)
class _Standing:
    """What a control counts; ``stopped`` says why it does nothing, ``remark`` what is wrong with its numbers."""

    claimed: float
    assured: float
    verified: bool
    implemented: bool
    stopped: str | None
    remark: str | None


def _stand(stated: Stated, fresh: bool) -> _Standing:
    statuses = stated.texts(_STATUS)
    stopped = next((NOT_WORKING[status] for status in statuses if status in NOT_WORKING), None)
    claimed, remark = _claimed(stated) if stopped is None else (0.0, None)
    implemented = all(status in _WORKING for status in statuses)
    verified = implemented and fresh
    kept = _one(stated.all(_UNVERIFIED))
    assured = claimed if verified else min(claimed, kept or 0.0)
    return _Standing(claimed, assured, verified, implemented, stopped, remark)


def _claimed(stated: Stated) -> tuple[float, str | None]:
    """Return the claimed effectiveness, and a remark when it cannot be worked out from what is stated."""
    if not stated.all(_DESIGN):
        return 0.0, "No design effectiveness is stated, so it has no effect in numbers."
    product = 1.0
    for name, words in _FACTORS.items():
        if stated.all(name):
            number = _one(stated.all(name))
            if number is None:
                return 0.0, f"Its {words} is not a number from 0 to 1, so it has no effect in numbers."
            product *= number
    return product, None


def _one(values: Sequence[Identifier]) -> float | None:
    """Return the least of the stated numbers; None when one is no probability, or none is stated."""
    numbers = [probability(value) for value in values]
    valid = [number for number in numbers if number is not None]
    return min(valid) if valid and len(valid) == len(numbers) else None


def _reason(standing: _Standing, evidence: Sequence[TracedEvidence]) -> str:
    """Say in plain words why a control does or does not count as declared."""
    main = standing.stopped or _bearing(standing, evidence)
    return f"{main} {standing.remark}" if standing.remark else main


def _bearing(standing: _Standing, evidence: Sequence[TracedEvidence]) -> str:
    if not standing.implemented:
        return "Its implementation status is none that is known, so it is not taken as implemented."
    fresh = [piece for piece in evidence if piece.counts]
    if fresh:
        stale = len(evidence) - len(fresh)
        rest = (
            f" {'One other piece does' if stale == 1 else f'{stale} other pieces do'} not count."
            if stale
            else ""
        )
        more = f" and {len(fresh) - 1} more" if len(fresh) > 1 else ""
        return f"Fresh evidence bears it out: “{fresh[0].label}”{more}.{rest}"
    claimed, assured = standing.claimed, standing.assured
    falls = f" It counts {assured:.2f} instead of {claimed:.2f}." if assured < claimed else ""
    if not evidence:
        return "There is no evidence that it works." + falls
    if len(evidence) == 1:
        return f"Its only evidence, “{evidence[0].label}”, does not count. {evidence[0].reason}{falls}"
    details = " ".join(f"“{piece.label}”: {piece.reason}" for piece in evidence)
    return f"None of its {len(evidence)} pieces of evidence counts. {details}{falls}"


def declared(view: View, only: Collection[str]) -> dict[str, float]:
    """Return what controls (IRIs) are declared to do, whatever their status: design x coverage x reliability."""
    stated = read_statements(view, only, list(_FACTORS))
    return {iri: _claimed(item)[0] for iri, item in stated.items()}
