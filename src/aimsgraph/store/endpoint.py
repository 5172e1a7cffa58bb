"""A SPARQL 1.1 endpoint on a server: how it is asked, and what its answers have to be."""

from __future__ import annotations

from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit, urlunsplit

from aimsgraph.errors import QueryInvalidError, StoreUnusableError, UsageError
from aimsgraph.store.access import NOBODY, THIS_MACHINES, Access, Trust
from aimsgraph.store.profile import UNKNOWN, profile_named, recognised
from aimsgraph.store.retry import patiently

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import requests

    from aimsgraph.store.profile import Profile

TSV: Final = "text/tab-separated-values"
JSON: Final = "application/sparql-results+json"
N_TRIPLES: Final = "application/n-triples"
TURTLE: Final = "text/turtle"
_SCHEMES: Final = ("http://", "https://")
_PORTION: Final = 1 << 16
#: Seconds until a connection stands, and until the next part of an answer comes.
PATIENCE: Final = (10.0, 600.0)
#: How much of a server's own words an error repeats, in characters.
_MOST_SAID: Final = 300


def is_address(place: str | Path) -> bool:
    """Say whether a place is the address of a server, and not a folder."""
    return isinstance(place, str) and place.lower().startswith(_SCHEMES)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A server: where it takes queries, updates and graphs, who we are to it, and what kind of server it is.

    ``address`` takes queries; a user and password in it are sent as HTTP Basic authentication. ``update`` and
    ``graphs`` take SPARQL Update and the Graph Store Protocol; where they are not given they follow from ``address``
    by the profile, and stay None where nothing follows. ``profile`` is the short name of the kind of server.
    """

    address: str = field(repr=False)
    update: str | None = field(default=None, repr=False)
    graphs: str | None = field(default=None, repr=False)
    profile: str | None = None
    access: Access = NOBODY
    trust: Trust = THIS_MACHINES

    def __post_init__(self) -> None:
        """Fill in the addresses that follow from the first.

        :raises UsageError: there is no such profile.
        """
        update, graphs = _following(self.address, profile_named(self.profile))
        object.__setattr__(self, "update", self.update or update)
        object.__setattr__(self, "graphs", self.graphs or graphs)

    @property
    def name(self) -> str:
        """The address without what must not be shown."""
        return _shown(self.address)

    def __str__(self) -> str:
        """Write the address without what must not be shown."""
        return self.name

    def session(self) -> requests.Session:
        """Return a session that says who we are and believes the certificates that it should.

        :raises ServerFileError: the secret cannot be had.
        """
        # It imports requests, for which commands on a folder should not wait; so too below.
        from aimsgraph.store.session import Session

        return Session(self.address, self.access, self.trust)

    def kind(self, response: requests.Response | None = None) -> Profile:
        """Return what is known of this kind of server: the one that was named, else the one that answers show."""
        if self.profile is not None or response is None:
            return profile_named(self.profile)
        return recognised(response.headers.get("Server"))

    def answer(
        self,
        session: requests.Session,
        query: str,
        *forms: str,
        dataset: Sequence[tuple[str, str]] = (),
        patience: tuple[float, float] = PATIENCE,
    ) -> requests.Response:
        """Send a query and return the answer in one of the forms, the first liked best; its body is still to come.

        ``dataset`` are the protocol's parameters ``default-graph-uri`` and ``named-graph-uri``; ``patience`` says
        how many seconds a connection, and each part of the answer, may take.

        :raises QueryInvalidError: the server says that the query is at fault.
        :raises StoreUnusableError: there is no such server, or it does not answer in this form.
        """
        import requests

        accept = ", ".join(
            f"{form};q={1 - place / 10:.1f}" if place else form for place, form in enumerate(forms)
        )
        try:
            response = patiently(lambda: session.post(
                self.address, data=[("query", query), *dataset], headers={"Accept": accept}, timeout=patience,
                stream=True, allow_redirects=False,
            ))  # fmt: skip
        except requests.RequestException as error:
            raise self.unusable(reason(error), "Check the address, and that the server runs.") from error
        if response.status_code == HTTPStatus.BAD_REQUEST:
            raise QueryInvalidError(
                f"The server that holds the store cannot read the query: {said(response)}."
            )
        if response.status_code != HTTPStatus.OK:
            raise self.unusable(
                f"it answers with status {response.status_code}: {said(response)}",
                _hint(response.status_code),
            )
        if (form := form_of(response)) not in forms:
            response.close()
            raise self.unusable(
                f"it answers in the format {form or 'that it does not name'}, not {' or '.join(forms)}",
                "Give the address of its SPARQL query endpoint, such as http://127.0.0.1:7878/query.",
            )
        return response

    def send_update(self, session: requests.Session, update: str, *, patience: float = PATIENCE[1]) -> None:
        """Send an update, and return when the server has done it; wait for that ``patience`` seconds at most.

        :raises StoreUnusableError: the server refuses it or does not answer; it may be done all the same.
        """
        address = self.update
        if address is None:
            raise UsageError(
                "The address for updates does not follow from that of the server.",
                hint="Name it, or the kind of server, in a server file (docs/servers.md).",
            )
        self._send(session, address, data={"update": update}, patience=patience)

    def takes_graphs(self) -> bool:
        """Say whether the server's Graph Store address is known."""
        return self.graphs is not None

    def post_graph(self, session: requests.Session, graph: str, triples: bytes) -> None:
        """Add triples (N-Triples) to a named graph by the Graph Store protocol.

        :raises StoreUnusableError: the server refuses them or does not answer; they may be there all the same.
        """
        address = self.graphs or ""
        self._send(
            session, address, params={"graph": graph}, data=triples, headers={"Content-Type": N_TRIPLES}
        )  # fmt: skip

    def _send(
        self,
        session: requests.Session,
        address: str,
        *,
        data: bytes | dict[str, str],
        params: dict[str, str] | None = None,
        headers: dict[str, str] | None = None,
        patience: float = PATIENCE[1],
    ) -> None:
        import requests

        try:
            response = session.post(
                address, data=data, params=params, headers=headers, timeout=(PATIENCE[0], patience),
                allow_redirects=False,
            )  # fmt: skip
        except requests.RequestException as error:
            raise self.unusable(reason(error), "Check the address, and that the server runs.") from error
        if not response.ok or response.is_redirect:
            raise self.unusable(
                f"it answers a write with status {response.status_code}: {said(response)}",
                _write_hint(response.status_code),
            )

    def lines(self, response: requests.Response) -> Iterator[bytes]:
        """Yield the lines of an answer as they come.

        :raises StoreUnusableError: the answer breaks off.
        """
        rest = b""
        for portion in self.portions(response):
            whole = (rest + portion).split(b"\n")
            rest = whole.pop()
            for line in whole:
                yield line + b"\n"
        if rest:
            yield rest + b"\n"

    def portions(self, response: requests.Response) -> Iterator[bytes]:
        """Yield the bytes of an answer as they come.

        :raises StoreUnusableError: the answer breaks off.
        """
        import requests

        try:
            yield from response.iter_content(_PORTION)
        except requests.RequestException as error:
            raise self.broken(reason(error)) from error
        finally:
            response.close()

    def broken(self, why: str) -> StoreUnusableError:
        """Return the error for an answer that is not whole, which a server may only notice after status 200."""
        return self.unusable(
            f"its answer breaks off: {why}", "See the server's log; it may have a time limit."
        )

    def unusable(self, why: str, hint: str) -> StoreUnusableError:
        """Return the error for a server that cannot be used."""
        return StoreUnusableError(f"The server at {self} cannot be used: {why}.", hint=hint)


