"""The report that we write says to a reader of the W3C's form what the W3C's suite and pySHACL's report say."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

import pyshacl
import pytest
import rdflib
from rdflib import RDF, SH, Graph

from aimsgraph.store import graph_view
from aimsgraph.validate import Shapes
from aimsgraph.validate.evaluation import evaluation_triples
from aimsgraph.validate.peer import peer_results
from aimsgraph.validate.report_graph import report_graph, report_text
from aimsgraph.validate.shacl import Evaluator
from tests.conformance.test_peer import PREFIXES, SHAPES
from tests.conformance.test_w3c_shacl import DIFFERENT, FILES, FOLDER, OPTIONAL
from tests.conformance.w3c import cases, reported

if TYPE_CHECKING:
    from collections import Counter

    from tests.conformance.w3c import Key

TODAY: Final = date(2026, 9, 30)
DATA: Final = (
    PREFIXES
    + """
    ex:a a ex:A ; ex:p ex:b , ex:c , 3 ; ex:q 3 , "x"@en ; ex:s "ab"@en , "abcd" ; ex:n 1 ; ex:m 1 .
    ex:b a ex:B ; ex:p ex:a , ex:b ; ex:q ex:c , 4 ; ex:r ex:d .
    ex:c ex:q 1 ; ex:p [ ex:q 2 ] .
    ex:d a ex:A , ex:B ; ex:s "ab"@en , "abc"@en .
    ex:B <http://www.w3.org/2000/01/rdf-schema#subClassOf> ex:C .
"""
)


def graph_of(text: str, format: str = "turtle") -> Graph:
    return Graph(bind_namespaces="none").parse(data=text, format=format)


def said(graph: Graph) -> Counter[Key]:
    [report] = graph.subjects(RDF.type, SH.ValidationReport)
    return reported(graph, report)


@pytest.mark.shared_data
@pytest.mark.usefixtures("shared_data")
@pytest.mark.filterwarnings("ignore:Parsing weird boolean:UserWarning")
@pytest.mark.parametrize("name", FILES)
def test_the_report_on_a_case_of_the_suite_is_the_one_that_the_suite_expects(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)
    for case in cases(FOLDER / name):
        if case.expected is None or name in OPTIONAL or name in DIFFERENT:
            continue
        view, shapes = graph_view(case.data), Shapes(case.shapes)
        graph = report_graph(view, shapes, Evaluator(case.shapes, view).results())
        assert said(graph) == case.expected
        [conforms] = graph.objects(None, SH.conforms)
        assert conforms.toPython() is (not case.expected)


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")  # by the reader of JSON-LD in rdflib
@pytest.mark.parametrize("format", ["ttl", "jsonld"])
def test_a_reader_of_the_written_report_finds_what_pyshacl_reports(format: str) -> None:
    data, shapes = graph_of(DATA), graph_of(SHAPES)
    view = graph_view(data)
    text = report_text(report_graph(view, Shapes(shapes), Evaluator(shapes, view).results()), format)
    ours = said(graph_of(text, {"ttl": "turtle", "jsonld": "json-ld"}[format]))
    for triple in evaluation_triples(TODAY):
        data.add(triple)
    conforms, theirs, _ = pyshacl.validate(data, shacl_graph=shapes, inference="none")
    assert conforms is False
    assert isinstance(theirs, Graph)
    assert unnamed(ours) == unnamed(said(theirs))
    assert len(ours) > 40


def unnamed(keys: Counter[Key]) -> set[tuple[str | None, ...]]:
    """Blank nodes have other names in each graph. As sets: pySHACL tells equal solutions once."""
    return {
        tuple("_:" if part is not None and part.startswith("_:") else part for part in key) for key in keys
    }


def test_the_report_on_results_of_pyshacl_has_their_paths_as_nodes_too() -> None:
    data, shapes = graph_of(DATA), graph_of(SHAPES)
    view = graph_view(data)
    ours = report_graph(view, Shapes(shapes), Evaluator(shapes, view).results())
    theirs = report_graph(view, Shapes(shapes), peer_results(data, shapes, TODAY))
    assert unnamed(said(ours)) == unnamed(said(theirs))
