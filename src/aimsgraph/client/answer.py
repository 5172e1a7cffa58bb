"""The answer to a question in SPARQL: rows, yes or no, or triples."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, Literal

from aimsgraph import columns as typed
from aimsgraph.json_text import JsonText, bindings, keys

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import pandas as pd
    from rdflib import Graph

    Row = dict[str, "Term"]


@dataclass(frozen=True, slots=True)
class Term:
    """A term of RDF: ``str`` of it is the IRI, the name of the blank node, or the text of the literal."""

    kind: Literal["uri", "bnode", "literal"]
    text: str
    datatype: str | None = None
    language: str | None = None

    def __str__(self) -> str:
        return self.text

    @property
    def value(self) -> object:
        """The term as Python has it: int, Decimal, float, bool, date, datetime or str."""
        return typed.value(self)

    def to_json(self) -> dict[str, str]:
        """Return the term as SPARQL 1.1's JSON has it."""
        told = {"type": self.kind, "value": self.text, "xml:lang": self.language, "datatype": self.datatype}
        return {name: part for name, part in told.items() if part is not None}

    @classmethod
    def of(cls, told: object) -> Term:
        """Read a term of SPARQL 1.1's JSON.

        :raises ValueError: it is none.
        """
        if isinstance(told, dict) and isinstance(told.get("value"), str):
            if told.get("type") in ("uri", "bnode"):
                return cls(told["type"], told["value"])
            if told.get("type") in ("literal", "typed-literal"):
                return cls("literal", told["value"], told.get("datatype"), told.get("xml:lang"))
        raise ValueError(f"it is no term: {str(told)[:100]}")


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer; in a row None stands for an unbound variable.

    ``kind`` says which of the others holds it: ``columns`` and ``rows`` of a SELECT, ``boolean`` of an ASK,
    ``turtle`` (a text in Turtle) of a CONSTRUCT or DESCRIBE.
    """

    kind: Literal["rows", "boolean", "triples"]
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[Term | None, ...], ...] = ()
    boolean: bool | None = None
    turtle: str = ""

    @classmethod
    def of_json(cls, portions: Iterable[bytes]) -> Answer:
        """Read SPARQL 1.1 Query Results JSON.

        :raises ValueError: it is none, or breaks off.
        """
        text = JsonText(portions)
        told: dict[str, Any] = {}
        found: list[Row] = []
        text.take("{")
        for key in keys(text):
            if key == "results":
                found = [_row(row) for row in bindings(text)]
                break
            told[key] = text.value()
        if "boolean" in told:
            text.end()
            return cls("boolean", boolean=bool(told["boolean"]))
        names = tuple(told.get("head", {}).get("vars", dict.fromkeys(name for row in found for name in row)))
        return cls("rows", names, tuple(tuple(row.get(name) for name in names) for row in found))

    def __len__(self) -> int:
        return len(self.to_graph()) if self.kind == "triples" else len(self.rows)

    def __iter__(self) -> Iterator[Row]:
        """Yield each row as a mapping from column to term; unbound columns are absent."""
        return (
            {name: term for name, term in zip(self.columns, row, strict=True) if term is not None}
            for row in self.rows
        )

    def __bool__(self) -> bool:
        """Say whether there is an answer: yes, at least one row, at least one triple."""
        return bool(self.boolean) if self.kind == "boolean" else len(self) > 0

    def values(self) -> list[dict[str, object]]:
        """Return the rows as Python has them; unbound is None."""
        return [
            {name: typed.value(term) for name, term in zip(self.columns, row, strict=True)}
            for row in self.rows
        ]

    def to_json(self) -> dict[str, Any]:
        """Return the rows, or the yes or no, as SPARQL 1.1 Query Results JSON has them."""
        if self.kind == "boolean":
            return {"head": {}, "boolean": self.boolean}
        found = [{name: term.to_json() for name, term in row.items()} for row in self]
        return {"head": {"vars": list(self.columns)}, "results": {"bindings": found}}

    def to_pandas(self) -> pd.DataFrame:
        """Return the rows as a data frame, typed as that of the engine's answers.

        :raises MissingExtraError: when pandas is not installed.
        """
        return typed.to_pandas(self.columns, self.rows)

    def to_graph(self) -> Graph:
        """Return the triples as an rdflib graph."""
        graph: Graph = import_module("rdflib").Graph()  # rdflib takes longer to load than all the rest
        return graph.parse(data=self.turtle, format="turtle")


def rows(portions: Iterable[bytes]) -> Iterator[Row]:
    """Read the rows of SPARQL 1.1 Query Results JSON as they come; unbound columns are absent.

    :raises ValueError: it is none, or breaks off.
    """
    text = JsonText(portions)
    text.take("{")
    for key in keys(text):
        if key == "results":
            yield from map(_row, bindings(text))
            return
        text.value()
    raise ValueError("it has no rows")


def _row(told: dict[str, Any]) -> Row:
    return {name: Term.of(term) for name, term in told.items()}
