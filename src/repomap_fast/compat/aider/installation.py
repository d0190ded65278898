"""Putting our ``RepoMap`` under an installed aider, and taking it away again."""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import Any

from repomap_fast.compat.aider import functions
from repomap_fast.compat.aider.repo_map import RepoMap
from repomap_fast.compat.aider.tag import Tag

_OURS: dict[str, Any] = {"RepoMap": RepoMap, "Tag": Tag, "get_scm_fname": functions.get_scm_fname}
_replaced: list[tuple[ModuleType, str, Any]] = []


def install() -> None:
    """Have aider make its maps by ours, wherever its modules have taken hold of its own class already.

    Raises ImportError where aider is not installed. A second call changes nothing.
    """
    if _replaced:
        return
    repomap = import_module("aider.repomap")
    theirs = {name: getattr(repomap, name) for name in _OURS}
    for module_name, module in list(sys.modules.items()):
        if module_name.partition(".")[0] != "aider":
            continue
        for name, original in theirs.items():
            if vars(module).get(name) is original:
                _replaced.append((module, name, original))
                setattr(module, name, _OURS[name])


def uninstall() -> None:
    """Give aider back its own class."""
    while _replaced:
        module, name, original = _replaced.pop()
        setattr(module, name, original)
