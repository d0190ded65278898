"""The clients that can be set up: where their settings are, and what is added to them."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from repomap_fast.agents import jsonc
from repomap_fast.errors import ConfigurationError
from repomap_fast.safe_files import read_below, read_regular

NAME = "repomap-fast"
MAX_BYTES = 16 << 20
"""Of a file of the user's settings."""
MAX_PROJECT_BYTES = 1 << 20
"""Of a file of a project's settings, which somebody else may have written: to read it takes many times its size."""
HOOK_TIMEOUT_S = 10
"""After which Claude Code ends a hook. Ours ends by itself long before."""
_PLAIN_WORD = re.compile(r"[\w./+-]+", re.ASCII)
"""A word that every shell takes as it is."""

Format = Literal["json", "toml", "file"]


@dataclass(frozen=True, slots=True)
class Addition:
    """One thing that is added to one file.

    file     the settings.
    format   ``json`` (comments allowed), ``toml``, or ``file``: the whole file is ours.
    path     names of the members above it in JSON, or of the table in TOML.
    value    what is added; the text of a whole file.
    to_list  it is added to the list at ``path``.
    """

    file: Path
    format: Format
    path: tuple[str, ...]
    value: Any
    to_list: bool = False


@dataclass(frozen=True, slots=True)
class Setup:
    """How to set a client up.

    root     of the project.
    is_user  add to the user's settings, not to the project's.
    command  that starts repomap-fast.
    """

    root: Path
    is_user: bool
    command: tuple[str, ...]

    @property
    def base(self) -> Path:
        """The folder below which the settings are."""
        return Path.home() if self.is_user else self.root

    @property
    def max_bytes(self) -> int:
        """How large a file of these settings may be."""
        return MAX_BYTES if self.is_user else MAX_PROJECT_BYTES

    def entry(self, *arguments: str, **more: Any) -> dict[str, Any]:
        """Return the entry of a server that most clients take."""
        return {**more, "command": self.command[0], "args": [*self.command[1:], "mcp", *arguments]}


@dataclass(frozen=True, slots=True)
class Client:
    """A client.

    additions  returns what is added for a setup.
    checked    the documentation by which the entry was written.
    has_project  whether a project can have settings of its own.
    note       what the user should know.
    """

    title: str
    additions: Callable[[Setup], list[Addition]]
    checked: str
    has_project: bool = True
    note: str = ""


def own_command(*, is_user: bool) -> tuple[str, ...]:
    """Return the command that starts repomap-fast: its name in settings that are shared, its place in the user's."""
    if not is_user:
        return (NAME,)
    beside = Path(sys.executable).with_name(NAME + (".exe" if sys.platform == "win32" else ""))
    if beside.is_file():
        return (str(beside),)
    found = shutil.which(NAME)
    return (found,) if found else (sys.executable, "-m", "repomap_fast")


def _claude(setup: Setup) -> list[Addition]:
    moved = os.environ.get("CLAUDE_CONFIG_DIR") if setup.is_user else None
    # Moved, both files are in that folder.
    servers = Path(moved or setup.base) / (".claude.json" if setup.is_user else ".mcp.json")
    hooks = (Path(moved) if moved else setup.base / ".claude") / "settings.json"
    return [
        Addition(servers, "json", ("mcpServers", NAME), setup.entry(type="stdio")),
        *(
            Addition(hooks, "json", ("hooks", event), {"hooks": [_hook_of_claude(setup.command, event)]}, to_list=True)
            for event in ("SessionStart", "SubagentStart")
        ),
    ]


def _hook_of_claude(command: Sequence[str], event: str) -> dict[str, Any]:
    """Return a hook of Claude Code. It runs a line in a shell, of which there are three, or else a list of arguments.

    Each shell has quotes of its own: what one of them might read otherwise is a list, which Claude Code takes since
    version 2.1.139.
    """
    words = [*command, "hook", event]
    is_plain = all(_PLAIN_WORD.fullmatch(word) for word in words)
    run = {"command": " ".join(words)} if is_plain else {"command": words[0], "args": words[1:]}
    return {"type": "command", **run, "timeout": HOOK_TIMEOUT_S}


