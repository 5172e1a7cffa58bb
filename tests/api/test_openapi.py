"""The OpenAPI document is true: its examples were run, and whatever it says may be asked is answered as it says."""

from __future__ import annotations

import json
import os
import re
import shutil
from contextlib import suppress
from dataclasses import replace
from itertools import cycle
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from schemathesis.generation import GenerationMode
from starlette.testclient import TestClient

from aimsgraph_api import create_app
from aimsgraph_api.jobs.bounds import Bounds
from aimsgraph_api.openapi import document, examples, operations, permissions, routes
from aimsgraph_api.settings import Settings
from tests.api import examples as shown
from tests.conftest import ROOT
from tests.docs.transcripts import lasting

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from fastapi import FastAPI
    from schemathesis import BaseSchema
    from schemathesis.schemas import APIOperation

#: How many requests of each sort are made up for each operation; `.ci/long` makes more, and for each saved question.
BY_DAY = 4
MADE_UP = int(os.environ.get("AIMSGRAPH_API_EXAMPLES", str(BY_DAY)))
#: The address of one saved question's rows.
QUESTION = re.compile(r"/api/v1/queries/[^{}/]+/results")
#: The words of a parameter's schema by which its values are made up.
SAID = (
    "anyOf",
    "const",
    "enum",
    "format",
    "items",
    "maxLength",
    "maximum",
    "minLength",
    "minimum",
    "pattern",
    "type",
)
CHECKS = [
    status_code_conformance, content_type_conformance, response_schema_conformance, response_headers_conformance,
]  # fmt: skip
#: What has broken parsers, stores and servers before.
HOSTILE = (
    "", "http://a/x:y\\b", "\x00", "0001-01-01", "9" * 400, "<", "http://[", "a\x00b", "aims:", "sha256:", "-1",
    "é̀" * 20, "aims:Risk> . } DROP ALL #", "9999-12-31", "x" * 5000, "urn:x:\\u0000", "1e309", "\ufffe", ":",
    "10000-01-01", " ", "https://[::1", "<http://a b>", "2026-03-03T25:00Z", "NaN", "😀" * 40, "../../etc/passwd",
    "%s%n{}", "2026-02-30", "'; --", "null", "0", "<>",
)  # fmt: skip
#: How many of them each parameter is tried with; the next parameter goes on with the next ones.
TRIED = len(HOSTILE) if MADE_UP > BY_DAY else 3
#: Seconds that a job of a made-up request may take before it is stopped, and those that its answer may take then.
JOB, PATIENCE = 3, 60
#: Routes whose answer is no JSON object of the example organisation, or differs from run to run.
WITHOUT_EXAMPLE = {"/metrics", "/api/v1/openapi.json", "/api/v1/diagram"}
#: Other addresses of what the document describes; the page names them.
ELSEWHERE = {"/rdf-graph-store/{path}", "/.well-known/void", "/api/v1/queries/{id}/results"}


