"""How much all risks together hurt, as a function of how well each control works."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from aimsgraph.trace.decision import TooLargeError
from aimsgraph.trace.exact import Solution, whole_solution
from aimsgraph.trace.outcome import on_the_way
from aimsgraph.trace.toward import evaluated, toward
from aimsgraph.trace.worlds import Worlds

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aimsgraph.trace.network import Network
    from aimsgraph.trace.outcome import Progress
    from aimsgraph.trace.projection import Floats, Ints

#: What simulating risks may cost for one column of chances, in edges times worlds, over all risks.
BUDGET: Final = 1_000_000_000
#: Worlds that are drawn for one risk, and fewest of them where there is much to simulate; multiples of 64.
WORLDS: Final = 4_096
LEAST: Final = 512
#: Steps that the diagrams of one risk may take.
_STEPS: Final = 200_000


@dataclass(slots=True, eq=False)
class Hurt:
    """What one risk, taken as having happened, hurts: the sum of its targets' probabilities per column of chances."""

    part: Network
    distance: Ints
    targets: list[int]
    controls: frozenset[int]
    solution: Solution | None
    seed: int
    worlds: int = WORLDS

    def sums(self, columns: Sequence[Floats]) -> Floats:
        """Return the sum over the targets under each column of chances that controls work."""
        if self.solution is not None:
            found: Floats = evaluated(self.solution, self.targets, columns).sum(axis=0)
            return found
        drawn = Worlds(self.part, self.distance, hops=None, seed=self.seed)
        places = drawn.place[np.array(self.targets, np.int64)]
        places = places[places >= 0]
        counts = np.zeros(len(columns))
        for chunk in drawn.chunks(self.worlds // 64):
            for number, column in enumerate(columns):
                turned = chunk.solve(column).turned[places]
                counts[number] += float(np.bitwise_count(turned).sum())
        return counts / self.worlds


@dataclass(slots=True, eq=False)
class Burden:
    """All risks (so many), each with what it hurts, and the loss of those whose loss is known.

    ``losses`` gives per risk (a node) its annual probability times the loss of one event, ``guards`` the controls that
    stand before it. A column of chances holds the effectiveness of each control.
    """

    risks: int
    hurts: dict[int, Hurt]
    losses: Mapping[int, float]
    guards: Mapping[int, tuple[int, ...]]
    left_out: int = 0
    _known: dict[tuple[int, bytes], float] = field(default_factory=dict)

    @property
    def simulated(self) -> bool:
        """Whether what any risk hurts is counted in simulated worlds."""
        return self.worlds is not None

    @property
    def worlds(self) -> int | None:
        """The worlds drawn for each risk that is simulated; None when there is none."""
        return next((hurt.worlds for hurt in self.hurts.values() if hurt.solution is None), None)

    def harms(self, columns: Sequence[Floats]) -> Floats:
        """Return the sum over all risks and targets under each column; what was worked out before is not again."""
        result = np.zeros(len(columns))
        for risk, hurt in self.hurts.items():
            mine = sorted(hurt.controls)
            keys = [(risk, column[mine].tobytes()) for column in columns]
            missing: dict[tuple[int, bytes], Floats] = {
                key: column for key, column in zip(keys, columns, strict=True) if key not in self._known
            }
            if missing:
                found = hurt.sums(list(missing.values()))
                self._known.update(zip(missing, map(float, found), strict=True))
            result += [self._known[key] for key in keys]
        return result

    def loss(self, column: Floats) -> float | None:
        """Return the expected loss a year under a column; None where no loss is known."""
        if not self.losses:
            return None
        return sum(
            loss * float(np.prod([1.0 - column[control] for control in self.guards.get(risk, ())]))
            for risk, loss in sorted(self.losses.items())
        )


def burden(
    net: Network,
    risks: Sequence[int],
    targets: Sequence[int],
    *,
    losses: Mapping[int, float],
    guards: Mapping[int, tuple[int, ...]],
    elsewhere: int = 0,
    seed: int,
    max_exact_variables: int,
    progress: Progress | None = None,
) -> Burden:
    """Work out what each of the ``risks`` does to the ``targets``: exactly where small, else in simulated worlds.

    Where there is much to simulate each risk gets fewer worlds; at a fixed number of edges and worlds over all risks
    those that are left, in the order given, are left out. ``elsewhere`` counts further risks, which hurt none of these.
    """
    found, simulated = Burden(len(risks) + elsewhere, {}, losses, guards), list[int]()
    for number, risk in enumerate(risks):
        part, distance = toward(replace(net, sources=(risk,)), targets, None)
        reached = [node for node in targets if distance[node] > 0]
        if reached:
            solution = _solution(part, distance, max_exact_variables)
            controls = frozenset(on_the_way(part))
            found.hurts[risk] = Hurt(part, distance, reached, controls, solution, seed)
            simulated += [risk] if solution is None else []
        if progress is not None:
            progress(number + 1, len(risks), "spreading each risk")
    edges = sum(len(found.hurts[risk].part.source) for risk in simulated)
    worlds = max(LEAST, min(WORLDS, BUDGET // max(1, edges) // 64 * 64))
    spent = 0
    for risk in simulated:
        found.hurts[risk].worlds = worlds
        spent += worlds * len(found.hurts[risk].part.source)
        if spent > BUDGET:
            del found.hurts[risk]
            found.left_out += 1
    return found


def _solution(part: Network, distance: Ints, most: int) -> Solution | None:
    try:
        if most <= 0:
            raise TooLargeError
        return whole_solution(part, distance, hops=None, max_variables=most, budget=_STEPS)
    except TooLargeError:
        return None
