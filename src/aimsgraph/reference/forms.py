"""Reads the forms: for each class its properties, and what the shapes make of them."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Final

from rdflib import OWL, SH, SKOS, URIRef

from aimsgraph.model.form import Form
from aimsgraph.reference.bounds import (
    above,
    checks_of_node,
    concerns_of,
    properties_of,
    targets_class,
    ways_of,
)
from aimsgraph.reference.fields import Setting, check_of, field_of
from aimsgraph.reference.graph import Sources, aims, schema
from aimsgraph.validate.wording import LABELS
from aimsgraph.vocab import AIMS, XSD, compact, local_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from rdflib.term import Node

    from aimsgraph.model.form import Field
    from aimsgraph.validate.shapes import Shape

_RANK: Final = {"required": 0, "one of": 1, "recommended": 2, "optional": 3}
_PROPERTIES: Final = (OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)


def read_forms(extra: Sequence[Path] = ()) -> tuple[Form, ...]:
    """Read the form of each class of ours, and of those in Turtle files of an organisation's own, by name.

    Classes of concepts have none: their members stand in catalogues. Nor have those that only the program uses.

    :raises SyntaxProblemError, InputNotReadableError: when one of the files cannot be read.
    """
    sources = Sources(extra)
    names = property_names(sources)
    own = {term for path in extra for term in sources.typed(sources.files[path], OWL.Class)}
    classes = [one for one in sources.typed(sources.all, OWL.Class) if one.startswith(AIMS) or one in own]
    forms = [
        _form(sources, names, one)
        for one in classes
        if SKOS.Concept not in above(sources, one) and not sources.text(one, aims.deliberatelyUnused)
    ]
    return tuple(sorted(forms, key=lambda one: (one.name, one.id)))


def property_names(sources: Sources) -> dict[URIRef, str]:
    """Return the key in JSON of each property: its local name, numbered where a better known one has that already."""
    names: dict[URIRef, str] = {}
    terms = {term for kind in _PROPERTIES for term in sources.typed(sources.all, kind)}
    terms.add(LABELS[0])
    for shape in sources.rules.checks:
        terms |= set(properties_of(sources.shapes, _path(sources, shape)))
    taken = {"id", "type"}
    for term in sorted(terms, key=lambda one: (not one.startswith(AIMS), compact(one) == one, one)):
        local = local_name(term)
        numbered = (local if number == 1 else f"{local}-{number}" for number in count(1))
        names[term] = next(name for name in numbered if name not in taken)
        taken.add(names[term])
    return names


def _form(sources: Sources, names: dict[URIRef, str], cls: URIRef) -> Form:
    ancestors = above(sources, cls)
    link = sources.link(cls)
    stated = {LABELS[0], *_stated(sources, ancestors)}  # anything may be named
    asked = {
        term
        for check in sources.rules.checks
        if targets_class(check, ancestors)
        for term in properties_of(sources.shapes, _path(sources, check))
    }
    choices = _choices(sources, ancestors)
    setting = Setting(
        sources=sources,
        ancestors=ancestors,
        thing=f"this {link.label}",
        chosen={term for ways in choices for way in ways for term in way},
    )
    fields = [
        field_of(setting, term, names[term], alternative=term in LABELS[1:] and term not in stated)
        for term in stated | asked
    ]
    return Form(
        id=str(cls),
        curie=link.curie,
        name=local_name(str(cls)),
        label=link.label,
        definition=sources.text(cls, SKOS.definition) or "",
        fields=tuple(sorted(fields, key=lambda one: _place(sources, one))),
        choices=tuple(tuple(tuple(names[term] for term in way) for way in ways) for ways in choices),
        together=_together(sources, ancestors, {term: names[term] for term in stated | asked}),
        checks=tuple(check_of(one, setting.thing, None) for one in checks_of_node(sources, ancestors)),
    )


def _path(sources: Sources, check: Shape) -> Node | None:
    return sources.shapes.value(check.node, SH.path)


def _stated(sources: Sources, ancestors: set[URIRef]) -> Iterator[URIRef]:
    """Yield the properties that may stand at a node of the class: by their domain, or at anything."""
    for kind in _PROPERTIES:
        for term in sources.typed(sources.all, kind):
            domain = set(sources.all.objects(term, schema.domainIncludes))
            if sources.text(term, OWL.deprecated) == "true":
                continue
            if domain & ancestors or (not domain and _at_anything(sources, term, kind)):
                yield term


def _at_anything(sources: Sources, term: URIRef, kind: URIRef) -> bool:
    """Return whether a property without domain describes things: others of ours annotate terms and shapes."""
    if term.startswith(AIMS):
        return kind != OWL.AnnotationProperty
    datatypes = [one for one in sources.all.objects(term, schema.rangeIncludes) if str(one).startswith(XSD)]
    return kind == OWL.AnnotationProperty and bool(datatypes)


def _choices(sources: Sources, ancestors: set[URIRef]) -> list[list[list[URIRef]]]:
    """Return what each violation wants that can be met in several ways."""
    found = [
        ways_of(sources.shapes, check)
        for check in sources.rules.checks
        if targets_class(check, ancestors) and check.severity == "violation" and not check.applies_when
    ]
    return [ways for ways in found if ways]


def _together(
    sources: Sources, ancestors: set[URIRef], names: dict[URIRef, str]
) -> dict[str, tuple[str, ...]]:
    found: dict[str, set[str]] = {}
    for term, name in names.items():
        for one in concerns_of(sources, ancestors, term):
            counted = sources.shapes.value(one.check.node, SH.minCount)
            if one.after in names and one.alone and counted and one.check.severity == "violation":
                found.setdefault(names[one.after], set()).add(name)
    return {name: tuple(sorted(found[name])) for name in sorted(found)}


def _place(sources: Sources, field: Field) -> tuple[int, bool, float, str, str]:
    """Return where a field stands: the demanded before the others, names first, then by urgency."""
    orders = {check.iri: check.order for check in sources.rules.checks if check.demanded}
    urgency = min((orders[one.id] for one in field.checks if one.id in orders), default=float("inf"))
    naming = URIRef(field.id) in LABELS
    rank = 0 if naming and field.demand == "one of" else _RANK[field.demand]
    return rank, not naming, urgency, field.label.casefold(), field.id
