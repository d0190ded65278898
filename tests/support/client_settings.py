"""Where clients of coding agents have their settings."""

from __future__ import annotations

MOVES_SETTINGS = (
    *("APPDATA", "CLAUDE_CONFIG_DIR", "CLINE_DATA_DIR", "CLINE_DIR", "CLINE_MCP_SETTINGS_PATH", "CODEX_HOME"),
    *("CONTINUE_GLOBAL_DIR", "FLATPAK_XDG_CONFIG_HOME", "GEMINI_CLI_HOME", "XDG_CONFIG_HOME"),
)
"""Variables of the environment that name another place for settings. Whoever runs the tests may have set them."""
