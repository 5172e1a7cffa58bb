"""The diagram of an ontology module: its classes, what they are kinds of, and what connects them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aimsgraph.model.reference import Link
from aimsgraph.render.diagram import Diagram
from aimsgraph.render.sketch import Box, Line, Sketch, types_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aimsgraph.model.reference import Module, Term

_READING: Final = (
    "An arrow leads from a class to what it is a kind of, or to what may stand at the property on it."
)
#: An arrow that stands for more properties than this has them counted, not named.
_NAMED: Final = 3
#: A property between more pairs of classes than this would cover the picture with arrows.
_MOST_PAIRS: Final = 8


def module_diagram(module: Module) -> Diagram | None:
    """Draw a module: a box per class it defines or speaks about; None when it connects no classes."""
    arrows = dict(_arrows(module))
    classes = {term.id: term.label for term in module.terms if term.kind == "class"}
    own = set(classes)
    for source, target in arrows:
        classes |= {source.id: source.label, target.id: target.label}
    if not arrows:
        return None
    curies = {link.id: link.curie for pair in arrows for link in pair}
    curies |= {term.id: term.curie for term in module.terms}
    names = {iri: f"n{number}" for number, iri in enumerate(sorted(classes), 1)}
    boxes = tuple(
        Box(names[iri], iri, curies[iri], "class" if iri in own else "of another module", label)
        for iri, label in sorted(classes.items())
    )
    lines = tuple(
        Line(names[source.id], names[target.id], _said(words)) for (source, target), words in arrows.items()
    )
    drawn = Sketch(
        title=module.title,
        subtitle=_left_out(module),
        boxes=boxes,
        lines=lines,
        guards=(),
        types=types_of(boxes),
        collapsed=False,
        reading=_READING,
        sampled=False,
    )
    return Diagram(drawn)


def _arrows(module: Module) -> Iterator[tuple[tuple[Link, Link], list[str]]]:
    found: dict[tuple[Link, Link], list[str]] = {}
    for term in module.terms:
        if term.kind == "class":
            here = Link(id=term.id, curie=term.curie, label=term.label)
            for above in term.broader:
                found.setdefault((here, above), []).append("is a kind of")
        elif term.kind == "object property" and not _everywhere(term):
            for source in term.domain:
                for target in term.range:
                    found.setdefault((source, target), []).append(term.label)
    yield from found.items()


def _everywhere(term: Term) -> bool:
    return len(term.domain) * len(term.range) > _MOST_PAIRS


def _left_out(module: Module) -> str:
    names = [term.label for term in module.terms if term.kind == "object property" and _everywhere(term)]
    return f"Not drawn, as they connect too many classes: {', '.join(names)}." if names else ""


def _said(words: list[str]) -> str:
    if len(words) <= _NAMED:
        return ", ".join(words)
    return f"{', '.join(words[: _NAMED - 1])} and {len(words) - _NAMED + 1} more"
