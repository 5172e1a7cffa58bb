"""Findings as SARIF 2.1.0 (OASIS), the form in which code hosts and editors take what an analysis found."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from aimsgraph.render.findings.rules import rules_of
from aimsgraph.vocab import local_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from aimsgraph.model.finding import CheckedShape, Finding, Severity, Unexercised, Validation, Waiver

SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
LEVELS: Final[Mapping[Severity, str]] = {"violation": "error", "warning": "warning", "info": "note"}
#: The name and version of how a finding is told from others; to be counted up when `Finding.fingerprint` changes.
FINGERPRINT: Final = "aimsgraphFinding/v1"


def sarif_text(validation: Validation, checked: Iterable[CheckedShape], *, version: str) -> str:
    """Return a SARIF log with one run; ``version`` is that of aimsgraph.

    Its rules are the shapes, its results the findings, in their order, then those that waivers let pass, as suppressed.
    A shape without a node to look at is told as a notification: it passed nothing.
    """
    rules = rules_of(validation, checked)
    places = {rule.shape: place for place, rule in enumerate(rules)}
    run = {
        "tool": {
            "driver": {"name": "aimsgraph", "version": version, "rules": [_rule(rule) for rule in rules]}
        },
        "invocations": [
            {
                "executionSuccessful": True,
                "toolExecutionNotifications": [
                    _notification(shape, places) for shape in validation.not_exercised
                ],
            }
        ],
        "results": [
            *(_result(finding, places) for finding in validation.findings),
            *(
                _result(finding, places) | {"suppressions": [_suppression(waiver)]}
                for waiver in validation.waivers
                for finding in waiver.findings
            ),
        ],
        "columnKind": "unicodeCodePoints",
        "properties": _about(validation),
    }
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, ensure_ascii=False, indent=2) + "\n"


def _rule(rule: CheckedShape) -> dict[str, Any]:
    told = f"Looks at {rule.target}."
    if rule.requirement:
        told += f" Asked for by {rule.requirement}."
    described: dict[str, Any] = {
        "id": rule.shape,
        "name": local_name(rule.shape),
        "shortDescription": {"text": rule.label},
        "fullDescription": {"text": f"{rule.label}. {told}"},
        "defaultConfiguration": {"level": LEVELS[rule.severity]},
        "properties": _said(
            requirement=rule.requirement,
            area=rule.area,
            nodes=rule.nodes,
            tags=[tag for tag in (rule.area, rule.requirement) if tag],
        ),
    }
    if rule.fix:
        described["help"] = {"text": rule.fix}
    return described


def _result(finding: Finding, places: Mapping[str, int]) -> dict[str, Any]:
    return {
        "ruleId": finding.shape,
        "ruleIndex": places[finding.shape],
        "level": LEVELS[finding.severity],
        "message": {"text": " ".join(filter(None, (finding.message, finding.fix)))},
        "locations": [_location(finding)],
        "partialFingerprints": {FINGERPRINT: finding.fingerprint},
        "properties": _said(
            path=finding.path,
            value=finding.value,
            component=finding.component,
            requirement=finding.requirement,
            area=finding.area,
            fix=finding.fix,
        ),
    }


def _suppression(waiver: Waiver) -> dict[str, Any]:
    by = f"Approved by {waiver.approved_by.label} on {waiver.approved_on}." if waiver.approved_by else None
    said = (waiver.reason, by, f"Until {waiver.until}.")
    return {"kind": "external", "status": "accepted", "justification": " ".join(filter(None, said))}


def _location(finding: Finding) -> dict[str, Any]:
    node = {"name": finding.focus_label, "fullyQualifiedName": finding.focus, "kind": "resource"}
    location: dict[str, Any] = {"logicalLocations": [node]}
    if finding.file is not None:
        location["physicalLocation"] = {
            "artifactLocation": {"uri": quote(finding.file)},
            "region": {"startLine": finding.line},
        }
    return location


def _notification(shape: Unexercised, places: Mapping[str, int]) -> dict[str, Any]:
    text = (
        f"“{shape.label}” was not exercised: there is no node to check ({shape.target}). It has not passed."
    )
    told: dict[str, Any] = {"level": "note", "message": {"text": text}}
    if shape.shape in places:
        told["associatedRule"] = {"id": shape.shape, "index": places[shape.shape]}
    return told


def _about(validation: Validation) -> dict[str, Any]:
    overall = validation.completeness.overall
    return {
        "conforms": validation.conforms,
        "date": validation.date.isoformat(),
        "snapshot": validation.snapshot,
        "checksPassed": overall.passed,
        "checksApplicable": overall.applicable,
    }


def _said(**properties: Any) -> dict[str, Any]:
    return {name: value for name, value in properties.items() if value is not None}
