"""Findings as JUnit's XML, which every service of continuous integration shows as tests."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from aimsgraph.characters import fit_for_xml
from aimsgraph.render.findings.rules import rules_of
from aimsgraph.render.report import area_label, area_labels
from aimsgraph.vocab import local_name

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aimsgraph.model.finding import CheckedShape, Finding, Validation, Waiver


def junit_text(validation: Validation, checked: Iterable[CheckedShape]) -> str:
    """Return a document with a suite for each control area, in which each shape is a test case.

    A case fails by its violations and warnings, all told in one failure, since most readers show only the first; what
    is of severity info stands in its output. A shape without a node to look at is skipped, and so is one that
    would fail but for a waiver.
    """
    labels = area_labels(validation)
    suites: dict[str, list[CheckedShape]] = {label: [] for label in labels.values()}
    for rule in rules_of(validation, checked):
        suites.setdefault(area_label(labels, rule.area), []).append(rule)
    found: dict[str, list[Finding]] = {}
    for finding in validation.findings:
        found.setdefault(finding.shape, []).append(finding)
    passing = {finding.shape: waiver for waiver in validation.waivers for finding in waiver.findings}
    root = Element("testsuites", {"name": "aimsgraph"})
    for label, rules in suites.items():
        if rules:
            suite = _element(root, "testsuite", name=label)
            _properties(suite, validation)
            for rule in rules:
                _case(suite, rule, label, found.get(rule.shape, []), passing.get(rule.shape))
            _count(suite)
    _count(root)
    indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def _properties(suite: Element, validation: Validation) -> None:
    stated = _element(suite, "properties")
    _element(stated, "property", name="date", value=validation.date.isoformat())
    _element(stated, "property", name="snapshot", value=validation.snapshot)


def _case(
    suite: Element, rule: CheckedShape, area: str, findings: list[Finding], waiver: Waiver | None
) -> None:
    # Two shapes may have one label; their names are different.
    case = _element(suite, "testcase", classname=area, name=f"{rule.label} ({local_name(rule.shape)})")
    if not rule.nodes:
        _element(case, "skipped", message=f"Not exercised: there is no node to check ({rule.target}).")
        return
    grave = [finding for finding in findings if finding.severity != "info"]
    if grave:
        more = f" (and {len(grave) - 1} more)" if len(grave) > 1 else ""
        failure = _element(case, "failure", message=grave[0].message + more, type=grave[0].severity)
        failure.text = fit_for_xml("\n".join(map(_told, grave)))
    elif waiver is not None:
        _element(case, "skipped", message=f"Waived until {waiver.until}: {waiver.reason}")
    remarks = [_told(finding) for finding in findings if finding.severity == "info"]
    counted = f"{rule.nodes} {'node' if rule.nodes == 1 else 'nodes'} checked."
    _element(case, "system-out").text = fit_for_xml("\n".join((counted, *remarks)))


def _told(finding: Finding) -> str:
    fix = f"\n  {finding.fix}" if finding.fix else ""
    return f"{finding.severity}: {finding.focus_label} <{finding.focus}>\n  {finding.message}{fix}"


def _count(element: Element) -> None:
    """State how many cases there are in a suite, or in all, and what became of them."""
    counts = {"tests": "testcase", "failures": "failure", "skipped": "skipped", "errors": "error"}
    for name, tag in counts.items():
        element.set(name, str(len(list(element.iter(tag)))))


def _element(parent: Element, tag: str, **attributes: str) -> Element:
    return SubElement(parent, tag, {name: fit_for_xml(value) for name, value in attributes.items()})
