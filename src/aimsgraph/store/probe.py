"""Trying a server: the requests of a check, in graphs of its own, with little patience."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, TypeAlias

from aimsgraph.errors import StoreUnusableError
from aimsgraph.store.endpoint import JSON, N_TRIPLES, TSV, TURTLE, form_of, reason, said
from aimsgraph.store.json_rows import json_rows, truth
from aimsgraph.store.remote import RemoteView, open_remote
from aimsgraph.store.tsv import TsvReader
from aimsgraph.vocab import GRAPH

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import requests

    from aimsgraph.model.capabilities import ChangedLiteral, Outcome
    from aimsgraph.store.endpoint import Endpoint
    from aimsgraph.store.protocol import Row

#: Below this are the graphs that a check writes and removes again.
PROBE_GRAPH: Final = GRAPH + "probe/"
#: Seconds until a connection stands, and until the next part of an answer comes.
_PATIENCE: Final = (10.0, 60.0)


Try: TypeAlias = "Callable[[Tried], tuple[Outcome, str]]"


class Refused(Exception):  # noqa: N818 - an answer, not an error of ours
    """The server did not do what a check asked for; the text is its own."""


@dataclass(slots=True)
class Tried:
    """A server that is tried: its session, the form in which it gives tables, and what was learned on the way."""

    endpoint: Endpoint
    session: requests.Session
    tables: str = JSON
    run: str = field(default_factory=lambda: uuid.uuid4().hex)
    changed: tuple[ChangedLiteral, ...] | None = None
    largest: int | None = None
    server: str | None = None
    _view: RemoteView | None = None

    def view(self) -> RemoteView:
        """Return the view that a reading command would have."""
        if self._view is None:
            self._view = open_remote(self.endpoint)
        return self._view

    def graph(self, name: str) -> str:
        """Return the name of a graph of this check alone."""
        return f"{PROBE_GRAPH}{self.run}/{name}"

    def asked(self, query: str, *forms: str, dataset: Sequence[tuple[str, str]] = ()) -> requests.Response:
        """Send a query.

        :raises AimsgraphError: as ``Endpoint.answer`` does.
        """
        response = self.endpoint.answer(self.session, query, *forms, dataset=dataset, patience=_PATIENCE)
        self.server = self.server or response.headers.get("Server")
        return response

    def holds(self, pattern: str, dataset: Sequence[tuple[str, str]] = ()) -> bool:
        """Ask whether something is so."""
        response = self.asked(f"ASK {{ {pattern} }}", JSON, dataset=dataset)
        found = truth(json.loads(b"".join(self.endpoint.portions(response))))
        if found is None:
            raise Refused("its answer is neither yes nor no")
        return found

    def rows(self, query: str, form: str | None = None, dataset: Sequence[tuple[str, str]] = ()) -> list[Row]:
        """Ask for a table."""
        response = self.asked(query, form or self.tables, dataset=dataset)
        try:
            if form_of(response) == TSV:
                return list(TsvReader().rows(self.endpoint.lines(response)))
            return list(json_rows(self.endpoint.portions(response)))
        except ValueError as error:
            raise Refused(str(error)) from error

    def triples(self, query: str) -> tuple[str, str]:
        """Ask for a graph; return its format and text."""
        response = self.asked(query, N_TRIPLES, TURTLE)
        return form_of(response), b"".join(self.endpoint.portions(response)).decode()

    def count(self, graph: str) -> int:
        """Return how many triples a graph has."""
        (row,) = self.rows(f"SELECT (COUNT(*) AS ?n) WHERE {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}")
        return int(str(row["n"]))

    def update(self, text: str, session: requests.Session | None = None) -> None:
        """Send an update.

        :raises Refused: it was not done.
        """
        if self.endpoint.update is None:
            raise Refused("no address for updates is known: name it in a server file (update)")
        self.sent("POST", self.endpoint.update, session, data={"update": text})

    def sent(
        self, method: str, address: str, session: requests.Session | None = None, **more: object
    ) -> requests.Response:
        """Send a request that is no query.

        :raises Refused: the answer is no success.
        """
        import requests  # only now: commands on a folder do not wait for it

        try:
            response = (session or self.session).request(
                method, address, timeout=_PATIENCE, allow_redirects=False, **more  # type: ignore[arg-type]
            )  # fmt: skip
        except requests.RequestException as error:
            raise Refused(reason(error)) from error
        if not requests.codes.ok <= response.status_code < requests.codes.multiple_choices:
            raise Refused(f"status {response.status_code}: {said(response)}")
        return response

    def unreachable(self) -> StoreUnusableError | None:
        """Return the error of a server that does not answer at all, or None."""
        try:
            self.asked("ASK {}", JSON).close()
        except StoreUnusableError as error:
            return error
        return None
