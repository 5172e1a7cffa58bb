"""One SHACL engine on one graph: ours, or one of those that it is compared with.

    python bench/engines.py ENGINE DATA.nt SHAPES.nt

prints one JSON object: the seconds of reading and of validating, the peak memory in MB, the number of results, and of
these a digest that does not depend on their order. A result is its focus node, shape, component and severity; where a
shape has no name, so much is left out.
"""

from __future__ import annotations

import json
import resource
import sys
import tempfile
import time
from collections import Counter
from datetime import date
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from oxigraph_server import serving
from rdflib import SH, BNode, Graph

from aimsgraph.store.embedded import EmbeddedView
from aimsgraph.store.endpoint import Endpoint
from aimsgraph.store.remote import open_remote
from aimsgraph.validate.evaluation import evaluation_given
from aimsgraph.validate.shacl import Evaluator

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from aimsgraph.store import View

    Result = Iterable[object]

TODAY = date(2026, 9, 30)
_SAID = (SH.focusNode, SH.sourceShape, SH.sourceConstraintComponent, SH.resultSeverity)


class Run(NamedTuple):
    """What an engine took, in seconds, and what it found."""

    read: float
    validate: float
    results: Iterator[Result]


def aimsgraph(data: Path, shapes: Path) -> Run:
    """Validate by ours, on a store in memory."""
    import pyoxigraph as ox

    start = time.perf_counter()
    store = ox.Store()
    store.bulk_load(path=str(data), format=ox.RdfFormat.N_TRIPLES)
    return _ours(EmbeddedView(store, "none"), shapes, start)


def aimsgraph_on_disk(data: Path, shapes: Path) -> Run:
    """Validate by ours, on a store in a folder, as the commands do."""
    import pyoxigraph as ox

    start = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        store = ox.Store(folder)
        store.bulk_load(path=str(data), format=ox.RdfFormat.N_TRIPLES)
        store.flush()
        store.optimize()  # as a large load does
        return _ours(EmbeddedView(store, "none"), shapes, start)


def aimsgraph_on_server(data: Path, shapes: Path) -> Run:
    """Validate by ours, on an Oxigraph server that holds its data in a folder."""
    start = time.perf_counter()
    with serving(data) as address:
        return _ours(open_remote(Endpoint(address)), shapes, start)


def _ours(view: View, shapes: Path, start: float) -> Run:
    graph = Graph(bind_namespaces="none").parse(shapes, format="nt")
    read = time.perf_counter()
    found = list(Evaluator(graph, view, evaluation_given(TODAY)).results())
    end = time.perf_counter()
    return Run(
        read - start, end - read, ((one.focus, one.shape, one.component, one.severity) for one in found)
    )


def pyshifty(data: Path, shapes: Path) -> Run:
    """Validate in the one step that reads as well."""
    import shifty

    start = time.perf_counter()
    _, report, _ = shifty.validate(str(data), str(shapes))
    return Run(0.0, time.perf_counter() - start, _of_report(report))


def pyrudof(data: Path, shapes: Path) -> Run:
    """Validate by an engine that gives a list of its own, not a report graph."""
    import pyrudof as engine

    start = time.perf_counter()
    rudof = engine.Rudof(engine.RudofConfig())
    rudof.read_data(str(data), engine.RDFFormat.NTriples)
    rudof.read_shacl(str(shapes), engine.ShaclFormat.NTriples)
    read = time.perf_counter()
    found = rudof.validate_shacl().violations
    end = time.perf_counter()
    told = (
        (one.focus_node, one.source_shape, one.constraint_component, str(SH[one.severity])) for one in found
    )
    return Run(read - start, end - read, told)


def pyshacl_turbo(data: Path, shapes: Path) -> Run:
    """Validate by what calls itself a drop-in replacement of pySHACL."""
    import pyshacl_turbo as engine

    return _on_rdflib(engine.validate, Graph(), data, shapes)


def pyshacl(data: Path, shapes: Path) -> Run:
    """Validate by what most people use, and our tests as the reference."""
    import pyshacl as engine

    return _on_rdflib(engine.validate, Graph(), data, shapes)


def pyshacl_parsed_once(data: Path, shapes: Path) -> Run:
    """Validate by the same on a graph that parses the text of a query once, not for each node, as our tests do."""
    import pyshacl as engine

    from aimsgraph.validate.examined_graph import ExaminedGraph

    return _on_rdflib(engine.validate, ExaminedGraph(), data, shapes)


def _on_rdflib(
    validate: Callable[..., tuple[bool, Graph, str]], graph: Graph, data: Path, shapes: Path
) -> Run:
    start = time.perf_counter()
    graph.parse(data, format="nt")
    constraints = Graph().parse(shapes, format="nt")
    read = time.perf_counter()
    _, report, _ = validate(graph, shacl_graph=constraints, inference="none")
    return Run(read - start, time.perf_counter() - read, _of_report(report))


def _of_report(report: Graph) -> Iterator[Result]:
    for result in report.objects(None, SH.result):
        yield (report.value(result, predicate) for predicate in _SAID)


ENGINES = {
    "aimsgraph": aimsgraph, "aimsgraph-on-disk": aimsgraph_on_disk, "aimsgraph-on-server": aimsgraph_on_server,
    "pyshifty": pyshifty, "pyrudof": pyrudof, "pyshacl-turbo": pyshacl_turbo, "pyshacl": pyshacl,
    "pyshacl-parsed-once": pyshacl_parsed_once,
}  # fmt: skip


def _named(term: object) -> str:
    text = "" if isinstance(term, BNode) else str(term)
    return "" if text.startswith("_:") else text


def main(name: str, data: Path, shapes: Path) -> None:
    """Run one engine and print what it took."""
    run = ENGINES[name](data, shapes)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (
        1 << (20 if sys.platform == "darwin" else 10)
    )
    kinds: Counter[str] = Counter()
    digest = 0
    for result in run.results:
        key = " ".join(map(_named, result))
        digest = (digest + int.from_bytes(blake2b(key.encode(), digest_size=8).digest())) % (1 << 64)
        kinds[key.partition(" ")[2]] += 1
    answer = {"read": run.read, "validate": run.validate, "peak": peak, "digest": digest, "kinds": kinds}
    print(json.dumps(answer))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
