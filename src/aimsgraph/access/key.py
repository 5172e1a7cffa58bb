"""Keys that people and programs show to a server, and what is kept of them.

A key is 256 random bits. Whoever has its SHA-256 cannot find it by trying, as he could a password that a person made
up: a hash that is slow on purpose, or salted, would only make each request slower.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import Final

#: What each key begins with, so that programs that look for lost secrets find it.
PREFIX: Final = "aims_"
_BYTES: Final = 32


def make_key() -> str:
    """Return a new key."""
    return PREFIX + secrets.token_urlsafe(_BYTES)


def digest(key: str) -> str:
    """Return what is kept of a key: its SHA-256 in hexadecimal."""
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()


def same(one: str, other: str) -> bool:
    """Compare two digests in a time that does not tell how much of them is the same."""
    return hmac.compare_digest(one.encode(), other.encode())
