"""Laws of risk within a year, on small random organisations."""

from __future__ import annotations

from math import fsum
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aimsgraph.store import memory_view
from aimsgraph.trace.loss import Fixed, Lognormal, Pert
from aimsgraph.trace.losses import Ledger, Sample
from aimsgraph.trace.network import SCENARIOS
from aimsgraph.trace.projection import project
from aimsgraph.trace.qualitative import weakest_links
from aimsgraph.trace.risk import risks
from tests.property import tries
from tests.property.test_impact_laws import networks
from tests.unit.trace.conftest import PREFIXES, TODAY, VOCABULARY

if TYPE_CHECKING:
    from aimsgraph.model.risk import By, ByControls, Risks
    from aimsgraph.trace.network import Network

CHANCES = ["0.1", "0.5", "1.0"]
LOSSES = [
    "",
    "aims:expectedLoss 700.0 ;",
    "aims:minimumLoss 10.0 ; aims:mostLikelyLoss 20.0 ; aims:maximumLoss 90.0 ;",
    "aims:lowLoss 5.0 ; aims:highLoss 500.0 ;",
]
ASSETS = ["ex:set", "ex:model", "ex:one", "ex:two"]


@st.composite
def organisations(draw: st.DrawFn) -> str:
    """Up to four risks on a chain of a set, a model and two systems, with up to two shared controls."""
    text = "ex:model aims:trainedOn ex:set . ex:one a aims:AISystem ; aims:usesModel ex:model .\n"
    text += "ex:two a aims:AISystem ; aims:usesModel ex:model ; aims:dependsOn ex:one .\n"
    if draw(st.booleans()):
        text += "ex:two aims:gate aims:AndGate .\n"
    for number in range(draw(st.integers(1, 4))):
        threatened = draw(st.lists(st.sampled_from(ASSETS), unique=True, max_size=2))
        chance = draw(st.sampled_from(["", *(f"aims:annualProbability {one} ;" for one in CHANCES)]))
        threats = "".join(f"aims:threatens {asset} ;" for asset in threatened)
        text += (
            f"ex:r{number} a aims:Risk ; {chance} {draw(st.sampled_from(LOSSES))} {threats} "
            f"aims:ownedBy ex:o{draw(st.integers(0, 1))} .\n"
        )
    for name in ("c", "d"):
        held = draw(
            st.lists(st.sampled_from(["ex:r0", "ex:r1", "ex:model", "ex:set"]), unique=True, max_size=3)
        )
        said = "".join(f"aims:{'mitigates' if one[3] == 'r' else 'guards'} {one} ;" for one in held)
        design, kept = draw(st.sampled_from(CHANCES)), draw(st.sampled_from(["0.0", "0.1", "0.5"]))
        text += (
            f"ex:{name} a aims:Control ; {said} aims:designEffectiveness {design} ; "
            f"aims:unverifiedEffectiveness {kept} .\n"
        )
    return text


def answered(text: str, by: By = "owner", seed: int = 1) -> Risks:
    view = memory_view(PREFIXES + VOCABULARY, PREFIXES + text)
    return risks(view, project(view, today=TODAY), by=by, today=TODAY, seed=seed, worlds=1_024)


def in_order(value: ByControls | None) -> bool:
    return value is None or value.inherent >= value.assured >= value.claimed >= 0.0


@settings(max_examples=tries(40), deadline=None)
@given(organisations(), st.sampled_from(["owner", "system"]))
def test_inherent_is_at_least_assured_and_assured_at_least_claimed(text: str, by: By) -> None:
    answer = answered(text, by)
    for risk in answer.risks:
        assert in_order(risk.likelihood)
        assert in_order(risk.expected_loss)
        assert all(in_order(one.likelihood) and in_order(one.weakest_link) for one in risk.reaches)
    for group in (*answer.groups, answer.total):
        assert in_order(group.likelihood)
        assert in_order(group.expected_loss)
        assert all(in_order(point.probability) for point in group.curve)
        assert all(in_order(one.loss) for one in group.quantiles)


@settings(max_examples=tries(30), deadline=None)
@given(organisations())
def test_expected_losses_add_and_a_group_is_as_likely_as_its_likeliest_risk_or_more(text: str) -> None:
    answer = answered(text)
    by_id = {risk.id: risk for risk in answer.risks}
    for name in SCENARIOS:
        known = [getattr(risk.expected_loss, name) for risk in answer.risks if risk.expected_loss]
        whole = getattr(answer.total.expected_loss, name) if answer.total.expected_loss else 0.0
        parts = [getattr(group.expected_loss, name) for group in answer.groups if group.expected_loss]
        assert whole == pytest.approx(fsum(known))
        assert whole == pytest.approx(fsum(parts))
        for group in answer.groups:
            own = [by_id[one.id].likelihood for one in answer.risks if group.id in {o.id for o in one.owners}]
            chances = [getattr(one, name) for one in own if one is not None]
            if chances:
                assert group.likelihood is not None
                together = getattr(group.likelihood, name)
                assert max(chances) - 1e-12 <= together <= fsum(chances) + 1e-12


