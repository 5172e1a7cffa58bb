"""Questions about the answers: why a number is what it is, what to fix first, and what a change would do."""

from __future__ import annotations

from abc import abstractmethod
from pathlib import Path
from typing import TYPE_CHECKING

from aimsgraph import trace
from aimsgraph.errors import NodeNotFoundError, UsageError
from aimsgraph.gated import Gated
from aimsgraph.model.what_if import Change, State, WhatIf

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from aimsgraph.answers import ValidationAnswer
    from aimsgraph.model.fixing import FixFirst
    from aimsgraph.model.impact import Impact
    from aimsgraph.model.lineage import Direction, Lineage
    from aimsgraph.model.node import NodeRef
    from aimsgraph.model.reasoning import ImpactExplanation
    from aimsgraph.store import View
    from aimsgraph.trace.fixing import By

    Progress = Callable[[float, float, str], None]


class Reasoning(Gated):
    """One store that explains its numbers, and can be asked what a change would do to them."""

    @abstractmethod
    def resolve(self, name: str, *, like: str | None = None) -> NodeRef:
        """Return the node that a name names."""

    @abstractmethod
    def validate(self, *, date: date | None = None) -> ValidationAnswer:
        """Say what is missing or wrong."""

    @abstractmethod
    def _evidence_root(self, given: str | Path | None) -> Path | None: ...

    @abstractmethod
    def _projected(
        self, day: date, reach: Callable[[View], trace.Projection | None] | None = None
    ) -> trace.Projection: ...

    def explain_impact(
        self,
        *nodes: str,
        target: str,
        hops: int | None = None,
        dimension: str | None = None,
        date: date | None = None,
        evidence_root: str | Path | None = None,
        seed: int = trace.DEFAULT_SEED,
        progress: Progress | None = None,
    ) -> ImpactExplanation:
        """Explain how likely ``target`` is hurt when the nodes go wrong: ways, dependencies, controls, guesses.

        :raises NodeNotFoundError, NodeAmbiguousError: a name names no node, or several.
        """
        if not nodes:
            raise UsageError("Name at least one node that goes wrong.")
        day, sources = self.today(date), [self.resolve(node) for node in nodes]

        def reach(view: View) -> trace.Projection | None:
            return trace.impact_reach(view, [source.id for source in sources], today=day, hops=hops)

        return trace.explain_impact(
            self.view(), self._projected(day, reach), sources, self.resolve(target),
            today=day, hops=hops, dimension=dimension, evidence_root=self._evidence_root(evidence_root), seed=seed,
            progress=progress,
        )  # fmt: skip

    def fix_first(
        self,
        *nodes: str,
        most: int = 10,
        by: By = "harm",
        date: date | None = None,
        evidence_root: str | Path | None = None,
        seed: int = trace.DEFAULT_SEED,
        progress: Progress | None = None,
    ) -> FixFirst:
        """Rank evidence to renew and controls to change by the assured risk that they would remove, best first.

        Over all risks, or those that the nodes stand for as in ``risks``; ``by`` the harm done, or the loss.
        """
        day, asked = self.today(date), [self.resolve(node) for node in nodes]
        return trace.fix_first(
            self.view(), self._projected(day), asked, today=day, most=most, by=by,
            evidence_root=self._evidence_root(evidence_root), seed=seed, progress=progress,
        )  # fmt: skip

    def what_if(
        self,
        *nodes: str,
        update: str | None = None,
        add: Sequence[str | Path] = (),
        switch: Sequence[tuple[str, str]] = (),
        remove_nodes: Sequence[str] = (),
        lineage: str | None = None,
        direction: Direction | None = None,
        hops: int | None = None,
        validate: bool = True,
        date: date | None = None,
        evidence_root: str | Path | None = None,
        seed: int = trace.DEFAULT_SEED,
        progress: Progress | None = None,
        reserved: bool = True,
    ) -> WhatIf:
        """Say what would differ, were some changes made, and write nothing: what ``nodes`` hurt, risks, controls.

        The changes are made on a trial in this order: files are loaded (``add``), the SPARQL ``update`` is carried out,
        what depends on the first node of a ``switch`` comes to depend on the second, and nodes are removed with all
        that is stated of them. ``lineage`` names a node whose lineage is compared too (up, unless ``direction`` says
        else); ``validate`` compares findings. With ``reserved`` false the update reads nothing of the graphs that the
        store keeps for itself.

        :raises AimsgraphError: as loading and updating do.
        :raises UsageError: there is a direction, and no lineage.
        """
        if direction is not None and lineage is None:
            raise UsageError(
                "A direction is one of a lineage.", hint="Name the node whose lineage is compared."
            )
        day, root = self.today(date), self._evidence_root(evidence_root)
        before = self.view().snapshot
        with self.trial() as trial:
            changes = _changed(trial, add, update, switch, remove_nodes, reserved=reserved)
            moved = trial.diff(before) if changes else None
            sides, sources = (self, trial), [_either(self, trial, node) for node in nodes]
            hurt = (
                _hurt(sides, sources, day, root, hops=hops, seed=seed, progress=progress) if sources else []
            )
            walked: list[Lineage] = []
            if lineage is not None:
                start = _either(self, trial, lineage)
                walked = [
                    trace.lineage(
                        side.view(), side._projected(day), start, direction=direction or "up", hops=hops
                    )
                    for side in sides
                ]
            found = [side.validate(date=day) for side in sides] if validate else []
            states = [
                _state(side, day, root, seed, hurt[at] if hurt else None, found[at] if found else None)
                for at, side in enumerate(sides)
            ]
        differing, unchanged = trace.impact_difference(*hurt) if hurt else ([], 0)
        now, then = ({one.id: one for one in side.findings} for side in found) if found else ({}, {})
        return WhatIf(
            changes=tuple(changes),
            added=len(moved.added) if moved else 0,
            removed=len(moved.removed) if moved else 0,
            sources=tuple(sources),
            today=states[0],
            then=states[1],
            nodes=tuple(differing),
            unchanged=unchanged,
            lineage=trace.lineage_difference(*walked) if walked else None,
            opened=tuple(one for name, one in then.items() if name not in now),
            closed=tuple(one for name, one in now.items() if name not in then),
            seed=seed,
            snapshot=before,
            date=day,
        )


