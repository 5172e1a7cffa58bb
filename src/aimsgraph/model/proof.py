"""What is kept and handed out so that others can prove that a history was not rewritten."""

from __future__ import annotations

from typing import Literal

from aimsgraph.model.node import Value


class Head(Value):
    """The hash that a changeset had when somebody noted it, to be kept where whoever writes the store cannot reach it.

    ``time`` is when the changeset was made, ``noted`` when the head was, ``by`` whom. ``public_key`` is the DER of an
    Ed25519 public key, ``signature`` that of the head by this key, both in base64; null where it is not signed.
    """

    changeset: int
    hash: str
    time: str
    noted: str
    by: str
    public_key: str | None = None
    signature: str | None = None


class ComparedHead(Value):
    """A head that a history was compared with.

    ``fingerprint`` is the SHA-256 of the DER of the public key that the head names. ``worth`` says what its signature
    is: ``good`` is one by a key that was given; ``of an unknown key`` fits too, by the key that the head itself names,
    when none was given. ``fault`` says in which way the head does not agree with the history, or null.
    """

    changeset: int
    hash: str
    time: str
    noted: str
    by: str
    fingerprint: str | None
    worth: Literal["none", "good", "wrong", "of another key", "of an unknown key", "not checked"]
    fault: str | None


class NotedHeads(Value):
    """The heads that were added to a file."""

    path: str
    heads: tuple[Head, ...]


class KeyPair(Value):
    """A new pair of keys: where its files are, and the fingerprint by which the public one can be compared."""

    private: str
    public: str
    fingerprint: str
    encrypted: bool


class WrittenBundle(Value):
    """A bundle that was written: where, its size in bytes, and what is in it."""

    path: str
    bytes: int
    changesets: int
    statements: int
    head: str
    heads: int


class HashedFile(Value):
    """What a file states, as a hash that does not depend on its format, its order or the names of its blank nodes."""

    path: str
    statements: int
    hash: str


class HashedFiles(Value):
    """The hash of what each file states."""

    files: tuple[HashedFile, ...]
