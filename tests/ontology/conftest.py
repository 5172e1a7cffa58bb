"""The ontology as rdflib reads it: the modules that aims.ttl imports, and the alignments apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from rdflib import Graph

from aimsgraph import resources

if TYPE_CHECKING:
    from pathlib import Path

FOLDER = resources.folder("ontology")
MODULES = sorted(FOLDER.glob("*.ttl"))
ALIGNMENTS = sorted((FOLDER / "alignments").glob("*.ttl"))


def read(paths: list[Path]) -> Graph:
    graph = Graph(bind_namespaces="none")
    for path in paths:
        graph.parse(path, format="turtle")
    return graph


@pytest.fixture(scope="session")
def modules() -> Graph:
    return read(MODULES)


@pytest.fixture(scope="session")
def alignments() -> Graph:
    return read(ALIGNMENTS)
