"""Who may see some graphs only gets answers in which nothing of the others is seen, counted or inferred from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest
from fastapi.testclient import TestClient

import aimsgraph
from aimsgraph import query
from aimsgraph.model.access import Principal
from aimsgraph_api.access import principal
from aimsgraph_api.app import create_app
from aimsgraph_api.reports import Reports
from aimsgraph_api.session import Session
from aimsgraph_api.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from aimsgraph.engine import Graph

SEEN: Final = ("datasets.ttl", "models.ttl", "organisation.ttl", "processes-parties.ttl", "systems.ttl")
SYSTEM: Final = "Credit scoring"


@pytest.fixture(scope="module")
def store(demo_folder: Path) -> Path:
    return demo_folder / "aimsgraph-demo" / "meridian.store"


@pytest.fixture(scope="module")
def seen(store: Path) -> frozenset[str]:
    graphs = aimsgraph.open(store).view().graphs()
    return frozenset(graph for graph in graphs if graph.endswith(SEEN))


@pytest.fixture(scope="module")
def client(store: Path, seen: frozenset[str]) -> Iterator[TestClient]:
    app = create_app(Settings(store, hosts=("testserver",)))
    app.dependency_overrides[principal] = lambda: Principal("architect", "auditor", seen)
    with TestClient(app) as client:
        yield client


@pytest.fixture(scope="module")
def part(client: TestClient, seen: frozenset[str]) -> Graph:
    found: Graph = client.app.state.session.graph(Principal("architect", "auditor", seen))  # type: ignore[attr-defined]
    return found


@pytest.fixture(scope="module")
def hidden(store: Path, seen: frozenset[str]) -> frozenset[str]:
    """The IRIs that no graph that may be seen mentions."""
    view = aimsgraph.open(store).view()
    told, known = set[str](), set[str]()
    for graph in view.graphs():
        names = {str(term) for triple in view.to_rdflib(graph) for term in triple}
        told |= names if "/source/" in graph and graph not in seen else set()
        known |= names if graph in seen or "/ontology" in graph else set()
    return frozenset(name for name in told - known if name.startswith("https://example.org/meridian/"))


def test_there_is_something_to_hide(hidden: frozenset[str]) -> None:
    assert len(hidden) > 400


@pytest.mark.parametrize(
    "path",
    [
        "nodes?limit=1000",
        "nodes?type=aims:Risk",
        "nodes?type=aims:Control",
        "nodes?text=incident",
        f"lineage?node={SYSTEM}&direction=both&threats=true",
        f"impact?node={SYSTEM}",
        f"trace?node={SYSTEM}",
        f"diagram?node={SYSTEM}&format=cytoscape&threats=true",
        "validation",
        "risk",
        "fix-first",
        "common?of=aims:AISystem",
        "weak-points",
        "cycles",
        "blast-radius?threats=true",
        "history",
        "history/difference?older=1",
        f"lineage/changes?node={SYSTEM}&since=1",
    ],
)
def test_no_answer_mentions_what_may_not_be_seen(
    client: TestClient, hidden: frozenset[str], path: str
) -> None:
    answer = client.get(f"/api/v1/{path}")
    assert answer.status_code == 200, answer.text
    assert not [name for name in hidden if f'{name}"' in answer.text or f"{name}>" in answer.text]


def test_a_hidden_node_and_one_that_is_not_there_are_told_alike(client: TestClient, store: Path) -> None:
    whole = aimsgraph.open(store)
    incident = whole.nodes(type="aims:Incident", limit=1)[0].id
    said = [client.get("/api/v1/lineage", params={"node": node}) for node in (incident, f"{incident}-not")]
    assert [one.status_code for one in said] == [404, 404]
    assert said[0].json()["detail"].replace(incident, "X") == said[1].json()["detail"].replace(
        f"{incident}-not", "X"
    )
    assert "hint" not in said[0].json() or incident not in said[0].json()["hint"]


@pytest.mark.parametrize(
    "text",
    [
        "SELECT (COUNT(*) AS ?n) WHERE { ?s a aims:Incident }",
        "SELECT (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s a aims:Incident } }",
        "SELECT (COUNT(*) AS ?n) WHERE { ?s (aims:threatens|aims:involves)+ ?o }",
        'SELECT (COUNT(*) AS ?n) WHERE { GRAPH ?g { } FILTER(CONTAINS(STR(?g), "incidents.ttl")) }',
    ],
)
def test_sparql_counts_nothing_that_is_hidden(part: Graph, store: Path, text: str) -> None:
    assert int(str(query.run(aimsgraph.open(store).view(), text).rows[0][0])) > 0
    assert str(query.run(part.view(), text).rows[0][0]) == "0"


def test_what_is_seen_is_all_there(part: Graph, store: Path, seen: frozenset[str]) -> None:
    whole = aimsgraph.open(store).view()
    for graph in seen:
        assert set(part.view().to_rdflib(graph)) == set(whole.to_rdflib(graph))


def test_who_sees_a_part_may_not_write_whatever_the_role_permits(seen: frozenset[str]) -> None:
    assert not Principal("x", "editor", seen).may("write")
    assert not Principal("x", "administrator", seen).may("administer")
    assert Principal("x", "administrator", seen).may("query")


def test_a_report_on_a_part_does_not_push_out_that_on_the_whole_nor_the_other_way(
    store: Path, seen: frozenset[str]
) -> None:
    session = Session(Settings(store))
    whole, limited = Principal("auditor", "auditor"), Principal("architect", "auditor", seen)
    try:
        first = [session.validation(None, asking) for asking in (whole, limited)]
        first.append(session.validation(None, whole, "1"))  # an earlier state pushes out neither
        asked = ((whole, None), (limited, None), (whole, "1"))
        again = [session.validation(None, asking, as_of) for asking, as_of in asked]
    finally:
        session.close()
    assert [one is other for one, other in zip(first, again, strict=True)] == [True] * 3
    assert session.newest_report is first[0]
    assert first[0].findings != first[1].findings


def test_reports_on_very_many_parts_are_not_all_kept(tmp_path: Path) -> None:
    graph, reports = aimsgraph.init(tmp_path / "aims.store"), Reports(most=2)
    ana, bo = frozenset({"ana"}), frozenset({"bo"})
    first = [reports.of(graph, graph.today(), part=part) for part in (None, ana)]
    assert reports.of(graph, graph.today(), part=None) is first[0]  # and is now the newest
    reports.of(graph, graph.today(), part=bo)
    assert reports.of(graph, graph.today(), part=None) is first[0]
    assert reports.of(graph, graph.today(), part=ana) is not first[1]
