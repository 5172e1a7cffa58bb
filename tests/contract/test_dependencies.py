"""Ways, what is shared, circles, weak points and what changed are the same in a folder and on a server."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import aimsgraph
from tests.contract.servers import described, started

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pydantic import BaseModel

    from aimsgraph.engine import Graph

EX = "https://example.org/meridian/"
FIRST = """
@prefix aims: <https://w3id.org/aimsgraph/ns#> . @prefix prov: <http://www.w3.org/ns/prov#> .
@prefix ex: <https://example.org/meridian/> .
ex:raw a aims:Dataset ; aims:suppliedBy ex:vendor . ex:vendor a aims:Supplier .
ex:clean a aims:Dataset ; prov:wasDerivedFrom ex:raw , ex:outcomes . ex:model a aims:Model ; aims:trainedOn ex:clean .
ex:one a aims:AISystem ; aims:usesModel ex:model . ex:two a aims:AISystem ; aims:usesModel ex:model .
ex:outcomes a aims:Dataset ; prov:wasDerivedFrom ex:one . ex:drift a aims:Risk ; aims:threatens ex:model .
"""
THEN = FIRST.replace(
    "ex:two a aims:AISystem ; aims:usesModel ex:model", "ex:two a aims:AISystem ; aims:usesModel ex:own"
)


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Graph, Graph]]:
    folder = tmp_path_factory.mktemp("both")
    path = folder / "register.ttl"
    with started("oxigraph") as endpoint:
        graphs = [aimsgraph.init(place) for place in (folder / "aims.store", described(endpoint, folder))]
        for text in (FIRST, THEN):
            path.write_text(text, encoding="utf-8")
            for graph in graphs:
                graph.load(path)
                graph.refresh()
        yield graphs[0], graphs[1]


def said(answer: BaseModel) -> Any:
    """Return an answer without hashes and times, which are those of each store."""
    own = {"snapshot", "time", "hash", "parent", "author"}

    def pruned(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: pruned(one) for name, one in value.items() if name not in own}
        return [pruned(one) for one in value] if isinstance(value, list) else value

    return pruned(answer.model_dump(mode="json"))


QUESTIONS: dict[str, Callable[[Graph], BaseModel]] = {
    "a property": lambda g: g.lineage(EX + "one", filters=g.filters(along=["aims:usesModel"])),
    "a threat": lambda g: g.lineage(EX + "model", filters=g.filters(along=["threat"])),
    "a type": lambda g: g.lineage(EX + "one", filters=g.filters(types=["aims:Dataset"])),
    "an area": lambda g: g.lineage(EX + "one", filters=g.filters(areas=["data-governance"])),
    "only through": lambda g: g.lineage(
        EX + "clean", filters=g.filters(types=["aims:Dataset"], only_through=True)
    ),
    "paths": lambda g: g.paths(EX + "vendor", EX + "one"),
    "common": lambda g: g.common(EX + "one", EX + "outcomes"),
    "common of": lambda g: g.common(of=["aims:AISystem", "aims:Risk"]),
    "cycles": lambda g: g.cycles(),
    "weak points of": lambda g: g.weak_points(EX + "one"),
    "weak points": lambda g: g.weak_points(),
    "since": lambda g: g.lineage_change(EX + "two", since=str(len(g.log()) - 1)),
}


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_server_gives_the_answer_of_a_folder(both: tuple[Graph, Graph], question: str) -> None:
    here, there = (said(QUESTIONS[question](graph)) for graph in both)
    assert here == there
    told = ("paths", "cycles", "nodes", "added")
    assert any(here.get(name) for name in told)
