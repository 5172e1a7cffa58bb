"""What a write to the store leaves behind."""

from __future__ import annotations

from datetime import datetime

from aimsgraph.model.node import NodeRef, Value
from aimsgraph.model.proof import ComparedHead


class Changeset(Value):
    """One write: who, when, why, from which source, how much, and its place in the chain.

    ``number`` counts from 1. ``hash`` covers the canonical patch, all fields below and ``parent`` (the hash
    of the changeset before it; null for the first). ``source_sha256`` is the SHA-256 of the source's bytes.
    """

    number: int
    hash: str
    parent: str | None
    author: str
    time: datetime
    message: str
    source: str | None
    source_sha256: str | None
    graph: str | None
    added: int
    removed: int


class LoadedFile(Value):
    """What loading one file did.

    ``triples`` counts the distinct triples (or quads) that the file states; ``added`` and ``removed`` what
    changed against the earlier load of the same source; ``changeset`` is null when nothing changed.
    """

    path: str
    format: str
    graph: str
    triples: int
    added: int
    removed: int
    changeset: str | None


class RowProblem(Value):
    """A row or column of a table that could not be used (whole or in part), and why.

    ``row`` counts from 1, the header being row 1; null for a whole column.
    """

    row: int | None
    column: str | None
    value: str | None
    message: str
    skipped_row: bool


class ImportedTable(Value):
    """What importing one table did: rows read, nodes made, cells used, and everything it could not use.

    ``tried`` is what would change, when nothing was written.
    """

    path: str
    mapping: str
    graph: str
    rows: int
    nodes: int
    triples: int
    used_columns: tuple[str, ...]
    unused_columns: tuple[str, ...]
    problems: tuple[RowProblem, ...]
    changeset: str | None
    tried: Difference | None = None


class Verification(Value):
    """Whether the store, or a bundle, is what its history says; ``first_difference`` names the first thing that is not.

    ``statements`` counts the quads that the history comes to (null when the history itself is at fault). ``against``
    has each head noted earlier that the history was compared with, and ``agreed`` is the newest changeset that one of
    them vouches for, with all before it (0: none).
    """

    intact: bool
    changesets: int
    head: str
    first_difference: str | None
    statements: int | None = None
    agreed: int = 0
    against: tuple[ComparedHead, ...] = ()


class Difference(Value):
    """What changed between two changesets: N-Quads lines, sorted, less what was added and removed again."""

    older: str
    newer: str
    added: tuple[str, ...]
    removed: tuple[str, ...]


class Edit(Value):
    """What an update or a removal did, or, in a dry run, would do.

    ``difference`` is what it added and removed in all, from the state before to the newest of ``changesets``, which
    are empty when nothing changed and in a dry run. What follows by the rules of inference is in it in a dry run only:
    else it is a changeset after them.
    """

    dry_run: bool
    changesets: tuple[Changeset, ...]
    difference: Difference


class Copied(Value):
    """A copy of a store: where it is, up to which changeset, and how large."""

    path: str
    changesets: int
    head: str
    bytes: int


class Compacted(Value):
    """What putting the files in order did: files of patches joined into others, and the bytes before and after."""

    joined: int
    bytes_before: int
    bytes_after: int


class StatementChange(Value):
    """One statement that came (``added``) or went: property as CURIE, value as text, its label where it is a node.

    ``language`` and ``datatype`` (a CURIE) are those of a literal, null where it has none or is a plain text.
    """

    added: bool
    property: str
    value: str
    value_label: str | None
    graph: str
    language: str | None = None
    datatype: str | None = None


class NodeChange(Value):
    """What changed in what is said of one node; what went comes before what came, property by property."""

    node: NodeRef
    statements: tuple[StatementChange, ...]


class Loaded(Value):
    """What one load command did, file by file, and what stands in the inventory through inference alone.

    ``read_as_ours`` has the number of nodes per class of ours that no source puts there, in the whole graph. ``tried``
    is what would change, when nothing was written.
    """

    files: tuple[LoadedFile, ...]
    read_as_ours: dict[str, int]
    tried: Difference | None = None


class History(Value):
    """Changesets, oldest first."""

    changesets: tuple[Changeset, ...]


class Extent(Value):
    """How much there is in a store: changesets, and statements, each counted in every graph that states it."""

    changesets: int
    statements: int
