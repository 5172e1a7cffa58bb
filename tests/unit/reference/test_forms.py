from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from rdflib import SH, Graph, Literal, URIRef

from aimsgraph.model.form import Field, Form, Option
from aimsgraph.reference import read_forms
from aimsgraph.reference.bounds import ways_of
from aimsgraph.reference.graph import aims
from aimsgraph.validate import examine, load_shapes, upon_ontology
from aimsgraph.vocab import local_name

OWN = """
@prefix aims: <https://w3id.org/aimsgraph/ns#> .
@prefix ex: <https://example.org/words#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix schema: <https://schema.org/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

ex:Agent a owl:Class ;
    rdfs:subClassOf aims:AISystem ;
    rdfs:label "agent"@en ;
    skos:definition "A system that acts by itself."@en .

ex:budget a owl:DatatypeProperty ;
    rdfs:label "budget"@en ;
    schema:domainIncludes ex:Agent ;
    schema:rangeIncludes xsd:decimal .

ex:label a owl:DatatypeProperty ;
    rdfs:label "sticker"@en ;
    schema:domainIncludes ex:Agent .

ex:Budgeted a sh:PropertyShape ;
    sh:targetClass ex:Agent ;
    sh:path ex:budget ;
    sh:minCount 1 ;
    sh:maxCount 1 ;
    sh:minInclusive 0.5 .
"""


@pytest.fixture(scope="module")
def forms() -> dict[str, Form]:
    return {form.name: form for form in read_forms()}


def field(form: Form, name: str) -> Field:
    (found,) = [one for one in form.fields if one.name == name]
    return found


def short(iris: list[str]) -> list[str]:
    return [local_name(iri) for iri in iris]


def test_what_people_describe_has_a_form_and_concepts_have_none(forms: dict[str, Form]):
    assert {"AISystem", "Risk", "Control", "Evidence", "Incident", "Policy", "Dependency"} <= set(forms)
    assert not {"RiskLevel", "Requirement", "ControlArea", "Evaluation", "Concept"} & set(forms)


def test_a_form_has_the_fields_of_the_classes_above(forms: dict[str, Form]):
    names = {one.name for one in forms["Assessment"].fields}
    assert names < {one.name for one in forms["ImpactAssessment"].fields}
    assert field(forms["ModelVersion"], "ownedBy").demand == "required"


def test_what_annotates_terms_and_shapes_is_in_no_form(forms: dict[str, Form]):
    names = {one.name for form in forms.values() for one in form.fields}
    assert not {"since", "fix", "checksArea", "appliesWhen", "impactDirection", "term_status"} & names


def test_a_demand_is_as_grave_as_the_shape_that_makes_it(forms: dict[str, Form]):
    dataset = forms["Dataset"]
    assert field(dataset, "ownedBy").demand == "required"
    assert field(dataset, "suppliedBy").demand == "one of"
    assert field(dataset, "containsPersonalData").demand == "recommended"
    assert field(dataset, "lawfulBasis").demand == "optional"  # only of personal data


def test_a_shape_that_looks_at_some_nodes_only_says_at_which(forms: dict[str, Form]):
    checks = {local_name(one.id): one.when for one in field(forms["Dataset"], "qualityCheckedOn").checks}
    assert checks == {
        "DateWellFormed": None,
        "QualityCheckRecent": "whatever is a value of aims:usesDataset",
        "QualityChecked": "whatever is a value of aims:evaluatedOn",
    }
    derived = {local_name(one.id): one.when for one in field(forms["Risk"], "residualLevel").checks}
    assert derived["ResidualNotAboveInherent"] == "where ?this aims:inherentLevel ?level"


def test_options_stand_in_the_order_of_their_rank(forms: dict[str, Form]):
    assert [one.label for one in field(forms["Risk"], "inherentLevel").options] == [
        "very low", "low", "medium", "high", "very high",
    ]  # fmt: skip
    assert field(forms["Metric"], "thresholdKind").options == (
        Option(value="at most", label="at most"),
        Option(value="at least", label="at least"),
    )


def test_a_list_too_long_to_choose_from_is_a_link(forms: dict[str, Form]):
    kind = field(forms["Risk"], "riskType")
    assert (kind.kind, kind.options) == ("link", ())
    assert [link.curie for link in kind.classes] == ["aims:RiskType"]


def test_a_choice_of_other_than_plain_fields_is_none(forms: dict[str, Form]):
    shapes = load_shapes()
    checks = {local_name(check.iri): check for check in shapes.checks}
    assert ways_of(shapes.graph, checks["ModelOriginStated"]) is None
    assert ways_of(shapes.graph, checks["LawfulBasisStated"]) is None
    assert forms["Model"].choices == forms["AISystem"].choices


def test_classes_and_shapes_of_ones_own_have_forms_and_take_no_name_away(tmp_path: Path):
    path = tmp_path / "agents.ttl"
    path.write_text(OWN)
    (form,) = [one for one in read_forms([path]) if one.name == "Agent"]
    budget = field(form, "budget")
    assert (budget.kind, budget.datatype, budget.demand) == ("number", "xsd:decimal", "required")
    assert (budget.min_count, budget.max_count, budget.minimum, budget.maximum) == (1, 1, 0.5, None)
    assert field(form, "riskTier").demand == "required"
    assert field(form, "label").id == "http://www.w3.org/2000/01/rdf-schema#label"
    assert field(form, "label-2").label == "sticker"


ASKING = [
    check.iri
    for check in load_shapes().checks
    if any(
        (check.node, one, None) in load_shapes().graph
        for one in (aims.asksMinimum, aims.asksMaximum, aims.asksMaxCount)
    )
]


def test_four_shapes_say_for_forms_what_their_query_asks():
    assert short(ASKING) == ["FractionInRange", "LossNotNegative", "OrdinalInRange", "SingleValued"]


@pytest.mark.parametrize("iri", ASKING, ids=local_name)
def test_what_a_shape_says_it_asks_is_what_its_query_finds(iri: str):
    shapes = load_shapes()
    lowest, highest, most = (
        shapes.graph.value(URIRef(iri), one)
        for one in (aims.asksMinimum, aims.asksMaximum, aims.asksMaxCount)
    )
    graph, wrong = Graph(), set()
    for term in shapes.graph.objects(URIRef(iri), SH.targetSubjectsOf):
        for bound, beyond in ((lowest, -1), (highest, 1)):
            if isinstance(bound, Literal):
                value = bound.toPython()
                graph.add((URIRef(f"https://example.org/at/{value}"), term, Literal(value)))
                outside = URIRef(f"https://example.org/beyond/{local_name(str(term))}/{value + beyond}")
                graph.add((outside, term, Literal(value + beyond)))
                wrong.add(str(outside))
        if isinstance(most, Literal):
            for count in (most.toPython(), most.toPython() + 1):
                node = URIRef(f"https://example.org/{local_name(str(term))}/{count}")
                for number in range(count):
                    graph.add((node, term, Literal(f"value {number}")))
                wrong |= {str(node)} if count > most.toPython() else set()
    found = examine(upon_ontology(graph), shapes.only(iri), today=date(2026, 9, 30), snapshot="none").findings
    assert {finding.focus for finding in found} == wrong
    assert wrong
