"""Stores: an embedded engine or a server behind the View protocol, and the changesets that every write is."""

from pyoxigraph import Quad

from aimsgraph.store.capabilities import capabilities
from aimsgraph.store.change import Change
from aimsgraph.store.comparison import difference, verify
from aimsgraph.store.embedded import EmbeddedView, changesets, open_view
from aimsgraph.store.endpoint import Endpoint, is_address
from aimsgraph.store.folder import FORMAT, Manifest, create, manifest
from aimsgraph.store.memory import files_view, graph_view, memory_view, memory_view_of
from aimsgraph.store.nodes import describe, list_nodes, resolve
from aimsgraph.store.ontology import renew_ontology, sync_ontology
from aimsgraph.store.place import folder_at, open_place, place
from aimsgraph.store.profile import profiles
from aimsgraph.store.protocol import Row, View
from aimsgraph.store.remote import UNVERSIONED, RemoteView
from aimsgraph.store.steps import Step, newest_patch, news, steps
from aimsgraph.store.terms import quad_of
from aimsgraph.store.writer import Writer, open_writer

__all__ = [
    "FORMAT",
    "UNVERSIONED",
    "Change",
    "EmbeddedView",
    "Endpoint",
    "Manifest",
    "Quad",
    "RemoteView",
    "Row",
    "Step",
    "View",
    "Writer",
    "capabilities",
    "changesets",
    "create",
    "describe",
    "difference",
    "files_view",
    "folder_at",
    "graph_view",
    "is_address",
    "list_nodes",
    "manifest",
    "memory_view",
    "memory_view_of",
    "newest_patch",
    "news",
    "open_place",
    "open_view",
    "open_writer",
    "place",
    "profiles",
    "quad_of",
    "renew_ontology",
    "resolve",
    "steps",
    "sync_ontology",
    "verify",
]
