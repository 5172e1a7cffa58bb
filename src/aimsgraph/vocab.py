"""Namespaces and the few term constants that code must name.

Everything else about a term (its label, domain, direction of impact …) is read from the ontology.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

AIMS: Final = "https://w3id.org/aimsgraph/ns#"
ISO42001: Final = "https://w3id.org/aimsgraph/iso42001/"
AREA: Final = "https://w3id.org/aimsgraph/area/"
GRAPH: Final = "https://w3id.org/aimsgraph/graph/"
GENID: Final = "https://w3id.org/.well-known/genid/aimsgraph/"

RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS: Final = "http://www.w3.org/2000/01/rdf-schema#"
OWL: Final = "http://www.w3.org/2002/07/owl#"
XSD: Final = "http://www.w3.org/2001/XMLSchema#"
SKOS: Final = "http://www.w3.org/2004/02/skos/core#"
PROV: Final = "http://www.w3.org/ns/prov#"
DCAT: Final = "http://www.w3.org/ns/dcat#"
DCTERMS: Final = "http://purl.org/dc/terms/"
SH: Final = "http://www.w3.org/ns/shacl#"

#: The prefixes that CURIEs, queries and printed names use.
PREFIXES: Final[dict[str, str]] = {
    "aims": AIMS,
    "iso42001": ISO42001,
    "area": AREA,
    "airisk": "https://w3id.org/aimsgraph/risk/",
    "atlas": "https://w3id.org/aimsgraph/mitre-atlas/",
    "shape": "https://w3id.org/aimsgraph/shape/",
    "document": "https://w3id.org/aimsgraph/document/",
    "euaiact": "https://w3id.org/aimsgraph/eu-ai-act/",
    "ibmrisk": "https://w3id.org/aimsgraph/ibm-risk-atlas/",
    "iso23894": "https://w3id.org/aimsgraph/iso23894/",
    "iso27001": "https://w3id.org/aimsgraph/iso27001/",
    "iso42005": "https://w3id.org/aimsgraph/iso42005/",
    "mitrisk": "https://w3id.org/aimsgraph/mit-ai-risk/",
    "nistgenai": "https://w3id.org/aimsgraph/nist-ai-600-1/",
    "nistrmf": "https://w3id.org/aimsgraph/nist-ai-rmf/",
    "owaspllm": "https://w3id.org/aimsgraph/owasp-llm/",
    "airo": "https://w3id.org/airo#",
    "dcat": DCAT,
    "dcterms": DCTERMS,
    "dpv": "https://w3id.org/dpv#",
    "dqv": "http://www.w3.org/ns/dqv#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "owl": OWL,
    "prov": PROV,
    "rdf": RDF,
    "rdfs": RDFS,
    "sh": SH,
    "skos": SKOS,
    "void": "http://rdfs.org/ns/void#",
    "xsd": XSD,
    "ex": "https://example.org/meridian/",
}

#: The graph that holds the changesets; visible to queries by name only.
HISTORY_GRAPH: Final = GRAPH + "history"
#: The graph that holds the ontology, the standard's catalogue and the areas.
ONTOLOGY_GRAPH: Final = GRAPH + "ontology"
#: The graph of what the rules infer from all others; part of the union, written by the store alone.
INFERRED_GRAPH: Final = GRAPH + "inferred"
#: Prefix of the IRI of each rule of inference; the rest is its name.
RULE: Final = "https://w3id.org/aimsgraph/rule/"
#: Prefix of the named graph of each source; the rest is the percent-encoded name of the source.
SOURCE_GRAPH: Final = GRAPH + "source/"
#: The graph of what updates state without naming a graph; no file has it, since ``@`` is encoded in their names.
EDITS_GRAPH: Final = SOURCE_GRAPH + "@edits"


def is_reserved(graph: str) -> bool:
    """Say whether the store alone writes a graph: the history, the ontology, what was inferred."""
    return graph.startswith(GRAPH) and not (graph.startswith(SOURCE_GRAPH) and graph != SOURCE_GRAPH)


def expand(name: str) -> str | None:
    """Return the IRI that a CURIE such as ``aims:Model`` stands for, or None when the prefix is unknown."""
    prefix, colon, local = name.partition(":")
    namespace = PREFIXES.get(prefix)
    return namespace + local if colon and namespace is not None else None


@lru_cache(maxsize=4096)
def compact(iri: str) -> str:
    """Return the shortest CURIE for an IRI, or the IRI itself when no prefix fits."""
    best = max(
        ((prefix, ns) for prefix, ns in PREFIXES.items() if iri.startswith(ns) and len(iri) > len(ns)),
        key=lambda pair: len(pair[1]),
        default=None,
    )
    return f"{best[0]}:{iri[len(best[1]) :]}" if best else iri


def local_name(iri: str) -> str:
    """Return the last part of an IRI, after ``#`` or ``/`` (the IRI itself when it has neither)."""
    return iri.rstrip("#/").rpartition("#" if "#" in iri.rstrip("#") else "/")[2] or iri
