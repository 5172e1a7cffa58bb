"""A store on a server, served over HTTP."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
from fastapi.testclient import TestClient

import aimsgraph
from aimsgraph import store
from aimsgraph.query.copies import Copies
from aimsgraph.vocab import AIMS, RDFS
from aimsgraph_api.app import create_app
from aimsgraph_api.settings import Settings
from tests.contract.servers import started

if TYPE_CHECKING:
    from collections.abc import Iterator

NOW: Final = datetime(2026, 9, 30, 12, tzinfo=UTC)
NOTES: Final = "https://example.org/notes"
LABELS: Final = "SELECT ?label { ?owner a aims:Owner ; rdfs:label ?label } ORDER BY ?label"
EX: Final = "https://example.org/meridian/"


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with started("oxigraph") as endpoint:
        store.create(store.place(endpoint.address), now=NOW)
        yield endpoint.address


@pytest.fixture(scope="module")
def client(address: str) -> Iterator[TestClient]:
    with TestClient(
        create_app(Settings(address, anonymous="administrator")), base_url="http://127.0.0.1"
    ) as client:
        yield client


def labels(client: TestClient, **more: str) -> list[str]:
    answer = client.get("/sparql", params={"query": LABELS, **more})
    assert answer.status_code == 200, answer.text
    return [row["label"]["value"] for row in answer.json()["results"]["bindings"]]


def test_what_was_written_is_in_the_next_answer_and_the_past_stays(client: TestClient) -> None:
    assert labels(client) == []
    for name in ("Dora", "Eve"):
        triples = f'<{EX}{name}> a <{AIMS}Owner> ; <{RDFS}label> "{name}" .'
        written = client.post(
            "/rdf-graph-store",
            params={"graph": NOTES},
            content=triples,
            headers={"Content-Type": "text/turtle"},
        )
        assert written.is_success, written.text
        assert labels(client)[-1] == name
    assert labels(client) == ["Dora", "Eve"]
    assert labels(client, as_of="1") == ["Dora"]
    notes = client.get(f"/rdf-graph-store?graph={NOTES}", headers={"Accept": "application/n-triples"})
    assert notes.text.count(f"<{EX}Dora>") == 2


def test_a_state_is_copied_once_and_the_copies_go(address: str) -> None:
    copies = Copies()
    view = aimsgraph.open(address).view()
    with copies.place(view) as first:
        pass
    with copies.place(view) as second:
        assert second == first
        assert Path(second["database"]).is_dir()
    assert second["state"] == view.snapshot
    for number in range(4):
        with copies.place(view, [f"urn:{number}"]) as other:
            assert other["database"] != first["database"]
    assert not Path(first["database"]).exists()
    copies.close()
    assert not Path(other["database"]).exists()


def test_one_that_is_asked_stays_until_it_has_answered(address: str) -> None:
    copies = Copies()
    with copies.place(aimsgraph.open(address).view()) as place:
        copies.close()
        assert Path(place["database"]).is_dir()
    copies.close()
    assert not Path(place["database"]).exists()
