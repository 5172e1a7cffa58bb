"""Writes of whole graphs on behalf of a request."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from fastapi.responses import JSONResponse, Response

from aimsgraph.errors import GraphNotFoundError, StoreMovedError
from aimsgraph.ingest import Document, Limits, store_documents
from aimsgraph.vocab import EDITS_GRAPH, is_reserved
from aimsgraph_api import preconditions, protocol
from aimsgraph_api.turn import turn

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fastapi import Request

    from aimsgraph.model.access import Principal
    from aimsgraph.model.changeset import LoadedFile
    from aimsgraph.store import Writer
    from aimsgraph_api.session import Session


@dataclass(frozen=True, slots=True)
class Storing:
    """A wish to write a graph: which, by whom and why, and what the request expects to find."""

    graph: str
    request: Request
    asking: Principal
    message: str | None

    @classmethod
    def of(cls, request: Request, asking: Principal, graph: str) -> Storing:
        """Read it off a request."""
        return cls(graph, request, asking, protocol.message_of(request, protocol.of_url(request)))

    def expected(self, head: str, *, there: bool) -> str | None:
        """Return the state that must be found, where the request says so, by the present head and whether the graph is.

        :raises StoreMovedError: it is another, or the graph is there and must not be, or must be and is not.
        """
        wanted, unwanted = (
            self.request.headers.get(name, "").strip() for name in ("if-match", "if-none-match")
        )
        if (wanted == "*" and not there) or (unwanted == "*" and there):
            raise StoreMovedError(f"The graph <{self.graph}> is {'' if there else 'not '}there.")
        return preconditions.expected(self.request, head)

    def is_there(self, writer: Writer) -> bool:
        """Say whether the graph holds something.

        Nothing that looks into the store may outlive this: an error on its way keeps it, and that keeps the lock.
        """
        return not is_reserved(self.graph) and self.graph in writer.view().graphs()


@dataclass(frozen=True, slots=True)
class Stored:
    """What was written: whether the graph is new, and the head of the store after it."""

    new: bool
    head: str
    file: LoadedFile

    def answer(self, *, on_change: int, location: str | None = None) -> Response:
        """Return the answer: 201 where the graph is new, else the status given."""
        status = 201 if self.new else on_change
        headers = {"ETag": preconditions.tag(self.head)} | ({"Location": location} if location else {})
        if status == 204:
            return Response(status_code=status, headers=headers)
        return JSONResponse(self.file.model_dump(mode="json"), status_code=status, headers=headers)


def put(kept: Session, there: Storing, sent: Sequence[Document], *, replace: bool) -> Stored:
    """Put documents into a graph, in place of what it holds or besides.

    :raises AimsgraphError: as :func:`aimsgraph.ingest.store_documents` does.
    """
    with turn(kept), kept.graph(there.asking).writer() as writer:
        new = not there.is_there(writer)
        written = store_documents(
            writer, there.graph, sent, replace=replace, author=there.asking.name, message=there.message,
            now=datetime.now(UTC), expected=there.expected(writer.head, there=not new),
            limits=Limits(kept.settings.largest),
        )  # fmt: skip
        return Stored(new, writer.head, written)


def drop(kept: Session, there: Storing) -> Stored:
    """Remove what a graph holds.

    :raises GraphNotFoundError: it holds nothing.
    """
    with turn(kept), kept.graph(there.asking).writer() as writer:
        found = there.is_there(writer)
        expected = there.expected(writer.head, there=found)
        if not found and there.graph != EDITS_GRAPH and not is_reserved(there.graph):
            raise GraphNotFoundError(f"There is no graph <{there.graph}>.")
        written = store_documents(
            writer, there.graph, [], replace=True, author=there.asking.name,
            message=there.message or f"Remove {there.graph}", now=datetime.now(UTC), expected=expected,
        )  # fmt: skip
        return Stored(new=False, head=writer.head, file=written)
