"""Published fault trees: basic events leak, gates are the gates of nodes, everything else is certain.

The structures and numbers are those of the examples of the Open-PSA model exchange format, as SCRAM ships and
tests them; "chinese" is from the Aralia collection.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pytest

from aimsgraph.trace.impact import impact
from aimsgraph.trace.network import network
from aimsgraph.trace.projection import project
from aimsgraph.trace.propagate import propagate
from tests.unit.trace.conftest import EX, TODAY

if TYPE_CHECKING:
    from collections.abc import Callable

    from aimsgraph.model.node import NodeRef
    from aimsgraph.store import View
    from aimsgraph.trace.outcome import Propagation

#: Per gate: "any", "all" or how many of its inputs turn it, and these.
Gates = dict[str, tuple[str | int, str]]


class Tree(NamedTuple):
    """A fault tree, its top, and the published chance of the top."""

    gates: Gates
    chances: dict[str, float]
    top: str
    published: float
    within: float


def every(names: str, chance: float) -> dict[str, float]:
    return dict.fromkeys(names.split(), chance)


THEATRE = Tree(
    {"theatre": ("all", "mains supply"), "supply": ("any", "generator relay")},
    {"mains": 0.03, "generator": 0.02, "relay": 0.05},
    "theatre",
    0.00207,
    1e-15,
)
TWO_TRAIN = Tree(
    {"top": ("all", "one two"), "one": ("any", "valve1 pump1"), "two": ("any", "valve2 pump2")},
    {"valve1": 0.5, "valve2": 0.5, "pump1": 0.7, "pump2": 0.7},
    "top",
    0.7225,
    1e-15,
)
THREE_MOTOR = Tree(
    {
        "E1": ("all", "E2 E3"),
        "E2": ("any", "K5 E4"),
        "E4": ("all", "tE1 E6"),
        "E6": ("any", "T2 K5"),
        "E3": ("any", "K2 E5"),
        "E5": ("any", "T1 E8"),
        "E8": ("any", "K1 E9"),
        "E9": ("any", "E10 E11"),
        "E10": ("all", "KT1 KT3 E12"),
        "E12": ("any", "KT2 T4"),
        "E11": ("any", "S1 T3"),
        "tE1": ("any", "K1 tE2"),
        "tE2": ("any", "tE3 tE4"),
        "tE4": ("any", "S1 T1i"),
        "tE3": ("all", "tE5 tE6 tE7"),
        "tE5": ("any", "KT1i T2i"),
        "tE6": ("any", "KT2i T3i"),
        "tE7": ("any", "KT3i T4i"),
    },
    {
        **every("K5 T2 K2 T1 K1 T4 S1 T3 T1i KT1i T2i KT2i T3i KT3i T4i", 0.02),
        **every("KT1 KT2 KT3", 1.0),
    },
    "E1",
    0.0211538,
    1e-5,
)
CHINESE = Tree(
    {
        "r1": ("all", "g1 g2"),
        "g1": ("any", "e1 e2 e3 g3"),
        "g2": ("all", "g4 g5"),
        "g3": ("all", "g6 g7"),
        "g4": ("any", "e4 e5 e6 e7 g8"),
        "g5": ("any", "e8 g9"),
        "g6": ("any", "e9 e10 e11 g10"),
        "g7": ("any", "e12 e13"),
        "g8": ("all", "g11 g12"),
        "g9": ("all", "g13 g14"),
        "g10": ("all", "g15 g16"),
        "g11": ("any", "e14 e15 e16 g17"),
        "g12": ("all", "g18 g19"),
        "g13": ("any", "e1 e2 e3 g20"),
        "g14": ("any", "e4 e5 e6 e7 g21"),
        "g15": ("any", "e17 e18"),
        "g16": ("any", "e19 e20 e21"),
        "g17": ("all", "g22 g23"),
        "g18": ("any", "e22 e23"),
        "g19": ("any", "e24 e25"),
        "g20": ("all", "g24 g25"),
        "g21": ("all", "g26 g27"),
        "g22": ("any", "e17 e18 e21"),
        "g23": ("any", "e19 e20"),
        "g24": ("any", "e14 e15 e16 g28"),
        "g25": ("all", "g29 g30"),
        "g26": ("any", "e9 e10 e11 g31"),
        "g27": ("any", "e12 e13"),
        "g28": ("all", "g32 g33"),
        "g29": ("any", "e22 e23"),
        "g30": ("any", "e24 e25"),
        "g31": ("all", "g34 g35"),
        "g32": ("any", "e17 e18 e21"),
        "g33": ("any", "e19 e20"),
        "g34": ("any", "e19 e20 e21"),
        "g35": ("any", "e17 e18"),
    },
    every(" ".join(f"e{number}" for number in range(1, 26)), 0.01),
    "r1",
    1.17058e-3,
    5e-9,
)
#: The chinese tree with the chances that SCRAM gives it.
CHINESE_TWICE = CHINESE._replace(
    chances=dict.fromkeys(CHINESE.chances, 0.02), published=0.0045691, within=1e-5
)
TREES = {
    "Theatre": THEATRE,
    "TwoTrain": TWO_TRAIN,
    "ThreeMotor": THREE_MOTOR,
    "chinese": CHINESE,
    "chinese .02": CHINESE_TWICE,
}
#: What summing the cut sets says instead, and for the two trains what multiplying all says.
WRONG = {"Theatre": 0.0021, "TwoTrain": 0.1225, "ThreeMotor": 0.0212013, "chinese .02": 0.004804}


def needed(kind: str | int, inputs: str) -> int:
    return {"any": 1, "all": len(inputs.split())}.get(kind, kind) if isinstance(kind, str) else kind  # type: ignore[return-value]


def worked_out(tree: Tree, **options: Any) -> tuple[Propagation, int]:
    edges = [(name, gate, 1.0) for gate, (_, inputs) in tree.gates.items() for name in inputs.split()]
    # Something that never comes to pass, so that all lies in the reach of a question.
    asked = [("asked", name, 0.0) for name in tree.chances]
    net, number = network(
        [*edges, *asked],
        ["asked"],
        needs={gate: needed(kind, inputs) for gate, (kind, inputs) in tree.gates.items()},
        leaks=tree.chances,
    )
    return propagate(net, **options), number[tree.top]


@pytest.mark.parametrize("name", TREES)
def test_a_fault_tree_has_its_published_chance(name: str) -> None:
    tree = TREES[name]
    answer, top = worked_out(tree)
    assert answer.method == "exact"
    found = float(answer.probability["assured"][top])
    assert found == pytest.approx(tree.published, abs=tree.within)
    if name in WRONG:
        assert found != pytest.approx(WRONG[name], abs=tree.within)


@pytest.mark.parametrize("name", TREES)
def test_the_simulation_of_a_fault_tree_meets_its_exact_chance(name: str) -> None:
    tree = TREES[name]
    exact, top = worked_out(tree)
    drawn, _ = worked_out(tree, max_exact_variables=0)
    assert drawn.method == "simulated"
    expected = float(exact.probability["assured"][top])
    error = (expected * (1 - expected) / 65_536) ** 0.5
    assert drawn.probability["assured"][top] == pytest.approx(expected, abs=3 * error)


def test_a_fault_tree_below_the_worlds_is_estimated_from_its_cut_sets() -> None:
    tree = CHINESE._replace(chances=dict.fromkeys(CHINESE.chances, 0.001))
    exact, top = worked_out(tree)
    drawn, _ = worked_out(tree, max_exact_variables=0)
    assert drawn.how is not None
    assert drawn.low is not None
    assert drawn.high is not None
    assert drawn.how[top] == 2
    expected = float(exact.probability["assured"][top])
    assert expected == pytest.approx(1.2e-5, rel=0.01)
    assert drawn.probability["assured"][top] == pytest.approx(expected, rel=2e-3)
    assert drawn.low[top] <= expected <= drawn.high[top]
    assert drawn.high[top] - drawn.low[top] < 0.01 * expected


@pytest.mark.parametrize(
    ("k", "published"),
    # 1 - (1 - p)^3, 3 p^2 (1 - p) + p^3, p^3 with p = .1.
    [(1, 0.271), (2, 0.028), (3, 0.001)],
)
def test_a_vote_of_three_has_its_binomial_chance(k: int, published: float) -> None:
    tree = Tree({"vote": (k, "a b c")}, every("a b c", 0.1), "vote", published, 1e-15)
    exact, top = worked_out(tree)
    assert exact.probability["assured"][top] == pytest.approx(published, abs=1e-15)
    drawn, _ = worked_out(tree, max_exact_variables=0)
    assert drawn.probability["assured"][top] == pytest.approx(published, abs=3 * 0.5 / 256)


def test_a_fault_tree_stated_in_the_graph_has_its_published_chance(
    graph: Callable[..., View], named: Callable[[View, str], NodeRef]
) -> None:
    lines = []
    for gate, (kind, inputs) in THEATRE.gates.items():
        lines.append(f"ex:{gate} aims:dependsOn {', '.join(f'ex:{name}' for name in inputs.split())} .")
        if kind == "all":
            lines.append(f"ex:{gate} aims:gate aims:AndGate .")
        lines += [
            f"ex:{gate} aims:qualifiedDependency [ aims:on ex:{name} ; aims:transmission 1.0 ] ."
            for name in inputs.split()
        ]
    for name, chance in THEATRE.chances.items():
        lines.append(f"ex:{name} aims:leak {chance} ; aims:dependsOn ex:asked ; "
                     "aims:qualifiedDependency [ aims:on ex:asked ; aims:transmission 0.0 ] .")  # fmt: skip
    view = graph("\n".join(lines))
    answer = impact(view, project(view, today=TODAY), [named(view, "asked")], today=TODAY)
    (top,) = [node for node in answer.nodes if node.id == EX + "theatre"]
    assert top.method == "exact"
    assert top.probability == pytest.approx(THEATRE.published, abs=1e-15)
    assert top.bounds[0] <= top.probability <= top.bounds[1]
    assert not np.isclose(top.probability, WRONG["Theatre"], rtol=1e-3)
