"""The commands, on a small graph whose answers are known."""

from __future__ import annotations

import json

import pytest

from tests.cli.conftest import Shell

EX = "https://example.org/meridian/"


def names(answer: dict, key: str = "nodes") -> list[str]:
    return [node["id"].removeprefix(EX) for node in answer[key]]


def test_lineage_gives_the_documented_object(small: Shell):
    answer = json.loads(small.ok("lineage", "Model", "--direction", "up", "--json"))
    keys = {"source", "direction", "nodes", "edges", "completeness", "snapshot", "date", "filters"}
    assert set(answer) == keys
    assert answer["source"] == {"id": EX + "model", "type": "aims:Model", "label": "Model"}
    assert answer["nodes"] == [
        {"id": EX + "clean", "type": "aims:Dataset", "label": "Clean data", "hops": 1},
        {"id": EX + "raw", "type": "aims:Dataset", "label": "Raw data", "hops": 2},
    ]
    assert answer["completeness"]["stopped_by"] == "nothing"


def test_a_hop_limit_is_exact_and_said(small: Shell):
    answer = json.loads(small.ok("lineage", "ex:model", "--hops", "1", "--json"))
    assert names(answer) == ["clean"]
    assert answer["completeness"]["stopped_by"] == "hops"
    assert answer["completeness"]["complete"] is False


@pytest.mark.parametrize(
    ("direction", "reached"),
    [("up", ["clean", "raw"]), ("down", ["system"]), ("both", ["clean", "system", "raw"])],
)
def test_lineage_follows_the_direction(small: Shell, direction: str, reached: list[str]):
    assert names(json.loads(small.ok("lineage", "Model", "--direction", direction, "--json"))) == reached


def test_impact_counts_a_control_only_while_its_evidence_is_good(small: Shell):
    fresh = json.loads(small.ok("impact", "ex:raw", "--date", "2026-06-30", "--json"))
    stale = json.loads(small.ok("impact", "ex:raw", "--date", "2026-07-01", "--json"))
    model = next(node for node in fresh["nodes"] if node["id"] == EX + "model")
    # raw → clean .8 (default), clean → model .8 (default) unless the check (.5) works
    assert model["inherent"] == pytest.approx(0.64)
    assert model["claimed"] == pytest.approx(0.32)
    assert model["assured"] == model["probability"] == pytest.approx(0.32)
    later = next(node for node in stale["nodes"] if node["id"] == EX + "model")
    assert later["claimed"] == pytest.approx(0.32)
    assert later["assured"] == pytest.approx(0.64)
    assert later["min_hops"] == 2
    assert later["interval"] is None


def test_impact_in_one_dimension_leaves_out_what_does_not_pass_it_on(small: Shell):
    whole = json.loads(small.ok("impact", "ex:raw", "--json"))
    safety = json.loads(small.ok("impact", "ex:raw", "--dimension", "safety", "--json"))
    # A derivation passes on quality, fairness, privacy and security.
    assert (len(whole["nodes"]), whole["dimension"]) == (3, None)
    assert (safety["nodes"], safety["dimension"]) == ([], "aims:SafetyDimension")
    wrong = small("impact", "ex:raw", "--dimension", "beauty")
    assert wrong.returncode == 2
    assert "aims:SafetyDimension" in wrong.stderr


def test_trace_ends_at_the_evidence_with_its_dates(small: Shell):
    answer = json.loads(small.ok("trace", "Check", "--date", "2026-07-01", "--json"))
    (control,) = answer["controls"]
    (proof,) = control["evidence"]
    assert (proof["status"], proof["counts"], proof["valid_until"]) == ("expired", False, "2026-06-30")
    assert {gap["kind"] for gap in answer["gaps"]} >= {"stale-evidence", "no-owner"}


def test_validate_ends_with_status_one_on_findings_and_zero_when_told_never(small: Shell):
    found = small("validate", "--json")
    assert found.returncode == 1
    answer = json.loads(found.stdout)
    assert set(answer) >= {"conforms", "findings", "not_exercised", "completeness", "counts"}
    assert answer["conforms"] is False
    assert small("validate", "--fail-on", "never").returncode == 0


def test_check_reads_files_without_a_store(empty: Shell):
    empty.write("a.ttl", "<https://example.org/x> a <https://w3id.org/aimsgraph/ns#AISystem> .")
    done = empty("check", "a.ttl", "--json")
    assert done.returncode == 1
    assert "https://example.org/x" in {finding["focus"] for finding in json.loads(done.stdout)["findings"]}
    assert [path.name for path in empty.folder.iterdir()] == ["a.ttl"]


