"""aimsgraph: risk and traceability over the knowledge graph of an AI management system (ISO/IEC 42001).

    import aimsgraph

    g = aimsgraph.init("aims.store")
    g.load("register.ttl")
    g.lineage("Credit scorecard v3")

The names below are loaded when they are first used, so that importing the package is quick.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aimsgraph.checking import check
    from aimsgraph.engine import Graph, in_memory, init, open_graph
    from aimsgraph.errors import AimsgraphError
    from aimsgraph.ingest import hash_file
    from aimsgraph.record import restore
    from aimsgraph.store import content_hash, make_key, verify_bundle

    open = open_graph  # noqa: A001 - `aimsgraph.open` reads like the built-in on purpose

__all__ = [
    "AimsgraphError",
    "Graph",
    "check",
    "content_hash",
    "hash_file",
    "in_memory",
    "init",
    "make_key",
    "open",
    "restore",
    "verify_bundle",
]


def __getattr__(name: str) -> object:
    """Load one of the public names."""
    if name == "AimsgraphError":
        from aimsgraph.errors import AimsgraphError

        return AimsgraphError
    if name == "check":
        from aimsgraph.checking import check

        return check
    if name == "hash_file":
        from aimsgraph.ingest import hash_file

        return hash_file
    if name in ("content_hash", "make_key", "verify_bundle"):
        from aimsgraph import store

        return getattr(store, name)
    if name == "restore":
        from aimsgraph.record import restore

        return restore
    if name in __all__:
        from aimsgraph import engine

        return getattr(engine, "open_graph" if name == "open" else name)
    raise AttributeError(f"module 'aimsgraph' has no attribute {name!r}")
