from __future__ import annotations

import json
from datetime import date
from typing import Any

import pyoxigraph as ox
import pytest
from rdflib import RDF, BNode, Graph, Literal, URIRef

from aimsgraph import resources
from aimsgraph.model.form import Form
from aimsgraph.reference import read_forms, schema_files
from aimsgraph.reference.schema import context_of, form_of, schema_of
from aimsgraph.store import memory_view
from aimsgraph.validate import validate
from aimsgraph.vocab import AIMS
from tests.unit.reference.draft import faults, malformed

SHAPE = "https://w3id.org/aimsgraph/shape/"
TODAY = date(2026, 9, 30)


@pytest.fixture(scope="module")
def forms() -> dict[str, Form]:
    return {form.name: form for form in read_forms()}


@pytest.fixture(scope="module")
def meridian() -> Graph:
    graph = Graph()
    for path in resources.files("examples", "meridian/*.ttl"):
        graph.parse(path)
    return graph


@pytest.fixture(scope="module")
def violated() -> set[str]:
    """The nodes of the example organisation that have a violation."""
    view = memory_view(*resources.files("examples", "meridian/*.ttl"))
    return {found.focus for found in validate(view, today=TODAY).findings if found.severity == "violation"}


def as_json(graph: Graph, node: URIRef | BNode, form: Form) -> dict[str, Any]:
    """A node as one JSON object by the names of its properties."""
    found: dict[str, Any] = {"id": named(node), "type": form.name}
    for field in form.fields:
        values = sorted((plain(one) for one in graph.objects(node, URIRef(field.id))), key=str)
        if values:
            found[field.name] = values[0] if field.max_count == 1 else values
    return found


def named(node: Any) -> str:
    return f"_:{node}" if isinstance(node, BNode) else str(node)


def plain(term: Any) -> Any:
    if not isinstance(term, Literal):
        return named(term)
    if term.datatype and str(term.datatype).endswith(("#decimal", "#double")):
        return float(term)
    value = term.toPython()
    return value if isinstance(value, (bool, int)) else str(term)


def nodes(graph: Graph, forms: dict[str, Form]) -> list[tuple[URIRef | BNode, Form]]:
    return [
        (node, form)
        for form in forms.values()
        for node in sorted(graph.subjects(RDF.type, URIRef(form.id)), key=str)
        if isinstance(node, (URIRef, BNode))
    ]


def mention(shape: str, severity: str, area: str) -> dict[str, str]:
    return {"iri": SHAPE + shape, "severity": severity, "area": f"area:{area}"}


def test_a_choice_lists_the_concepts_and_the_shapes_that_ask_for_one(forms: dict[str, Form]):
    assert schema_of(forms["Risk"])["properties"]["treatment"] == {
        "title": "treatment",
        "description": "The way in which the organisation has chosen to deal with the risk.",
        "enum": [f"{AIMS}Avoid", f"{AIMS}Modify", f"{AIMS}Retain", f"{AIMS}Share"],
        "x-aimsgraph": {
            "iri": f"{AIMS}treatment",
            "shapes": [
                mention("RiskTreated", "violation", "ai-risk-management"),
                mention("SingleValued", "violation", "ai-governance"),
                mention("TreatmentKnown", "violation", "ai-risk-management"),
            ],
        },
    }


def test_a_rank_is_a_whole_number_within_its_scale(forms: dict[str, Form]):
    assert schema_of(forms["Risk"])["properties"]["ordinalSeverity"] == {
        "title": "ordinal severity",
        "description": "How bad the effect would be, as a place on its scale from 1 (lowest) to 5 (highest), or to "
        "the steps of the matrix by which the risk is rated. A rank, not a quantity: it must not be multiplied or "
        "added.",
        "type": "integer",
        "minimum": 1,
        "maximum": 5,
        "x-aimsgraph": {
            "iri": f"{AIMS}ordinalSeverity",
            "shapes": [
                mention("OrdinalInRange", "violation", "ai-risk-management"),
                mention("SingleValued", "violation", "ai-governance"),
            ],
        },
    }


