"""Putting our ``RepoMap`` under an installed cecli, and taking it away again."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from repomap_fast.compat.cecli.repo_map import RepoMap
from repomap_fast.compat.cecli.tag import Tag
from repomap_fast.compat.installation import Installation

_OURS: dict[str, Any] = {"RepoMap": RepoMap, "Tag": Tag}
_INSTALLATION = Installation()


def install() -> None:
    """Have cecli make its maps by ours, wherever its modules have taken hold of its own class already.

    Raises ImportError where cecli is not installed. A second call changes nothing.
    """
    if _INSTALLATION.is_done:
        return
    repomap = import_module("cecli.repomap")
    for name, ours in _OURS.items():
        _INSTALLATION.replace(name, getattr(repomap, name), ours, package="cecli")


def uninstall() -> None:
    """Give cecli back its own class."""
    _INSTALLATION.undo()
