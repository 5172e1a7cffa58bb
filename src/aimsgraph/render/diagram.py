"""Dependency diagrams: value objects in, one picture with title, legend and the date out."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, get_args

from aimsgraph.errors import UsageError
from aimsgraph.render.collapse import by_system, by_type
from aimsgraph.render.cytoscape import to_cytoscape
from aimsgraph.render.dot import to_dot
from aimsgraph.render.drawing import drawing
from aimsgraph.render.exchange import elements_of, shown_elements
from aimsgraph.render.file import write
from aimsgraph.render.graphml import to_graphml
from aimsgraph.render.layout import DEFAULT_TIMEOUT, lay_out
from aimsgraph.render.mermaid import to_mermaid
from aimsgraph.render.sketch import Sketch, sketch
from aimsgraph.render.svg import finished

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date

    from aimsgraph.model.impact import Impact, ImpactControl
    from aimsgraph.model.lineage import Lineage, LineageFilters
    from aimsgraph.model.node import Completeness, NodeRef, WrittenFile
    from aimsgraph.render.drawing import AnyEdge, Drawing, Fact
    from aimsgraph.render.exchange import Elements

Format = Literal["dot", "svg", "png", "pdf", "mermaid", "graphml", "cytoscape"]
FORMATS: Final[tuple[Format, ...]] = get_args(Format)
#: What a file's name ends with, where that is not the name of the format.
ENDINGS: Final[dict[str, Format]] = {"gv": "dot", "mmd": "mermaid", "cyjs": "cytoscape"}
#: One box per type, one per AI system, or one per node.
Collapse = Literal["type", "system", "none"]
COLLAPSES: Final[tuple[Collapse, ...]] = get_args(Collapse)
#: Above this many nodes a picture of every node helps nobody.
COLLAPSE_ABOVE: Final = 300

_UPSTREAM = {
    "up": "Where it comes from",
    "down": "What is built on it",
    "both": "What it stands on and carries",
}


@dataclass(frozen=True)
class Diagram:
    """A picture not yet laid out, and the means to turn it into any format.

    ``given`` is what it was made from; ``folded`` says that fewer boxes were asked for, which goes for every format.
    """

    sketch: Sketch
    given: Drawing | None = None
    folded: bool = False

    @property
    def title(self) -> str:
        """The title in the picture."""
        return self.sketch.title

    @property
    def collapsed(self) -> bool:
        """Whether the boxes stand for types or systems, each for all its nodes."""
        return self.sketch.collapsed

    @cached_property
    def dot(self) -> str:
        """The picture as DOT text, which needs no Graphviz."""
        return to_dot(self.sketch)

    @property
    def elements(self) -> Elements:
        """What the formats for other programs hold: every node, unless fewer boxes were asked for."""
        if self.given is None or self.folded:
            return shown_elements(self.sketch, self.given.facts if self.given else {})
        return elements_of(self.given)

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
        """Return the picture in one of ``FORMATS``: the bytes of a file, UTF-8 where it is text.

        :raises MissingExtraError: when svg, png or pdf is asked for and no Graphviz is installed.
        :raises TimeLimitError: when the layout takes longer than ``timeout`` seconds.
        :raises UsageError: when there is no such format.
        """
        match format:
            case "dot":
                return self.dot.encode()
            case "mermaid":
                return self.mermaid().encode()
            case "graphml":
                return to_graphml(self.elements).encode()
            case "cytoscape":
                return to_cytoscape(self.elements).encode()
            case "svg":
                return self.svg(timeout=timeout).encode()
            case "png" | "pdf":
                return lay_out(self.dot, format, timeout=timeout)
        raise UsageError(f"There is no diagram format {format!r}.", hint=f"Known are: {', '.join(FORMATS)}.")

    def save(self, path: str | Path, format: Format | None = None) -> WrittenFile:
        """Write the picture to ``path``, in the format that its ending names unless ``format`` does.

        :raises OutputNotWritableError: when the folder is missing or may not be written, or the disk is full.
        :raises UsageError: when the ending names no format.
        """
        wanted = format or format_named(Path(path).suffix.removeprefix("."))
        return write(path, self.render(wanted), wanted)

    def _repr_svg_(self) -> str:
        return self.svg()


def format_named(word: str) -> Format:
    """Return the format that a word or a file's ending names.

    :raises UsageError: when there is no such format.
    """
    known = {name: name for name in FORMATS} | ENDINGS
    if word.lower() not in known:
        raise UsageError(f"A picture cannot be written as {word!r}.", hint=f"Use {', '.join(FORMATS)}.")
    return known[word.lower()]


def diagram(
    title: str,
    nodes: Sequence[NodeRef],
    edges: Sequence[AnyEdge],
    *,
    focus: Collection[str] = (),
    probabilities: Mapping[str, float] | None = None,
    subtitle: str = "",
    collapse: Collapse | None = None,
    collapse_above: int = COLLAPSE_ABOVE,
    controls: Sequence[ImpactControl] = (),
    gates: Mapping[str, int] | None = None,
    words: Mapping[str, str] | None = None,
    facts: Mapping[str, Fact] | None = None,
) -> Diagram:
    """Draw nodes and edges, boxes by type and arrows in the direction of impact.

    ``focus`` are the IRIs where the question starts (double outline), ``probabilities`` (IRI → 0..1) stand in
    the boxes, ``controls`` name the guards on impact edges, ``gates`` (IRI → number) are the nodes that only several
    arrows together harm, ``words`` (property CURIE → what the tail of the arrow does to its head) go before the
    built-in words. ``subtitle`` says the filter and the date, a line each; ``facts`` say the same as data.
    ``collapse`` is ``type``, ``system`` or ``none``; unless it is given there is one box per type above
    ``collapse_above`` nodes, and the subtitle says so.
    """
    given = drawing(
        title, subtitle, nodes, edges, focus=focus, probabilities=probabilities, controls=controls,
        gates=gates, words=words, facts=facts,
    )  # fmt: skip
    if collapse == "system":
        return Diagram(by_system(given), given, folded=True)
    if collapse == "type":
        return Diagram(by_type(given, asked=True), given, folded=True)
    if collapse is None and len(given.nodes) > collapse_above:
        return Diagram(by_type(given, asked=False), given)
    return Diagram(sketch(given), given)


def lineage_diagram(
    lineage: Lineage,
    *,
    title: str | None = None,
    filtered: str = "",
    collapse: Collapse | None = None,
    collapse_above: int = COLLAPSE_ABOVE,
    words: Mapping[str, str] | None = None,
) -> Diagram:
    """Draw a lineage with its source in focus; the subtitle says direction, limit, date and snapshot.

    ``filtered`` is a sentence on what else the question was narrowed or widened to.
    """
    source, ended = lineage.source, lineage.completeness
    return diagram(
        title or f"{_UPSTREAM[lineage.direction]}: {source.label}",
        [source, *lineage.nodes],
        lineage.edges,
        focus=[source.id],
        subtitle=_stamp(
            " ".join(filter(None, [_limit(ended), _narrowed(lineage.filters), filtered])),
            lineage.date,
            lineage.snapshot,
        ),
        collapse=collapse,
        collapse_above=collapse_above,
        words=words,
        facts={"question": "lineage", "direction": lineage.direction}
        | _facts(ended, lineage.date, lineage.snapshot),
    )


def impact_diagram(
    impact: Impact,
    *,
    title: str | None = None,
    collapse: Collapse | None = None,
    collapse_above: int = COLLAPSE_ABOVE,
    words: Mapping[str, str] | None = None,
) -> Diagram:
    """Draw an impact: sources in focus, assured probabilities in the boxes, guards as gates behind them."""
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
            f"Per cent in a box: assured chance of harm ({how}). {_limit(impact.completeness)}"
            + (f" Only in {impact.dimension}." if impact.dimension else ""),
            impact.date,
            impact.snapshot,
        ),
        collapse=collapse,
        collapse_above=collapse_above,
        controls=impact.controls,
        gates=impact.gates,
        words=words,
        facts={
            "question": "impact",
            "method": impact.method,
            "worlds": impact.worlds or 0,
            "seed": impact.seed,
        }
        | _facts(impact.completeness, impact.date, impact.snapshot),
    )


def _narrowed(filters: LineageFilters) -> str:
    """Say what a lineage was narrowed to, a sentence each."""
    said = [
        f"{words} {', '.join(names)}."
        for words, names in (
            ("Only along", filters.along),
            ("Only of type", filters.types),
            ("Only in", filters.areas),
        )
        if names
    ]
    return " ".join([*said, *(["Only through what is shown."] if filters.only_through else [])])


def _facts(completeness: Completeness, today: date, snapshot: str) -> dict[str, Fact]:
    limit: dict[str, Fact] = {} if completeness.hops is None else {"hops": completeness.hops}
    return limit | {
        "complete": completeness.complete,
        "stopped_by": completeness.stopped_by,
        "date": today.isoformat(),
        "snapshot": snapshot,
    }


def _limit(completeness: Completeness) -> str:
    hops = completeness.hops
    asked = "All hops." if hops is None else f"Up to {hops} hop{'' if hops == 1 else 's'}."
    stopped = {
        "nodes": " Cut off: too many nodes.",
        "time": " Cut off: time was up.",
    }.get(completeness.stopped_by, "")
    return asked + stopped


def _stamp(said: str, today: date, snapshot: str) -> str:
    short = snapshot.removeprefix("sha256:")[:12]
    return f"{said}\nAs of {today.isoformat()}, snapshot {short}"
