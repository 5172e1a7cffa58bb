"""Reads the reference: terms by module, catalogues, crosswalks, and the ten control areas."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from rdflib import DCTERMS, OWL, RDF, RDFS, SKOS, URIRef

from aimsgraph.model.reference import (
    Area,
    Catalogue,
    Crosswalk,
    CrosswalkLine,
    Entry,
    Flow,
    Link,
    Match,
    Module,
    Reference,
    Term,
)
from aimsgraph.order import natural
from aimsgraph.reference.graph import KINDS, Sources, aims, schema, status
from aimsgraph.reference.shapes import shape_groups
from aimsgraph.vocab import compact, local_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from rdflib import Graph
    from rdflib.term import Node

#: The ontology as a whole; the modules are its parts.
WHOLE: Final = URIRef("https://w3id.org/aimsgraph/ns")
_TRAITS: Final = (
    OWL.FunctionalProperty,
    OWL.InverseFunctionalProperty,
    OWL.TransitiveProperty,
    OWL.SymmetricProperty,
    OWL.AsymmetricProperty,
    OWL.IrreflexiveProperty,
)
_MATCHES: Final = (
    RDFS.subClassOf,
    RDFS.subPropertyOf,
    OWL.equivalentClass,
    OWL.equivalentProperty,
    SKOS.exactMatch,
    SKOS.closeMatch,
    SKOS.broadMatch,
    SKOS.narrowMatch,
    SKOS.relatedMatch,
)
_UNUSABLE: Final = re.compile(r"[^A-Za-z0-9.-]+")


def read_reference(extra: Sequence[Path] = ()) -> Reference:
    """Read the reference of the ontology that is installed, and of Turtle files of an organisation's own.

    :raises SyntaxProblemError, InputNotReadableError: when one of the files cannot be read.
    """
    sources = Sources(extra)
    return Reference(
        title=sources.text(WHOLE, DCTERMS.title) or "",
        description=sources.text(WHOLE, DCTERMS.description) or "",
        version=sources.text(WHOLE, OWL.versionInfo) or "",
        license=sources.text(WHOLE, DCTERMS.license) or "",
        modules=tuple(_modules(sources)),
        catalogues=tuple(_catalogues(sources)),
        crosswalks=tuple(_crosswalks(sources)),
        areas=tuple(_area(sources, one) for one in sources.typed(sources.all, aims.ControlArea)),
        shapes=tuple(shape_groups(sources)),
    )


def _modules(sources: Sources) -> Iterator[Module]:
    taken: set[str] = set()
    for path in sources.modules:
        graph = sources.files[path]
        terms = [
            _term(sources, term, label)
            for kind, label in KINDS.items()
            for term in sources.typed(graph, kind)
        ]
        if terms:
            header = _header(sources, graph, path)
            header["name"] = _untaken(header["name"], taken)
            yield Module(**header, terms=tuple(terms))


def _untaken(name: str, taken: set[str]) -> str:
    """Return the name with what a file's name may hold, numbered when two files or schemes share it."""
    plain = _UNUSABLE.sub("-", name)
    number = 1
    while (numbered := plain if number == 1 else f"{plain}-{number}") in taken:
        number += 1
    taken.add(numbered)
    return numbered


def _header(sources: Sources, graph: Graph, path: Path) -> dict[str, str]:
    name = graph.value(predicate=RDF.type, object=OWL.Ontology)
    known = name if isinstance(name, URIRef) else URIRef(path.resolve().as_uri())
    return {
        "id": str(known),
        "name": path.stem,
        "title": sources.text(known, DCTERMS.title, RDFS.label) or path.stem,
        "description": sources.text(known, DCTERMS.description, RDFS.comment) or "",
        "version": sources.text(known, OWL.versionInfo) or "",
    }


