"""Constraints in SPARQL: ``sh:sparql`` with a SELECT (SHACL, section 5)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rdflib import SH, Literal, URIRef

from aimsgraph.errors import QueryInvalidError
from aimsgraph.validate.shacl.context import term_text
from aimsgraph.validate.shacl.cycle import narrowed
from aimsgraph.validate.shacl.embedded import prefixes_of
from aimsgraph.validate.shacl.existence import HELPERS
from aimsgraph.validate.shacl.fault import fault
from aimsgraph.validate.shacl.question import ForbiddenError, UnpushedError, counts_rows, for_all

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from rdflib.term import Node

    from aimsgraph.tokens import Token
    from aimsgraph.validate.shacl.result import Result
    from aimsgraph.validate.shacl.site import Site


def sparql_results(
    site: Site, given: Mapping[tuple[str, str], str], told: Any, read: dict[Node, list[Token]]
) -> Iterator[tuple[Node, Result]]:
    """Yield root and result of each row that a query of the shape gives; ``told`` makes the result.

    ``read`` keeps the tokens of each constraint's query for the next time.

    :raises SyntaxProblemError: the query is not one that SHACL allows here.
    """
    for constraint in site.parameters(SH.sparql):
        off = site.shapes.value(constraint, SH.deactivated)
        if isinstance(off, Literal) and off.value is True:
            continue
        if constraint not in read:
            text = site.shapes.value(constraint, SH.select)
            if text is None:
                raise fault(site.shapes, site.shape, "A constraint in SPARQL needs sh:select")
            read[constraint] = prefixes_of(site.shapes, constraint).tokens(str(text))
        yield from asked_for_all(site, read[constraint], given, told, constraint=constraint)


def asked_for_all(
    site: Site, found: Sequence[Token], given: Mapping[tuple[str, str], str], told: Any, *,
    constraint: Node, component: Node = SH.SPARQLConstraintComponent, also: Mapping[str, Node] | None = None,
) -> Iterator[tuple[Node, Result]]:  # fmt: skip
    """Yield root and result of each row that a query gives for the nodes of a site.

    :raises SyntaxProblemError: the query is not one that SHACL allows here.
    """
    roots = _roots(site) if site.context.focus != "r" else None
    for row in _rows(site, found, given):
        this = row.get("this")
        if this is None:
            continue
        path = row.get("path")
        result: Result = told(
            component,
            this,
            row.get("value") if "value" in row or site.path is not None else this,
            path=path if isinstance(path, URIRef) else None,
            constraint=constraint,
            messages=(row["message"],) if "message" in row else (),
            bound={
                **(also or {}),
                **{name: term for name, term in row.items() if not HELPERS.fullmatch(name)},
            },
        )
        for root in roots.get(this, ()) if roots is not None else (this,):
            yield root, result


def _rows(
    site: Site, found: Sequence[Token], given: Mapping[tuple[str, str], str]
) -> Iterator[Mapping[str, Node]]:
    context = site.context
    distinct = context.distinct if context.focus == "r" else "DISTINCT "
    nodes = f"{{ SELECT {distinct}(?{context.focus} AS ?this) WHERE {{ {context.pattern} }} }}"
    try:
        if counts_rows(found):
            for text in _alone(site, found, nodes, given):
                yield from site.source.rows(text)
            return
        asked = found if context.few else narrowed(site.source, found)
        text = for_all(
            asked, nodes, site.path, given, few=context.few,
            statement=context.statement if context.focus == "r" else None,
        )  # fmt: skip
        rows = site.source.rows(text)
    except (ForbiddenError, QueryInvalidError) as error:
        raise fault(site.shapes, site.shape, f"its SPARQL cannot be used: {error}") from error
    yield from rows


def _alone(
    site: Site, found: Sequence[Token], nodes: str, given: Mapping[tuple[str, str], str]
) -> Iterator[str]:
    """Yield the query for each node by itself: its rows are counted, and those of all nodes must not be."""
    for row in site.source.select(f"SELECT DISTINCT ?this WHERE {nodes}"):
        text = term_text(row["this"])
        if text is None:
            raise UnpushedError("it counts rows, and no query can name the nameless nodes one by one")
        yield for_all(found, f"{{ VALUES ?this {{ {text} }} }}", site.path, given, few=True)


def _roots(site: Site) -> dict[Node, list[Node]]:
    found: dict[Node, list[Node]] = {}
    query = f"SELECT DISTINCT {site.context.names} WHERE {{ {site.context.pattern} }}"
    for row in site.source.rows(query):
        found.setdefault(row[site.context.focus], []).append(row["r"])
    return found
