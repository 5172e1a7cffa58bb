"""The answers of the Python API: the value objects, shown as tables and pictures in a notebook."""

from __future__ import annotations

from importlib import metadata
from typing import TYPE_CHECKING, Final, Literal, Self, get_args

from pydantic import PrivateAttr

from aimsgraph.errors import UsageError
from aimsgraph.model.finding import Validation
from aimsgraph.model.impact import Impact
from aimsgraph.model.lineage import Lineage
from aimsgraph.model.trace import Trace
from aimsgraph.render import notebook
from aimsgraph.render.diagram import Diagram, impact_diagram, lineage_diagram
from aimsgraph.render.file import write as write
from aimsgraph.render.findings import csv_text, findings_html, junit_text, sarif_text
from aimsgraph.validate.report_graph import report_text

if TYPE_CHECKING:
    from pathlib import Path

    from aimsgraph.model.explanation import Explanation
    from aimsgraph.model.mending import Mendings
    from aimsgraph.model.node import WrittenFile
    from aimsgraph.render.diagram import Collapse
    from aimsgraph.validate import Examination

#: The forms in which a validation can be written.
FindingsFormat = Literal["json", "ttl", "jsonld", "sarif", "junit", "csv", "html"]
FINDINGS_FORMATS: Final[tuple[FindingsFormat, ...]] = get_args(FindingsFormat)


class LineageAnswer(Lineage):
    """A lineage that shows itself: a table in a notebook, a picture by ``diagram()``."""

    @classmethod
    def of(cls, answer: Lineage) -> Self:
        """Wrap a value object without checking it a second time."""
        return cls.model_construct(**dict(answer))

    def diagram(self, *, collapse: Collapse | None = None, filtered: str = "") -> Diagram:
        """Draw the nodes and edges of this lineage; ``filtered`` is a sentence on what it was narrowed to."""
        return lineage_diagram(self, collapse=collapse, filtered=filtered)

    def _repr_html_(self) -> str:
        return notebook.lineage_html(self)

    def _repr_svg_(self) -> str:
        return self.diagram().svg()


class ImpactAnswer(Impact):
    """An impact that shows itself: a table in a notebook, a picture by ``diagram()``."""

    @classmethod
    def of(cls, answer: Impact) -> Self:
        """Wrap a value object without checking it a second time."""
        return cls.model_construct(**dict(answer))

    def diagram(self, *, collapse: Collapse | None = None) -> Diagram:
        """Draw what is hurt, with the assured probability on each node."""
        return impact_diagram(self, collapse=collapse)

    def _repr_html_(self) -> str:
        return notebook.impact_html(self)

    def _repr_svg_(self) -> str:
        return self.diagram().svg()


class TraceAnswer(Trace):
    """A trace to evidence that shows itself as a table in a notebook."""

    @classmethod
    def of(cls, answer: Trace) -> Self:
        """Wrap a value object without checking it a second time."""
        return cls.model_construct(**dict(answer))

    def _repr_html_(self) -> str:
        return notebook.trace_html(self)


class ValidationAnswer(Validation):
    """A validation report that shows itself as a table in a notebook, and writes itself in the forms of others."""

    _examination: Examination = PrivateAttr()

    @classmethod
    def of(cls, examination: Examination) -> Self:
        """Wrap what a validation said and was made from, without checking it a second time."""
        answer = cls.model_construct(**dict(examination.validation))
        answer._examination = examination
        return answer

    def mendings(self) -> Mendings:
        """Return what to mend, ordered by what lifts completeness most for each owner."""
        return self._examination.mendings()

    def explain(self, name: str) -> Explanation:
        """Explain the finding whose id begins with ``name``: what is asked, by whom, and what the graph says.

        :raises UsageError: no finding is named so, or several are.
        """
        return self._examination.explain(name)

    def render(self, format: FindingsFormat) -> str:
        """Return the report in one of ``FINDINGS_FORMATS``.

        Turtle and JSON-LD are the W3C's ``sh:ValidationReport``, in which any result at all does not conform.

        :raises UsageError: when there is no such format.
        """
        made_from = self._examination
        version = metadata.version("aimsgraph")
        match format:
            case "json":
                return self.model_dump_json(indent=2) + "\n"
            case "ttl" | "jsonld":
                return report_text(made_from.report_graph(), format)
            case "sarif":
                return sarif_text(self, made_from.checked, version=version)
            case "junit":
                return junit_text(self, made_from.checked)
            case "csv":
                return csv_text(self)
            case "html":
                return findings_html(self, generated_by=f"aimsgraph {version}")
        raise UsageError(
            f"There is no format {format!r} for findings.", hint=f"Known are: {', '.join(FINDINGS_FORMATS)}."
        )

    def save(self, path: str | Path, format: FindingsFormat) -> WrittenFile:
        """Write the report to ``path``; see :func:`write`."""
        return write(path, self.render(format).encode(), format)

    def _repr_html_(self) -> str:
        return notebook.validation_html(self)


class ReportAnswer:
    """A self-contained HTML report."""

    def __init__(self, html: str) -> None:
        self.html = html

    def save(self, path: str | Path) -> WrittenFile:
        """Write the page to ``path``; see :func:`write`."""
        return write(path, self.html.encode(), "html")

    def _repr_html_(self) -> str:
        return self.html
