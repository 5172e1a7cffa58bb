from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from rdflib import Graph

from aimsgraph.validate import Shapes, examine, read_shapes, upon_ontology

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from aimsgraph.model.finding import Validation

PREFIXES = """
@prefix aims: <https://w3id.org/aimsgraph/ns#> .
@prefix area: <https://w3id.org/aimsgraph/area/> .
@prefix ex: <https://example.org/case/> .
@prefix iso42001: <https://w3id.org/aimsgraph/iso42001/> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
TODAY = date(2026, 9, 30)


@pytest.fixture
def shape_file(tmp_path: Path) -> Callable[[str], Path]:
    """Writes Turtle about shapes, prefixes added, to a file."""

    def write(turtle: str) -> Path:
        path = tmp_path / "shapes.ttl"
        path.write_text(PREFIXES + turtle, encoding="utf-8")
        return path

    return write


@pytest.fixture
def examined(shape_file: Callable[[str], Path]) -> Callable[[str, str | Shapes], Validation]:
    """Examines data by shapes, both Turtle without prefixes, as on 2026-09-30."""

    def run(data: str, shapes: str | Shapes) -> Validation:
        graph = Graph(bind_namespaces="none").parse(data=PREFIXES + data, format="turtle")
        loaded = read_shapes([shape_file(shapes)]) if isinstance(shapes, str) else shapes
        return examine(upon_ontology(graph), loaded, today=TODAY, snapshot="none")

    return run