@settings(max_examples=tries(30), deadline=None)
@given(organisations(), st.sampled_from(["risk", "system"]))
def test_a_larger_loss_is_never_likelier_and_the_same_seed_says_the_same(text: str, by: By) -> None:
    answer = answered(text, by)
    assert answer == answered(text, by)
    for group in (*answer.groups, answer.total):
        assert len(group.curve) <= 20
        for name in SCENARIOS:
            heights = [getattr(point.probability, name) for point in group.curve]
            assert heights == sorted(heights, reverse=True)
            losses = [getattr(one.loss, name) for one in group.quantiles]
            assert losses == sorted(losses)


@settings(max_examples=tries(30), deadline=None)
@given(organisations())
def test_what_one_risk_says_does_not_change_what_another_says(text: str) -> None:
    """Where no gate ties them together, a risk added elsewhere moves no other's numbers and no other's worlds."""
    plain = text.replace("ex:two aims:gate aims:AndGate .\n", "")
    more = "ex:added a aims:Risk ; aims:annualProbability 0.3 ; aims:expectedLoss 9.0 ; aims:threatens ex:else .\n"
    before = {risk.id: risk for risk in answered(plain).risks}
    after = {risk.id: risk for risk in answered(plain + more).risks}
    assert {iri: after[iri] for iri in before} == before


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 2**64 - 1), st.integers(0, 2**64 - 1)), min_size=1, max_size=4),
    st.integers(1, 10_000),
)
def test_the_exceedance_of_a_fixed_loss_is_the_share_of_years_that_have_it(
    words: list[tuple[int, int]], amount: int
) -> None:
    inherent = np.array([a for a, _ in words], np.uint64)
    kept = np.array([a & b for a, b in words], np.uint64)
    ledger = Ledger(64 * len(words))
    sample = Sample.of("ex:r", Fixed(float(amount)), inherent, seed=1)
    ledger.add(sample, {"inherent": inherent, "assured": kept, "claimed": kept & np.uint64(0)})
    struck = sum(a.bit_count() for a, _ in words)
    if not struck:
        assert ledger.curve() == ()
        return
    [point] = ledger.curve()
    assert point.loss == amount
    assert point.probability.inherent == struck / (64 * len(words))
    assert point.probability.assured == sum((a & b).bit_count() for a, b in words) / (64 * len(words))
    assert point.probability.claimed == 0.0


@settings(deadline=None)
@given(
    st.one_of(
        st.tuples(st.floats(0, 1e6), st.floats(0, 1e6), st.floats(0, 1e6)).map(
            lambda three: Pert(*sorted(three))
        ),
        st.tuples(st.floats(1, 1e6), st.floats(0.01, 3)).map(lambda pair: Lognormal.of_median(*pair)),
    )
)
def test_a_loss_grows_with_its_chance_and_its_mean_lies_between_its_ends(loss: Pert | Lognormal) -> None:
    drawn = loss.at((np.arange(2_000) + 0.5) / 2_000)
    assert (np.diff(drawn) >= -1e-9 * (1.0 + drawn[:-1])).all()
    if isinstance(loss, Pert):
        assert loss.least - 1e-6 <= drawn.min() <= drawn.max() <= loss.most + 1e-6
        assert drawn.mean() == pytest.approx(loss.mean, rel=2e-3, abs=1e-6)


@settings(max_examples=tries(60), deadline=None)
@given(networks())
def test_the_weakest_link_is_the_best_of_the_narrowest_points(net: Network) -> None:
    """By the definition: at each width, what turns when exactly the edges at least as wide are open."""
    found = weakest_links(net, net.assured)
    for width in {*net.probability.tolist(), *(1.0 - net.assured).tolist()} - {0.0}:
        wide = [
            edge
            for edge, chance in enumerate(net.probability.tolist())
            if chance >= width
            and all(1.0 - net.assured[control] >= width for control in net.guard_sets[int(net.guard[edge])])
        ]
        turned = set(net.sources)
        while True:
            arriving = [int(net.target[edge]) for edge in wide if int(net.source[edge]) in turned]
            more = {node for node in arriving if arriving.count(node) >= net.needs.get(node, 1)} - turned
            if not more:
                break
            turned |= more
        assert turned == {node for node in range(net.size) if found[node] >= width}
