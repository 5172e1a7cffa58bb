"""What one occurrence of a risk costs: a fixed amount, a PERT or a lognormal distribution."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import exp, log
from statistics import NormalDist
from typing import TYPE_CHECKING, Final

import numpy as np

from aimsgraph.trace.chance import Words, mixed

if TYPE_CHECKING:
    from aimsgraph.model.risk import LossKind
    from aimsgraph.trace.projection import Floats, Ints

#: A single loss counts for no more than this many euro, so that sums in whole cents stay exact.
MOST: Final = 1e13
#: A lognormal of a larger sigma says nothing: its mean is more than 10 ** 195 times its median.
WIDEST: Final = 30.0
#: Points at which the distribution of a PERT is tabulated.
_POINTS: Final = 4_097
_NORMAL: Final = NormalDist()
#: The 95 % quantile of the normal distribution: half of a 90 % interval.
_HALF_OF_NINETY: Final = _NORMAL.inv_cdf(0.95)
_GOLDEN: Final = np.uint64(0x9E3779B97F4A7C15)


def uniforms(key: int, worlds: Ints) -> Floats:
    """Return one number in (0, 1) for each world: a pure function of the key and the number of the world."""
    first = np.full(len(worlds), key, np.uint64)
    words: Words = mixed(first, worlds.astype(np.uint64) * _GOLDEN)
    return ((words >> np.uint64(11)).astype(np.float64) + 0.5) * 2.0**-53


@dataclass(frozen=True, slots=True)
class Fixed:
    """The same amount each time."""

    amount: float
    kind: LossKind = "fixed"

    @property
    def mean(self) -> float:
        """The amount."""
        return self.amount

    def at(self, chances: Floats) -> Floats:
        """Return the loss at each chance that it is no larger (0 … 1)."""
        return np.full(len(chances), min(self.amount, MOST))


@dataclass(frozen=True, slots=True)
class Pert:
    """A least, a most likely and a largest amount (Malcolm et al., Operations Research 7(5), 1959).

    The beta distribution between ``least`` and ``most`` whose mean is (least + 4 x likely + most) / 6.
    """

    least: float
    likely: float
    most: float
    kind: LossKind = "pert"

    @property
    def mean(self) -> float:
        """(least + 4 likely + most) / 6."""
        return (self.least + 4.0 * self.likely + self.most) / 6.0

    def at(self, chances: Floats) -> Floats:
        """Return the loss at each chance that it is no larger (0 … 1)."""
        if self.most <= self.least:
            return np.full(len(chances), min(self.least, MOST))
        below = _beta_table((self.likely - self.least) / (self.most - self.least))
        share = np.interp(chances, below, np.linspace(0.0, 1.0, _POINTS))
        found: Floats = np.minimum(self.least + (self.most - self.least) * share, MOST)
        return found


@dataclass(frozen=True, slots=True)
class Lognormal:
    """An amount whose logarithm is normal with mean ``mu`` and standard deviation ``sigma``."""

    mu: float
    sigma: float
    kind: LossKind = "lognormal"

    @classmethod
    def of_interval(cls, low: float, high: float) -> Lognormal:
        """Return the one that lies between ``low`` and ``high`` in nine of ten cases, as often below as above."""
        return cls((log(low) + log(high)) / 2.0, (log(high) - log(low)) / (2.0 * _HALF_OF_NINETY))

    @classmethod
    def of_median(cls, median: float, sigma: float) -> Lognormal:
        """Return the one with this median, and ``sigma`` as the standard deviation of its logarithm."""
        return cls(log(median), sigma)

    @property
    def mean(self) -> float:
        """exp(mu + sigma² / 2)."""
        return exp(min(self.mu + self.sigma * self.sigma / 2.0, 700.0))

    def at(self, chances: Floats) -> Floats:
        """Return the loss at each chance that it is no larger (0 … 1)."""
        # One by one in Python: numpy's logarithms differ in the last digit from one processor to the next.
        top = log(MOST)
        logs = [self.mu + self.sigma * _NORMAL.inv_cdf(chance) for chance in chances.tolist()]
        return np.array([exp(min(value, top)) for value in logs], np.float64)


Distribution = Fixed | Pert | Lognormal


@lru_cache(maxsize=256)
def _beta_table(place: float) -> Floats:
    """Return the distribution function of the PERT's beta at evenly spaced shares; ``place`` is that of the mode.

    Simpson's rule over (1 + 4 place, 5 - 4 place), which has both exponents between 0 and 4. Rounded, so that the last
    digits of powers, which differ between processors, change no sample.
    """
    first, second = 4.0 * place, 4.0 - 4.0 * place
    fine = np.linspace(0.0, 1.0, 2 * _POINTS - 1)
    density = fine**first * (1.0 - fine) ** second
    pieces = density[:-2:2] + 4.0 * density[1::2] + density[2::2]
    below = np.concatenate(([0.0], np.cumsum(pieces)))
    table: Floats = np.round(below / below[-1], 13)
    return table


def cents(distribution: Distribution, key: int, worlds: Ints) -> Ints:
    """Return the loss in each of the worlds (numbers) in whole cents, so that sums do not depend on their order."""
    found: Ints = np.rint(distribution.at(uniforms(key, worlds)) * 100.0).astype(np.int64)
    return found
