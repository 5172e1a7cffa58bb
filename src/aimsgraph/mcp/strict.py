"""A tool that takes its own words only, and says in plain ones what is wrong with others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from mcp.server.mcpserver.tools import Tool
from mcp_types import ToolAnnotations
from pydantic import ValidationError

from aimsgraph.errors import Problem, UsageError
from aimsgraph.mcp.told import problem

if TYPE_CHECKING:
    from collections.abc import Callable

    from mcp.server.mcpserver import Context
    from mcp_types import CallToolResult

_READS: Final = ToolAnnotations(
    read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False
)


class StrictTool(Tool):
    """A tool that only reads. A limit that is misspelt must not be passed over, so that a word too many is refused."""

    @classmethod
    def of(cls, function: Callable[..., CallToolResult]) -> Tool:
        """Make a tool of a function, whose docstring and annotations describe it."""
        tool = cls.from_function(function, annotations=_READS, structured_output=False)
        asked = tool.fn_metadata.arg_model
        asked.model_config["extra"] = "forbid"
        asked.model_rebuild(force=True)
        tool.parameters = asked.model_json_schema(by_alias=True)
        return tool

    async def run(
        self, arguments: dict[str, Any], context: Context[Any, Any], convert_result: bool = False
    ) -> Any:
        """Run the tool, unless its words are wrong."""
        try:
            self.fn_metadata.validate_arguments(arguments)
        except ValidationError as error:
            faults = [Problem(one["msg"], path=".".join(map(str, one["loc"]))) for one in error.errors()]
            told = "; ".join(f"{fault.path}: {fault.message}" for fault in faults)
            return problem(UsageError(f"{self.name} takes other words: {told}.", problems=tuple(faults)))
        return await super().run(arguments, context, convert_result)
