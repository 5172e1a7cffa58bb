"""The vocabulary has exactly these terms; what others build on is listed here by hand."""

from __future__ import annotations

import pytest
from rdflib import RDF, RDFS, Graph, Literal, URIRef
from rdflib.namespace import DCAT, OWL, PROV, SKOS, XSD

from aimsgraph.vocab import AIMS, AREA
from tests.ontology.conftest import MODULES, read

SDO = "https://schema.org/"
CLASSES = [
    "ManagementSystem", "AISystem", "Model", "ModelVersion", "Dataset", "BusinessProcess",
    "AffectedParty", "Supplier", "Owner", "Risk", "Control", "Evidence", "Assessment", "RiskAssessment",
    "ImpactAssessment", "Audit", "ManagementReview", "Incident", "CorrectiveAction", "Nonconformity",
    "Objective", "Policy", "Metric", "Measurement", "OversightMeasure", "TransparencyNotice",
    "ApplicabilityEntry", "RiskAcceptance", "Requirement", "RequirementKind", "ControlArea",
    "RiskFamily", "LifecycleStage", "RiskTier", "RiskTreatmentOption", "ImplementationStatus",
    "RiskLevel", "FlowKind", "ImpactDimension", "ImpactDirection", "GuardRole", "Gate", "Dependency",
    "Evaluation", "ControlType", "ControlTest", "TestOutcome", "IndependenceLevel", "Deployment", "Change",
    "Competence", "Responsibility", "Benefit", "Harm", "Document", "DocumentType", "RiskType", "Mapping",
    "SeverityOverride", "BelongingEnd", "Waiver", "MatrixCell", "RiskMatrix", "RiskAppetite",
]  # fmt: skip
OBJECT_PROPERTIES = [
    "ownedBy", "inArea", "lifecycleStage", "approvedBy", "riskTier", "usesModel", "usesDataset",
    "dependsOn", "suppliedBy", "supportsProcess", "affectsParty", "hasOversight", "hasNotice",
    "partOfManagementSystem", "trainedOn", "evaluatedOn", "versionOf", "monitoredBy", "threatens",
    "riskFamily", "inherentLevel", "residualLevel", "statedLevel", "treatment", "accepts", "acceptedBy",
    "mitigates", "guards", "implements", "evidencedBy", "implementationStatus", "assesses",
    "performedBy", "considersParty", "raised", "auditsArea", "involves", "realises", "incidentSeverity",
    "correctedBy", "againstRequirement", "measuredBy", "measures", "ofMetric", "oversees", "overseenBy",
    "noticeFor", "informs", "aboutRequirement", "requirementKind", "qualifiedDependency", "on", "gate",
    "testsControl", "testOutcome", "independence", "deploysVersion", "deployedIn", "changes", "heldBy",
    "requiredFor", "allocatedTo", "responsibleFor", "identifiesBenefit", "identifiesHarm", "fallsOn",
    "harmLevel", "plansMeasure", "documentsElement", "documentType", "requiredBy", "riskType", "mapsFrom",
    "mapsTo", "mappingRelation", "mappingBasis", "baseline", "effectivenessReviewedBy",
    "waives", "waivesFor", "waivedBy", "givesLevel", "ratedBy", "cellOf", "appetiteFor", "highestLevel",
]  # fmt: skip
DATATYPES = {
    "date": """
        changedOn dueOn approvedOn nextReviewDue deployedOn validatedOn qualityCheckedOn activeUntil referenceDate
        evaluationDate recentSince yearAgo acceptedOn acceptanceExpiresOn testedOn collectedOn validFrom validUntil
        performedOn occurredOn detectedOn closedOn raisedOn completedOn effectivenessReviewedOn reviewedOn measuredOn
        publishedOn dependencyValidFrom dependencyValidUntil observedFrom observedUntil recordedOn retiredOn plannedFor
        agreedOn appliesFrom waivedUntil""",
    "string": """
        intendedPurpose lawfulBasis roleTitle scopeStatement treatmentPlan sha256 location evidenceMethod justification
        rootCause effectivenessResult thresholdKind oversightMode changesetHash patchHash parentHash changesetAuthor
        sourceHash competenceTopic waivedBecause""",
    "decimal": """
        annualProbability expectedLoss designEffectiveness coverage operatingReliability unverifiedEffectiveness
        targetValue threshold measuredValue transmission leak confidence driftLimit minimumLoss mostLikelyLoss
        maximumLoss lowLoss highLoss medianLoss lossSpread highestExpectedLoss""",
    "integer": """ordinalLikelihood ordinalSeverity rank gateThreshold changesetNumber addedQuads removedQuads
        sampleSize populationSize matrixSteps""",
    "boolean": "containsPersonalData applicable mayStop significant",
    "anyURI": "changedGraph",
}
ANNOTATIONS = [
    "impactDirection", "impactDimension", "defaultTransmission", "flowKind", "guardRole", "via",
    "speaksAbout", "checksRequirement", "checksArea", "appliesWhen", "asksMinimum", "asksMaximum", "asksMaxCount",
    "fix", "usualEvidence", "readAs", "readInverseAs", "since", "deliberatelyUnused", "includes", "excludes",
    "overrides", "overridesShape", "appliesAtStage", "appliesToTier", "belongsAlong",
]  # fmt: skip
CONCEPTS = {
    "RiskFamily": "BiasAndFairness Security Privacy Regulatory Operational Reputational",
    "LifecycleStage": """Inception DesignAndDevelopment VerificationAndValidation DeploymentStage OperationAndMonitoring
        ContinuousValidation ReEvaluation Retirement""",
    "RiskTier": "MinimalRisk LimitedRisk HighRisk ProhibitedPractice",
    "RiskTreatmentOption": "Avoid Modify Share Retain",
    "ImplementationStatus": "Planned PartlyImplemented Implemented RetiredControl",
    "RiskLevel": "LevelVeryLow LevelLow LevelMedium LevelHigh LevelVeryHigh",
    "FlowKind": "Derivation Use Supply Effect Threat",
    "ImpactDirection": "ObjectToSubject SubjectToObject",
    "GuardRole": "GuardsOutgoingEdges",
    "ImpactDimension": """Quality FairnessDimension PrivacyDimension SafetyDimension AvailabilityDimension
        SecurityDimension""",
    "Gate": "OrGate AndGate AtLeastGate",
    "RequirementKind": """ManagementClause ControlGroup ControlObjective ReferenceControl LawArticle FrameworkOutcome
        GuidanceClause DocumentationElement""",
    "TestOutcome": "Passed Failed CannotTell Inapplicable Untested",
    "IndependenceLevel": "SelfAttested PeerReviewed InternallyIndependent ExternallyIndependent",
}
AREAS = [
    "ai-governance", "ai-risk-management", "ai-impact-assessment", "data-governance", "model-management",
    "transparency-explainability", "human-oversight", "security-privacy", "incident-management",
    "continual-improvement",
]  # fmt: skip
SUPERCLASSES = {
    "Model": {PROV.Entity},
    "ModelVersion": {URIRef(AIMS + "Model")},
    "Dataset": {DCAT.Dataset, PROV.Entity},
    "Supplier": {PROV.Agent},
    "Owner": {PROV.Agent},
    "Evidence": {PROV.Entity},
    "Assessment": {PROV.Activity},
    "RiskAssessment": {URIRef(AIMS + "Assessment")},
    "ImpactAssessment": {URIRef(AIMS + "Assessment")},
    "Audit": {URIRef(AIMS + "Assessment")},
    "ManagementReview": {URIRef(AIMS + "Assessment")},
    "Incident": {PROV.Activity},
    "CorrectiveAction": {PROV.Activity},
    "BelongingEnd": {SKOS.Concept},
    "Policy": {URIRef(AIMS + "Document")},
    "Document": {PROV.Entity},
    "ControlTest": {PROV.Activity},
    "Deployment": {PROV.Activity},
    "Change": {PROV.Activity},
    "Requirement": {SKOS.Concept},
    "ControlType": {SKOS.Concept},
    "RiskType": {SKOS.Concept},
    "DocumentType": {SKOS.Concept},
    "ControlArea": {SKOS.Concept},
} | {name: {SKOS.Concept} for name in CONCEPTS}


