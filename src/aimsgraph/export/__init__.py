"""The graph as tables for tools that read no RDF: nodes, dependencies and plain statements."""

from aimsgraph.export.parquet import export_parquet
from aimsgraph.export.schema import SCHEMA_VERSION, TABLES, Column

__all__ = ["SCHEMA_VERSION", "TABLES", "Column", "export_parquet"]
