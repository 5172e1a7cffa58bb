"""Questions made to break the server: each gets a clear problem within its limits, and the next asker is served."""

from __future__ import annotations

import re
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import httpx
import pytest

from tests.serving import ended

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LIGHT: Final = "SELECT (COUNT(*) AS ?n) WHERE { ?s a aims:AISystem }"
ANY: Final = "(<urn:none>|!<urn:none>)"
DOUBLED: Final = "".join(f"BIND(CONCAT(?v{n}, ?v{n}) AS ?v{n + 1}) " for n in range(45))
TIME: Final = (504, "time-limit")
MEMORY: Final = (413, "memory-limit")
INVALID: Final = (400, "query-invalid")
#: The answer broke off after its first bytes: the message has no end, so nobody takes it for whole.
CUT: Final = (200, "cut")
#: Each with what may come of it: several things where it depends on the machine which limit is the first.
BOMBS: Final = {
    "a cross join": ("SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }", [TIME]),
    "a cross join to be sorted": (
        "SELECT * WHERE { ?a ?b ?c . ?d ?e ?f } ORDER BY ?f ?c LIMIT 1", [TIME, MEMORY]
    ),
    "a cross join without end": ("SELECT * WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }", [CUT]),
    "paths between all": (f"SELECT (COUNT(*) AS ?n) WHERE {{ ?a {ANY}* ?b . ?b {ANY}* ?c }}", [TIME, MEMORY]),
    "paths within paths": (
        f"ASK {{ ?a (({ANY}*/^{ANY}*)*/({ANY}+)?)* ?b . FILTER(?a = ?b && ?a = 'x') }}", [TIME, MEMORY]
    ),
    "a text that doubles": (
        f"SELECT (STRLEN(?v45) AS ?n) WHERE {{ BIND('aaaaaaaaaaaaaaaa' AS ?v0) {DOUBLED} }}", [TIME, MEMORY]
    ),
    "a long list": ("SELECT (GROUP_CONCAT(?a) AS ?all) WHERE { ?a ?b ?c . ?d ?e ?f }", [TIME, MEMORY]),
    "an expression that counts": (
        'SELECT * WHERE { ?s ?p ?o FILTER REGEX(STR(?o), "(((a{90}){90}){90}){90}") }', [TIME, MEMORY]
    ),
    "an expression that goes back": (f'ASK {{ FILTER REGEX("{"a" * 5000}b", "^(a+)+(a|aa)+$") }}', [(200, "")]),
    "braces": ("SELECT * WHERE " + "{" * 5000 + " ?s ?p ?o " + "}" * 5000, [INVALID]),
    "negations": ("SELECT * WHERE { ?s ?p ?o FILTER(" + "!" * 50_000 + "true) }", [INVALID, TIME]),
    "subqueries": ("SELECT * { " + "{ SELECT * { " * 500 + "?s ?p ?o" + " } }" * 500 + " }", [INVALID]),
    "what does not exist": (
        "ASK { ?s ?p ?o " + "FILTER NOT EXISTS { ?s ?p ?o " * 500 + "}" * 500 + " }", [INVALID]
    ),
    "words that could be prefixes": ("SELECT * WHERE { " + "a." * 99_000 + " }", [INVALID, TIME]),
    "many prefixes": ("".join(f"PREFIX p{n}: <urn:{n}> " for n in range(8000)) + LIGHT, [(200, ""), TIME]),
    "three million characters": (LIGHT + "#" + "x" * 3_000_000, [(403, "query-refused")]),
    "ten million characters": (LIGHT + "#" + "x" * 10_000_000, [(413, "body-too-large")]),
}  # fmt: skip


@contextmanager
def started(store: Path, *options: str) -> Iterator[str]:
    """Serve a store on a free port of loopback; give the address."""
    command = [sys.executable, "-m", "aimsgraph", "serve", "--store", str(store), "--port", "0", *options]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process, ended(process):
        assert process.stderr is not None
        said = process.stderr.readline()
        address = re.search(r"http://127\.0\.0\.1:\d+", said)
        assert address, said
        yield address[0]


@pytest.fixture(scope="module")
def limited(demo_folder: Path) -> Iterator[httpx.Client]:
    store = demo_folder / "aimsgraph-demo" / "meridian.store"
    with (
        started(store, "--time-limit", "1", "--memory-limit", "1024") as address,
        httpx.Client(base_url=address, timeout=60, trust_env=False) as client,
    ):
        yield client


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_met_by_a_limit_and_the_next_asker_is_served(limited: httpx.Client, name: str) -> None:
    text, ends = BOMBS[name]
    try:
        answer = limited.post("/sparql", data={"query": text}, headers={"Accept": "text/csv"})
    except httpx.RemoteProtocolError:
        end = CUT
    else:
        end = (answer.status_code, answer.json()["code"] if answer.status_code != 200 else "")
        assert (answer.headers["Content-Type"] == "application/problem+json") == (answer.status_code != 200)
    assert end in ends
    served = limited.post("/sparql", data={"query": LIGHT}, headers={"Accept": "text/csv"})
    assert (served.status_code, served.text) == (200, "n\r\n11\r\n")
