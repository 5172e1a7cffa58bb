"""The EU AI Act and ISO/IEC 27001 are named entry by entry, the law with the days from which it applies.

Every number, title and day stands here by hand. What all crosswalks have in common is tested elsewhere.
"""

from __future__ import annotations

import pytest
from rdflib import Graph, URIRef
from rdflib.namespace import SKOS

import aimsgraph
from aimsgraph.vocab import AIMS
from tests.conftest import NewStore
from tests.ontology.conftest import FOLDER, read

ACT = "https://w3id.org/aimsgraph/eu-ai-act/"
SECURITY = "https://w3id.org/aimsgraph/iso27001/"
ARTICLES = {
    "2": "Scope",
    "3": "Definitions",
    "4": "AI literacy",
    "4a": "Processing of special categories of personal data for bias detection and correction",
    "5": "Prohibited AI practices",
    "6": "Classification rules for high-risk AI systems",
    "8": "Compliance with the requirements",
    "9": "Risk management system",
    "10": "Data and data governance",
    "11": "Technical documentation",
    "12": "Record-keeping",
    "13": "Transparency and provision of information to deployers",
    "14": "Human oversight",
    "15": "Accuracy, robustness and cybersecurity",
    "16": "Obligations of providers of high-risk AI systems",
    "17": "Quality management system",
    "18": "Documentation keeping",
    "19": "Automatically generated logs",
    "20": "Corrective actions and duty of information",
    "21": "Cooperation with competent authorities",
    "22": "Authorised representatives of providers of high-risk AI systems",
    "23": "Obligations of importers",
    "24": "Obligations of distributors",
    "25": "Responsibilities along the AI value chain",
    "26": "Obligations of deployers of high-risk AI systems",
    "27": "Fundamental rights impact assessment for high-risk AI systems",
    "40": "Harmonised standards and standardisation deliverables",
    "43": "Conformity assessment",
    "47": "EU declaration of conformity",
    "48": "CE marking",
    "49": "Registration",
    "50": "Transparency obligations for providers and deployers of certain AI systems",
    "51": "Classification of general-purpose AI models as general-purpose AI models with systemic risk",
    "53": "Obligations for providers of general-purpose AI models",
    "54": "Authorised representatives of providers of general-purpose AI models",
    "55": "Obligations of providers of general-purpose AI models with systemic risk",
    "56": "Codes of practice",
    "57": "AI regulatory sandboxes",
    "60": "Testing of high-risk AI systems in real world conditions outside AI regulatory sandboxes",
    "61": "Informed consent to participate in testing in real world conditions outside AI regulatory sandboxes",
    "71": "EU database for high-risk AI systems listed in Annex III",
    "72": "Post-market monitoring by providers and post-market monitoring plan for high-risk AI systems",
    "73": "Reporting of serious incidents",
    "79": "Procedure at national level for dealing with AI systems presenting a risk",
    "80": "Procedure for dealing with AI systems classified by the provider as non-high-risk in application of "
    "Annex III",
    "85": "Right to lodge a complaint with a market surveillance authority",
    "86": "Right to explanation of individual decision-making",
    "87": "Reporting of infringements and protection of reporting persons",
    "95": "Codes of conduct for voluntary application of specific requirements",
    "99": "Penalties",
    "101": "Fines for providers of general-purpose AI models",
    "111": "AI systems already placed on the market or put into service and general-purpose AI models already placed "
    "on the market",
}
#: From which day what applies. Chapter III, Sections 1 to 3, is given for systems of Annex III.
DAYS = {
    "2025-02-02": {"2", "3", "4", "5"},
    "2025-08-02": {"51", "53", "54", "55", "56", "99", "Annex XI", "Annex XII", "Annex XIII"},
    "2026-07-27": {"4a"},
    "2026-08-02": {
        *("40", "43", "47", "48", "49", "50", "60", "61", "71", "72", "73", "79", "80", "85", "86", "87"),
        *("95", "101", "111", "Annex V", "Annex VI", "Annex VII", "Annex VIII", "Annex IX"),
    },
    "2027-08-02": {"57"},
    "2027-12-02": {"6", *map(str, range(8, 28)), "Annex III", "Annex IV"},
    "2028-08-02": {"Annex I"},
}
ANNEX_A = {
    "A.5": """Policies for information security
        Information security roles and responsibilities
        Segregation of duties
        Management responsibilities
        Contact with authorities
        Contact with special interest groups
        Threat intelligence
        Information security in project management
        Inventory of information and other associated assets
        Acceptable use of information and other associated assets
        Return of assets
        Classification of information
        Labelling of information
        Information transfer
        Access control
        Identity management
        Authentication information
        Access rights
        Information security in supplier relationships
        Addressing information security within supplier agreements
        Managing information security in the ICT supply chain
        Monitoring, review and change management of supplier services
        Information security for use of cloud services
        Information security incident management planning and preparation
        Assessment and decision on information security events
        Response to information security incidents
        Learning from information security incidents
        Collection of evidence
        Information security during disruption
        ICT readiness for business continuity
        Legal, statutory, regulatory and contractual requirements
        Intellectual property rights
        Protection of records
        Privacy and protection of PII
        Independent review of information security
        Compliance with policies, rules and standards for information security
        Documented operating procedures""",
    "A.6": """Screening
        Terms and conditions of employment
        Information security awareness, education and training
        Disciplinary process
        Responsibilities after termination or change of employment
        Confidentiality or non-disclosure agreements
        Remote working
        Information security event reporting""",
    "A.7": """Physical security perimeters
        Physical entry
        Securing offices, rooms and facilities
        Physical security monitoring
        Protecting against physical and environmental threats
        Working in secure areas
        Clear desk and clear screen
        Equipment siting and protection
        Security of assets off-premises
        Storage media
        Supporting utilities
        Cabling security
        Equipment maintenance
        Secure disposal or re-use of equipment""",
    "A.8": """User endpoint devices
        Privileged access rights
        Information access restriction
        Access to source code
        Secure authentication
        Capacity management
        Protection against malware
        Management of technical vulnerabilities
        Configuration management
        Information deletion
        Data masking
        Data leakage prevention
        Information backup
        Redundancy of information processing facilities
        Logging
        Monitoring activities
        Clock synchronization
        Use of privileged utility programs
        Installation of software on operational systems
        Networks security
        Security of network services
        Segregation of networks
        Web filtering
        Use of cryptography
        Secure development life cycle
        Application security requirements
        Secure system architecture and engineering principles
        Secure coding
        Security testing in development and acceptance
        Outsourced development
        Separation of development, test and production environments
        Change management
        Test information
        Protection of information systems during audit testing""",
}
CLAUSES = [
    "4.1", "4.2", "4.3", "4.4", "5.1", "5.2", "5.3", "6.1.1", "6.1.2", "6.1.3", "6.2", "6.3", "7.1", "7.2", "7.3",
    "7.4", "7.5.1", "7.5.2", "7.5.3", "8.1", "8.2", "8.3", "9.1", "9.2.1", "9.2.2", "9.3.1", "9.3.2", "9.3.3", "10.1",
    "10.2",
]  # fmt: skip


