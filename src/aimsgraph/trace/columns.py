"""Dependencies as columns of numbers: worked out for all at once where nothing special is said of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from aimsgraph.trace.dependency import defaults, dependencies

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    import numpy.typing as npt

    from aimsgraph.store.links import Links
    from aimsgraph.trace.annotations import Annotations
    from aimsgraph.trace.dependency import FlowEdge
    from aimsgraph.trace.projection import Floats, Ints
    from aimsgraph.trace.qualified import Qualifications


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """Edges in no particular order: ends are numbers into ``names`` (UTF-8), ``kind`` into ``kinds`` (IRIs)."""

    names: list[bytes]
    kinds: tuple[str, ...]
    source: Ints
    target: Ints
    kind: Ints
    transmission: Floats
    basis: Ints


def columns_of(edges: Collection[FlowEdge], names: list[bytes] | None = None) -> Columns:
    """Give numbers to the ends and properties of edges; names that are given already keep theirs."""
    count = len(edges)
    # A million names need not be numbered for nothing.
    number = {name: at for at, name in enumerate(names or ())} if count else {}
    kinds: dict[str, int] = {}
    source, target, kind = (np.zeros(count, np.int32) for _ in range(3))
    for at, (a, b, name, _, _) in enumerate(edges):
        source[at] = number.setdefault(a.encode(), len(number))
        target[at] = number.setdefault(b.encode(), len(number))
        kind[at] = kinds.setdefault(name, len(kinds))
    return Columns(
        list(number) if count else names or [], tuple(kinds), source, target, kind,
        np.fromiter((edge[3] for edge in edges), np.float64, count),
        np.fromiter((edge[4] for edge in edges), np.int8, count),
    )  # fmt: skip


def stated_columns(stated: Links, known: Annotations, qualified: Qualifications) -> Columns:
    """Return the dependencies that hold, of all statements with annotated properties.

    It gives what :func:`aimsgraph.trace.dependency.dependencies` gives; only what a qualification may be about goes
    there.
    """
    items = [known.impact[name] for name in stated.predicates]
    pairs = stated.subject.astype(np.int64) * len(stated.names) + stated.object
    special = np.isin(pairs, _qualified_pairs(stated, qualified)) if qualified.by_pair else None
    dropped = _entailed(stated, known, pairs)
    plain = _left(len(pairs), special, dropped)
    one_by_one = [] if special is None else np.flatnonzero(special).tolist()
    triples = (
        (
            stated.names[stated.subject[at]].decode(),
            stated.predicates[stated.predicate[at]],
            stated.names[stated.object[at]].decode(),
        )
        for at in one_by_one
    )
    others = columns_of(list(dependencies(triples, known, qualified)), stated.names)
    by_default = defaults(known)
    numbers = np.array([by_default[item.iri][0] for item in items], np.float64)
    bases = np.array([by_default[item.iri][1] for item in items], np.int8)
    forward = np.array([item.forward for item in items], bool)
    kind, subject, object_ = stated.predicate, stated.subject, stated.object
    if plain is not None:
        kind, subject, object_ = kind[plain], subject[plain], object_[plain]
    ahead = forward[kind]
    return Columns(
        others.names,
        (*stated.predicates, *others.kinds),
        np.concatenate((np.where(ahead, subject, object_), others.source)),
        np.concatenate((np.where(ahead, object_, subject), others.target)),
        np.concatenate((kind, others.kind + len(stated.predicates))),
        np.concatenate((numbers[kind], others.transmission)),
        np.concatenate((bases[kind], others.basis)),
    )


def _qualified_pairs(stated: Links, qualified: Qualifications) -> Ints:
    """Return the pairs of which a qualification may speak, either way round."""
    number = {name: at for at, name in enumerate(stated.names)}
    found = [
        (number[ends[0].encode()], number[ends[1].encode()])
        for pair in qualified.by_pair
        for ends in (pair, pair[::-1])
        if pair[0].encode() in number and pair[1].encode() in number
    ]
    return np.array([a * len(stated.names) + b for a, b in found], np.int64)


def _entailed(stated: Links, known: Annotations, pairs: Ints) -> npt.NDArray[np.bool_] | None:
    """Say which statements a special property of the same pair repeats; None when there is none."""
    below: Mapping[str, list[int]] = {
        name: [at for at, other in enumerate(stated.predicates) if name in known.impact[other].ancestors]
        for name in stated.predicates
    }
    rows = {at: np.flatnonzero(stated.predicate == at) for at in np.unique(stated.predicate).tolist()}
    dropped: npt.NDArray[np.bool_] | None = None
    for at, name in enumerate(stated.predicates):
        special = [rows[other] for other in below[name] if other in rows]
        if at in rows and special:
            repeated = rows[at][np.isin(pairs[rows[at]], pairs[np.concatenate(special)])]
            if len(repeated):
                dropped = np.zeros(len(pairs), bool) if dropped is None else dropped
                dropped[repeated] = True
    return dropped


def _left(
    count: int, special: npt.NDArray[np.bool_] | None, dropped: npt.NDArray[np.bool_] | None
) -> Ints | None:
    """Return the rows that are neither; None for all."""
    if special is None and dropped is None:
        return None
    out = np.zeros(count, bool)
    for some in (special, dropped):
        if some is not None:
            out |= some
    return np.flatnonzero(~out)
