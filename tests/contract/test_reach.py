"""A question with a small answer reads a small part of a server, and the answer is that of the store."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyoxigraph as ox
import pytest
from bench.organisations import triples
from bench.oxigraph_server import program, serving

import aimsgraph
from aimsgraph.model.node import NodeRef
from aimsgraph.projections import Projections
from aimsgraph.store import Endpoint, open_view
from aimsgraph.trace import reach

if TYPE_CHECKING:
    from collections.abc import Iterator

    import requests

    from aimsgraph.engine import Graph
    from aimsgraph.store import View

ORGANISATIONS = 12


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Graph, Graph]]:
    """A dozen organisations whose datasets derive from each other's, in a folder and on a server."""
    if program() is None:
        pytest.skip("the Oxigraph server is not installed (package oxigraph)")
    folder = tmp_path_factory.mktemp("organisations")
    (folder / "all.nt").write_text("".join(triples(ORGANISATIONS)), encoding="utf-8")
    here = aimsgraph.init(folder / "aims.store")
    here.load(folder / "all.nt")
    view = open_view(here.path)
    ox.serialize(view.store, folder / "all.nq", format=ox.RdfFormat.N_QUADS)
    with serving(folder / "all.nq") as address:
        yield here, aimsgraph.open(address)


@pytest.fixture
def came(monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """Count the lines of answers that come over the wire, and the questions."""
    counts = {"lines": 0, "questions": 0}
    lines = Endpoint.lines

    def counted(endpoint: Endpoint, response: requests.Response) -> Iterator[bytes]:
        counts["questions"] += 1
        for line in lines(endpoint, response):
            counts["lines"] += 1
            yield line

    monkeypatch.setattr(Endpoint, "lines", counted)
    return counts


def some(graph: Graph, kind: str, most: int = 5) -> list[NodeRef]:
    return [node for node in graph.nodes(type=kind, limit=5_000) if "meridian/" in node.id][:: 900 // most][
        :most
    ]


@pytest.fixture(autouse=True)
def never_whole(both: tuple[Graph, Graph], request: pytest.FixtureRequest) -> Iterator[None]:
    """See to it that the server's answers come from a part, unless a test is about the whole."""
    there = both[1]
    there.projections = Projections()
    yield
    assert not len(there.projections) or "whole" in request.node.name


@pytest.mark.parametrize("direction", ["up", "down", "both"])
@pytest.mark.parametrize("hops", [1, 3, None])
def test_lineage_is_that_of_the_store(both: tuple[Graph, Graph], direction: Any, hops: int | None):
    here, there = both
    for node in [*some(here, "aims:Dataset"), *some(here, "aims:AISystem"), *some(here, "aims:Risk")]:
        for threats in (False, True):
            words = {"direction": direction, "hops": hops, "threats": threats}
            assert (
                there.lineage(node.id, **words).model_dump_json()
                == here.lineage(node.id, **words).model_dump_json()
            )


@pytest.mark.parametrize("hops", [1, 2, 4])
def test_impact_is_that_of_the_store(both: tuple[Graph, Graph], hops: int):
    here, there = both
    for node in [*some(here, "aims:Dataset"), *some(here, "aims:Risk")]:
        assert (
            there.impact(node.id, hops=hops).model_dump_json()
            == here.impact(node.id, hops=hops).model_dump_json()
        )


def test_impact_without_a_limit_is_that_of_the_store(both: tuple[Graph, Graph]):
    here, there = both
    first, second = (some(here, kind)[0].id for kind in ("aims:Model", "aims:Risk"))
    assert there.impact(first, second).model_dump_json() == here.impact(first, second).model_dump_json()


def test_a_small_answer_reads_a_small_part(both: tuple[Graph, Graph], came: dict[str, int]):
    _, there = both
    held = there.view().count()
    model = next(node for node in there.nodes(type="aims:Model", limit=500) if "meridian/0/" in node.id)
    for ask in (
        lambda: there.lineage(model.id, hops=2),
        lambda: there.lineage(model.id, direction="both", hops=1),
        lambda: there.impact(model.id, hops=2),
    ):
        came.update(lines=0, questions=0)
        ask()
        assert came["lines"] < held / 50
        assert came["questions"] < 60


def test_a_part_too_large_is_left_for_the_whole(both: tuple[Graph, Graph], monkeypatch: pytest.MonkeyPatch):
    here, there = both
    node = some(here, "aims:Dataset")[0].id
    expected = here.lineage(node, direction="both")
    assert len(expected.nodes) > 20
    for bound in ("MOST_NODES", "MOST_STATEMENTS", "MOST_STEPS"):
        with monkeypatch.context() as patched:
            patched.setattr(reach, bound, 2 if bound != "MOST_STEPS" else 0)
            there.refresh()
            there.projections = Projections()
            words: dict[str, Any] = {
                "today": there.today(),
                "direction": "both",
                "hops": None,
                "threats": False,
            }
            assert reach.lineage_reach(there.view(), node, **words) is None
            assert there.lineage(node, direction="both") == expected
    there.projections = Projections()


def test_a_node_that_no_query_can_name_is_left_for_the_whole(both: tuple[Graph, Graph]):
    view: View = both[1].view()
    day = both[1].today()
    assert reach.impact_reach(view, ["https://example.org/> } #"], today=day, hops=1) is None
