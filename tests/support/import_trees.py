"""Makes small repositories whose imports are resolved."""

from __future__ import annotations

from pathlib import Path

import repomap_fast


def write_files(root: Path, files: dict[str, str]) -> Path:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    return root


def resolved(root: Path, files: dict[str, str], path: str) -> list[tuple[str, str, list[str]]]:
    """Return what a file imports, and for each where it leads and the files that it means."""
    found = repomap_fast.imports(write_files(root, files), path, cache=False)
    return [
        (one.module if one.name is None else f"{one.module} {one.name}", one.leads, list(one.targets))
        for one in found.imports
    ]
