"""What OpenAPI says of the answer of a saved question: its columns, in every form that it comes in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from aimsgraph.query import BINARY
from aimsgraph_api.answer_form import offered

if TYPE_CHECKING:
    from aimsgraph.model.question import SavedQuery
    from aimsgraph_api.answer_form import AnswerForm

_TEXT: Final = {"type": "string"}
_NAMES: Final = {"type": "array", "items": _TEXT}


def responses_of(saved: SavedQuery) -> dict[int | str, dict[str, Any]]:
    """Return the answers that the route of a question documents."""
    columns = "".join(f"\n- `{column.name}`: {column.meaning}" for column in saved.columns)
    sorting = f"\n\nSorted by {', '.join(saved.order)} (-: descending)." if saved.order else ""
    said = f"The columns:\n{columns}{sorting}" if columns else "The answer."
    return {
        200: {
            "description": said,
            "content": {form.media.partition(";")[0]: _content(saved, form) for form in offered(saved)},
        }
    }


def _content(saved: SavedQuery, form: AnswerForm) -> dict[str, Any]:
    if form.name == "json":
        return {"schema": _json(saved)}
    return {"schema": {"type": "string", "format": "binary"} if form.name in BINARY else _TEXT}


def _json(saved: SavedQuery) -> dict[str, Any]:
    """Return the JSON Schema of SPARQL 1.1 Query Results JSON with the columns of a question."""
    if saved.kind == "ASK":
        return _object({"head": {"type": "object"}, "boolean": {"type": "boolean"}})
    row = {
        "type": "object",
        "properties": {column.name: _term(column.meaning) for column in saved.columns},
        "additionalProperties": False,
    }
    bindings = _object({"bindings": {"type": "array", "items": row}})
    return _object({"head": _object({"vars": _NAMES}), "results": bindings})


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "required": list(properties), "properties": properties}


def _term(meaning: str) -> dict[str, Any]:
    return {"description": meaning, "type": "object", "required": ["type", "value"]}