@pytest.fixture(scope="module")
def everything(demo_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A copy of the example organisation, in which everybody may do everything."""
    folder = tmp_path_factory.mktemp("open") / "aimsgraph-demo"
    shutil.copytree(demo_folder / "aimsgraph-demo", folder)
    return Settings(folder / "meridian.store", anonymous="administrator")


@pytest.fixture(scope="module")
def app(everything: Settings) -> FastAPI:
    return create_app(everything)


@pytest.fixture(scope="module")
def client(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app, base_url="http://127.0.0.1", raise_server_exceptions=False) as client:
        yield client


def test_every_operation_is_described(app):
    found = list(operations(app, document(app)))
    assert len(found) >= 20
    for route, method, operation in found:
        where = f"{method} {route.path_format}"
        assert all(operation.get(name) for name in ("summary", "description", "tags")), where
        problems = {status for status in operation["responses"] if int(status) >= 400}
        assert {"400", "413", "422", "429", "500", "503"} <= problems, where
        if permissions(route):
            assert {"401", "403"} <= problems, where
            assert {"404", "409", "504"} <= problems or not operation.get("parameters"), where
            assert operation["security"], where


def test_every_path_is_in_the_document(app):
    hidden = {route.path_format for route in routes(app) if route.path_format not in document(app)["paths"]}
    assert hidden == ELSEWHERE
    page = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    assert [path for path in sorted(hidden) if f"{path}`" not in page] == []


def test_each_route_that_tells_of_the_graph_has_an_example(app):
    told = {
        f"GET {route.path_format}"
        for route, method, operation in operations(app, document(app))
        if method == "get" and route.path_format not in WITHOUT_EXAMPLE
        and "application/json" in operation["responses"]["200"].get("content", {})
        and not route.path_format.startswith(("/api/v1/queries/", "/api/v1/jobs"))
    }  # fmt: skip
    assert sorted(told - set(examples())) == []


@pytest.mark.parametrize("name", examples())
def test_an_example_is_what_the_server_answers(client, name):
    if os.environ.get("AIMSGRAPH_REWRITE_DOCS"):
        if name == next(iter(examples())):
            shown.rewrite(client)
        return
    answered = shown.asked(client, name)
    assert _lasting(answered) == _lasting(examples()[name]["answer"])


def _lasting(answer: Any) -> str:
    return lasting(re.sub(r"\.\d+Z", "Z", json.dumps(answer, indent=1, sort_keys=True)))


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_made_up_requests_are_answered_as_described(everything, mode):
    # Its client starts an application, and ends it at the end of all tests: one that nobody else ends before.
    app = create_app(replace(everything, jobs=Bounds(seconds=JOB)))
    faults = list(_faults(_described(app), mode))
    assert not faults, "\n\n".join(faults)


def test_of_the_questions_those_asked_by_day_have_every_sort_of_parameters(app):
    found = [one.ok() for one in schemathesis.openapi.from_dict(document(app)).get_all_operations()]
    asked = _by_day(found)
    questions = [one for one in found if QUESTION.fullmatch(one.path)]
    assert [one for one in found if one not in questions] == [one for one in asked if one not in questions]
    assert {_sort(one) for one in questions} == {_sort(one) for one in asked if one in questions}
    assert len(asked) < len(found) - 50


def _described(app: FastAPI) -> BaseSchema:
    document(app)  # it is made once, and may take longer than its reader waits
    return schemathesis.openapi.from_asgi("/api/v1/openapi.json", app, headers={"Host": "127.0.0.1"})


def _by_day(found: Iterable[APIOperation]) -> list[APIOperation]:
    """All operations, but of the saved questions that have like parameters the first one: one definition makes all."""
    known: dict[str, APIOperation] = {}
    return [
        one for one in found
        if not QUESTION.fullmatch(one.path) or known.setdefault(_sort(one), one) is one
    ]  # fmt: skip


def _sort(operation: APIOperation) -> str:
    """What the parameters of an operation may be, whatever they are called; choices are of one sort."""
    schemas = (dict(one["schema"]) for one in operation.definition.raw["parameters"])
    told = (
        {word: "…" if word == "enum" else schema[word] for word in SAID if word in schema}
        for schema in schemas
    )
    return json.dumps(sorted(json.dumps(one, sort_keys=True) for one in told))


def _faults(schema: BaseSchema, mode: GenerationMode) -> Iterator[str]:
    found = [one.ok() for one in schema.get_all_operations()]
    for operation in found if MADE_UP > BY_DAY else _by_day(found):

        @settings(
            max_examples=MADE_UP, deadline=None, database=None, derandomize=True, phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        @given(case=operation.as_strategy(generation_mode=mode))
        def answered(case):
            response = case.call(headers={"Host": "127.0.0.1"}, timeout=PATIENCE)
            assert response.status_code != 500, response.text
            case.validate_response(response, checks=CHECKS)

        try:
            with suppress(Unsatisfiable):  # without parameters there is nothing to get wrong
                answered()
        except (Exception, BaseExceptionGroup) as error:  # noqa: BLE001 - all are told at the end
            yield f"{operation.label}: {error}"


def test_no_value_of_a_parameter_breaks_a_route(client):
    values = cycle(HOSTILE)
    broken = []
    for name, example in examples().items():
        method, _, path = name.partition(" ")
        known = {one: value for one, value in example["parameters"].items() if f"{{{one}}}" not in path}
        asked = [*known, "as_of", "date", "cursor"] if path.endswith(("/nodes", "/validation")) else known
        for parameter, value in [(one, next(values)) for one in asked for _ in range(TRIED)]:
            answer = client.request(
                method, path.replace("{node}", "aims:Risk"), params=known | {parameter: value}
            )
            if answer.status_code == 500:
                broken.append((name, parameter, value[:40]))
    assert broken == []


@pytest.mark.parametrize("value", HOSTILE)
def test_no_name_of_a_node_breaks_the_route_of_one(client, value):
    if value:  # without a name it is the list of nodes
        assert client.get(f"/api/v1/nodes/{quote(value, safe='')}").status_code in (200, 400, 404)
