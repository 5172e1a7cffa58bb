"""What a store on a server says of itself, where a folder has a manifest; and how one is made there."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from aimsgraph.errors import StoreExistsError, StoreNotFoundError, StoreTooNewError, StoreUnusableError
from aimsgraph.store.folder import FORMAT, Manifest, program_version
from aimsgraph.store.reserved import MANIFEST_GRAPH, STORE
from aimsgraph.vocab import GRAPH, HISTORY_GRAPH, XSD

if TYPE_CHECKING:
    from aimsgraph.store.server import Server

_NODE: Final = f"<{GRAPH}store>"
_FORMAT, _CREATED, _PROGRAM, _ROOT = (
    f"<{STORE}{name}>" for name in ("format", "created", "program", "evidenceRoot")
)


def make_manifest(server: Server, *, now: datetime, evidence_root: Path | None) -> None:
    """Say on a server that there is a store, as yet an empty one; to be done as the only writer.

    :raises StoreExistsError: there is one, or the server's default graph holds something else.
    """
    if manifest_at(server) is not None or server.ask(f"ASK {{ GRAPH <{HISTORY_GRAPH}> {{ ?s ?p ?o }} }}"):
        raise StoreExistsError(
            f"There is a store on the server at {server.endpoint} already.",
            hint="Load into it with: aimsgraph load, or name an empty data set of the server.",
        )
    words = [
        f"{_FORMAT} {FORMAT}",
        f'{_CREATED} "{now.astimezone(UTC).isoformat()}"^^<{XSD}dateTime>',
        f"{_PROGRAM} {ox.Literal(program_version())}",
    ]
    if evidence_root is not None:
        words.append(f"{_ROOT} {ox.Literal(evidence_root.absolute().as_posix())}")
    server.repeat(f"INSERT DATA {{ GRAPH <{MANIFEST_GRAPH}> {{ {_NODE} {' ; '.join(words)} }} }}")
    if not union_by_itself(server) and server.ask("ASK { ?s ?p ?o }"):
        server.repeat(f"DROP SILENT GRAPH <{MANIFEST_GRAPH}>")
        raise StoreExistsError(
            f"The default graph of the server at {server.endpoint} holds something that is not a store.",
            hint="Name an empty data set of the server: a store keeps the union of its sources there.",
        )


def manifest_at(server: Server) -> Manifest | None:
    """Read what a store on a server says of itself; None where there is no store that can be written to.

    :raises StoreUnusableError: it is not what aimsgraph writes.
    """
    rows = server.rows(
        f"SELECT ?format ?created ?program ?root WHERE {{ GRAPH <{MANIFEST_GRAPH}> {{ {_NODE} {_FORMAT} ?format "
        f"; {_CREATED} ?created ; {_PROGRAM} ?program . OPTIONAL {{ {_NODE} {_ROOT} ?root }} }} }}"
    )
    if not rows:
        return None
    try:
        return Manifest(
            format=max(int(str(row["format"])) for row in rows),
            created=datetime.fromisoformat(str(rows[0]["created"])),
            aimsgraph=str(rows[0]["program"]),
            evidence_root=Path(str(rows[0]["root"])) if "root" in rows[0] else None,
        )
    except ValueError as error:
        raise StoreUnusableError(
            f"The store at {server.endpoint} is damaged: its manifest ({error})."
        ) from error


def check_format(server: Server) -> Manifest:
    """Return the manifest of a store that this program can write.

    :raises StoreNotFoundError: there is no store on the server, or a copy of one without what a writer needs.
    :raises StoreTooNewError: a later version of aimsgraph wrote it.
    """
    found = manifest_at(server)
    if found is None:
        raise StoreNotFoundError(
            f"There is no store on the server at {server.endpoint} that can be written to.",
            hint=f"Make one in an empty data set with: aimsgraph init --store {server.endpoint}",
        )
    if found.format > FORMAT:
        raise StoreTooNewError(
            f"The store at {server.endpoint} has format {found.format}; this aimsgraph reads up to format {FORMAT}.",
            hint="Upgrade aimsgraph.",
        )
    return found


def union_by_itself(server: Server) -> bool:
    """Say whether the server shows the union of all graphs as its default graph, so that it need not be written out."""
    return server.ask(f"ASK {{ {_NODE} {_FORMAT} ?format }}")
