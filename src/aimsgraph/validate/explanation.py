"""Explains one finding: the check, who asks for it, and what the graph says of the node."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

from rdflib import OWL, RDF, SH, SKOS, Graph, Literal, URIRef

from aimsgraph.errors import UsageError
from aimsgraph.model.explanation import Asking, Explanation, Statement
from aimsgraph.validate.labels import names_of
from aimsgraph.validate.wording import compact_or_text
from aimsgraph.vocab import AIMS, PREFIXES, SOURCE_GRAPH, compact, expand

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rdflib.term import Node

    from aimsgraph.model.finding import Finding
    from aimsgraph.validate.examination import Examination
    from aimsgraph.validate.shacl.context import Source
    from aimsgraph.validate.shapes import Shapes

_USUAL: Final = URIRef(AIMS + "usualEvidence")
#: Names in a query, in full or with a prefix.
_IRI: Final = re.compile(r"<([^<>\s]+)>")
_NAME: Final = re.compile(r"\b([A-Za-z]\w*):([\w.-]*\w)")


def explanation(examination: Examination, name: str) -> Explanation:
    """Explain the finding whose ``id`` or fingerprint begins with ``name``.

    :raises UsageError: no finding is named so, or several are.
    """
    finding, waiver = _named(examination, name)
    shapes, source = examination.shapes, examination.source
    shape = next((one for one in examination.checked if one.shape == finding.shape), None)
    if shape is None:
        raise UsageError(f"The shape {compact(finding.shape)} of the finding is a part of another.")
    one = shapes.only(finding.shape)
    area = expand(finding.area or "")
    return Explanation(
        finding=finding,
        shape=shape,
        requirement=_asking(source, expand(finding.requirement or "")),
        area=names_of(source, [URIRef(area)]).label(URIRef(area)) if area else None,
        statements=_statements(source, finding, _looked_at(one)),
        alike=sum(
            other.shape == finding.shape for other in examination.validation.findings if other != finding
        ),
        waived_by=waiver,
        shacl=_turtle(one),
    )


def _named(examination: Examination, name: str) -> tuple[Finding, str | None]:
    validation = examination.validation
    every: list[tuple[Finding, str | None]] = [(finding, None) for finding in validation.findings]
    every += [(finding, waiver.id) for waiver in validation.waivers for finding in waiver.findings]
    found = [one for one in every if name and one[0].fingerprint.startswith(name.lower())]
    if not found:
        raise UsageError(
            f"No finding has the id {name!r}.",
            hint="The table shows the id of each finding, and --json has them all; one that was mended is gone.",
        )
    if len(found) > 1:
        raise UsageError(
            f"The id {name!r} begins that of {len(found)} findings.",
            hint=f"Give more of it: {', '.join(one.id for one, _ in found[:5])}.",
        )
    return found[0]


def _asking(source: Source, requirement: str | None) -> Asking | None:
    if requirement is None:
        return None
    rows = source.select(
        f"SELECT ?p ?o WHERE {{ <{requirement}> ?p ?o FILTER (?p IN (<{SKOS.definition}>, <{_USUAL}>)) }}"
    )
    said = {row["p"]: str(row["o"]) for row in sorted(rows, key=lambda row: str(row["o"]), reverse=True)}
    return Asking(
        id=compact(requirement),
        label=names_of(source, [URIRef(requirement)]).label(URIRef(requirement)),
        definition=said.get(SKOS.definition),
        usual_evidence=said.get(_USUAL),
    )


def _looked_at(shape: Shapes) -> set[str]:
    """Return the IRIs that a shape names, in its paths and in its queries: among them the properties it looks at."""
    found = {str(term) for triple in shape.graph for term in triple if isinstance(term, URIRef)}
    for text in {str(text) for text in shape.graph.objects() if isinstance(text, Literal)}:
        found |= set(_IRI.findall(text))
        found |= {
            shape.namespaces[prefix] + local
            for prefix, local in _NAME.findall(text)
            if prefix in shape.namespaces
        }
    return found


def _statements(source: Source, finding: Finding, looked_at: set[str]) -> tuple[Statement, ...]:
    if finding.focus.startswith("_:"):
        return ()
    node = f"<{finding.focus}>"
    rows = source.select(
        f"SELECT DISTINCT ?p ?o ?g WHERE {{ {node} ?p ?o OPTIONAL {{ GRAPH ?g {{ {node} ?p ?o }} }} }}"
    )
    kept = [row for row in rows if str(row["p"]) in looked_at or row["p"] == RDF.type]
    names = names_of(source, {row["o"] for row in kept if isinstance(row["o"], URIRef)})
    told = {
        Statement(
            property=compact(str(row["p"])),
            value=compact_or_text(row["o"]),
            label=names.label(row["o"]) if isinstance(row["o"], URIRef) else None,
            source=unquote(str(row["g"]).removeprefix(SOURCE_GRAPH)) if "g" in row else None,
        )
        for row in kept
    }
    return tuple(sorted(told, key=lambda one: (one.property, one.value, one.source or "")))


def _turtle(shape: Shapes) -> str:
    """Write a shape as Turtle, without the prefixes."""
    graph = Graph(bind_namespaces="none")
    for prefix, namespace in (
        PREFIXES | shape.namespaces | {"shape": "https://w3id.org/aimsgraph/shape/"}
    ).items():
        graph.bind(prefix, namespace)
    for triple in _without_header(shape.graph):
        graph.add(triple)
    lines = graph.serialize(format="turtle").splitlines()
    return "\n".join(line for line in lines if not line.startswith("@prefix")).strip() + "\n"


def _without_header(graph: Graph) -> Iterator[tuple[Node, Node, Node]]:
    header = set(graph.subjects(RDF.type, OWL.Ontology))
    header |= {node for one in header for node in graph.objects(one, SH.declare)}
    yield from (triple for triple in graph if triple[0] not in header)
