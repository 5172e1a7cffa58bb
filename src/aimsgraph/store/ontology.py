"""The ontology's own graphs in a store."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from aimsgraph import resources
from aimsgraph.store.change import Change
from aimsgraph.store.terms import Skolemizer
from aimsgraph.vocab import GRAPH, ONTOLOGY_GRAPH, OWL, RDF

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime
    from pathlib import Path

    from aimsgraph.model.changeset import Changeset
    from aimsgraph.store.protocol import Writer

_AUTHOR: Final = "aimsgraph"


def sync_ontology(writer: Writer, *, now: datetime, files: Sequence[Path] | None = None) -> list[Changeset]:
    """Bring the ontology in the store up to date with ``files`` (by default those of this installation).

    The modules share one named graph; a file in a folder below them (alignments, crosswalks) has one of its
    own, named after folder and file, so that it can be left out. Graphs of files that this installation no longer has
    are emptied. Return the changesets made: none when nothing changed.
    """
    places = _places() if files is None else {ONTOLOGY_GRAPH: ("ontology", list(files))}
    changes = [_change(graph, source, paths) for graph, (source, paths) in places.items()]
    if files is None:
        gone = [graph for graph in writer.view().graphs() if is_ontology(graph) and graph not in places]
        changes += [_change(graph, graph.removeprefix(GRAPH), []) for graph in gone]
    return [changeset for changeset in writer.commit(changes, now=now) if changeset is not None]


def renew_ontology(writer: Writer, *, now: datetime) -> list[Changeset]:
    """Bring the ontology up to date in a store that was made with another edition of it.

    A store without the ontology is left without. What each graph was made from is known by its SHA-256 in the
    history, so that a look suffices when nothing is to be done.
    """
    graphs = {graph for graph in writer.view().graphs() if is_ontology(graph)}
    if ONTOLOGY_GRAPH not in graphs:
        return []
    places = _places()
    known = writer.made_from()
    if graphs == set(places) and all(
        known.get(graph) == _sha256(paths) for graph, (_, paths) in places.items()
    ):
        return []
    return sync_ontology(writer, now=now)


@lru_cache(maxsize=1)
def classes_of_ours() -> frozenset[str]:
    """Return the IRIs of the classes of the ontology of this installation."""
    kind, found = (ox.NamedNode(RDF + "type"), ox.NamedNode(OWL + "Class")), set[str]()
    for path in _places()[ONTOLOGY_GRAPH][1]:
        for quad in ox.parse(path=path, format=ox.RdfFormat.TURTLE):
            if (quad.predicate, quad.object) == kind and isinstance(quad.subject, ox.NamedNode):
                found.add(quad.subject.value)
    return frozenset(found)


def _places() -> dict[str, tuple[str, list[Path]]]:
    """Say for each graph of the ontology what it is made from: the name and the files."""
    top = resources.folder("ontology")
    files = resources.files("ontology", "*.ttl")
    places = {ONTOLOGY_GRAPH: ("ontology", [path for path in files if path.parent == top])}
    for path in files:
        if path.parent != top:
            name = path.relative_to(top)
            graph = f"{ONTOLOGY_GRAPH}/{name.with_suffix('').as_posix()}"
            places[graph] = (f"ontology/{name.as_posix()}", [path])
    return places


def is_ontology(graph: str) -> bool:
    """Say whether a graph (its IRI) is one of the ontology's."""
    return graph == ONTOLOGY_GRAPH or graph.startswith(ONTOLOGY_GRAPH + "/")


def _sha256(files: list[Path]) -> str:
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()


def _change(graph: str, source: str, files: list[Path]) -> Change:
    texts = [path.read_bytes() for path in files]
    quads = [quad for path, text in zip(files, texts, strict=True) for quad in _quads(path.stem, text)]
    return Change(graph, _AUTHOR, "Bring the ontology up to date", quads, (), True, source, _sha256(files))


def _quads(name: str, text: bytes) -> Iterator[ox.Quad]:
    skolemizer = Skolemizer(f"ontology/{name}")
    for quad in ox.parse(text, ox.RdfFormat.TURTLE):
        subject, value = skolemizer.term(quad.subject), skolemizer.term(quad.object)
        yield ox.Quad(subject, quad.predicate, value)  # type: ignore[arg-type]
