"""What one occurrence costs."""

from __future__ import annotations

from math import exp, log

import numpy as np
import pytest

from aimsgraph.trace.loss import MOST, Fixed, Lognormal, Pert, cents, uniforms

EVENLY = (np.arange(200_000) + 0.5) / 200_000


def test_a_pert_from_0_over_1_to_10_has_the_mean_and_quantiles_of_its_beta() -> None:
    # Beta(1.4, 4.6) on 0 … 10: mean (0 + 4 + 10) / 6, variance (mean - 0)(10 - mean) / 7.
    loss = Pert(0.0, 1.0, 10.0)
    drawn = loss.at(EVENLY)
    assert loss.mean == pytest.approx(14 / 6)
    assert drawn.mean() == pytest.approx(14 / 6, rel=1e-4)
    assert drawn.var() == pytest.approx((14 / 6) * (10 - 14 / 6) / 7, rel=1e-3)


def test_a_pert_with_its_mode_in_the_middle_is_symmetric() -> None:
    low, middle, high = Pert(10.0, 50.0, 90.0).at(np.array([0.1, 0.5, 0.9]))
    assert middle == pytest.approx(50.0)
    assert low + high == pytest.approx(100.0)


def test_a_pert_with_its_mode_at_the_least_has_a_known_distribution() -> None:
    # Beta(1, 5): the chance of a share above x is (1 - x) ** 5.
    shares = Pert(0.0, 0.0, 1.0).at(np.array([0.2, 0.5, 0.99]))
    assert 1 - (1 - shares) ** 5 == pytest.approx([0.2, 0.5, 0.99], abs=1e-6)


def test_a_pert_without_width_is_a_fixed_amount() -> None:
    assert (
        Pert(7.0, 7.0, 7.0).at(np.array([0.1, 0.9])).tolist() == Fixed(7.0).at(np.array([0.1, 0.9])).tolist()
    )


def test_nine_of_ten_losses_lie_in_the_interval_of_a_lognormal() -> None:
    loss = Lognormal.of_interval(1_000.0, 100_000.0)
    low, median, high = loss.at(np.array([0.05, 0.5, 0.95]))
    assert (low, median, high) == pytest.approx((1_000.0, 10_000.0, 100_000.0))
    # sigma = ln(100) / (2 x 1.644854), mean = exp(mu + sigma² / 2).
    sigma = log(100.0) / (2 * 1.6448536269514722)
    assert loss.mean == pytest.approx(10_000.0 * exp(sigma**2 / 2))


def test_a_lognormal_by_median_and_spread_is_the_same_as_by_its_interval() -> None:
    loss = Lognormal.of_interval(1_000.0, 100_000.0)
    assert Lognormal.of_median(10_000.0, loss.sigma).mean == pytest.approx(loss.mean)


def test_an_absurd_loss_counts_for_the_most_that_sums_can_hold() -> None:
    assert Lognormal.of_median(1e12, 9.0).at(np.array([0.999])).tolist() == pytest.approx([MOST])


def test_a_spread_beyond_all_measure_has_a_mean_all_the_same() -> None:
    assert Lognormal.of_median(1.0, 1e200).mean > MOST


def test_the_number_of_a_world_depends_on_the_key_and_the_world_alone() -> None:
    worlds = np.arange(10_000)
    found = uniforms(42, worlds)
    assert uniforms(42, worlds[5:7]).tolist() == found[5:7].tolist()
    assert uniforms(43, worlds[:3]).tolist() != found[:3].tolist()
    assert found.min() > 0.0
    assert found.max() < 1.0
    # Five standard errors of 10,000 numbers.
    assert abs(found.mean() - 0.5) < 5 * (1 / 12 / 10_000) ** 0.5


def test_drawn_losses_are_the_same_on_every_machine() -> None:
    worlds = np.arange(3)
    assert cents(Pert(0.0, 1_000.0, 10_000.0), 42, worlds).tolist() == [244536, 245825, 73700]
    assert cents(Lognormal.of_interval(1_000.0, 100_000.0), 42, worlds).tolist() == [1392179, 1405803, 249072]
