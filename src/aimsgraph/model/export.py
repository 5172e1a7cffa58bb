"""What an export wrote."""

from __future__ import annotations

from datetime import date as day

from aimsgraph.model.node import Value


class ExportedTable(Value):
    """One table: its name, its file, and how many rows and bytes it has."""

    name: str
    path: str
    rows: int
    bytes: int


class Export(Value):
    """The tables of one export, of which state (``snapshot``), and as on which day its dependencies are judged."""

    folder: str
    schema_version: int
    snapshot: str
    date: day
    tables: tuple[ExportedTable, ...]
