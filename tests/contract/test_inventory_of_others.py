"""Published data in AIRO, DPV and AI Atlas Nexus terms appear in our inventory, and their files stay as they were."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

import pytest
import yaml
from rdflib import OWL, RDF, Graph, Namespace

from aimsgraph import engine
from aimsgraph.ingest import lifting
from aimsgraph.store import open_writer
from aimsgraph.vocab import INFERRED_GRAPH, ONTOLOGY_GRAPH, SOURCE_GRAPH
from tests.conftest import NewStore

if TYPE_CHECKING:
    from pathlib import Path

    from aimsgraph.query import Result

PROCTIFY = "https://example.com/proctify#"
NEXUS = Namespace("https://w3id.org/ai-atlas-nexus/")
ATLAS = "ibm-ai-atlas-nexus"
USE_CASES = ("chatbot", "proctify", "uber", "viogen")
DPV = ("dpv/dpv.ttl", "risk/risk.ttl", "ai/ai.ttl", "tech/tech.ttl", "legal/eu/aiact/eu-aiact.ttl")

pytestmark = pytest.mark.shared_data


@pytest.fixture
def graph(tmp_path: Path, new_store: NewStore) -> engine.Graph:
    return new_store(tmp_path / "aims.store")


def counts(inventory: Result) -> Counter[tuple[str, str]]:
    """How many things of each kind there are, by what the rows say of them."""
    place = {name: inventory.columns.index(name) for name in ("kind", "node", "reading")}
    things = {(row[place["kind"]], row[place["node"]], row[place["reading"]]) for row in inventory.rows}
    return Counter((str(kind).rpartition("#")[2], str(reading)) for kind, _, reading in things)


def named(inventory: Result, kind: str) -> set[str]:
    at = {name: inventory.columns.index(name) for name in ("kind", "node_label")}
    return {str(row[at["node_label"]]) for row in inventory.rows if str(row[at["kind"]]).endswith(f"#{kind}")}


def test_the_use_cases_of_airo_are_in_the_inventory(graph: engine.Graph, shared_data: Path):
    folder = shared_data / "airo-vair" / "usecase"
    graph.load(*(folder / f"{name}.ttl" for name in USE_CASES))
    inventory = graph.query("inventory")
    assert counts(inventory) == {
        ("AISystem", "inferred"): 4,
        ("Model", "inferred"): 1,
        ("Dataset", "inferred"): 1,
        ("Risk", "inferred"): 5,
        ("Control", "inferred"): 4,
        ("Supplier", "inferred"): 1,
        ("AffectedParty", "inferred"): 3,
    }
    assert named(inventory, "AISystem") == {"ai_chatbot", "proctify", "rtid_system", "viogen"}
    assert named(inventory, "Control") == {
        "bias_testing",
        "manual_human_review",
        "providing_support_to_victims_in_providing_data",
        "testing_dataset_for_representativeness",
    }
    assert len(graph.query("systems-by-tier")) == 4
    assert graph.counts()["aims:Risk"] == 5
    assert graph.verify().intact


def test_lineage_impact_and_checks_follow_what_was_read(graph: engine.Graph, shared_data: Path):
    graph.load(shared_data / "airo-vair" / "usecase" / "proctify.ttl")
    up = graph.lineage(PROCTIFY + "proctify", direction="up").model_dump(mode="json")
    assert {node["id"].removeprefix(PROCTIFY): node["hops"] for node in up["nodes"]} == {
        "susbehaved_model": 1,
        "susbehaved_dataset": 1,
        "facial_analysis_toolkit": 1,
        "AIEduX": 1,
        "FACE_research_group": 2,
    }
    hurt = graph.impact(PROCTIFY + "susbehaved_model").model_dump(mode="json")
    assert {node["id"].removeprefix(PROCTIFY) for node in hurt["nodes"]} == {
        "proctify",
        "student",
        "other_occupant",
    }
    found = {finding["focus"] for finding in graph.validate().model_dump(mode="json")["findings"]}
    assert {
        PROCTIFY + "proctify",
        PROCTIFY + "inaccuracy_risk_for_darker_skin",
        PROCTIFY + "bias_testing",
    } <= found


def test_a_file_keeps_its_triples_and_retracting_it_leaves_nothing(
    graph: engine.Graph, shared_data: Path, tmp_path: Path
):
    empty = graph.view().count()
    path = tmp_path / "case.ttl"
    published = shared_data / "airo-vair" / "usecase" / "viogen.ttl"
    path.write_bytes(published.read_bytes())
    (loaded,) = graph.load(path)
    assert loaded.graph.startswith(SOURCE_GRAPH)
    assert set(graph.view().to_rdflib(loaded.graph)) == set(Graph().parse(published))
    assert INFERRED_GRAPH in graph.view().graphs()
    path.write_text("")
    graph.load(path)
    assert INFERRED_GRAPH not in graph.view().graphs()
    assert graph.view().count() == empty


def test_dpv_airo_and_vair_give_kinds_of_risks_and_controls_and_no_risk_or_control(
    graph: engine.Graph, shared_data: Path
):
    airo = shared_data / "airo-vair"
    graph.load(
        *(shared_data / "dpv-2.3" / name for name in DPV), airo / "airo.ttl", airo / "vair" / "vair.ttl"
    )
    inventory = graph.query("inventory")
    assert counts(inventory) == {("RiskType", "inferred"): 358, ("ControlType", "inferred"): 68}
    assert {"Data Breach", "Bias", "Adversarial Attack"} <= named(inventory, "RiskType")
    assert "Avoidance Control" in named(inventory, "ControlType")


def test_members_of_dpv_classes_are_things(graph: engine.Graph, shared_data: Path, tmp_path: Path):
    path = tmp_path / "desk.ttl"
    path.write_text(
        """
        @prefix dpv: <https://w3id.org/dpv#> . @prefix risk: <https://w3id.org/dpv/risk#> .
        @prefix ai: <https://w3id.org/dpv/ai#> . @prefix aiact: <https://w3id.org/dpv/legal/eu/aiact#> .
        @prefix skos: <http://www.w3.org/2004/02/skos/core#> . @prefix : <https://example.org/desk#> .
        :desk a aiact:HighRiskAISystem ; skos:prefLabel "Help desk"@en ; dpv:hasRisk :leak ; ai:hasModel :llm ;
            risk:hasIncident :spill .
        :llm a ai:LLM ; ai:hasTrainingData :mails . :mails a ai:TrainingData .
        :leak a risk:DataBreach ; dpv:isMitigatedByMeasure :filter . :filter a risk:AvoidanceControl .
        :spill a risk:Incident ; risk:refersToRisk :leak .
        """
    )
    graph.load(path, *(shared_data / "dpv-2.3" / name for name in DPV))
    things = {
        key: number for key, number in counts(graph.query("inventory")).items() if not key[0].endswith("Type")
    }
    assert things == {
        ("AISystem", "inferred"): 1,
        ("Model", "inferred"): 1,
        ("Dataset", "inferred"): 1,
        ("Risk", "inferred"): 1,
        ("Control", "inferred"): 1,
        ("Incident", "inferred"): 1,
    }
    tier = graph.query("systems-by-tier")
    assert [str(value) for value in tier.rows[0][:3]] == [
        "https://w3id.org/aimsgraph/ns#HighRisk", "https://example.org/desk#desk", "Help desk",
    ]  # fmt: skip
    assert graph.view().ask(
        "PREFIX : <https://example.org/desk#> ASK { :desk aims:usesModel :llm . :llm aims:trainedOn :mails . "
        ":leak aims:threatens :desk ; aims:riskType <https://w3id.org/dpv/risk#DataBreach> . "
        ":filter aims:mitigates :leak . :spill aims:involves :desk ; aims:realises :leak }"
    )


def test_a_measure_that_mitigates_is_a_control_and_a_potential_risk_of_ones_own_a_risk(
    graph: engine.Graph, shared_data: Path, tmp_path: Path
):
    path = tmp_path / "mail.ttl"
    path.write_text(
        """
        @prefix dpv: <https://w3id.org/dpv#> . @prefix risk: <https://w3id.org/dpv/risk#> .
        @prefix : <https://example.org/mail#> .
        :r a dpv:Risk ; dpv:isMitigatedByMeasure :c . :c a dpv:TechnicalMeasure . :idle a dpv:TechnicalMeasure .
        :x a risk:PotentialRisk .
        """
    )
    graph.load(path)
    alone = graph.query("inventory")
    assert counts(alone) == {("Risk", "inferred"): 2, ("Control", "inferred"): 1}
    assert (named(alone, "Risk"), named(alone, "Control")) == ({"r", "x"}, {"c"})
    graph.load(*(shared_data / "dpv-2.3" / name for name in DPV))
    beside = counts(graph.query("inventory"))
    assert beside == {**counts(alone), ("RiskType", "inferred"): 358, ("ControlType", "inferred"): 48}


def test_ai_atlas_nexus_gives_models_datasets_and_kinds_of_risks_and_controls(
    graph: engine.Graph, shared_data: Path
):
    path = shared_data / ATLAS / "graph_export" / "yaml" / "ai-risk-ontology.yaml"
    (imported,) = graph.import_records(path, mapping="ai-atlas-nexus")
    content = yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)
    records = [record for records in content.values() for record in records]
    assert imported.format == "yaml"
    described = graph.view().to_rdflib(imported.graph)
    assert len(set(described.subject_objects(NEXUS.description))) == len(
        {(record["id"], record["description"]) for record in records if "description" in record}
    )
    inventory = graph.query("inventory")
    assert counts(inventory) == {
        ("Model", "inferred"): 17,
        ("Dataset", "inferred"): 44,
        ("RiskType", "inferred"): 556,
        ("ControlType", "inferred"): 848 + 254,
    }
    assert graph.read_as_ours() == {
        "aims:Model": 17, "aims:Dataset": 44, "aims:RiskType": 556, "aims:ControlType": 848 + 254,
    }  # fmt: skip
    assert "Granite Guardian 3.2 3B-A800M" in named(inventory, "Model")
    assert "Sexually Explicit Content Detection" in named(inventory, "ControlType")


def test_a_use_case_in_the_records_of_ai_atlas_nexus_gives_its_systems(
    graph: engine.Graph, shared_data: Path
):
    path = (
        shared_data / ATLAS / "docs" / "examples" / "notebooks" / "sample_data" / "hiring_usecase_data.yaml"
    )
    graph.import_records(path, mapping="ai-atlas-nexus")
    inventory = graph.query("inventory")
    assert named(inventory, "AISystem") == {"Algorithmic Hiring (New York, US)", "Algorithmic Hiring (EU)"}
    assert counts(inventory)["RiskType", "inferred"] == 5


def test_the_context_links_what_the_published_ontology_links(shared_data: Path):
    by = lifting("ai-atlas-nexus")
    published = Graph().parse(shared_data / ATLAS / "graph_export" / "owl" / "ai-risk-ontology_schema.ttl")
    linking = {str(name).removeprefix(NEXUS) for name in published.subjects(RDF.type, OWL.ObjectProperty)}
    lists = set(re.findall(r"\(nexus:(\w+) nexus:", by.construct))
    conditions = {"preconditions", "postconditions", "slot_conditions"}  # these hold records, no ids
    assert linking == (by.links & linking) | lists | conditions
    assert by.links - linking == {"id", "broader", "narrower", "hasPart", "isPartOf"}
    classes = set(re.findall(r"\(nexus:\w+ nexus:(\w+)\)", by.construct))
    assert {NEXUS[name] for name in classes} <= set(published.subjects(RDF.type, OWL.Class))


def test_a_store_made_before_the_rules_is_brought_up_to_date_by_the_next_load(
    graph: engine.Graph, shared_data: Path
):
    with open_writer(graph.path) as writer:
        for name in writer.view().graphs():
            if name.startswith(ONTOLOGY_GRAPH + "/rules/"):
                writer.replace(name, [], author="old", message="As it was", now=graph.log()[-1].time)
    graph.refresh()
    graph.load(shared_data / "airo-vair" / "usecase" / "uber.ttl")
    assert counts(graph.query("inventory")) == {
        ("AISystem", "inferred"): 1,
        ("Risk", "inferred"): 1,
        ("Control", "inferred"): 1,
    }
    assert graph.verify().intact
