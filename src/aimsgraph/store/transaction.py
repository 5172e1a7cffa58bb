"""One transaction in an embedded database: what is added and removed, the union, and the records of the history."""

from __future__ import annotations

from contextlib import suppress
from itertools import chain
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from aimsgraph.store.change import Pending
    from aimsgraph.store.durability import Durability

#: From this many new quads on, Oxigraph's bulk loader takes less time and memory than a plain transaction.
BULK: Final = 50_000
#: From this many on the files are put in order afterwards: that takes seconds, and every later question a third less.
LARGE: Final = 500_000


def transact(
    store: ox.Store,
    pending: Pending,
    records: Iterable[ox.Quad],
    progress: Callable[[int, int], None] | None,
    close: Callable[[], None],
    durability: Durability | None = None,
) -> None:
    """Write what is pending and the records, all or nothing, so that it is on the disk when this returns.

    ``progress`` is told quads written and quads in all; ``close`` is called when it is too late to give up;
    ``durability`` is that of the store, None for one in memory.

    :raises OSError: the disk is full or the folder cannot be written.
    """
    lost = list(pending.union_removed())
    if pending.removed:
        # Only SPARQL Update removes and adds in one transaction.
        gone = data_block(chain(pending.removed, lost))
        new = data_block(chain(pending.added, pending.union_added(), records))
        close()
        store.update(f"DELETE DATA {{\n{gone}}} ;\nINSERT DATA {{\n{new}}}")
    else:
        new_quads = _told(chain(pending.added, pending.union_added(), records), pending, progress, close)
        if len(pending.added) < BULK:
            store.extend(new_quads)
        else:
            store.bulk_extend(new_quads)
    if durability is not None:
        durability.persist(store, 2 * (len(pending.added) + len(pending.removed)))
    if len(pending.added) >= LARGE:
        tidy(store)


def tidy(store: ox.Store) -> None:
    """Put the files in order where there is room for that: what was written is on the disk whether or not."""
    with suppress(OSError):
        store.optimize()


def _told(
    quads: Iterable[ox.Quad],
    pending: Pending,
    progress: Callable[[int, int], None] | None,
    close: Callable[[], None],
) -> Iterator[ox.Quad]:
    total = 2 * len(pending.added)
    for count, quad in enumerate(quads):
        if progress is not None and count % 10_000 == 0:
            progress(min(count, total), total)
        yield quad
    close()


def data_block(quads: Iterable[ox.Quad]) -> str:
    """Write quads as the body of a SPARQL DATA block, or of a template."""
    lines: list[str] = []
    for quad in quads:
        triple = str(quad.triple)  # alone, a triple term as object would lack its brackets
        graph = quad.graph_name
        lines.append(
            f"{triple} .\n" if isinstance(graph, ox.DefaultGraph) else f"GRAPH {graph} {{ {triple} }}\n"
        )
    return "".join(lines)
