from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from aimsgraph.errors import SyntaxProblemError
from aimsgraph.reference import read_reference
from aimsgraph.vocab import AIMS

if TYPE_CHECKING:
    from pathlib import Path

    from aimsgraph.model.reference import Reference, Term

OWN = """
@prefix aims: <https://w3id.org/aimsgraph/ns#> .
@prefix ex: <https://example.org/words#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .

ex:Agent a owl:Class ;
    rdfs:subClassOf aims:AISystem ;
    rdfs:label "agent"@en ;
    skos:definition "A system that acts by itself."@en .
"""


@pytest.fixture(scope="module")
def reference() -> Reference:
    return read_reference()


def term(reference: Reference, name: str) -> Term:
    (found,) = [one for module in reference.modules for one in module.terms if one.id == AIMS + name]
    return found


def test_every_module_with_terms_is_read_and_says_what_it_holds(reference: Reference):
    names = [module.name for module in reference.modules]
    assert len(names) >= 11
    assert {"core", "risk", "control", "evidence", "propagation"} <= set(names)
    assert all(module.title and module.description and module.version for module in reference.modules)


def test_a_term_says_how_it_is_tied_to_others(reference: Reference):
    version = term(reference, "ModelVersion")
    assert (version.kind, version.label) == ("class", "model version")
    assert [link.curie for link in version.broader] == ["aims:Model"]
    trained = term(reference, "trainedOn")
    assert [link.curie for link in trained.domain] == ["aims:Model"]
    assert [link.curie for link in trained.range] == ["aims:Dataset"]
    assert "aims:ModelVersion" in [link.curie for link in term(reference, "Model").narrower]


def test_a_property_that_carries_impact_says_which_way_and_how_likely(reference: Reference):
    flow = term(reference, "trainedOn").flow
    assert flow is not None
    assert (flow.direction, flow.kind, flow.transmission) == ("object to subject", "derivation", 0.8)
    assert term(reference, "ownedBy").flow is None


def test_a_term_names_the_shapes_and_questions_that_use_it(reference: Reference):
    oversight = term(reference, "mayStop")
    assert "OversightMayStop" in {shape.id.rpartition("/")[2] for shape in oversight.shapes}
    assert "policies-to-review" in term(reference, "nextReviewDue").queries


def test_a_term_names_its_matches_in_other_vocabularies(reference: Reference):
    matches = {(match.relation, match.curie) for match in term(reference, "AISystem").matches}
    assert ("rdfs:subClassOf", "airo:AISystem") in matches


def test_entries_stand_below_what_they_are_part_of_in_the_order_of_their_numbers(reference: Reference):
    (standard,) = [one for one in reference.catalogues if one.id.endswith("/iso42001/scheme")]
    numbers = [entry.notation for entry in standard.entries]
    assert numbers[:3] == ["4", "4.1", "4.2"]
    assert numbers.index("6.1.4") == numbers.index("6.1") + 4
    assert numbers.index("A.9") < numbers.index("A.9.2") < numbers.index("A.10")
    depths = {entry.notation: entry.depth for entry in standard.entries}
    assert (depths["6"], depths["6.1"], depths["6.1.2"]) == (0, 1, 2)


def test_types_of_risk_stand_under_their_families_one_family_after_the_other(reference: Reference):
    (types,) = [one for one in reference.catalogues if one.name == "airisk"]
    tops = [entry for entry in types.entries if entry.depth == 0]
    families = [entry.under[0].label for entry in tops]
    assert list(dict.fromkeys(families)) == sorted(set(families))
    assert len(set(families)) == 6
    injection = next(entry for entry in types.entries if entry.curie == "airisk:prompt-injection")
    assert (injection.depth, injection.under) == (1, ())


def test_an_area_gathers_clauses_controls_shapes_questions_and_classes(reference: Reference):
    assert len(reference.areas) == 10
    (area,) = [one for one in reference.areas if one.name == "human-oversight"]
    assert "A.9.2" in [link.id.rpartition("/")[2] for link in area.controls]
    assert "5.3" in [link.id.rpartition("/")[2] for link in area.clauses]
    assert "OversightMayStop" in [link.id.rpartition("/")[2] for link in area.shapes]
    assert "high-risk-without-oversight" in [link.id for link in area.queries]
    assert "aims:OversightMeasure" in [link.curie for link in area.classes]
    for one in reference.areas:
        assert one.controls, one.name
        assert one.shapes, one.name
        assert one.queries, one.name


def test_a_file_of_ones_own_is_documented_beside_ours(tmp_path: Path):
    path = tmp_path / "agents.ttl"
    path.write_text(OWN)
    reference = read_reference([path])
    (module,) = [one for one in reference.modules if one.name == "agents"]
    assert [one.label for one in module.terms] == ["agent"]
    assert "agent" in [link.label for link in term(reference, "AISystem").narrower]


def test_a_file_with_the_name_of_one_of_our_modules_does_not_hide_it(tmp_path: Path):
    path = tmp_path / "core.ttl"
    path.write_text(OWN)
    names = [module.name for module in read_reference([path]).modules]
    assert "core" in names
    assert "core-2" in names


def test_a_faulty_file_is_named_with_its_line(tmp_path: Path):
    path = tmp_path / "agents.ttl"
    path.write_text(OWN + "ex:Agent rdfs:label 'open")
    with pytest.raises(SyntaxProblemError, match=r"agents\.ttl:12"):
        read_reference([path])
