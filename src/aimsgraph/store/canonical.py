"""RDF Dataset Canonicalization (RDFC-1.0): one text for what a graph states, whatever its blank nodes are called.

Names in brackets are those of the W3C Recommendation of 21 May 2024. The engine offers the same, but for ever where a
graph was made to be hard ("poison"), and cannot be stopped; here the work is bounded. In our own stores no blank
nodes remain, so neither patches nor the chain of hashes need this.
"""

from __future__ import annotations

import hashlib
from itertools import permutations
from typing import TYPE_CHECKING, Any, Final

import pyoxigraph as ox
from rdflib.graph import DATASET_DEFAULT_GRAPH_ID

from aimsgraph.errors import LimitExceededError, UsageError
from aimsgraph.store.terms import from_rdflib_term, normalised

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rdflib import Graph

    Issued = dict[str, str]

#: So many paths through look-alike blank nodes are tried, for each blank node and at least for a hundred.
EFFORT: Final = 500
#: So many look-alike blank nodes may lie behind one another.
DEPTH: Final = 200


def canonical_text(quads: Iterable[ox.Quad], algorithm: str = "sha256") -> bytes:
    """Return the canonical N-Quads of a dataset: UTF-8, sorted, blank nodes named ``_:c14n0`` and on.

    :raises LimitExceededError: the blank nodes look too much alike to be told apart with bounded work.
    :raises UsageError: a triple term of RDF 1.2, for which RDFC-1.0 has no rule.
    """
    dataset = _Dataset(quads, algorithm)
    names = dataset.names()
    lines = {_line(quad, {blank: f"_:{name}" for blank, name in names.items()}) for quad in dataset.quads}
    return "".join(sorted(lines)).encode("utf-8")


def canonical_names(quads: Iterable[ox.Quad], algorithm: str = "sha256") -> dict[str, str]:
    """Return the canonical name of each blank node, by the name it has, without ``_:``.

    :raises LimitExceededError, UsageError: as :func:`canonical_text` does.
    """
    return _Dataset(quads, algorithm).names()


def content_hash(content: Graph | Iterable[ox.Quad], *, as_stored: bool = False) -> str:
    """Return ``sha256:…`` of what an rdflib graph, or quads, state, whatever their order and their blank nodes' names.

    Literals count as they are spelt, or with ``as_stored`` as a store would return them (``1.50`` as ``1.5``).

    :raises LimitExceededError, UsageError: as :func:`canonical_text` does.
    """
    quads = (one if isinstance(one, ox.Quad) else _quad(*one) for one in content)
    text = canonical_text(normalised(quads) if as_stored else quads)
    return "sha256:" + hashlib.sha256(text).hexdigest()


def _quad(subject: Any, predicate: Any, value: Any, graph: Any = None) -> ox.Quad:
    """Convert a triple of rdflib, or a quad of its ``Dataset``."""
    place = ox.DefaultGraph() if graph in (None, DATASET_DEFAULT_GRAPH_ID) else from_rdflib_term(graph)
    return ox.Quad(from_rdflib_term(subject), from_rdflib_term(predicate), from_rdflib_term(value), place)  # type: ignore[arg-type]


