"""The tools: what an assistant may ask, in the words of the command line."""

from __future__ import annotations

from collections import Counter
from datetime import date as day
from typing import TYPE_CHECKING, Annotated, Any, Final

from pydantic import Field

from aimsgraph.mcp.told import Told
from aimsgraph.model.finding import Severity  # noqa: TC001 - the protocol's library reads these annotations
from aimsgraph.model.lineage import Direction  # noqa: TC001
from aimsgraph.model.question import Area, Persona  # noqa: TC001

if TYPE_CHECKING:
    from pydantic import BaseModel

    from aimsgraph.mcp.source import Rows, Source
    from aimsgraph.model.access import Permission

#: The tools by name, and what a role has to permit for each.
TOOLS: Final[dict[str, Permission]] = {
    "search": "read",
    "describe": "read",
    "list_questions": "read",
    "ask_question": "read",
    "sparql": "query",
    "lineage": "read",
    "impact": "read",
    "trace": "evidence",
    "validate": "read",
}

Node = Annotated[str, Field(description="A node's IRI, CURIE (iso42001:A.7.4) or unique label.")]
Hops = Annotated[int | None, Field(ge=1, description="At most this many hops; none: to the end.")]
Day = Annotated[
    day | None, Field(description="Judge dates as on this day; else the graph's reference date, else today.")
]
AsOf = Annotated[
    str | None,
    Field(
        description="See the store as it was: at the end of a day (2026-03-03), at an instant, or after a changeset "
        "(its number, or the start of its hash). Not every role may."
    ),
]


