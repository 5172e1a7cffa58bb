"""An answer from the dependencies that a question reaches is the answer from all of them, on random graphs."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Literal

from hypothesis import given, settings
from hypothesis import strategies as st

from aimsgraph.store import describe, memory_view
from aimsgraph.trace import impact, impact_reach, lineage, lineage_reach, project, read_filters
from tests.property import tries

if TYPE_CHECKING:
    from aimsgraph.store import View

TODAY = date(2026, 9, 30)
EX = "https://example.org/meridian/"
VOCABULARY = """
@prefix aims: <https://w3id.org/aimsgraph/ns#> . @prefix ex: <https://example.org/meridian/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
aims:dependsOn aims:impactDirection aims:ObjectToSubject ; aims:flowKind aims:Use ; aims:defaultTransmission 0.7 .
aims:affectsParty aims:impactDirection aims:SubjectToObject ; aims:flowKind aims:Effect .
aims:threatens aims:impactDirection aims:SubjectToObject ; aims:flowKind aims:Threat ; aims:defaultTransmission 0.5 .
ex:copies rdfs:subPropertyOf aims:dependsOn ; aims:defaultTransmission 0.9 .
ex:turned rdfs:subPropertyOf ex:copies ; aims:impactDirection aims:SubjectToObject .
ex:harms rdfs:subPropertyOf aims:threatens ; aims:flowKind aims:Effect .
aims:guards aims:guardRole aims:GuardsOutgoingEdges .
aims:evidencedBy aims:since "0.1.0" .
"""
NAMES = ["aims:dependsOn", "aims:affectsParty", "aims:threatens", "ex:copies", "ex:turned", "ex:harms"]
#: What a lineage is narrowed to: nothing, a property, one that specialises another, a kind of flow.
ALONG = [[], ["aims:dependsOn"], [EX + "turned", "aims:affectsParty"], ["aims:threatens"], ["aims:Effect"]]
NODE = st.integers(0, 4)
TRIPLE = st.tuples(NODE, st.sampled_from(NAMES), NODE).map(lambda t: f"ex:n{t[0]} {t[1]} ex:n{t[2]} .")
PERIOD = st.sampled_from(
    ["", '; aims:dependencyValidUntil "2026-01-01"^^xsd:date', '; aims:dependencyValidFrom "2026-01-01"^^xsd:date']
)  # fmt: skip


@st.composite
def qualified(draw: st.DrawFn) -> str:
    """A qualified dependency, of some property, another or none, with or without a number and a period."""
    via = draw(st.sampled_from(["", "; aims:via ex:other", *(f"; aims:via {name}" for name in NAMES)]))
    number = draw(st.sampled_from(["", "; aims:transmission 0.3", "; aims:transmission 0.6"]))
    ends = draw(st.tuples(NODE, NODE))
    return f"ex:n{ends[0]} aims:qualifiedDependency [ aims:on ex:n{ends[1]} {via} {number} {draw(PERIOD)} ] ."


GUARD = st.tuples(st.sampled_from("cd"), NODE).map(lambda t: f"ex:{t[0]} aims:guards ex:n{t[1]} .")
CONTROLS = """ex:c aims:designEffectiveness 0.9 ; aims:implementationStatus aims:Implemented ; aims:evidencedBy ex:e .
ex:e aims:collectedOn "2026-05-01"^^xsd:date . ex:d aims:designEffectiveness 0.5 ; aims:unverifiedEffectiveness 0.2 ."""
GATE = st.tuples(NODE, st.sampled_from(["AndGate", "AtLeastGate ; aims:gateThreshold 2"])).map(
    lambda t: f"ex:n{t[0]} aims:gate aims:{t[1]} ."
)
LEAK = NODE.map(lambda node: f"ex:n{node} aims:leak 0.1 .")
GRAPH = st.tuples(
    st.lists(TRIPLE, max_size=12), st.lists(qualified(), max_size=6), st.lists(GUARD, max_size=4),
    st.lists(GATE, max_size=2), st.lists(LEAK, max_size=1),
).map(lambda parts: VOCABULARY + CONTROLS + "\n".join(line for part in parts for line in part))  # fmt: skip
HOPS = st.sampled_from([None, 1, 2, 3])


def ref(view: View, number: int):
    return describe(view, [f"{EX}n{number}"])[f"{EX}n{number}"]


@settings(max_examples=tries(120), deadline=None)
@given(GRAPH, st.sampled_from(["up", "down", "both"]), HOPS, st.booleans(), st.sampled_from(ALONG))
def test_lineage_from_its_reach_is_lineage_from_the_whole(
    text: str, direction: Literal["up", "down", "both"], hops: int | None, threats: bool, along: list[str]
) -> None:
    view = memory_view(text)
    wanted = read_filters(view, along=along)
    part = lineage_reach(
        view, EX + "n0", today=TODAY, direction=direction, hops=hops, threats=threats or bool(along)
    )
    assert part is not None
    answers = [
        lineage(
            view,
            projection,
            ref(view, 0),
            direction=direction,
            hops=hops,
            include_threats=threats,
            wanted=wanted,
        ).model_dump_json()
        for projection in (part, project(view, today=TODAY))
    ]
    assert answers[0] == answers[1]


@settings(max_examples=tries(120), deadline=None)
@given(GRAPH, st.sets(NODE, min_size=1, max_size=2), HOPS, st.booleans())
def test_impact_from_its_reach_is_impact_from_the_whole(
    text: str, starts: set[int], hops: int | None, simulated: bool
) -> None:
    view = memory_view(text)
    sources = [ref(view, number) for number in sorted(starts)]
    part = impact_reach(view, [source.id for source in sources], today=TODAY, hops=hops)
    assert part is not None
    answers = [
        impact(
            view, projection, sources, today=TODAY, hops=hops, worlds=256,
            max_exact_variables=0 if simulated else 256,
        ).model_dump_json()
        for projection in (part, project(view, today=TODAY))
    ]  # fmt: skip
    assert answers[0] == answers[1]
