"""The example organisation gives the same answers from servers of others; what they cannot answer is told."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from aimsgraph import store
from aimsgraph.engine import Graph
from aimsgraph.errors import StoreUnusableError
from aimsgraph.store.remote import RemoteView
from aimsgraph.store.whole import many_rows
from aimsgraph.vocab import HISTORY_GRAPH
from tests.contract.servers import started
from tests.contract.servers.virtuoso import PASSWORD
from tests.contract.test_view import fill

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

EX = "https://example.org/"


@pytest.fixture(scope="module", params=["jena", "virtuoso"])
def both(request: pytest.FixtureRequest, demo_folder: Path) -> Iterator[tuple[Graph, Graph]]:
    """The example organisation in a folder, and on a server."""
    folder = demo_folder / "aimsgraph-demo" / "meridian.store"
    with started(request.param) as endpoint:
        view = store.open_view(folder)
        fill(endpoint, list(view.store))
        yield Graph(folder), Graph(endpoint)


def test_size_and_snapshot_are_those_of_the_store(both: tuple[Graph, Graph]):
    here, there = (graph.view() for graph in both)
    assert (there.count(), there.snapshot) == (here.count(), here.snapshot)


def test_lineage_impact_and_trace_are_those_of_the_store(both: tuple[Graph, Graph]):
    here, there = both
    evidence = here.path.parent.parent / "examples"
    assert there.lineage("Credit scorecard v3") == here.lineage("Credit scorecard v3")
    assert there.impact("Bureau extract 2026", evidence_root=evidence) == here.impact(
        "Bureau extract 2026", evidence_root=evidence
    )
    assert there.trace("iso42001:A.7.4", evidence_root=evidence) == here.trace(
        "iso42001:A.7.4", evidence_root=evidence
    )


def test_the_command_line_takes_a_server_file(both: tuple[Graph, Graph], tmp_path: Path):
    here, there = both
    assert isinstance(there.place, store.Endpoint)
    access = there.place.access
    lines = [f'query = "{there.place.address}"', f'[auth]\nkind = "{access.kind}"']
    if access.kind == "digest":
        assert access.secret is not None
        lines += [f'user = "{access.user}"', 'password_env = "AIMSGRAPH_TEST_SECRET"']
        lines.insert(1, 'profile = "virtuoso"')
    (tmp_path / "server.toml").write_text("\n".join(lines))
    answers = [
        subprocess.run(
            [sys.executable, "-m", "aimsgraph", "lineage", "Credit scorecard v3", "--json", "--store", place],
            env={**os.environ, "AIMSGRAPH_TEST_SECRET": PASSWORD}, capture_output=True, text=True, check=True,
        ).stdout
        for place in (here.path, tmp_path / "server.toml")
    ]  # fmt: skip
    assert json.loads(answers[0]) == json.loads(answers[1])


@pytest.mark.slow
def test_the_findings_are_those_of_the_store_or_the_server_is_named(both: tuple[Graph, Graph]):
    here, there = both
    assert isinstance(there.place, store.Endpoint)
    if there.place.profile == "virtuoso":  # some shapes have paths from anywhere
        with pytest.raises(StoreUnusableError, match="neither end of it is bound"):
            there.validate()
    else:
        assert there.validate(per_node=True) == here.validate(per_node=True)


def test_where_the_default_graph_is_the_union_the_history_is_not_read_with_it(both: tuple[Graph, Graph]):
    _, there = both
    view = there.view()
    assert isinstance(view, RemoteView)
    assert any(graph.endswith("/graph/history") for graph in view.graphs())
    assert not view.ask("ASK { ?change aims:changesetHash ?hash }")
    assert not any("virtrdf" in graph or "history" in graph for graph in view.restricted)


def test_a_cut_answer_is_refused_and_a_cut_copy_too(both: tuple[Graph, Graph]):
    _, there = both
    assert isinstance(there.place, store.Endpoint)
    if there.place.profile != "virtuoso":
        assert len(there.view().select(many_rows(12_000))) == 12_000
        assert len(there.view().to_rdflib()) == there.view().count()
        return
    with pytest.raises(StoreUnusableError, match="cuts answers off at 10,000 rows"):
        there.view().select("SELECT ?s ?p ?o WHERE { ?s ?p ?o }")
    with pytest.raises(StoreUnusableError, match=r"cuts answers off at [0-9,]+ triples"):
        there.view().to_rdflib()


@pytest.mark.parametrize("name", ["oxigraph", "jena"])
def test_an_empty_default_graph_is_told_and_the_named_graphs_are_read_as_one(name: str, caplog):
    one, two = (ox.NamedNode(EX + part) for part in ("one", "two"))
    quads = [ox.Quad(one, one, two, one), ox.Quad(one, one, two, two), ox.Quad(two, one, one, two)]
    quads.append(ox.Quad(one, ox.NamedNode(EX + "h"), one, ox.NamedNode(HISTORY_GRAPH)))
    with started(name) as endpoint, caplog.at_level(logging.WARNING):
        fill(endpoint, quads)
        view = store.open_place(endpoint)
        assert "is empty: its 2 named graphs are read as one" in caplog.text
        assert view.count() == 2
        assert sorted(view.edges([one.value])) == [
            (one.value, one.value, two.value), (two.value, one.value, one.value),
        ]  # fmt: skip
        assert len(view.to_rdflib()) == 2
        assert len(view.graphs()) == 3


def test_a_server_with_nothing_in_it_can_be_read(caplog):
    with started("oxigraph") as endpoint, caplog.at_level(logging.WARNING):
        assert store.open_place(endpoint).count() == 0
    assert caplog.text == ""