class Tools:
    """The tools over one source; the docstring of each is what the assistant reads of it."""

    def __init__(self, source: Source) -> None:
        self._source = source

    def search(
        self,
        text: Annotated[str, Field(description="Words of the label (or IRI) of what is looked for.")],
        type: Annotated[str | None, Field(description="Only nodes of this class, such as aims:Risk.")] = None,
        limit: Annotated[int, Field(ge=1, le=200, description="At most so many.")] = 20,
        as_of: AsOf = None,
    ) -> Told:
        """Find nodes of the graph by words: systems, models, datasets, risks, controls, clauses, owners, evidence."""
        found = self._at(as_of).search(text, type, limit)
        first = "; ".join(f"{one.label} ({one.type})" for one in found.nodes[:3])
        more = " There are more." if found.next else ""
        return Told(
            f"{_count(len(found.nodes), 'node')} found{': ' if first else ''}{first}.{more}", _json(found)
        )

    def describe(
        self,
        node: Node,
        after: Annotated[str | None, Field(description="For more: the `next` of the answer before.")] = None,
        as_of: AsOf = None,
    ) -> Told:
        """Say all of one node: its types, texts, owners and areas, what is stated of it, and what refers to it."""
        found = self._at(as_of).describe(node, after)
        said = f"{_count(found.stated, 'statement')} about it, {_count(found.referred, 'reference')} to it"
        more = " There are more: after=next." if found.next else ""
        return Told(f"{found.label} ({found.type or 'of no class'}): {said}.{more}", _json(found))

    def list_questions(
        self,
        text: Annotated[str | None, Field(description="Only questions with these words.")] = None,
        persona: Annotated[Persona | None, Field(description="Only questions for this reader.")] = None,
        area: Annotated[Area | None, Field(description="Only questions of this control area.")] = None,
    ) -> Told:
        """List the saved questions with the parameters they take: look here first, then use ask_question."""
        found = self._source.questions(persona, area, text)
        listed = [
            one.model_dump(mode="json", include={"id", "title", "question", "personas", "area", "params"})
            for one in found.queries
        ]
        return Told(
            f"{_count(len(listed), 'saved question')}. Ask one with ask_question.",
            {"queries": listed},
            "Narrow by text, persona or area.",
        )

    def ask_question(
        self,
        name: Annotated[str, Field(description="The id of a saved question, from list_questions.")],
        parameters: Annotated[
            dict[str, str | int | float | bool], Field(description="Its parameters by name.")
        ] = {},  # noqa: B006 - a default of a tool is copied
        as_of: AsOf = None,
    ) -> Told:
        """Answer a saved question; nodes are given by IRI, CURIE or label, days as 2026-09-30."""
        return _rows(self._at(as_of).ask(name, {key: _text(value) for key, value in parameters.items()}))

    def sparql(
        self,
        query: Annotated[
            str, Field(description="SELECT, ASK, CONSTRUCT or DESCRIBE; aims:, prov: … are known.")
        ],
        as_of: AsOf = None,
    ) -> Told:
        """Answer a SPARQL 1.1 query over the graph; it only reads, within limits of time, rows, bytes and memory.

        The resource aimsgraph://ontology lists the classes and properties.
        """
        return _rows(self._at(as_of).sparql(query))

    def lineage(
        self,
        node: Node,
        direction: Annotated[
            Direction, Field(description="up: what it comes from; down: what comes from it.")
        ] = "up",
        hops: Hops = None,
        types: Annotated[list[str], Field(description="Show only nodes of these classes.")] = [],  # noqa: B006 - copied
        date: Day = None,
        as_of: AsOf = None,
    ) -> Told:
        """Say where a node comes from (data, models, suppliers …), or what is built on it."""
        found = self._at(as_of).lineage(node, direction, hops, types, date)
        way = {"up": "upstream of", "down": "downstream of", "both": "around"}[direction]
        return Told(
            f"{_count(len(found.nodes), 'node')} {way} {found.source.label}.{_stopped(_json(found))}",
            _json(found),
            "Narrow by types, or give hops.",
        )

    def impact(
        self,
        nodes: Annotated[
            list[str], Field(min_length=1, description="What goes wrong: IRIs, CURIEs or labels.")
        ],
        hops: Hops = None,
        dimension: Annotated[
            str | None, Field(description="Only where this quality gets lost: aims:PrivacyDimension …")
        ] = None,
        date: Day = None,
        as_of: AsOf = None,
    ) -> Told:
        """Say what nodes, were they bad, would hurt and how likely, as claimed and as assured by fresh evidence."""
        found = self._at(as_of).impact(nodes, hops, dimension, date)
        worst = max(found.nodes, key=lambda one: one.assured, default=None)
        said = f"{_count(len(found.nodes), 'node')} would be hurt"
        if worst is not None:
            said += f", the likeliest being {worst.label} ({worst.assured:.0%} by what is assured)"
        return Told(f"{said}.{_stopped(_json(found))}", _json(found), "Give hops.")

    def trace(self, node: Node, date: Day = None, as_of: AsOf = None) -> Told:
        """Follow a clause, control, risk, system or area to the evidence behind it, with owners, dates and gaps."""
        found = self._at(as_of).trace(node, date)
        holding = sum(control.verified for control in found.controls)
        return Told(
            f"{_count(len(found.controls), 'control')} behind {found.node.label}, {holding} with evidence that counts; "
            f"{_count(len(found.gaps), 'gap')}.",
            _json(found),
            "Trace something narrower: one control or clause.",
        )

    def validate(
        self,
        severity: Annotated[
            Severity | None, Field(description="Show only findings of this severity.")
        ] = None,
        area: Annotated[Area | None, Field(description="Show only findings of this control area.")] = None,
        date: Day = None,
        as_of: AsOf = None,
    ) -> Told:
        """Say what is missing or wrong and how to mend it, and how complete each area and owner is."""
        found = _json(self._at(as_of).validate(date))
        wanted = None if area is None else f"area:{area}"
        found["findings"] = [
            one
            for one in found["findings"]
            if severity in (None, one["severity"]) and wanted in (None, one["area"])
        ]
        counts = Counter(one["severity"] for one in found["findings"])
        said = (
            ", ".join(f"{count} {kind}" for kind, count in sorted(counts.items(), reverse=True)) or "nothing"
        )
        return Told(f"Found: {said}.", found, "Narrow by severity or area.")

    def _at(self, moment: str | None) -> Source:
        return self._source if moment is None else self._source.at(moment)


def _json(found: BaseModel) -> dict[str, Any]:
    return found.model_dump(mode="json")


def _rows(found: Rows) -> Told:
    if "boolean" in found:
        said = "The answer is yes." if found["boolean"] else "The answer is no."
    elif "results" in found:
        said = f"{_count(len(found['results']['bindings']), 'row')}."
    else:
        said = "Triples, as Turtle."
    return Told(said, found, "Ask for fewer rows or columns: LIMIT, FILTER, COUNT.")


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _stopped(found: dict[str, Any]) -> str:
    completeness = found["completeness"]
    return (
        "" if completeness["complete"] else f" The search stopped at a limit: {completeness['stopped_by']}."
    )


def _count(number: int, thing: str) -> str:
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"
