"""Lineage over the jobs and datasets of the Marquez seed, counted by hand.

The seed is a list of OpenLineage events. What a job reads it depends on, and what it writes depends on the job, so that
a way goes from dataset to job to dataset. By hand, from the events (``etl_x`` is left out where it alone writes ``x``
and reads nothing: categories, customers, drivers, menu_items, menus, order_status, orders, restaurants)::

    categories, menu_items, menus, orders → etl_orders_7_days → orders_7_days
    customers, drivers, order_status, orders_7_days, restaurants → etl_delivery_7_days → delivery_7_days
    delivery_7_days → delivery_times_7_days → discounts, top_delivery_times
    customers, discounts → email_discounts
    customers, top_delivery_times → orders_popular_day_of_week → popular_orders_day_of_week
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.conftest import NewStore

if TYPE_CHECKING:
    from pathlib import Path

    from aimsgraph.engine import Graph

pytestmark = pytest.mark.shared_data
SPACE = "https://food-delivery.example.org/"
PREFIXES = """
@prefix aims: <https://w3id.org/aimsgraph/ns#> .
@prefix data: <https://food-delivery.example.org/data/> .
@prefix job: <https://food-delivery.example.org/job/> .
"""


@pytest.fixture(scope="module")
def graph(shared_data: Path, tmp_path_factory: pytest.TempPathFactory, new_store: NewStore) -> Graph:
    events = json.loads((shared_data / "marquez/docker/metadata.template.json").read_text(encoding="utf-8"))
    lines = set[str]()
    for event in events:
        job = f"job:{event['job']['name']}"
        for read in event.get("inputs", ()):
            lines.add(f"{job} aims:dependsOn {dataset(read)} . {dataset(read)} a aims:Dataset .")
        for written in event.get("outputs", ()):
            lines.add(f"{dataset(written)} a aims:Dataset ; aims:dependsOn {job} .")
    assert len(lines) == 27
    folder = tmp_path_factory.mktemp("marquez")
    (folder / "seed.ttl").write_text(PREFIXES + "\n".join(sorted(lines)), encoding="utf-8")
    graph = new_store(folder / "aims.store")
    graph.load(folder / "seed.ttl")
    return graph


def dataset(entry: dict[str, str]) -> str:
    return "data:" + entry["name"].removeprefix("public.")


#: dataset, direction, and what is so many hops away, the nearest first
BY_HAND = [
    (
        "delivery_7_days",
        "up",
        [
            "etl_delivery_7_days",
            "customers drivers order_status orders_7_days restaurants",
            "etl_customers etl_drivers etl_order_status etl_orders_7_days etl_restaurants",
            "categories menu_items menus orders",
            "etl_categories etl_menu_items etl_menus etl_orders",
        ],
    ),
    (
        "delivery_7_days",
        "down",
        [
            "delivery_times_7_days",
            "discounts top_delivery_times",
            "email_discounts orders_popular_day_of_week",
            "popular_orders_day_of_week",
        ],
    ),
    ("customers", "up", ["etl_customers"]),
    (
        "customers",
        "down",
        [
            "email_discounts etl_delivery_7_days orders_popular_day_of_week",
            "delivery_7_days popular_orders_day_of_week",
            "delivery_times_7_days",
            "discounts top_delivery_times",
        ],
    ),
    (
        "popular_orders_day_of_week",
        "up",
        [
            "orders_popular_day_of_week",
            "customers top_delivery_times",
            "delivery_times_7_days etl_customers",
            "delivery_7_days",
            "etl_delivery_7_days",
            "drivers order_status orders_7_days restaurants",
            "etl_drivers etl_order_status etl_orders_7_days etl_restaurants",
            "categories menu_items menus orders",
            "etl_categories etl_menu_items etl_menus etl_orders",
        ],
    ),
    ("popular_orders_day_of_week", "down", []),
]


@pytest.mark.parametrize(("name", "direction", "expected"), BY_HAND)
def test_the_lineage_of_a_dataset_is_the_one_worked_out_by_hand(
    graph: Graph, name: str, direction: str, expected: list[str]
) -> None:
    answer = graph.lineage(f"{SPACE}data/{name}", direction=direction)  # type: ignore[arg-type]
    found: dict[int, list[str]] = {}
    for node in answer.nodes:
        found.setdefault(node.hops, []).append(node.id.rpartition("/")[2])
    assert {far: " ".join(sorted(names)) for far, names in found.items()} == dict(enumerate(expected, 1))
    assert answer.completeness.complete


@pytest.mark.parametrize(
    ("name", "up", "down"),
    [
        ("delivery_7_days", (9, 10), (3, 3)),
        ("customers", (0, 1), (4, 4)),
        ("popular_orders_day_of_week", (11, 12), (0, 0)),
    ],
)
def test_so_many_datasets_and_jobs_stand_above_and_below(
    graph: Graph, name: str, up: tuple[int, int], down: tuple[int, int]
) -> None:
    for direction, expected in (("up", up), ("down", down)):
        node = f"{SPACE}data/{name}"
        every = graph.lineage(node, direction=direction)  # type: ignore[arg-type]
        datasets = graph.lineage(node, direction=direction, filters=graph.filters(types=["aims:Dataset"]))  # type: ignore[arg-type]
        assert (len(datasets.nodes), len(every.nodes) - len(datasets.nodes)) == expected
