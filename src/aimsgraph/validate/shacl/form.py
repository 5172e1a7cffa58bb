"""The form of a shape: what it has to be before it can be run (SHACL, section 2)."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from rdflib import RDF, SH, URIRef

from aimsgraph.validate.shacl.fault import fault

if TYPE_CHECKING:
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


def check_form(shapes: Graph, shape: Node) -> None:
    """Look at a shape before it is run.

    :raises SyntaxProblemError: it has no path though it is a property shape, one though it is a node shape, several, or
        says something with a term that SHACL does not have, so that it would pass unnoticed.
    """
    paths = list(shapes.objects(shape, SH.path))
    kinds = set(shapes.objects(shape, RDF.type))
    if len(paths) > 1:
        raise fault(shapes, shape, "It has several paths (sh:path)")
    if paths and SH.NodeShape in kinds:
        raise fault(shapes, shape, "It is a node shape, and has a path (sh:path)")
    if not paths and SH.PropertyShape in kinds:
        raise fault(shapes, shape, "It is a property shape, and has no path (sh:path)")
    for predicate in set(shapes.predicates(shape)):
        name = str(predicate).removeprefix(str(SH))
        if isinstance(predicate, URIRef) and predicate.startswith(str(SH)) and name not in SAID_OF_SHAPES:
            near = get_close_matches(name, SAID_OF_SHAPES, n=1)
            meant = f" (perhaps sh:{near[0]} is meant)" if near else ""
            raise fault(shapes, shape, f"SHACL has no sh:{name}{meant}")