def _term(sources: Sources, term: URIRef, kind: str) -> Term:
    above = RDFS.subClassOf if kind == "class" else RDFS.subPropertyOf
    graph = sources.all
    ours = {one for one in graph.objects(term, above) if _declared(sources, one)}
    return Term.model_validate({
        "id": str(term),
        "curie": compact(str(term)),
        "kind": kind,
        "label": sources.link(term).label,
        "definition": sources.text(term, SKOS.definition, RDFS.comment) or "",
        "status": sources.text(term, status.term_status),
        "since": sources.text(term, aims.since),
        "deprecated": sources.text(term, OWL.deprecated) == "true",
        "broader": sources.links(ours),
        "narrower": sources.links(graph.subjects(above, term)),
        "domain": sources.links(graph.objects(term, schema.domainIncludes)),
        "range": sources.links(graph.objects(term, schema.rangeIncludes)),
        "disjoint": sources.links(
            {*graph.objects(term, OWL.disjointWith), *graph.subjects(OWL.disjointWith, term)}
        ),
        "traits": tuple(_trait(one) for one in _TRAITS if (term, RDF.type, one) in graph),
        "flow": _flow(sources, term),
        "matches": tuple(_matches(sources, term, ours)),
        "shapes": sources.links(sources.terms_of_shapes.get(term, ())),
        "queries": tuple(sorted(sources.queries_of_terms.get(term, ()))),
        "note": _note(sources, term, SKOS.scopeNote, SKOS.editorialNote, aims.deliberatelyUnused),
    })  # fmt: skip


def _note(sources: Sources, term: URIRef, *kinds: URIRef) -> str | None:
    return " ".join(text for kind in kinds if (text := sources.text(term, kind))) or None


def _declared(sources: Sources, term: Node) -> bool:
    return any((term, RDF.type, kind) in sources.all for kind in KINDS)


def _trait(kind: URIRef) -> str:
    return local_name(str(kind)).removesuffix("Property").lower().replace("inversef", "inverse f")


def _matches(sources: Sources, term: URIRef, ours: set[Node]) -> Iterator[Match]:
    for relation in _MATCHES:
        for other in sorted(str(one) for one in sources.all.objects(term, relation) if one not in ours):
            yield Match(relation=compact(str(relation)), id=other, curie=compact(other))


def _flow(sources: Sources, term: URIRef) -> Flow | None:
    direction = sources.all.value(term, aims.impactDirection)
    kind = sources.all.value(term, aims.flowKind)
    if direction is None or kind is None:
        return None
    return Flow(
        direction=sources.link(direction).label,
        kind=sources.link(kind).label,
        transmission=float(sources.text(term, aims.defaultTransmission) or 0),
        dimensions=tuple(one.label for one in sources.links(sources.all.objects(term, aims.impactDimension))),
    )


def _catalogues(sources: Sources) -> Iterator[Catalogue]:
    taken: set[str] = set()
    for scheme in sources.typed(sources.all, SKOS.ConceptScheme):
        entries = tuple(_entries(sources, scheme))
        if entries:
            yield Catalogue(
                id=str(scheme),
                name=_untaken(sources.text(scheme, DCTERMS.identifier) or local_name(str(scheme)), taken),
                label=sources.link(scheme).label,
                definition=sources.text(scheme, SKOS.definition, DCTERMS.description) or "",
                edition=sources.text(scheme, OWL.versionInfo),
                source=sources.text(scheme, DCTERMS.source),
                entries=entries,
            )


def _entries(sources: Sources, scheme: URIRef) -> Iterator[Entry]:
    members = {one for one in sources.all.subjects(SKOS.inScheme, scheme) if isinstance(one, URIRef)}
    below: dict[URIRef | None, list[URIRef]] = {}
    for member in members:
        parents = sorted(str(one) for one in sources.all.objects(member, SKOS.broader) if one in members)
        below.setdefault(URIRef(parents[0]) if parents else None, []).append(member)
    tops = sorted(
        _ordered(sources, below.get(None, [])),
        key=lambda one: [link.label for link in _under(sources, one, members)],
    )
    waiting = [(one, 0) for one in tops]
    while waiting:
        concept, depth = waiting.pop(0)
        yield _entry(sources, concept, depth, _under(sources, concept, members))
        waiting[:0] = [(one, depth + 1) for one in _ordered(sources, below.get(concept, []))]


