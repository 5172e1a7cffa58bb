"""Whatever is written, in whatever order, a server and a folder have the same history and the same content."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pyoxigraph as ox
import pytest
from bench.oxigraph_server import program, serving
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aimsgraph import store
from aimsgraph.store import Change, Endpoint, remote_commit
from aimsgraph.vocab import XSD
from tests.property import tries
from tests.unit.store.conftest import EX, G1, G2, NOW

if TYPE_CHECKING:
    from collections.abc import Iterator

TEXT: Final = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
VALUE: Final = st.one_of(
    st.integers(0, 3).map(lambda number: ox.NamedNode(f"{EX}o{number}")),
    TEXT.map(ox.Literal),
    st.integers().map(lambda number: ox.Literal(str(number), datatype=ox.NamedNode(XSD + "integer"))),
    st.floats().map(ox.Literal),
    st.tuples(TEXT, st.sampled_from(["en", "de-CH"])).map(lambda pair: ox.Literal(pair[0], language=pair[1])),
    st.datetimes().map(lambda time: ox.Literal(time.isoformat(), datatype=ox.NamedNode(XSD + "dateTime"))),
)
GRAPH: Final = st.sampled_from([G1, G2])
QUADS: Final = st.lists(
    st.builds(
        lambda subject, value, graph: ox.Quad(
            ox.NamedNode(f"{EX}s{subject}"), ox.NamedNode(EX + "p"), value,
            ox.NamedNode(graph) if graph else ox.DefaultGraph(),
        ),
        st.integers(0, 2), VALUE, st.one_of(st.none(), GRAPH),
    ),
    max_size=5,
)  # fmt: skip
CHANGE: Final = st.builds(
    lambda graph, added, removed, replace: Change(graph, "ada", "m", added, removed, replace),
    GRAPH, QUADS, QUADS, st.booleans(),
)  # fmt: skip


@pytest.fixture(scope="module")
def endpoint() -> Iterator[Endpoint]:
    """An Oxigraph server."""
    if program() is None:
        pytest.skip("the Oxigraph server is not installed (package oxigraph)")
    with serving() as address:
        yield Endpoint(address)


def content(where: Any) -> list[tuple[str, ...]]:
    rows = store.open_place(where).rows("SELECT ?s ?p ?o WHERE { ?s ?p ?o }")
    return sorted(tuple(row[name].n3() for name in "spo") for row in rows)


@settings(max_examples=tries(20), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    commits=st.lists(st.lists(CHANGE, min_size=1, max_size=3), min_size=1, max_size=4),
    inline=st.sampled_from([0, 2000]),
)
def test_a_server_and_a_folder_go_through_the_same_changesets(
    endpoint: Endpoint,
    tmp_path_factory: pytest.TempPathFactory,
    commits: list[list[Change]],
    inline: int,
):
    folder = tmp_path_factory.mktemp("law") / "aims.store"
    endpoint.send_update(endpoint.session(), "DROP ALL")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(remote_commit, "INLINE", inline)
        for where in (folder, endpoint):
            store.create(where, now=NOW)
            with store.open_writer(where) as writer:
                for changes in commits:
                    writer.commit(changes, now=NOW)
    logs = [store.changesets(store.open_place(where)) for where in (folder, endpoint)]
    assert logs[1] == logs[0]
    assert content(endpoint) == content(folder)
    assert store.verify(endpoint) == store.verify(folder)
    assert store.verify(endpoint).first_difference is None
