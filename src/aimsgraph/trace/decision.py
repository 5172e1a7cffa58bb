"""Reduced ordered binary decision diagrams: a true-or-false function of independent chances, kept exact.

Bryant, "Graph-based algorithms for Boolean function manipulation", IEEE Trans. Computers C-35(8), 1986.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from aimsgraph.attention import go_on

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aimsgraph.trace.projection import Floats

#: Once in so many steps it is asked whether anybody still waits.
_LOOK: Final = 1024
FALSE: Final = 0
TRUE: Final = 1


class TooLargeError(Exception):
    """The diagram would outgrow its budget; never leaves this package."""


class Diagrams:
    """A family of functions over variables 0, 1, … in that order, sharing equal parts.

    A function is a number; equal functions have equal numbers. ``budget`` bounds the steps taken, counted and
    not timed, so that the same input is refused or solved on every machine alike.
    """

    def __init__(self, variables: int, budget: int) -> None:
        self._variable = [variables, variables]
        self._low = [FALSE, TRUE]
        self._high = [FALSE, TRUE]
        self._unique: dict[tuple[int, int, int], int] = {}
        self._done: dict[tuple[int, int, bool], int] = {}
        self._budget = budget

    def __len__(self) -> int:
        return len(self._variable)

    def variable(self, number: int, *, negated: bool = False) -> int:
        """Return the function that is true exactly when variable ``number`` is (or, negated, is not)."""
        return self._make(number, TRUE, FALSE) if negated else self._make(number, FALSE, TRUE)

    def both(self, a: int, b: int) -> int:
        """Return ``a`` and ``b``."""
        return self._apply(a, b, True)

    def either(self, a: int, b: int) -> int:
        """Return ``a`` or ``b``."""
        return self._apply(a, b, False)

    def at_least(self, needed: int, functions: Iterable[int]) -> int:
        """Return the function that is true when ``needed`` or more of the ``functions`` are."""
        reached = [TRUE] + [FALSE] * needed
        for function in functions:
            for count in range(needed, 0, -1):
                reached[count] = self.either(reached[count], self.both(reached[count - 1], function))
        return reached[needed]

    def _make(self, variable: int, low: int, high: int) -> int:
        if low == high:
            return low
        key = (variable, low, high)
        found = self._unique.get(key)
        if found is None:
            found = self._unique[key] = len(self._variable)
            self._variable.append(variable)
            self._low.append(low)
            self._high.append(high)
        return found

    def _apply(self, a: int, b: int, conjunction: bool) -> int:
        if a > b:
            a, b = b, a
        if a == b or a <= TRUE:
            if conjunction:
                return b if a else FALSE
            return TRUE if a == TRUE else b
        key = (a, b, conjunction)
        found = self._done.get(key)
        if found is not None:
            return found
        self._budget -= 1
        if self._budget < 0:
            raise TooLargeError
        if not self._budget % _LOOK:
            go_on()
        first, second = self._variable[a], self._variable[b]
        top = min(first, second)
        low_a, high_a = (self._low[a], self._high[a]) if first == top else (a, a)
        low_b, high_b = (self._low[b], self._high[b]) if second == top else (b, b)
        found = self._make(
            top, self._apply(low_a, low_b, conjunction), self._apply(high_a, high_b, conjunction)
        )
        self._done[key] = found
        return found

    def probabilities(self, functions: Iterable[int], chances: Floats) -> Floats:
        """Return Pr[function] for each function, in each column of ``chances`` (variables x columns)."""
        wanted = list(functions)
        needed = np.zeros(len(self._variable), bool)
        needed[wanted] = True
        for number in range(len(self._variable) - 1, TRUE, -1):
            if needed[number]:
                needed[self._low[number]] = needed[self._high[number]] = True
        needed[[FALSE, TRUE]] = False
        numbers = np.flatnonzero(needed)
        variable, low, high = (np.array(part)[numbers] for part in (self._variable, self._low, self._high))
        place = np.zeros(len(self._variable), np.int64)
        place[TRUE] = 1
        place[numbers] = np.arange(2, len(numbers) + 2)
        value = np.zeros((len(numbers) + 2, chances.shape[1]))
        value[1] = 1.0
        by_variable = np.argsort(-variable, kind="stable")
        breaks = np.flatnonzero(np.diff(variable[by_variable])) + 1
        for group in np.split(by_variable, breaks) if len(numbers) else ():
            chance = chances[variable[group[0]]]
            value[group + 2] = value[place[low[group]]] * (1.0 - chance) + value[place[high[group]]] * chance
        result: Floats = value[place[wanted]]
        return result
