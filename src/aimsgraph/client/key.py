"""The key by which a server knows who asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from requests.auth import AuthBase

from aimsgraph.errors import UsageError

if TYPE_CHECKING:
    import requests


class Key(AuthBase):
    """Puts a key (or token) on each request, and shows it nowhere.

    Without one it keeps credentials that lie about on this machine (``.netrc``) from being sent.
    """

    def __init__(self, key: str | None) -> None:
        if key is not None and not (key.isascii() and key.isprintable() and key.split() == [key]):
            raise UsageError("That is no key: it has to be one word of plain letters, digits and signs.")
        self._key = key

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Put the key on a request."""
        if self._key is not None:
            request.headers["Authorization"] = f"Bearer {self._key}"
        return request

    def __repr__(self) -> str:
        return "<no key>" if self._key is None else "<a key>"
