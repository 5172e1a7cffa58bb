"""How many nodes each node reaches: exactly, 64 to a word, or as an estimate from a few numbers for each node."""

from __future__ import annotations

from itertools import pairwise
from math import sqrt
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from aimsgraph.attention import go_on
from aimsgraph.trace.chance import mixed

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from aimsgraph.trace.condensation import Condensation
    from aimsgraph.trace.projection import Floats, Ints

#: Registers of a sketch; its standard error is about 1.04 / sqrt(REGISTERS).
REGISTERS: Final = 2_048
RELATIVE_ERROR: Final = 1.04 / sqrt(REGISTERS)
_BITS: Final = REGISTERS.bit_length() - 1
#: Registers and words that are worked on in one go, so that a row is read as a whole and all of them fit into memory.
_TOGETHER: Final = 256
_WORDS: Final = 64
_ROW_BLOCK: Final = 1 << 11
#: So many places of a level, with more edges than the others, are gone through one by one.
_FEW: Final = 3


def exact_counts(graph: Condensation) -> Ints:
    """Return for each place how many nodes it reaches, its own among them.

    Every node is a bit; bits go against the edges, level by level, some words of them at a time. The work is that of
    edges x nodes / 64.
    """
    counts = np.zeros(graph.size, np.int64)
    by_place = np.argsort(graph.place, kind="stable")
    places = graph.place[by_place]
    bit = np.arange(64 * _WORDS)
    for first in range(0, len(by_place), 64 * _WORDS):
        go_on()
        held = places[first : first + 64 * _WORDS]
        low = int(held[0])
        value = np.zeros((graph.size - low + 1, _WORDS), np.uint64)
        at = bit[: len(held)]
        np.bitwise_or.at(value, (held - low, at // 64), np.uint64(1) << (at % 64).astype(np.uint64))
        _gather(graph, value, np.bitwise_or, low)
        for row in range(0, graph.size - low, _ROW_BLOCK):
            part = value[row : min(row + _ROW_BLOCK, graph.size - low)]
            counts[low + row : low + row + len(part)] += np.bitwise_count(part).sum(axis=1, dtype=np.int64)
    return counts


def counts_from(graph: Condensation, places: Sequence[int]) -> list[int]:
    """Return for each of some places how many nodes it reaches, its own among them; exactly, 64 places at a time."""
    found: list[int] = []
    tails = np.repeat(np.arange(graph.size), np.diff(graph.start))
    by_head = np.argsort(graph.heads, kind="stable")
    bounds = np.searchsorted(graph.heads[by_head], np.arange(graph.size + 1))
    for first in range(0, len(places), 64):
        go_on()
        some = list(places[first : first + 64])
        value = np.zeros(graph.size, np.uint64)
        np.bitwise_or.at(value, some, np.uint64(1) << np.arange(len(some), dtype=np.uint64))
        for low, high in reversed(list(pairwise(graph.levels.tolist()))):
            edges = by_head[bounds[low] : bounds[high]]
            if len(edges):
                has = np.flatnonzero(np.diff(bounds[low : high + 1]))
                arrived = np.bitwise_or.reduceat(value[tails[edges]], bounds[low:high][has] - bounds[low])
                value[low + has] |= arrived
        found += [
            int(graph.members[(value >> np.uint64(at)) & np.uint64(1) != 0].sum()) for at in range(len(some))
        ]
    return found


def estimated_counts(graph: Condensation, seed: int) -> Floats:
    """Estimate for each place how many nodes it reaches, its own among them, with ``RELATIVE_ERROR``.

    HyperLogLog (Flajolet, Fusy, Gandouet and Meunier, 2007) with the estimator of O. Ertl, "New cardinality estimation
    algorithms for HyperLogLog sketches" (2017): the sketch of a place is the greatest of those it leads to and its own,
    register by register. The work is that of edges x registers / 64, the same for every shape of graph.
    """
    nodes = np.arange(len(graph.place), dtype=np.uint64)
    hashed = mixed(mixed(nodes, np.full(len(nodes), seed, np.uint64)), nodes)
    register = (hashed & np.uint64(REGISTERS - 1)).astype(np.int64)
    rank = _rank(hashed >> np.uint64(_BITS))
    harmonic, empty = np.zeros(graph.size), np.zeros(graph.size, np.int64)
    weight = (2.0 ** -np.arange(65)).astype(np.float32)
    weight[0] = 0.0
    for first in range(0, REGISTERS, _TOGETHER):
        go_on()
        value = np.zeros((graph.size + 1, _TOGETHER), np.uint8)
        here = np.flatnonzero((register >= first) & (register < first + _TOGETHER))
        np.maximum.at(value, (graph.place[here], register[here] - first), rank[here])
        _gather(graph, value, np.maximum, 0)
        for low in range(0, graph.size, _ROW_BLOCK):
            part = value[low : min(low + _ROW_BLOCK, graph.size)]
            harmonic[low : low + _ROW_BLOCK] += weight.take(part).sum(axis=1)
            empty[low : low + _ROW_BLOCK] += _TOGETHER - np.count_nonzero(part, axis=1)
    return _ertl(harmonic, empty)


def _gather(graph: Condensation, value: npt.NDArray[Any], combine: np.ufunc, low: int) -> None:
    """Bring to every place from ``low`` on what the places hold that it leads to.

    ``value`` has a row for each of them, and one more in which there is nothing. Of the places of a level, some at a
    time take in what their first edges lead to, then their second ones: those with the most edges stand in front.
    """
    start = graph.start
    degrees = np.diff(start)
    for first, stop in pairwise(graph.levels[1:].tolist()):
        for at in range(max(first, low), stop, _ROW_BLOCK):
            end = min(stop, at + _ROW_BLOCK)
            fewer = -degrees[at:end]
            most, turn = int(degrees[at]), 0
            while turn < most:
                count = int(np.searchsorted(fewer, -turn))
                if count <= _FEW:
                    _gather_each(graph, value, combine, low, range(at, at + count), turn)
                    break
                heads = graph.heads[start[at : at + count] + turn]
                rows = value[at - low : at - low + count]
                combine(rows, value[heads if not low else np.maximum(heads - low, -1)], out=rows)
                turn += 1


def _gather_each(
    graph: Condensation, value: npt.NDArray[Any], combine: np.ufunc, low: int, places: range, turn: int
) -> None:
    for place in places:
        first, stop = int(graph.start[place]) + turn, int(graph.start[place + 1])
        for at in range(first, stop, _ROW_BLOCK):
            heads = np.maximum(graph.heads[at : min(stop, at + _ROW_BLOCK)] - low, -1)
            row = value[place - low]
            combine(row, combine.reduce(value[heads], axis=0), out=row)


def _rank(rest: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint8]:
    """Return the place of the lowest bit that is set, from 1 on."""
    lowest = rest & (~rest + np.uint64(1))
    found = np.bitwise_count(lowest - np.uint64(1)) + np.uint8(1)
    return np.minimum(found, np.uint8(64 - _BITS + 1)).astype(np.uint8)


def _ertl(harmonic: Floats, empty: Ints) -> Floats:
    """Return the improved estimate from the sum of 2^-register over those in use and how many are empty."""
    share = empty / REGISTERS
    sigma, step, power = share.copy(), share.copy(), np.ones_like(share)
    with np.errstate(over="ignore", invalid="ignore"):
        for _ in range(60):
            step = step * step
            sigma = sigma + step * power
            power = power * 2.0
        total = REGISTERS * sigma + harmonic
        estimate = REGISTERS**2 / (2.0 * np.log(2.0)) / total
    estimate[empty == REGISTERS] = 0.0
    found: Floats = estimate
    return found
