"""Where a worker finds what a question is about."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from aimsgraph.store.embedded import EmbeddedView
from aimsgraph.store.folder import manifest
from aimsgraph.store.still import DATABASE
from aimsgraph.store.terms import from_rdflib_term

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rdflib import Graph

    from aimsgraph.store.protocol import View


@contextmanager
def database(source: View | Path, graphs: Sequence[str]) -> Iterator[dict[str, str]]:
    """Give the place of a store for the length of a block: its ``database``, or a file of ``data`` copied from it.

    Of a view on a server the copy has the union and these named ``graphs``; of one in memory all.
    """
    if isinstance(source, Path):
        manifest(source)  # else the engine would only say that some file is missing
    location = source if isinstance(source, Path) else source.location
    if location is not None:
        yield {"database": str(location / DATABASE)}
        return
    with tempfile.TemporaryDirectory(prefix="aimsgraph-") as folder:
        file = Path(folder, "view.nq")
        if isinstance(source, EmbeddedView):
            source.write(file)
            yield {"data": str(file)}
            return
        with file.open("w", encoding="utf-8") as out:
            for graph in (None, *dict.fromkeys(graphs)):
                out.writelines(_lines(source.to_rdflib(graph), graph))  # type: ignore[union-attr]
        yield {"data": str(file)}


def _lines(content: Graph, graph: str | None) -> Iterator[str]:
    place = "." if graph is None else f"<{graph}> ."
    for statement in content:
        yield f"{' '.join(str(from_rdflib_term(term)) for term in statement)} {place}\n"  # type: ignore[arg-type]
