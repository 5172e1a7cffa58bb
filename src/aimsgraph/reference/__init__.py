"""The reference of the ontology, and the forms of its classes, read from its files, the shapes and the questions."""

from aimsgraph.reference.forms import read_forms
from aimsgraph.reference.reading import read_reference
from aimsgraph.reference.record import record_context
from aimsgraph.reference.schema import schema_files

__all__ = ["read_forms", "read_reference", "record_context", "schema_files"]
