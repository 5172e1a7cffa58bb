"""The HTML report: one file that needs nothing else, for a screen in light or dark and for paper."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from markupsafe import Markup

from aimsgraph.errors import LimitExceededError, MissingExtraError, TimeLimitError
from aimsgraph.render.layout import DEFAULT_TIMEOUT
from aimsgraph.render.notebook import STATUS_WORDS
from aimsgraph.render.text import completeness_words, kinds_of_gap, percent, percent_range
from aimsgraph.render.words import property_words, type_words
from aimsgraph.vocab import compact

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from jinja2 import Environment

    from aimsgraph.model.finding import Finding, Score, Validation
    from aimsgraph.model.impact import Impact
    from aimsgraph.model.lineage import Lineage
    from aimsgraph.model.node import NodeRef
    from aimsgraph.model.trace import Trace
    from aimsgraph.render.diagram import Diagram

#: Rows of one table; what is left out is counted below it.
MOST_ROWS: Final = 200
_WORST: Final = 8
_PATHS: Final = 5
_AREA_OF_NONE: Final = "Without a control area"
#: Pictures never shrink below this share of their own size, so that they stay legible; they scroll instead.
_LEAST_SCALE: Final = 0.62

#: What the words of the report mean, for a reader who is new to it.
GLOSSARY: Final[tuple[tuple[str, str], ...]] = (
    ("AI management system", "The policies, people, records and controls that keep the use of AI in order."),
    ("Control", "Something the organisation does so that a risk is smaller. A control may guard an asset."),
    ("Evidence", "A record that shows a control at work. It counts from its first to its last valid day."),
    ("Evidence that counts", "In date, with a date of collection, and with the file unchanged since."),
    ("Verified control", "In use, with at least one piece of evidence that counts today."),
    ("No control", "The chance of harm if no control worked at all."),
    ("Claimed", "The chance of harm if every control worked as well as it is said to."),
    ("Assured", "The chance of harm when only verified controls are relied upon. Act on this one."),
    ("95 % interval", "The range for a simulated number. Exact means calculated, not simulated."),
    ("Completeness", "Checks passed out of checks that apply. A check is one rule on one record."),
    ("Not assessed", "No check applied, so nothing is known. It is never counted as passed."),
    ("Lineage", "What a thing is made from or relies on (upstream) and what relies on it (downstream)."),
    ("Hop", "One step along an arrow."),
    ("Snapshot", "The fingerprint of the data this report was made from. Equal fingerprint, equal data."),
)


@dataclass(frozen=True, slots=True)
class _Picture:
    name: str
    title: str
    markup: Markup
    problem: str
    dot: str


@dataclass(frozen=True, slots=True)
class _Area:
    label: str
    findings: tuple[Finding, ...]
    left_out: int

    def count(self, severity: str) -> int:
        """Return how many findings shown have that severity."""
        return sum(found.severity == severity for found in self.findings)


def report_html(
    *,
    title: str,
    today: date,
    snapshot: str,
    counts: Mapping[str, int],
    validation: Validation,
    lineage: Lineage | None = None,
    impact: Impact | None = None,
    trace: Trace | None = None,
    diagrams: Mapping[str, Diagram | str] | None = None,
    worst: Sequence[Finding] = (),
    generated_by: str = "aimsgraph",
    timeout: float = DEFAULT_TIMEOUT,
) -> str:
    """Return the report as one HTML document: no script, no request to anywhere, every value escaped.

    ``counts`` is type (CURIE or words) → number of nodes. The ``diagrams`` called ``lineage`` and ``impact``
    stand in their sections, others after them under their own names; an SVG given as text becomes an image.
    ``worst`` are the findings to show first, in their order (none: one of each kind, the most frequent first).
    ``timeout`` is in seconds per picture. A picture that cannot be laid out is replaced by the reason and its
    DOT text. Tables stop at 200 rows and say how many more there are.
    """
    pictures = {name: _picture(name, given, timeout) for name, given in (diagrams or {}).items()}
    return (
        environment()
        .get_template("report.html.j2")
        .render(
            title=title,
            today=today,
            snapshot=snapshot,
            counts=[(type_words(kind) if ":" in kind else kind, number) for kind, number in counts.items()],
            validation=validation,
            areas=by_area(validation, MOST_ROWS),
            area_labels=area_labels(validation),
            worst=_worst(validation, worst),
            lineage=lineage,
            labels=_labels(lineage, impact),
            impact=impact,
            trace=trace,
            pictures=pictures,
            more_pictures=[p for name, p in pictures.items() if name not in ("lineage", "impact")],
            generated_by=generated_by,
            glossary=GLOSSARY,
            statuses=STATUS_WORDS,
            most=MOST_ROWS,
            most_paths=_PATHS,
        )
    )


def environment() -> Environment:
    """Return the templates of the pages; every value that they show is escaped."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # only pages need it

    made = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {
        "percent": percent,
        "percent_range": percent_range,
        "completeness_words": completeness_words,
        "type_words": type_words,
        "property_words": property_words,
        "band": _band,
        "clause": _clause,
        "curie": compact,
    }
    return made


