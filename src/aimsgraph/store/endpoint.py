"""A SPARQL 1.1 endpoint on a server: how it is asked, and what its answers have to be."""

from __future__ import annotations

from dataclasses import dataclass
from http.cookiejar import DefaultCookiePolicy
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit, urlunsplit

import requests

from aimsgraph.errors import QueryInvalidError, StoreUnusableError, UsageError
from aimsgraph.store.retry import patiently

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TSV: Final = "text/tab-separated-values"
JSON: Final = "application/sparql-results+json"
N_TRIPLES: Final = "application/n-triples"
_SCHEMES: Final = ("http://", "https://")
_PORTION: Final = 1 << 16
#: Seconds until a connection stands, and until the next part of an answer comes.
_PATIENCE: Final = (10.0, 600.0)
#: How much of a server's own words an error repeats, in characters.
_MOST_SAID: Final = 300


def is_address(place: str | Path) -> bool:
    """Say whether a place is the address of a server, and not a folder."""
    return isinstance(place, str) and place.lower().startswith(_SCHEMES)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """The address of a query endpoint; a user and password in it are sent as HTTP Basic authentication.

    ``update`` and ``graphs`` are its addresses for SPARQL Update and the Graph Store protocol; where they are not given
    they follow from an address that ends in ``/query``.
    """

    address: str
    update: str | None = None
    graphs: str | None = None

    def session(self) -> requests.Session:
        """Return a new session in which this server is asked; cookies are not kept."""
        session = requests.Session()
        session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        return session

    @property
    def name(self) -> str:
        """The address without what must not be shown."""
        parts = urlsplit(self.address)
        host = parts.netloc.rpartition("@")[2]
        return urlunsplit((parts.scheme, host, parts.path, parts.query, ""))

    def __str__(self) -> str:
        """Write the address without what must not be shown."""
        return self.name

    def answer(self, session: requests.Session, query: str, form: str) -> requests.Response:
        """Send a query and return the answer, whose body is still to come.

        :raises QueryInvalidError: the server says that the query is at fault.
        :raises StoreUnusableError: there is no such server, or it does not answer in this form.
        """
        try:
            response = patiently(lambda: session.post(
                self.address, data={"query": query}, headers={"Accept": form}, timeout=_PATIENCE, stream=True,
                allow_redirects=False,
            ))  # fmt: skip
        except requests.RequestException as error:
            raise self._unusable(_reason(error), "Check the address, and that the server runs.") from error
        if response.status_code == requests.codes.bad_request:
            raise QueryInvalidError(f"The server at {self} cannot read the query: {_said(response)}.")
        kind = response.headers.get("Content-Type", "").partition(";")[0].strip()
        if response.status_code != requests.codes.ok:
            raise self._unusable(
                f"it answers with status {response.status_code}: {_said(response)}",
                _hint(response.status_code),
            )
        if kind != form:
            response.close()
            raise self._unusable(
                f"it answers in the format {kind or 'that it does not name'}, not {form}",
                "Give the address of its SPARQL query endpoint, such as http://127.0.0.1:7878/query.",
            )
        return response

    def send_update(self, session: requests.Session, update: str, *, patience: float = _PATIENCE[1]) -> None:
        """Send an update, and return when the server has done it; wait for that ``patience`` seconds at most.

        :raises StoreUnusableError: the server refuses it or does not answer; it may be done all the same.
        """
        address = self.update or self._beside("update")
        if address is None:
            raise UsageError(
                f"The address for updates does not follow from {self}.",
                hint="Give the address of the query endpoint as it ends in /query, or that for updates too.",
            )
        self._send(session, address, data={"update": update}, patience=patience)

    def takes_graphs(self) -> bool:
        """Say whether the server's Graph Store address is known."""
        return (self.graphs or self._beside("store")) is not None

    def post_graph(self, session: requests.Session, graph: str, triples: bytes) -> None:
        """Add triples (N-Triples) to a named graph by the Graph Store protocol.

        :raises StoreUnusableError: the server refuses them or does not answer; they may be there all the same.
        """
        address = self.graphs or self._beside("store") or ""
        self._send(
            session, address, params={"graph": graph}, data=triples, headers={"Content-Type": N_TRIPLES}
        )  # fmt: skip

    def _beside(self, name: str) -> str | None:
        parts = urlsplit(self.address)
        folder, _, last = parts.path.rpartition("/")
        return urlunsplit(parts._replace(path=f"{folder}/{name}")) if last == "query" else None

    def _send(
        self,
        session: requests.Session,
        address: str,
        *,
        data: bytes | dict[str, str],
        params: dict[str, str] | None = None,
        headers: dict[str, str] | None = None,
        patience: float = _PATIENCE[1],
    ) -> None:
        try:
            response = session.post(
                address, data=data, params=params, headers=headers, timeout=(_PATIENCE[0], patience),
                allow_redirects=False,
            )  # fmt: skip
        except requests.RequestException as error:
            raise self._unusable(_reason(error), "Check the address, and that the server runs.") from error
        if not response.ok or response.is_redirect:
            raise self._unusable(
                f"it answers a write with status {response.status_code}: {_said(response)}",
                _write_hint(response.status_code),
            )

    def lines(self, response: requests.Response) -> Iterator[bytes]:
        """Yield the lines of an answer as they come.

        :raises StoreUnusableError: the answer breaks off.
        """
        rest = b""
        try:
            for portion in response.iter_content(_PORTION):
                whole = (rest + portion).split(b"\n")
                rest = whole.pop()
                for line in whole:
                    yield line + b"\n"
        except requests.RequestException as error:
            raise self.broken(_reason(error)) from error
        finally:
            response.close()
        if rest:
            yield rest + b"\n"

    def broken(self, why: str) -> StoreUnusableError:
        """Return the error for an answer that is not whole, which a server may only notice after status 200."""
        return self._unusable(
            f"its answer breaks off: {why}", "See the server's log; it may have a time limit."
        )

    def _unusable(self, why: str, hint: str) -> StoreUnusableError:
        return StoreUnusableError(f"The server at {self} cannot be used: {why}.", hint=hint)


def _said(response: requests.Response) -> str:
    text = " ".join(response.text.split())
    return text[:_MOST_SAID].rstrip(".") or "nothing more"


def _hint(status: int) -> str:
    if status in {requests.codes.unauthorized, requests.codes.forbidden}:
        return "Give a user who may read it: http://USER:PASSWORD@HOST/…"
    return "Give the address of its SPARQL query endpoint, such as http://127.0.0.1:7878/query."


def _write_hint(status: int) -> str:
    if status in {requests.codes.unauthorized, requests.codes.forbidden}:
        return "Give a user who may write: http://USER:PASSWORD@HOST/…"
    return "See the server's log: it must take SPARQL Update, and have room."


def _reason(error: requests.RequestException) -> str:
    if isinstance(error, requests.exceptions.SSLError):
        return "its certificate is not one that this machine trusts"
    if isinstance(error, requests.exceptions.ConnectTimeout | requests.exceptions.ReadTimeout):
        return "it takes too long to answer"
    if isinstance(error, requests.exceptions.ConnectionError):
        return "no connection can be made"
    return f"the answer cannot be read ({type(error).__name__})"
