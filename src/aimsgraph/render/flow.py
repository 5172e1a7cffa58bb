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

    ``loose`` are the names of boxes without arrows, ``ends`` those that may come to lie last.
    """

    direction: Direction
    boxes_abreast: int
    samples_abreast: int
    loose: tuple[str, ...]
    ends: tuple[str, ...]


def flow(drawn: Sketch) -> Flow:
    """Return the flow whose picture comes nearest to a sheet's proportions."""
    followers = _without_cycles(drawn)
    led_to = {name for after in followers.values() for name in after}
    loose = tuple(name for name, after in followers.items() if not after and name not in led_to)
    ends = tuple(name for name, after in followers.items() if not after and name in led_to)
    ranks = [rank for name, rank in _ranks(followers).items() if name not in loose]
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


def _without_cycles(drawn: Sketch) -> dict[str, set[str]]:
    """Return what follows each box, with the arrows that close a cycle turned round, as Graphviz does it."""
    outgoing: dict[str, list[str]] = {box.name: [] for box in drawn.boxes}
    for line in drawn.lines:
        if line.source != line.target:
            outgoing[line.source].append(line.target)
    followers: dict[str, set[str]] = {name: set() for name in outgoing}
    entered: set[str] = set()
    for start in outgoing:
        if start in entered:
            continue
        entered.add(start)
        way = [(start, iter(outgoing[start]))]
        on_way = {start}
        while way:
            name, rest = way[-1]
            after = next(rest, None)
            if after is None:
                on_way.remove(way.pop()[0])
            elif after in on_way:
                followers[after].add(name)
            else:
                followers[name].add(after)
                if after not in entered:
                    entered.add(after)
                    on_way.add(after)
                    way.append((after, iter(outgoing[after])))
    return followers


def _ranks(followers: dict[str, set[str]]) -> dict[str, int]:
    """Return each box's greatest number of hops from a box that nothing leads to."""
    waiting = Counter(name for after in followers.values() for name in after)
    ranks = dict.fromkeys(followers, 0)
    ready = [name for name in ranks if not waiting[name]]
    while ready:
        name = ready.pop()
        for after in followers[name]:
            ranks[after] = max(ranks[after], ranks[name] + 1)
            waiting[after] -= 1
            if not waiting[after]:
                ready.append(after)
    return ranks
