"""Profiles choose checks by what shapes say of themselves; an organisation builds on ours, and faults are all told."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from aimsgraph.errors import SyntaxProblemError, UsageError
from aimsgraph.store import memory_view
from aimsgraph.validate import Choice, choice_of, examined, load_shapes, own_profiles
from aimsgraph.vocab import compact, local_name

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from aimsgraph.model.finding import Validation

TODAY = date(2026, 9, 30)
DATA = """
@prefix ex: <https://example.org/> . @prefix aims: <https://w3id.org/aimsgraph/ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
ex:a a aims:Owner ; rdfs:label "A" .
ex:new a aims:AISystem ; rdfs:label "New" ; aims:riskTier aims:LimitedRisk ; aims:usesDataset ex:d .
ex:old a aims:AISystem ; rdfs:label "Old" ; aims:riskTier aims:HighRisk ; aims:deployedOn "2025-01-01"^^xsd:date .
ex:d a aims:Dataset ; rdfs:label "D" ; aims:ownedBy ex:a .
ex:r a aims:Risk ; rdfs:label "R" ; aims:threatens ex:d .
ex:s a aims:Risk ; rdfs:label "S" ; aims:threatens ex:old .
"""
HEAD = """
@prefix aims: <https://w3id.org/aimsgraph/ns#> . @prefix dcterms: <http://purl.org/dc/terms/> .
@prefix ex: <https://example.org/> . @prefix iso42001: <https://w3id.org/aimsgraph/iso42001/> .
@prefix prof: <http://www.w3.org/ns/dx/prof/> . @prefix profile: <https://w3id.org/aimsgraph/profile/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix shape: <https://w3id.org/aimsgraph/shape/> .
"""
NAMED = 'rdfs:label "Ours" ; dcterms:description "For us."'


@pytest.fixture
def profile(tmp_path: Path) -> Callable[[str], str]:
    """Writes a profile to a file, and returns its path."""

    def write(turtle: str) -> str:
        path = tmp_path / "ours.ttl"
        path.write_text(HEAD + turtle, encoding="utf-8")
        return str(path)

    return write


def by(choice: Choice, data: str = DATA) -> Validation:
    return examined(memory_view(data), today=TODAY, choice=choice).validation


def found(validation: Validation) -> set[tuple[str, str]]:
    return {(local_name(one.shape), local_name(one.focus)) for one in validation.findings}


def test_these_are_the_profiles():
    assert sorted(own_profiles()) == [
        "high-risk-system", "minimal", "pre-deployment", "stage-1-audit", "stage-2-audit", "surveillance",
    ]  # fmt: skip
    assert all(one.label and one.description for one in own_profiles().values())


@pytest.mark.parametrize("name", sorted(own_profiles()))
def test_every_profile_finds_a_part_of_what_all_checks_find_however_grave(name: str):
    """On everything or on its systems; stage 2 leaves out advice alone."""
    whole, part = found(by(Choice())), found(by(choice_of(name)))
    assert part < whole


def test_a_profile_is_told_with_the_checks_it_makes_of_all():
    told = by(choice_of("minimal")).profile
    assert told is not None
    assert (told.name, told.label, told.systems) == ("minimal", "Minimal start", None)
    assert 0 < told.checks < told.of == len(load_shapes().checks)


def test_a_requirement_stands_for_all_below_it(profile: Callable[[str], str]):
    clause = by(choice_of(profile(f"ex:p a prof:Profile ; {NAMED} ; aims:includes iso42001:6 .")))
    assert found(clause) == {
        (local_name(one.shape), local_name(one.focus))
        for one in by(Choice()).findings
        if (one.requirement or "").startswith("iso42001:6.")
    }


def test_the_gate_looks_at_systems_not_in_use_and_at_what_belongs_to_them():
    told = by(choice_of("pre-deployment"))
    assert told.profile is not None
    assert [system.label for system in told.profile.systems or ()] == ["New"]
    assert {focus for _, focus in found(told)} == {"new", "d", "r"}


def test_a_system_that_is_named_is_looked_at_in_place_of_those_a_profile_picks():
    told = by(choice_of("pre-deployment", ["https://example.org/old"]))
    assert {focus for _, focus in found(told)} == {"old", "s"}


def test_a_system_may_be_named_without_a_profile():
    told = by(choice_of(None, ["https://example.org/old"]))
    assert found(told) == {one for one in found(by(Choice())) if one[1] in {"old", "s"}}
    assert told.completeness.overall.applicable < by(Choice()).completeness.overall.applicable


def test_what_only_operation_can_show_is_not_asked_at_the_gate():
    told = by(choice_of("pre-deployment", ["https://example.org/old"]))
    shapes = {one.shape for one in told.findings} | {one.shape for one in told.not_exercised}
    assert "https://w3id.org/aimsgraph/shape/ModelMonitored" not in shapes
    assert "https://w3id.org/aimsgraph/shape/IncidentOwned" not in shapes


def test_an_overridden_severity_counts_in_findings_and_verdict(profile: Callable[[str], str]):
    light = profile(
        f"ex:p a prof:Profile ; {NAMED} ; aims:includes shape:RiskTreated ; aims:overrides ex:o . "
        "ex:o a aims:SeverityOverride ; aims:overridesShape shape:RiskTreated ; sh:severity sh:Info ; "
        'dcterms:description "Later." .'
    )
    told = by(choice_of(light))
    assert {(local_name(one.shape), one.severity) for one in told.findings} == {("RiskTreated", "info")}
    assert told.conforms
    assert told.completeness.overall.applicable == 0


def test_a_profile_builds_on_one_of_ours_adds_and_leaves_out(profile: Callable[[str], str]):
    ours = profile(
        f"ex:p a prof:Profile ; {NAMED} ; prof:isProfileOf profile:minimal ; "
        "aims:includes shape:DatasetLicensed ; aims:excludes shape:RiskTreated ."
    )
    base, told = found(by(choice_of("minimal"))), found(by(choice_of(ours)))
    assert told - base == {("DatasetLicensed", "d")}
    assert {shape for shape, _ in base - told} == {"RiskTreated"}


def test_shapes_in_the_file_of_a_profile_belong_to_it(profile: Callable[[str], str]):
    ours = profile(
        f"ex:p a prof:Profile ; {NAMED} ; aims:includes shape:RiskTreated . "
        "ex:Coded a sh:NodeShape ; sh:targetClass aims:Risk ; sh:property [ sh:path aims:code ; sh:minCount 1 ] ."
    )
    assert {shape for shape, _ in found(by(choice_of(ours)))} == {"RiskTreated", "Coded"}


def test_advice_alone_can_be_left_out(profile: Callable[[str], str]):
    ours = profile(f"ex:p a prof:Profile ; {NAMED} ; aims:excludes sh:Info .")
    told = by(choice_of(ours))
    assert told.counts["info"] == 0
    assert found(told) == {
        (local_name(one.shape), local_name(one.focus))
        for one in by(Choice()).findings
        if one.severity != "info"
    }


def test_an_unknown_profile_is_told_with_the_names_there_are():
    with pytest.raises(UsageError, match="minimal, pre-deployment, stage-1-audit"):
        choice_of("stage-3")


@pytest.mark.parametrize(
    ("turtle", "told"),
    [
        ("ex:p a prof:Profile .", ["has no rdfs:label", "has no dcterms:description"]),
        (f"ex:p a prof:Profile ; {NAMED} ; prof:isProfileOf ex:q .", ["which is no profile of aimsgraph"]),
        (
            f"ex:p a prof:Profile ; {NAMED} ; aims:overrides ex:o .",
            ["names no shape", "needs sh:severity", "no reason"],
        ),
        (f'ex:p a prof:Profile ; {NAMED} ; aims:appliesWhen "?this aims:riskTier" .', ["cannot be used"]),
        ("ex:p rdfs:label 'x' .", ["It holds 0 profiles"]),
        ("ex:p a prof:Profile ; ( .", ["Not Turtle"]),
    ],
)
def test_every_fault_of_a_profile_is_told_with_its_line(
    profile: Callable[[str], str], turtle: str, told: list[str]
):
    with pytest.raises(SyntaxProblemError) as caught:
        choice_of(profile(turtle))
    assert len(caught.value.problems) == len(told)
    for problem, words in zip(caught.value.problems, told, strict=True):
        assert words in problem.message
        assert problem.path is not None
        assert problem.path.endswith("ours.ttl")


def test_names_that_fit_nothing_are_all_told_with_their_lines(profile: Callable[[str], str]):
    ours = profile(
        f"ex:p a prof:Profile ; {NAMED} ;\n aims:includes shape:RiskTraeted ;\n aims:excludes iso42001:99 ;\n"
        " aims:overrides ex:o .\nex:o aims:overridesShape shape:Nothing ; sh:severity sh:Info ; "
        "dcterms:description 'x' ."
    )
    with pytest.raises(SyntaxProblemError) as caught:
        by(choice_of(ours))
    assert [(problem.line, problem.message.split(",")[0]) for problem in caught.value.problems] == [
        (HEAD.count("\n") + 2, "It names shape:RiskTraeted"),
        (HEAD.count("\n") + 3, "It names iso42001:99"),
        (HEAD.count("\n") + 5, "It overrides shape:Nothing"),
    ]


def test_every_stage_and_tier_that_shapes_name_is_one_of_the_ontology():
    from rdflib import RDF, URIRef

    from aimsgraph.validate import ontology_graph
    from aimsgraph.vocab import AIMS

    for kind, named in (
        ("LifecycleStage", {stage for check in load_shapes().checks for stage in check.stages}),
        ("RiskTier", {tier for check in load_shapes().checks for tier in check.tiers}),
    ):
        known = set(map(str, ontology_graph().subjects(RDF.type, URIRef(AIMS + kind))))
        assert named, compact(AIMS + kind)
        assert named <= known
