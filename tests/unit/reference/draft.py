"""As much of JSON Schema, draft 2020-12, as the schemas of ours use: are they well formed, and what breaks them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

TYPES: dict[str, Callable[[Any], bool]] = {
    "string": lambda value: isinstance(value, str),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "number": lambda value: isinstance(value, (int, float)) and not isinstance(value, bool),
    "boolean": lambda value: isinstance(value, bool),
    "array": lambda value: isinstance(value, list),
    "object": lambda value: isinstance(value, dict),
}


def _names(value: Any) -> bool:
    return (
        TYPES["array"](value) and len(set(value)) == len(value) and all(isinstance(one, str) for one in value)
    )


def _count(value: Any) -> bool:
    return TYPES["integer"](value) and value >= 0


#: The keywords of the metaschema that may be used, and what each takes; schemas within are looked at by themselves.
KEYWORDS: dict[str, Callable[[Any], bool]] = {
    "$schema": lambda value: value == "https://json-schema.org/draft/2020-12/schema",
    "$id": lambda value: re.fullmatch(r"https://[^\s#]+", value) is not None,
    "title": TYPES["string"],
    "description": TYPES["string"],
    "format": lambda value: value in {"date", "date-time", "uri", "iri"},
    "type": lambda value: value in TYPES,
    "const": lambda _: True,
    "enum": lambda value: TYPES["array"](value) and len(set(value)) == len(value) > 0,
    "minimum": TYPES["number"],
    "maximum": TYPES["number"],
    "pattern": lambda value: re.compile(value) is not None,
    "minItems": _count,
    "maxItems": _count,
    "uniqueItems": TYPES["boolean"],
    "required": _names,
    "dependentRequired": lambda value: TYPES["object"](value) and all(map(_names, value.values())),
    "properties": TYPES["object"],
    "items": TYPES["object"],
    "allOf": lambda value: TYPES["array"](value) and len(value) > 0,
    "anyOf": lambda value: TYPES["array"](value) and len(value) > 0,
}


def malformed(schema: dict[str, Any], place: str = "") -> Iterator[str]:
    """Yield the place of each keyword that the metaschema does not know or whose value it does not take."""
    for keyword, value in schema.items():
        if not keyword.startswith("x-") and not (keyword in KEYWORDS and KEYWORDS[keyword](value)):
            yield f"{place}/{keyword}"
    for name, inner in schema.get("properties", {}).items():
        yield from malformed(inner, f"{place}/properties/{name}")
    if "items" in schema:
        yield from malformed(schema["items"], f"{place}/items")
    for keyword in ("allOf", "anyOf"):
        for number, inner in enumerate(schema.get(keyword, ())):
            yield from malformed(inner, f"{place}/{keyword}/{number}")


def faults(schema: dict[str, Any], value: Any, place: str = "") -> Iterator[str]:
    """Yield what of a value breaks a schema, as its place and the keyword."""
    for keyword, asked in schema.items():
        if keyword in HOLDS and not HOLDS[keyword](asked, value):
            yield f"{place} {keyword}"
    if isinstance(value, dict):
        for name, inner in schema.get("properties", {}).items():
            if name in value:
                yield from faults(inner, value[name], f"{place}/{name}")
    if isinstance(value, list) and "items" in schema:
        for number, one in enumerate(value):
            yield from faults(schema["items"], one, f"{place}/{number}")


def _is_date(value: str) -> bool:
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


HOLDS: dict[str, Callable[[Any, Any], bool]] = {
    "type": lambda asked, value: TYPES[asked](value),
    "const": lambda asked, value: value == asked,
    "enum": lambda asked, value: value in asked,
    "format": lambda asked, value: asked != "date" or _is_date(value),
    "minimum": lambda asked, value: value >= asked,
    "maximum": lambda asked, value: value <= asked,
    "pattern": lambda asked, value: re.search(asked, value) is not None,
    "minItems": lambda asked, value: len(value) >= asked,
    "maxItems": lambda asked, value: len(value) <= asked,
    "uniqueItems": lambda _, value: len(set(value)) == len(value),
    "required": lambda asked, value: set(asked) <= set(value),
    "dependentRequired": lambda asked, value: all(
        set(names) <= set(value) for key, names in asked.items() if key in value
    ),
    "allOf": lambda asked, value: all(not list(faults(one, value)) for one in asked),
    "anyOf": lambda asked, value: any(not list(faults(one, value)) for one in asked),
}
