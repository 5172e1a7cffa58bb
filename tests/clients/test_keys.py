"""Every client shows its key in its own way, and sees what the key's role may; without one it sees nothing."""

from __future__ import annotations

import json
import shutil
import urllib.error
from typing import TYPE_CHECKING

import pytest
import requests
import SPARQLWrapper as Library
from click.testing import CliRunner
from rdflib import Graph as Triples
from rdflib.namespace import RDF
from rdflib.plugins.stores.sparqlstore import SPARQLStore, SPARQLUpdateStore
from SPARQLWrapper.SPARQLExceptions import Unauthorized

from aimsgraph import errors
from aimsgraph.cli.program import COMMANDS, program
from aimsgraph.client import Client
from aimsgraph.mcp.remote import Remote
from tests.clients.assistants import beside
from tests.serving import serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.skipif("access" not in COMMANDS, reason="there are no keys yet")

ASKED = "ASK { ?s a <https://w3id.org/aimsgraph/ns#Model> }"
WRONG = "aims_0123456789abcdef0123456789abcdef0123456789ab"


@pytest.fixture(scope="module")
def keys(store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """A server that knows a reader, an analyst and an editor; their keys, and its ``address``."""
    copy = shutil.copytree(store, tmp_path_factory.mktemp("keys") / "copy.store")
    found = {}
    for role in ("reader", "analyst", "editor"):
        words = ["access", "add", role, "--role", role, "--store", str(copy), "--json"]
        found[role] = json.loads(CliRunner().invoke(program, words, catch_exceptions=False).stdout)["key"]
    with serving(copy, "auditor") as client:
        yield found | {"address": str(client.base_url).rstrip("/")}


def test_our_client(keys: dict[str, str]):
    address = keys["address"]
    assert Client(address, keys["reader"]).nodes(limit=1)
    with pytest.raises(errors.NotPermittedError):
        Client(address, keys["reader"]).trace("iso42001:A.7.4")
    for key in (None, WRONG):
        with pytest.raises(errors.NotRecognisedError) as found:
            Client(address, key).nodes()
        assert WRONG not in str(found.value)


def test_an_update_is_by_who_the_key_stands_for(keys: dict[str, str]):
    editor = Client(keys["address"], keys["editor"])
    done = editor.update("INSERT DATA { ex:by-key a aims:Model }")
    assert [one.author for one in done.changesets] == ["editor"]
    with pytest.raises(errors.NotPermittedError):
        Client(keys["address"], keys["analyst"]).update("DELETE WHERE { ex:by-key ?p ?o }")


def test_rdflib_shows_the_key_as_a_password(keys: dict[str, str]):
    address = f"{keys['address']}/sparql"
    there = Triples(SPARQLStore(address, auth=("analyst", keys["analyst"])))
    assert there.query(ASKED).askAnswer is True
    with pytest.raises(ValueError, match="wrong"):
        Triples(SPARQLStore(address)).query(ASKED)
    writing = SPARQLUpdateStore(
        address, f"{address}/update", auth=("editor", keys["editor"]), context_aware=False
    )
    (thing,) = Client(keys["address"], keys["analyst"]).nodes(type="aims:Model", limit=1)
    assert list(Triples(writing).objects(None, RDF.type))
    refused = SPARQLUpdateStore(
        address, f"{address}/update", auth=("analyst", keys["analyst"]), context_aware=False
    )
    with pytest.raises(urllib.error.HTTPError, match="403"):
        Triples(refused).update(f"DELETE DATA {{ <{thing.id}> <urn:p> 1 }}")


@pytest.mark.parametrize("way", ["password", "header"])
def test_sparqlwrapper_shows_the_key_either_way(keys: dict[str, str], way: str):
    wrapper = Library.SPARQLWrapper(f"{keys['address']}/sparql", returnFormat=Library.JSON)
    wrapper.setQuery(ASKED)
    with pytest.raises(Unauthorized):
        wrapper.query()
    if way == "password":
        wrapper.setCredentials("analyst", keys["analyst"])
    else:
        wrapper.addCustomHttpHeader("Authorization", f"Bearer {keys['analyst']}")
    assert wrapper.queryAndConvert()["boolean"] is True


def test_a_key_in_the_address_is_not_looked_at(keys: dict[str, str]):
    asked = {"query": ASKED, "key": keys["analyst"], "access_token": keys["analyst"]}
    assert requests.get(f"{keys['address']}/sparql", params=asked, timeout=60).status_code == 401


def test_an_assistant_asks_as_the_key_may(keys: dict[str, str]):
    with beside(Remote(Client(keys["address"], keys["reader"]), None)) as found:
        assert found.call("search", text="scorecard").structured_content["nodes"]
        refused = found.call("sparql", query=ASKED)
    assert refused.structured_content["code"] == "not-permitted"
    assert keys["reader"] not in str(refused)
