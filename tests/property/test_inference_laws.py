"""What is inferred depends on what the sources say now, and on nothing that was loaded or inferred before."""

from __future__ import annotations

import pyoxigraph as ox
from hypothesis import given, settings
from hypothesis import strategies as st

from aimsgraph import store
from aimsgraph.store import EmbeddedView
from aimsgraph.vocab import INFERRED_GRAPH, ONTOLOGY_GRAPH
from tests.property import tries
from tests.unit.store.test_inference import SOURCE, VOCABULARY, WHO, held, quads

OTHER = "https://example.org/graph/other"
THING = st.sampled_from([":a", ":b", ":c", "o:Leak"])
CLASS = st.sampled_from(
    [
        "o:System", "o:HighSystem", "o:FinestPart", "o:Risk", "o:Leak", "o:RiskName", ":Own",
        "aims:Risk", "aims:AISystem", "skos:Concept", "owl:Class", "vair:Concept",
    ]
)  # fmt: skip
PROPERTY = st.sampled_from(
    [
        "o:has",
        "o:hasModel",
        "o:hasBest",
        "o:hasRisk",
        "o:lowers",
        "o:loweredBy",
        "o:in",
        ":own",
        "airo:hasConsequence",
    ]
)
ABOVE = st.sampled_from(["o:System", "o:Risk", "aims:Model", "aims:ModelVersion", ":Own"])
STATEMENT = st.one_of(
    st.tuples(THING, st.just("a"), CLASS),
    st.tuples(THING, PROPERTY, THING),
    st.tuples(THING, st.sampled_from(["schema:name", "skos:prefLabel", "rdfs:label"]), st.just('"name"')),
    st.tuples(
        st.sampled_from([":Own", "o:Leak"]), st.sampled_from(["rdfs:subClassOf", "skos:broader"]), ABOVE
    ),
    st.tuples(st.just(":own"), st.just("rdfs:subPropertyOf"), st.sampled_from(["aims:dependsOn", "o:has"])),
)
SAID = st.lists(STATEMENT, max_size=12).map(lambda said: "".join(" ".join(one) + " .\n" for one in said))


def written(*steps: tuple[str, str]) -> EmbeddedView:
    """What a store in memory shows after the small vocabulary and then each graph's text were written."""
    memory = store.Memory()
    store.create(memory, now=WHO["now"])
    with store.open_writer(memory) as writer:
        for graph, turtle in ((ONTOLOGY_GRAPH, VOCABULARY), *steps):
            writer.replace(graph, quads(turtle, graph), **WHO)
    return memory.view()


@settings(max_examples=tries(50), deadline=None)
@given(one=SAID, two=SAID)
def test_to_load_one_and_two_and_retract_one_is_to_load_two(one: str, two: str):
    roundabout = written((SOURCE, one), (OTHER, two), (SOURCE, ""))
    straight = written((OTHER, two))
    assert held(roundabout, INFERRED_GRAPH) == held(straight, INFERRED_GRAPH)
    assert held_in_union(roundabout) == held_in_union(straight)


@settings(max_examples=tries(50), deadline=None)
@given(one=SAID, two=SAID)
def test_the_order_does_not_matter_and_each_source_keeps_what_it_said(one: str, two: str):
    forth, back = written((SOURCE, one), (OTHER, two)), written((OTHER, two), (SOURCE, one))
    assert held(forth, INFERRED_GRAPH) == held(back, INFERRED_GRAPH)
    for view in (forth, back):
        for graph, text in ((SOURCE, one), (OTHER, two)):
            assert held(view, graph) == {str(quad.triple) for quad in quads(text, graph)}


def held_in_union(view: EmbeddedView) -> set[str]:
    return {str(quad.triple) for quad in view.store.quads_for_pattern(None, None, None, ox.DefaultGraph())}
