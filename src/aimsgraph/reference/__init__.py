"""The reference of the ontology, read from its files, the shapes and the saved questions."""

from aimsgraph.reference.reading import read_reference

__all__ = ["read_reference"]
