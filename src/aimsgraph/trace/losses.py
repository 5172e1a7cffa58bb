"""What a year costs, counted in the same worlds for every risk: sums, quantiles and exceedance curves.

Each risk is worked out in its own part of the network of a year, and still in the same worlds as all others, because a
random number is a function of the name of what it decides and of the world. Hence a control that two risks share fails
for both in the same worlds, and losses may be added world by world.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import ceil, floor, log10
from typing import TYPE_CHECKING, Final

import numpy as np

from aimsgraph.model.risk import ByControls, Exceedance, Quantile
from aimsgraph.trace.chance import name_keys
from aimsgraph.trace.loss import Distribution, cents
from aimsgraph.trace.network import SCENARIOS, Scenario

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import numpy.typing as npt

    from aimsgraph.trace.chance import Words
    from aimsgraph.trace.projection import Ints

    Bits = npt.NDArray[np.bool_]

#: Losses at which the curve is given, about this many; the quantiles given beside it.
POINTS: Final = 20
QUANTILES: Final = (0.5, 0.9, 0.95, 0.99)


def as_bits(words: Words) -> Bits:
    """Return one truth value per world."""
    spread = np.unpackbits(words.astype("<u8").view(np.uint8), bitorder="little")
    return spread.astype(bool)


@dataclass(slots=True)
class Ledger:
    """The loss of each world in whole cents, under each scenario, added up risk by risk."""

    worlds: int
    total: dict[Scenario, Ints] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.total = {name: np.zeros(self.worlds, np.int64) for name in SCENARIOS}

    def add(self, sample: Sample, bits: Mapping[Scenario, Words]) -> None:
        """Add the loss of one risk in the worlds in which it comes true (or comes to what the ledger is of)."""
        for scenario, words in bits.items():
            struck = as_bits(words)[sample.worlds]
            self.total[scenario][sample.worlds[struck]] += sample.cents[struck]

    def curve(self) -> tuple[Exceedance, ...]:
        """Return how likely a year costs so much or more, at about twenty losses, and at the least and largest."""
        ordered = {name: np.sort(total) for name, total in self.total.items()}
        return tuple(
            Exceedance(loss=at / 100.0, probability=_by({name: self._at_least(ordered[name], at)
                                                         for name in SCENARIOS}))
            for at in _points(ordered["inherent"])
        )  # fmt: skip

    def _at_least(self, ordered: Ints, loss: int) -> float:
        return (self.worlds - int(np.searchsorted(ordered, loss, side="left"))) / self.worlds

    def quantiles(self) -> tuple[Quantile, ...]:
        """Return the least losses that are not exceeded with the given probabilities."""
        ordered = {name: np.sort(total) for name, total in self.total.items()}
        return tuple(
            Quantile(p=p, loss=_by({name: int(ordered[name][ceil(p * self.worlds) - 1]) / 100.0
                                    for name in SCENARIOS}))
            for p in QUANTILES
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sample:
    """What a risk costs in each of the worlds (numbers) in which it may come true, in cents."""

    worlds: Ints
    cents: Ints

    @classmethod
    def of(cls, iri: str, loss: Distribution, inherent: Words, seed: int) -> Sample:
        """Draw the losses of a risk where it comes true without any control, which is wherever it ever does."""
        worlds = np.flatnonzero(as_bits(inherent))
        key = int(name_keys(seed, "loss", [iri])[0])
        return cls(worlds, cents(loss, key, worlds))


def _by(values: Mapping[Scenario, float]) -> ByControls:
    return ByControls(inherent=values["inherent"], claimed=values["claimed"], assured=values["assured"])


def _points(ordered: Ints) -> Iterable[int]:
    """Return the losses of a curve in cents: least and largest, and round ones evenly spaced by ratio between."""
    positive = ordered[ordered > 0]
    if not len(positive):
        return ()
    least, most = int(positive[0]), int(positive[-1])
    between = {_rounded(least * (most / least) ** (step / (POINTS - 1))) for step in range(1, POINTS - 1)}
    return sorted({least, most, *(loss for loss in between if least < loss < most)})


def _rounded(loss: float) -> int:
    """Round to two digits."""
    unit: int = 10 ** max(0, floor(log10(loss)) - 1)
    return round(loss / unit) * unit
