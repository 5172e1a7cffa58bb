"""The MCP server: lets an assistant ask the graph, read-only, within the limits and the role that it is given."""
