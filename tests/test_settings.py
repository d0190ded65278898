"""configuration: what a repository may say of its maps, and what is said when it says it wrongly."""

from __future__ import annotations

import errno
import os
import re
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest

from repomap_fast import settings
from repomap_fast.errors import ConfigurationError
from repomap_fast.settings import _MOST_BYTES, OWN_FILE, SHARED_FILE, Configuration, read_configuration
from repomap_fast.toml_bounds import MOST_KEY_PARTS
from repomap_fast.weights import Weights
from support.counted_calls import count_lines

WEIGHT, OTHER_WEIGHT = [field.name for field in fields(Weights) if field.type == "float"][:2]
COUNT = next(field.name for field in fields(Weights) if field.type == "int")


def spelt(name: str) -> str:
    return name.replace("_", "-")


def own(root: Path, text: str) -> Configuration:
    (root / OWN_FILE).write_text(text)
    return read_configuration(root)


def shared(root: Path, text: str) -> Configuration:
    (root / SHARED_FILE).write_text(text)
    return read_configuration(root)


def test_a_folder_without_settings_says_nothing(tmp_path: Path) -> None:
    assert read_configuration(tmp_path) == Configuration()


def test_an_own_file_is_read(tmp_path: Path) -> None:
    text = f'tokens = 2048\nimportant = ["docs/a.md"]\n[weights]\n{spelt(WEIGHT)} = 3\n{OTHER_WEIGHT} = 0.5\n'
    weights = Weights(**{WEIGHT: 3.0, OTHER_WEIGHT: 0.5})
    expected = Configuration(tokens=2048, important=(b"docs/a.md",), weights=weights)
    assert own(tmp_path, text) == expected


def test_the_table_of_pyproject_is_read(tmp_path: Path) -> None:
    text = f'[project]\nname = "x"\n[tool.repomap-fast]\ntokens = 9\n[tool.repomap-fast.weights]\n{WEIGHT} = 3\n'
    assert shared(tmp_path, text) == Configuration(tokens=9, weights=Weights(**{WEIGHT: 3.0}))


def test_the_own_file_counts_alone(tmp_path: Path) -> None:
    shared(tmp_path, "[tool.repomap-fast]\ntokens = 9\nimportant = ['x']\n")
    assert own(tmp_path, "tokens = 7\n") == Configuration(tokens=7)


