"""The trace: from any node to the controls behind it, their evidence and owners, and what is missing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from aimsgraph.model.node import NodeRef
from aimsgraph.model.trace import Gap, GapKind, Trace, TracedControl
from aimsgraph.store import describe
from aimsgraph.trace.controls import NOT_WORKING, ControlAssessment, assess_controls, control_iris
from aimsgraph.trace.projection import project
from aimsgraph.trace.qualified import day
from aimsgraph.trace.scope import Links, Scope, natural, scope_of
from aimsgraph.vocab import AIMS, compact

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from datetime import date
    from pathlib import Path

    from aimsgraph.store.protocol import View
    from aimsgraph.trace.projection import Projection


def trace(
    view: View, node: NodeRef, *, today: date, evidence_root: Path | None = None,
    projected: Callable[[], Projection] | None = None
) -> Trace:  # fmt: skip
    """Follow ``node`` to the controls that stand behind it and to their evidence, as on the day ``today``.

    ``via`` holds what lies in between, nearest first; ``gaps`` what is missing, in the order of the controls.
    ``projected`` gives the dependencies of that day where they are at hand; they are asked for only where they matter.
    """
    links = Links(view, control_iris(view), today, projected or (lambda: project(view, today=today)))
    scope = scope_of(links, node.id)
    assessed = assess_controls(view, today=today, evidence_root=evidence_root, only=scope.controls)
    standing = Standing.read(links, scope, node, assessed)
    return Trace(
        node=node,
        via=tuple(standing.refs(scope.via, lambda iri: scope.via[iri])),
        controls=tuple(standing.traced(iri) for iri in standing.ordered(scope.controls)),
        gaps=tuple(standing.gaps(scope)),
        snapshot=view.snapshot,
        date=today,
    )


@dataclass(frozen=True, slots=True)
class Standing:
    """Everything that the trace of one node needs to know of the nodes it shows."""

    today: date
    node: NodeRef
    assessed: Mapping[str, ControlAssessment]
    known: Mapping[str, NodeRef]
    owners: Mapping[str, set[str]]
    left_on: Mapping[str, date]
    requirements: Mapping[str, set[str]]
    guarded: Mapping[str, set[str]]
    risks: frozenset[str]

    @classmethod
    def read(
        cls, links: Links, scope: Scope, node: NodeRef, assessed: Mapping[str, ControlAssessment]
    ) -> Standing:
        """Read what is known of the nodes in ``scope``."""
        owners = links.pairs(AIMS + "ownedBy")
        requirements = links.pairs(AIMS + "implements")
        guarded = links.pairs(*sorted(links.annotations.guarding))
        left_on = {}
        for row in links.view.select(f"SELECT ?o ?d WHERE {{ ?o <{AIMS}activeUntil> ?d }} ORDER BY DESC(?d)"):
            last = day(row["d"])
            if last is not None and last < links.today:
                left_on[str(row["o"])] = last
        shown = {*scope.via, *scope.controls, *scope.bare, node.id}
        named = set(shown)
        for iri in shown:
            named |= owners.get(iri, set())
        for iri in scope.controls:
            named |= requirements.get(iri, set()) | guarded.get(iri, set())
        return cls(
            today=links.today,
            node=node,
            assessed=assessed,
            known=describe(links.view, sorted(named)),
            owners=owners,
            left_on=left_on,
            requirements=requirements,
            guarded=guarded,
            risks=links.instances("Risk"),
        )

    def ordered(self, iris: Iterable[str], rank: Callable[[str], int] = lambda _: 0) -> list[str]:
        """Order nodes by rank, then by name as people count (A.6.2.10 after A.6.2.4), then by IRI."""
        return sorted(iris, key=lambda iri: (rank(iri), natural(self._name(iri)), iri))

    def refs(self, iris: Iterable[str], rank: Callable[[str], int] = lambda _: 0) -> Iterator[NodeRef]:
        """Yield the named nodes in that order."""
        return (self.known[iri] for iri in self.ordered(iris, rank))

    def _name(self, iri: str) -> str:
        ref = self.known[iri]
        # A requirement's label is a title; its place in the standard is in its IRI.
        return compact(iri) if ref.type == "aims:Requirement" else ref.label

    def traced(self, iri: str) -> TracedControl:
        """Return one control with all that hangs on it."""
        item, guarded = self.assessed[iri], self.guarded.get(iri, set())
        return TracedControl(
            **item.told(),
            owners=tuple(self.refs(self.owners.get(iri, ()))),
            implementation_status=item.status,
            requirements=tuple(self.refs(self.requirements.get(iri, ()))),
            risks=tuple(self.refs(guarded & self.risks)),
            assets=tuple(self.refs(guarded - self.risks)),
            evidence=item.evidence,
        )

    def gaps(self, scope: Scope) -> Iterator[Gap]:
        """Yield what is missing: nodes without a control, then control by control, then owners."""
        for iri in self.ordered(scope.bare):
            ref = self.known[iri]
            yield _gap(
                ref, "no-control", f"{_named(ref)}: {scope.bare[iri]}.", _FIX_BARE.get(ref.type, _FIX_CONTROL)
            )
        told: set[str] = set()
        for iri in self.ordered(scope.controls):
            yield from self._control_gaps(self.assessed[iri], told)
        looked_at = [*self.ordered(scope.controls), *self.ordered(set(scope.via) & self.risks)]
        if self.node.type in _OWNED and self.node.id not in looked_at:
            looked_at.insert(0, self.node.id)
        for iri in looked_at:
            yield from self._owner_gap(iri)

    def _control_gaps(self, item: ControlAssessment, told: set[str]) -> Iterator[Gap]:
        name = item.ref.label
        stopped = next((text for iri, text in NOT_WORKING.items() if compact(iri) == item.status), None)
        if stopped is not None:
            yield _gap(
                item.ref, "not-implemented", f"{name} does nothing yet or any more. {stopped}",
                "Implement it and record its status, or name the control that does its work instead.",
            )  # fmt: skip
        if not item.evidence and stopped is None:
            yield _gap(
                item.ref, "no-evidence", f"{name} has no evidence. {_effect(item)}",
                "Collect evidence that it works, and link it with aims:evidencedBy.",
            )  # fmt: skip
        for piece in item.evidence:
            if not piece.counts and piece.id not in told:
                told.add(piece.id)
                altered = piece.status == "altered"
                yield _gap(
                    piece, "altered-evidence" if altered else "stale-evidence",
                    f"“{piece.label}”, evidence of {name}, does not count. {piece.reason} {_effect(item)}",
                    MENDING[piece.status] if altered or not item.verified else _FIX_SPARE,
                )  # fmt: skip

    def _owner_gap(self, iri: str) -> Iterator[Gap]:
        owners = self.owners.get(iri, set())
        if owners - self.left_on.keys():
            return
        ref = self.known[iri]
        if owners:
            gone = self.ordered(owners)[-1]
            text = (
                f"{_named(ref)} has no owner any more: {self.known[gone].label} left on {self.left_on[gone]}."
            )
        else:
            text = f"{_named(ref)} has no owner."
        yield _gap(ref, "no-owner", text, "Name who answers for it, with aims:ownedBy.")


_OWNED = ("aims:AISystem", "aims:Model", "aims:ModelVersion", "aims:Dataset", "aims:Risk")
_FIX_CONTROL = "Add a control with aims:guards or aims:mitigates, or record why none is needed."
_FIX_BARE = {
    "aims:Requirement": "Link the control that does this with aims:implements, or record in the statement of "
    "applicability that the requirement does not apply, and why.",
    "aims:Risk": "Add a control with aims:mitigates, or record who accepts the risk and until when.",
    "aims:Evidence": "Link it from the control that it bears out with aims:evidencedBy.",
}
_FIX_SPARE = "Nothing depends on it while other evidence is fresh: renew it, or take it off the control."
#: What to do about a piece of evidence that does not count, by its status.
MENDING = {
    "altered": "Restore the file that was recorded, or have the new one approved and record its SHA-256.",
    "file-missing": "Put the file back in its place, or correct its location.",
    "expired": "Collect new evidence, or have this piece reviewed and its last day extended.",
    "not-yet-valid": "Correct its dates, or add evidence that counts today.",
    "undated": "Record when it was collected with aims:collectedOn.",
}


def _gap(node: NodeRef, kind: GapKind, message: str, fix: str) -> Gap:
    return Gap(
        node=NodeRef(id=node.id, type=node.type, label=node.label), kind=kind, message=message, fix=fix
    )


def _named(ref: NodeRef) -> str:
    return f"{compact(ref.id).partition(':')[2]} {ref.label}" if ref.type == "aims:Requirement" else ref.label


def _effect(item: ControlAssessment) -> str:
    """Say what missing or stale evidence does to the control that rests on it."""
    if item.verified:
        return "The control still counts, by other evidence."
    if item.claimed > item.assured:
        return f"The control counts {item.assured:.2f} instead of {item.claimed:.2f}."
    return "The control is not verified."
