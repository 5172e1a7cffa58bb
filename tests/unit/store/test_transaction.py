"""A transaction writes every kind of term that can be loaded."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from aimsgraph import store
from aimsgraph.store.past import open_past
from tests.unit.store.conftest import EX, G1, NOW, quad, union

WHO: dict[str, Any] = {"author": "ada", "message": "because", "now": NOW}
INNER = ox.Triple(ox.NamedNode(EX + "a"), ox.NamedNode(EX + "p"), ox.Literal("x", language="en"))


@pytest.mark.parametrize(
    "term",
    [INNER, ox.Triple(ox.NamedNode(EX + "a"), ox.NamedNode(EX + "q"), INNER), ox.Literal('"\\\r\n\0😀')],
    ids=["triple term", "nested triple term", "odd characters"],
)
def test_what_was_added_can_be_removed_and_seen_again(folder: Path, term: Any):
    odd = ox.Quad(ox.NamedNode(EX + "s"), ox.NamedNode(EX + "p"), term)
    with store.open_writer(folder) as writer:
        writer.replace(G1, [odd, quad("a", "p", "b")], **WHO)
        before = union(writer.view())
        writer.replace(G1, [quad("a", "p", "b")], **WHO)
        assert union(writer.view()) == {"<a> <p> <b>"}
        writer.replace(G1, [odd], **WHO)
    assert union(open_past(folder, "1")) == before
    assert store.verify(folder).first_difference is None
