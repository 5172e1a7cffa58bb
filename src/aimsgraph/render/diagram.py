"""Dependency diagrams: value objects in, one picture with title, legend and the date out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, get_args

from aimsgraph.errors import UsageError
from aimsgraph.render.collapse import collapsed
from aimsgraph.render.dot import to_dot
from aimsgraph.render.layout import DEFAULT_TIMEOUT, lay_out
from aimsgraph.render.mermaid import to_mermaid
from aimsgraph.render.metrics import printable
from aimsgraph.render.sketch import Guard, Sketch, sketch
from aimsgraph.render.svg import finished
from aimsgraph.render.words import share

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date

    from aimsgraph.model.impact import Impact, ImpactControl
    from aimsgraph.model.lineage import Lineage
    from aimsgraph.model.node import Completeness, NodeRef
    from aimsgraph.render.sketch import AnyEdge

Format = Literal["dot", "svg", "png", "pdf", "mermaid"]
FORMATS: Final[tuple[Format, ...]] = get_args(Format)
#: Above this many nodes a picture of every node helps nobody.
COLLAPSE_ABOVE: Final = 300

_UPSTREAM = {
    "up": "Where it comes from",
    "down": "What is built on it",
    "both": "What it stands on and carries",
}


@dataclass(frozen=True, slots=True)
class Diagram:
    """A picture not yet laid out: its DOT text, and the means to turn it into other formats."""

    sketch: Sketch
    dot: str

    @property
    def title(self) -> str:
        """The title in the picture."""
        return self.sketch.title

    @property
    def collapsed(self) -> bool:
        """Whether the boxes stand for types, the nodes being too many to draw."""
        return self.sketch.collapsed

    def mermaid(self) -> str:
        """Return the picture as a Mermaid flowchart, which needs no Graphviz."""
        return to_mermaid(self.sketch)

    def svg(self, *, timeout: float = DEFAULT_TIMEOUT) -> str:
        """Return an SVG document that follows the reader's light or dark scheme and names its parts.

        :raises MissingExtraError: when no Graphviz is installed.
        :raises TimeLimitError: when the layout takes longer than ``timeout`` seconds.
        """
        return finished(lay_out(self.dot, "svg", timeout=timeout).decode(), self.sketch)

    def render(self, format: Format, *, timeout: float = DEFAULT_TIMEOUT) -> bytes:
        """Return the picture in one of ``FORMATS``: UTF-8 for dot, svg and mermaid, else the file's bytes.

        :raises MissingExtraError: when no Graphviz is installed (never for dot and mermaid).
        :raises TimeLimitError: when the layout takes longer than ``timeout`` seconds.
        :raises UsageError: when there is no such format.
        """
        match format:
            case "dot":
                return self.dot.encode()
            case "mermaid":
                return self.mermaid().encode()
            case "svg":
                return self.svg(timeout=timeout).encode()
            case "png" | "pdf":
                return lay_out(self.dot, format, timeout=timeout)
        raise UsageError(f"There is no diagram format {format!r}.", hint=f"Known are: {', '.join(FORMATS)}.")

    def _repr_svg_(self) -> str:
        return self.svg()


def diagram(
    title: str,
    nodes: Sequence[NodeRef],
    edges: Sequence[AnyEdge],
    *,
    focus: Collection[str] = (),
    probabilities: Mapping[str, float] | None = None,
    subtitle: str = "",
    collapse_above: int = COLLAPSE_ABOVE,
    controls: Sequence[ImpactControl] = (),
    words: Mapping[str, str] | None = None,
) -> Diagram:
    """Draw nodes and edges, boxes by type and arrows in the direction of impact.

    ``focus`` are the IRIs where the question starts (double outline), ``probabilities`` (IRI → 0..1) stand in
    the boxes, ``controls`` name the guards on impact edges, ``words`` (property CURIE → what the tail of the
    arrow does to its head) go before the built-in words. ``subtitle`` says the filter and the date, a line
    each. Above ``collapse_above`` nodes there is one box per type, and the subtitle says so.
    """
    chances = probabilities or {}
    if len(nodes) > collapse_above:
        drawn = collapsed(title, subtitle, nodes, edges, focus=focus, probabilities=chances, words=words)
    else:
        drawn = sketch(
            title,
            subtitle,
            nodes,
            edges,
            focus=focus,
            probabilities=chances,
            guards=_guards(controls),
            words=words,
        )
    return Diagram(drawn, to_dot(drawn))


def lineage_diagram(
    lineage: Lineage,
    *,
    title: str | None = None,
    collapse_above: int = COLLAPSE_ABOVE,
    words: Mapping[str, str] | None = None,
) -> Diagram:
    """Draw a lineage with its source in focus; the subtitle says direction, limit, date and snapshot."""
    source = lineage.source
    return diagram(
        title or f"{_UPSTREAM[lineage.direction]}: {source.label}",
        [source, *lineage.nodes],
        lineage.edges,
        focus=[source.id],
        subtitle=_stamp(_limit(lineage.completeness), lineage.date, lineage.snapshot),
        collapse_above=collapse_above,
        words=words,
    )


def impact_diagram(
    impact: Impact,
    *,
    title: str | None = None,
    collapse_above: int = COLLAPSE_ABOVE,
    words: Mapping[str, str] | None = None,
) -> Diagram:
    """Draw an impact: sources in focus, assured probabilities in the boxes, guards on the arrows."""
    labels = [node.label for node in impact.sources]
    started = ", ".join(labels if len(labels) <= 3 else [*labels[:2], f"{len(labels) - 2} more"])
    how = "exact" if impact.method == "exact" else f"simulated, {impact.worlds or 0:,} worlds"
    return diagram(
        title or f"What it hurts if this goes wrong: {started}",
        [*impact.sources, *impact.nodes],
        impact.edges,
        focus=[node.id for node in impact.sources],
        probabilities={node.id: node.probability for node in impact.nodes},
        subtitle=_stamp(
            f"Per cent in a box: assured chance of harm ({how}). {_limit(impact.completeness)}",
            impact.date,
            impact.snapshot,
        ),
        collapse_above=collapse_above,
        controls=impact.controls,
        words=words,
    )


def _guards(controls: Sequence[ImpactControl]) -> dict[str, Guard]:
    return {
        control.id: Guard(
            code=f"C{number}",
            label=f"{printable(control.label)}, works {share(control.assured_effectiveness)}"
            + (
                "" if control.verified else f" (claimed {share(control.claimed_effectiveness)}, not verified)"
            ),
            verified=control.verified,
        )
        for number, control in enumerate(controls, 1)
    }


def _limit(completeness: Completeness) -> str:
    asked = "All hops." if completeness.hops is None else f"Up to {completeness.hops} hops."
    stopped = {
        "nodes": " Cut off: too many nodes.",
        "time": " Cut off: time was up.",
    }.get(completeness.stopped_by, "")
    return asked + stopped


def _stamp(said: str, today: date, snapshot: str) -> str:
    short = snapshot.removeprefix("sha256:")[:12]
    return f"{said}\nAs of {today.isoformat()}, snapshot {short}"