@pytest.fixture(scope="module")
def law() -> Graph:
    return read([FOLDER / "crosswalks" / "eu-ai-act.ttl"])


@pytest.fixture(scope="module")
def security() -> Graph:
    return read([FOLDER / "crosswalks" / "iso27001.ttl"])


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory, new_store: NewStore) -> aimsgraph.Graph:
    return new_store(tmp_path_factory.mktemp("store") / "aims.store")


def titles(graph: Graph, beginning: str) -> dict[str, str]:
    return {
        str(number): str(graph.value(node, SKOS.prefLabel))
        for node, number in graph[: SKOS.notation]
        if str(number).startswith(beginning)
    }


def kinds(graph: Graph, kind: str) -> set[str]:
    nodes = graph.subjects(URIRef(AIMS + "requirementKind"), URIRef(AIMS + kind))
    return {str(graph.value(node, SKOS.notation)) for node in nodes}


def test_the_articles_bear_their_titles(law: Graph) -> None:
    assert titles(law, "Article") == {f"Article {number}": title for number, title in ARTICLES.items()}
    assert len(ARTICLES) == 52


def test_every_article_and_annex_says_from_when_it_applies(law: Graph) -> None:
    found: dict[str, set[str]] = {}
    for node, day in law[: URIRef(AIMS + "appliesFrom")]:
        number = str(law.value(node, SKOS.notation)).removeprefix("Article ")
        found.setdefault(str(day), set()).add(number)
    assert found == DAYS
    assert sum(map(len, DAYS.values())) == len(ARTICLES) + 11


