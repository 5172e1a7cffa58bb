"""What the ontology's README shows is true."""

from __future__ import annotations

import re

from rdflib import Graph, URIRef

from aimsgraph.vocab import AIMS, compact
from tests.ontology.conftest import FOLDER, MODULES
from tests.ontology.test_meta_shapes import results

TEXT = (FOLDER / "README.md").read_text(encoding="utf-8")


def test_the_table_lists_every_module() -> None:
    listed = re.findall(r"^\| `(\w+\.ttl)` \|", TEXT, flags=re.MULTILINE)
    assert sorted(listed) == [path.name for path in MODULES]


def test_the_property_shown_keeps_the_style_guide(modules: Graph) -> None:
    (example,) = re.findall(r"```turtle\n(.*?)```", TEXT, flags=re.DOTALL)
    snippet = Graph().parse(data=example, format="turtle")
    assert len(snippet) == 9
    assert results(modules + snippet, focus=list(set(snippet.subjects()))) == set()


def test_the_directions_shown_are_those_of_the_ontology(modules: Graph) -> None:
    rows = {
        row: set(re.findall(r"`([\w:]+)`", cells))
        for row, cells in re.findall(
            r"^\| ((?:object|subject) to \w+|guards .*?) \| (.*) \|$", TEXT, re.MULTILINE
        )
    }
    said = {
        row: {compact(str(term)) for term in modules.subjects(URIRef(AIMS + prop), URIRef(AIMS + value))}
        for row, prop, value in [
            ("object to subject", "impactDirection", "ObjectToSubject"),
            ("subject to object", "impactDirection", "SubjectToObject"),
            ("guards outgoing edges", "guardRole", "GuardsOutgoingEdges"),
        ]
    }
    assert rows == said
