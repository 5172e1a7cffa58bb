"""Dependencies written to a file and read back are the same; of a damaged file nothing is used."""

from __future__ import annotations

import tempfile
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np
import pyoxigraph as ox
from hypothesis import given, settings
from hypothesis import strategies as st

from aimsgraph.store import memory_view
from aimsgraph.store.embedded import EmbeddedView
from aimsgraph.store.terms import to_rdflib_term
from aimsgraph.trace import read, write
from aimsgraph.trace.projection import project
from aimsgraph.trace.renewal import renewed
from tests.property import tries
from tests.property.test_projection_laws import LINES, content, quads
from tests.property.test_reach_laws import GRAPH, TODAY

if TYPE_CHECKING:
    from aimsgraph.trace import Projection


def written(projection: Projection) -> bytes:
    with tempfile.TemporaryFile() as file:
        write(projection, file)
        file.seek(0)
        return file.read()


def read_back(text: bytes) -> Projection | None:
    with tempfile.TemporaryFile() as file:
        file.write(text)
        file.seek(0)
        return read(file)


def ways(projection: Projection) -> list[list[int]]:
    everything = np.arange(projection.size)
    return [part.tolist() for sense in ("down", "up") for part in projection.way(sense).of(everything)]  # type: ignore[arg-type]


@settings(max_examples=tries(60), deadline=None)
@given(GRAPH)
def test_what_is_read_back_is_what_was_written(text: str) -> None:
    made = project(memory_view(text), today=TODAY)
    found = read_back(written(made))
    assert found is not None
    assert content(found) == content(made)
    assert found.lasting == made.lasting
    assert ways(found) == ways(made)


@settings(max_examples=tries(60), deadline=None)
@given(LINES, LINES, LINES)
def test_what_is_read_back_and_brought_up_to_date_is_made_anew(
    kept: list[str], removed: list[str], added: list[str]
) -> None:
    before, after = quads(kept + removed), quads(kept + added)
    store = ox.Store()
    store.bulk_extend(before)
    old = read_back(written(project(EmbeddedView(store, "before"), today=TODAY)))
    assert old is not None
    changed = [tuple(map(to_rdflib_term, (one.subject, one.predicate, one.object))) for one in before ^ after]
    for quad in before - after:
        store.remove(quad)
    store.bulk_extend(after)
    view = EmbeddedView(store, "after")
    new, anew = renewed(view, old, changed), project(view, today=TODAY)
    assert new is not None
    assert content(new) == content(anew)
    assert ways(new) == ways(anew)
    # Days on which the same is said to hold may be fewer than there are, never more.
    assert new.lasting is not None
    assert anew.lasting is not None
    assert new.lasting.within(anew.lasting) == new.lasting


@settings(max_examples=tries(80), deadline=None)
@given(GRAPH, st.integers(-1200, 1200))
def test_on_the_days_that_it_lasts_nothing_is_otherwise(text: str, later: int) -> None:
    view, day = memory_view(text), TODAY + timedelta(days=later)
    made, then = project(view, today=TODAY), project(view, today=day)
    if made.holds_on(day):
        assert content(made.known_as(made.snapshot, day)) == content(then)
        assert then.lasting == made.lasting
    else:
        assert not then.holds_on(TODAY)


@settings(max_examples=tries(15), deadline=None)
@given(GRAPH, st.data())
def test_of_a_damaged_file_nothing_is_used(text: str, data: st.DataObject) -> None:
    whole = written(project(memory_view(text), today=TODAY))
    for _ in range(20):
        place = data.draw(st.integers(0, len(whole) - 1))
        flipped = whole[place] ^ data.draw(st.integers(1, 255))
        assert read_back(whole[:place] + bytes([flipped]) + whole[place + 1 :]) is None
        assert read_back(whole[:place]) is None
    assert read_back(whole + b"\0") is None


@settings(max_examples=tries(60), deadline=None)
@given(st.binary(max_size=200), st.booleans())
def test_a_foreign_file_is_not_used(text: bytes, begun: bool) -> None:
    assert read_back((b"aimsgraph dependencies 1\n" if begun else b"") + text) is None
