"""The entries of clients have the form that each client documents."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest

from repomap_fast.agents.clients import CLIENTS, Addition, Setup, own_command
from support.client_settings import MOVES_SETTINGS

COMMAND = ("repomap-fast",)


def additions(client: str, root: Path, *, is_user: bool = False) -> list[Addition]:
    return CLIENTS[client].additions(Setup(root, is_user, COMMAND))


@pytest.fixture(autouse=True)
def nothing_is_moved(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever runs the tests may have moved the settings of a client."""
    for name in MOVES_SETTINGS:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def value(tmp_path: Path) -> Any:
    def of(client: str) -> tuple[str, tuple[str, ...], Any]:
        one = additions(client, tmp_path)[0]
        base = tmp_path if CLIENTS[client].has_project else Path.home()
        return one.file.relative_to(base).as_posix(), one.path, one.value

    return of


def test_entries(value: Any, tmp_path: Path) -> None:
    stdio = {"command": "repomap-fast", "args": ["mcp"]}
    in_folder = {**stdio, "args": ["mcp", "${workspaceFolder}"], "type": "stdio"}
    of_root = {**stdio, "args": ["mcp", str(tmp_path)]}
    servers, ours = "mcpServers", "repomap-fast"
    assert value("claude-code") == (".mcp.json", (servers, ours), {**stdio, "type": "stdio"})
    assert value("cursor") == (".cursor/mcp.json", (servers, ours), in_folder)
    assert value("vscode") == (".vscode/mcp.json", ("servers", ours), in_folder)
    assert value("codex") == (".codex/config.toml", ("mcp_servers", ours), stdio)
    assert value("gemini") == (".gemini/settings.json", (servers, ours), stdio)
    assert value("zed") == (".zed/settings.json", ("context_servers", ours), {**stdio, "env": {}})
    assert value("cline") == (".cline/data/settings/cline_mcp_settings.json", (servers, ours), of_root)
    assert value("windsurf") == (".codeium/windsurf/mcp_config.json", (servers, ours), of_root)
    assert value("devin") == (".devin/mcp_config.json", (servers, ours), stdio)
    local = {"type": "local", "command": ["repomap-fast", "mcp"], "enabled": True}
    assert value("opencode") == ("opencode.json", ("mcp", ours), local)
    assert additions("aider", tmp_path) == []


def test_hooks_of_claude_code(tmp_path: Path) -> None:
    hooks = [one for one in additions("claude-code", tmp_path) if one.path[0] == "hooks"]
    assert [one.path for one in hooks] == [("hooks", "SessionStart"), ("hooks", "SubagentStart")]
    for one in hooks:
        ((inner,),) = [one.value["hooks"]]
        assert inner["type"] == "command"
        assert inner["command"] == f"repomap-fast hook {one.path[1]}"
        assert one.to_list


@pytest.mark.parametrize(
    "command",
    [
        ("/opt/my tools/repomap-fast",),
        ("/home/o'neil/bin/repomap-fast",),
        ("/opt/$tools/repomap-fast",),
        (r"C:\Users\me\Scripts\repomap-fast.exe",),
        ("/opt/my python/bin/python", "-m", "repomap_fast"),
    ],
)
def test_no_shell_reads_the_place_of_a_hook_otherwise(command: tuple[str, ...], tmp_path: Path) -> None:
    hooks = [one.value["hooks"] for one in CLIENTS["claude-code"].additions(Setup(tmp_path, True, command))[1:]]
    assert [(hook["command"], hook["args"]) for (hook,) in hooks] == [
        (command[0], [*command[1:], "hook", event]) for event in ("SessionStart", "SubagentStart")
    ]


def test_settings_that_the_user_has_moved_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    moved = tmp_path / "moved"
    monkeypatch.setenv("CLAUDE_CONFIG_DIR", str(moved))
    monkeypatch.setenv("CODEX_HOME", str(moved))
    monkeypatch.setenv("CLINE_MCP_SETTINGS_PATH", str(moved / "cline.json"))
    files = [one.file for one in additions("claude-code", tmp_path, is_user=True)]
    assert files == [moved / ".claude.json", moved / "settings.json", moved / "settings.json"]
    assert [one.file for one in additions("codex", tmp_path, is_user=True)] == [moved / "config.toml"]
    assert [one.file for one in additions("cline", tmp_path)] == [moved / "cline.json"]
    # Those of the project stay.
    assert [one.file for one in additions("claude-code", tmp_path)][:2] == [
        tmp_path / ".mcp.json",
        tmp_path / ".claude" / "settings.json",
    ]


