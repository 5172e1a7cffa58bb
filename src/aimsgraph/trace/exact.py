"""Exact probabilities: every node's condition as a decision diagram over the chances it depends on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from aimsgraph.attention import go_on
from aimsgraph.trace.decision import FALSE, TRUE, Diagrams, TooLargeError
from aimsgraph.trace.plan import plan

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aimsgraph.trace.network import Network
    from aimsgraph.trace.projection import Floats, Ints

#: Steps that the diagrams of one question may take; about a second.
STEP_BUDGET: Final = 600_000


class Solution:
    """The condition under which each node turns, as a function of edges, leaks and controls.

    With more than ``max_variables`` chances, or when the diagrams outgrow the budget, it goes as far along the plan
    as it can: ``stopped_by`` tells what ended it ("" where nothing did), ``known`` for which nodes it holds.
    """

    def __init__(
        self, net: Network, distance: Ints, *, hops: int | None, max_variables: int, budget: int = STEP_BUDGET
    ) -> None:
        self._net = net
        self._plan = plan(net, distance)
        self._edge_variable: dict[int, int] = {}
        self._leak_variable: dict[int, int] = {}
        self._control_variable: dict[int, int] = {}
        self._numbered = self._number_variables(max_variables)
        self._variables = len(self._edge_variable) + len(self._leak_variable) + len(self._control_variable)
        self.stopped_by: Literal["", "chances", "steps"] = (
            "" if self._numbered == len(self._plan.nodes) else "chances"
        )
        go_on()
        self._diagrams = Diagrams(self._variables, budget)
        self._open: list[int] = []
        self._tails = self._plan.tails.tolist()
        self._start = self._plan.start.tolist()
        self._of_place, solved = self._solve(hops)
        self._place = {node: place for place, node in enumerate(self._plan.nodes[:solved].tolist())}
        self.known: Ints = self._plan.nodes[:solved]

    def _solve(self, hops: int | None) -> tuple[list[int], int]:
        """Return the conditions of the places, and how many of them, from the first on, are whole."""
        values, self._whole = [FALSE] * len(self._plan.nodes), 0
        if hops is not None and self.stopped_by:
            return values, 0  # each round needs all places of the round before
        try:
            values = self._start_values()
            self._open = [
                self._opens(edge) for edge in self._plan.edges[: self._start[self._numbered]].tolist()
            ]
            if hops is None:
                self._fixpoint(values)
            else:
                values = self._rounds(values, hops)
        except TooLargeError:
            self.stopped_by = "steps"
        return values, self._whole

    @property
    def size(self) -> int:
        """How many nodes its diagrams have."""
        return len(self._diagrams)

    def probabilities(self, nodes: Sequence[int], control_chances: Floats) -> Floats:
        """Return Pr[node turns] per node, in each column of ``control_chances`` (controls x columns)."""
        return self._evaluate([self._function(node) for node in nodes], control_chances)

    def joint(self, nodes: Sequence[int], control_chances: Floats) -> Floats:
        """Return Pr[all of ``nodes`` turn], per column of ``control_chances``."""
        together = TRUE
        for node in nodes:
            together = self._diagrams.both(together, self._function(node))
        result: Floats = self._evaluate([together], control_chances)[0]
        return result

    def _evaluate(self, functions: list[int], control_chances: Floats) -> Floats:
        chances = np.zeros((self._variables, control_chances.shape[1]))
        for edge, variable in self._edge_variable.items():
            chances[variable] = self._net.probability[edge]
        for node, variable in self._leak_variable.items():
            chances[variable] = self._net.leaks[node]
        for control, variable in self._control_variable.items():
            chances[variable] = control_chances[control]
        return np.clip(self._diagrams.probabilities(functions, chances), 0.0, 1.0)

    def _function(self, node: int) -> int:
        place = self._place.get(node)
        return FALSE if place is None else self._of_place[place]

    def _number_variables(self, most: int) -> int:
        """Give numbers to the chances along the plan, so that what acts together stands together.

        Returns how many places, from the first on, have all their chances among the first ``most``.
        """
        net, count = self._net, 0
        roots = set(net.sources)
        for place, node in enumerate(self._plan.nodes.tolist()):
            edges = self._plan.edges[self._plan.start[place] : self._plan.start[place + 1]].tolist()
            for edge in edges:
                for control in net.guard_sets[int(net.guard[edge])]:
                    if control not in self._control_variable:
                        self._control_variable[control] = count
                        count += 1
                if net.probability[edge] < 1.0:
                    self._edge_variable[edge] = count
                    count += 1
            if 0.0 < net.leaks.get(node, 0.0) < 1.0 and node not in roots:
                self._leak_variable[node] = count
                count += 1
            if count > most:
                return place
        return len(self._plan.nodes)

    def _opens(self, edge: int) -> int:
        variable = self._edge_variable.get(edge)
        function = TRUE if variable is None else self._diagrams.variable(variable)
        for control in self._net.guard_sets[int(self._net.guard[edge])]:
            stopped = self._diagrams.variable(self._control_variable[control], negated=True)
            function = self._diagrams.both(function, stopped)
        return function

    def _start_values(self) -> list[int]:
        roots = set(self._net.sources)
        values = [TRUE if node in roots else FALSE for node in self._plan.nodes.tolist()]
        for place, node in enumerate(self._plan.nodes[: self._numbered].tolist()):
            if node in self._leak_variable:
                values[place] = self._diagrams.variable(self._leak_variable[node])
            elif self._net.leaks.get(node, 0.0) >= 1.0:
                values[place] = TRUE
        return values

    def _turned(self, place: int, values: list[int]) -> int:
        """Return the condition of one node, given those of the nodes before it and its own so far."""
        if values[place] == TRUE:
            return TRUE
        arriving = [
            self._diagrams.both(values[self._tails[at]], self._open[at])
            for at in range(self._start[place], self._start[place + 1])
        ]
        needed = self._net.needs.get(int(self._plan.nodes[place]), 1)
        return self._diagrams.either(values[place], self._diagrams.at_least(needed, arriving))

    def _fixpoint(self, values: list[int]) -> None:
        for first, stop, cyclic in self._plan.steps:
            changed = True
            if cyclic and stop > self._numbered:
                return  # a place of a cycle is whole only when all are
            while changed:
                changed = False
                for place in range(first, min(stop, self._numbered)):
                    turned = self._turned(place, values)
                    changed |= cyclic and turned != values[place]
                    values[place] = turned
                    if not cyclic:
                        self._whole = place + 1
            if stop > self._numbered:
                return
            self._whole = stop

    def _rounds(self, values: list[int], hops: int) -> list[int]:
        for _ in range(hops):
            following = [self._turned(place, values) for place in range(len(values))]
            if following == values:
                break
            values = following
        self._whole = len(values)
        return values


def whole_solution(
    net: Network, distance: Ints, *, hops: int | None, max_variables: int, budget: int = STEP_BUDGET
) -> Solution:
    """Return the solution of a network for all its nodes.

    :raises TooLargeError: with more than ``max_variables`` chances, or when the diagrams outgrow the budget.
    """
    solution = Solution(net, distance, hops=hops, max_variables=max_variables, budget=budget)
    if solution.stopped_by:
        raise TooLargeError
    return solution
