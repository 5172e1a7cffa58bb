"""An assistant asks over the protocol, through its own library, a program of its own that we start."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import mcp
import pytest
from click.testing import CliRunner

import aimsgraph
from aimsgraph.cli import assistant as cli
from aimsgraph.cli.program import program
from aimsgraph.client import Client
from aimsgraph.errors import MissingExtraError, StoreNotFoundError
from aimsgraph.mcp.local import Local
from aimsgraph.mcp.remote import Remote
from aimsgraph.mcp.tools import TOOLS
from aimsgraph.model.access import PERMITTED, Principal, Role
from aimsgraph.model.node import NodePage
from aimsgraph.query import Limits, Result
from tests.clients.assistants import Assistant, assistant, beside
from tests.clients.conftest import needs
from tests.clients.scripted import scripted
from tests.conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from aimsgraph.engine import Graph

MODEL, BUREAU = "Credit scorecard v3", "Bureau extract 2026"


@pytest.fixture(scope="module")
def auditor(store: Path) -> Iterator[Assistant]:
    with assistant("--store", str(store), "--role", "auditor") as found:
        yield found


@pytest.fixture(scope="module")
def analyst(store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    """One with short patience, little room, and a question of its own."""
    folder = tmp_path_factory.mktemp("questions")
    shipped = next((ROOT / "queries").rglob("controls-for-area.rq")).read_text(encoding="utf-8")
    (folder / "our-controls.rq").write_text(
        shipped.replace("controls-for-area", "our-controls"), encoding="utf-8"
    )
    with assistant(
        "--store", str(store), "--most", "2000", "--time-limit", "1", "--queries", str(folder)
    ) as found:
        yield found


def told(answer: Any) -> Any:
    """Return an answer of the engine as the command line writes it."""
    return json.loads(answer.to_json()) if isinstance(answer, Result) else answer.model_dump(mode="json")


AREA = {"name": "controls-for-area", "parameters": {"area": "area:data-governance"}}
MODELS = "SELECT ?s { ?s a aims:Model } ORDER BY ?s"
ANSWERS: list[tuple[str, dict[str, object], Callable[[Graph], Any]]] = [
    (
        "search",
        {"text": "scorecard", "limit": 50},
        lambda graph: NodePage(nodes=graph.nodes(text="scorecard"), next=None),
    ),
    ("ask_question", AREA, lambda graph: graph.query("controls-for-area", {"area": "area:data-governance"})),
    ("sparql", {"query": MODELS}, lambda graph: graph.query(MODELS)),
    ("lineage", {"node": MODEL, "hops": 2}, lambda graph: graph.lineage(MODEL, hops=2)),
    ("impact", {"nodes": [BUREAU], "hops": 2}, lambda graph: graph.impact(BUREAU, hops=2)),
    ("trace", {"node": "iso42001:A.7.4"}, lambda graph: graph.trace("iso42001:A.7.4")),
]


@pytest.mark.parametrize(("tool", "words", "known"), ANSWERS, ids=[tool for tool, _, _ in ANSWERS])
def test_an_answer_is_the_json_of_the_command_line(auditor: Assistant, graph: Graph, tool, words, known):
    answer = auditor.call(tool, **words)
    assert answer.structured_content == told(known(graph))
    assert not answer.is_error
    sentence, text = (part.text for part in answer.content)
    assert len(sentence) < 300
    assert json.loads(text) == answer.structured_content


def test_findings_are_narrowed(auditor: Assistant, graph: Graph):
    whole = told(graph.validate())
    answer = auditor.call("validate", severity="violation", area="human-oversight")
    wanted = [
        one
        for one in whole["findings"]
        if (one["severity"], one["area"]) == ("violation", "area:human-oversight")
    ]
    assert wanted
    assert answer.structured_content["findings"] == wanted
    assert answer.structured_content["counts"] == whole["counts"]


def test_all_of_a_node(auditor: Assistant, graph: Graph):
    assert auditor.call("describe", node=MODEL).structured_content == told(graph.node(MODEL))
    owner = "aims:Requirement"  # so much refers to it that it takes pages
    first = auditor.call("describe", node=owner).structured_content
    second = auditor.call("describe", node=owner, after=first["next"]).structured_content
    assert second == told(graph.node(owner, after=first["next"]))
    assert second["references"]


def test_questions_are_listed_with_what_they_take(auditor: Assistant):
    answer = auditor.call("list_questions", text="controls area")
    listed = {one["id"]: one for one in answer.structured_content["queries"]}
    assert [param["name"] for param in listed["controls-for-area"]["params"]] == ["area"]
    assert "text" not in listed["controls-for-area"]


@pytest.mark.parametrize(
    ("tool", "words", "code", "said"),
    [
        ("lineage", {"node": "nobody"}, "node-not-found", "Did you mean"),
        ("ask_question", {"name": "no-such"}, "query-not-found", "no saved question"),
        (
            "ask_question",
            {"name": "controls-for-area", "parameters": {"strange": "x"}},
            "query-invalid",
            "strange",
        ),
        (
            "sparql",
            {"query": "SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }"},
            "query-refused",
            "SERVICE",
        ),
        ("sparql", {"query": "DELETE WHERE { ?s ?p ?o }"}, "query-refused", ""),
        ("sparql", {"query": "SELECT * { ?s ?p"}, "query-invalid", ""),
        ("sparql", {"query": "SELECT * { ?s ?p ?o }"}, "row-limit", "rows"),
        ("lineage", {"node": MODEL, "hop": 2}, "usage", "hop: "),
        ("lineage", {"node": MODEL, "hops": 0}, "usage", "hops: "),
        ("lineage", {}, "usage", "node: "),
        ("trace", {"node": MODEL, "as_of": "yesterday"}, "usage", "yesterday"),
    ],
)
def test_an_error_has_its_code_and_says_how_to_go_on(auditor: Assistant, tool, words, code, said):
    answer = auditor.call(tool, **words)
    assert answer.is_error
    assert answer.structured_content["code"] == code
    (text,) = (part.text for part in answer.content)
    assert text.startswith(f"{code}: ")
    assert said in text
    assert "Traceback" not in text


def test_the_past_is_seen(auditor: Assistant, store: Path):
    answer = auditor.call("trace", node="iso42001:A.7.4", as_of="20")
    earlier = aimsgraph.open(store, as_of="20").trace("iso42001:A.7.4")
    assert answer.structured_content == told(earlier)


def test_each_tool_says_that_it_only_reads_and_what_it_takes(auditor: Assistant):
    tools = auditor.tools()
    assert set(tools) == set(TOOLS)
    for tool in tools.values():
        assert (tool.annotations.read_only_hint, tool.annotations.open_world_hint) == (True, False)
        assert tool.description
        assert tool.input_schema["additionalProperties"] is False
        described = [part.get("description") for part in tool.input_schema["properties"].values()]
        assert all(described), tool.name


def test_what_is_long_is_shortened_and_says_so(analyst: Assistant, graph: Graph):
    answer, whole = analyst.call("lineage", node=MODEL), told(graph.lineage(MODEL))
    shown = answer.structured_content
    assert shown["cut"]["nodes"] == {"shown": len(shown["nodes"]), "of": len(whole["nodes"])}
    assert shown["nodes"] == whole["nodes"][: len(shown["nodes"])]
    assert f"of {len(whole['nodes'])} in nodes" in answer.content[0].text
    assert len(answer.content[1].text) < 2500
    rows = analyst.call("sparql", query="SELECT ?s ?l { ?s rdfs:label ?l } ORDER BY ?s LIMIT 500")
    assert rows.structured_content["cut"]["results.bindings"]["of"] == 500


def test_a_role_has_its_tools_and_no_others(analyst: Assistant, store: Path, graph: Graph):
    def permitted(role: Role) -> set[str]:
        return {name for name, permission in TOOLS.items() if permission in PERMITTED[role]}

    assert set(analyst.tools()) == permitted("analyst") == set(TOOLS) - {"trace"}
    answer = analyst.call("trace", node=MODEL)
    assert (answer.is_error, answer.content[0].text) == (True, "Unknown tool: trace")
    before = str(len(graph.log()) - 1)
    assert not analyst.call("search", text="scorecard", as_of=before).is_error
    with beside(Local(store, Principal("reader", "reader"), Limits())) as asking:
        assert set(asking.tools()) == permitted("reader") == set(TOOLS) - {"trace", "sparql"}
        past = asking.call("search", text="scorecard", as_of=before)
        assert asking.read("aimsgraph://ontology")
    assert past.structured_content["code"] == "not-permitted"


def test_who_may_not_see_the_history_does_not_see_it_by_sparql(analyst: Assistant, auditor: Assistant):
    named = "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } FILTER(STRENDS(STR(?g), 'graph/history')) }"
    direct = "ASK { GRAPH <https://w3id.org/aimsgraph/graph/history> { ?s ?p ?o } }"
    assert len(auditor.call("sparql", query=named).structured_content["results"]["bindings"]) == 1
    assert auditor.call("sparql", query=direct).structured_content["boolean"] is True
    assert analyst.call("sparql", query=named).structured_content["results"]["bindings"] == []
    assert analyst.call("sparql", query=direct).structured_content["boolean"] is False


def test_a_question_that_takes_too_long_is_stopped_and_the_next_one_is_answered(analyst: Assistant):
    endless = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    assert analyst.call("sparql", query=endless).structured_content["code"] == "time-limit"
    assert analyst.call("sparql", query="ASK {}").structured_content["boolean"] is True


def test_folders_of_ones_own_are_asked_too(analyst: Assistant):
    answer = analyst.call("ask_question", name="our-controls", parameters={"area": "area:data-governance"})
    assert answer.structured_content["results"]["bindings"]


def test_resources_and_prompts(auditor: Assistant):
    words = auditor.read("aimsgraph://ontology")
    assert "- `aims:trainedOn` (aims:Model → aims:Dataset): " in words
    listed = json.loads(auditor.read("aimsgraph://questions"))["queries"]
    one = json.loads(auditor.read(f"aimsgraph://questions/{listed[0]['id']}"))
    assert one["question"] == listed[0]["question"]
    assert "SELECT" in one["text"]
    with pytest.raises(mcp.MCPError, match="query-not-found"):
        auditor.read("aimsgraph://questions/none")
    assert '"A \\"B\\""' in auditor.prompt("what_breaks", node='A "B"')
    assert "iso42001:A.7.4" in auditor.prompt("show_evidence", requirement="iso42001:A.7.4")


def test_nothing_but_the_protocol_is_on_stdout(store: Path):
    opening = {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "initialize",
        "params": {
            "protocolVersion": "2025-06-18",
            "capabilities": {},
            "clientInfo": {"name": "test", "version": "1"},
        },
    }
    asked = [opening, {"jsonrpc": "2.0", "method": "notifications/initialized"}, "this is no JSON"]
    done = subprocess.run(
        [sys.executable, "-m", "aimsgraph", "mcp", "--store", str(store)], capture_output=True, text=True,
        input="".join(f"{one if isinstance(one, str) else json.dumps(one)}\n" for one in asked), check=False,
    )  # fmt: skip
    assert done.returncode == 0
    assert all(json.loads(line)["jsonrpc"] == "2.0" for line in done.stdout.splitlines())
    assert json.loads(done.stdout.splitlines()[0])["result"]["serverInfo"]["name"] == "aimsgraph"
    assert "Traceback" not in done.stderr


def test_without_a_store_it_does_not_start(tmp_path: Path):
    done = CliRunner().invoke(program, ["mcp", "--store", str(tmp_path / "none")])
    assert isinstance(done.exception, StoreNotFoundError)
    assert done.stdout == ""


def test_without_the_library_it_says_what_to_install(store: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delitem(sys.modules, "aimsgraph.mcp.server")
    monkeypatch.setitem(sys.modules, "mcp.server.mcpserver", None)
    done = CliRunner().invoke(program, ["mcp", "--store", str(store)])
    assert isinstance(done.exception, MissingExtraError)
    assert "aimsgraph[mcp]" in str(done.exception)


@pytest.fixture(scope="module")
def far(address: str) -> Iterator[Assistant]:
    with beside(Remote(Client(address), None)) as found:
        yield found


@pytest.mark.parametrize(("tool", "words", "known"), ANSWERS, ids=[tool for tool, _, _ in ANSWERS])
def test_a_server_is_asked_the_same(far: Assistant, address: str, graph: Graph, tool, words, known):
    needs(address, "/api/v1/queries", "/sparql")
    assert far.call(tool, **words).structured_content == told(known(graph))


def test_an_error_of_a_server_is_told_as_ones_own(far: Assistant, auditor: Assistant):
    there, here = (one.call("lineage", node="nobody") for one in (far, auditor))
    assert there.structured_content == here.structured_content
    assert there.is_error


def test_the_key_is_read_from_the_environment_and_told_to_nobody(monkeypatch: pytest.MonkeyPatch):
    key = "aims_unknown-key-0123456789"
    monkeypatch.setenv("AIMSGRAPH_KEY", key)
    refusal = json.dumps({"code": "not-recognised", "detail": "Why."}).encode()
    with (
        scripted((401, {"Content-Type": "application/problem+json"}, refusal)) as server,
        beside(cli.far(server.address, "analyst", 5)) as asking,
    ):
        assert "trace" not in asking.tools()
        answer = asking.call("lineage", node="nobody")
        assert [asked[2]["Authorization"] for asked in server.asked] == [f"Bearer {key}"]
    assert answer.structured_content["code"] == "not-recognised"
    assert key not in str(answer)
