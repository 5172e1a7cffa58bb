"""One quality at a time: only the dependencies along which it can get lost."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from aimsgraph.errors import UsageError
from aimsgraph.trace.projection import needs_of
from aimsgraph.vocab import AIMS, RDF, SKOS, compact

if TYPE_CHECKING:
    from aimsgraph.store.protocol import View
    from aimsgraph.trace.annotations import Annotations
    from aimsgraph.trace.projection import Ints, Projection


def dimension_named(view: View, name: str) -> str:
    """Return the IRI of the impact dimension that an IRI, CURIE or label names.

    :raises UsageError: when there is no such dimension.
    """
    known: dict[str, set[str]] = {}
    for row in view.select(
        f"SELECT DISTINCT ?d ?label WHERE {{ {{ ?d <{RDF}type> <{AIMS}ImpactDimension> }} UNION "
        f"{{ ?p <{AIMS}impactDimension> ?d }} OPTIONAL {{ ?d <{SKOS}prefLabel> ?label }} }}"
    ):
        iri = str(row["d"])
        names = known.setdefault(iri, {iri, compact(iri)})
        if row.get("label") is not None:
            names.add(str(row["label"]))
    found = sorted(iri for iri, names in known.items() if name in names)
    if len(found) != 1:
        raise UsageError(
            f"There is no impact dimension {name!r}.",
            hint=f"Known are: {', '.join(sorted(compact(iri) for iri in known)) or 'none'}.",
        )
    return found[0]


def restricted(projection: Projection, known: Annotations, dimension: str) -> Projection:
    """Return the projection with only the dependencies whose property carries ``dimension`` (IRI).

    A property of which no dimension is stated carries all: what nobody has said is not taken for a no. A gate
    that needs all of a node's edges needs all that are left, one that needs k still needs k.
    """
    carrying = {
        compact(iri)
        for iri, item in known.impact.items()
        if not item.dimensions or dimension in item.dimensions
    }
    named = {compact(iri) for iri in known.impact}
    carries = np.array([name in carrying or name not in named for name in projection.properties], bool)
    kept = np.flatnonzero(carries[projection.kind]) if len(projection.kind) else projection.kind
    return replace(
        projection,
        source=projection.source[kept],
        target=projection.target[kept],
        kind=projection.kind[kept],
        transmission=projection.transmission[kept],
        basis=projection.basis[kept],
        threat=projection.threat[kept],
        needs=needs_of(projection.gates, projection.target[kept], projection.size),
    )


def unstated(projection: Projection, known: Annotations, edges: Ints) -> int:
    """Return how many of some edges have a property of which no dimension is stated."""
    stated = {compact(iri) for iri, item in known.impact.items() if item.dimensions}
    missing = np.array([name not in stated for name in projection.properties], bool)
    return int(missing[projection.kind[edges]].sum()) if len(edges) else 0
