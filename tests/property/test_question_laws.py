"""A query of a shape asked of all nodes at once gives what it gives for one node after the other."""

from __future__ import annotations

import pyoxigraph as ox
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aimsgraph.tokens import tokens
from aimsgraph.validate.shacl.question import for_all

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


@settings(max_examples=1500, deadline=None, suppress_health_check=[HealthCheck.too_slow])
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

