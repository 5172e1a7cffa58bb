"""A run of pySHACL, which alone of all modules imports it, and what has to be mended in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyshacl
from pyshacl.constraints.constraint_component import ConstraintComponent
from pyshacl.errors import ConstraintLoadError, ReportableRuntimeError, ShapeLoadError, ValidationFailure
from pyshacl.helper.sparql_query_helper import SPARQLQueryHelper
from rdflib import Graph

from aimsgraph.errors import SyntaxProblemError
from aimsgraph.validate.wording import BLANK, compact_or_text

if TYPE_CHECKING:
    import re
    from collections.abc import Collection


def peer_report(graph: Graph, shapes: Graph) -> Graph:
    """Return the report that pySHACL gives, in the words of SHACL.

    :raises SyntaxProblemError: a shape cannot be run.
    """
    # pySHACL adds triples of its own to the shapes graph; the next run must not see them.
    own = Graph(bind_namespaces="none")
    own += shapes
    try:
        _, report, _ = pyshacl.validate(graph, shacl_graph=own, inference="none", advanced=False)
    except (ShapeLoadError, ConstraintLoadError, ReportableRuntimeError, NotImplementedError) as error:
        raise SyntaxProblemError(f"A shape cannot be run: {error}.", hint="Mend the shape file.") from error
    if isinstance(report, ValidationFailure):
        raise SyntaxProblemError(f"A shape cannot be run: {report.message}", hint="Mend the shape file.")
    if not isinstance(report, Graph):
        raise AssertionError("pySHACL gave no report graph")
    return report


def _with_terms(self: ConstraintComponent, message: str, bound: Any) -> str:  # noqa: ARG001 - takes the place of a method
    terms = dict(bound[3]) if isinstance(bound, tuple) and len(bound) > 3 else {}

    def fill(match: re.Match[str]) -> str:
        term = terms.get(match[1])
        return match[0] if term is None else compact_or_text(term)

    return BLANK.sub(fill, message)


# pySHACL's own method hands the text of a term to re.sub as the pattern of a replacement: a backslash anywhere in a
# bound value ends the whole run there.
ConstraintComponent._format_sparql_based_result_message = _with_terms  # type: ignore[method-assign]


_look_for_faults: Any = SPARQLQueryHelper.check_invalid_sparql
_faultless: set[tuple[str, bool, frozenset[str]]] = set()


def _looked_at_once(
    self: SPARQLQueryHelper, text: str, valuenode: object = None, extravars: Collection[str] | None = None
) -> bool:
    known = (text, valuenode is None, frozenset(extravars or ()))
    if known not in _faultless:
        _look_for_faults(self, text, valuenode=valuenode, extravars=extravars)
        _faultless.add(known)
    return True


# pySHACL looks for forbidden clauses in the text of a query again for each node, which takes longer than its answer.
SPARQLQueryHelper.check_invalid_sparql = _looked_at_once  # type: ignore[method-assign]
