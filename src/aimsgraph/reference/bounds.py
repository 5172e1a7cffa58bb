"""Bounds: which shapes look at a property of a class, and what they make of its values."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from rdflib import RDF, RDFS, SH, BNode, URIRef
from rdflib.collection import Collection

from aimsgraph.reference.graph import Sources, aims, schema

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rdflib import Graph
    from rdflib.term import Node

    from aimsgraph.validate.shapes import Shape

#: What is said of a nested shape that demands a value of a property; more would be a closer demand.
_PRESENCE: Final = {SH.path, SH.minCount}


@dataclass(frozen=True, slots=True)
class Concern:
    """A shape that looks at a property of a class.

    ``when`` says of which nodes of the class, None of all. ``alone`` tells that the shape looks at no other property,
    ``after`` which property a node must state before the shape looks at it.
    """

    check: Shape
    when: str | None
    alone: bool
    after: URIRef | None

    @property
    def binding(self) -> bool:
        """Whether it holds for each node of the class that has the property, and breaking it is a violation."""
        return self.when is None and self.alone and self.check.severity == "violation"


def concerns_of(sources: Sources, ancestors: set[URIRef], term: URIRef) -> list[Concern]:
    """Return the shapes that look at a property of a class, given as it and the classes above it."""
    found = []
    for check, along, terms in _looked_at(sources):
        if term not in terms:
            continue
        when, after = _when(sources, check, ancestors, term)
        if when != "":
            found.append(Concern(check, when, not along or terms == {term}, after))
    return found


@lru_cache(maxsize=2)
def _looked_at(sources: Sources) -> list[tuple[Shape, bool, set[URIRef]]]:
    """Return each shape, whether it has a path, and the properties that it looks at."""
    found = []
    for check in sources.rules.checks:
        path = sources.shapes.value(check.node, SH.path)
        terms = set(properties_of(sources.shapes, path))
        if path is None:  # a query about each property that the shape targets
            subjects = {one for kind, one in check.targets if kind == SH.targetSubjectsOf}
            terms = {one for one in subjects if isinstance(one, URIRef)}
        found.append((check, path is not None, terms))
    return found


def checks_of_node(sources: Sources, ancestors: set[URIRef]) -> list[Shape]:
    """Return the shapes that look at each node of a class, at no property in particular."""
    return [
        check
        for check in sources.rules.checks
        if targets_class(check, ancestors)
        and not any(properties_of(sources.shapes, sources.shapes.value(check.node, SH.path)))
    ]


def targets_class(check: Shape, ancestors: set[URIRef]) -> bool:
    """Return whether the shape looks at each node of the class."""
    return any(kind == SH.targetClass and term in ancestors for kind, term in check.targets)


def _when(
    sources: Sources, check: Shape, ancestors: set[URIRef], term: URIRef
) -> tuple[str | None, URIRef | None]:
    """Say which nodes of the class the shape looks at: None is all that state the property, an empty text none."""
    picked = f"where {' '.join(check.applies_when.split())}" if check.applies_when else None
    if targets_class(check, ancestors) or (SH.targetSubjectsOf, term) in check.targets:
        return picked, None
    for kind, other in check.targets:
        if not isinstance(other, URIRef):
            continue
        if kind == SH.targetSubjectsOf and _may_state(sources, ancestors, other):
            told = f"whatever states {sources.link(other).curie}"
            return " ".join(filter(None, (told, picked))), None if picked else other
        if kind == SH.targetObjectsOf and _may_be_value(sources, ancestors, other):
            return " ".join(
                filter(None, (f"whatever is a value of {sources.link(other).curie}", picked))
            ), None
    return "", None


def _may_state(sources: Sources, ancestors: set[URIRef], term: URIRef) -> bool:
    domain = set(sources.all.objects(term, schema.domainIncludes))
    return not domain or bool(domain & ancestors)


def _may_be_value(sources: Sources, ancestors: set[URIRef], term: URIRef) -> bool:
    within = set(sources.all.objects(term, schema.rangeIncludes))
    return not within or bool(within & ancestors)


def properties_of(shapes: Graph, path: Node | None) -> Iterator[URIRef]:
    """Yield the property that a path is, or those that are its alternatives."""
    if isinstance(path, URIRef):
        yield path
    elif path is not None and (alternatives := shapes.value(path, SH.alternativePath)) is not None:
        yield from (one for one in Collection(shapes, alternatives) if isinstance(one, URIRef))


def numbers(shapes: Graph, concerns: Sequence[Concern], *parameters: URIRef) -> list[float]:
    """Return the values of SHACL parameters, or of what stands for them, in the shapes that bind."""
    return [
        float(value.toPython())  # type: ignore[attr-defined]
        for one in concerns
        if one.binding
        for parameter in parameters
        for value in shapes.objects(one.check.node, parameter)
    ]


def ways_of(shapes: Graph, check: Shape) -> list[list[URIRef]] | None:
    """Return the groups of properties of which one must have values, or None when the shape asks something else."""
    path = shapes.value(check.node, SH.path)
    if isinstance(path, BNode) and str(shapes.value(check.node, SH.minCount)) == "1":
        alternatives = shapes.value(path, SH.alternativePath)
        return None if alternatives is None else _each_alone(Collection(shapes, alternatives))
    either = shapes.value(check.node, SH["or"])
    if path is not None or either is None:
        return None
    groups = [_needed(shapes, one) for one in Collection(shapes, either)]
    return groups if all(groups) else None


def _needed(shapes: Graph, shape: Node) -> list[URIRef]:
    """Return the properties that a nested shape wants to be there, none when it wants anything else."""
    parts = [shape] if shapes.value(shape, SH.path) is not None else list(shapes.objects(shape, SH.property))
    if parts != [shape] and set(shapes.predicates(shape)) - {RDF.type, SH.property}:
        return []
    terms = [shapes.value(part, SH.path) for part in parts]
    named = [one for one in terms if isinstance(one, URIRef)]
    plain = all(set(shapes.predicates(part)) == _PRESENCE for part in parts)
    return sorted(named) if plain and len(named) == len(terms) else []


def _each_alone(alternatives: Iterable[Node]) -> list[list[URIRef]] | None:
    terms = list(alternatives)
    groups = [[one] for one in terms if isinstance(one, URIRef)]
    return groups if len(groups) == len(terms) else None


def above(sources: Sources, cls: URIRef) -> set[URIRef]:
    """Return a class and all those above it."""
    return {one for one in sources.all.transitive_objects(cls, RDFS.subClassOf) if isinstance(one, URIRef)}


ASKS: Final = {
    "minimum": (SH.minInclusive, aims.asksMinimum),
    "maximum": (SH.maxInclusive, aims.asksMaximum),
    "max_count": (SH.maxCount, aims.asksMaxCount),
}
