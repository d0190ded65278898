"""``repomap-fast outline``."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from support.command_runs import COMMAND, run


def test_files_are_outlined_wherever_they_lie(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("class A:\n    def f(self): pass\n")
    (tmp_path / "b.go").write_text("package b\n\nfunc G() {}\n")
    done = run("outline", tmp_path / "a.py", tmp_path / "b.go")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == (
        f"{tmp_path}/a.py (python, 2 lines)\n1-2 class A:\n  2 def f(self): pass\n\n"
        f"{tmp_path}/b.go (go, 3 lines)\n3 func G()\n"
    )


def outline_input(text: bytes, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([*COMMAND, "outline", *arguments], input=text, capture_output=True, check=False)


def test_the_standard_input_is_outlined() -> None:
    done = outline_input(b"def f(): pass\n", "-", "--language", "python", "-f", "json")
    (file,) = json.loads(done.stdout)["files"]
    assert (file["path"], [one["name"] for one in file["definitions"]]) == ("-", ["f"])


def test_errors(tmp_path: Path) -> None:
    assert b"--language is not given" in outline_input(b"", "-").stderr
    done = run("outline", tmp_path)
    assert (done.returncode, "is a folder; expected a file" in done.stderr) == (2, True)
    done = run("outline", "-l", "pyhton", "-")
    assert (done.returncode, "pyhton" in done.stderr) == (2, True)
