"""``repomap-fast init``."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from repomap_fast.agents.clients import CLIENTS
from support.client_settings import MOVES_SETTINGS
from support.command_runs import run


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, dict[str, str]]:
    """Return a project, and an environment with a home of its own."""
    (tmp_path / "project").mkdir()
    (tmp_path / "home").mkdir()
    home = str(tmp_path / "home")
    not_moved = dict.fromkeys(MOVES_SETTINGS, "")
    return tmp_path / "project", {"HOME": home, "USERPROFILE": home, "XDG_DATA_HOME": f"{home}/data", **not_moved}


def test_nothing_is_written_unless_asked_for(folders: tuple[Path, dict[str, str]]) -> None:
    project, environment = folders
    for client in ("claude-code", "codex", "continue", "aider"):
        done = run("init", client, project, **environment)
        assert done.returncode == 0, done.stderr
        assert "repomap-fast" in done.stdout + done.stderr
    assert list(project.iterdir()) == []


def read_settings(file: str, text: str) -> Any:
    """Read a file of settings as its client does: TOML, YAML, or JSON in which nothing is a comment."""
    if file.endswith(".toml"):
        return tomllib.loads(text)
    if file.endswith(".yaml"):
        # dask brings it.
        return pytest.importorskip("yaml").safe_load(text)
    return json.loads(text)


SERVER = {"command": "repomap-fast", "args": ["mcp"]}
IN_FOLDER = {"type": "stdio", "command": "repomap-fast", "args": ["mcp", "${workspaceFolder}"]}


@pytest.mark.parametrize(
    ("client", "expected"),
    [
        ("claude-code", {"mcpServers": {"repomap-fast": {"type": "stdio", **SERVER}}}),
        ("cursor", {"mcpServers": {"repomap-fast": IN_FOLDER}}),
        ("vscode", {"servers": {"repomap-fast": IN_FOLDER}}),
        ("codex", {"mcp_servers": {"repomap-fast": SERVER}}),
        ("gemini", {"mcpServers": {"repomap-fast": SERVER}}),
        ("zed", {"context_servers": {"repomap-fast": {**SERVER, "env": {}}}}),
        (
            "continue",
            {
                "name": "repomap-fast",
                "version": "0.0.1",
                "schema": "v1",
                "mcpServers": [{"name": "repomap-fast", "type": "stdio", **SERVER}],
            },
        ),
        (
            "opencode",
            {"mcp": {"repomap-fast": {"type": "local", "command": ["repomap-fast", "mcp"], "enabled": True}}},
        ),
    ],
)
def test_what_is_printed_is_in_the_format_of_the_client_and_is_what_would_be_written(
    client: str, expected: object, folders: tuple[Path, dict[str, str]]
) -> None:
    project, environment = folders
    printed = run("init", client, project, **environment).stdout
    assert run("init", client, project, "--write", **environment).returncode == 0
    files = sorted((path for path in project.rglob("*") if path.is_file()), key=lambda path: printed.index(str(path)))
    assert printed == "\n".join(f"{path}:\n{path.read_text()}" for path in files)
    documents = [read_settings(path.name, path.read_text()) for path in files]
    assert documents[0] == expected
    hooks = [set(one["hooks"]) for one in documents[1:]]
    assert hooks == ([{"SessionStart", "SubagentStart"}] if client == "claude-code" else [])


@pytest.mark.parametrize("client", ["cline", "windsurf", "codex"])
def test_the_users_settings_are_printed_in_the_format_of_the_client(
    client: str, folders: tuple[Path, dict[str, str]]
) -> None:
    project, environment = folders
    file, text = run("init", client, project, "--user", **environment).stdout.split(":\n", 1)
    document = read_settings(file, text)
    servers = document["mcp_servers" if client == "codex" else "mcpServers"]
    assert servers["repomap-fast"]["args"] == (["mcp"] if client == "codex" else ["mcp", str(project)])
    assert Path(servers["repomap-fast"]["command"]).is_absolute()


def test_it_is_written_and_taken_out_again(folders: tuple[Path, dict[str, str]]) -> None:
    project, environment = folders
    before = '{\n  // Mine.\n  "mcpServers": {},\n}\n'
    (project / ".mcp.json").write_text(before)
    done = run("init", "claude-code", project, "--write", **environment)
    assert (done.returncode, done.stdout) == (0, "")
    assert f"added to {project}/.mcp.json\n" in done.stderr
    hooks = json.loads((project / ".claude" / "settings.json").read_text())["hooks"]
    assert set(hooks) == {"SessionStart", "SubagentStart"}
    assert "already" in run("init", "claude-code", project, "--write", **environment).stderr
    done = run("init", "claude-code", project, "--undo", **environment)
    assert done.returncode == 0
    assert (project / ".mcp.json").read_text() == before
    assert [path.name for path in project.iterdir()] == [".mcp.json"]
    assert "nothing of it is there" in run("init", "claude-code", project, "--undo", **environment).stderr


def test_the_users_settings_are_in_the_home_folder(folders: tuple[Path, dict[str, str]]) -> None:
    project, environment = folders
    assert run("init", "gemini", project, "--user", "--write", **environment).returncode == 0
    document = json.loads(Path(environment["HOME"], ".gemini", "settings.json").read_text())
    assert Path(document["mcpServers"]["repomap-fast"]["command"]).is_absolute()


def test_a_link_of_the_project_is_not_followed(folders: tuple[Path, dict[str, str]]) -> None:
    project, environment = folders
    target = Path(environment["HOME"], "mine.json")
    target.write_text("{}")
    (project / ".mcp.json").symlink_to(target)
    done = run("init", "claude-code", project, "--write", **environment)
    assert (done.returncode, "is a symbolic link of the repository" in done.stderr) == (2, True)
    assert target.read_text() == "{}"


def test_wrong_usage_is_named(folders: tuple[Path, dict[str, str]]) -> None:
    project, environment = folders
    for arguments, message in (
        (["emacs"], "CLIENT is 'emacs'; expected "),
        (["zed", project, "--write", "--undo"], "--write and --undo are both given"),
        (["zed", project / "none"], "there is no folder"),
    ):
        done = run("init", *arguments, **environment)
        assert (done.returncode, message in done.stderr) == (2, True), done.stderr


def test_every_client_is_in_the_documents() -> None:
    page = Path(__file__).parents[2] / "docs" / "agents.md"
    if not page.exists():
        pytest.skip("the documents are not beside the tests")
    text = page.read_text("utf-8")
    for name, client in CLIENTS.items():
        assert f"`{name}`" in text
        assert client.title in text
