"""Documents that somebody sends, each stored in the one graph that he names for it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING
from urllib.parse import unquote

from aimsgraph.errors import (
    AimsgraphError,
    InputNotReadableError,
    NotPermittedError,
    Problem,
    SyntaxProblemError,
)
from aimsgraph.ingest.load import combined, parsed_quads, refuse_plain_json
from aimsgraph.ingest.source import Limits, encoded, source_of
from aimsgraph.model.changeset import LoadedFile
from aimsgraph.store import Change
from aimsgraph.vocab import SOURCE_GRAPH, is_reserved

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from aimsgraph.ingest.source import SourceText
    from aimsgraph.store import Quad, Writer


@dataclass(frozen=True, slots=True)
class Document:
    """A text of RDF as it came in: its bytes, its format (None: by the ending of its name), and what to call it."""

    text: bytes
    format: str | None
    name: str = "body"


def source_name(graph: str) -> str:
    """Return the name of the source whose graph it is: what was loaded under that name, else the graph itself."""
    return unquote(graph.removeprefix(SOURCE_GRAPH)) if graph.startswith(SOURCE_GRAPH) else graph


def store_documents(
    writer: Writer,
    graph: str,
    documents: Sequence[Document],
    *,
    replace: bool,
    author: str,
    message: str | None,
    now: datetime,
    expected: str | None = None,
    limits: Limits | None = None,
) -> LoadedFile:
    """Have a graph hold what documents state, in place of what it held or besides, as one changeset.

    Blank nodes become IRIs. In a graph that is replaced they are numbered in order of occurrence; those that are added
    are new ones each time.

    :raises SyntaxProblemError, InputNotReadableError: with every fault of every document; nothing was written.
    :raises NotPermittedError: the store alone writes that graph.
    :raises StoreMovedError: the head is not the ``expected`` one.
    """
    if is_reserved(graph):
        raise NotPermittedError(f"<{graph}> is written by the store alone.", hint="Name another graph.")
    sources, quads = _read(graph, documents, "" if replace else writer.head, limits or Limits())
    sha256 = hashlib.sha256(b"".join(document.text for document in documents)).hexdigest()
    name = source_name(graph)
    said = message or f"{'Put' if replace else 'Add to'} {name}"
    change = Change(graph, author, said, quads, (), replace, name, sha256)
    [made] = writer.commit([change], now=now, expected=expected)
    return LoadedFile(
        path=name,
        format=sources[0].format if sources else "turtle",
        graph=graph,
        triples=len(quads),
        added=made.added if made else 0,
        removed=made.removed if made else 0,
        changeset=made.hash if made else None,
    )


def _read(
    graph: str, documents: Sequence[Document], scope: str, limits: Limits
) -> tuple[list[SourceText], tuple[Quad, ...]]:
    sources: list[SourceText] = []
    quads: dict[Quad, None] = {}
    faults: list[AimsgraphError] = []
    for number, document in enumerate(documents):
        try:
            source = source_of(
                document.text,
                PurePath(document.name),
                format=document.format,
                name=document.name,
                limits=limits,
            )
            sources.append(source)
            quads.update(dict.fromkeys(_quads(graph, source, f"{scope}{number or ''}")))
        except (SyntaxProblemError, InputNotReadableError) as fault:
            faults.append(fault)
    if faults:
        raise combined(faults, len(documents), "Nothing was stored.")
    return sources, tuple(quads)


def _quads(graph: str, source: SourceText, scope: str) -> tuple[Quad, ...]:
    name = encoded(source_name(graph))
    if scope:
        digest = hashlib.sha256(f"{scope}\n{source.sha256}".encode()).hexdigest()[:16]
        name = f"{name}/{digest}"
    quads = parsed_quads(source, base=graph, name=name, graph=graph)
    others = {str(getattr(quad.graph_name, "value", "")) for quad in quads} - {graph}
    if others:
        fault = Problem(
            f"It has the named graph <{min(others)}>, and is to be stored in one graph", source.name
        )
        raise InputNotReadableError(f"{fault}.", hint="Send each graph by itself.", problems=(fault,))
    if not quads and source.format == "jsonld":
        refuse_plain_json(source)
    return quads
