"""A shape that no store can be asked for all nodes at once goes to pySHACL, on the nodes concerned."""

from __future__ import annotations

from datetime import date

import pytest
from pyshacl.constraints import ALL_CONSTRAINT_PARAMETERS
from rdflib import RDF, SH, Graph, URIRef

from aimsgraph.errors import SyntaxProblemError
from aimsgraph.store import graph_view
from aimsgraph.validate.peer import Aside, peer_results
from aimsgraph.validate.shacl import Evaluator, Result
from aimsgraph.validate.shacl.form import CONSTRAINING
from tests.unit.validate.test_shacl import graph

TODAY = date(2026, 9, 30)
#: Nodes with a name and without one, each with two values.
DATA = """ex:a a ex:A ; ex:p 1 , 2 . ex:b a ex:A ; ex:q ex:c . ex:c ex:p 5 , 6 .
    [] a ex:A ; ex:p 3 , 4 . [] a ex:A ; ex:q [ ex:p 7 , 8 ] . ex:lone a ex:B ."""
FIRST = (
    'sh:select "SELECT $this ?value WHERE { $this ex:p ?value } ORDER BY ?value LIMIT 1" ; sh:prefixes ex:'
)
ITSELF = 'sh:select "SELECT $this ($currentShape AS ?value) WHERE { $this ex:p ?any }" ; sh:prefixes ex:'
#: Two shapes to which the one in question must not be confused: no node of theirs is asked about twice.
OTHERS = """ex:Other a sh:NodeShape ; sh:targetClass ex:B ; sh:property [ sh:path ex:p ; sh:minCount 1 ] .
    ex:B a owl:Class , sh:NodeShape ; sh:property [ sh:path ex:q ; sh:minCount 1 ] ."""
SHAPES = {
    "rows counted": f"ex:S a sh:NodeShape ; sh:targetClass ex:A ; sh:sparql [ {FIRST} ] .",
    "rows counted at a value": (
        f"ex:S a sh:NodeShape ; sh:targetClass ex:A ; sh:property [ sh:path ex:q ; sh:node ex:T ] ."
        f"ex:T a sh:NodeShape ; sh:sparql [ {FIRST} ] ."
    ),
    "rows counted within": (
        f"ex:S a sh:NodeShape ; sh:targetClass ex:A ; sh:property [ sh:path ex:q ; sh:property ex:T ] ."
        f"ex:T a sh:PropertyShape ; sh:path ex:p ; sh:sparql [ {FIRST} ] ."
    ),
    "the shape itself": f"ex:S a sh:NodeShape ; sh:targetClass ex:A ; sh:sparql [ {ITSELF} ] .",
    "the class itself": f"ex:A a owl:Class , sh:NodeShape ; sh:sparql [ {ITSELF} ] .",
}


def told(results: list[Result]) -> list[tuple[str, ...]]:
    return sorted((str(r.focus), str(r.shape), str(r.component), str(r.path), str(r.value)) for r in results)


@pytest.mark.parametrize("name", SHAPES)
def test_what_no_store_answers_for_all_nodes_gives_what_pyshacl_gives(name: str) -> None:
    shapes, data = graph(SHAPES[name] + OTHERS), graph(DATA)
    ours = list(Evaluator(shapes, graph_view(data), aside=Aside(shapes, TODAY)).results())
    assert told(ours) == told(peer_results(data, shapes, TODAY))
    assert len(ours) > 3


def test_each_result_is_told_with_the_node_at_which_it_began() -> None:
    shapes, data = graph(SHAPES["rows counted within"]), graph(DATA)
    evaluator = Evaluator(shapes, graph_view(data), aside=Aside(shapes, TODAY))
    found = list(evaluator.results_of(URIRef("https://example.org/S")))
    assert {(root, result.focus) for root, result in found} == set(
        data.subject_objects(URIRef("https://example.org/q"))
    )


def test_the_copy_is_made_anew_when_the_source_is_another() -> None:
    shapes = graph(SHAPES["the shape itself"])
    aside = Aside(shapes, TODAY)
    node, shape = URIRef("https://example.org/a"), URIRef("https://example.org/S")
    with_value, without = graph_view(graph("ex:a a ex:A ; ex:p 1 .")), graph_view(graph("ex:a a ex:A ."))
    assert [len(aside(source, shape, node)) for source in (with_value, without, with_value)] == [1, 0, 1]


def test_what_pyshacl_cannot_run_either_is_refused_with_the_name_of_the_shape() -> None:
    shapes = graph(
        'ex:S a sh:NodeShape ; sh:targetClass ex:A ; sh:sparql [ sh:select """SELECT $this WHERE {'
        '$this <https://example.org/p> ?v . GRAPH $shapesGraph { ?x ?y ?z } }""" ] .'
    )
    with pytest.raises(
        SyntaxProblemError, match=r"The shape https://example.org/S cannot be run: .*shapesGraph"
    ):
        list(Evaluator(shapes, graph_view(graph(DATA)), aside=Aside(shapes, TODAY)).results())


def test_the_shapes_stay_as_they_are() -> None:
    shapes = graph(SHAPES["the class itself"])
    before = len(shapes)
    Aside(shapes, TODAY)(
        graph_view(graph(DATA)), URIRef("https://example.org/A"), URIRef("https://example.org/a")
    )
    assert len(shapes) == before
    assert (None, SH.targetNode, None) not in shapes
    assert len(set(shapes.subjects(RDF.type, SH.NodeShape))) == 1
    assert isinstance(shapes, Graph)


def test_what_makes_a_shape_bear_a_constraint_is_what_pyshacl_takes_for_it() -> None:
    assert frozenset(ALL_CONSTRAINT_PARAMETERS) == CONSTRAINING
