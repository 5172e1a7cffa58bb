"""What an assistant may read of itself, and the tasks it may be given: resources and prompts."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any, Final

from mcp.server.mcpserver.exceptions import ResourceError
from pydantic import Field

from aimsgraph.errors import AimsgraphError
from aimsgraph.vocab import compact

if TYPE_CHECKING:
    from collections.abc import Callable

    from mcp.server.mcpserver import MCPServer

    from aimsgraph.mcp.source import Rows, Source

Named = Annotated[str, Field(description="A node's IRI, CURIE or unique label.")]


#: The SPARQL of each question, which is long.
_TEXTS: Final[Any] = {"queries": {"__all__": {"text"}}}


def add_resources(server: MCPServer, source: Source) -> None:
    """Offer the saved questions and the words of the ontology."""

    @server.resource("aimsgraph://questions", mime_type="application/json")
    def questions() -> str:
        """List the saved questions: what each answers, for whom, and with which parameters."""
        return _or_problem(lambda: source.questions(None, None, None).model_dump_json(exclude=_TEXTS))

    @server.resource("aimsgraph://questions/{name}", mime_type="application/json")
    def question(name: str) -> str:
        """Show one saved question, with its SPARQL."""
        return _or_problem(lambda: source.question(name).model_dump_json())

    @server.resource("aimsgraph://ontology", mime_type="text/markdown")
    def ontology() -> str:
        """List the classes and properties of the ontology, for writing SPARQL."""
        return _or_problem(lambda: _words(source.terms()))


def add_prompts(server: MCPServer) -> None:
    """Offer the two tasks that people come with most."""

    @server.prompt(title="What breaks if this is bad?")
    def what_breaks(node: Named) -> str:
        """Say what a node, were it bad, would hurt, and what stands in between."""
        return (
            f"What would be hurt if {json.dumps(node)} were bad? Use impact, name the likeliest harm with its claimed "
            "and assured probability, say which controls the difference hangs on, and whether the evidence for them "
            "is fresh (trace, where you have it). Say what the numbers take for granted."
        )

    @server.prompt(title="Show me the evidence")
    def show_evidence(requirement: Named) -> str:
        """Follow a clause or control to its evidence, and list what is missing."""
        return (
            f"Show what stands behind {json.dumps(requirement)}: its controls, their owners and their evidence with "
            "dates (trace), then what is missing or stale (its gaps; validate). Quote identifiers, and judge nothing "
            "that the graph does not say."
        )


def _words(found: Rows) -> str:
    lines = ["# The ontology", "", "Prefix `aims:` is <https://w3id.org/aimsgraph/ns#>."]
    kind = ""
    for row in found["results"]["bindings"]:
        word = {name: term["value"] for name, term in row.items()}
        if word["kind"] != kind:
            kind = word["kind"]
            lines += ["", f"## {'Classes' if kind == 'class' else 'Properties'}"]
        ends = [" or ".join(map(compact, word.get(end, "").split())) for end in ("domains", "ranges")]
        tie = f" ({ends[0] or 'anything'} → {ends[1] or 'a value'})" if kind == "property" else ""
        lines.append(f"- `{compact(word['term'])}`{tie}: {word['definition']}")
    return "\n".join(lines) + "\n"


def _or_problem(read: Callable[[], str]) -> str:
    try:
        return read()
    except AimsgraphError as error:
        raise ResourceError(f"{error.code}: {error}") from error
