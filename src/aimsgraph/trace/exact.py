"""Exact probabilities: every node's condition as a decision diagram over the chances it depends on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

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

    :raises TooLargeError: with more than ``max_variables`` chances, or when the diagrams outgrow the budget.
    """

    def __init__(
        self, net: Network, distance: Ints, *, hops: int | None, max_variables: int, budget: int = STEP_BUDGET
    ) -> None:
        if int((net.probability < 1.0).sum()) > max_variables:
            raise TooLargeError
        self._net = net
        self._plan = plan(net, distance)
        self._edge_variable: dict[int, int] = {}
        self._leak_variable: dict[int, int] = {}
        self._control_variable: dict[int, int] = {}
        count = self._number_variables()
        if count > max_variables:
            raise TooLargeError
        self._diagrams = Diagrams(count, budget)
        self._variables = count
        self._open = [self._opens(edge) for edge in self._plan.edges.tolist()]
        self._tails = self._plan.tails.tolist()
        self._start = self._plan.start.tolist()
        self._of_place = self._fixpoint() if hops is None else self._rounds(hops)
        self._place = {node: place for place, node in enumerate(self._plan.nodes.tolist())}

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

    def _number_variables(self) -> int:
        """Give numbers to the chances along the plan, so that what acts together stands together."""
        net, count = self._net, 0
        roots = set(net.sources)
        for place, node in enumerate(self._plan.nodes.tolist()):
            for edge in self._plan.edges[self._plan.start[place] : self._plan.start[place + 1]].tolist():
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
        return count

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
        for place, node in enumerate(self._plan.nodes.tolist()):
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

    def _fixpoint(self) -> list[int]:
        values = self._start_values()
        for first, stop, cyclic in self._plan.steps:
            changed = True
            while changed:
                changed = False
                for place in range(first, stop):
                    turned = self._turned(place, values)
                    changed |= cyclic and turned != values[place]
                    values[place] = turned
        return values

    def _rounds(self, hops: int) -> list[int]:
        values = self._start_values()
        for _ in range(hops):
            following = [self._turned(place, values) for place in range(len(values))]
            if following == values:
                break
            values = following
        return values
