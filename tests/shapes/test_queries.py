"""The queries within shapes, as they stand, before ours or any other evaluator rewrites them."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from rdflib import SH, URIRef

from aimsgraph.validate import load_shapes
from aimsgraph.validate.reading import declared_prefixes
from aimsgraph.vocab import local_name

SHAPES = load_shapes().graph
QUERIES = sorted(
    (local_name(str(shape)), str(text))
    for constraint, text in SHAPES.subject_objects(SH.select)
    for shape in SHAPES.subjects(None, constraint)
    if isinstance(shape, URIRef)
)


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in QUERIES])
def test_other_engines_can_read_the_query_as_it_stands(text: str) -> None:
    # Rust's SPARQL parsers, which most quick engines share, read no dot before a digit in a prefixed name.
    asked = text.replace("$PATH", "<https://example.org/path>")
    assert ox.Store().query(f"{declared_prefixes(SHAPES)}\n{asked}") is not None


def test_the_queries_are_all_collected() -> None:
    assert len(QUERIES) == len(set(SHAPES.subjects(SH.select, None)))