def _hurt(
    sides: Sequence[Reasoning], sources: Sequence[NodeRef], day: date, root: Path | None,
    *, hops: int | None, seed: int, progress: Progress | None,
) -> list[Impact]:  # fmt: skip
    """Return what the sources hurt on each side, worked out in the same way, so that only what changes differs.

    A number that is exact on one side and counted in worlds on the other would differ by chance alone. Where that
    happens, both sides are counted in the same worlds.
    """

    def worked(worlds: int, most: int) -> list[Impact]:
        return [
            trace.impact(
                side.view(), side._projected(day), sources, today=day, hops=hops, evidence_root=root,
                seed=seed, worlds=worlds, max_exact_variables=most, progress=progress,
            )
            for side in sides
        ]  # fmt: skip

    found = worked(trace.DEFAULT_WORLDS, trace.MAX_EXACT_VARIABLES)
    while not trace.worked_out_alike(*found):
        found = worked(min(one.worlds for one in found if one.worlds is not None), 0)
    return found


def _either(today: Reasoning, then: Reasoning, name: str) -> NodeRef:
    """Return the node that a name names as things are, or else as they would be."""
    try:
        return today.resolve(name)
    except NodeNotFoundError as missing:
        try:
            return then.resolve(name)
        except NodeNotFoundError:
            raise missing from None


def _changed(
    trial: Reasoning,
    add: Sequence[str | Path],
    update: str | None,
    switch: Sequence[tuple[str, str]],
    remove_nodes: Sequence[str],
    *,
    reserved: bool,
) -> list[Change]:
    """Make the changes, and return them in words."""
    found = []
    if add:
        trial.load(*add)
        found += [Change(kind="add", text=f"Load {Path(path).name}.", update=None) for path in add]
    if update is not None:
        trial.update(update, reserved=reserved)
        found.append(Change(kind="update", text="Carry out the update given.", update=update))
    for one, other in switch:
        old, new = trial.resolve(one), trial.resolve(other)
        text = trace.replacement(trial.view(), old.id, new.id)
        trial.update(text)
        said = f"Let what depends on “{old.label}” depend on “{new.label}” instead."
        found.append(Change(kind="switch", text=said, update=text))
    for name in remove_nodes:
        node = trial.resolve(name)
        text = trace.withdrawal(node.id)
        trial.update(text)
        found.append(Change(kind="remove-node", text=f"Remove “{node.label}”.", update=text))
    return found


def _state(
    graph: Reasoning,
    day: date,
    root: Path | None,
    seed: int,
    hurt: Impact | None,
    found: ValidationAnswer | None,
) -> State:
    """Return how things stand in a graph."""
    view, projection = graph.view(), graph._projected(day)
    controls = trace.assess_controls(view, today=day, evidence_root=root)
    net, borne = trace.exposure(
        view, projection, (), {iri: (one.claimed, one.assured) for iri, one in controls.items()}, seed=seed
    )
    return State(
        hurt=len(hurt.nodes) if hurt else None,
        sum_assured=sum(node.assured for node in hurt.nodes) if hurt else None,
        method=hurt.method if hurt else None,
        worlds=hurt.worlds if hurt else None,
        risk=trace.risked(borne, net.assured),
        controls=len(controls),
        verified=sum(one.verified for one in controls.values()),
        findings=dict(found.counts) if found else None,
    )
