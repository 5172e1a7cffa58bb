"""Small value objects, made by hand, that the pictures, tables and reports of the tests show."""

from __future__ import annotations

from datetime import date
from xml.etree import ElementTree

import pytest

from aimsgraph.model.finding import Finding, Score, Scores, Unexercised, Validation
from aimsgraph.model.impact import Impact, ImpactControl, ImpactEdge, ImpactNode, ImpactPath
from aimsgraph.model.lineage import Lineage, LineageNode
from aimsgraph.model.node import Completeness, Edge, NodeRef
from aimsgraph.model.trace import Gap, Trace, TracedControl, TracedEvidence

BASE = "https://example.org/t/"
SNAPSHOT = "sha256:" + "0123456789abcdef" * 4
TODAY = date(2026, 9, 30)


def document(svg: str) -> ElementTree.Element:
    """The root of an SVG text; it fails on what is not well-formed."""
    return ElementTree.fromstring(svg)  # noqa: S314 (the program under test wrote it)


def ref(name: str, kind: str, label: str) -> NodeRef:
    return NodeRef(id=BASE + name, type=kind, label=label)


DATA = ref("data", "aims:Dataset", "Bureau records")
MODEL = ref("model", "aims:Model", "Credit model")
SYSTEM = ref("system", "aims:AISystem", "Credit scoring")


@pytest.fixture
def lineage() -> Lineage:
    return Lineage(
        source=MODEL,
        direction="both",
        nodes=(
            LineageNode(**DATA.model_dump(), hops=1),
            LineageNode(**SYSTEM.model_dump(), hops=1),
        ),
        edges=(
            Edge(source=DATA.id, target=MODEL.id, property="aims:trainedOn"),
            Edge(source=MODEL.id, target=SYSTEM.id, property="aims:usesModel"),
        ),
        completeness=Completeness(complete=True, nodes=3, edges=2),
        snapshot=SNAPSHOT,
        date=TODAY,
    )


@pytest.fixture
def impact() -> Impact:
    return Impact(
        sources=(DATA,),
        nodes=(
            ImpactNode(
                **MODEL.model_dump(),
                probability=0.8,
                interval=(0.79, 0.81),
                claimed=0.2,
                assured=0.8,
                inherent=0.9,
                min_hops=1,
            ),
            ImpactNode(
                **SYSTEM.model_dump(),
                probability=0.4,
                interval=None,
                claimed=0.1,
                assured=0.4,
                inherent=0.5,
                min_hops=2,
            ),
        ),
        edges=(
            ImpactEdge(
                source=DATA.id,
                target=MODEL.id,
                property="aims:trainedOn",
                transmission=0.8,
                basis="default",
                controls=(BASE + "ctl/a", BASE + "ctl/b"),
            ),
            ImpactEdge(
                source=MODEL.id,
                target=SYSTEM.id,
                property="aims:usesModel",
                transmission=None,
                basis="unknown",
            ),
        ),
        paths=(
            ImpactPath(
                nodes=(DATA.id, MODEL.id, SYSTEM.id),
                properties=("aims:trainedOn", "aims:usesModel"),
                probability=0.4,
            ),
        ),
        controls=(
            ImpactControl(
                **ref("ctl/a", "aims:Control", "Range checks").model_dump(),
                claimed_effectiveness=0.7,
                assured_effectiveness=0.7,
                verified=True,
                reason="1 of 1 pieces of evidence counts",
                if_off=1.5,
                if_on=0.5,
            ),
            ImpactControl(
                **ref("ctl/b", "aims:Control", "Drift alarm").model_dump(),
                claimed_effectiveness=0.6,
                assured_effectiveness=0.0,
                verified=False,
                reason="its evidence has expired",
                if_off=1.2,
                if_on=0.4,
            ),
        ),
        method="simulated",
        worlds=100_000,
        seed=42,
        unassessed={"assessed": 0, "default": 1, "unknown": 1},
        completeness=Completeness(complete=True, nodes=3, edges=2),
        snapshot=SNAPSHOT,
        date=TODAY,
    )


