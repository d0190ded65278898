"""The documents are what the program says now, and their links lead somewhere."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
BUILD = ROOT / "docs" / "build.py"
PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]

_LATER = {"SECURITY.md", "python.md", "security.md"}
"""Pages that are written with others and may come after these links."""

pytestmark = pytest.mark.skipif(not BUILD.is_file(), reason="the documents are in a checkout alone")


def test_what_is_written_by_a_script_is_up_to_date() -> None:
    done = subprocess.run([sys.executable, BUILD, "--check"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_the_readme_is_short() -> None:
    assert len((ROOT / "README.md").read_text("utf-8").splitlines()) <= 120


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_to_a_file_leads_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text("utf-8"))
    missing = [target for target in targets if not (page.parent / target).exists() and Path(target).name not in _LATER]
    assert missing == []
