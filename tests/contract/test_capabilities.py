"""What each server does is found out by trying, and is what its profile and the documentation say."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from aimsgraph import store
from aimsgraph.errors import StoreUnusableError, UsageError
from aimsgraph.model.capabilities import Capabilities
from aimsgraph.store.literal_probe import AWKWARD
from tests.conftest import ROOT
from tests.contract.servers import SERVERS, started
from tests.contract.servers.loopback import guarded

if TYPE_CHECKING:
    from collections.abc import Iterator

#: What each server does not do by itself; whatever is not named here it does.
EXPECTED: Final[dict[str, dict[str, str]]] = {
    "oxigraph": {
        "default-graph": "not asked", "dataset": "not asked", "history": "no", "exact-literals": "worked around",
    },
    "jena": {
        "default-graph": "not asked", "dataset": "not asked", "history": "no", "exact-literals": "worked around",
    },
    "virtuoso": {
        "tables": "worked around", "whole-answers": "no", "default-graph": "not asked", "unbound-paths": "no",
        "direct-post": "no", "history": "no", "default-graph-apart": "worked around", "atomic-update": "no",
        "circular-paths": "no", "paths-in-one-graph": "no", "exact-literals": "worked around", "blank-nodes": "no",
        "large-updates": "worked around",
    },
}  # fmt: skip
#: Whether it loses updates depends on how they meet: a check can only show that it does.
OF_CHANCE: Final = "serialised-updates"


@pytest.fixture(scope="module", params=list(SERVERS))
def server(request: pytest.FixtureRequest) -> Iterator[tuple[str, store.Endpoint, Capabilities]]:
    with started(request.param) as endpoint:
        yield request.param, endpoint, store.capabilities(endpoint, write=True)


def test_each_server_does_what_is_known_of_it(server: tuple[str, store.Endpoint, Capabilities]):
    name, _, found = server
    assert len(found.checks) == 22
    not_by_itself = {
        check.id: check.outcome for check in found.checks if check.outcome != "yes" and check.id != OF_CHANCE
    }
    assert not_by_itself == EXPECTED[name], [(check.id, check.detail) for check in found.checks]
    assert found.readable == (name != "virtuoso")
    assert found.writable


def test_a_profile_says_what_was_found(server: tuple[str, store.Endpoint, Capabilities]):
    name, endpoint, found = server
    profile = store.profiles()["fuseki" if name == "jena" else name]
    assert (profile.tables == "tsv") == (found.does("tables") and name != "virtuoso")
    assert profile.atomic == found.does("atomic-update")
    assert (profile.default_graph == "union") == any(
        check.outcome == "worked around" for check in found.checks if check.id == "default-graph-apart"
    )
    assert found.largest_update is not None
    assert (profile.largest_update or found.largest_update) <= found.largest_update
    assert found.address == endpoint.name


def test_the_documented_table_of_checks_is_what_was_found(server: tuple[str, store.Endpoint, Capabilities]):
    name, _, found = server
    column = {"oxigraph": 2, "jena": 3, "virtuoso": 4}[name]
    documented = {row[0]: (row[1], row[column]) for row in table("| check (`id` in JSON) | ")}
    expected = {f"{one.question} (`{one.id}`)": (one.needed or "", one.outcome) for one in found.checks}
    for rows in (documented, expected):
        del rows[f"Loses nothing when several write (`{OF_CHANCE}`)"]
    assert documented == expected


def test_a_check_leaves_nothing_behind(server: tuple[str, store.Endpoint, Capabilities]):
    _, endpoint, _ = server
    assert [graph for graph in store.open_place(endpoint).graphs() if "probe" in graph] == []


def test_the_documented_table_of_literals_is_what_was_found(server: tuple[str, store.Endpoint, Capabilities]):
    name, _, found = server
    assert found.changed is not None
    came_back = {one.what: one.returned or "refused" for one in found.changed}
    column = {"oxigraph": 2, "jena": 3, "virtuoso": 4}[name]
    rows = table("| literal | written | Oxigraph")
    assert [row[1] for row in rows] == [f"`{short(written)}`" for written in AWKWARD.values()]
    documented = {row[0]: row[column].strip("`") for row in rows}
    assert documented == {what: short(came_back[what]) if what in came_back else "" for what in AWKWARD}


def table(start: str) -> list[list[str]]:
    """Return the cells of the table in ``docs/servers.md`` whose head starts so."""
    page = (ROOT / "docs" / "servers.md").read_text(encoding="utf-8")
    _, _, rest = page.partition(start)
    rows = rest.partition("\n\n")[0].splitlines()[2:]
    assert len(rows) >= 20
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]


def short(literal: str) -> str:
    return re.sub(r"<http://www.w3.org/2001/XMLSchema#(\w+)>", r"xsd:\1", literal)


def test_a_check_that_is_interrupted_leaves_nothing_behind():
    def interrupt(_done: float, _total: float, question: str) -> None:
        if question == "Keeps literals as they are written":
            assert any("/probe/" in graph for graph in store.open_place(endpoint).graphs())
            raise KeyboardInterrupt

    with started("oxigraph") as endpoint:
        with pytest.raises(KeyboardInterrupt):
            store.capabilities(endpoint, write=True, progress=interrupt)
        assert store.open_place(endpoint).graphs() == []


def test_nothing_is_written_unless_that_is_asked_for():
    with started("oxigraph") as endpoint:
        found = store.capabilities(endpoint)
        assert found.writable is None
        assert found.changed is None
        assert found.does("update") is None
        assert store.open_place(endpoint).graphs() == []
    told = [check for check in found.checks if check.meaning == "Asked with --write."]
    assert len(told) == 12


def check_endpoint(*words: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "aimsgraph", "check-endpoint", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_the_command_ends_with_0_for_a_server_that_can_be_used():
    with started("oxigraph") as endpoint:
        done = check_endpoint(endpoint.address, "--json")
        assert done.returncode == 0, done.stderr
        assert Capabilities.model_validate(json.loads(done.stdout)) == store.capabilities(endpoint)
        assert "The server can be read; writing was not tried" in check_endpoint(endpoint.address).stdout


def test_the_command_ends_with_1_for_a_server_that_lacks_what_is_needed():
    with guarded() as server:
        done = check_endpoint(server.address)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "no, needed for" in done.stdout
    assert "CANNOT be read in full" in done.stdout


def test_the_command_ends_with_2_where_there_is_no_server_or_a_faulty_file(tmp_path: Path):
    with guarded() as server:
        pass
    done = check_endpoint(server.address)
    assert (done.returncode, done.stdout) == (2, "")
    assert "no connection can be made" in done.stderr
    (tmp_path / "server.toml").write_text("[auth]\nkind = 'magic'")
    done = check_endpoint(tmp_path / "server.toml")
    assert done.returncode == 2
    assert "query is missing" in done.stderr
    assert "kind 'magic'" in done.stderr
    done = check_endpoint(tmp_path)
    assert done.returncode == 2
    assert "is no server" in done.stderr


def test_a_server_that_does_not_let_us_in_is_not_checked():
    with guarded(("X-Key", "1")) as server, pytest.raises(StoreUnusableError, match="status 401"):
        store.capabilities(store.Endpoint(server.address))


def test_a_folder_is_no_server(tmp_path: Path):
    from aimsgraph.engine import check_endpoint

    with pytest.raises(UsageError, match="is no server"):
        check_endpoint(tmp_path)