def _under(sources: Sources, concept: URIRef, members: set[URIRef]) -> tuple[Link, ...]:
    """Return the entries of other catalogues below which this one stands, such as the family of a type of risk."""
    return sources.links(set(sources.all.objects(concept, SKOS.broader)) - members)


def _ordered(sources: Sources, concepts: list[URIRef]) -> list[URIRef]:
    return sorted(
        concepts, key=lambda one: (natural(sources.text(one, SKOS.notation) or ""), sources.link(one).label)
    )


def _entry(sources: Sources, concept: URIRef, depth: int, under: tuple[Link, ...]) -> Entry:
    kind = sources.all.value(concept, aims.requirementKind)
    return Entry(
        id=str(concept),
        curie=compact(str(concept)),
        notation=sources.text(concept, SKOS.notation),
        label=sources.link(concept).label,
        definition=sources.text(concept, SKOS.definition) or "",
        kind=None if kind is None else sources.link(kind).label,
        depth=depth,
        under=under,
        evidence=sources.text(concept, aims.usualEvidence),
        applies_from=sources.text(concept, aims.appliesFrom),
        note=_note(sources, concept, SKOS.scopeNote, SKOS.editorialNote),
        areas=sources.links(sources.all.objects(concept, aims.inArea)),
        shapes=sources.links(sources.shapes.subjects(aims.checksRequirement, concept)),
    )


def _crosswalks(sources: Sources) -> Iterator[Crosswalk]:
    for path, graph in sources.files.items():
        lines = [_line(sources, one) for one in graph.subjects(RDF.type, aims.Mapping)]
        if lines:
            header = _header(sources, graph, path)
            lines.sort(key=lambda one: (natural(one.source.curie), natural(one.target.curie)))
            yield Crosswalk(
                name=header["name"],
                title=header["title"],
                description=header["description"],
                version=header["version"],
                lines=tuple(lines),
            )


def _line(sources: Sources, mapping: Node) -> CrosswalkLine:
    return CrosswalkLine(
        source=sources.placed(URIRef(sources.text(mapping, aims.mapsFrom) or "")),
        relation=compact(sources.text(mapping, aims.mappingRelation) or ""),
        target=sources.placed(URIRef(sources.text(mapping, aims.mapsTo) or "")),
        confidence=float(sources.text(mapping, aims.confidence) or 0),
        justification=sources.text(mapping, aims.justification) or "",
    )


def _area(sources: Sources, node: URIRef) -> Area:
    name = local_name(str(node))
    within = [one for one in sources.all.subjects(aims.inArea, node) if _ours(one)]
    controls = {one for one in within if (one, aims.requirementKind, aims.ReferenceControl) in sources.all}
    clauses = {one for one in within if (one, aims.requirementKind, aims.ManagementClause) in sources.all}
    return Area(
        id=str(node),
        name=name,
        label=sources.link(node).label,
        definition=sources.text(node, SKOS.definition) or "",
        classes=sources.links(sources.all.objects(node, aims.speaksAbout)),
        clauses=_by_notation(sources, clauses),
        controls=_by_notation(sources, controls),
        shapes=sources.links(sources.shapes.subjects(aims.checksArea, node)),
        queries=tuple(
            Link(id=query.id, curie=query.id, label=query.title)
            for query in sources.queries.values()
            if query.area == name
        ),
    )


def _ours(requirement: Node) -> bool:
    return compact(str(requirement)).startswith("iso42001:")


def _by_notation(sources: Sources, concepts: set[Node]) -> tuple[Link, ...]:
    ordered = sorted(concepts, key=lambda one: natural(sources.text(one, SKOS.notation) or ""))
    return tuple(sources.link(one) for one in ordered)