class _Dataset:
    """The state of one canonicalization [canonicalization state]."""

    def __init__(self, quads: Iterable[ox.Quad], algorithm: str) -> None:
        self.quads = list(dict.fromkeys(quads))
        self._algorithm = algorithm
        self._around: dict[str, list[ox.Quad]] = {}
        for quad in self.quads:
            if isinstance(quad.object, ox.Triple):
                raise UsageError(f"A triple term has no canonical form in RDFC-1.0: {quad.object}")
            for blank in {one for one, _ in _blanks(quad)}:
                self._around.setdefault(blank, []).append(quad)
        self._first = {blank: self._first_degree(blank) for blank in self._around}
        self._issued: Issued = {}
        self._left = EFFORT * max(100, len(self._around))

    def names(self) -> Issued:
        """Issue the canonical names [4.4.3]."""
        alike: dict[str, list[str]] = {}
        for blank, text in self._first.items():
            alike.setdefault(text, []).append(blank)
        for text in sorted(alike):
            if len(alike[text]) == 1:
                _issue(self._issued, alike.pop(text)[0], "c14n")
        for text in sorted(alike):
            unnamed = [blank for blank in alike[text] if blank not in self._issued]
            found = [self._n_degree(blank, {blank: "b0"}, 1) for blank in unnamed]
            for _, issued in sorted(found, key=lambda one: one[0]):
                for blank in issued:
                    _issue(self._issued, blank, "c14n")
        return self._issued

    def _hash(self, text: str) -> str:
        return hashlib.new(self._algorithm, text.encode("utf-8")).hexdigest()

    def _first_degree(self, blank: str) -> str:
        """Hash what is said of a blank node [Hash First Degree Quads]."""
        lines = []
        for quad in self._around[blank]:
            others = {one: "_:a" if one == blank else "_:z" for one, _ in _blanks(quad)}
            lines.append(_line(quad, others))
        return self._hash("".join(sorted(lines)))

    def _related(self, blank: str, quad: ox.Quad, issued: Issued, position: str) -> str:
        """Hash how a blank node is related to another one [Hash Related Blank Node]."""
        name = self._issued.get(blank) or issued.get(blank)
        known = f"_:{name}" if name else self._first[blank]
        return self._hash(position + (str(quad.predicate) if position != "g" else "") + known)

    def _n_degree(self, blank: str, issued: Issued, depth: int) -> tuple[str, Issued]:
        """Hash a blank node by all that can be reached from it [Hash N-Degree Quads]."""
        if depth > DEPTH:
            raise _too_hard()
        related: dict[str, list[str]] = {}
        for quad in self._around[blank]:
            for other, position in _blanks(quad):
                if other != blank:
                    related.setdefault(self._related(other, quad, issued, position), []).append(other)
        data = ""
        for text in sorted(related):
            path, issued = self._least_path(related[text], issued, depth)
            data += text + path
        return self._hash(data), issued

    def _least_path(self, others: list[str], issued: Issued, depth: int) -> tuple[str, Issued]:
        """Return the path, of all orders in which look-alikes can be visited, that sorts first [5.4 of the same]."""
        chosen, chosen_issued = "", issued
        for order in permutations(others):
            self._left -= 1
            if self._left < 0:
                raise _too_hard()
            found = self._path(order, dict(issued), chosen, depth)
            if found is not None and (not chosen or found[0] < chosen):
                chosen, chosen_issued = found
        return chosen, chosen_issued

    def _path(
        self, order: tuple[str, ...], issued: Issued, chosen: str, depth: int
    ) -> tuple[str, Issued] | None:
        """Return the path for one order, or None as soon as it sorts behind the one chosen so far."""
        path, unknown = "", []
        for other in order:
            if other in self._issued:
                path += f"_:{self._issued[other]}"
            else:
                if other not in issued:
                    unknown.append(other)
                path += f"_:{_issue(issued, other, 'b')}"
            if chosen and len(path) >= len(chosen) and path > chosen:
                return None
        for other in unknown:
            text, further = self._n_degree(other, issued, depth + 1)
            path += f"_:{_issue(issued, other, 'b')}<{text}>"
            issued = further
            if chosen and len(path) >= len(chosen) and path > chosen:
                return None
        return path, issued


def _issue(issued: Issued, blank: str, prefix: str) -> str:
    return issued.setdefault(blank, f"{prefix}{len(issued)}")


def _blanks(quad: ox.Quad) -> list[tuple[str, str]]:
    places = (quad.subject, "s"), (quad.object, "o"), (quad.graph_name, "g")
    return [(term.value, position) for term, position in places if isinstance(term, ox.BlankNode)]


def _line(quad: ox.Quad, names: dict[str, str]) -> str:
    terms = [quad.subject, quad.predicate, quad.object]
    if not isinstance(quad.graph_name, ox.DefaultGraph):
        terms.append(quad.graph_name)
    texts = (names[term.value] if isinstance(term, ox.BlankNode) else str(term) for term in terms)
    return " ".join(texts) + " .\n"


def _too_hard() -> LimitExceededError:
    return LimitExceededError(
        "The blank nodes of this graph look too much alike to be told apart with bounded work.",
        hint="Give them IRIs, or say something of them in which they differ.",
    )
