"""Findings brought up to date are those of a full run, whatever changed."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rdflib import Graph

from aimsgraph import resources
from aimsgraph.store.embedded import EmbeddedView
from aimsgraph.store.memory import memory_view
from aimsgraph.store.terms import from_rdflib_term
from aimsgraph.validate import load_shapes, ontology_graph, read_shapes
from aimsgraph.validate.recheck import Recheck
from aimsgraph.validate.shacl import Evaluator

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from pathlib import Path

    from rdflib.term import Node

    from aimsgraph.validate.shapes import Shapes

    Triple = tuple[Node, Node, Node]

TODAY = date(2026, 9, 30)
PREFIXES = """
    @prefix : <https://example.org/> . @prefix aims: <https://w3id.org/aimsgraph/ns#> .
    @prefix sh: <http://www.w3.org/ns/shacl#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
    @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""


class Changing:
    """A graph in memory that changes, and the findings kept up to date with it."""

    def __init__(self, shapes: Shapes, *graphs: Graph) -> None:
        self.store, self.shapes = ox.Store(), shapes
        for graph in graphs:
            self.store.bulk_extend(quads(graph))
        self.view = EmbeddedView(self.store, "none")
        self.kept = Recheck(self.view, shapes, TODAY)

    def change(self, added: Iterable[Triple] = (), removed: Iterable[Triple] = (), today: date | None = None):
        """Change the graph and bring the findings up to date; compare them with those of a full run."""
        added, removed = list(added), list(removed)
        self.store.extend(map(_quad, added))
        for triple in removed:
            self.store.remove(_quad(triple))
        before = set(self.kept.findings())
        turn = self.kept.update(self.view, [*added, *removed], today=today)
        full = Recheck(self.view, self.shapes, today or TODAY).findings()
        assert self.kept.findings() == full
        assert set(turn.opened) == set(full) - before
        assert set(turn.closed) == before - set(full)
        return turn

    def told(self) -> list[tuple[str, str]]:
        """Return message and focus of each finding."""
        return [(finding.focus.rpartition("/")[2], finding.message) for finding in self.kept.findings()]


@cache
def quads(graph: Graph) -> tuple[ox.Quad, ...]:
    return tuple(map(_quad, graph))


def _quad(triple: Triple) -> ox.Quad:
    return ox.Quad(*map(from_rdflib_term, triple))  # type: ignore[arg-type]


def parsed(text: str) -> Graph:
    return Graph().parse(data=PREFIXES + text, format="turtle")


@cache
def example() -> Graph:
    files = [path for path in resources.files("examples", "meridian/*.ttl") if path.stem != "own-rules"]
    return memory_view(*files).to_rdflib()


@pytest.fixture
def changing(tmp_path: Path):
    def made(shapes: str, data: str) -> Changing:
        path = tmp_path / "shapes.ttl"
        path.write_text(PREFIXES + shapes)
        return Changing(read_shapes([path]), parsed(data))

    return made


@cache
def said() -> list[Triple]:
    """What the example says, in a fixed order."""
    return sorted(example(), key=str)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_the_example_changed_at_random_is_judged_as_in_a_full_run(data: st.DataObject):
    triples = said()
    some = st.lists(st.sampled_from(triples), max_size=6)
    changing = Changing(load_shapes(), ontology_graph(), example())
    removed = data.draw(some)
    pairs = data.draw(st.lists(st.tuples(st.sampled_from(triples), st.sampled_from(triples)), max_size=5))
    added = [(first[0], other[1], other[2]) for first, other in pairs]
    turn = changing.change(added, [one for one in removed if one not in added])
    again = changing.change(removed, [one for one in added if one not in set(triples)])
    assert (turn.opened, turn.closed) == (again.closed, again.opened)


def test_another_day_is_judged_as_in_a_full_run():
    changing = Changing(load_shapes(), ontology_graph(), example())
    turn = changing.change(today=date(2028, 1, 1))
    assert turn.opened
    assert changing.change(today=TODAY).closed == turn.opened


