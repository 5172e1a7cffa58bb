"""Laws of the canonical form: no naming and no order of blank nodes changes it, and another implementation agrees."""

from __future__ import annotations

import pyoxigraph as ox
from hypothesis import given, settings
from hypothesis import strategies as st

from aimsgraph.store.canonical import canonical_text
from tests.property import tries

NODES = st.integers(0, 5)
EDGES = st.lists(st.tuples(NODES, st.sampled_from("pq"), NODES, st.booleans()), min_size=1, max_size=12)
Edges = list[tuple[int, str, int, bool]]


def dataset(edges: Edges, name: str) -> list[ox.Quad]:
    """Edges between blank nodes, some in a graph that is one itself."""
    blank = [ox.BlankNode(f"{name}{number}") for number in range(6)]
    return [
        ox.Quad(
            blank[start],
            ox.NamedNode(f"urn:{kind}"),
            blank[end],
            blank[(start + end) % 6] if inside else ox.DefaultGraph(),
        )
        for start, kind, end, inside in edges
    ]


@settings(max_examples=tries(150), deadline=None)
@given(EDGES, st.permutations(range(6)), st.randoms(use_true_random=False))
def test_neither_names_nor_order_change_the_text(edges, names, chance):
    # The graph of an edge depends on the sum of its ends, so only edges outside of graphs may be renumbered.
    plain = [(start, kind, end, False) for start, kind, end, _ in edges]
    renamed = [(names[start], kind, names[end], False) for start, kind, end, _ in plain]
    chance.shuffle(renamed)
    assert canonical_text(dataset(plain, "a")) == canonical_text(dataset(renamed, "z"))


@settings(max_examples=tries(150), deadline=None)
@given(EDGES)
def test_the_engine_agrees(edges):
    quads = dataset(edges, "a")
    engine = ox.Dataset(quads)
    engine.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    lines = sorted((ox.serialize(engine, format=ox.RdfFormat.N_QUADS) or b"").splitlines(keepends=True))
    assert b"".join(lines) == canonical_text(quads)
