"""The keys of records, which the ontology and the shapes as they ship decide."""

from __future__ import annotations

from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from aimsgraph.reference.forms import read_forms
from aimsgraph.reference.schema import context_of

if TYPE_CHECKING:
    from collections.abc import Mapping


@cache
def record_context() -> Mapping[str, Any]:
    """Return what the keys of a record mean, as a JSON-LD context; the first time takes seconds."""
    return MappingProxyType(context_of(read_forms())["@context"])