def test_what_is_deferred_says_so(law: Graph) -> None:
    noted = [node for node, day in law[: URIRef(AIMS + "appliesFrom")] if str(day) >= "2027"]
    assert len(noted) == 25
    assert [node for node in noted if law.value(node, SKOS.editorialNote) is None] == []


def test_articles_of_the_third_chapter_stand_in_its_sections(law: Graph) -> None:
    sections = {
        "1": ["6"],
        "2": [str(number) for number in range(8, 16)],
        "3": [str(number) for number in range(16, 28)],
        "5": ["40", "43", "47", "48", "49"],
    }
    for section, articles in sections.items():
        below = law.subjects(SKOS.broader, URIRef(f"{ACT}Chapter-III-Section-{section}"))
        assert {str(node) for node in below} == {f"{ACT}Article-{number}" for number in articles}


def test_annex_a_of_27001_has_93_controls_in_four_groups(security: Graph) -> None:
    expected = {
        f"{group}.{number}": title.strip()
        for group, listed in ANNEX_A.items()
        for number, title in enumerate(listed.splitlines(), start=1)
    }
    found = {number: title for number, title in titles(security, "A.").items() if number.count(".") == 2}
    assert found == expected
    assert len(expected) == 93
    assert kinds(security, "ReferenceControl") == set(expected)
    assert kinds(security, "ControlGroup") == set(ANNEX_A)


def test_clauses_of_like_structure_match_closely(security: Graph) -> None:
    ours = "https://w3id.org/aimsgraph/iso42001/"
    close = {
        str(start).removeprefix(ours)
        for start, end in security[: SKOS.closeMatch]
        if str(start).removeprefix(ours) == str(end).removeprefix(SECURITY)
    }
    assert close == set(CLAUSES)
    assert kinds(security, "ManagementClause") >= close


@pytest.mark.parametrize(("name", "mappings"), [("eu-ai-act", 140), ("iso27001", 112)])
def test_nothing_is_called_exactly_the_same(name: str, mappings: int) -> None:
    found = read([FOLDER / "crosswalks" / f"{name}.ttl"])
    assert len(list(found.subjects(URIRef(AIMS + "mapsTo")))) == mappings
    assert not list(found.subject_objects(SKOS.exactMatch))


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (
            "iso42001:A.6.2.4",
            "eu-ai-act",
            [
                ("relatedMatch", "Article 15", "0.75"),
                ("broadMatch", "Article 17", "0.65"),
                ("broadMatch", "Annex IV", "0.6"),
                ("broadMatch", "Article 9", "0.6"),
                ("relatedMatch", "Article 43", "0.5"),
                ("relatedMatch", "Article 10", "0.45"),
                ("relatedMatch", "Article 60", "0.4"),
            ],
        ),
        (
            "euaiact:Article-15",
            "iso42001",
            [
                ("relatedMatch", "A.6.2.4", "0.75"),
                ("relatedMatch", "A.6.2.6", "0.5"),
                ("relatedMatch", "6.2", "0.35"),
            ],
        ),
        (
            "euaiact:Article-9",
            "iso42001:A.6",
            [("narrowMatch", "A.6.2.4", "0.6"), ("relatedMatch", "A.6.1.3", "0.45")],
        ),
        ("iso27001:A.8.15", "iso42001:A.6.2", [("closeMatch", "A.6.2.8", "0.7")]),
    ],
)
def test_the_commands_of_the_page_give_these_rows(
    start: str, end: str, expected: list[tuple[str, ...]], graph: aimsgraph.Graph
) -> None:
    answer = graph.query("crosswalk", {"from": start, "to": end})
    rows = [dict(zip(answer.columns, map(str, row), strict=True)) for row in answer.rows]
    assert [
        (row["relation"].removeprefix(str(SKOS)), row["notation"], row["confidence"]) for row in rows
    ] == expected
    assert all(len(row["justification"]) > 40 and row["source"].startswith("http") for row in rows)
