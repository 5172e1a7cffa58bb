"""Some edges of a projection taken out and others put in, without laying all out anew."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from aimsgraph.trace.few import Few, Groups
from aimsgraph.trace.names import Index, Names
from aimsgraph.trace.projection import ALL, Projection, guards_of, kind_type, needs_of, threatening
from aimsgraph.trace.way import Way

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aimsgraph.trace.annotations import Annotations
    from aimsgraph.trace.dependency import FlowEdge
    from aimsgraph.trace.projection import Ints
    from aimsgraph.trace.qualified import Period
    from aimsgraph.trace.renewal import Touched


@dataclass(frozen=True, slots=True)
class _Cut:
    """Which edges go (numbers before), and before which kept edges the new ones go (numbers among those kept)."""

    gone: Ints
    places: Ints

    def edges(self, array: Any, new: list[Any]) -> Any:
        """Do so to an array over edges."""
        kept = np.delete(array, self.gone) if len(self.gone) else array
        return np.insert(kept, self.places, np.array(new, kept.dtype)) if len(self.places) else kept


def spliced(
    old: Projection,
    snapshot: str,
    known: Annotations,
    touched: Touched,
    edges: list[FlowEdge],
    lasting: Period | None,
    guarding: set[tuple[str, str]],
    gates: Mapping[str, int | None],
    leaks: Mapping[str, float],
) -> Projection:
    """Return a projection in which all edges of the pairs touched are ``edges``, and the rest as is said now."""
    edges = sorted(edges)
    gone = _edges_between(old, touched)
    guard_pairs = _guard_pairs(old, touched, guarding) if touched.guards else None
    stated_gates = _restated(
        old, old.gates, touched.gated, {name: ALL if k is None else max(1, k) for name, k in gates.items()}
    )
    stated_leaks = _restated(old, old.leaks, touched.leaking, leaks)
    ids, became = _renamed(old, gone, edges, touched, guard_pairs, stated_gates, stated_leaks)
    index = Index(ids)
    source, target = (array if became is None else became[array] for array in (old.source, old.target))
    kinds, kind = _kinds(old, gone, edges)
    number = {name: at for at, name in enumerate(kinds)}
    ends = [(index[edge[0]], index[edge[1]]) for edge in edges]
    cut = _Cut(gone, _places(np.delete(source, gone), np.delete(target, gone), ends))
    kind = cut.edges(kind, [number[edge[2]] for edge in edges])
    source = cut.edges(source, [a for a, _ in ends])
    target = cut.edges(target, [b for _, b in ends])
    controls, guards = (
        guards_of(ids, guard_pairs) if guard_pairs is not None else (old.controls, _moved(old.guards, became))
    )
    new_gates = _few(stated_gates, old.gates, became, index, np.int64)
    new = Projection(
        snapshot=snapshot,
        today=old.today,
        ids=ids,
        source=source,
        target=target,
        kind=kind,
        transmission=cut.edges(old.transmission, [edge[3] for edge in edges]),
        basis=cut.edges(old.basis, [edge[4] for edge in edges]),
        threat=threatening(known, kinds)[kind],
        kinds=kinds,
        controls=controls,
        guards=guards,
        gates=new_gates,
        leaks=_few(stated_leaks, old.leaks, became, index, np.float64),
        needs=needs_of(new_gates, target, len(ids)),
        lasting=lasting,
    )
    if "up" in old.ways and old.ways["up"].edges is not None:
        new.ways["up"] = _way_up(old.ways["up"].edges, new, cut, ends)
    return new


def _edges_between(old: Projection, touched: Touched) -> Ints:
    """Return the numbers of the edges between the nodes of the pairs touched, either way round, ascending."""
    start = old.way("down").start
    found: set[int] = set()
    for pair in touched.pairs:
        a, b = (old.index.get(name) for name in pair)
        if a is None or b is None:
            continue
        for tail, head in {(a, b), (b, a)}:
            first, stop = int(start[tail]), int(start[tail + 1])
            low, high = (
                int(np.searchsorted(old.target[first:stop], head, side)) for side in ("left", "right")
            )
            found.update(range(first + low, first + high))
    return np.array(sorted(found), np.int64)


def _guard_pairs(old: Projection, touched: Touched, now: set[tuple[str, str]]) -> set[tuple[str, str]]:
    pairs = {(old.controls[control], old.ids[node]) for node, control in old.guards.pairs()}
    return (pairs - touched.guards) | now


def _restated(
    old: Projection, few: Few[Any], touched: set[str], now: Mapping[str, Any]
) -> dict[str, Any] | None:
    """Return what is said now of all nodes; None where it is what was said before."""
    if not touched:
        return None
    before = {old.ids[node]: number for node, number in few.items()}
    return {name: number for name, number in before.items() if name not in touched} | dict(now)


def _renamed(
    old: Projection,
    gone: Ints,
    edges: list[FlowEdge],
    touched: Touched,
    guards: set[tuple[str, str]] | None,
    gates: dict[str, Any] | None,
    leaks: dict[str, Any] | None,
) -> tuple[Names, Ints | None]:
    """Return the nodes that there are now, and what became of the numbers of old ones (None: nothing)."""
    needed = {name for edge in edges for name in edge[:2]}
    needed |= {name for _, name in guards or ()} | {*(gates or ())} | {*(leaks or ())}
    doubtful = {old.ids[node] for ends in (old.source, old.target) for node in np.unique(ends[gone]).tolist()}
    doubtful |= {name for _, name in touched.guards} | touched.gated | touched.leaking
    index = old.index
    left = _degrees(old) - _degrees(old, gone) if doubtful - needed else None
    unneeded = [
        number
        for name in doubtful - needed
        if (number := index.get(name)) is not None
        and left is not None
        and not left[number]
        and (guards is not None or number not in old.guards)
        and (gates is not None or number not in old.gates)
        and (leaks is not None or number not in old.leaks)
    ]
    new = sorted(name.encode() for name in needed if name not in index)
    return old.ids.altered(sorted(unneeded), new) if new or unneeded else (old.ids, None)


def _degrees(old: Projection, edges: Ints | None = None) -> Ints:
    """Return how many edges, or how many of some, each node is an end of."""
    ends = (old.source, old.target) if edges is None else (old.source[edges], old.target[edges])
    return sum((np.bincount(end, minlength=old.size) for end in ends), np.zeros(old.size, np.int64))


def _kinds(old: Projection, gone: Ints, edges: list[FlowEdge]) -> tuple[tuple[str, ...], Ints]:
    """Return the properties that occur now, and the numbers that the old edges' properties have."""
    counts = np.bincount(old.kind, minlength=len(old.kinds)) - np.bincount(
        old.kind[gone], minlength=len(old.kinds)
    )
    kinds = {name for name, count in zip(old.kinds, counts.tolist(), strict=True) if count}
    kinds |= {edge[2] for edge in edges}
    ordered = tuple(sorted(kinds))
    if ordered == old.kinds:
        return ordered, old.kind
    number = {name: at for at, name in enumerate(ordered)}
    return ordered, np.array([number.get(name, 0) for name in old.kinds], kind_type(len(ordered)))[old.kind]


