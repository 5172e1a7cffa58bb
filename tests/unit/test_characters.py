from __future__ import annotations

from xml.etree import ElementTree

import pytest

from aimsgraph.characters import fit_for_xml


@pytest.mark.parametrize("first", range(0, 0x11000, 0x1000))
def test_what_is_fit_for_xml_can_be_read_back(first: int) -> None:
    element = ElementTree.Element("a")
    element.text = fit_for_xml("".join(map(chr, range(first, first + 0x1000))))
    read = ElementTree.fromstring(ElementTree.tostring(element, encoding="utf-8"))  # noqa: S314 (written here)
    assert read.text is not None
    assert read.text.replace("\n", "\r") == element.text.replace("\n", "\r")


def test_only_what_xml_cannot_hold_is_replaced() -> None:
    assert fit_for_xml("\x00a\tb\x1f\ud800\uffff\U0001f600") == "\ufffda\tb\ufffd\ufffd\ufffd\U0001f600"
