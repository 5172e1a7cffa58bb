"""Each shape against examples: ``<Shape>/ok-*.ttl`` satisfy it, ``bad-<claim>.ttl`` break it exactly as they say.

A bad example states each finding that it must give in a line ``#! focus path component severity`` (path ``-`` for the
whole node). Only the shape of the folder is run, on the example joined with the ontology.
"""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from pyshacl.constraints import ALL_CONSTRAINT_PARAMETERS
from rdflib import Graph, URIRef
from rdflib.namespace import RDF, RDFS, SH

from aimsgraph.store import EmbeddedView, graph_view
from aimsgraph.validate import Shapes, load_shapes, ontology_graph
from aimsgraph.validate.validation import examine
from aimsgraph.vocab import AIMS, compact, local_name

HERE = Path(__file__).parent
TODAY = date(2026, 9, 30)
SHAPE = "https://w3id.org/aimsgraph/shape/"
CASE = "https://example.org/case/"

EXAMPLES = sorted(HERE.glob("*/*.ttl"))
OK = [path for path in EXAMPLES if path.name.startswith("ok-")]
BAD = [path for path in EXAMPLES if path.name.startswith("bad-")]
SHAPES = load_shapes()
NAMES = sorted({local_name(check.iri) for check in SHAPES.checks})

# What shapes ask the ontology; its labels and definitions would only be copied for each example.
ASKED = {RDF.type, RDFS.subClassOf, URIRef(AIMS + "rank"), URIRef("https://schema.org/rangeIncludes")}
# The lines of our crosswalks are whole, but not without the rest that is said of them.
NEEDED = [
    triple for triple in ontology_graph() if triple[1] in ASKED and triple[2] != URIRef(AIMS + "Mapping")
]

Expected = set[tuple[str, str, str, str]]


def name_of(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"


def stated(path: Path) -> Expected:
    lines = re.findall(r"^#! (\S+) (\S+) (\S+) (\S+)$", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {(focus, at, component, severity) for focus, at, component, severity in lines}


def found_in(path: Path) -> tuple[Expected, bool]:
    """The findings of the folder's shape on the example, and whether the shape had a node to look at."""
    graph = Graph(bind_namespaces="none").parse(path, format="turtle")
    alone = _alone(path.parent.name)
    answer = examine(graph_view(graph, upon=_needed()), alone, today=TODAY, snapshot="none")
    findings: Expected = {(_short(f.focus), f.path or "-", f.component, f.severity) for f in answer.findings}
    return findings, not answer.not_exercised


@cache
def _needed() -> EmbeddedView:
    graph = Graph(bind_namespaces="none")
    for triple in NEEDED:
        graph.add(triple)
    return graph_view(graph)


def _short(iri: str) -> str:
    return iri.replace(CASE, "ex:") if iri.startswith(CASE) else compact(iri)


def _alone(name: str) -> Shapes:
    if name not in _ALONE:
        _ALONE[name] = SHAPES.only(SHAPE + name)
    return _ALONE[name]


_ALONE: dict[str, Shapes] = {}


@pytest.mark.parametrize("path", OK, ids=name_of)
def test_ok_example_is_looked_at_and_gives_no_finding(path: Path) -> None:
    assert found_in(path) == (set(), True)


@pytest.mark.parametrize("path", BAD, ids=name_of)
def test_bad_example_gives_exactly_the_findings_that_it_states(path: Path) -> None:
    expected = stated(path)
    assert expected, "a bad example states its findings"
    assert found_in(path) == (expected, True)


def test_the_examples_are_all_collected() -> None:
    assert (len(NAMES), len(OK), len(BAD)) == (203, 244, 278)


@pytest.mark.parametrize("name", NAMES)
def test_shape_has_examples_and_each_of_its_components_is_reported(name: str) -> None:
    assert list((HERE / name).glob("ok-*.ttl"))
    node = URIRef(SHAPE + name)
    declared = {_component(p) for p in SHAPES.graph.predicates(node) if p in ALL_CONSTRAINT_PARAMETERS}
    reported = {finding[2] for path in (HERE / name).glob("bad-*.ttl") for finding in stated(path)}
    assert reported == declared


def test_each_folder_of_examples_belongs_to_a_shape() -> None:
    assert {path.parent.name for path in EXAMPLES} == set(NAMES)


def _component(parameter: object) -> str:
    local = local_name(str(parameter))
    if parameter == SH.sparql:
        return "SPARQLConstraintComponent"
    return f"{local[0].upper()}{local[1:]}ConstraintComponent"
