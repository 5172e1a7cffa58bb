"""Who we are to a server, and which servers we believe: authentication and TLS."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, get_args
from urllib.parse import unquote, urlsplit

from aimsgraph.errors import ServerFileError

if TYPE_CHECKING:
    from collections.abc import Callable

    import requests

    Authentication = Callable[[requests.PreparedRequest], requests.PreparedRequest]

Kind = Literal["none", "basic", "digest", "bearer", "header"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
#: No secret is longer; a file that is was named by mistake.
_MOST_SECRET: Final = 64 << 10


@dataclass(frozen=True, slots=True)
class Secret:
    """Where a secret is: an environment variable or a file. It is read when it is needed, and never kept or shown."""

    variable: str | None = None
    file: Path | None = None

    def __str__(self) -> str:
        """Say where the secret is, not what it is."""
        return f"the environment variable {self.variable}" if self.variable else f"the file {self.file}"

    def reveal(self) -> str:
        """Return the secret, of a file without the line ends behind it.

        :raises ServerFileError: there is none, or one that cannot stand in a header.
        """
        hint = f"Put the secret into {self}, which only you may read."
        if self.variable is not None:
            value = os.environ.get(self.variable, "")
        else:
            try:
                with Path(str(self.file)).open(encoding="utf-8") as file:
                    value = file.read(_MOST_SECRET).rstrip("\r\n")
            except (OSError, UnicodeDecodeError) as error:
                reason = getattr(error, "strerror", None) or "it is no text"
                raise ServerFileError(f"The secret in {self} cannot be read: {reason}.", hint=hint) from None
        if not value:
            raise ServerFileError(f"There is no secret in {self}.", hint=hint)
        if not value.isprintable():
            raise ServerFileError(f"What is in {self} has a line end or control character within.", hint=hint)
        return value


@dataclass(frozen=True, slots=True)
class Access:
    """How to say who we are. ``secret`` is the password, the token, or what the header named ``header`` says."""

    kind: Kind = "none"
    user: str = ""
    secret: Secret | None = None
    header: str = ""

    def authentication(self, address: str) -> Authentication:
        """Return what puts the credentials on each request; a user and password in the address are HTTP Basic.

        :raises ServerFileError: the secret cannot be had.
        """
        # It is imported only where a server is asked: commands on a folder do not wait for it.
        from requests.auth import HTTPBasicAuth, HTTPDigestAuth

        secret = self.secret.reveal() if self.secret is not None else ""
        if self.kind == "basic":
            return HTTPBasicAuth(self.user.encode(), secret.encode())
        if self.kind == "digest":
            return HTTPDigestAuth(self.user, secret)
        if self.kind == "bearer":
            return self._with_header("Authorization", f"Bearer {secret}")
        if self.kind == "header":
            return self._with_header(self.header, secret)
        parts = urlsplit(address)
        if parts.username is not None:
            return HTTPBasicAuth(unquote(parts.username).encode(), unquote(parts.password or "").encode())
        return lambda request: request

    def _with_header(self, name: str, value: str) -> Authentication:
        if not value.isascii():
            raise ServerFileError(
                f"What is in {self.secret} cannot stand in the header {name}: it has letters beyond ASCII."
            )

        def add(request: requests.PreparedRequest) -> requests.PreparedRequest:
            request.headers[name] = value
            return request

        return add


@dataclass(frozen=True, slots=True)
class Trust:
    """Which certificates to believe, and our own.

    ``ca`` is a file of certificates to believe in the place of those that this machine trusts; ``certificate`` and
    ``key`` are what we show of ourselves (the key may be in the certificate's file). Without ``verify`` whoever sits
    between can read and alter everything.
    """

    ca: Path | None = None
    certificate: Path | None = None
    key: Path | None = None
    verify: bool = field(default=True)


#: Who says nothing of himself.
NOBODY: Final = Access()
#: Believe the certificates that this machine trusts.
THIS_MACHINES: Final = Trust()
