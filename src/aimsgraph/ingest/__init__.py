"""Ingest: files and tables of others, read as a whole and written as changesets."""

from aimsgraph.ingest.load import ParsedSource, load_files, read_file, view_of
from aimsgraph.ingest.source import Limits

__all__ = ["Limits", "ParsedSource", "load_files", "read_file", "view_of"]