def _cursor(setup: Setup) -> list[Addition]:
    entry = setup.entry("${workspaceFolder}", type="stdio")
    return [Addition(setup.base / ".cursor" / "mcp.json", "json", ("mcpServers", NAME), entry)]


def _for_one_project(file: Callable[[], Path]) -> Callable[[Setup], list[Addition]]:
    """Return an entry that names the project: the client has settings of the user alone, and names no folder."""
    return lambda setup: [Addition(file(), "json", ("mcpServers", NAME), setup.entry(str(setup.root)))]


def _settings_of_cline() -> Path:
    named = os.environ.get("CLINE_MCP_SETTINGS_PATH")
    if named:
        return Path(named)
    data = os.environ.get("CLINE_DATA_DIR")
    folder = Path(data) if data else Path(os.environ.get("CLINE_DIR") or Path.home() / ".cline") / "data"
    return folder / "settings" / "cline_mcp_settings.json"


def _devin(setup: Setup) -> list[Addition]:
    # It refuses fields that it does not know. It starts servers in the project.
    file = (_user_folder_of_devin() if setup.is_user else setup.root / ".devin") / "mcp_config.json"
    return [Addition(file, "json", ("mcpServers", NAME), setup.entry())]


def _user_folder_of_devin() -> Path:
    return _app_data() / "devin" if sys.platform == "win32" else _xdg_config() / "devin"


def _gemini(setup: Setup) -> list[Addition]:
    home = Path(os.environ.get("GEMINI_CLI_HOME") or Path.home()) if setup.is_user else setup.root
    return [Addition(home / ".gemini" / "settings.json", "json", ("mcpServers", NAME), setup.entry())]


def _vs_code(setup: Setup) -> list[Addition]:
    file = _user_folder_of_code() / "mcp.json" if setup.is_user else setup.root / ".vscode" / "mcp.json"
    return [Addition(file, "json", ("servers", NAME), setup.entry("${workspaceFolder}", type="stdio"))]


def _user_folder_of_code() -> Path:
    if sys.platform == "win32":
        return _app_data() / "Code" / "User"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "Code" / "User"
    return _xdg_config() / "Code" / "User"


def _app_data() -> Path:
    return Path(os.environ.get("APPDATA", Path.home() / "AppData" / "Roaming"))


def _xdg_config() -> Path:
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")


def _codex(setup: Setup) -> list[Addition]:
    home = Path(os.environ.get("CODEX_HOME") or Path.home() / ".codex")
    file = home / "config.toml" if setup.is_user else setup.root / ".codex" / "config.toml"
    return [Addition(file, "toml", ("mcp_servers", NAME), setup.entry())]


def _zed(setup: Setup) -> list[Addition]:
    folder = _user_folder_of_zed() if setup.is_user else setup.root / ".zed"
    return [Addition(folder / "settings.json", "json", ("context_servers", NAME), {**setup.entry(), "env": {}})]


def _user_folder_of_zed() -> Path:
    if sys.platform == "win32":
        return _app_data() / "Zed"
    if sys.platform == "darwin":
        return Path.home() / ".config" / "zed"
    return Path(os.environ.get("FLATPAK_XDG_CONFIG_HOME") or _xdg_config()) / "zed"


def _continue(setup: Setup) -> list[Addition]:
    entry = setup.entry()
    lines = [
        "name: repomap-fast",
        "version: 0.0.1",
        "schema: v1",
        "mcpServers:",
        "  - name: repomap-fast",
        "    type: stdio",
        f"    command: {_yaml(entry['command'])}",
        "    args:",
        *(f"      - {_yaml(argument)}" for argument in entry["args"]),
    ]
    moved = os.environ.get("CONTINUE_GLOBAL_DIR") if setup.is_user else None
    file = Path(moved or setup.base / ".continue") / "mcpServers" / f"{NAME}.yaml"
    return [Addition(file, "file", (), "".join(f"{line}\n" for line in lines))]


