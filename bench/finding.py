"""How long it takes to list nodes and to find words in a store, the first time and later, against what SPARQL can do.

``python bench/finding.py STORE`` reads the folder of a store; a changeset is added to a copy of it. One of a million
triples is made by loading what ``python bench/organisations.py 114 large.nt`` writes.
"""

from __future__ import annotations

import resource
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import aimsgraph

if TYPE_CHECKING:
    from collections.abc import Callable

ROUNDS = 9
#: The best that SPARQL can do: any part of any text, in lower case, accents and all, in no order.
CONTAINS = """SELECT DISTINCT ?s WHERE {
  VALUES ?p { rdfs:label skos:prefLabel dcterms:title dcterms:description skos:definition rdfs:comment }
  ?s ?p ?text FILTER(CONTAINS(LCASE(STR(?text)), "postcode")) }"""
ASKED: tuple[dict[str, Any], ...] = (
    {"text": "postcode"}, {"text": "credit scorecard"}, {"text": "the"}, {"text": "risk", "type": "aims:Risk"},
    {}, {"type": "aims:Risk"}, {"area": "data governance"}, {"status": "Implemented"},
)  # fmt: skip


def main() -> None:
    """Print a line for each question."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "copy.store"
        shutil.copytree(sys.argv[1], copy)
        graph = aimsgraph.open(copy)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        tell("SPARQL CONTAINS", lambda: graph.view().select(CONTAINS))
        for asked in ASKED:
            tell(str(asked), lambda asked=asked: graph.node_page(**asked))
        print(f"memory: {(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024:.0f} MB more")
        graph.update('INSERT DATA { <urn:x:new> rdfs:label "Postcode again" }')
        graph.refresh()
        tell("after a change: postcode", lambda: graph.node_page(text="postcode"))


def tell(name: str, ask: Callable[[], object]) -> None:
    """Time a question: the first time, and the median of later ones."""
    first, *later = [_seconds(ask) for _ in range(ROUNDS)]
    print(f"{name:45} first {first * 1000:8.1f} ms, then {statistics.median(later) * 1000:7.1f} ms")


def _seconds(ask: Callable[[], object]) -> float:
    begun = time.perf_counter()
    ask()
    return time.perf_counter() - begun


if __name__ == "__main__":
    main()
