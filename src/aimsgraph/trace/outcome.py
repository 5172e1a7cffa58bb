"""What working out a network gives: a probability per node and scenario, and what each control does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aimsgraph.model.impact import Method
    from aimsgraph.trace.bounds import Bounds
    from aimsgraph.trace.network import Network, Scenario
    from aimsgraph.trace.projection import Floats, Ints

#: Called with what is done, what there is to do, and a word for it.
Progress = Callable[[float, float, str], None]

#: How the probability of a node was found; the codes in :attr:`Propagation.how`.
METHODS: Final[tuple[Method, ...]] = ("exact", "simulated", "rare-event")
#: Why not all was worked out exactly: too many uncertain chances, too many steps, or nobody wanted it.
Reason = Literal["chances", "steps", "asked"]

#: The 97.5 % quantile of the normal distribution.
_Z: Final = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Effect:
    """What the sum of all probabilities (assured) would be with one control off, and working without fail."""

    control: int
    if_off: float
    if_on: float


@dataclass(frozen=True, slots=True, eq=False)
class Propagation:
    """The answer for a whole network.

    ``probability`` holds per scenario one number per node, 0 for nodes out of reach and 1 for sources;
    ``low`` and ``high`` bound ``assured`` at 95 % when it was simulated, ``bounds`` for certain. ``distance`` is the
    number of hops from the sources (-1: out of reach). ``network`` holds only the edges that matter. ``how`` has a code
    into ``METHODS`` per node; ``why_simulated`` tells why they are not all exact. ``left_out`` counts the controls on
    the way whose effect was not worked out because the network is large, ``rare_left_out`` the nodes too rare for
    the simulation that have nothing better, ``worlds_left_out`` the worlds wanted and not drawn; ``control_worlds`` are
    those the effects were counted in. ``in_time`` is false when a time limit ended the drawing early.
    """

    network: Network
    distance: Ints
    method: Literal["exact", "simulated"]
    worlds: int | None
    seed: int
    probability: Mapping[Scenario, Floats]
    low: Floats | None
    high: Floats | None
    effects: tuple[Effect, ...]
    left_out: int = 0
    in_time: bool = True
    bounds: Bounds | None = None
    how: Ints | None = None
    why_simulated: Reason | None = None
    rare_left_out: int = 0
    worlds_left_out: int = 0
    control_worlds: int | None = None


def on_the_way(net: Network) -> list[int]:
    """Return the controls that guard any edge of a network of relevant edges."""
    return sorted({control for number in np.unique(net.guard).tolist() for control in net.guard_sets[number]})


def half_width(share: Floats, tries: int) -> Floats:
    """Return half of Wilson's 95 % interval for a share of so many tries."""
    half: Floats = (
        _Z * np.sqrt(share * (1.0 - share) / tries + _Z**2 / (4.0 * tries**2)) / (1.0 + _Z**2 / tries)
    )
    return half


def wilson(hits: Floats, tries: int) -> tuple[Floats, Floats]:
    """Return the 95 % interval of Wilson (J. Am. Stat. Assoc. 22, 1927) for ``hits`` out of ``tries``."""
    share = hits / tries
    scale = 1.0 + _Z**2 / tries
    middle = (share + _Z**2 / (2 * tries)) / scale
    half = half_width(share, tries)
    low = np.where(hits <= 0, 0.0, np.clip(middle - half, 0.0, 1.0))
    high = np.where(hits >= tries, 1.0, np.clip(middle + half, 0.0, 1.0))
    return low, high
