"""A key that is limited to graphs, shown to a server that has more: whatever is asked, nothing of the rest is told."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any, Final

import pytest
from click.testing import CliRunner
from fastapi.testclient import TestClient

import aimsgraph
from aimsgraph.cli.program import program
from aimsgraph_api.app import create_app
from aimsgraph_api.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

OPEN: Final = """@prefix aims: <https://w3id.org/aimsgraph/ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix ex: <https://example.org/meridian/> .
ex:ana a aims:Owner ; rdfs:label "Ana" .
ex:model a aims:Model ; rdfs:label "Model" ; aims:ownedBy ex:ana .
ex:minutes a aims:Evidence ; rdfs:label "Minutes" ; aims:location "minutes.txt" .
"""
HIDDEN: Final = """@prefix aims: <https://w3id.org/aimsgraph/ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix ex: <https://example.org/meridian/> .
ex:merger a aims:Incident ; rdfs:label "Merger secret" ; aims:involves ex:model .
ex:model aims:note "known to the board alone" .
ex:takeover a aims:Risk ; rdfs:label "Takeover secret" ; aims:threatens ex:model .
"""
OTHER: Final = """@prefix aims: <https://w3id.org/aimsgraph/ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix ex: <https://example.org/meridian/> .
ex:data a aims:Dataset ; rdfs:label "Other data" .
"""
#: What stands in hidden sources alone.
SECRETS: Final = ("merger", "takeover", "board alone", "Other data", "hidden.ttl", "other.ttl", "EX/data")
#: What is another in each answer, or in each store.
_OF_ITS_OWN: Final = ("request_id", "snapshot")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("limited")
    for name, text in (("open.ttl", OPEN), ("hidden.ttl", HIDDEN), ("other.ttl", OTHER)):
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "evidence").mkdir()
    for name in ("minutes.txt", "hidden.txt"):
        (folder / "evidence" / name).write_text("as it was", encoding="utf-8")
    graph = aimsgraph.init(folder / "aims.store", evidence_root=folder / "evidence")
    for name in ("open.ttl", "hidden.ttl", "other.ttl"):
        graph.load(folder / name, author="carla-of-the-board")
    return folder / "aims.store"


@pytest.fixture(scope="module")
def keys(store: Path) -> dict[str, dict[str, str]]:
    """Make keys as whoever runs the server does; give the header that shows each."""
    wanted = {
        "analyst": ["analyst", "open"], "auditor": ["auditor", "open"], "second": ["auditor", "other"],
        "whole": ["auditor"], "administrator": ["administrator", "open"], "reader": ["reader"],
        "editor": ["editor"],
    }  # fmt: skip
    made = {}
    for name, (role, *sees) in wanted.items():
        graphs = [word for one in sees for word in ("--graph", source(store, one))]
        words = ["access", "add", name, "--role", role, *graphs, "--store", str(store), "--json"]
        done = CliRunner().invoke(program, words)
        assert done.exit_code == 0, done.output
        made[name] = {"Authorization": f"Bearer {json.loads(done.stdout)['key']}"}
    return made


def source(store: Path, name: str) -> str:
    """Return the IRI of the graph of a source."""
    [graph] = [one for one in aimsgraph.open(store).view().graphs() if one.endswith(f"{name}.ttl")]
    return graph


@pytest.fixture(scope="module")
def client(store: Path, keys: dict[str, dict[str, str]]) -> Iterator[TestClient]:
    app = create_app(Settings(store, hosts=("testserver",)))
    with TestClient(app, headers=keys["auditor"], raise_server_exceptions=False) as client:
        yield client


def clean(answer: Any) -> None:
    """Make sure that an answer tells nothing of what is hidden, in its body or headers."""
    told = answer.text + repr(answer.headers)
    assert not [secret for secret in SECRETS if secret in told], told


def ask(client: TestClient, query: str, who: dict[str, str] | None = None, **more: Any) -> Any:
    answer = client.get("/sparql", params={"query": query, "format": "json", **more}, headers=who)
    clean(answer) if who is None else None
    return answer


COUNTS: Final = [
    "?s ?p ?o FILTER(CONTAINS(STR(?o), 'Merger secret') || CONTAINS(STR(?o), 'board alone'))",
    "GRAPH ?g { ?s a aims:Incident }",
    "GRAPH ?g {} FILTER(CONTAINS(STR(?g), 'hidden') || CONTAINS(STR(?g), 'other'))",
    "?x aims:threatens+ ?y",
    "<https://example.org/meridian/model> (^aims:involves|^aims:threatens|aims:note)+ ?y",
    "GRAPH <HIDDEN> { ?s ?p ?o }",
]


@pytest.mark.parametrize("pattern", COUNTS)
def test_nothing_hidden_is_counted(
    client: TestClient, store: Path, keys: dict[str, dict[str, str]], pattern: str
) -> None:
    text = f"SELECT (COUNT(*) AS ?n) {{ {pattern.replace('HIDDEN', source(store, 'hidden'))} }}"
    whole, part = ask(client, text, keys["whole"]), ask(client, text)
    found = [int(one.json()["results"]["bindings"][0]["n"]["value"]) for one in (whole, part)]
    assert found[0] > 0
    assert found[1] == 0


def test_ask_construct_and_describe_show_nothing_hidden(client: TestClient, store: Path) -> None:
    assert ask(client, "ASK { ?s a aims:Incident }").json()["boolean"] is False
    assert (
        ask(client, f"ASK {{ GRAPH <{source(store, 'hidden')}> {{ ?s ?p ?o }} }}").json()["boolean"] is False
    )
    for query in (
        "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }",
        "CONSTRUCT { ?s ?p ?o } WHERE { GRAPH ?g { ?s ?p ?o } }",
        "DESCRIBE <https://example.org/meridian/model>",
        "DESCRIBE ?s WHERE { ?s ?p ?o }",
    ):
        answer = client.get("/sparql", params={"query": query, "format": "nt"})
        assert answer.status_code == 200, answer.text
        clean(answer)
    assert (
        client.get("/sparql", params={"query": "DESCRIBE <https://example.org/meridian/merger>"}).status_code
        == 200
    )


@pytest.mark.parametrize("hidden", ["hidden", "other"])
def test_a_hidden_graph_and_one_that_is_not_there_are_refused_in_the_same_words(
    client: TestClient, store: Path, hidden: str
) -> None:
    graph = source(store, hidden)
    nowhere = graph.replace(hidden, "nowhere")
    for path, given in (
        ("/sparql", {"query": "ASK { ?s ?p ?o }", "default-graph-uri": "@"}),
        ("/sparql", {"query": "ASK { GRAPH ?g { ?s ?p ?o } }", "named-graph-uri": "@"}),
        ("/sparql", {"query": "ASK FROM <@> { ?s ?p ?o }"}),
        ("/sparql", {"query": "ASK FROM NAMED <@> { GRAPH ?g { ?s ?p ?o } }"}),
        ("/rdf-graph-store", {"graph": "@"}),
        ("/api/v1/history", {"source": "@"}),
        ("/api/v1/lineage", {"node": "@"}),
    ):
        said = []
        for one in (graph, nowhere):
            answer = client.get(path, params={name: value.replace("@", one) for name, value in given.items()})
            content = {name: value for name, value in answer.json().items() if name != "request_id"}
            said.append((answer.status_code, json.dumps(content).replace(one, "@")))
        assert said[0] == said[1]


def test_a_hidden_node_is_told_of_as_by_a_store_that_never_had_it(client: TestClient, tmp_path: Path) -> None:
    (tmp_path / "open.ttl").write_text(OPEN, encoding="utf-8")
    aimsgraph.init(tmp_path / "alone.store").load(tmp_path / "open.ttl")
    with TestClient(create_app(Settings(tmp_path / "alone.store", hosts=("testserver",)))) as alone:
        for path in ("lineage", "trace", "history", "nodes"):
            key = "text" if path == "nodes" else "node"
            for node in ("https://example.org/meridian/merger", "Takeover secret"):
                said = [one.get(f"/api/v1/{path}", params={key: node}) for one in (client, alone)]
                assert said[0].status_code == said[1].status_code
                told = [{n: v for n, v in one.json().items() if n not in _OF_ITS_OWN} for one in said]
                assert told[0] == told[1], (path, node)


@pytest.mark.parametrize(
    "path",
    ["", "/nodes?limit=1000", "/nodes?text=secret", "/nodes?text=merg", "/nodes?type=aims:Incident", "/history",
     "/history/difference?older=0", "/validation", "/openapi.json", "/queries", "/jobs", "/risk", "/weak-points",
     "/lineage?node=Model&direction=both&threats=true", "/impact?node=Model", "/trace?node=Model",
     "/lineage?node=Merger secre", "/lineage?node=Takeover"],
)  # fmt: skip
def test_no_route_tells_of_what_is_hidden(client: TestClient, path: str) -> None:
    answer = client.get(f"/api/v1{path}")
    assert answer.status_code in (200, 404), answer.text
    told = answer.text + repr(answer.headers)
    asked = path.rpartition("=")[2]
    secrets = [secret for secret in (*SECRETS, "Merger secret", "Takeover secret") if secret not in asked]
    assert not [secret for secret in secrets if secret in told.replace(asked or "\0", "")], told[:2000]


def test_saved_questions_are_answered_without_what_is_hidden(client: TestClient) -> None:
    document = client.get("/api/v1/openapi.json").json()
    found = [(path, item) for path, item in document["paths"].items() if path.startswith("/api/v1/queries/")]
    assert len(found) > 60
    for path, item in found[::4]:
        required = [one for one in item["get"].get("parameters", []) if one.get("required")]
        answer = client.get(path, params={one["name"]: "Model" for one in required})
        assert answer.status_code < 500, (path, answer.text)
        clean(answer)


def test_the_description_counts_the_part(client: TestClient, keys: dict[str, dict[str, str]]) -> None:
    counts = {}
    for name in ("auditor", "second", "whole"):
        text = client.get("/sparql", headers=keys[name] | {"Accept": "application/n-triples"}).text
        [counts[name]] = [
            line for line in text.splitlines() if "#dataset>" in line and "void#triples" in line
        ]
        told = ask(client, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", keys[name]).json()
        assert f'"{told["results"]["bindings"][0]["n"]["value"]}"' in counts[name]
    assert len(set(counts.values())) == 3
    clean(client.get("/sparql", headers={"Accept": "text/turtle"}))


def test_two_with_different_graphs_never_get_each_others_answers(
    client: TestClient, keys: dict[str, dict[str, str]]
) -> None:
    """Each asks in turn, twice, so that what was kept of one would reach the other."""
    paths = (
        "/api/v1", "/api/v1/nodes?limit=1000", "/api/v1/validation", "/api/v1/history", "/api/v1/nodes?text=a",
        "/sparql?query=SELECT%20*%20%7B%3Fs%20%3Fp%20%3Fo%7D&format=csv",
    )  # fmt: skip
    names = ("auditor", "second", "whole")
    for path in paths:
        first, again = [
            {name: client.get(path, headers=keys[name]) for name in order} for order in (names, names[::-1])
        ]
        for name in names:
            assert first[name].status_code == 200, first[name].text
            assert sorted(first[name].text) == sorted(again[name].text)
        clean(first["auditor"])
        assert "Merger" not in first["second"].text
        tags = [first[name].headers.get("ETag") for name in names]
        assert len(set(tags)) == 3 or set(tags) == {None}
        for name, tag in zip(names, tags, strict=True) if path.endswith(("v1", "limit=1000")) else ():
            for other in names:
                given = client.get(path, headers=keys[other] | {"If-None-Match": tag})
                assert given.status_code == (304 if other == name else 200)


def test_who_sees_a_part_writes_nothing_and_has_no_work_done(
    client: TestClient, keys: dict[str, dict[str, str]]
) -> None:
    for name in ("auditor", "administrator"):
        for method, path, more in (
            ("POST", "/sparql/update", {"data": {"update": "CLEAR ALL"}}),
            ("PUT", "/rdf-graph-store?default", {"content": "", "headers": {"Content-Type": "text/turtle"}}),
            ("DELETE", "/rdf-graph-store?default", {}),
            ("DELETE", "/api/v1/nodes?node=ex:model", {}),
            ("POST", "/api/v1/what-if", {"json": {"update": "CLEAR ALL"}}),
            ("POST", "/api/v1/validations", {"json": {}}),
            ("POST", "/api/v1/reports", {"json": {}}),
            ("POST", "/api/v1/exports", {"json": {}}),
            ("POST", "/api/v1/verifications", {}),
            ("GET", "/metrics", {}),
        ):
            headers = more.pop("headers", {}) | keys[name]
            answer = client.request(method, path, headers=headers, **more)
            assert (answer.status_code, answer.json()["code"]) == (403, "not-permitted"), (path, answer.text)


def test_what_is_not_permitted_to_a_role_is_refused(
    client: TestClient, keys: dict[str, dict[str, str]]
) -> None:
    for path in ("/sparql?query=ASK%7B%7D", "/sparql", "/rdf-graph-store?default", "/api/v1/nodes?as_of=1"):
        answer = client.get(path, headers=keys["reader"])
        assert (answer.status_code, answer.json()["code"]) == (403, "not-permitted"), path
    for path in (
        "/api/v1",
        "/api/v1/openapi.json",
        "/api/v1/nodes",
        "/sparql",
        "/.well-known/void",
        "/metrics",
    ):
        answer = client.get(path, headers={"Authorization": ""})
        assert answer.status_code == 401, path


def test_tags_tell_of_the_files_alone_that_may_be_seen(client: TestClient, store: Path) -> None:
    def tag() -> str | None:
        return client.get("/api/v1").headers["ETag"]

    before = tag()
    (store.parent / "evidence" / "hidden.txt").write_text("something else", encoding="utf-8")
    (store.parent / "evidence" / "new.txt").write_text("new", encoding="utf-8")
    assert tag() == before
    (store.parent / "evidence" / "minutes.txt").write_text("something else", encoding="utf-8")
    assert tag() != before


def test_a_change_that_is_hidden_changes_nothing(
    client: TestClient, store: Path, keys: dict[str, dict[str, str]], tmp_path: Path
) -> None:
    """Last of all: the store is another afterwards."""
    paths = ("/api/v1", "/api/v1/nodes?limit=1000", "/api/v1/history", "/api/v1/validation", "/sparql")
    before = {path: client.get(path) for path in paths}
    (tmp_path / "hidden.ttl").write_text(HIDDEN.replace("secret", "private"), encoding="utf-8")
    graph = aimsgraph.open(store)
    graph.load(tmp_path / "hidden.ttl", author="carla-of-the-board")
    for path in paths:
        now = client.get(path)
        assert sorted(now.text) == sorted(before[path].text), path
        assert now.headers.get("ETag") == before[path].headers.get("ETag"), path
        tag = before[path].headers.get("ETag")
        if tag:
            assert client.get(path, headers={"If-None-Match": tag}).status_code == 304
    assert (
        client.get("/api/v1", headers=keys["whole"]).json()["snapshot"]
        != before["/api/v1"].json()["snapshot"]
    )


def test_a_part_that_is_removed_is_made_again(client: TestClient, store: Path) -> None:
    text = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    before = ask(client, text).text
    shutil.rmtree(store / "parts")
    assert ask(client, text).text == before
    assert client.get("/api/v1/nodes").status_code == 200
