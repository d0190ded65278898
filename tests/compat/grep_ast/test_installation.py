"""Ours under the name grep_ast."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from support.repositories import write_files

CODE = """
    {before}
    from repomap_fast.compat.grep_ast import install, uninstall, TreeContext
    for _ in range(2):
        install()
    import grep_ast, grep_ast.grep_ast, grep_ast.parsers, grep_ast.dump, grep_ast.tsl
    from grep_ast import filename_to_lang
    print(grep_ast.TreeContext is grep_ast.grep_ast.TreeContext is TreeContext, filename_to_lang("a.py"))
    {after}
"""
THEIRS = {
    "grep_ast/__init__.py": (
        "from grep_ast.grep_ast import TreeContext\nfrom grep_ast.parsers import filename_to_lang\n"
    ),
    "grep_ast/grep_ast.py": "class TreeContext: pass\n",
    "grep_ast/parsers.py": "def filename_to_lang(filename): pass\n",
    "user.py": "from grep_ast import TreeContext\n",
}


def run_code(path: Path, **parts: str) -> list[str]:
    code = textwrap.dedent(CODE).format(**parts)
    command = [sys.executable, "-c", code]
    return subprocess.run(command, cwd=path, capture_output=True, text=True, check=True).stdout.splitlines()


def test_it_need_not_be_installed(tmp_path: Path) -> None:
    assert run_code(tmp_path, before="", after="uninstall()") == ["True python"]


def test_what_was_taken_from_an_installed_one_is_replaced(tmp_path: Path) -> None:
    write_files(tmp_path, THEIRS)
    said = run_code(
        tmp_path,
        before="import user; theirs = user.TreeContext",
        after="print(user.TreeContext is TreeContext); uninstall(); print(user.TreeContext is theirs)",
    )
    assert said == ["True python", "True", "True"]


@pytest.mark.usefixtures("tmp_path")
def test_uninstalling_what_is_not_installed_is_no_trouble() -> None:
    from repomap_fast.compat.grep_ast import uninstall

    uninstall()
