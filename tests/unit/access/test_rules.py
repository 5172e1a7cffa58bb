"""What an access file says is checked strictly, and what it means is exact."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from aimsgraph import access
from aimsgraph.errors import AccessFileError
from aimsgraph.model.access import PERMITTED, Principal
from aimsgraph.vocab import SOURCE_GRAPH

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
HASH = "0" * 64
ISSUER = {"issuer": "https://login.example", "audience": "aims", "roles": {"staff": "reader"}}
KEY = {"role": "reader", "sha256": HASH, "created": "2026-01-01T00:00:00Z"}


def read(folder: Path, content: Any) -> access.Rules:
    file = folder / "access.json"
    file.write_text(content if isinstance(content, str) else json.dumps(content, indent=1))
    file.chmod(0o600)
    return access.read_rules(file)


def faults(folder: Path, content: Any) -> list[tuple[int | None, str]]:
    with pytest.raises(AccessFileError) as error:
        read(folder, content)
    return [(one.line, one.message) for one in error.value.problems]


@pytest.mark.parametrize(
    ("content", "line", "said"),
    [
        ("{", 1, "it is no JSON"),
        ("[]", 1, "the file: "),
        ('{\n"keys": {},\n"keys": {}}', None, "'keys' stands twice"),
        ("[" * 100_000, None, "nested too deeply"),
        ({"format": 2}, 2, "format: "),
        ({"kyes": {}}, 2, "kyes: it means nothing here"),
        ({"anonymous": "editor"}, 2, "anonymous: those who show no key cannot be editor"),
        ({"anonymous": "administrator"}, 2, "anonymous: those who show no key cannot be administrator"),
        ({"anonymous": "boss"}, 2, "anonymous: "),
        ({"roles": {"boss": {"graphs": []}}}, 3, "roles.boss: "),
        ({"keys": {"a:b": KEY}}, 3, "keys.a:b: it has a colon"),
        ({"keys": {"anonymous": KEY}}, 3, "keys.anonymous: anonymous is who shows no key"),
        ({"keys": {"ada": KEY | {"sha256": "hunter2"}}}, 5, "keys.ada.sha256: it is no SHA-256"),
        ({"keys": {"ada": KEY | {"sha256": HASH + "\n"}}}, 5, "keys.ada.sha256: it is no SHA-256"),
        ({"keys": {"ada": KEY | {"created": "2026-01-01T00:00:00"}}}, 6, "keys.ada.created: it has to say its"),
        ({"keys": {"ada": KEY | {"graphs": "all"}}}, 7, "keys.ada.graphs: "),
        ({"keys": {"ada": KEY | {"graphs": [""]}}}, 8, "keys.ada.graphs.0: "),
        ({"keys": {"ada": {"role": "reader", "created": KEY["created"]}}}, 3, "keys.ada.sha256: it is missing"),
        ({"keys": {"ada": KEY, "bob": KEY}}, 1, "the file: two keys have the same sha256"),
        ({"issuers": {"a": ISSUER, "b": ISSUER}}, 1, "the file: two issuers have the same address"),
        ({"issuers": {"a": ISSUER | {"issuer": "http://login.example"}}}, 4, "issuers.a.issuer: it has to begin"),
        ({"issuers": {"a": ISSUER | {"issuer": "https://me:x@login.example"}}}, 4, "issuers.a.issuer: it has a user"),
        ({"issuers": {"a": ISSUER | {"jwks_uri": "file:///etc/passwd"}}}, 9, "issuers.a.jwks_uri: it is no address"),
        ({"issuers": {"a": ISSUER | {"algorithms": ["none"]}}}, 10, "issuers.a.algorithms.0: "),
        ({"issuers": {"a": ISSUER | {"algorithms": ["HS256"]}}}, 10, "issuers.a.algorithms.0: "),
        ({"issuers": {"a": ISSUER | {"algorithms": []}}}, 9, "issuers.a.algorithms: "),
        ({"issuers": {"a": ISSUER | {"leeway": 100_000}}}, 9, "issuers.a.leeway: "),
        ({"issuers": {"a": ISSUER | {"roles": {}}}}, 6, "issuers.a.roles: "),
        ({"issuers": {"a": ISSUER | {"graphs_claim": "units"}}}, 3, "issuers.a: graphs_claim and graphs go together"),
        ({"issuers": {"a": ISSUER | {"jwks_uri": "https://x.org", "jwks_file": "k"}}}, 3, "issuers.a: it names both"),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_its_line(tmp_path: Path, content: Any, line: int | None, said: str):
    [(where, message), *others] = faults(tmp_path, content)
    assert others == []
    assert where == line
    assert message.startswith(said) or said in message


def test_every_fault_is_told(tmp_path: Path):
    content = {
        "anonymous": "boss",
        "keys": {"ada": {"role": "reader", "sha256": "x", "created": "soon"}},
        "x": 1,
    }
    assert [line for line, _ in faults(tmp_path, content)] == [2, 6, 7, 10]


def test_what_stands_there_by_mistake_is_not_repeated(tmp_path: Path):
    said = str(faults(tmp_path, {"keys": {"ada": KEY | {"sha256": "aims_secret", "role": "aims_secret"}}}))
    assert "aims_secret" not in said


@pytest.mark.skipif(os.name != "posix", reason="modes are those of POSIX")
@pytest.mark.parametrize("mode", [0o620, 0o602, 0o666])
def test_a_file_that_others_may_write_is_refused(tmp_path: Path, mode: int):
    read(tmp_path, {})
    (tmp_path / "access.json").chmod(mode)
    with pytest.raises(AccessFileError, match="Others than its owner may write"):
        access.read_rules(tmp_path / "access.json")


def test_an_absent_file_is_refused(tmp_path: Path):
    with pytest.raises(AccessFileError, match="cannot be read"):
        access.read_rules(tmp_path / "access.json")


def test_what_is_seen_is_what_both_the_key_and_the_role_may_see(tmp_path: Path):
    rules = read(tmp_path, {"roles": {"reader": {"graphs": ["a.ttl", "b c.ttl"]}}})
    assert rules.visible("analyst", None) is None
    assert rules.visible("analyst", ()) == frozenset()
    assert rules.visible("reader", None) == {SOURCE_GRAPH + "a.ttl", SOURCE_GRAPH + "b%20c.ttl"}
    assert rules.visible("reader", ("b c.ttl", "d.ttl")) == {SOURCE_GRAPH + "b%20c.ttl"}
    assert rules.visible("analyst", ("https://example.org/g",)) == {"https://example.org/g"}


def test_a_source_that_is_not_there_is_told(tmp_path: Path):
    rules = read(
        tmp_path,
        {
            "keys": {"ada": KEY | {"graphs": ["a.ttl", "gone.ttl"]}},
            "roles": {"reader": {"graphs": ["never.ttl"]}},
            "issuers": {"i": ISSUER | {"graphs_claim": "units", "graphs": {"hr": ["hr.ttl"]}}},
        },
    )
    assert list(rules.strangers([SOURCE_GRAPH + "a.ttl"])) == [
        "keys.ada.graphs names gone.ttl, which is no source of the store: it lets nothing be seen.",
        "roles.reader.graphs names never.ttl, which is no source of the store: it lets nothing be seen.",
        "issuers.i.graphs.hr names hr.ttl, which is no source of the store: it lets nothing be seen.",
    ]


def test_the_unnamed_are_let_in_only_where_the_file_says_so(tmp_path: Path):
    with pytest.raises(access.Unrecognised):
        read(tmp_path, {}).unnamed()
    assert read(tmp_path, {"anonymous": "auditor"}).unnamed() == Principal("anonymous", "auditor")


def test_nobody_unnamed_may_write(tmp_path: Path):
    for role, permitted in PERMITTED.items():
        if permitted & {"write", "administer"}:
            assert faults(tmp_path, {"anonymous": role})
        else:
            assert not read(tmp_path, {"anonymous": role}).unnamed().may("write")


@pytest.mark.parametrize(
    ("content", "guarded"),
    [
        ({}, False),
        ({"keys": {"ada": KEY}}, True),
        ({"keys": {"ada": KEY}, "anonymous": "reader"}, False),
        ({"keys": {"ada": KEY | {"expires": "2026-02-01T00:00:00Z"}}}, False),
        ({"keys": {"ada": KEY | {"revoked": "2026-02-01T00:00:00Z"}}}, False),
        ({"issuers": {"i": ISSUER}}, True),
    ],
)
def test_a_server_is_guarded_by_a_key_or_issuer_and_nobody_unnamed(
    tmp_path: Path, content: Any, guarded: bool
):
    assert read(tmp_path, content).is_guarded(NOW) is guarded


def test_the_first_role_of_the_file_that_a_token_has_counts(tmp_path: Path):
    issuer = ISSUER | {
        "roles": {"admins": "administrator", "staff": "reader"},
        "role_claim": ["realm", "roles"],
    }
    rules = read(tmp_path, {"issuers": {"login": issuer}})
    found = rules.bearer("login", {"sub": "ada", "realm": {"roles": ["staff", "admins"]}})
    assert found == Principal("login:ada", "administrator")
    for claims in (
        {"sub": "ada"},
        {"sub": "ada", "realm": {"roles": ["guests"]}},
        {"sub": "ada", "realm": ["staff"]},
    ):
        with pytest.raises(access.Unrecognised, match="no role"):
            rules.bearer("login", claims)


@pytest.mark.parametrize("name", [None, 3, "", "a\nb", "x" * 201, ["ada"]])
def test_a_token_that_names_nobody_lets_nobody_in(tmp_path: Path, name: Any):
    rules = read(tmp_path, {"issuers": {"login": ISSUER}})
    with pytest.raises(access.Unrecognised, match="names nobody"):
        rules.bearer("login", {"sub": name, "roles": "staff"})


def test_a_token_sees_what_its_claim_means_in_the_file(tmp_path: Path):
    issuer = ISSUER | {"graphs_claim": "units", "graphs": {"hr": ["hr.ttl"], "it": ["it.ttl", "net.ttl"]}}
    rules = read(tmp_path, {"issuers": {"login": issuer}})

    def seen(units: Any) -> Any:
        return rules.bearer("login", {"sub": "ada", "roles": "staff", "units": units}).graphs

    assert seen("hr") == {SOURCE_GRAPH + "hr.ttl"}
    assert seen(["it", "hr"]) == {SOURCE_GRAPH + name for name in ("hr.ttl", "it.ttl", "net.ttl")}
    assert seen(["sales.ttl"]) == frozenset()
    assert seen(None) == frozenset()


@pytest.mark.parametrize(
    ("host", "here"),
    [
        ("localhost", True), ("127.0.0.1", True), ("127.8.8.8", True), ("::1", True), ("0.0.0.0", False),  # noqa: S104
        ("::", False), ("10.0.0.1", False), ("localhost.example", False), ("127.0.0.1.example", False), ("", False),
        ("2130706433", False),
    ],
)  # fmt: skip
def test_what_is_this_machine_alone(host: str, here: bool):
    assert access.is_loopback(host) is here