def test_a_link_is_a_list_of_iris_that_says_which_class_they_lead_to(forms: dict[str, Form]):
    assert schema_of(forms["Risk"])["properties"]["ownedBy"] == {
        "title": "owned by",
        "description": "Names the owner who answers for the thing.",
        "type": "array",
        "items": {"type": "string", "format": "iri"},
        "uniqueItems": True,
        "minItems": 1,
        "x-aimsgraph": {
            "iri": f"{AIMS}ownedBy",
            "classes": [f"{AIMS}Owner"],
            "shapes": [
                mention("OwnerCurrent", "violation", "ai-governance"),
                mention("OwnerIsOwner", "violation", "ai-governance"),
                mention("OwnerNamed", "violation", "ai-governance"),
            ],
        },
    }


def test_what_violations_ask_of_every_risk_is_required_in_one_way_or_another(forms: dict[str, Form]):
    schema = schema_of(forms["Risk"])
    assert schema["required"] == ["type", "treatment", "ownedBy"]
    assert schema["allOf"] == [
        {
            "anyOf": [
                {"required": ["label"]},
                {"required": ["prefLabel"]},
                {"required": ["title"]},
                {"required": ["name"]},
            ]
        },
        {
            "anyOf": [
                {"required": ["ordinalLikelihood", "ordinalSeverity"]},
                {"required": ["annualProbability", "expectedLoss"]},
                {"required": ["annualProbability", "maximumLoss"]},
                {"required": ["annualProbability", "highLoss"]},
                {"required": ["annualProbability", "medianLoss"]},
            ]
        },
    ]
    assert schema["$id"] == "https://w3id.org/aimsgraph/schema/Risk.schema.json"
    assert schema["x-aimsgraph"]["iri"] == f"{AIMS}Risk"


def test_dates_truth_values_patterns_and_lists_of_words_have_their_form(forms: dict[str, Form]):
    evidence = schema_of(forms["Evidence"])["properties"]
    assert (evidence["collectedOn"]["type"], evidence["collectedOn"]["format"]) == ("string", "date")
    assert evidence["sha256"]["pattern"] == "^[0-9a-f]{64}$"
    assert schema_of(forms["Dataset"])["properties"]["containsPersonalData"]["type"] == "boolean"
    oversight = schema_of(forms["OversightMeasure"])["properties"]
    assert oversight["oversightMode"]["items"]["enum"] == ["in the loop", "on the loop", "over the loop"]


def test_a_field_that_calls_for_another_says_so(forms: dict[str, Form]):
    assert schema_of(forms["Metric"])["dependentRequired"] == {"driftLimit": ["baseline"]}


def test_a_form_asks_first_for_the_name_and_what_is_demanded(forms: dict[str, Form]):
    form = form_of(forms["Risk"])
    assert [(field["name"], field["demand"]) for field in form["fields"]][:10] == [
        ("label", "required"), ("treatment", "required"), ("ownedBy", "required"), ("annualProbability", "one of"),
        ("expectedLoss", "one of"), ("highLoss", "one of"), ("maximumLoss", "one of"), ("medianLoss", "one of"),
        ("ordinalLikelihood", "one of"), ("ordinalSeverity", "one of"),
    ]  # fmt: skip
    assert form["choices"] == [
        [
            ["ordinalLikelihood", "ordinalSeverity"],
            ["annualProbability", "expectedLoss"],
            ["annualProbability", "maximumLoss"],
            ["annualProbability", "highLoss"],
            ["annualProbability", "medianLoss"],
        ]
    ]
    assert not {"prefLabel", "title", "name"} & {field["name"] for field in form["fields"]}


def test_a_field_of_a_form_has_a_widget_options_and_advice_in_words(forms: dict[str, Form]):
    fields = {field["name"]: field for field in form_of(forms["Risk"])["fields"]}
    treatment = fields["treatment"]
    assert (treatment["widget"], treatment["multiple"]) == ("select", False)
    assert treatment["options"][0] == {"value": f"{AIMS}Avoid", "label": "avoid"}
    assert treatment["advice"][0] == {
        "id": f"{SHAPE}RiskTreated",
        "label": "Risk has a treatment",
        "severity": "violation",
        "area": "area:ai-risk-management",
        "message": "Nobody has decided how to treat this risk.",
        "fix": "State aims:treatment: avoid, modify, share or retain.",
        "when": None,
    }
    assert (fields["ownedBy"]["widget"], fields["ownedBy"]["classes"][0]["curie"]) == ("link", "aims:Owner")
    evidence = {field["name"]: field for field in form_of(forms["Evidence"])["fields"]}
    assert evidence["collectedOn"]["widget"] == "date"


