"""A file that says of a server all that an address cannot: ``server.toml``, strictly checked."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from aimsgraph.errors import Problem, ServerFileError
from aimsgraph.store.access import KINDS, Access, Secret, Trust
from aimsgraph.store.endpoint import Endpoint, is_address
from aimsgraph.store.profile import profiles

if TYPE_CHECKING:
    from pathlib import Path

_ADDRESSES: Final = {"query": "address", "update": "update", "graph_store": "graphs"}
_SECRETS: Final = tuple(
    f"{what}_{where}" for what in ("password", "token", "value") for where in ("env", "file")
)
_AUTH: Final = {"kind", "user", "header", *_SECRETS}
_TLS: Final = {"ca", "certificate", "key", "verify"}
#: What each kind of authentication needs: a user, a header's name, and what its secret is called.
_NEEDS: Final[dict[str, tuple[bool, bool, str | None]]] = {
    "none": (False, False, None),
    "basic": (True, False, "password"),
    "digest": (True, False, "password"),
    "bearer": (False, False, "token"),
    "header": (False, True, "value"),
}
_HEADER: Final = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_MOST_BYTES: Final = 64 << 10


def read_server(path: Path) -> Endpoint:
    """Read the file that describes a server; the files that it names are relative to its folder.

    :raises ServerFileError: with every fault, and how to mend each.
    """
    try:
        with path.open("rb") as file:
            table = tomllib.loads(file.read(_MOST_BYTES).decode("utf-8"))
    except OSError as error:
        raise ServerFileError(f"The server file {path} cannot be read: {error.strerror}.") from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ServerFileError(
            f"The server file {path} is no TOML: {error}.", hint="docs/servers.md has an example."
        ) from error
    reading = _Reading(path)
    endpoint = reading.endpoint(table)
    if endpoint is None:
        count = len(reading.faults)
        raise ServerFileError(
            f"The server file {path} has {count} fault{'s' if count > 1 else ''}.",
            hint="Mend what is listed; docs/servers.md explains the file."
            if count > 1
            else reading.faults[0],
            problems=tuple(Problem(fault, str(path)) for fault in reading.faults),
        )
    return endpoint


class _Reading:
    """The reading of one file, and the faults found so far."""

    def __init__(self, path: Path) -> None:
        self._folder = path.parent
        self.faults: list[str] = []

    def endpoint(self, table: dict[str, Any]) -> Endpoint | None:
        """Return the server, or None when there are faults."""
        self._only(table, {*_ADDRESSES, "profile", "auth", "tls"}, "the file")
        addresses = {ours: self._address(table, theirs) for theirs, ours in _ADDRESSES.items()}
        profile = self._text(table, "profile", "the file")
        if profile and profile not in profiles():
            self.faults.append(
                f"profile {profile!r} is not known: name one of {', '.join(profiles())}, or none."
            )
        access, trust = self._access(self._table(table, "auth")), self._trust(self._table(table, "tls"))
        if access is None or trust is None or self.faults:
            return None
        return Endpoint(
            addresses["address"] or "",
            addresses["update"],
            addresses["graphs"],
            profile=profile or None,
            access=access,
            trust=trust,
        )

    def _only(self, table: dict[str, Any], known: set[str], where: str) -> None:
        self.faults += [
            f"{where} has {key!r}, which means nothing: take it out, or name one of {', '.join(sorted(known))}."
            for key in table
            if key not in known
        ]

    def _table(self, table: dict[str, Any], name: str) -> dict[str, Any]:
        found = table.get(name, {})
        if isinstance(found, dict):
            return found
        self.faults.append(f"{name} has to be a table: write [{name}] on a line of its own.")
        return {}

    def _text(self, table: dict[str, Any], key: str, where: str) -> str:
        found = table.get(key, "")
        if isinstance(found, str) and (found or key not in table):
            return found
        self.faults.append(f'{key} in {where} has to be a text: write {key} = "…".')
        return ""

    def _address(self, table: dict[str, Any], key: str) -> str | None:
        found = self._text(table, key, "the file")
        if not found:
            if key == "query" and key not in table:
                self.faults.append(
                    'query is missing: write query = "https://HOST/…", the address of the SPARQL endpoint.'
                )
            return None
        if not is_address(found) or not urlsplit(found).hostname:
            self.faults.append(
                f"{key} is no address: it has to begin with https:// or http://, and name a host."
            )
        elif "@" in urlsplit(found).netloc:
            self.faults.append(
                f"{key} has a user in it: take that out, and name the user and where the password is in [auth]."
            )
        return found

    def _access(self, table: dict[str, Any]) -> Access | None:
        before = len(self.faults)
        self._only(table, set(_AUTH), "[auth]")
        kind = self._text(table, "kind", "[auth]") or "none"
        if kind not in _NEEDS:
            self.faults.append(f"kind {kind!r} in [auth] is not known: name one of {', '.join(KINDS)}.")
            return None
        if table and "kind" not in table:
            self.faults.append(f'[auth] has no kind: write kind = "…" with one of {", ".join(KINDS)}.')
            return None
        needs_user, needs_header, secret_name = _NEEDS[kind]
        user = self._wanted(table, "user", needs_user, kind)
        header = self._wanted(table, "header", needs_header, kind)
        if header and not _HEADER.fullmatch(header):
            self.faults.append(
                f"header {header!r} in [auth] is no name of a header: use letters, digits and -."
            )
        secret = self._secret(table, secret_name, kind)
        if len(self.faults) > before:
            return None
        return Access(kind, user, secret, header)  # type: ignore[arg-type]  # one of KINDS, as checked above

    def _wanted(self, table: dict[str, Any], key: str, needed: bool, kind: str) -> str:
        found = self._text(table, key, "[auth]")
        if needed and key not in table:
            self.faults.append(f'{key} is missing in [auth], and kind {kind} needs it: write {key} = "…".')
        elif not needed and key in table:
            self.faults.append(f"{key} in [auth] means nothing with kind {kind}: take it out.")
        return found

    def _secret(self, table: dict[str, Any], name: str | None, kind: str) -> Secret | None:
        places = [key for key in _SECRETS if key in table]
        fitting = [key for key in places if name is not None and key.startswith(name)]
        self.faults += [
            f"{key} in [auth] means nothing with kind {kind}: take it out."
            for key in places
            if key not in fitting
        ]
        if name is None:
            return None
        if len(fitting) != 1:
            self.faults.append(
                f'[auth] has to say once where the {name} is: write {name}_env = "VARIABLE" or {name}_file = "PATH", '
                f"not the {name} itself."
            )
            return None
        text = self._text(table, fitting[0], "[auth]")
        secret = Secret(variable=text) if fitting[0].endswith("_env") else Secret(file=self._folder / text)
        if text:
            try:
                secret.reveal()
            except ServerFileError as error:
                self.faults.append(f"{fitting[0]} in [auth]: {error}")
        return secret

    def _trust(self, table: dict[str, Any]) -> Trust | None:
        before = len(self.faults)
        self._only(table, _TLS, "[tls]")
        verify = table.get("verify", True)
        if not isinstance(verify, bool):
            self.faults.append("verify in [tls] has to be true or false, without quotes.")
        files = {key: self._file(table, key) for key in ("ca", "certificate", "key")}
        if files["key"] is not None and files["certificate"] is None:
            self.faults.append("[tls] has a key without a certificate: name the certificate too.")
        if files["ca"] is not None and verify is False:
            self.faults.append("[tls] names a ca and says verify = false: take one of them out.")
        return Trust(**files, verify=verify) if len(self.faults) == before else None

    def _file(self, table: dict[str, Any], key: str) -> Path | None:
        text = self._text(table, key, "[tls]")
        if not text:
            return None
        path = self._folder / text
        if not path.is_file():
            self.faults.append(
                f"{key} in [tls] names {path}, where there is no file: its path is relative to the server file."
            )
        return path
