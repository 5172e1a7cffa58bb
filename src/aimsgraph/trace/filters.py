"""What of the dependencies a question is about: along which properties to walk, and which nodes to show."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np

from aimsgraph.errors import UsageError
from aimsgraph.model.lineage import LineageFilters
from aimsgraph.store import class_named, resolve
from aimsgraph.store.classes import iri_of
from aimsgraph.store.portion import named
from aimsgraph.trace.annotations import read_annotations
from aimsgraph.vocab import AIMS, RDF, RDFS, compact, local_name

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    import numpy.typing as npt

    from aimsgraph.store.protocol import View
    from aimsgraph.trace.projection import Ints, Projection

_AREA: Final = "aims:ControlArea"


@dataclass(frozen=True, slots=True)
class Filters:
    """A choice of dependencies and nodes; None where everything counts.

    ``along`` holds the CURIEs of the properties to walk along, ``classes`` the IRIs of the classes of nodes that are
    shown, ``areas`` those of their control areas. ``said`` is the choice as it was asked for.
    """

    along: frozenset[str] | None = None
    classes: frozenset[str] | None = None
    areas: frozenset[str] | None = None
    said: LineageFilters = field(default_factory=LineageFilters)

    @property
    def of_nodes(self) -> bool:
        """Whether some nodes are not shown."""
        return self.classes is not None or self.areas is not None


EVERYTHING: Final = Filters()


def read_filters(
    view: View,
    *,
    along: Sequence[str] = (),
    types: Sequence[str] = (),
    areas: Sequence[str] = (),
    only_through: bool = False,
) -> Filters:
    """Read what a choice means in this graph.

    ``along`` names properties or kinds of flow (CURIE, IRI or last part of it), ``types`` classes, ``areas`` control
    areas. Special properties and classes count with the general ones. Several of one sort: any of them.

    :raises UsageError: something is not what it has to be, or is unknown.
    :raises NodeNotFoundError, NodeAmbiguousError: nothing, or more than one thing, is called like an area.
    """
    if only_through and not types and not areas:
        raise UsageError(
            "Without a type or an area every node is shown.",
            hint="Name those that the walk is to go through.",
        )
    known = [resolve(view, name, like="area:data-governance") for name in areas]
    for area in known:
        if area.type != _AREA:
            raise UsageError(
                f"{area.label} is no control area.",
                hint="List the areas with: aimsgraph nodes --type " + _AREA,
            )
    classes = [class_named(view, name) for name in types]
    walked = [_properties(view, name) for name in along]
    return Filters(
        along=frozenset[str]().union(*(names for _, names in walked)) if along else None,
        classes=_with_narrower(view, classes) if types else None,
        areas=frozenset(area.id for area in known) if areas else None,
        said=LineageFilters(
            along=tuple(compact(iri) for iri, _ in walked),
            types=tuple(map(compact, classes)),
            areas=tuple(compact(area.id) for area in known),
            only_through=only_through,
        ),
    )


def walkable(projection: Projection, wanted: Filters, *, threats: bool) -> npt.NDArray[np.bool_]:
    """Say of each edge whether it is walked: those that are named; else all, threats only where asked for."""
    if wanted.along is not None:
        chosen = np.array([name in wanted.along for name in projection.properties], bool)
        if not len(chosen):
            return np.zeros(len(projection.source), bool)
        found: npt.NDArray[np.bool_] = chosen[projection.kind]
        return found
    return np.ones(len(projection.source), bool) if threats else ~projection.threat


def shown(view: View, projection: Projection, wanted: Filters, nodes: Ints) -> Ints:
    """Return those of the nodes (numbers) that are shown."""
    if not wanted.of_nodes:
        return nodes
    names = [projection.ids[number] for number in nodes.tolist()]
    fitting = fits(view, names, wanted)
    found: Ints = nodes[np.array([name in fitting for name in names], bool)]
    return found


def fits(view: View, names: Collection[str], wanted: Filters) -> frozenset[str]:
    """Return which of the nodes (IRIs) are of one of the classes and in one of the areas.

    A node is in the areas that it states (``aims:inArea``); one that states none is in those that speak about one of
    its classes (``aims:speaksAbout``).
    """
    listed = sorted(names)
    classes = _values(view, listed, [RDF + "type"])
    found = {
        name for name in listed if wanted.classes is None or not wanted.classes.isdisjoint(classes[name])
    }
    if wanted.areas is not None:
        stated = _values(view, sorted(found), specialising(view, AIMS + "inArea"))
        about = {
            area: [str(value) for value in view.objects(area, AIMS + "speaksAbout")] for area in wanted.areas
        }
        spoken = _with_narrower(view, [iri for one in about.values() for iri in one])
        found = {
            name
            for name in found
            if not wanted.areas.isdisjoint(stated[name])
            or (not stated[name] and not spoken.isdisjoint(classes[name]))
        }
    return frozenset(found)


def _values(view: View, names: list[str], properties: list[str]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    several = f"?p {{ {' '.join(f'<{iri}>' for iri in properties)} }}"
    for nodes in named("s", names) if names else ():
        for row in view.rows(f"SELECT ?s ?o WHERE {{ VALUES {several} {nodes} ?s ?p ?o }}"):
            found[str(row["s"])].add(str(row["o"]))
    return found


def specialising(view: View, iri: str) -> list[str]:
    """Return the IRIs of a property and of those that are special cases of it, sorted."""
    rows = view.select(f"SELECT DISTINCT ?p WHERE {{ ?p <{RDFS}subPropertyOf>* <{iri}> FILTER(isIRI(?p)) }}")
    return sorted({iri, *(str(row["p"]) for row in rows)})


def _with_narrower(view: View, classes: Iterable[str]) -> frozenset[str]:
    below: dict[str, list[str]] = defaultdict(list)
    for lower, _, upper in view.edges([RDFS + "subClassOf"]):
        below[upper].append(lower)
    found: set[str] = set()
    waiting = list(classes)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting.extend(below[name])
    return frozenset(found)


def _properties(view: View, name: str) -> tuple[str, frozenset[str]]:
    """Return the IRI of a property or kind of flow, and the CURIEs of the properties that it stands for."""
    impact = read_annotations(view).impact
    stands: dict[str, set[str]] = defaultdict(set)
    for item in impact.values():
        for general in (item.iri, *item.ancestors, item.flow):
            stands[general].add(compact(item.iri))
    stands.pop("", None)
    iri = iri_of(name)
    found = [iri] if iri in stands else []
    if iri is None:
        found = [known for known in sorted(stands) if local_name(known).casefold() == name.casefold()]
    if len(found) == 1:
        return found[0], frozenset(stands[found[0]])
    if found:
        what = (
            f"{len(found)} properties and kinds of flow are called {name}: {', '.join(map(compact, found))}."
        )
        raise UsageError(what, hint="Name one by its CURIE or IRI.")
    flows = sorted({compact(item.flow) for item in impact.values() if item.flow})
    raise UsageError(
        f"Nothing flows along {name}.",
        hint=f"Along these it does: {', '.join(sorted(map(compact, impact)))}; or name a kind of flow: "
        f"{', '.join(flows)}.",
    )
