"""How much all risks together hurt, as a function of how well each control works."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from aimsgraph.attention import go_on
from aimsgraph.trace.decision import TooLargeError
from aimsgraph.trace.exact import Solution, whole_solution
from aimsgraph.trace.outcome import on_the_way
from aimsgraph.trace.toward import evaluated, toward
from aimsgraph.trace.worlds import Worlds

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

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
#: Numbers of controls' chances that are kept with what was worked out for them.
_KEPT: Final = 2_000_000
#: What working out a node of a diagram for a column costs, and a column at all, in edges times worlds.
_PER_NODE: Final = 50
_PER_COLUMN: Final = 50_000


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

    @property
    def cost(self) -> int:
        """What working it out for one column costs, in edges times worlds."""
        if self.solution is not None:
            return _PER_COLUMN + _PER_NODE * self.solution.size
        return _PER_COLUMN + self.worlds * len(self.part.source)

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
                go_on()
                turned = chunk.solve(column).turned[places]
                counts[number] += float(np.bitwise_count(turned).sum())
        return counts / self.worlds


@dataclass(slots=True, eq=False)
class Burden:
    """All risks (so many), each with what it hurts, and the loss of those whose loss is known.

    ``losses`` gives per risk (a node) its annual probability times the loss of one event, ``guards`` the controls that
    stand before it. A column of chances holds the effectiveness of each control. ``spent`` is what working out columns
    has cost so far, in edges times worlds.
    """

    risks: int
    hurts: dict[int, Hurt]
    losses: Mapping[int, float]
    guards: Mapping[int, tuple[int, ...]]
    left_out: int = 0
    spent: int = 0
    _known: dict[tuple[int, bytes], float] = field(default_factory=dict)
    _kept: int = 0
    _hurt_by: dict[int, list[int]] | None = None
    _lost_by: dict[int, list[int]] | None = None

    @property
    def simulated(self) -> bool:
        """Whether what any risk hurts is counted in simulated worlds."""
        return self.worlds is not None

    @property
    def worlds(self) -> int | None:
        """The worlds drawn for each risk that is simulated; None when there is none."""
        return next((hurt.worlds for hurt in self.hurts.values() if hurt.solution is None), None)

    def harms(self, columns: Sequence[Floats]) -> Floats:
        """Return the sum over all risks and targets under each column."""
        result = np.zeros(len(columns))
        for risk in self.hurts:
            result += self.harm(risk, columns)
        return result

    def harm(self, risk: int, columns: Sequence[Floats]) -> list[float]:
        """Return the sum over the targets of one risk under each column; what is known is not worked out again."""
        hurt = self.hurts[risk]
        mine = sorted(hurt.controls)
        keys = [(risk, column[mine].tobytes()) for column in columns]
        found = {key: self._known[key] for key in keys if key in self._known}
        missing = {key: column for key, column in zip(keys, columns, strict=True) if key not in found}
        if missing:
            found.update(zip(missing, map(float, hurt.sums(list(missing.values()))), strict=True))
            self.spent += hurt.cost * len(missing)
            self._keep({key: found[key] for key in missing}, len(mine) + 1)
        return [found[key] for key in keys]

    def _keep(self, found: Mapping[tuple[int, bytes], float], size: int) -> None:
        if self._kept > _KEPT:
            self._known.clear()
            self._kept = 0
        self._known.update(found)
        self._kept += size * len(found)

    def loss(self, column: Floats) -> float | None:
        """Return the expected loss a year under a column; None where no loss is known."""
        return sum(self.loss_of(risk, column) for risk in sorted(self.losses)) if self.losses else None

    def loss_of(self, risk: int, column: Floats) -> float:
        """Return the expected loss a year of one of the risks whose loss is known, under a column."""
        return self.losses[risk] * float(np.prod([1.0 - column[one] for one in self.guards.get(risk, ())]))

    def hurt_through(self, controls: Iterable[int]) -> list[int]:
        """Return the risks of which some controls have a say in what they hurt."""
        if self._hurt_by is None:
            self._hurt_by = _by_control({risk: hurt.controls for risk, hurt in self.hurts.items()})
        return sorted({risk for control in controls for risk in self._hurt_by.get(control, ())})

    def lost_through(self, controls: Iterable[int]) -> list[int]:
        """Return the risks whose loss is known and that some controls stand before."""
        if self._lost_by is None:
            self._lost_by = _by_control({risk: self.guards.get(risk, ()) for risk in self.losses})
        return sorted({risk for control in controls for risk in self._lost_by.get(control, ())})


def _by_control(controls: Mapping[int, Iterable[int]]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for risk, numbers in controls.items():
        for control in numbers:
            found.setdefault(control, []).append(risk)
    return found


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
        go_on()
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
