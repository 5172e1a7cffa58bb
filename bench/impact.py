"""Measures the simulation of impact against a loop over single worlds, and how its time grows.

    python bench/impact.py [--plot bench/impact.svg]

The loop does per world what a person would write: open each edge and let each control work by chance, keep the open
edges as a networkx graph, ask for all descendants of the source. It is timed on fewer worlds and scaled. The engine's
time is for all worlds and for more: three ways to count controls, and each control switched off and on.
"""

from __future__ import annotations

import argparse
import random
import resource
import time
from pathlib import Path
from typing import TYPE_CHECKING

import networkx as nx
from plot import line_plot

from aimsgraph.trace.network import Network, network, relevant
from aimsgraph.trace.propagate import propagate
from aimsgraph.trace.simulation import simulate

if TYPE_CHECKING:
    from collections.abc import Callable

    from aimsgraph.trace.outcome import Propagation

WORLDS = 65_536
LOOPED = 40
#: Edges and worlds; a network with more of both gets fewer worlds.
GROWTH = [
    (3_000, 4_096),
    (10_000, 4_096),
    (30_000, 4_096),
    (30_000, 16_384),
    (100_000, 8_192),
    (240_000, 4_096),
]


def graph(nodes: int, edges: int, *, back: float = 0.0, guarded: bool = True, seed: int = 1) -> Network:
    """Make a network in which each node depends on earlier ones near it; a share of edges leads ``back``."""
    draw = random.Random(seed)
    listed = [(0, node, 0.5) for node in range(1, 20)]
    while len(listed) < edges:
        head = draw.randrange(1, nodes)
        tail = max(0, head - 1 - int(draw.expovariate(1 / 500)))
        ends = (head, tail) if tail and draw.random() < back else (tail, head)
        listed.append((*ends, round(draw.uniform(0.1, 0.6), 2)))
    controls = {f"control {number}": (0.8, 0.5) for number in range(nodes // 100 if guarded else 0)}
    guards: dict[int, list[str]] = {}
    for name in controls:
        for _ in range(3):
            guards.setdefault(draw.randrange(nodes), []).append(name)
    return network(listed, [0], controls=controls, guards=guards)[0]


def looped(net: Network, worlds: int) -> dict[int, int]:
    """Count in single worlds how often each node turns, with controls as assured."""
    draw = random.Random(1)
    columns = (net.source, net.target, net.probability, net.guard)
    edges = list(zip(*(column.tolist() for column in columns), strict=True))
    works, hits = net.assured.tolist(), dict[int, int]()
    for _ in range(worlds):
        active = {number for number, chance in enumerate(works) if draw.random() < chance}
        opened: nx.DiGraph[int] = nx.DiGraph()
        opened.add_node(0)
        for tail, head, chance, guard in edges:
            if draw.random() < chance and active.isdisjoint(net.guard_sets[guard]):
                opened.add_edge(tail, head)
        for node in nx.descendants(opened, 0):
            hits[node] = hits.get(node, 0) + 1
    return hits


def walked(net: Network, worlds: int) -> dict[int, int]:
    """Count as :func:`looped` does, with the edges drawn only where impact comes: the quickest plain loop."""
    draw, hits, works = random.Random(1), dict[int, int](), net.assured.tolist()
    leaving: dict[int, list[tuple[int, float, int]]] = {}
    for tail, head, chance, guard in zip(
        net.source.tolist(), net.target.tolist(), net.probability.tolist(), net.guard.tolist(), strict=True
    ):
        leaving.setdefault(tail, []).append((head, chance, guard))
    for _ in range(worlds):
        active = {number for number, chance in enumerate(works) if draw.random() < chance}
        turned, waiting = {0}, [0]
        while waiting:
            for head, chance, guard in leaving.get(waiting.pop(), ()):
                if head not in turned and draw.random() < chance and active.isdisjoint(net.guard_sets[guard]):
                    turned.add(head)
                    waiting.append(head)
        for node in turned:
            hits[node] = hits.get(node, 0) + 1
    return hits


def seconds(work: Callable[[], object]) -> float:
    """Return how long ``work`` takes, the processor's time of this process."""
    begun = time.process_time()
    work()
    return time.process_time() - begun


def drawn(net: Network, worlds: int) -> object:
    """Draw worlds, nothing else."""
    matter, distance = relevant(net)
    return simulate(matter, distance, hops=None, seed=1, worlds=worlds, time_limit=None, progress=None)


def against_loops() -> None:
    """Print the ratio on 2,000 nodes and 3,800 edges, without and with cycles."""
    for back in (0.0, 0.1):
        net = graph(2_000, 3_800, back=back)
        ours = min(seconds(lambda net=net: drawn(net, WORLDS)) for _ in range(3))
        print(f"2,000 nodes, 3,800 edges, {back:.0%} lead back, {WORLDS:,} worlds: engine {ours:.2f} s")
        for name, loop, worlds in (("networkx", looped, LOOPED), ("plain lists", walked, 10 * LOOPED)):
            took = seconds(lambda net=net, loop=loop, worlds=worlds: loop(net, worlds)) * WORLDS / worlds
            print(
                f"  world by world with {name}: {took:,.0f} s (scaled from {worlds}), {took / ours:,.0f} times"
            )


def large() -> None:
    """Print the time of whole answers on 100,000 edges."""
    for back in (0.0, 0.1):
        net = graph(33_000, 100_000, back=back)
        answers: list[Propagation] = []
        took = seconds(lambda net=net, answers=answers: answers.append(propagate(net)))
        answer = answers[0]
        print(
            f"33,000 nodes, 100,000 edges, {back:.0%} lead back: whole answer {took:.1f} s, {answer.worlds:,} worlds"
        )


def growth(plot: Path | None) -> None:
    """Print and draw how the time grows with edges x worlds / 64."""
    points = []
    for edges, worlds in GROWTH:
        net = graph(edges // 3, edges, guarded=False)
        took = min(seconds(lambda net=net, worlds=worlds: drawn(net, worlds)) for _ in range(2))
        words = edges * worlds / 64
        points.append((words, took))
        print(
            f"{edges:>9,} edges x {worlds:>6,} worlds: {took:6.2f} s, {1e9 * took / words:4.0f} ns an edge and word"
        )
    if plot is not None:
        title = "Drawing worlds under three ways to count controls"
        line_plot(plot, points, title=title, across="edges x worlds / 64", up="seconds")


def main() -> None:
    """Measure all."""
    parser = argparse.ArgumentParser(description="Measure the simulation of impact.")
    parser.add_argument("--plot", type=Path)
    words = parser.parse_args()
    against_loops()
    large()
    growth(words.plot)
    print(f"most memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024:,} MB")


if __name__ == "__main__":
    main()
