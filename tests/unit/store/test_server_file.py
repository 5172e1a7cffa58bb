"""A server file says all of a server, and what is wrong in it is told at once, each fault with how to mend it."""

from __future__ import annotations

from pathlib import Path

import pytest

from aimsgraph.errors import ServerFileError
from aimsgraph.store import Endpoint, place
from aimsgraph.store.access import Access, Secret, Trust

WHOLE = """
query = "https://sparql.example.org/aims/query"
update = "https://sparql.example.org/aims/writes"
graph_store = "https://sparql.example.org/aims/graphs"
profile = "fuseki"

[auth]
kind = "basic"
user = "aims"
password_env = "AIMSGRAPH_TEST_SECRET"

[tls]
ca = "authority.pem"
certificate = "ours.pem"
key = "ours.key"
"""


@pytest.fixture(autouse=True)
def secret(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("AIMSGRAPH_TEST_SECRET", "s3cret")


def read(folder: Path, text: str) -> Endpoint:
    (folder / "server.toml").write_text(text, encoding="utf-8")
    found = place(folder / "server.toml")
    assert isinstance(found, Endpoint)
    return found


def faults(folder: Path, text: str) -> list[str]:
    with pytest.raises(ServerFileError) as raised:
        read(folder, text)
    assert all(problem.path == str(folder / "server.toml") for problem in raised.value.problems)
    return [problem.message for problem in raised.value.problems]


def test_every_word_of_the_file_is_understood(tmp_path: Path):
    for name in ("authority.pem", "ours.pem", "ours.key"):
        (tmp_path / name).touch()
    assert read(tmp_path, WHOLE) == Endpoint(
        "https://sparql.example.org/aims/query",
        "https://sparql.example.org/aims/writes",
        "https://sparql.example.org/aims/graphs",
        profile="fuseki",
        access=Access("basic", "aims", Secret(variable="AIMSGRAPH_TEST_SECRET")),
        trust=Trust(tmp_path / "authority.pem", tmp_path / "ours.pem", tmp_path / "ours.key"),
    )


def test_an_address_alone_is_enough(tmp_path: Path):
    assert read(tmp_path, 'query = "http://127.0.0.1:7878/query"') == Endpoint("http://127.0.0.1:7878/query")


def test_a_secret_may_be_in_a_file_beside(tmp_path: Path):
    (tmp_path / "token").write_text("abc\n")
    found = read(
        tmp_path, 'query = "https://h.example/query"\n[auth]\nkind = "bearer"\ntoken_file = "token"\n'
    )
    assert found.access.secret == Secret(file=tmp_path / "token")
    assert found.access.secret.reveal() == "abc"


def test_all_faults_are_told_at_once(tmp_path: Path):
    text = WHOLE.replace("https://sparql.example.org/aims/query", "sparql.example.org").replace(
        "fuseki", "fuski"
    )
    text = text.replace("user =", "usr =").replace("password_env", "pasword_env")
    found = faults(tmp_path, text)
    expected = [
        "query is no address", "profile 'fuski' is not known", "[auth] has 'usr'", "[auth] has 'pasword_env'",
        "user is missing in [auth]", "[auth] has to say once where the password is", "ca in [tls] names",
        "certificate in [tls] names", "key in [tls] names",
    ]  # fmt: skip
    assert [one for one, start in zip(found, expected, strict=True) if not one.startswith(start)] == []


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", 'query is missing: write query = "https://HOST/…"'),
        ("query = 3", 'query in the file has to be a text: write query = "…"'),
        ('query = "ftp://h/q"', "query is no address"),
        ('query = "https://"', "query is no address"),
        ('query = "https://u:p@h/q"', "query has a user in it"),
        ('query = "https://h/q"\nauth = "basic"', "auth has to be a table"),
        ('query = "https://h/q"\n[auth]\nuser = "a"', "[auth] has no kind"),
        ('query = "https://h/q"\n[auth]\nkind = "kerberos"', "kind 'kerberos' in [auth] is not known"),
        ('query = "https://h/q"\n[auth]\nkind = "none"\nuser = "a"', "user in [auth] means nothing"),
        (
            'query = "https://h/q"\n[auth]\nkind = "bearer"\npassword_env = "AIMSGRAPH_TEST_SECRET"',
            "password_env in [auth] means nothing with kind bearer",
        ),
        (
            'query = "https://h/q"\n[auth]\nkind = "bearer"\ntoken_env = "AIMSGRAPH_NO_SUCH"',
            "token_env in [auth]: There is no secret in the environment variable AIMSGRAPH_NO_SUCH",
        ),
        (
            'query = "https://h/q"\n[auth]\nkind = "header"\nheader = "X Key"\nvalue_env = "AIMSGRAPH_TEST_SECRET"',
            "header 'X Key' in [auth] is no name of a header",
        ),
        ('query = "https://h/q"\n[tls]\nverify = "no"', "verify in [tls] has to be true or false"),
        ('query = "https://h/q"\n[tls]\nkey = "server.toml"', "[tls] has a key without a certificate"),
        ('query = "https://h/q"\n[tls]\nca = "server.toml"\nverify = false', "[tls] names a ca and says verify"),
        ('query = "https://h/q"\npassword = "x"', "the file has 'password', which means nothing"),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_how_to_mend_it(tmp_path: Path, text: str, fault: str):
    assert any(one.startswith(fault) for one in faults(tmp_path, text))


def test_what_is_no_toml_and_what_is_not_there_is_told(tmp_path: Path):
    with pytest.raises(ServerFileError, match="is no TOML"):
        read(tmp_path, "query = ")
    with pytest.raises(ServerFileError, match="cannot be read: No such file"):
        place(tmp_path / "other.toml")


def test_a_fault_does_not_show_a_secret_that_was_written_into_the_file(tmp_path: Path):
    text = (
        'query = "https://aims:hunter2@h.example/q"\n[auth]\nkind = "basic"\nuser = "a"\npassword = "hunter2"'
    )
    with pytest.raises(ServerFileError) as raised:
        read(tmp_path, text)
    assert "hunter2" not in f"{raised.value} {raised.value.problems}"


def test_a_folder_may_end_in_toml(tmp_path: Path):
    (tmp_path / "aims.toml").mkdir()
    assert place(tmp_path / "aims.toml") == tmp_path / "aims.toml"
