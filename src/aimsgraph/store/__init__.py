"""Stores: an embedded engine behind the View and Writer protocols, and the changesets that every write is."""

from pyoxigraph import Quad

from aimsgraph.store.change import Change
from aimsgraph.store.comparison import difference, verify
from aimsgraph.store.embedded import EmbeddedView, changesets, open_view
from aimsgraph.store.folder import FORMAT, Manifest, create, manifest
from aimsgraph.store.memory import graph_view, memory_view, memory_view_of
from aimsgraph.store.nodes import describe, list_nodes, resolve
from aimsgraph.store.ontology import renew_ontology, sync_ontology
from aimsgraph.store.protocol import Row, View
from aimsgraph.store.steps import Step, newest_patch, news, steps
from aimsgraph.store.terms import quad_of
from aimsgraph.store.writer import Writer, open_writer

__all__ = [
    "FORMAT",
    "Change",
    "EmbeddedView",
    "Manifest",
    "Quad",
    "Row",
    "Step",
    "View",
    "Writer",
    "changesets",
    "create",
    "describe",
    "difference",
    "graph_view",
    "list_nodes",
    "manifest",
    "memory_view",
    "memory_view_of",
    "newest_patch",
    "news",
    "open_view",
    "open_writer",
    "quad_of",
    "renew_ontology",
    "resolve",
    "steps",
    "sync_ontology",
    "verify",
]
