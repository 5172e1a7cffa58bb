"""Names of terms, as their owners published them, of vocabularies that no package at hand carries.

Names are facts. Each list names the version that it was read from, and its day where that is known; it holds
every term of that version, except where it says otherwise.
"""

from __future__ import annotations

from typing import Final


def _names(namespace: str, names: str) -> frozenset[str]:
    return frozenset(namespace + name for name in names.split())


#: EARL 1.0; the schema at http://www.w3.org/ns/earl#, last changed on 2011-05-09, as in the note of 2017-02-02.
EARL: Final = _names(
    "http://www.w3.org/ns/earl#",
    """Assertion Assertor TestSubject TestCriterion TestRequirement TestCase TestResult TestMode OutcomeValue
    Pass Fail CannotTell NotApplicable NotTested Software
    assertedBy subject test result mode mainAssertor outcome pointer info
    automatic manual semiAuto undisclosed unknownMode passed failed cantTell inapplicable untested""",
)

#: P-Plan 1.3, 2014-03-12. "Preceeded" is its spelling.
P_PLAN: Final = _names(
    "http://purl.org/net/p-plan#",
    """Activity Bundle Entity MultiStep Plan Step Variable
    correspondsToStep correspondsToVariable hasInputVar hasOutputVar isInputVarOf isOutputVarOf
    isDecomposedAsPlan isPreceededBy isStepOfPlan isSubPlanOfPlan isVariableOfPlan""",
)

#: ML Schema 1.0; the file at http://www.w3.org/ns/mls, of 2016-10-19.
ML_SCHEMA: Final = _names(
    "http://www.w3.org/ns/mls#",
    """Algorithm Data DataCharacteristic Dataset DatasetCharacteristic EvaluationMeasure EvaluationProcedure
    EvaluationSpecification Experiment Feature FeatureCharacteristic HyperParameter HyperParameterSetting
    Implementation ImplementationCharacteristic InformationEntity Model ModelCharacteristic ModelEvaluation
    Process Quality Run Software Study Task
    achieves definedOn defines executes hasHyperParameter hasInput hasOutput hasPart hasQuality hasValue
    implements realizes specifiedBy""",
)

#: DQV, note of 2016-12-15; the file at http://www.w3.org/ns/dqv, of 2016-12-12.
DQV: Final = _names(
    "http://www.w3.org/ns/dqv#",
    """Category Dimension Metric QualityAnnotation QualityCertificate QualityMeasurement QualityMeasurementDataset
    QualityMetadata QualityPolicy UserQualityFeedback
    computedOn expectedDataType hasQualityAnnotation hasQualityMeasurement hasQualityMetadata inCategory
    inDimension isMeasurementOf value
    precision qualityAssessment""",
)

#: vCard Ontology, note of 2014-05-22, without its deprecated terms and its codes for kinds of address and relation.
VCARD: Final = _names(
    "http://www.w3.org/2006/vcard/ns#",
    """Address Gender Group Individual Kind Location Name Organization RelatedType TelephoneType Type VCard
    additional-name anniversary bday category country-name family-name fn given-name honorific-prefix
    honorific-suffix language locality nickname note organization-name organization-unit postal-code prodid
    region rev role sort-string street-address title tz value
    hasAdditionalName hasAddress hasCalendarBusy hasCalendarLink hasCalendarRequest hasCategory hasCountryName
    hasEmail hasFN hasFamilyName hasGender hasGeo hasGivenName hasHonorificPrefix hasHonorificSuffix
    hasInstantMessage hasKey hasLanguage hasLocality hasLogo hasMember hasName hasNickname hasNote
    hasOrganizationName hasOrganizationUnit hasPhoto hasPostalCode hasRegion hasRelated hasRole hasSound
    hasSource hasStreetAddress hasTelephone hasTitle hasUID hasURL hasValue""",
)

#: DCAT 3, 2024-08-22: what version 3 added to the terms that rdflib knows.
DCAT_3: Final = _names(
    "http://www.w3.org/ns/dcat#",
    "DatasetSeries first hasCurrentVersion hasVersion inSeries last prev previousVersion resource version",
)

#: Croissant 1.0, March 2024: its classes. The properties are in every Croissant file's context.
CROISSANT: Final = _names(
    "http://mlcommons.org/croissant/",
    "DataSource DataType Extract Field FileObject FileSet Format RecordSet Transform",
)

#: Croissant RAI 1.0, 2024-03-06.
RAI: Final = _names(
    "http://mlcommons.org/croissant/RAI/",
    """annotationsPerItem annotatorDemographics dataAnnotationAnalysis dataAnnotationPlatform
    dataAnnotationProtocol dataBiases dataCollection dataCollectionMissingData dataCollectionRawData
    dataCollectionTimeframe dataCollectionType dataImputationProtocol dataLimitations dataManipulationProtocol
    dataPreprocessingProtocol dataReleaseMaintenancePlan dataSocialImpact dataUseCases machineAnnotationTools
    personalSensitiveInformation""",
)

_SPDX: Final = "https://spdx.org/rdf/3.0.1/terms/"
#: SPDX 3.0.1, its ontology file: the profiles AI and Dataset, and of the core the classes the alignment touches.
SPDX: Final = (
    _names(
        f"{_SPDX}AI/",
        """AIPackage EnergyConsumption EnergyConsumptionDescription EnergyUnitType SafetyRiskAssessmentType
        autonomyType domain energyConsumption energyQuantity energyUnit finetuningEnergyConsumption hyperparameter
        inferenceEnergyConsumption informationAboutApplication informationAboutTraining limitation metric
        metricDecisionThreshold modelDataPreprocessing modelExplainability safetyRiskAssessment standardCompliance
        trainingEnergyConsumption typeOfModel useSensitivePersonalInformation""",
    )
    | _names(f"{_SPDX}AI/SafetyRiskAssessmentType/", "serious high medium low")
    | _names(
        f"{_SPDX}Dataset/",
        """ConfidentialityLevelType DatasetAvailabilityType DatasetPackage DatasetType
        anonymizationMethodUsed confidentialityLevel dataCollectionProcess dataPreprocessing datasetAvailability
        datasetNoise datasetSize datasetType datasetUpdateMechanism hasSensitivePersonalInformation intendedUse
        knownBias sensor""",
    )
    | _names(
        f"{_SPDX}Core/",
        """Agent Artifact Element Hash HashAlgorithm IntegrityMethod Organization Person Relationship SoftwareAgent
        algorithm builtTime completeness endTime from hashValue originatedBy relationshipType releaseTime
        standardName startTime suppliedBy supportLevel to validUntilTime verifiedUsing""",
    )
    | _names(
        f"{_SPDX}Core/RelationshipType/",
        """affects amendedBy ancestorOf availableFrom configures contains coordinatedBy copiedTo delegatedTo
        dependsOn descendantOf describes doesNotAffect expandsTo exploitCreatedBy fixedBy fixedIn foundBy generates
        hasAddedFile hasAssessmentFor hasAssociatedVulnerability hasConcludedLicense hasDataFile hasDeclaredLicense
        hasDeletedFile hasDependencyManifest hasDistributionArtifact hasDocumentation hasDynamicLink hasEvidence
        hasExample hasHost hasInput hasMetadata hasOptionalComponent hasOptionalDependency hasOutput
        hasPrerequisite hasProvidedDependency hasRequirement hasSpecification hasStaticLink hasTest hasTestCase
        hasVariant invokedBy modifiedBy other packagedBy patchedBy publishedBy reportedBy republishedBy
        serializedInArtifact testedOn trainedOn underInvestigationFor usesTool""",
    )
)
