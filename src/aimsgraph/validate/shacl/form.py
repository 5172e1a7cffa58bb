"""The form of a shape: what it has to be before it can be run (SHACL, section 2, and "syntax rules" throughout)."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from rdflib import RDF, SH, BNode, Literal, URIRef

from aimsgraph.errors import SyntaxProblemError
from aimsgraph.validate.shacl.fault import fault
from aimsgraph.validate.shacl.members import members

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rdflib import Graph
    from rdflib.term import Node

#: Every term of SHACL that may be said of a shape.
_SAID: Final = """
    and class closed datatype deactivated defaultValue description disjoint equals flags group hasValue
    ignoredProperties in languageIn lessThan lessThanOrEquals maxCount maxExclusive maxInclusive maxLength message
    minCount minExclusive minInclusive minLength name node nodeKind not or order path pattern property
    qualifiedMaxCount qualifiedMinCount qualifiedValueShape qualifiedValueShapesDisjoint severity sparql target
    targetClass targetNode targetObjectsOf targetSubjectsOf uniqueLang xone
    ask declare labelTemplate nodeValidator optional parameter prefixes propertyValidator rule select shapesGraph
    validator
"""
SAID_OF_SHAPES: Final = frozenset(_SAID.split())
#: What makes a shape bear a constraint: the parameters of SHACL Core, and sh:sparql.
_CONSTRAINING: Final = """
    and class closed datatype disjoint equals hasValue ignoredProperties in languageIn lessThan lessThanOrEquals
    maxCount maxExclusive maxInclusive maxLength minCount minExclusive minInclusive minLength node nodeKind not or
    pattern property qualifiedMaxCount qualifiedMinCount qualifiedValueShape qualifiedValueShapesDisjoint sparql
    uniqueLang xone
"""
CONSTRAINING: Final = frozenset(SH[name] for name in _CONSTRAINING.split())
#: What is said of the values along a path as a whole, and so means nothing without one. The W3C's test suite has
#: sh:qualifiedMinCount without a path, so that is left out.
_OF_PATHS: Final = "minCount maxCount uniqueLang lessThan lessThanOrEquals"
#: What a shape has one value of at most; a second path is told apart.
_ONCE: Final = """
    deactivated severity nodeKind datatype minCount maxCount minExclusive minInclusive maxExclusive maxInclusive
    minLength maxLength flags languageIn uniqueLang closed ignoredProperties in qualifiedMinCount qualifiedMaxCount
"""
_SHAPES: Final = ("node", "not", "property", "qualifiedValueShape")
#: A member that says nothing is kept to by all: in sh:and it changes nothing (published files have it), elsewhere all.
_OF_SHAPES: Final = ("or", "xone")
_LISTS: Final = ("in", "languageIn", "ignoredProperties", "and", *_OF_SHAPES)


def _is_count(term: Node) -> bool:
    return isinstance(term, Literal) and type(term.value) is int and term.value >= 0


def _is_number(term: Node) -> bool:
    return isinstance(term, Literal) and type(term.value) in {int, float, Decimal}


def _is_truth(term: Node) -> bool:
    return isinstance(term, Literal) and isinstance(term.value, bool)


def _is_iri(term: Node) -> bool:
    return isinstance(term, URIRef)


def _is_literal(term: Node) -> bool:
    return isinstance(term, Literal)


#: What values parameters take: the test, its words, and the parameters.
_TAKEN: Final[tuple[tuple[Callable[[Node], bool], str, str], ...]] = (
    (_is_count, "no whole number from 0", "minCount maxCount minLength maxLength qualifiedMinCount qualifiedMaxCount"),
    (_is_number, "no number", "order"),
    (_is_truth, "neither true nor false", "closed deactivated uniqueLang qualifiedValueShapesDisjoint"),
    (_is_iri, "no IRI", "class datatype nodeKind severity equals disjoint lessThan lessThanOrEquals "
     "targetClass targetSubjectsOf targetObjectsOf"),
    (_is_literal, "no literal", "pattern flags minExclusive minInclusive maxExclusive maxInclusive"),
)  # fmt: skip


def check_form(shapes: Graph, shape: Node) -> None:
    """Look at a shape before it is run.

    :raises SyntaxProblemError: it breaks a rule of SHACL, or says something with a term that SHACL does not have, so
        that it would pass unnoticed.
    """
    for error in form_faults(shapes, shape):
        raise error


def form_faults(shapes: Graph, shape: Node) -> Iterator[SyntaxProblemError]:
    """Yield what is wrong with the form of a shape."""
    # A misspelt class does no harm where all else shows that the node is a shape; published files have it.
    yield from _foreign(
        shapes, shape, {pair for pair in shapes.predicate_objects(shape) if pair[0] != RDF.type}
    )
    for predicate in sorted(set(shapes.predicates(shape)), key=str):
        name = _local(predicate)
        if name and predicate in SH and name not in SAID_OF_SHAPES:  # type: ignore[attr-defined]
            yield _unknown(shapes, shape, name)
    yield from _path_faults(shapes, shape)
    yield from _value_faults(shapes, shape)
    yield from _reference_faults(shapes, shape)


def foreign_terms(shapes: Graph, node: Node) -> Iterator[SyntaxProblemError]:
    """Yield the terms in SHACL's namespace, said of any node, that SHACL does not have."""
    yield from _foreign(shapes, node, set(shapes.predicate_objects(node)))


