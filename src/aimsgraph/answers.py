"""The answers of the Python API: the value objects, shown as tables and pictures in a notebook."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from aimsgraph.errors import OutputNotWritableError
from aimsgraph.model.finding import Validation
from aimsgraph.model.impact import Impact
from aimsgraph.model.lineage import Lineage
from aimsgraph.model.trace import Trace
from aimsgraph.render import notebook
from aimsgraph.render.diagram import Diagram, impact_diagram, lineage_diagram

if TYPE_CHECKING:
    from pathlib import Path


class LineageAnswer(Lineage):
    """A lineage that shows itself: a table in a notebook, a picture by ``diagram()``."""

    @classmethod
    def of(cls, answer: Lineage) -> Self:
        """Wrap a value object without checking it a second time."""
        return cls.model_construct(**dict(answer))

    def diagram(self) -> Diagram:
        """Draw the nodes and edges of this lineage."""
        return lineage_diagram(self)

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

    def diagram(self) -> Diagram:
        """Draw what is hurt, with the assured probability on each node."""
        return impact_diagram(self)

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
    """A validation report that shows itself as a table in a notebook."""

    @classmethod
    def of(cls, answer: Validation) -> Self:
        """Wrap a value object without checking it a second time."""
        return cls.model_construct(**dict(answer))

    def _repr_html_(self) -> str:
        return notebook.validation_html(self)


class ReportAnswer:
    """A self-contained HTML report."""

    def __init__(self, html: str) -> None:
        self.html = html

    def save(self, path: Path) -> Path:
        """Write the page to ``path`` (the folder must exist) and return the path.

        :raises OutputNotWritableError: when the file cannot be written.
        """
        try:
            path.write_text(self.html, encoding="utf-8")
        except OSError as error:
            raise OutputNotWritableError(
                f"The report could not be written to {path}: {error.strerror or error}.",
                hint="Name another file with --output.",
            ) from error
        return path

    def _repr_html_(self) -> str:
        return self.html
