"""The dependencies that one question can reach, asked for step by step: a small answer does not read a whole server."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aimsgraph.store.portion import iris, is_iri, portions
from aimsgraph.trace.annotations import THREAT, read_annotations
from aimsgraph.trace.dependency import dependencies, read_gates, read_leaks
from aimsgraph.trace.projection import assembled
from aimsgraph.trace.qualified import QUALIFIED, Qualifications, read_qualifications

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import date
    from typing import Literal

    from aimsgraph.model.lineage import Direction
    from aimsgraph.store.protocol import View
    from aimsgraph.trace.dependency import FlowEdge
    from aimsgraph.trace.projection import Projection

    Way = Literal["up", "down"]
    Triple = tuple[str, str, str]

#: Where the part is larger than this many nodes gone on from, statements read or steps, reading the whole is quicker.
MOST_NODES: Final = 5_000
MOST_STATEMENTS: Final = 50_000
MOST_STEPS: Final = 200


class _TooLargeError(Exception):
    """The part outgrows what is worth asking for step by step."""


def lineage_reach(
    view: View, node: str, *, today: date, direction: Direction, hops: int | None, threats: bool
) -> Projection | None:
    """Return the dependencies that the lineage of a node (IRI) walks; None when these are too many.

    :func:`aimsgraph.trace.lineage` gives the same answer with it as with the whole projection, for the same node,
    direction, hops and threats.
    """
    walk = _Walk(view, today, threats=threats)
    ways: tuple[Way, ...] = ("up", "down") if direction == "both" else (direction,)
    try:
        for way in ways:
            walk.go([node], way, hops)
    except _TooLargeError:
        return None
    return assembled(view.snapshot, today, walk.known, walk.edges(), set(), {}, {})


def impact_reach(view: View, nodes: Iterable[str], *, today: date, hops: int | None) -> Projection | None:
    """Return the dependencies that can have a say in what nodes (IRIs) hurt; None when these are too many.

    :func:`aimsgraph.trace.impact` gives the same answer with it as with the whole projection, for the same nodes and
    hops: it holds all that follows from the nodes and from what may turn by itself, what guards it, and every
    dependency that a gate counts.
    """
    walk = _Walk(view, today, threats=True)
    leaks = read_leaks(view)
    try:
        reached = walk.go(sorted({*nodes, *leaks}), "down", hops)
        gates: dict[str, int | None] = {}
        for portion in portions(reached):
            gates |= read_gates(view, f"VALUES ?node {{ {iris(portion)} }}")
        walk.step(sorted(name for name, needed in gates.items() if needed is None), "up")
        guarding = walk.guarding(reached)
    except _TooLargeError:
        return None
    return assembled(view.snapshot, today, walk.known, walk.edges(), guarding, gates, leaks)


class _Walk:
    """Reads the dependencies of some nodes at a time, both ends of each with all that is stated between them."""

    def __init__(self, view: View, today: date, *, threats: bool) -> None:
        self.known = read_annotations(view)
        self._view, self._today, self._threats = view, today, threats
        self._found: dict[tuple[str, str], list[FlowEdge]] = {}
        self._left = MOST_STATEMENTS

    def edges(self) -> list[FlowEdge]:
        """Return the dependencies read so far."""
        return [edge for edges in self._found.values() for edge in edges]

    def go(self, starts: list[str], way: Way, hops: int | None) -> list[str]:
        """Go on from the starts step by step to the end, or one step past ``hops``; return what was gone on from.

        The step past the limit tells whether the limit cut anything off.
        """
        front, gone_on, depth = starts, set[str](), 0
        while front and (hops is None or depth <= hops):
            gone_on.update(front)
            if len(gone_on) > MOST_NODES or depth > MOST_STEPS:
                raise _TooLargeError
            front = sorted(self.step(front, way) - gone_on)
            depth += 1
        return sorted(gone_on)

    def step(self, front: list[str], way: Way) -> set[str]:
        """Read the dependencies that leave the nodes (down) or come to them (up); return their other ends."""
        ends: set[str] = set()
        for portion in portions(front):
            ends |= self._portion(portion, way)
        return ends

    def _portion(self, front: list[str], way: Way) -> set[str]:
        stated = self._read(self._around(front, way))
        qualified = self._qualifications(front)
        for pairs in portions(sorted(qualified.by_pair)):
            stated |= self._read(self._between(pairs))
        asked = set(front)
        read: dict[tuple[str, str], list[FlowEdge]] = {}
        for edge in dependencies(iter(sorted(stated)), self.known, qualified):
            if edge[0 if way == "down" else 1] in asked and (self._threats or not self._is_threat(edge[2])):
                read.setdefault(edge[:2], []).append(edge)
        # A pair that was read from its other end already says the same again.
        self._found |= read
        return {pair[1 if way == "down" else 0] for pair in read}

    def _is_threat(self, name: str) -> bool:
        return name in self.known.impact and self.known.impact[name].flow == THREAT

    def _read(self, pattern: str) -> set[Triple]:
        query = f"SELECT ?s ?p ?o WHERE {{ {pattern} FILTER(isIRI(?s) && isIRI(?o)) }} LIMIT {self._left + 1}"
        found = [(str(row["s"]), str(row["p"]), str(row["o"])) for row in self._view.rows(query)]
        self._spend(len(found))
        return set(found)

    def _spend(self, count: int) -> None:
        self._left -= count
        if self._left < 0:
            raise _TooLargeError

    def _around(self, front: Collection[str], way: Way) -> str:
        """Return the pattern of the triples by which impact flows one way between the nodes and others."""
        nodes = _named(front)
        branches = [
            f"{{ VALUES ?{end} {{ {nodes} }} ?s ?p ?o FILTER(?p IN ({iris(names, ', ')})) }}"
            for end, names in (
                ("s", self._properties(forward=way == "down")),
                ("o", self._properties(forward=way == "up")),
            )
            if names
        ]
        return " UNION ".join(branches) or "FILTER(false)"

    def _properties(self, *, forward: bool) -> list[str]:
        """Return the properties along which to go, and the special ones that stand in the place of one of them."""
        impact = self.known.impact
        base = {
            name
            for name, item in impact.items()
            if item.forward == forward and (self._threats or not self._is_threat(name))
        }
        return sorted(name for name, item in impact.items() if name in base or item.ancestors & base)

    def _between(self, pairs: Iterable[tuple[str, str]]) -> str:
        """Return the pattern of every triple between the nodes of some pairs, either way."""
        ends = " ".join(f"({_named((a, b))}) ({_named((b, a))})" for a, b in pairs)
        return f"VALUES (?s ?o) {{ {ends} }} ?s ?p ?o FILTER(?p IN ({iris(self.known.impact, ', ')}))"

    def _qualifications(self, front: Collection[str]) -> Qualifications:
        ends = " UNION ".join(
            f"{{ VALUES ?{end} {{ {_named(front)} }} {QUALIFIED} }}" for end in ("subject", "on")
        )
        found = read_qualifications(self._view, self._today, ends)
        self._spend(sum(map(len, found.by_pair.values())))
        return found

    def guarding(self, nodes: list[str]) -> set[tuple[str, str]]:
        """Return the pairs of a control and what it guards, for these nodes."""
        found: set[tuple[str, str]] = set()
        for portion in portions(nodes) if self.known.guarding else ():
            found |= {(subject, target) for subject, _, target in self._read(self._guards(portion))}
        return found

    def _guards(self, nodes: Collection[str]) -> str:
        return f"VALUES ?o {{ {iris(nodes)} }} ?s ?p ?o FILTER(?p IN ({iris(sorted(self.known.guarding), ', ')}))"


def _named(nodes: Iterable[str]) -> str:
    """Write nodes as SPARQL does; what cannot be named in a query can only be read with all the rest."""
    names = list(nodes)
    if not all(map(is_iri, names)):
        raise _TooLargeError
    return iris(names)
