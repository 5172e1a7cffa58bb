"""A query of a shape asked of all nodes at once gives what it gives for one node after the other."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aimsgraph.tokens import tokens
from aimsgraph.validate.shacl.question import for_all
from tests.property import tries

EX = "https://example.org/"
NODES = [f"<{EX}n{number}>" for number in range(4)]
LINKS = [f"<{EX}{name}>" for name in "pqr"]
VARIABLES = ["$this", "?a", "?b", "?c"]
TERM = st.one_of(st.sampled_from(VARIABLES), st.sampled_from(VARIABLES), st.sampled_from(NODES))
PATH = st.one_of(
    st.sampled_from(LINKS),
    st.builds("{}/{}".format, st.sampled_from(LINKS), st.sampled_from(LINKS)),
    st.builds("^{}".format, st.sampled_from(LINKS)),
    st.builds("({}|{})".format, st.sampled_from(LINKS), st.sampled_from(LINKS)),
)
STATEMENT = st.one_of(
    st.builds("{} {} {} .".format, TERM, PATH, TERM),
    st.builds("{} {} {} ; {} {} .".format, TERM, PATH, TERM, PATH, TERM),
)
CONDITION = st.one_of(
    st.builds("FILTER ({} {} {})".format, st.sampled_from(VARIABLES), st.sampled_from(["=", "!="]), TERM),
    st.builds("FILTER (BOUND({}))".format, st.sampled_from(VARIABLES[1:])),
    st.builds(
        "FILTER ({} IN ({}, {}))".format,
        st.sampled_from(VARIABLES),
        st.sampled_from(NODES),
        st.sampled_from(NODES),
    ),
)


def body(parts: list[str]) -> str:
    return " ".join(parts)


def groups(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    part = st.one_of(
        STATEMENT,
        STATEMENT,
        CONDITION,
        st.builds("FILTER EXISTS {{ {} }}".format, inner),
        st.builds("FILTER NOT EXISTS {{ {} }}".format, inner),
        st.builds("OPTIONAL {{ {} }}".format, inner),
        st.builds("{{ {} }} UNION {{ {} }}".format, inner, inner),
    )
    return st.lists(part, min_size=1, max_size=4).map(body)


BODY = st.recursive(st.lists(STATEMENT, min_size=1, max_size=2).map(body), groups, max_leaves=6)
DATA = st.sets(
    st.tuples(st.sampled_from(NODES), st.sampled_from(LINKS), st.sampled_from(NODES)), min_size=3, max_size=12
)
#: Targets as a shape states them, with the statement that makes a node one.
TARGETS = {
    "all": (" UNION ".join(f"{{ ?r {link} ?any }}" for link in LINKS), None),
    "subjects": (f"?r {LINKS[0]} ?any .", ("?r", LINKS[0], None)),
    "objects": (f"?any {LINKS[1]} ?r .", (None, LINKS[1], "?r")),
}


def found(store: ox.Store, query: str) -> set[tuple[tuple[str, str], ...]]:
    solutions = store.query(query)
    assert isinstance(solutions, ox.QuerySolutions)
    names = [variable.value for variable in solutions.variables]
    return {
        tuple(
            (name, str(term))
            for name, term in zip(names, solution, strict=True)
            if term is not None and name in {"this", "a", "b", "c"}
        )
        for solution in solutions
    }


@settings(max_examples=tries(500), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(BODY, DATA, st.sampled_from(sorted(TARGETS)), st.booleans())
def test_all_nodes_at_once_are_answered_as_each_alone(
    inside: str, data: set[tuple[str, str, str]], target: str, few: bool
) -> None:
    store = ox.Store()
    store.update(f"INSERT DATA {{ {' '.join(f'{s} {p} {o} .' for s, p, o in sorted(data))} }}")
    pattern, statement = TARGETS[target]
    chosen = sorted(str(row["r"]) for row in store.query(f"SELECT DISTINCT ?r WHERE {{ {pattern} }}"))  # type: ignore[union-attr]
    nodes = f"{{ SELECT DISTINCT (?r AS ?this) WHERE {{ {pattern} }} }}"
    if few:
        nodes = f"{{ SELECT (?r AS ?this) WHERE {{ VALUES ?r {{ {' '.join(chosen)} }} }} }}"
    query = for_all(
        tokens(f"SELECT DISTINCT $this ?a ?b ?c WHERE {{ {inside} }}"), nodes, None, {},
        few=few, statement=None if few else statement,
    )  # fmt: skip
    expected: set[tuple[tuple[str, str], ...]] = set()
    for node in chosen:
        alone = inside.replace("$this", node)
        for row in found(store, f"SELECT DISTINCT ?a ?b ?c WHERE {{ {alone} }}"):
            expected.add((("this", node), *row))
    assert found(store, query) == expected, query


P, Q, R, T = (f"<{EX}{name}>" for name in "pqrt")
N = NODES
ODD = {
    "an OPTIONAL's filter sees what is left of it": (
        f"$this {P} ?a OPTIONAL {{ $this {Q} ?b FILTER NOT EXISTS {{ ?a {R} ?b }} }}",
        f"{N[0]} {P} {N[1]} ; {Q} {N[2]} . {N[3]} {R} {N[2]} .",
    ),
    "an OPTIONAL within comes before what binds its value": (
        f"$this {P} ?c . FILTER NOT EXISTS {{ OPTIONAL {{ $this {Q} ?a }} $this {P} ?a }}",
        f"{N[0]} {P} {N[2]} . {N[1]} {P} {N[2]} ; {Q} {N[3]} .",
    ),
    "a BIND within comes before what binds its value": (
        f"$this {P} ?c . FILTER NOT EXISTS {{ BIND (STR($this) AS ?b) $this {P} ?b }}",
        f'{N[0]} {P} {N[2]} . {N[1]} {P} "{EX}n1" .',
    ),
    "a nameless node has statements of its own": (
        f"$this {P} [ {Q} ?a ; {R} ?b ; {T} ?c ] . FILTER NOT EXISTS {{ $this {T} ?d FILTER (?d = ?b) }}",
        f"{N[0]} {P} [ {Q} 1 ; {R} 2 ; {T} 3 ] ; {T} 2 .",
    ),
    "a choice holds at the end of its group": (
        f"FILTER (?a IN ({N[2]})) OPTIONAL {{ $this {P} ?a }} $this {Q} ?a",
        f"{N[0]} {P} {N[3]} ; {Q} {N[2]} .",
    ),
    "a function of a filter reads its values": (
        f"$this {P} ?a . FILTER NOT EXISTS {{ $this {Q} ?b FILTER <http://www.w3.org/2001/XMLSchema#boolean>(?a) }}",
        f"{N[0]} {P} true ; {Q} 1 . {N[1]} {P} false ; {Q} 2 .",
    ),
    "the pattern is a query": (
        f"SELECT $this ?a WHERE {{ $this {P} ?a }}",
        f"{N[0]} {P} {N[1]} . {N[1]} {P} {N[2]} .",
    ),
    "a branch may only read the node": (
        f"{{ $this {P} $this }} UNION {{ OPTIONAL {{ $this {P} $this }} }}",
        f"{N[0]} {P} {N[0]} , {N[1]} . {N[1]} {P} {N[0]} .",
    ),
}


@pytest.mark.parametrize("name", ODD)
@pytest.mark.parametrize("few", [False, True])
def test_odd_queries_are_answered_as_for_each_alone(name: str, few: bool) -> None:
    inside, data = ODD[name]
    store = ox.Store()
    store.update(f"INSERT DATA {{ {data} }}")
    nodes = f"{{ SELECT (?r AS ?this) WHERE {{ VALUES ?r {{ {N[0]} {N[1]} }} }} }}"
    text = f"SELECT DISTINCT $this ?a ?b ?c WHERE {{ {inside} }}"
    query = for_all(tokens(text), nodes, None, {}, few=few)
    expected = {
        (("this", node), *row)
        for node in N[:2]
        for row in found(store, text.replace("SELECT DISTINCT $this", "SELECT DISTINCT").replace(
            "SELECT $this", "SELECT").replace("$this", node))
    }  # fmt: skip
    assert found(store, query) == expected, query


def test_a_pattern_in_the_projection_is_not_the_one_of_the_query() -> None:
    text = f"SELECT $this (EXISTS {{ $this {Q} ?b }} AS ?c) WHERE {{ $this {P} ?a }}"
    assert "WHERE { { NODES } $this" in for_all(tokens(text), "{ NODES }", None, {})