def finding(shape: str, focus: str, severity: str, area: str | None, **other: str | None) -> Finding:
    return Finding.model_validate(
        {
            "shape": BASE + shape,
            "focus": BASE + focus,
            "focus_label": focus,
            "path": "aims:ownedBy",
            "value": None,
            "component": "sh:MinCountConstraintComponent",
            "severity": severity,
            "message": f"Nobody owns {focus}.",
            "requirement": "iso42001:A.3.2",
            "area": area,
            "fix": "Name an owner.",
            **other,
        }
    )


@pytest.fixture
def validation() -> Validation:
    def score(key: str, label: str, passed: int, applicable: int) -> Score:
        ratio = passed / applicable if applicable else None
        return Score(key=key, label=label, passed=passed, applicable=applicable, ratio=ratio)

    return Validation(
        conforms=False,
        findings=(
            finding("Owned", "risk one", "violation", "area:ai-risk-management"),
            finding("Owned", "risk two", "violation", "area:ai-risk-management"),
            finding("Licensed", "data one", "warning", "area:data-governance"),
            finding("Noted", "note one", "info", None),
        ),
        not_exercised=(
            Unexercised(
                shape=BASE + "W", label="A waiver ends", target="aims:Waiver", area="area:data-governance"
            ),
        ),
        completeness=Scores(
            overall=score("overall", "Overall", 7, 10),
            areas=(
                score("area:ai-risk-management", "AI risk management", 3, 5),
                score("area:data-governance", "Data governance", 4, 5),
                score("area:human-oversight", "Human oversight", 0, 0),
            ),
            owners=(score(BASE + "ada", "Ada", 7, 10),),
            requirements=(score("iso42001:6.1.2", "6.1.2 AI risk assessment", 3, 5),),
        ),
        counts={"violation": 2, "warning": 1, "info": 1},
        snapshot=SNAPSHOT,
        date=TODAY,
    )


@pytest.fixture
def trace() -> Trace:
    def evidence(name: str, status: str) -> TracedEvidence:
        return TracedEvidence.model_validate(
            {
                **ref("ev/" + name, "aims:Evidence", f"Log {name}").model_dump(),
                "status": status,
                "counts": status == "fresh",
                "reason": f"It is {status}.",
                "collected_on": date(2026, 8, 31),
                "valid_until": None,
                "sha256": "ab" * 32,
                "hash_checked": True,
                "location": f"evidence/{name}.md",
                "authors": (ref("ada", "aims:Owner", "Ada"),),
            }
        )

    control = ref("ctl/a", "aims:Control", "Range checks")
    statuses = ("fresh", "expired", "not-yet-valid", "altered", "file-missing", "undated")
    return Trace(
        node=ref("A.7.4", "aims:Requirement", "A.7.4 Data quality"),
        via=(),
        controls=(
            TracedControl(
                **control.model_dump(),
                owners=(ref("ada", "aims:Owner", "Ada"),),
                implementation_status="Implemented",
                requirements=(),
                risks=(),
                assets=(DATA,),
                claimed_effectiveness=0.7,
                assured_effectiveness=0.7,
                verified=True,
                reason="1 of 6 pieces of evidence counts.",
                evidence=tuple(evidence(f"e{number}", status) for number, status in enumerate(statuses)),
            ),
            TracedControl(
                **ref("ctl/b", "aims:Control", "Drift alarm").model_dump(),
                owners=(),
                implementation_status=None,
                requirements=(),
                risks=(),
                assets=(),
                claimed_effectiveness=0.6,
                assured_effectiveness=0.0,
                verified=False,
                reason="It has no evidence.",
                evidence=(),
            ),
        ),
        gaps=(Gap(node=control, kind="no-owner", message="Nobody owns it.", fix="Name an owner."),),
        snapshot=SNAPSHOT,
        date=TODAY,
    )
