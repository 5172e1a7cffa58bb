"""Pages joined are the whole list, also when the store changes between them."""

from __future__ import annotations

from typing import Final

from hypothesis import given, settings
from hypothesis import strategies as st

from aimsgraph.directory import Directory
from aimsgraph.listing import listed
from aimsgraph.model.node import Narrowing
from aimsgraph.store import memory_view

NUMBERS: Final = st.integers(0, 11)
WORDS: Final = ("scorecard", "credit scorecard", "scorecards of credit", "intake")
CHOICES: Final = st.sampled_from(
    [
        Narrowing(),
        Narrowing(type="aims:Owner"),
        Narrowing(text="score"),
        Narrowing(type="aims:Owner", text="credit"),
    ]
)


def page(
    numbers: frozenset[int], wanted: Narrowing, limit: int, after: str | None
) -> tuple[list[str], str | None]:
    said = "".join(
        f'<urn:n{number}> a aims:Owner ; rdfs:label "{WORDS[number % len(WORDS)]} {number}" .\n'
        for number in numbers
    )
    prefixes = (
        "@prefix aims: <https://w3id.org/aimsgraph/ns#> .\n"
        "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
    )
    view = memory_view(prefixes + said, graph="urn:g")
    found = listed(view, Directory(view.snapshot), wanted, limit=limit, after=after)
    return [node.id for node in found.nodes], found.next


@settings(max_examples=60, deadline=None)
@given(
    st.frozensets(NUMBERS),
    CHOICES,
    st.integers(1, 5),
    st.lists(st.frozensets(NUMBERS, max_size=3), max_size=5),
)
def test_nothing_comes_twice_and_what_stays_is_not_left_out(
    numbers: frozenset[int], wanted: Narrowing, limit: int, changes: list[frozenset[int]]
) -> None:
    whole, _ = page(numbers, wanted, 1000, None)
    stayed, joined, turn = numbers, [], iter(changes)
    nodes, after = page(numbers, wanted, limit, None)
    joined += nodes
    while after is not None:
        numbers ^= next(turn, frozenset())  # what was there goes, and what was not comes
        stayed &= numbers
        nodes, after = page(numbers, wanted, limit, after)
        assert len(nodes) <= limit
        joined += nodes
    assert len(set(joined)) == len(joined)
    assert {f"urn:n{number}" for number in stayed}.intersection(whole) <= set(joined)
    if not any(changes):
        assert joined == whole
