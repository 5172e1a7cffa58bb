from __future__ import annotations

from pathlib import Path

import pytest

from aimsgraph.model.reference import Example, Reference, ShapeEntry
from aimsgraph.reference import read_reference
from aimsgraph.validate import load_shapes

OWN = """
@prefix aims: <https://w3id.org/aimsgraph/ns#> .
@prefix ex: <https://example.org/rules#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .

ex:Priced a sh:NodeShape ;
    rdfs:label "Supplier is priced" ;
    sh:targetClass aims:Supplier ;
    sh:property [ sh:path ex:price ; sh:minCount 1 ; sh:severity sh:Warning ] .
"""


@pytest.fixture(scope="module")
def reference() -> Reference:
    return read_reference()


def shape(reference: Reference, name: str) -> ShapeEntry:
    (found,) = [one for group in reference.shapes for one in group.shapes if one.name == name]
    return found


def test_every_shape_is_in_one_group_those_of_form_by_themselves(reference: Reference):
    checks = {check.iri: check for check in load_shapes().checks}
    entries = [(group.name, one) for group in reference.shapes for one in group.shapes]
    assert sorted(one.id for _, one in entries) == sorted(checks)
    assert [group.name for group in reference.shapes] == [*(area.name for area in reference.areas), "form"]
    for name, one in entries:
        assert name == ("form" if not checks[one.id].demanded else (one.area and one.area.id.split("/")[-1]))


def test_a_shape_says_what_it_looks_at_demands_and_why(reference: Reference):
    one = shape(reference, "RiskTreated")
    assert [(target.kind, target.term.curie) for target in one.targets] == [("every", "aims:Risk")]
    assert (one.path, one.demands, one.queries) == ("aims:treatment", ("at least 1 value",), ())
    assert (one.severity, one.order, one.applies_when) == ("violation", 10.0, None)
    assert one.message == "Nobody has decided how to treat this risk."
    assert one.fix == "State aims:treatment: avoid, modify, share or retain."
    assert one.requirement is not None
    assert (one.requirement.curie, one.requirement.label) == ("iso42001:6.1.3", "AI risk treatment")
    assert [term.curie for term in one.terms] == ["aims:Risk", "aims:treatment"]


def test_a_condition_and_a_query_are_shown_as_they_are_written(reference: Reference):
    one = shape(reference, "ModifiedRiskControlled")
    assert one.applies_when == "?this aims:treatment aims:Modify"
    assert one.demands == ("its query finds nothing",)
    assert one.queries[0].startswith("SELECT $this WHERE {\n    $this aims:treatment aims:Modify .")
    assert shape(reference, "StatedLevelAgrees").message == (
        "This node is labelled [value] by [path], which its likelihood [likelihood] and severity [severity] contradict."
    )


def test_the_examples_of_a_shape_are_shown_without_their_prefixes(reference: Reference):
    assert shape(reference, "AcceptanceCurrent").examples[:2] == (
        Example(
            claim="expired",
            passes=False,
            findings=("ex:s - SPARQLConstraintComponent violation",),
            text='ex:a aims:accepts ex:s ; aims:acceptanceExpiresOn "2026-09-29"^^xsd:date .',
        ),
        Example(
            claim="last day",
            passes=True,
            findings=(),
            text='ex:a aims:accepts ex:s ; aims:acceptanceExpiresOn "2026-09-30"^^xsd:date .',
        ),
    )


def test_every_shape_of_ours_has_an_example_that_passes_and_one_that_fails(reference: Reference):
    for group in reference.shapes:
        for one in group.shapes:
            assert {example.passes for example in one.examples} == {True, False}, one.name


def test_the_most_urgent_shape_of_an_area_comes_first(reference: Reference):
    for group in reference.shapes:
        orders = [one.order for one in group.shapes]
        assert orders == sorted(orders), group.name


def test_shapes_of_ones_own_without_an_area_are_listed_apart_and_whole(tmp_path: Path):
    path = tmp_path / "rules.ttl"
    path.write_text(OWN)
    group = read_reference([path]).shapes[-1]
    assert (group.name, group.label) == ("other", "shapes without an area")
    (one,) = group.shapes
    assert (one.label, one.examples) == ("Supplier is priced", ())
    assert one.demands == ("https://example.org/rules#price: at least 1 value",)
