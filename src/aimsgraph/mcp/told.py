"""What a tool gives back: a sentence, the JSON of the command line, and errors with their code and hint."""

from __future__ import annotations

import functools
import inspect
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mcp_types import CallToolResult, TextContent

from aimsgraph.errors import AimsgraphError
from aimsgraph.mcp.cutting import cut

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True)
class Told:
    """An answer: what it comes to in a sentence, the answer, and how to get less of it."""

    sentence: str
    answer: dict[str, Any]
    narrower: str = "Ask for less."


def telling(tool: Callable[..., Told], most: int) -> Callable[..., CallToolResult]:
    """Make a tool out of a function: its answer is no longer than ``most`` characters, its errors are told."""

    @functools.wraps(tool)
    def told(**words: Any) -> CallToolResult:
        try:
            found = tool(**words)
            answer, cuts = cut(found.answer, most)
        except AimsgraphError as error:
            return problem(error)
        sentence = found.sentence
        if cuts:
            shown = ", ".join(f"{one['shown']:,} of {one['of']:,} in {where}" for where, one in cuts.items())
            sentence += f" This is not all of it: it was too long and shows {shown}. {found.narrower}"
            answer = {**answer, "cut": cuts}
        return _result(sentence, answer, wrong=False)

    told.__signature__ = inspect.signature(tool, eval_str=True).replace(  # type: ignore[attr-defined]
        return_annotation=CallToolResult
    )
    return told


def problem(error: AimsgraphError) -> CallToolResult:
    """Tell an error: its code, what is wrong, how to mend it, and every single fault."""
    said = {"code": error.code, "detail": error.message, "hint": error.hint}
    problems = [str(one) for one in error.problems]
    answer = {name: value for name, value in {**said, "problems": problems}.items() if value}
    return _result(f"{error.code}: {error}", answer, wrong=True)


def _result(sentence: str, answer: dict[str, Any], *, wrong: bool) -> CallToolResult:
    # Not every client shows its assistant the structured content; the protocol asks to give it as a text too.
    told = [sentence] if wrong else [sentence, json.dumps(answer, ensure_ascii=False, separators=(",", ":"))]
    return CallToolResult(
        content=[TextContent(type="text", text=one) for one in told],
        structured_content=answer,
        is_error=wrong,
    )
