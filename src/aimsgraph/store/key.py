"""Ed25519 keys in files, with which heads are signed. The package ``cryptography`` is loaded when a key is needed."""

from __future__ import annotations

import base64
import hashlib
import os
from typing import TYPE_CHECKING

from aimsgraph.bundle_check import UnreadableError, read_public_key
from aimsgraph.errors import InputNotReadableError, OutputNotWritableError, UsageError
from aimsgraph.model.proof import KeyPair

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

#: No key and no list of heads is longer than this, in bytes.
LONGEST = 1 << 26


def make_key(path: Path, passphrase: str | None = None) -> KeyPair:
    """Make a pair of keys: the private one in ``path``, which its owner alone may read, the public one in ``.pub``.

    Both are PEM; with a passphrase the private one is encrypted. Nothing is ever overwritten.

    :raises OutputNotWritableError: one of the files is there already, or the folder cannot be written.
    :raises UsageError: an empty passphrase.
    """
    if passphrase == "":
        raise UsageError("The passphrase is empty.", hint="Give one, or make a key without a passphrase.")
    from cryptography.hazmat.primitives import serialization as form
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    key = Ed25519PrivateKey.generate()
    plain = passphrase is None
    lock = form.NoEncryption() if plain else form.BestAvailableEncryption(str(passphrase).encode())
    public = path.with_name(path.name + ".pub")
    if public.exists():
        raise _unwritable(public, "it is there already")
    _write_new(path, key.private_bytes(form.Encoding.PEM, form.PrivateFormat.PKCS8, lock), 0o600)
    spki = form.PublicFormat.SubjectPublicKeyInfo
    _write_new(public, key.public_key().public_bytes(form.Encoding.PEM, spki), 0o644)
    return KeyPair(
        private=str(path),
        public=str(public),
        fingerprint=fingerprint(der_of(key)),
        encrypted=not plain,
    )


def read_private_key(path: Path, passphrase: Callable[[], str]) -> Ed25519PrivateKey:
    """Read a private key in PEM; ``passphrase`` is asked for one only when the key is encrypted.

    :raises InputNotReadableError: there is none, it is not an Ed25519 key, or the passphrase is not its own.
    """
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    text = read_text(path).encode()
    try:
        try:
            key = load_pem_private_key(text, None)
        except TypeError:  # it is encrypted
            key = load_pem_private_key(text, passphrase().encode())
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise InputNotReadableError(
            f"{path} is not a private key in PEM, or the passphrase is not its own.",
            hint="Make one with: aimsgraph head key FILE",
        ) from None
    if not isinstance(key, Ed25519PrivateKey):
        raise InputNotReadableError(
            f"{path} is not an Ed25519 key.", hint="Make one with: aimsgraph head key FILE"
        )
    return key


def read_public_keys(paths: Iterable[Path]) -> list[bytes]:
    """Return the DER of public keys in PEM.

    :raises InputNotReadableError: a file is missing, or is not an Ed25519 public key in PEM.
    """
    try:
        return [read_public_key(read_text(path), path.as_posix()) for path in paths]
    except UnreadableError as error:
        raise InputNotReadableError(
            str(error), hint="It is the .pub file that aimsgraph head key made."
        ) from None


def der_of(key: Ed25519PrivateKey) -> bytes:
    """Return the DER of the public key that belongs to a private one."""
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    return key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def fingerprint(der: bytes) -> str:
    """Return the SHA-256 of the DER of a public key."""
    return "sha256:" + hashlib.sha256(der).hexdigest()


def base64_of(content: bytes) -> str:
    """Return bytes in base64."""
    return base64.b64encode(content).decode("ascii")


def read_text(path: Path) -> str:
    """Read a short text.

    :raises InputNotReadableError: missing, unreadable, not UTF-8, or longer than 64 MiB.
    """
    try:
        if path.stat().st_size > LONGEST:
            raise InputNotReadableError(f"{path} is longer than {LONGEST:,} bytes.")
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise InputNotReadableError(f"{path} cannot be read: {error.strerror or error}.") from error
    except UnicodeDecodeError:
        raise InputNotReadableError(f"{path} is not a text in UTF-8.") from None


def _write_new(path: Path, content: bytes, mode: int) -> None:
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except FileExistsError:
        raise _unwritable(path, "it is there already") from None
    except OSError as error:
        raise _unwritable(path, error.strerror or str(error)) from error


def _unwritable(path: Path, reason: str) -> OutputNotWritableError:
    return OutputNotWritableError(
        f"{path} could not be written: {reason}.",
        hint="Name a new file, in a folder that exists and that you may write to.",
    )
