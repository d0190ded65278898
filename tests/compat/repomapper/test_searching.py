"""RepoMapper's search for names."""

from __future__ import annotations

import asyncio
from pathlib import Path

from repomap_fast.compat.repomapper import (
    find_identifiers,
    search_identifiers,
)


def test_search_finds_names_that_hold_a_text(root: Path) -> None:
    found = find_identifiers(str(root), "HELP", context_lines=0)["results"]
    assert [(result["file"], result["line"], result["kind"]) for result in found] == [
        ("core.py", 6, "def"),
        ("app.py", 1, "ref"),
        ("app.py", 6, "ref"),
        ("core.py", 3, "ref"),
        ("sub/use.c", 1, "ref"),
    ]  # fmt: skip
    assert found[0]["context"].startswith("core.py:\n⋮\n│def helper():")
    only = find_identifiers(str(root), "help", max_results=1, include_definitions=False)["results"]
    assert [result["kind"] for result in only] == ["ref"]
    assert find_identifiers(str(root), "help", include_references=False, include_definitions=False) == {"results": []}
    assert asyncio.run(search_identifiers(str(root), "lone"))["results"][0]["name"] == "lone"
    assert "not found" in find_identifiers(str(root / "gone"), "x")["error"]
    assert "error" in find_identifiers(str(root), None)
