"""The routes about what depends on what answer as the command line does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import aimsgraph

if TYPE_CHECKING:
    from pathlib import Path

    import httpx

    from aimsgraph.engine import Graph

SCORING, FRAUD, BUREAU = "Credit scoring", "Transaction fraud detection", "Bureau extract 2026"


@pytest.fixture(scope="module")
def graph(demo_folder: Path) -> Graph:
    return aimsgraph.open(demo_folder / "aimsgraph-demo" / "meridian.store")


def test_a_lineage_is_narrowed(server: httpx.Client, graph: Graph) -> None:
    asked = {"node": SCORING, "type": ["aims:Supplier"], "along": ["use", "supply"]}
    answer = server.get("/api/v1/lineage", params=asked)
    narrowed = graph.filters(types=["aims:Supplier"], along=["use", "supply"])
    assert answer.json() == graph.lineage(SCORING, filters=narrowed).model_dump(mode="json")
    assert answer.json()["nodes"]


def test_the_ways(server: httpx.Client, graph: Graph) -> None:
    answer = server.get("/api/v1/paths", params={"source": BUREAU, "target": SCORING, "most": 2})
    assert answer.json() == graph.paths(BUREAU, SCORING, most=2).model_dump(mode="json")
    assert len(answer.json()["paths"]) == 2


def test_what_is_shared(server: httpx.Client, graph: Graph) -> None:
    answer = server.get("/api/v1/common", params={"node": [SCORING, FRAUD]})
    assert answer.json() == graph.common(SCORING, FRAUD).model_dump(mode="json")
    every = server.get("/api/v1/common", params={"of": "aims:Risk", "type": "aims:Supplier", "least": 3})
    narrowed = graph.filters(types=["aims:Supplier"])
    assert every.json() == graph.common(of=["aims:Risk"], least=3, filters=narrowed).model_dump(mode="json")


def test_circles_and_weak_points(server: httpx.Client, graph: Graph) -> None:
    assert server.get("/api/v1/cycles").json() == graph.cycles().model_dump(mode="json")
    whole = server.get("/api/v1/weak-points").json()
    assert whole == graph.weak_points().model_dump(mode="json")
    one = server.get("/api/v1/weak-points", params={"node": SCORING}).json()
    assert one == graph.weak_points(SCORING).model_dump(mode="json")


def test_what_changed(server: httpx.Client, graph: Graph) -> None:
    since = str(len(graph.log()) // 2)
    answer = server.get("/api/v1/lineage/changes", params={"node": SCORING, "since": since})
    assert answer.json() == graph.lineage_change(SCORING, since=since).model_dump(mode="json")


@pytest.mark.parametrize(
    ("path", "params", "status"),
    [
        ("paths", {"source": SCORING, "target": SCORING}, 400),
        ("paths", {"source": SCORING}, 422),
        ("paths", {"source": SCORING, "target": FRAUD, "type": "aims:Dataset"}, 400),
        ("cycles", {"type": "aims:Dataset", "only_through": "true"}, 400),
        ("common", {}, 400),
        ("weak-points", {"node": "nonsense"}, 404),
        ("lineage", {"node": SCORING, "along": "nonsense"}, 400),
        ("lineage/changes", {"node": SCORING, "since": "9999"}, 400),
    ],
)
def test_what_cannot_be_answered_is_a_problem(
    server: httpx.Client, path: str, params: dict[str, str], status: int
) -> None:
    answer = server.get(f"/api/v1/{path}", params=params)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
