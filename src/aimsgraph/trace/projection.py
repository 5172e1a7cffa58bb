"""A compact copy of the dependencies: what lineage and impact walk on, free of RDF."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from aimsgraph.trace.annotations import THREAT, Annotations, probability, read_annotations
from aimsgraph.trace.qualified import Qualifications, read_qualifications
from aimsgraph.vocab import AIMS, compact

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from aimsgraph.model.impact import Basis
    from aimsgraph.store.protocol import View

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

#: What the codes in :attr:`Projection.basis` mean.
BASES: Final[tuple[Basis, ...]] = ("assessed", "default", "unknown")


#: A dependency: source, target and property (IRIs), transmission and basis.
FlowEdge = tuple[str, str, str, float, int]


@dataclass(frozen=True, slots=True, eq=False)
class Projection:
    """The dependencies that hold on one day, as arrays over edges, in the direction in which impact flows.

    Nodes are numbered in IRI order. ``source`` and ``target`` hold node numbers, ``kind`` numbers into
    ``properties`` (CURIEs), ``transmission`` probabilities (1.0 where unknown), ``basis`` numbers into
    ``BASES``, ``threat`` whether an edge only says that something endangers something. ``guards`` gives for a
    node the controls (numbers into ``controls``, IRIs) that stand before all its outgoing edges, ``needs``
    for a gated node how many incoming edges must bring impact, ``leaks`` how likely a node turns by itself.
    """

    snapshot: str
    today: date
    ids: tuple[str, ...]
    index: Mapping[str, int]
    source: Ints
    target: Ints
    kind: Ints
    transmission: Floats
    basis: Ints
    threat: npt.NDArray[np.bool_]
    properties: tuple[str, ...]
    controls: tuple[str, ...]
    guards: Mapping[int, tuple[int, ...]]
    needs: Mapping[int, int]
    leaks: Mapping[int, float]

    @property
    def size(self) -> int:
        """The number of nodes."""
        return len(self.ids)


def project(view: View, *, today: date) -> Projection:
    """Project the dependencies that hold on the day ``today``.

    A dependency holds unless it is qualified with periods none of which contains the day. A general property
    that is stated besides a special one of the same pair is the same dependency, and counts once.
    """
    known = read_annotations(view)
    stated = view.edges(sorted(known.impact)) if known.impact else iter(())
    edges = list(dependencies(stated, known, read_qualifications(view, today)))
    guards = (
        {(subject, target) for subject, _, target in view.edges(sorted(known.guarding))}
        if known.guarding
        else set()
    )
    return assembled(view.snapshot, today, known, edges, guards, read_gates(view), read_leaks(view))


def assembled(
    snapshot: str,
    today: date,
    known: Annotations,
    edges: list[FlowEdge],
    guarding: set[tuple[str, str]],
    gates: Mapping[str, int | None],
    leaks: Mapping[str, float],
) -> Projection:
    """Give numbers to nodes, properties and controls, and lay the edges out as arrays.

    ``guarding`` holds pairs of a control and what it guards, ``gates`` how many incoming edges a node needs (None: all
    of them). Of numbers that come from a part of the graph the order is that of the whole.
    """
    guards = sorted(guarding)
    ids = sorted(
        {name for edge in edges for name in edge[:2]} | {t for _, t in guards} | set(leaks) | set(gates)
    )
    index = {name: number for number, name in enumerate(ids)}
    names = sorted({edge[2] for edge in edges})
    number_of = {name: number for number, name in enumerate(names)}
    edges.sort()
    source = np.fromiter((index[edge[0]] for edge in edges), np.int64, len(edges))
    target = np.fromiter((index[edge[1]] for edge in edges), np.int64, len(edges))
    controls = sorted({control for control, _ in guards})
    control_number = {name: number for number, name in enumerate(controls)}
    guarded: dict[int, list[int]] = {}
    for control, name in guards:
        guarded.setdefault(index[name], []).append(control_number[control])
    arriving = np.bincount(target, minlength=len(ids))
    threat = np.array(
        [known.impact[name].flow == THREAT if name in known.impact else False for name in names], bool
    )
    kind = np.fromiter((number_of[edge[2]] for edge in edges), np.int64, len(edges))
    return Projection(
        snapshot=snapshot,
        today=today,
        ids=tuple(ids),
        index=index,
        source=source,
        target=target,
        kind=kind,
        transmission=np.fromiter((edge[3] for edge in edges), np.float64, len(edges)),
        basis=np.fromiter((edge[4] for edge in edges), np.int64, len(edges)),
        threat=threat[kind] if len(edges) else np.zeros(0, bool),
        properties=tuple(compact(name) for name in names),
        controls=tuple(controls),
        guards={node: tuple(numbers) for node, numbers in guarded.items()},
        needs={
            index[name]: max(1, int(arriving[index[name]]) if needed is None else needed)
            for name, needed in gates.items()
        },
        leaks={index[name]: value for name, value in leaks.items()},
    )


def dependencies(
    stated: Iterator[tuple[str, str, str]], known: Annotations, qualified: Qualifications
) -> Iterator[FlowEdge]:
    """Yield every dependency that holds, of the triples stated with annotated properties."""
    general = {up for name in known.impact.values() for up in name.ancestors if up in known.impact}
    if general:
        stated = _without_entailed(list(stated), known)
    defaults = {
        name: (1.0, 2) if item.transmission is None else (item.transmission, 1)
        for name, item in known.impact.items()
    }
    for subject, name, target in stated:
        item = known.impact[name]
        number, basis = defaults[name]
        verdict = qualified.on(subject, target, item)
        if verdict is not None:
            if not verdict.holds:
                continue
            if verdict.transmission is not None:
                number, basis = verdict.transmission, 0
        ends = (subject, target) if item.forward else (target, subject)
        yield (*ends, name, number, basis)
    for extra in qualified.unasserted(known):
        number, basis = (extra.transmission, 0) if extra.transmission is not None else defaults.get(
            extra.property, (1.0, 2))  # fmt: skip
        yield (extra.source, extra.target, extra.property, number, basis)


def _without_entailed(
    stated: list[tuple[str, str, str]], known: Annotations
) -> Iterator[tuple[str, str, str]]:
    entailed = {
        (subject, up, target)
        for subject, name, target in stated
        for up in known.impact[name].ancestors
        if up in known.impact
    }
    return (triple for triple in stated if triple not in entailed)


def read_gates(view: View, values: str = "") -> dict[str, int | None]:
    """Return for each node with a gate how many incoming edges it needs (None: all of them).

    ``values`` may be a VALUES clause that names some nodes (``?node``).
    """
    found: dict[str, int | None] = {}
    rows = view.select(
        f"SELECT ?node ?gate ?k WHERE {{ {values} ?node <{AIMS}gate> ?gate "
        f"OPTIONAL {{ ?node <{AIMS}gateThreshold> ?k }} }} ORDER BY ?node ?gate ?k"
    )
    for row in rows:
        gate, threshold = str(row["gate"]), row.get("k")
        if gate == AIMS + "AndGate":
            found.setdefault(str(row["node"]), None)
        elif gate == AIMS + "AtLeastGate":
            number = threshold.toPython() if threshold is not None else 1  # type: ignore[attr-defined]
            found.setdefault(str(row["node"]), number if isinstance(number, int) else 1)
    return found


def read_leaks(view: View, values: str = "") -> dict[str, float]:
    """Return for each node with a leak how likely it turns by itself; ``values`` as for the gates."""
    found: dict[str, float] = {}
    for row in view.select(f"SELECT ?node ?leak WHERE {{ {values} ?node <{AIMS}leak> ?leak }}"):
        number = probability(row["leak"])
        if number:
            found[str(row["node"])] = max(number, found.get(str(row["node"]), 0.0))
    return found
