"""The patterns of a shape: which statements its results depend on, and how these lead to the node it looks at.

A result can only change through a statement that fits one of the patterns, and only where those around it hold too.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from rdflib import OWL, RDF, RDFS, SH, Literal, URIRef, Variable
from rdflib.collection import Collection
from rdflib.extras.shacl import parse_shacl_path

from aimsgraph.validate.shacl.component import components_of
from aimsgraph.validate.shacl.embedded import prefixes_of
from aimsgraph.validate.shacl.path import sparql_path
from aimsgraph.validate.shacl.scope import Block, UnboundedError, fresh, read_query

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rdflib import Graph
    from rdflib.term import Node

ROOT: Final = Variable("root")
_COMPARED: Final = (SH.equals, SH.disjoint, SH.lessThan, SH.lessThanOrEquals)
_NESTED: Final = (SH.node, SH["not"], SH.qualifiedValueShape, SH.property)
_LISTED: Final = (SH["and"], SH["or"], SH.xone)


@dataclass(slots=True)
class Footprint:
    """The patterns of one shape with targets, whose nodes are :data:`ROOT`.

    ``classes`` are those it targets, whose members it finds by their type. ``bounded`` is false when a changed
    statement cannot be traced back to a node. ``asks`` holds the text of every query in it.
    """

    block: Block = field(default_factory=Block)
    classes: set[URIRef] = field(default_factory=set)
    nodes: set[Node] = field(default_factory=set)
    bounded: bool = True
    asks: list[str] = field(default_factory=list)


def footprint(shapes: Graph, shape: Node) -> Footprint:
    """Return the patterns of a shape that declares targets."""
    found = Footprint()
    try:
        _targets(shapes, shape, found)
        _Walk(shapes, found).shape(shape, ROOT, found.block.within(), ())
    except UnboundedError:
        found.bounded = False
    return found


def _targets(shapes: Graph, shape: Node, found: Footprint) -> None:
    found.classes |= {one for one in shapes.objects(shape, SH.targetClass) if isinstance(one, URIRef)}
    if isinstance(shape, URIRef) and any(
        (shape, RDF.type, kind) in shapes for kind in (RDFS.Class, OWL.Class)
    ):
        found.classes.add(shape)
    found.nodes |= set(shapes.objects(shape, SH.targetNode))
    for term in shapes.objects(shape, SH.targetSubjectsOf):
        found.block.within().add(ROOT, term, fresh())
    for term in shapes.objects(shape, SH.targetObjectsOf):
        found.block.within().add(fresh(), term, ROOT)
    for target in shapes.objects(shape, SH.target):
        for text in shapes.objects(target, SH.select):
            query = prefixes_of(shapes, target).expanded(str(text))
            found.asks.append(query)
            read_query(query, {"this": ROOT}, found.block.within())


class _Walk:
    """Walks through a shape and those within it."""

    def __init__(self, shapes: Graph, found: Footprint) -> None:
        self._shapes, self._found = shapes, found
        parameters = {
            path
            for component in components_of(shapes)
            for parameter in shapes.objects(component, SH.parameter)
            for path in shapes.objects(parameter, SH.path)
        }
        self._foreign = parameters - {SH.path}

    def shape(self, shape: Node, focus: Node, block: Block, around: tuple[Node, ...]) -> None:
        """Add the patterns of a shape as applied to ``focus``.

        :raises UnboundedError: a part of it cannot be traced.
        """
        if shape in around or self._foreign & set(self._shapes.predicates(shape)):
            raise UnboundedError
        path = self._shapes.value(shape, SH.path)
        value = focus
        if path is not None:
            value = fresh()
            block.add(focus, parse_shacl_path(self._shapes, path), value)
        self._own(shape, focus, value, block)
        for query in self._queries(shape, path):
            self._found.asks.append(query)
            read_query(query, {"this": focus}, block.within())
        for inner in self._inner(shape):
            self.shape(inner, value, block.within(), (*around, shape))

    def _own(self, shape: Node, focus: Node, value: Node, block: Block) -> None:
        for other in (one for name in _COMPARED for one in self._shapes.objects(shape, name)):
            block.within().add(focus, other, fresh())
        if (shape, SH["class"], None) in self._shapes:
            block.within().add(value, RDF.type, fresh())
        if (shape, SH.closed, Literal(True)) in self._shapes:
            block.within().add(value, fresh(), fresh())

    def _queries(self, shape: Node, path: Node | None) -> Iterator[str]:
        for constraint in self._shapes.objects(shape, SH.sparql):
            text = str(self._shapes.value(constraint, SH.select))
            if path is not None:
                text = text.replace("$PATH", sparql_path(self._shapes, path))
            yield prefixes_of(self._shapes, constraint).expanded(text)

    def _inner(self, shape: Node) -> Iterator[Node]:
        for name in _NESTED:
            yield from self._shapes.objects(shape, name)
        for name in _LISTED:
            for head in self._shapes.objects(shape, name):
                yield from Collection(self._shapes, head)
        if (shape, SH.qualifiedValueShapesDisjoint, Literal(True)) in self._shapes:
            for parent in self._shapes.subjects(SH.property, shape):
                for sibling in self._shapes.objects(parent, SH.property):
                    yield from self._shapes.objects(sibling, SH.qualifiedValueShape)