def ours(graph: Graph, kind: URIRef) -> list[str]:
    found = (str(term) for term in graph.subjects(RDF.type, kind))
    return sorted(iri.removeprefix(AIMS) for iri in found if iri.startswith(AIMS))


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        (OWL.Class, CLASSES),
        (OWL.ObjectProperty, OBJECT_PROPERTIES),
        (OWL.DatatypeProperty, [name for names in DATATYPES.values() for name in names.split()]),
        (OWL.AnnotationProperty, ANNOTATIONS),
    ],
    ids=["classes", "object properties", "datatype properties", "annotations"],
)
def test_the_terms_are_these(modules: Graph, kind: URIRef, names: list[str]) -> None:
    assert ours(modules, kind) == sorted(names)


@pytest.mark.parametrize("datatype", DATATYPES)
def test_each_datatype_property_says_its_datatype(modules: Graph, datatype: str) -> None:
    for name in DATATYPES[datatype].split():
        term = URIRef(AIMS + name)
        assert list(modules.objects(term, URIRef(SDO + "rangeIncludes"))) == [XSD[datatype]], name
        # OWL 2 has no xsd:date, and a reasoner may refuse to read an ontology that ranges over it.
        assert list(modules.objects(term, RDFS.range)) == (
            [] if datatype in {"date", "anyURI"} else [XSD[datatype]]
        )


