"""Diagrams, tables and reports: value objects in, text and pictures out. Graphviz is known only here."""
