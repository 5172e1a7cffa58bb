from __future__ import annotations

import pytest

from aimsgraph.model.finding import CheckedShape
from tests.unit.render.conftest import BASE

#: What is hard to write in XML, HTML, JSON and CSV.
ODD = '<a href="x">&amp; ]]> \x00\x07\x1b\ufffe é 😀,\n=1+1\''


def shape(name: str, label: str, severity: str, area: str | None, nodes: int) -> CheckedShape:
    return CheckedShape.model_validate(
        {
            "shape": BASE + name,
            "label": label,
            "target": "aims:Risk",
            "severity": severity,
            "requirement": "iso42001:A.3.2" if area else None,
            "area": area,
            "fix": "Name an owner of the node." if area else None,
            "nodes": nodes,
        }
    )


@pytest.fixture
def checked() -> tuple[CheckedShape, ...]:
    """The shapes behind the fixture ``validation``, and one that all nodes passed."""
    return (
        shape("Kept", "Is kept", "violation", "area:data-governance", 1),
        shape("Licensed", "Has a licence", "warning", "area:data-governance", 4),
        shape("Noted", "Is noted", "info", None, 2),
        shape("Owned", "Has an owner", "violation", "area:ai-risk-management", 3),
        shape("W", "A waiver ends", "violation", "area:data-governance", 0),
    )
