from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from rdflib import RDF, SH, Graph, Literal, URIRef
from rdflib.compare import isomorphic

from aimsgraph.validate import examination, load_shapes, read_shapes, upon_ontology
from aimsgraph.validate.report_graph import report_text
from aimsgraph.vocab import AIMS, ISO42001
from tests.unit.validate.conftest import PREFIXES, TODAY

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from aimsgraph.validate import Examination, Shapes

    ShapeFile = Callable[[str], Path]

SHAPE = "https://w3id.org/aimsgraph/shape/"
BASE = "https://example.org/case/"


def looked_at(data: str, shapes: Shapes) -> Examination:
    graph = Graph(bind_namespaces="none").parse(data=PREFIXES + data, format="turtle")
    return examination(upon_ontology(graph), shapes, today=TODAY, snapshot="none")


def only_result(graph: Graph) -> dict[URIRef, object]:
    [result] = graph.subjects(RDF.type, SH.ValidationResult)
    return {URIRef(str(predicate)): value for predicate, value in graph.predicate_objects(result)}


def test_a_result_says_all_that_shacl_lets_it_and_how_to_mend_it() -> None:
    found = looked_at(
        'ex:s a aims:AISystem ; rdfs:label "Screener" .', load_shapes().only(SHAPE + "PurposeStated")
    )
    graph = found.report_graph()
    assert only_result(graph) == {
        RDF.type: SH.ValidationResult,
        SH.focusNode: URIRef(BASE + "s"),
        SH.resultPath: URIRef(AIMS + "intendedPurpose"),
        SH.sourceShape: URIRef(SHAPE + "PurposeStated"),
        SH.sourceConstraintComponent: SH.MinCountConstraintComponent,
        SH.resultSeverity: SH.Violation,
        SH.resultMessage: Literal("What “Screener” is meant for is not stated."),
        URIRef(AIMS + "fix"): Literal(
            "Write aims:intendedPurpose for “Screener”: for what, by whom, and where not."
        ),
        URIRef(AIMS + "checksRequirement"): URIRef(ISO42001 + "A.9.4"),
        URIRef(AIMS + "checksArea"): URIRef("https://w3id.org/aimsgraph/area/transparency-explainability"),
    }
    assert list(graph.objects(None, SH.conforms)) == [Literal(False)]


def test_a_report_without_results_conforms() -> None:
    graph = looked_at("ex:s a aims:Dataset .", load_shapes().only(SHAPE + "PurposeStated")).report_graph()
    [report] = graph.subjects(RDF.type, SH.ValidationReport)
    assert set(graph) == {(report, RDF.type, SH.ValidationReport), (report, SH.conforms, Literal(True))}


def test_by_the_w3c_an_info_does_not_conform_though_by_ours_it_does() -> None:
    found = looked_at("ex:s a aims:Risk .", load_shapes().only(SHAPE + "RiskReassessed"))
    assert found.validation.conforms
    assert list(found.report_graph().objects(None, SH.conforms)) == [Literal(False)]


def test_a_path_of_several_steps_comes_as_a_path(shape_file: ShapeFile) -> None:
    shapes = read_shapes(
        [
            shape_file("""
        ex:S a sh:NodeShape ; sh:targetClass ex:A ; sh:property [
            sh:path ( ex:p [ sh:inversePath ex:q ] ) ; sh:minCount 1 ] .""")
        ]
    )
    text = report_text(looked_at("ex:a a ex:A . ex:b a ex:A .", shapes).report_graph(), "ttl")
    path = "( <https://example.org/case/p> [ sh:inversePath <https://example.org/case/q> ] )"
    assert " ".join(text.split()).count(f"sh:resultPath {path}") == 2


def test_a_shape_and_a_query_without_names_come_with_the_report(shape_file: ShapeFile) -> None:
    shapes = read_shapes(
        [
            shape_file("""
        ex:S a sh:NodeShape ; sh:targetClass ex:A ; sh:property [ sh:path ex:p ; sh:maxCount 0 ] ;
            sh:sparql [ sh:select "SELECT $this WHERE { $this <https://example.org/case/p> ?x }" ] .""")
        ]
    )
    graph = looked_at("ex:a a ex:A ; ex:p 1 .", shapes).report_graph()
    sources = {
        graph.value(result, SH.sourceConstraintComponent): result
        for result in graph.subjects(RDF.type, SH.ValidationResult)
    }
    nested = graph.value(sources[SH.MaxCountConstraintComponent], SH.sourceShape)
    assert graph.value(nested, SH.path) == URIRef(BASE + "p")
    query = graph.value(sources[SH.SPARQLConstraintComponent], SH.sourceConstraint)
    assert str(graph.value(query, SH.select)).startswith("SELECT $this")
    assert graph.value(sources[SH.MaxCountConstraintComponent], SH.sourceConstraint) is None


def test_messages_keep_their_languages_and_have_their_blanks_filled(shape_file: ShapeFile) -> None:
    shapes = read_shapes(
        [
            shape_file("""
        ex:S a sh:PropertyShape ; sh:targetClass ex:A ; sh:path ex:p ; sh:maxCount 0 ;
            sh:message "{$this} says {$path}."@en , "{$this} sagt {$path}."@de .""")
        ]
    )
    result = looked_at('ex:a a ex:A ; rdfs:label "Ada" ; ex:p 1 .', shapes).report_graph()
    assert set(result.objects(None, SH.resultMessage)) == {
        Literal(f"“Ada” says {BASE}p.", lang="en"),
        Literal(f"“Ada” sagt {BASE}p.", lang="de"),
    }


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")  # by the reader of JSON-LD in rdflib
@pytest.mark.parametrize(("format", "parser"), [("ttl", "turtle"), ("jsonld", "json-ld")])
def test_the_text_reads_back_as_the_same_graph_and_is_the_same_each_time(
    format: str, parser: str, shape_file: ShapeFile
) -> None:
    shapes = read_shapes(
        [
            shape_file("""
        ex:S a sh:NodeShape ; sh:targetClass ex:A ; sh:property [
            sh:path [ sh:alternativePath ( ex:p ex:q ) ] ; sh:in ( "a" 1 ) ; sh:message "\\\\ \\" \\n é" ] .""")
        ]
    )
    data = 'ex:a a ex:A ; ex:p "b"@en , 1.50 . ex:b a ex:A ; ex:q ex:a , "\\t\\u0007" .'
    graph = looked_at(data, shapes).report_graph()
    text = report_text(graph, format)
    assert isomorphic(Graph().parse(data=text, format=parser), graph)
    assert report_text(looked_at(data, shapes).report_graph(), format) == text


def test_json_ld_names_nodes_without_a_wrapper() -> None:
    found = looked_at("ex:s a aims:AISystem .", load_shapes().only(SHAPE + "PurposeStated"))
    written = json.loads(report_text(found.report_graph(), "jsonld"))
    [result] = [one for one in written["@graph"] if one["@type"] == "sh:ValidationResult"]
    assert result["sh:resultSeverity"] == "sh:Violation"
    assert set(written["@context"]) >= {"aims", "sh"}
    assert "dcat" not in written["@context"]