def _picture(name: str, given: Diagram | str, timeout: float) -> _Picture:
    if isinstance(given, str):
        # As an image its scripts and links are dead, wherever the text came from.
        data = base64.b64encode(given.encode()).decode()
        image = Markup('<img alt="{}" src="data:image/svg+xml;base64,{}">').format(name, data)
        return _Picture(name, name, image, "", "")
    try:
        svg = given.svg(timeout=timeout)
    except (MissingExtraError, TimeLimitError, LimitExceededError) as error:
        return _Picture(name, given.title, Markup(), str(error), given.dot)
    found = re.search(r'<svg[^>]* width="(\d+)"', svg)
    width = int(found[1]) if found else 0
    markup = Markup('<div style="width:clamp({}px,100%,{}px)">').format(int(width * _LEAST_SCALE), width)
    # The drawing comes from Graphviz through an XML writer, which escaped every label.
    return _Picture(name, given.title, markup + Markup(svg) + Markup("</div>"), "", "")  # noqa: S704


def _worst(validation: Validation, worst: Sequence[Finding]) -> list[tuple[Finding, int]]:
    kinds = kinds_of_gap(validation.findings)
    records = {(found.shape, found.severity): number for found, number in kinds}
    chosen = [(found, records.get((found.shape, found.severity), 1)) for found in worst]
    return (chosen or kinds)[:_WORST]


def by_area(validation: Validation, most: int) -> list[_Area]:
    """Return at most so many findings of each control area, in the order of the scores, violations first."""
    labels = area_labels(validation)
    groups: dict[str, list[Finding]] = {label: [] for label in labels.values()}
    order = ("violation", "warning", "info")
    for found in sorted(validation.findings, key=lambda found: order.index(found.severity)):
        groups.setdefault(area_label(labels, found.area), []).append(found)
    return [
        _Area(label, tuple(found[:most]), max(0, len(found) - most))
        for label, found in groups.items()
        if found
    ]


def area_label(labels: Mapping[str, str], area: str | None) -> str:
    """Return how a control area is called, by what :func:`area_labels` says; its CURIE where it has no label."""
    return labels.get(_key(area), area) if area else _AREA_OF_NONE


def area_labels(validation: Validation) -> dict[str, str]:
    """Return the labels of the control areas, by the last part of their names."""
    return {_key(score.key): score.label for score in validation.completeness.areas}


def _labels(lineage: Lineage | None, impact: Impact | None) -> dict[str, str]:
    found: list[NodeRef] = [lineage.source, *lineage.nodes] if lineage else []
    found += [*impact.sources, *impact.nodes] if impact else []
    return {node.id: node.label for node in found}


def _key(area: str | None) -> str:
    """Return the last part of an area's name, so that CURIE and IRI are the same."""
    return re.split(r"[:/#]", area or "")[-1]


def _band(score: Score) -> str:
    if score.ratio is None:
        return "none"
    return "good" if score.ratio >= 0.9 else "fair" if score.ratio >= 0.7 else "poor"


def _clause(requirement: str | None) -> str:
    return "" if requirement is None else requirement.removeprefix("iso42001:")