@pytest.mark.parametrize("kind", CONCEPTS)
def test_the_values_to_choose_from_are_these(modules: Graph, kind: str) -> None:
    assert ours(modules, URIRef(AIMS + kind)) == sorted(CONCEPTS[kind].split())
    (scheme,) = {
        scheme
        for name in CONCEPTS[kind].split()
        for scheme in modules.objects(URIRef(AIMS + name), SKOS.inScheme)
    }
    assert set(modules.objects(scheme, SKOS.hasTopConcept)) == {
        URIRef(AIMS + n) for n in CONCEPTS[kind].split()
    }


def test_superclasses_are_these(modules: Graph) -> None:
    found = {name: set(modules.objects(URIRef(AIMS + name), RDFS.subClassOf)) for name in CLASSES}
    assert {name: parents for name, parents in found.items() if parents} == SUPERCLASSES


def test_levels_rank_from_one_to_five(modules: Graph) -> None:
    names = CONCEPTS["RiskLevel"].split()
    assert [modules.value(URIRef(AIMS + name), URIRef(AIMS + "rank")) for name in names] == [
        Literal(rank) for rank in range(1, 6)
    ]


def test_the_areas_are_these_ten(modules: Graph) -> None:
    found = {str(area) for area in modules.subjects(RDF.type, URIRef(AIMS + "ControlArea"))}
    assert found == {AREA + name for name in AREAS}
    assert len(found) == 10


def test_there_is_one_evaluation(modules: Graph) -> None:
    assert ours(modules, URIRef(AIMS + "Evaluation")) == ["evaluation"]


def test_labels_of_classes_and_of_properties_are_unique(modules: Graph) -> None:
    for kind in (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty):
        labels = [
            str(label)
            for term in modules.subjects(RDF.type, kind)
            for label in modules.objects(term, RDFS.label)
        ]
        assert len(labels) == len(set(labels))


def test_each_term_is_declared_in_the_module_it_names() -> None:
    checked = 0
    for path in MODULES:
        graph = read([path])
        for term, module in graph.subject_objects(RDFS.isDefinedBy):
            if str(term).startswith(AIMS):
                assert module == URIRef(f"https://w3id.org/aimsgraph/ontology/{path.stem}"), term
                checked += 1
    assert checked > 200


def test_a_model_version_is_never_an_impact_edge(modules: Graph) -> None:
    term = URIRef(AIMS + "versionOf")
    assert list(modules.objects(term, RDFS.subPropertyOf)) == [PROV.specializationOf]
    assert modules.value(term, URIRef(AIMS + "impactDirection")) is None
