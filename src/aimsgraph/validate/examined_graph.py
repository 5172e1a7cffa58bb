"""The graph under examination: parses each query of a shape once, and refuses those that reach outside."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from pyparsing import ParseException
from rdflib import Graph
from rdflib.plugins.sparql.algebra import translateQuery, traverse
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.plugins.sparql.parserutils import CompValue

from aimsgraph.errors import QueryRefusedError

if TYPE_CHECKING:
    from rdflib.plugins.sparql.sparql import Query
    from rdflib.query import Result


class ExaminedGraph(Graph):
    """An rdflib memory graph that pySHACL asks the same question for each node.

    rdflib parses a query text anew each time it is run, which costs more than the answer; here it is kept.
    """

    def query(self, query_object: str | Query, *args: Any, **kwargs: Any) -> Result:
        """Run a query text or a prepared query; see ``rdflib.Graph.query``.

        :raises QueryRefusedError: when the query names a document or a service to read from.
        """
        prepared = _prepared(query_object) if isinstance(query_object, str) else query_object
        return super().query(prepared, *args, **kwargs)


def fault_in(text: str) -> str | None:
    """Say what is wrong with a query text, or None when it can be run."""
    try:
        _prepared(text)
    except (ParseException, QueryRefusedError) as error:
        return str(error)
    except Exception as error:  # noqa: BLE001 - rdflib raises bare exceptions for unknown prefixes and the like
        return str(error)
    return None


@lru_cache(maxsize=1024)
def _prepared(text: str) -> Query:
    query = translateQuery(parseQuery(text))
    outside: list[str] = []

    def look(part: object) -> None:
        # rdflib reads what FROM and SERVICE name, even a file of this machine.
        # dict.get: the class's own get makes up a value for a key that is not there.
        if isinstance(part, CompValue) and (
            part.name == "ServiceGraphPattern" or dict.get(part, "datasetClause")
        ):
            outside.append(part.name)

    traverse(query.algebra, visitPost=look)
    if outside:
        raise QueryRefusedError("A shape may not use FROM or SERVICE.", hint="Ask the graph itself only.")
    return query
