from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from aimsgraph.render.findings import sarif_text
from tests.unit.render.conftest import BASE, SNAPSHOT, finding
from tests.unit.render.findings.conftest import ODD

if TYPE_CHECKING:
    from aimsgraph.model.finding import CheckedShape, Validation


def run_of(validation: Validation, checked: tuple[CheckedShape, ...]) -> dict[str, Any]:
    log = json.loads(sarif_text(validation, checked, version="1.2.3"))
    assert_sarif(log)
    [run] = log["runs"]
    assert isinstance(run, dict)
    return run


def assert_sarif(log: dict[str, Any]) -> None:
    """The rules of SARIF 2.1.0 that a log of ours can break."""
    assert log["version"] == "2.1.0"
    assert re.fullmatch(r"https://docs\.oasis-open\.org/sarif/sarif/v2\.1\.0/.+\.json", log["$schema"])
    assert set(log) == {"$schema", "version", "runs"}
    for run in log["runs"]:
        driver = run["tool"]["driver"]
        assert driver["name"]
        rules = driver["rules"]
        ids = [rule["id"] for rule in rules]
        assert len(set(ids)) == len(ids)  # no rule is listed twice
        assert_nothing_null(run)
        for rule in rules:
            assert rule["defaultConfiguration"]["level"] in {"none", "note", "warning", "error"}
            for text in ("shortDescription", "fullDescription"):
                assert rule[text]["text"]
            assert len(set(rule["properties"].get("tags", ()))) == len(rule["properties"].get("tags", ()))
        for result in run["results"]:
            assert result["message"]["text"]
            assert result["level"] in {"note", "warning", "error"}  # a result that fails has one
            assert 0 <= result["ruleIndex"] < len(rules)
            assert ids[result["ruleIndex"]] == result["ruleId"]
            assert all(isinstance(value, str) for value in result["partialFingerprints"].values())
            for location in result["locations"]:
                for logical in location["logicalLocations"]:  # a name at the least
                    assert logical["name"]
                    assert logical["fullyQualifiedName"]
        for invocation in run["invocations"]:
            assert isinstance(invocation["executionSuccessful"], bool)
            for told in invocation["toolExecutionNotifications"]:
                assert told["level"] in {"none", "note", "warning", "error"}
                rule = told.get("associatedRule")
                assert rule is None or ids[rule["index"]] == rule["id"]


def assert_nothing_null(node: Any) -> None:
    """No property is null: what is not known is absent."""
    assert node is not None
    for inner in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        assert_nothing_null(inner)


def test_a_rule_is_a_shape_with_its_label_and_how_to_mend_it(
    validation: Validation, checked: tuple[CheckedShape, ...]
) -> None:
    driver = run_of(validation, checked)["tool"]["driver"]
    assert (driver["name"], driver["version"]) == ("aimsgraph", "1.2.3")
    assert driver["rules"][3] == {
        "id": BASE + "Owned",
        "name": "Owned",
        "shortDescription": {"text": "Has an owner"},
        "fullDescription": {"text": "Has an owner. Looks at aims:Risk. Asked for by iso42001:A.3.2."},
        "defaultConfiguration": {"level": "error"},
        "properties": {
            "requirement": "iso42001:A.3.2",
            "area": "area:ai-risk-management",
            "nodes": 3,
            "tags": ["area:ai-risk-management", "iso42001:A.3.2"],
        },
        "help": {"text": "Name an owner of the node."},
    }
    assert [rule["name"] for rule in driver["rules"]] == ["Kept", "Licensed", "Noted", "Owned", "W"]


def test_a_result_names_the_node_the_message_and_the_mending(
    validation: Validation, checked: tuple[CheckedShape, ...]
) -> None:
    first = run_of(validation, checked)["results"][0]
    [print_] = first.pop("partialFingerprints").values()
    assert re.fullmatch(r"[0-9a-f]{64}", print_)
    assert first == {
        "ruleId": BASE + "Owned",
        "ruleIndex": 3,
        "level": "error",
        "message": {"text": "Nobody owns risk one. Name an owner."},
        "locations": [
            {
                "logicalLocations": [
                    {"name": "risk one", "fullyQualifiedName": BASE + "risk one", "kind": "resource"}
                ]
            }
        ],
        "properties": {
            "path": "aims:ownedBy",
            "component": "sh:MinCountConstraintComponent",
            "requirement": "iso42001:A.3.2",
            "area": "area:ai-risk-management",
            "fix": "Name an owner.",
        },
    }


def test_severities_are_the_levels_of_sarif(
    validation: Validation, checked: tuple[CheckedShape, ...]
) -> None:
    results = run_of(validation, checked)["results"]
    assert [one["level"] for one in results] == ["error", "error", "warning", "note"]


def test_what_was_not_exercised_is_told_and_is_no_result(
    validation: Validation, checked: tuple[CheckedShape, ...]
) -> None:
    run = run_of(validation, checked)
    [told] = run["invocations"][0]["toolExecutionNotifications"]
    assert told == {
        "level": "note",
        "message": {
            "text": "“A waiver ends” was not exercised: there is no node to check (aims:Waiver). It has not passed."
        },
        "associatedRule": {"id": BASE + "W", "index": 4},
    }
    assert run["properties"] == {
        "conforms": False,
        "date": "2026-09-30",
        "snapshot": SNAPSHOT,
        "checksPassed": 7,
        "checksApplicable": 10,
    }


def test_a_finding_is_known_again_when_words_change_and_not_when_the_place_does(
    validation: Validation, checked: tuple[CheckedShape, ...]
) -> None:
    same = finding("Owned", "risk one", "warning", None, focus_label="Risk 1", message="New.", fix=None)
    others = [
        finding("Licensed", "risk one", "violation", None),
        finding("Owned", "risk two", "violation", None),
        finding("Owned", "risk one", "violation", None, path=None),
        finding("Owned", "risk one", "violation", None, value="x"),
        finding("Owned", "risk one", "violation", None, component="sh:ClassConstraintComponent"),
    ]
    changed = validation.model_copy(update={"findings": (validation.findings[0], same, *others)})
    prints = [tuple(one["partialFingerprints"].items()) for one in run_of(changed, checked)["results"]]
    assert prints[0] == prints[1]
    assert len(set(prints)) == 1 + len(others)


def test_a_finding_of_a_shape_that_was_not_listed_brings_its_rule(validation: Validation) -> None:
    run = run_of(validation, ())
    # What was not exercised has no rule then, and says so without one.
    assert [rule["name"] for rule in run["tool"]["driver"]["rules"]] == ["Licensed", "Noted", "Owned"]


def test_odd_characters_come_through(validation: Validation, checked: tuple[CheckedShape, ...]) -> None:
    odd = finding("Owned", "x", "violation", None, focus_label=ODD, message=ODD, value=ODD, fix=None)
    [result] = run_of(validation.model_copy(update={"findings": (odd,)}), checked)["results"]
    assert result["message"]["text"] == ODD
    assert result["locations"][0]["logicalLocations"][0]["name"] == ODD
