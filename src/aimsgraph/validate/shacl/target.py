"""The nodes a shape is declared to look at (SHACL, section 2.1; SPARQL targets as in SHACL Advanced Features)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from rdflib import OWL, RDF, RDFS, SH, URIRef

from aimsgraph.validate.shacl.context import Context, Statement, term_text
from aimsgraph.validate.shacl.embedded import prefixes_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from rdflib import Graph
    from rdflib.term import Node

    from aimsgraph.validate.shacl.subclass import Subclasses

TARGETS: Final = (SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf, SH.target)
#: A pattern of one statement; that of a class without subclasses gives no node twice.
_ONE_STATEMENT: Final = re.compile(r"(\?r|\?any) (a|<[^>]*>) (\?r|\?any|<[^>]*>) \.")
#: From how many properties on all that is said of a few nodes is quicker read than asking for each property.
_MANY: Final = 3


def declared(shapes: Graph) -> list[Node]:
    """Return the shapes that declare targets, in a fixed order."""
    found = {shape for target in TARGETS for shape in shapes.subjects(target, None)}
    for kind in (SH.NodeShape, SH.PropertyShape):
        found |= {shape for shape in shapes.subjects(RDF.type, kind) if _is_class(shapes, shape)}
    return sorted(found, key=str)


def targets(
    shapes: Graph, shape: Node, subclasses: Subclasses, among: Collection[str] | None = None
) -> Context | None:
    """Return the context of the nodes that a shape declares to look at; None when it names no node.

    ``among`` are the IRIs of the only nodes that matter.
    """
    only = "" if among is None else f"VALUES ?r {{ {' '.join(f'<{name}>' for name in sorted(among))} }} "
    patterns = list(_patterns(shapes, shape, subclasses, few=among is not None))
    text = " UNION ".join(f"{{ {only}{one} }}" for one in patterns)
    one = _ONE_STATEMENT.fullmatch(patterns[0]) if len(patterns) == 1 else None
    once = one is not None and one[2] == "a"
    return (
        Context(text, few=among is not None, once=once, statement=_statement(one, among))
        if patterns
        else None
    )


def _statement(one: re.Match[str] | None, among: Collection[str] | None) -> Statement | None:
    if one is None or among is not None:
        return None
    subject, link, value = (None if term == "?any" else term for term in one.groups())
    return None if link is None else (subject, link, value)


def _patterns(shapes: Graph, shape: Node, subclasses: Subclasses, *, few: bool) -> Iterator[str]:
    classes = set(shapes.objects(shape, SH.targetClass))
    if _is_class(shapes, shape):
        classes.add(shape)
    if classes:
        yield subclasses.instance("r", *classes, few=few)
    nodes = [term_text(node) for node in shapes.objects(shape, SH.targetNode)]
    if any(nodes):
        yield f"VALUES ?r {{ {' '.join(sorted(node for node in nodes if node))} }}"
    links = sorted(f"<{term}>" for term in shapes.objects(shape, SH.targetSubjectsOf))
    if few and len(links) > _MANY:
        yield f"?r ?link ?any . FILTER (?link IN ({', '.join(links)}))"
        links = []
    for link in links:
        yield f"?r {link} ?any ."
    for term in sorted(shapes.objects(shape, SH.targetObjectsOf), key=str):
        yield f"?any <{term}> ?r ."
    for target in sorted(shapes.objects(shape, SH.target), key=str):
        yield from selected(shapes, target, "r")


def selected(shapes: Graph, target: Node, name: str) -> list[str]:
    """Return the patterns that bind a variable to what the queries of a target find (SHACL Advanced Features)."""
    queries = [prefixes_of(shapes, target).expanded(str(text)) for text in shapes.objects(target, SH.select)]
    found = "?this" if name == "this" else f"(?this AS ?{name})"
    return [f"{{ SELECT DISTINCT {found} WHERE {{ {{ {query} }} }} }}" for query in queries]


def _is_class(shapes: Graph, shape: Node) -> bool:
    return isinstance(shape, URIRef) and any(
        (shape, RDF.type, kind) in shapes for kind in (RDFS.Class, OWL.Class)
    )