def test_every_schema_is_well_formed(forms: dict[str, Form]):
    assert len(forms) >= 38
    for name, form in forms.items():
        assert list(malformed(schema_of(form))) == [], name


def test_there_are_two_files_for_each_class_and_one_context(forms: dict[str, Form]):
    texts = schema_files(list(forms.values()))
    wanted = {f"{name}.{kind}.json" for name in forms for kind in ("schema", "form")} | {"context.jsonld"}
    assert set(texts) == wanted
    assert {json.loads(text)["$id"] for name, text in texts.items() if ".schema." in name} == {
        f"https://w3id.org/aimsgraph/schema/{name}.schema.json" for name in forms
    }
    for name, text in texts.items():
        if ".form." in name:
            assert json.loads(text)["schema"] in texts
    assert schema_files(read_forms()) == texts


def test_classes_with_one_name_do_not_hide_each_other(forms: dict[str, Form]):
    other = forms["Risk"].model_copy(update={"id": "https://example.org/Risk"})
    texts = schema_files([other, forms["Risk"]])
    assert json.loads(texts["Risk.schema.json"])["x-aimsgraph"]["iri"] == f"{AIMS}Risk"
    assert json.loads(texts["Risk-2.schema.json"])["x-aimsgraph"]["iri"] == "https://example.org/Risk"
    assert json.loads(texts["Risk-2.form.json"])["schema"] == "Risk-2.schema.json"


def test_what_has_no_violation_satisfies_the_schema_of_its_class(
    forms: dict[str, Form], meridian: Graph, violated: set[str]
):
    looked_at = [(node, form) for node, form in nodes(meridian, forms) if named(node) not in violated]
    assert len(looked_at) > 300
    broken = {
        named(node): list(faults(schema_of(form), as_json(meridian, node, form))) for node, form in looked_at
    }
    assert {node: found for node, found in broken.items() if found} == {}


def test_an_object_without_a_required_field_breaks_the_schema_and_its_graph_a_shape(
    forms: dict[str, Form], meridian: Graph
):
    risk = forms["Risk"]
    node = URIRef("https://example.org/meridian/risk/hiring-gender-skew")
    whole = as_json(meridian, node, risk)
    assert list(faults(schema_of(risk), whole)) == []
    for name in schema_of(risk)["required"][1:]:
        less = {key: value for key, value in whole.items() if key != name}
        assert list(faults(schema_of(risk), less)) == [" required"]
    for name, value in (("ordinalSeverity", 6), ("treatment", f"{AIMS}Hope"), ("ownedBy", [])):
        assert list(faults(schema_of(risk), whole | {name: value})) != []


def test_json_read_with_the_context_is_the_graph_that_it_was_made_from(
    forms: dict[str, Form], meridian: Graph
):
    context = context_of(forms.values())
    found = 0
    for node, form in nodes(meridian, forms):
        said = as_json(meridian, node, form)
        text = json.dumps({**context, **said})
        read = {
            (quad.predicate.value, plain_of(quad.object))
            for quad in ox.parse(text, format=ox.RdfFormat.JSON_LD)
        }
        expected = {(str(RDF.type), form.id)} | {
            (field.id, expected_of(value))
            for field in form.fields
            for value in listed(said.get(field.name, []))
        }
        assert {(name, value) for name, value in read if not is_blank(value)} == {
            (name, value) for name, value in expected if not is_blank(value)
        }
        found += len(expected)
    assert found > 2_000


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def expected_of(value: Any) -> Any:
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else value


def plain_of(term: Any) -> Any:
    if not isinstance(term, ox.Literal):
        return "_:" if isinstance(term, ox.BlankNode) else term.value
    kind = term.datatype.value.rpartition("#")[2]
    if kind == "boolean":
        return term.value == "true"
    return float(term.value) if kind in ("integer", "double", "decimal") else term.value


def is_blank(value: Any) -> bool:
    return isinstance(value, str) and value.startswith("_:")
