"""The commands about keys: what they print, and what they keep to themselves."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result

from aimsgraph.cli.access import access
from aimsgraph.errors import AccessFileError, AimsgraphError, StoreNotFoundError, UsageError

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "access.json"


def run(file: Path, *words: str) -> Result:
    store = ["--store", str(file.parent / "no.store")]
    return CliRunner().invoke(access, [*words, "--access", str(file), *store], catch_exceptions=True)


def ok(file: Path, *words: str) -> Result:
    done = run(file, *words)
    assert done.exit_code == 0, done.output
    return done


def test_the_key_alone_is_on_stdout_and_never_again(file: Path):
    done = ok(file, "add", "ada", "--role", "analyst")
    key = done.stdout.strip()
    assert key.startswith("aims_")
    assert done.stdout == f"{key}\n"
    for words in (("list",), ("list", "--json"), ("revoke", "ada", "--json")):
        assert key not in ok(file, *words).output


def test_the_json_of_each_command(file: Path):
    made = json.loads(
        ok(file, "add", "ada", "--role", "analyst", "--graph", "a.ttl", "--days", "2", "--json").stdout
    )
    assert (made["name"], made["role"], made["graphs"]) == ("ada", "analyst", ["a.ttl"])
    new = json.loads(ok(file, "rotate", "ada", "--grace", "1.5", "--json").stdout)
    assert new["key"] != made["key"]
    assert new["former_until"] is not None
    assert json.loads(ok(file, "revoke", "ada", "--json").stdout)["standing"] == "revoked"
    listed = json.loads(ok(file, "list", "--json").stdout)
    assert [(one["name"], one["standing"]) for one in listed["keys"]] == [("ada", "revoked")]
    assert listed["file"] == str(file)


def test_whose_a_key_is(file: Path):
    key = ok(file, "add", "ada", "--role", "analyst").stdout
    ok(file, "revoke", "ada")
    words = ["check", "--access", str(file)]
    done = CliRunner().invoke(access, words, input=key)
    assert done.stdout == "It is the key of ada (analyst), and revoked.\n"
    assert json.loads(CliRunner().invoke(access, [*words, "--json"], input=key).stdout)["name"] == "ada"
    assert isinstance(CliRunner().invoke(access, words, input="aims_x\n").exception, UsageError)


def test_a_table_for_a_person(file: Path):
    ok(file, "add", "ada", "--role", "analyst", "--graph", "a.ttl")
    ok(file, "rotate", "ada", "--grace", "1")
    done = ok(file, "list")
    assert "analyst" in done.stdout
    assert "Without a key: nobody." in done.stderr
    assert "lets nobody in" in ok(file, "revoke", "ada").stdout


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        (("rotate", "bob"), UsageError),
        (("revoke", "bob"), UsageError),
        (("add", "a:b", "--role", "reader"), UsageError),
    ],
)
def test_what_cannot_be_done_is_told(file: Path, words: tuple[str, ...], kind: type[AimsgraphError]):
    assert isinstance(run(file, *words).exception, kind)


def test_a_role_has_to_be_one(file: Path):
    assert run(file, "add", "ada", "--role", "boss").exit_code == 2
    assert run(file, "add", "ada").exit_code == 2


def test_without_a_file_there_is_nothing_to_list(file: Path):
    assert isinstance(run(file, "list").exception, AccessFileError)


def test_the_file_of_a_store_is_in_its_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("AIMSGRAPH_ACCESS", raising=False)
    missing = CliRunner().invoke(access, ["list", "--store", str(tmp_path / "no.store")])
    assert isinstance(missing.exception, StoreNotFoundError)
    remote = CliRunner().invoke(access, ["list", "--store", "http://127.0.0.1:1/query"])
    assert isinstance(remote.exception, UsageError)


def test_a_store_names_its_sources(small_folder: Path, file: Path):
    words = ["add", "ada", "--role", "reader", "--graph", "small.ttl", "--graph", "gone.ttl"]
    done = CliRunner().invoke(
        access, [*words, "--access", str(file), "--store", str(small_folder / "aims.store")]
    )
    assert done.exit_code == 0
    assert "gone.ttl, which is no source" in done.stderr
    assert "small.ttl, which" not in done.stderr
