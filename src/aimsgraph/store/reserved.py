"""The graphs that a store on a server keeps for itself beside its history, and the few words in them.

A folder has files for this. On a server everything is a statement, so the manifest, the patches, the writers' tickets
and what is still on its way each have graphs of their own. They belong to no union, and no view lists them.
"""

from __future__ import annotations

from typing import Final

from aimsgraph.vocab import GRAPH

#: The words of these graphs. They are no part of the ontology: no one describes a management system with them.
STORE: Final = "https://w3id.org/aimsgraph/store#"
#: What the store says of itself: format, birth, program.
MANIFEST_GRAPH: Final = GRAPH + "manifest"
#: The text of every patch, in parts.
PATCHES_GRAPH: Final = GRAPH + "patches"
#: The tickets of those who write or wait to.
TICKETS_GRAPH: Final = GRAPH + "tickets"
#: Prefix of the graphs in which a large write waits until all of it has come; then the writer's name and a number.
STAGING: Final = GRAPH + "staging/"
#: Prefix of the IRI of each part of a patch; then the number of the changeset and of the part.
PART: Final = GRAPH + "patch/"


def is_internal(graph: str) -> bool:
    """Say whether a named graph is one of these, which are neither content nor history."""
    return graph in {MANIFEST_GRAPH, PATCHES_GRAPH, TICKETS_GRAPH} or graph.startswith(STAGING)
