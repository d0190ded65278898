"""Folders whose files cecli leaves out of its maps: dependencies, caches, and what builds make."""

from __future__ import annotations

from fnmatch import fnmatchcase

_OF_TOOLS = ".bundle .cargo .cecli .eggs .git .gradle .hg .hypothesis .mvn .next .nuxt .svn .venv venv eggs"
_CACHES = "__pycache__ .mypy_cache .nox .pytest_cache .ruff_cache .tox"
_DEPENDENCIES = "bower_components node_modules Pods site-packages vendor"
_BUILT = ".build build dist obj target"
DEFAULT_EXCLUDE_DIRS = frozenset(f"{_OF_TOOLS} {_CACHES} {_DEPENDENCIES} {_BUILT}".split())
DEFAULT_EXCLUDE_DIR_GLOBS = frozenset(("*.egg-info",))
"""Names and patterns of names, as cecli has them."""


def is_excluded_rel_path(rel_path: str) -> bool:
    """Return whether a file's path below the root leads through such a folder. Its own name does not count."""
    *folders, _ = rel_path.replace("\\", "/").split("/")
    return any(
        folder in DEFAULT_EXCLUDE_DIRS or any(fnmatchcase(folder, pattern) for pattern in DEFAULT_EXCLUDE_DIR_GLOBS)
        for folder in folders
    )
