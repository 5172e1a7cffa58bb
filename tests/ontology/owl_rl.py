"""Whether a graph keeps to the OWL 2 RL profile, told from its triples alone.

The forms are those of the tables in section 4 of the OWL 2 Profiles recommendation; the rules about declarations,
about one name for two kinds of property, and about simple properties are those of OWL 2 DL. Stricter than both in one
thing: property chains are refused, since whether they stand in a regular order is not judged here. Annotations are
left free: what they say has no part in reasoning, so neither has the datatype of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from rdflib import RDF, RDFS, BNode, Graph, Literal, URIRef
from rdflib.exceptions import UniquenessError
from rdflib.namespace import OWL, XSD

if TYPE_CHECKING:
    from rdflib.term import Node

RESERVED: Final = tuple(str(namespace) for namespace in (RDF, RDFS, OWL, XSD))
#: Every datatype of the OWL 2 map but owl:real and owl:rational.
DATATYPES: Final = {
    RDF.PlainLiteral, RDF.XMLLiteral, RDF.langString, RDFS.Literal,
    *(XSD[name] for name in (
        "decimal", "integer", "nonNegativeInteger", "nonPositiveInteger", "positiveInteger", "negativeInteger", "long",
        "int", "short", "byte", "unsignedLong", "unsignedInt", "unsignedShort", "unsignedByte", "float", "double",
        "string", "normalizedString", "token", "language", "Name", "NCName", "NMTOKEN", "boolean", "hexBinary",
        "base64Binary", "anyURI", "dateTime", "dateTimeStamp",
    )),
}  # fmt: skip
PROPERTIES: Final = (OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)
#: The characteristics an object property may have, and whether only a simple one may have them.
CHARACTERISTICS: Final = {
    OWL.FunctionalProperty: True, OWL.InverseFunctionalProperty: True, OWL.IrreflexiveProperty: True,
    OWL.AsymmetricProperty: True, OWL.SymmetricProperty: False, OWL.TransitiveProperty: False,
}  # fmt: skip
KINDS: Final = {
    OWL.Class, OWL.Nothing, RDFS.Datatype, *PROPERTIES, *CHARACTERISTICS, OWL.NamedIndividual, OWL.Ontology,
    OWL.Restriction, OWL.AllDisjointClasses, OWL.AllDisjointProperties, OWL.AllDifferent, OWL.NegativePropertyAssertion,
    OWL.Axiom, OWL.Annotation, RDF.List,
}  # fmt: skip
ANNOTATIONS: Final = {
    RDFS.label, RDFS.comment, RDFS.seeAlso, RDFS.isDefinedBy, OWL.deprecated, OWL.versionInfo, OWL.priorVersion,
    OWL.backwardCompatibleWith, OWL.incompatibleWith,
}  # fmt: skip
PAIRS: Final = (RDFS.subPropertyOf, OWL.equivalentProperty, OWL.propertyDisjointWith, OWL.inverseOf)
FORMS: Final = {
    OWL.intersectionOf, OWL.unionOf, OWL.complementOf, OWL.oneOf, OWL.someValuesFrom, OWL.allValuesFrom, OWL.hasValue,
    OWL.maxCardinality, OWL.maxQualifiedCardinality,
}  # fmt: skip
WORDS: Final = FORMS | ANNOTATIONS | {*PAIRS} | {
    RDF.type, RDF.first, RDF.rest, RDFS.subClassOf, RDFS.domain, RDFS.range, OWL.equivalentClass, OWL.disjointWith,
    OWL.hasKey, OWL.sameAs, OWL.differentFrom, OWL.imports, OWL.versionIRI, OWL.onProperty, OWL.onClass,
    OWL.onDataRange, OWL.members, OWL.distinctMembers, OWL.annotatedSource, OWL.annotatedProperty, OWL.annotatedTarget,
    OWL.sourceIndividual, OWL.assertionProperty, OWL.targetIndividual, OWL.targetValue,
}  # fmt: skip
#: What may stand where. An equivalent class stands in both places at once.
PLACES: Final = {
    "subclass": {OWL.intersectionOf, OWL.unionOf, OWL.oneOf, OWL.someValuesFrom, OWL.hasValue},
    "superclass": {
        OWL.intersectionOf, OWL.complementOf, OWL.allValuesFrom, OWL.hasValue, OWL.maxCardinality,
        OWL.maxQualifiedCardinality,
    },
    "equivalent class": {OWL.intersectionOf, OWL.hasValue},
}  # fmt: skip


def violations(graph: Graph) -> set[str]:
    """Return one sentence about each thing in ``graph`` that OWL 2 RL does not have."""
    checks = (_words, _kinds, _assertions, _class_axioms, _property_axioms, _simple)
    return {message for check in checks for message in check(graph)}


def name(node: Node | None) -> str:
    """Return the last part of an address, or what else the node is."""
    if isinstance(node, URIRef):
        short = str(node).rpartition("#" if "#" in node else "/")[2]
        return f"owl:{short}" if node.startswith(str(OWL)) else short
    return "a nameless node" if isinstance(node, BNode) else f"{node!s}"


def _is(graph: Graph, node: Node | None, *kinds: URIRef) -> bool:
    return node is not None and any((node, RDF.type, kind) in graph for kind in kinds)


def _objectlike(graph: Graph, node: Node | None) -> bool:
    """Tell whether ``node`` is an object property or the nameless inverse of one."""
    if isinstance(node, BNode):
        return _is(graph, graph.value(node, OWL.inverseOf), OWL.ObjectProperty)
    return _is(graph, node, OWL.ObjectProperty)


def _words(graph: Graph) -> Iterator[str]:
    """What OWL 2 RL has no word for, and properties that nobody declares."""
    for subject, predicate in graph.subject_predicates():
        if str(predicate).startswith(RESERVED):
            if predicate not in WORDS:
                yield f"{name(subject)}: {name(predicate)} is outside the profile"
            elif predicate in FORMS and isinstance(subject, URIRef):
                yield f"{name(subject)}: a named class with {name(predicate)}"
        elif not _is(graph, predicate, *PROPERTIES):
            yield f"{name(predicate)}: no declared property"


def _kinds(graph: Graph) -> Iterator[str]:
    """Types that the profile lacks or that nobody declares, and one name for things of two kinds."""
    for subject, kind in graph.subject_objects(RDF.type):
        if isinstance(kind, BNode):
            yield from _misplaced(graph, kind, "superclass")
        elif str(kind).startswith(RESERVED) and kind not in KINDS:
            yield f"{name(subject)}: {name(kind)} is outside the profile"
        elif kind not in KINDS and not _is(graph, kind, OWL.Class):
            yield f"{name(kind)}: no declared class"
    for kinds in (PROPERTIES, (OWL.Class, RDFS.Datatype)):
        for term in {term for kind in kinds for term in graph.subjects(RDF.type, kind)}:
            found = [name(one) for one in kinds if _is(graph, term, one)]
            if len(found) > 1:
                yield f"{name(term)}: {' and '.join(found)} at once"


def _assertions(graph: Graph) -> Iterator[str]:
    """Values of the wrong sort, and values of datatypes that the profile lacks."""
    for _, predicate, value in graph:
        if _is(graph, predicate, OWL.ObjectProperty) and isinstance(value, Literal):
            yield f"{name(predicate)}: an object property with the value '{value}'"
        if _is(graph, predicate, OWL.DatatypeProperty):
            if not isinstance(value, Literal):
                yield f"{name(predicate)}: a datatype property that leads to {name(value)}"
            elif value.datatype is not None and not _datatype(graph, value.datatype):
                yield f"{name(predicate)}: values of the datatype {name(value.datatype)}"


def _datatype(graph: Graph, node: Node | None) -> bool:
    return node in DATATYPES or (not str(node).startswith(RESERVED) and _is(graph, node, RDFS.Datatype))


def _listed(graph: Graph, node: Node | None) -> list[Node]:
    return list(graph.items(node)) if node is not None else []


def _data_range(graph: Graph, node: Node | None) -> Iterator[str]:
    if isinstance(node, BNode) and (node, OWL.intersectionOf, None) in graph:
        for member in _listed(graph, graph.value(node, OWL.intersectionOf)):
            yield from _data_range(graph, member)
    elif not _datatype(graph, node):
        yield f"{name(node)}: no datatype of the profile"


def _class_axioms(graph: Graph) -> Iterator[str]:
    sides = (
        (RDFS.subClassOf, "subclass", "superclass"),
        (OWL.disjointWith, "subclass", "subclass"),
        (OWL.equivalentClass, "equivalent class", "equivalent class"),
    )
    for axiom, left, right in sides:
        for subject, value in graph.subject_objects(axiom):
            if axiom == OWL.equivalentClass and _is(graph, subject, RDFS.Datatype):
                yield from _data_range(graph, value)
                continue
            yield from _misplaced(graph, subject, left)
            yield from _misplaced(graph, value, right)
    for several in graph.subjects(RDF.type, OWL.AllDisjointClasses):
        for member in _listed(graph, graph.value(several, OWL.members)):
            yield from _misplaced(graph, member, "subclass")
    for subject, keys in graph.subject_objects(OWL.hasKey):
        yield from _misplaced(graph, subject, "subclass")
        for key in _listed(graph, keys):
            if not _objectlike(graph, key) and not _is(graph, key, OWL.DatatypeProperty):
                yield f"{name(key)}: no object or datatype property, but a key"


def _misplaced(graph: Graph, node: Node | None, place: str) -> Iterator[str]:
    """What keeps the class expression ``node`` from standing as ``place``."""
    if not isinstance(node, BNode):
        if node == OWL.Thing:
            yield f"owl:Thing stands as {place}"
        elif node != OWL.Nothing and not _is(graph, node, OWL.Class):
            yield f"{name(node)}: no declared class"
        return
    forms = [form for form in graph.predicates(node) if form in FORMS]
    if len(forms) != 1:
        yield f"a nameless {place} with {len(forms)} known forms"
        return
    form, value = forms[0], graph.value(node, forms[0])
    if form not in PLACES[place]:
        yield f"{name(form)} stands as {place}"
    elif form in {OWL.intersectionOf, OWL.unionOf}:
        for member in _listed(graph, value):
            yield from _misplaced(graph, member, place)
    elif form == OWL.complementOf:
        yield from _misplaced(graph, value, "subclass")
    elif form != OWL.oneOf:
        yield from _restricted(graph, node, URIRef(str(form)), value)


def _restricted(graph: Graph, node: BNode, form: URIRef, value: Node | None) -> Iterator[str]:
    try:
        on = graph.value(node, OWL.onProperty, any=False)
    except UniquenessError:
        on = None
    data = _is(graph, on, OWL.DatatypeProperty)
    if not data and not _objectlike(graph, on):
        yield f"{name(on)}: no object or datatype property, but restricted"
    cardinal = form in {OWL.maxCardinality, OWL.maxQualifiedCardinality}
    if cardinal and str(value) not in {"0", "1"}:
        yield f"{name(on)}: restricted to at most {value}"
    filler = {
        OWL.someValuesFrom: value,
        OWL.allValuesFrom: value,
        OWL.maxQualifiedCardinality: graph.value(node, OWL.onDataRange if data else OWL.onClass),
    }.get(form)
    if filler is None or (filler == OWL.Thing and form != OWL.allValuesFrom):
        return
    if data:
        yield from _data_range(graph, filler)
    else:
        yield from _misplaced(graph, filler, "superclass" if form == OWL.allValuesFrom else "subclass")


def _property_axioms(graph: Graph) -> Iterator[str]:
    """Properties of two kinds tied together, ends that are none, and characteristics a property cannot have."""
    for axiom in PAIRS:
        allowed = PROPERTIES[: {OWL.inverseOf: 1, RDFS.subPropertyOf: 3}.get(axiom, 2)]
        for pair in graph.subject_objects(axiom):
            if axiom == OWL.inverseOf and isinstance(pair[0], BNode):
                continue
            kinds = [k for k in allowed if all(_is(graph, end, k) for end in pair)]
            if not kinds and not all(_objectlike(graph, end) for end in pair):
                yield f"{name(pair[0])} and {name(pair[1])}: no two properties that {name(axiom)} may tie"
    for axiom in (RDFS.domain, RDFS.range):
        for subject, value in graph.subject_objects(axiom):
            if axiom == RDFS.range and _is(graph, subject, OWL.DatatypeProperty):
                yield from _data_range(graph, value)
            elif _is(graph, subject, OWL.ObjectProperty, OWL.DatatypeProperty):
                yield from _misplaced(graph, value, "superclass")
            elif not _is(graph, subject, OWL.AnnotationProperty):
                yield f"{name(subject)}: no declared property, but with a {name(axiom)}"
    for kind in CHARACTERISTICS:
        for subject in graph.subjects(RDF.type, kind):
            datatype = kind == OWL.FunctionalProperty and _is(graph, subject, OWL.DatatypeProperty)
            if not datatype and not _objectlike(graph, subject):
                yield f"{name(subject)}: cannot be {name(kind)}"


def _simple(graph: Graph) -> Iterator[str]:
    """Properties that are transitive, or imply one that is, where only a simple one may stand."""
    composite = set(graph.subjects(RDF.type, OWL.TransitiveProperty))
    todo = list(composite)
    while todo:
        term = todo.pop()
        above = set(graph.objects(term, RDFS.subPropertyOf))
        for axiom in (OWL.inverseOf, OWL.equivalentProperty):
            above |= {*graph.objects(term, axiom), *graph.subjects(axiom, term)}
        todo += above - composite
        composite |= above
    for kind in (kind for kind, simple in CHARACTERISTICS.items() if simple):
        for term in composite & set(graph.subjects(RDF.type, kind)):
            yield f"{name(term)}: transitive and {name(kind)}"
    for pair in graph.subject_objects(OWL.propertyDisjointWith):
        for term in composite & set(pair):
            yield f"{name(term)}: transitive and disjoint with another"
    for listed in graph.subjects(RDF.type, OWL.AllDisjointProperties):
        for term in composite & set(_listed(graph, graph.value(listed, OWL.members))):
            yield f"{name(term)}: transitive and disjoint with another"
    for form in (OWL.maxCardinality, OWL.maxQualifiedCardinality):
        for node in graph.subjects(form):
            for term in composite & set(graph.objects(node, OWL.onProperty)):
                yield f"{name(term)}: transitive and counted"
