"""The questions that a server answers with value objects."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from aimsgraph.client.routes import API, Routes, told
from aimsgraph.model.blast import BlastRadius
from aimsgraph.model.finding import Validation
from aimsgraph.model.fixing import FixFirst
from aimsgraph.model.impact import Impact
from aimsgraph.model.lineage import Lineage
from aimsgraph.model.reasoning import ImpactExplanation
from aimsgraph.model.risk import Risks
from aimsgraph.model.routes import Cycles, LineageChange, Paths, Shared, WeakPoints
from aimsgraph.model.trace import Trace

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date as Day  # noqa: N812 - `date` is the name of the parameter

    from aimsgraph.model.lineage import Direction
    from aimsgraph.model.risk import By

Picture = Literal["svg", "png", "pdf", "dot", "mermaid", "graphml", "cytoscape"]


class Reading(Routes):
    """The engine's questions by their names there.

    A node is named by its IRI, its CURIE or its unique label. ``along``, ``types``, ``areas`` and ``only_through``
    narrow what is walked and what is shown; ``date`` is the day as on which dates are judged.
    """

    def lineage(
        self, node: str, *, direction: Direction = "up", hops: int | None = None, threats: bool = False,
        along: Sequence[str] = (), types: Sequence[str] = (), areas: Sequence[str] = (), only_through: bool = False,
        date: Day | None = None,
    ) -> Lineage:  # fmt: skip
        """Say what a node comes from (up), what comes from it (down), or both.

        :raises NodeNotFoundError, NodeAmbiguousError: the name fits none, or several.
        """
        return self._get(
            Lineage, "lineage", node=node, direction=direction, hops=hops, threats=threats, along=along, type=types,
            area=areas, only_through=only_through, date=date,
        )  # fmt: skip

    def lineage_change(
        self, node: str, *, since: str, direction: Direction = "up", hops: int | None = None, threats: bool = False,
        date: Day | None = None,
    ) -> LineageChange:  # fmt: skip
        """Say what came into the lineage of a node, left it or moved since a changeset, a day or an instant."""
        return self._get(
            LineageChange, "lineage/changes", node=node, since=since, direction=direction, hops=hops,
            threats=threats, date=date,
        )  # fmt: skip

    def paths(
        self, source: str, target: str, *, hops: int | None = None, most: int = 25, threats: bool = False,
        date: Day | None = None,
    ) -> Paths:  # fmt: skip
        """Say along which ways ``source`` feeds into ``target``, those with the fewest hops first."""
        return self._get(
            Paths, "paths", source=source, target=target, hops=hops, most=most, threats=threats, date=date
        )

    def common(
        self, *nodes: str, of: Sequence[str] = (), least: int | None = None, most: int = 1000,
        types: Sequence[str] = (), date: Day | None = None,
    ) -> Shared:  # fmt: skip
        """Say what nodes have upstream in common: all of those named, or at least two of a class."""
        return self._get(Shared, "common", node=nodes, of=of, least=least, most=most, type=types, date=date)

    def cycles(self, *, date: Day | None = None) -> Cycles:
        """Say what depends, in the end, on itself."""
        return self._get(Cycles, "cycles", date=date)

    def weak_points(
        self, node: str | None = None, *, of: Sequence[str] = (), most: int = 100, date: Day | None = None
    ) -> WeakPoints:
        """Say without which nodes ``node`` is cut off from what it comes from, or without which most nodes are."""
        return self._get(WeakPoints, "weak-points", node=node, of=of, most=most, date=date)

    def blast_radius(
        self, *, direction: Literal["up", "down"] = "down", threats: bool = False, rows: int = 25,
        date: Day | None = None,
    ) -> BlastRadius:  # fmt: skip
        """Say which nodes reach the most others."""
        return self._get(
            BlastRadius, "blast-radius", direction=direction, threats=threats, rows=rows, date=date
        )

    def impact(
        self, *nodes: str, hops: int | None = None, dimension: str | None = None, date: Day | None = None
    ) -> Impact:
        """Say what the nodes, were they bad, would hurt, and how likely; ``dimension``: in which quality only."""
        return self._get(Impact, "impact", node=nodes, hops=hops, dimension=dimension, date=date)

    def explain_impact(
        self, *nodes: str, target: str, hops: int | None = None, dimension: str | None = None, date: Day | None = None
    ) -> ImpactExplanation:  # fmt: skip
        """Say why ``target`` is hurt with its probability."""
        return self._get(
            ImpactExplanation, "impact/explanation", node=nodes, target=target, hops=hops, dimension=dimension,
            date=date,
        )  # fmt: skip

    def risks(self, *nodes: str, by: By = "risk", date: Day | None = None) -> Risks:
        """Say how likely risks come true within a year, what they cost, and whether they may stay."""
        return self._get(Risks, "risk", node=nodes, by=by, date=date)

    def fix_first(
        self, *nodes: str, most: int = 10, by: Literal["harm", "loss"] = "harm", date: Day | None = None
    ) -> FixFirst:
        """Rank what to fix by the risk that it would remove."""
        return self._get(FixFirst, "fix-first", node=nodes, most=most, by=by, date=date)

    def trace(self, node: str, *, date: Day | None = None) -> Trace:
        """Follow a requirement, control, risk, system or area to the evidence behind it."""
        return self._get(Trace, "trace", node=node, date=date)

    def validate(self, *, date: Day | None = None) -> Validation:
        """Say what is missing, what was not assessed, and how complete each area and owner is."""
        return self._get(Validation, "validation", date=date)

    def diagram(
        self, node: str, *, format: Picture = "svg", direction: Direction = "both", hops: int | None = None,
        threats: bool = False, impact: bool = False, collapse: Literal["type", "system", "none"] | None = None,
        date: Day | None = None,
    ) -> bytes:  # fmt: skip
        """Draw the dependencies around a node, or with ``impact`` what it would hurt."""
        words = told(
            as_of=self._moment, node=node, format=format, direction=direction, hops=hops, threats=threats,
            impact=impact, collapse=collapse, date=date,
        )  # fmt: skip
        return self._connection.get(f"{API}diagram", words, accept="*/*").content
