"""Stores: an embedded engine or a server behind the View protocol, and the changesets that every write is."""

from pyoxigraph import Quad

from aimsgraph.store.archive import Place
from aimsgraph.store.bundle import verify_bundle, write_bundle
from aimsgraph.store.canonical import content_hash
from aimsgraph.store.capabilities import capabilities
from aimsgraph.store.change import Change
from aimsgraph.store.classes import class_named
from aimsgraph.store.comparison import difference, verify
from aimsgraph.store.derived import DERIVED, derived, is_newest, keep
from aimsgraph.store.embedded import EmbeddedView, open_view
from aimsgraph.store.endpoint import Endpoint, is_address
from aimsgraph.store.folder import FORMAT, Manifest
from aimsgraph.store.heads import heads_in, note_heads
from aimsgraph.store.key import make_key, read_private_key, read_public_keys
from aimsgraph.store.memory import files_view, graph_view, memory_view, memory_view_of
from aimsgraph.store.memory_store import Memory
from aimsgraph.store.moment import instant_of
from aimsgraph.store.node_changes import by_node, rdf_patch
from aimsgraph.store.nodes import describe, list_nodes, members, resolve
from aimsgraph.store.ontology import renew_ontology, sync_ontology
from aimsgraph.store.part import Parts, parts_of
from aimsgraph.store.place import (
    changesets,
    create,
    evidence_root,
    folder_at,
    manifest,
    newest_number,
    open_place,
    open_writer,
    place,
    trial,
)
from aimsgraph.store.profile import profiles
from aimsgraph.store.protocol import Row, View, Writer
from aimsgraph.store.recording import moved
from aimsgraph.store.remote import UNVERSIONED, RemoteView
from aimsgraph.store.remote_writer import RemoteWriter
from aimsgraph.store.removal import close, rehearse_removal, remove
from aimsgraph.store.replay import do_again, entries_after, entries_in, entries_of, write_again
from aimsgraph.store.since import changes_since
from aimsgraph.store.steps import Step, bearing, newest_patch, news, statements_of, steps, touching
from aimsgraph.store.still import mark
from aimsgraph.store.template import is_iri
from aimsgraph.store.terms import quad_of
from aimsgraph.store.texts import TEXTS, Texts, read_texts
from aimsgraph.store.upkeep import back_up, compact
from aimsgraph.store.writer import Writer as FolderWriter

__all__ = [
    "DERIVED",
    "FORMAT",
    "TEXTS",
    "UNVERSIONED",
    "Change",
    "EmbeddedView",
    "Endpoint",
    "FolderWriter",
    "Manifest",
    "Memory",
    "Parts",
    "Place",
    "Quad",
    "RemoteView",
    "RemoteWriter",
    "Row",
    "Step",
    "Texts",
    "View",
    "Writer",
    "back_up",
    "bearing",
    "by_node",
    "capabilities",
    "changes_since",
    "changesets",
    "class_named",
    "close",
    "compact",
    "content_hash",
    "create",
    "derived",
    "describe",
    "difference",
    "do_again",
    "entries_after",
    "entries_in",
    "entries_of",
    "evidence_root",
    "files_view",
    "folder_at",
    "graph_view",
    "heads_in",
    "instant_of",
    "is_address",
    "is_iri",
    "is_newest",
    "keep",
    "list_nodes",
    "make_key",
    "manifest",
    "mark",
    "members",
    "memory_view",
    "memory_view_of",
    "moved",
    "newest_number",
    "newest_patch",
    "news",
    "note_heads",
    "open_place",
    "open_view",
    "open_writer",
    "parts_of",
    "place",
    "profiles",
    "quad_of",
    "rdf_patch",
    "read_private_key",
    "read_public_keys",
    "read_texts",
    "rehearse_removal",
    "remove",
    "renew_ontology",
    "resolve",
    "statements_of",
    "steps",
    "sync_ontology",
    "touching",
    "trial",
    "verify",
    "verify_bundle",
    "write_again",
    "write_bundle",
]
