"""Ingest: files and tables of others, read as a whole and written as changesets."""

from aimsgraph.ingest.document import Document, source_name, store_documents
from aimsgraph.ingest.load import ParsedSource, hash_file, load_files, read_file, view_of
from aimsgraph.ingest.mapping import Mapping, load_mapping
from aimsgraph.ingest.place import places
from aimsgraph.ingest.records import Lifting, lifting
from aimsgraph.ingest.register import import_csv
from aimsgraph.ingest.source import Limits

__all__ = [
    "Document",
    "Lifting",
    "Limits",
    "Mapping",
    "ParsedSource",
    "hash_file",
    "import_csv",
    "lifting",
    "load_files",
    "load_mapping",
    "places",
    "read_file",
    "source_name",
    "store_documents",
    "view_of",
]