@pytest.mark.parametrize("text", ["", "[project]\nname = 'repomap-fast'\n", "tool = 'repomap-fast'\n", "broken = ["])
def test_a_pyproject_without_the_table_says_nothing(tmp_path: Path, text: str) -> None:
    assert shared(tmp_path, text) == Configuration()


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("tokens = '9'", ["tokens is '9'", "whole number"]),
        ("tokens = 0", ["tokens is 0", "at least 1"]),
        ("tokens = true", ["tokens is True", "whole number"]),
        ("token = 9", ["'token'", "'tokens'"]),
        ("zzz = 9", ["'zzz'", "important, macros, tokens or weights"]),
        ("important = 'README'", ["important is 'README'", "a list of paths"]),
        ("important = ['']", ["important is ['']", "a list of paths"]),
        ("important = [1]", ["important is [1]", "a list of paths"]),
        ("macros = 'A'", ["macros is 'A'", "a list of lines"]),
        ("macros = ['A atribute']", ["macros is 'A atribute'", "NAME USE [ARGUMENT]"]),
        ("weights = 3", ["weights is 3", "a table"]),
        ("[weights]\nzzzzzz = 1", ["'weights.zzzzzz'", "expected"]),
        (f"[weights]\n{WEIGHT}x = 1", [f"'weights.{WEIGHT}x'", f"did you mean '{spelt(WEIGHT)}'?"]),
        (f"[weights]\n{WEIGHT} = 'a'", [f"weights.{WEIGHT} is 'a'", "a number"]),
        ("[weights]\nby-rank-alone = 1", ["weights.by-rank-alone is 1", "true or false"]),
        (f"[weights]\n{WEIGHT} = true", [f"weights.{WEIGHT} is True", "a number"]),
        (f"[weights]\n{WEIGHT} = -1", [f"weights.{WEIGHT} is -1", "a number above 0"]),
        (f"[weights]\n{WEIGHT} = nan", [f"weights.{WEIGHT} is nan", "a number"]),
        (f"[weights]\n{WEIGHT} = inf", [f"weights.{WEIGHT} is inf", "a number"]),
        (f"[weights]\n{WEIGHT} = 1\n{WEIGHT.upper()} = 1", [f"'weights.{WEIGHT.upper()}'"]),
        (f"[weights]\n{COUNT} = 1.5", [f"weights.{COUNT} is 1.5", "a whole number"]),
        ("[weights]\ndamping = 1.5", ["weights.damping is 1.5", "below 1"]),
        ("broken = [", ["is not TOML"]),
        ("x = '" + "a" * 2**16 + "'", ["more than 65,536 bytes", "expected a regular file with settings", "remove it"]),
        ("tokens = 1000001", ["tokens is 1000001", "at most 1,000,000"]),
        ("tokens = 1" + "0" * 400, ["tokens is 1000", "at most 1,000,000"]),
        ("tokens = 1" + "0" * 5000, ["is not TOML"]),
        ("tokens = 0x1" + "0" * 5000, ["tokens is a number of too many digits", "at most 1,000,000"]),
        ("important = " + "[" * 5000 + "]" * 5000, ["line 1", "more than 64 brackets within each other"]),
        ("tokens = 1\nimportant = " + "{a=" * 2000 + "1" + "}" * 2000, ["line 2", "more than 64 brackets"]),
        ("a" + ".a" * 20_000 + " = 1", ["line 1", "a key of more than 16 parts", "simplify that line"]),
        ("[" + "a" + ".a" * 5000 + "]", ["line 1", "a key of more than 16 parts"]),
        ("x" * 60_000 + " = 1", ["there is no setting 'xxx", "..."]),
        ("[weights]\n" + "x" * 60_000 + " = 1", ["there is no setting 'weights.xxx", "..."]),
        ("important = [" + "'a'," * 1001 + "]", ["important is ['a', 'a'", "at most 1,000 paths, not 1,001"]),
        ("[weights]\nmax-iterations = 1000000000", ["weights.max-iterations is 1000000000", "at most 1,000"]),
        ("[weights]\ntolerance = 1e-300", ["weights.tolerance is 1e-300", "at least 1e-12"]),
        ("[weights]\ndamping = 1" + "0" * 400, ["weights.damping is 1000", "at most 1e9"]),
        ("[weights]\ndamping = 0x1" + "0" * 5000, ["weights.damping is a number of too many digits", "at most 1e9"]),
        ("[weights]\ndamping = -1" + "0" * 400, ["weights.damping is -1000", "above 0"]),
        ("'" + "a\\u0007" * 20 + "' = 1", ["there is no setting"]),
        ("tokens = '" + "a" * 900 + "'", ["...", "whole number"]),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, text: str, parts: list[str]) -> None:
    with pytest.raises(ConfigurationError) as raised:
        own(tmp_path, text)
    message = str(raised.value)
    assert message.startswith(str(tmp_path / OWN_FILE))
    assert [part for part in parts if part not in message] == []
    assert len(message) < 1500


def test_a_weight_may_be_true_or_false(tmp_path: Path) -> None:
    (tmp_path / OWN_FILE).write_text("[weights]\nby-rank-alone = true\n")
    assert read_configuration(tmp_path).weights == Weights(by_rank_alone=True)


def test_both_spellings_of_one_weight_are_one_too_many(tmp_path: Path) -> None:
    name = next(field.name for field in fields(Weights) if "_" in field.name)
    with pytest.raises(ConfigurationError, match="once"):
        own(tmp_path, f"[weights]\n{name} = 1\n{spelt(name)} = 1\n")


def test_a_key_of_pyproject_is_named_in_full(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError) as raised:
        shared(tmp_path, f"[tool.repomap-fast.weights]\n{WEIGHT} = 'a'\n")
    assert f"{tmp_path / SHARED_FILE}: tool.repomap-fast.weights.{WEIGHT} is 'a'" in str(raised.value)


def test_a_table_that_is_none_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"tool\.repomap-fast is 3; expected a table"):
        shared(tmp_path, "[tool]\nrepomap-fast = 3\n")


