"""Decision diagrams."""

from __future__ import annotations

import numpy as np
import pytest

from aimsgraph.trace.decision import FALSE, TRUE, Diagrams, TooLargeError


def test_equal_functions_have_equal_numbers() -> None:
    family = Diagrams(3, 1_000)
    a, b, c = (family.variable(number) for number in range(3))
    left = family.either(family.both(a, b), family.both(a, c))
    assert left == family.both(a, family.either(b, c))
    assert family.both(a, family.variable(0, negated=True)) == FALSE
    assert family.either(a, family.variable(0, negated=True)) == TRUE
    assert family.both(family.both(c, b), a) == family.both(a, family.both(b, c))


def test_at_least_two_of_three_is_the_majority() -> None:
    family = Diagrams(3, 1_000)
    majority = family.at_least(2, [family.variable(number) for number in range(3)])
    chances = np.array([[0.9, 0.5], [0.9, 0.5], [0.9, 1.0]])
    assert family.probabilities([majority, TRUE, FALSE], chances) == pytest.approx(
        np.array([[0.972, 0.75], [1.0, 1.0], [0.0, 0.0]])
    )


def test_the_budget_is_counted_not_timed() -> None:
    family = Diagrams(20, 5)
    with pytest.raises(TooLargeError):
        family.at_least(10, [family.variable(number) for number in range(20)])
