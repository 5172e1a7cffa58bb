"""Stores: an embedded engine behind the View and Writer protocols, and the changesets that every write is."""

from aimsgraph.store.embedded import EmbeddedView
from aimsgraph.store.memory import memory_view, memory_view_of
from aimsgraph.store.protocol import Row, View

__all__ = ["EmbeddedView", "Row", "View", "memory_view", "memory_view_of"]