def test_a_file_that_is_a_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / OWN_FILE).mkdir()
    with pytest.raises(ConfigurationError, match="cannot be read: not a regular file"):
        read_configuration(tmp_path)


def test_what_the_system_has_too_few_of_is_not_laid_to_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> bytes:
        raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))

    monkeypatch.setattr(settings, "read_below", fail)
    with pytest.raises(
        ConfigurationError, match=re.escape(f"cannot be read now: {os.strerror(errno.EMFILE)}")
    ) as raised:
        read_configuration(tmp_path)
    assert "remove" not in str(raised.value)


needs_posix = pytest.mark.skipif(sys.platform == "win32", reason="there are no such files")


@needs_posix
def test_a_pipe_is_no_settings_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / OWN_FILE)
    with pytest.raises(ConfigurationError, match="cannot be read: not a regular file; expected a regular file"):
        read_configuration(tmp_path)


@needs_posix
@pytest.mark.parametrize("target", ["/dev/stdin", "/dev/zero", "{outside}", "nothing"])
def test_settings_are_not_read_through_a_link(tmp_path: Path, target: str) -> None:
    root, outside = tmp_path / "root", tmp_path / "outside.toml"
    root.mkdir()
    outside.write_text("tokens = 7\n[tool.repomap-fast]\ntokens = 8\n")
    (root / SHARED_FILE).symlink_to(target.format(outside=outside))
    assert read_configuration(root) == Configuration()
    (root / OWN_FILE).symlink_to(target.format(outside=outside))
    with pytest.raises(ConfigurationError, match="it is a symbolic link; expected a regular file"):
        read_configuration(root)


@needs_posix
def test_a_pyproject_that_is_a_pipe_says_nothing(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / SHARED_FILE)
    assert read_configuration(tmp_path) == Configuration()


def test_the_root_itself_may_be_a_link(tmp_path: Path) -> None:
    (tmp_path / "root").mkdir()
    (tmp_path / "link").symlink_to("root")
    assert own(tmp_path / "link", "tokens = 7\n") == Configuration(tokens=7)


@pytest.mark.parametrize(
    "line", ["a{i} = 1", "a{i}" + ".b" * (MOST_KEY_PARTS - 1) + " = 1", "[a{i}" + ".b" * (MOST_KEY_PARTS - 1) + "]"]
)
def test_the_cost_of_a_pyproject_is_linear(tmp_path: Path, line: str) -> None:
    def n_steps(n_bytes: int) -> int:
        text = "\n".join(line.format(i=i) for i in range(n_bytes // len(line)))
        text += "\n[tool.repomap-fast]\ntokens = 9\n"
        return count_lines(lambda: shared(tmp_path, text))

    n = 1 << 13
    costs = [n_steps(n), n_steps(2 * n)]
    assert costs[1] <= 2.1 * costs[0]
    assert costs[1] <= 40 * 2 * n


def test_the_largest_pyproject_is_read(tmp_path: Path) -> None:
    table = "[tool.repomap-fast]\ntokens = 9\n"
    text = "a = 1 #" + "x" * (_MOST_BYTES[SHARED_FILE] - len(table) - 8) + "\n" + table
    assert len(text) == _MOST_BYTES[SHARED_FILE]
    assert shared(tmp_path, text) == Configuration(tokens=9)
    with pytest.raises(ConfigurationError, match="262,144 bytes"):
        shared(tmp_path, " " + text)


def test_bytes_that_are_no_text_are_an_error(tmp_path: Path) -> None:
    (tmp_path / OWN_FILE).write_bytes(b"tokens = 1 # \xff\n")
    with pytest.raises(ConfigurationError, match="is not TOML"):
        read_configuration(tmp_path)


def test_no_parser_is_loaded_where_there_are_no_settings(tmp_path: Path) -> None:
    (tmp_path / SHARED_FILE).write_text("[project]\nname = 'x'\n")
    code = (
        "import sys\n"
        "from pathlib import Path\n"
        "from repomap_fast.settings import read_configuration\n"
        "read_configuration(Path(sys.argv[1]))\n"
        "print('tomllib' in sys.modules, 'difflib' in sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", code, tmp_path], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]
