"""An assistant's side of the Model Context Protocol, through the protocol's own library."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import mcp
from anyio.from_thread import start_blocking_portal

from aimsgraph.mcp.server import make

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aimsgraph.mcp.local import Local
    from aimsgraph.mcp.remote import Remote


class Assistant:
    """An assistant's side of the protocol, called without waiting by hand."""

    def __init__(self, portal: Any, client: mcp.Client) -> None:
        self._portal, self.client = portal, client

    def tools(self) -> dict[str, Any]:
        return {tool.name: tool for tool in self._portal.call(self.client.list_tools).tools}

    def call(self, tool: str, /, **words: object) -> Any:
        return self._portal.call(self.client.call_tool, tool, words)

    def read(self, uri: str) -> str:
        (content,) = self._portal.call(self.client.read_resource, uri).contents
        return content.text

    def prompt(self, name: str, /, **words: str) -> str:
        (message,) = self._portal.call(self.client.get_prompt, name, words).messages
        return message.content.text


@contextmanager
def assistant(*options: str, env: dict[str, str] | None = None) -> Iterator[Assistant]:
    program = mcp.StdioServerParameters(
        command=sys.executable, args=["-m", "aimsgraph", "mcp", *options], env={**os.environ, **(env or {})}
    )
    with (
        start_blocking_portal() as portal,
        portal.wrap_async_context_manager(mcp.Client(program)) as client,
    ):
        yield Assistant(portal, client)


@contextmanager
def beside(source: Local | Remote) -> Iterator[Assistant]:
    """The same without a process, for what none proves."""
    with (
        start_blocking_portal() as portal,
        portal.wrap_async_context_manager(mcp.Client(make(source))) as client,
    ):
        yield Assistant(portal, client)
