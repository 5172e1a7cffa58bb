"""Stores: an embedded engine behind the View and Writer protocols, and the changesets that every write is."""
