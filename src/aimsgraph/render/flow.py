"""How a picture lies on the sheet: which way it reads, and how its loose parts are stacked."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from math import log
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from aimsgraph.render.sketch import Sketch

Direction = Literal["LR", "TB"]

# What one rank and one box in a rank take, in points, with usual labels: (along, across) the direction.
_SIZES: Final[dict[Direction, tuple[float, float]]] = {"LR": (265, 75), "TB": (115, 185)}
# What a sample in the legend takes across the direction.
_SAMPLE: Final[dict[Direction, float]] = {"LR": 45, "TB": 105}
#: Width over height that fits a screen and a sheet on its side.
_ASPECT: Final = 1.5
_FEWEST, _MOST = 4, 10


@dataclass(frozen=True, slots=True)
class Flow:
    """The direction, and how many loose boxes or legend samples stand side by side across it.

    ``loose`` are the names of boxes without arrows, ``ends`` those of boxes that nothing follows.
    """

    direction: Direction
    boxes_abreast: int
    samples_abreast: int
    loose: tuple[str, ...]
    ends: tuple[str, ...]


def flow(drawn: Sketch) -> Flow:
    """Return the flow whose picture comes nearest to a sheet's proportions."""
    tails = {line.source for line in drawn.lines}
    heads = {line.target for line in drawn.lines}
    loose = tuple(box.name for box in drawn.boxes if box.name not in tails | heads)
    ends = tuple(box.name for box in drawn.boxes if box.name not in tails and box.name in heads)
    ranks = [rank for name, rank in _ranks(drawn).items() if name not in loose]
    depth = max(ranks, default=0) + 1
    breadth = max(Counter(ranks).values(), default=1)
    direction = min(_SIZES, key=lambda way: abs(log(_aspect(way, depth, breadth) / _ASPECT)))
    boxes = _clip(max(breadth, round(len(loose) ** 0.5)))
    across = max(breadth, min(boxes, len(loose))) * _SIZES[direction][1]
    return Flow(direction, boxes, _clip(round(across / _SAMPLE[direction])), loose, ends)


def _clip(number: int) -> int:
    return max(_FEWEST, min(_MOST, number))


def _aspect(direction: Direction, depth: int, breadth: int) -> float:
    along, across = _SIZES[direction]
    ratio = depth * along / (breadth * across)
    return ratio if direction == "LR" else 1 / ratio


def _ranks(drawn: Sketch) -> dict[str, int]:
    """Return each box's greatest number of hops from a box that nothing leads to; a cycle is cut anywhere."""
    followers: dict[str, set[str]] = {box.name: set() for box in drawn.boxes}
    for line in drawn.lines:
        if line.source != line.target:
            followers[line.source].add(line.target)
    waiting = Counter(name for after in followers.values() for name in after)
    ranks = {box.name: 0 for box in drawn.boxes}
    left = dict.fromkeys(ranks)
    ready = [name for name in ranks if not waiting[name]]
    while left:
        name = ready.pop() if ready else next(iter(left))
        del left[name]
        for after in sorted(followers[name] & left.keys()):
            ranks[after] = max(ranks[after], ranks[name] + 1)
            waiting[after] -= 1
            if not waiting[after]:
                ready.append(after)
    return ranks
