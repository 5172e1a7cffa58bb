"""What is said of a few of many numbered nodes: two arrays in the place of a dictionary."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Generic, TypeVar

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aimsgraph.trace.projection import Floats, Ints

V = TypeVar("V", int, float)


class Few(Mapping[int, V], Generic[V]):
    """One number for each of some nodes, by node in ascending order."""

    __slots__ = ("nodes", "numbers")

    def __init__(self, keys: Ints, values: Ints | Floats) -> None:
        self.nodes, self.numbers = keys, values

    @classmethod
    def of(cls, stated: Mapping[int, V], kind: type[np.int64] | type[np.float64]) -> Few[V]:
        """Keep the numbers of a mapping."""
        keys = sorted(stated)
        numbers = np.array([stated[key] for key in keys], kind)
        return cls(np.array(keys, np.int32), numbers)  # type: ignore[arg-type]

    def __getitem__(self, node: int) -> V:
        at = _place(self.nodes, node)
        found: V = self.numbers[at].item()
        return found

    def __iter__(self) -> Iterator[int]:
        return iter(self.nodes.tolist())

    def __len__(self) -> int:
        return len(self.nodes)

    def moved(self, became: Ints) -> Few[V]:
        """Return the same for nodes that have other numbers now, in the same order."""
        return Few(became[self.nodes], self.numbers)


class Groups(Mapping[int, tuple[int, ...]]):
    """Some numbers for each of some nodes, by node in ascending order."""

    __slots__ = ("nodes", "numbers", "starts")

    def __init__(self, keys: Ints, starts: Ints, values: Ints) -> None:
        self.nodes, self.starts, self.numbers = keys, starts, values

    @classmethod
    def of(cls, nodes: Ints, numbers: Ints) -> Groups:
        """Group pairs of a node and a number; of one node the numbers stay in their order."""
        order = np.argsort(nodes, kind="stable")
        keys, starts = np.unique(nodes[order], return_index=True)
        ends = np.append(starts, len(order)).astype(np.int32)
        return cls(keys.astype(np.int32), ends, numbers[order].astype(np.int32))

    def __getitem__(self, node: int) -> tuple[int, ...]:
        at = _place(self.nodes, node)
        return tuple(self.numbers[int(self.starts[at]) : int(self.starts[at + 1])].tolist())

    def __iter__(self) -> Iterator[int]:
        return iter(self.nodes.tolist())

    def __len__(self) -> int:
        return len(self.nodes)

    def pairs(self) -> Iterator[tuple[int, int]]:
        """Yield every node with every number of it."""
        each = np.repeat(self.nodes, np.diff(self.starts))
        return zip(each.tolist(), self.numbers.tolist(), strict=True)

    def moved(self, became: Ints) -> Groups:
        """Return the same for nodes that have other numbers now, in the same order."""
        return Groups(became[self.nodes], self.starts, self.numbers)


def _place(keys: Ints, node: int) -> int:
    at = int(np.searchsorted(keys, node))
    if at == len(keys) or keys[at] != node:
        raise KeyError(node)
    return at
