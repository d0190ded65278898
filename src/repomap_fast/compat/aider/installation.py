"""Putting our ``RepoMap`` under an installed aider, and taking it away again."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from repomap_fast.compat.aider import functions
from repomap_fast.compat.aider.repo_map import RepoMap
from repomap_fast.compat.aider.tag import Tag
from repomap_fast.compat.installation import Installation

_OURS: dict[str, Any] = {"RepoMap": RepoMap, "Tag": Tag, "get_scm_fname": functions.get_scm_fname}
_INSTALLATION = Installation()


def install() -> None:
    """Have aider make its maps by ours, wherever its modules have taken hold of its own class already.

    Raises ImportError where aider is not installed. A second call changes nothing.
    """
    if _INSTALLATION.is_done:
        return
    repomap = import_module("aider.repomap")
    for name, ours in _OURS.items():
        _INSTALLATION.replace(name, getattr(repomap, name), ours, package="aider")


def uninstall() -> None:
    """Give aider back its own class."""
    _INSTALLATION.undo()
