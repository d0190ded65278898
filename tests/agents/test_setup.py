"""Settings of clients: what is written and taken out again, to the byte."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest

from repomap_fast import ConfigurationError, OptionError
from repomap_fast.agents import setup
from repomap_fast.agents.clients import CLIENTS, Addition, Setup
from repomap_fast.agents.setup import Record
from support.client_settings import MOVES_SETTINGS

FILES = {
    "none": None,
    "empty": "",
    "a space": " \n",
    "an object": "{}",
    "comments": '// Mine.\n{\n  // Servers.\n  "mcpServers": {\n    "other": {"command": "x"}, // stays\n  },\n}\n',
    "tabs": '{\n\t"mcpServers": {\n\t\t"other": {\n\t\t\t"command": "x"\n\t\t}\n\t}\n}',
    "Windows": '{\r\n    "a": 1,\r\n    "mcpServers": {}\r\n}\r\n',
    "one line": '{"mcpServers":{"other":{"command":"x"}},"a":[1,2]}',
    "a mark": '\ufeff{\n  "a": "\u00e9\U0001f600"\n}\n',
    "braces in texts": '{\n  "a": "} // { \\" /*",\n  "b": ["]"]\n}\n',
    "no line end": '{\n  "a": {\n    "b": [\n      1\n    ]\n  }\n}',
    "duplicates": '{"a": 1, "a": 2}',
    "deep": '{"a":' * 150 + "[1, 2,]" + "}" * 150 + "\n",
    "duplicate servers": '{"mcpServers": {"x": {}}, "b": 1, "mcpServers": {"y": {}}}',
}
"""Odd files of settings."""


@pytest.fixture
def record(tmp_path: Path) -> Record:
    return Record(tmp_path / "data" / "init.json")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "project").mkdir()
    return tmp_path / "project"


def server(file: Path) -> Addition:
    return Addition(file, "json", ("mcpServers", "repomap-fast"), {"command": "repomap-fast", "args": ["mcp"]})


def hook(file: Path) -> Addition:
    return Addition(
        file, "json", ("hooks", "SessionStart"), {"hooks": [{"command": "repomap-fast hook"}]}, to_list=True
    )


@pytest.mark.parametrize("name", FILES)
def test_what_is_written_can_be_undone_to_the_byte(name: str, project: Path, tmp_path: Path) -> None:
    file, before = project / "settings" / "mcp.json", FILES[name]
    if before is not None:
        file.parent.mkdir()
        file.write_bytes(before.encode())
        file.chmod(0o640)
    additions = [server(file), hook(file)]
    setup.write(setup.plan(additions), Record(tmp_path / "init.json"))
    assert "repomap-fast" in file.read_text("utf-8")
    assert setup.plan(additions) == []
    assert before is None or stat.S_IMODE(file.stat().st_mode) == 0o640
    assert len(setup.undo(additions, Record(tmp_path / "init.json"))) == 1
    if before is None:
        assert not file.parent.exists()
    else:
        assert file.read_bytes() == before.encode()
    assert setup.undo(additions, Record(tmp_path / "init.json")) == []


def test_a_file_that_is_read_only_stays_so(project: Path, record: Record) -> None:
    file = project / "mcp.json"
    file.write_text("{}\n")
    file.chmod(0o444)
    setup.write(setup.plan([server(file)]), record)
    assert stat.S_IMODE(file.stat().st_mode) == 0o444
    setup.undo([server(file)], record)
    assert (file.read_bytes(), stat.S_IMODE(file.stat().st_mode)) == (b"{}\n", 0o444)


@pytest.mark.parametrize("client", [name for name in CLIENTS if name != "aider"])
@pytest.mark.parametrize("is_user", [False, True])
def test_every_client_is_set_up_and_back(
    client: str, is_user: bool, project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, record: Record
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    for name in MOVES_SETTINGS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(Path, "home", lambda: home)
    additions = CLIENTS[client].additions(Setup(project, is_user, ("repomap-fast",)))
    setup.write(setup.plan(additions), record)
    where = home if is_user or not CLIENTS[client].has_project else project
    assert all(one.file.is_relative_to(where) and one.file.is_file() for one in additions)
    assert setup.plan(additions) == []
    setup.undo(additions, record)
    assert list(home.iterdir()) == []
    assert list(project.iterdir()) == []


def test_a_file_that_was_changed_since_keeps_its_changes(project: Path, record: Record) -> None:
    file = project / "mcp.json"
    file.write_text('{\n  "mcpServers": {\n    "a": 1\n  }\n}\n')
    additions = [server(file), hook(file)]
    setup.write(setup.plan(additions), record)
    document = json.loads(file.read_text())
    document["mcpServers"]["b"] = 2
    file.write_text(json.dumps(document, indent=2))
    setup.undo(additions, record)
    assert json.loads(file.read_text()) == {"mcpServers": {"a": 1, "b": 2}, "hooks": {"SessionStart": []}}


def test_without_a_record_the_entries_are_taken_out(project: Path, record: Record, tmp_path: Path) -> None:
    file, toml = project / "mcp.json", project / "config.toml"
    toml.write_text('model = "x" # mine\n\n[mcp_servers.other]\ncommand = "y"\n')
    before = toml.read_bytes()
    additions = [
        server(file),
        Addition(toml, "toml", ("mcp_servers", "repomap-fast"), {"command": "r", "args": ["mcp"]}),
    ]
    setup.write(setup.plan(additions), record)
    setup.undo(additions, Record(tmp_path / "other.json"))
    assert json.loads(file.read_text()) == {"mcpServers": {}}
    assert toml.read_bytes() == before


@pytest.mark.parametrize(
    "before", ["", "a = 1", "# c\r\na = 1\r\n", "\ufeffa = 1\n", '[mcp_servers.x]\ncommand = "y"\n\n\n']
)
def test_toml_is_added_to_and_undone(before: str, project: Path, record: Record) -> None:
    import tomllib

    file = project / "config.toml"
    file.write_bytes(before.encode())
    additions = [Addition(file, "toml", ("mcp_servers", "repomap-fast"), {"command": "r", "args": ["mcp"]})]
    setup.write(setup.plan(additions), record)
    assert tomllib.loads(file.read_text("utf-8-sig"))["mcp_servers"]["repomap-fast"] == {
        "command": "r",
        "args": ["mcp"],
    }
    setup.undo(additions, record)
    assert file.read_bytes() == before.encode()


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("a.json", "{", "a.json: line 1"),
        ("a.json", '{"mcpServers": []}', "expected an object"),
        ("a.json", '{"mcpServers": {"repomap-fast": {"command": "old"}}}', "is there already"),
        ("a.toml", "a = ", "is no TOML"),
        ("a.toml", "mcp_servers = {}", "add the table by hand"),
        ("a.toml", '[mcp_servers.repomap-fast]\ncommand = "old"', "is there already"),
    ],
)
def test_what_cannot_be_added_to_stays_as_it_is(name: str, text: str, message: str, project: Path) -> None:
    file = project / name
    file.write_text(text)
    one = server(file)
    if name.endswith("toml"):
        one = Addition(file, "toml", ("mcp_servers", "repomap-fast"), {"command": "repomap-fast", "args": ["mcp"]})
    with pytest.raises(ConfigurationError, match=message):
        setup.plan([one])
    assert file.read_text() == text


def test_nothing_is_written_if_one_of_the_files_cannot_be_understood(project: Path) -> None:
    (project / "b.json").write_text("{")
    with pytest.raises(ConfigurationError):
        setup.plan([server(project / "a.json"), server(project / "b.json")])
    assert not (project / "a.json").exists()


def test_odd_files_are_refused(project: Path) -> None:
    (project / "a.json").write_bytes(b'{"a": "\xff"}')
    (project / "b.json").mkdir()
    with pytest.raises(ConfigurationError, match="not UTF-8"):
        setup.plan([server(project / "a.json")])
    with pytest.raises(OptionError, match="cannot be read"):
        setup.plan([server(project / "b.json")])


@pytest.mark.parametrize("target", ["pipe", "/dev/zero"])
def test_settings_that_never_end_are_refused(target: str, project: Path, record: Record) -> None:
    """A named pipe waits for a writer, and a device goes on for ever; both say that they have no bytes."""
    file = project / "a.json"
    if target == "pipe":
        os.mkfifo(file)
    else:
        file.symlink_to(target)
    for change in (lambda: setup.plan([server(file)]), lambda: setup.undo([server(file)], record)):
        with pytest.raises(OptionError, match="not a regular file"):
            change()


def test_settings_of_a_project_have_a_bound(project: Path, record: Record) -> None:
    file = project / "a.json"
    file.write_text("/**/" * 10 + "{}")
    assert setup.plan([server(file)], 42)
    for change in (lambda: setup.plan([server(file)], 41), lambda: setup.undo([server(file)], record, 41)):
        with pytest.raises(ConfigurationError, match="more than 41 bytes"):
            change()
    assert Setup(project, False, ("r",)).max_bytes < Setup(project, True, ("r",)).max_bytes


def test_settings_that_take_the_square_of_their_length_are_refused(project: Path) -> None:
    file = project / "a.toml"
    file.write_text("a" + ".a" * 100_000 + " = 1\n")
    with pytest.raises(ConfigurationError, match="more than 16 parts"):
        setup.plan([Addition(file, "toml", ("mcp_servers", "repomap-fast"), {"command": "repomap-fast"})])


def test_a_damaged_record_is_as_none(project: Path, tmp_path: Path) -> None:
    for text in ("", "nonsense", "[]", '{"%s": 3}' % (project / "a.json")):
        (tmp_path / "init.json").write_text(text)
        record = Record(tmp_path / "init.json")
        setup.write(setup.plan([server(project / "a.json")]), record)
        setup.undo([server(project / "a.json")], record)
        assert not (project / "a.json").exists()


def test_the_record_holds_nothing_of_the_settings(project: Path, tmp_path: Path) -> None:
    (project / "a.json").write_text('{"key": "secret", "mcpServers": {"x": "secret"}}')
    setup.write(setup.plan([server(project / "a.json")]), Record(tmp_path / "init.json"))
    assert "secret" not in (tmp_path / "init.json").read_text()


@pytest.mark.parametrize("damage", ["deep", "pipe", "cut", "no UTF-8", "list"])
def test_a_damaged_record_is_none(damage: str, project: Path, tmp_path: Path) -> None:
    kept = tmp_path / "init.json"
    if damage == "pipe":
        if os.name == "nt":
            pytest.skip("no pipes")
        os.mkfifo(kept)
    else:
        kept.write_bytes({"deep": b"[" * 100_000, "cut": b'{"a": ', "no UTF-8": b'{"\xe9": 1}', "list": b"[]"}[damage])
    file = project / "mcp.json"
    setup.write(setup.plan([server(file)]), Record(kept))
    assert [change.file for change in setup.undo([server(file)], Record(kept))] == [file]
    assert not file.exists()
