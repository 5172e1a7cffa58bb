"""JSON Schema (draft 2020-12) and form descriptions of classes, and the JSON-LD context that reads such JSON as RDF."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from aimsgraph.vocab import AIMS, expand

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from aimsgraph.model.form import Demand, Field, FieldKind, Form, FormCheck

#: A JSON object with text keys.
Json = dict[str, Any]

DRAFT: Final = "https://json-schema.org/draft/2020-12/schema"
#: Where the schemas are named; nothing is fetched from there.
BASE: Final = "https://w3id.org/aimsgraph/schema/"
CONTEXT: Final = "context.jsonld"
_TYPES: Final[dict[FieldKind, Json]] = {
    "text": {"type": "string"},
    "number": {"type": "number"},
    "whole number": {"type": "integer"},
    "date": {"type": "string", "format": "date"},
    "date and time": {"type": "string", "format": "date-time"},
    "yes or no": {"type": "boolean"},
    "address": {"type": "string", "format": "uri"},
    "choice": {},
    "link": {"type": "string", "format": "iri"},
}
_WIDGETS: Final[dict[FieldKind, str]] = {
    "text": "text",
    "number": "number",
    "whole number": "number",
    "date": "date",
    "date and time": "datetime",
    "yes or no": "checkbox",
    "address": "url",
    "choice": "select",
    "link": "link",
}


def schema_files(forms: Sequence[Form]) -> dict[str, str]:
    """Return the files by name: per class ``<Class>.schema.json`` and ``<Class>.form.json``, and ``context.jsonld``.

    Classes that share a name, of which all but one are of an organisation's own, are numbered.
    """
    found: dict[str, Json] = {CONTEXT: context_of(forms)}
    for form in sorted(forms, key=lambda one: (not one.id.startswith(AIMS), one.id)):
        number, name = 1, form.name
        while f"{name}.schema.json" in found:
            number += 1
            name = f"{form.name}-{number}"
        found[f"{name}.schema.json"] = schema_of(form, name)
        found[f"{name}.form.json"] = form_of(form, name)
    return {name: f"{json.dumps(found[name], ensure_ascii=False, indent=2)}\n" for name in sorted(found)}


def schema_of(form: Form, name: str | None = None) -> Json:
    """Return the JSON Schema of a class: what the shapes find a violation in, whatever else the graph holds.

    A node is one object: ``id`` is its IRI, ``type`` the name of its class, and each property stands under its name.
    A property with at most one value holds it plainly; others hold a list.
    """
    alternatives = [{"anyOf": [{"required": list(way)} for way in ways]} for ways in form.choices]
    schema: Json = {
        "$schema": DRAFT,
        "$id": f"{BASE}{name or form.name}.schema.json",
        "title": form.label,
        "description": form.definition,
        "type": "object",
        "properties": {
            "id": {"type": "string", "format": "iri", "title": "IRI", "description": "The name of the node."},
            "type": {"const": form.name},
            **{field.name: _property(field) for field in form.fields},
        },
        "required": ["type", *(field.name for field in form.fields if field.demand == "required")],
    }
    if alternatives:
        schema["allOf"] = alternatives
    if form.together:
        schema["dependentRequired"] = {key: list(names) for key, names in form.together.items()}
    recommended = [field.name for field in form.fields if field.demand == "recommended"]
    schema["x-aimsgraph"] = {
        "iri": form.id,
        "recommended": recommended,
        "shapes": [_mention(check) for check in form.checks],
    }
    return schema


def form_of(form: Form, name: str | None = None) -> Json:
    """Return the description of a form: fields in order, each with a widget, help, and what the shapes say of it."""
    choices = [_shown(form, ways) for ways in form.choices]
    needed = {name for ways in choices if len(ways) == 1 for name in ways[0]}
    return {
        "class": form.id,
        "title": form.label,
        "help": form.definition,
        "schema": f"{name or form.name}.schema.json",
        "context": CONTEXT,
        "fields": [
            _entry(field, "required" if field.name in needed else field.demand)
            for field in form.fields
            if not field.alternative
        ],
        "choices": [[list(way) for way in ways] for ways in choices if len(ways) > 1],
        "together": {key: list(names) for key, names in form.together.items()},
        "advice": [check.model_dump() for check in form.checks],
    }


def context_of(forms: Iterable[Form]) -> Json:
    """Return the JSON-LD context under which objects of these schemas are RDF, with the properties' own datatypes."""
    terms: Json = {}
    for form in forms:
        terms.setdefault(form.name, form.id)
        for field in form.fields:
            terms[field.name] = _meaning(field)
    return {"@context": {"@version": 1.1, "id": "@id", "type": "@type", **dict(sorted(terms.items()))}}


def _meaning(field: Field) -> Json:
    if _is_iri(field):
        return {"@id": field.id, "@type": "@id"}
    # JSON-LD writes a number with a fraction as a double, which no other datatype has the form of.
    plain = field.datatype is None or field.kind in ("text", "number", "choice", "whole number", "yes or no")
    return {"@id": field.id} if plain else {"@id": field.id, "@type": expand(field.datatype or "")}


def _is_iri(field: Field) -> bool:
    if field.kind == "choice":
        return all("://" in option.value for option in field.options)
    return field.kind == "link"


def _property(field: Field) -> Json:
    item = {**_TYPES[field.kind], **_limits(field)}
    several: Json = item
    if field.max_count != 1:
        several = {"type": "array", "items": item, "uniqueItems": True}
        several |= {"minItems": field.min_count} if field.min_count else {}
        several |= {"maxItems": field.max_count} if field.max_count is not None else {}
    about: Json = {"iri": field.id}
    if field.classes:
        about["classes"] = [link.id for link in field.classes]
    if field.checks:
        about["shapes"] = [_mention(check) for check in field.checks]
    described = {"description": field.definition} if field.definition else {}
    return {"title": field.label, **described, **several, "x-aimsgraph": about}


def _limits(field: Field) -> Json:
    limits: Json = {}
    if field.options:
        limits["enum"] = [option.value for option in field.options]
    if field.pattern is not None:
        limits["pattern"] = field.pattern
    for key, bound in (("minimum", field.minimum), ("maximum", field.maximum)):
        if bound is not None:
            limits[key] = _number(bound)
    return limits


def _number(bound: float) -> float:
    return int(bound) if bound.is_integer() else bound


def _mention(check: FormCheck) -> Json:
    mention = {"iri": check.id, "severity": check.severity, "area": check.area, "when": check.when}
    return {key: value for key, value in mention.items() if value is not None}


def _entry(field: Field, demand: Demand) -> Json:
    entry: Json = {
        "name": field.name,
        "label": field.label,
        "help": field.definition,
        "widget": _WIDGETS[field.kind],
        "multiple": field.max_count != 1,
        "demand": demand,
    }
    if field.options:
        entry["options"] = [option.model_dump() for option in field.options]
    if field.classes:
        entry["classes"] = [link.model_dump() for link in field.classes]
    entry |= {key: value for key, value in _limits(field).items() if key != "enum"}
    return entry | {"advice": [check.model_dump() for check in field.checks]}


def _shown(form: Form, ways: Sequence[Sequence[str]]) -> list[Sequence[str]]:
    """Leave out the ways that go by fields which a form does not show."""
    hidden = {field.name for field in form.fields if field.alternative}
    return [way for way in ways if not hidden & set(way)]
