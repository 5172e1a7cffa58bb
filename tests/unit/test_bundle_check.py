"""Heads are read strictly, and whatever is altered in a signed one is found."""

from __future__ import annotations

import base64
import json

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from aimsgraph.bundle_check import (
    Report,
    UnreadableError,
    compare,
    read_heads,
    read_public_key,
    statement,
    worth,
)

HASHES = ["sha256:" + letter * 64 for letter in "abc"]
HEAD = {
    "changeset": 2,
    "hash": HASHES[1],
    "time": "2026-03-03T09:00:00.000000+00:00",
    "noted": "2026-03-04T09:00:00+00:00",
    "by": "Ada",
}
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = KEY.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
SIGNED = HEAD | {
    "public_key": base64.b64encode(PUBLIC).decode(),
    "signature": base64.b64encode(KEY.sign(statement(HEAD))).decode(),
}


def test_the_text_that_is_signed_is_the_one_documented():
    assert statement(HEAD).decode() == (
        "aimsgraph head\n"
        "changeset: 2\n"
        f"hash: sha256:{'b' * 64}\n"
        "time: 2026-03-03T09:00:00.000000+00:00\n"
        "noted: 2026-03-04T09:00:00+00:00\n"
        "by: Ada\n"
    )


def test_a_signature_is_good_only_by_a_key_that_was_given():
    assert worth(SIGNED, [PUBLIC]) == "good"
    assert worth(SIGNED, [PUBLIC[:-1] + b"\0", PUBLIC]) == "good"
    assert worth(SIGNED, [PUBLIC[:-1] + b"\0"]) == "of another key"
    assert worth(SIGNED, []) == "of an unknown key"
    assert worth(HEAD, [PUBLIC]) == "none"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("by", "Eve"),
        ("noted", "2020-01-01T00:00:00+00:00"),
        ("time", "2020-01-01T00:00:00+00:00"),
        ("hash", HASHES[0]),
        ("changeset", 1),
        ("signature", base64.b64encode(bytes(64)).decode()),
        ("signature", "no base64"),
        ("signature", ""),
        ("public_key", "no key"),
        ("public_key", base64.b64encode(PUBLIC[:-1] + b"\0").decode()),
    ],
)
def test_whatever_is_altered_in_a_signed_head_is_found(field: str, value: object):
    for keys in ([], [PUBLIC]):
        fault = compare(Report(), [SIGNED | {field: value}], HASHES, keys)
        assert (fault or "").startswith("The head of changeset ")
        assert (fault or "").endswith("has a signature that is not good: wrong.")


def test_a_head_that_agrees_vouches_for_all_before_it():
    report = Report()
    assert compare(report, [HEAD], HASHES, []) is None
    assert (report.agreed, report.against) == (2, [HEAD | {"worth": "none", "fault": None}])


def test_another_hash_and_a_missing_changeset_are_named():
    told = "when its head was noted on 2026-03-04T09:00:00+00:00 by Ada, and"
    assert compare(Report(), [HEAD], [HASHES[0], HASHES[2]], []) == (
        f"Changeset 2 was {HASHES[1]} {told} is {HASHES[2]} now."
    )
    assert (
        compare(Report(), [HEAD], HASHES[:1], [])
        == f"Changeset 2 was {HASHES[1]} {told} there are only 1 now."
    )


def test_a_key_demands_a_signature():
    assert "not good: none" in (compare(Report(), [HEAD], HASHES, [PUBLIC]) or "")
    assert "no head that it could have signed" in (compare(Report(), [], HASHES, [PUBLIC]) or "")


def test_heads_are_read_as_they_were_written():
    text = "\n".join(json.dumps(head) for head in (HEAD, SIGNED))
    assert read_heads(text, "h") == read_heads(text + "\n", "h") == [HEAD, SIGNED]


NO_HEADS = {
    "nothing": "",
    "no JSON": "{",
    "nested without end": "[" * 100_000,
    "no object": "[]",
    "a field missing": json.dumps({"changeset": 1}),
    "a field too many": json.dumps(HEAD | {"more": "x"}),
    "a key without a signature": json.dumps({**HEAD, "public_key": "x"}),
    "changeset 0": json.dumps(HEAD | {"changeset": 0}),
    "changeset true": json.dumps(HEAD | {"changeset": True}),
    "a text that is a number": json.dumps(HEAD | {"by": 1}),
    "a line break, which could forge a line of what is signed": json.dumps(HEAD | {"by": "a\nhash: b"}),
    "half a character": json.dumps(HEAD | {"by": "\ud800"}),
}


@pytest.mark.parametrize("what", NO_HEADS)
def test_what_is_no_head_is_refused(what: str):
    with pytest.raises(UnreadableError, match=r"^heads, line 1: "):
        read_heads(NO_HEADS[what], "heads")


def pem(content: bytes, name: str = "PUBLIC KEY") -> str:
    return f"-----BEGIN {name}-----\n{base64.b64encode(content).decode()}\n-----END {name}-----\n"


def test_a_public_key_is_read():
    assert read_public_key(pem(PUBLIC), "k") == PUBLIC


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no key",
        pem(PUBLIC[:-1]),
        pem(b"x" * 44),
        pem(PUBLIC, "PRIVATE KEY"),
        pem(PUBLIC).replace("M", "%", 1),
    ],
    ids=["empty", "no PEM", "too short", "of another kind", "a private key", "no base64"],
)
def test_what_is_no_public_key_is_refused(text: str):
    with pytest.raises(UnreadableError, match=r"^k is not the PEM of an Ed25519 public key"):
        read_public_key(text, "k")
