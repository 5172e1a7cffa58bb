"""Each kind of server has its addresses, and the untested ones are marked so."""

from __future__ import annotations

import pytest

from aimsgraph.errors import UsageError
from aimsgraph.store import Endpoint
from aimsgraph.store.profile import UNKNOWN, profiles, recognised
from tests.conftest import ROOT


def test_there_are_seven_profiles_and_the_untested_ones_say_so():
    assert {name: one.tested is not None for name, one in profiles().items()} == {
        "oxigraph": True, "fuseki": True, "virtuoso": True,
        "graphdb": False, "neptune": False, "stardog": False, "qlever": False,
    }  # fmt: skip
    assert all(one.default_graph and one.tables and one.notes for one in profiles().values())


def test_the_page_on_servers_tells_each_profile_and_whether_it_was_tested():
    page = (ROOT / "docs" / "servers.md").read_text(encoding="utf-8")
    for name, one in profiles().items():
        tested = f"tested with {one.tested}" if one.tested else "untested"
        assert f"| `{name}` | {one.name} | {tested} | {one.default_graph} | " in page
        assert all(note in page for note in one.notes)


@pytest.mark.parametrize(
    ("profile", "query", "update", "graphs"),
    [
        (None, "http://h:7878/query", "http://h:7878/update", "http://h:7878/store"),
        (None, "http://h/other", None, None),
        ("oxigraph", "http://h:7878/query", "http://h:7878/update", "http://h:7878/store"),
        ("fuseki", "http://h:3030/ds/sparql", "http://h:3030/ds/update", "http://h:3030/ds/data"),
        ("fuseki", "http://h:3030/ds/query", "http://h:3030/ds/update", "http://h:3030/ds/data"),
        ("virtuoso", "http://h/sparql", "http://h/sparql-auth", "http://h/sparql-graph-crud-auth"),
        ("graphdb", "http://h/repositories/r", "http://h/repositories/r/statements", "http://h/repositories/r/rdf-graphs/service"),
        ("neptune", "https://h:8182/sparql", "https://h:8182/sparql", "https://h:8182/sparql/gsp/"),
        ("stardog", "http://h:5820/db/query", "http://h:5820/db/update", "http://h:5820/db"),
        ("qlever", "http://h:7019/", "http://h:7019", "http://h:7019"),
    ],
)  # fmt: skip
def test_the_other_addresses_follow_from_the_one_for_queries(profile, query, update, graphs):
    endpoint = Endpoint(query, profile=profile)
    assert (endpoint.update, endpoint.graphs) == (update, graphs)


def test_what_is_said_of_addresses_holds():
    endpoint = Endpoint("http://h/query", "http://h/u", profile="fuseki")
    assert (endpoint.update, endpoint.graphs) == ("http://h/u", "http://h/data")


def test_a_user_in_the_address_is_in_those_that_follow_too():
    assert Endpoint("http://u:p@h/query").update == "http://u:p@h/update"


def test_a_server_is_recognised_by_what_it_says_of_itself():
    assert recognised("Virtuoso/07.20.3229 (Linux) x86_64-pc-linux-gnu").id == "virtuoso"
    assert recognised("Apache Jena Fuseki (5.1.0)").id == "fuseki"
    assert recognised("nginx") is UNKNOWN
    assert recognised(None) is UNKNOWN


def test_an_unknown_profile_is_refused():
    with pytest.raises(UsageError, match="no profile of servers named 'blazegraph'"):
        Endpoint("http://h/query", profile="blazegraph")
