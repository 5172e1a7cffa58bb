"""What keeps a hierarchy from being one: cycles, and what the SKOS reference rules out between concepts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rdflib import RDF, Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, SKOS

if TYPE_CHECKING:
    from rdflib.term import Node

Edges = dict[str, set[str]]
#: Said from the narrower to the wider entry, and from the wider to the narrower one.
UP: Final = (SKOS.broader, SKOS.broaderTransitive, SKOS.broadMatch)
DOWN: Final = (SKOS.narrower, SKOS.narrowerTransitive, SKOS.narrowMatch)
LABELS: Final = (SKOS.prefLabel, SKOS.altLabel, SKOS.hiddenLabel)


def name(node: Node | str) -> str:
    """Return the address without the part that all of ours share."""
    return str(node).removeprefix("https://w3id.org/aimsgraph/").removeprefix("https://example.org/")


def edges(graph: Graph, up: tuple[URIRef, ...], down: tuple[URIRef, ...] = ()) -> Edges:
    """Return node → the nodes above it, said with a predicate of ``up`` or, from above, with one of ``down``."""
    found: Edges = {}
    for predicate in up:
        for below, above in graph.subject_objects(predicate):
            found.setdefault(str(below), set()).add(str(above))
    for predicate in down:
        for above, below in graph.subject_objects(predicate):
            found.setdefault(str(below), set()).add(str(above))
    return found


def above(graph: Edges, start: str) -> set[str]:
    """Return all that is reached from ``start`` by one step or more."""
    seen: set[str] = set()
    todo = [start]
    while todo:
        new = graph.get(todo.pop(), set()) - seen
        seen |= new
        todo += new
    return seen


def cycles(graph: Edges) -> set[str]:
    """Return for each set of nodes that lie above each other one shortest way round, from its first name on."""
    told: set[str] = set()
    found: set[str] = set()
    for start in sorted(graph):
        if start in told or start not in above(graph, start):
            continue
        told |= {node for node in above(graph, start) if start in above(graph, node)}
        found.add(" → ".join(name(node) for node in _way(graph, start)))
    return found


def _way(graph: Edges, start: str) -> list[str]:
    """Return a shortest way from ``start`` back to it, by first names where several are as short."""
    ways = [[start]]
    seen: set[str] = set()
    for way in ways:
        for node in sorted(graph.get(way[-1], set()) - seen):
            if node == start:
                return [*way, start]
            seen.add(node)
            ways.append([*way, node])
    return []


def wider_and_related(graph: Graph) -> set[str]:
    """S27: of two concepts that are related neither lies above the other; matches count as what they imply."""
    wider = edges(graph, UP, DOWN)
    reached = {node: above(wider, node) for node in wider}
    pairs = {
        (str(a), str(b))
        for predicate in (SKOS.related, SKOS.relatedMatch)
        for one, two in graph.subject_objects(predicate)
        for a, b in ((one, two), (two, one))
    }
    return {
        f"{name(a)} is related to {name(b)}, which lies above it"
        for a, b in pairs
        if b in reached.get(a, set())
    }


def exact_and_otherwise(graph: Graph) -> set[str]:
    """S46: what is the same, be it by way of others, is neither wider, narrower nor merely related."""
    same = edges(graph, (SKOS.exactMatch,), (SKOS.exactMatch,))
    found: set[str] = set()
    for predicate in (SKOS.broadMatch, SKOS.narrowMatch, SKOS.relatedMatch):
        kind = predicate.rpartition("#")[2]
        for one, two in graph.subject_objects(predicate):
            if str(two) in above(same, str(one)):
                found.add(f"{name(one)} and {name(two)} match exactly and by {kind}")
    return found


def labels_twice(graph: Graph) -> set[str]:
    """S13 and S14: a label stands in one place, and there is one preferred label for each language."""
    found: set[str] = set()
    for concept in {node for label in LABELS for node in graph.subjects(label)}:
        places = [(label.rpartition("#")[2], set(graph.objects(concept, label))) for label in LABELS]
        for number, (first, one) in enumerate(places):
            for second, other in places[number + 1 :]:
                found |= {f"{name(concept)}: '{text}' is {first} and {second}" for text in one & other}
        languages = [text.language for text in places[0][1] if isinstance(text, Literal)]
        for language in {tag for tag in languages if languages.count(tag) > 1}:
            found.add(f"{name(concept)}: several preferred labels in '{language or 'no language'}'")
    return found


def out_of_place(graph: Graph) -> set[str]:
    """Schemes without entries on top, entries not under them, and entries under one of another scheme.

    A scheme that requires another (``dcterms:requires``) goes on below its entries.
    """
    wider = edges(graph, (SKOS.broader,), (SKOS.narrower,))
    found: set[str] = set()
    for scheme in graph.subjects(RDF.type, SKOS.ConceptScheme):
        tops = {str(node) for node in graph.objects(scheme, SKOS.hasTopConcept)}
        tops |= {str(node) for node in graph.subjects(SKOS.topConceptOf, scheme)}
        members = {str(node) for node in graph.subjects(SKOS.inScheme, scheme)}
        outer = {
            str(node)
            for wider_scheme in graph.objects(scheme, DCTERMS.requires)
            for node in graph.subjects(SKOS.inScheme, wider_scheme)
        }
        if not tops:
            found.add(f"{name(scheme)}: nothing on top")
        found |= {f"{name(top)}: on top of {name(scheme)}, but not in it" for top in tops - members}
        for entry in members:
            if entry in tops and wider.get(entry, set()) - outer:
                found.add(f"{name(entry)}: on top of {name(scheme)}, yet under another")
            if tops and entry not in tops and not above(wider, entry) & tops:
                found.add(f"{name(entry)}: under nothing on top of {name(scheme)}")
            found |= {
                f"{name(entry)}: in {name(scheme)}, but under {name(other)}, which is not"
                for other in wider.get(entry, set()) - members - outer
            }
    return found