@pytest.mark.parametrize(
    ("client", "variable", "expected"),
    [
        ("cline", "CLINE_DIR", "data/settings/cline_mcp_settings.json"),
        ("cline", "CLINE_DATA_DIR", "settings/cline_mcp_settings.json"),
        ("gemini", "GEMINI_CLI_HOME", ".gemini/settings.json"),
        ("continue", "CONTINUE_GLOBAL_DIR", "mcpServers/repomap-fast.yaml"),
        ("opencode", "XDG_CONFIG_HOME", "opencode/opencode.json"),
        ("devin", "XDG_CONFIG_HOME", "devin/mcp_config.json"),
    ],
)
def test_folders_of_settings_that_the_user_has_moved_are_found(
    client: str, variable: str, expected: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    moved = tmp_path / "moved"
    monkeypatch.setenv(variable, str(moved))
    assert [one.file for one in additions(client, tmp_path, is_user=True)] == [moved / expected]


def test_settings_of_devin_on_windows_are_with_those_of_applications(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.platform", "win32")
    monkeypatch.setenv("APPDATA", str(tmp_path))
    (one,) = additions("devin", tmp_path / "project", is_user=True)
    assert one.file == tmp_path / "devin" / "mcp_config.json"


@pytest.mark.parametrize(
    ("platform", "variable", "expected"),
    [
        ("linux", "XDG_CONFIG_HOME", "zed"),
        ("linux", "FLATPAK_XDG_CONFIG_HOME", "zed"),
        ("win32", "APPDATA", "Zed"),
        ("darwin", "HOME", ".config/zed"),
    ],
)
def test_settings_of_zed_are_where_each_system_has_them(
    platform: str, variable: str, expected: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.platform", platform)
    monkeypatch.setenv(variable, str(tmp_path))
    (one,) = additions("zed", tmp_path / "project", is_user=True)
    assert one.file == tmp_path / expected / "settings.json"


def test_the_file_of_continue_is_yaml(tmp_path: Path) -> None:
    (one,) = additions("continue", tmp_path)
    assert one.file == tmp_path / ".continue" / "mcpServers" / "repomap-fast.yaml"
    assert re.search(
        r'^  - name: repomap-fast\n    type: stdio\n    command: "repomap-fast"\n', one.value, re.MULTILINE
    )
    assert one.value.endswith('    args:\n      - "mcp"\n')


def test_an_opencode_file_with_comments_is_found(tmp_path: Path) -> None:
    (tmp_path / "opencode.jsonc").write_text("{}")
    assert additions("opencode", tmp_path)[0].file == tmp_path / "opencode.jsonc"


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("{}", ("mcp", "repomap-fast")),
        ('{"mcp": {"other": {"type": "local", "command": ["x"]}}}', ("mcp", "repomap-fast")),
        ('{"mcp": {"servers": {}}} // Version 2.', ("mcp", "servers", "repomap-fast")),
        # A server that is called so.
        ('{"mcp": {"servers": {"type": "local", "command": ["x"]}}}', ("mcp", "repomap-fast")),
        ('{"mcp": [', ("mcp", "repomap-fast")),
    ],
)
def test_opencode_gets_the_form_that_its_file_has(text: str, path: tuple[str, ...], tmp_path: Path) -> None:
    (tmp_path / "opencode.json").write_text(text)
    (one,) = additions("opencode", tmp_path)
    assert one.path == path
    # Version 2 has no such field.
    assert ("enabled" in one.value) == (len(path) == 2)


@pytest.mark.parametrize("target", ["pipe", "/dev/zero", "elsewhere.json"])
def test_opencode_settings_that_a_project_may_not_choose_are_not_read(target: str, tmp_path: Path) -> None:
    file, elsewhere = tmp_path / "project" / "opencode.json", tmp_path / "elsewhere.json"
    file.parent.mkdir()
    elsewhere.write_text('{"mcp": {"servers": {}}}')
    if target == "pipe":
        os.mkfifo(file)
    else:
        file.symlink_to(tmp_path / target)
    (one,) = additions("opencode", file.parent)
    assert one.path == ("mcp", "repomap-fast")


def test_shared_settings_name_the_command_and_the_users_its_place() -> None:
    assert own_command(is_user=False) == ("repomap-fast",)
    assert Path(own_command(is_user=True)[0]).is_absolute()


def test_every_client_says_by_which_documentation() -> None:
    assert all(re.search(r"20\d\d|\d\.\d", client.checked) for client in CLIENTS.values())
    assert json.dumps(sorted(CLIENTS))