def _yaml(text: str) -> str:
    """Return a text as YAML; a JSON string is one."""
    import json

    return json.dumps(text, ensure_ascii=False)


def _opencode(setup: Setup) -> list[Addition]:
    folder = _xdg_config() / "opencode" if setup.is_user else setup.root
    names = ("opencode.jsonc", "opencode.json")
    file = next((folder / name for name in names if (folder / name).is_file()), folder / "opencode.json")
    entry = {"type": "local", "command": [*setup.command, "mcp"]}
    if _has_form_of_version_2(file, setup):
        return [Addition(file, "json", ("mcp", "servers", NAME), entry)]
    return [Addition(file, "json", ("mcp", NAME), {**entry, "enabled": True})]


def _has_form_of_version_2(file: Path, setup: Setup) -> bool:
    """Return whether the settings of OpenCode have servers in ``mcp.servers``; then it reads none beside that."""
    try:
        if setup.is_user:
            contents = read_regular(file, setup.max_bytes)
        else:
            contents = read_below(os.fsencode(file.parent), os.fsencode(file.name), setup.max_bytes)
        found = jsonc.read(contents.decode("utf-8"))
    except (OSError, UnicodeDecodeError, ConfigurationError):
        # Whoever adds to it says what is wrong.
        return False
    servers = found.get("mcp") if isinstance(found, dict) else None
    nested = servers.get("servers") if isinstance(servers, dict) else None
    # A server may be called so.
    return isinstance(nested, dict) and not isinstance(nested.get("type"), str)


CLIENTS = {
    "claude-code": Client(
        "Claude Code",
        _claude,
        "code.claude.com/docs/en/mcp and /hooks, 2026-11",
        note="restart Claude Code, and approve the server where it asks",
    ),
    "cursor": Client(
        "Cursor",
        _cursor,
        "cursor.com/docs/mcp, 2026-11",
    ),
    "vscode": Client(
        "VS Code (Copilot)", _vs_code, "microsoft/vscode-docs, docs/agents/reference/mcp-configuration.md, 2026-06"
    ),
    "codex": Client(
        "Codex",
        _codex,
        "developers.openai.com/codex/mcp, 2026-11 (CLI 0.154); codex-rs/config/src/mcp_types.rs",
        note="Codex reads a project's settings only where the project is trusted",
    ),
    "gemini": Client("Gemini CLI", _gemini, "google-gemini/gemini-cli, schemas/settings.schema.json, 2026-11"),
    "zed": Client("Zed", _zed, "zed.dev/docs/ai/mcp, 2026-11; zed-industries/zed, crates/paths/src/paths.rs"),
    "cline": Client(
        "Cline",
        _for_one_project(_settings_of_cline),
        "docs.cline.bot/mcp, 2026-11; cline/cline, sdk/packages/shared/src/storage/paths.ts",
        has_project=False,
        note="in the editor, the same file is behind MCP Servers, Configure",
    ),
    "windsurf": Client(
        "Windsurf",
        _for_one_project(lambda: Path.home() / ".codeium" / "windsurf" / "mcp_config.json"),
        "docs.devin.ai/desktop/cascade/mcp, 2026-11",
        has_project=False,
        note="Windsurf is called Devin Desktop by now; its agent Devin Local is set up by `repomap-fast init devin`",
    ),
    "devin": Client(
        "Devin Desktop (Devin Local), Devin CLI",
        _devin,
        "docs.devin.ai/cli/extensibility/mcp/configuration, 2026-11 (CLI 3000.3 and later)",
    ),
    "continue": Client("Continue", _continue, "docs.continue.dev/customize/deep-dives/mcp, 2026-11"),
    "opencode": Client(
        "OpenCode",
        _opencode,
        "opencode.ai/docs/mcp-servers, 2026-11; anomalyco/opencode, packages/core/src/v1/config/migrate.ts",
    ),
    "aider": Client(
        "aider",
        lambda _: [],
        "aider.chat/docs, aider 0.86.2",
        note="aider takes no MCP servers and needs no settings: start it by `python -m repomap_fast.compat.aider`",
    ),
}
