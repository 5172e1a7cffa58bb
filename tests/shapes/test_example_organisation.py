"""The example organisation against all shapes: exactly the gaps that were planted in it, and what follows from them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from aimsgraph import resources
from aimsgraph.store import memory_view
from aimsgraph.validate import validate, worst_gaps
from aimsgraph.vocab import local_name

if TYPE_CHECKING:
    from aimsgraph.model.finding import Validation

EX = "https://example.org/meridian/"

FINDINGS = """
    violation ApplicabilityJustified          applicability/A.8.3
    violation ApplicableImplemented           applicability/A.4.5
    violation OwnerCurrent                    model/fraud-graph-v2
    violation ImpactAssessed                  system/vulnerability
    violation ImpactAssessedBeforeDeployment  system/collections
    violation AcceptanceCurrent               risk/marketing-overreach
    violation ControlVerified                 control/fraud-feature-screen
    violation ModifiedRiskControlled          risk/foundation-model-withdrawal
    violation ActionInTime                    action/ranker-reweight
    violation ApproverIndependent             evidence/consent-check-2026-07
    violation LawfulBasisStated               dataset/web-clickstream
    violation OversightMayStop                system/hiring-screener
    violation IncidentCauseFound              incident/09
    violation EvaluatedOnOtherData            model/propensity-v3
    violation ModelOriginStated               model/face-match-v4
    violation MonitoringCurrent               metric/fraud-psi
    violation ControlVerified                 control/bureau-intake-validation
    violation NewestTestPassed                control/licence-register
    violation TesterIndependent               control-test/secret-scan-2026
    violation ChangeApproved                  change/hardship-threshold
    violation DeployedVersionValidated        deployment/fraud-gbm-v5
    violation DocumentApproved                document/operating-criteria
    warning   ChangeAssessed                  change/assistant-contract-terms
    warning   ChangeAssessed                  change/hardship-threshold
    warning   CompetenceCurrent               competence/campaign-oversight
    warning   DriftKept                       metric/fraud-recall
    warning   EvidenceFresh                   evidence/bureau-intake-2026-04
    warning   EvidenceFresh                   evidence/bureau-intake-2026-08
    warning   EvidenceFresh                   evidence/bureau-poisoning-drill-2026
    warning   HarmsFoundForParties            impact-assessment/affordability
    warning   SupplierDutiesAgreed            supplier/devicetrace
    warning   PolicyReviewed                  policy/third-party-ai
    warning   ImpactReassessedAfterChange     system/support-assistant
    warning   StatedLevelAgrees               risk/hiring-gender-skew
    warning   EffectivenessReviewed           action/bereavement-filter
    warning   EvidenceFresh                   evidence/data-quality-scorecard-2025-q2
    warning   EvidenceFresh                   evidence/fraud-feature-screen-2025
    warning   ThresholdKept                   metric/selection-ratio
    warning   NoticeBeforeUse                 system/account-takeover
    info      NoticeFollowsChange             system/support-assistant
"""


@pytest.fixture(scope="module")
def validation() -> Validation:
    files = resources.files("examples", "meridian/*.ttl")
    assert len(files) == 23
    return validate(memory_view(*files), today=date(2026, 9, 30))


def test_the_example_has_exactly_the_planted_gaps(validation: Validation) -> None:
    found = sorted((f.severity, local_name(f.shape), f.focus.removeprefix(EX)) for f in validation.findings)
    expected = sorted(tuple(line.split()) for line in FINDINGS.strip().splitlines())
    assert found == expected


def test_the_example_exercises_every_shape(validation: Validation) -> None:
    assert validation.not_exercised == ()


def test_no_message_leaves_a_blank_or_an_iri(validation: Validation) -> None:
    texts = [text or "" for finding in validation.findings for text in (finding.message, finding.fix)]
    assert [text for text in texts if "{" in text or "://" in text or not text] == []


def test_the_five_worst_gaps_are_of_five_areas(validation: Validation) -> None:
    assert [(local_name(gap.shape), gap.focus.removeprefix(EX)) for gap in worst_gaps(validation)] == [
        ("ImpactAssessed", "system/vulnerability"),
        ("EvaluatedOnOtherData", "model/propensity-v3"),
        ("OversightMayStop", "system/hiring-screener"),
        ("LawfulBasisStated", "dataset/web-clickstream"),
        ("ActionInTime", "action/ranker-reweight"),
    ]
