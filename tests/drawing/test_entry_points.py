"""entry_points: what a repository installs as commands, and what is called main."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import repomap_fast

_MAIN = "def main():\n    return 0\n"


def _started(root: Path, files: dict[str, str]) -> list[str]:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    text = repomap_fast.map(root, tokens=4_000, cache=False).text
    return text.partition("entry points:\n")[2].partition("\n\n")[0].splitlines()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("pyproject.toml", "[project]\nname = 'a'\n[project.scripts]\ntool = \"tool.cli:run\"\n[other]\nx = 'a.b:c'\n"),
        ("pyproject.toml", "[tool.poetry.scripts]\ntool = 'tool.cli:run'\n"),
        ("setup.cfg", "[options.entry_points]\nconsole_scripts =\n    tool = tool.cli:run\n    gone = gone.cli:run\n"),
        ("setup.py", "setup(entry_points={'console_scripts': ['tool = tool.cli:run']})\n"),
    ],
)
def test_commands_of_a_package_of_python(tmp_path: Path, name: str, text: str) -> None:
    files = {name: text, "src/tool/cli.py": "def run():\n    pass\n", "src/tool/__init__.py": ""}
    assert _started(tmp_path, files) == ["src/tool/cli.py tool (run)"]


@pytest.mark.parametrize(
    "text", ['{"bin": "./cli.js"}', '{"bin": {"tool": "cli.js", "gone": "gone.js"}}', '{"bin": 3}']
)
def test_programs_of_a_manifest_in_json(tmp_path: Path, text: str) -> None:
    started = _started(tmp_path, {"package.json": text, "cli.js": "function run() {}\n"})
    assert started == (["cli.js"] if "./" in text else ["cli.js tool"] if "tool" in text else [])


def test_functions_and_files_called_main_outside_of_tests(tmp_path: Path) -> None:
    files = {
        "app/__main__.py": _MAIN,
        "cmd/run/main.go": "package main\n\nfunc main() {\n}\n",
        "src/main.rs": "mod a;\nfn main() {\n}\n",
        "build.rs": "fn main() {\n}\n",
        "crate/benches/all.rs": "fn main() {\n}\n",
        "benchmarks/run.py": _MAIN,
        "docs/main.c": "int main(void) {\n  return 0;\n}\n",
        "tests/main.py": _MAIN,
        "bin/tool": "#!/bin/sh\n",
        "lib/main.py": "class A:\n    main = 1\n    def Main(self): pass\n",
        "app/Program.cs": "class Program {\n  static void Main() {}\n}\n",
    }
    assert sorted(_started(tmp_path, files)) == [
        "app/Program.cs:2 Main",
        "app/__main__.py",
        "bin/tool",
        "cmd/run/main.go:3 main",
        "src/main.rs:2 main",
    ]


def test_document_formats_have_them_too(tmp_path: Path) -> None:
    (tmp_path / "main.py").write_text(_MAIN)
    made = json.loads(repomap_fast.map(tmp_path, format="json", cache=False).text)
    assert made["entry_points"] == [{"path": "main.py", "name": "main", "line": 1}]
    assert (
        '<entry-point path="main.py" name="main" line="1"/>'
        in repomap_fast.map(tmp_path, format="xml", cache=False).text
    )
    assert "## Entry points\n\n- `main.py:1 main`\n" in repomap_fast.map(tmp_path, format="markdown", cache=False).text
    assert "entry" not in repomap_fast.map(tmp_path, query="main", cache=False).text
