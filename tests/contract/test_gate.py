"""The gate stands before a store on a server as before one in a folder, and leaves the changesets that were tried."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from bench.oxigraph_server import program, serving

import aimsgraph
from aimsgraph.errors import FindingsError, StoreMovedError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aimsgraph.engine import Graph

OWNER = {"type": "Owner", "label": "Bo"}


@pytest.fixture
def graph() -> Iterator[Graph]:
    if program() is None:
        pytest.skip("the Oxigraph server is not installed (package oxigraph)")
    with serving() as address:
        yield aimsgraph.init(address)


def test_the_gate_stands_before_a_server(graph: Graph) -> None:
    edit = graph.write(lambda trial: trial.put_node("ex:bo", OWNER, author="ana"))
    assert [one.hash for one in edit.changesets] == [graph.log()[-1].hash] == [graph.left]
    before = graph.view().snapshot
    with pytest.raises(FindingsError):
        graph.write(lambda trial: trial.put_node("ex:r", {"type": "Risk", "label": "R"}))
    graph.refresh()
    assert graph.view().snapshot == before
    graph.write(lambda trial: trial.put_node("ex:r", {"type": "Risk", "label": "R"}), accept=True)
    assert "accepted: " in graph.log()[-1].message
    with pytest.raises(StoreMovedError):
        graph.write(lambda trial: trial.remove_node("ex:r"), expected=before)
    assert graph.verify().intact