def _shown(address: str) -> str:
    parts = urlsplit(address)
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit((parts.scheme, host, parts.path, parts.query, ""))


def _following(address: str, profile: Profile) -> tuple[str | None, str | None]:
    """Return the addresses for updates and for graphs that follow from the one for queries."""
    parts = urlsplit(address)
    path = parts.path.rstrip("/")
    for ends in (*profile.addresses, *UNKNOWN.addresses):
        if path.endswith(ends.query):
            start = path.removesuffix(ends.query)
            found = [urlunsplit(parts._replace(path=start + end)) for end in (ends.update, ends.graphs)]
            return found[0], found[1]
    return None, None


def form_of(response: requests.Response) -> str:
    """Return the format of an answer, without its parameters."""
    return response.headers.get("Content-Type", "").partition(";")[0].strip().lower()


def said(response: requests.Response) -> str:
    """Return what a server says of an error, in a line that is not too long."""
    # Virtuoso repeats the whole query, which is ours.
    text = " ".join(response.text.partition("SPARQL query:")[0].split())
    return text[:_MOST_SAID].rstrip(".") or "nothing more"


def _hint(status: int) -> str:
    if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        return "Give a user who may read it, in a server file (docs/servers.md): --store server.toml"
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return "See the server's log; what it does and does not do is told by: aimsgraph check-endpoint"
    return "Give the address of its SPARQL query endpoint, such as http://127.0.0.1:7878/query."


def _write_hint(status: int) -> str:
    if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        return "Give a user who may write, in a server file (docs/servers.md): --store server.toml"
    return "See the server's log: it must take SPARQL Update, and have room."


def reason(error: requests.RequestException) -> str:
    """Say in plain words why a request failed; never with the address, which may hold a password."""
    import requests

    if isinstance(error, requests.exceptions.SSLError):
        return "its certificate is not one that this machine trusts"
    if isinstance(error, requests.exceptions.ConnectTimeout | requests.exceptions.ReadTimeout):
        return "it takes too long to answer"
    if isinstance(error, requests.exceptions.ConnectionError):
        return "no connection can be made"
    return f"the answer cannot be read ({type(error).__name__})"
