"""The columns of the exported tables. ``docs/export.md`` shows them, and a test holds the two together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

#: Grows when a column goes, or means something else; a new column alone does not change it.
SCHEMA_VERSION: Final = 1

#: ``word`` is a text of which there are few different ones, kept once each (dictionary encoding).
Kind = Literal["text", "word", "words", "texts", "number", "whole", "day", "truth"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, what kind of value it holds, whether it may be null, and what it says."""

    name: str
    kind: Kind
    nullable: bool
    meaning: str


NODES: Final = (
    Column("iri", "text", False, "the node; each once, and every end of an edge is there"),
    Column("type", "word", False, "its most specific class, as a CURIE; empty when it has none"),
    Column("types", "words", False, "the IRIs of all its classes, sorted"),
    Column("label", "text", False, "its label, English first; the last part of its IRI when it has none"),
    Column("areas", "words", False, "the IRIs of the control areas that it is in (`aims:inArea`), sorted"),
    Column(
        "graphs", "words", False, "the named graphs that say something of it: sources, ontology, inferred"
    ),
    Column("gate", "word", True, "`all` or `at-least`: how many sources must be hit; null: one is enough"),
    Column("gate_threshold", "whole", True, "the number for `at-least`"),
    Column("leak", "number", True, "the chance that it is hit from a cause that the graph does not show"),
)

EDGES: Final = (
    Column("source", "text", False, "the IRI of the end that can hurt the other"),
    Column("target", "text", False, "the IRI of the end that is hurt"),
    Column("property", "word", False, "the IRI of the property that says so"),
    Column(
        "direction", "word", False, "`subject-to-object` or `object-to-subject`: how impact flows along it"
    ),
    Column("flow", "word", True, "the IRI of the kind of flow, such as `aims:Threat`; null: none is stated"),
    Column("transmission", "number", True, "the chance that trouble passes along; null when unknown"),
    Column("basis", "word", False, "`assessed` for this dependency, the property's `default`, or `unknown`"),
    Column("valid_from", "day", True, "the first day on which it holds; null: no beginning"),
    Column("valid_until", "day", True, "the last day on which it holds; null: no end"),
    Column("holds", "truth", False, "whether it holds on the day of the export"),
    Column("stated", "truth", False, "false when it is only qualified (`aims:qualifiedDependency`)"),
    Column("guards", "texts", False, "the IRIs of the controls that guard the source, sorted"),
)

STATEMENTS: Final = (
    Column("subject", "text", False, "an IRI, or `_:` and the name of a blank node"),
    Column("predicate", "word", False, "an IRI"),
    Column("object", "text", False, "an IRI, a blank node, or the text of a literal"),
    Column("datatype", "word", True, "the IRI of a literal's datatype; null when the object is a node"),
    Column("language", "word", True, "the language tag of a literal"),
    Column("graph", "word", True, "the named graph; null on a server without named graphs"),
)

TABLES: Final = {"nodes": NODES, "edges": EDGES, "statements": STATEMENTS}
