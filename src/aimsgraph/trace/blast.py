"""How many nodes each node reaches, and which reach the most: what a fault there may touch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from aimsgraph.model.blast import BlastNode, BlastRadius
from aimsgraph.model.node import Completeness
from aimsgraph.store import describe
from aimsgraph.trace.condensation import condensed
from aimsgraph.trace.propagate import DEFAULT_SEED
from aimsgraph.trace.reach_counts import RELATIVE_ERROR, counts_from, estimated_counts, exact_counts

if TYPE_CHECKING:
    from aimsgraph.store.protocol import View
    from aimsgraph.trace.projection import Floats, Ints, Projection
    from aimsgraph.trace.way import Sense

#: All nodes are counted exactly while edges x nodes / 64, circles drawn together, is not more than this.
EXACT_WORK: Final = 1_500_000_000
#: After an estimate so many more nodes than are shown are counted exactly, to find the right ones among them.
_MORE: Final = 192


@dataclass(frozen=True, slots=True, eq=False)
class Reaches:
    """How many others each node of a projection reaches (``counts``), and which of these numbers are exact.

    ``relative_error`` is one standard deviation of those that are not.
    """

    counts: Floats
    exact: np.ndarray[tuple[int], np.dtype[np.bool_]]
    method: Literal["exact", "estimate"]
    relative_error: float
    edges: int


def reaches(
    projection: Projection,
    *,
    direction: Sense = "down",
    include_threats: bool = False,
    top: int = 25,
    seed: int = DEFAULT_SEED,
    exact_work: int = EXACT_WORK,
) -> Reaches:
    """Count for every node how many others it reaches; exactly where that is no more work than ``exact_work``.

    Else an estimate is made, and those that reach the most are counted exactly: at least ``top`` of them.
    """
    kept = slice(None) if include_threats else ~projection.threat
    ends = projection.source[kept], projection.target[kept]
    source, target = ends if direction == "down" else ends[::-1]
    graph = condensed(source, target, projection.size)
    if len(graph.heads) * -(-projection.size // 64) <= exact_work:
        counts = exact_counts(graph)[graph.place] - 1
        return Reaches(counts.astype(np.float64), np.ones(projection.size, bool), "exact", 0.0, len(source))
    guessed = np.maximum(estimated_counts(graph, seed)[graph.place], 1.0) - 1.0
    leading = np.argsort(-guessed, kind="stable")[: top + _MORE]
    places, of_leading = np.unique(graph.place[leading], return_inverse=True)
    guessed[leading] = np.array(counts_from(graph, places.tolist()), np.float64)[of_leading] - 1.0
    exact = np.zeros(projection.size, bool)
    exact[leading] = True
    return Reaches(guessed, exact, "estimate", RELATIVE_ERROR, len(source))


def blast_radius(
    view: View,
    projection: Projection,
    *,
    direction: Sense = "down",
    include_threats: bool = False,
    rows: int = 25,
    seed: int = DEFAULT_SEED,
    exact_work: int = EXACT_WORK,
) -> BlastRadius:
    """Name the nodes that reach the most others, most first, then by IRI.

    Edges that only say that something endangers something are left out unless ``include_threats``. How the numbers were
    found, the answer says; see :func:`reaches`.
    """
    found = reaches(
        projection,
        direction=direction,
        include_threats=include_threats,
        top=rows,
        seed=seed,
        exact_work=exact_work,
    )
    numbers = _leading(found, rows)
    names = [projection.ids[number] for number in numbers.tolist()]
    known = describe(view, names)
    return BlastRadius(
        direction=direction,
        nodes=tuple(
            BlastNode(**dict(known[name]), reaches=round(count))
            for name, count in zip(names, found.counts[numbers].tolist(), strict=True)
        ),
        left_out=projection.size - len(names),
        method=found.method,
        relative_error=found.relative_error,
        seed=seed,
        completeness=Completeness(complete=True, nodes=projection.size, edges=found.edges),
        snapshot=projection.snapshot,
        date=projection.today,
    )


def _leading(found: Reaches, rows: int) -> Ints:
    """Return the nodes that reach the most, of those that were counted exactly."""
    numbers = np.flatnonzero(found.exact)
    return numbers[np.argsort(-found.counts[numbers], kind="stable")[:rows]]
