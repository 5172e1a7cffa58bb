"""The saved questions over HTTP: listed, explained, and each answered by a route of its own."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from rdflib import Graph
from starlette.testclient import TestClient

import aimsgraph
from aimsgraph.model.question import AREAS, PERSONAS
from aimsgraph.query import catalogue
from aimsgraph_api import create_app
from aimsgraph_api.settings import Settings
from tests.conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HEADER = """\
#+ id: {id}
#+ title: {id}
#+ question: Is this a question of our own?
#+ persona: architect
#+ area: model-management
#+ since: 0.1.0
"""
#: Gives back what it is asked with, so that a term that changed on the way would be seen.
ECHO = (
    HEADER.format(id="echo")
    + """\
#+ params:
#+   text: {type: string, default: nothing, description: any text}
#+   from: {type: integer, default: "5", description: a whole number}
#+   share: {type: decimal, default: "0.5", description: a number}
#+   day: {type: date, default: today, description: a day}
#+   yes: {type: boolean, default: "true", description: yes or no}
#+   level: {type: iri, default: aims:LevelLow, enumerate: [aims:LevelLow, aims:LevelHigh], description: a level}
#+ columns: {text: text, from: number, share: share, day: day, yes: yes, level: level}
#+ order: [text]

SELECT ?text ?from ?share ?day ?yes ?level WHERE { VALUES ?one { 1 } } ORDER BY ?text
"""
)
PICTURE = (
    HEADER.format(id="picture")
    + "\nCONSTRUCT { ?model aims:trainedOn ?data } WHERE { ?model aims:trainedOn ?data }\n"
)
WHETHER = HEADER.format(id="whether") + "\nASK { ?risk a aims:Risk }\n"
HOSTILE = [
    '"',
    '" } ; DROP ALL ; SELECT * WHERE { ?s ?p "',
    "> . DROP ALL",
    "'''\"\"\"",
    "\\",
    '\\" . ?x ?y ?z',
    "}{",
    "line\nbreak\r\tand tab",
    "a\x00b",
    "SERVICE <http://127.0.0.1:1/> {}",
    "# a comment",
    "?text $text _:b <iri> @en ^^xsd:integer",
    "\\u0022 \\U00000022",
    "\u202e\ufeff\U0001f600",
    "",
    " ",
    "x" * 4000,
]


@pytest.fixture(scope="module")
def store(demo_folder: Path) -> Path:
    return demo_folder / "aimsgraph-demo" / "meridian.store"


@pytest.fixture(scope="module")
def client(store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    own = tmp_path_factory.mktemp("questions")
    for name, text in {"echo": ECHO, "picture": PICTURE, "whether": WHETHER}.items():
        (own / f"{name}.rq").write_text(text, encoding="utf-8")
    app = create_app(Settings(store, queries=(own,), hosts=("testserver",)))
    with TestClient(app) as made:
        yield made


@pytest.fixture(scope="module")
def document(client: TestClient) -> dict[str, Any]:
    answer: dict[str, Any] = client.get("/api/v1/openapi.json").json()
    return answer


def results(client: TestClient, name: str, **asked: Any) -> Any:
    return client.get(f"/api/v1/queries/{name}/results", params=asked)


def echoed(client: TestClient, **asked: str) -> dict[str, str]:
    answer = results(client, "echo", **asked)
    assert answer.status_code == 200, answer.text
    (row,) = answer.json()["results"]["bindings"]
    return {name: cell["value"] for name, cell in row.items()}


def faults(answer: Any) -> list[str]:
    assert answer.headers["content-type"] == "application/problem+json"
    found: list[str] = answer.json()["problems"]
    return found


def test_the_list_is_that_of_the_command(client: TestClient) -> None:
    listed = client.get("/api/v1/queries").json()["queries"]
    shipped = [one.model_dump(mode="json") for one in catalogue().values()]
    assert [one for one in listed if one["id"] not in ("echo", "picture", "whether")] == shipped
    assert len(listed) == len(shipped) + 3


@pytest.mark.parametrize("persona", PERSONAS)
def test_the_list_is_narrowed_to_a_persona(client: TestClient, persona: str) -> None:
    listed = client.get("/api/v1/queries", params={"persona": persona}).json()["queries"]
    assert listed
    assert all(persona in one["personas"] for one in listed)


@pytest.mark.parametrize("area", AREAS)
def test_the_list_is_narrowed_to_an_area(client: TestClient, area: str) -> None:
    listed = client.get("/api/v1/queries", params={"area": area}).json()["queries"]
    assert {one["area"] for one in listed} == {area}


def test_the_list_is_narrowed_to_words(client: TestClient) -> None:
    def named(text: str) -> set[str]:
        listed = client.get("/api/v1/queries", params={"text": text}).json()["queries"]
        return {one["id"] for one in listed}

    assert "risks-above-appetite" in named("WILLING bear")
    assert named("willing unwilling") == set()
    assert client.get("/api/v1/queries", params={"area": "nonsense"}).status_code == 422


def test_a_question_is_explained_as_by_the_command(client: TestClient) -> None:
    explained = client.get("/api/v1/queries/crosswalk").json()
    assert explained == catalogue()["crosswalk"].model_dump(mode="json")
    answer = client.get("/api/v1/queries/cross-walk")
    assert (answer.status_code, answer.json()["code"]) == (404, "query-not-found")
    assert "crosswalk" in answer.json()["hint"]


def test_results_are_those_of_the_command(client: TestClient, store: Path) -> None:
    words = ["query", "risks-above-appetite", "-p", "appetite=aims:LevelLow", "--store", str(store), "--json"]
    done = subprocess.run([sys.executable, "-m", "aimsgraph", *words], capture_output=True, check=True)
    answer = results(client, "risks-above-appetite", appetite="aims:LevelLow")
    assert answer.json() == json.loads(done.stdout)
    assert len(answer.json()["results"]["bindings"]) > 10


def test_there_is_a_route_for_each_question_and_for_no_other(
    client: TestClient, document: dict[str, Any]
) -> None:
    routes = {path for path in document["paths"] if path.startswith("/api/v1/queries/")}
    named = {f"/api/v1/queries/{one}/results" for one in (*catalogue(), "echo", "picture", "whether")}
    assert routes == {"/api/v1/queries/{id}", *named}
    answer = results(client, "no-such-question")
    assert (answer.status_code, answer.json()["code"]) == (404, "query-not-found")
    assert results(client, "Risks above appetite").json()["hint"] == "It is risks-above-appetite."


def test_parameters_are_typed_in_openapi(document: dict[str, Any]) -> None:
    declared = document["paths"]["/api/v1/queries/echo/results"]["get"]["parameters"]
    schemas = {one["name"]: one["schema"] for one in declared}
    assert {name: (one.get("type"), one.get("default")) for name, one in schemas.items()} == {
        "text": ("string", "nothing"),
        "from": ("integer", 5),
        "share": ("number", 0.5),
        "day": ("string", "today"),
        "yes": ("boolean", True),
        "level": ("string", "aims:LevelLow"),
        "format": ("string", None),
        "as_of": (None, None),
        "date": (None, None),
    }
    assert schemas["level"]["enum"] == ["aims:LevelLow", "aims:LevelHigh"]
    (model,) = [
        one
        for one in document["paths"]["/api/v1/queries/origins-of-model/results"]["get"]["parameters"]
        if one["name"] == "model"
    ]
    assert model["required"] is True
    assert model["examples"]["example"]["value"] == catalogue()["origins-of-model"].params[0].example
    assert "date" not in str(document["paths"]["/api/v1/queries/picture/results"]["get"]["parameters"])


def test_columns_are_documented_in_openapi(document: dict[str, Any]) -> None:
    for saved in catalogue().values():
        found = document["paths"][f"/api/v1/queries/{saved.id}/results"]["get"]
        assert (found["summary"], found["description"]) == (saved.title, saved.question)
        described = found["responses"]["200"]
        assert all(f"`{one.name}`: {one.meaning}" in described["description"] for one in saved.columns)
        rows = described["content"]["application/sparql-results+json"]["schema"]["properties"]["results"]
        assert list(rows["properties"]["bindings"]["items"]["properties"]) == [
            one.name for one in saved.columns
        ]


@pytest.mark.parametrize("value", HOSTILE, ids=range(len(HOSTILE)))
def test_a_text_is_bound_as_it_is_whatever_is_in_it(client: TestClient, value: str) -> None:
    assert echoed(client, text=value)["text"] == value


def test_no_value_writes_anything(client: TestClient) -> None:
    before = client.get("/api/v1/health").json()
    for value in HOSTILE[:4]:
        assert results(client, "origins-of-model", model=value).status_code == 404
    assert client.get("/api/v1/health").json() == before


def test_values_have_their_types(client: TestClient) -> None:
    assert echoed(client) == {
        "text": "nothing", "from": "5", "share": "0.5", "day": "2026-09-30", "yes": "true",
        "level": "https://w3id.org/aimsgraph/ns#LevelLow",
    }  # fmt: skip
    given = {"from": "-12", "share": ".25", "day": "2026-01-31", "yes": "no", "level": "aims:LevelHigh"}
    assert echoed(client, **given) == {
        "text": "nothing", "from": "-12", "share": "0.25", "day": "2026-01-31", "yes": "false",
        "level": "https://w3id.org/aimsgraph/ns#LevelHigh",
    }  # fmt: skip
    assert echoed(client, date="2025-02-28")["day"] == "2025-02-28"


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("from", "1; DROP ALL", "a whole number is wanted"),
        ("from", "", "a whole number is wanted"),
        ("from", "1.5", "a whole number is wanted"),
        ("from", "\u0663", "a whole number is wanted"),
        ("from", "9" * 4001, "at most 4,000 characters are taken"),
        ("share", "nan", "a number such as 0.25 is wanted"),
        ("day", "2026-02-30", "a day such as 2026-09-30 (or today) is wanted"),
        ("day", "2026-09-30> . DROP ALL", "a day such as 2026-09-30 (or today) is wanted"),
        ("yes", "perhaps", "true or false is wanted"),
        ("level", "aims:LevelMedium", "one of aims:LevelLow, aims:LevelHigh is wanted"),
        ("text", "x" * 4001, "at most 4,000 characters are taken"),
        ("format", "ttl", "one of json, csv, tsv, xlsx, parquet, arrow, markdown, table, md, txt, arrows is wanted"),
        ("txt", "x", "there is no such parameter (there are as_of, date, day, format, from, level, share, text, yes)"),
    ],
)  # fmt: skip
def test_a_value_that_does_not_fit_is_refused_with_the_name_of_its_parameter(
    client: TestClient, name: str, value: str, reason: str
) -> None:
    answer = results(client, "echo", **{name: value})
    assert answer.status_code == 422
    (fault,) = faults(answer)
    assert fault == f"{reason} @ query.{name}"


def test_a_parameter_is_given_once_and_one_without_a_default_must_be(client: TestClient) -> None:
    twice = client.get("/api/v1/queries/echo/results?text=a&text=b")
    assert (twice.status_code, faults(twice)) == (422, ["it is given twice @ query.text"])
    missing = results(client, "crosswalk", to="euaiact:scheme")
    assert (missing.status_code, faults(missing)) == (422, ["it is missing @ query.from"])


def test_a_node_is_named_by_iri_curie_or_label(client: TestClient) -> None:
    found = [
        results(client, "origins-of-model", model=name).json()
        for name in (
            "Credit scorecard v3",
            "ex:model/credit-scorecard-v3",
            "https://example.org/meridian/model/credit-scorecard-v3",
        )
    ]
    assert found[0] == found[1] == found[2]
    assert len(found[0]["results"]["bindings"]) > 5
    absent = results(client, "origins-of-model", model="nobody")
    assert (absent.status_code, absent.json()["code"]) == (404, "node-not-found")
    assert absent.json()["detail"].startswith("model: ")


def test_dates_are_judged_as_on_the_day_asked_for(client: TestClient) -> None:
    def expired(**asked: str) -> int:
        return results(client, "stale-evidence", format="csv", **asked).text.count("expired")

    assert 0 < expired() == expired(date="2026-09-30") == expired(today="2026-09-30")
    assert expired(date="2027-09-30") > expired() > expired(date="2025-01-01") == 0


def test_the_store_is_seen_as_it_was(client: TestClient) -> None:
    assert results(client, "inventory", as_of="1").json()["results"]["bindings"] == []
    assert results(client, "inventory", as_of="999999").status_code == 400


TABULAR = {
    "csv": ("text/csv", 'attachment; filename="systems-by-tier.csv"'),
    "tsv": ("text/tab-separated-values", 'attachment; filename="systems-by-tier.tsv"'),
    "xlsx": (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        'attachment; filename="systems-by-tier.xlsx"',
    ),
    "parquet": ("application/vnd.apache.parquet", 'attachment; filename="systems-by-tier.parquet"'),
    "arrow": ("application/vnd.apache.arrow.stream", 'attachment; filename="systems-by-tier.arrows"'),
    "markdown": ("text/markdown", 'inline; filename="systems-by-tier.md"'),
    "table": ("text/plain", 'inline; filename="systems-by-tier.txt"'),
    "json": ("application/sparql-results+json", 'inline; filename="systems-by-tier.json"'),
}


def test_the_ends_of_names_of_files_name_the_forms_too(client: TestClient) -> None:
    for word, form in {"md": "markdown", "txt": "table", "arrows": "arrow"}.items():
        one, other = (results(client, "systems-by-tier", format=name) for name in (word, form))
        assert (one.status_code, one.headers["content-type"]) == (200, other.headers["content-type"])
        assert one.content == other.content
        assert one.headers["content-disposition"] == other.headers["content-disposition"]


def told(form: str, content: bytes) -> object:
    """Return what an answer says, where the form leaves a choice of how to write it."""
    if form == "json":
        return json.loads(content)
    if form == "csv":
        return [line.rstrip(b"\r") for line in content.split(b"\n")]
    return content.count(b"\n") if form == "tsv" else content


def test_each_form_is_the_engines_own_under_its_media_type(client: TestClient, store: Path) -> None:
    expected = aimsgraph.open(store).query("systems-by-tier")
    for form, (media, disposition) in TABULAR.items():
        answer = results(client, "systems-by-tier", format=form)
        by_header = client.get("/api/v1/queries/systems-by-tier/results", headers={"Accept": media})
        for one in (answer, by_header):
            assert one.headers["content-type"].partition(";")[0] == media
            assert one.headers["content-disposition"] == disposition
            assert one.headers["x-content-type-options"] == "nosniff"
        if form != "xlsx":  # which holds the time of its making
            assert (
                told(form, answer.content)
                == told(form, by_header.content)
                == told(form, expected.render(form))
            )
    sheet = openpyxl.load_workbook(
        io.BytesIO(results(client, "systems-by-tier", format="xlsx").content)
    ).active
    arrow = pa.ipc.open_stream(results(client, "systems-by-tier", format="arrow").content).read_all()
    parquet = pq.read_table(io.BytesIO(results(client, "systems-by-tier", format="parquet").content))
    assert arrow.equals(parquet)
    assert arrow.column_names == list(expected.columns)
    assert sheet is not None
    assert arrow.num_rows == len(expected) == sheet.max_row - 1


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        ("*/*", "application/sparql-results+json"),
        ("text/html,application/xml;q=0.9,*/*;q=0.8", "application/sparql-results+json"),
        ("application/json", "application/json"),
        ("text/csv;q=0.5, text/markdown;q=0.6", "text/markdown"),
        ("text/*", "text/csv"),
        ("application/*;q=0, */*;q=0.1", "text/csv"),
        ("text/csv;q=0, */*", "application/sparql-results+json"),
        ("TEXT/CSV; header=present", "text/csv"),
    ],
)
def test_the_form_is_what_the_accept_header_likes_best(client: TestClient, accept: str, media: str) -> None:
    answer = client.get("/api/v1/queries/whether/results", headers={"Accept": accept})
    assert answer.headers["content-type"].partition(";")[0] == media


@pytest.mark.parametrize("accept", ["image/png", "application/sparql-results+xml", "*/*;q=0", "text/csv;q=x"])
def test_what_cannot_be_written_is_not_acceptable(client: TestClient, accept: str) -> None:
    answer = client.get("/api/v1/queries/whether/results", headers={"Accept": accept})
    assert (answer.status_code, answer.json()["code"]) == (406, "not-acceptable")
    assert "text/csv" in answer.json()["hint"]


def test_triples_come_as_turtle_or_a_table_and_a_yes_as_a_yes(client: TestClient, store: Path) -> None:
    turtle = results(client, "picture")
    assert turtle.headers["content-type"] == "text/turtle; charset=utf-8"
    expected = aimsgraph.open(store).query(PICTURE)
    assert len(Graph().parse(data=turtle.text)) == len(expected) > 0
    assert len(results(client, "picture", format="csv").text.splitlines()) == len(expected) + 1
    assert results(client, "picture", format="json").status_code == 422
    assert json.loads(results(client, "whether").content) == {"head": {}, "boolean": True}


def test_the_examples_of_the_page_on_queries_answer(client: TestClient) -> None:
    page = (ROOT / "docs" / "queries.md").read_text(encoding="utf-8")
    asked = re.findall(
        r"^curl 'http://127\.0\.0\.1:8042(/[^']+)'(?: -H 'Accept: ([^']+)')?", page, re.MULTILINE
    )
    assert len(asked) >= 5
    for path, accept in asked:
        answer = client.get(path, headers={"Accept": accept or "*/*"})
        assert answer.status_code == 200, answer.text
        assert len(answer.content) > 200


def test_a_server_does_not_start_with_faults_in_its_questions(store: Path, tmp_path: Path) -> None:
    (tmp_path / "echo.rq").write_text(ECHO.replace("ORDER BY ?text", ""), encoding="utf-8")
    with pytest.raises(aimsgraph.AimsgraphError, match=r"1 fault .* sorts by nothing .*echo\.rq:15"):
        create_app(Settings(store, queries=(tmp_path,)))
