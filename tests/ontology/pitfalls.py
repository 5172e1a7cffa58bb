"""Common faults of ontologies, each told from the triples alone; numbered as in the catalogue of OOPS!.

What a property connects is read from schema:domainIncludes and schema:rangeIncludes, as everywhere in the project.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from rdflib import RDF, RDFS, XSD, Graph, URIRef
from rdflib.namespace import OWL, SKOS
from rdflib.term import Node

from aimsgraph.vocab import AIMS

BASE: Final = "https://w3id.org/aimsgraph/"
DOMAIN, RANGE = URIRef("https://schema.org/domainIncludes"), URIRef("https://schema.org/rangeIncludes")
RELATIONS: Final = (OWL.ObjectProperty, OWL.DatatypeProperty)
CHARACTERISTICS: Final = {
    OWL.FunctionalProperty, OWL.InverseFunctionalProperty, OWL.SymmetricProperty, OWL.AsymmetricProperty,
    OWL.TransitiveProperty, OWL.IrreflexiveProperty, OWL.ReflexiveProperty,
}  # fmt: skip
AXIOMS: Final = {
    RDFS.subClassOf, RDFS.subPropertyOf, RDFS.domain, RDFS.range, OWL.equivalentClass, OWL.equivalentProperty,
    OWL.disjointWith, OWL.propertyDisjointWith, OWL.inverseOf, OWL.hasKey, OWL.propertyChainAxiom,
    OWL.disjointUnionOf,
}  # fmt: skip
EXPRESSIONS: Final = (
    OWL.allValuesFrom, OWL.someValuesFrom, OWL.complementOf, OWL.unionOf, OWL.intersectionOf, OWL.oneOf,
    OWL.hasValue, OWL.onProperty,
)  # fmt: skip
IS: Final = {
    "is",
    "isa",
    "isan",
    "iskindof",
    "issubclassof",
    "instanceof",
    "isinstanceof",
    "typeof",
    "sameas",
    "issameas",
}
CATCH_ALL: Final = re.compile(
    r"\b(other|others|misc|miscellaneous|various|unknown|undefined|unspecified|general|rest)\b"
)
EXTENSION: Final = re.compile(r"\.(owl|rdf|rdfs|ttl|n3|nt|xml|jsonld|json|html)(?=$|[#/])", re.IGNORECASE)
FILLERS: Final = re.compile(
    r"\b(an?|the|of|for|to|in|on|with|by|is|are|and|or|that|which|its?|as|at|from|be|whom?|what|whether)\b"
)
Check = Callable[[Graph], set[str]]


def name(node: Node | None) -> str:
    return re.split("[#/]", str(node))[-1]


def ours(graph: Graph, *kinds: URIRef) -> set[URIRef]:
    found = {term for kind in kinds for term in graph.subjects(RDF.type, kind)}
    return {term for term in found if isinstance(term, URIRef) and term.startswith(AIMS)}


def label(graph: Graph, term: Node) -> str:
    return str(graph.value(term, RDFS.label) or graph.value(term, SKOS.prefLabel) or "")


def ends(graph: Graph, term: Node) -> tuple[set[Node], set[Node]]:
    """Return the classes that a property is meant to start at, and those it is meant to lead to."""
    domain = {*graph.objects(term, DOMAIN), *graph.objects(term, RDFS.domain)}
    return domain, {*graph.objects(term, RANGE), *graph.objects(term, RDFS.range)}


def synonyms(graph: Graph) -> set[str]:
    pairs = [*graph.subject_objects(OWL.equivalentClass), *graph.subject_objects(OWL.equivalentProperty)]
    return {f"{name(a)} and {name(b)} are said to be equivalent" for a, b in pairs}


def says_is(graph: Graph) -> set[str]:
    return {
        f"{name(term)} says what OWL has words for"
        for term in ours(graph, *RELATIONS)
        if {name(term).lower(), re.sub(r"\W", "", label(graph, term).lower())} & IS
    }


def unconnected(graph: Graph) -> set[str]:
    """Terms that no statement ties to another term, be it a class or a hint about a property."""
    ties = AXIOMS | {DOMAIN, RANGE}
    terms = ours(graph, OWL.Class, *RELATIONS)
    tied = {end for a, p, b in graph if p in ties and a != b for end in (a, b)}
    return {f"{name(term)} is tied to nothing" for term in terms - tied}


def crossed_inverses(graph: Graph) -> set[str]:
    return {
        f"{name(a)} and {name(b)} do not start where the other ends"
        for a, b in graph.subject_objects(OWL.inverseOf)
        if a != b and ends(graph, a) != ends(graph, b)[::-1]
    }


def two_in_one(graph: Graph) -> set[str]:
    return {
        f"{name(term)} is labelled as two things"
        for term in ours(graph, OWL.Class)
        if re.search(r"\b(and|or)\b|[/&]", label(graph, term))
    }


def loose_ends(graph: Graph) -> set[str]:
    found = set()
    for term in ours(graph, *RELATIONS):
        for said, word in zip(ends(graph, term), ("start at", "lead to"), strict=True):
            if not said:
                found.add(f"{name(term)} may {word} anything")
    return found


def untied_namesakes(graph: Graph) -> set[str]:
    """Terms of ours and of others with one name and no statement between them."""
    mine: dict[str, URIRef] = {name(term): term for term in ours(graph, OWL.Class, *RELATIONS)}
    theirs = {
        node for triple in graph for node in triple if isinstance(node, URIRef) and not node.startswith(BASE)
    }
    return {
        f"{name(term)} and {term} share a name and no statement"
        for term in theirs
        if name(term) in mine
        and not {*graph.predicates(mine[name(term)], term), *graph.predicates(term, mine[name(term)])}
    }


def inverses_with_impact(graph: Graph) -> set[str]:
    carries = URIRef(AIMS + "impactDirection")
    return {
        f"{name(a)} and {name(b)} would carry impact twice"
        for a, b in graph.subject_objects(OWL.inverseOf)
        if (a, carries, None) in graph or (b, carries, None) in graph
    }


def expressions(graph: Graph) -> set[str]:
    return {f"a class is described with {name(form)}" for form in EXPRESSIONS if (None, form, None) in graph}


def class_as_entry(graph: Graph) -> set[str]:
    return {
        f"{name(term)} is a class and a {name(kind)}"
        for term in ours(graph, OWL.Class)
        for kind in graph.objects(term, RDF.type)
        if kind != OWL.Class
    }


def several_ends(graph: Graph) -> set[str]:
    return {
        f"{name(term)} has several statements of {name(axiom)}"
        for axiom in (RDFS.domain, RDFS.range)
        for term in graph.subjects(axiom)
        if len(set(graph.objects(term, axiom))) > 1
    }


def swapped_texts(graph: Graph) -> set[str]:
    found = set()
    for term in ours(graph, OWL.Class, *RELATIONS, OWL.AnnotationProperty):
        text, words = str(graph.value(term, SKOS.definition) or ""), label(graph, term)
        if text and len(text) <= len(words):
            found.add(f"{name(term)}: the definition is no longer than the label")
        if words.endswith("."):
            found.add(f"{name(term)}: the label is a sentence")
    for header, version in graph.subject_objects(OWL.versionInfo):
        if (header, RDF.type, OWL.Ontology) in graph and not re.fullmatch(r"\d+\.\d+\.\d+", str(version)):
            found.add(f"{name(header)}: '{version}' is no version")
    return found


def catch_alls(graph: Graph) -> set[str]:
    return {
        f"{name(term)} takes what fits nowhere else"
        for term in ours(graph, OWL.Class)
        if CATCH_ALL.search(label(graph, term).lower())
    }


def misnamed(graph: Graph) -> set[str]:
    """Terms whose name is not their label, written in camel case."""
    return {
        f"{name(term)} is labelled '{label(graph, term)}'"
        for term in ours(graph, OWL.Class, *RELATIONS, OWL.AnnotationProperty)
        if re.sub(r"\W", "", label(graph, term)).lower() != name(term).lower()
    }


def datatypes_again(graph: Graph) -> set[str]:
    """Datatypes of our own, and classes named like one of XML Schema."""
    known = {name(term).lower() for term in dir(XSD) if isinstance(term, URIRef)}
    found = {f"{name(term)} is a datatype of our own" for term in ours(graph, RDFS.Datatype)}
    same = {term for term in ours(graph, OWL.Class) if name(term).lower() in known}
    return found | {f"{name(term)} is named like a datatype" for term in same}


def _stems(text: str) -> set[str]:
    words = re.findall(r"[a-z0-9]+", FILLERS.sub(" ", text.lower()))
    return {re.sub(r"(s|ed|ing)$", "", word) for word in words}


def circular_definitions(graph: Graph) -> set[str]:
    return {
        f"{name(term)}: the definition only repeats '{label(graph, term)}'"
        for term, text in graph.subject_objects(SKOS.definition)
        if label(graph, term) and not _stems(str(text)) - _stems(label(graph, term))
    }


def own_inverse(graph: Graph) -> set[str]:
    return {f"{name(a)} is its own inverse" for a, b in graph.subject_objects(OWL.inverseOf) if a == b}


def inverse_of_symmetric(graph: Graph) -> set[str]:
    symmetric = set(graph.subjects(RDF.type, OWL.SymmetricProperty))
    pairs = [pair for pair in graph.subject_objects(OWL.inverseOf) if pair[0] != pair[1]]
    return {f"{name(end)} is symmetric, yet has an inverse" for pair in pairs for end in symmetric & {*pair}}


def _between_unlike(kind: URIRef, word: str) -> Check:
    def check(graph: Graph) -> set[str]:
        terms = {
            term for term in graph.subjects(RDF.type, kind) if len({*map(frozenset, ends(graph, term))}) > 1
        }
        return {f"{name(term)} is {word}, yet ends at another kind than it starts" for term in terms}

    return check


def with_extension(graph: Graph) -> set[str]:
    return {
        f"{node} ends like a file"
        for triple in graph
        for node in triple
        if isinstance(node, URIRef) and node.startswith(BASE) and EXTENSION.search(node)
    }


def about_others(graph: Graph) -> set[str]:
    """Axioms about the terms of others; labels and hints may stand, since nothing is concluded from them."""
    found = set()
    for subject, predicate, value in graph:
        if isinstance(subject, URIRef) and not subject.startswith(BASE):
            if predicate in AXIOMS:
                found.add(f"{name(subject)}, of others, is given a {name(predicate)}")
            if predicate == RDF.type and value in CHARACTERISTICS:
                found.add(f"{name(subject)}, of others, is made a {name(value)}")
    return found


CHECKS: Final[dict[str, Check]] = {
    "P02": synonyms, "P03": says_is, "P04": unconnected, "P05": crossed_inverses, "P07": two_in_one,
    "P11": loose_ends, "P12": untied_namesakes, "P13": inverses_with_impact, "P14": expressions,
    "P17": class_as_entry, "P19": several_ends, "P20": swapped_texts, "P21": catch_alls, "P22": misnamed,
    "P23": datatypes_again, "P24": circular_definitions, "P25": own_inverse, "P26": inverse_of_symmetric,
    "P28": _between_unlike(OWL.SymmetricProperty, "symmetric"),
    "P29": _between_unlike(OWL.TransitiveProperty, "transitive"), "P36": with_extension, "P40": about_others,
}  # fmt: skip
