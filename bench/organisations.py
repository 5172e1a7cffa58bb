"""Writes many organisations like the example as N-Triples: a large graph in which every shape has something to look at.

    python bench/organisations.py 100 large.nt

Each is a copy of the example organisation under names of its own, but all judge risks by one matrix; its datasets also
derive from those of organisations before it, so that lineage is deep and fans out unevenly. Of the statements of each
copy one in twenty is left out, so that there is something to find. The same numbers and seed give the same file.
"""

from __future__ import annotations

import argparse
import random
from pathlib import Path
from typing import TYPE_CHECKING, Final

from rdflib import PROV, RDF, BNode, Graph, URIRef

from aimsgraph import resources

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rdflib.term import Node

EXAMPLE: Final = "https://example.org/meridian/"
DATASET: Final = URIRef("https://w3id.org/aimsgraph/ns#Dataset")


def example(*, matrix: bool) -> Graph:
    """Return the example organisation without its risk matrix, or that alone."""
    graph = Graph(bind_namespaces="none")
    for path in resources.files("examples", "meridian/*.ttl"):
        if (path.stem == "risk-matrix") == matrix:
            graph.parse(path, format="turtle")
    return graph


def triples(organisations: int, *, seed: int = 1, left_out: float = 0.05) -> Iterator[str]:
    """Yield the lines of a graph of so many organisations."""
    draw = random.Random(seed)
    yield from example(matrix=True).serialize(format="nt").splitlines(keepends=True)
    graph = example(matrix=False)
    blank = {node: f"n{number}" for number, node in enumerate(sorted(_blank_nodes(graph)))}
    patterns = sorted(" ".join(_pattern(term, blank) for term in triple) for triple in graph)
    datasets = sorted(_pattern(node, blank) for node in graph.subjects(RDF.type, DATASET))
    for number in range(organisations):
        for pattern in patterns:
            if draw.random() >= left_out:
                yield f"{pattern.replace('@', str(number))} .\n".replace("\0", "@")
        for before in {max(0, number - 1 - int(draw.expovariate(0.2))) for _ in range(3)} if number else ():
            here, there = draw.choice(datasets), draw.choice(datasets)
            yield f"{here.replace('@', str(number))} <{PROV.wasDerivedFrom}> {there.replace('@', str(before))} .\n"


def _blank_nodes(graph: Graph) -> set[BNode]:
    return {term for triple in graph for term in triple if isinstance(term, BNode)}


def _pattern(term: Node, blank: dict[BNode, str]) -> str:
    """Write a term with ``@`` where the number of the organisation belongs, and NUL where a text has that sign."""
    if isinstance(term, BNode):
        return f"_:{blank[term]}x@"
    text = term.n3().replace("@", "\0") if not isinstance(term, URIRef) else f"<{term}>"
    return text.replace(f"<{EXAMPLE}", f"<{EXAMPLE}@/")


def main() -> None:
    """Write the file that the command line names."""
    parser = argparse.ArgumentParser(description="Write many organisations like the example as N-Triples.")
    parser.add_argument("organisations", type=int)
    parser.add_argument("file", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    words = parser.parse_args()
    with words.file.open("w", encoding="utf-8") as out:
        out.writelines(triples(words.organisations, seed=words.seed))


if __name__ == "__main__":
    main()
