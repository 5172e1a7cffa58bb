"""What an update leaves is what SPARQL says, what a rehearsal told, and what its changeset undoes."""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aimsgraph import store
from aimsgraph.query import rehearse, update
from aimsgraph.query.request import read_request
from aimsgraph.query.update import drafted
from aimsgraph.store.ground import Whole
from aimsgraph.vocab import EDITS_GRAPH, HISTORY_GRAPH
from tests.conformance.w3c_update import as_the_suite_means
from tests.property import tries

pytestmark = pytest.mark.slow

NOW = datetime(2026, 9, 30, tzinfo=UTC)
EXAMPLE = "https://example.org/"
PREFIX = f"PREFIX : <{EXAMPLE}>\n"

thing = st.sampled_from([":a", ":b", ":c"])
value = st.one_of(thing, st.sampled_from(["1", "1.50", "01", '"x"@en-GB', '"x"']))
variable = st.sampled_from(["?s", "?o", "?v"])
graph = st.sampled_from(["", "GRAPH :g", "GRAPH :h"])
any_graph = st.one_of(graph, st.just("GRAPH ?g"))


def statement(subject: st.SearchStrategy[str], object_: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.builds("{} {} {} .".format, subject, st.sampled_from([":p", ":q"]), object_)


def block(place: st.SearchStrategy[str], content: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.builds(lambda where, what: f"{where} {{ {what} }}" if where else what, place, content)


data = st.lists(block(graph, statement(thing, value)), min_size=1, max_size=4).map(" ".join)
wanted = st.one_of(thing, variable)
template = st.lists(block(any_graph, statement(wanted, st.one_of(value, variable))), max_size=3).map(" ".join)
pattern = st.lists(
    block(any_graph, statement(wanted, st.one_of(thing, variable))), min_size=1, max_size=2
).map(" ".join)
end = st.sampled_from(["DEFAULT", ":g", ":h"])
#: USING may not name a graph that is not there, and to COPY or MOVE such a one is nothing, where the engine empties the
#: target: so both graphs are there first.
BOTH = "INSERT DATA {{ GRAPH :g {{ :a :p :b }} GRAPH :h {{ :a :q :b }} }} ;\n"
operation = st.one_of(
    st.builds("INSERT DATA {{ {} }}".format, data),
    st.builds("DELETE DATA {{ {} }}".format, data),
    st.builds("DELETE WHERE {{ {} }}".format, pattern),
    st.builds("{} DELETE {{ {} }} INSERT {{ {} }} WHERE {{ {} }}".format,
              st.sampled_from(["", "WITH :g"]), template, template, pattern),
    st.builds((BOTH + "INSERT {{ {} }} USING :g USING NAMED :h WHERE {{ {} }}").format, template, pattern),
    st.builds("{} SILENT {}".format,
              st.sampled_from(["CLEAR", "DROP"]), st.sampled_from(["ALL", "NAMED", "DEFAULT", "GRAPH :g"])),
    st.builds((BOTH + "{} SILENT {} TO {}").format, st.sampled_from(["COPY", "MOVE", "ADD"]), end, end),
)  # fmt: skip
requests = st.lists(operation, min_size=1, max_size=3).map(" ;\n".join)


def made(folder: str, texts: list[str]) -> Path:
    """Make a store and write into it."""
    path = Path(folder, "aims.store")
    store.create(path, now=NOW)
    with store.open_writer(path) as writer:
        for text in texts:
            update(writer, PREFIX + text, author="a", message="m", now=NOW)
    return path


def statements(path: Path) -> set[ox.Quad]:
    view = store.open_view(path)
    hidden = (ox.DefaultGraph(), ox.NamedNode(HISTORY_GRAPH))
    return {quad for quad in view.store if quad.graph_name not in hidden}


@settings(max_examples=tries(15), deadline=None)
@given(st.lists(data.map("INSERT DATA {{ {} }}".format), max_size=2), requests)
def test_a_rehearsal_tells_what_the_update_then_does(before: list[str], request: str):
    with tempfile.TemporaryDirectory() as folder:
        path = made(folder, before)
        state, head = statements(path), store.open_view(path).snapshot
        number = len(store.changesets(store.open_view(path)))
        told = rehearse(store.open_view(path), PREFIX + request).difference
        assert (statements(path), store.open_view(path).snapshot) == (state, head)
        with store.open_writer(path) as writer:
            done = update(writer, PREFIX + request, author="a", message="m", now=NOW)
        assert (told.added, told.removed) == (done.difference.added, done.difference.removed)
        assert done.difference == store.difference(path, str(number))
        assert (len(told.added), len(told.removed)) == (
            sum(one.added for one in done.changesets),
            sum(one.removed for one in done.changesets),
        )
        assert len(done.changesets) == bool(told.added or told.removed)
        lines = {f"{quad} ." for quad in state}
        assert {f"{quad} ." for quad in statements(path)} == lines - set(told.removed) | set(told.added)
        assert store.verify(path).intact


@settings(max_examples=tries(15), deadline=None)
@given(st.lists(data.map("INSERT DATA {{ {} }}".format), max_size=2), requests)
def test_with_a_default_graph_of_its_own_an_update_leaves_what_the_engine_would(
    before: list[str], request: str
):
    """The engine has a default graph of its own where we have the union: the graph of edits plays its part here."""
    peer = ox.Store()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "aims.store")
        store.create(path, now=NOW)
        for text in [*before, request]:
            operations = [as_the_suite_means(one) for one in read_request(PREFIX + text)]
            draft = drafted(Whole(store.open_view(path)), operations, text)
            with store.open_writer(path) as writer:
                writer.commit([draft.change(author="a", message="m", source=None, sha256=None)], now=NOW)
            peer.update(PREFIX + text)
        edits = ox.NamedNode(EDITS_GRAPH)
        expected = {
            ox.Quad(quad.subject, quad.predicate, quad.object, edits)
            if quad.graph_name == ox.DefaultGraph()
            else quad
            for quad in peer
        }
        assert statements(path) == expected
