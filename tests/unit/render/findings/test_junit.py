from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree

from aimsgraph.render.findings import junit_text
from tests.unit.render.conftest import BASE, SNAPSHOT, finding
from tests.unit.render.findings.conftest import ODD, shape

if TYPE_CHECKING:
    from aimsgraph.model.finding import CheckedShape, Validation


def document(text: str) -> ElementTree.Element:
    return ElementTree.fromstring(text.encode())  # noqa: S314 (the program under test wrote it)


def counts(element: ElementTree.Element) -> dict[str, int]:
    return {name: int(element.attrib[name]) for name in ("tests", "failures", "skipped", "errors")}


def test_each_area_is_a_suite_and_each_shape_a_case(
    validation: Validation, checked: tuple[CheckedShape, ...]
) -> None:
    root = document(junit_text(validation, checked))
    assert root.tag == "testsuites"
    assert {
        suite.attrib["name"]: [case.attrib["name"] for case in suite.iter("testcase")] for suite in root
    } == {
        "AI risk management": ["Has an owner (Owned)"],
        "Data governance": ["Is kept (Kept)", "Has a licence (Licensed)", "A waiver ends (W)"],
        "Without a control area": ["Is noted (Noted)"],
    }
    assert all(
        case.attrib["classname"] == suite.attrib["name"] for suite in root for case in suite.iter("testcase")
    )


def test_the_counts_are_those_of_the_cases(validation: Validation, checked: tuple[CheckedShape, ...]) -> None:
    root = document(junit_text(validation, checked))
    assert counts(root) == {"tests": 5, "failures": 2, "skipped": 1, "errors": 0}
    for element in (root, *root):
        cases = list(element.iter("testcase"))
        assert counts(element) == {
            "tests": len(cases),
            "failures": sum(case.find("failure") is not None for case in cases),
            "skipped": sum(case.find("skipped") is not None for case in cases),
            "errors": 0,
        }
    assert {one.attrib["name"]: one.attrib["value"] for one in root.iter("property")} == {
        "date": "2026-09-30",
        "snapshot": SNAPSHOT,
    }


def test_one_failure_tells_all_nodes_that_fail(
    validation: Validation, checked: tuple[CheckedShape, ...]
) -> None:
    [failure] = document(junit_text(validation, checked)).findall(
        ".//*[@name='Has an owner (Owned)']/failure"
    )
    assert failure.attrib == {"message": "Nobody owns risk one. (and 1 more)", "type": "violation"}
    assert failure.text == (
        f"violation: risk one <{BASE}risk one>\n  Nobody owns risk one.\n  Name an owner.\n"
        f"violation: risk two <{BASE}risk two>\n  Nobody owns risk two.\n  Name an owner."
    )


def test_advice_does_not_fail_and_is_still_told(
    validation: Validation, checked: tuple[CheckedShape, ...]
) -> None:
    [case] = document(junit_text(validation, checked)).findall(".//*[@name='Is noted (Noted)']")
    assert [element.tag for element in case] == ["system-out"]
    assert (case.findtext("system-out") or "").splitlines() == [
        "2 nodes checked.",
        f"info: note one <{BASE}note one>",
        "  Nobody owns note one.",
        "  Name an owner.",
    ]


def test_what_has_no_node_is_skipped_and_not_passed(
    validation: Validation, checked: tuple[CheckedShape, ...]
) -> None:
    [case] = document(junit_text(validation, checked)).findall(".//*[@name='A waiver ends (W)']")
    assert [(element.tag, element.attrib) for element in case] == [
        ("skipped", {"message": "Not exercised: there is no node to check (aims:Risk)."})
    ]


def test_odd_characters_come_through_but_for_those_that_xml_cannot_hold(validation: Validation) -> None:
    odd = finding("Owned", "x", "violation", None, focus_label=ODD, message=ODD, fix=None)
    text = junit_text(
        validation.model_copy(update={"findings": (odd,)}),
        (shape("Owned", ODD, "violation", None, 1),),
    )
    [failure] = document(text).iter("failure")
    held = '<a href="x">&amp; ]]> \ufffd\ufffd\ufffd\ufffd é 😀,\n=1+1\''
    assert failure.attrib["message"] == held
    assert failure.text == f"violation: {held} <{BASE}x>\n  {held}"
