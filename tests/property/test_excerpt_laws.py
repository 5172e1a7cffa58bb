"""A pattern finds in the part of a store that is brought for it what it finds in the whole store."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from aimsgraph.query.binding import engine_text
from aimsgraph.query.operation import Modify
from aimsgraph.query.request import read_request
from aimsgraph.query.wanted import wanted
from aimsgraph.store.seeking import seek
from tests.property import tries

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aimsgraph.store.seeking import Shape

pytestmark = pytest.mark.slow

DEFAULT = ox.DefaultGraph()
name = st.sampled_from([f"<urn:{one}>" for one in "abcd"])
prop = st.sampled_from(["<urn:p>", "<urn:q>", "<urn:a>"])
graph = st.sampled_from(["<urn:g>", "<urn:h>"])
value = st.one_of(name, st.sampled_from(['"1"', '"x"@en', "<urn:p>"]))
quad = st.builds("{} {} {} {} .".format, name, prop, value, graph)
variable = st.sampled_from(["?s", "?o", "?v", "?x", "?y"])
#: Statements of which each pattern below needs more than the narrowest way would bring.
FEW = ["<urn:a> <urn:q> <urn:b> <urn:g> .", '<urn:c> <urn:p> "1" <urn:h> .', '<urn:d> <urn:a> "1" <urn:g> .']
step = st.recursive(
    prop,
    lambda inner: st.one_of(
        st.builds("({}){}".format, inner, st.sampled_from("*+?")),
        st.builds("({}/{})".format, inner, inner),
        st.builds("({}|{})".format, inner, inner),
        inner.map("(^{})".format),
        prop.map("!{}".format),
    ),
    max_leaves=3,
)
statement = st.builds(
    "{} {} {} .".format,
    st.one_of(name, variable, variable),
    st.one_of(prop, prop, variable, step),
    st.one_of(value, variable, variable),
)
group = st.recursive(
    st.lists(statement, min_size=1, max_size=3).map(" ".join),
    lambda inner: st.one_of(
        st.builds("{} OPTIONAL {{ {} }}".format, inner, inner),
        st.builds("{} MINUS {{ {} }}".format, inner, inner),
        st.builds("{{ {} }} UNION {{ {} }}".format, inner, inner),
        st.builds("{} FILTER NOT EXISTS {{ {} }}".format, inner, inner),
        st.builds("{} FILTER(?s = <urn:a> || EXISTS {{ {} }})".format, inner, inner),
        st.builds("{} {{ SELECT ?s (COUNT(*) AS ?v) WHERE {{ {} }} GROUP BY ?s }}".format, inner, inner),
        st.builds("GRAPH {} {{ {} }}".format, st.one_of(graph, st.just("?g")), inner),
    ),
    max_leaves=4,
)
dataset = st.sampled_from(["", "USING <urn:g> ", "USING <urn:g> USING NAMED <urn:h> "])


@dataclass
class Bringing:
    """Brings statements from one store to another, and their union, as is done from a server."""

    whole: ox.Store
    store: ox.Store = field(default_factory=ox.Store)

    def fetch(self, graph: ox.NamedNode) -> None:
        self._take(self.whole.quads_for_pattern(None, None, None, graph))

    def fetch_all(self, *, history: bool) -> None:  # noqa: ARG002
        self._take(one for one in self.whole if one.graph_name != DEFAULT)

    def fetch_shape(self, shape: Shape, history: bool) -> None:  # noqa: ARG002
        found = self.whole.quads_for_pattern(*shape, None)
        self._take(one for one in found if one.graph_name != DEFAULT)

    def fetch_around(self, terms: Iterable[ox.NamedNode], position: int, shape: Shape, history: bool) -> None:
        for term in terms:
            parts = [term if index == position else part for index, part in enumerate(shape)]
            self.fetch_shape((parts[0], parts[1], parts[2]), history)

    def _take(self, quads: Iterable[ox.Quad]) -> None:
        for one in list(quads):
            self.store.add(one)
            self.store.add(ox.Quad(one.subject, one.predicate, one.object))


def solutions(store: ox.Store, operation: Modify) -> list[str]:
    assert operation.where is not None
    given = [
        None if names is None else [ox.NamedNode(one) for one in names]
        for names in (operation.where.default, operation.where.named)
    ]
    found = store.query(
        engine_text(operation.where.query).text, default_graph=given[0], named_graphs=given[1]
    )
    assert isinstance(found, ox.QuerySolutions)
    names = [one.value for one in found.variables]
    return sorted(str([str(row[one]) for one in names]) for row in found)


@settings(max_examples=tries(150), deadline=None)
@example(FEW, [], "?s <urn:p>* ?o", "")
@example(FEW, [], "<urn:b> <urn:p>? ?o", "")
@example(FEW, [], "?s <urn:q>/!<urn:p> ?o", "")
@example([*FEW, "<urn:b> <urn:a> <urn:c> <urn:h> ."], [], "?s <urn:q>/!<urn:p> ?o", "")
@example(FEW, [], "?s <urn:p> ?v . ?x ?y ?v", "")
@example(FEW, ["<urn:a> <urn:p> <urn:d> <urn:g> ."], "<urn:a> <urn:p> ?s . ?s ?o ?v", "")
@example(FEW, [], "GRAPH ?g { OPTIONAL { ?s <urn:none> ?o } }", "")
@example(FEW, [], "?s ?o ?v", "USING <urn:g> ")
@given(st.lists(quad, max_size=8), st.lists(quad, max_size=2), group, dataset)
def test_a_pattern_finds_the_same_in_what_is_brought_for_it(
    quads: list[str], added: list[str], pattern: str, using: str
):
    whole = ox.Store()
    whole.load("\n".join(quads).encode(), ox.RdfFormat.N_QUADS)
    for one in list(whole):
        whole.add(ox.Quad(one.subject, one.predicate, one.object))
    new = list(ox.parse("\n".join(added).encode(), ox.RdfFormat.N_QUADS))
    (operation,) = read_request(f"INSERT {{ ?s ?o ?v . ?x ?g ?y . [] ?g 1 }} {using}WHERE {{ {pattern} }}")
    assert isinstance(operation, Modify)
    assert operation.where is not None
    bringing = Bringing(whole)
    looked_at = wanted(operation.where)
    if looked_at.named:
        for one in whole.named_graphs():
            bringing.store.add_graph(one)
    for sought in looked_at.groups:
        seek(bringing, sought, looked_at.named, new)
    for one in new:
        for place in (one.graph_name, DEFAULT):
            for store in (whole, bringing.store):
                store.add(ox.Quad(one.subject, one.predicate, one.object, place))
    assert solutions(bringing.store, operation) == solutions(whole, operation)
