"""The files that the reference is made from, as one graph, with the few readings that all parts share."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, Final

from rdflib import OWL, RDF, RDFS, SH, SKOS, BNode, Graph, Literal, Namespace, URIRef

from aimsgraph import resources
from aimsgraph.ingest import read_file
from aimsgraph.model.reference import Link
from aimsgraph.query import catalogue
from aimsgraph.validate import load_shapes
from aimsgraph.vocab import AIMS, AREA, compact, local_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from rdflib.term import Node

    from aimsgraph.model.question import SavedQuery

aims: Final = Namespace(AIMS)
area: Final = Namespace(AREA)
schema: Final = Namespace("https://schema.org/")
status: Final = Namespace("http://www.w3.org/2003/06/sw-vocab-status/ns#")

KINDS: Final = {
    OWL.Class: "class",
    OWL.ObjectProperty: "object property",
    OWL.DatatypeProperty: "datatype property",
    OWL.AnnotationProperty: "annotation",
}
_NAME: Final = re.compile(r"\b(?:aims):[A-Za-z][A-Za-z0-9]*")


class Sources:
    """The ontology (with files of an organisation's own), the shapes and the saved questions."""

    def __init__(self, extra: Sequence[Path]) -> None:
        top = resources.folder("ontology")
        self.files: dict[Path, Graph] = {}
        for path in extra:
            read_file(path)  # says file, line and reason when it is faulty
        for path in (*resources.files("ontology", "*.ttl"), *extra):
            self.files[path] = Graph(bind_namespaces="none").parse(path)
        self.modules = [path for path in self.files if path.parent == top or path in extra]
        self.all = Graph(bind_namespaces="none")
        for graph in self.files.values():
            self.all += graph
        self.rules = load_shapes([path for path in extra if _has_shapes(self.files[path])])
        self.shapes = self.rules.graph

    @cached_property
    def queries(self) -> dict[str, SavedQuery]:
        """The saved questions, by name."""
        return catalogue()

    def text(self, subject: Node, *properties: URIRef) -> str | None:
        """Return the first value of the first of the properties that has one."""
        for name in properties:
            found = sorted(str(value) for value in self.all.objects(subject, name))
            if found:
                return found[0]
        return None

    def link(self, term: Node) -> Link:
        """Return the link to a term, by its own label or the last part of its IRI."""
        iri = str(term)
        label = self.text(term, RDFS.label, SKOS.prefLabel)
        if label is None:
            shape_label = self.shapes.value(term, RDFS.label)
            label = str(shape_label) if shape_label is not None else local_name(iri)
        return Link(id=iri, curie=compact(iri), label=label)

    def placed(self, concept: URIRef) -> Link:
        """Return the link to an entry of a catalogue; where others have its title, that of its parent is added."""
        link = self.link(concept)
        same = [
            one
            for one in self.all.subjects(SKOS.prefLabel, self.all.value(concept, SKOS.prefLabel))
            if one != concept
        ]
        above = self.all.value(concept, SKOS.broader)
        if not same or above is None:
            return link
        return link.model_copy(update={"label": f"{link.label} ({self.link(above).label})"})

    def links(self, terms: Iterable[Node]) -> tuple[Link, ...]:
        """Return links to terms that have an IRI, by label."""
        found = {term for term in terms if isinstance(term, URIRef)}
        return tuple(sorted(map(self.link, found), key=lambda one: (one.label.casefold(), one.id)))

    @cached_property
    def terms_of_shapes(self) -> dict[URIRef, set[URIRef]]:
        """Which shapes mention a term of ours: as target, path or value, or in their SPARQL."""
        tops = {
            shape
            for predicate in (
                SH.targetClass,
                SH.targetNode,
                SH.targetSubjectsOf,
                SH.targetObjectsOf,
                SH.target,
            )
            for shape in self.shapes.subjects(predicate)
            if isinstance(shape, URIRef)
        }
        using: dict[URIRef, set[URIRef]] = {}
        for shape in tops:
            for term in self._mentioned(shape):
                using.setdefault(term, set()).add(shape)
        return using

    def _mentioned(self, shape: URIRef) -> Iterator[URIRef]:
        seen: set[Node] = set()
        waiting: list[Node] = [shape]
        while waiting:
            node = waiting.pop()
            if node in seen:
                continue
            seen.add(node)
            for predicate, value in self.shapes.predicate_objects(node):
                if isinstance(value, Literal) and predicate in (SH.select, SH.ask, aims.appliesWhen):
                    yield from map(_expanded, _NAME.findall(str(value)))
                elif (
                    isinstance(value, BNode) or (value, SH.path, None) in self.shapes or predicate == SH.node
                ):
                    waiting.append(value)
                elif isinstance(value, URIRef):
                    yield value

    @cached_property
    def queries_of_terms(self) -> dict[URIRef, set[str]]:
        """Which saved questions mention a term of ours."""
        using: dict[URIRef, set[str]] = {}
        for name, query in self.queries.items():
            for mentioned in _NAME.findall(query.text):
                using.setdefault(_expanded(mentioned), set()).add(name)
        return using

    def typed(self, graph: Graph, kind: URIRef) -> list[URIRef]:
        """Return the IRIs of that type in one file, by label."""
        found = [term for term in graph.subjects(RDF.type, kind) if isinstance(term, URIRef)]
        return sorted(found, key=lambda term: (self.link(term).label.casefold(), term))


def _has_shapes(graph: Graph) -> bool:
    return any((None, RDF.type, kind) in graph for kind in (SH.NodeShape, SH.PropertyShape))


def _expanded(name: str) -> URIRef:
    return aims[name.partition(":")[2]]
