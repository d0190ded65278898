"""What coding agents are served with: the tools of an MCP server, and the settings of the clients that start it."""
