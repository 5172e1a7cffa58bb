"""The taxonomy of risks is whole, hangs together, and leads to the numbers that others give to risks.

Titles stand here by hand; identifiers of others are looked up in the files that they published.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final

import pytest
import yaml
from rdflib import OWL, RDF, RDFS, Graph, Literal, Namespace, URIRef
from rdflib.namespace import SKOS

from aimsgraph.vocab import AIMS, PREFIXES
from tests.ontology.conftest import FOLDER, read

if TYPE_CHECKING:
    from pathlib import Path

aims = Namespace(AIMS)
airisk = Namespace(PREFIXES["airisk"])
TYPES_IN: Final = {
    "BiasAndFairness": 16,
    "Security": 27,
    "Privacy": 15,
    "Regulatory": 18,
    "Operational": 39,
    "Reputational": 16,
}
LISTS: Final = ("mit-ai-risk", "owasp-llm", "mitre-atlas", "ibm-risk-atlas", "nist-ai-600-1")
MIT: Final = {
    "1": "Discrimination & Toxicity",
    "1.1": "Unfair discrimination and misrepresentation",
    "1.2": "Exposure to toxic content",
    "1.3": "Unequal performance across groups",
    "2": "Privacy & Security",
    "2.1": "Compromise of privacy by obtaining, leaking or correctly inferring sensitive information",
    "2.2": "AI system security vulnerabilities and attacks",
    "3": "Misinformation",
    "3.1": "False or misleading information",
    "3.2": "Pollution of information ecosystem and loss of consensus reality",
    "4": "Malicious actors",
    "4.1": "Disinformation, surveillance, and influence at scale",
    "4.2": "Cyberattacks, weapon development or use, and mass harm",
    "4.3": "Fraud, scams, and targeted manipulation",
    "5": "Human-Computer Interaction",
    "5.1": "Overreliance and unsafe use",
    "5.2": "Loss of human agency and autonomy",
    "6": "Socioeconomic & Environmental",
    "6.1": "Power centralization and unfair distribution of benefits",
    "6.2": "Increased inequality and decline in employment quality",
    "6.3": "Economic and cultural devaluation of human effort",
    "6.4": "Competitive dynamics",
    "6.5": "Governance failure",
    "6.6": "Environmental harm",
    "7": "AI system safety, failures, & limitations",
    "7.1": "AI pursuing its own goals in conflict with human goals or values",
    "7.2": "AI possessing dangerous capabilities",
    "7.3": "Lack of capability or robustness",
    "7.4": "Lack of transparency or interpretability",
    "7.5": "AI welfare and rights",
    "7.6": "Multi-agent risks",
}
OWASP: Final = {
    "LLM01:2025": "Prompt Injection",
    "LLM02:2025": "Sensitive Information Disclosure",
    "LLM03:2025": "Supply Chain",
    "LLM04:2025": "Data and Model Poisoning",
    "LLM05:2025": "Improper Output Handling",
    "LLM06:2025": "Excessive Agency",
    "LLM07:2025": "System Prompt Leakage",
    "LLM08:2025": "Vector and Embedding Weaknesses",
    "LLM09:2025": "Misinformation",
    "LLM10:2025": "Unbounded Consumption",
}


def crosswalk(name: str) -> Graph:
    return read([FOLDER / "crosswalks" / f"{name}.ttl"])


def types(graph: Graph) -> set[URIRef]:
    return {node for node in graph.subjects(RDF.type, aims.RiskType) if isinstance(node, URIRef)}


def entries(name: str) -> dict[str, str]:
    """Number of each entry of a list of risks → its title."""
    graph = crosswalk(name)
    return {
        str(number): str(graph.value(node, SKOS.prefLabel))
        for node, number in graph.subject_objects(SKOS.notation)
    }


def mapped(name: str) -> set[tuple[str, str]]:
    """Each pair of a type of ours and an entry of the list, by their local names."""
    graph = crosswalk(name)
    pairs = {(graph.value(one, aims.mapsFrom), graph.value(one, aims.mapsTo)) for one in lines(graph)}
    return {
        (str(start).removeprefix(airisk), str(end).rpartition("/")[2])
        for start, end in pairs
        if str(start).startswith(airisk)
    }


def lines(graph: Graph) -> list[URIRef]:
    return [node for node in graph.subjects(RDF.type, aims.Mapping) if isinstance(node, URIRef)]


def test_each_family_has_its_types_and_each_type_one_family(modules: Graph) -> None:
    families = set(modules.subjects(RDF.type, aims.RiskFamily))
    found = {kind: set(modules.transitive_objects(kind, SKOS.broader)) & families for kind in types(modules)}
    assert [kind for kind, above in found.items() if len(above) != 1] == []
    assert Counter(str(family).removeprefix(AIMS) for (family,) in found.values()) == TYPES_IN
    assert sum(TYPES_IN.values()) == 131


def test_a_type_has_one_wider_entry_an_area_and_a_name_of_its_own(modules: Graph) -> None:
    kinds = types(modules)
    areas = set(modules.subjects(RDF.type, aims.ControlArea))
    for kind in kinds:
        assert str(kind).startswith(airisk)
        assert len(list(modules.objects(kind, SKOS.broader))) == 1, kind
        assert set(modules.objects(kind, aims.inArea)) & areas, kind
        assert list(modules.objects(kind, SKOS.inScheme)) == [aims.RiskTypes], kind
    names = Counter(
        str(name).lower()
        for kind in kinds
        for said in (SKOS.prefLabel, SKOS.altLabel)
        for name in modules.objects(kind, said)
    )
    assert len(names) > 250
    assert [name for name, times in names.items() if times > 1] == []


def test_risk_sources_of_annex_c_are_what_types_are_related_to(modules: Graph) -> None:
    related = {source for kind in types(modules) for source in modules.objects(kind, SKOS.relatedMatch)}
    assert {str(source).rpartition("/")[2] for source in related} == {f"C.3.{n}" for n in range(1, 8)}


def test_the_entries_of_mit_are_these() -> None:
    assert entries("mit-ai-risk") == MIT


def test_the_entries_of_owasp_are_these() -> None:
    assert entries("owasp-llm") == OWASP


def test_every_type_has_a_domain_of_mit_and_every_domain_but_one_a_type(modules: Graph) -> None:
    """No risk to an organisation answers to the welfare of machines."""
    pairs = mapped("mit-ai-risk")
    assert Counter(start for start, _ in pairs) == {
        str(kind).removeprefix(airisk): 1 for kind in types(modules)
    }
    assert {number for number in MIT if "." in number} - {end for _, end in pairs} == {"7.5"}


@pytest.mark.parametrize(
    ("name", "total"),
    [
        ("mit-ai-risk", 131),
        ("owasp-llm", 30),
        ("mitre-atlas", 67),
        ("ibm-risk-atlas", 107),
        ("nist-ai-600-1", 24),
    ],
)
def test_each_list_has_its_mappings(name: str, total: int) -> None:
    assert len(mapped(name)) == total


@pytest.mark.parametrize("name", LISTS)
def test_what_is_mapped_is_a_type_of_ours(name: str, modules: Graph) -> None:
    known = {str(kind).removeprefix(airisk) for kind in types(modules)}
    assert {start for start, _ in mapped(name)} - known == set()


@pytest.mark.parametrize("name", ["owasp-llm", "ibm-risk-atlas", "nist-ai-600-1"])
def test_every_entry_of_the_list_is_reached(name: str) -> None:
    graph = crosswalk(name)
    all_of_it = {str(node).rpartition("/")[2] for node in graph.subjects(SKOS.notation)}
    assert all_of_it - {end for _, end in mapped(name)} == set()


@pytest.mark.parametrize(
    ("start", "relation", "end"),
    [
        ("prompt-injection", SKOS.exactMatch, "owaspllm:LLM01"),
        ("jailbreak", SKOS.broadMatch, "owaspllm:LLM01"),
        ("prompt-injection", SKOS.closeMatch, "atlas:AML.T0051"),
        ("resource-exhaustion", SKOS.narrowMatch, "atlas:AML.T0029"),
        ("unequal-performance", SKOS.exactMatch, "mitrisk:1.3"),
        ("membership-inference", SKOS.broadMatch, "mitrisk:2.1"),
        ("over-reliance", SKOS.broadMatch, "ibmrisk:atlas-over-or-under-reliance"),
        ("hallucination", SKOS.exactMatch, "nistgenai:2.2"),
    ],
)
def test_a_match_says_which_side_is_wider(start: str, relation: URIRef, end: str) -> None:
    graph = read([FOLDER / "crosswalks" / f"{name}.ttl" for name in LISTS])
    prefix, _, local = end.partition(":")
    target = URIRef(PREFIXES[prefix] + local)
    assert list(graph.predicates(airisk[start], target)) == [relation]


def test_a_technique_of_attack_is_never_the_same_as_a_risk() -> None:
    assert list(crosswalk("mitre-atlas").subject_objects(SKOS.exactMatch)) == []


@pytest.mark.shared_data
def test_techniques_bear_the_numbers_and_names_of_mitre(shared_data: Path) -> None:
    text = (shared_data / "mitre-atlas" / "dist" / "ATLAS.yaml").read_text(encoding="utf-8")
    published = yaml.load(text, Loader=yaml.CSafeLoader)
    graph = crosswalk("mitre-atlas")
    edition = graph.value(URIRef(PREFIXES["atlas"] + "scheme"), OWL.versionInfo)
    assert edition == Literal(str(published["version"]))
    names = {one["id"]: one["name"] for matrix in published["matrices"] for one in matrix["techniques"]}
    found = entries("mitre-atlas")
    assert len(found) > 60
    assert found == {number: names[number] for number in found}


@pytest.mark.shared_data
def test_the_lists_bear_the_identifiers_and_names_that_atlas_nexus_gives(shared_data: Path) -> None:
    path = shared_data / "ibm-ai-atlas-nexus" / "graph_export" / "yaml" / "ai-risk-ontology.yaml"
    published = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    nodes = [*published["entries"], *published["groups"]]

    def named(taxonomy: str) -> dict[str, str]:
        return {one["id"]: one["name"] for one in nodes if one.get("isDefinedByTaxonomy") == taxonomy}

    groups = {one["id"] for one in published["groups"]}
    ibm = {key: name for key, name in named("ibm-risk-atlas").items() if key not in groups}
    assert entries("ibm-risk-atlas") == ibm
    assert len(ibm) == 99
    mit = {
        key.rpartition("-")[2]: re.sub(r"- ", "-", name).strip()
        for key, name in named("mit-ai-risk-repository").items()
    }
    assert mit == MIT
    owasp = {re.sub(r"^LLM\d\d(:2025|:) ", "", name) for name in named("owasp-llm-2.0").values()}
    assert owasp == set(OWASP.values())


@pytest.mark.shared_data
def test_types_are_aligned_with_risks_that_dpv_and_vair_publish(shared_data: Path, modules: Graph) -> None:
    aligned = read([FOLDER / "alignments" / "risks-dpv-vair.ttl"])
    files = {
        "https://w3id.org/dpv/risk#": "dpv-2.3/risk/risk.ttl",
        "https://w3id.org/dpv/ai#": "dpv-2.3/ai/ai.ttl",
        "https://w3id.org/vair#": "airo-vair/vair/vair.ttl",
    }
    published = read([shared_data / path for path in files.values()])
    pairs = [(s, o) for s, p, o in aligned if str(p).startswith(str(SKOS))]
    assert len(pairs) == len(set(pairs)) == 113
    assert {start for start, _ in pairs} <= types(modules)
    assert {str(end).rpartition("#")[0] + "#" for _, end in pairs} == set(files)
    assert [end for _, end in pairs if (end, RDF.type, None) not in published] == []
    (ontology,) = aligned.subjects(RDF.type, OWL.Ontology)
    assert {str(link) for link in aligned.objects(ontology, RDFS.seeAlso)} == {
        "https://w3id.org/dpv/2.3/risk",
        "https://w3id.org/dpv/2.3/ai",
        "https://w3id.org/vair/1.0",
    }


#: IBM's list has no hierarchy, so what lies below one of its entries is not said there.
FLAT: Final = {"ibm-risk-atlas"}


@pytest.mark.parametrize("name", sorted(set(LISTS) - FLAT))
def test_what_matches_exactly_is_neither_wider_nor_narrower_than_others_make_it(
    name: str, modules: Graph
) -> None:
    """A type that another type lies below by its match to the list must be the wider of the two here as well."""
    graph = crosswalk(name)
    wrong = []
    for kind, entry in graph.subject_objects(SKOS.exactMatch):
        if not str(kind).startswith(airisk):
            continue
        below_here = set(modules.transitive_subjects(SKOS.broader, kind))
        below_there = set(graph.transitive_subjects(SKOS.broader, entry))
        wrong += [
            (other, entry) for other in graph.subjects(SKOS.broadMatch, entry) if other not in below_here
        ]
        wrong += [
            (kind, other) for other in graph.objects(kind, SKOS.narrowMatch) if other not in below_there
        ]
    assert [pair for pair in wrong if str(pair[0]).startswith(airisk)] == []
