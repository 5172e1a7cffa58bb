"""A field of a form: a property of a class with its type, its values and the shapes that look at it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from rdflib import OWL, RDF, RDFS, SH, SKOS, URIRef
from rdflib import Literal as RdfLiteral
from rdflib.collection import Collection

from aimsgraph.model.form import Demand, Field, FieldKind, FormCheck, Option
from aimsgraph.order import natural
from aimsgraph.reference.bounds import ASKS, Concern, above, concerns_of, numbers, targets_class
from aimsgraph.reference.graph import Sources, aims, schema
from aimsgraph.validate.wording import LABELS, general
from aimsgraph.vocab import XSD, compact

if TYPE_CHECKING:
    from rdflib.term import Node

    from aimsgraph.validate.shapes import Shape

#: A longer list is searched rather than chosen from, so that its property is a link.
MOST_OPTIONS: Final = 100
_KINDS: Final[dict[str, FieldKind]] = {
    "integer": "whole number",
    "decimal": "number",
    "double": "number",
    "float": "number",
    "date": "date",
    "dateTime": "date and time",
    "boolean": "yes or no",
    "anyURI": "address",
}


@dataclass(frozen=True, slots=True)
class Setting:
    """Where a field stands: the class and those above it, its name in a sentence, and the fields of its choices."""

    sources: Sources
    ancestors: set[URIRef]
    thing: str
    chosen: set[URIRef]


def field_of(setting: Setting, term: URIRef, name: str, *, alternative: bool) -> Field:
    """Return the field of a property at a class."""
    sources = setting.sources
    link = sources.link(term)
    concerns = concerns_of(sources, setting.ancestors, term)
    range_ = set(sources.all.objects(term, schema.rangeIncludes)) | set(
        _bound(sources, concerns, SH["class"])
    )
    datatype = _datatype(sources, term, concerns, range_)
    options = _options(sources, concerns, range_)
    needed = _needed(sources, setting, concerns)
    checks = tuple(check_of(one.check, setting.thing, one.when) for one in concerns)
    return Field(
        id=link.id,
        curie=link.curie,
        name=name,
        label=link.label,
        definition=sources.text(term, SKOS.definition) or "",
        kind=_kind(sources, term, datatype, options, range_),
        datatype=datatype and compact(datatype),
        classes=() if datatype or options else sources.links(range_),
        options=options,
        demand=_demand(setting, term, needed, concerns),
        min_count=needed,
        max_count=_most(sources, term, concerns),
        minimum=max(numbers(sources.shapes, concerns, *ASKS["minimum"]), default=None),
        maximum=min(numbers(sources.shapes, concerns, *ASKS["maximum"]), default=None),
        pattern=next((str(one) for one in _bound(sources, concerns, SH.pattern)), None),
        alternative=alternative,
        checks=tuple(sorted(checks, key=lambda one: one.id)),
    )


def check_of(check: Shape, thing: str, when: str | None) -> FormCheck:
    """Return what a form says of a shape; ``thing`` stands where a finding names the node."""
    return FormCheck(
        id=check.iri,
        label=check.label,
        severity=check.severity,
        area=check.area and compact(check.area),
        message=general(check.message, thing) if check.message else None,
        fix=general(check.fix, thing) if check.fix else None,
        when=when,
    )


def _bound(sources: Sources, concerns: list[Concern], parameter: URIRef) -> list[Node]:
    found = [
        value
        for one in concerns
        if one.binding
        for value in sources.shapes.objects(one.check.node, parameter)
    ]
    return sorted(found, key=str)


def _datatype(sources: Sources, term: URIRef, concerns: list[Concern], range_: set[Node]) -> str | None:
    """Return the one datatype of a property, or None when it has several or takes no literals."""
    stated = {str(one) for one in _bound(sources, concerns, SH.datatype)}
    stated = stated or {str(one) for one in sources.all.objects(term, RDFS.range)} | {
        str(one) for one in range_
    }
    return stated.pop() if len(stated) == 1 and all(one.startswith(XSD) for one in stated) else None


def _options(sources: Sources, concerns: list[Concern], range_: set[Node]) -> tuple[Option, ...]:
    listed = _bound(sources, concerns, SH["in"])
    if listed:
        members = list(Collection(sources.shapes, listed[0]))
        return tuple(Option(value=str(one), label=_shown(sources, one)) for one in members)
    classes = [one for one in range_ if isinstance(one, URIRef)]
    if not classes or any(SKOS.Concept not in above(sources, one) for one in classes):
        return ()
    members = sorted(
        {
            member
            for cls in classes
            for kind in sources.all.transitive_subjects(RDFS.subClassOf, cls)
            for member in sources.all.subjects(RDF.type, kind)
            if isinstance(member, URIRef)
        },
        key=lambda one: natural(f"{_rank(sources, one)} {sources.link(one).label}"),
    )
    if len(members) > MOST_OPTIONS:
        return ()
    return tuple(Option(value=str(one), label=_shown(sources, one)) for one in members)


def _rank(sources: Sources, concept: Node) -> str:
    return sources.text(concept, aims.rank, SKOS.notation) or ""


def _shown(sources: Sources, term: Node) -> str:
    return str(term) if isinstance(term, RdfLiteral) else sources.link(term).label


def _kind(
    sources: Sources, term: URIRef, datatype: str | None, options: tuple[Option, ...], range_: set[Node]
) -> FieldKind:
    if options:
        return "choice"
    if datatype:
        return _KINDS.get(datatype.removeprefix(XSD), "text")
    leads = (term, RDF.type, OWL.ObjectProperty) in sources.all
    leads = leads or any(not str(one).startswith(XSD) for one in range_)
    return "link" if leads else "text"


def _needed(sources: Sources, setting: Setting, concerns: list[Concern]) -> int:
    always = [one for one in concerns if targets_class(one.check, setting.ancestors)]
    return int(max(numbers(sources.shapes, always, SH.minCount), default=0))


def _demand(setting: Setting, term: URIRef, needed: int, concerns: list[Concern]) -> Demand:
    if needed:
        return "required"
    if term in setting.chosen:
        return "one of"
    wanted = any(
        one.when is None
        and one.check.severity == "warning"
        and targets_class(one.check, setting.ancestors)
        and setting.sources.shapes.value(one.check.node, SH.minCount) is not None
        for one in concerns
    )
    return "recommended" if wanted else "optional"


def _most(sources: Sources, term: URIRef, concerns: list[Concern]) -> int | None:
    # A node may have a name in each language; what is filled in has one.
    if term in LABELS or (term, RDF.type, OWL.FunctionalProperty) in sources.all:
        return 1
    most = min(numbers(sources.shapes, concerns, *ASKS["max_count"]), default=None)
    return None if most is None else int(most)
