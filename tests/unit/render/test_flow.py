from __future__ import annotations

from itertools import pairwise

from aimsgraph.model.node import Edge
from aimsgraph.render.diagram import diagram
from aimsgraph.render.flow import flow
from tests.unit.render.conftest import BASE, ref


def direction(pairs: list[tuple[str, str]], alone: int = 0) -> str:
    names = list(dict.fromkeys([*(name for pair in pairs for name in pair), *map(str, range(alone))]))
    nodes = [ref(name, "aims:Dataset", name) for name in names]
    edges = [Edge(source=BASE + a, target=BASE + b, property="aims:dependsOn") for a, b in pairs]
    return flow(diagram("t", nodes, edges).sketch).direction


def test_a_long_chain_reads_downwards() -> None:
    assert direction([(f"n{n}", f"n{n + 1}") for n in range(9)]) == "TB"


def test_a_wide_fan_reads_across() -> None:
    assert direction([("hub", f"n{n}") for n in range(20)]) == "LR"


def test_a_cycle_is_cut_where_it_closes() -> None:
    names = ["a", "b", "c"]
    nodes = [ref(name, "aims:Dataset", name) for name in names]
    edges = [
        Edge(source=BASE + a, target=BASE + b, property="aims:dependsOn") for a, b in pairwise([*names, "a"])
    ]
    assert flow(diagram("t", nodes, edges).sketch).ends == ("n3",)
    assert flow(diagram("t", nodes, edges[:2]).sketch).ends == ("n3",)


def test_loose_boxes_are_stacked_and_not_lined_up() -> None:
    nodes = [ref(f"n{n}", "aims:Dataset", f"n{n}") for n in range(36)]
    drawn = diagram("t", nodes, [])
    lies = flow(drawn.sketch)
    assert len(lies.loose) == 36
    assert lies.boxes_abreast == 6
    assert drawn.dot.count("style=invis") >= 30


def test_an_empty_picture_is_a_picture() -> None:
    assert diagram("Nothing", [], []).svg().startswith("<svg")
