"""A compact copy of the dependencies: what lineage and impact walk on, free of RDF."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from aimsgraph.store.links import links
from aimsgraph.trace.annotations import THREAT, Annotations, read_annotations
from aimsgraph.trace.columns import Columns, columns_of, stated_columns
from aimsgraph.trace.dependency import read_gates, read_leaks
from aimsgraph.trace.few import Few, Groups
from aimsgraph.trace.names import Index, Names
from aimsgraph.trace.qualified import Period, read_qualifications
from aimsgraph.trace.way import Way
from aimsgraph.vocab import compact

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date

    from aimsgraph.model.impact import Basis
    from aimsgraph.store.protocol import View
    from aimsgraph.trace.dependency import FlowEdge
    from aimsgraph.trace.way import Sense

Ints = npt.NDArray[np.integer[Any]]
Floats = npt.NDArray[np.float64]

#: What the codes in :attr:`Projection.basis` mean.
BASES: Final[tuple[Basis, ...]] = ("assessed", "default", "unknown")
#: What stands in :attr:`Projection.gates` for a node that needs all its incoming edges.
ALL: Final = 0


@dataclass(frozen=True, slots=True, eq=False)
class Projection:
    """The dependencies that hold on one day, as arrays over edges, in the direction in which impact flows.

    Nodes are numbered in IRI order, and edges lie in the order of source, target and property. ``source`` and
    ``target`` hold node numbers, ``kind`` numbers into ``properties`` (CURIEs; ``kinds`` has their IRIs),
    ``transmission`` probabilities (1.0 where unknown), ``basis`` numbers into ``BASES``, ``threat`` whether an edge
    only says that something endangers something. ``guards`` gives for a node the controls (numbers into ``controls``,
    IRIs) that stand before all its outgoing edges, ``needs`` for a gated node how many incoming edges must bring impact
    (``gates`` as stated: ``ALL`` for all of them), ``leaks`` how likely a node turns by itself. On the days of
    ``lasting`` the same holds (None: nothing is known of other days).
    """

    snapshot: str
    today: date
    ids: Names
    source: Ints
    target: Ints
    kind: Ints
    transmission: Floats
    basis: Ints
    threat: npt.NDArray[np.bool_]
    kinds: tuple[str, ...]
    controls: Names
    guards: Groups
    gates: Few[int]
    leaks: Few[float]
    needs: Few[int]
    lasting: Period | None = None
    ways: dict[Sense, Way] = field(default_factory=dict, init=False, repr=False)
    #: Marks of nodes, all zeros, for a walk to take and give back: making them anew would cost more than a short walk.
    marks: list[npt.NDArray[np.uint8]] = field(default_factory=list, init=False, repr=False)
    _threats: list[bool] = field(default_factory=list, init=False, repr=False)

    @property
    def size(self) -> int:
        """The number of nodes."""
        return len(self.ids)

    @property
    def index(self) -> Mapping[str, int]:
        """The numbers of the nodes, by IRI."""
        return Index(self.ids)

    @property
    def properties(self) -> tuple[str, ...]:
        """The CURIEs of the properties."""
        return tuple(map(compact, self.kinds))

    @property
    def has_threats(self) -> bool:
        """Whether any edge only says that something endangers something, looked for once."""
        if not self._threats:
            self._threats.append(bool(self.threat.any()))
        return self._threats[0]

    def holds_on(self, day: date) -> bool:
        """Say whether the same dependencies are known to hold on a day."""
        return day == self.today or (self.lasting is not None and day in self.lasting)

    def known_as(self, snapshot: str, today: date) -> Projection:
        """Return the same dependencies as those of another snapshot or day; what is worked out of them is shared."""
        if (snapshot, today) == (self.snapshot, self.today):
            return self
        same = replace(self, snapshot=snapshot, today=today)
        for name in ("ways", "marks", "_threats"):
            object.__setattr__(same, name, getattr(self, name))
        return same

    def way(self, sense: Sense) -> Way:
        """Return the edges by the node that they leave (down) or come to (up), worked out once."""
        found = self.ways.get(sense)
        if found is None:
            ends = (self.source, self.target) if sense == "down" else (self.target, self.source)
            found = self.ways[sense] = Way.by(*ends, self.size)
        return found

    @property
    def nbytes(self) -> int:
        """How many bytes are kept: nodes, edges, both ways, and what is said of single nodes."""
        arrays = [self.source, self.target, self.kind, self.transmission, self.basis, self.threat]
        arrays += [*self.marks, *(array for way in self.ways.values() for array in way.arrays(self))]
        arrays += [self.guards.nodes, self.guards.starts, self.guards.numbers]
        arrays += [
            array for few in (self.gates, self.leaks, self.needs) for array in (few.nodes, few.numbers)
        ]
        return sum(array.nbytes for array in arrays) + self.ids.nbytes + self.controls.nbytes


def project(view: View, *, today: date) -> Projection:
    """Project the dependencies that hold on the day ``today``.

    A dependency holds unless it is qualified with periods none of which contains the day. A general property
    that is stated besides a special one of the same pair is the same dependency, and counts once.
    """
    known = read_annotations(view)
    stated = links(view, sorted(known.impact))
    guards = (
        {(subject, target) for subject, _, target in view.edges(sorted(known.guarding))}
        if known.guarding
        else set()
    )
    qualified = read_qualifications(view, today)
    columns = stated_columns(stated, known, qualified)
    found = laid_out(view.snapshot, today, known, columns, guards, read_gates(view), read_leaks(view))
    return replace(found, lasting=qualified.lasting(today))


def assembled(
    snapshot: str,
    today: date,
    known: Annotations,
    edges: Collection[FlowEdge],
    guarding: set[tuple[str, str]],
    gates: Mapping[str, int | None],
    leaks: Mapping[str, float],
) -> Projection:
    """Give numbers to nodes, properties and controls, and lay the edges out as arrays.

    ``guarding`` holds pairs of a control and what it guards, ``gates`` how many incoming edges a node needs (None: all
    of them). Of numbers that come from a part of the graph the order is that of the whole.
    """
    return laid_out(snapshot, today, known, columns_of(edges), guarding, gates, leaks)


def laid_out(
    snapshot: str,
    today: date,
    known: Annotations,
    columns: Columns,
    guarding: set[tuple[str, str]],
    gates: Mapping[str, int | None],
    leaks: Mapping[str, float],
) -> Projection:
    """Do so with edges that are columns already."""
    names, used = columns.names, np.zeros(len(columns.names), bool)
    used[columns.source] = used[columns.target] = True
    alone = {target.encode() for _, target in guarding} | {name.encode() for name in (*leaks, *gates)}
    if alone:
        number = {name: at for at, name in enumerate(names)}
        names = [*names, *sorted(alone - number.keys())]
        used = np.concatenate((used, np.ones(len(names) - len(used), bool)))
        used[[number[name] for name in alone & number.keys()]] = True
    ordered = sorted(np.flatnonzero(used).tolist(), key=names.__getitem__)
    ids = Names.of(names[at] for at in ordered)
    became = np.zeros(len(names), np.int32)
    became[ordered] = np.arange(len(ordered), dtype=np.int32)
    kinds, kind = _kinds(columns)
    source, target = became[columns.source], became[columns.target]
    order = _order(source, target, kind, columns, len(ids))
    kind, target = kind[order], target[order]
    controls, guards = guards_of(ids, guarding)
    stated = Few.of(
        {Index(ids)[name]: ALL if k is None else max(1, k) for name, k in gates.items()}, np.int64
    )
    return Projection(
        snapshot=snapshot,
        today=today,
        ids=ids,
        source=source[order],
        target=target,
        kind=kind,
        transmission=columns.transmission[order],
        basis=columns.basis[order].astype(np.int8),
        threat=threatening(known, kinds)[kind],
        kinds=kinds,
        controls=controls,
        guards=guards,
        gates=stated,
        leaks=Few.of({Index(ids)[name]: value for name, value in leaks.items()}, np.float64),
        needs=needs_of(stated, target, len(ids)),
    )


def threatening(known: Annotations, kinds: tuple[str, ...]) -> npt.NDArray[np.bool_]:
    """Say which properties only say that something endangers something."""
    return np.array([name in known.impact and known.impact[name].flow == THREAT for name in kinds], bool)


def guards_of(ids: Names, guarding: set[tuple[str, str]]) -> tuple[Names, Groups]:
    """Return the controls, and before which nodes they stand."""
    controls = Names.of(sorted({control.encode() for control, _ in guarding}))
    index, number = Index(ids), Index(controls)
    pairs = sorted((number[control], index[name]) for control, name in guarding)
    columns = np.array(pairs, np.int32).reshape(-1, 2)
    return controls, Groups.of(columns[:, 1], columns[:, 0])


def needs_of(gates: Few[int], target: Ints, size: int) -> Few[int]:
    """Return how many incoming edges each gated node needs, which for some gates is all there are.

    One that needs more than there are never turns, however many more.
    """
    if not len(gates):
        return gates
    arriving = np.maximum(np.bincount(target, minlength=size)[gates.nodes], 1)
    return Few(gates.nodes, np.where(gates.numbers == ALL, arriving, np.minimum(gates.numbers, arriving + 1)))


def _kinds(columns: Columns) -> tuple[tuple[str, ...], Ints]:
    """Return the properties that occur, sorted, and the number of each edge's, in as few bytes as will do."""
    occurring = {columns.kinds[at] for at in np.unique(columns.kind).tolist()}
    kinds = tuple(sorted(occurring))
    number = {name: at for at, name in enumerate(kinds)}
    became = np.array([number.get(name, 0) for name in columns.kinds], kind_type(len(kinds)))
    return kinds, became[columns.kind]


def kind_type(count: int) -> np.dtype[Any]:
    """Return the smallest type of whole number that can tell so many properties apart."""
    return np.min_scalar_type(max(0, count - 1))


def _order(source: Ints, target: Ints, kind: Ints, columns: Columns, size: int) -> Ints:
    """Return the edges by source, target and property, then by what is said of them."""
    kinds = int(kind.max()) + 1 if len(kind) else 1
    if size * size * kinds < 2**63:
        key = (source.astype(np.int64) * size + target) * kinds + kind
        order = np.argsort(key)
        ranked = key[order]
        if not bool((ranked[1:] == ranked[:-1]).any()):
            return order
    return np.lexsort((columns.basis, columns.transmission, kind, target, source))