def _foreign(shapes: Graph, node: Node, said: set[tuple[Node, Node]]) -> Iterator[SyntaxProblemError]:
    for term in sorted({term for pair in said for term in pair}, key=str):
        name = _local(term)
        if name and term not in SH:  # type: ignore[attr-defined]
            yield _unknown(shapes, node, name)


def _unknown(shapes: Graph, node: Node, name: str) -> SyntaxProblemError:
    near = get_close_matches(name, [*SAID_OF_SHAPES, *_NAMES], n=1)
    meant = f" (perhaps sh:{near[0]} is meant)" if near else ""
    return fault(shapes, node, f"SHACL has no sh:{name}{meant}", URIRef(f"{SH}{name}"))


def _local(term: Node) -> str:
    return str(term).removeprefix(str(SH)) if isinstance(term, URIRef) and term.startswith(str(SH)) else ""


_NAMES: Final = (
    "NodeShape", "PropertyShape", "Info", "Warning", "Violation", "IRI", "BlankNode", "Literal", "BlankNodeOrIRI",
    "BlankNodeOrLiteral", "IRIOrLiteral", "SPARQLConstraint", "SPARQLTarget", "prefix", "namespace",
)  # fmt: skip


def _path_faults(shapes: Graph, shape: Node) -> Iterator[SyntaxProblemError]:
    paths = list(shapes.objects(shape, SH.path))
    kinds = set(shapes.objects(shape, RDF.type))
    if len(paths) > 1:
        yield fault(shapes, shape, "It has several paths (sh:path)", SH.path)
    if paths and SH.NodeShape in kinds:
        yield fault(shapes, shape, "It is a node shape, and has a path (sh:path)", SH.path)
    if not paths and SH.PropertyShape in kinds:
        yield fault(shapes, shape, "It is a property shape, and has no path (sh:path)")
    elif not paths and any(True for _ in shapes.subjects(SH.property, shape)):
        yield fault(shapes, shape, "What sh:property leads to has no path (sh:path)")
    for path in paths:
        if isinstance(path, Literal):
            yield fault(
                shapes, shape, f'Its path is the text "{path}", and must be an IRI or a path', SH.path
            )
    for name in _OF_PATHS.split() if not paths else ():
        if (shape, SH[name], None) in shapes:
            yield fault(shapes, shape, f"It has no path (sh:path), and so nothing for sh:{name}", SH[name])


def _value_faults(shapes: Graph, shape: Node) -> Iterator[SyntaxProblemError]:
    said: dict[str, list[Node]] = defaultdict(list)
    for predicate, value in shapes.predicate_objects(shape):
        if name := _local(predicate):
            said[name].append(value)
    for fits, kind, names in _TAKEN:
        for name in names.split():
            for value in said.get(name, ()):
                if not fits(value):
                    yield fault(shapes, shape, f"{_words(value)} is {kind}, as sh:{name} takes", SH[name])
    for name in _ONCE.split():
        if len(set(said.get(name, ()))) > 1:
            yield fault(shapes, shape, f"It has several values of sh:{name}", SH[name])


def _words(term: Node) -> str:
    if isinstance(term, BNode):
        return "a node without a name"
    return f'"{term}"' if isinstance(term, Literal) else str(term)


def _reference_faults(shapes: Graph, shape: Node) -> Iterator[SyntaxProblemError]:
    named = [(name, one) for name in _SHAPES for one in shapes.objects(shape, SH[name])]
    for name in _LISTS:
        for head in shapes.objects(shape, SH[name]):
            try:
                listed = members(shapes, shape, head, SH[name])
            except SyntaxProblemError as error:
                yield error
                continue
            named += [(name, one) for one in listed if name in _OF_SHAPES]
    for name, one in named:
        if isinstance(one, URIRef) and (one, None, None) not in shapes:
            yield fault(
                shapes, shape, f"sh:{name} leads to {one}, of which no shape file says anything", SH[name]
            )
