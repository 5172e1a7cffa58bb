"""The address of a server, and what may be sent there."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from aimsgraph.errors import UsageError


@dataclass(frozen=True, slots=True)
class Address:
    """Where a server is: ``http://HOST:PORT``, perhaps with a path under which all its routes stand."""

    base: str

    @classmethod
    def of(cls, text: str) -> Address:
        """Read an address.

        :raises UsageError: it is none of a server, or holds a user, a query or a fragment.
        """
        try:
            parts = urlsplit(text)
            host, _ = parts.hostname, parts.port
        except ValueError:
            host = None
        if host is None or parts.scheme not in ("http", "https"):
            raise UsageError(
                "That is no address of a server.", hint="Write it as http://127.0.0.1:8042 or https://HOST."
            )
        if "@" in parts.netloc or parts.query or parts.fragment:
            raise UsageError(
                "The address of a server holds no user, no query and no fragment.",
                hint="Give the key by itself: key=…",
            )
        return cls(f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}")

    def __str__(self) -> str:
        return self.base

    @property
    def confidential(self) -> bool:
        """Whether nobody on the way can read what is sent: it is encrypted, or does not leave this machine."""
        parts = urlsplit(self.base)
        host = parts.hostname or ""
        try:
            near = ipaddress.ip_address(host).is_loopback
        except ValueError:
            near = host == "localhost"
        return parts.scheme == "https" or near

    def within(self, path: str) -> str:
        """Return the whole address of a route."""
        return self.base + path

    def redirected(self, here: str, location: str) -> str | None:
        """Return where an answer sends us on to, or None when that is another server."""
        there = urljoin(here, location)
        return there if _origin(there) == _origin(self.base) else None


def _origin(address: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(address)
    return parts.scheme, parts.hostname, parts.port