def test_query_gives_sparql_results_json(small: Shell):
    text = "SELECT ?label WHERE { ?s a aims:Dataset ; rdfs:label ?label } ORDER BY ?label"
    answer = json.loads(small.ok("query", "-", "--json", stdin=text))
    assert answer["head"] == {"vars": ["label"]}
    values = [row["label"] for row in answer["results"]["bindings"]]
    assert values == [{"type": "literal", "value": v} for v in ("Clean data", "Raw data", "Twin", "Twin")]


def test_loading_the_same_file_again_changes_nothing(small: Shell):
    before = small.ok("log", "--json")
    small.ok("load", "small.ttl")
    assert small.ok("log", "--json") == before


def test_loading_a_changed_file_replaces_what_it_said(small: Shell):
    small.write("small.ttl", '<https://example.org/x> <http://www.w3.org/2000/01/rdf-schema#label> "Only" .')
    small.ok("load", "small.ttl", "--message", "start over")
    assert small("lineage", "Model").returncode == 2
    assert "Only" in small.ok("nodes")
    last = json.loads(small.ok("log", "--json"))["changesets"][-1]
    assert (last["message"], last["added"]) == ("start over", 1)
    difference = json.loads(small.ok("diff", str(last["number"] - 1), "head", "--json"))
    assert (len(difference["added"]), len(difference["removed"])) == (last["added"], last["removed"])


@pytest.mark.parametrize(
    ("ending", "starts"),
    [
        ("svg", b"<svg "), ("png", b"\x89PNG"), ("pdf", b"%PDF"), ("dot", b"digraph"), ("gv", b"digraph"),
        ("mermaid", b"---\n"), ("mmd", b"---\n"), ("graphml", b"<?xml"), ("cyjs", b"{\n"), ("cytoscape", b"{\n"),
    ],
)  # fmt: skip
def test_a_diagram_is_written_in_the_format_that_the_files_name_says(
    small: Shell, ending: str, starts: bytes
):
    target = small.folder / f"picture.{ending}"
    small.ok("diagram", "Model", "-o", target)
    assert target.read_bytes().startswith(starts)


def test_the_graphml_of_an_impact_is_read_with_its_numbers_and_controls(small: Shell):
    import networkx

    small.ok("diagram", "Raw data", "--impact", "--date", "2026-09-30", "-o", "impact.graphml")
    graph = networkx.read_graphml(small.folder / "impact.graphml")
    asked = json.loads(small.ok("impact", "Raw data", "--date", "2026-09-30", "--json"))
    read = {data["id"]: data for _, data in graph.nodes(data=True)}
    assert [iri for iri, data in read.items() if data["start"]] == [node["id"] for node in asked["sources"]]
    names = {"hops": "min_hops"} | {
        name: name for name in ("label", "type", "claimed", "assured", "probability")
    }
    for node in asked["nodes"]:
        assert {name: read[node["id"]][name] for name in names} == {
            name: node[key] for name, key in names.items()
        }
    iris = {name: data["id"] for name, data in graph.nodes(data=True)}
    found = [
        (iris[a], iris[b], data["property"], data.get("controls")) for a, b, data in graph.edges(data=True)
    ]
    wanted = [
        (edge["source"], edge["target"], edge["property"], " ".join(edge["controls"]) or None)
        for edge in asked["edges"]
    ]
    assert sorted(found, key=str) == sorted(wanted, key=str)
    assert (graph.graph["date"], graph.graph["snapshot"]) == (asked["date"], asked["snapshot"])


def test_a_system_holds_in_its_box_what_only_it_stands_on(small: Shell):
    elements = json.loads(small.ok("diagram", "Model", "--collapse", "system", "--format", "cytoscape"))[
        "elements"
    ]
    assert [(node["data"]["label"], node["data"]["count"]) for node in elements["nodes"]] == [
        ("System, with Model", 4)
    ]
    assert elements["edges"] == []


def test_the_report_is_one_page_that_names_the_node(small: Shell):
    small.ok("report", "-o", "r.html", "--lineage", "Model")
    page = (small.folder / "r.html").read_text(encoding="utf-8")
    assert "Clean data" in page
    assert "<script" not in page


def test_a_graph_in_each_format_loads_with_the_same_triples(empty: Shell):
    from rdflib import Graph

    from tests.cli.conftest import GRAPH

    graph = Graph().parse(data=GRAPH, format="turtle")
    names_ = {"a.ttl": "turtle", "b.nt": "nt", "c.jsonld": "json-ld", "d.rdf": "xml", "e.ttl": "turtle"}
    for name, format_ in names_.items():
        graph.serialize(empty.folder / name, format=format_, encoding="utf-8")
    empty.ok("init")
    answer = json.loads(empty.ok("load", *names_, "--json"))
    assert [one["triples"] for one in answer["files"]] == [len(graph)] * len(names_)
