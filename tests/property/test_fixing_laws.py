"""What to fix first, on small random registers, against trying everything."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aimsgraph.store import describe, memory_view
from aimsgraph.trace.exposure import exposure
from aimsgraph.trace.fixing import fix_first
from aimsgraph.trace.impact import impact
from aimsgraph.trace.projection import project
from aimsgraph.trace.ranking import Leftover, all_of
from tests.property import tries
from tests.unit.trace.conftest import EX, PREFIXES, TODAY, VOCABULARY

if TYPE_CHECKING:
    from aimsgraph.store import View
    from aimsgraph.trace.projection import Floats

FRESH = 'aims:collectedOn "2026-09-01"^^xsd:date'
STALE = FRESH + ' ; aims:validUntil "2026-09-02"^^xsd:date'
NODES, PIECES, RISKS, TARGETS = range(5), ("e0", "e1", "e2"), ("r0", "r1"), {EX + "n3", EX + "n4"}


@st.composite
def registers(draw: st.DrawFn) -> str:
    """Two risks over five nodes, two of them systems; three controls on up to three shared pieces of evidence."""
    lines = ["ex:n3 a aims:AISystem . ex:n4 a aims:AISystem ."]
    edges = st.tuples(st.sampled_from(NODES), st.sampled_from(NODES), st.sampled_from([0.2, 0.5, 0.9, 1.0]))
    for tail, head, chance in draw(st.lists(edges, min_size=3, max_size=8, unique_by=lambda edge: edge[:2])):
        lines.append(
            f"ex:n{head} aims:qualifiedDependency [ aims:on ex:n{tail} ; aims:transmission {chance} ] ."
        )
    for number, risk in enumerate(RISKS):
        lines.append(f"ex:{risk} a aims:Risk ; aims:threatens ex:n{number} .")
    for name in ("c0", "c1", "c2"):
        what = draw(st.sampled_from(["r0", "r1", "n0", "n1", "n2"]))
        proofs = draw(st.lists(st.sampled_from(PIECES), min_size=1, max_size=2, unique=True))
        lines.append(
            f"ex:{name} a aims:Control ; aims:guards ex:{what} ; "
            f"aims:designEffectiveness {draw(st.sampled_from([0.3, 0.6, 1.0]))} ; "
            f"aims:evidencedBy {' , '.join('ex:' + proof for proof in proofs)} ."
        )
    return "\n".join(lines)


def view_with(register: str, renewed: set[str]) -> View:
    proofs = [f"ex:{name} a aims:Evidence ; {FRESH if name in renewed else STALE} ." for name in PIECES]
    return memory_view(*(PREFIXES + text for text in (VOCABULARY, register, *proofs)))


def harm(register: str, renewed: set[str]) -> float:
    view = view_with(register, renewed)
    projection = project(view, today=TODAY)
    risks = describe(view, [EX + risk for risk in RISKS])
    answers = [impact(view, projection, [risk], today=TODAY) for risk in risks.values()]
    return sum(node.assured for answer in answers for node in answer.nodes if node.id in TARGETS)


@settings(max_examples=tries(25), deadline=None)
@given(registers())
def test_the_first_line_is_the_best_that_could_be_done_first(register: str) -> None:
    view = view_with(register, set())
    found = fix_first(view, project(view, today=TODAY), today=TODAY)
    before = harm(register, set())
    alone = {name: before - harm(register, {name}) for name in PIECES}
    assert found.today.harm == pytest.approx(before, abs=1e-9)
    assert found.at_best.harm == pytest.approx(harm(register, set(PIECES)), abs=1e-9)
    for fix in found.fixes:
        assert fix.removed.harm == pytest.approx(alone[fix.node.label], abs=1e-9)
    if max(alone.values()) > 1e-9:
        assert found.fixes[0].removed.harm == pytest.approx(max(alone.values()), abs=1e-9)
        done = {fix.node.label for fix in found.fixes}
        assert found.fixes[-1].left.harm == pytest.approx(harm(register, done), abs=1e-9)
        assert found.fixes[-1].left.harm == pytest.approx(found.at_best.harm, abs=1e-9)


@settings(max_examples=tries(25), deadline=None)
@given(
    registers(),
    st.lists(
        st.dictionaries(st.integers(0, 2), st.sampled_from([0.0, 0.3, 0.6, 0.9]), min_size=1),
        min_size=1,
        max_size=4,
    ),
)
def test_what_is_left_after_each_change_is_that_of_the_whole_column(
    register: str, raises: list[dict[int, float]]
) -> None:
    """However many are made before, and also without each of them."""
    view = view_with(register, set())
    projection = project(view, today=TODAY)
    declared = dict.fromkeys(projection.controls, (0.5, 0.2))
    net, borne = exposure(view, projection, (), declared)
    left = Leftover(borne, net.assured, dict(enumerate(raises)))

    def harm_of(columns: list[Floats]) -> list[float]:
        return [float(found) for found in borne.harms(columns)]

    for at, (harm, _) in left.without_each().items():
        others = [change for number, change in enumerate(raises) if number != at]
        assert harm == pytest.approx(harm_of([all_of(net.assured, others)])[0], abs=1e-12)
    made: list[dict[int, float]] = []
    for number, change in enumerate(raises):
        for at, (harm, _) in left.after().items():
            assert harm == pytest.approx(harm_of([all_of(net.assured, [*made, raises[at]])])[0], abs=1e-12)
        left.make(number)
        made.append(change)
        assert left.now[0] == pytest.approx(harm_of([all_of(net.assured, made)])[0], abs=1e-12)
