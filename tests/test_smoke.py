"""What any installed wheel must do, wherever it was built. Needs the wheel and pytest, and nothing of the checkout."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import repomap_fast


def test_a_small_folder_is_scanned(tmp_path: Path) -> None:
    (tmp_path / "shop.py").write_text("class Shop:\n    def sell(self):\n        return count()\n")
    (tmp_path / "till.c").write_text("int count(void) { return 1; }\n")
    result = repomap_fast.scan(tmp_path)
    definitions = {
        (tag.path, tag.name, tag.kind, tag.line)
        for name in ("Shop", "sell", "count")
        for tag in result.definitions(name)
    }
    assert definitions == {
        ("shop.py", "Shop", "class", 1),
        ("shop.py", "sell", "function", 2),
        ("till.c", "count", "function", 1),
    }


def test_the_command_line_says_its_version() -> None:
    said = subprocess.run(
        [sys.executable, "-m", "repomap_fast", "--version"], capture_output=True, text=True, check=True, timeout=60
    )
    assert said.stdout.split() == ["repomap-fast", repomap_fast.__version__]