def _places(source: Ints, target: Ints, ends: list[tuple[int, int]]) -> Ints:
    """Return before which edges, by source and target, others go."""
    tails = np.array([tail for tail, _ in ends], source.dtype)
    lows, highs = (np.searchsorted(source, tails, side) for side in ("left", "right"))
    places = [
        low + int(np.searchsorted(target[low:high], head))
        for (_, head), low, high in zip(ends, lows.tolist(), highs.tolist(), strict=True)
    ]
    return np.array(places, np.int64)


def _moved(groups: Groups, became: Ints | None) -> Groups:
    return groups if became is None else groups.moved(became)


def _few(
    stated: dict[str, Any] | None, old: Few[Any], became: Ints | None, index: Index, kind: type[Any]
) -> Few[Any]:
    if stated is not None:
        return Few.of({index[name]: number for name, number in stated.items()}, kind)
    return old if became is None else old.moved(became)


def _way_up(before: Ints, new: Projection, cut: _Cut, ends: list[tuple[int, int]]) -> Way:
    """Return the edges by target, given their order before; only the new ones have to find their places."""
    kept = np.ones(len(before), bool)
    kept[cut.gone] = False
    order = (np.cumsum(kept, dtype=np.int32) - 1)[before[kept[before]]]
    shift = np.zeros(len(order) + 1, np.int32)
    np.add.at(shift, cut.places, 1)
    order = order + np.cumsum(shift, dtype=np.int32)[order]
    added = sorted(
        (head, int(place) + at) for at, ((_, head), place) in enumerate(zip(ends, cut.places, strict=True))
    )
    heads = np.array([head for head, _ in added], new.target.dtype)
    lows, highs = (np.searchsorted(new.target[order], heads, side) for side in ("left", "right"))
    places = [
        low + int(np.searchsorted(order[low:high], edge))
        for (_, edge), low, high in zip(added, lows.tolist(), highs.tolist(), strict=True)
    ]
    edges = np.insert(order, places, np.array([edge for _, edge in added], np.int32)) if places else order
    start = np.zeros(new.size + 1, np.int32)
    np.cumsum(np.bincount(new.target, minlength=new.size), out=start[1:])
    return Way(start, new.source[edges], edges)