@pytest.mark.parametrize(
    ("constraint", "data", "change", "focus"),
    [
        ("sh:property [ sh:path :p ; sh:minCount 1 ]", ":a a :C .", ":a :p 1 .", "a"),
        ("sh:property [ sh:path ( :p :q ) ; sh:maxCount 0 ]", ":a a :C ; :p :b .", ":b :q 1 .", "a"),
        ("sh:property [ sh:path [ sh:inversePath :p ] ; sh:maxCount 0 ]", ":a a :C .", ":b :p :a .", "a"),
        ("sh:property [ sh:path [ sh:alternativePath ( :p [ sh:inversePath :q ] ) ] ; sh:maxCount 0 ]",
         ":a a :C .", ":b :q :a .", "a"),
        ("sh:property [ sh:path ( [ sh:zeroOrMorePath :p ] :q ) ; sh:maxCount 0 ]",
         ":a a :C ; :p :b . :b :p :c . :d :q 1 .", ":c :p :d .", "a"),
        ("sh:property [ sh:path :p ; sh:class :D ]", ":a a :C ; :p :b .", ":b a :D .", "a"),
        ("sh:property [ sh:path :p ; sh:node [ sh:property [ sh:path :q ; sh:minCount 1 ] ] ]",
         ":a a :C ; :p :b .", ":b :q 1 .", "a"),
        ("sh:not [ sh:property [ sh:path :p ; sh:hasValue :b ] ]", ":a a :C .", ":a :p :b .", "a"),
        ("sh:or ( [ sh:path :p ; sh:minCount 1 ] [ sh:path :q ; sh:minCount 1 ] )", ":a a :C .", ":a :q 1 .", "a"),
        ("sh:property [ sh:path :p ; sh:qualifiedValueShape [ sh:class :D ] ; sh:qualifiedMinCount 1 ]",
         ":a a :C ; :p :b .", ":b a :D .", "a"),
        ("sh:property [ sh:path :p ; sh:lessThan :q ]", ":a a :C ; :p 2 .", ":a :q 1 .", "a"),
        ("sh:closed true ; sh:ignoredProperties ( <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> )",
         ":a a :C .", ":a :other 1 .", "a"),
        ("sh:sparql [ sh:select 'SELECT $this { $this <https://example.org/p> ?b . FILTER NOT EXISTS "
         "{ ?c <https://example.org/q> ?b ; <https://example.org/r> ?d } }' ]",
         ":a a :C ; :p :b . :c :q :b .", ":c :r 1 .", "a"),
        ("sh:sparql [ sh:select 'SELECT $this { $this a ?any . FILTER NOT EXISTS { ?p a <https://example.org/P> } }' ]",
         ":a a :C .", ":somewhere a :P .", "a"),
        ("sh:sparql [ sh:select 'SELECT $this { $this <https://example.org/p>+ $this }' ]",
         ":a a :C ; :p :b . :b :p :c .", ":c :p :a .", "a"),
        ("sh:sparql [ sh:select 'SELECT $this { { SELECT $this (COUNT(?v) AS ?n) { $this <https://example.org/p> ?v } "
         "GROUP BY $this } FILTER (?n > 1) }' ]", ":a a :C ; :p 1 .", ":a :p 2 .", "a"),
    ],
)  # fmt: skip
def test_a_change_far_away_reaches_the_node_that_it_matters_to(
    changing, constraint: str, data: str, change: str, focus: str
):
    graph = changing(f":S a sh:NodeShape ; sh:targetClass :C ; {constraint} .", data + " :other a :Z .")
    turn = graph.change(parsed(change))
    assert {one.focus.rpartition("/")[2] for one in (*turn.opened, *turn.closed)} == {focus}
    back = graph.change(removed=parsed(change))
    assert (back.opened, back.closed) == (turn.closed, turn.opened)


def test_a_node_that_gains_or_loses_its_class_gains_or_loses_its_findings(changing):
    graph = changing(
        ":S a sh:NodeShape ; sh:targetClass :C ; sh:property [ sh:path :p ; sh:minCount 1 ] .", ""
    )
    assert len(graph.change(parsed(":a a :C .")).opened) == 1
    assert len(graph.change(removed=parsed(":a a :C .")).closed) == 1


def test_a_class_put_below_another_has_its_members_looked_at(changing):
    graph = changing(
        ":S a sh:NodeShape ; sh:targetClass :C ; sh:property [ sh:path :p ; sh:minCount 1 ] .", ":a a :D ."
    )
    assert len(graph.change(parsed(":D rdfs:subClassOf :C .")).opened) == 1


def test_a_new_name_is_in_the_messages_that_named_the_old_one(changing):
    graph = changing(
        ":S a sh:NodeShape ; sh:targetClass :C ; sh:property [ sh:path :p ; sh:class :D ; "
        'sh:message "{$this}: {?value}" ] .',
        ':a a :C ; :p :b . :b rdfs:label "Old" .',
    )
    assert graph.told() == [("a", "“a”: “Old”")]
    graph.change(parsed(':b rdfs:label "New" .'), parsed(':b rdfs:label "Old" .'))
    assert graph.told() == [("a", "“a”: “New”")]


def test_what_is_true_of_two_shapes_stays_while_one_still_finds_it(changing):
    inner = "[ a sh:PropertyShape ; sh:path :p ; sh:minCount 1 ; sh:message 'None' ]"
    graph = changing(f":S a sh:NodeShape ; sh:targetClass :C , :D ; sh:property {inner} .", ":a a :C , :D .")
    assert not graph.change(removed=parsed(":a a :C .")).closed
    assert len(graph.change(removed=parsed(":a a :D .")).closed) == 1


def test_a_change_looks_at_few_nodes_of_few_shapes(monkeypatch: pytest.MonkeyPatch):
    changing = Changing(load_shapes(), ontology_graph(), example())
    looked: list[int | None] = []
    look = Evaluator.results_of

    def counted(self: Evaluator, shape: Node, among: Collection[str] | None = None) -> object:
        looked.append(None if among is None else len(among))
        return look(self, shape, among)

    monkeypatch.setattr(Evaluator, "results_of", counted)
    statement = next(iter(parsed(":new a aims:Risk .")))
    changing.store.add(_quad(statement))
    changing.kept.update(changing.view, [statement])
    assert {count for count in looked if count is not None} == {1}
    assert len(looked) < len(load_shapes().footprints) / 3
