"""Heads are noted and signed on the command line, and what does not fit them is named; openssl agrees."""

from __future__ import annotations

import base64
import json
import os
import shutil
import stat
import subprocess
from typing import TYPE_CHECKING

import pytest

from aimsgraph.bundle_check import read_heads, statement
from aimsgraph.cli.proof import PASSPHRASE_VARIABLE
from tests.cli.conftest import GRAPH, Shell
from tests.contract import forger

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("without_passphrase")


@pytest.fixture
def without_passphrase(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(PASSPHRASE_VARIABLE, raising=False)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with a key, and a signed head of it."""
    shell = Shell(tmp_path_factory.mktemp("built"))
    shell.write("small.ttl", GRAPH)
    shell.ok("init")
    shell.ok("load", "small.ttl")
    shell.ok("head", "key", "key")
    shell.ok("head", "note", "heads.jsonl", "--key", "key", "--by", "Ada Auditor")
    return shell.folder


@pytest.fixture
def signed(built: Path, tmp_path: Path) -> Shell:
    """A copy of it."""
    shutil.copytree(built, tmp_path, dirs_exist_ok=True)
    return Shell(tmp_path)


def test_a_private_key_is_for_its_owner_alone(empty: Shell):
    said = empty.ok("head", "key", "k")
    assert stat.S_IMODE((empty.folder / "k").stat().st_mode) == 0o600
    assert (empty.folder / "k").read_text().startswith("-----BEGIN PRIVATE KEY-----")
    assert (empty.folder / "k.pub").read_text().startswith("-----BEGIN PUBLIC KEY-----")
    secret = "".join((empty.folder / "k").read_text().splitlines()[1:-1])
    assert secret not in said


@pytest.mark.parametrize("there", ["k", "k.pub"])
def test_no_key_is_ever_overwritten(empty: Shell, there: str):
    empty.write(there, "precious")
    done = empty("head", "key", "k")
    assert (done.returncode, f"{there} could not be written: it is there already" in done.stderr) == (2, True)
    assert (empty.folder / there).read_text() == "precious"


def test_a_key_with_a_passphrase_signs_with_it_alone(signed: Shell, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv(PASSPHRASE_VARIABLE, "correct horse")
    assert json.loads(signed.ok("head", "key", "k", "--passphrase", "--json"))["encrypted"] is True
    assert (signed.folder / "k").read_text().startswith("-----BEGIN ENCRYPTED PRIVATE KEY-----")
    signed.ok("head", "note", "new.jsonl", "--key", "k")
    assert "signature: good" in signed.ok("verify", "--heads", "new.jsonl", "--public-key", "k.pub")
    monkeypatch.setenv(PASSPHRASE_VARIABLE, "wrong")
    done = signed("head", "note", "new.jsonl", "--key", "k")
    assert (done.returncode, "the passphrase is not its own" in done.stderr) == (2, True)
    assert "wrong" not in done.stderr
    monkeypatch.delenv(PASSPHRASE_VARIABLE)
    done = signed("head", "note", "new.jsonl", "--key", "k", stdin="")
    assert (done.returncode, f"Give it in ${PASSPHRASE_VARIABLE}" in done.stderr) == (2, True)
    monkeypatch.setenv(PASSPHRASE_VARIABLE, "")
    assert signed("head", "key", "other", "--passphrase").returncode == 2
    assert not (signed.folder / "other").exists()


def test_a_signed_head_agrees(signed: Shell):
    answer = json.loads(signed.ok("verify", "--heads", "heads.jsonl", "--public-key", "key.pub", "--json"))
    assert (answer["intact"], answer["agreed"]) == (True, answer["changesets"])
    (head,) = answer["against"]
    assert (head["worth"], head["by"], head["fault"]) == ("good", "Ada Auditor", None)
    made = json.loads(signed.ok("head", "key", "another", "--json"))
    assert head["fingerprint"] != made["fingerprint"]


def test_a_key_that_nobody_named_is_not_called_good(signed: Shell):
    done = signed("verify", "--heads", "heads.jsonl")
    assert (done.returncode, "signature: of an unknown key, by key sha256:" in done.stdout) == (0, True)
    assert "--public-key" in done.stderr


def test_without_a_head_it_is_said_what_would_not_show(signed: Shell):
    assert "rewritten as a whole would not show" in signed("verify").stderr


def test_a_head_of_another_key_is_named(signed: Shell):
    signed.ok("head", "key", "other")
    done = signed("verify", "--heads", "heads.jsonl", "--public-key", "other.pub")
    assert (done.returncode, "a signature that is not good: of another key" in done.stdout) == (1, True)
    # One of several keys is enough: keys are changed now and then.
    signed.ok("verify", "--heads", "heads.jsonl", "--public-key", "other.pub", "--public-key", "key.pub")


def test_a_missing_signature_is_named_where_a_key_is_given(signed: Shell):
    signed.ok("head", "note", "unsigned.jsonl")
    signed.ok("verify", "--heads", "unsigned.jsonl")
    done = signed("verify", "--heads", "unsigned.jsonl", "--public-key", "key.pub")
    assert (done.returncode, "a signature that is not good: none." in done.stdout) == (1, True)
    done = signed("verify", "--public-key", "key.pub")
    assert (done.returncode, "no head that it could have signed" in done.stdout) == (1, True)


def test_a_file_of_heads_that_is_none_is_refused(signed: Shell):
    text = "no JSON"
    signed.write("bad.jsonl", text)
    for words in (("verify", "--heads", "bad.jsonl"), ("head", "note", "bad.jsonl")):
        done = signed(*words)
        assert (done.returncode, "bad.jsonl, line 1: this is not JSON" in done.stderr) == (2, True)
    assert (signed.folder / "bad.jsonl").read_text() == text


RSA = """-----BEGIN PUBLIC KEY-----
MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAL6V5Pg0lY6Vv0J8Yd6m0wq6m1Wk0bQy
-----END PUBLIC KEY-----
"""


@pytest.mark.parametrize("text", ["", "no key", RSA], ids=["empty", "no PEM", "RSA"])
def test_a_key_that_is_none_is_refused(signed: Shell, text: str):
    signed.write("bad.pem", text)
    done = signed("verify", "--heads", "heads.jsonl", "--public-key", "bad.pem")
    assert (done.returncode, "bad.pem is not the PEM of an Ed25519 public key" in done.stderr) == (2, True)
    done = signed("head", "note", "new.jsonl", "--key", "bad.pem")
    assert (done.returncode, "bad.pem is not a private key in PEM" in done.stderr) == (2, True)
    assert not (signed.folder / "new.jsonl").exists()


@pytest.mark.parametrize(
    "words", [("--heads", "absent"), ("--public-key", "absent"), ("absent.zip",), ("aims.store",)]
)
def test_a_missing_file_is_an_error(signed: Shell, words: tuple[str, ...]):
    done = signed("verify", *words)
    assert (done.returncode, words[-1] in done.stderr, "Traceback" in done.stderr) == (2, True, False)


def test_a_rewritten_history_is_named_and_not_signed_again(signed: Shell):
    path = signed.folder / "aims.store"
    before = json.loads(signed.ok("verify", "--json"))

    def reword(records: forger.Records) -> None:
        records[-1] = (records[-1][0].model_copy(update={"author": "nobody"}), records[-1][1])

    forger.rewrite(path, reword)
    assert json.loads(signed.ok("verify", "--json"))["head"] != before["head"]
    done = signed("verify", "--heads", "heads.jsonl", "--public-key", "key.pub")
    assert done.returncode == 1
    told = f"Changeset {before['changesets']} was {before['head']} when its head was noted on "
    assert f"ALTERED. The first difference: {told}" in done.stdout
    done = signed("head", "note", "heads.jsonl", "--key", "key")
    assert (
        done.returncode,
        "Nothing was noted: the history is not the one of heads.jsonl" in done.stderr,
    ) == (2, True)


def test_heads_gather_in_one_file(signed: Shell):
    signed.write("more.ttl", "<urn:x:a> <urn:x:p> 1 .")
    signed.ok("load", "more.ttl")
    signed.ok("head", "note", "heads.jsonl", "--key", "key")
    signed.ok("head", "note", "heads.jsonl", "--all", "--by", "Ada")
    answer = json.loads(signed.ok("verify", "--heads", "heads.jsonl", "--json"))
    assert (len(answer["against"]), answer["agreed"]) == (2 + answer["changesets"], answer["changesets"])


def test_a_bundle_is_verified_by_the_same_command(signed: Shell):
    written = json.loads(signed.ok("bundle", "b.zip", "--heads", "heads.jsonl", "--json"))
    store, bundle = (
        json.loads(signed.ok("verify", *words, "--public-key", "key.pub", "--json"))
        for words in (("--heads", "heads.jsonl"), ("b.zip",))
    )
    assert store == bundle
    assert (written["head"], written["statements"]) == (store["head"], store["statements"])


def test_files_that_state_the_same_have_one_hash(empty: Shell):
    empty.write("a.ttl", "<urn:x:a> <urn:x:p> [ <urn:x:q> 1.50 ] .")
    empty.write(
        "b.nt",
        '_:z <urn:x:q> "1.50"^^<http://www.w3.org/2001/XMLSchema#decimal> .\n<urn:x:a> <urn:x:p> _:z .',
    )
    first, second = json.loads(empty.ok("hash", "a.ttl", "b.nt", "--json"))["files"]
    assert (first["hash"], first["statements"]) == (second["hash"], 2)
    assert empty.ok("hash", "a.ttl") == f"{first['hash']}  a.ttl\n"
    assert empty.ok("hash", "a.ttl", "--as-stored") != empty.ok("hash", "a.ttl")


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
def test_openssl_checks_a_head_and_knows_the_fingerprint(signed: Shell):
    def openssl(*words: str) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(["openssl", *words], cwd=signed.folder, capture_output=True, check=False)

    (head,) = read_heads((signed.folder / "heads.jsonl").read_text(), "heads")
    (signed.folder / "head.txt").write_bytes(statement(head))
    (signed.folder / "head.sig").write_bytes(base64.b64decode(head["signature"]))
    words = (
        "pkeyutl",
        "-verify",
        "-pubin",
        "-inkey",
        "key.pub",
        "-rawin",
        "-in",
        "head.txt",
        "-sigfile",
        "head.sig",
    )
    assert openssl(*words).returncode == 0
    (signed.folder / "head.txt").write_bytes(statement(head | {"by": "Eve"}))
    assert openssl(*words).returncode != 0
    openssl("pkey", "-pubin", "-in", "key.pub", "-outform", "DER", "-out", "key.der")
    printed = openssl("dgst", "-sha256", "-r", "key.der").stdout.decode().split()[0]
    answer = json.loads(signed.ok("verify", "--heads", "heads.jsonl", "--json"))
    assert answer["against"][0]["fingerprint"] == f"sha256:{printed}"


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
def test_a_key_that_openssl_made_signs(signed: Shell):
    words = ["openssl", "genpkey", "-algorithm", "ed25519", "-out", "k"]
    subprocess.run(words, cwd=signed.folder, capture_output=True, check=True)
    subprocess.run(["openssl", "pkey", "-in", "k", "-pubout", "-out", "k.pub"], cwd=signed.folder, check=True)
    signed.ok("head", "note", "new.jsonl", "--key", "k")
    assert "signature: good" in signed.ok("verify", "--heads", "new.jsonl", "--public-key", "k.pub")


@pytest.mark.skipif(os.geteuid() == 0, reason="an administrator may write anywhere")
def test_a_folder_that_cannot_be_written_is_named(signed: Shell):
    (signed.folder / "locked").mkdir(mode=0o500)
    for words in (
        ("head", "key", "locked/k"),
        ("head", "note", "locked/h.jsonl"),
        ("bundle", "locked/b.zip"),
    ):
        done = signed(*words)
        assert (done.returncode, "could not be written" in done.stderr) == (2, True)
