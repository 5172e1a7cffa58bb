"""From a changed statement back to the nodes whose results it may change."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from rdflib import RDF, Literal, URIRef
from rdflib.paths import AlternativePath, InvPath, MulPath, NegatedPath, Path, SequencePath

from aimsgraph.validate.shacl.footprint import ROOT, Footprint

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rdflib.term import Node

    from aimsgraph.validate.shacl.scope import Block, Edge
    from aimsgraph.validate.shacl.subclass import Subclasses

#: The variable that a changed statement's end takes the place of.
START: Final = "?start"


@dataclass(frozen=True, slots=True)
class Trigger:
    """One pattern of a shape, and the way from a statement that fits it to the nodes to look at again.

    ``links`` are the properties of the statements (None: any), ``objects`` the only values that matter (None: all).
    ``ends`` says which ends of a statement (0 its subject, 1 its object) to begin at; ``way`` is a pattern from
    ``?start`` to ``?root``, empty when the end is the node itself, and None when there is no way: look at all.
    ``circle`` is a path from the object of a statement to its subject: only one that closes a circle by it matters,
    beside the nodes that have results already.
    """

    links: frozenset[str] | None
    objects: frozenset[str] | None
    ends: tuple[int, ...]
    way: str | None
    circle: str | None = None

    @property
    def far(self) -> bool:
        """Whether the way may have steps without end."""
        return self.way is not None and ")*" in self.way

    def fits(self, link: str, value: Node) -> bool:
        """Say whether a statement with this property and value matters."""
        return (self.links is None or link in self.links) and (
            self.objects is None or str(value) in self.objects
        )


def triggers_of(found: Footprint, subclasses: Subclasses) -> list[Trigger]:
    """Return the triggers of a shape with such a footprint, each once."""
    if not found.bounded:
        return [Trigger(None, None, (0,), None)]
    below = {name for cls in found.classes for name in subclasses.below(cls)}
    own = [Trigger(frozenset({str(RDF.type)}), frozenset(below), (0,), "")] if below else []
    return list(
        dict.fromkeys([*own, *(one for edge, block in found.block.all() for one in _triggers(edge, block))])
    )


def _triggers(edge: Edge, block: Block) -> Iterator[Trigger]:
    links = links_of(edge.path)
    names = None if links is None else frozenset(map(str, links))
    objects = None
    if isinstance(edge.path, URIRef) and isinstance(edge.end, (URIRef, Literal)):
        objects = frozenset({str(edge.end)})
    if edge.start == edge.end == ROOT and names:
        yield Trigger(names, None, (0, 1), None, _any_number(edge.path, forward=True))
        return
    single = not isinstance(edge.path, Path) or isinstance(edge.path, NegatedPath)
    if single and ROOT in (edge.start, edge.end):
        yield Trigger(names, objects, (0 if edge.start == ROOT else 1,), "")
        return
    way = _way(edge, [one for one in block.certain() if one is not edge])
    if way is None:
        yield Trigger(names, objects, (0,), None)
        return
    first, rest = way
    text = _written(rest, first)
    ends: tuple[int, ...] = (0 if first == edge.start else 1,) if single else (0, 1)
    if not single and not _is_one_step(edge.path):
        step = _any_number(edge.path, forward=first == edge.start)
        text = f"{first.n3()} {step} {START} . {_written(rest)}"
    yield Trigger(names, objects, ends, text)


def _way(edge: Edge, others: list[Edge]) -> tuple[Node, list[Edge]] | None:
    """Return the end of a pattern that is nearer to the root, and the patterns that lead from there to it."""
    waiting: deque[tuple[Node, Node, list[Edge]]] = deque((one, one, []) for one in (edge.start, edge.end))
    seen: set[Node] = {edge.start, edge.end}
    while waiting:
        first, at, way = waiting.popleft()
        if at == ROOT:
            return first, way
        for other in others:
            for here, there in ((other.start, other.end), (other.end, other.start)):
                if here == at and there not in seen and not isinstance(there, Literal):
                    seen.add(there)
                    waiting.append((first, there, [*way, other]))
    return None


def _written(edges: Iterable[Edge], first: Node | None = None) -> str:
    """Write patterns for a query; ``first`` is the term in whose place the changed statement's end stands."""

    def name(term: Node) -> str:
        return START if term == first else term.n3()

    return " ".join(f"{name(one.start)} {path_of(one.path)} {name(one.end)} ." for one in edges)


def _any_number(path: Node | Path, *, forward: bool) -> str:
    """Write the way along any number of a path's steps, from one end of the pattern to either end of a step."""
    steps = "|".join(sorted(_steps(path, not forward)))
    return f"({steps})*"


def _is_one_step(path: Node | Path) -> bool:
    if isinstance(path, AlternativePath):
        return all(map(_is_one_step, path.args))
    return _is_one_step(path.arg) if isinstance(path, InvPath) else isinstance(path, URIRef)


def _steps(path: Node | Path, backward: bool) -> set[str]:
    if isinstance(path, InvPath):
        return _steps(path.arg, not backward)
    if isinstance(path, (SequencePath, AlternativePath)):
        return {step for part in path.args for step in _steps(part, backward)}
    if isinstance(path, MulPath):
        return _steps(path.path, backward)
    if isinstance(path, NegatedPath):
        return {f"{'^' if backward else ''}{path_of(path)}"}
    return {f"^{path.n3()}" if backward else path.n3()}


def links_of(path: Node | Path) -> frozenset[URIRef] | None:
    """Return the properties that a path consists of; None for one that may follow any."""
    if isinstance(path, URIRef):
        return frozenset({path})
    if isinstance(path, InvPath):
        return links_of(path.arg)
    if isinstance(path, MulPath):
        return links_of(path.path)
    if isinstance(path, (SequencePath, AlternativePath)):
        inner = [links_of(part) for part in path.args]
        return None if None in inner else frozenset(link for one in inner if one for link in one)
    return None


def path_of(path: Node | Path) -> str:
    """Write a property, variable or path for a query."""
    if isinstance(path, InvPath):
        return f"^({path_of(path.arg)})"
    if isinstance(path, SequencePath):
        return "(" + "/".join(map(path_of, path.args)) + ")"
    if isinstance(path, AlternativePath):
        return "(" + "|".join(map(path_of, path.args)) + ")"
    if isinstance(path, MulPath):
        return f"({path_of(path.path)}){path.mod}"
    return path.n3()
